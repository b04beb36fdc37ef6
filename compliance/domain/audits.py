"""The audits register: audits planned and held, and the evidence that their auditors ask for."""

from __future__ import annotations

import datetime as dt
import enum

import msgspec

from compliance.domain.references import Reference, StandardName
from compliance.domain.vocabulary import Attribution


class AuditType(enum.Enum):
    """What kind of audit it is."""

    INTERNAL = "internal"
    STAGE_1 = "stage-1"
    STAGE_2 = "stage-2"
    SURVEILLANCE = "surveillance"
    RECERTIFICATION = "recertification"
    SUBMISSION = "submission"
    HEALTH_CHECK = "health-check"
    PENETRATION_TEST = "penetration-test"
    SELF_ASSESSMENT = "self-assessment"
    REVIEW = "review"
    SUPPLIER = "supplier"


class Request(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A piece of evidence that the auditor asks for, by his own number, and what was given him.

    `declined` says why nothing will be given; without it and without `answered`, the request is open.
    """

    id: str
    text: str
    controls: tuple[Reference, ...] = ()
    due: dt.date | None = None
    owner: str = ""
    answered: tuple[str, ...] = ()
    declined: str = ""
    note: str = ""

    @property
    def open(self) -> bool:
        return not self.answered and not self.declined


class Audit(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """An audit: by whom, of which standards in which scopes, from which day.

    The evidence is judged as it stands on its first day. `accreditation` and `event` tie it to what a scheme asks for.
    """

    id: str
    type: AuditType
    title: str
    on: dt.date
    until: dt.date | None = None
    standards: tuple[StandardName, ...] = ()
    scope: tuple[str, ...] = ()
    accreditation: str = ""
    event: str = ""
    body: str = ""
    auditors: tuple[str, ...] = ()
    controls: tuple[Reference, ...] = ()
    """The controls sampled; none means all."""
    owner: str = ""
    held: bool = False
    outcome: str = ""
    report: str = ""
    """The evidence id of its report."""
    note: str = ""
    requests: tuple[Request, ...] = ()
    recorded: Attribution | None = None
