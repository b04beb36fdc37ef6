"""Which column of a table is which field of a control: by the user's word, by a preset, or by the heading's name."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

import msgspec

from compliance.exchange.options import Options, refuse_idle
from compliance.exchange.table.headings import (
    Field,
    HeadingRow,
    heading_row,
    heading_rows,
    match_headings,
    no_such_column,
    plain,
)
from compliance.problems import Location, Refused, choice_hint, refuse

FIELDS = (
    Field("id", (
        "id", "ref", "reference", "ref id", "control id", "control ref", "control reference", "control number",
        "control no", "control #", "requirement id", "requirement number", "item id", "clause", "identifier",
        "number", "no", "no.", "#",
    )),
    Field("title", (
        "title", "name", "control", "control name", "control title", "requirement", "item name", "item title",
    )),
    Field("parent", ("parent", "parent id")),
    Field("section", ("section", "section name", "domain", "family", "category", "chapter", "chapter name", "group")),
    Field("section-id", ("section id", "section number", "chapter id", "chapter number", "domain id")),
    Field("level", ("level", "depth")),
    Field("assessable", ("assessable",)),
    Field("summary", ("summary",)),
    Field("description", ("description", "text", "control description", "requirement text", "control text")),
    Field("kind", ("kind", "evidence kind")),
    Field("rule", ("rule",)),
    Field("interval", ("interval", "max age")),
    Field("basis", ("basis",)),
    Field("need", ("need",)),
    Field("source", ("evidence source",)),
    Field("what", ("what", "evidence")),
    Field("profiles", ("profiles", "profile")),
    Field("related", ("related",)),
)  # fmt: skip
"""Our fields, and what a heading may be called to be taken for one without being told."""
_ID = FIELDS[0]


class Preset(msgspec.Struct, frozen=True, kw_only=True):
    """The table of another tool: which heading is which field.

    `positions` are headings by place, for tables that are told by their order. `related` are patterns of headings with
    control ids of a standard, that standard, and what goes before an id. `sheet` is the pattern of the sheet's name.
    """

    title: str
    columns: Mapping[str, str] = {}
    positions: tuple[str, ...] = ()
    sheet: str = ""
    related: tuple[tuple[str, str, str], ...] = ()
    every_row_assessable: bool = False
    publisher: str = ""
    short: str = ""


PRESETS: dict[str, Preset] = {
    "eramba": Preset(
        title="eramba compliance package (CSV)",
        positions=(
            "chapter number",
            "chapter name",
            "chapter description",
            "item id",
            "item name",
            "item description",
            "item additional information",
        ),
        columns={
            "section-id": "chapter number",
            "section": "chapter name",
            "id": "item id",
            "title": "item name",
            "description": "item description",
        },
        every_row_assessable=True,
    ),
    "scf": Preset(
        title="Secure Controls Framework (workbook)",
        sheet=r"scf\b.*\d",
        columns={
            "section": "scf domain",
            "title": "scf control",
            "id": "scf #",
            "description": "secure controls framework (scf) control description",
        },
        related=(
            (r"iso(?: ?/? ?iec)? 27001 v?2022", "iso27001", ""),
            (r"iso(?: ?/? ?iec)? 27002 v?2022", "iso27001", "A."),
            (r"pci ?dss v?4\.0\.1", "pci-dss", ""),
        ),
        every_row_assessable=True,
        publisher="Secure Controls Framework Council",
        short="SCF",
    ),
}


class Columns(msgspec.Struct, frozen=True):
    """The columns of a table: each field's place, the headings, the headings' row, and how each field was found."""

    places: dict[str, int]
    headings: tuple[str, ...]
    row: int
    notes: tuple[str, ...]


def preset_of(options: Options) -> Preset | None:
    """The preset that the user names. Raises Refused for one that there is not."""
    if not options.preset:
        return None
    if options.preset not in PRESETS:
        raise refuse(f"there is no preset “{options.preset}”", hint=choice_hint(options.preset, PRESETS))
    return PRESETS[options.preset]


def find_columns(rows: Sequence[tuple[int, list[str]]], options: Options, file: str) -> Columns:
    """The columns of a table. Raises Refused where the ids cannot be found, or what the user named is not there."""
    preset = preset_of(options)
    names = [field.name for field in FIELDS]
    for name in options.columns:
        if name not in names:
            raise refuse(f"a control has no field “{name}”", hint=choice_hint(name, names))
    if preset and preset.positions:
        why = "the preset knows the columns by their order"
        refuse_idle(options, ("columns",), file, f"a table of the preset {options.preset}", why)
        return _by_position(rows, preset)
    named = {
        field: plain(heading) for field, heading in {**(preset.columns if preset else {}), **options.columns}.items()
    }
    for row in heading_rows(rows, file):
        if _has_ids(row, named):
            return _columns(row, named)
    raise _no_ids(heading_row(*rows[0], Location(file, rows[0][0])), options, preset)


def _has_ids(row: HeadingRow, named: Mapping[str, str]) -> bool:
    if named.get("id"):
        return named["id"] in row.names
    return bool({_ID.name, *_ID.headings} & set(row.names)) and sum(map(bool, row.names)) > 1


def _columns(row: HeadingRow, named: Mapping[str, str]) -> Columns:
    for heading in named.values():
        if row.names.count(heading) > 1:
            hint = "give one of the two another heading"
            raise refuse(f"two columns are called “{heading}”", location=row.where, hint=hint)
        if heading not in row.names:
            raise no_such_column(heading, row, f"its headings are {', '.join(row.shown[:12])}")
    places = match_headings(row, FIELDS, named)
    headings = tuple(" ".join(cell.split()) for cell in row.cells)
    listed = ", ".join(f"{field} from “{headings[place]}”" for field, place in places.items())
    return Columns(places, headings, row.number, (f"Columns: {listed}.",))


def _by_position(rows: Sequence[tuple[int, list[str]]], preset: Preset) -> Columns:
    """The columns in the order of the preset; a first row that says what they are is passed over."""
    places = {field: preset.positions.index(heading) for field, heading in preset.columns.items()}
    first, cells = rows[0]
    is_heading = any(re.search(r"\b(id|number)\b", plain(cell)) for cell in cells[places["id"] : places["id"] + 1])
    note = f"Columns: in the order of the preset ({', '.join(preset.positions)})."
    return Columns(places, preset.positions, first if is_heading else 0, (note,))


def _no_ids(row: HeadingRow, options: Options, preset: Preset | None) -> Refused:
    """What to say where no row has the headings: by what the user or the preset named."""
    first = f"the first row has: {row.listed}"
    named = options.columns.get("id", "")
    if named and len(row.shown) > 1:
        return no_such_column(named, row, first)
    if named:
        return refuse(f"no column is called “{named}”", location=row.where, hint=first)
    hint = f"say which with --column id=HEADING; {first}"
    if preset:
        hint = f"look whether it is what the preset is for, {preset.title}; {first}"
    return refuse("no column has the ids of the controls", location=row.where, hint=hint)
