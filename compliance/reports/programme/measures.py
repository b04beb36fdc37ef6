"""Measures for the programme report: the last twelve slots against the target, and what is missing."""

from __future__ import annotations

from decimal import Decimal

import msgspec

from compliance.domain.registers.measures import (
    MEASURES,
    Measure,
    TargetState,
    latest,
    misses_in_a_row,
    overdue,
    target_as_text,
    target_state,
)
from compliance.domain.registers.parts.series import Points, plain_number, sparkline
from compliance.domain.terms.periods import Period, name_of
from compliance.reports.programme.course import Course, Figure, course
from compliance.reports.programme.outlook import Outlook, State

SHOWN = 12
"""How many slots are shown: a year of months."""
_GROUPS = {
    TargetState.ON_TARGET: "evidenced",
    TargetState.OFF_TARGET: "gap",
    TargetState.NO_TARGET: "out",
    TargetState.NO_FIGURE: "out",
}


class MeasureRow(msgspec.Struct, frozen=True, kw_only=True):
    """A measure with its last slots; `missing` are all the slots whose figure is overdue, shown or not."""

    id: str
    title: str
    unit: str
    owner: str
    target: str
    latest: str
    stands: tuple[State, ...]
    known: int
    """How many of the slots shown have a figure, and of these, how many are on the wrong side of the target."""
    missed: int
    in_a_row: int
    missing: tuple[str, ...]
    figures: tuple[Figure, ...]
    goal: Decimal | None
    """The target, and the course of the figures in words."""
    label: str
    line: str
    """The course as a line of text."""

    @property
    def course(self) -> Course:
        """The figures as the numbers of a picture."""
        return course(self.goal, self.figures, self.label)

    @property
    def wants_attention(self) -> bool:
        return any(one.group == "gap" for one in self.stands)


def measures(outlook: Outlook) -> tuple[MeasureRow, ...]:
    """Every measure that had begun by the day, by its title."""
    return tuple(
        _row(outlook, one)
        for one in sorted(outlook.ledger.of(MEASURES), key=lambda one: (one.title.casefold(), one.id))
    )


def stands(measure: Measure, points: Points, outlook: Outlook) -> tuple[State, ...]:
    """What is missing, and on which side of the target the newest figure is: either may want seeing to."""
    late, state = overdue(measure, points, outlook.on), target_state(measure, points, outlook.on)
    found = [State(f"{len(late)} missing", "gap")] if late else []
    if state is not TargetState.NO_FIGURE or not late:
        found.append(State(state.value, _GROUPS[state]))
    return tuple(found)


def _row(outlook: Outlook, measure: Measure) -> MeasureRow:
    points = outlook.ledger.points.get(measure.id, ())
    late = overdue(measure, points, outlook.on)
    ended = [slot for slot in measure.slots(outlook.on) if slot.end <= outlook.on]
    figures = tuple(_figure(measure, points, slot, late) for slot in ended[-SHOWN:])
    newest = latest(points, outlook.on)
    missed = sum(one.word == "missed" for one in figures)
    return MeasureRow(
        id=measure.id,
        title=measure.title,
        unit=measure.unit,
        owner=measure.owner,
        target=target_as_text(measure),
        latest=f"{plain_number(newest.value)} {measure.unit} in {name_of(newest.slot)}" if newest else "–",
        stands=stands(measure, points, outlook),
        known=sum(one.value is not None for one in figures),
        missed=missed,
        in_a_row=misses_in_a_row(measure, points),
        missing=tuple(name_of(slot) for slot in late),
        figures=figures,
        goal=measure.target,
        label=_said(figures, missed),
        line=sparkline([one.value for one in figures], SHOWN),
    )


def _figure(measure: Measure, points: Points, slot: Period, late: tuple[Period, ...]) -> Figure:
    point = next((one for one in points if one.slot == slot), None)
    if point is None:
        return Figure(name_of(slot), None, "missing" if slot in late else "awaited")
    return Figure(name_of(slot), point.value, "met" if measure.meets(point.value) else "missed")


def _said(figures: tuple[Figure, ...], missed: int) -> str:
    """The picture in words; the figures themselves stand beside it."""
    if not figures:
        return "no slot has ended yet"
    known = [one.value for one in figures if one.value is not None]
    span = f"{figures[0].slot} to {figures[-1].slot}" if len(figures) > 1 else figures[0].slot
    missing = sum(one.word == "missing" for one in figures)
    extremes = f"from {plain_number(min(known))} to {plain_number(max(known))}, " if known else ""
    return f"{span}: {extremes}{missed} off target, {missing} missing"
