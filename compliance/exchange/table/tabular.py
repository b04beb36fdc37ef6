"""Tables with one control to a row: read by a map of columns, with an account of everything else in them."""

from __future__ import annotations

from typing import Any

import msgspec

from compliance.domain.standards.catalogue import Catalogue
from compliance.exchange.drafts import catalogue_of, profiles_named, respelt
from compliance.exchange.formats import Options, refuse_idle
from compliance.exchange.imported import Imported, Kept, Skipped
from compliance.exchange.table import own as tabular_own
from compliance.exchange.table.columns import find_columns, preset_of
from compliance.exchange.table.rows import Row, read_rows, related_columns
from compliance.exchange.table.tree import placed
from compliance.problems import Location, counted, refuse
from compliance.store.text.located import not_text

MOST_ROWS = 50_000
MOST_KEPT = 400_000
"""Texts without a field of ours, in cells."""


class Table(msgspec.Struct, frozen=True, kw_only=True):
    """A table's rows by their numbers, blank rows left out, and what was met when it was read.

    `merged` are first row, first column, last row, last column; rows count from 1, columns from 0.
    """

    file: str
    rows: list[tuple[int, list[str]]]
    skipped: tuple[Skipped, ...] = ()
    notes: tuple[str, ...] = ()
    merged: tuple[tuple[int, int, int, int], ...] = ()
    numbers: frozenset[tuple[int, int]] = frozenset()
    """Places of numbers with a decimal point, where a table knows numbers from texts."""


def read_table(table: Table, options: Options) -> Imported:
    """A table as a catalogue. Raises Refused, with the row, for what cannot be read."""
    if not table.rows:
        raise refuse("has no rows", location=Location(table.file), hint="look whether it is the right file and sheet")
    if len(table.rows) > MOST_ROWS:
        hint = "import the part that has the controls"
        raise refuse(f"has more than {MOST_ROWS:,} rows", location=Location(table.file, MOST_ROWS), hint=hint)
    rows, odd = _without_odd(table.rows)
    notes = [f"{counted(odd, 'cell')} had characters that are no text: blanks stand for them."] if odd else []
    if tabular_own.is_ours(rows[0][1]):
        catalogue = tabular_own.catalogue_from(rows, table.file)
        return own(catalogue, len(rows) - 1, options, table.file, (*table.notes, *notes), table.skipped)
    preset = preset_of(options)
    columns = find_columns(rows, options, table.file)
    above = [
        Skipped(f"row {number}: {' '.join(' '.join(cells).split())[:60]}", "above the headings")
        for number, cells in rows
        if number < columns.row
    ]
    below = [one for one in rows if one[0] > columns.row]
    linked = related_columns(columns, preset)
    found, without = read_rows(below, columns, linked, options, preset, table.file)
    doubtful = sum((row.number, columns.places["id"]) in table.numbers for row in found)
    if doubtful:
        notes.append(
            f"Ids that are numbers in the workbook: {doubtful:,}. A number cannot tell 1.10 from 1.1: look at them."
        )
    if table.merged:
        found = _filled(found, table.merged, columns.places)
        ranges = counted(len(table.merged), "range")
        notes.append(f"{ranges} of merged cells: below each section's first row its name is carried on.")
    drafts, on_tree = placed(found, table.file, preset is not None and preset.every_row_assessable)
    profiles = profiles_named({name: name for row in found for name in row.profiles})
    drafts = [
        msgspec.structs.replace(
            draft,
            control=msgspec.structs.replace(
                draft.control, profiles=tuple(profiles[name].id for name in draft.control.profiles)
            ),
        )
        if draft.control.profiles
        else draft
        for draft in drafts
    ]
    stem = table.file.rpartition("/")[2].rpartition(".")[0]
    if not options.version:
        notes.append("A table states no version of its standard: 1 is written; --version says another.")
    catalogue = catalogue_of(
        drafts,
        options,
        table.file,
        id_=preset.short if preset and preset.short else stem,
        version="",
        title=preset.title.partition(" (")[0] if preset and preset.short else stem,
        publisher=preset.publisher if preset else "",
        profiles=profiles.values(),
    )
    return Imported(
        catalogue=catalogue,
        rows=len(below),
        skipped=(*above, *without, *table.skipped),
        kept=_kept(found, table.file),
        source_id=stem,
        licence=options.licence,
        notes=tuple(
            note
            for note in (*table.notes, *columns.notes, on_tree, respelt((row.written, row.id) for row in found), *notes)
            if note
        ),
    )


def own(
    catalogue: Catalogue,
    rows: int,
    options: Options,
    file: str,
    notes: tuple[str, ...],
    skipped: tuple[Skipped, ...],
) -> Imported:
    """What comes of a table that this program wrote; the user's own names go before those in it.

    Raises Refused for options that say where a foreign table has its fields, and what its words are.
    """
    why = "this program wrote it, and it says all of itself"
    idle = ("columns", "preset", "licence", "with_text")
    refuse_idle(options, idle, file, "a catalogue that was exported from here", why)
    changes: dict[str, Any] = {
        field: text for field in ("id", "version", "title", "short") if (text := getattr(options, field))
    }
    if catalogue.follows and options.id not in {"", catalogue.id}:
        changes["follows"] = None  # what follows under another name follows nothing
    return Imported(
        catalogue=msgspec.structs.replace(catalogue, **changes),
        rows=rows,
        skipped=skipped,
        source_id=catalogue.id,
        source_version=catalogue.version,
        licence=catalogue.wording,
        notes=("A table that this program wrote: every field is read as it was.", *notes),
    )


def _without_odd(rows: list[tuple[int, list[str]]]) -> tuple[list[tuple[int, list[str]]], int]:
    """The rows with blanks for what is no text, such as control characters, and how many cells had any."""
    odd = 0
    cleaned = []
    for number, cells in rows:
        if all(cell.isprintable() or not_text(cell) is None for cell in cells):
            cleaned.append((number, cells))
            continue
        odd += sum(not_text(cell) is not None for cell in cells)
        cleaned.append((number, ["".join(" " if not_text(one) else one for one in cell) for cell in cells]))
    return cleaned, odd


def _filled(rows: list[Row], merged: tuple[tuple[int, int, int, int], ...], places: dict[str, int]) -> list[Row]:
    """Rows under a merged section with its name: a merged range has its text in the first cell alone."""
    by_number = {row.number: row for row in rows}
    for field in ("section", "section-id"):
        for top, left, bottom, _ in merged:
            if left == places.get(field) and top in by_number and bottom - top < MOST_ROWS:
                text = getattr(by_number[top], field.replace("-", "_"))
                for number in range(top + 1, bottom + 1):
                    if number in by_number:
                        change = {field.replace("-", "_"): text}
                        by_number[number] = msgspec.structs.replace(by_number[number], **change)
    return list(by_number.values())


def _kept(rows: list[Row], file: str) -> tuple[Kept, ...]:
    kept = [Kept(row.id, name, text) for row in rows for name, text in row.others]
    if len(kept) > MOST_KEPT:
        hint = "delete the columns that are not needed"
        raise refuse(f"has more than {MOST_KEPT:,} texts without a field", location=Location(file), hint=hint)
    return tuple(kept)
