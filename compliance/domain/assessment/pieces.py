"""How a piece of evidence stands on a day, whatever it is mapped to."""

from __future__ import annotations

import enum
from datetime import date

import msgspec

from compliance.domain.assessment.rules.candidates import Reviews
from compliance.domain.ledger.control_index import ControlIndex
from compliance.domain.ledger.ledger import Ledger
from compliance.domain.ledger.records import Evidence, WithdrawnAs
from compliance.domain.terms.verdicts import Verdict


class PieceState(enum.Enum):
    """How a piece stands; only what is live serves a control, if its date and result do."""

    LIVE = "live"
    SUPERSEDED = "superseded"
    RETIRED = "retired"
    INVALID = "invalid"
    REJECTED = "rejected"
    AWAITING_APPROVAL = "awaiting approval"
    ERASED = "erased"


class PieceStanding(msgspec.Struct, frozen=True):
    """The state, in words with what it comes from (`superseded by E-7K2M9QXT`), and a sentence more if there is one."""

    state: PieceState
    words: str
    why: str = ""


class PieceStandings:
    """How each piece of a ledger stands on a day."""

    def __init__(self, ledger: Ledger) -> None:
        self._reviews = Reviews(ledger.evidence, ledger.approvers, ControlIndex(ledger).fingerprint_of)
        candidates = (self._reviews.candidate(item) for item in ledger.evidence)
        self._replaced = self._reviews.replaced(candidate for candidate in candidates if candidate.accepted)

    def of(self, item: Evidence, on: date) -> PieceStanding:
        """How a piece stands. What ends it for good comes before what review says, and that before a successor."""
        if item.erased and item.erased.on <= on:
            return PieceStanding(PieceState.ERASED, f"erased on {item.erased.on}", item.erased.reason)
        withdrawn = item.withdrawn
        if withdrawn and withdrawn.as_ is WithdrawnAs.INVALID:
            return PieceStanding(PieceState.INVALID, "invalid", withdrawn.reason)
        if withdrawn and withdrawn.on <= on:
            return PieceStanding(PieceState.RETIRED, f"retired on {withdrawn.on}", withdrawn.reason)
        review = self._reviews.of(item)
        if review.verdict is Verdict.REJECTED:
            return PieceStanding(PieceState.REJECTED, "rejected", review.reason)
        since, successor = self._replaced.get(item.id, (date.max, ""))
        if successor and since <= on:
            return PieceStanding(PieceState.SUPERSEDED, f"superseded by {successor}")
        if review.verdict in {Verdict.UNAPPROVED, Verdict.CHANGED}:
            return PieceStanding(PieceState.AWAITING_APPROVAL, "awaiting approval", review.reason)
        return PieceStanding(PieceState.LIVE, "live")
