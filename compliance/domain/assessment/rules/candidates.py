"""Which evidence may serve an expectation on a day, and why the rest may not."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date, timedelta

import msgspec

from compliance.domain.ledger.approval import Fingerprint, approval
from compliance.domain.ledger.records import Evidence, WithdrawnAs
from compliance.domain.ledger.settings import ReviewPolicy
from compliance.domain.standards.expectations import Expectation
from compliance.domain.terms.verdicts import Judgement, Verdict
from compliance.domain.terms.vocabulary import Kind, Result


class DayJudged(msgspec.Struct, frozen=True):
    """The day judged, the day the ledger speaks from, and how far ahead a lapse is announced."""

    on: date
    known: date
    horizon: timedelta

    @property
    def announced(self) -> date:
        """The last day of the horizon."""
        return date.fromordinal(min(self.on.toordinal() + self.horizon.days, date.max.toordinal()))


class Candidate(msgspec.Struct, frozen=True):
    """Evidence that may serve, and what its review says."""

    evidence: Evidence
    review: Judgement

    @property
    def accepted(self) -> bool:
        return self.review.verdict is Verdict.EVIDENCED

    @property
    def failed(self) -> bool:
        return self.evidence.result is Result.FAIL

    @property
    def day(self) -> date:
        """The day it speaks for; the first of the calendar where it has none."""
        return self.evidence.date or date.min

    def judged(
        self, verdict: Verdict, reason: str = "", until: date | None = None, since: date | None = None
    ) -> Judgement:
        """A judgement that rests on this piece."""
        return Judgement(
            verdict=verdict,
            reason=reason,
            evidence=self.evidence.id,
            evidence_date=self.evidence.date,
            until=until,
            since=since,
        )


class Dismissed(msgspec.Struct, frozen=True):
    """Evidence mapped to the control that may not serve, and why."""

    evidence: Evidence
    why: str


class Reviews:
    """What review says of each piece, worked out once, and what has been superseded on a day."""

    def __init__(
        self, evidence: Iterable[Evidence], policy: ReviewPolicy, fingerprint_of: Fingerprint, on: date
    ) -> None:
        self._policy = policy
        self._fingerprint_of = fingerprint_of
        self._known: dict[str, Judgement] = {}
        self._superseded: dict[str, str] = {}
        successors = sorted((item for item in evidence if item.supersedes), key=lambda item: item.id)
        replaces = {successor.id: successor.supersedes for successor in successors}
        for successor in successors:
            if self._replaces(successor, on):
                self._replace(successor, replaces)

    def of(self, evidence: Evidence) -> Judgement:
        review = self._known.get(evidence.id)
        if review is None:
            review = self._known[evidence.id] = approval(evidence, self._policy, self._fingerprint_of)
        return review

    def successor_of(self, evidence: Evidence) -> str | None:
        return self._superseded.get(evidence.id)

    def _replace(self, successor: Evidence, replaces: Mapping[str, str]) -> None:
        """Takes out what a successor replaces, with everything that this had been meant to replace in its turn."""
        old = successor.supersedes
        while old and old not in self._superseded:
            self._superseded[old] = successor.id
            old = replaces.get(old, "")

    def _replaces(self, successor: Evidence, on: date) -> bool:
        """A successor takes over from its date on, once review lets it: a newer draft is a note, not a gap."""
        invalid = successor.withdrawn is not None and successor.withdrawn.as_ is WithdrawnAs.INVALID
        dated = successor.date is not None and successor.date <= on
        return dated and not invalid and self.of(successor).verdict is Verdict.EVIDENCED


def eligible(
    evidence: Iterable[Evidence],
    expectation: Expectation,
    day: DayJudged,
    reviews: Reviews,
    served: Mapping[str, frozenset[str]],
) -> list[Candidate]:
    """The candidates for an expectation among the evidence mapped to its control.

    `served` gives, by evidence id, the expectations that its mapping names; none means every one of its kind.
    """
    return [
        Candidate(item, reviews.of(item))
        for item in evidence
        if expectation.takes(item.kind)
        and (not (named := served.get(item.id)) or expectation.id in named)
        and not _out(item, day, reviews)
    ]


def sift(
    evidence: Iterable[Evidence],
    expectation: Expectation,
    day: DayJudged,
    reviews: Reviews,
    served: Mapping[str, frozenset[str]],
) -> tuple[list[Candidate], list[Dismissed]]:
    """The same, with what is left out and why."""
    mapped = tuple(evidence)
    candidates = eligible(mapped, expectation, day, reviews, served)
    chosen = {
        id(candidate.evidence) for candidate in candidates
    }  # of two pieces of one id, which is a problem told elsewhere
    dismissed = [
        Dismissed(item, _serves_another(item, expectation, served.get(item.id)) or _out(item, day, reviews))
        for item in mapped
        if id(item) not in chosen
    ]
    return candidates, dismissed


def _serves_another(item: Evidence, expectation: Expectation, named: frozenset[str] | None) -> str:
    if named and expectation.id not in named:
        return f"is mapped to {' and '.join(f'#{name}' for name in sorted(named))} alone"
    if not expectation.takes(item.kind):
        wanted = " or ".join(kind.value for kind in expectation.kinds)
        return f"is a {item.kind.value if item.kind else 'piece of no stated kind'}, and a {wanted} is wanted"
    return ""


def _out(item: Evidence, day: DayJudged, reviews: Reviews) -> str:
    if item.erased:
        return f"was erased on {item.erased.on}"
    if item.withdrawn and (item.withdrawn.as_ is WithdrawnAs.INVALID or item.withdrawn.on <= day.on):
        return f"was withdrawn on {item.withdrawn.on} as {item.withdrawn.as_.value}: {item.withdrawn.reason}"
    if item.date and item.date > day.on:
        return f"is dated {item.date}, after the day judged"
    if item.valid_from and item.valid_from > day.on:
        return f"is valid only from {item.valid_from}"
    successor = reviews.successor_of(item)
    return f"is superseded by {successor}" if successor else ""


def on_file(evidence: Iterable[Evidence], kinds: Collection[Kind], day: DayJudged, reviews: Reviews) -> list[Candidate]:
    """The dated pieces of some kinds among the evidence mapped to a control, whichever expectation they are mapped to.

    What may not serve is left out, and what was rejected.
    """
    candidates = (
        Candidate(item, reviews.of(item))
        for item in evidence
        if item.kind in kinds and item.date and not _out(item, day, reviews)
    )
    return [candidate for candidate in candidates if candidate.review.verdict is not Verdict.REJECTED]


def target_of(item: Evidence) -> tuple[tuple[str, str], ...]:
    """What a result speaks for: the system, site or supplier it names; results of one target answer each other."""
    return tuple(sorted((key, value) for key, value in item.per.items() if key != "event"))


def last_failures(candidates: Iterable[Candidate]) -> dict[tuple[tuple[str, str], ...], Candidate]:
    """The last fail of each target; a rejected result is no result."""
    last: dict[tuple[tuple[str, str], ...], Candidate] = {}
    for candidate in candidates:
        if candidate.failed and candidate.evidence.date and candidate.review.verdict is not Verdict.REJECTED:
            target = target_of(candidate.evidence)
            if target not in last or (last[target].day, last[target].evidence.id) < (
                candidate.day,
                candidate.evidence.id,
            ):
                last[target] = candidate
    return last


def standing_failure(candidates: Sequence[Candidate], passes: Iterable[Candidate]) -> Candidate | None:
    """The newest fail that no later pass for the same target has answered. On one day the fail outweighs the pass."""
    last = last_failures(candidates)
    if not last:
        return None
    answered: dict[tuple[tuple[str, str], ...], date] = {}
    for passed in passes:
        target = target_of(passed.evidence)
        answered[target] = max(answered.get(target, date.min), passed.day)
    standing = [failure for target, failure in last.items() if answered.get(target, date.min) <= failure.day]
    return max(standing, key=lambda failure: (failure.day, failure.evidence.id), default=None)


def not_overtaken(candidates: Sequence[Candidate]) -> list[Candidate]:
    """The candidates less the passes that a fail of the same target overtook: older passes prove nothing."""
    last = last_failures(candidates)
    return [
        candidate
        for candidate in candidates
        if candidate.failed
        or candidate.evidence.date is None
        or (failure := last.get(target_of(candidate.evidence))) is None
        or candidate.evidence.date > failure.day
    ]
