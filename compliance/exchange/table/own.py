"""A catalogue as rows and back, nothing lost: a row for each thing it says, columns for what people read and edit.

`row` tells what a row is: `catalogue` (a field of the catalogue: its name under `id`, its value under `title`),
`control`, or `expectation` (of the control under `id`). What has no column stands under `more` as JSON, and so does
what a column could not give back exactly. Cells are guarded against formulas, and the guard is taken off again.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import msgspec

from compliance.domain.standards.catalogue import Catalogue, Control, Relation, RelationType, walk
from compliance.domain.terms.references import parse_reference
from compliance.exchange.drafts import Draft, grown
from compliance.exchange.table.expects import expectation_cells, expectation_from
from compliance.exchange.table.more import converted, more_of
from compliance.problems import Location, Refused, choice_hint, refuse, sentence_and_hint
from compliance.store.text.decoding import parse_flag
from compliance.store.text.spreadsheets import guarded, unguarded

COLUMNS = (
    "row", "id", "parent", "title", "assessable", "summary", "profiles", "related",
    "expectation", "kind", "rule", "interval", "basis", "what", "more",
)  # fmt: skip
CONTROL_COLUMNS = ("id", "parent", "title", "assessable", "summary", "profiles", "related", "more")
EXPECTATION_COLUMNS = ("id", "expectation", "kind", "rule", "interval", "basis", "what", "more")
CATALOGUE_COLUMNS = ("field", "value")
KINDS = ("catalogue", "control", "expectation")
_NO_PROFILE = "(none)"
_BESIDE = (*CONTROL_COLUMNS, "controls", "expects", "changed_by_overlay")
_FIELDS = frozenset(field.name for field in msgspec.structs.fields(Control)) - {
    "id",
    "controls",
    "expects",
    "changed_by_overlay",
}

Record = dict[str, str]
"""A row, by the names of its columns."""


def is_ours(headings: Sequence[str]) -> bool:
    """Whether a table is one that this program wrote."""
    found = [heading.strip().casefold() for heading in headings]
    return found[:2] == ["row", "id"] and found[len(COLUMNS) - 1 :][:1] == ["more"]


def records_of(catalogue: Catalogue) -> Iterator[Record]:
    """Every row of a catalogue: its own fields, then each control followed by what it expects."""
    for field in msgspec.structs.fields(Catalogue):
        value = getattr(catalogue, field.name)
        if field.name != "controls" and value != _usual(field):
            text = value if isinstance(value, str) else _json(value)
            yield {"row": "catalogue", "id": field.name.replace("_", "-"), "title": text}
    for node in walk(catalogue):
        yield {"row": "control", **_control_cells(node.control, node.parents[-1] if node.parents else "")}
        for one in node.control.expects:
            yield {"row": "expectation", "id": node.control.id, **expectation_cells(one)}


def cells_of(record: Record, columns: Sequence[str] = COLUMNS) -> list[str]:
    """A row's cells, safe to open in a spreadsheet."""
    return [guarded(record.get(column, "")) for column in columns]


def catalogue_from(rows: Sequence[tuple[int, list[str]]], file: str) -> Catalogue:
    """The catalogue in the rows of one table, headings first. Raises Refused, with the row."""
    headings = [heading.strip().casefold() for heading in rows[0][1]]
    unknown = [heading for heading in headings if heading and heading not in COLUMNS]
    if unknown:
        hint = choice_hint(unknown[0], COLUMNS)
        raise refuse(f"there is no column “{unknown[0]}”", location=Location(file, rows[0][0]), hint=hint)
    return catalogue_of_records(
        [
            (number, {name: unguarded(cell) for name, cell in zip(headings, cells, strict=False) if cell})
            for number, cells in rows[1:]
        ],
        file,
    )


def catalogue_of_records(records: Sequence[tuple[int, Record]], file: str) -> Catalogue:
    """The catalogue that rows spell, in any order but for what lies beside each other. Raises Refused, with the row."""
    about: dict[str, Any] = {}
    drafts: list[tuple[int, Record]] = []
    expects: dict[str, list[Any]] = {}
    lines: dict[str, int] = {}
    for number, record in records:
        where = Location(file, number)
        kind = record.get("row", "").strip()
        if kind == "catalogue":
            _about(record, about, where)
        elif kind == "control":
            drafts.append((number, record))
        elif kind == "expectation":
            control_id = record.get("id", "")
            lines.setdefault(control_id, number)
            expects.setdefault(control_id, []).append(_at(where, expectation_from, record))
        else:
            raise refuse(f"“{kind[:40]}” is not what a row can be", location=where, hint=choice_hint(kind, KINDS))
    made = [
        Draft(
            _at(Location(file, number), _control, record, expects.pop(record.get("id", ""), [])),
            record.get("parent", ""),
            Location(file, number),
        )
        for number, record in drafts
    ]
    for control_id in expects:
        hint = "add a row for the control, or remove this one"
        raise refuse(
            f"there is no control “{control_id[:60]}” to expect this",
            location=Location(file, lines[control_id]),
            hint=hint,
        )
    about["controls"] = grown(made)
    return _catalogue(about, file)


