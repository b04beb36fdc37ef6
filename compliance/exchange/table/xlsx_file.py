"""Excel workbooks, read and written: one sheet of a foreign workbook as a table, or the three sheets of one of ours."""

from __future__ import annotations

import importlib
import io
import re
import textwrap
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from compliance.domain.standards.catalogue import Catalogue
from compliance.exchange.formats import Options
from compliance.exchange.imported import Imported, Skipped
from compliance.exchange.table import own as tabular_own
from compliance.exchange.table.columns import preset_of
from compliance.exchange.table.tabular import Table, own, read_table
from compliance.exchange.table.workbook import Sheet, Workbook, open_workbook
from compliance.exchange.table.workbook_cells import Cells, read_cells
from compliance.problems import Location, choice_hint, counted, refuse
from compliance.store.text.spreadsheets import unguarded

LONGEST_CELL = 32_767
"""Characters in a cell of a workbook, by Excel's own limit."""
_SHEETS = {
    "Controls": ("control", tabular_own.CONTROL_COLUMNS),
    "Expectations": ("expectation", tabular_own.EXPECTATION_COLUMNS),
    "Catalogue": ("catalogue", tabular_own.CATALOGUE_COLUMNS),
}
"""The sheets of a workbook of ours: what a row of each is, and its columns."""
_WIDTHS = {
    "title": 40,
    "summary": 64,
    "what": 60,
    "value": 90,
    "more": 20,
    "related": 32,
    "profiles": 26,
    "field": 18,
    "kind": 18,
    "interval": 18,
}
_WRAPPED = frozenset({"title", "summary", "what", "value", "related", "profiles"})
_PLAIN_WIDTH = 12
_LINE = 15
_TALLEST = 409
"""The height of a line of text, and of the tallest row that there can be, in points."""
_A4 = 9
"""The number of the paper's size, in every workbook."""
_EPOCH = datetime(2000, 1, 1)


def read(data: bytes, file: str, options: Options) -> Imported:
    """A workbook as a catalogue. Raises Refused for what is no sound workbook, and for what its table lacks."""
    workbook = open_workbook(data, file)
    if not options.sheet and {sheet.name for sheet in workbook.sheets} >= set(_SHEETS):
        ours = _ours(workbook, options)
        if ours:
            return ours
    sheet, others = _chosen(workbook, options)
    cells = read_cells(workbook, sheet.part, sheet.name)
    table = Table(
        file=file,
        rows=cells.rows,
        skipped=(*others, *cells.skipped),
        notes=tuple(_notes(sheet, cells)),
        merged=cells.merged,
        numbers=cells.numbers,
    )
    if not table.rows:
        hint = f"name another with --sheet: {', '.join(one.name for one in workbook.sheets)}"
        raise refuse(f"the sheet “{sheet.name}” is empty", location=Location(file), hint=hint)
    return read_table(table, options)


def _chosen(workbook: Workbook, options: Options) -> tuple[Sheet, list[Skipped]]:
    """The sheet that is named, or that the preset knows, or the first that is shown; and what is said of the others."""
    wanted, preset = options.sheet, preset_of(options)
    names = [sheet.name for sheet in workbook.sheets]
    if wanted:
        fitting = [sheet for sheet in workbook.sheets if sheet.name.casefold() == wanted.casefold()]
        if not fitting:
            hint = choice_hint(wanted, names) or f"its sheets are {', '.join(names[:20])}"
            raise refuse(f"there is no sheet “{wanted}”", location=Location(workbook.file), hint=hint)
    elif preset and preset.sheet:
        fitting = [sheet for sheet in workbook.sheets if re.match(preset.sheet, sheet.name.casefold())]
        if not fitting:
            hint = f"name it with --sheet: {', '.join(names[:20])}"
            raise refuse(f"has no sheet as a {preset.title} has", location=Location(workbook.file), hint=hint)
    else:
        fitting = [sheet for sheet in workbook.sheets if not sheet.is_hidden] or list(workbook.sheets)
    return fitting[0], [
        Skipped(
            f"sheet “{sheet.name}”{' (hidden)' if sheet.is_hidden else ''}",
            "one sheet is read; --sheet names another",
        )
        for sheet in workbook.sheets
        if sheet is not fitting[0]
    ]


def _notes(sheet: Sheet, cells: Cells) -> list[str]:
    notes = [f"Read from the sheet “{sheet.name}”{', which is hidden' if sheet.is_hidden else ''}."]
    if cells.formulas:
        hold = "cell holds a formula" if cells.formulas == 1 else "cells hold formulas"
        notes.append(f"{cells.formulas:,} {hold}: what the workbook last showed there was taken.")
    if cells.skipped:
        were = "was" if len(cells.skipped) == 1 else "were"
        formulas = counted(len(cells.skipped), "cell")
        notes.append(f"{formulas} with an error, or a formula without its value, {were} passed over.")
    return notes


