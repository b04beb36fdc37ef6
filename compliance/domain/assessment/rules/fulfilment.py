"""How an expectation stands, with the days on which it is met; and what review changes of it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date, timedelta

import msgspec

from compliance.domain.assessment.rules.candidates import Candidate, DayJudged
from compliance.domain.assessment.rules.failures import failed, newest, standing_failures
from compliance.domain.terms.spans import EMPTY, Spans
from compliance.domain.terms.verdicts import Judgement, Renewal, Verdict

_PENDING = (Verdict.UNAPPROVED, Verdict.CHANGED)


class Fulfilment(msgspec.Struct, frozen=True, kw_only=True):
    """The judgement on the day judged, and the days on which the pieces on file meet the expectation.

    `steady`: what runs out next was never to last longer (the slot of a calendar), so that no lapse is announced.
    """

    judgement: Judgement
    met: Spans = EMPTY
    steady: bool = False


def settled(fulfilment: Fulfilment, day: DayJudged) -> Fulfilment:
    """The same with the end that follows from the days on which it is met: the last of them without a break."""
    judgement = fulfilment.judgement
    if not judgement.verdict.is_met:
        return fulfilment
    run = fulfilment.met.around(day.on)
    until = run.end if run and run.end < date.max else None
    lapses = until is not None and until <= day.announced and not fulfilment.steady
    renewals = tuple(
        msgspec.structs.replace(renewal, day=min(renewal.day, until + timedelta(days=1)))
        if until and not fulfilment.steady
        else renewal
        for renewal in judgement.renewals
    )
    verdict = Verdict.LAPSING if lapses else Verdict.EVIDENCED
    judgement = msgspec.structs.replace(judgement, verdict=verdict, until=until, renewals=renewals)
    return msgspec.structs.replace(fulfilment, judgement=judgement)


def told_apart(judgement: Judgement) -> Judgement:
    """The same, each of its renewals with a verdict and a reason of its own, so that it can stand beside others."""
    renewals = tuple(
        renewal
        if renewal.verdict
        else msgspec.structs.replace(renewal, verdict=judgement.verdict, reason=judgement.reason)
        for renewal in judgement.renewals
    )
    return msgspec.structs.replace(judgement, renewals=renewals)


def judged(
    candidates: Sequence[Candidate],
    judge: Callable[[list[Candidate]], Fulfilment],
    day: DayJudged,
    beside: Sequence[Candidate] = (),
) -> Fulfilment:
    """How an expectation stands by its rule, by what review lets through of its pieces, unless a fail stands.

    `beside` are pieces of other expectations that the rule looks at too; their fails do not fail this one.
    """
    own = {id(candidate) for candidate in candidates}

    def despite_failures(let_through: list[Candidate]) -> Fulfilment:
        standing = standing_failures([candidate for candidate in let_through if id(candidate) in own])
        failure = newest(standing, day.on)
        if failure:
            return Fulfilment(judgement=failed(failure))
        fulfilment = judge(let_through)
        failing = EMPTY
        for _, days in standing:
            failing |= days
        fulfilment = _due_until(msgspec.structs.replace(fulfilment, met=fulfilment.met - failing), failing, day.on)
        return settled(fulfilment, day)

    return _reviewed([*candidates, *beside], despite_failures)


def _due_until(fulfilment: Fulfilment, failing: Spans, on: date) -> Fulfilment:
    """What is due is so until a fail stands again, when what had answered it is retired."""
    judgement = fulfilment.judgement
    again = min((run.start for run in failing if run.start > on), default=None)
    last = judgement.until
    if judgement.verdict is not Verdict.DUE or again is None or (last and last < again):
        return fulfilment
    renewals = tuple(
        msgspec.structs.replace(renewal, day=min(renewal.day, again)) for renewal in judgement.renewals
    ) or (Renewal(day=again),)
    judgement = msgspec.structs.replace(judgement, until=again - timedelta(days=1), renewals=renewals)
    return msgspec.structs.replace(fulfilment, judgement=judgement)


def _reviewed(candidates: Sequence[Candidate], judge: Callable[[list[Candidate]], Fulfilment]) -> Fulfilment:
    """Judges by what review lets through; where that is a gap, says whether approving what waits would mend it.

    What lacks approval is tried alone first, then what was changed after its approval too. Where neither mends the gap
    the verdict is the one there would be if all of it were approved. What falls due once it is approved falls due all
    the same. A fail counts whatever review says of it, unless
    it was rejected.
    """

    def let_through(*pending: Verdict) -> list[Candidate]:
        return [
            candidate
            for candidate in candidates
            if candidate.failed or candidate.review.verdict not in _PENDING or candidate.review.verdict in pending
        ]

    fulfilment = judge(let_through())
    if not fulfilment.judgement.verdict.is_gap:
        return fulfilment
    hoped = fulfilment
    for number, verdict in enumerate(_PENDING, 1):
        waiting = [
            candidate for candidate in candidates if candidate.review.verdict is verdict and not candidate.failed
        ]
        if not waiting:
            continue
        hoped = judge(let_through(*_PENDING[:number]))
        if not hoped.judgement.verdict.is_gap:
            pending = _deciding(waiting, hoped.judgement)
            judgement = pending.judged(pending.review.verdict, pending.review.reason)
            renewals = told_apart(hoped.judgement).renewals
            judgement = msgspec.structs.replace(judgement, renewals=renewals)
            return msgspec.structs.replace(fulfilment, judgement=judgement)
    return msgspec.structs.replace(fulfilment, judgement=hoped.judgement)


def _deciding(waiting: Sequence[Candidate], hoped: Judgement) -> Candidate:
    """The piece whose approval is waited for: the one that would decide, or else the newest."""
    return max(
        waiting,
        key=lambda candidate: (candidate.evidence.id == hoped.evidence, candidate.day, candidate.evidence.id),
    )