def _usual(field: Any) -> Any:
    return field.default_factory() if field.default_factory is not msgspec.NODEFAULT else field.default


def _json(value: Any) -> str:
    return msgspec.json.encode(value, order="deterministic").decode()


def _control_cells(control: Control, parent: str) -> Record:
    """A control's cells; a field that its cell would not give back goes under `more`."""
    profiles = _NO_PROFILE if control.profiles == () else ", ".join(control.profiles or ())
    related = "\n".join(
        f"{one.type.value} {one.to}" + (f" | {one.source}" if one.source else "") for one in control.related
    )
    plain = msgspec.to_builtins(control)
    more = {name: value for name, value in plain.items() if name not in _BESIDE}
    if _tried(_profiles, profiles) != control.profiles:
        profiles, more["profiles"] = "", plain["profiles"]
    if _tried(_related, related) != control.related:
        related, more["related"] = "", plain["related"]
    return {
        "id": control.id,
        "parent": parent,
        "title": control.title,
        "assessable": "true" if control.assessable else "false",
        "summary": control.summary,
        "profiles": profiles,
        "related": related,
        "more": _json(more) if more else "",
    }


def _tried(read: Any, text: str) -> Any:
    try:
        return read(text)
    except ValueError:
        return NotImplemented


def _control(record: Record, expects: list[Any]) -> Control:
    """The control of a row. Raises ValueError with a sentence for the user."""
    more = more_of(record, _FIELDS)
    if not record.get("id") or not record.get("title"):
        raise ValueError("a control has an id and a title; write both")
    written = {
        "id": record["id"],
        "title": record["title"],
        "assessable": parse_flag(record.get("assessable") or "false"),
        "summary": record.get("summary", ""),
    }
    control: Control = converted({**written, **more}, Control)
    changes: dict[str, Any] = {"expects": tuple(expects)}
    if "profiles" not in more:
        changes["profiles"] = _profiles(record.get("profiles", ""))
    if "related" not in more:
        changes["related"] = _related(record.get("related", ""))
    return msgspec.structs.replace(control, **changes)


def _profiles(text: str) -> tuple[str, ...] | None:
    names = tuple(one.strip() for one in text.split(",") if one.strip())
    return () if names == (_NO_PROFILE,) else names or None


def _related(text: str) -> tuple[Relation, ...]:
    found = []
    for line in text.split("\n"):
        if not line.strip():
            continue
        stated, _, source = line.partition(" | ")
        kind, _, to = stated.strip().partition(" ")
        types = {known.value: known for known in RelationType}
        if kind not in types:
            raise ValueError(f"“{kind[:40]}” is no type of relation; write it like subset iso27001:A.8.8")
        found.append(Relation(to=parse_reference(to), type=types[kind], source=source))
    return tuple(found)


def _about(record: Record, about: dict[str, Any], where: Location) -> None:
    fields = {field.name.replace("_", "-"): field for field in msgspec.structs.fields(Catalogue)}
    name, text = record.get("id", "").strip(), record.get("title", "")
    if name not in fields or name == "controls":
        raise refuse(f"a catalogue has no field “{name[:40]}”", location=where, hint=choice_hint(name, fields))
    if name in about:
        raise refuse(f"the field “{name}” stands twice", location=where, hint="remove one of the two rows")
    if fields[name].type in {str, "str"} or isinstance(fields[name].default, str) or fields[name].required:
        about[name] = text
        return
    try:
        about[name] = json.loads(text)
    except (ValueError, RecursionError):
        hint = "leave the cell as it was written: it is JSON"
        raise refuse(f"“{name}” cannot be read", location=where, hint=hint) from None


def _catalogue(about: Mapping[str, Any], file: str) -> Catalogue:
    required = [field.name for field in msgspec.structs.fields(Catalogue) if field.required]
    missing = [name for name in required if not about.get(name)]
    if missing:
        hint = f"add a row with “catalogue” under “row”, “{missing[0]}” under “id”, and its value under “title”"
        raise refuse(f"does not say the catalogue's {missing[0]}", location=Location(file), hint=hint)
    controls = about["controls"]
    plain = {name.replace("-", "_"): value for name, value in about.items() if name != "controls"}
    catalogue: Catalogue = _at(Location(file), converted, plain, Catalogue)
    return msgspec.structs.replace(catalogue, controls=controls)


def _at(where: Location, read: Any, *given: Any) -> Any:
    try:
        return read(*given)
    except Refused:
        raise
    except ValueError as error:
        sentence, hint = sentence_and_hint(error)
        raise refuse(sentence, location=where, hint=hint) from None
