"""The cells of a sheet as texts: values as a spreadsheet last showed them, and an account of what has no value."""

from __future__ import annotations

import re
from datetime import date, datetime, timedelta

import msgspec

from compliance.exchange.imported import Skipped
from compliance.exchange.table.tabular import MOST_ROWS
from compliance.exchange.table.workbook import Attributes, Workbook
from compliance.problems import Location, refuse

MOST_CELLS = 1_000_000
MOST_COLUMNS = 2_000
MOST_TEXT = 32_000_000
"""Of all cells of a sheet together, in characters."""
_CELL = re.compile(r"([A-Z]{1,3})([1-9]\d{0,6})")
_ESCAPED = re.compile(r"_x([0-9A-Fa-f]{4})_")
_DATED = re.compile(r"[ymdhs]", re.IGNORECASE)
_IN_FORMAT = re.compile(r'"[^"]*"|\\.|\[[^\]]*\]|_.|\*.')
_WITH_DATES = frozenset({*range(14, 23), *range(27, 37), *range(50, 59)})
"""Numbers of the formats that show a date and are in every workbook (ECMA-376 part 1, 18.8.30)."""


class Cells(msgspec.Struct, frozen=True):
    """A sheet: its rows by their numbers, what was passed over, how many values come from formulas, what is merged."""

    rows: list[tuple[int, list[str]]]
    skipped: tuple[Skipped, ...]
    formulas: int
    numbers: frozenset[tuple[int, int]]
    merged: tuple[tuple[int, int, int, int], ...]
    """First row, first column, last row, last column; rows count from 1, columns from 0. `numbers` are the places of
    numbers with a decimal point, which cannot tell 1.10 from 1.1."""


def read_cells(workbook: Workbook, part: str, name: str) -> Cells:
    """Every cell of a sheet. Raises Refused for what is no sheet, and for more than any standard has."""
    reader = _Reader(workbook, name, _texts(workbook), _date_styles(workbook))
    workbook.parse(part, reader.start, reader.end, reader.words)
    return Cells(reader.rows, tuple(reader.skipped), reader.formulas, frozenset(reader.numbers), tuple(reader.merged))


def too_much(workbook: Workbook, why: str) -> Exception:
    hint = "a standard fits into less: delete the sheets, rows and columns that are not needed"
    return refuse(why, location=Location(workbook.file), hint=hint)


def unescaped(text: str) -> str:
    """A text with the characters that XML cannot hold, which a workbook writes as `_x000D_`."""
    return _ESCAPED.sub(_character, text) if "_x" in text else text


def _character(found: re.Match[str]) -> str:
    code = int(found[1], 16)
    return found[0] if 0xD800 <= code <= 0xDFFF else chr(code)


def _texts(workbook: Workbook) -> list[str]:
    """The texts that cells share, without what tells how to pronounce them."""
    found: list[str] = []
    pieces: list[str] = []
    size = 0
    taken = silent = False

    def start(name: str, _: Attributes) -> None:
        nonlocal taken, silent
        taken = name == "t" and not silent
        silent = silent or name == "rPh"

    def end(name: str) -> None:
        nonlocal taken, silent, size
        taken = False
        if name == "rPh":
            silent = False
        elif name == "si":
            found.append(unescaped("".join(pieces)))
            size += len(found[-1])
            pieces.clear()
            if len(found) > MOST_CELLS or size > MOST_TEXT:
                raise too_much(workbook, "has more text than any standard")

    def words(text: str) -> None:
        if taken:
            pieces.append(text)

    if workbook.has("xl/sharedStrings.xml"):
        workbook.parse("xl/sharedStrings.xml", start, end, words)
    return found


def _date_styles(workbook: Workbook) -> frozenset[str]:
    """The numbers of the cell styles that show a number as a date."""
    dated = {str(number) for number in _WITH_DATES}
    styles: list[str] = []
    inside = ""

    def start(name: str, attributes: Attributes) -> None:
        nonlocal inside
        if name in {"cellXfs", "cellStyleXfs", "dxfs"}:
            inside = name
        elif name == "numFmt" and inside != "dxfs":
            code = _IN_FORMAT.sub("", attributes.get("formatCode", "")[:500])
            if _DATED.search(code) and "general" not in code.casefold():
                dated.add(attributes.get("numFmtId", ""))
        elif name == "xf" and inside == "cellXfs":
            styles.append(attributes.get("numFmtId", "0"))
            if len(styles) > 100_000:
                raise too_much(workbook, "has more styles than any workbook")

    if workbook.has("xl/styles.xml"):
        workbook.parse("xl/styles.xml", start)
    return frozenset(str(index) for index, number in enumerate(styles) if number in dated)


