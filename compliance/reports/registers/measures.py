"""The series of a measure as a table, and as a line of blocks that shows its course at a glance."""

from __future__ import annotations

import datetime as dt

from compliance.domain.registers.measures import Measure, course, lacking
from compliance.domain.registers.parts.series import Points, plain_number, sparkline
from compliance.domain.terms.periods import name_of
from compliance.reports.parts.terminal import table


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
    listing = table(("Slot", measure.unit, "", "Note"), cells, width, flexible=3, right=(1,))
    return "\n\n".join(filter(None, (sparkline(course(measure, points, on), width), listing)))
