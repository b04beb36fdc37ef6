"""What the demonstration does to the ledger without a command: a file overwritten, and edits that take an editor."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import msgspec

from compliance.domain.ledger.ledger import Ledger
from compliance.domain.ledger.records import Record
from compliance.domain.registers.parts.registry import REGISTERS
from compliance.ledger.opening import Workspace
from compliance.operations.committing import Committed, commit_change
from compliance.operations.evidence.filed import open_pieces, subject
from compliance.operations.registers.registering import change_record, find_record
from compliance.problems import Refused
from compliance.store.records.records import plain_of, render_yaml
from compliance.store.text.parsed import parse_yaml
from compliance.workspace.shipped import digest


def replace(workspace: Workspace, ledger: Ledger, identifier: str, file: Path) -> Committed:
    """Puts a later edition in the place of a filed one. Its record gets the new hash, and keeps its decisions."""
    (piece,) = open_pieces(workspace, ledger, [identifier])
    content = file.read_bytes()
    record = msgspec.structs.replace(piece.record, sha256=digest(content), size=len(content))
    changes = {piece.evidence.path: content, piece.path: piece.text_of(record)}
    return commit_change(workspace.place, {}, changes, subject("replace", [piece.name]))


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
    (piece,) = open_pieces(workspace, ledger, [identifier])
    record = _with_fields(plain_of(piece.record), fields, Record)
    return commit_change(workspace.place, {}, {piece.path: piece.text_of(record)}, subject("edit", [piece.name]))


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
