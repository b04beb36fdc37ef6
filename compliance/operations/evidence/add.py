"""Evidence filed: files checked, described, put into place and committed with their records."""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Iterator, Sequence
from pathlib import Path

import msgspec

from compliance.domain.ledger.ledger import Ledger
from compliance.domain.ledger.lookup import find_control
from compliance.domain.ledger.records import Allowed, Elsewhere, Evidence, Record
from compliance.domain.ledger.rules import date_in_name, dates_in_name
from compliance.domain.terms.durations import after
from compliance.domain.terms.identifiers import EVIDENCE
from compliance.domain.terms.layout import EVIDENCE as EVIDENCE_FOLDER
from compliance.domain.terms.layout import RECORD_SUFFIX
from compliance.domain.terms.periods import Period
from compliance.domain.terms.references import Reference
from compliance.domain.terms.vocabulary import CONCLUDING, Attribution, Kind, Result
from compliance.gitrepo.process.process import Git
from compliance.gitrepo.writing.readiness import identity, writable
from compliance.ledger.opening import Workspace
from compliance.operations.committing import Committed, commit_change
from compliance.operations.evidence.expecting import (
    belonging,
    kind_expected,
    kinds_hint,
    per_named,
    scopes_in_use,
    serving,
)
from compliance.operations.evidence.naming import filed_as, new_identifier, title_from
from compliance.operations.evidence.screening import FileScreening, Incoming, screenings_of, unsearched_note
from compliance.problems import (
    Location,
    Problem,
    Refused,
    Severity,
    choice_hint,
    in_the_future,
    must_be_known,
    must_not_be_future,
    printable,
    refuse,
    with_article,
)
from compliance.store.records.records import render_record
from compliance.workspace.shipped import shipped_standards

_TESTED = {Kind.SCAN, Kind.TEST}
"""The kinds that are not filed without a result."""
_RESULTS = "say --result pass, fail or conditional; inconclusive if it could not be run or found nothing to look at"
_SPEAKS_FOR = "evidence speaks for a day that has been; how long it holds is --valid-until, or left to the standard"


class Description(msgspec.Struct, frozen=True, kw_only=True):
    """What the user says of the files; what is not given is guessed where that is safe, or refused."""

    controls: tuple[str, ...]
    kind: Kind | None = None
    result: Result | None = None
    date: dt.date | None = None
    period: Period | None = None
    valid_from: dt.date | None = None
    valid_until: dt.date | None = None
    title: str = ""
    scopes: tuple[str, ...] = ()
    per: tuple[tuple[str, str], ...] = ()
    owner: str = ""
    classification: str = ""
    source: str = ""
    supersedes: str = ""
    note: str = ""
    allow_secret: str | None = None
    """Why a secret, or what looks like one, may be in the files; None where none may."""
    location: str = ""
    """Where the files lie and stay, so that their bytes never come into git; empty where they are filed themselves."""


class PlannedRecord(msgspec.Struct, frozen=True, kw_only=True):
    """One record as it would be filed, and what was guessed in it."""

    record: Record
    path: str
    record_path: str
    source: Path | None
    """Where the bytes come from; None if they are in the ledger already."""
    guessed: tuple[str, ...] = ()
    notes: tuple[Problem, ...] = ()


def lacks_result(ledger: Ledger, description: Description) -> Kind | None:
    """The kind of what is to be filed, if that is not filed without a result and none is given.

    Raises Refused for controls that are not known.
    """
    if description.result is not None:
        return None
    kind = description.kind or kind_expected(ledger, references_of(ledger, description.controls))
    return kind if kind in _TESTED else None


def plan(
    workspace: Workspace, ledger: Ledger, files: Sequence[Incoming], description: Description, today: dt.date
) -> list[PlannedRecord]:
    """What would be filed; nothing is written. Raises Refused with everything that is wrong with any of the files."""
    references = references_of(ledger, description.controls)
    if description.location:
        _check_reference(workspace, files)
        screenings = {file.shown: FileScreening() for file in files}
    else:
        screenings = screenings_of(files, ledger.settings.size_limit, description.allow_secret)
    check_description(ledger, description, today)
    tested = lacks_result(ledger, description)
    if tested:
        sentence = f"the result of the {tested.value} is not given: nothing says whether it passed"
        raise refuse(sentence, hint=_RESULTS)
    taken = {item.id for item in ledger.evidence}
    by_digest = {item.sha256: item.path for item in ledger.evidence if item.sha256 and item.record and _is_here(item)}
    who = str(identity(Git(workspace.place)))
    planned: list[PlannedRecord] = []
    undated = [problem for file in files for problem in _undated(file, description, today)]
    if undated:
        raise Refused(undated)
    for file in files:
        digest, size = _digest(file.path)
        identifier = new_identifier(EVIDENCE, taken, workspace.draw)
        taken.add(identifier)
        described = _described(ledger, file, description, references, today)
        if not planned:
            described = msgspec.structs.replace(described, notes=(*described.notes, *unsearched_note(screenings)))
        allowed = None
        if screenings[file.shown].secrets:
            allowed = Allowed(by=who, on=today, reason=description.allow_secret or "", sha256=digest)
        record = msgspec.structs.replace(
            described.record,
            id=identifier,
            sha256=digest,
            size=size,
            recorded=Attribution(by=who, on=today),
            allowed=allowed,
        )
        if description.location:
            planned.append(_referred(ledger, file, record, described, description.location))
            continue
        planned.append(_placed(ledger, file, record, described, by_digest.get(digest)))
        by_digest.setdefault(digest, planned[-1].path)
    return planned


