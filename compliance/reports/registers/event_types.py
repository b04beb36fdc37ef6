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
    found: dict[str, KnownEvents] = {}
    for catalogue in ledger.catalogues:
        for kind in catalogue.events:
            before = found.get(kind.id)
            standards = (*(before.standards if before else ()), str(catalogue.name))
            happened = [one for one in ledger.of(EVENTS) if one.type == kind.id and one.date <= on]
            found[kind.id] = KnownEvents(
                type=kind.id,
                title=before.title if before else kind.title,
                standards=standards,
                last=max((one.date for one in happened if not one.nil), default=None),
                until=max((_speaks_until(one) for one in happened), default=None),
            )
    return tuple(found[name] for name in sorted(found))


def _speaks_until(event: Event) -> date:
    return min(event.period.end, event.date) if event.nil and event.period else event.date


def as_text(several: Sequence[KnownEvents], width: int) -> str:
    """A row for each type."""
    if not several:
        return "No standard in use reads events."
    rows = [
        (one.type, str(one.last or "–"), str(one.until or "–"), f"{one.title}\n{', '.join(one.standards)}")
        for one in several
    ]
    return table(("Type", "Last", "Known to", "What it is, and who reads it"), rows, width, flexible=3)


class EventTypes(Answer, frozen=True, kw_only=True):
    """The types of events that standards in use read."""

    types: tuple[KnownEvents, ...]


def view(types: Sequence[KnownEvents]) -> EventTypes:
    """The types as `--json` has them."""
    return EventTypes(types=tuple(types))
