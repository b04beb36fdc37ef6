"""Evidence that must follow an event within a time, or come before it: `on`."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta

import msgspec

from compliance.domain.assessment.rules.candidates import Candidate, DayJudged
from compliance.domain.assessment.rules.fulfilment import Fulfilment, told_apart
from compliance.domain.assessment.rules.occurrences import Occurrence, occurrences, raised_by
from compliance.domain.assessment.rules.series import DEFAULT_WINDOW, Window, filed_late
from compliance.domain.registers.events import Event
from compliance.domain.standards.expectations import OnEvent
from compliance.domain.terms.durations import Duration, add_days, after, before
from compliance.domain.terms.periods import Period
from compliance.domain.terms.spans import EMPTY, Spans, from_day, span, spans
from compliance.domain.terms.verdicts import Judgement, Renewal, Verdict, worst

_A_DAY = timedelta(days=1)


def judge_events(
    candidates: Sequence[Candidate],
    rule: OnEvent,
    day: DayJudged,
    window: Window,
    events: Sequence[Event],
    results: Sequence[Candidate] = (),
) -> Fulfilment:
    """Every event of the window has its evidence in time, and somebody spoke for the days without one.

    `results` are the scans or tests mapped to the control, of whichever expectation: a failed one is an event by
    itself, and a later pass answers it, wherever in the control it was filed.
    """
    begins = window.begins or date.min
    if day.on < begins:
        first = after(begins, rule.over or DEFAULT_WINDOW)
        return Fulfilment(judgement=_first_word(rule, first))
    happened = _happened(rule, day, events, results)
    answered = [
        _answered(occurrence, _pieces_for(occurrence, candidates, results), rule, day)
        for occurrence in asked_about(rule, day, window, events, results)
    ]
    spoken = _spoken_for(rule, events, happened, results, day, window)
    verdict = _and_others(worst(answered), answered) if answered else spoken
    if spoken.verdict.rank > verdict.verdict.rank:
        verdict = spoken
    if verdict.verdict.is_met:
        spoken = _by_planned(spoken, rule, events, happened, results, day, window)
    renewals = (renewal for judgement in (*answered, told_apart(spoken)) for renewal in judgement.renewals)
    verdict = msgspec.structs.replace(verdict, renewals=tuple(renewals))
    return Fulfilment(judgement=verdict, met=span(day.on, spoken.last_day) if verdict.verdict.is_met else EMPTY)


def _and_others(verdict: Judgement, answered: Sequence[Judgement]) -> Judgement:
    """The judgement on one missed event, with how many others are missed as well."""
    others = sum(judgement.verdict is Verdict.MISSED for judgement in answered) - 1
    if verdict.verdict is not Verdict.MISSED or others < 1:
        return verdict
    return msgspec.structs.replace(verdict, reason=f"{verdict.reason}; and {others} more like it")


def asked_about(
    rule: OnEvent, day: DayJudged, window: Window, events: Sequence[Event], results: Sequence[Candidate] = ()
) -> list[Occurrence]:
    """The events of the window that must be answered, oldest first, with those to come that ask for something ahead."""
    start = window.start(rule.over, day.on)
    every = (*_happened(rule, day, events, results), *_to_come(rule, events, day))
    return [occurrence for occurrence in every if occurrence.day >= start]


def answer_days(occurrence: Occurrence, rule: OnEvent) -> Period:
    """From the first day to the last on which an event is answered in time."""
    first = before(occurrence.day, rule.before) if rule.before else occurrence.day
    return Period(first, after(occurrence.day, rule.within) if rule.within else occurrence.day)


def _happened(
    rule: OnEvent, day: DayJudged, events: Sequence[Event], results: Sequence[Candidate]
) -> tuple[Occurrence, ...]:
    fails = [result.evidence for result in results if result.failed]
    happened = occurrences(rule.event, [event for event in events if event.date <= day.on], fails)
    return tuple(occurrence for occurrence in happened if occurrence.day <= day.on)


def _to_come(rule: OnEvent, events: Sequence[Event], day: DayJudged) -> list[Occurrence]:
    """The events planned for later days, where something has to come before them."""
    if rule.before is None:
        return []
    planned = [event for event in events if event.planned and event.date > day.on]
    return list(occurrences(rule.event, planned, ()))


def _by_planned(
    spoken: Judgement,
    rule: OnEvent,
    events: Sequence[Event],
    happened: Sequence[Occurrence],
    results: Sequence[Candidate],
    day: DayJudged,
    window: Window,
) -> Judgement:
    """Where every event is answered: who spoke last, planned events once they come included."""
    to_come = _to_come(rule, events, day)
    while spoken.last_day < date.max:
        on = add_days(spoken.last_day, 1)
        by_then = (*happened, *(occurrence for occurrence in to_come if occurrence.day <= on))
        if len(by_then) == len(happened):
            break
        later = _spoken_for(rule, events, by_then, results, msgspec.structs.replace(day, on=on), window)
        if not later.verdict.is_met:
            break
        spoken = later
    return spoken


def _pieces_for(
    occurrence: Occurrence, candidates: Sequence[Candidate], results: Sequence[Candidate]
) -> list[Candidate]:
    """What may answer an event: a failed scan, also passes that are filed for another expectation of the control."""
    own = {candidate.evidence.id for candidate in candidates}
    others = [result for result in results if result.evidence.id not in own] if occurrence.target is not None else []
    return [
        candidate
        for candidate in (*candidates, *others)
        if candidate.passed and candidate.not_retired and occurrence.concerns(candidate)
    ]


def _answered(occurrence: Occurrence, pieces: Sequence[Candidate], rule: OnEvent, day: DayJudged) -> Judgement:
    first_day, deadline = msgspec.structs.astuple(answer_days(occurrence, rule))
    answers = [piece for piece in pieces if piece.day >= first_day and piece.begins <= day.on]
    if answers:
        first = min(answers, key=lambda candidate: (candidate.day, candidate.evidence.id))
        if first.day <= deadline:
            by = f" by {first.evidence.id} of {first.day}" if occurrence.target is not None else ""
            return first.judged(Verdict.EVIDENCED, f"{occurrence.words} is answered{by}")
        if deadline < day.last_to_miss:
            late = filed_late(deadline, first.day)
            return first.judged(Verdict.MISSED, f"{occurrence.words}: {late}", since=add_days(deadline, 1))
    event = occurrence.ids[0] if rule.before else ""
    if deadline >= day.last_to_miss:
        reason = f"{occurrence.words} is to be answered by {deadline}"
        if rule.before and not rule.within:
            reason = f"is to be filed before {occurrence.words}"
        own = [piece for piece in pieces if "event" in piece.evidence.per and piece.begins <= day.on]
        reason += _too_early(own, first_day, rule)
        renewal = Renewal(day=deadline, of=occurrence.words, event=event, verdict=Verdict.DUE, reason=reason)
        return Judgement(verdict=Verdict.DUE, reason=reason, until=deadline, renewals=(renewal,))
    reason = f"nothing answers {occurrence.words}: was due by {deadline}"
    if rule.before and not rule.within:
        reason = f"nothing was filed before {occurrence.words}"
    reason += _too_early(pieces, first_day, rule)
    return Judgement(
        verdict=Verdict.MISSED,
        reason=reason,
        since=add_days(deadline, 1),
        renewals=(Renewal(day=deadline, of=occurrence.words, event=event, verdict=Verdict.MISSED, reason=reason),),
    )


def _too_early(pieces: Sequence[Candidate], first_day: date, rule: OnEvent) -> str:
    """What is said of the newest piece that came before the first day on which it counts; nothing where none did."""
    newest = max((piece.day for piece in pieces if piece.day < first_day), default=None)
    return f"; what is dated {newest} came more than {rule.before} before" if newest and rule.before else ""


def _first_word(rule: OnEvent, first: date) -> Judgement:
    words = rule.event.replace("-", " ")
    return Judgement(
        verdict=Verdict.DUE,
        reason=f"the first {words}, or a nil return, is due by {first}",
        until=add_days(first, -1),
        renewals=(Renewal(day=first, recorded=True),),
    )


def _spoken_for(
    rule: OnEvent,
    events: Sequence[Event],
    happened: Sequence[Occurrence],
    results: Sequence[Candidate],
    day: DayJudged,
    window: Window,
) -> Judgement:
    """Whether somebody spoke for every day: an event for the time before it, a nil return for its period.

    From the day `over` after it, a day that nothing speaks for is missed. What would be an event by itself needs no
    word while passes are on file.
    """
    over, words = rule.over or DEFAULT_WINDOW, rule.event.replace("-", " ")
    if raised_by(rule.event) and any(result.passed and result.begins <= day.on for result in results):
        return Judgement(verdict=Verdict.EVIDENCED, reason=f"no {words}: what is on file passed")
    nil = [event for event in events if event.type == rule.event and event.nil and event.date <= day.on]
    by_nil_returns = spans(period for nil_return in nil if (period := _speaks_for(nil_return)))
    spoken = by_nil_returns | spans(Period(before(occurrence.day, over), occurrence.day) for occurrence in happened)
    earliest = after(day.on, over, -2)
    begins = window.begins or date.min
    in_time = [occurrence.day for occurrence in happened if occurrence.day >= earliest]
    nil_in_time = [nil_return.date for nil_return in nil if nil_return.date >= earliest and _speaks_for(nil_return)]
    if not in_time and not nil_in_time:
        first = after(begins, over) if begins > date.min else date.min
        if day.last_to_miss < first:
            return _first_word(rule, first)
        return _nothing_said(words, nil, max(earliest, begins))
    from_when = max(earliest, begins, before(min(in_time), over) if in_time else date.min)
    unspoken = from_day(from_when) - spoken
    heard = max((*in_time, *nil_in_time))
    return _told(unspoken, spoken, day, max((run.end for run in by_nil_returns), default=None), words, over, heard)


def _nothing_said(words: str, nil: Sequence[Event], start: date) -> Judgement:
    reason = f"no {words} is recorded since {start}, and no nil return: record one or the other"
    if nil:
        newest = max(nil_return.date for nil_return in nil)
        reason = f"the nil return of {newest} covers no day: give it the period it speaks for"
        if any(_speaks_for(nil_return) for nil_return in nil):
            reason = f"no {words} is recorded since {start}, and nil returns end before: record one or the other"
    return Judgement(verdict=Verdict.MISSING, reason=reason)


def _told(
    unspoken: Spans, spoken: Spans, day: DayJudged, last_nil: date | None, words: str, over: Duration, heard: date
) -> Judgement:
    """What the first day that nobody spoke for makes of the day judged; `heard` is the last word there was."""
    newest = max((run.end for run in spoken if run.end <= day.on), default=None)
    entry = f"nil returns end on {newest}" if newest == last_nil else f"the last {words} was on {newest}"
    missed = [hole for hole in unspoken if after(hole.start, over) <= day.last_to_miss]
    if missed:
        last = before(day.last_to_miss, over)
        open_end = missed[-1].end >= day.last_to_miss
        closed = missed[:-1] if open_end else missed
        if open_end and not closed and newest:
            until = add_days(after(missed[-1].start, over), -1)
            reason = f"{entry}: a new one, or a nil return, was due by {until}"
            return Judgement(
                verdict=Verdict.MISSED,
                reason=reason,
                since=until + _A_DAY,
                evidence_date=newest,
                renewals=(Renewal(day=until + _A_DAY, recorded=True),),
            )
        named = ", ".join(
            str(hole.start) if hole.start == min(hole.end, last) else f"{hole.start} to {min(hole.end, last)}"
            for hole in missed
        )
        reason = f"no {words} is recorded, and no nil return covers {named}"
        since = after(missed[0].start, over)
        return Judgement(
            verdict=Verdict.MISSED,
            reason=reason,
            since=since,
            evidence_date=newest,
            renewals=(Renewal(day=since, recorded=True),),
        )
    first = unspoken.periods[0].start
    until = max(add_days(after(first, over), -1), after(add_days(first, -1), over))
    until = min(until, after(heard, over, 2))
    reason = f"no {words}; {entry}, and the next is due by {until}"
    if until < day.on:
        return Judgement(
            verdict=Verdict.DUE,
            reason=f"{entry}: a new one, or a nil return, is due by {until}",
            until=until,
            evidence_date=newest,
            renewals=(Renewal(day=until, recorded=True),),
        )
    return Judgement(
        verdict=Verdict.EVIDENCED,
        reason=reason,
        until=until,
        evidence_date=newest,
        renewals=(Renewal(day=until, recorded=True),),
    )


def _speaks_for(nil: Event) -> Period | None:
    """The days that a nil return covers: of its period those until it was given, for nobody knows what will happen."""
    if nil.period is None or nil.period.start > nil.date:
        return None
    return Period(nil.period.start, min(nil.period.end, nil.date))
