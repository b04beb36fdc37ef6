"""Evidence held, disposed of when its day has passed, and erased where the law says so: a tombstone stays."""

from __future__ import annotations

from collections.abc import Sequence

import msgspec

from compliance.domain.ledger.ledger import Ledger
from compliance.domain.ledger.records import Hold, Record, Tombstone
from compliance.domain.ledger.retention import needs
from compliance.ledger.opening import Workspace
from compliance.operations.evidence.filed import FiledPiece, RecordChange, foreseen_change, open_pieces
from compliance.problems import Problem, Refused, refuse

ABOUT_HISTORY = (
    "The bytes are gone from the last commit. They are still in every earlier commit, in each clone and fork, in "
    "backups and on the server. Where they must go there too: rewrite the history with git filter-repo (--invert-paths "
    "--path FILE), push it with --force, have the server drop what it kept, and have everybody clone anew. The ids and "
    "signatures of later commits change with that; the tombstone says why."
)
"""What the user is told when something was erased."""


def hold(workspace: Workspace, ledger: Ledger, identifiers: Sequence[str], mark: Hold) -> RecordChange:
    """The records with a hold; nothing is written. Raises Refused for a piece that is held or gone."""
    pieces = _there(workspace, ledger, identifiers)
    held = [piece for piece in pieces if piece.evidence.hold]
    if held:
        raise refuse(
            f"{held[0].name} is held already", hint=f"release it first: compliance evidence release {held[0].id}"
        )
    return _changed(workspace, ledger, pieces, hold=mark)


def release(workspace: Workspace, ledger: Ledger, identifiers: Sequence[str]) -> RecordChange:
    """The records without their hold; nothing is written. Raises Refused for a piece that nobody holds."""
    pieces = _there(workspace, ledger, identifiers)
    for piece in pieces:
        if not piece.evidence.hold:
            raise refuse(f"{piece.name} is not held", hint="hold it with: compliance evidence hold ID --reason REASON")
    return _changed(workspace, ledger, pieces, hold=None)


def dispose(workspace: Workspace, ledger: Ledger, identifiers: Sequence[str], stone: Tombstone) -> RecordChange:
    """The records of pieces whose day has passed, as tombstones, without their files; nothing is written.

    Raises Refused for a piece whose day has not passed, or that something needs.
    """
    pieces = _there(workspace, ledger, identifiers)
    problems = []
    for piece in pieces:
        until, needed_by = piece.evidence.retain_until, list(needs(ledger, piece.evidence, stone.on))
        if until is None or until >= stone.on:
            day = f"is kept until {until}" if until else "has no day until which it is kept"
            hint = f"where the law wants it gone: compliance evidence erase {piece.id}"
            problems.append(Problem(f"{piece.name} {day}", hint=hint))
        elif needed_by:
            hint = "see to that first: compliance retention list"
            problems.append(Problem(f"{piece.name} is needed: {'; '.join(needed_by)}", hint=hint))
    if problems:
        raise Refused(problems)
    return _gone(workspace, ledger, pieces, stone)


def erase(workspace: Workspace, ledger: Ledger, identifiers: Sequence[str], stone: Tombstone) -> RecordChange:
    """The records as tombstones, without their files, whatever needs them; nothing is written.

    Raises Refused for a piece that is held: a request or a court wants it kept.
    """
    pieces = _there(workspace, ledger, identifiers)
    for piece in pieces:
        if piece.evidence.hold:
            hint = f"release it first: compliance evidence release {piece.id}"
            raise refuse(f"{piece.name} is held: {piece.evidence.hold.reason}", hint=hint)
    return _gone(workspace, ledger, pieces, stone)


def _there(workspace: Workspace, ledger: Ledger, identifiers: Sequence[str]) -> list[FiledPiece]:
    pieces = open_pieces(workspace, ledger, identifiers)
    for piece in pieces:
        if piece.evidence.erased:
            raise refuse(f"{piece.name} is gone since {piece.evidence.erased.on}", hint="its record says why")
    return pieces


def _gone(workspace: Workspace, ledger: Ledger, pieces: Sequence[FiledPiece], stone: Tombstone) -> RecordChange:
    going = {piece.id for piece in pieces}
    paths = {piece.evidence.path for piece in pieces}
    for item in ledger.evidence:
        if item.path in paths and item.id not in going and not item.erased:
            hint = "dispose of both together"
            raise refuse(f"{item.title} ({item.id}) is a record of the same bytes, {item.path}", hint=hint)
    return foreseen_change(
        workspace,
        ledger,
        [(piece, msgspec.structs.replace(_in_full(piece), erased=stone)) for piece in pieces],
        sorted(piece.evidence.path for piece in pieces if not piece.evidence.elsewhere),
    )


def _in_full(piece: FiledPiece) -> Record:
    """The record, with its id, title and hash even where rules said the rest."""
    evidence, record = piece.evidence, piece.record
    return msgspec.structs.replace(
        record,
        id=evidence.id,
        title=record.title or evidence.title,
        kind=record.kind or evidence.kind,
        date=record.date or (None if record.period else evidence.date),
        sha256=record.sha256 or evidence.sha256,
        size=record.size if record.size is not None else evidence.size,
    )


def _changed(workspace: Workspace, ledger: Ledger, pieces: Sequence[FiledPiece], **fields: Hold | None) -> RecordChange:
    records = [(piece, msgspec.structs.replace(piece.record, **fields)) for piece in pieces]
    return foreseen_change(workspace, ledger, records)
