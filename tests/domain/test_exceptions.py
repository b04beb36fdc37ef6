"""Exceptions: shown beside a gap while they last, and a gap once they have ended."""

from __future__ import annotations

import msgspec
import pytest

from compliance.domain.due.registers import dues_of_registers
from compliance.domain.registers.exceptions import (
    EXCEPTION_LAPSED,
    EXCEPTIONS,
    PermittedException,
    inspect,
    inspect_together,
    state_on,
)
from compliance.domain.registers.parts.register import Filed
from compliance.domain.terms.references import parse_reference
from compliance.problems import Severity

from ..builders.ledgers import day, judged, piece, world

LASTING = PermittedException(
    id="X-1",
    title="Old protocol",
    reason="The printers speak no other",
    approver="Head of IT",
    approved=day("2026-03-01"),
    expires=day("2026-06-30"),
    measure="A network of their own",
    controls=(parse_reference("std:1"),),
)


IN_MAY = msgspec.structs.replace(world(), day=day("2026-05-01"))


def ledger(*things, **fields):
    return world(*things).having(EXCEPTIONS, [msgspec.structs.replace(LASTING, **fields)])


@pytest.mark.parametrize(
    ("on", "state"),
    [("2026-02-28", "to come"), ("2026-03-01", "live"), ("2026-06-30", "live"), ("2026-07-01", "lapsed")],
)
def test_it_is_live_from_its_approval_to_its_last_day(on, state):
    assert state_on(LASTING, day(on)).value == state


def test_a_control_that_is_evidenced_is_a_gap_once_its_exception_has_ended():
    held = ledger(piece(on="2026-03-01"))
    assert not judged(held, "2026-06-30").is_gap
    late = judged(held, "2026-07-01")
    assert late.is_gap
    assert late.standing == EXCEPTION_LAPSED.value
    assert [reason.sentence for reason in late.reasons] == ["X-1, permitted until 2026-06-30: Old protocol"]


@pytest.mark.parametrize(
    ("anew", "is_gap"),
    [
        ({}, False),
        ({"scope": ("corporate",)}, True),
        ({"controls": (parse_reference("std:2"),)}, True),
        ({"expires": day("2026-06-30")}, True),
    ],
)
def test_one_that_has_ended_is_no_gap_where_another_permits_the_same_anew(anew, is_gap):
    fields = {"id": "X-2", "approved": day("2026-06-15"), "expires": day("2026-12-31"), **anew}
    both = world(piece(on="2026-03-01")).having(EXCEPTIONS, [LASTING, msgspec.structs.replace(LASTING, **fields)])
    assert judged(both, "2026-07-01").is_gap is is_gap
    rows = [due.due for due in dues_of_registers(both, day("2026-07-01"), day("2027-01-01")) if due.subject == "X-1"]
    assert bool(rows) is is_gap


def test_while_it_lasts_it_is_shown_beside_the_gap_and_softens_nothing():
    control = judged(ledger(), "2026-06-30")
    assert (control.is_gap, control.standing) == (True, "missing")
    assert control.remarks == ("exception X-1, permitted until 2026-06-30: Old protocol",)
    assert judged(ledger(), "2026-02-28").remarks == ()


def test_of_another_scope_or_control_it_says_nothing():
    assert judged(ledger(scope=("elsewhere",)), "2026-06-30").remarks == ()
    assert judged(ledger(controls=(parse_reference("std:2"),)), "2026-06-30").remarks == ()


def test_its_last_day_falls_due():
    (due,) = dues_of_registers(ledger(), day("2026-06-01"), day("2026-12-31"))
    assert (due.due, due.kind.value, due.what) == (day("2026-06-30"), "exception", "exception ends: Old protocol")
    assert due.controls == ("std:1",)


def test_what_is_wrong_in_one():
    wrong = msgspec.structs.replace(LASTING, approved=day("2099-01-01"), controls=())
    assert [(fault.at, fault.if_committed) for fault in inspect(ledger(), wrong)] == [
        (("expires",), False),
        (("id",), False),
        (("approved",), True),
    ]


@pytest.mark.parametrize(
    ("fields", "is_told"),
    [
        ({}, True),
        ({"scope": ("council",)}, True),
        ({"approved": day("2026-06-30"), "expires": day("2026-12-31")}, True),
        ({"approved": day("2026-07-01"), "expires": day("2026-12-31")}, False),
        ({"approved": day("2025-01-01"), "expires": day("2026-02-28")}, False),
        ({"controls": (parse_reference("std:2"),)}, False),
        ({"controls": (parse_reference("std:2"), parse_reference("std:1"))}, True),
    ],
    ids=str,
)
def test_two_from_one_control_at_one_time_are_told_in_the_second_file(fields, is_told):
    second = msgspec.structs.replace(LASTING, **({"id": "X-2"} | fields))
    faults = list(inspect_together(IN_MAY, [Filed("a.yaml", LASTING), Filed("b.yaml", second)]))
    number = second.controls.index(LASTING.controls[0]) if is_told else 0
    told = [("b.yaml", ("controls", number), "std:1 is excepted by X-1 too, from 2026-03-01 to 2026-06-30")]
    assert [(file, fault.at, fault.sentence) for file, fault in faults] == (told if is_told else [])
    assert not any(fault.severity is Severity.ERROR for _, fault in faults)


def test_exceptions_of_scopes_apart_may_live_side_by_side():
    one, other = (msgspec.structs.replace(LASTING, id=f"X-{scope}", scope=(scope,)) for scope in ("council", "school"))
    assert list(inspect_together(IN_MAY, [Filed("a.yaml", one), Filed("b.yaml", other)])) == []


def test_one_that_has_lapsed_is_in_nobodys_way():
    lapsed = msgspec.structs.replace(LASTING, approved=day("2020-01-01"), expires=day("2020-06-30"))
    twin = msgspec.structs.replace(lapsed, id="X-2")
    assert list(inspect_together(IN_MAY, [Filed("a.yaml", lapsed), Filed("b.yaml", twin)])) == []
