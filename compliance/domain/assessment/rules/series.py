"""Evidence that must recur: `every` so long, or in `each` slot."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, timedelta

import msgspec

from compliance.domain.assessment.rules.ageing import of_no_use
from compliance.domain.assessment.rules.candidates import Candidate, DayJudged
from compliance.domain.assessment.rules.fulfilment import Fulfilment, told_apart
from compliance.domain.standards.expectations import Each, Every
from compliance.domain.terms.durations import Duration, Unit, add_days, after, before
from compliance.domain.terms.periods import Period, name_of, slots
from compliance.domain.terms.spans import EMPTY, Spans, from_day, span, spans, through
from compliance.domain.terms.verdicts import Judgement, Renewal, Verdict

DEFAULT_WINDOW = Duration(12)
_A_DAY = timedelta(days=1)


class Window(msgspec.Struct, frozen=True):
    """From when a series is asked for.

    `begins` is the series' first day: of the scope, of the requirement, or of the first assessment under a scheme that
    has one. In a first assessment (nothing granted, or everything ended) only the newest interval is asked for.
    `anchors` are the days from which anchored slots run, by the accreditation whose they are; on one of the `turns`,
    earlier and later days, others take their place. With `since`, nothing before that day is looked at.
    """

    begins: date | None = None
    first_assessment: bool = False
    anchors: Mapping[str, date] = {}
    turns: tuple[date, ...] = ()
    since: date | None = None

    def start(self, over: Duration | None, on: date) -> date:
        return max(before(on, over or DEFAULT_WINDOW), self.begins or date.min, self.since or date.min)


def judge_every(candidates: Sequence[Candidate], rule: Every, day: DayJudged, window: Window) -> Fulfilment:
    """Each pass carries from its day through the interval and its grace; each day of the window needs one that does."""
    if rule.interval is None:
        source = f" by {rule.set_by}" if rule.set_by else ""
        reason = f"its interval is yours to set{source}: write it in an overlay"
        return Fulfilment(judgement=Judgement(verdict=Verdict.MISSING, reason=reason))
    return _Course(candidates, _Pace(rule.interval, rule.grace, rule.over), day, window).fulfilment()


def days_carried(candidate: Candidate, rule: Every) -> Spans:
    """The days that a pass carries; none where the interval is not set."""
    if rule.interval is None or not candidate.passed:
        return EMPTY
    return _carried(candidate, _Pace(rule.interval, rule.grace, rule.over))


def slots_covered(candidate: Candidate, rule: Each, day: DayJudged, window: Window) -> dict[str, list[Period]]:
    """The slots asked for that a pass covers, by the accreditation whose they are; of the calendar's, by no name."""
    anchors: Mapping[str, date | None] = window.anchors if rule.anchored else {"": None}
    return {name: _Slots([candidate], rule, day, window, anchor).covered() for name, anchor in anchors.items()}


class _Pace(msgspec.Struct, frozen=True):
    """How fast a series goes, and how far back it is looked at."""

    interval: Duration
    grace: Duration | None
    over: Duration | None

    def due_after(self, day: date) -> date:
        """The day by which the next is due."""
        return after(day, self.interval)

    def last_after(self, day: date) -> date:
        """With its grace, the last day on which the next is still in time."""
        due = self.due_after(day)
        return after(due, self.grace) if self.grace else due


def _carried(candidate: Candidate, pace: _Pace) -> Spans:
    return candidate.evidence.days_in_force & through(pace.last_after(candidate.day))


