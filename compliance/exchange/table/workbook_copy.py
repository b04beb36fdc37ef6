"""A copy of one sheet of a workbook, checked element by element, with nothing in it but what its values need.

The library that reads cells holds each row, all the shared texts and all the styles as trees in memory, follows what a
workbook says of its own size, and gives up at a border or a validation rule that it does not know. So it is handed a
workbook made here: the rows of one sheet, the texts that cells share, and the formats of numbers.
"""

from __future__ import annotations

import io
import re
import zipfile
from xml.sax.saxutils import escape, quoteattr

import msgspec

from compliance.exchange.table.bounds import MOST_CELLS, MOST_COLUMNS, MOST_ROWS
from compliance.exchange.table.workbook import Attributes, Sheet, Workbook, chunks_of
from compliance.problems import Location, Refused, refuse

_LAST_ROW = 1_048_576
"""The last row that a sheet can have."""
_MOST_IN_ROW = 40_000
_MOST_IN_TEXT = 20_000
_MOST_STYLES = 100_000
"""Elements within one row and within one shared text, and styles of cells: the library holds them in memory."""
_CELL = re.compile(r"([A-Z]{1,3})([1-9]\d{0,6})")
_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_STRICT = "http://purl.oclc.org/ooxml/spreadsheetml/main"
"""The names of the two kinds of workbook that ISO/IEC 29500 has; a strict one is read as the other, which holds the
same cells."""
_RELATIONS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml."
_PARTS = {"workbook": "sheet.main", "sheet": "worksheet", "sharedStrings": "sharedStrings", "styles": "styles"}

Range = tuple[int, int, int, int]
"""First row, first column, last row, last column; rows count from 1, columns from 0."""


class Copy(msgspec.Struct, frozen=True, kw_only=True):
    """A workbook of one sheet as bytes, and what the library does not tell of it.

    `numbers` are those of the rows that are in it. `formulas` are the row and column of each formula, and whether it
    has a value that the library does not tell: an empty text.
    """

    data: bytes
    numbers: list[int]
    formulas: dict[tuple[int, int], bool]
    merged: tuple[Range, ...]


def too_much(workbook: Workbook, why: str) -> Refused:
    """What to say of a workbook that is larger than any standard."""
    hint = "a standard fits into less: delete the sheets, rows and columns that are not needed"
    return refuse(why, location=Location(workbook.file), hint=hint)


def checked_copy(workbook: Workbook, sheet: Sheet) -> Copy:
    """The sheet with what its values need. Raises Refused for damage, for bombs, and for more than any standard has."""
    rows = _Rows(workbook, sheet.name)
    workbook.parse(sheet.part, rows.start, rows.end)
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
        for name, text in _envelope(workbook).items():
            archive.writestr(name, text)
        archive.writestr("xl/styles.xml", _number_formats(workbook))
        archive.writestr("xl/sheet.xml", rows.cut_out(b"".join(chunks_of(workbook.archive, workbook.file, sheet.part))))
        archive.writestr("xl/sharedStrings.xml", _shared_texts(workbook))
    return Copy(data=target.getvalue(), numbers=rows.numbers, formulas=rows.formulas, merged=tuple(rows.merged))


class _Rows:
    """Checks the rows of a sheet as its XML goes by, and notes where they begin and end in it, in bytes."""

    def __init__(self, workbook: Workbook, sheet: str) -> None:
        self._workbook, self._sheet = workbook, sheet
        self.numbers: list[int] = []
        self.formulas: dict[tuple[int, int], bool] = {}
        self.merged: list[Range] = []
        self._root = ""
        self._after_root = self._begin = self._end = -1
        self._row = self._elements = self._with_values = 0
        self._column = -1
        self._type = ""
        self._has_value = False

    def start(self, name: str, attributes: Attributes, at: int) -> None:
        if not self._root:
            self._root = name
            return
        if self._after_root < 0:
            self._after_root = at
        if name == "sheetData":
            self._begin = at
        elif name == "mergeCell":
            self._merge(attributes.get("ref", ""))
        elif self._begin >= 0 > self._end:
            self._in_rows(name, attributes)

    def end(self, name: str, at: int) -> None:
        if name == "row" and self._has_value:
            self._with_values += 1
            if self._with_values > MOST_ROWS:
                raise too_much(self._workbook, f"has more than {MOST_ROWS:,} rows (sheet “{self._sheet}”)")
        elif name == "sheetData":
            self._end = at

    def cut_out(self, part: bytes) -> bytes:
        """The sheet's XML without all that stands before and behind its rows."""
        if self._root != "worksheet" or part[:2] in {b"\xff\xfe", b"\xfe\xff"}:
            raise self._workbook.damaged(f"the sheet “{self._sheet}” is written in a way that no workbook is")
        prefix = re.search(rb"<((?:[^\s<>/:!?]+:)?)worksheet", part)
        closing = b"</%bworksheet>" % (prefix[1] if prefix else b"")
        rows = part[self._begin : part.index(b">", self._end) + 1] if self._begin >= 0 else b""
        head = part[: self._after_root] if self._after_root >= 0 else part[: part.rindex(b"<")]
        return _transitional(head) + rows + closing if rows else b'<worksheet xmlns="%b"/>' % _MAIN.encode()

    def _in_rows(self, name: str, attributes: Attributes) -> None:
        self._elements += 1
        if self._elements > _MOST_IN_ROW:
            raise self._workbook.damaged(f"row {self._row} of “{self._sheet}” holds more than any row can")
        if name == "row":
            self._begin_row(attributes)
        elif name == "c":
            self._begin_cell(attributes)
        elif name == "f":
            self._formula(has_value=False)
        elif name in {"v", "t"}:
            self._has_value = True
            if name == "v" and (self._row, self._column) in self.formulas and self._type == "str":
                self._formula(has_value=True)  # an empty text is a value

    def _begin_row(self, attributes: Attributes) -> None:
        number = attributes.get("r", "")
        row = int(number) if number.isdecimal() and len(number) < 8 else self._row + 1
        if row <= self._row:
            raise self._workbook.damaged(f"its rows are not in order (row {row} of “{self._sheet}”)")
        if row > _LAST_ROW or (number and str(row) != number):
            raise self._workbook.damaged(f"“{number[:20]}” is no row of a sheet (“{self._sheet}”)")
        self.numbers.append(row)
        self._row, self._column, self._elements, self._has_value = row, -1, 0, False

    def _begin_cell(self, attributes: Attributes) -> None:
        written = attributes.get("r", "")
        place = _CELL.fullmatch(written)
        if written and (not place or int(place[2]) != self._row):
            raise self._workbook.damaged(f"“{written[:20]}” is no cell of row {self._row} of “{self._sheet}”")
        column = column_of(place[1]) if place else self._column + 1
        if column <= self._column:
            raise self._workbook.damaged(f"its cells are not in order (row {self._row} of “{self._sheet}”)")
        if column >= MOST_COLUMNS:
            raise too_much(
                self._workbook, f"has cells in column {column_name(column)}; at most {MOST_COLUMNS:,} are read"
            )
        self._column, self._type = column, attributes.get("t", "n")

    def _formula(self, has_value: bool) -> None:
        self.formulas[self._row, self._column] = has_value
        if len(self.formulas) > MOST_CELLS // 2:
            raise too_much(self._workbook, "has more formulas than any standard has cells")

    def _merge(self, ref: str) -> None:
        corners = [_CELL.fullmatch(corner) for corner in ref.split(":")]
        if len(corners) == 2 and corners[0] and corners[1] and len(self.merged) < 100_000:
            first, last = corners[0], corners[1]
            self.merged.append((int(first[2]), column_of(first[1]), int(last[2]), column_of(last[1])))


