"""The submissions or audits at which evidence is looked at, held and to come, and how long a piece serves by them."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from datetime import date

import msgspec

from compliance.domain.registers.certificates.accreditation import Accreditation, Cycle
from compliance.domain.registers.certificates.cycles import course_on, dues_of
from compliance.domain.registers.certificates.runs import granted_by
from compliance.domain.registers.certificates.states import expiry
from compliance.domain.standards.schemes import EventRole, Scheme
from compliance.domain.terms.durations import Duration, add_days, after
from compliance.domain.terms.periods import Period
from compliance.domain.terms.spans import ALL_DAYS, Spans, spans


class Occasions(msgspec.Struct, frozen=True, kw_only=True):
    """The occasions of one accreditation to one role, as the ledger knows them on a day.

    `held` took place, the oldest first; `upcoming` are the next ones as seen from the day known, and after the last of
    them the next come a `term` later each. On the days of `overdue` one was to take place, and nothing records that it
    did: until the accreditation ended, or for good. On a day outside `not_ended` the accreditation has ended, and
    evidence is not judged by it.
    """

    accreditation: str
    """Its title, or else its id."""
    role: EventRole
    held: tuple[date, ...]
    upcoming: tuple[date, ...]
    overdue: Spans
    term: Duration | None
    not_ended: Spans

    def reach(self, limit: date) -> date:
        """The last day on which a piece serves whose age ends on `limit`; `date.max` if no day is known to end it.

        Its age is looked at on occasions only: it serves through the day before the first one that its age does not
        reach. Before the first there is, its age counts every day; so it does from an overdue one on, which is to be
        held on whatever day is judged. When an accreditation ends, what looked at the evidence for it vouches for
        nothing any more.
        """
        if self.last_by(limit) is None:
            return limit
        following = self.next_after(limit)
        ends = min((end for end in self._ends() if end > limit), default=None)
        first_failed = min((day for day in (following, ends) if day), default=None)
        return add_days(first_failed, -1) if first_failed else date.max

    def last_by(self, day: date) -> date | None:
        """The last occasion on a day or before it, since the accreditation last ended; None if there is none."""
        if day in self.overdue:
            return day
        return max(itertools.takewhile(lambda occasion: occasion <= day, self._since_ended(day)), default=None)

    def next_after(self, day: date) -> date | None:
        """The first occasion after a day; None if none is known."""
        if day in self.overdue:
            return add_days(day, 1) if day < date.max else None
        return next((occasion for occasion in self._since_ended(day) if occasion > day), None)

    def _ends(self) -> Iterator[date]:
        """The days on which it ended."""
        return (period.start for period in ALL_DAYS - self.not_ended)

    def _since_ended(self, day: date) -> Iterator[date]:
        """All occasions in order; without those on or before the day on which it last ended, as seen from a day."""
        since = max((end for end in self._ends() if end <= day), default=date.min)
        return (occasion for occasion in self._all() if occasion > since)

    def _all(self) -> Iterator[date]:
        yield from sorted({*self.held, *(days.start for days in self.overdue), *self.upcoming})
        if self.upcoming and self.term and self.term.count:
            for times in itertools.count(1):
                occasion = after(self.upcoming[-1], self.term, times)
                if occasion == date.max:
                    return
                yield occasion


def occasions(
    scheme: Scheme, accreditation: Accreditation, role: EventRole, known: date, holidays: frozenset[date] = frozenset()
) -> Occasions:
    """The occasions of an accreditation, as it is known on a day.

    A cycle without a submission of its own has its grant as the occasion, because that tells that there was one; a
    grant is the end of an audit too. The first occasion of what is sought is its target less the lead. Where a cycle
    has had all of its own, the next is that of the cycle to come; and where its scheme asks for none, the next grant.
    """
    endings = list(_endings(scheme, accreditation, known))
    ended_on = next((days.start for days in endings if known in days), None)
    upcoming = tuple(sorted(set(_upcoming(scheme, accreditation, role, known, holidays, ended_on))))
    return Occasions(
        accreditation=accreditation.title or accreditation.id,
        role=role,
        held=tuple(sorted(set(_held(scheme, accreditation, role, known, endings)))),
        upcoming=upcoming,
        overdue=spans(_overdue(scheme, accreditation, role, known, holidays, endings)),
        term=scheme.term,
        not_ended=ALL_DAYS - spans(endings),
    )


def next_occasion(
    scheme: Scheme, accreditation: Accreditation, known: date, holidays: frozenset[date] = frozenset()
) -> date | None:
    """The day of the next submission or audit as it is known on a day, maybe overdue; None where none is known."""
    upcoming = (occasions(scheme, accreditation, role, known, holidays).upcoming for role in EventRole)
    return min((days[0] for days in upcoming if days), default=None)


def _overdue(
    scheme: Scheme,
    accreditation: Accreditation,
    role: EventRole,
    known: date,
    holidays: frozenset[date],
    endings: list[Period],
) -> Iterator[Period]:
    """The days on which an occasion was to take place and had not: until the accreditation ended, or up to now."""
    last_days = {add_days(days.start, -1): add_days(days.start, -1) for days in endings}
    if not any(known in days for days in endings):
        last_days[known] = date.max
    for day, last in last_days.items():
        upcoming = _upcoming(scheme, accreditation, role, day, holidays, None)
        first = min(upcoming, default=None)
        if first and first <= day:
            yield Period(first, last)


def _endings(scheme: Scheme, accreditation: Accreditation, known: date) -> Iterator[Period]:
    """The days on which it had ended: from the end of a cycle to the day before it was granted anew."""
    cycles = granted_by(accreditation, known)
    for place, cycle in enumerate(cycles):
        last = add_days(cycles[place + 1].granted, -1) if place + 1 < len(cycles) else date.max
        ended_on = _ended_on(scheme, cycle, min(last, known))
        if ended_on:
            yield Period(ended_on, last)


def _ended_on(scheme: Scheme, cycle: Cycle, known: date) -> date | None:
    """The first day on which nothing is judged by a cycle any more, if that is come by a day.

    It was withdrawn, or has been expired for longer than a term, or than its scheme restores it, if that is longer.
    """
    end = expiry(scheme, cycle)
    limits = [after(end, length) for length in (scheme.term, scheme.restoration) if length] if end else []
    days = [cycle.withdrawn(known), add_days(max(limits), 1) if limits else None]
    return min((day for day in days if day and day <= known), default=None)


def _held(
    scheme: Scheme, accreditation: Accreditation, role: EventRole, known: date, endings: list[Period]
) -> Iterator[date]:
    """The recorded ones, and the grants that stand for one; what was held before an end is not the next cycle's."""
    of_role = {event.id for event in scheme.events if event.role is role}
    recorded = [event.on for event in accreditation.happened() if event.on <= known and event.event in of_role]
    yield from recorded
    wanted = role is EventRole.AUDIT or bool(_wanted(scheme, role))
    since = date.min
    for cycle in granted_by(accreditation, known):
        anew_since = max((days.start for days in endings if days.end < cycle.granted), default=since)
        has_own = any(max(since, anew_since) < day <= cycle.granted for day in recorded)
        if wanted and (role is EventRole.AUDIT or not has_own):
            yield cycle.granted
        since = cycle.granted


def _wanted(scheme: Scheme, role: EventRole) -> set[str]:
    """The events of a role that a cycle must have."""
    return {event.id for event in scheme.events if event.role is role and not event.optional}


def _upcoming(
    scheme: Scheme,
    accreditation: Accreditation,
    role: EventRole,
    known: date,
    holidays: frozenset[date],
    ended_on: date | None,
) -> list[date]:
    wanted = _wanted(scheme, role)
    course = course_on(scheme, accreditation, known, holidays, ended_on)
    coming = [due.day for due in dues_of(scheme, course) if due.event.id in wanted and not due.done]
    if coming or course.cycle is None or course.end is None:
        return coming
    if role is EventRole.AUDIT and not wanted:
        return [course.end]
    following = msgspec.structs.replace(
        accreditation, cycles=(*granted_by(accreditation, known), Cycle(granted=course.end))
    )
    course = course_on(scheme, following, course.end, holidays, None)
    return [due.day for due in dues_of(scheme, course) if due.event.id in wanted]
