"""What a scheme wants done in a cycle, and by when: the dates of a cycle, by rule."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date

import msgspec

from compliance.domain.registers.certificates.accreditation import Accreditation, Cycle, Planned
from compliance.domain.registers.certificates.calendar_years import EXPIRY, lead_before, years_wanting_one
from compliance.domain.registers.certificates.runs import begins_anew
from compliance.domain.registers.certificates.states import ended, expiry
from compliance.domain.standards.schemes import Scheme, SchemeEvent
from compliance.domain.terms.durations import add_days, after, before

EARLY = 31
"""In days. What took place so little before the day agreed for it is what was agreed."""


class SchemeDue(msgspec.Struct, frozen=True, kw_only=True):
    """One thing the scheme wants: the last day for it, the day agreed for it, and the day it was done.

    Done before `earliest`, it would be out of date for what it leads up to on `serves`.
    """

    event: SchemeEvent
    due: date
    earliest: date | None = None
    serves: date | None = None
    planned: date | None = None
    done: date | None = None

    @property
    def day(self) -> date:
        """When it takes place as far as is known."""
        return self.done or self.planned or self.due


class CycleCourse(msgspec.Struct, frozen=True, kw_only=True):
    """A cycle, or the way to the first one, as it stands on a day.

    It is `initial` if it renews none before it; `years` are the calendar years that want a surveillance audit.
    """

    cycle: Cycle | None
    initial: bool
    years: range
    end: date | None
    on: date
    done: Mapping[str, list[date]]
    planned: Mapping[str, list[date]]
    holidays: frozenset[date]


def dues(
    scheme: Scheme, accreditation: Accreditation, on: date, holidays: frozenset[date] = frozenset()
) -> tuple[SchemeDue, ...]:
    """What the scheme wants in the cycle of that day, done and not yet done, in order of date.

    Before the first grant the target stands for the expiry. A scheme that has events without a rule of their own (the
    stages of a first audit) leads to the first grant by these alone; they are due when they are planned. After a
    cycle that ended for good everything is as before a first grant, with what took place since.
    """
    cycle = accreditation.cycle_on(on)
    ended_on = ended(scheme, cycle, on) if cycle else None
    return dues_of(scheme, course_on(scheme, accreditation, on, holidays, ended_on))


def dues_of(scheme: Scheme, course: CycleCourse) -> tuple[SchemeDue, ...]:
    """What the scheme wants in a cycle, or on the way to the first one, in order of date."""
    dues_by_event: dict[str, list[SchemeDue]] = {}
    for event in _parents_first(_events(scheme, course)):
        if event.before and event.before != EXPIRY:
            dues_by_event[event.id] = list(_leading_up(event, dues_by_event.get(event.before, []), course))
        else:
            dues_by_event[event.id] = _matched(event, list(_days(event, course)), course)
    return tuple(
        sorted(
            (due for event_dues in dues_by_event.values() for due in event_dues),
            key=lambda due: (due.day, due.event.id),
        )
    )


def carried_out(event: SchemeEvent | None, planned: date, day: date) -> bool:
    """Whether something done on a day is what had been agreed for another: then, later, or only a little earlier.

    What is wanted once in a calendar year is what was agreed for that year, however early in it, and for no later one.
    """
    if event and event.each_calendar_year:
        return day.year >= planned.year
    return day >= add_days(planned, -EARLY)


def course_on(
    scheme: Scheme, accreditation: Accreditation, on: date, holidays: frozenset[date], ended_on: date | None
) -> CycleCourse:
    """The cycle of a day as it stands then; after the day on which it ended for good, the way to a new one."""
    cycle = accreditation.cycle_on(on)
    events, begun = (cycle.events, cycle.granted) if cycle else (accreditation.events, date.min)
    end = expiry(scheme, cycle) if cycle else accreditation.target
    if ended_on:
        cycle, begun = None, ended_on
        events = tuple(event for event in events if event.on > ended_on)
        end = accreditation.target if accreditation.target and accreditation.target > ended_on else None
    # What is to come before the end of a cycle, and took place on the day of its grant, led to that grant; what is in
    # date for so long serves also where it took place before.
    for_grant = {event.id for event in scheme.events if event.before == EXPIRY} if cycle else set()
    lasting = {event.id for event in scheme.events if event.lasts}
    counted = [event for event in events if not (event.event in for_grant and event.on <= begun)]
    counted = [event for event in counted if event.event not in lasting]
    counted += [event for event in accreditation.happened() if event.event in lasting]
    done: dict[str, list[date]] = {}
    for event in sorted(counted, key=lambda event: event.on):
        if event.on <= on:
            done.setdefault(event.event, []).append(event.on)
    planned: dict[str, list[date]] = {}
    for plan in sorted(accreditation.planned, key=lambda plan: plan.on):
        # A plan that its event or a new certificate has overtaken is history, even if nobody took it out.
        if plan.on > begun and not _is_done(scheme, plan, done):
            planned.setdefault(plan.event, []).append(plan.on)
    days = {event: [*done.get(event, ()), *planned.get(event, ())] for event in {*done, *planned}}
    return CycleCourse(
        cycle=cycle,
        initial=cycle is not None and begins_anew(scheme, accreditation, cycle),
        years=years_wanting_one(scheme, cycle.granted, end, days, on, holidays) if cycle else range(0),
        end=end,
        on=on,
        done=done,
        planned=planned,
        holidays=holidays,
    )


def _is_done(scheme: Scheme, plan: Planned, done: Mapping[str, list[date]]) -> bool:
    event = scheme.event(plan.event)
    return any(carried_out(event, plan.on, day) for day in done.get(plan.event, ()))


def _events(scheme: Scheme, course: CycleCourse) -> list[SchemeEvent]:
    """The events of a cycle, or of the way to the first one."""
    first = {event.id for event in scheme.events if not _has_rule(event)}
    if course.cycle or not first:
        return list(scheme.events)
    while True:
        more = {event.id for event in scheme.events if event.before in first} - first
        if not more:
            return [event for event in scheme.events if event.id in first or event.opens_cycle]
        first |= more


def _has_rule(event: SchemeEvent) -> bool:
    return bool(event.before or event.each_calendar_year or event.every or event.within)


def _parents_first(events: list[SchemeEvent]) -> list[SchemeEvent]:
    """Each event after the one that it leads up to; events that lead up to each other have no day, and are left out."""
    ordered: list[SchemeEvent] = []
    remaining = events
    while remaining:
        waiting = {event.id for event in remaining}
        ready = [event for event in remaining if event.before not in waiting]
        if not ready:
            break
        ordered += ready
        remaining = [event for event in remaining if event.before in waiting]
    return ordered


def _days(event: SchemeEvent, course: CycleCourse) -> Iterator[date]:
    """The last days for an event that does not lead up to another one."""
    if event.before:
        if course.end:
            yield lead_before(course.end, event.lead, course.holidays)
    elif course.cycle is None:
        return
    elif event.each_calendar_year:
        yield from _calendar_years(event, course.cycle.granted, course)
    elif event.every and event.every.count:
        # Without an expiry there is no last one: what has been due, and the next.
        granted, times = course.cycle.granted, 1
        while (day := after(granted, event.every, times)) < (course.end or date.max):
            yield day
            if course.end is None and day > course.on:
                return
            times += 1
    elif event.within:
        yield after(course.cycle.granted, event.within)


def _calendar_years(event: SchemeEvent, granted: date, course: CycleCourse) -> Iterator[date]:
    """The end of every year that wants one; the first of an initial certification within its own limit of the grant.

    One that was held as early as the year of the grant has kept that limit, and counts for its own year only.
    """
    days_held = course.done.get(event.id, [])
    kept_at_once = bool(days_held) and days_held[0].year <= granted.year
    limited = course.initial and event.first_within and not kept_at_once
    first = after(granted, event.first_within) if limited and event.first_within else None
    if first and first.year <= granted.year and course.years:
        yield first
        first = None
    for year in course.years:
        end_of_year = date(year, 12, 31)
        yield min(first, end_of_year) if first else end_of_year
        first = None


def _matched(event: SchemeEvent, days: Sequence[date], course: CycleCourse) -> list[SchemeDue]:
    """Pairs each day with the event that answered it: by calendar year where that is the rule, else in order.

    A calendar year that passed without one wants none any more: the next one closes its row, late, and until then the
    certificate is at risk. Nor is a day in such a year agreed any more.
    """
    days_held, plans = list(course.done.get(event.id, [])), list(course.planned.get(event.id, []))
    if event.each_calendar_year:
        plans = [plan for plan in plans if plan.year >= course.on.year]
    matched = []
    for day in sorted(days):
        done = _taken(days_held, day, event)
        if done is None and event.each_calendar_year and day.year < course.on.year:
            done = next((later for later in course.done.get(event.id, []) if later.year > day.year), None)
            if done is None:
                continue
        planned = None if done else _taken(plans, day, event)
        matched.append(SchemeDue(event=event, due=day, done=done, planned=planned))
    return [*matched, *_as_planned(event, plans)]


def _taken(candidates: list[date], day: date, event: SchemeEvent) -> date | None:
    fitting = next(
        (candidate for candidate in candidates if not event.each_calendar_year or candidate.year == day.year), None
    )
    if fitting:
        candidates.remove(fitting)
    return fitting


def _leading_up(event: SchemeEvent, parents: Sequence[SchemeDue], course: CycleCourse) -> Iterator[SchemeDue]:
    """What leads up to each of the parents: done since the parent before, or else to do so long before its day.

    What was not done before a parent took place is no longer asked for.
    """
    days_held, plans = list(course.done.get(event.id, [])), list(course.planned.get(event.id, []))
    for parent in sorted(parents, key=lambda parent: parent.day):
        earliest = before(parent.day, event.lasts) if event.lasts else None
        mine = [day for day in days_held if parent.done is None or day <= parent.done]
        serving = [day for day in mine if earliest is None or day >= earliest]
        days_held = [day for day in days_held if day not in mine]
        due = lead_before(parent.planned or parent.due if event.lead else parent.due, event.lead, course.holidays)
        if serving:
            yield SchemeDue(event=event, due=due, done=serving[-1])
        elif parent.done is None and not (event.books and parent.planned):
            planned = plans.pop(0) if plans else None
            yield SchemeDue(event=event, due=due, planned=planned, earliest=earliest, serves=parent.day)
    yield from _as_planned(event, plans)


def _as_planned(event: SchemeEvent, plans: Sequence[date]) -> list[SchemeDue]:
    """A day that has been agreed for something no rule asks for is its own last day."""
    return [SchemeDue(event=event, due=plan, planned=plan) for plan in plans]