def _ours(workbook: Workbook, options: Options) -> Imported | None:
    """The catalogue in a workbook that this program wrote; None where the sheets are called so by chance."""
    records: list[tuple[int, tabular_own.Record]] = []
    skipped: list[Skipped] = []
    by_name = {sheet.name: sheet for sheet in workbook.sheets}
    for name, (kind, columns) in _SHEETS.items():
        cells = read_cells(workbook, by_name[name].part, name)
        headings = [cell.strip() for cell in cells.rows[0][1]] if cells.rows else []
        if headings != list(columns):
            return None
        skipped += cells.skipped
        records += [(number, _record(kind, columns, line)) for number, line in cells.rows[1:]]
    skipped += [
        Skipped(f"sheet “{sheet.name}”", "a catalogue has three sheets: " + ", ".join(_SHEETS))
        for sheet in workbook.sheets
        if sheet.name not in _SHEETS
    ]
    records.sort(key=lambda one: tabular_own.KINDS.index(one[1]["row"]))
    catalogue = tabular_own.catalogue_of_records(records, workbook.file)
    return own(catalogue, len(records), options, workbook.file, (), tuple(skipped))


def _record(kind: str, columns: Sequence[str], line: Sequence[str]) -> tabular_own.Record:
    found = {column: unguarded(cell) for column, cell in zip(columns, line, strict=False) if cell}
    if kind == "catalogue":
        return {"row": kind, "id": found.get("field", ""), "title": found.get("value", "")}
    return {"row": kind, **found}


def write(catalogue: Catalogue) -> bytes:
    """A catalogue as a workbook of three sheets; reading it gives an equal catalogue.

    Raises Refused where the library that writes workbooks is absent, and for a text that is longer than a cell can be.
    """
    try:
        xlsxwriter: Any = importlib.import_module("xlsxwriter")  # absent where the extra is not installed
    except ModuleNotFoundError:
        hint = "install it with: pip install 'compliance-evidence[excel]'; or export as CSV"
        raise refuse("what writes Excel workbooks is not installed", hint=hint) from None
    records = list(tabular_own.records_of(catalogue))
    for record in records:
        for column, text in record.items():
            if len(text) >= LONGEST_CELL:
                hint = "export it as CSV or OSCAL, where a text may be longer"
                raise refuse(f"“{column}” of {record['id']} is longer than a workbook's cell can be", hint=hint)
    target = io.BytesIO()
    no_formulas = {
        "in_memory": True,
        "strings_to_formulas": False,
        "strings_to_urls": False,
        "strings_to_numbers": False,
    }
    book = xlsxwriter.Workbook(target, no_formulas)
    # A date of its own would make two exports of one catalogue differ.
    book.set_properties({"created": _EPOCH, "title": str(catalogue.name), "comments": catalogue.wording[:255]})
    plain = {"valign": "top", "num_format": "@"}
    formats = {
        "head": book.add_format({"bold": True, "bottom": 1, **plain}),
        "plain": book.add_format(plain),
        "wrapped": book.add_format({"text_wrap": True, **plain}),
    }
    for name, (kind, columns) in _SHEETS.items():
        rows = [record for record in records if record["row"] == kind]
        if kind == "catalogue":
            rows = [{"field": record["id"], "value": record["title"]} for record in rows]
        _write_sheet(book.add_worksheet(name), columns, rows, formats)
    book.close()
    return target.getvalue()


def _write_sheet(
    sheet: Any, columns: Sequence[str], rows: Sequence[tabular_own.Record], formats: dict[str, Any]
) -> None:
    for place, column in enumerate(columns):
        sheet.set_column(place, place, _WIDTHS.get(column, _PLAIN_WIDTH))
        sheet.write_string(0, place, column, formats["head"])
    for number, record in enumerate(rows, 1):
        for place, (column, text) in enumerate(zip(columns, tabular_own.cells_of(record, columns), strict=True)):
            if text:
                sheet.write_string(number, place, text, formats["wrapped" if column in _WRAPPED else "plain"])
        sheet.set_row(number, _height(record))
    sheet.freeze_panes(1, 1)
    sheet.set_landscape()
    sheet.set_paper(_A4)
    sheet.fit_to_pages(1, 0)  # as wide as the paper, as long as it takes
    sheet.repeat_rows(0)
    sheet.set_footer("&L&F&C&A&R&P/&N")
    sheet.autofilter(0, 0, max(len(rows), 1), len(columns) - 1)


def _height(record: tabular_own.Record) -> int:
    """The height of a row in points, by its longest text: not every program works it out from texts that wrap."""
    lines = [len(textwrap.wrap(text, _WIDTHS[name])) for name, text in record.items() if name in _WRAPPED]
    return min(_LINE * max([1, *lines]), _TALLEST)
