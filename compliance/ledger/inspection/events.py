"""What is wrong in an event: a type that no standard reads, a nil return that speaks for no time."""

from __future__ import annotations

from collections.abc import Iterator

from compliance.domain.registers.events import Event, contradicts
from compliance.domain.registers.parts.registry import EVENTS
from compliance.ledger.inspection.checks import Checks
from compliance.problems import Problem, choice_hint


def inspect_event(file: str, event: Event, checks: Checks) -> Iterator[Problem]:
    """Every problem between an event and the rest of the workspace."""
    pages = checks.pages
    known = sorted({one.id for catalogue in checks.ledger.catalogues for one in catalogue.events})
    yield from checks.own_id(file, event.id, EVENTS)
    yield from checks.scopes(file, event.scope)
    if event.type not in known:
        hint = choice_hint(event.type, known) if known else "no standard in use reads events"
        sentence = f"no standard in use asks for events of the type “{event.type}”"
        yield pages.warning(file, ("type",), sentence, hint)
    if event.nil and event.period is None:
        hint = "say which time it speaks for: “period: START/END”"
        yield pages.error(file, ("nil",), "is a nil return without a period", hint)
    for other in checks.ledger.events if event.nil else ():
        if contradicts(event, other):
            sentence = f"says that there was none from {event.period}, and {other.id} was on {other.date}"
            hint = "make its period shorter, or correct the day of the other"
            yield pages.warning(file, ("period",), sentence, hint)
    yield from checks.later(file, ("date",), "dated", event.date)
