"""The audits register: audits planned and held, and the evidence that their auditors ask for."""

from __future__ import annotations

import datetime as dt
import enum

import msgspec

from compliance.domain.terms.references import Reference, StandardName
from compliance.domain.terms.vocabulary import Attribution


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


class AuditState(enum.Enum):
    """How an audit stands on a day. `unrecorded`: its last day has passed, and nobody has said that it was held."""

    PLANNED = "planned"
    UNDER_WAY = "under way"
    UNRECORDED = "not recorded as held"
    HELD = "held"


class RequestState(enum.Enum):
    """How a request stands on a day."""

    OPEN = "open"
    OVERDUE = "overdue"
    ANSWERED = "answered"
    DECLINED = "declined"


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

    @property
    def last(self) -> dt.date:
        """Its last day."""
        return self.until or self.on

    def state_on(self, day: dt.date) -> AuditState:
        if day < self.on:
            return AuditState.PLANNED
        if self.held:
            return AuditState.HELD
        return AuditState.UNDER_WAY if day <= self.last else AuditState.UNRECORDED

    def due(self, request: Request, day: dt.date) -> dt.date:
        """The last day for the answer to a request, as seen from a day.

        Where none was asked for, it is the day before the audit begins, and once it has begun, its last.
        """
        return request.due or (self.on - dt.timedelta(days=1) if day < self.on else self.last)

    def request_state(self, request: Request, day: dt.date) -> RequestState:
        """How a request stands on a day."""
        if request.declined:
            return RequestState.DECLINED
        if request.answered:
            return RequestState.ANSWERED
        return RequestState.OVERDUE if self.due(request, day) < day else RequestState.OPEN

    def request(self, number: str) -> Request | None:
        """The request of that number, whatever its case."""
        return next((one for one in self.requests if one.id.casefold() == number.strip().casefold()), None)

    @property
    def open_requests(self) -> tuple[Request, ...]:
        return tuple(one for one in self.requests if one.open)
