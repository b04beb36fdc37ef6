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
        return any(state.group == "gap" for state in self.stands)


def measures(outlook: Outlook) -> tuple[MeasureRow, ...]:
    """Every measure that had begun by the day, by its title."""
    by_title = sorted(outlook.ledger.of(MEASURES), key=lambda measure: (measure.title.casefold(), measure.id))
    return tuple(_row(outlook, measure) for measure in by_title)


def stands(measure: Measure, points: Points, outlook: Outlook) -> tuple[State, ...]:
    """What is missing, and on which side of the target the newest figure is: either may want seeing to."""
    late, state = overdue(measure, points, outlook.on), target_state(measure, points, outlook.on)
    states = [State(f"{len(late)} missing", "gap")] if late else []
    if state is not TargetState.NO_FIGURE or not late:
        states.append(State(state.value, _GROUPS[state]))
    return tuple(states)


def _row(outlook: Outlook, measure: Measure) -> MeasureRow:
    points = outlook.ledger.points.get(measure.id, ())
    late = overdue(measure, points, outlook.on)
    ended = [slot for slot in measure.slots(outlook.on) if slot.end <= outlook.on]
    figures = tuple(_figure(measure, points, slot, late) for slot in ended[-SHOWN:])
    newest = latest(points, outlook.on)
    missed = sum(figure.word == "missed" for figure in figures)
    return MeasureRow(
        id=measure.id,
        title=measure.title,
        unit=measure.unit,
        owner=measure.owner,
        target=target_as_text(measure),
        latest=f"{plain_number(newest.value)} {measure.unit} in {name_of(newest.slot)}" if newest else "–",
        stands=stands(measure, points, outlook),
        known=sum(figure.value is not None for figure in figures),
        missed=missed,
        in_a_row=misses_in_a_row(measure, points),
        missing=tuple(name_of(slot) for slot in late),
        figures=figures,
        goal=measure.target,
        label=_in_words(figures, missed),
        line=sparkline([figure.value for figure in figures], SHOWN),
    )


def _figure(measure: Measure, points: Points, slot: Period, late: tuple[Period, ...]) -> Figure:
    point = next((candidate for candidate in points if candidate.slot == slot), None)
    if point is None:
        return Figure(name_of(slot), None, "missing" if slot in late else "awaited")
    return Figure(name_of(slot), point.value, "met" if measure.meets(point.value) else "missed")


def _in_words(figures: tuple[Figure, ...], missed: int) -> str:
    """The picture in words; the figures themselves stand beside it."""
    if not figures:
        return "no slot has ended yet"
    values = [figure.value for figure in figures if figure.value is not None]
    span = f"{figures[0].slot} to {figures[-1].slot}" if len(figures) > 1 else figures[0].slot
    missing = sum(figure.word == "missing" for figure in figures)
    extremes = f"from {plain_number(min(values))} to {plain_number(max(values))}, " if values else ""
    return f"{span}: {extremes}{missed} off target, {missing} missing"
