"""Evidence that must follow an event within a time: `on`."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, timedelta

from compliance.domain.assessment.rules.candidates import Candidate, DayJudged
from compliance.domain.assessment.rules.occurrences import Occurrence, occurrences
from compliance.domain.assessment.rules.series import DEFAULT_WINDOW, Window, filed_late, with_pending
from compliance.domain.registers.events import Event
from compliance.domain.standards.expectations import OnEvent
from compliance.domain.terms.durations import after, before
from compliance.domain.terms.periods import Period
from compliance.domain.terms.verdicts import Judgement, Verdict, worst

_A_DAY = timedelta(days=1)


def judge_events(
    candidates: list[Candidate],
    rule: OnEvent,
    day: DayJudged,
    window: Window,
    events: Sequence[Event],
    results: Sequence[Candidate] = (),
) -> Judgement:
    """Every event of the window has its evidence in time; a window without events needs nil returns that cover it.

    `results` are the scans or tests mapped to the control, of whichever expectation: a failed one is an event by
    itself, and a later pass answers it, wherever in the control it was filed.
    """
    fails = [result.evidence for result in results if result.failed]
    own = {candidate.evidence.id for candidate in candidates}
    later = [result for result in results if not result.failed and result.evidence.id not in own]
    begins = window.begins or date.min
    start = window.start(rule.over, day.on)
    recorded = [event for event in events if event.type == rule.event and begins <= event.date <= day.on]
    all_occurrences = [
        occurrence for occurrence in occurrences(rule.event, recorded, fails) if begins <= occurrence.day <= day.on
    ]
    in_window = [occurrence for occurrence in all_occurrences if occurrence.day >= start]
    if in_window:

        def answered(passes: Sequence[Candidate]) -> Judgement:
            filed = [candidate for candidate in passes if candidate.evidence.id in own]
            return worst(
                [
                    _answered(occurrence, passes if occurrence.target is not None else filed, rule, day)
                    for occurrence in in_window
                ]
            )

        return with_pending([*candidates, *later], answered)
    last = max((occurrence.day for occurrence in all_occurrences), default=None)
    return _nothing_happened([event for event in recorded if event.nil], last, rule, day, start)


def _answered(event: Occurrence, passes: Sequence[Candidate], rule: OnEvent, day: DayJudged) -> Judgement:
    deadline = after(event.day, rule.within) if rule.within else event.day
    overdue = deadline + _A_DAY
    answers = [candidate for candidate in passes if event.answered_by(candidate)]
    if answers:
        first = min(answers, key=lambda candidate: (candidate.day, candidate.evidence.id))
        if first.day <= deadline:
            by = f" by {first.evidence.id} of {first.day}" if event.target is not None else ""
            return first.judged(Verdict.EVIDENCED, f"{event.words} is answered{by}")
        return first.judged(Verdict.MISSED, f"{event.words}: {filed_late(deadline, first.day)}", since=overdue)
    if deadline >= day.known or deadline >= day.on:
        return Judgement(verdict=Verdict.DUE, reason=f"{event.words} is to be answered by {deadline}", until=deadline)
    reason = f"nothing answers {event.words}: was due by {deadline}"
    return Judgement(verdict=Verdict.MISSED, reason=reason, since=overdue)


def _nothing_happened(nil: Sequence[Event], last: date | None, rule: OnEvent, day: DayJudged, start: date) -> Judgement:
    """A window without events: what was said of it, and whether a new word is due.

    Nil returns must follow one another without a gap, from the window's first day to the end of the newest. That one
    speaks for as long again as the window is: then the next is due. Before the window, an event speaks for its own day.
    """
    words = rule.event.replace("-", " ")
    periods = [period for nil_return in nil if (period := _speaks_for(nil_return))]
    last_covered = max((period.end for period in periods), default=None)
    newest = max((end for end in (last_covered, last) if end), default=None)
    if newest is None:
        reason = f"no {words} is recorded since {start}, and no nil return: record one or the other"
        if nil:
            newest_nil = max(nil_return.date for nil_return in nil)
            reason = f"the nil return of {newest_nil} covers no day: give it the period it speaks for"
        return Judgement(verdict=Verdict.MISSING, reason=reason)
    until = after(newest, rule.over or DEFAULT_WINDOW)
    entry = f"nil returns end on {newest}" if newest == last_covered else f"the last {words} was on {newest}"
    if until < day.on:
        reason = f"{entry}: a new one, or a nil return, was due by {until}"
        if until >= day.known:
            return Judgement(verdict=Verdict.DUE, reason=reason, until=until, evidence_date=newest)
        return Judgement(verdict=Verdict.MISSED, reason=reason, since=until + _A_DAY, evidence_date=newest)
    # The window runs up to the day judged, so that a whole year of nil returns covers a year's window to the day.
    first = max(start, before(day.on, rule.over or DEFAULT_WINDOW) + _A_DAY)
    holes = _untold(periods, first, newest)
    if holes:
        named = ", ".join(
            str(hole.start) if hole.start == hole.end else f"{hole.start} to {hole.end}" for hole in holes
        )
        reason = f"no {words} is recorded, and no nil return covers {named}"
        return Judgement(verdict=Verdict.MISSED, reason=reason, since=holes[0].end + _A_DAY, evidence_date=newest)
    verdict = Verdict.LAPSING if until <= day.announced else Verdict.EVIDENCED
    reason = f"no {words}; {entry}, and the next is due by {until}"
    return Judgement(verdict=verdict, reason=reason, until=until, evidence_date=newest)


def _speaks_for(nil: Event) -> Period | None:
    """The days that a nil return covers: of its period those until it was given, for nobody knows what will happen."""
    if nil.period is None or nil.period.start > nil.date:
        return None
    return Period(nil.period.start, min(nil.period.end, nil.date))


def _untold(spoken: Iterable[Period], first: date, newest: date) -> list[Period]:
    """The stretches from the first day to the newest of which nothing was said."""
    holes, next_day = [], first
    for period in sorted(spoken):
        if period.start > next_day:
            holes.append(Period(next_day, period.start - _A_DAY))
        if period.end >= newest:
            break
        next_day = max(next_day, period.end + _A_DAY)
    return holes
