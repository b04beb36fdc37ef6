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
from compliance.reports.parts.answers import Answer
from compliance.reports.parts.terminal import table
from compliance.reports.parts.wording import days
from compliance.reports.registers import registers
from compliance.store.records.records import plain_of

Asked = Sequence[tuple[Audit, Request]]
"""Requests, each with the audit that it is of."""


def findings_of(ledger: Ledger, audit: Audit, on: date) -> list[Finding]:
    """What an audit found, as known on a day, open ones first."""
    found = [one for one in ledger.of(FINDINGS) if one.audit == audit.id and one.raised <= on]
    return sorted(found, key=lambda one: (not one.open_on(on), one.due or date.max, one.id))


def actions_of(ledger: Ledger, findings: Sequence[Finding], on: date) -> list[Action]:
    """What is still to do about findings, soonest first."""
    ids = {one.id for one in findings}
    found = [one for one in ledger.of(ACTIONS) if one.open_on(on) and not ids.isdisjoint(one.findings)]
    return sorted(found, key=lambda one: (one.due or date.max, one.id))


def as_text(ledger: Ledger, audit: Audit, on: date, facts: Mapping[str, str], width: int) -> str:
    """One audit for a terminal. Its requests are a table at the end, not fields among the others."""
    bare = msgspec.structs.replace(audit, requests=())
    parts = [registers.as_text(bare, "", facts, width)]
    if audit.requests:
        parts.append(_requests([(audit, one) for one in audit.requests], on, width, several=False))
    findings = findings_of(ledger, audit, on)
    if findings:
        rows = [
            (one.id, one.type.value, str(one.due or "–"), "open" if one.open_on(on) else "closed", one.title)
            for one in findings
        ]
        parts.append(table(("Finding", "Type", "Due", "State", "What was found"), rows, width, flexible=4))
    actions = actions_of(ledger, findings, on)
    if actions:
        done = [(one.id, str(one.due or "–"), ", ".join(one.findings), one.title) for one in actions]
        parts.append(table(("Action", "Due", "For", "What is to be done"), done, width, flexible=3))
    return "\n\n".join(parts)


def more_as_plain(ledger: Ledger, audit: Audit, on: date) -> dict[str, Any]:
    """What belongs to an audit beside its own fields, for JSON: its requests with their state, findings, actions."""
    findings = findings_of(ledger, audit, on)
    return {
        "requests": [_plain(audit, one, on) for one in audit.requests],
        "findings": [{**_named(one), "type": one.type.value, "open": one.open_on(on)} for one in findings],
        "actions": [{**_named(one), "findings": list(one.findings)} for one in actions_of(ledger, findings, on)],
    }


def requests_as_text(asked: Asked, on: date, width: int, every: bool) -> str:
    """Requests of any audits for a terminal."""
    if not asked:
        return "No request to show." if every else "No request is open."
    return _requests(asked, on, width, several=True)


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


def requests_view(asked: Asked, on: date) -> RequestList:
    """Requests of any audits as `--json` has them."""
    return RequestList(requests=tuple(_view(audit, request, on) for audit, request in asked))


def _view(audit: Audit, request: Request, on: date) -> RequestView:
    fields = msgspec.structs.asdict(request) | {
        "controls": tuple(str(control) for control in request.controls),
        "due": audit.due(request, on),
    }
    return RequestView(audit=audit.id, **fields, state=audit.request_state(request, on).value)


def _requests(asked: Asked, on: date, width: int, several: bool) -> str:
    rows = []
    for audit, one in asked:
        due = audit.due(one, on)
        given = ", ".join(one.answered) or one.declined
        more = [
            f"{audit.id}  {audit.title}" if several else "",
            ", ".join(str(control) for control in one.controls),
            one.owner or (audit.owner if several else ""),
            f"→ {given}" if given else "",
            one.note,
        ]
        when = days((due - on).days) if one.open else ""
        row = (one.id, str(due), when, audit.request_state(one, on).value, "\n".join([one.text, *filter(None, more)]))
        rows.append(row)
    return table(("No.", "Due", "When", "State", "Asked for"), rows, width, flexible=4)


def _plain(audit: Audit, one: Request, on: date) -> dict[str, Any]:
    plain = {key: str(value) if isinstance(value, date) else value for key, value in plain_of(one).items()}
    return {**plain, "due": str(audit.due(one, on)), "state": audit.request_state(one, on).value}


def _named(one: Finding | Action) -> dict[str, Any]:
    return {"id": one.id, "title": one.title, "due": str(one.due) if one.due else None, "owner": one.owner}
