"""What is past the day until which it is kept, listed."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

import msgspec

from compliance.domain.ledger.retention import Expired
from compliance.problems import counted
from compliance.reports.parts.answers import Answer
from compliance.reports.parts.terminal import table


class ExpiredRow(msgspec.Struct, frozen=True):
    """A piece that is past its day, and what needs it all the same; nothing where it may go."""

    evidence: str
    title: str
    until: date
    needed_by: tuple[str, ...]


class RetentionList(Answer, frozen=True, kw_only=True):
    """What is past its day, the oldest first."""

    expired: tuple[ExpiredRow, ...]


def list_view(pieces: Sequence[Expired]) -> RetentionList:
    """The list as `--json` has it."""
    return RetentionList(
        expired=tuple(
            ExpiredRow(piece.evidence.id, piece.evidence.title, piece.until, piece.needed_by) for piece in pieces
        )
    )


def list_as_text(pieces: Sequence[Expired], width: int) -> str:
    """One line for each piece, and what it is kept on for; then the command that lets the others go."""
    if not pieces:
        return "Nothing is past its day."
    rows = [
        (
            piece.evidence.id,
            str(piece.until),
            "\n".join([piece.evidence.title, *(f"needed by {need}" for need in piece.needed_by)]),
        )
        for piece in pieces
    ]
    free = [piece.evidence.id for piece in pieces if not piece.needed_by]
    text = table(("Id", "Kept until", "Evidence"), rows, width, flexible=2)
    if not free:
        return f"{text}\nEach is needed."
    may = f"{counted(len(free), 'piece')} may go: compliance evidence dispose {' '.join(free[:3])} --authority …"
    return f"{text}\n{may}"
