"""The findings register, and the actions that put right what was found."""

from __future__ import annotations

import datetime as dt
import enum
import re

import msgspec

from compliance.domain.registers.promises import Promises, due_of
from compliance.domain.terms.references import Reference
from compliance.domain.terms.vocabulary import Attribution


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


class Closure(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """When a finding or an action was closed, and the evidence that shows it."""

    on: dt.date
    evidence: tuple[str, ...] = ()
    by: str = ""
    note: str = ""


class Check(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A look, some time after closing, at whether what was done worked. `due` is planned, the rest is the outcome."""

    due: dt.date
    on: dt.date | None = None
    effective: bool | None = None
    by: str = ""
    note: str = ""
    evidence: tuple[str, ...] = ()

    def failed_by(self, day: dt.date) -> bool:
        """Whether it had shown by that day that what was done did not work."""
        return self.on is not None and self.on <= day and self.effective is False


class Attempt(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A closing that did not work, and the look that showed it."""

    closed: Closure
    check: Check


def _stands(raised: dt.date, closed: Closure | None, check: Check | None, day: dt.date) -> bool:
    """Whether something is raised by a day and not closed, or closed by what has been shown by then not to work."""
    done = closed is not None and closed.on <= day
    return raised <= day and (not done or (check is not None and check.failed_by(day)))


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
        return _stands(self.raised, self.closed, self.check, day)


class Action(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """Something that somebody has promised to do about findings or risks, by a day."""

    id: str
    title: str
    raised: dt.date
    findings: tuple[str, ...] = ()
    risks: tuple[str, ...] = ()
    controls: tuple[Reference, ...] = ()
    scope: tuple[str, ...] = ()
    owner: str = ""
    description: str = ""
    promised: Promises = ()
    earlier: tuple[Attempt, ...] = ()
    closed: Closure | None = None
    check: Check | None = None
    recorded: Attribution | None = None

    @property
    def due(self) -> dt.date | None:
        return due_of(self.promised)

    def open_on(self, day: dt.date) -> bool:
        """Whether it is still to do on a day; closed without effect, it is."""
        return _stands(self.raised, self.closed, self.check, day)


class FixState(enum.Enum):
    """How something that is to be put right stands on a day."""

    TO_COME = "to come"
    OPEN = "open"
    OVERDUE = "overdue"
    NOT_EFFECTIVE = "not effective"
    TO_BE_CHECKED = "to be checked"
    CLOSED = "closed"


def state_on(record: Finding | Action, day: dt.date) -> FixState:
    """How a finding or an action stands on a day."""
    if record.raised > day:
        return FixState.TO_COME
    if not record.open_on(day):
        waiting = record.check is not None and (record.check.on is None or record.check.on > day)
        return FixState.TO_BE_CHECKED if waiting else FixState.CLOSED
    if record.closed and record.closed.on <= day:
        return FixState.NOT_EFFECTIVE
    return FixState.OVERDUE if record.due and record.due < day else FixState.OPEN