class _Reader:
    """Collects the cells of a sheet as its XML goes by."""

    def __init__(self, workbook: Workbook, sheet: str, texts: list[str], dated: frozenset[str]) -> None:
        self._workbook = workbook
        self._sheet = sheet
        self._texts = texts
        self._dated = dated
        self.rows: list[tuple[int, list[str]]] = []
        self.skipped: list[Skipped] = []
        self.merged: list[tuple[int, int, int, int]] = []
        self.numbers: set[tuple[int, int]] = set()
        self.formulas = 0
        self._row = self._column = self._cells = self._size = 0
        self._line: list[str] = []
        self._pieces: list[str] = []
        self._type = self._style = ""
        self._taken = self._silent = self._is_formula = self._has_value = False

    def start(self, name: str, attributes: Attributes) -> None:
        if name == "row":
            self._begin_row(attributes)
        elif name == "c":
            self._begin_cell(attributes)
        elif name == "v" or (name == "t" and self._type == "inlineStr" and not self._silent):
            self._taken = self._has_value = True
        elif name == "f":
            self._is_formula = True
        elif name == "rPh":
            self._silent = True
        elif name == "mergeCell":
            self._merge(attributes.get("ref", ""))

    def words(self, text: str) -> None:
        if self._taken:
            self._pieces.append(text)

    def end(self, name: str) -> None:
        if name == "c":
            self._end_cell()
        elif name == "row":
            if any(self._line):
                self.rows.append((self._row, self._line))
                if len(self.rows) > MOST_ROWS:
                    raise too_much(self._workbook, f"has more than {MOST_ROWS:,} rows (sheet “{self._sheet}”)")
            self._line = []
        elif name == "rPh":
            self._silent = False
        self._taken = False

    def _begin_row(self, attributes: Attributes) -> None:
        number = attributes.get("r", "")
        row = int(number) if number.isdecimal() and len(number) < 8 else self._row + 1
        if row <= self._row:
            raise self._workbook.damaged(f"its rows are not in order (row {row} of “{self._sheet}”)")
        self._row, self._column = row, -1

    def _begin_cell(self, attributes: Attributes) -> None:
        place = _CELL.fullmatch(attributes.get("r", ""))
        self._column = column_of(place[1]) if place else self._column + 1
        if self._column >= MOST_COLUMNS:
            raise too_much(
                self._workbook, f"has cells in column {column_name(self._column)}; at most {MOST_COLUMNS:,} are read"
            )
        self._type, self._style = attributes.get("t", "n"), attributes.get("s", "0")
        self._is_formula = self._has_value = self._silent = False
        self._pieces.clear()

    def _end_cell(self) -> None:
        text = "".join(self._pieces)
        place = f"{self._sheet}!{column_name(self._column)}{self._row}"
        if self._is_formula and (not self._has_value or (not text and self._type != "str")):
            self._skip(place, "a formula whose value the workbook does not hold")
            return
        if self._type == "e":
            self._skip(place, f"an error in the workbook ({text[:20]})")
            return
        value = self._value(text)
        self.formulas += self._is_formula
        if not value:
            return
        missing = self._column + 1 - len(self._line)
        if missing < 1:
            self._line[self._column] = value
        else:
            self._line += [""] * (missing - 1)
            self._line.append(value)
            self._cells += missing
        self._size += len(value)
        if self._cells > MOST_CELLS or self._size > MOST_TEXT:
            raise too_much(self._workbook, f"has more cells or text than any standard (sheet “{self._sheet}”)")

    def _skip(self, place: str, why: str) -> None:
        if len(self.skipped) >= 100_000:
            raise too_much(self._workbook, "has more formulas without a value than any standard has cells")
        self.skipped.append(Skipped(place, why))

    def _value(self, text: str) -> str:
        match self._type:
            case "s":
                number = int(text) if text.strip().isdecimal() and len(text) < 10 else -1
                if not 0 <= number < len(self._texts):
                    raise self._workbook.damaged(f"row {self._row} of “{self._sheet}” has a text that is not there")
                return self._texts[number]
            case "inlineStr" | "str":
                return unescaped(text)
            case "b":
                return "true" if text.strip() == "1" else "false"
            case "d":
                return text.strip()
        return self._number(text.strip())

    def _number(self, text: str) -> str:
        try:
            number = float(text)
        except ValueError:
            return text
        if self._style in self._dated and 0 < number < 2_958_466:
            return _day(number, self._workbook.counts_from_1904)
        if number == number // 1 and abs(number) < 1e15:
            return str(int(number))
        self.numbers.add((self._row, self._column))
        return repr(number)

    def _merge(self, ref: str) -> None:
        corners = [_CELL.fullmatch(corner) for corner in ref.split(":")]
        if len(corners) == 2 and corners[0] and corners[1] and len(self.merged) < 100_000:
            first, last = corners[0], corners[1]
            self.merged.append((int(first[2]), column_of(first[1]), int(last[2]), column_of(last[1])))


def _day(number: float, from_1904: bool) -> str:
    """A day as a spreadsheet counts it; 1900 has a 29 February there, so days before March 1900 are one off."""
    start = datetime(1904, 1, 1) if from_1904 else datetime(1899, 12, 31) if number < 60 else datetime(1899, 12, 30)
    try:
        moment = start + timedelta(days=number)
    except OverflowError:
        return repr(number)
    moment = (moment + timedelta(microseconds=500_000)).replace(microsecond=0)
    is_day = number == number // 1
    return str(date(moment.year, moment.month, moment.day)) if is_day else moment.isoformat(sep=" ")


def column_of(letters: str) -> int:
    """The number of a column, from 0: A is 0, Z is 25, AA is 26."""
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - ord("A") + 1
    return number - 1


def column_name(number: int) -> str:
    """The letters of a column."""
    letters = ""
    number += 1
    while number > 0:
        number, rest = divmod(number - 1, 26)
        letters = chr(ord("A") + rest) + letters
    return letters
