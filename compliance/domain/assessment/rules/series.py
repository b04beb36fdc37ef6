"""Evidence that must recur: `every` so long, or in `each` slot."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from datetime import date, timedelta

import msgspec

from compliance.domain.assessment.rules.ageing import failed, unusable
from compliance.domain.assessment.rules.candidates import Candidate, DayJudged, standing_failure
from compliance.domain.standards.expectations import Each, Every
from compliance.domain.terms.durations import Duration, Unit, after, before
from compliance.domain.terms.periods import Period, name_of, slots
from compliance.domain.terms.verdicts import Judgement, Verdict, best

DEFAULT_WINDOW = Duration(12)


class Window(msgspec.Struct, frozen=True):
    """From when a series is asked for: the scope's start or the requirement's first day, if later than `over` ago.

    In a first assessment under a scheme that says so (nothing granted yet) only the newest interval is asked for.
    `anchor` is the day from which anchored slots run.
    """

    begins: date | None = None
    first_granted: date | None = None
    """The first grant, under a scheme whose first assessment asked for the newest interval only: no hole before it
    counts, and no interval that was running then is made any longer by it."""
    first_assessment: bool = False
    anchor: date | None = None

    def start(self, over: Duration | None, on: date) -> date:
        return max(before(on, over or DEFAULT_WINDOW), self.begins or date.min, self.first_granted or date.min)


def judge_every(candidates: Sequence[Candidate], rule: Every, day: DayJudged, window: Window) -> Judgement:
    """No more than the interval, plus grace, between two consecutive passes of the window."""
    interval = rule.interval
    if interval is None:
        source = f" by {rule.set_by}" if rule.set_by else ""
        return Judgement(
            verdict=Verdict.MISSING, reason=f"its interval is yours to set{source}: write it in an overlay"
        )
    pace = _Pace(interval, rule.grace, rule.over)
    return with_pending(candidates, lambda passes: _every(passes, pace, day, window))


def judge_each(candidates: Sequence[Candidate], rule: Each, day: DayJudged, window: Window) -> Judgement:
    """One pass in every slot; a slot that has not ended on the day known is due, not missed."""
    return with_pending(candidates, lambda passes: _each(passes, rule, day, window))


def with_pending(candidates: Sequence[Candidate], judge: Callable[[Sequence[Candidate]], Judgement]) -> Judgement:
    """Judges what review lets through; where what still awaits review would mend a gap, awaiting it is the verdict.

    Where nothing is let through, what is filed is judged as if it were: it cannot be missing.
    """
    hindered = [judged for candidate in candidates if (judged := unusable(candidate))]
    usable = [candidate for candidate in candidates if not unusable(candidate)]
    accepted = [candidate for candidate in usable if candidate.accepted]

    def verdict_on(passes: Sequence[Candidate]) -> Judgement:
        failure = standing_failure(candidates, passes)
        return failed(failure) if failure else judge(passes)

    verdict = verdict_on(accepted)
    if verdict.verdict.is_gap and len(usable) > len(accepted):
        hoped = verdict_on(usable)
        if not hoped.verdict.is_gap:
            pending = max(
                (candidate for candidate in usable if not candidate.accepted),
                key=lambda candidate: (candidate.review.verdict.rank, candidate.day, candidate.evidence.id),
            )
            return pending.judged(pending.review.verdict, pending.review.reason)
        if verdict.verdict is Verdict.MISSING:
            verdict = hoped
    if verdict.verdict is Verdict.MISSING and hindered:
        return best(hindered)
    return verdict


class _Pace(msgspec.Struct, frozen=True):
    """How fast a series goes, and how far back it is looked at."""

    interval: Duration
    grace: Duration | None
    over: Duration | None

    def due_after(self, day: date, printed: date | None = None) -> tuple[date, date]:
        """The day by which the next is due, and with its grace the last day on which that is still in time.

        What the document itself prints wins if it is earlier, and knows no grace.
        """
        due = after(day, self.interval)
        last = after(due, self.grace) if self.grace else due
        return (min(due, printed), min(last, printed)) if printed else (due, last)

    def due_after_pass(self, candidate: Candidate, begins: date | None) -> tuple[date, date]:
        """The same after a pass; one from before the series began leaves it a whole interval from its beginning."""
        next_one = self.due_after(candidate.day, candidate.evidence.valid_until)
        return max(next_one, self.due_after(begins)) if begins and candidate.day < begins else next_one


def _every(passes: Sequence[Candidate], pace: _Pace, day: DayJudged, window: Window) -> Judgement:
    if not passes:
        return _first_of(pace, day, window)
    ordered = sorted(passes, key=lambda candidate: (candidate.day, candidate.evidence.id))
    newest = ordered[-1]
    due, latest = pace.due_after_pass(newest, window.begins)
    holes = [] if window.first_assessment else list(_holes(ordered, pace, window, day))
    if latest < day.on and latest < day.known:
        holes.append(f"nothing since {newest.day}: was due by {due}")
        return newest.judged(Verdict.MISSED, "; ".join(holes), since=latest + timedelta(days=1))
    if holes:
        return newest.judged(Verdict.MISSED, "; ".join(holes), until=due)
    reason = f"last {newest.day}; the next is due by {due}"
    if latest < day.on:
        return newest.judged(Verdict.DUE, reason, until=due)
    return newest.judged(Verdict.LAPSING if due <= day.announced else Verdict.EVIDENCED, reason, until=due)


def _first_of(pace: _Pace, day: DayJudged, window: Window) -> Judgement:
    """Nothing was ever filed: a gap, unless the series has only begun and its first interval still runs."""
    if window.begins is None:
        return Judgement(verdict=Verdict.MISSING, reason="nothing was ever filed")
    due, latest = pace.due_after(window.begins)
    if latest >= day.known or latest >= day.on:
        return Judgement(verdict=Verdict.DUE, reason=f"the first is due by {due}", until=due)
    return Judgement(verdict=Verdict.MISSING, reason="nothing was ever filed", since=latest + timedelta(days=1))


def _holes(ordered: Sequence[Candidate], pace: _Pace, window: Window, day: DayJudged) -> Iterator[str]:
    """Where too much time lay between two passes, until the window has moved past the later one.

    Where there is no earlier pass at all, the window's first day stands for it.
    """
    start = window.start(pace.over, day.on)
    earlier = [candidate for candidate in ordered if candidate.day <= start]
    previous = earlier[-1] if earlier else None
    due, allowed = pace.due_after_pass(previous, window.begins) if previous else pace.due_after(start)
    for candidate in ordered[len(earlier) :]:
        if candidate.day > allowed:
            since = previous.day if previous else start
            yield f"nothing between {since} and {candidate.day}: {filed_late(due, candidate.day)}"
        previous = candidate
        due, allowed = pace.due_after_pass(candidate, window.begins)


def filed_late(due: date, filed: date) -> str:
    """By how many days something came after it was due, in words."""
    return f"filed late by {Duration((filed - due).days, Unit.DAY)}"


def _each(passes: Sequence[Candidate], rule: Each, day: DayJudged, window: Window) -> Judgement:
    anchor = window.anchor if rule.anchored else None
    wanted = _wanted(rule, day, window, anchor)
    answers = {slot: [candidate for candidate in passes if _covers(candidate, slot)] for slot in wanted}
    if window.first_assessment:
        wanted = _newest_interval(wanted, [slot for slot in wanted if answers[slot]], day)
    missed = [slot for slot in wanted if not answers[slot] and slot.end < day.known and slot.end < day.on]
    newest = max(passes, key=lambda candidate: (candidate.day, candidate.evidence.id), default=None)
    if missed:
        names, since = ", ".join(name_of(slot) for slot in missed), missed[0].end + timedelta(days=1)
        if newest is None:
            reason = f"nothing was ever filed; {names} passed"
            return Judgement(verdict=Verdict.MISSING, reason=reason, since=since)
        return newest.judged(Verdict.MISSED, f"nothing for {names}", since=since)
    running = next((slot for slot in wanted if not answers[slot]), None)
    if running is None and wanted:
        latest = max(answers[wanted[-1]], key=lambda candidate: (candidate.day, candidate.evidence.id))
        end = _end_of_next(rule, wanted[-1].end, anchor)
        reason = f"{name_of(wanted[-1])} is covered, with every slot before it; the next is due by {end}"
        return latest.judged(Verdict.EVIDENCED, reason, until=end)
    if running is None:
        end = _end_of_next(rule, window.start(rule.over, day.on), anchor)
        return Judgement(verdict=Verdict.DUE, reason=f"the first is due by {end}", until=end)
    reason = f"{name_of(running)} is due by {running.end}"
    if newest is None:
        return Judgement(verdict=Verdict.DUE, reason=reason, until=running.end)
    return newest.judged(Verdict.DUE, reason, until=running.end)


def _wanted(rule: Each, day: DayJudged, window: Window, anchor: date | None) -> list[Period]:
    """The slots asked for: those that ended in the window, and the one that runs; none that began too early."""
    start = window.start(rule.over, day.on)
    first = max(window.begins or date.min, before(start, Duration(rule.slot.months)))
    return [slot for slot in slots(rule.slot, first, day.on, anchor) if slot.end >= start]


def _end_of_next(rule: Each, day: date, anchor: date | None) -> date:
    return next((slot.end for slot in slots(rule.slot, day, date.max, anchor)), date.max)


def _newest_interval(wanted: list[Period], answered: list[Period], day: DayJudged) -> list[Period]:
    """In a first assessment: the newest slot that is covered, or else that has ended, and what comes after it."""
    ended = [slot for slot in wanted if slot.end < day.known and slot.end < day.on]
    newest = max([*answered[-1:], *ended[-1:]], default=None)
    return [slot for slot in wanted if newest is None or slot >= newest]


def _covers(candidate: Candidate, slot: Period) -> bool:
    """By its day; or by the period it covers, and then not a slot that began only after that period."""
    period = candidate.evidence.period
    if period is None:
        return candidate.day in slot
    return period.covers(slot) or slot.covers(period) or (candidate.day in slot and period.end >= slot.start)
