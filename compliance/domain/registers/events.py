"""The events register: what happened that a standard asks evidence after."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from typing import Annotated

import msgspec

from compliance.domain.registers.parts.faults import Fault, later_than_commit, warning
from compliance.domain.registers.parts.register import LedgerView, Listing, Register
from compliance.domain.terms.periods import Period
from compliance.domain.terms.vocabulary import Attribution
from compliance.problems import choice_hint


class Event(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """Something that happened (a significant change, a starter, an incident), or a dated statement that nothing did.

    A nil return is dated like an event, and speaks for its period.
    """

    id: str
    type: str
    date: dt.date
    scope: tuple[str, ...] = ()
    title: str = ""
    nil: bool = False
    planned: Annotated[
        bool, msgspec.Meta(description="It is to come on its date, or to be confirmed once that passed.")
    ] = False
    period: Period | None = None
    source: Annotated[str, msgspec.Meta(description="Where it was taken from, for example the row of an import.")] = ""
    note: str = ""
    recorded: Attribution | None = None


def contradicts(nil: Event, other: Event) -> bool:
    """Whether a nil return says that there was nothing of a kind at a time when there was."""
    if not nil.nil or other.nil or nil.period is None or nil.type != other.type:
        return False
    together = not nil.scope or not other.scope or not set(nil.scope).isdisjoint(other.scope)
    return together and nil.period.start <= other.date <= nil.period.end


def inspect(ledger: LedgerView, event: Event) -> Iterator[Fault]:
    """What is wrong in an event: a type that no standard reads, a nil return that speaks for no time."""
    types = sorted({kind.id for catalogue in ledger.catalogues for kind in catalogue.events})
    if event.type not in types:
        hint = choice_hint(event.type, types) if types else "no standard in use reads events"
        yield warning(("type",), f"no standard in use asks for events of the type “{event.type}”", hint)
    if event.nil and event.period is None:
        hint = "say which time it speaks for: “period: START/END”"
        yield Fault(("nil",), "is a nil return without a period", hint)
    for other in ledger.of(EVENTS) if event.nil else ():
        if contradicts(event, other):
            sentence = f"says that there was none from {event.period}, and {other.id} was on {other.date}"
            yield warning(("period",), sentence, "make its period shorter, or correct the day of the other")
    yield from later_than_commit(ledger, ("date",), "dated", event.date)


def _row(ledger: LedgerView, event: Event, _on: dt.date) -> Sequence[str]:
    scopes = ", ".join(event.scope) or ("every scope" if len(ledger.scope_ids) > 1 else "")
    what = event.title or event.type.replace("-", " ")
    return (event.id, str(event.date), f"{event.type}{' (nil)' if event.nil else ''}", f"{what}\n{scopes}".rstrip())


EVENTS = Register(
    name="event",
    plural="events",
    prefix="V",
    place=8,
    summary="Changes, starters, leavers, incidents, releases.",
    record=Event,
    inspect=inspect,
    listing=Listing(
        headings=("Id", "Date", "Type", "Event"),
        row=_row,
        order=lambda _ledger, event, _on: -event.date.toordinal(),
        is_open=lambda _ledger, event, on: event.date <= on,
        closes=False,
        facts=lambda _ledger, _event, _on: {},
    ),
    first_day=lambda event: event.date,
)
