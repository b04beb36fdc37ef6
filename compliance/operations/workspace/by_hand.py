"""What the demonstration does to the ledger without a command: a file overwritten, and edits that take an editor."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import msgspec

from compliance.domain.ledger.ledger import Ledger
from compliance.domain.ledger.records import Evidence, Record
from compliance.domain.registers.parts.registry import REGISTERS
from compliance.gitrepo.process.process import Git
from compliance.gitrepo.reading.reading import blobs, entries
from compliance.ledger.opening import Workspace
from compliance.operations.committing import Committed, commit_change
from compliance.operations.registers.registering import change_record, find_record
from compliance.problems import Refused, refuse
from compliance.store.records.records import parse_record, plain_of, render_record, render_yaml
from compliance.store.text.parsed import parse_yaml
from compliance.workspace.shipped import digest


def replace(workspace: Workspace, ledger: Ledger, identifier: str, file: Path) -> Committed:
    """Puts a later edition in the place of a filed one. Its record gets the new hash, and keeps its decisions."""
    piece = _piece(ledger, identifier)
    content = file.read_bytes()
    record = msgspec.structs.replace(_record(workspace, piece), sha256=digest(content), size=len(content))
    changes = {piece.path: content, piece.record: render_record(record)}
    return commit_change(workspace.place, {}, changes, _message("replace", [f"{piece.title} ({piece.id})"]))


def edit(workspace: Workspace, ledger: Ledger, identifier: str, fields: Mapping[str, str]) -> Committed:
    """Writes fields of a record anew, each given as YAML, as somebody does in an editor.

    A name that ends with `+` adds to the list that stands there.

    Raises Refused for an id that is not there, and with what `check` would say of the record.
    """
    for register in REGISTERS:
        if any(record.id == identifier for record in getattr(ledger, register.plural)):
            before = find_record(ledger, register, identifier)
            now = _with_fields(plain_of(before), fields, register.record)
            return change_record(workspace, ledger, register, before, now, "edit")
    piece = _piece(ledger, identifier)
    record = _with_fields(plain_of(_record(workspace, piece)), fields, Record)
    message = _message("edit", [f"{piece.title} ({piece.id})"])
    return commit_change(workspace.place, {}, {piece.record: render_record(record)}, message)


def _with_fields(plain: Mapping[str, Any], fields: Mapping[str, str], type_: type[Any]) -> Any:
    added = {name.removesuffix("+"): value for name, value in fields.items() if name.endswith("+")}
    written = {name: value for name, value in fields.items() if not name.endswith("+")}
    for name, value in added.items():
        standing = ", ".join(str(item) for item in plain.get(name, ()))
        written[name] = f"[{standing}, {value.removeprefix('[')}" if standing else value
    kept = {name: value for name, value in plain.items() if name not in written}
    text = "".join(f"{name}: {value}\n" for name, value in written.items())
    parsed = parse_yaml(render_yaml(kept) + text.encode(), "record", type_)
    if parsed.value is None:
        raise Refused(parsed.problems)
    return parsed.value


def _piece(ledger: Ledger, identifier: str) -> Evidence:
    piece = ledger.evidence_by_id(identifier)
    if piece is None:
        raise refuse(f"there is no evidence {identifier}", hint="list it with: compliance evidence list")
    return piece


def _record(workspace: Workspace, piece: Evidence) -> Record:
    git = Git(workspace.place)
    (entry,) = entries(git, workspace.commit, [piece.record])
    ((_, data),) = blobs(git, [entry.oid])
    parsed = parse_record(data, piece.record)
    if parsed.value is None:
        raise Refused(parsed.problems)
    return parsed.value


def _message(verb: str, titles: Sequence[str]) -> str:
    if len(titles) == 1:
        return f"{verb}: {titles[0]}"
    return f"{verb}: {len(titles)} pieces\n\n" + "\n".join(titles)
