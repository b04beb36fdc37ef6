"""Evidence: what a record may say of a file, and what stands once every source has been heard."""

from __future__ import annotations

import datetime as dt
import enum
from typing import Annotated

import msgspec

from compliance.domain.terms.moments import Moment
from compliance.domain.terms.periods import Period
from compliance.domain.terms.references import Reference
from compliance.domain.terms.spans import EMPTY, Spans, before_day, from_day, through
from compliance.domain.terms.vocabulary import CONCLUDING, Attribution, Kind, Result, Via, person_key


class Outcome(enum.Enum):
    """What a reviewer decided; of what one person decides at one time, what stands further down rules."""

    APPROVED = "approved"
    REVOKED = "revoked"
    """Everything that the person decided of the piece before is taken back."""
    CHANGES_ASKED = "changes-asked"
    REJECTED = "rejected"


class Decision(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One review of a piece of evidence, bound to what was reviewed by its stamp.

    `parts` are digests of what the stamp covers, so that a mismatch can say which part changed. A decision of a board
    names it and the evidence of its minutes; `by` is always who recorded it.
    """

    id: Annotated[str, msgspec.Meta(description="Tells it from others, so that two branches merge by union.")] = ""
    decision: Outcome
    by: str
    on: Annotated[Moment, msgspec.Meta(description="The time in UTC; older records state the day alone.")]
    via: Via | None = None
    on_behalf_of: Annotated[str, msgspec.Meta(description="The board that decided, by its minutes.")] = ""
    minutes: Annotated[str, msgspec.Meta(description="The evidence id of the minutes.")] = ""
    note: str = ""
    stamp: str = ""
    parts: dict[str, str] = {}

    @property
    def decider(self) -> str:
        """What tells who decided apart: the address of the person, or the board in whose name it was recorded."""
        return f"board {' '.join(self.on_behalf_of.casefold().split())}" if self.on_behalf_of else person_key(self.by)


class Correction(msgspec.Struct, frozen=True, kw_only=True):
    """What was changed in a record after it was filed: by whom, when, why, and what each field said before."""

    by: str
    on: Moment
    reason: str
    was: Annotated[
        dict[str, str],
        msgspec.Meta(description="What each field said; lists with commas; (none) where it said nothing."),
    ]


class WithdrawnAs(enum.Enum):
    """Whether withdrawn evidence never counted, or counted until then."""

    INVALID = "invalid"
    RETIRED = "retired"


class Withdrawal(msgspec.Struct, frozen=True, kw_only=True):
    """Evidence taken back, by whom, when and why."""

    by: str
    on: dt.date
    reason: str
    as_: WithdrawnAs = msgspec.field(default=WithdrawnAs.INVALID, name="as")


class Tombstone(msgspec.Struct, frozen=True, kw_only=True):
    """Stands where the law had bytes erased."""

    by: str
    on: dt.date
    reason: str
    authority: str


class Hold(msgspec.Struct, frozen=True, kw_only=True):
    """Why something must not be disposed of, whatever its day: a request under the law, litigation."""

    by: str
    on: dt.date
    reason: str


class Elsewhere(msgspec.Struct, frozen=True, kw_only=True):
    """Bytes kept outside the repository: where, and what identifies them."""

    location: str
    held_by: str = ""


class Allowed(msgspec.Struct, frozen=True, kw_only=True):
    """A secret, or what looks like one, let into a file knowingly: by whom and why, and for which bytes alone."""

    by: str
    on: dt.date
    reason: str
    sha256: str


class Record(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What a sidecar says of a file; every field may be left for front matter or rules to say."""

    id: str = ""
    file: str = ""
    title: str = ""
    kind: Kind | None = None
    result: Result | None = None
    date: dt.date | None = None
    period: Period | None = None
    valid_from: dt.date | None = None
    valid_until: dt.date | None = None
    controls: tuple[Reference, ...] | None = None
    also: tuple[Reference, ...] = ()
    scope: tuple[str, ...] | None = None
    per: dict[str, str] | None = None
    owner: str = ""
    classification: str = ""
    source: str = ""
    sha256: str = ""
    size: int | None = None
    elsewhere: Elsewhere | None = None
    recorded: Attribution | None = None
    allowed: Allowed | None = None
    supersedes: str = ""
    withdrawn: Withdrawal | None = None
    erased: Tombstone | None = None
    retain_until: dt.date | None = None
    hold: Hold | None = None
    note: str = ""
    corrected: tuple[Correction, ...] = ()
    decisions: tuple[Decision, ...] = ()


class Evidence(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A piece of evidence as it stands at a commit: a file, and what its sources together say of it."""

    id: str
    path: str
    record: str = ""
    """The path of its sidecar; empty for evidence that rules or front matter alone describe."""
    title: str
    kind: Kind | None = None
    result: Result | None = None
    date: dt.date | None = None
    undated: str = ""
    """Why it has no date that the rules accept."""
    period: Period | None = None
    valid_from: dt.date | None = None
    valid_until: dt.date | None = None
    controls: tuple[Reference, ...] = ()
    scope: tuple[str, ...] = ()
    per: dict[str, str] = {}
    owner: str = ""
    classification: str = ""
    source: str = ""
    sha256: str = ""
    """Of the committed bytes; of those that lie elsewhere, what its record says."""
    size: int = 0
    altered: bool = False
    """Whether the committed bytes are not those that its record names."""
    elsewhere: Elsewhere | None = None
    recorded: Attribution | None = None
    allowed: Allowed | None = None
    supersedes: str = ""
    withdrawn: Withdrawal | None = None
    erased: Tombstone | None = None
    retain_until: dt.date | None = None
    hold: Hold | None = None
    corrected: tuple[Correction, ...] = ()
    decisions: tuple[Decision, ...] = ()

    @property
    def is_inconclusive(self) -> bool:
        """Whether it says neither pass nor fail: it says so itself, or gives no result though its kind should."""
        return self.result is Result.INCONCLUSIVE or (self.result is None and self.kind in CONCLUDING)

    @property
    def is_rejected(self) -> bool:
        """Whether somebody's last decision is a rejection: no approval of another takes it back."""
        return any(decision.decision is Outcome.REJECTED for decision in standing_decisions(self))

    @property
    def is_void(self) -> bool:
        """Whether it was withdrawn, erased or rejected: it shows nothing any more."""
        return self.withdrawn is not None or self.erased is not None or self.is_rejected

    @property
    def days_in_force(self) -> Spans:
        """The days on which it may serve, however old it has grown.

        From its date or, if that is later, the day printed on it; to the end that it prints, its retirement or its
        erasure. None for what has no date, was rejected or is invalid.
        """
        is_invalid = self.withdrawn is not None and self.withdrawn.as_ is WithdrawnAs.INVALID
        if self.date is None or is_invalid or self.is_rejected:
            return EMPTY
        days = from_day(max(self.date, self.valid_from or self.date))
        days = days & through(self.valid_until) if self.valid_until else days
        ends = [mark.on for mark in (self.withdrawn, self.erased) if mark]
        return days & before_day(min(ends)) if ends else days


def last_decision(evidence: Evidence) -> Decision | None:
    """The decision that was taken last."""
    return max(evidence.decisions, key=_in_order, default=None)


def standing_decisions(evidence: Evidence) -> list[Decision]:
    """The last decision of each person, oldest first: a later one of another takes none back.

    Of several by one person at one time the refusal counts, and the order in which they are written changes nothing.
    Whoever revoked has decided nothing.
    """
    last: dict[str, Decision] = {}
    for decision in sorted(evidence.decisions, key=_in_order):
        last[decision.decider] = decision
    standing = (decision for decision in last.values() if decision.decision is not Outcome.REVOKED)
    return sorted(standing, key=_in_order)


def standing_approvals(evidence: Evidence) -> list[Decision]:
    """Every approval since its person last refused or revoked, oldest first."""
    approvals: dict[str, list[Decision]] = {}
    for decision in sorted(evidence.decisions, key=_in_order):
        of_person = approvals.setdefault(decision.decider, [])
        if decision.decision is Outcome.APPROVED:
            of_person.append(decision)
        else:
            of_person.clear()
    return sorted((decision for of_person in approvals.values() for decision in of_person), key=_in_order)


def _in_order(decision: Decision) -> tuple[Moment, int, str, str]:
    return decision.on, list(Outcome).index(decision.decision), decision.stamp, decision.id
