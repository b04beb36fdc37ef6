"""Findings and actions for the programme report: what is open, how far its day has moved, what waits for a check."""

from __future__ import annotations

from datetime import date

import msgspec

from compliance.domain.ledger.ledger import Ledger
from compliance.domain.registers.actions import ACTIONS, Action
from compliance.domain.registers.audits import AUDITS
from compliance.domain.registers.findings import FINDINGS, Finding, FindingType
from compliance.domain.registers.parts.promises import Promises, days_slipped, times_moved
from compliance.domain.registers.parts.remedies import FixState, state_on
from compliance.problems import counted
from compliance.reports.programme.outlook import Outlook, State

_GRAVEST = (
    FindingType.MAJOR,
    FindingType.CRITICAL,
    FindingType.HIGH,
    FindingType.MINOR,
    FindingType.MEDIUM,
    FindingType.LOW,
    FindingType.OBSERVATION,
    FindingType.OPPORTUNITY,
)
"""An auditor's words and a scanner's bands in one order."""


class Slip(msgspec.Struct, frozen=True, kw_only=True):
    """What was promised first and what is promised now, how far and how often that moved, and why it last did."""

    first: date | None
    now: date | None
    days: str
    times: str
    reason: str


class FindingRow(msgspec.Struct, frozen=True, kw_only=True):
    """A finding that is open, or was closed and waits for a look at whether that worked."""

    id: str
    title: str
    type: str
    is_major: bool
    stands: State
    raised: date
    slip: Slip
    controls: tuple[str, ...]
    owner: str
    source: str
    """The audit that raised it, or else what brought it to light."""


class ActionRow(msgspec.Struct, frozen=True, kw_only=True):
    """An action that is open; `serves` are the findings and risks it is about."""

    id: str
    title: str
    stands: State
    slip: Slip
    serves: tuple[str, ...]
    controls: tuple[str, ...]
    owner: str


class ClosedRow(msgspec.Struct, frozen=True, kw_only=True):
    """A finding or an action that is closed, and whose effect somebody is still to look at."""

    id: str
    title: str
    what: str
    closed: date
    evidence: tuple[str, ...]
    due: date
    stands: State
    owner: str


def findings(outlook: Outlook) -> tuple[FindingRow, ...]:
    """The findings that are open on the day, the gravest first."""
    open_findings = [finding for finding in outlook.ledger.of(FINDINGS) if finding.open_on(outlook.on)]
    open_findings.sort(key=lambda finding: (_GRAVEST.index(finding.type), finding.due or date.max, finding.id))
    return tuple(
        FindingRow(
            id=finding.id,
            title=finding.title,
            type=finding.type.value,
            is_major=finding.type is FindingType.MAJOR,
            stands=stands(finding, outlook.on),
            raised=finding.raised,
            slip=slip(finding.promised),
            controls=tuple(str(control) for control in finding.controls),
            owner=finding.owner,
            source=_source(outlook.ledger, finding),
        )
        for finding in open_findings
    )


def actions(outlook: Outlook) -> tuple[ActionRow, ...]:
    """The actions that are still to do on the day, soonest first."""
    open_actions = [action for action in outlook.ledger.of(ACTIONS) if action.open_on(outlook.on)]
    open_actions.sort(key=lambda action: (action.due or date.max, action.id))
    return tuple(
        ActionRow(
            id=action.id,
            title=action.title,
            stands=stands(action, outlook.on),
            slip=slip(action.promised),
            serves=(*action.findings, *action.risks),
            controls=tuple(str(control) for control in action.controls),
            owner=action.owner,
        )
        for action in open_actions
    )


def to_be_checked(outlook: Outlook) -> tuple[ClosedRow, ...]:
    """What is closed and waits for a look at whether it worked, however long ago it was closed; soonest first."""
    records: list[Finding | Action] = [*outlook.ledger.of(FINDINGS), *outlook.ledger.of(ACTIONS)]
    rows = [
        ClosedRow(
            id=record.id,
            title=record.title,
            what=f"{record.type.value} finding" if isinstance(record, Finding) else "action",
            closed=record.closed.on,
            evidence=record.closed.evidence,
            due=record.check.due,
            stands=State("check overdue", "gap")
            if record.check.due < outlook.on
            else State("to be checked", "lapsing"),
            owner=record.owner,
        )
        for record in records
        if record.closed and record.check and state_on(record, outlook.on) is FixState.TO_BE_CHECKED
    ]
    return tuple(sorted(rows, key=lambda row: (row.due, row.id)))


def closed_last_year(outlook: Outlook) -> int:
    """How many findings were closed within the last year, and are closed on the day."""
    closed = [
        finding.closed.on
        for finding in outlook.ledger.of(FINDINGS)
        if finding.closed and not finding.open_on(outlook.on)
    ]
    return sum(outlook.in_last_year(day) for day in closed)


def stands(record: Finding | Action, on: date) -> State:
    """How something that is open stands on a day."""
    state = state_on(record, on)
    return State(state.value, "due" if state is FixState.OPEN else "gap")


def slip(promised: Promises) -> Slip:
    """How far a promise has moved, in words; a dash where it never did."""
    moved, late = times_moved(promised), days_slipped(promised)
    words = f"{counted(abs(late), 'day')} {'later' if late > 0 else 'sooner'}" if late else "same day again"
    return Slip(
        first=promised[0].due if promised else None,
        now=promised[-1].due if promised else None,
        days=words if moved else "–",
        times=counted(moved, "time") if moved else "–",
        reason=promised[-1].reason if moved else "",
    )


def _source(ledger: Ledger, finding: Finding) -> str:
    audit = next((record for record in ledger.of(AUDITS) if record.id == finding.audit), None)
    if audit:
        return audit.title
    return finding.audit or (finding.found_by.value.replace("-", " ") if finding.found_by else "")
