"""One timeline of what falls due: expiries, audits, submissions, scans, and evidence that lapses."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from datetime import date

import msgspec

from compliance.domain.assessment.assessment import (
    Assessment,
    ControlAssessment,
    ExpectationAssessment,
    StandardAssessment,
)
from compliance.domain.assessment.inheritance import givers, is_inherited
from compliance.domain.assessment.rules.fulfilment import told_apart
from compliance.domain.due.registers import EVIDENCE, EXCLUSION, dues_of_registers, is_past_the_end
from compliance.domain.ledger.audited import joined
from compliance.domain.ledger.ledger import Ledger
from compliance.domain.ledger.records import Evidence
from compliance.domain.registers.applicability import APPLICABILITY, EXCLUSION_LAPSED
from compliance.domain.registers.events import EVENTS, Event
from compliance.domain.registers.parts.dues import Due
from compliance.domain.terms.durations import Duration, after
from compliance.domain.terms.references import StandardName
from compliance.domain.terms.verdicts import Flag, Renewal, Verdict
from compliance.problems import counted

_NAMED = 2
_TODO = {Verdict.STALE: "File a new one", Verdict.MISSED: "File what was due", Verdict.DUE: "File it"}


def renewals(ledger: Ledger, assessments: Iterable[Assessment], on: date, within: Duration) -> tuple[Due, ...]:
    """Everything due, or to be begun, by `on` plus `within`, overdue first, then by date.

    What another scope carries for one of these is listed for it too, marked; but once only, where both are asked about.
    Nothing falls due in a scope after its end.
    """
    last = after(on, within)
    rows = joined(ledger, dues_of_registers(ledger, on, last))
    evidence = {item.id: item for item in ledger.evidence}
    events = {event.id: event for event in ledger.of(EVENTS)}
    assessments = tuple(assessments)
    assessed = {assessment.scope for assessment in assessments}
    for assessment in assessments:
        rows += _of_evidence(assessment, evidence, events, _from(ledger, assessment.scope), assessed)
        rows += _of_exclusions(ledger, assessment)
        rows += _of_ending_givers(ledger, assessment)
    rows = [row for row in rows if not is_past_the_end(ledger, row.scope, row.due, on)]
    return tuple(
        sorted(
            (row for row in rows if min(row.due, row.begin or row.due) <= last),
            key=lambda row: (row.due, row.kind.value, row.what, row.scope, row.subject),
        )
    )


Givers = Mapping[tuple[StandardName, str], str]
"""The scopes that meet controls for another one, by standard and control."""
Entry = tuple[StandardAssessment, ControlAssessment, ExpectationAssessment, Renewal]


def _from(ledger: Ledger, scope: str) -> Givers:
    return {control: inheritance.scope for control, inheritance in givers(ledger, scope).items() if inheritance.scope}


def _of_evidence(
    assessment: Assessment,
    evidence: Mapping[str, Evidence],
    events: Mapping[str, Event],
    from_: Givers,
    assessed: Collection[str],
) -> Iterator[Due]:
    """Evidence that lapses or is overdue, one row for each piece and day, however many controls it serves."""
    rows: dict[tuple[str, str, str, date, str, str], list[Entry]] = {}
    for standard in assessment.standards:
        for control in standard.controls:
            for expectation in control.expectations if control.counts else ():
                giver = from_.get((standard.standard, control.id), "") if is_inherited(expectation) else ""
                if not expectation.binding or giver in assessed:
                    continue
                for renewal in told_apart(expectation.judgement).renewals:
                    key = renewal.evidence or f"{standard.standard}:{control.id}#{expectation.id}"
                    verdict = renewal.verdict or expectation.judgement.verdict
                    row = (key, renewal.of, renewal.event, renewal.day, verdict.value, giver)
                    rows.setdefault(row, []).append((standard, control, expectation, renewal))
    for (key, of, event_id, day, _, giver), entries in rows.items():
        standard, control, expectation, renewal = entries[0]
        item = evidence.get(key)
        controls = tuple(dict.fromkeys(f"{entry[0].standard.id}:{entry[1].id}" for entry in entries))
        what = item.title if item else f"{standard.standard.id}:{control.id} {control.title}"
        what = f"{what}, {of}" if of else what
        todo = f"{_deed(renewal, assessment.on)} for {_named(controls)}: {renewal.reason}"
        if event_id:
            what = f"{_event_words(of, events.get(event_id), day)}: {expectation.what or control.title}"
        yield Due(
            due=day,
            kind=EVIDENCE,
            what=f"{what} (inherited from {giver})" if giver else what,
            todo=f"For {giver} to do: {todo}" if giver else todo,
            expects=expectation.what,
            scope=assessment.scope,
            standards=tuple(dict.fromkeys(str(entry[0].standard) for entry in entries)),
            subject=key,
            controls=controls,
            owner=item.owner if item else "",
            command=f"compliance evidence add FILE -c {controls[0]}#{expectation.id} --per event={event_id}"
            if event_id
            else msgspec.UNSET,
        )


def _event_words(words: str, event: Event | None, day: date) -> str:
    """An event as its row names it: “starter (Officer, revenues)”, with its day where that is not the row's."""
    if event and event.date == day and words.startswith("the "):
        words = event.type.replace("-", " ")
    return f"{words.removeprefix('the ')}{f' ({event.title})' if event and event.title else ''}"


