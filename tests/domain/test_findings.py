"""How findings and actions stand on a day."""

from __future__ import annotations

import pytest

from compliance.domain.registers.actions import Action
from compliance.domain.registers.parts.promises import Promise
from compliance.domain.registers.parts.remedies import Check, Closure, FixState, state_on

from ..builders.ledgers import day

CLOSED = Closure(on=day("2026-03-01"), evidence=("E-1",))


def looked(on: str | None = None, effective: bool | None = None) -> Check:
    return Check(due=day("2026-05-01"), on=day(on) if on else None, effective=effective)


@pytest.mark.parametrize(
    ("on", "closed", "check", "state"),
    [
        ("2026-01-09", None, None, FixState.TO_COME),
        ("2026-01-10", None, None, FixState.OPEN),
        ("2026-02-10", None, None, FixState.OPEN),
        ("2026-02-11", None, None, FixState.OVERDUE),
        ("2026-02-28", CLOSED, None, FixState.OVERDUE),
        ("2026-03-01", CLOSED, None, FixState.CLOSED),
        ("2026-03-01", CLOSED, looked(), FixState.TO_BE_CHECKED),
        ("2026-04-30", CLOSED, looked("2026-05-01", effective=False), FixState.TO_BE_CHECKED),
        ("2026-05-01", CLOSED, looked("2026-05-01", effective=False), FixState.NOT_EFFECTIVE),
        ("2026-05-01", CLOSED, looked("2026-05-01", effective=True), FixState.CLOSED),
    ],
)
def test_the_state_of_a_day(on, closed, check, state):
    action = Action(
        id="T-1",
        title="Mend it",
        raised=day("2026-01-10"),
        promised=(Promise(due=day("2026-02-10")),),
        closed=closed,
        check=check,
    )
    assert state_on(action, day(on)) is state
