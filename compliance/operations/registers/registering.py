"""Records of the registers added, changed and edited; each is checked as `check` does before it is written."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any, TypeVar

import msgspec

from compliance.domain.ledger.ledger import Ledger
from compliance.domain.registers.applicability import APPLICABILITY
from compliance.domain.registers.parts.register import Filed, Register
from compliance.domain.registers.parts.registry import REGISTERS
from compliance.domain.terms.identifiers import is_identifier, normalised, token_of
from compliance.domain.terms.vocabulary import Attribution
from compliance.gitrepo.process.process import Git
from compliance.gitrepo.reading.reading import blobs, entries
from compliance.gitrepo.writing.readiness import identity
from compliance.ledger.inspection.pages import Pages
from compliance.ledger.inspection.registers import inspect_registers
from compliance.ledger.opening import Workspace
from compliance.operations.committing import Committed, commit_change
from compliance.operations.evidence.naming import new_identifier, slug
from compliance.problems import Location, Problem, Refused, choice_hint, printable, refuse
from compliance.store.records.records import plain_of, render_yaml
from compliance.store.text.parsed import parse_yaml
from compliance.store.text.yaml_editing import edited

_SUBJECT = 100
"""The most characters of a title in the subject of a commit."""

Record = TypeVar("Record", bound=Any)


def add_records(
    workspace: Workspace, ledger: Ledger, register: Register[Any], records: Sequence[Record], today: dt.date
) -> tuple[list[Record], Committed]:
    """Files new records, which lack their ids and who recorded them, in one commit.

    Raises Refused with everything that is wrong with any of them; then nothing is written.
    """
    taken = {record.id for record in ledger.of(register)}
    who = attribution(workspace, today)
    fresh: list[Record] = []
    for record in records:
        identifier = new_identifier(register.prefix, taken, workspace.draw)
        taken.add(identifier)
        fresh.append(msgspec.structs.replace(record, id=identifier, recorded=who))
    texts = {_path(register, record): render_yaml(plain_of(record)) for record in fresh}
    try:
        notes = _check_texts(ledger, register, texts)
    except Refused as refusal:  # there is no file yet that could be named; the line says which value is meant
        raise Refused(
            msgspec.structs.replace(problem, location=None) for problem in refusal.problems if problem.is_error
        ) from None
    message = f"{register.name}: {_summary(fresh)}\n"
    committed = commit_change(workspace.place, texts, {}, message)
    return fresh, msgspec.structs.replace(committed, notes=(*notes, *committed.notes))


def change_record(
    workspace: Workspace, ledger: Ledger, register: Register[Any], before: Record, now: Record, deed: str
) -> Committed:
    """Writes a changed record where the old one stands, its comments kept; `deed` says what was done, for the commit.

    Raises Refused with what `check` would say of it; then nothing is written.
    """
    path, data = file_of(workspace, register, before.id)
    text = edited(data, plain_of(before), plain_of(now))
    return write_text(workspace, ledger, register, before.id, path, text, f"{register.name}: {deed} ({before.id})")


def write_text(
    workspace: Workspace, ledger: Ledger, register: Register[Any], identifier: str, path: str, text: bytes, message: str
) -> Committed:
    """Puts a record's text in place of the old one. Raises Refused with what is wrong in it, each with its place."""
    read = parse_yaml(text, path, register.record).value
    if read is not None and read.id != identifier:
        sentence = f"the id was {identifier}: an id never changes, because others name it"
        raise Refused([Pages(lambda _: text).error(path, ("id",), sentence, f"write “id: {identifier}” again")])
    notes = _check_texts(ledger, register, {path: text})
    committed = commit_change(workspace.place, {}, {path: text}, f"{message}\n")
    return msgspec.structs.replace(committed, notes=(*notes, *committed.notes))


def committer(workspace: Workspace) -> str:
    """Who works here, as `Name <address>`."""
    return str(identity(Git(workspace.place)))


def attribution(workspace: Workspace, today: dt.date) -> Attribution:
    """What a record says of its recording: who works here, today."""
    return Attribution(by=committer(workspace), on=today)


