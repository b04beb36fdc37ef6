"""A piece of evidence that was filed, and its record: found, read, and written anew."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date

import msgspec

from compliance.domain.assessment.pieces import PieceStanding, PieceStandings
from compliance.domain.ledger.ledger import Ledger
from compliance.domain.ledger.records import Evidence, Record
from compliance.domain.terms.identifiers import EVIDENCE, normalised
from compliance.domain.terms.layout import RECORD_SUFFIX
from compliance.domain.terms.vocabulary import Kind
from compliance.gitrepo.process.process import Git
from compliance.ledger.foreseen import foreseen
from compliance.ledger.opening import Workspace
from compliance.operations.committing import Committed, commit_change, committed_contents
from compliance.problems import Refused, choice_hint, printable, refuse
from compliance.store.records.records import parse_record, plain_of, render_record
from compliance.store.text.yaml_editing import edited
from compliance.workspace.shipped import digest


class FiledPiece(msgspec.Struct, frozen=True):
    """A piece of evidence with its record, or with the one that it would get if rules or front matter describe it.

    `text` is the record's file in the last commit; None where there is none yet.
    """

    evidence: Evidence
    path: str
    record: Record
    text: bytes | None

    def text_of(self, now: Record) -> bytes:
        """The record's file as it says something else; comments stay."""
        if self.text is None:
            return render_record(now)
        return edited(self.text, plain_of(self.record), plain_of(now))

    @property
    def id(self) -> str:
        return self.evidence.id

    @property
    def name(self) -> str:
        """What it is called in a sentence or in a commit's subject."""
        return f"{printable(self.evidence.title)} ({self.evidence.id})"


def find_piece(ledger: Ledger, text: str) -> Evidence:
    """The evidence of an id as a person types it, or of a path. Raises Refused with the nearest there is."""
    wanted = normalised(text, EVIDENCE)
    fitting = [item for item in ledger.evidence if item.id == wanted] or [
        item for item in ledger.evidence if text in {item.path, item.record}
    ]
    if not fitting:
        ids = [item.id for item in ledger.evidence]
        hint = choice_hint(wanted, ids, otherwise="list it with: compliance evidence list")
        raise refuse(f"there is no evidence {text}", hint=hint)
    return fitting[0]


def live_minutes(ledger: Ledger, text: str) -> Evidence:
    """The minutes of an id. Raises Refused for what is of another kind, or counts no longer."""
    minutes = find_piece(ledger, text)
    if minutes.kind is not Kind.MINUTES or minutes.is_void:
        wrong = "is not of the kind minutes" if minutes.kind is not Kind.MINUTES else "counts no longer"
        raise refuse(f"{minutes.id} {wrong}", hint="name minutes that are filed: compliance evidence list -k minutes")
    return minutes


def open_pieces(workspace: Workspace, ledger: Ledger, texts: Sequence[str]) -> list[FiledPiece]:
    """The pieces that ids or paths name, each once, with their records. Raises Refused for one that there is not."""
    pieces = {piece.id: piece for piece in (find_piece(ledger, text) for text in texts)}
    paths = [path for piece in pieces.values() for path in (piece.record, piece.path) if path]
    contents = committed_contents(Git(workspace.place), workspace.commit, paths)
    return [_opened(piece, contents) for piece in pieces.values()]


def _opened(piece: Evidence, contents: Mapping[str, bytes]) -> FiledPiece:
    if not piece.record:
        bytes_digest = digest(contents[piece.path])
        hashed = msgspec.structs.replace(piece, sha256=bytes_digest)
        return FiledPiece(hashed, f"{piece.path}{RECORD_SUFFIX}", Record(id=piece.id), None)
    text = contents[piece.record]
    parsed = parse_record(text, piece.record)
    if parsed.value is None:
        raise Refused(parsed.problems)
    return FiledPiece(piece, piece.record, parsed.value, text)


class RecordChange(msgspec.Struct, frozen=True):
    """Records of pieces as they are to be, by piece, and the ledger as it would be then."""

    texts: Mapping[str, bytes]
    pieces: tuple[FiledPiece, ...]
    after: Ledger
    removed: tuple[str, ...] = ()
    """The files that go."""

    def standings(self, ledger: Ledger, on: date) -> list[tuple[FiledPiece, PieceStanding, PieceStanding]]:
        """How each piece stands and how it would, on a day."""
        before, later = PieceStandings(ledger), PieceStandings(self.after)
        changed = {item.id: item for item in self.after.evidence}
        return [
            (piece, before.of(piece.evidence, on), later.of(changed[piece.evidence.id], on)) for piece in self.pieces
        ]


def foreseen_change(
    workspace: Workspace, ledger: Ledger, records: Iterable[tuple[FiledPiece, Record]], removed: Sequence[str] = ()
) -> RecordChange:
    """What records would say, without the files that go, checked as it is read.

    Raises Refused with everything that is wrong in one of them.
    """
    changed = [(piece, piece.text_of(record)) for piece, record in records]
    texts = {piece.path: text for piece, text in changed}
    after = foreseen(workspace, ledger, texts, removed)
    wrong = [
        problem
        for problem in after.problems
        if problem.is_error and problem.location and problem.location.file in texts and problem not in ledger.problems
    ]
    if wrong:
        raise Refused(wrong)
    return RecordChange(texts, tuple(piece for piece, _ in changed), after, tuple(removed))


def commit_records(workspace: Workspace, change: RecordChange, deed: str) -> Committed:
    """Writes records in one commit, which says what was done and to which pieces."""
    fresh = {piece.path for piece in change.pieces if piece.text is None}
    new = {path: text for path, text in change.texts.items() if path in fresh}
    changed = {path: text for path, text in change.texts.items() if path not in fresh}
    message = subject(deed, [piece.name for piece in change.pieces])
    return commit_change(workspace.place, new, changed, message, removed=change.removed)


def subject(deed: str, names: Sequence[str]) -> str:
    """The message of a commit: the deed and the one piece, or how many there are and each on a line."""
    if len(names) == 1:
        return f"{deed}: {names[0]}\n"
    return f"{deed}: {len(names)} pieces\n\n" + "\n".join(names) + "\n"
