"""The findings register: what audits, tests and scans found wrong."""

from __future__ import annotations

import datetime as dt
import enum
import re
from collections.abc import Iterator, Mapping, Sequence

import msgspec

from compliance.domain.registers.actions import ACTIONS, actions_on
from compliance.domain.registers.parts.dues import Due, DueKind
from compliance.domain.registers.parts.faults import Fault, warning
from compliance.domain.registers.parts.promises import Promises, due_of
from compliance.domain.registers.parts.register import LedgerView, Listing, Register
from compliance.domain.registers.parts.remedies import (
    Attempt,
    Check,
    Closure,
    FixState,
    dues_of_remedied,
    evidence_of_remedied,
    facts_of_remedied,
    inspect_remedied,
    stands,
    state_on,
)
from compliance.domain.terms.references import Reference
from compliance.domain.terms.shapes import Shape
from compliance.domain.terms.verdicts import Reason, ReasonKind
from compliance.domain.terms.vocabulary import Attribution

OPEN_MAJOR = ReasonKind("open-major", Shape.FLAG)
FINDING = DueKind("finding", "Findings", Shape.FLAG)


class FindingType(enum.Enum):
    """How grave a finding is: an auditor's word, or the CVSS band of a scan's result."""

    MAJOR = "major"
    MINOR = "minor"
    OBSERVATION = "observation"
    OPPORTUNITY = "opportunity"
    CRITICAL = "critical"
    HIGH = "high"
    MEDIUM = "medium"
    LOW = "low"


def is_score(text: str) -> bool:
    """Whether a text is a CVSS base score: 0.0 to 10.0, with at most one digit after the point."""
    return re.fullmatch(r"10(\.0)?|\d(\.\d)?", text) is not None


class FoundBy(enum.Enum):
    """What brought a finding to light."""

    INTERNAL_AUDIT = "internal-audit"
    EXTERNAL_AUDIT = "external-audit"
    SURVEILLANCE = "surveillance"
    HEALTH_CHECK = "health-check"
    PENETRATION_TEST = "penetration-test"
    SCAN = "scan"
    INCIDENT = "incident"
    REVIEW = "review"
    OTHER = "other"


class Finding(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """Something an audit, a test or a scan found wrong, and the controls it touches.

    `correction` is what was done at once, `corrective` what keeps it from coming back; `reference` is the number that
    the auditor or the scanner gave it, `target` the system it was found on; `earlier` are closings that did not work.
    """

    id: str
    type: FindingType
    title: str
    raised: dt.date
    found_by: FoundBy | None = None
    audit: str = ""
    reference: str = ""
    target: str = ""
    cvss: str = ""
    controls: tuple[Reference, ...] = ()
    scope: tuple[str, ...] = ()
    owner: str = ""
    description: str = ""
    cause: str = ""
    correction: str = ""
    corrective: str = ""
    promised: Promises = ()
    earlier: tuple[Attempt, ...] = ()
    closed: Closure | None = None
    check: Check | None = None
    recorded: Attribution | None = None

    @property
    def due(self) -> dt.date | None:
        return due_of(self.promised)

    def open_on(self, day: dt.date) -> bool:
        """Whether it stands on a day: raised and not closed, or closed by what has been shown not to work."""
        return stands(self.raised, self.closed, self.check, day)


def inspect(ledger: LedgerView, finding: Finding) -> Iterator[Fault]:
    """What is wrong in a finding: a score that is none, closed without evidence or out of order."""
    yield from inspect_remedied(ledger, finding)
    if finding.cvss and not is_score(finding.cvss):
        hint = "write a number from 0.0 to 10.0, with one digit after the point"
        yield Fault(("cvss",), f"“{finding.cvss}” is no CVSS score", hint)
    if finding.closed and not finding.closed.evidence:
        hint = "name what shows it: “closed: {on: …, evidence: [E-…]}”"
        yield warning(("closed",), "is closed without evidence", hint)


def dues(_ledger: LedgerView, finding: Finding, on: dt.date, _last: dt.date) -> Iterator[Due]:
    """When it is promised to be put right, and when somebody looks whether that worked."""
    what = f"{finding.type.value}: {finding.title}"
    return dues_of_remedied(finding, FINDING, what, "Close it with evidence", on)


def _row(_ledger: LedgerView, finding: Finding, on: dt.date) -> Sequence[str]:
    owner = f"\n{finding.owner}" if finding.owner else ""
    state = state_on(finding, on).value
    return (finding.id, finding.type.value, str(finding.due or "–"), state, f"{finding.title}{owner}")


def _actions_for(ledger: LedgerView, finding: Finding, on: dt.date) -> Mapping[str, object]:
    return actions_on("put right by", (action for action in ledger.of(ACTIONS) if finding.id in action.findings), on)


def reasons(_ledger: LedgerView, finding: Finding, on: dt.date) -> Iterator[Reason]:
    """An open major finding makes its controls a gap."""
    if finding.type is FindingType.MAJOR and finding.open_on(on):
        yield Reason(OPEN_MAJOR, f"{finding.id}, open since {finding.raised}: {finding.title}")


FINDINGS = Register(
    name="finding",
    plural="findings",
    prefix="F",
    place=4,
    summary="What audits, tests and scans found wrong.",
    record=Finding,
    inspect=inspect,
    evidence=evidence_of_remedied,
    listing=Listing(
        headings=("Id", "Type", "Due", "State", "Finding"),
        row=_row,
        order=lambda _ledger, finding, _on: (list(FindingType).index(finding.type), finding.due or dt.date.max),
        is_open=lambda _ledger, finding, on: state_on(finding, on) is not FixState.CLOSED,
        facts=lambda _ledger, finding, on: facts_of_remedied(finding, on),
        details=_actions_for,
    ),
    first_day=lambda finding: finding.raised,
    due_kinds=(FINDING,),
    dues=dues,
    reason_kinds=(OPEN_MAJOR,),
    reasons=reasons,
    names={"audit": "audits"},
)
