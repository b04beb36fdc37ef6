"""What the registers want done by when: actions, findings, checks of effect, risks, deadlines, audits and requests."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date
from typing import Any

import msgspec

from compliance.domain.assessment.provision import assured_until, matrix_look
from compliance.domain.ledger.ledger import Ledger
from compliance.domain.registers.actions import ACTIONS, Action
from compliance.domain.registers.audits import AUDITS, Audit, AuditState
from compliance.domain.registers.deadlines import DEADLINES, Deadline
from compliance.domain.registers.findings import FINDINGS, Finding
from compliance.domain.registers.measures import MEASURES, Measure
from compliance.domain.registers.parts.dues import Due, DueKind
from compliance.domain.registers.parts.promises import Promises, days_slipped, times_moved
from compliance.domain.registers.providers import PROVIDERS, Provider
from compliance.domain.registers.risks import RISKS, Risk, beyond_appetite
from compliance.domain.terms.durations import after
from compliance.domain.terms.periods import Period, name_of


def dues_of_registers(ledger: Ledger, on: date, last: date) -> Iterator[Due]:
    """Everything that is open on a day, once for each scope that it touches; without a scope, for the first listed.

    What recurs is listed up to a last day.
    """
    for finding in ledger.of(FINDINGS):
        yield from _each_scope(ledger, finding.scope, _of_finding(finding, on))
    for action in ledger.of(ACTIONS):
        yield from _each_scope(ledger, action.scope, _of_action(action, on))
    for risk in ledger.of(RISKS):
        yield from _each_scope(ledger, risk.scope, _of_risk(ledger, risk, on))
    for deadline in ledger.of(DEADLINES):
        yield from _each_scope(ledger, deadline.scope, _of_deadline(ledger, deadline, on, last))
    for measure in ledger.of(MEASURES):
        yield from _each_scope(ledger, measure.scope, _of_measure(ledger, measure, on))
    for provider in ledger.of(PROVIDERS):
        yield from _each_scope(ledger, (), _of_provider(ledger, provider))
    for audit in ledger.of(AUDITS):
        yield from _each_scope(ledger, audit.scope, _of_audit(audit, on))


def _each_scope(ledger: Ledger, scopes: tuple[str, ...], several: Iterable[Due]) -> Iterator[Due]:
    for one in several:
        for scope in scopes or (ledger.settings.default_scope,):
            yield msgspec.structs.replace(one, scope=scope)


def slippage(promised: Promises) -> str:
    """How far a promise has moved, in words; empty if it never did."""
    moved = times_moved(promised)
    if not moved:
        return ""
    slipped = days_slipped(promised)
    how = f"{slipped} days later" if slipped > 0 else f"{-slipped} days sooner" if slipped else "to the same day again"
    often = {1: "once", 2: "twice"}.get(moved, f"{moved} times")
    return f"first promised for {promised[0].due}, moved {often}, {how}{' in all' if moved > 1 and slipped else ''}"


def _due(record: Any, kind: DueKind, day: date, what: str, todo: str, **more: Any) -> Due:
    """One thing due of a register's record; `more` are fields of a Due that the record itself does not give."""
    controls = tuple(str(one) for one in getattr(record, "controls", ()))
    said = {"scope": "", "subject": record.id, "controls": controls, "owner": record.owner, **more}
    return Due(due=day, kind=kind, what=what, todo=todo, **said)


def _of_finding(finding: Finding, on: date) -> Iterator[Due]:
    if finding.open_on(on) and finding.due:
        moved = slippage(finding.promised)
        todo = f"Close it with evidence{f' ({moved})' if moved else ''}"
        yield _due(finding, DueKind.FINDING, finding.due, f"{finding.type.value}: {finding.title}", todo)
    yield from _of_check(finding, DueKind.FINDING, on)


def _of_action(action: Action, on: date) -> Iterator[Due]:
    if action.open_on(on) and action.due:
        moved = slippage(action.promised)
        todo = f"Finish it, and file what shows it{f' ({moved})' if moved else ''}"
        yield _due(action, DueKind.ACTION, action.due, action.title, todo)
    yield from _of_check(action, DueKind.ACTION, on)


def _of_check(record: Finding | Action, kind: DueKind, on: date) -> Iterator[Due]:
    """Once closed, somebody looks whether it worked."""
    closed = record.closed is not None and record.closed.on <= on
    if closed and record.check and (record.check.on is None or record.check.on > on):
        todo = f"Say whether what was done worked: compliance {kind.value} check {record.id}"
        yield _due(record, kind, record.check.due, f"check of effect: {record.title}", todo)


