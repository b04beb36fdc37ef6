"""Figures of a measure recorded: a line in its series, in order, in one commit."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

import msgspec

from compliance.domain.ledger.ledger import Ledger
from compliance.domain.registers.measures import MEASURES, Measure
from compliance.domain.registers.parts.series import Point, Points
from compliance.domain.terms.periods import Period, name_of
from compliance.ledger.opening import Workspace
from compliance.operations.committing import Committed, commit_change
from compliance.operations.registers.registering import file_of
from compliance.problems import Problem, Refused, Severity, refuse, with_article
from compliance.store.records.series_text import parse_slot, render_series


class Conflict(msgspec.Struct, frozen=True):
    """A new figure for a slot that has a different one on record."""

    recorded: Point
    proposed: Point


def slot_of(measure: Measure, text: str, today: dt.date) -> Period:
    """The slot that a text names. Raises Refused if the measure has no such slot, or it has not begun."""
    try:
        slot = parse_slot(text)
    except ValueError as error:
        sentence, _, hint = str(error).rpartition("; ")
        raise refuse(sentence, hint=hint) from None
    problem = misplaced(measure, slot, today)
    if problem:
        raise Refused([problem])
    return slot


def misplaced(measure: Measure, slot: Period, today: dt.date) -> Problem | None:
    """Why a measure has no figure for a slot; None if it may have one."""
    each = measure.each.value.replace("-", " ")
    if slot.end < measure.since:
        return Problem(f"{name_of(slot)} lies before the measure begins, on {measure.since}", hint="correct the slot")
    if slot.start > today:
        return Problem(f"{name_of(slot)} has not begun", hint="record its figure when it has ended")
    if slot not in measure.slots(today):
        hint = f"name {with_article(each)}, such as {name_of(next(measure.slots(today)))}"
        return Problem(f"{name_of(slot)} is no {each}, and the measure has one figure for each {each}", hint=hint)
    return None


def running(slot: Period) -> Problem:
    """The warning about a figure whose slot has not ended: it may change."""
    sentence = f"{name_of(slot)} has not ended: its figure may change"
    return Problem(sentence, hint="record it again with --replace when it has", severity=Severity.WARNING)


def conflicts(points: Points, points_given: Sequence[Point]) -> tuple[Conflict, ...]:
    """The new figures whose slot has a different figure on record."""
    recorded = {point.slot: point for point in points}
    return tuple(
        Conflict(recorded[point.slot], point)
        for point in points_given
        if point.slot in recorded and recorded[point.slot].value != point.value
    )


def fresh(points: Points, candidates: Sequence[Point]) -> tuple[Point, ...]:
    """The new figures that are not on record yet, or not with that value."""
    values = {point.slot: point.value for point in points}
    return tuple(point for point in candidates if values.get(point.slot) != point.value)


def record_points(workspace: Workspace, ledger: Ledger, measure: Measure, new_points: Sequence[Point]) -> Committed:
    """Writes figures into the series of a measure, in place of those recorded for the same slots, in one commit."""
    path, _ = file_of(workspace, MEASURES, measure.id)
    series = f"{path.removesuffix('.yaml')}.csv"
    unreadable = [
        problem
        for problem in ledger.problems
        if problem.location and problem.location.file == series and problem.is_error
    ]
    if unreadable:  # to write would be to lose what it holds
        raise Refused(unreadable)
    points = {point.slot: point for point in (*ledger.points.get(measure.id, ()), *new_points)}
    text = render_series(tuple(points.values()))
    what = name_of(new_points[0].slot) if len(new_points) == 1 else f"{len(new_points)} figures"
    message = f"measure: {measure.title}, {what} ({measure.id})\n"
    if measure.id in ledger.points:
        return commit_change(workspace.place, {}, {series: text}, message)
    return commit_change(workspace.place, {series: text}, {}, message)
