"""A table, CSV or workbook, as rows with their places: what is read, and nothing made of it yet."""

from __future__ import annotations

import re

import msgspec

from compliance.exchange.imported import Skipped
from compliance.exchange.table.csv_rows import CsvRows, csv_rows
from compliance.exchange.table.workbook import Sheet, Workbook, open_workbook
from compliance.exchange.table.workbook_cells import read_cells
from compliance.exchange.table.workbook_copy import Range, column_name
from compliance.problems import Location, choice_hint, counted, refuse, with_article

_WORKBOOKS = (b"PK", b"\xd0\xcf\x11\xe0")
"""How files of the new and the old kind of workbook begin."""


class Table(msgspec.Struct, frozen=True, kw_only=True):
    """A table's rows by their numbers, blank rows left out, and what was met when it was read.

    `csv` says how a CSV table was written; `sheet` is the sheet of a workbook that was read, and empty for CSV.
    """

    file: str
    rows: list[tuple[int, list[str]]]
    csv: CsvRows | None = None
    sheet: str = ""
    was_named: bool = False
    """The user said which sheet."""
    is_hidden: bool = False
    others: tuple[Sheet, ...] = ()
    """Sheets of the workbook that were not read."""
    formulas: int = 0
    """How many values come from formulas."""
    skipped: tuple[Skipped, ...] = ()
    """Cells without a value: errors, and formulas whose value the workbook does not hold."""
    merged: tuple[Range, ...] = ()
    numbers: frozenset[tuple[int, int]] = frozenset()
    """Places of numbers with a decimal point, where a table knows numbers from texts."""

    @property
    def notes(self) -> list[str]:
        """What people should know of the cells of a workbook: values that formulas gave, and cells without a value."""
        notes = []
        if self.formulas:
            hold = "cell holds a formula" if self.formulas == 1 else "cells hold formulas"
            notes.append(f"{self.formulas:,} {hold}: what the workbook last showed there was taken.")
        if self.skipped:
            were = "was" if len(self.skipped) == 1 else "were"
            cells = counted(len(self.skipped), "cell")
            notes.append(f"{cells} with an error, or a formula without its value, {were} passed over.")
        return notes

    def place(self, row: int, column: int | None = None) -> Location:
        """Where a cell is: `file.xlsx:Sheet!C7` in a workbook, a line of a CSV. Columns count from 0."""
        if not self.sheet:
            return Location(self.file, row)
        return Location(f"{self.file}:{self.sheet}!{'' if column is None else column_name(column)}{row}")


def read_table(data: bytes, file: str, sheet: str = "") -> Table:
    """The rows of a CSV table or of a sheet of a workbook, told by the file's first bytes.

    Without the name of a sheet it is the first that is shown. Raises Refused, with the place, for what is neither, for
    what is not safe to read, and for a sheet that there is not.
    """
    if data.startswith(_WORKBOOKS):
        return workbook_table(data, file, sheet)
    if sheet:
        raise refuse("is no workbook, and has no sheets", location=Location(file), hint="leave --sheet out")
    return csv_table(data, file)


def csv_table(data: bytes, file: str) -> Table:
    """The rows of a CSV table. Raises Refused, with the line, for what cannot be read."""
    read = csv_rows(data, file)
    return Table(file=file, rows=read.rows, csv=read)


def workbook_table(data: bytes, file: str, sheet: str = "", pattern: str = "", whose: str = "") -> Table:
    """The rows of one sheet: the one named, else the first that fits a pattern, else the first that is shown.

    `whose` says what has sheets of such names. Raises Refused for what is no sound workbook, and for a sheet that there
    is not.
    """
    workbook = open_workbook(data, file)
    chosen = _sheet_named(workbook, sheet) if sheet else _first_sheet(workbook, pattern, whose)
    cells = read_cells(workbook, chosen)
    return Table(
        file=file,
        rows=cells.rows,
        sheet=chosen.name,
        was_named=bool(sheet),
        is_hidden=chosen.is_hidden,
        others=tuple(other for other in workbook.sheets if other is not chosen),
        formulas=cells.formulas,
        skipped=cells.skipped,
        merged=cells.merged,
        numbers=cells.numbers,
    )


def _sheet_named(workbook: Workbook, name: str) -> Sheet:
    names = [sheet.name for sheet in workbook.sheets]
    for sheet in workbook.sheets:
        if sheet.name.casefold() == name.casefold():
            return sheet
    hint = choice_hint(name, names) or f"its sheets are {', '.join(names[:20])}"
    raise refuse(f"there is no sheet “{name}”", location=Location(workbook.file), hint=hint)


def _first_sheet(workbook: Workbook, pattern: str, whose: str) -> Sheet:
    if not pattern:
        return next((sheet for sheet in workbook.sheets if not sheet.is_hidden), workbook.sheets[0])
    for sheet in workbook.sheets:
        if re.match(pattern, sheet.name.casefold()):
            return sheet
    hint = f"name it with --sheet: {', '.join([sheet.name for sheet in workbook.sheets][:20])}"
    raise refuse(f"has no sheet as {with_article(whose)} has", location=Location(workbook.file), hint=hint)
