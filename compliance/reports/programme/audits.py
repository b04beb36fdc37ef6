"""Audits for the programme report: planned and held, what their auditors still ask for, and which comes next."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

import msgspec

from compliance.domain.registers.accreditations import AUDIT
from compliance.domain.registers.audits import AUDITS, Audit, AuditState, RequestState
from compliance.domain.registers.parts.dues import Due
from compliance.reports.programme.outlook import Outlook, State
from compliance.reports.registers.audits import findings_of

_GROUPS = {
    AuditState.PLANNED: "due",
    AuditState.UNDER_WAY: "lapsing",
    AuditState.UNRECORDED: "gap",
    AuditState.HELD: "evidenced",
}


class RequestRow(msgspec.Struct, frozen=True, kw_only=True):
    """A request that is not answered yet."""

    number: str
    audit: str
    text: str
    due: date
    stands: State
    owner: str


class AuditRow(msgspec.Struct, frozen=True, kw_only=True):
    """An audit with how much was asked for and found."""

    id: str
    title: str
    type: str
    on: date
    until: date | None
    stands: State
    body: str
    standards: tuple[str, ...]
    scopes: tuple[str, ...]
    outcome: str
    requests: int
    open_requests: int
    findings: int
    open_findings: int


class Next(msgspec.Struct, frozen=True):
    """The audit that comes next, or is under way: its first day or the last day for it, and what it is."""

    on: date
    what: str
    agreed: bool
    """Whether there is a day for it; else `on` is the last one that its scheme allows."""


def audits(outlook: Outlook) -> tuple[AuditRow, ...]:
    """What is to come or not recorded as held, soonest first; then what was held within a year, newest first.

    An audit held before that stays while something asked for in it is open.
    """
    listed = [audit for audit in outlook.ledger.of(AUDITS) if not _is_past(outlook, audit)]
    ahead = [audit for audit in listed if not _is_held(outlook, audit)]
    past = [audit for audit in listed if _is_held(outlook, audit)]
    ahead.sort(key=lambda audit: (audit.on, audit.id))
    past.sort(key=lambda audit: (-audit.on.toordinal(), audit.id))
    return tuple(_row(outlook, audit) for audit in [*ahead, *past])


def requests(outlook: Outlook) -> tuple[RequestRow, ...]:
    """What auditors ask for and nobody has given or declined, soonest first."""
    rows = [
        RequestRow(
            number=request.id,
            audit=audit.title,
            text=request.text,
            due=audit.due(request, outlook.on),
            stands=_request(audit.request_state(request, outlook.on)),
            owner=request.owner or audit.owner,
        )
        for audit in outlook.ledger.of(AUDITS)
        for request in audit.open_requests
    ]
    return tuple(sorted(rows, key=lambda row: (row.due, row.audit, row.number)))


def next_audit(outlook: Outlook, renewals: Sequence[Due]) -> Next | None:
    """The audit that is under way or comes next, by the audits register or by what a scheme wants."""
    coming = {AuditState.PLANNED, AuditState.UNDER_WAY}
    candidates = [
        Next(audit.on, f"{_type(audit)}: {audit.title}", agreed=True)
        for audit in outlook.ledger.of(AUDITS)
        if audit.state_on(outlook.on) in coming
    ]
    audit_ids = {audit.id for audit in outlook.ledger.of(AUDITS)}
    candidates += [
        Next(due.planned or due.due, due.what, agreed=due.planned is not None)
        for due in renewals
        if due.kind == AUDIT and due.subject not in audit_ids and (due.planned or due.due) >= outlook.on
    ]
    return min(candidates, key=lambda candidate: (candidate.on, not candidate.agreed), default=None)


def _is_held(outlook: Outlook, audit: Audit) -> bool:
    return audit.state_on(outlook.on) is AuditState.HELD


def _is_past(outlook: Outlook, audit: Audit) -> bool:
    return _is_held(outlook, audit) and audit.last <= outlook.year_ago and not audit.open_requests


def _row(outlook: Outlook, audit: Audit) -> AuditRow:
    state, findings = audit.state_on(outlook.on), findings_of(outlook.ledger, audit, outlook.on)
    return AuditRow(
        id=audit.id,
        title=audit.title,
        type=_type(audit),
        on=audit.on,
        until=audit.until if audit.until != audit.on else None,
        stands=State(state.value, _GROUPS[state]),
        body=audit.body,
        standards=tuple(str(standard) for standard in audit.standards),
        scopes=audit.scope,
        outcome=audit.outcome if state is AuditState.HELD else "",
        requests=len(audit.requests),
        open_requests=len(audit.open_requests),
        findings=len(findings),
        open_findings=sum(finding.open_on(outlook.on) for finding in findings),
    )


def _type(audit: Audit) -> str:
    return audit.type.value.replace("-", " ")


def _request(state: RequestState) -> State:
    return State(state.value, "gap" if state is RequestState.OVERDUE else "due")
