"""The findings register: what audits, tests and scans found wrong."""

from __future__ import annotations

import datetime as dt
import enum
import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Annotated

import msgspec

from compliance.domain.registers.actions import ACTIONS, actions_on
from compliance.domain.registers.parts.dues import Due, DueKind, make_due
from compliance.domain.registers.parts.faults import Fault, Path, later_than_commit, warning
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

_CLOSED = frozenset({FixState.CLOSED, FixState.DISMISSED})
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


_OF_AN_AUDIT = frozenset({FindingType.MAJOR, FindingType.MINOR})


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


class DismissedAs(enum.Enum):
    """Why a finding is none that has to be put right."""

    FALSE_POSITIVE = "false-positive"
    ACCEPTED = "accepted"
    DUPLICATE = "duplicate"


class Dismissal(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """That a finding is none, why, who approved that, and until when it is left so; then it is open again."""

    because: DismissedAs
    on: dt.date
    reason: str
    approver: str
    by: str = ""
    expires: Annotated[dt.date | None, msgspec.Meta(description="The last day on which it holds.")] = None
    of: Annotated[str, msgspec.Meta(description="The finding of which it is a duplicate.")] = ""

    def holds(self, day: dt.date) -> bool:
        """Whether it holds on a day."""
        return self.on <= day and (self.expires is None or day <= self.expires)


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
    dismissed: tuple[Dismissal, ...] = ()
    recorded: Attribution | None = None

    @property
    def due(self) -> dt.date | None:
        return due_of(self.promised)

    def open_on(self, day: dt.date) -> bool:
        """Whether it stands on a day: raised and not closed or dismissed, or closed by what was shown not to work."""
        return stands(self.raised, self.closed, self.check, day) and not self.is_dismissed(day)

    def is_dismissed(self, day: dt.date) -> bool:
        """Whether a dismissal holds on a day."""
        return self.dismissal_on(day) is not None

    def dismissal_on(self, day: dt.date) -> Dismissal | None:
        """The dismissal that holds on a day, the latest where there are several; None where none does."""
        return next((dismissal for dismissal in reversed(self.dismissed) if dismissal.holds(day)), None)


def inspect(ledger: LedgerView, finding: Finding) -> Iterator[Fault]:
    """What is wrong in a finding: a score that is none, closed without evidence or out of order."""
    yield from inspect_remedied(ledger, finding)
    if finding.cvss and not is_score(finding.cvss):
        hint = "write a number from 0.0 to 10.0, with one digit after the point"
        yield Fault(("cvss",), f"“{finding.cvss}” is no CVSS score", hint)
    if finding.closed and not finding.closed.evidence:
        hint = "name what shows it: “closed: {on: …, evidence: [E-…]}”"
        yield warning(("closed",), "is closed without evidence", hint)
    for number, dismissal in enumerate(finding.dismissed):
        yield from _dismissal(ledger, finding, dismissal, ("dismissed", number))


def _dismissal(ledger: LedgerView, finding: Finding, dismissal: Dismissal, at: Path) -> Iterator[Fault]:
    """What is wrong in a dismissal: out of order, without an end or a finding where one is needed, or not allowed."""
    yield from later_than_commit(ledger, (*at, "on"), "dismissed on", dismissal.on)
    if dismissal.on < finding.raised:
        sentence = f"is dismissed on {dismissal.on}, before it was raised on {finding.raised}"
        yield Fault((*at, "on"), sentence, "correct one of the two days")
    if dismissal.expires and dismissal.expires < dismissal.on:
        sentence = f"the dismissal of {dismissal.on} ends before that, on {dismissal.expires}"
        yield Fault((*at, "expires"), sentence, "write the last day on which it holds")
    if dismissal.because is DismissedAs.ACCEPTED:
        if dismissal.expires is None:
            yield Fault(at, "is accepted without an end", "say until when: “expires: YYYY-MM-DD”")
        if finding.type in _OF_AN_AUDIT:
            hint = "close it with evidence, or have the departure permitted: compliance exception add"
            yield Fault((*at, "because"), f"a nonconformity of an audit, {finding.type.value}, is not accepted", hint)
    others = {other.id for other in ledger.of(FINDINGS)} - {finding.id}
    if dismissal.because is DismissedAs.DUPLICATE and dismissal.of not in others:
        sentence = f"is a duplicate of {dismissal.of or 'nothing'}, and there is no other finding of that id"
        yield Fault((*at, "of") if dismissal.of else at, sentence, "name the finding that stays: “of: F-…”")


def dues(_ledger: LedgerView, finding: Finding, on: dt.date, _last: dt.date) -> Iterator[Due]:
    """When it is promised to be put right, and when somebody looks whether that worked."""
    what = f"{finding.type.value}: {finding.title}"
    yield from dues_of_remedied(finding, FINDING, what, "Close it with evidence", on)
    dismissal = finding.dismissal_on(on)
    if dismissal and dismissal.expires:
        todo = f"Look at it again, it is open after that: compliance finding dismiss {finding.id}"
        yield make_due(finding, FINDING, dismissal.expires, f"dismissal ends: {finding.title}", todo)


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
        is_open=lambda _ledger, finding, on: state_on(finding, on) not in _CLOSED,
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
