"""One timeline of what falls due: expiries, audits, submissions, scans, and evidence that lapses."""

from __future__ import annotations

import enum
from collections.abc import Iterable, Iterator
from datetime import date

import msgspec

from compliance.domain import cycles
from compliance.domain.accreditations import Accreditation
from compliance.domain.assessment import Assessment, ControlAssessment, ExpectationAssessment, StandardAssessment
from compliance.domain.catalogue import Catalogue
from compliance.domain.durations import Duration, after
from compliance.domain.ledger import Ledger
from compliance.domain.schemes import Role
from compliance.domain.verdicts import Flag, Verdict


class DueKind(enum.Enum):
    """What kind of thing falls due."""

    EXPIRY = "expiry"
    AUDIT = "audit"
    SUBMISSION = "submission"
    STEP = "step"
    EVIDENCE = "evidence"
    EXCLUSION = "exclusion"


class Renewal(msgspec.Struct, frozen=True, kw_only=True):
    """One thing that falls due, on which day, for what, and what to do about it."""

    due: date
    kind: DueKind
    what: str
    todo: str
    scope: str
    standards: tuple[str, ...] = ()
    subject: str = ""
    """The id of the accreditation or the piece of evidence."""
    controls: tuple[str, ...] = ()
    planned: date | None = None

    def days_left(self, on: date) -> int:
        return (self.due - on).days


def renewals(ledger: Ledger, assessments: Iterable[Assessment], on: date, within: Duration) -> tuple[Renewal, ...]:
    """Everything due by `on` plus `within`, overdue first, then by date."""
    last = after(on, within)
    found: list[Renewal] = []
    for held in ledger.accreditations:
        catalogue = ledger.catalogue(held.standard)
        if catalogue:
            found += _of_accreditation(held, catalogue, on, ledger.holidays)
    for assessment in assessments:
        found += _of_evidence(assessment)
        found += _of_exclusions(ledger, assessment)
    return tuple(
        sorted(
            (one for one in found if one.due <= last),
            key=lambda one: (one.due, one.kind.value, one.what, one.scope, one.subject),
        )
    )


def _of_accreditation(
    held: Accreditation, catalogue: Catalogue, on: date, holidays: frozenset[date]
) -> Iterator[Renewal]:
    named = held.title or f"{catalogue.short}, {held.scope}"
    standards = (str(catalogue.name),)
    cycle = held.cycle_on(on)
    ends = cycles.expiry(catalogue.scheme, cycle) if cycle else held.target
    if ends:
        holding = catalogue.scheme.holding.value
        what = f"{named}: {holding} expires" if cycle else f"{named}: first {holding} sought"
        todo = f"Renew the {holding}" if cycle else f"Win the {holding}"
        if cycle and cycle.certificate:
            todo += f" {cycle.certificate}"
        if held.body:
            todo += f" with {held.body}"
        yield Renewal(
            due=ends, kind=DueKind.EXPIRY, what=what, todo=todo, scope=held.scope, standards=standards, subject=held.id
        )
    for due in cycles.dues(catalogue.scheme, held, on, holidays):
        if due.done or due.event.opens_cycle and due.day == ends:
            continue
        kind = (
            {Role.AUDIT: DueKind.AUDIT, Role.SUBMISSION: DueKind.SUBMISSION}.get(due.event.role, DueKind.STEP)
            if due.event.role
            else DueKind.STEP
        )
        todo = due.event.what or due.event.title
        if due.planned:
            todo += f" (agreed for {due.planned}; last day {due.due})" if due.planned != due.due else " (agreed)"
        yield Renewal(
            due=min(due.day, due.due),
            kind=kind,
            what=f"{named}: {due.event.title}",
            todo=todo,
            scope=held.scope,
            standards=standards,
            subject=held.id,
            planned=due.planned,
        )


def _of_evidence(assessment: Assessment) -> Iterator[Renewal]:
    """Evidence that lapses or is overdue, one row for each piece and day, however many controls it serves."""
    rows: dict[tuple[str, date, str], list[tuple[StandardAssessment, ControlAssessment, ExpectationAssessment]]] = {}
    for standard in assessment.standards:
        for control in standard.controls:
            if not control.counts:
                continue
            for one in control.expectations:
                day = _day_due(one)
                if day and one.binding:
                    key = one.judgement.evidence or f"{standard.standard}:{control.id}#{one.id}"
                    rows.setdefault((key, day, one.judgement.verdict.value), []).append((standard, control, one))
    for (key, day, _), entries in rows.items():
        standard, control, one = entries[0]
        controls = tuple(f"{entry[0].standard.id}:{entry[1].id}" for entry in entries)
        yield Renewal(
            due=day,
            kind=DueKind.EVIDENCE,
            what=f"{control.title}: {one.what or one.id}" if len(entries) == 1 else f"{one.what or control.title}",
            todo=_todo(one, len(dict.fromkeys(controls))),
            scope=assessment.scope,
            standards=tuple(dict.fromkeys(str(entry[0].standard) for entry in entries)),
            subject=key,
            controls=tuple(dict.fromkeys(controls)),
        )


def _day_due(one: ExpectationAssessment) -> date | None:
    """The day by which something new must be filed; for a gap with a known beginning, the day it began."""
    if one.judgement.verdict in {Verdict.STALE, Verdict.MISSED}:
        return one.judgement.since or one.judgement.until
    return one.judgement.until if not one.judgement.verdict.is_gap else None


def _todo(one: ExpectationAssessment, controls: int) -> str:
    serves = f", for {controls} controls" if controls > 1 else ""
    match one.judgement.verdict:
        case Verdict.STALE:
            return f"File a new one{serves}: {one.judgement.reason}"
        case Verdict.MISSED:
            return f"Put right{serves}: {one.judgement.reason}"
        case Verdict.DUE:
            return f"File it{serves}: {one.judgement.reason}"
        case _:
            return f"Renew it{serves}: {one.judgement.reason}"


def _of_exclusions(ledger: Ledger, assessment: Assessment) -> Iterator[Renewal]:
    for soa in ledger.applicability:
        if soa.scope != assessment.scope:
            continue
        excluded = {
            control.id
            for standard in assessment.standards
            if standard.standard.id == soa.standard.id
            for control in standard.controls
            if control.flag is Flag.EXCLUDED or control.reasons
        }
        for statement in soa.controls:
            if not statement.applies and statement.review and statement.control in excluded:
                yield Renewal(
                    due=statement.review,
                    kind=DueKind.EXCLUSION,
                    what=f"{soa.standard.id}:{statement.control}: exclusion to be reviewed",
                    todo=f"Confirm or end the exclusion: {statement.reason}",
                    scope=soa.scope,
                    standards=(str(soa.standard),),
                    subject=soa.id,
                    controls=(f"{soa.standard.id}:{statement.control}",),
                )
