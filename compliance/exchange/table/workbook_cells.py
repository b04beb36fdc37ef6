"""The cells of a sheet as texts: values as a spreadsheet last showed them, and an account of what has no value."""

from __future__ import annotations

import bisect
import datetime as dt
import io
import re
import warnings
from collections.abc import Iterator
from typing import Any
from xml.etree.ElementTree import ParseError

import msgspec

from compliance.exchange.imported import Skipped
from compliance.exchange.table.bounds import MOST_CELLS
from compliance.exchange.table.libraries import openpyxl_module
from compliance.exchange.table.workbook import Sheet, Workbook
from compliance.exchange.table.workbook_copy import Copy, Range, checked_copy, column_name, too_much

MOST_TEXT = 32_000_000
"""Of all cells of a sheet together, in characters."""
_MOST_SKIPPED = 100_000
_ESCAPED = re.compile(r"_x00([01][0-9A-Fa-f])_")
_LAST_MOMENT = dt.datetime.max.replace(microsecond=0)
_SPOILT = (ValueError, TypeError, KeyError, IndexError, AttributeError, OverflowError, ParseError)
"""What the library raises at values that no workbook has."""


class Cells(msgspec.Struct, frozen=True):
    """A sheet: its rows by their numbers, what was passed over, how many values come from formulas, what is merged."""

    rows: list[tuple[int, list[str]]]
    skipped: tuple[Skipped, ...]
    formulas: int
    numbers: frozenset[tuple[int, int]]
    """The rows and columns of numbers with a decimal point, which cannot tell 1.10 from 1.1."""
    merged: tuple[Range, ...]


def read_cells(workbook: Workbook, sheet: Sheet) -> Cells:
    """Every cell of a sheet that has a value.

    Raises Refused for what is no sheet, for more than any standard has, and where the library is not installed.
    """
    openpyxl = openpyxl_module()
    copy = checked_copy(workbook, sheet)
    reader = _CellReader(workbook, sheet.name, copy.formulas)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # the library warns of dates outside the calendar: they are told as errors
        for number, line in enumerate(_lines(openpyxl, copy, workbook, sheet.name), 1):
            reader.row(number, line)
    for row, column in sorted(copy.formulas.keys() - reader.with_value):
        if not copy.formulas[row, column]:
            reader.skip(row, column, "a formula whose value the workbook does not hold")
    skipped = tuple(
        Skipped(f"{sheet.name}!{column_name(column)}{row}", why) for row, column, why in sorted(reader.skipped)
    )
    return Cells(reader.rows, skipped, reader.formulas, frozenset(reader.numbers), copy.merged)


def _lines(openpyxl: Any, copy: Copy, workbook: Workbook, name: str) -> Iterator[tuple[Any, ...]]:
    """The cells of each row, from the first. Raises Refused where the library cannot make sense of one."""
    number = 0
    try:
        page = openpyxl.load_workbook(io.BytesIO(copy.data), read_only=True, data_only=True, keep_links=False).active
        page.reset_dimensions()
        for line in page.iter_rows():
            number += 1
            yield line
    except IndexError:
        raise workbook.damaged(f"row {_after(number, copy)} of “{name}” has a text that is not there") from None
    except _SPOILT:
        raise workbook.damaged(f"row {_after(number, copy)} of “{name}” cannot be read") from None


def _after(number: int, copy: Copy) -> int:
    """The number of the row that the library was at, after one that it has read."""
    place = bisect.bisect_right(copy.numbers, number)
    return copy.numbers[place] if place < len(copy.numbers) else number


class _CellReader:
    """Collects the cells of a sheet, row by row."""

    def __init__(self, workbook: Workbook, sheet: str, formulas: dict[tuple[int, int], bool]) -> None:
        self._workbook, self._sheet, self._formulas = workbook, sheet, formulas
        self.rows: list[tuple[int, list[str]]] = []
        self.skipped: list[tuple[int, int, str]] = []
        self.numbers: set[tuple[int, int]] = set()
        self.with_value: set[tuple[int, int]] = set()
        self.formulas = sum(formulas.values())
        self._cells = self._size = 0

    def row(self, number: int, line: tuple[Any, ...]) -> None:
        texts = [self._text(number, column, cell) for column, cell in enumerate(line)]
        while texts and not texts[-1]:
            texts.pop()
        if not texts:
            return
        self.rows.append((number, texts))
        self._cells += len(texts)
        self._size += sum(map(len, texts))
        if self._cells > MOST_CELLS or self._size > MOST_TEXT:
            raise too_much(self._workbook, f"has more cells or text than any standard (sheet “{self._sheet}”)")

    def skip(self, row: int, column: int, why: str) -> None:
        if len(self.skipped) >= _MOST_SKIPPED:
            raise too_much(self._workbook, "has more formulas without a value than any standard has cells")
        self.skipped.append((row, column, why))

    def _text(self, row: int, column: int, cell: Any) -> str:
        value = cell.value
        if value is None:
            return ""
        if (row, column) in self._formulas:
            self.with_value.add((row, column))
            self.formulas += cell.data_type != "e" and not self._formulas[row, column]
        if cell.data_type == "e":
            self.skip(row, column, f"an error in the workbook ({str(value)[:20]})")
            return ""
        if isinstance(value, float) and value != value // 1:
            self.numbers.add((row, column))
        return _shown(value)


def _shown(value: Any) -> str:
    """A value as text: days as 2026-09-30, whole numbers without a point."""
    match value:
        case str():
            return _ESCAPED.sub(lambda escape: chr(int(escape[1], 16)), value) if "_x00" in value else value
        case bool():
            return "true" if value else "false"
        case dt.datetime():
            moment = value.replace(microsecond=0)
            if value.microsecond >= 500_000 and moment < _LAST_MOMENT:
                moment += dt.timedelta(seconds=1)
            return str(moment.date()) if moment.time() == dt.time() else moment.isoformat(sep=" ")
        case float() if value == value // 1 and abs(value) < 1e15:
            return str(int(value))
        case float():
            return repr(value)
        case _:
            return str(value)
