"""What is to be done now: overdue, this week, this month, and what waits for somebody's approval."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import date

import msgspec

from compliance.domain.due.counting import DueInScopes, When, by_urgency
from compliance.domain.ledger.approval import approval
from compliance.domain.ledger.control_index import ControlIndex
from compliance.domain.ledger.ledger import Ledger
from compliance.domain.ledger.records import Evidence, WithdrawnAs
from compliance.domain.registers.parts.dues import Due
from compliance.domain.terms.verdicts import Verdict
from compliance.domain.terms.vocabulary import person_key


class Waiting(msgspec.Struct, frozen=True):
    """Evidence that counts only once somebody approves it; `mine` if it is for the person who asks."""

    evidence: Evidence
    why: str
    mine: bool


class Agenda(msgspec.Struct, frozen=True, kw_only=True):
    """A day's work, soonest first."""

    on: date
    due: dict[When, tuple[DueInScopes, ...]]
    waiting: tuple[Waiting, ...]


def agenda(
    ledger: Ledger, renewals: Iterable[Due], on: date, me: str, concerns: Callable[[str, tuple[str, ...]], bool]
) -> Agenda:
    """What is due by the end of the month, what is to be begun by then, and what waits for approval.

    `me` is who asks, as `Name <address>`. `concerns` tells, of an owner and scopes, whether they are asked about.
    """
    concerning = (renewal for renewal in renewals if concerns(renewal.owner, (renewal.scope,)))
    due = by_urgency(concerning, on)
    del due[When.LATER]
    return Agenda(
        on=on,
        due=due,
        waiting=tuple(
            piece for piece in _waiting(ledger, on, me) if concerns(piece.evidence.owner, piece.evidence.scope)
        ),
    )


def _waiting(ledger: Ledger, on: date, me: str) -> Iterable[Waiting]:
    """Evidence that review keeps from counting, what is for the person who asks first, then the oldest."""
    fingerprint_of = ControlIndex(ledger).fingerprint_of
    pieces = []
    for item in ledger.evidence:
        if not item.controls or item.erased or _is_withdrawn(item, on):
            continue
        review = approval(item, ledger.approvers, fingerprint_of)
        if review.verdict in {Verdict.UNAPPROVED, Verdict.CHANGED}:
            mine = bool(me) and not ledger.approvers.objection_to(item, me, on)
            pieces.append(Waiting(item, review.reason, mine))
    return sorted(pieces, key=lambda piece: (not piece.mine, piece.evidence.date or date.max, piece.evidence.id))


def _is_withdrawn(item: Evidence, on: date) -> bool:
    withdrawn = item.withdrawn
    return withdrawn is not None and (withdrawn.as_ is WithdrawnAs.INVALID or withdrawn.on <= on)


def owner_matches(owner: str, wanted: str) -> bool:
    """Whether an owner is the one who is looked for: the same address, or the name as part of what is written."""
    if not wanted:
        return True
    return bool(owner) and (person_key(owner) == person_key(wanted) or name_in(owner, wanted))


def name_in(owner: str, wanted: str) -> bool:
    """Whether the name of `Name <address>` stands in what is written of the owner."""
    name = wanted.partition(" <")[0].strip().casefold()
    return bool(name) and name in owner.casefold()
