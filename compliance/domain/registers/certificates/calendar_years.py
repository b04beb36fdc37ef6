"""What a scheme wants once in each calendar year of a cycle: the years that want one, and those that passed without."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date

from compliance.domain.registers.certificates.accreditation import Accreditation, Cycle
from compliance.domain.standards.schemes import EventRole, Scheme
from compliance.domain.terms.durations import Duration, add_days, before, is_working_day
from compliance.domain.terms.vocabulary import StatusChange

EXPIRY = "expiry"
"""What an event that comes before the end of the cycle says it comes before."""
_WORDS = {
    StatusChange.CONFIRMED,
    StatusChange.SUSPENDED,
    StatusChange.RESTORED,
    StatusChange.TRANSFERRED,
    StatusChange.WITHDRAWN,
}


def lead_before(day: date, lead: Duration | None, holidays: frozenset[date]) -> date:
    """The last day for what leads up to a day: a working day, because nobody books or submits on any other.

    It is brought forward, never put off: the lead is the least there must be. Without a lead it is the day itself.
    """
    if lead is None:
        return day
    last = before(day, lead, holidays)
    while not is_working_day(last, holidays) and last > date.min:
        last = add_days(last, -1)
    return last


def years_wanting_one(
    scheme: Scheme,
    granted: date,
    end: date | None,
    days: Mapping[str, Sequence[date]],
    on: date,
    holidays: frozenset[date],
) -> range:
    """The calendar years of a cycle that want a surveillance audit: after that of the grant, before the last.

    The last is the year of the recertification audit, as it took place or is agreed (`days`, by event), or else is due;
    where the scheme has none, that of the expiry. Without an expiry there is no last one, and the next year is the
    furthest that is looked at.
    """
    if end is None:
        return range(granted.year + 1, min(max(granted.year, on.year) + 1, date.max.year) + 1)
    audits = [event for event in scheme.events if event.role is EventRole.AUDIT and event.before == EXPIRY]
    last = [
        next(iter(days.get(event.id, ())), lead_before(end, event.lead, holidays)).year
        for event in audits
        if not event.optional
    ]
    return range(granted.year + 1, min([*last, end.year]))


def at_risk(scheme: Scheme, accreditation: Accreditation, cycle: Cycle, end: date | None, on: date) -> str:
    """Why the body may suspend a certificate that is in force; empty where it has no reason.

    A calendar year passed without its audit. That is so until the next audit is held, or the body's word on it is
    recorded. `end` is the expiry of the cycle.
    """
    held = [event for event in sorted(cycle.events, key=lambda event: event.on) if cycle.granted < event.on <= on]
    agreed = [plan for plan in accreditation.planned if plan.on > cycle.granted]
    days: dict[str, list[date]] = {}
    for name, day in (*((event.event, event.on) for event in held), *((plan.event, plan.on) for plan in agreed)):
        days.setdefault(name, []).append(day)
    audits = {event.id for event in scheme.events if event.role is EventRole.AUDIT}
    settled = max((event.on for event in held if event.event in audits or event.change in _WORDS), default=date.min)
    years = range(settled.year, on.year)
    wanting = years_wanting_one(scheme, cycle.granted, end, days, on, frozenset())
    lacking = [
        (event.title, year)
        for event in scheme.events
        if event.each_calendar_year and not event.optional
        for year in wanting
        if year in years and all(past.on.year != year for past in held if past.event == event.id)
    ]
    if not lacking:
        return ""
    passed = " and ".join(str(year) for year in sorted({year for _, year in lacking}))
    return f"at risk: the body may suspend ({lacking[0][0]}: none in {passed})"
