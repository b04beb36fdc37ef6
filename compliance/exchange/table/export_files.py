"""The tables of a catalogue as files: CSV, and an Excel workbook of three sheets that print well."""

from __future__ import annotations

import codecs
import io
import textwrap
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from compliance.domain.standards.catalogue import Catalogue
from compliance.exchange.table.export_columns import (
    CATALOGUE_COLUMNS,
    CONTROL_COLUMNS,
    EXPECTATION_COLUMNS,
    Cells,
    catalogue_rows,
    control_rows,
    expectation_rows,
)
from compliance.exchange.table.libraries import xlsxwriter_module
from compliance.problems import refuse
from compliance.store.text.spreadsheets import csv_text, guarded

LONGEST_CELL = 32_767
"""Characters in a cell of a workbook, by Excel's own limit."""
_WIDTHS = {
    "title": 40,
    "summary": 64,
    "what": 60,
    "value": 90,
    "expects": 60,
    "related": 32,
    "profiles": 26,
    "field": 18,
    "kind": 18,
    "how often": 28,
}
_PLAIN_WIDTH = 12
"""The widths of columns, in characters."""
_WRAPPED = frozenset({"title", "summary", "what", "value", "expects", "related", "profiles", "how often"})
_LINE = 15
_TALLEST = 409
"""The height of a line of text, and of the tallest row that there can be, in points."""
_A4 = 9
"""The number of the paper's size, in every workbook."""
_EPOCH = datetime(2000, 1, 1)


def catalogue_as_csv(catalogue: Catalogue) -> bytes:
    """The controls of a catalogue as CSV in UTF-8, with the mark by which spreadsheets know that."""
    return codecs.BOM_UTF8 + csv_text([CONTROL_COLUMNS, *control_rows(catalogue)]).encode()


def catalogue_as_workbook(catalogue: Catalogue) -> bytes:
    """A workbook of the controls, of what each expects, and of what the catalogue says of itself.

    The same catalogue gives the same bytes. Raises Refused where the library that writes workbooks is not installed,
    and for a text that is longer than a cell can be.
    """
    xlsxwriter = xlsxwriter_module()
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
    for name, columns, rows in (
        ("Controls", CONTROL_COLUMNS, list(control_rows(catalogue))),
        ("Expectations", EXPECTATION_COLUMNS, list(expectation_rows(catalogue))),
        ("Catalogue", CATALOGUE_COLUMNS, list(catalogue_rows(catalogue))),
    ):
        _refuse_long_texts(columns, rows)
        _write_sheet(book.add_worksheet(name), columns, rows, formats)
    book.close()
    return target.getvalue()


def _refuse_long_texts(columns: Sequence[str], rows: Sequence[Cells]) -> None:
    for cells in rows:
        for column, text in zip(columns, cells, strict=True):
            if len(text) >= LONGEST_CELL:
                hint = "export it as CSV or OSCAL, where a text may be longer"
                raise refuse(f"“{column}” of {cells[0]} is longer than a workbook's cell can be", hint=hint)


def _write_sheet(sheet: Any, columns: Sequence[str], rows: Sequence[Cells], formats: dict[str, Any]) -> None:
    for place, column in enumerate(columns):
        sheet.set_column(place, place, _WIDTHS.get(column, _PLAIN_WIDTH))
        sheet.write_string(0, place, column, formats["head"])
    for number, cells in enumerate(rows, 1):
        for place, (column, text) in enumerate(zip(columns, cells, strict=True)):
            if text:
                sheet.write_string(number, place, guarded(text), formats["wrapped" if column in _WRAPPED else "plain"])
        sheet.set_row(number, _height(columns, cells))
    sheet.freeze_panes(1, 1)
    sheet.set_landscape()
    sheet.set_paper(_A4)
    sheet.fit_to_pages(1, 0)  # as wide as the paper, as long as it takes
    sheet.repeat_rows(0)
    sheet.set_footer("&L&F&C&A&R&P/&N")
    sheet.autofilter(0, 0, max(len(rows), 1), len(columns) - 1)


def _height(columns: Sequence[str], cells: Cells) -> int:
    """The height of a row in points, by its longest text: not every program works it out from texts that wrap."""
    lines = [
        sum(len(textwrap.wrap(line, _WIDTHS[column])) or 1 for line in text.splitlines())
        for column, text in zip(columns, cells, strict=True)
        if column in _WRAPPED
    ]
    return min(_LINE * max([1, *lines]), _TALLEST)