class _Course:
    """A series on its way: which days its passes carry, and which of the window they do not."""

    def __init__(self, candidates: Sequence[Candidate], pace: _Pace, day: DayJudged, window: Window) -> None:
        self._candidates = candidates
        self._passes = sorted(
            (candidate for candidate in candidates if candidate.passed),
            key=lambda candidate: (candidate.day, candidate.evidence.id),
        )
        self._pace, self._day, self._window = pace, day, window
        self._days = {candidate.evidence.id: _carried(candidate, pace) for candidate in self._passes}
        self._carried_days = spans(period for days in self._days.values() for period in days)
        begins = window.begins
        self._beginning = span(begins, pace.last_after(begins)) if begins else EMPTY

    def fulfilment(self) -> Fulfilment:
        holes = self._holes()
        met = (self._carried_days & from_day(self._window.begins or date.min)) - self._spoilt()
        return Fulfilment(judgement=self._judgement(holes), met=met)

    def _holes(self) -> Spans:
        """The days of the window that nothing carries, up to the last that can have been missed."""
        last = self._day.last_to_miss
        if self._window.first_assessment:
            run_out = max((run.end for run in self._carried_days if run.end <= last), default=None)
            if last in self._carried_days or last in self._beginning:
                return EMPTY
            return span(run_out + _A_DAY, last) if run_out else span(last, last)
        window = span(self._window.start(self._pace.over, self._day.on), last)
        return window - self._carried_days - self._beginning

    def _spoilt(self) -> Spans:
        """The days in whose window a day lies that nothing carries."""
        last = self._day.last_to_miss
        if self._window.first_assessment:
            return EMPTY
        asked = span(self._window.begins or after(last, self._pace.over or DEFAULT_WINDOW, -2), last)
        over = self._pace.over or DEFAULT_WINDOW
        return spans(Period(hole.start, after(hole.end, over)) for hole in asked - self._carried_days - self._beginning)

    def _judgement(self, holes: Spans) -> Judgement:
        on, begins = self._day.on, self._window.begins
        if begins and on < begins:
            return self._first_due(begins)
        if holes:
            return self._missed(holes)
        if on in self._carried_days:
            return self._met()
        if begins and not self._passes:
            return self._first_due(begins)
        return self._next_due(self._day.last_to_miss)

    def _first_due(self, begins: date) -> Judgement:
        due = self._pace.due_after(begins)
        return Judgement(
            verdict=Verdict.DUE,
            reason=f"the first is due by {due}",
            until=self._pace.last_after(begins),
            renewals=(Renewal(day=due),),
        )

    def _met(self) -> Judgement:
        newest = self._newest(
            candidate for candidate in self._passes if self._day.on in self._days[candidate.evidence.id]
        )
        last, due = self._renewed_by(self._day.on)
        reason = f"last {newest.day}; the next is due by {due}"
        return msgspec.structs.replace(newest.judged(Verdict.EVIDENCED, reason), renewals=(_renewal(last, due),))

    def _next_due(self, last_day: date) -> Judgement:
        """Nothing carries the day judged, and what did ran out only after the day known."""
        run = (self._carried_days | self._beginning).around(last_day)
        end = run.end if run else last_day
        if end not in self._carried_days:
            return msgspec.structs.replace(self._first_due(self._window.begins or last_day), until=end)
        last, due = self._renewed_by(end)
        judgement = last.judged(Verdict.DUE, f"last {last.day}; the next is due by {due}", until=end)
        return msgspec.structs.replace(judgement, renewals=(_renewal(last, due),))

    def _missed(self, holes: Spans) -> Judgement:
        begun = [candidate for candidate in self._passes if candidate.begins <= self._day.on]
        if not begun:
            refused = _refused(self._candidates, self._day.on)
            if refused:
                return refused
            useless = of_no_use(self._candidates, self._day.on)
            reason = f"nothing that counts: {useless.reason}" if useless.reason else ""
            # What is past cannot be mended; how long nothing has carried it is known only where the series began.
            since = self._uncarried_since(holes.periods[-1]) if self._window.begins else None
            return Judgement(verdict=Verdict.MISSING, reason=reason, evidence=useless.evidence, since=since)
        newest = begun[-1]
        sentences = [self._told(hole) for hole in holes]
        open_since = self._uncarried_since(holes.periods[-1])
        judgement = newest.judged(Verdict.MISSED, "; ".join(sentences), since=open_since)
        if open_since:
            return msgspec.structs.replace(judgement, renewals=(_renewal(newest, self._was_due(open_since)),))
        if self._day.on not in self._carried_days:
            return judgement
        return msgspec.structs.replace(judgement, renewals=(_renewal(*self._renewed_by(self._day.on)),))

    def _uncarried_since(self, hole: Period) -> date | None:
        """Since when nothing has carried the last day that can be missed, also from before the window."""
        if hole.end != self._day.last_to_miss:
            return None
        before_it = [run.end for run in self._carried_days | self._beginning if run.end < hole.start]
        return max(before_it) + _A_DAY if before_it else hole.start

    def _was_due(self, uncarried_since: date) -> date:
        """The day by which something was due that has not come: without the grace, as before it was missed."""
        last_day = uncarried_since - _A_DAY
        if last_day in self._carried_days:
            return self._renewed_by(last_day)[1]
        return self._pace.due_after(self._window.begins) if self._window.begins else last_day

    def _told(self, hole: Period) -> str:
        """What a hole lies between, and by how many days the next came late."""
        start = self._window.start(self._pace.over, self._day.on)
        earlier = [candidate for candidate in self._passes if candidate.day < hole.start]
        later = [candidate for candidate in self._passes if candidate.begins > hole.end]
        previous = max(earlier, key=self._ends, default=None)
        since = previous.day if previous else self._window.begins or start
        due = self._due_before(hole, previous)
        if later and later[0].begins == hole.end + _A_DAY:
            if previous is None and not self._window.begins:
                nothing = f"nothing from {hole.start} to {hole.end}, the first is of {later[0].day}"
                return f"{nothing}: file what came before it, or give the scope its start in compliance.toml"
            return f"nothing between {since} and {later[0].day}: {filed_late(due, later[0].day)}"
        if previous is None:
            return f"nothing since {since}"
        return f"nothing since {since}: was due by {due}"

    def _due_before(self, hole: Period, previous: Candidate | None) -> date:
        """The day by which something was due before a hole: after a pass, or after the first day of the series."""
        begins = self._window.begins
        if begins and (previous is None or add_days(hole.start, -1) in self._beginning - self._carried_days):
            return self._pace.due_after(begins)
        return self._due(previous) if previous else hole.start

    def _ends(self, candidate: Candidate) -> date:
        days = self._days[candidate.evidence.id]
        return days.periods[-1].end if days else date.min

    def _due(self, candidate: Candidate) -> date:
        """The day by which something must follow a pass: its end without the grace."""
        end, due = self._ends(candidate), self._pace.due_after(candidate.day)
        return min(end, due) if end > date.min else due

    def _renewed_by(self, carried: date) -> tuple[Candidate, date]:
        """The pass that ends the run of a carried day, and the day by which the next must follow."""
        run = self._carried_days.around(carried) or Period(carried, carried)
        within = [candidate for candidate in self._passes if self._ends(candidate) in run]
        last = max(within, key=lambda candidate: (self._due(candidate), candidate.day, candidate.evidence.id))
        return last, self._due(last)

    def _newest(self, passes: Iterable[Candidate]) -> Candidate:
        return max(passes, key=lambda candidate: (candidate.day, candidate.evidence.id))


