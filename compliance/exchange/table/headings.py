"""Which column of a table is which field: by the user's word, or by what its heading is called."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

import msgspec

from compliance.problems import Location, Refused, choice_hint, refuse

HEADINGS_WITHIN = 20
"""Rows above the headings: a title, a date, a logo's caption; so many are looked through."""
_SHOWN = 12
"""How many headings a hint lists."""


class Field(msgspec.Struct, frozen=True):
    """A field of ours, and what a heading may be called to be taken for it without being told.

    `asks`: where several headings could be it, the user says which, because the wrong one would be believed.
    """

    name: str
    headings: tuple[str, ...] = ()
    asks: bool = False


class HeadingRow(msgspec.Struct, frozen=True):
    """A row that may hold the headings: where it stands, its cells, and the same as they are compared."""

    where: Location
    number: int
    cells: tuple[str, ...]
    names: tuple[str, ...]

    @property
    def shown(self) -> list[str]:
        """The headings that are there, each on one line."""
        return [cell for cell in (" ".join(cell.split()) for cell in self.cells) if cell]

    @property
    def listed(self) -> str:
        """The first headings, shortened, for a hint."""
        return ", ".join([cell[:40] for cell in self.shown][:_SHOWN])


def plain(heading: str) -> str:
    """A heading as it is compared: small letters, single blanks."""
    return " ".join(heading.casefold().replace("_", " ").split())


def heading_row(number: int, cells: Sequence[str], where: Location) -> HeadingRow:
    """A row looked at as headings."""
    return HeadingRow(where, number, tuple(cells), tuple(plain(cell) for cell in cells))


def heading_rows(rows: Sequence[tuple[int, Sequence[str]]], file: str) -> Iterator[HeadingRow]:
    """The first rows of a table, any of which may be its headings."""
    for number, cells in rows[:HEADINGS_WITHIN]:
        yield heading_row(number, cells, Location(file, number))


def match_headings(row: HeadingRow, fields: Sequence[Field], named: Mapping[str, str]) -> dict[str, int]:
    """The column of each field, counted from 0: the one that `named` says, else the first whose heading fits.

    `named` are headings by field, as they are compared, and all of them stand in the row. A column is taken for one
    field alone. Raises Refused where a field that asks has two headings that fit.
    """
    places = {field: row.names.index(heading) for field, heading in named.items()}
    for field in fields:
        fitting = [name for name in dict.fromkeys((field.name, *field.headings)) if name in row.names]
        free = [name for name in fitting if row.names.index(name) not in places.values()]
        if field.name in places or not free:
            continue
        if field.asks and len(free) > 1 and sum(map(bool, row.names)) > 1:
            both = " and ".join(f"“{row.cells[row.names.index(name)]}”" for name in free[:2])
            hint = f"say which with --column {field.name}=HEADING"
            raise refuse(f"{both} may both be the {field.name}", location=row.where, hint=hint)
        places[field.name] = row.names.index(free[0])
    return places


def no_such_column(heading: str, row: HeadingRow, otherwise: str) -> Refused:
    """What to say of a heading that the user names and the row lacks; `otherwise` is the hint where none is like it."""
    near = choice_hint(heading, row.shown) if row.shown else ""
    return refuse(f"no column is called “{heading}”", location=row.where, hint=near or otherwise)