def _shared_texts(workbook: Workbook) -> bytes:
    """The texts that cells share. Raises Refused where they are more than the library should be given."""
    part = "xl/sharedStrings.xml"
    if not workbook.has(part):
        return f'<sst xmlns="{_MAIN}"/>'.encode()
    texts = inside = 0

    def start(name: str, _: Attributes, __: int) -> None:
        nonlocal texts, inside
        inside += 1
        if name == "si":
            texts, inside = texts + 1, 0
        if texts > MOST_CELLS or inside > _MOST_IN_TEXT:
            raise too_much(workbook, "has more text than any standard")

    workbook.parse(part, start)
    return _transitional(b"".join(chunks_of(workbook.archive, workbook.file, part)))


def _number_formats(workbook: Workbook) -> str:
    """The styles of a workbook with nothing but the formats of numbers, by which dates are known."""
    formats: list[str] = []
    styles: list[str] = []
    inside = ""

    def start(name: str, attributes: Attributes, _: int) -> None:
        nonlocal inside
        if name in {"cellXfs", "cellStyleXfs", "dxfs"}:
            inside = name
        number = attributes.get("numFmtId", "0")
        number = number if number.isdecimal() and len(number) < 6 else "0"
        if name == "numFmt" and inside != "dxfs":
            code = quoteattr(attributes.get("formatCode", "")[:500])
            formats.append(f'<numFmt numFmtId="{number}" formatCode={code}/>')
        elif name == "xf" and inside == "cellXfs":
            styles.append(f'<xf numFmtId="{number}"/>')
        if len(styles) + len(formats) > _MOST_STYLES:
            raise too_much(workbook, "has more styles than any workbook")

    if workbook.has("xl/styles.xml"):
        workbook.parse("xl/styles.xml", start)
    return (
        f'<styleSheet xmlns="{_MAIN}"><numFmts>{"".join(formats)}</numFmts>'
        f"<cellXfs>{''.join(styles or ['<xf/>'])}</cellXfs></styleSheet>"
    )


def _envelope(workbook: Workbook) -> dict[str, str]:
    """The parts that say what is where in a workbook of one sheet."""
    types = "".join(
        f'<Override PartName="/xl/{name}.xml" ContentType="{_TYPE}{kind}+xml"/>' for name, kind in _PARTS.items()
    )
    office = f'<Relationship Id="r1" Type="{_RELATIONS}/officeDocument" Target="xl/workbook.xml"/>'
    sheet = f'<Relationship Id="r1" Type="{_RELATIONS}/worksheet" Target="sheet.xml"/>'
    dates = escape("1" if workbook.counts_from_1904 else "0")
    return {
        "[Content_Types].xml": f'<Types xmlns="{_PACKAGE}/content-types">{types}</Types>',
        "_rels/.rels": f'<Relationships xmlns="{_PACKAGE}/relationships">{office}</Relationships>',
        "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{_PACKAGE}/relationships">{sheet}</Relationships>',
        "xl/workbook.xml": f'<workbook xmlns="{_MAIN}" xmlns:r="{_RELATIONS}"><workbookPr date1904="{dates}"/>'
        '<sheets><sheet name="Sheet" sheetId="1" r:id="r1"/></sheets></workbook>',
    }


def _transitional(part: bytes) -> bytes:
    """A part with the names that the library knows, where its beginning has those of the strict kind."""
    return part[:4_096].replace(_STRICT.encode(), _MAIN.encode()) + part[4_096:]


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