def _refused(candidates: Iterable[Candidate], on: date) -> Judgement | None:
    """The judgement on a refused piece, which stands in for `missing`, where one would have counted but for that."""
    refused = of_no_use([candidate for candidate in candidates if candidate.rejected], on)
    return refused if refused.verdict is Verdict.REJECTED else None


def _renewal(candidate: Candidate | None, due: date) -> Renewal:
    return Renewal(day=due, evidence=candidate.evidence.id if candidate else "")


def filed_late(due: date, filed: date) -> str:
    """By how many days something came after it was due, in words."""
    return f"filed late by {Duration((filed - due).days, Unit.DAY)}"


def judge_each(candidates: Sequence[Candidate], rule: Each, day: DayJudged, window: Window) -> Fulfilment:
    """A pass in every slot; where the slots are anchored, in those of every accreditation, and the worst rules."""
    if not rule.anchored:
        return _Slots(candidates, rule, day, window, None).fulfilment()
    if not window.anchors:
        reason = "its slots are counted from an accreditation, and none is held, nor sought by a day: record it"
        return Fulfilment(judgement=Judgement(verdict=Verdict.MISSING, reason=reason))
    judged = [
        (name, _Slots(candidates, rule, day, window, anchor).fulfilment()) for name, anchor in window.anchors.items()
    ]
    name, worst = max(judged, key=lambda pair: (pair[1].judgement.verdict.rank, -_day_of(pair[1].judgement)))
    met = judged[0][1].met
    for _, fulfilment in judged[1:]:
        met &= fulfilment.met
    if len(judged) > 1:
        apart = ((of, told_apart(fulfilment.judgement).renewals) for of, fulfilment in judged)
        renewals = tuple(msgspec.structs.replace(renewal, of=of) for of, rows in apart for renewal in rows)
        reason = f"{worst.judgement.reason}, for {name}"
        judgement = msgspec.structs.replace(worst.judgement, reason=reason, renewals=renewals)
        worst = msgspec.structs.replace(worst, judgement=judgement)
    return msgspec.structs.replace(worst, met=met)


