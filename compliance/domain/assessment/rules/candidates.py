"""Which evidence may serve an expectation, on which days, and why the rest may not."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from datetime import date, timedelta

import msgspec

from compliance.domain.ledger.approval import Fingerprint, approval
from compliance.domain.ledger.approvers import Approvers
from compliance.domain.ledger.records import Evidence, WithdrawnAs
from compliance.domain.standards.expectations import Expectation
from compliance.domain.terms.durations import add_days
from compliance.domain.terms.spans import ALL_DAYS, EMPTY, Spans, before_day
from compliance.domain.terms.verdicts import Judgement, Verdict
from compliance.domain.terms.vocabulary import Kind, Result
from compliance.problems import with_article


class DayJudged(msgspec.Struct, frozen=True):
    """The day judged, the day the ledger speaks from, and how far ahead a lapse is announced."""

    on: date
    known: date
    horizon: timedelta

    @property
    def announced(self) -> date:
        """The last day of the horizon."""
        return add_days(self.on, self.horizon.days)

    @property
    def last_to_miss(self) -> date:
        """The last day that can have been missed: none after the day judged, and none after the day known."""
        return min(self.on, self.known)


class Candidate(msgspec.Struct, frozen=True):
    """Evidence that may serve, and what its review says."""

    evidence: Evidence
    review: Judgement

    @property
    def accepted(self) -> bool:
        return self.review.verdict is Verdict.EVIDENCED

    @property
    def rejected(self) -> bool:
        return self.review.verdict is Verdict.REJECTED

    @property
    def failed(self) -> bool:
        return self.evidence.result is Result.FAIL

    @property
    def inconclusive(self) -> bool:
        """Whether it says neither pass nor fail, though its kind should."""
        return self.evidence.is_inconclusive

    @property
    def passed(self) -> bool:
        """Whether it has a date, and says nothing against what it is filed for."""
        return self.evidence.date is not None and not self.failed and not self.inconclusive and not self.rejected

    @property
    def day(self) -> date:
        """The day it speaks for; the first of the calendar where it has none."""
        return self.evidence.date or date.min

    @property
    def begins(self) -> date:
        """The first day on which it can serve: that of its date, or the day printed on it if that is later."""
        return max(self.day, self.evidence.valid_from or date.min)

    @property
    def not_retired(self) -> Spans:
        """The days on which it had not been withdrawn."""
        withdrawn = self.evidence.withdrawn
        if withdrawn is None:
            return ALL_DAYS
        return EMPTY if withdrawn.as_ is WithdrawnAs.INVALID else before_day(withdrawn.on)

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
    """What review says of each piece, worked out once, and what each is to replace."""

    def __init__(self, evidence: Iterable[Evidence], approvers: Approvers, fingerprint_of: Fingerprint) -> None:
        self._approvers = approvers
        self._fingerprint_of = fingerprint_of
        self._reviewed: dict[str, Judgement] = {}
        self._replaces = {item.id: item.supersedes for item in sorted(evidence, key=_by_id) if item.supersedes}

    def of(self, evidence: Evidence) -> Judgement:
        review = self._reviewed.get(evidence.id)
        if review is None:
            review = self._reviewed[evidence.id] = approval(evidence, self._approvers, self._fingerprint_of)
        return review

    def candidate(self, evidence: Evidence) -> Candidate:
        return Candidate(evidence, self.of(evidence))

    def replaced(self, candidates: Iterable[Candidate]) -> dict[str, tuple[date, str]]:
        """Of pieces that successors among the candidates replace, by id: from which day, and by which.

        A successor takes over from the day it begins to serve, with everything that its predecessor had been meant to
        replace in its turn. A fail, an inconclusive piece and one without a date replace nothing.
        """
        replaced: dict[str, tuple[date, str]] = {}
        for successor in sorted(candidates, key=lambda candidate: candidate.evidence.id):
            passed_over: set[str] = set()
            old = successor.evidence.supersedes if successor.passed and successor.not_retired else ""
            while old and old not in passed_over:
                passed_over.add(old)
                entry = (successor.begins, successor.evidence.id)
                replaced[old] = min(replaced.get(old, entry), entry)
                old = self._replaces.get(old, "")
        return replaced


def mapped_candidates(
    evidence: Iterable[Evidence],
    expectation: Expectation,
    day: DayJudged,
    reviews: Reviews,
    served: Mapping[str, frozenset[str]],
) -> list[Candidate]:
    """The evidence mapped to a control that an expectation takes, and that was on file on the day judged.

    `served` gives, by evidence id, the expectations that its mapping names; none means every one of its kind. Which of
    them can serve on a day is for the rule to say: by their spans.
    """
    return [
        reviews.candidate(item)
        for item in evidence
        if expectation.takes(item.kind)
        and (not (named := served.get(item.id)) or expectation.id in named)
        and not _never_counts(item, day)
    ]


def sift(
    evidence: Iterable[Evidence],
    expectation: Expectation,
    day: DayJudged,
    reviews: Reviews,
    served: Mapping[str, frozenset[str]],
) -> tuple[list[Candidate], list[Dismissed]]:
    """The candidates that can serve on the day judged, and why the rest of what is mapped to the control cannot."""
    mapped = tuple(evidence)
    candidates = mapped_candidates(mapped, expectation, day, reviews, served)
    superseded = superseded_by(candidates, expectation, day, reviews)
    serving = [candidate for candidate in candidates if not _cannot_serve(candidate, day, superseded)]
    chosen = {id(candidate.evidence) for candidate in serving}
    dismissed = [
        Dismissed(
            item,
            _serves_another(item, expectation, served.get(item.id))
            or _never_counts(item, day)
            or _cannot_serve(reviews.candidate(item), day, superseded),
        )
        for item in mapped
        if id(item) not in chosen  # of two pieces of one id, which is a problem told elsewhere
    ]
    return serving, dismissed


def superseded_by(
    candidates: Iterable[Candidate], expectation: Expectation, day: DayJudged, reviews: Reviews
) -> dict[str, str]:
    """By what and since when a piece is replaced on the day judged, by id: in a series nothing is, for what was done
    stays done."""
    if expectation.is_series:
        return {}
    accepted = (candidate for candidate in candidates if candidate.accepted)
    replaced = reviews.replaced(accepted)
    return {old: f"{successor} since {since}" for old, (since, successor) in replaced.items() if since <= day.on}


def _by_id(item: Evidence) -> str:
    return item.id


def _serves_another(item: Evidence, expectation: Expectation, named: frozenset[str] | None) -> str:
    if named and expectation.id not in named:
        return f"is mapped to {' and '.join(f'#{name}' for name in sorted(named))} alone"
    if not expectation.takes(item.kind):
        wanted = " or ".join(kind.value for kind in expectation.kinds)
        kind = item.kind.value if item.kind else "piece of no stated kind"
        return f"is {with_article(kind)}, and {with_article(wanted)} is wanted"
    return ""


def _never_counts(item: Evidence, day: DayJudged) -> str:
    if item.erased:
        return f"was erased on {item.erased.on}"
    if item.withdrawn and item.withdrawn.as_ is WithdrawnAs.INVALID:
        return f"was withdrawn on {item.withdrawn.on} as invalid: {item.withdrawn.reason}"
    if item.date and item.date > day.on:
        return f"is dated {item.date}, after the day judged"
    if item.date is None and item.result is Result.FAIL and item.recorded and item.recorded.on > day.on:
        return f"was recorded on {item.recorded.on}, after the day judged"
    return ""


def _cannot_serve(candidate: Candidate, day: DayJudged, superseded: Mapping[str, str]) -> str:
    item = candidate.evidence
    if item.withdrawn and day.on not in candidate.not_retired:
        return f"was withdrawn on {item.withdrawn.on} as {item.withdrawn.as_.value}: {item.withdrawn.reason}"
    if candidate.begins > day.on:
        return f"is valid only from {item.valid_from}"
    successor = superseded.get(item.id)
    return f"is superseded by {successor}" if successor and not candidate.failed else ""


def on_file(evidence: Iterable[Evidence], kinds: Collection[Kind], day: DayJudged, reviews: Reviews) -> list[Candidate]:
    """The dated pieces of some kinds among the evidence mapped to a control, whichever expectation they are mapped to.

    What never counted is left out, and what was rejected.
    """
    candidates = (
        reviews.candidate(item)
        for item in evidence
        if item.kind in kinds and item.date and not _never_counts(item, day)
    )
    return [candidate for candidate in candidates if not candidate.rejected]
