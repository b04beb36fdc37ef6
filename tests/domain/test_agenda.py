"""What is due by when, what is to be begun by then, whose it is, and what waits for approval."""

from __future__ import annotations

import msgspec
import pytest

from compliance.domain.due.agenda import agenda
from compliance.domain.due.counting import When, by_urgency
from compliance.domain.due.registers import dues_of_registers
from compliance.domain.due.standing import stand
from compliance.domain.registers.audits import Audit, AuditType
from compliance.domain.registers.parts.dues import Due, DueKind
from compliance.domain.terms.durations import parse_duration
from compliance.domain.terms.references import parse_standard
from compliance.domain.terms.shapes import Shape

from ..builders.ledgers import (
    TODAY,
    catalogue,
    control,
    cycle,
    day,
    expects,
    held,
    piece,
    review,
    scope,
    use,
    withdrawn,
    world,
)

KIND = DueKind("deed", "Deeds", Shape.DASH)
RULED = catalogue(control("1"))


def due(on: str, begin: str = "") -> Due:
    begun = day(begin) if begin else None
    return Due(due=day(on), kind=KIND, what="A deed", todo="Do it", subject="T-1", scope="corporate", begin=begun)


@pytest.mark.parametrize(
    ("row", "when"),
    [
        (due("2026-10-22"), When.OVERDUE),
        (due("2026-10-23"), When.THIS_WEEK),
        (due("2026-10-25"), When.THIS_WEEK),
        (due("2026-10-26"), When.THIS_MONTH),
        (due("2026-10-31"), When.THIS_MONTH),
        (due("2026-11-01"), When.LATER),
        (due("2026-12-24", begin="2026-10-31"), When.TO_BEGIN),
        (due("2026-12-24", begin="2026-11-01"), When.LATER),
    ],
)
def test_what_is_due_stands_under_when_it_is_and_what_is_to_be_begun_under_that(row, when):
    assert [key for key, rows in by_urgency([row], day("2026-10-23")).items() if rows] == [when]


def test_what_was_withdrawn_waits_for_nobody_and_what_is_retired_later_still_does():
    kept = piece("E-1", kind="policy")
    invalid = piece("E-2", kind="policy", withdrawn=withdrawn("2026-12-01"))
    retired = piece("E-3", kind="policy", withdrawn=withdrawn("2026-10-23", "retired"))
    retiring = piece("E-4", kind="policy", withdrawn=withdrawn("2026-10-24", "retired"))
    ledger = world(RULED, review("policy"), kept, invalid, retired, retiring)
    work = agenda(ledger, (), day("2026-10-23"), "", lambda *_: True)
    assert [waiting.evidence.id for waiting in work.waiting] == ["E-1", "E-4"]


def test_an_audit_without_a_scope_is_of_its_accreditation_s():
    granted = held(cycle("2026-01-15"), scope="payments", id="A-1")
    audit = Audit(id="U-1", title="Yearly", type=AuditType.SURVEILLANCE, on=day("2026-12-01"), accreditation="A-1")
    ledger = world(RULED, scope(), scope("payments"), granted, audit, use())
    rows = [row for row in dues_of_registers(ledger, day(TODAY), day("2027-06-01")) if row.subject == "U-1"]
    assert {row.scope for row in rows} == {"payments"}


def test_what_is_of_no_standard_falls_due_whichever_are_asked_for():
    standard = catalogue(control("1", expects("every 3 months")))
    other = catalogue(control("1", expects("every 3 months")), id="other")
    filed = [piece("E-1", "2026-10-01"), piece("E-2", "2026-10-01", controls="other:1")]
    audit = Audit(id="U-1", title="Ours", type=AuditType.INTERNAL, on=day("2026-12-01"))
    ledger = world(standard, other, use(), use("other@1"), *filed, audit)
    names = frozenset({parse_standard("std@1")})
    standing = stand(ledger, ledger.settings.scopes, names, day(TODAY), day(TODAY), parse_duration("12 months"))
    subjects = {row.subject for row in standing.renewals}
    assert "U-1" in subjects
    assert "E-1" in subjects
    assert "E-2" not in subjects
    assert msgspec.structs.asdict(standing.figures)["gaps"] == standing.total.gap_count
