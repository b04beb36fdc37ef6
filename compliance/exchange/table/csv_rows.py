"""The rows of a CSV table: the separator is told from the table, the encoding from its first bytes."""

from __future__ import annotations

import codecs
import csv
import io
import itertools
import re
from collections.abc import Iterator

import msgspec

from compliance.exchange.table.bounds import MOST_CELLS, MOST_COLUMNS, MOST_ROWS
from compliance.problems import Location, refuse

LARGEST = 32_000_000
_LONGEST_LINE = 1_000_000
_LONGEST_CELL = 131_072
"""In characters: what the reader of CSV takes, four times what a spreadsheet's cell can hold."""
_MOST_LINES = 500_000
_SEPARATORS = {",": "commas", ";": "semicolons", "\t": "tabs"}
_SAVE_AS = "save it as “CSV UTF-8” in the spreadsheet program, and import that"


class CsvRows(msgspec.Struct, frozen=True):
    """Every row that is not blank, by the line on which it begins, and how the table is written."""

    rows: list[tuple[int, list[str]]]
    separator: str
    """Its name in words: `commas`."""
    encoding: str


def csv_rows(data: bytes, file: str) -> CsvRows:
    """The rows of a table. Raises Refused, with the line, for what is too large, no text, or no CSV."""
    if len(data) > LARGEST:
        raise refuse(
            f"is larger than {LARGEST // 1_000_000} MB, which no table of controls is",
            location=Location(file),
            hint="import the part that has the controls",
        )
    encoding = _encoding(data, file)
    separator = _separator(data[:262_144].decode(encoding, "ignore"))
    return CsvRows(_rows(data, encoding, separator, file), _SEPARATORS[separator], encoding)


def _encoding(data: bytes, file: str) -> str:
    """UTF-8 or, where the first bytes say so, UTF-16. Raises Refused, with the place, for bytes that are neither."""
    encoding = "utf-16" if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)) else "utf-8-sig"
    if encoding == "utf-8-sig" and b"\0" in data[:4_096]:
        raise refuse("is no text, or UTF-16 without its mark", location=Location(file), hint=_SAVE_AS)
    decoder = codecs.getincrementaldecoder(encoding)()
    line = 1
    for start in range(0, max(len(data), 1), 65_536):
        chunk = data[start : start + 65_536]
        try:
            text = decoder.decode(chunk, final=start + 65_536 >= len(data))
        except UnicodeDecodeError as error:
            line += error.object[: error.start].count(b"\n")
            name = "UTF-8" if encoding == "utf-8-sig" else "UTF-16"
            raise refuse(f"is not written in {name}", location=Location(file, line), hint=_SAVE_AS) from None
        line += text.count("\n")
    return encoding


def _separator(text: str) -> str:
    """The separator by which the first rows have the most columns, and equally many."""
    best, most = ",", (0, 0)
    for separator in _SEPARATORS:
        widths = []
        try:
            for row in csv.reader(io.StringIO(text, newline=""), delimiter=separator):
                if any(row):
                    widths.append(len(row))
                if len(widths) >= 20:
                    break
        except csv.Error:
            pass
        common = max(set(widths), key=widths.count) if widths else 1
        score = (0 if common < 2 else widths.count(common), common)
        if score > most:
            best, most = separator, score
    return best


def _lines(data: bytes, encoding: str, file: str) -> Iterator[str]:
    """The lines with their ends. Raises Refused for one that is too long."""
    with io.TextIOWrapper(io.BytesIO(data), encoding=encoding, newline="") as text:
        number = 0
        while line := text.readline(_LONGEST_LINE):
            number += 1
            if len(line) >= _LONGEST_LINE:
                hint = "look whether it is the right file, and whether quotation marks are closed"
                raise refuse(
                    f"has a line of more than {_LONGEST_LINE:,} characters", location=Location(file, number), hint=hint
                )
            yield line


def _rows(data: bytes, encoding: str, separator: str, file: str) -> list[tuple[int, list[str]]]:
    """Every row that is not blank, by the line on which it begins."""
    csv.field_size_limit(_LONGEST_CELL)
    reader = csv.reader(_lines(data, encoding, file), delimiter=separator, strict=True)
    rows: list[tuple[int, list[str]]] = []
    line, cells = 1, 0
    try:
        for row in reader:
            if any(cell.strip() for cell in row):
                rows.append((line, row))
                cells += len(row)
            if len(rows) > MOST_ROWS or line > _MOST_LINES or cells > MOST_CELLS or len(row) > MOST_COLUMNS:
                hint = "import the part that has the controls"
                raise refuse("has more rows or columns than any standard", location=Location(file, line), hint=hint)
            line = reader.line_num + 1
    except csv.Error:
        lines = itertools.islice(_lines(data, encoding, file), line - 1, max(reader.line_num, line))
        sentence, hint = _fault_of_row("".join(lines), separator)
        raise refuse(sentence, location=Location(file, line), hint=hint) from None
    return rows


def _fault_of_row(text: str, separator: str) -> tuple[str, str]:
    """What keeps the lines of a row from being read as CSV; and what to do."""
    end = f"[{separator}\\r\\n]"
    cell = re.compile(f'"(?:[^"]|"")*+"(?={end}|\\Z)|(?!")[^{separator}\\r\\n]*+')
    position = 0
    while position <= len(text):
        match = cell.match(text, position)
        if not match:
            closed = re.compile('"(?:[^"]|"")*+"').match(text, position)
            if closed:
                return "something follows a closing quotation mark", "a quotation mark inside a text is written twice"
            return (
                "a text in quotation marks begins here and is not closed",
                "close it; if the file is cut off, export it again",
            )
        if len(match[0]) > _LONGEST_CELL:
            return f"has a cell of more than {_LONGEST_CELL:,} characters", "shorten it, or leave the column out"
        position = match.end() + 1
    return "is not CSV", _SAVE_AS