def _deed(renewal: Renewal, on: date) -> str:
    if renewal.recorded and renewal.verdict is Verdict.MISSED:
        return "Record what happened, or that nothing did,"
    if renewal.recorded:
        return "Record the next, or that there was none,"
    if renewal.verdict is Verdict.MISSED and renewal.day >= on:
        return "File the next"  # a hole in the past cannot be mended, but the next must not be missed
    return _TODO.get(renewal.verdict or Verdict.EVIDENCED, "Renew it")


def _named(controls: tuple[str, ...]) -> str:
    more = len(controls) - _NAMED
    return ", ".join(controls[:_NAMED]) + (f" and {more} more" if more > 0 else "")


def _of_ending_givers(ledger: Ledger, assessment: Assessment) -> Iterator[Due]:
    """The scopes that meet controls for one of these and will end: the day after, somebody else must."""
    heir = ledger.settings.scope(assessment.scope)
    from_ = _from(ledger, assessment.scope)
    carried: dict[str, list[tuple[StandardAssessment, ControlAssessment]]] = {}
    for standard in assessment.standards:
        for control in standard.controls if assessment.ended is None else ():
            if control.flag is Flag.INHERITED and (standard.standard, control.id) in from_:
                carried.setdefault(from_[standard.standard, control.id], []).append((standard, control))
    for giver, entries in carried.items():
        scope = ledger.settings.scope(giver)
        if scope is None or scope.end is None or (heir and heir.end and heir.end <= scope.end):
            continue
        controls = tuple(f"{standard.standard.id}:{control.id}" for standard, control in entries)
        yield Due(
            due=scope.end,
            kind=EVIDENCE,
            what=f"{giver} ends, which meets {counted(len(controls), 'control')} for {assessment.scope}",
            todo=f"Say who meets {_named(controls)} from then on, or file evidence here",
            scope=assessment.scope,
            standards=tuple(dict.fromkeys(str(standard.standard) for standard, _ in entries)),
            subject=giver,
            controls=controls,
            command=f"compliance applicability inherit {controls[0]} --scope {assessment.scope} --from-scope SCOPE",
        )


def _of_exclusions(ledger: Ledger, assessment: Assessment) -> Iterator[Due]:
    """The exclusions in force, and those that have lapsed, by the day of their review."""
    for soa in ledger.of(APPLICABILITY):
        excluded = {
            control.id
            for standard in assessment.standards
            if standard.standard.id == soa.standard.id and soa.standard.version in {"", standard.standard.version}
            for control in standard.controls
            if control.flag is Flag.EXCLUDED or any(reason.kind is EXCLUSION_LAPSED for reason in control.reasons)
        }
        for statement in soa.controls if soa.scope == assessment.scope else ():
            if not statement.applies and statement.review and statement.control in excluded:
                yield Due(
                    due=statement.review,
                    kind=EXCLUSION,
                    what=f"{soa.standard.id}:{statement.control}: exclusion to be reviewed",
                    todo=f"Confirm or end the exclusion: {statement.reason}",
                    scope=soa.scope,
                    standards=(str(soa.standard),),
                    subject=soa.id,
                    controls=(f"{soa.standard.id}:{statement.control}",),
                )
