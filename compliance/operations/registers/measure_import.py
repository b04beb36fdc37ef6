"""Figures of a measure taken from somebody else's table: each for its slot, all of them or none."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import msgspec

from compliance.domain.registers.measures import Measure
from compliance.domain.registers.parts.series import Point, Points
from compliance.domain.terms.periods import Period, name_of
from compliance.exchange.table.foreign_days import parse_foreign_slot
from compliance.exchange.table.headings import Field
from compliance.operations.registers.foreign_table import Reader, RegisterTable, TableRow, UnusedRow, settled
from compliance.operations.registers.measures import Conflict, conflicts, fresh, misplaced
from compliance.problems import Problem, Refused, refuse
from compliance.store.text.decoding import parse_decimal

MEASURE_FIELDS = (
    Field("slot", ("month", "quarter", "year", "period", "date", "reporting period", "month ending"), asks=True),
    Field("value", ("figure", "result", "actual", "score", "total", "count", "%"), asks=True),
    Field("note", ("notes", "comment", "comments", "remarks")),
)


class Figures(msgspec.Struct, frozen=True, kw_only=True):
    """What an import would record, in order; what is on record already, or otherwise; rows without a figure."""

    rows: int
    new: Points
    recorded: tuple[UnusedRow, ...]
    differing: tuple[Conflict, ...]
    unused: tuple[UnusedRow, ...]


def plan_figures(
    measure: Measure, points: Points, table: RegisterTable, today: dt.date, order: str | None, as_percent: bool | None
) -> Figures:
    """The figures of a table. `as_percent`: a cell that holds 0.95 means 95.

    Raises Refused, with the cells, for slots and figures that cannot be read, that the measure has not, or that come
    twice.
    """
    reader = Reader(table)
    starts = table.order("slot", order)
    figures: dict[Period, tuple[Point, TableRow]] = {}
    recorded, unused = [], []
    for row in table.rows:
        if not row.text("slot") and not row.text("value"):
            unused.append(UnusedRow(table.at(row, "slot"), "is empty"))
            continue
        slot = reader.read(row, "slot", lambda text: parse_foreign_slot(text, measure.each, starts))
        if not row.text("slot"):
            reader.fault(row, "slot", "a figure without its slot", f"write which {measure.each.value} it is of")
        if not row.text("value"):
            unused.append(UnusedRow(table.at(row, "value"), "has no figure"))
            continue
        value = reader.read(row, "value", lambda text: _figure(text, measure.unit))
        if slot is None or value is None:
            continue
        wrong = misplaced(measure, slot, today)
        if wrong:
            reader.fault(row, "slot", wrong.sentence, wrong.hint)
        elif slot in figures and figures[slot][0].value != value:
            first = figures[slot][1].number
            sentence = f"has a second figure for {name_of(slot)}: row {first} has {figures[slot][0].value:f}"
            reader.fault(row, "value", sentence, "keep one of them")
        else:
            if slot in figures:
                recorded.append(
                    UnusedRow(table.at(row, "slot"), f"{name_of(slot)} stands in row {figures[slot][1].number} too")
                )
            figures.setdefault(slot, (Point(slot=slot, value=value, note=row.text("note"), line=row.number), row))
    settled(reader, lenient=False)
    stated = tuple(figures[slot][0] for slot in sorted(figures))
    stated = _scaled(measure, stated, table, as_percent)
    new = fresh(points, stated)
    there = [figures[point.slot][1] for point in stated if point not in new]
    recorded += [UnusedRow(table.at(row, "slot"), "has the figure that is recorded") for row in there]
    return Figures(
        rows=len(table.rows),
        new=new,
        recorded=tuple(recorded),
        differing=conflicts(points, stated),
        unused=tuple(unused),
    )


def refuse_conflicts(figures: Figures, table: RegisterTable) -> None:
    """Raises Refused where figures on record differ from those given, with each of them."""
    if figures.differing:
        hint = "to put the table's in their place, add --replace; the old ones stay in the history"
        raise Refused(
            Problem(
                f"{name_of(conflict.proposed.slot)} has the figure {conflict.recorded.value:f}, "
                f"and the table {conflict.proposed.value:f}",
                table.source.place(conflict.proposed.line, table.places["value"]),
                hint,
            )
            for conflict in figures.differing
        )


def _figure(text: str, unit: str) -> Decimal:
    """A number; its unit may follow it."""
    bare = text.removesuffix(unit).strip() if unit and text != unit else text
    return parse_decimal(bare if bare[:1] != "+" else bare[1:])


def _scaled(measure: Measure, points: Points, table: RegisterTable, as_percent: bool | None) -> Points:
    """A workbook keeps 95 % as 0.95, and only a person can tell that from a figure under 1 %."""
    if as_percent:
        return tuple(
            Point(slot=point.slot, value=(point.value * 100).normalize() + 0, note=point.note, line=point.line)
            for point in points
        )
    fractions = bool(points) and all(0 <= point.value <= 1 for point in points)
    if measure.unit == "%" and table.source.sheet and fractions and as_percent is None:
        hint = "say --percent if 0.95 stands for 95 %, or --no-percent if it stands for itself"
        raise refuse("every figure lies between 0 and 1", location=table.source.place(table.rows[0].number), hint=hint)
    return points
