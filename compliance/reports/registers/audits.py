"""An audit in full: what was asked for and given, what it found, and the actions that are open about that."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

import msgspec

from compliance.domain.ledger.ledger import Ledger
from compliance.domain.registers.actions import ACTIONS, Action
from compliance.domain.registers.audits import Audit, Request
from compliance.domain.registers.findings import FINDINGS, Finding
from compliance.domain.terms.durations import in_days
from compliance.reports.parts.answers import Answer
from compliance.reports.parts.terminal import table
from compliance.reports.registers import registers
from compliance.store.records.records import plain_of

AuditRequests = Sequence[tuple[Audit, Request]]
"""Requests of auditors, each with the audit in which it was made."""


def findings_of(ledger: Ledger, audit: Audit, on: date) -> list[Finding]:
    """What an audit found, as known on a day, open ones first."""
    findings = [finding for finding in ledger.of(FINDINGS) if finding.audit == audit.id and finding.raised <= on]
    return sorted(findings, key=lambda finding: (not finding.open_on(on), finding.due or date.max, finding.id))


def actions_of(ledger: Ledger, findings: Sequence[Finding], on: date) -> list[Action]:
    """What is still to do about findings, soonest first."""
    ids = {finding.id for finding in findings}
    actions = [action for action in ledger.of(ACTIONS) if action.open_on(on) and not ids.isdisjoint(action.findings)]
    return sorted(actions, key=lambda action: (action.due or date.max, action.id))


def as_text(ledger: Ledger, audit: Audit, on: date, facts: Mapping[str, str], width: int) -> str:
    """One audit for a terminal. Its requests are a table at the end, not fields among the others."""
    bare = msgspec.structs.replace(audit, requests=())
    parts = [registers.as_text(bare, facts, width)]
    if audit.requests:
        parts.append(_requests([(audit, request) for request in audit.requests], on, width, with_audit=False))
    findings = findings_of(ledger, audit, on)
    if findings:
        rows = [
            (
                finding.id,
                finding.type.value,
                str(finding.due or "–"),
                "open" if finding.open_on(on) else "closed",
                finding.title,
            )
            for finding in findings
        ]
        parts.append(table(("Finding", "Type", "Due", "State", "What was found"), rows, width, flexible=4))
    actions = actions_of(ledger, findings, on)
    if actions:
        action_rows = [
            (action.id, str(action.due or "–"), ", ".join(action.findings), action.title) for action in actions
        ]
        parts.append(table(("Action", "Due", "For", "What is to be done"), action_rows, width, flexible=3))
    return "\n\n".join(parts)


class AuditFinding(msgspec.Struct, frozen=True):
    """What an audit found, in brief."""

    id: str
    title: str
    due: date | None
    owner: str
    type: str
    open: bool


class AuditAction(msgspec.Struct, frozen=True):
    """What is still to do about findings of an audit, in brief; `findings` are the ids of those that it puts right."""

    id: str
    title: str
    due: date | None
    owner: str
    findings: tuple[str, ...]


class AuditDetails(msgspec.Struct, frozen=True):
    """What belongs to an audit beside its own fields; a request is as in the file, with its day and its state."""

    requests: tuple[dict[str, Any], ...]
    findings: tuple[AuditFinding, ...]
    actions: tuple[AuditAction, ...]


def details(ledger: Ledger, audit: Audit, on: date) -> dict[str, Any]:
    """The requests of an audit with their state, its findings and their open actions, as `--json` adds them."""
    findings = findings_of(ledger, audit, on)
    brief = AuditDetails(
        requests=tuple(_request_fields(audit, request, on) for request in audit.requests),
        findings=tuple(
            AuditFinding(finding.id, finding.title, finding.due, finding.owner, finding.type.value, finding.open_on(on))
            for finding in findings
        ),
        actions=tuple(
            AuditAction(action.id, action.title, action.due, action.owner, action.findings)
            for action in actions_of(ledger, findings, on)
        ),
    )
    plain: dict[str, Any] = msgspec.to_builtins(brief)
    return plain


def requests_as_text(requests: AuditRequests, on: date, width: int, every: bool) -> str:
    """Requests of any audits for a terminal."""
    if not requests:
        return "No request to show." if every else "No request is open."
    return _requests(requests, on, width, with_audit=True)


class RequestView(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What an auditor asks for, by which day, and how it stands; a field that says nothing is left out."""

    audit: str
    id: str
    text: str
    controls: tuple[str, ...] = ()
    due: date
    owner: str = ""
    answered: tuple[str, ...] = ()
    declined: str = ""
    note: str = ""
    state: str


class RequestList(Answer, frozen=True, kw_only=True):
    """Requests of audits, soonest first."""

    requests: tuple[RequestView, ...]


def requests_view(asked: AuditRequests, on: date) -> RequestList:
    """Requests of any audits as `--json` has them."""
    return RequestList(requests=tuple(_view(audit, request, on) for audit, request in asked))


def _view(audit: Audit, request: Request, on: date) -> RequestView:
    fields = msgspec.structs.asdict(request) | {
        "controls": tuple(str(control) for control in request.controls),
        "due": audit.due(request, on),
    }
    return RequestView(audit=audit.id, **fields, state=audit.request_state(request, on).value)


def _requests(requests: AuditRequests, on: date, width: int, with_audit: bool) -> str:
    rows = []
    for audit, request in requests:
        due = audit.due(request, on)
        response = ", ".join(request.answered) or request.declined
        more = [
            f"{audit.id}  {audit.title}" if with_audit else "",
            ", ".join(str(control) for control in request.controls),
            request.owner or (audit.owner if with_audit else ""),
            f"→ {response}" if response else "",
            request.note,
        ]
        when = in_days((due - on).days) if request.open else ""
        row = (
            request.id,
            str(due),
            when,
            audit.request_state(request, on).value,
            "\n".join([request.text, *filter(None, more)]),
        )
        rows.append(row)
    return table(("No.", "Due", "When", "State", "Asked for"), rows, width, flexible=4)


def _request_fields(audit: Audit, request: Request, on: date) -> dict[str, Any]:
    return {**plain_of(request), "due": audit.due(request, on), "state": audit.request_state(request, on).value}
