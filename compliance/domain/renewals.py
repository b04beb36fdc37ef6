"""One timeline of what falls due: expiries, audits, submissions, scans, and evidence that lapses."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import date

from compliance.domain import cycles
from compliance.domain.accreditations import Accreditation
from compliance.domain.assessment import Assessment, ControlAssessment, ExpectationAssessment, StandardAssessment
from compliance.domain.catalogue import Catalogue
from compliance.domain.cycles import SchemeDue
from compliance.domain.dues import DueKind, Renewal
from compliance.domain.durations import Duration, after
from compliance.domain.ledger import Ledger
from compliance.domain.register_dues import dues_of_registers
from compliance.domain.schemes import Role, Scheme
from compliance.domain.verdicts import Flag, ReasonKind, Verdict

_NAMED = 2
_TODO = {Verdict.STALE: "File a new one", Verdict.MISSED: "Put right", Verdict.DUE: "File it"}
_KINDS: dict[Role | None, DueKind] = {Role.AUDIT: DueKind.AUDIT, Role.SUBMISSION: DueKind.SUBMISSION}


def renewals(ledger: Ledger, assessments: Iterable[Assessment], on: date, within: Duration) -> tuple[Renewal, ...]:
    """Everything due by `on` plus `within`, overdue first, then by date."""
    last = after(on, within)
    found: list[Renewal] = []
    for held in ledger.accreditations:
        found += _of_accreditation(held, ledger.catalogue(held.standard), on, ledger.holidays)
    found += dues_of_registers(ledger, on)
    titles = {item.id: item.title for item in ledger.evidence}
    for assessment in assessments:
        found += _of_evidence(assessment, titles)
        found += _of_exclusions(ledger, assessment)
    return tuple(
        sorted(
            (one for one in found if one.due <= last),
            key=lambda one: (one.due, one.kind.value, one.what, one.scope, one.subject),
        )
    )


def _of_accreditation(
    held: Accreditation, catalogue: Catalogue | None, on: date, holidays: frozenset[date]
) -> Iterator[Renewal]:
    """Its expiry and the steps before; without a catalogue, only what the certificate itself states."""
    scheme = catalogue.scheme if catalogue else Scheme()
    named = held.title or f"{catalogue.short if catalogue else held.standard}, {held.scope}"
    standards = (str(catalogue.name if catalogue else held.standard),)
    cycle = held.cycle_on(on)
    ends = cycles.expiry(scheme, cycle) if cycle else held.target
    if ends:
        holding = scheme.holding.value
        certificate = f" {cycle.certificate}" if cycle and cycle.certificate else ""
        yield Renewal(
            due=ends,
            kind=DueKind.EXPIRY,
            what=f"{named}: {holding} expires" if cycle else f"{named}: first {holding} sought",
            todo=f"{'Renew' if cycle else 'Win'} the {holding}{certificate}{f' with {held.body}' if held.body else ''}",
            scope=held.scope,
            standards=standards,
            subject=held.id,
        )
    for due in cycles.dues(scheme, held, on, holidays):
        if due.done or (due.event.opens_cycle and due.day == ends):
            continue
        yield Renewal(
            due=min(due.day, due.due),
            kind=_KINDS.get(due.event.role, DueKind.STEP),
            what=f"{named}: {due.event.title}",
            todo=f"{due.event.what or due.event.title}{_agreed(due)}",
            scope=held.scope,
            standards=standards,
            subject=held.id,
            planned=due.planned,
        )


def _agreed(due: SchemeDue) -> str:
    if due.planned is None:
        return ""
    return " (agreed)" if due.planned == due.due else f" (agreed for {due.planned}; last day {due.due})"


def _of_evidence(assessment: Assessment, titles: Mapping[str, str]) -> Iterator[Renewal]:
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
        controls = tuple(dict.fromkeys(f"{entry[0].standard.id}:{entry[1].id}" for entry in entries))
        yield Renewal(
            due=day,
            kind=DueKind.EVIDENCE,
            what=titles.get(key) or f"{standard.standard.id}:{control.id} {control.title}",
            todo=f"{_deed(one)} for {_named(controls)}: {one.judgement.reason}",
            expects=one.what,
            scope=assessment.scope,
            standards=tuple(dict.fromkeys(str(entry[0].standard) for entry in entries)),
            subject=key,
            controls=controls,
        )


def _day_due(one: ExpectationAssessment) -> date | None:
    """The day by which something new must be filed; for a gap with a known beginning, the day it began."""
    if one.judgement.verdict in {Verdict.STALE, Verdict.MISSED}:
        return one.judgement.since or one.judgement.until
    return one.judgement.until if not one.judgement.verdict.is_gap else None


def _deed(one: ExpectationAssessment) -> str:
    if one.judgement.verdict is Verdict.MISSED and one.judgement.since is None:
        return "File the next"  # a hole in the past cannot be mended, but the next must not be missed
    return _TODO.get(one.judgement.verdict, "Renew it")


def _named(controls: tuple[str, ...]) -> str:
    more = len(controls) - _NAMED
    return ", ".join(controls[:_NAMED]) + (f" and {more} more" if more > 0 else "")


def _of_exclusions(ledger: Ledger, assessment: Assessment) -> Iterator[Renewal]:
    """The exclusions in force, and those that have lapsed, by the day of their review."""
    for soa in ledger.applicability:
        excluded = {
            control.id
            for standard in assessment.standards
            if standard.standard.id == soa.standard.id and soa.standard.version in {"", standard.standard.version}
            for control in standard.controls
            if control.flag is Flag.EXCLUDED or any(one.kind is ReasonKind.EXCLUSION_LAPSED for one in control.reasons)
        }
        for statement in soa.controls if soa.scope == assessment.scope else ():
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
