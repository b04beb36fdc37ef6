"""The series of a measure as a table, and as a line of blocks that shows its course at a glance."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from decimal import Decimal

from compliance.domain.registers.measures import Measure, lacking
from compliance.domain.registers.parts.series import Points
from compliance.domain.terms.periods import name_of
from compliance.reports.parts.terminal import table
from compliance.store.records.series_text import plain_number

_BLOCKS = "▁▂▃▄▅▆▇█"
_NO_FIGURE = "·"


def sparkline(values: Sequence[Decimal | None], width: int) -> str:
    """The newest figures as blocks, scaled from the lowest to the highest that is shown; a dot where there is none."""
    shown = list(values)[-width:]
    known = [value for value in shown if value is not None]
    if not known:
        return ""
    low, high = min(known), max(known)
    top = len(_BLOCKS) - 1

    def block(value: Decimal | None) -> str:
        if value is None:
            return _NO_FIGURE
        return _BLOCKS[top // 2 if low == high else int((value - low) * top / (high - low))]

    return "".join(block(value) for value in shown)


def course(measure: Measure, points: Points, on: dt.date) -> list[Decimal | None]:
    """The figure of every slot that has ended, oldest first; None where there is none."""
    known = {point.slot: point.value for point in points}
    return [known.get(slot) for slot in measure.slots(on) if slot.end <= on or slot in known]


def series_as_text(measure: Measure, points: Points, on: dt.date, width: int) -> str:
    """The course of a measure and a row for each slot, the newest last; slots without a figure are in it."""
    rows = [
        (point.slot, plain_number(point.value), "" if measure.meets(point.value) else "misses the target", point.note)
        for point in points
    ]
    for slot in lacking(measure, points, on):
        due = measure.due(slot)
        rows.append((slot, "–", "missing" if due < on else f"due by {due}", ""))
    if not rows:
        return f"No slot of it has ended. The first figure is due by {measure.due(next(measure.slots(measure.since)))}."
    cells = [(name_of(slot), value, word, note) for slot, value, word, note in sorted(rows, key=lambda row: row[0])]
    shown = table(("Slot", measure.unit, "", "Note"), cells, width, flexible=3, right=(1,))
    return "\n\n".join(filter(None, (sparkline(course(measure, points, on), width), shown)))


def target_as_text(measure: Measure) -> str:
    """`at least 95 %`; a dash without a target."""
    if measure.target is None:
        return "–"
    return f"{measure.direction.value.replace('-', ' ')} {plain_number(measure.target)} {measure.unit}"
