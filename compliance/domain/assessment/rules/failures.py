"""Fails: which of them stand, on which days, until a later pass for the same target answers them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date

from compliance.domain.assessment.rules.candidates import Candidate
from compliance.domain.ledger.records import Evidence
from compliance.domain.terms.spans import EMPTY, Spans, from_day
from compliance.domain.terms.verdicts import Judgement, Verdict

Target = tuple[tuple[str, str], ...]
"""What a result speaks for: the system, site, supplier or event that it names; none is a target of its own."""


def target_of(item: Evidence) -> Target:
    """What a result speaks for; only results of exactly one target answer each other."""
    return tuple(sorted(item.per.items()))


def standing_failures(candidates: Sequence[Candidate]) -> list[tuple[Candidate, Spans]]:
    """Every fail that is not rejected, with the days on which it stands.

    It stands from its own day, or if it has none from the day it was recorded, and is answered by a pass for exactly
    the same target that is dated later, has begun to be valid and is not retired; stale or superseded it still answers.
    """
    passes = [candidate for candidate in candidates if candidate.passed]
    standing = []
    for failure in candidates:
        if failure.failed and not failure.rejected:
            answered = EMPTY
            for passed in passes:
                if target_of(passed.evidence) == target_of(failure.evidence) and passed.day > _day_to_answer(failure):
                    answered |= from_day(passed.begins) & passed.not_retired
            standing.append((failure, (from_day(_first_day(failure)) & failure.not_retired) - answered))
    return standing


def newest(standing: Iterable[tuple[Candidate, Spans]], on: date) -> Candidate | None:
    """The newest fail that stands on a day."""
    failures = (failure for failure, days in standing if on in days)
    return max(failures, key=lambda failure: (_first_day(failure), failure.evidence.id), default=None)


def failed(failure: Candidate) -> Judgement:
    """The judgement on a fail that stands."""
    of = f", of {failure.evidence.date}," if failure.evidence.date else ", without a date,"
    more = "" if can_be_answered(failure) else ": state its date, for no pass is known to be later"
    return failure.judged(Verdict.FAILED, f"the last result{of} is a fail{more}", since=failure.evidence.date)


def can_be_answered(failure: Candidate) -> bool:
    """Whether a pass can be later than it: of a fail without a date it is known where its record says when it came."""
    return _day_to_answer(failure) < date.max


def overtaken(passed: Candidate, candidates: Iterable[Candidate]) -> Spans:
    """The days on which a pass proves nothing: from a later fail for the same target on, unless that is retired."""
    days = EMPTY
    for failure in candidates:
        stands_against = failure.failed and not failure.rejected and failure.evidence.date and failure.day >= passed.day
        if stands_against and target_of(failure.evidence) == target_of(passed.evidence):
            days |= from_day(failure.day) & failure.not_retired
    return days


def _first_day(failure: Candidate) -> date:
    recorded = failure.evidence.recorded
    return failure.evidence.date or (recorded.on if recorded else date.min)


def _day_to_answer(failure: Candidate) -> date:
    """The day after which a pass answers it; nothing answers a fail of which no day is known at all."""
    recorded = failure.evidence.recorded
    return failure.evidence.date or (recorded.on if recorded else date.max)
