"""The actions register: what somebody has promised to do, by when."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping, Sequence

import msgspec

from compliance.domain.registers.parts.dues import Due, DueKind
from compliance.domain.registers.parts.faults import Fault, warning
from compliance.domain.registers.parts.promises import Promises, days_slipped, due_of
from compliance.domain.registers.parts.register import LedgerView, Listing, Register
from compliance.domain.registers.parts.remedies import (
    Attempt,
    Check,
    Closure,
    FixState,
    dues_of_remedied,
    evidence_of_remedied,
    facts_of_remedied,
    inspect_remedied,
    stands,
    state_on,
)
from compliance.domain.terms.references import Reference
from compliance.domain.terms.shapes import Shape
from compliance.domain.terms.vocabulary import Attribution

ACTION = DueKind("action", "Actions", Shape.TICK)


class Action(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """Something that somebody has promised to do about findings or risks, by a day."""

    id: str
    title: str
    raised: dt.date
    findings: tuple[str, ...] = ()
    risks: tuple[str, ...] = ()
    controls: tuple[Reference, ...] = ()
    scope: tuple[str, ...] = ()
    owner: str = ""
    description: str = ""
    promised: Promises = ()
    earlier: tuple[Attempt, ...] = ()
    closed: Closure | None = None
    check: Check | None = None
    recorded: Attribution | None = None

    @property
    def due(self) -> dt.date | None:
        return due_of(self.promised)

    def open_on(self, day: dt.date) -> bool:
        """Whether it is still to do on a day; closed without effect, it is."""
        return stands(self.raised, self.closed, self.check, day)

    def is_dismissed(self, _day: dt.date) -> bool:
        """Never: an action that is not wanted any more is closed."""
        return False


def inspect(ledger: LedgerView, action: Action) -> Iterator[Fault]:
    """What is wrong in an action: closed without evidence, without a day, or out of order."""
    yield from inspect_remedied(ledger, action)
    if action.closed and not action.closed.evidence:
        hint = "file what shows that it is done, and name it: “closed: {on: …, evidence: [E-…]}”"
        yield Fault(("closed",), "is closed without evidence", hint)
    if not action.closed and not action.promised:
        yield warning(("id",), "has no day by which it will be done", "add “promised: [{due: YYYY-MM-DD}]”")


def dues(_ledger: LedgerView, action: Action, on: dt.date, _last: dt.date) -> Iterator[Due]:
    """When it is promised for, and when somebody looks whether it worked."""
    return dues_of_remedied(action, ACTION, action.title, "Finish it, and file what shows it", on)


def actions_on(how: str, actions: Iterable[Action], on: dt.date) -> Mapping[str, object]:
    """Actions that belong to a finding or a risk, each with how it stands; `how` says what they do for it."""
    rows = [
        {"id": action.id, "title": action.title, "due": action.due, "state": state_on(action, on).value}
        for action in actions
    ]
    return {how: rows} if rows else {}


def _row(_ledger: LedgerView, action: Action, on: dt.date) -> Sequence[str]:
    slipped = days_slipped(action.promised)
    owner = f"\n{action.owner}" if action.owner else ""
    return (
        action.id,
        str(action.due or "–"),
        f"{slipped:+d}" if slipped else "",
        state_on(action, on).value,
        f"{action.title}{owner}",
    )


ACTIONS = Register(
    name="action",
    plural="actions",
    prefix="T",
    place=5,
    summary="What somebody has promised to do, by when.",
    record=Action,
    inspect=inspect,
    evidence=evidence_of_remedied,
    listing=Listing(
        headings=("Id", "Due", "Slip", "State", "Action"),
        row=_row,
        right=(2,),
        order=lambda _ledger, action, _on: action.due or dt.date.max,
        is_open=lambda _ledger, action, on: state_on(action, on) is not FixState.CLOSED,
        facts=lambda _ledger, action, on: facts_of_remedied(action, on),
    ),
    first_day=lambda action: action.raised,
    due_kinds=(ACTION,),
    dues=dues,
    names={"findings": "findings", "risks": "risks"},
)
