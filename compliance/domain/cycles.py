"""When a certificate expires, and what its scheme wants done before: the dates of a cycle, by rule (SEMANTICS 4)."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

import msgspec

from compliance.domain.accreditations import Accreditation, Cycle
from compliance.domain.durations import after, before
from compliance.domain.schemes import Role, Scheme, SchemeEvent


class SchemeDue(msgspec.Struct, frozen=True, kw_only=True):
    """One thing the scheme wants: the last day for it, the day agreed for it, and the day it was done."""

    event: SchemeEvent
    due: date
    planned: date | None = None
    done: date | None = None

    @property
    def day(self) -> date:
        """When it takes place as far as is known."""
        return self.done or self.planned or self.due


def expiry(scheme: Scheme, cycle: Cycle) -> date | None:
    """The last day of a cycle: as the certificate states it, else its grant plus the term; None without a term."""
    if cycle.expires or scheme.term is None:
        return cycle.expires
    return after(cycle.granted, scheme.term)


def dues(
    scheme: Scheme, accreditation: Accreditation, on: date, holidays: frozenset[date] = frozenset()
) -> tuple[SchemeDue, ...]:
    """What the scheme wants in the cycle of that day, done and not yet done, in order of date.

    Before the first grant only what has been planned is known, and the target for everything that opens a cycle.
    """
    cycle = accreditation.cycle_on(on)
    planned = {plan.event: plan.on for plan in sorted(accreditation.planned, key=lambda plan: plan.on, reverse=True)}
    found: dict[str, list[SchemeDue]] = {}
    for event in sorted(scheme.events, key=lambda event: event.before not in {"", "expiry"}):
        done = _done(accreditation, cycle, event, on)
        days = list(_days(scheme, event, accreditation, cycle, found, holidays))
        found[event.id] = _matched(event, days, done, planned.get(event.id))
    return tuple(
        sorted((due for several in found.values() for due in several), key=lambda due: (due.day, due.event.id))
    )


def last_and_next(
    scheme: Scheme, accreditation: Accreditation, role: Role, on: date, holidays: frozenset[date] = frozenset()
) -> tuple[date | None, date | None]:
    """The last submission (or audit) that took place by that day, and the next one that is due, maybe overdue."""
    ids = {event.id for event in scheme.events if event.role is role}
    past = [event.on for event in accreditation.happened() if event.event in ids and event.on <= on]
    if role is Role.AUDIT:
        past += [cycle.granted for cycle in accreditation.cycles if cycle.granted <= on]
    coming = [
        due.day
        for due in dues(scheme, accreditation, on, holidays)
        if due.event.id in ids and due.done is None and not due.event.optional
    ]
    return max(past, default=None), min(coming, default=None)


def _done(accreditation: Accreditation, cycle: Cycle | None, event: SchemeEvent, on: date) -> list[date]:
    happened = cycle.events if cycle else accreditation.events
    return sorted(one.on for one in happened if one.event == event.id and one.on <= on)


def _days(
    scheme: Scheme,
    event: SchemeEvent,
    accreditation: Accreditation,
    cycle: Cycle | None,
    found: dict[str, list[SchemeDue]],
    holidays: frozenset[date],
) -> Iterator[date]:
    if event.before and event.before != "expiry":
        if event.lead:
            for due in found.get(event.before, []):
                if due.done is None:
                    yield before(due.planned or due.due, event.lead, holidays)
        return
    end = expiry(scheme, cycle) if cycle else accreditation.target
    if event.before:
        if end:
            yield before(end, event.lead, holidays) if event.lead else end
        return
    if cycle is None:
        return
    if event.each_calendar_year:
        yield from _calendar_years(event, cycle.granted, end)
    elif event.every:
        times = 1
        while (day := after(cycle.granted, event.every, times)) < (end or date.max):
            yield day
            times += 1
    elif event.within:
        yield after(cycle.granted, event.within)


def _calendar_years(event: SchemeEvent, granted: date, end: date | None) -> Iterator[date]:
    first = after(granted, event.first_within) if event.first_within else date.max
    last_year = end.year - 1 if end else granted.year + 1
    for year in range(granted.year + 1, last_year + 1):
        yield min(first, date(year, 12, 31)) if year == granted.year + 1 else date(year, 12, 31)


def _matched(event: SchemeEvent, days: list[date], done: list[date], planned: date | None) -> list[SchemeDue]:
    """Pairs each day with the event that answered it: by calendar year where that is the rule, else in order."""
    matched, left = [], list(done)
    for day in sorted(days):
        if event.each_calendar_year:
            answer = next((one for one in left if one.year == day.year), None)
        else:
            answer = left[0] if left else None
        if answer:
            left.remove(answer)
            matched.append(SchemeDue(event=event, due=day, done=answer))
        else:
            matched.append(SchemeDue(event=event, due=day, planned=planned))
            planned = None
    if planned and not days and not done:
        matched.append(SchemeDue(event=event, due=planned, planned=planned))
    return matched
