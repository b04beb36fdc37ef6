"""The verdicts, best to worst."""

from __future__ import annotations

import enum
from datetime import date

import msgspec

from compliance.domain.terms.shapes import Shape


class Verdict(enum.Enum):
    """How an expectation stands on a day."""

    EVIDENCED = "evidenced"
    LAPSING = "lapsing"
    DUE = "due"
    UNAPPROVED = "unapproved"
    CHANGED = "changed"
    STALE = "stale"
    UNDATED = "undated"
    INCONCLUSIVE = "inconclusive"
    MISSED = "missed"
    MISSING = "missing"
    REJECTED = "rejected"
    FAILED = "failed"

    @property
    def rank(self) -> int:
        """0 for the best."""
        return _RANKS[self]

    @property
    def is_gap(self) -> bool:
        return self.rank > _RANKS[Verdict.DUE]

    @property
    def is_met(self) -> bool:
        """Whether the expectation is satisfied on the day, though it may lapse soon."""
        return self in {Verdict.EVIDENCED, Verdict.LAPSING}


_RANKS = {verdict: rank for rank, verdict in enumerate(Verdict)}


class ReasonKind:
    """A kind of reason for which a control is a gap whatever its evidence says: the word for it, and its shape.

    No struct, so that an answer has the word alone in its place.
    """

    __slots__ = ("shape", "value")

    def __init__(self, value: str, shape: Shape) -> None:
        self.value, self.shape = value, shape

    def __str__(self) -> str:
        return self.value

    def __repr__(self) -> str:
        return f"ReasonKind({self.value!r})"


class Reason(msgspec.Struct, frozen=True):
    """Why a control is a gap whatever its evidence says."""

    kind: ReasonKind
    sentence: str


class Flag(enum.Enum):
    """What sets a control apart without being a verdict."""

    EXCLUDED = "excluded"
    NOT_ASKED = "not-asked"
    INHERITED = "inherited"


class Renewal(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A day on which something new has to be there, so that no day is lost.

    `evidence` is the id of the piece that ends, and `of` the supplier, site or event that it is for, if it is for one.
    `event` is the id of the event on record that it must come before, if it must. `recorded`: not evidence is wanted,
    but a word in the register of events. `verdict` and `reason` are how that one stands, where it is judged apart.
    """

    day: date
    evidence: str = ""
    of: str = ""
    event: str = ""
    recorded: bool = False
    verdict: Verdict | None = None
    reason: str = ""


class Judgement(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A verdict with what it rests on.

    `until` is the last day on which it is still met, or on which what is due is still in time; `since` the day from
    which it has been a gap; `evidence` the id of the piece that decided it; `via` the control of another standard that
    it is filed for, and their relation, where it counts only across that; `renewals` the days by which something new
    has to be there, one for each supplier, site or event whose end would change the verdict.
    """

    verdict: Verdict
    reason: str = ""
    evidence: str = ""
    evidence_date: date | None = None
    until: date | None = None
    since: date | None = None
    via: str = ""
    renewals: tuple[Renewal, ...] = ()

    @property
    def last_day(self) -> date:
        """The last day on which it is met; the last of the calendar where nothing ends it."""
        return self.until or date.max


def best(judgements: list[Judgement]) -> Judgement:
    """The best by verdict, then the latest end, then the newest evidence, then the id."""
    return min(
        judgements,
        key=lambda judgement: (
            judgement.verdict.rank,
            -(judgement.until or (date.max if judgement.verdict.is_met else date.min)).toordinal(),
            -(judgement.evidence_date or date.min).toordinal(),
            judgement.evidence,
        ),
    )


def worst(judgements: list[Judgement]) -> Judgement:
    """The worst by verdict; among equals the one that falls due first, then as listed."""
    return max(
        judgements,
        key=lambda judgement: (judgement.verdict.rank, -(judgement.until or date.max).toordinal()),
    )
