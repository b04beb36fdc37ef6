"""One timeline of what falls due: expiries, audits, submissions, scans, and evidence that lapses."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import date

from compliance.domain.accreditation_dues import dues_of_accreditation
from compliance.domain.assessment import Assessment, ControlAssessment, ExpectationAssessment, StandardAssessment
from compliance.domain.dues import DueKind, Renewal
from compliance.domain.durations import Duration, after
from compliance.domain.ledger import Ledger
from compliance.domain.records import Evidence
from compliance.domain.register_dues import dues_of_registers
from compliance.domain.verdicts import Flag, ReasonKind, Verdict

_NAMED = 2
_TODO = {Verdict.STALE: "File a new one", Verdict.MISSED: "Put right", Verdict.DUE: "File it"}


def renewals(ledger: Ledger, assessments: Iterable[Assessment], on: date, within: Duration) -> tuple[Renewal, ...]:
    """Everything due by `on` plus `within`, overdue first, then by date."""
    last = after(on, within)
    found: list[Renewal] = []
    for held in ledger.accreditations:
        found += dues_of_accreditation(held, ledger.catalogue(held.standard), on, ledger.holidays)
    found += dues_of_registers(ledger, on, last)
    evidence = {item.id: item for item in ledger.evidence}
    for assessment in assessments:
        found += _of_evidence(assessment, evidence)
        found += _of_exclusions(ledger, assessment)
    return tuple(
        sorted(
            (one for one in found if one.due <= last),
            key=lambda one: (one.due, one.kind.value, one.what, one.scope, one.subject),
        )
    )


def _of_evidence(assessment: Assessment, evidence: Mapping[str, Evidence]) -> Iterator[Renewal]:
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
        item = evidence.get(key)
        controls = tuple(dict.fromkeys(f"{entry[0].standard.id}:{entry[1].id}" for entry in entries))
        yield Renewal(
            due=day,
            kind=DueKind.EVIDENCE,
            what=item.title if item else f"{standard.standard.id}:{control.id} {control.title}",
            todo=f"{_deed(one)} for {_named(controls)}: {one.judgement.reason}",
            expects=one.what,
            scope=assessment.scope,
            standards=tuple(dict.fromkeys(str(entry[0].standard) for entry in entries)),
            subject=key,
            controls=controls,
            owner=item.owner if item else "",
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
