"""Exceptions: shown beside a gap while they last, and a gap once they have ended."""

from __future__ import annotations

import msgspec
import pytest

from compliance.domain.due.registers import dues_of_registers
from compliance.domain.registers.exceptions import EXCEPTION_LAPSED, EXCEPTIONS, PermittedException, inspect, state_on
from compliance.domain.terms.references import parse_reference

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
