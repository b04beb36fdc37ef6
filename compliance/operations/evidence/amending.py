"""What happens to the record of a piece after it was filed: corrected, mapped to more, withdrawn, written out."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any

import msgspec

from compliance.domain.ledger.ledger import Ledger
from compliance.domain.ledger.records import Correction, Evidence, Record, Withdrawal
from compliance.domain.terms.moments import Moment
from compliance.ledger.opening import Workspace
from compliance.operations.evidence.add import Description, check_description, references_of
from compliance.operations.evidence.expecting import per_named
from compliance.operations.evidence.filed import (
    FiledPiece,
    RecordChange,
    foreseen_change,
    open_pieces,
)
from compliance.operations.registers.registering import committer
from compliance.problems import must_not_be_future, refuse
from compliance.store.records.records import plain_of

CLEARABLE = (
    "result",
    "period",
    "valid-from",
    "valid-until",
    "per",
    "owner",
    "classification",
    "source",
    "note",
    "supersedes",
)
"""The fields that a correction may empty: nothing else stands without one."""
_ASIDE = frozenset(
    {"id", "file", "path", "record", "decisions", "corrected", "undated", "altered", "withdrawn", "erased"}
)
"""The fields of a piece that are no statement of a record that is written out."""


class Correcting(msgspec.Struct, frozen=True):
    """What is said otherwise now, the fields that are to say nothing any more, and why."""

    description: Description
    cleared: tuple[str, ...]
    reason: str


def correct(
    workspace: Workspace, ledger: Ledger, identifier: str, correcting: Correcting, today: dt.date, now: Moment
) -> RecordChange:
    """The record with what is corrected in it, and what each field said before; nothing is written.

    Raises Refused for what cannot be, for a piece that is gone for good, and where nothing would differ.
    """
    piece = _standing_piece(workspace, ledger, identifier)
    check_description(ledger, correcting.description, today)
    fields = _fields(ledger, correcting.description)
    for key in correcting.cleared:
        if key not in CLEARABLE:
            raise refuse(f"the field “{key}” cannot be emptied", hint=f"choose from {', '.join(CLEARABLE)}")
        name = key.replace("-", "_")
        if name in fields:
            raise refuse(f"the field “{key}” is to be emptied and to be given a value", hint="say one of the two")
        fields[name] = Record.__struct_defaults__[Record.__struct_fields__.index(name)]
    changed = {name: value for name, value in fields.items() if _differs(piece.evidence, name, value)}
    if not changed:
        hint = f"see what it says: compliance evidence show {piece.evidence.id}"
        raise refuse(f"{piece.name} says so already: nothing would be corrected", hint=hint)
    was = {name.replace("_", "-"): _written(getattr(piece.evidence, name, "")) for name in changed}
    correction = Correction(by=committer(workspace), on=now, reason=correcting.reason, was=was)
    if "controls" in changed:
        changed["also"] = ()
    record = msgspec.structs.replace(piece.record, **changed, corrected=(*piece.record.corrected, correction))
    return foreseen_change(workspace, ledger, [(piece, record)])


def map_more(workspace: Workspace, ledger: Ledger, identifiers: Sequence[str], controls: Sequence[str]) -> RecordChange:
    """The records with more controls, and how that leaves the pieces; nothing is written.

    Raises Refused where a piece is mapped to all of them already.
    """
    added = references_of(ledger, controls)
    records = []
    for identifier in identifiers:
        piece = _standing_piece(workspace, ledger, identifier)
        missing = tuple(reference for reference in added if reference not in piece.evidence.controls)
        if not missing:
            hint = f"see what it says: compliance evidence show {piece.evidence.id}"
            raise refuse(f"{piece.name} is mapped to {_written(added)} already", hint=hint)
        if piece.record.controls is None:
            record = msgspec.structs.replace(piece.record, also=(*piece.record.also, *missing))
        else:
            record = msgspec.structs.replace(piece.record, controls=(*piece.record.controls, *missing))
        records.append((piece, record))
    return foreseen_change(workspace, ledger, records)


def withdraw(
    workspace: Workspace, ledger: Ledger, identifiers: Sequence[str], mark: Withdrawal, today: dt.date
) -> RecordChange:
    """The records of pieces that are taken out of use from a day on, or never counted; nothing is written.

    Raises Refused for a piece that was withdrawn or erased before.
    """
    must_not_be_future(mark.on, today, "withdraw it on the day when it goes")
    records = []
    for identifier in identifiers:
        piece = _standing_piece(workspace, ledger, identifier)
        records.append((piece, msgspec.structs.replace(piece.record, withdrawn=mark)))
    return foreseen_change(workspace, ledger, records)


def pin(workspace: Workspace, ledger: Ledger, identifiers: Sequence[str]) -> RecordChange:
    """Records that say in full what rules and front matter say of files today; nothing is written.

    Raises Refused for a piece whose own record says all of it already.
    """
    records = []
    for piece in open_pieces(workspace, ledger, identifiers):
        evidence = piece.evidence
        stated = {
            name: getattr(evidence, name)
            for name in Record.__struct_fields__
            if name not in _ASIDE and hasattr(evidence, name) and getattr(evidence, name) not in (None, "", (), {})
        }
        record = msgspec.structs.replace(piece.record, **{**stated, "also": ()})
        if record == piece.record:
            raise refuse(f"{piece.name}: its record says all of it already", hint="there is nothing to write out")
        records.append((piece, record))
    return foreseen_change(workspace, ledger, records)


def _standing_piece(workspace: Workspace, ledger: Ledger, identifier: str) -> FiledPiece:
    """The piece of an id. Raises Refused where it was withdrawn or erased: nothing more is said of it."""
    (piece,) = open_pieces(workspace, ledger, [identifier])
    mark = piece.evidence.erased or piece.evidence.withdrawn
    if mark:
        deed = "erased" if piece.evidence.erased else "withdrawn"
        hint = f"what was said of it: compliance evidence show {piece.evidence.id}"
        raise refuse(f"{piece.name} was {deed} on {mark.on}", hint=hint)
    return piece


def _fields(ledger: Ledger, description: Description) -> dict[str, Any]:
    """The fields of a record that a description gives."""
    fields: dict[str, Any] = {
        name: getattr(description, name)
        for name in ("kind", "result", "date", "period", "valid_from", "valid_until")
        if getattr(description, name) is not None
    }
    words = ("title", "owner", "classification", "source", "supersedes", "note")
    fields |= {name: getattr(description, name) for name in words if getattr(description, name)}
    if description.controls:
        fields["controls"] = tuple(references_of(ledger, description.controls))
    if description.scopes:
        fields["scope"] = description.scopes
    if description.per:
        fields["per"] = per_named(ledger, description.per)
    if "period" in fields and "date" not in fields:
        fields["date"] = None  # the last day of the period speaks
    return fields


def _differs(evidence: Evidence, name: str, value: Any) -> bool:
    if name == "note":
        return True  # what it says stands in the record alone
    if name == "date" and value is None:
        return evidence.period is None or evidence.date != evidence.period.end
    return bool(getattr(evidence, name) != value) and (getattr(evidence, name) or value)


def _written(value: Any) -> str:
    """A value as a record spells it, lists with commas between; `(none)` for what says nothing."""
    if value in (None, "", (), {}):
        return "(none)"
    plain = plain_of(value)
    if isinstance(plain, Mapping):
        return ", ".join(f"{key}={item}" for key, item in plain.items())
    return ", ".join(map(str, plain)) if isinstance(plain, list) else str(plain)
