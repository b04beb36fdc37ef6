"""The types of events that standards read, and until when something is known of each."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

import msgspec

from compliance.domain.ledger.ledger import Ledger
from compliance.domain.registers.events import EVENTS, Event
from compliance.reports.parts.answers import Answer
from compliance.reports.parts.terminal import table


class KnownEvents(msgspec.Struct, frozen=True, kw_only=True):
    """One type: who reads it, when the last one was, and the last day that an event or a nil return speaks of."""

    type: str
    title: str
    standards: tuple[str, ...]
    last: date | None
    until: date | None


def types_of(ledger: Ledger, on: date) -> tuple[KnownEvents, ...]:
    """Every type that a standard of the workspace reads, by its name."""
    types: dict[str, KnownEvents] = {}
    for catalogue in ledger.catalogues:
        for kind in catalogue.events:
            before = types.get(kind.id)
            standards = (*(before.standards if before else ()), str(catalogue.name))
            events = [
                event
                for event in ledger.of(EVENTS)
                if event.type == kind.id and event.date <= on and not event.cancelled
            ]
            types[kind.id] = KnownEvents(
                type=kind.id,
                title=before.title if before else kind.title,
                standards=standards,
                last=max((event.date for event in events if not event.nil), default=None),
                until=max((_speaks_until(event) for event in events), default=None),
            )
    return tuple(types[name] for name in sorted(types))


def _speaks_until(event: Event) -> date:
    return min(event.period.end, event.date) if event.nil and event.period else event.date


def as_text(types: Sequence[KnownEvents], width: int) -> str:
    """A row for each type."""
    if not types:
        return "No standard in use reads events."
    rows = [
        (type_.type, str(type_.last or "–"), str(type_.until or "–"), f"{type_.title}\n{', '.join(type_.standards)}")
        for type_ in types
    ]
    return table(("Type", "Last", "Known to", "What it is, and who reads it"), rows, width, flexible=3)


class EventTypes(Answer, frozen=True, kw_only=True):
    """The types of events that standards in use read."""

    types: tuple[KnownEvents, ...]


def view(types: Sequence[KnownEvents]) -> EventTypes:
    """The types as `--json` has them."""
    return EventTypes(types=tuple(types))
