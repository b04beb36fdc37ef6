"""The days on which an accreditation's evidence is looked at, and the slots that run from its grant."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from functools import lru_cache
from itertools import pairwise

from .papers import DAY, Accreditation, Plan, Round, Span

FAR_OFF = 40
"""How many terms ahead occasions are foreseen."""


def live(accreditations: tuple[Accreditation, ...], plan: Plan, on: date, known: date) -> list[Accreditation]:
    """Those that have not ended on the earlier of the day judged and the day known."""
    return [accreditation for accreditation in accreditations if not _ended(accreditation, plan, min(on, known))]


def _ended(accreditation: Accreditation, plan: Plan, day: date) -> bool:
    rounds = [cycle for cycle in accreditation.rounds if cycle.granted <= day]
    if not rounds:
        return False
    return day >= _end_of(rounds[-1], plan)


def _end_of(cycle: Round, plan: Plan) -> date:
    """The first day on which nothing is judged by a cycle any more, if none is granted before."""
    expires = expiry(cycle, plan)
    overdue = max(plan.term.after(expires), plan.restoration.after(expires) if plan.restoration else expires) + DAY
    return min(cycle.withdrawn or overdue, overdue)


def _as_of(accreditation: Accreditation, day: date) -> Accreditation:
    """What was on record on a day: the cycles granted by then, and what was held."""
    granted = tuple(cycle for cycle in accreditation.rounds if cycle.granted <= day)
    submissions = [*accreditation.held, *(event for cycle in accreditation.rounds for event in cycle.held)]
    since = granted[-1].granted
    pending = tuple(event for event in submissions if since < event[1] <= day)
    own = tuple(replace(cycle, held=tuple(event for event in cycle.held if event[1] <= since)) for cycle in granted)
    return replace(accreditation, rounds=own, held=pending, planned=())


def expiry(cycle: Round, plan: Plan) -> date:
    return cycle.expires or plan.term.after(cycle.runs_from or cycle.granted)


def last_occasion(accreditation: Accreditation, plan: Plan, on: date, known: date) -> date | None:
    """The occasion that rules on a day: the last that counts as held; the day itself where one is overdue.

    What was granted after an end is a life of its own: it holds no occasion for the one that ended before.
    """
    for before, anew in pairwise(accreditation.rounds):
        end = _end_of(before, plan)
        if on < anew.granted and end < anew.granted:
            return last_occasion(_as_of(accreditation, end - DAY), plan, on, min(known, end - DAY))
    held = _recorded(accreditation)
    scheduled = _scheduled(accreditation, plan, held)
    past = [day for day in held if day <= on]
    if scheduled and scheduled <= min(on, known):
        return on
    if scheduled and scheduled > known:
        ahead = [Span(plan.term.count * number, plan.term.unit).after(scheduled) for number in range(FAR_OFF)]
        past += [day for day in ahead if day <= on]
    return max(past, default=None)


def first_grant(accreditations: tuple[Accreditation, ...], plan: Plan, on: date, known: date) -> date | None:
    """The earliest first grant by a day, of those that have not ended."""
    rounds = [cycle for accreditation in live(accreditations, plan, on, known) for cycle in accreditation.rounds]
    return min((cycle.granted for cycle in rounds if cycle.granted <= on), default=None)


def is_first_assessment(accreditations: tuple[Accreditation, ...], plan: Plan, on: date, known: date) -> bool:
    """Whether the scheme has a first assessment and it is still to come: nothing granted, or all ended."""
    return bool(plan.first_needs and accreditations) and first_grant(accreditations, plan, on, known) is None


def _recorded(accreditation: Accreditation) -> list[date]:
    """Every occasion that was held: the submissions, and the grant of each cycle that has none of its own."""
    submissions = [day for _, day in accreditation.held]
    for cycle in accreditation.rounds:
        submissions += [day for _, day in cycle.held]
    occasions = list(submissions)
    before = date.min
    for cycle in accreditation.rounds:
        if not any(before < day <= cycle.granted for day in submissions):
            occasions.append(cycle.granted)
        before = cycle.granted
    return occasions


def _scheduled(accreditation: Accreditation, plan: Plan, held: list[date]) -> date | None:
    """The day of the next occasion after everything that is on record."""
    last = accreditation.rounds[-1] if accreditation.rounds else None
    pending = [day for day in held if last is None or day > last.granted]
    if last is None:
        scheduled = accreditation.target and _earlier(accreditation.target, plan.lead)
    else:
        scheduled = _earlier(expiry(last, plan), plan.lead)
    if pending:
        return plan.term.after(scheduled or max(pending))
    planned = [day for _, day in accreditation.planned]
    return max(planned) if planned else scheduled


def _earlier(day: date, lead: Span) -> date:
    """The day a lead before another, brought forward to a working day."""
    chosen = lead.ahead_of(day)
    while chosen.weekday() >= 5 or chosen in _bank_holidays(chosen.year):
        chosen -= DAY
    return chosen


@lru_cache
def _bank_holidays(year: int) -> frozenset[date]:
    import holidays

    return frozenset(holidays.country_holidays("GB", subdiv="ENG", years=year))


def anchor(accreditation: Accreditation, plan: Plan, day: date) -> date | None:
    """The first grant of the latest run of cycles by a day; a withdrawal breaks it, or a lapse not restored."""
    first, before = None, None
    for cycle in accreditation.rounds:
        if cycle.granted > day:
            break
        if (
            before is None
            or before.withdrawn
            or cycle.granted > (plan.restoration or plan.term).after(expiry(before, plan))
        ):
            first = cycle.granted
        before = cycle
    return first


def anchored_slots(start: date, months: int, through: date) -> list[tuple[date, date]]:
    """The slots from a day on, the last being the one that holds another day."""
    slots = []
    number = 0
    while (first := Span(months * number, "month").after(start)) <= through:
        slots.append((first, Span(months * (number + 1), "month").after(start) - timedelta(days=1)))
        number += 1
    return slots
