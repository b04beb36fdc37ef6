"""Somebody else's table read for a register: which column is which field, and every fault with its cell."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import TypeVar

import msgspec

from compliance.exchange.reading import read_source
from compliance.exchange.table import table as tables
from compliance.exchange.table.foreign_days import order_of, parse_foreign_day
from compliance.exchange.table.headings import (
    HEADINGS_WITHIN,
    Field,
    HeadingRow,
    heading_row,
    match_headings,
    no_such_column,
    plain,
)
from compliance.problems import Location, Problem, Refused, choice_hint, refuse, sentence_and_hint
from compliance.store.screening.secrets import secrets_in
from compliance.store.screening.wording import cell_problems

MOST_FAULTS = 20
Value = TypeVar("Value")


class TableRow(msgspec.Struct, frozen=True):
    """A row of the table: its number, and its texts by field."""

    number: int
    texts: Mapping[str, str]

    def text(self, field: str) -> str:
        return self.texts.get(field, "")


class RegisterTable(msgspec.Struct, frozen=True, kw_only=True):
    """The rows below the headings, and which column each field is taken from."""

    source: tables.Table
    rows: tuple[TableRow, ...]
    places: Mapping[str, int]
    headings: tuple[str, ...]

    @property
    def columns(self) -> dict[str, str]:
        """The heading that each field is taken from."""
        return {field: self.headings[place] for field, place in self.places.items()}

    @property
    def notes(self) -> list[str]:
        """What people should know of how the table was read."""
        sheet, others = self.source.sheet, self.source.others
        choice = sheet and not self.source.was_named and not all(other.is_hidden for other in others)
        return [*([f"The sheet “{sheet}” was read; --sheet names another."] if choice else []), *self.source.notes]

    def at(self, row: TableRow, field: str) -> Location:
        return self.source.place(row.number, self.places.get(field))

    def order(self, field: str, asked: str | None) -> str:
        """What days written in numbers begin with, as the user says, or as the whole column tells."""
        try:
            return asked or order_of(row.text(field) for row in self.rows)
        except ValueError as error:
            sentence, hint = sentence_and_hint(error)
            raise refuse(sentence, location=Location(self.source.file), hint=hint) from None


class UnusedRow(msgspec.Struct, frozen=True):
    """A row of which nothing was made, and why."""

    where: Location
    why: str


class Reader:
    """Reads cells as values, and keeps every fault with its place."""

    def __init__(self, table: RegisterTable) -> None:
        self.table = table
        self.faults: list[Problem] = []
        self.rows: dict[int, Problem] = {}
        """The first fault of each row that has any."""

    def read(self, row: TableRow, field: str, parse: Callable[[str], Value]) -> Value | None:
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

    def day(self, row: TableRow, field: str, order: str) -> dt.date | None:
        return self.read(row, field, lambda text: parse_foreign_day(text, order))

    def fault(self, row: TableRow, field: str, sentence: str, hint: str) -> None:
        problem = Problem(sentence, self.table.at(row, field), hint)
        self.faults.append(problem)
        self.rows.setdefault(row.number, problem)


def read_foreign(
    file: str,
    fields: Sequence[Field],
    needed: Sequence[Sequence[str]],
    columns: Mapping[str, str],
    sheet: str = "",
) -> RegisterTable:
    """A table from a file. Of each group in `needed` at least one field has to have a column.

    `columns` are headings by field, as the user names them. Raises Refused, with the place, for what cannot be read,
    and where a column is not to be found.
    """
    names = [field.name for field in fields]
    for name in columns:
        if name not in names:
            raise refuse(f"there is no field “{name}” here", hint=choice_hint(name, names))
    source = tables.read_table(read_source(Path(file)), file, sheet)
    lines = [(number, _seen(cells)) for number, cells in source.rows]
    if not lines:
        raise refuse("has no rows", location=Location(file), hint="look whether it is the right file and sheet")
    named = {name: plain(heading) for name, heading in columns.items()}
    for number, cells in lines[:HEADINGS_WITHIN]:
        row = heading_row(number, cells, source.place(number))
        if not set(named.values()) <= set(row.names):
            continue
        places = match_headings(row, fields, named)
        if all(any(name in places for name in group) for group in needed):
            below = tuple(_row(at, cells, places) for at, cells in lines if at > number)
            table = RegisterTable(source=source, rows=below, places=places, headings=row.cells)
            _refuse_secrets(table)
            return table
    number, cells = lines[0]
    raise _no_columns(heading_row(number, cells, source.place(number)), fields, needed, columns)


def _refuse_secrets(table: RegisterTable) -> None:
    """Raises Refused where a cell that would be recorded holds a secret, with the place of each."""
    everything = "\n".join(text for row in table.rows for text in row.texts.values())
    if any(secrets_in(everything)):
        problems = [
            problem
            for row in table.rows
            for field, text in row.texts.items()
            for problem in cell_problems(text, table.at(row, field))
        ]
        if problems:
            raise Refused(problems)


def _seen(cells: Sequence[str]) -> tuple[str, ...]:
    """Texts as one line each; what cannot be seen becomes a blank, and a formula stays the text that it is."""
    return tuple(" ".join("".join(c if c.isprintable() else " " for c in cell).split()) for cell in cells)


def _row(number: int, cells: Sequence[str], places: Mapping[str, int]) -> TableRow:
    return TableRow(number, {field: cells[place] for field, place in places.items() if place < len(cells)})


def _no_columns(
    row: HeadingRow, fields: Sequence[Field], needed: Sequence[Sequence[str]], columns: Mapping[str, str]
) -> Refused:
    """What to say where no row has the headings: of the first row, which people take for them."""
    first = f"the first row has: {row.listed}"
    for heading in columns.values():
        if plain(heading) not in row.names:
            return no_such_column(heading, row, first)
    places = match_headings(row, fields, {name: plain(heading) for name, heading in columns.items()})
    lacking = next(group for group in needed if not any(name in places for name in group))
    hint = f"say which with --column {lacking[0]}=HEADING; {first}"
    return refuse(f"no column is the {' or the '.join(lacking)}", location=row.where, hint=hint)


def settled(reader: Reader, lenient: bool) -> tuple[UnusedRow, ...]:
    """The rows at fault, where these are to be left out. Raises Refused with the first twenty faults where not."""
    if reader.faults and not lenient:
        more = len(reader.faults) - MOST_FAULTS
        problems = reader.faults[:MOST_FAULTS]
        if more > 0:
            rest = Problem(
                f"{more} further cells are at fault", Location(reader.table.source.file), "mend the first ones first"
            )
            problems = [*problems, rest]
        raise Refused(problems)
    file = Location(reader.table.source.file)
    return tuple(UnusedRow(problem.location or file, problem.sentence) for problem in reader.rows.values())