def _day_of(judgement: Judgement) -> int:
    return min((renewal.day for renewal in judgement.renewals), default=date.max).toordinal()


class _Slots:
    """The slots asked for on a day, and what covers each."""

    def __init__(
        self, candidates: Sequence[Candidate], rule: Each, day: DayJudged, window: Window, anchor: date | None
    ) -> None:
        self._candidates = candidates
        self._passes = [candidate for candidate in candidates if candidate.passed and _ever_covered(candidate, day.on)]
        self._rule, self._day, self._window, self._anchor = rule, day, window, anchor
        wanted = list(self._wanted())
        self._covering = {slot: [each for each in self._passes if _covers(each, slot)] for slot in wanted}
        self._slots = self._newest_only(wanted) if window.first_assessment else wanted

    def fulfilment(self) -> Fulfilment:
        judgement = self._judgement()
        if not judgement.verdict.is_met:
            return Fulfilment(judgement=judgement, steady=True)
        return Fulfilment(judgement=judgement, met=span(self._slots[0].start, self._slots[-1].end), steady=True)

    def covered(self) -> list[Period]:
        """The slots that something covers, oldest first."""
        return [slot for slot, covering in self._covering.items() if covering]

    def _wanted(self) -> Iterator[Period]:
        """The slots that end in the window, and the one that runs; none that began before the series did."""
        start = self._window.start(self._rule.over, self._day.on)
        begins = max(self._window.begins or date.min, self._anchor or date.min)
        first = max(begins, before(start, Duration(self._rule.slot.months)))
        return (slot for slot in slots(self._rule.slot, first, self._day.on, self._anchor) if slot.end >= start)

    def _newest_only(self, wanted: list[Period]) -> list[Period]:
        """In a first assessment: the newest slot that is covered, or else that has ended, and what comes after it."""
        ended = [slot for slot in wanted if slot.end < self._day.last_to_miss]
        covered = [slot for slot in wanted if self._covering[slot]]
        newest = max([*covered[-1:], *ended[-1:]], default=None)
        return [slot for slot in wanted if newest is None or slot >= newest]

    def _judgement(self) -> Judgement:
        open_slots = [slot for slot in self._slots if not self._covering[slot]]
        missed = [slot for slot in open_slots if slot.end < self._day.last_to_miss]
        if missed:
            return self._missed(missed)
        if open_slots:
            running = open_slots[0]
            return self._due(f"{name_of(running)} is due by {running.end}", running.end)
        if not self._slots:
            first = self._end_of_next(max(self._window.start(self._rule.over, self._day.on), self._anchor or date.min))
            return self._due(f"the first is due by {first}", first)
        latest = _newest_of(self._covering[self._slots[-1]])
        following = self._end_of_next(self._slots[-1].end)
        reason = f"{name_of(self._slots[-1])} is covered, with every slot before it; the next is due by {following}"
        judgement = latest.judged(Verdict.EVIDENCED, reason)
        return msgspec.structs.replace(judgement, renewals=(_renewal(latest, following),))

    def _due(self, reason: str, end: date) -> Judgement:
        newest = _newest_of(self._passes) if self._passes else None
        judgement = newest.judged(Verdict.DUE, reason) if newest else Judgement(verdict=Verdict.DUE, reason=reason)
        return msgspec.structs.replace(judgement, until=end, renewals=(_renewal(newest, end),))

    def _missed(self, missed: Sequence[Period]) -> Judgement:
        since = missed[0].end + _A_DAY
        if not self._passes:
            refused = _refused(self._candidates, self._day.on)
            if refused:
                return refused
            useless = of_no_use(self._candidates, self._day.on)
            names = ", ".join(name_of(slot) for slot in missed)
            reason = f"nothing that counts: {useless.reason}" if useless.reason else "nothing was ever filed"
            reason = f"{reason}; {names} passed"
            return Judgement(verdict=Verdict.MISSING, reason=reason, evidence=useless.evidence, since=since)
        names = ", ".join(self._told(slot) for slot in missed)
        newest = _newest_of(self._passes)
        judgement = newest.judged(Verdict.MISSED, f"nothing for {names}", since=since)
        return msgspec.structs.replace(judgement, renewals=tuple(self._to_file(newest, missed)))

    def _to_file(self, newest: Candidate, missed: Sequence[Period]) -> Iterator[Renewal]:
        """What was due last, unless something came for a later slot; and what is due next."""
        covered = max((slot for slot in self._slots if self._covering[slot]), default=None)
        open_since = [slot for slot in missed if covered is None or slot > covered]
        if open_since:
            yield _renewal(newest, open_since[0].end)
        running = self._slots[-1]
        yield _renewal(newest, running.end if not self._covering[running] else self._end_of_next(running.end))

    def _told(self, slot: Period) -> str:
        """The slot, and how many days after it something came, unless another slot lies between."""
        later = sorted(candidate.day for candidate in self._passes if candidate.day > slot.end)
        following = next((other for other in self._covering if other.start > slot.end), None)
        spare = later[:1] if following and later and later[0] in following else []
        return f"{name_of(slot)} ({filed_late(slot.end, spare[0])})" if spare else name_of(slot)

    def _end_of_next(self, day: date) -> date:
        return next((slot.end for slot in slots(self._rule.slot, day, date.max, self._anchor)), date.max)


def _newest_of(passes: Iterable[Candidate]) -> Candidate:
    return max(passes, key=lambda candidate: (candidate.day, candidate.evidence.id))


def _ever_covered(candidate: Candidate, on: date) -> bool:
    """Whether it had begun before it was retired; what it covered until then stays covered."""
    return candidate.begins <= on and bool(from_day(candidate.begins) & candidate.not_retired)


def _covers(candidate: Candidate, slot: Period) -> bool:
    """Without a period the slot of its date; with one, what of that lies before its date: whole slots, and its last.

    Nobody vouches for what is to come, so that a period is cut at the date, and one that begins later covers nothing.
    """
    period = candidate.evidence.period
    if period is None:
        return candidate.day in slot
    cut = Period(period.start, min(period.end, candidate.day))
    return cut.start <= cut.end and (cut.covers(slot) or cut.end in slot)
