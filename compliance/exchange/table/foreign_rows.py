"""The rows of somebody else's table, CSV or workbook, with the place of every cell: nothing is made of them here."""

from __future__ import annotations

import msgspec

from compliance.exchange.table import csv_file
from compliance.exchange.table.workbook import Sheet, open_workbook
from compliance.exchange.table.workbook_cells import column_name, read_cells
from compliance.problems import Location, choice_hint, refuse


class Rows(msgspec.Struct, frozen=True, kw_only=True):
    """A table: its rows by their numbers, blank ones left out; `sheet` is empty for CSV."""

    file: str
    rows: tuple[tuple[int, tuple[str, ...]], ...]
    sheet: str = ""
    notes: tuple[str, ...] = ()

    def place(self, row: int, column: int | None = None) -> Location:
        """Where a cell is: `file.xlsx:Sheet!C7` in a workbook, a line of a CSV."""
        if not self.sheet:
            return Location(self.file, row)
        return Location(f"{self.file}:{self.sheet}!{'' if column is None else column_name(column)}{row}")


def rows_of(data: bytes, file: str, sheet: str = "") -> Rows:
    """The rows of a CSV table or of a sheet of a workbook, by the file's first bytes.

    Raises Refused, with the place, for what is neither, for what is not safe to read, and for a sheet there is none of.
    """
    if data.startswith((b"PK", b"\xd0\xcf\x11\xe0")):
        return _of_workbook(data, file, sheet)
    if sheet:
        raise refuse("is no workbook, and has no sheets", location=Location(file), hint="leave --sheet out")
    rows = csv_file.rows_of(data, file)
    return Rows(file=file, rows=tuple((number, _clean(cells)) for number, cells in rows))


def _of_workbook(data: bytes, file: str, name: str) -> Rows:
    workbook = open_workbook(data, file)
    shown = [one for one in workbook.sheets if not one.is_hidden] or list(workbook.sheets)
    chosen = _named(workbook.sheets, name, file) if name else shown[0]
    cells = read_cells(workbook, chosen.part, chosen.name)
    notes = []
    if not name and len(shown) > 1:
        notes.append(f"The sheet “{chosen.name}” was read; --sheet names another.")
    if cells.formulas:
        notes.append(f"{cells.formulas} cells hold formulas: their values as the workbook last showed them were taken.")
    if cells.skipped:
        notes.append(f"{len(cells.skipped)} cells hold formulas without a value, or errors: they count as empty.")
    rows = tuple((number, _clean(line)) for number, line in cells.rows)
    return Rows(file=file, sheet=chosen.name, rows=rows, notes=tuple(notes))


def _named(sheets: tuple[Sheet, ...], name: str, file: str) -> Sheet:
    for one in sheets:
        if one.name.casefold() == name.casefold():
            return one
    hint = choice_hint(name, [one.name for one in sheets])
    raise refuse(f"there is no sheet “{name}”", location=Location(file), hint=hint)


def _clean(cells: list[str]) -> tuple[str, ...]:
    """Texts as one line each; what cannot be seen becomes a blank, and a formula stays the text that it is."""
    return tuple(" ".join("".join(c if c.isprintable() else " " for c in cell).split()) for cell in cells)