def _of_risk(ledger: Ledger, risk: Risk, on: date) -> Iterator[Due]:
    if not risk.open_on(on):
        return
    if risk.review:
        todo = "Review it: likelihood, impact, and what treats it"
        yield _due(risk, DueKind.RISK, risk.review, f"review: {risk.title}", todo)
    acceptance = risk.acceptance_on(on)
    if acceptance and beyond_appetite(risk, ledger.settings.risk):
        todo = f"Accept it again, or treat it: {acceptance.by} accepted it until {acceptance.until}"
        yield _due(risk, DueKind.RISK, acceptance.until, f"acceptance ends: {risk.title}", todo)


def _of_deadline(ledger: Ledger, deadline: Deadline, on: date, last: date) -> Iterator[Due]:
    """The days that are to come, and one row for all that were missed. What is to be begun by the last day is in it."""
    lead, what = deadline.lead, f"{deadline.kind.value.replace('-', ' ')}: {deadline.title}"
    missed: list[date] = []
    for day in deadline.open_days(after(last, lead, holidays=ledger.holidays) if lead else last):
        if day < on:
            missed.append(day)
            continue
        begin = after(day, lead, -1, ledger.holidays) if lead else None
        if (begin or day) <= last:
            todo = f"{deadline.note or 'See to it'}{f'; begin by {begin}' if begin else ''}"
            yield _due(deadline, DueKind.DEADLINE, day, what, todo, begin=begin)
    if missed:
        often = f"; {len(missed)} of its days have passed, the last on {missed[-1]}" if len(missed) > 1 else ""
        todo = f"{deadline.note or 'See to it'}{often}: compliance deadline done {deadline.id}"
        yield _due(deadline, DueKind.DEADLINE, missed[0], what, todo)


def _of_measure(ledger: Ledger, measure: Measure, on: date) -> Iterator[Due]:
    """The slots that lack their figure, and the one that runs; one row for all that are overdue."""
    known = {point.slot for point in ledger.points.get(measure.id, ())}
    wanted = [slot for slot in measure.slots(on) if slot.end >= on or slot not in known]
    late = [slot for slot in wanted if slot.end < on and measure.due(slot) < on]
    if len(late) > 1:
        what = f"{measure.title}, {len(late)} figures missing"
        todo = f"Record each that is missing from {name_of(late[0])} to {name_of(late[-1])}: {_set(measure, late[0])}"
        yield _due(measure, DueKind.MEASURE, measure.due(late[0]), what, todo)
    for slot in wanted[len(late) if len(late) > 1 else 0 :]:
        what, todo = f"{measure.title}, {name_of(slot)}", f"Record it: {_set(measure, slot)}"
        yield _due(measure, DueKind.MEASURE, measure.due(slot), what, todo)


def _set(measure: Measure, slot: Period) -> str:
    return f"compliance measure set {measure.id} {name_of(slot)} …"


def _of_provider(ledger: Ledger, provider: Provider) -> Iterator[Due]:
    until = assured_until(ledger, provider)
    if until:
        todo = f"File the new one, and name it: compliance provider assure {provider.id} E-… --service …"
        yield _due(provider, DueKind.PROVIDER, until, f"{provider.name}: certificate or attestation ends", todo)
    look = matrix_look(ledger, provider)
    if look:
        todo = f"See that it still holds, and name the new one: compliance provider matrix {provider.id} E-…"
        yield _due(provider, DueKind.PROVIDER, look, f"{provider.name}: responsibility matrix to be gone over", todo)


def _of_audit(audit: Audit, on: date) -> Iterator[Due]:
    standards = tuple(str(one) for one in audit.standards)
    state = audit.state_on(on)
    if state is not AuditState.HELD:
        by = f" by {audit.body}" if audit.body else ""
        todo = f"Be ready for the audit{by}: compliance gaps --for-audit {audit.id}"
        if state is AuditState.UNRECORDED:
            todo = f"Record that it was held, or its new day: compliance audit hold {audit.id}"
        what = f"{audit.type.value.replace('-', ' ')}: {audit.title}"
        yield _due(audit, DueKind.AUDIT, audit.on, what, todo, standards=standards, planned=audit.on)
    for request in audit.requests:
        if request.open:
            number = f'"{request.id}"' if " " in request.id else request.id
            yield _due(
                audit,
                DueKind.REQUEST,
                audit.due(request, on),
                f"{audit.title}: request {request.id}: {request.text}",
                f"Answer it: compliance audit request answer {audit.id} {number} E-…",
                standards=standards,
                controls=tuple(str(one) for one in request.controls),
                owner=request.owner or audit.owner,
            )
