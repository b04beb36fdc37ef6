"""Deadlines ahead, and the events of the last year, for the programme report."""

from __future__ import annotations

from datetime import date

import msgspec

from compliance.domain.registers.deadlines import DEADLINES, Deadline
from compliance.domain.registers.events import EVENTS, Event
from compliance.domain.terms.durations import after
from compliance.reports.programme.outlook import Outlook, State


class DeadlineRow(msgspec.Struct, frozen=True, kw_only=True):
    """A deadline by the first of its days that is open; `more` are the days after it within the time ahead."""

    id: str
    title: str
    kind: str
    due: date
    begin: date | None
    every: str
    more: int
    note: str
    owner: str
    stands: State


class EventRow(msgspec.Struct, frozen=True, kw_only=True):
    """A type of event over the last year: how often, when last, and what a nil return speaks for."""

    type: str
    title: str
    count: int
    last: date | None
    last_title: str
    nils: int
    nil: str
    """The period of the newest nil return, or its day."""


def deadlines(outlook: Outlook) -> tuple[DeadlineRow, ...]:
    """The deadlines with a day that is overdue or falls into the time ahead, soonest first."""
    rows = [row for deadline in outlook.ledger.of(DEADLINES) if (row := _deadline(outlook, deadline))]
    return tuple(sorted(rows, key=lambda row: (row.due, row.id)))


def _deadline(outlook: Outlook, deadline: Deadline) -> DeadlineRow | None:
    open_days = list(deadline.open_days(outlook.until))
    if not open_days:
        return None
    due = open_days[0]
    return DeadlineRow(
        id=deadline.id,
        title=deadline.title,
        kind=deadline.kind.value.replace("-", " "),
        due=due,
        begin=after(due, deadline.lead, -1) if deadline.lead else None,
        every=f"every {deadline.every}" if deadline.every else "",
        more=len(open_days) - 1,
        note=deadline.note,
        owner=deadline.owner,
        stands=State("overdue", "gap") if due < outlook.on else State("open", "due"),
    )


def events(outlook: Outlook) -> tuple[EventRow, ...]:
    """The events and nil returns of the year up to the day, a row for each type."""
    of_last_year = [
        event for event in outlook.ledger.of(EVENTS) if outlook.in_last_year(event.date) and not event.cancelled
    ]
    titles = {event.id: event.title for catalogue in outlook.ledger.catalogues for event in catalogue.events}
    by_type: dict[str, list[Event]] = {}
    for event in sorted(of_last_year, key=lambda event: (event.type, event.date, event.id)):
        by_type.setdefault(event.type, []).append(event)
    rows = (_event(kind, titles.get(kind) or kind.replace("-", " "), records) for kind, records in by_type.items())
    return tuple(sorted(rows, key=lambda row: (row.title.casefold(), row.type)))


def _event(kind: str, title: str, records: list[Event]) -> EventRow:
    """One type; its events are in order of date."""
    happened = [event for event in records if not event.nil]
    nils = [event for event in records if event.nil]
    nil = (
        (f"{nils[-1].period.start} to {nils[-1].period.end}" if nils[-1].period else str(nils[-1].date)) if nils else ""
    )
    return EventRow(
        type=kind,
        title=title,
        count=len(happened),
        last=happened[-1].date if happened else None,
        last_title=happened[-1].title if happened else "",
        nils=len(nils),
        nil=nil,
    )
