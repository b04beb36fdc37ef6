"""Which column of a table is which field of a control: by the user's word, by a preset, or by the heading's name."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

import msgspec

from compliance.exchange.formats import Options, refuse_idle
from compliance.problems import Location, choice_hint, refuse

HEADINGS_WITHIN = 20
"""Rows above the headings: a title, a date, a logo's caption; so many are looked through."""

FIELDS: dict[str, tuple[str, ...]] = {
    "id": (
        "id", "ref", "reference", "ref id", "control id", "control ref", "control reference", "control number",
        "control no", "control #", "requirement id", "requirement number", "item id", "clause", "identifier",
        "number", "no", "no.", "#",
    ),
    "title": ("title", "name", "control", "control name", "control title", "requirement", "item name", "item title"),
    "parent": ("parent", "parent id"),
    "section": ("section", "section name", "domain", "family", "category", "chapter", "chapter name", "group"),
    "section-id": ("section id", "section number", "chapter id", "chapter number", "domain id"),
    "level": ("level", "depth"),
    "assessable": ("assessable",),
    "summary": ("summary",),
    "description": ("description", "text", "control description", "requirement text", "control text"),
    "kind": ("kind", "evidence kind"),
    "rule": ("rule",),
    "interval": ("interval", "max age"),
    "basis": ("basis",),
    "what": ("what", "evidence"),
    "profiles": ("profiles", "profile"),
    "related": ("related",),
}  # fmt: skip
"""Our fields, and what a heading may be called to be taken for one without being told."""


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


def plain(heading: str) -> str:
    """A heading as it is compared: small letters, single blanks."""
    return " ".join(heading.casefold().replace("_", " ").split())


def find_columns(rows: Sequence[tuple[int, list[str]]], options: Options, file: str) -> Columns:
    """The columns of a table. Raises Refused where the ids cannot be found, or what the user named is not there."""
    preset = preset_of(options)
    for field in options.columns:
        if field not in FIELDS:
            raise refuse(f"a control has no field “{field}”", hint=choice_hint(field, FIELDS))
    if preset and preset.positions:
        why = "the preset knows the columns by their order"
        refuse_idle(options, ("columns",), file, f"a table of the preset {options.preset}", why)
        return _by_position(rows, preset)
    said = {
        field: plain(heading) for field, heading in {**(preset.columns if preset else {}), **options.columns}.items()
    }
    for number, cells in rows[:HEADINGS_WITHIN]:
        headings = [plain(cell) for cell in cells]
        if _fits(headings, said):
            return _found(number, cells, headings, said, file)
    raise _not_found(rows, options, preset, file)


def _fits(headings: list[str], said: Mapping[str, str]) -> bool:
    if said.get("id"):
        return said["id"] in headings
    return bool(set(FIELDS["id"]) & set(headings)) and sum(bool(heading) for heading in headings) > 1


def _found(number: int, cells: list[str], headings: list[str], said: Mapping[str, str], file: str) -> Columns:
    places: dict[str, int] = {}
    for field, heading in said.items():
        if headings.count(heading) > 1:
            hint = "give one of the two another heading"
            raise refuse(f"two columns are called “{heading}”", location=Location(file, number), hint=hint)
        if heading not in headings:
            shown = [cell for cell in (" ".join(cell.split()) for cell in cells) if cell]
            hint = choice_hint(heading, shown) or f"its headings are {', '.join(shown[:12])}"
            raise refuse(f"no column is called “{heading}”", location=Location(file, number), hint=hint)
        places[field] = headings.index(heading)
    for field, names in FIELDS.items():
        free = [name for name in names if name in headings and headings.index(name) not in places.values()]
        if field not in places and free:
            places[field] = headings.index(free[0])
    named = ", ".join(f"{field} from “{' '.join(cells[place].split())}”" for field, place in places.items())
    return Columns(places, tuple(" ".join(cell.split()) for cell in cells), number, (f"Columns: {named}.",))


def _by_position(rows: Sequence[tuple[int, list[str]]], preset: Preset) -> Columns:
    """The columns in the order of the preset; a first row that says what they are is passed over."""
    places = {field: preset.positions.index(heading) for field, heading in preset.columns.items()}
    first, cells = rows[0]
    is_heading = any(re.search(r"\b(id|number)\b", plain(cell)) for cell in cells[places["id"] : places["id"] + 1])
    note = f"Columns: in the order of the preset ({', '.join(preset.positions)})."
    return Columns(places, preset.positions, first if is_heading else 0, (note,))


def _not_found(rows: Sequence[tuple[int, list[str]]], options: Options, preset: Preset | None, file: str) -> Exception:
    number, cells = rows[0]
    shown = [cell for cell in (" ".join(cell.split())[:40] for cell in cells) if cell]
    first = f"the first row has: {', '.join(shown[:12])}"
    named = options.columns.get("id", "")
    if named:
        near = choice_hint(named, shown) if len(shown) > 1 else ""
        return refuse(f"no column is called “{named}”", location=Location(file, number), hint=near or first)
    hint = f"say which with --column id=HEADING; {first}"
    if preset:
        hint = f"look whether it is what the preset is for, {preset.title}; {first}"
    return refuse("no column has the ids of the controls", location=Location(file, number), hint=hint)
