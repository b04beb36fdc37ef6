"""The measures register: figures kept month by month, against a target."""

from __future__ import annotations

import datetime as dt
import enum
from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal

import msgspec

from compliance.domain.registers.parts.dues import Due, DueKind, make_due
from compliance.domain.registers.parts.faults import Fault
from compliance.domain.registers.parts.register import LedgerView, Listing, Register
from compliance.domain.registers.parts.series import Point, Points, plain_number, sparkline
from compliance.domain.terms.durations import Duration, Unit, after
from compliance.domain.terms.periods import Period, Slot, name_of, slots
from compliance.domain.terms.references import Reference
from compliance.domain.terms.shapes import Shape
from compliance.domain.terms.vocabulary import Attribution
from compliance.problems import Severity

_IN_A_LIST = 12
"""How many of its newest figures a list draws."""
MEASURE = DueKind("measure", "Measures", Shape.LINE)


class Direction(enum.Enum):
    """On which side of its target a figure should be."""

    AT_LEAST = "at-least"
    AT_MOST = "at-most"


class Measure(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What is measured, in which unit, how often, and what it should be.

    A figure is due `within` so long of the end of its slot; the first slot is the one that `since` lies in.
    """

    id: str
    title: str
    unit: str
    since: dt.date
    each: Slot = Slot.MONTH
    within: Duration = Duration(1)
    target: Decimal | None = None
    direction: Direction = Direction.AT_LEAST
    controls: tuple[Reference, ...] = ()
    scope: tuple[str, ...] = ()
    owner: str = ""
    note: str = ""
    recorded: Attribution | None = None

    def slots(self, last: dt.date) -> Iterator[Period]:
        """Its slots that have begun by a day."""
        year = slots(self.each, dt.date(self.since.year, 1, 1), last)
        return (slot for slot in year if slot.end >= self.since)

    def due(self, slot: Period) -> dt.date:
        """The last day on which the figure of a slot is in time."""
        return after(slot.end, self.within)

    def meets(self, value: Decimal) -> bool:
        """Whether a figure is on the right side of the target; without a target, any is."""
        if self.target is None:
            return True
        return value >= self.target if self.direction is Direction.AT_LEAST else value <= self.target


def lacking(measure: Measure, points: Points, on: dt.date) -> tuple[Period, ...]:
    """The slots that have ended before a day and have no figure."""
    slots_with_figures = {point.slot for point in points}
    return tuple(slot for slot in measure.slots(on) if slot.end < on and slot not in slots_with_figures)


def overdue(measure: Measure, points: Points, on: dt.date) -> tuple[Period, ...]:
    """The slots whose figure should have been there before a day."""
    return tuple(slot for slot in lacking(measure, points, on) if measure.due(slot) < on)


def latest(points: Points, on: dt.date) -> Point | None:
    """The newest figure of a slot that has ended by a day."""
    return max((point for point in points if point.slot.end <= on), key=lambda point: point.slot, default=None)


def misses_in_a_row(measure: Measure, points: Sequence[Point]) -> int:
    """How many of the newest figures, one after the other, are on the wrong side of the target."""
    count = 0
    for point in reversed(points):
        if measure.meets(point.value):
            break
        count += 1
    return count


class TargetState(enum.Enum):
    """On which side of its target a measure's newest figure is."""

    ON_TARGET = "on target"
    OFF_TARGET = "off target"
    NO_TARGET = "no target"
    NO_FIGURE = "no figure"


def target_state(measure: Measure, points: Points, on: dt.date) -> TargetState:
    """How the newest figure of a slot that has ended by a day stands to the target."""
    newest = latest(points, on)
    if newest is None:
        return TargetState.NO_FIGURE
    if measure.target is None:
        return TargetState.NO_TARGET
    return TargetState.ON_TARGET if measure.meets(newest.value) else TargetState.OFF_TARGET


def inspect(ledger: LedgerView, measure: Measure) -> Iterator[Fault]:
    """What is wrong in a measure and its series: slots of another length, figures of before its time or to come."""
    if measure.within.unit is Unit.WORKING_DAY:
        yield Fault(("within",), "cannot count working days", "write it like 20 days or 1 month")
    begun = set(measure.slots(ledger.day))
    for point in ledger.points.get(measure.id, ()):
        if fault := _fault_of_point(measure, point, ledger.day, point.slot in begun):
            yield msgspec.structs.replace(fault, line=point.line)


def _fault_of_point(measure: Measure, point: Point, day: dt.date, has_begun: bool) -> Fault | None:
    """What is wrong with a figure; `has_begun` if its slot is one of the measure's that had begun by the day."""
    if point.slot.end < measure.since:
        sentence = f"{name_of(point.slot)} lies before the measure begins, on {measure.since}"
        return Fault((), sentence, "correct the slot, or “since” in the measure")
    if point.slot.end > day and not has_begun:
        return Fault((), f"{name_of(point.slot)} has not begun", "correct the slot")
    if not has_begun:
        slot = measure.each.value.replace("-", " ")
        sentence = f"{name_of(point.slot)} is no {slot}, and the measure has one figure for each {slot}"
        return Fault((), sentence, "correct the slot, or “each” in the measure")
    if point.slot.end > day:
        sentence = f"{name_of(point.slot)} has not ended: its figure may change"
        return Fault((), sentence, "look at it again when it has ended", Severity.WARNING)
    return None


def dues(ledger: LedgerView, measure: Measure, on: dt.date, _last: dt.date) -> Iterator[Due]:
    """The slots that lack their figure, and the one that runs; one row for all that are overdue."""
    slots_with_figures = {point.slot for point in ledger.points.get(measure.id, ())}
    wanted = [slot for slot in measure.slots(on) if slot.end >= on or slot not in slots_with_figures]
    late = [slot for slot in wanted if slot.end < on and measure.due(slot) < on]
    if len(late) > 1:
        what = f"{measure.title}, {len(late)} figures missing"
        todo = f"Record each that is missing from {name_of(late[0])} to {name_of(late[-1])}: {_set(measure, late[0])}"
        yield make_due(measure, MEASURE, measure.due(late[0]), what, todo)
    for slot in wanted[len(late) if len(late) > 1 else 0 :]:
        what, todo = f"{measure.title}, {name_of(slot)}", f"Record it: {_set(measure, slot)}"
        yield make_due(measure, MEASURE, measure.due(slot), what, todo)


def _set(measure: Measure, slot: Period) -> str:
    return f"compliance measure set {measure.id} {name_of(slot)} …"


def course(measure: Measure, points: Points, on: dt.date) -> list[Decimal | None]:
    """The figure of every slot that has ended, oldest first; None where there is none."""
    values = {point.slot: point.value for point in points}
    return [values.get(slot) for slot in measure.slots(on) if slot.end <= on or slot in values]


def target_as_text(measure: Measure) -> str:
    """`at least 95 %`; a dash without a target."""
    if measure.target is None:
        return "–"
    return f"{measure.direction.value.replace('-', ' ')} {plain_number(measure.target)} {measure.unit}"


def _state(ledger: LedgerView, measure: Measure, on: dt.date) -> str:
    points = ledger.points.get(measure.id, ())
    late = overdue(measure, points, on)
    return f"{len(late)} missing" if late else target_state(measure, points, on).value


def _row(ledger: LedgerView, measure: Measure, on: dt.date) -> Sequence[str]:
    points = ledger.points.get(measure.id, ())
    newest = latest(points, on)
    figure = f"{newest.value:f} {measure.unit} in {name_of(newest.slot)}" if newest else "no figure"
    line = sparkline(course(measure, points, on), _IN_A_LIST)
    target = f", target {target_as_text(measure)}" if measure.target is not None else ""
    return (measure.id, _state(ledger, measure, on), line, f"{measure.title}\n{figure}{target}")


def _facts(ledger: LedgerView, measure: Measure, on: dt.date) -> Mapping[str, object]:
    points = tuple(point for point in ledger.points.get(measure.id, ()) if point.slot.end <= on)
    newest = latest(points, on)
    facts: dict[str, object] = {"state": _state(ledger, measure, on)}
    if measure.target is not None:
        facts["wanted"] = target_as_text(measure)
    if newest:
        facts["latest"] = f"{newest.value:f} {measure.unit} in {name_of(newest.slot)}"
    late = overdue(measure, points, on)
    if late:
        facts["missing"] = [name_of(slot) for slot in late]
    missed = misses_in_a_row(measure, points)
    if missed:
        facts["off target"] = f"{missed} in a row" if missed > 1 else "the last figure"
    return facts


def _figures(ledger: LedgerView, measure: Measure, _on: dt.date) -> Mapping[str, object]:
    return {
        "figures": [
            {
                "slot": name_of(point.slot),
                "value": f"{point.value:f}",
                "note": point.note,
                "on_target": measure.meets(point.value),
            }
            for point in ledger.points.get(measure.id, ())
        ]
    }


MEASURES = Register(
    name="measure",
    plural="measures",
    prefix="M",
    place=9,
    summary="Figures kept month by month against a target.",
    record=Measure,
    inspect=inspect,
    listing=Listing(
        headings=("Id", "State", "Course", "Measure"),
        row=_row,
        order=lambda _ledger, measure, _on: measure.title.casefold(),
        is_open=lambda _ledger, _measure, _on: True,
        closes=False,
        facts=_facts,
        details=_figures,
    ),
    first_day=lambda measure: measure.since,
    due_kinds=(MEASURE,),
    dues=dues,
    has_series=True,
)
