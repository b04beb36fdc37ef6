"""Who says what of a file: sidecar, front matter and rules, resolved field by field."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

import msgspec

from compliance.domain.ledger.records import Record
from compliance.domain.terms.references import Reference

_ADDED = {"controls", "also"}
_FIELDS = tuple(name for name in Record.__struct_fields__ if name not in _ADDED)
_DEFAULTS = dict(zip(Record.__struct_fields__, Record.__struct_defaults__, strict=True))


class Source(msgspec.Struct, frozen=True):
    """One thing that speaks of a file, and how to name it to the user."""

    name: str
    says: Record


def resolve(sources: Sequence[Source]) -> tuple[Record, dict[str, str]]:
    """What the sources together say, and for each field the name of the source it came from.

    Sources come strongest first. For each field the strongest that says anything rules; `controls` replaces what weaker
    sources give, and `also` adds to it.
    """
    if len(sources) == 1 and _is_plain(sources[0].says):
        says, name = sources[0].says, sources[0].name
        return says, {field: name for field in Record.__struct_fields__ if getattr(says, field) != _DEFAULTS[field]}
    values: dict[str, Any] = {}
    origins: dict[str, str] = {}
    for field in _FIELDS:
        for source in sources:
            value = getattr(source.says, field)
            if value != _DEFAULTS[field]:
                values[field], origins[field] = value, source.name
                break
    controls, said_by = _controls(reversed(sources))
    if said_by:
        values["controls"], origins["controls"] = controls, " + ".join(said_by)
    return Record(**values), origins


def _is_plain(says: Record) -> bool:
    """Whether a record that speaks alone is the answer as it stands: it adds nothing and repeats no control."""
    return not says.also and len(set(says.controls or ())) == len(says.controls or ())


def _controls(weakest_first: Iterable[Source]) -> tuple[tuple[Reference, ...], list[str]]:
    controls: dict[Reference, None] = {}
    said_by: list[str] = []
    for source in weakest_first:
        if source.says.controls is not None:
            controls, said_by = dict.fromkeys(source.says.controls), [source.name]
        if source.says.also:
            controls |= dict.fromkeys(source.says.also)
            said_by.append(source.name)
    return tuple(controls), list(dict.fromkeys(said_by))
