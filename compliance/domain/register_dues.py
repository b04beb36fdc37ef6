"""What the registers want done by when: actions, findings, checks of effect, risks, deadlines, audits and requests."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date

import msgspec

from compliance.domain.audits import Audit, AuditState
from compliance.domain.deadlines import Deadline
from compliance.domain.dues import DueKind, Renewal
from compliance.domain.durations import after
from compliance.domain.findings import Action, Finding
from compliance.domain.ledger import Ledger
from compliance.domain.measures import Measure, lacking
from compliance.domain.periods import name_of
from compliance.domain.promises import Promises, days_slipped, times_moved
from compliance.domain.providers import Provider
from compliance.domain.provision import assured_until, matrix_look
from compliance.domain.risks import Risk, beyond_appetite


def dues_of_registers(ledger: Ledger, on: date, last: date) -> Iterator[Renewal]:
    """Everything that is open on a day, once for each scope that it touches; without a scope, for the first listed.

    What recurs is listed up to a last day.
    """
    for finding in ledger.findings:
        yield from _each_scope(ledger, finding.scope, _of_finding(finding, on))
    for action in ledger.actions:
        yield from _each_scope(ledger, action.scope, _of_action(action, on))
    for risk in ledger.risks:
        yield from _each_scope(ledger, risk.scope, _of_risk(ledger, risk, on))
    for deadline in ledger.deadlines:
        yield from _each_scope(ledger, deadline.scope, _of_deadline(deadline, last))
    for measure in ledger.measures:
        yield from _each_scope(ledger, measure.scope, _of_measure(ledger, measure, on))
    for provider in ledger.providers:
        yield from _each_scope(ledger, (), _of_provider(ledger, provider))
    for audit in ledger.audits:
        yield from _each_scope(ledger, audit.scope, _of_audit(audit, on))


def _each_scope(ledger: Ledger, scopes: tuple[str, ...], several: Iterable[Renewal]) -> Iterator[Renewal]:
    for one in several:
        for scope in scopes or (ledger.settings.default_scope,):
            yield msgspec.structs.replace(one, scope=scope)


def slippage(promised: Promises) -> str:
    """How far a promise has moved, in words; empty if it never did."""
    moved = times_moved(promised)
    if not moved:
        return ""
    slipped = days_slipped(promised)
    how = f"{slipped} days late" if slipped > 0 else f"{-slipped} days sooner" if slipped else "to the same day again"
    return f"first promised for {promised[0].due}, moved {moved} time{'' if moved == 1 else 's'}, now {how}"


def _of_finding(finding: Finding, on: date) -> Iterator[Renewal]:
    controls = tuple(str(one) for one in finding.controls)
    if finding.open_on(on) and finding.due:
        moved = slippage(finding.promised)
        yield Renewal(
            due=finding.due,
            kind=DueKind.FINDING,
            what=f"{finding.type.value}: {finding.title}",
            todo=f"Close it with evidence{f' ({moved})' if moved else ''}",
            scope="",
            subject=finding.id,
            controls=controls,
            owner=finding.owner,
        )
    yield from _of_check(finding, finding.title, controls, on)


def _of_action(action: Action, on: date) -> Iterator[Renewal]:
    controls = tuple(str(one) for one in action.controls)
    if action.open_on(on) and action.due:
        moved = slippage(action.promised)
        yield Renewal(
            due=action.due,
            kind=DueKind.ACTION,
            what=action.title,
            todo=f"Finish it, and file what shows it{f' ({moved})' if moved else ''}",
            scope="",
            subject=action.id,
            controls=controls,
            owner=action.owner,
        )
    yield from _of_check(action, action.title, controls, on)


def _of_check(record: Finding | Action, what: str, controls: tuple[str, ...], on: date) -> Iterator[Renewal]:
    """Once closed, somebody looks whether it worked."""
    closed = record.closed is not None and record.closed.on <= on
    if closed and record.check and (record.check.on is None or record.check.on > on):
        yield Renewal(
            due=record.check.due,
            kind=DueKind.ACTION,
            what=what,
            todo="Check whether what was done worked",
            scope="",
            subject=record.id,
            controls=controls,
            owner=record.owner,
        )


def _of_risk(ledger: Ledger, risk: Risk, on: date) -> Iterator[Renewal]:
    if not risk.open_on(on):
        return
    controls = tuple(str(one) for one in risk.controls)
    acceptance = risk.acceptance_on(on)
    if risk.review:
        yield Renewal(
            due=risk.review,
            kind=DueKind.RISK,
            what=risk.title,
            todo="Review it: likelihood, impact, and what treats it",
            scope="",
            subject=risk.id,
            controls=controls,
            owner=risk.owner,
        )
    if acceptance and beyond_appetite(risk, ledger.settings.risk):
        yield Renewal(
            due=acceptance.until,
            kind=DueKind.RISK,
            what=risk.title,
            todo=f"Accept it again, or treat it: {acceptance.by} accepted it until {acceptance.until}",
            scope="",
            subject=risk.id,
            controls=controls,
            owner=risk.owner,
        )


def _of_deadline(deadline: Deadline, last: date) -> Iterator[Renewal]:
    for day in deadline.open_days(last):
        begin = f"; begin by {after(day, deadline.lead, -1)}" if deadline.lead else ""
        yield Renewal(
            due=day,
            kind=DueKind.DEADLINE,
            what=f"{deadline.kind.value.replace('-', ' ')}: {deadline.title}",
            todo=f"{deadline.note or 'See to it'}{begin}",
            scope="",
            subject=deadline.id,
            controls=tuple(str(one) for one in deadline.controls),
            owner=deadline.owner,
        )


def _of_measure(ledger: Ledger, measure: Measure, on: date) -> Iterator[Renewal]:
    """The slots that lack their figure, and the one that runs."""
    points = ledger.points.get(measure.id, ())
    running = [slot for slot in measure.slots(on) if slot.end >= on]
    for slot in (*lacking(measure, points, on), *running):
        yield Renewal(
            due=measure.due(slot),
            kind=DueKind.MEASURE,
            what=f"{measure.title}, {name_of(slot)}",
            todo=f"Record it: compliance measure set {measure.id} {name_of(slot)} …",
            scope="",
            subject=measure.id,
            controls=tuple(str(one) for one in measure.controls),
            owner=measure.owner,
        )


def _of_provider(ledger: Ledger, provider: Provider) -> Iterator[Renewal]:
    until = assured_until(ledger, provider)
    if until:
        yield Renewal(
            due=until,
            kind=DueKind.PROVIDER,
            what=f"{provider.name}: certificate or attestation ends",
            todo=f"File the new one, and name it: compliance provider assure {provider.id} E-… --service …",
            scope="",
            subject=provider.id,
            owner=provider.owner,
        )
    look = matrix_look(ledger, provider)
    if look:
        yield Renewal(
            due=look,
            kind=DueKind.PROVIDER,
            what=f"{provider.name}: responsibility matrix to be gone over",
            todo=f"See that it still holds, and name the new one: compliance provider matrix {provider.id} E-…",
            scope="",
            subject=provider.id,
            owner=provider.owner,
        )


def _of_audit(audit: Audit, on: date) -> Iterator[Renewal]:
    controls = tuple(str(one) for one in audit.controls)
    standards = tuple(str(one) for one in audit.standards)
    state = audit.state_on(on)
    if state is not AuditState.HELD:
        by = f" by {audit.body}" if audit.body else ""
        todo = f"Be ready for the audit{by}: compliance gaps --for-audit {audit.id}"
        if state is AuditState.UNRECORDED:
            todo = f"Record that it was held, or its new day: compliance audit hold {audit.id}"
        yield Renewal(
            due=audit.on,
            kind=DueKind.AUDIT,
            what=f"{audit.type.value.replace('-', ' ')}: {audit.title}",
            todo=todo,
            scope="",
            standards=standards,
            subject=audit.id,
            controls=controls,
            planned=audit.on,
            owner=audit.owner,
        )
    for request in audit.requests:
        if request.open:
            number = f'"{request.id}"' if " " in request.id else request.id
            yield Renewal(
                due=audit.due(request, on),
                kind=DueKind.REQUEST,
                what=f"{audit.title}: request {request.id}: {request.text}",
                todo=f"Answer it: compliance audit request answer {audit.id} {number} E-…",
                scope="",
                standards=standards,
                subject=audit.id,
                controls=tuple(str(one) for one in request.controls),
                owner=request.owner or audit.owner,
            )
