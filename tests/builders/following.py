"""What a ledger is once everything that a plan says is done on the days that it says."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import date

from compliance.domain.assessment.assess import Assessor
from compliance.domain.ledger.approval import parts, stamp
from compliance.domain.ledger.control_index import ControlIndex
from compliance.domain.ledger.ledger import Ledger
from compliance.domain.ledger.records import Decision, Evidence, Outcome
from compliance.domain.planning.open_gaps import deadline
from compliance.domain.planning.planning import Plan, PlanStep
from compliance.domain.planning.scheduling import Task
from compliance.domain.registers.events import Event
from compliance.domain.terms.moments import Moment
from compliance.domain.terms.vocabulary import Attribution, Kind, Result

from .ledgers import HORIZON, OFFICER, REVIEWER, altered


def following(ledger: Ledger, plan: Plan, today: date) -> Ledger:
    """The ledger with what the plan says done, but for what is answered: pieces pass, approvals are another's."""
    return done(done(ledger, plan.pieces, today, "P"), plan.onward, today, "Q")


def done(ledger: Ledger, steps: Sequence[PlanStep], today: date, letter: str) -> Ledger:
    """The ledger with some steps taken; what is filed for them has the letter in its id."""
    evidence = {item.id: item for item in ledger.evidence}
    events = list(ledger.events)
    index = ControlIndex(ledger)
    for number, step in enumerate(steps):
        day = today if step.by == date.max else step.by
        scopes = tuple(sorted({gap.scope for gap in step.closes}))
        match step.task:
            case Task.FILE | Task.RENEW:
                item = _piece(f"E-{letter}{number:07}", step, day, scopes)
                evidence[item.id] = _approved(item, index) if step.approval else item
            case Task.DATE:
                evidence[step.subject] = altered(evidence[step.subject], date=today)
            case Task.STATE:
                events.append(
                    Event(
                        id=f"V-{letter}{number}",
                        type=step.subject,
                        date=day,
                        scope=scopes,
                        nil=True,
                        period=step.period,
                    )
                )
    for step in steps:
        if step.task is Task.APPROVE:
            evidence[step.subject] = _approved(evidence[step.subject], index)
    return altered(ledger, evidence=tuple(evidence.values()), events=tuple(events))


def gaps_on_deadlines(
    ledger: Ledger, today: date, before: date | None = None
) -> Iterator[tuple[date, str, str, str, str]]:
    """Every expectation that is a gap on the day of its standard's deadline, judged as it will be on that day."""
    for scope in ledger.settings.scopes:
        for use, catalogue in ledger.in_use(scope):
            on = before or deadline(ledger, scope, use, catalogue, today) or today
            assessor = Assessor(ledger, on, on, HORIZON)
            for standard in assessor.assess(scope, frozenset({catalogue.name})).standards:
                for control in standard.controls:
                    for expectation in control.expectations if control.counts else ():
                        if expectation.binding and expectation.judgement.verdict.is_gap:
                            judgement = expectation.judgement
                            named = f"{catalogue.id}:{control.id}#{expectation.id}"
                            yield on, scope.id, named, judgement.verdict.value, judgement.reason


def _piece(id_: str, step: PlanStep, day: date, scopes: Iterable[str]) -> Evidence:
    return Evidence(
        id=id_,
        path=f"evidence/{id_}.pdf",
        title=step.what,
        kind=Kind(step.kind) if step.kind else Kind.RECORD,
        result=Result.PASS,
        date=day,
        controls=tuple(gap.control for gap in step.closes),
        scope=tuple(scopes),
        per=dict(step.per),
        sha256=f"hash of {id_}",
        recorded=Attribution(by=OFFICER, on=day),
    )


def _approved(item: Evidence, index: ControlIndex) -> Evidence:
    digests = parts(item, index.fingerprint_of)
    decision = Decision(
        decision=Outcome.APPROVED, by=REVIEWER, on=Moment(date(2026, 12, 1)), stamp=stamp(digests), parts=digests
    )
    return altered(item, decisions=(*item.decisions, decision))
