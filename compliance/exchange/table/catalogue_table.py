"""Tables with one control to a row: read by a map of columns, with an account of everything else in them."""

from __future__ import annotations

import msgspec

from compliance.exchange.drafts import About, catalogue_of, note_on_respelt_ids, profiles_named, stem_of
from compliance.exchange.imported import Imported, Kept, Skipped
from compliance.exchange.options import Options
from compliance.exchange.table.bounds import MOST_ROWS
from compliance.exchange.table.control_columns import find_columns, preset_of
from compliance.exchange.table.control_rows import SourceControl, read_rows, related_columns
from compliance.exchange.table.control_tree import place_rows
from compliance.exchange.table.table import Table
from compliance.exchange.table.workbook_copy import Range
from compliance.problems import Location, counted, refuse
from compliance.store.text.located import not_text

MOST_KEPT = 400_000
"""Texts without a field of ours, in cells."""
_ENCODED = "utf-8-sig"
"""UTF-8, with or without its mark: what goes without saying."""


def catalogue_of_table(table: Table, options: Options) -> Imported:
    """A table as a catalogue. Raises Refused, with the row, for what cannot be read."""
    if not table.rows and table.sheet:
        sheets = [table.sheet, *(sheet.name for sheet in table.others)]
        hint = f"name another with --sheet: {', '.join(sheets)}"
        raise refuse(f"the sheet “{table.sheet}” is empty", location=Location(table.file), hint=hint)
    if not table.rows:
        raise refuse("has no rows", location=Location(table.file), hint="look whether it is the right file and sheet")
    if len(table.rows) > MOST_ROWS:
        hint = "import the part that has the controls"
        raise refuse(f"has more than {MOST_ROWS:,} rows", location=Location(table.file, MOST_ROWS), hint=hint)
    rows, odd = _without_odd(table.rows)
    notes = [f"{counted(odd, 'cell')} had characters that are no text: blanks stand for them."] if odd else []
    preset = preset_of(options)
    columns = find_columns(rows, options, table.file)
    above = [
        Skipped(f"row {number}: {' '.join(' '.join(cells).split())[:60]}", "above the headings")
        for number, cells in rows
        if number < columns.row
    ]
    below = [line for line in rows if line[0] > columns.row]
    linked = related_columns(columns, preset)
    controls, without = read_rows(below, columns, linked, options, preset, table.file)
    doubtful = sum((row.number, columns.places["id"]) in table.numbers for row in controls)
    if doubtful:
        notes.append(
            f"Ids that are numbers in the workbook: {doubtful:,}. A number cannot tell 1.10 from 1.1: look at them."
        )
    if table.merged:
        controls = _filled(controls, table.merged, columns.places)
        ranges = counted(len(table.merged), "range")
        notes.append(f"{ranges} of merged cells: below each section's first row its name is carried on.")
    profiles = profiles_named({name: name for row in controls for name in row.profiles})
    drafts, on_tree = place_rows(controls, table.file, profiles, preset is not None and preset.every_row_assessable)
    stem = stem_of(table.file)
    if not options.version:
        notes.append("A table states no version of its standard: 1 is written; --version says another.")
    about = About(
        id=preset.short if preset and preset.short else stem,
        version="",
        title=preset.title.partition(" (")[0] if preset and preset.short else stem,
        publisher=preset.publisher if preset else "",
        profiles=tuple(profiles.values()),
    )
    catalogue = catalogue_of(drafts, about, options, table.file)
    return Imported(
        catalogue=catalogue,
        rows=len(below),
        skipped=(*above, *without, *_other_sheets(table), *table.skipped),
        kept=_kept(controls, table.file),
        source_id=stem,
        licence=options.licence,
        notes=tuple(
            note
            for note in (
                *_on_reading(table),
                *columns.notes,
                on_tree,
                note_on_respelt_ids((row.written, row.id) for row in controls),
                *notes,
            )
            if note
        ),
    )


def _on_reading(table: Table) -> list[str]:
    """How the table was read: its encoding and separator, or its sheet and what the cells of that hold."""
    if table.csv:
        encoding = table.csv.encoding
        written = [] if encoding == _ENCODED else [f"The file is written in {encoding.upper()}."]
        return [*written, f"Cells are parted by {table.csv.separator}."]
    if not table.sheet:
        return []
    return [f"Read from the sheet “{table.sheet}”{', which is hidden' if table.is_hidden else ''}.", *table.notes]


def _other_sheets(table: Table) -> list[Skipped]:
    return [
        Skipped(
            f"sheet “{sheet.name}”{' (hidden)' if sheet.is_hidden else ''}",
            "one sheet is read; --sheet names another",
        )
        for sheet in table.others
    ]


def _without_odd(rows: list[tuple[int, list[str]]]) -> tuple[list[tuple[int, list[str]]], int]:
    """The rows with blanks for what is no text, such as control characters, and how many cells had any."""
    odd = 0
    cleaned = []
    for number, cells in rows:
        if all(cell.isprintable() or not_text(cell) is None for cell in cells):
            cleaned.append((number, cells))
            continue
        odd += sum(not_text(cell) is not None for cell in cells)
        cleaned.append(
            (number, ["".join(" " if not_text(character) else character for character in cell) for cell in cells])
        )
    return cleaned, odd


def _filled(rows: list[SourceControl], merged: tuple[Range, ...], places: dict[str, int]) -> list[SourceControl]:
    """Rows under a merged section with its name: a merged range has its text in the first cell alone."""
    by_number = {row.number: row for row in rows}
    for field in ("section", "section-id"):
        for top, column, bottom, _ in merged:
            if column == places.get(field) and top in by_number and bottom - top < MOST_ROWS:
                text = getattr(by_number[top], field.replace("-", "_"))
                for number in range(top + 1, bottom + 1):
                    if number in by_number:
                        change = {field.replace("-", "_"): text}
                        by_number[number] = msgspec.structs.replace(by_number[number], **change)
    return list(by_number.values())


def _kept(rows: list[SourceControl], file: str) -> tuple[Kept, ...]:
    kept = [Kept(row.id, name, text) for row in rows for name, text in row.others]
    if len(kept) > MOST_KEPT:
        hint = "delete the columns that are not needed"
        raise refuse(f"has more than {MOST_KEPT:,} texts without a field", location=Location(file), hint=hint)
    return tuple(kept)
