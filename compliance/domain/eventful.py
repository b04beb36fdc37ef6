"""Evidence that must follow an event within a time: `on` (SEMANTICS 2 and 3)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

from compliance.domain.candidates import Candidate, Day
from compliance.domain.durations import after
from compliance.domain.events import Event
from compliance.domain.expectations import OnEvent
from compliance.domain.series import DEFAULT_WINDOW, Window, filed_late, with_pending
from compliance.domain.verdicts import Judgement, Verdict, worst


def judge_events(
    candidates: list[Candidate], rule: OnEvent, day: Day, window: Window, events: Sequence[Event]
) -> Judgement:
    """Every event of the window has its evidence in time; a window without events needs a dated nil return."""
    known = sorted(
        (
            event
            for event in events
            if event.type == rule.event
            and event.date <= day.on
            and (window.begins is None or event.date >= window.begins)
        ),
        key=lambda event: (event.date, event.id),
    )
    start = window.start(rule.over, day.on)
    happened = [event for event in known if not event.nil and event.date >= start]
    if happened:
        return with_pending(
            candidates, lambda passes: worst([_answered(event, passes, rule, day) for event in happened])
        )
    words = rule.event.replace("-", " ")
    if not known:
        reason = f"no {words} is recorded since {start}, and no nil return: record one or the other"
        return Judgement(verdict=Verdict.MISSING, reason=reason)
    return _nothing_happened(known[-1], words, rule, day)


def _nothing_happened(newest: Event, words: str, rule: OnEvent, day: Day) -> Judgement:
    """How long the last entry speaks: a nil return through its day plus the window, and then another is needed."""
    until = after(newest.date, rule.over or DEFAULT_WINDOW)
    entry = f"nil return of {newest.date}" if newest.nil else f"the last {words} was on {newest.date}"
    if until < day.on:
        reason = f"{entry}: a new one, or a nil return, was due by {until}"
        if until >= day.known:
            return Judgement(verdict=Verdict.DUE, reason=reason, until=until, evidence_date=newest.date)
        since = until + timedelta(days=1)
        return Judgement(verdict=Verdict.MISSED, reason=reason, since=since, evidence_date=newest.date)
    verdict = Verdict.LAPSING if until <= day.announced else Verdict.EVIDENCED
    return Judgement(verdict=verdict, reason=f"{entry}: no {words}", until=until, evidence_date=newest.date)


def _answered(event: Event, passes: Sequence[Candidate], rule: OnEvent, day: Day) -> Judgement:
    deadline = after(event.date, rule.within)
    overdue = deadline + timedelta(days=1)
    named = f"the {rule.event.replace('-', ' ')} of {event.date}"
    answers = [one for one in passes if _speaks_of(one, event) and one.day >= event.date]
    if answers:
        first = min(answers, key=lambda one: (one.day, one.evidence.id))
        if first.day <= deadline:
            return first.judged(Verdict.EVIDENCED, f"{named} is answered")
        return first.judged(Verdict.MISSED, f"{named}: {filed_late(deadline, first.day)}", since=overdue)
    if deadline >= day.known or deadline >= day.on:
        return Judgement(verdict=Verdict.DUE, reason=f"{named} is to be answered by {deadline}", until=deadline)
    return Judgement(verdict=Verdict.MISSED, reason=f"nothing answers {named}: was due by {deadline}", since=overdue)


def _speaks_of(one: Candidate, event: Event) -> bool:
    """Evidence that names an event speaks of that one alone."""
    return one.evidence.per.get("event", event.id) == event.id
