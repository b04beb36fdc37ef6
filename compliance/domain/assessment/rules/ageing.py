"""Evidence that must not be too old: `max-age` and `once`."""

from __future__ import annotations

from datetime import date, timedelta

import msgspec

from compliance.domain.assessment.rules.candidates import Candidate, DayJudged, not_overtaken, standing_failure
from compliance.domain.terms.durations import Duration, after
from compliance.domain.terms.verdicts import Judgement, Verdict, best
from compliance.domain.terms.vocabulary import Result


class Occasion(msgspec.Struct, frozen=True):
    """The last submission or audit that looked at the evidence, and the next one."""

    name: str
    last: date | None
    next: date | None


def judge_age(
    candidates: list[Candidate], age: Duration | None, day: DayJudged, occasion: Occasion | None = None
) -> Judgement | None:
    """The verdict of the best candidate, or None if there is none.

    Evidence is met through its date plus the age, that day included, and stale the day after; what the document itself
    prints (`valid-until`) wins if it is earlier. With an occasion the age counts on that occasion's day, not on the day
    judged: mid-cycle, what was fresh at the last one still serves.
    """
    if not candidates:
        return None
    if any(candidate.failed for candidate in candidates):
        failure = standing_failure(candidates, (candidate for candidate in candidates if not unusable(candidate)))
        if failure:
            return failed(failure)
        candidates = not_overtaken(candidates)
    judged = []
    for candidate in sorted(candidates, key=lambda candidate: (-candidate.day.toordinal(), candidate.evidence.id)):
        judged.append(_judge(candidate, age, day, occasion))
        if judged[-1].verdict is Verdict.EVIDENCED:
            break  # the newest of these is the best there is, and nothing older need be looked at
    return best(judged)


def unusable(candidate: Candidate) -> Judgement | None:
    """Why a candidate cannot serve whatever its age: rejected, failed or undated."""
    review = candidate.review
    if review.verdict is Verdict.REJECTED:
        return candidate.judged(Verdict.REJECTED, review.reason)
    if candidate.failed:
        return failed(candidate)
    if candidate.evidence.date is None:
        return candidate.judged(Verdict.UNDATED, candidate.evidence.undated or "it has no date")
    return None


def failed(candidate: Candidate) -> Judgement:
    """The judgement on a fail that stands."""
    of = f", of {candidate.evidence.date}," if candidate.evidence.date else ""
    return candidate.judged(Verdict.FAILED, f"the last result{of} is a fail", since=candidate.evidence.date)


def limit_of(candidate: Candidate, age: Duration | None) -> date | None:
    """The last day on which a dated candidate is fresh; None if it never ages."""
    limits = [candidate.evidence.valid_until] if candidate.evidence.valid_until else []
    if age is not None and candidate.evidence.date is not None:
        limits.append(after(candidate.evidence.date, age))
    return min(limits, default=None)


def _judge(candidate: Candidate, age: Duration | None, day: DayJudged, occasion: Occasion | None) -> Judgement:
    hindrance = unusable(candidate)
    if hindrance:
        return hindrance
    judged = _fresh(candidate, age, day) if occasion is None else _fresh_for(candidate, age, day, occasion)
    if not candidate.accepted and not (judged.verdict.is_gap and judged.verdict.rank > candidate.review.verdict.rank):
        return candidate.judged(candidate.review.verdict, candidate.review.reason)
    return judged


def _fresh(candidate: Candidate, age: Duration | None, day: DayJudged) -> Judgement:
    limit = limit_of(candidate, age)
    if limit is None:
        return candidate.judged(Verdict.EVIDENCED, _dated(candidate))
    if limit < day.on:
        return candidate.judged(Verdict.STALE, _overrun(candidate, age, limit), since=limit + timedelta(days=1))
    if limit <= day.announced:
        return candidate.judged(Verdict.LAPSING, f"{_dated(candidate)}; fresh through {limit}", until=limit)
    return candidate.judged(Verdict.EVIDENCED, f"{_dated(candidate)}; fresh through {limit}", until=limit)


def _fresh_for(candidate: Candidate, age: Duration | None, day: DayJudged, occasion: Occasion) -> Judgement:
    limit, upcoming, last = limit_of(candidate, age), occasion.next, occasion.last
    printed = candidate.evidence.valid_until
    run_out = printed is not None and printed < day.on
    if limit is None or run_out or (upcoming is None and last is None):
        return _fresh(candidate, age, day)
    if upcoming and upcoming <= day.on:
        # It is the day, or the day has passed unrecorded: then it can take place no earlier than what is known.
        return _looked_at(candidate, limit, max(upcoming, min(day.on, day.known)), f"the {occasion.name}")
    if last and limit < last:
        return _looked_at(candidate, limit, last, f"the last {occasion.name}")
    if last is None and limit < day.on:
        return _fresh(candidate, age, day)
    if upcoming is None or limit >= upcoming:
        until = limit if upcoming else None
        return candidate.judged(Verdict.EVIDENCED, f"{_dated(candidate)}; in date for the {occasion.name}", until=until)
    reason = f"{_dated(candidate)}; will be too old for the {occasion.name} on {upcoming}"
    verdict = Verdict.LAPSING if upcoming <= day.announced else Verdict.EVIDENCED
    return candidate.judged(verdict, reason, until=upcoming)


def _looked_at(candidate: Candidate, limit: date, counted: date, named: str) -> Judgement:
    """The verdict as it is given on the day of a submission or an audit."""
    if limit < counted:
        reason = f"{_dated(candidate)}; too old for {named} on {counted}"
        return candidate.judged(Verdict.STALE, reason, since=limit + timedelta(days=1))
    return candidate.judged(Verdict.EVIDENCED, f"{_dated(candidate)}; in date for {named} on {counted}", until=limit)


def _dated(candidate: Candidate) -> str:
    words = f"dated {candidate.evidence.date}"
    if candidate.evidence.result is Result.CONDITIONAL:
        words += ", a conditional pass"
    return words


def _overrun(candidate: Candidate, age: Duration | None, limit: date) -> str:
    if candidate.evidence.valid_until == limit:
        return f"{_dated(candidate)}; by its own words valid only until {limit}"
    return f"{_dated(candidate)}; older than {age} since {limit + timedelta(days=1)}"
