"""The series of a measure: a CSV file of slots and figures, read with places and written back in order."""

from __future__ import annotations

import csv
import datetime as dt
import io
import re

from compliance.domain.registers.parts.series import Point, Points, plain_number
from compliance.domain.terms.periods import Period, Slot, name_of, slots
from compliance.problems import Location, Problem, Refused, sentence_and_hint
from compliance.store.text.decoding import parse_decimal
from compliance.store.text.located import decode_text
from compliance.store.text.parsed import Parsed

COLUMNS = ("slot", "value", "note")
_SLOT = re.compile(r"(?P<year>\d{4})(?:-(?:(?P<month>0[1-9]|1[0-2])|Q(?P<quarter>[1-4])|H(?P<half>[12])))?")


def parse_slot(text: str) -> Period:
    """Read `2026-03`, `2026-Q1`, `2026-H1` or `2026`. Raises ValueError with a sentence for the user."""
    written = _SLOT.fullmatch(text.strip())
    if not written or int(written["year"]) < dt.MINYEAR:
        raise ValueError(f"“{text}” is no month, quarter or year; write it like 2026-03, 2026-Q1 or 2026")
    year = int(written["year"])
    kind, month = Slot.YEAR, 1
    if written["month"]:
        kind, month = Slot.MONTH, int(written["month"])
    elif written["quarter"]:
        kind, month = Slot.QUARTER, 3 * int(written["quarter"]) - 2
    elif written["half"]:
        kind, month = Slot.HALF_YEAR, 6 * int(written["half"]) - 5
    first = dt.date(year, month, 1)
    slot = next(slots(kind, first, first), None)
    if slot is None:
        raise ValueError(f"“{text}” lies beyond the calendar; correct the year")
    return slot


def parse_series(data: bytes, file: str) -> Parsed[Points]:
    """The figures of a series, oldest first, or every problem in it with its line."""
    try:
        text = decode_text(data, file)
    except Refused as refusal:
        return Parsed(None, refusal.problems)
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    points: list[Point] = []
    problems: list[Problem] = []
    try:
        headings = next(reader, None)
        if headings is None or tuple(heading.strip() for heading in headings) != COLUMNS:
            hint = f"begin it with the line: {','.join(COLUMNS)}"
            return Parsed(None, (Problem("has other columns than a series has", Location(file, 1, 1), hint),))
        for cells in reader:
            point = _point(cells, reader.line_num, file, problems)
            if point:
                points.append(point)
    except csv.Error:
        hint = "close its quotes, and write a quote within quotes twice"
        problems.append(
            Problem("has quotes that are not closed, or more after them", Location(file, reader.line_num or 1), hint)
        )
    first: dict[Period, int] = {}
    for point in points:
        if point.slot in first:
            sentence = f"has a second figure for {name_of(point.slot)}: line {first[point.slot]} has the first"
            problems.append(Problem(sentence, Location(file, point.line, 1), "keep one of them"))
        first.setdefault(point.slot, point.line)
    if problems:
        return Parsed(None, tuple(problems))
    return Parsed(tuple(sorted(points, key=lambda point: point.slot)))


def render_series(points: Points) -> bytes:
    """A series as CSV, oldest first."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(COLUMNS)
    for point in sorted(points, key=lambda point: point.slot):
        writer.writerow((name_of(point.slot), plain_number(point.value), point.note))
    return text.getvalue().encode()


def _point(cells: list[str], line: int, file: str, problems: list[Problem]) -> Point | None:
    if not any(cell.strip() for cell in cells):
        return None
    if len(cells) not in {2, 3}:
        sentence = f"has {len(cells)} cells, where a slot, a figure and at most a note are wanted"
        problems.append(Problem(sentence, Location(file, line, 1), "put a note with commas into quotes"))
        return None
    try:
        slot = parse_slot(cells[0])
        value = parse_decimal(cells[1])
    except ValueError as error:
        problems.append(Problem(*_placed(error, Location(file, line, 1))))
        return None
    return Point(slot=slot, value=value, note=cells[2].strip() if len(cells) == 3 else "", line=line)


def _placed(error: ValueError, where: Location) -> tuple[str, Location, str]:
    sentence, hint = sentence_and_hint(error)
    return sentence, where, hint
