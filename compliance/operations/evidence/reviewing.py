"""Decisions of review: approved, rejected or with changes asked for, each bound to what was looked at."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence

import msgspec

from compliance.domain.ledger.approval import parts, stamp
from compliance.domain.ledger.control_index import ControlIndex
from compliance.domain.ledger.ledger import Ledger
from compliance.domain.ledger.records import Decision, Outcome, WithdrawnAs, standing_approvals, standing_decisions
from compliance.domain.terms.identifiers import identifier
from compliance.domain.terms.moments import Moment
from compliance.ledger.opening import Workspace
from compliance.operations.evidence.filed import (
    FiledPiece,
    RecordChange,
    foreseen_change,
    live_minutes,
    open_pieces,
)
from compliance.operations.registers.registering import committer
from compliance.problems import Problem, Refused, refuse

DECISION = "K"
"""The letter with which the ids of decisions begin."""
DEEDS = {
    Outcome.APPROVED: "approve",
    Outcome.REVOKED: "revoke",
    Outcome.CHANGES_ASKED: "ask for changes",
    Outcome.REJECTED: "reject",
}


class Review(msgspec.Struct, frozen=True, kw_only=True):
    """What is decided, why, and in whose name where that is a board's, by its minutes."""

    outcome: Outcome
    note: str = ""
    on_behalf_of: str = ""
    minutes: str = ""


def decide(
    workspace: Workspace, ledger: Ledger, identifiers: Sequence[str], review: Review, now: Moment
) -> RecordChange:
    """The records with a decision of whoever works here, and how the pieces would stand; nothing is written.

    What has that decision already is left out. Raises Refused with each piece that cannot be decided so.
    """
    review = msgspec.structs.replace(review, minutes=_minutes(ledger, review))
    pieces = open_pieces(workspace, ledger, identifiers)
    by = ledger.directory.canonical(committer(workspace))
    problems = [problem for piece in pieces if (problem := _hindrance(ledger, piece, review, by, now))]
    if problems:
        raise Refused(problems)
    index = ControlIndex(ledger)
    records = []
    for piece in pieces:
        digests = parts(piece.evidence, index.fingerprint_of)
        decision = Decision(
            decision=review.outcome,
            by=by,
            on=_after_own(piece, by, review.on_behalf_of, now),
            on_behalf_of=review.on_behalf_of,
            minutes=review.minutes,
            note=review.note,
            stamp=stamp(digests),
            parts=digests if review.outcome is Outcome.APPROVED else {},
        )
        if not _says_so_already(piece, decision):
            decision = msgspec.structs.replace(decision, id=_identifier(piece, decision))
            record = msgspec.structs.replace(piece.record, decisions=(*piece.record.decisions, decision))
            records.append((piece, record))
    return foreseen_change(workspace, ledger, records)


def _after_own(piece: FiledPiece, by: str, board: str, now: Moment) -> Moment:
    """The time of a decision: later than any that the same person took of the piece before, if only by a second."""
    decider = Decision(decision=Outcome.APPROVED, by=by, on=now, on_behalf_of=board).decider
    own = [decision.on for decision in piece.evidence.decisions if decision.decider == decider]
    return max([now, *(moment.next_second for moment in own)])


def _identifier(piece: FiledPiece, decision: Decision) -> str:
    """An id that follows from what was decided, when and by whom: the same decision has one id on every branch."""
    made_of = [piece.evidence.id, decision.by, str(decision.on), decision.decision.value, decision.stamp]
    digest = hashlib.sha256("\n".join([*made_of, decision.on_behalf_of, decision.note]).encode()).digest()
    return identifier(DECISION, int.from_bytes(digest[:5], "big"))


def _minutes(ledger: Ledger, review: Review) -> str:
    """The id of the minutes of a board. Raises Refused where they are not filed, or a board decides without any."""
    if not review.on_behalf_of:
        if review.minutes:
            raise refuse("--minutes goes with --on-behalf-of", hint="name the board: --on-behalf-of BOARD")
        return ""
    if not review.minutes:
        hint = "file its minutes, and name them: --minutes ID"
        raise refuse(f"what {review.on_behalf_of} decided needs its minutes", hint=hint)
    return live_minutes(ledger, review.minutes).id


def _hindrance(ledger: Ledger, piece: FiledPiece, review: Review, by: str, now: Moment) -> Problem | None:
    """Why a piece cannot be decided so; None if it can."""
    evidence = piece.evidence
    show = f"look at it with: compliance evidence show {evidence.id}"
    if evidence.erased:
        return Problem(f"{piece.name} was erased on {evidence.erased.on}", hint=show)
    if evidence.withdrawn and evidence.withdrawn.as_ is WithdrawnAs.INVALID:
        return Problem(f"{piece.name} was withdrawn as invalid: nothing makes it count", hint=show)
    if review.outcome is not Outcome.APPROVED:
        return None
    if evidence.altered:
        hint = f"restore it, or file it anew with: compliance evidence replace {evidence.id} FILE"
        return Problem(f"{piece.name}: its bytes are not those that were recorded", hint=hint)
    if review.on_behalf_of:
        objection = ledger.approvers.objection_to_board(evidence, review.on_behalf_of, review.minutes)
    else:
        objection = ledger.approvers.objection_to(evidence, by, now.day)
    return Problem(f"{piece.name}: {objection}", hint=_who_may(ledger, piece, now)) if objection else None


def _who_may(ledger: Ledger, piece: FiledPiece, now: Moment) -> str:
    """Whom to ask instead: those who hold a post that may."""
    rule = ledger.approvers.asked(piece.evidence)
    scopes = piece.evidence.scope or (ledger.settings.default_scope,)
    posts = rule.posts if rule else ()
    holders = {
        person.name: post
        for post in posts
        for scope in scopes
        for person in ledger.directory.holders(post, scope, now.day)
    }
    if holders:
        return f"ask {', or '.join(f'{name} ({post})' for name, post in holders.items())}"
    return f"it takes {', or '.join(posts)}" if posts else "ask somebody else to approve it"


def _says_so_already(piece: FiledPiece, decision: Decision) -> bool:
    """Whether the same person has decided the same of the same already, with nothing to add."""
    if decision.decision is Outcome.APPROVED:
        standing = standing_approvals(piece.evidence)
        return any((each.decider, each.stamp) == (decision.decider, decision.stamp) for each in standing)
    return any(
        (each.decider, each.decision, each.note) == (decision.decider, decision.decision, decision.note)
        for each in standing_decisions(piece.evidence)
    )