def add(workspace: Workspace, planned: Sequence[PlannedRecord]) -> list[Committed]:
    """Files and commits, one commit for each file. A refusal names what was recorded before it."""
    writable(Git(workspace.place))
    done: list[Committed] = []
    place = workspace.place
    for piece in planned:
        new: dict[str, bytes | Path] = {piece.path: piece.source} if piece.source else {}
        new[piece.record_path] = render_record(piece.record)
        try:
            committed = commit_change(place, new, {}, message_for(piece.record))
        except Refused as refusal:
            raise refusal.joined_by(_recorded(planned[: len(done)])) from None
        place = msgspec.structs.replace(place, commit=committed.commit)
        done.append(committed)
    return done


def _recorded(before: Sequence[PlannedRecord]) -> Iterator[Problem]:
    if before:
        ids = ", ".join(piece.record.id for piece in before)
        sentence = f"recorded before that, and in order: {ids}"
        yield Problem(sentence, hint="file the others again", severity=Severity.WARNING)


def message_for(record: Record) -> str:
    """The commit message: the evidence, its id, its controls."""
    title = printable(" ".join(record.title.split()))
    controls = ", ".join(str(reference) for reference in record.controls or ())
    return f"evidence: {title} ({record.id})\n\nControls: {controls}\n"


def _undated(file: Incoming, description: Description, today: dt.date) -> Iterator[Problem]:
    """What is wrong with the date that a file's name states, where none is given."""
    if description.date or description.period:
        return
    named = date_in_name(file.name)
    days = [str(day) for day, _ in dates_in_name(file.name)]
    if len(days) > 1:
        hint = f"say which day it speaks for (--date {days[0]}), or which time (--period START/END)"
        yield Problem(f"its name states {len(days)} dates: {', '.join(days)}", Location(file.shown), hint)
    elif named is None:
        hint = "say which day it speaks for with --date YYYY-MM-DD, or which time with --period START/END"
        yield Problem("has no date, and none is given", Location(file.shown), hint)
    elif named[0] > today:
        yield Problem(in_the_future(named[0]), Location(file.shown), _SPEAKS_FOR)


class _Described(msgspec.Struct, frozen=True):
    record: Record
    guessed: tuple[str, ...]
    notes: tuple[Problem, ...]


def _described(
    ledger: Ledger, file: Incoming, description: Description, references: Sequence[Reference], today: dt.date
) -> _Described:
    guessed: list[str] = []
    title = description.title
    if not title:
        title = title_from(file.name)
        guessed.append(f"title “{title}”, from the file's name")
    day, period = description.date, description.period
    if day is None and period is None:
        day, period = date_in_name(file.name) or (None, None)
        guessed.append(f"{f'period {period}' if period else f'date {day}'}, from the file's name")
    kind = description.kind or kind_expected(ledger, references)
    if kind is None:
        raise refuse("the kind is not given, and the controls expect several", hint=kinds_hint(ledger, references))
    if description.kind is None:
        guessed.append(f"kind {kind.value}, as the controls expect")
    scopes = description.scopes
    if not scopes:
        scopes = scopes_in_use(ledger, references)
        if len(ledger.settings.scopes) > 1:
            guessed.append(f"scope {', '.join(scopes)}, where the standard is in use")
    notes = [*serving(ledger, references, kind)]
    if kind in CONCLUDING and description.result is None:
        sentence = f"{with_article(kind.value)} without a result is inconclusive: it serves nothing"
        notes.append(Problem(sentence, hint=_RESULTS, severity=Severity.WARNING))
    record = Record(
        title=title,
        kind=kind,
        result=description.result,
        date=day,
        period=period,
        valid_from=description.valid_from,
        valid_until=description.valid_until,
        controls=tuple(references),
        scope=tuple(scopes),
        per=per_named(ledger, description.per) or None,
        owner=description.owner,
        classification=description.classification,
        source=description.source,
        supersedes=description.supersedes,
        retain_until=retain_until(ledger, kind, day or (period.end if period else today)),
        note=description.note,
    )
    notes += belonging(ledger, record)
    return _Described(record, tuple(guessed), tuple(notes))


