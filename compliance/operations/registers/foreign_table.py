"""Somebody else's table read for a register: which column is which field, and every fault with its cell."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import TypeVar

import msgspec

from compliance.exchange.reading import read_source
from compliance.exchange.table.columns import HEADINGS_WITHIN, plain
from compliance.exchange.table.foreign_days import order_of, parse_foreign_day
from compliance.exchange.table.foreign_rows import Rows, rows_of
from compliance.problems import Location, Problem, Refused, choice_hint, refuse, sentence_and_hint

MOST_FAULTS = 20
Value = TypeVar("Value")


class Field(msgspec.Struct, frozen=True):
    """A field of ours, and what a heading may be called to be taken for it without being told.

    `asks`: where several headings could be it, the user says which, because the wrong one would be believed.
    """

    name: str
    headings: tuple[str, ...]
    asks: bool = False


class Row(msgspec.Struct, frozen=True):
    """A row of the table: its number, and its texts by field."""

    number: int
    texts: Mapping[str, str]

    def text(self, field: str) -> str:
        return self.texts.get(field, "")


class Table(msgspec.Struct, frozen=True, kw_only=True):
    """The rows below the headings, and which column each field is taken from."""

    source: Rows
    rows: tuple[Row, ...]
    places: Mapping[str, int]
    headings: tuple[str, ...]

    @property
    def columns(self) -> dict[str, str]:
        """The heading that each field is taken from."""
        return {field: self.headings[place] for field, place in self.places.items()}

    def at(self, row: Row, field: str) -> Location:
        return self.source.place(row.number, self.places.get(field))

    def order(self, field: str, given: str | None) -> str:
        """What days written in numbers begin with, as the user says, or as the whole column tells."""
        try:
            return given or order_of(row.text(field) for row in self.rows)
        except ValueError as error:
            sentence, hint = sentence_and_hint(error)
            raise refuse(sentence, location=Location(self.source.file), hint=hint) from None


class Left(msgspec.Struct, frozen=True):
    """A row of which nothing was made, and why."""

    where: Location
    why: str


class Reader:
    """Reads cells as values, and keeps every fault with its place."""

    def __init__(self, table: Table) -> None:
        self.table = table
        self.faults: list[Problem] = []
        self.rows: dict[int, Problem] = {}
        """The first fault of each row that has any."""

    def read(self, row: Row, field: str, parse: Callable[[str], Value]) -> Value | None:
        """The value of a cell; None where it is empty, or at fault."""
        text = row.text(field)
        if not text:
            return None
        try:
            return parse(text)
        except ValueError as error:
            self.fault(row, field, *sentence_and_hint(error))
        except Refused as refusal:
            for problem in refusal.problems:
                self.fault(row, field, problem.sentence, problem.hint)
        return None

    def day(self, row: Row, field: str, order: str) -> dt.date | None:
        return self.read(row, field, lambda text: parse_foreign_day(text, order))

    def fault(self, row: Row, field: str, sentence: str, hint: str) -> None:
        problem = Problem(sentence, self.table.at(row, field), hint)
        self.faults.append(problem)
        self.rows.setdefault(row.number, problem)


def read_foreign(
    file: str,
    fields: Sequence[Field],
    needed: Sequence[Sequence[str]],
    columns: Mapping[str, str],
    sheet: str = "",
) -> Table:
    """A table from a file. Of each group in `needed` at least one field has to have a column.

    `columns` are headings by field, as the user names them. Raises Refused, with the place, for what cannot be read,
    and where a column is not to be found.
    """
    known = [one.name for one in fields]
    for name in columns:
        if name not in known:
            raise refuse(f"there is no field “{name}” here", hint=choice_hint(name, known))
    source = rows_of(read_source(Path(file)), file, sheet)
    if not source.rows:
        raise refuse("has no rows", location=Location(file), hint="look whether it is the right file and sheet")
    said_ = {name: plain(heading) for name, heading in columns.items()}
    for number, cells in source.rows[:HEADINGS_WITHIN]:
        headings = [plain(cell) for cell in cells]
        if not set(said_.values()) <= set(headings):
            continue
        places = _places(headings, fields, said_, source, number, cells)
        if all(any(name in places for name in group) for group in needed):
            return _below(source, number, cells, places)
    raise _not_found(source, fields, needed, columns)


def _places(
    headings: Sequence[str],
    fields: Sequence[Field],
    said_: Mapping[str, str],
    source: Rows,
    number: int,
    cells: Sequence[str],
) -> dict[str, int]:
    places = {name: headings.index(heading) for name, heading in said_.items()}
    for field in fields:
        fitting = [name for name in (field.name, *field.headings) if name in headings]
        free = [name for name in dict.fromkeys(fitting) if headings.index(name) not in places.values()]
        if field.name in places or not free:
            continue
        if field.asks and len(free) > 1 and sum(bool(one) for one in headings) > 1:
            several = " and ".join(f"“{cells[headings.index(name)]}”" for name in free[:2])
            hint = f"say which with --column {field.name}=HEADING"
            raise refuse(f"{several} may both be the {field.name}", location=source.place(number), hint=hint)
        places[field.name] = headings.index(free[0])
    return places


def _below(source: Rows, number: int, cells: Sequence[str], places: Mapping[str, int]) -> Table:
    rows = tuple(
        Row(at, {field: line[place] for field, place in places.items() if place < len(line)})
        for at, line in source.rows
        if at > number
    )
    return Table(source=source, rows=rows, places=places, headings=tuple(cells))


def _not_found(
    source: Rows, fields: Sequence[Field], needed: Sequence[Sequence[str]], columns: Mapping[str, str]
) -> Refused:
    number, cells = source.rows[0]
    headings = [plain(cell) for cell in cells]
    shown = [cell[:40] for cell in cells if cell]
    first = f"the first row has: {', '.join(shown[:12])}"
    where = source.place(number)
    for heading in columns.values():
        if plain(heading) not in headings:
            near = choice_hint(heading, shown) if shown else first
            return refuse(f"no column is called “{heading}”", location=where, hint=near or first)
    named = {name: plain(heading) for name, heading in columns.items()}
    places = _places(headings, fields, named, source, number, cells)
    lacking = next(group for group in needed if not any(name in places for name in group))
    hint = f"say which with --column {lacking[0]}=HEADING; {first}"
    return refuse(f"no column is the {' or the '.join(lacking)}", location=where, hint=hint)


def settled(reader: Reader, lenient: bool) -> tuple[Left, ...]:
    """The rows at fault, where these are to be left out. Raises Refused with the first twenty faults where not."""
    if reader.faults and not lenient:
        more = len(reader.faults) - MOST_FAULTS
        shown = reader.faults[:MOST_FAULTS]
        if more > 0:
            rest = Problem(
                f"{more} further cells are at fault", Location(reader.table.source.file), "mend the first ones first"
            )
            shown = [*shown, rest]
        raise Refused(shown)
    file = Location(reader.table.source.file)
    return tuple(Left(one.location or file, one.sentence) for one in reader.rows.values())
