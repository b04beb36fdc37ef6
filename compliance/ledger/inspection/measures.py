"""What is wrong in a measure and its series: slots of another length, figures of before its time or of the future."""

from __future__ import annotations

from collections.abc import Iterator

from compliance.domain.registers.measures import Measure
from compliance.domain.registers.parts.registry import MEASURES
from compliance.domain.terms.durations import Unit
from compliance.domain.terms.periods import name_of
from compliance.ledger.inspection.checks import Checks
from compliance.problems import Location, Problem, Severity


def inspect_measure(file: str, measure: Measure, checks: Checks) -> Iterator[Problem]:
    """Every problem between a measure and the rest of the workspace."""
    yield from checks.own_id(file, measure.id, MEASURES)
    yield from checks.scopes(file, measure.scope)
    yield from checks.controls(file, measure.controls)
    if measure.within.unit is Unit.WORKING_DAY:
        yield checks.pages.error(file, ("within",), "cannot count working days", "write it like 20 days or 1 month")
    series = f"{file.removesuffix('.yaml')}.csv"
    known = set(measure.slots(checks.ledger.day))
    for point in checks.ledger.points.get(measure.id, ()):
        where = Location(series, point.line, 1)
        if point.slot.end < measure.since:
            sentence = f"{name_of(point.slot)} lies before the measure begins, on {measure.since}"
            yield Problem(sentence, where, "correct the slot, or “since” in the measure")
        elif point.slot.end > checks.ledger.day and point.slot not in known:
            yield Problem(f"{name_of(point.slot)} has not begun", where, "correct the slot")
        elif point.slot not in known:
            slot = measure.each.value.replace("-", " ")
            yield Problem(
                f"{name_of(point.slot)} is no {slot}, and the measure has one figure a {slot}",
                where,
                "correct the slot, or “each” in the measure",
            )
        elif point.slot.end > checks.ledger.day:
            hint = "look at it again when it has ended"
            sentence = f"{name_of(point.slot)} has not ended: its figure may change"
            yield Problem(sentence, where, hint, severity=Severity.WARNING)