def _is_here(item: Evidence) -> bool:
    return item.elsewhere is None and item.erased is None


def _placed(
    ledger: Ledger, file: Incoming, record: Record, described: _Described, present: str | None
) -> PlannedRecord:
    notes = list(described.notes)
    if present:
        folder, _, name = present.rpartition("/")
        stem = filed_as(record, "").rpartition("/")[2]
        notes.append(
            Problem(
                f"the same bytes are filed already, as {present}: this is a second record of them",
                severity=Severity.WARNING,
            )
        )
        return PlannedRecord(
            record=msgspec.structs.replace(record, file=name),
            path=present,
            record_path=f"{folder}/{stem}{RECORD_SUFFIX}",
            source=None,
            guessed=described.guessed,
            notes=tuple(notes),
        )
    root = ledger.settings.roots[0]
    below = EVIDENCE_FOLDER if root == "." else root
    path = filed_as(record, file.name, below)
    return PlannedRecord(
        record=record,
        path=path,
        record_path=f"{path}{RECORD_SUFFIX}",
        source=file.path,
        guessed=described.guessed,
        notes=tuple(notes),
    )


def _check_reference(workspace: Workspace, files: Sequence[Incoming]) -> None:
    """Raises Refused for more than one file, one that is not there, and one that lies in the repository."""
    if len(files) > 1:
        raise refuse("each file has a location of its own", hint="refer to one file at a time")
    for file in files:
        if not file.path.is_file():
            raise refuse("there is no such file", location=Location(file.shown), hint="check the name")
        if file.path.resolve().is_relative_to(workspace.top.resolve()):
            hint = "move it out of the repository, or file it itself: leave --reference out"
            raise refuse("lies in the repository, where everybody reads it", location=Location(file.shown), hint=hint)


def _referred(ledger: Ledger, file: Incoming, record: Record, described: _Described, location: str) -> PlannedRecord:
    """The record of a file that stays where it is: its hash, its size and where that is."""
    root = ledger.settings.roots[0]
    path = filed_as(record, file.name, EVIDENCE_FOLDER if root == "." else root)
    return PlannedRecord(
        record=msgspec.structs.replace(record, elsewhere=Elsewhere(location=location)),
        path=path,
        record_path=f"{path}{RECORD_SUFFIX}",
        source=None,
        guessed=described.guessed,
        notes=described.notes,
    )


def references_of(ledger: Ledger, controls: Sequence[str]) -> list[Reference]:
    """The controls that texts name, each once. Raises Refused, with did-you-mean, for all that are none."""
    problems: list[Problem] = []
    references: list[Reference] = []
    for text in controls:
        try:
            references.append(find_control(ledger, text, shipped_standards())[0])
        except Refused as refusal:
            problems += refusal.problems
    if problems:
        raise Refused(problems)
    return list(dict.fromkeys(references))


def check_description(ledger: Ledger, description: Description, today: dt.date) -> None:
    """Raises Refused for a scope, a day, a marking or a predecessor that cannot be."""
    scope_ids = [scope.id for scope in ledger.settings.scopes]
    for scope in description.scopes:
        must_be_known("scope", scope, scope_ids)
    must_not_be_future(description.date or (description.period.end if description.period else None), today, _SPEAKS_FOR)
    if description.valid_from and description.valid_until and description.valid_until < description.valid_from:
        raise refuse(
            f"it would be valid until {description.valid_until}, "
            f"a day before it is valid from ({description.valid_from})",
            hint="correct --valid-from or --valid-until",
        )
    markings = ledger.settings.classifications
    if description.classification and description.classification not in markings:
        raise refuse(
            f"“{description.classification}” is not a marking of this workspace",
            hint=choice_hint(description.classification, markings),
        )
    if description.supersedes and ledger.evidence_by_id(description.supersedes) is None:
        ids = [item.id for item in ledger.evidence]
        hint = choice_hint(description.supersedes, ids, otherwise="list it with: compliance evidence list")
        raise refuse(f"there is no evidence {description.supersedes} to supersede", hint=hint)


def retain_until(ledger: Ledger, kind: Kind, day: dt.date) -> dt.date | None:
    """Until when evidence of a kind is kept, by the settings; None where they say nothing."""
    keep = ledger.settings.retention.get(kind.value)
    return after(day, keep) if keep else None


def _digest(path: Path) -> tuple[str, int]:
    with path.open("rb") as file:
        digest = hashlib.file_digest(file, "sha256").hexdigest()
        return digest, file.tell()
