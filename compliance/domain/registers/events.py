"""The events register: what happened, or is to come, that a standard asks evidence around."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Annotated

import msgspec

from compliance.domain.registers.parts.dues import Due, DueKind, make_due
from compliance.domain.registers.parts.faults import Fault, later_than_commit, warning
from compliance.domain.registers.parts.register import LedgerView, Listing, Register
from compliance.domain.standards.catalogue import Catalogue, Control, assessable
from compliance.domain.standards.expectations import Expectation, OnEvent, leaves
from compliance.domain.terms.periods import Period
from compliance.domain.terms.shapes import Shape
from compliance.domain.terms.vocabulary import Attribution
from compliance.problems import choice_hint

EVENT = DueKind("event", "Events to come", Shape.PLUS)
_NAMED = 2
"""How many of the things that are wanted before an event its row names."""


class EventMove(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """The day that an event had before it was moved, when and by whom that was done, and why."""

    was: dt.date
    on: dt.date
    by: str = ""
    reason: str = ""


class EventCancellation(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """When and by whom it was said that a planned event will not take place, or did not, and why."""

    on: dt.date
    reason: str
    by: str = ""


class Event(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """Something that happened or is planned (a change, a starter, an incident), or a statement that nothing did.

    A nil return is dated like an event, and speaks for its period. A planned event that was cancelled counts as none.
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
    moved: tuple[EventMove, ...] = ()
    cancelled: EventCancellation | None = None
    recorded: Attribution | None = None

    @property
    def is_open(self) -> bool:
        """Whether it is planned, and nobody has confirmed or cancelled it."""
        return self.planned and not self.nil and self.cancelled is None

    @property
    def words(self) -> str:
        """Its title, or else its type in words."""
        return self.title or self.type.replace("-", " ")


def contradicts(nil: Event, other: Event) -> bool:
    """Whether a nil return says that there was nothing of a kind at a time when there was."""
    if not nil.nil or other.nil or other.cancelled or nil.period is None or nil.type != other.type:
        return False
    together = not nil.scope or not other.scope or not set(nil.scope).isdisjoint(other.scope)
    return together and nil.period.start <= other.date <= nil.period.end


def unread_type(catalogues: Iterable[Catalogue], type_: str) -> tuple[str, str] | None:
    """What is wrong with a type of events that no catalogue reads, and what to do; None where one reads it."""
    catalogues = tuple(catalogues)
    kinds = [kind for catalogue in catalogues for kind in catalogue.events]
    if any(kind.id == type_ for kind in kinds):
        return None
    sentence = f"no standard in use asks for events of the type “{type_}”"
    now = sorted({kind.id for kind in kinds if type_ in kind.was})
    if now:
        return sentence, f"the standard calls it {' or '.join(now)} now: use that one"
    instead = [former.instead for catalogue in catalogues for former in catalogue.former_events if former.id == type_]
    if instead:
        return sentence, f"the standard no longer has it: {instead[0]}"
    types = sorted({kind.id for kind in kinds})
    return sentence, choice_hint(type_, types) if types else "no standard in use reads events"


def inspect(ledger: LedgerView, event: Event) -> Iterator[Fault]:
    """What is wrong in an event: a type that no standard reads, a nil return that speaks for no time."""
    unread = unread_type(ledger.catalogues, event.type)
    if unread:
        sentence, hint = unread
        yield warning(("type",), sentence, hint)
    if event.nil and event.period is None:
        hint = "say which time it speaks for: “period: START/END”"
        yield Fault(("nil",), "is a nil return without a period", hint)
    for other in ledger.of(EVENTS) if event.nil else ():
        if contradicts(event, other):
            sentence = f"says that there was none from {event.period}, and {other.id} was on {other.date}"
            yield warning(("period",), sentence, "make its period shorter, or correct the day of the other")
    if event.nil and event.planned:
        yield Fault(("planned",), "is a nil return that is planned", "a nil return speaks for what has passed: drop it")
    if event.cancelled and not event.planned:
        hint = "say “planned: true” beside it; one that was recorded by mistake is taken out of the register"
        yield Fault(("cancelled",), "is cancelled, and was not planned", hint)
    if event.is_open and event.date < ledger.day:
        sentence = f"was planned for {event.date}, and nobody has said whether it took place"
        hint = f"compliance event confirm {event.id}; or event move, or event cancel"
        yield warning(("date",), sentence, hint, if_committed=True)
    if not event.planned:
        yield from later_than_commit(ledger, ("date",), "dated", event.date)


def wanted_before(ledger: LedgerView, event: Event) -> Iterator[tuple[Catalogue, Control, Expectation]]:
    """What the standards in use in its scopes want filed before an event of its type takes place."""
    for catalogue in ledger.catalogues:
        in_scopes = [ledger.profiles_in_use(scope, catalogue) for scope in event.scope or ledger.scope_ids]
        nodes = {
            node.control.id: node
            for profiles in in_scopes
            if profiles is not None
            for node in assessable(catalogue, profiles)
        }
        for node in nodes.values():
            for expectation in (leaf for parent in node.control.expects for leaf in leaves(parent) if parent.binding):
                rule = expectation.rule
                if isinstance(rule, OnEvent) and rule.event == event.type and rule.before:
                    yield catalogue, node.control, expectation


def dues(ledger: LedgerView, event: Event, on: dt.date, _last: dt.date) -> Iterator[Due]:
    """The day of an event that is planned; from that day on, that somebody must say what became of it."""
    if not event.is_open:
        return
    if event.date <= on:
        todo = f"Say whether it took place: compliance event confirm {event.id}; or event move, or event cancel"
    else:
        wanted = [
            f"{expectation.what or control.title} ({catalogue.id}:{control.id}#{expectation.id})"
            for catalogue, control, expectation in wanted_before(ledger, event)
        ]
        more = f" and {len(wanted) - _NAMED} more" if len(wanted) > _NAMED else ""
        todo = f"To come; to be filed before it: {'; '.join(wanted[:_NAMED])}{more}" if wanted else "To come"
    what = event.type.replace("-", " ") + (f": {event.title}" if event.title else "")
    yield make_due(event, EVENT, event.date, what, todo, planned=event.date)


def _first_day(event: Event) -> dt.date:
    """A planned event is there from the day on which it was planned, any other from its own."""
    if not event.planned:
        return event.date
    return min(event.recorded.on, event.date) if event.recorded else dt.date.min


def _state(event: Event, on: dt.date) -> str:
    """How a planned event stands; empty for what happened, and for nil returns."""
    if event.cancelled:
        return "cancelled"
    if not event.planned:
        return ""
    return "to come" if event.date > on else "to be confirmed"


def _row(ledger: LedgerView, event: Event, on: dt.date) -> Sequence[str]:
    scopes = ", ".join(event.scope) or ("every scope" if len(ledger.scope_ids) > 1 else "")
    state = "nil" if event.nil else _state(event, on)
    return (
        event.id,
        str(event.date),
        f"{event.type}{f' ({state})' if state else ''}",
        f"{event.words}\n{scopes}".rstrip(),
    )


def _facts(_ledger: LedgerView, event: Event, on: dt.date) -> Mapping[str, object]:
    return {"state": state} if (state := _state(event, on)) else {}


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
        is_open=lambda _ledger, event, on: _first_day(event) <= on,
        closes=False,
        facts=_facts,
    ),
    first_day=_first_day,
    due_kinds=(EVENT,),
    dues=dues,
)
