"""What happened and is to be answered: events on record, and results on file that are events by themselves."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

import msgspec

from compliance.domain.assessment.rules.candidates import Candidate
from compliance.domain.assessment.rules.failures import target_of
from compliance.domain.ledger.records import Evidence
from compliance.domain.registers.events import Event
from compliance.domain.terms.vocabulary import Kind

_RAISED = {Kind.SCAN: "failed-scan", Kind.TEST: "failed-test"}
"""The type of event that a fail of a kind is: nobody need record it beside the report."""


def raised_by(type_: str) -> tuple[Kind, ...]:
    """The kinds of evidence of which a fail is an event of a type."""
    return tuple(kind for kind, raised in _RAISED.items() if raised == type_)


class Occurrence(msgspec.Struct, frozen=True, kw_only=True):
    """One thing that happened on a day, in words, and by what it is known.

    `target` is what a failed scan or test spoke for, and only a later pass for the same answers it; None is an event
    on record alone, which anything of its time answers.
    """

    day: date
    words: str
    ids: tuple[str, ...]
    target: tuple[tuple[str, str], ...] | None = None

    planned: bool = False
    """It is yet to come, and may be answered beforehand alone."""

    def concerns(self, candidate: Candidate) -> bool:
        """Whether a piece may answer it, its day apart: one that names an event speaks of that one alone."""
        named = candidate.evidence.per.get("event")
        if named:
            return named in self.ids
        return self.target is None or (target_of(candidate.evidence) == self.target and candidate.day > self.day)


def occurrences(type_: str, events: Iterable[Event], fails: Iterable[Evidence]) -> tuple[Occurrence, ...]:
    """Everything of a type that happened, oldest first: the events on record, and the fails that are such events.

    A fail and an event on record are one and the same where the fail names the event (`per: {event: V-…}`) or the event
    says that it comes from the fail (`source: E-…`); it happened on the earlier of their two days.
    """
    words = type_.replace("-", " ")
    recorded = {event.id: event for event in events if event.type == type_ and not event.nil}
    by_source = {event.source: event for event in recorded.values() if event.source}
    in_order = []
    for fail in fails:
        if fail.date is None:
            continue
        event = recorded.get(fail.per.get("event", "")) or by_source.get(fail.id)
        day = min(fail.date, event.date) if event else fail.date
        ids = (event.id, fail.id) if event else (fail.id,)
        in_order.append(Occurrence(day=day, words=f"the {words} of {day} ({fail.id})", ids=ids, target=target_of(fail)))
    recorded_ids = {id_ for occurrence in in_order for id_ in occurrence.ids}
    in_order += [
        Occurrence(day=event.date, words=f"the {words} of {event.date}", ids=(event.id,), planned=event.planned)
        for event in recorded.values()
        if event.id not in recorded_ids
    ]
    return tuple(sorted(in_order, key=lambda occurrence: (occurrence.day, occurrence.ids)))
