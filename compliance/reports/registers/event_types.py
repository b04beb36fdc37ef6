"""The types of events that standards read, and until when something is known of each."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

import msgspec

from compliance.domain.ledger.ledger import Ledger
from compliance.domain.registers.events import EVENTS, Event
from compliance.reports.parts.terminal import table

FORMAT_VERSION = 1


class Known(msgspec.Struct, frozen=True, kw_only=True):
    """One type: who reads it, when the last one was, and the last day that an event or a nil return speaks of."""

    type: str
    title: str
    standards: tuple[str, ...]
    last: date | None
    until: date | None


def types_of(ledger: Ledger, on: date) -> tuple[Known, ...]:
    """Every type that a standard of the workspace reads, by its name."""
    found: dict[str, Known] = {}
    for catalogue in ledger.catalogues:
        for kind in catalogue.events:
            before = found.get(kind.id)
            standards = (*(before.standards if before else ()), str(catalogue.name))
            happened = [one for one in ledger.of(EVENTS) if one.type == kind.id and one.date <= on]
            found[kind.id] = Known(
                type=kind.id,
                title=before.title if before else kind.title,
                standards=standards,
                last=max((one.date for one in happened if not one.nil), default=None),
                until=max((_speaks_until(one) for one in happened), default=None),
            )
    return tuple(found[name] for name in sorted(found))


def _speaks_until(event: Event) -> date:
    return min(event.period.end, event.date) if event.nil and event.period else event.date


def as_text(several: Sequence[Known], width: int) -> str:
    """A row for each type."""
    if not several:
        return "No standard in use reads events."
    rows = [
        (one.type, str(one.last or "–"), str(one.until or "–"), f"{one.title}\n{', '.join(one.standards)}")
        for one in several
    ]
    return table(("Type", "Last", "Known to", "What it is, and who reads it"), rows, width, flexible=3)


def as_plain(several: Sequence[Known]) -> dict[str, Any]:
    """The same as plain values, for JSON."""
    return {"format_version": FORMAT_VERSION, "types": msgspec.to_builtins(several)}