def find_record(ledger: Ledger, register: Register[Any], text: str) -> Any:
    """The record of an id as a person types it. Raises Refused with the nearest there is."""
    records = {record.id: record for record in ledger.of(register)}
    record = records.get(text) or records.get(normalised(text, register.prefix))
    if record is None:
        _unreadable(ledger, register, text)
        _of_another_register(ledger, register, text)
        ids = f"there is {', '.join(sorted(records))}" if records else "none is recorded yet"
        nearest = choice_hint(text, records, otherwise=ids)
        listing = f"list them with: compliance {register.word} list"
        raise refuse(f"there is no {register.name} {text}", hint=nearest if len(records) <= 5 else listing)
    return record


def _unreadable(ledger: Ledger, register: Register[Any], text: str) -> None:
    """Raises Refused if the record may be there, in a file that cannot be read."""
    ending = f".{token_of(normalised(text, register.prefix))}.yaml"
    for problem in ledger.problems:
        file = problem.location.file if problem.location else ""
        if file.startswith(f"{register.folder}/") and file.endswith(ending):
            sentence = f"the {register.name} {normalised(text, register.prefix)} cannot be read"
            raise refuse(sentence, location=Location(file), hint="mend its file, and commit it: compliance check")


def _of_another_register(ledger: Ledger, register: Register[Any], text: str) -> None:
    """Raises Refused if an id belongs to a record of another register."""
    typed = text.strip().upper()
    for other in REGISTERS:
        if other.name in {register.name, APPLICABILITY.name}:
            continue
        if any(record.id.upper() == typed for record in ledger.of(other)):
            raise refuse(
                f"there is no {register.name} {typed}: it is an id of the {other.plural} register",
                hint=f"see it with: compliance {other.word} show {typed}",
            )


def named(texts: Sequence[str], register: Register[Any]) -> tuple[str, ...]:
    """Ids of a register as typed by a person, written as its records have them; ids that somebody chose stay."""
    return tuple(
        written if is_identifier(written := normalised(text, register.prefix), register.prefix) else text
        for text in texts
    )


def file_of(workspace: Workspace, register: Register[Any], identifier: str) -> tuple[str, bytes]:
    """The path and the text of a record: its file's name ends with its id, or, named by hand, its text has it."""
    git = Git(workspace.place)
    files = [entry for entry in entries(git, workspace.commit, [register.folder]) if entry.path.endswith(".yaml")]
    candidates = [file for file in files if file.path.endswith(f".{token_of(identifier)}.yaml")] or files
    texts = dict(blobs(git, [entry.oid for entry in candidates]))
    for entry in candidates:
        read = parse_yaml(texts[entry.oid], entry.path, register.record).value
        if read is not None and read.id == identifier:
            return entry.path, texts[entry.oid]
    raise refuse(f"the file of {identifier} is not to be found", hint=f"look for it in {register.folder}/")


def _path(register: Register[Any], record: Any) -> str:
    name = getattr(record, "title", "") or getattr(record, "name", "") or register.name
    return f"{register.folder}/{slug(name)}.{token_of(record.id)}.yaml"


def _summary(records: Sequence[Any]) -> str:
    first = records[0]
    name = printable(" ".join((getattr(first, "title", "") or getattr(first, "name", "")).split()))
    name = name if len(name) <= _SUBJECT else f"{name[: _SUBJECT - 1].rstrip()}…"
    more = f" and {len(records) - 1} more" if len(records) > 1 else ""
    return f"{name} ({first.id}){more}" if name else f"{first.id}{more}"


def _check_texts(ledger: Ledger, register: Register[Any], texts: Mapping[str, bytes]) -> tuple[Problem, ...]:
    """The warnings that `check` would give about new record texts, by path. Raises Refused with its errors."""
    read = {path: parse_yaml(text, path, register.record) for path, text in texts.items()}
    problems = [problem for parsed in read.values() for problem in parsed.problems]
    if any(problem.is_error for problem in problems):
        raise Refused(problems)
    values = {path: parsed.value for path, parsed in read.items() if parsed.value is not None}
    ids = {record.id for record in values.values()}
    others = [record for record in ledger.of(register) if record.id not in ids]
    changed = ledger.having(register, (*others, *values.values()))
    filed = [Filed(f"{register.folder}/{record.id}", record) for record in others]
    filed += [Filed(path, record, is_committed=False) for path, record in values.items()]
    pages = Pages(lambda path: texts.get(path, b""))
    problems += [
        problem
        for problem in inspect_registers(changed, {register: filed}, pages, ledger)
        if problem.location and problem.location.file in texts
    ]
    if any(problem.is_error for problem in problems):
        raise Refused(problems)
    return tuple(problems)
