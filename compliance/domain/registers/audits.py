"""The audits register: audits planned and held, and the evidence that their auditors ask for."""

from __future__ import annotations

import datetime as dt
import enum
from collections.abc import Iterator, Mapping, Sequence
from typing import Annotated

import msgspec

from compliance.domain.registers.accreditations import ACCREDITATIONS, AUDIT
from compliance.domain.registers.certificates.accreditation import Accreditation
from compliance.domain.registers.certificates.agreement import agreed, recorded
from compliance.domain.registers.certificates.cycles import carried_out
from compliance.domain.registers.findings import FINDINGS
from compliance.domain.registers.parts.dues import Due, DueKind, make_due
from compliance.domain.registers.parts.faults import (
    Fault,
    Path,
    later_than_commit,
    warning,
)
from compliance.domain.registers.parts.register import LedgerView, Listing, NamedEvidence, Register
from compliance.domain.standards.schemes import SchemeEvent
from compliance.domain.terms.durations import in_days
from compliance.domain.terms.references import Reference, StandardName
from compliance.domain.terms.shapes import Shape
from compliance.domain.terms.vocabulary import Attribution
from compliance.problems import choice_hint

REQUEST = DueKind("request", "Requests of auditors", Shape.SPEECH)


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
    controls: Annotated[tuple[Reference, ...], msgspec.Meta(description="The controls sampled; none means all.")] = ()
    owner: str = ""
    held: bool = False
    outcome: str = ""
    report: Annotated[str, msgspec.Meta(description="The evidence id of its report.")] = ""
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
        return next((request for request in self.requests if request.id.casefold() == number.strip().casefold()), None)

    @property
    def open_requests(self) -> tuple[Request, ...]:
        return tuple(request for request in self.requests if request.open)


def inspect(ledger: LedgerView, audit: Audit) -> Iterator[Fault]:
    """What is wrong in an audit: standards not in use, requests numbered twice, answers that nobody filed."""
    in_use = sorted({name for catalogue in ledger.catalogues for name in (catalogue.id, str(catalogue.name))})
    for number, standard in enumerate(audit.standards):
        lacks_catalogue = standard.id not in in_use and ledger.is_in_use(standard.id)  # which is said where it is named
        if str(standard) not in in_use and not lacks_catalogue:
            yield Fault(("standards", number), f"{standard} is not in use", choice_hint(str(standard), in_use))
    standards = {name.id for name in audit.standards}
    for number, control in enumerate(audit.controls):
        if standards and control.standard not in standards:
            hint = "add the standard under “standards”, or take the control out of the sample"
            sentence = f"{control} is sampled, and the audit is by {', '.join(sorted(standards))}"
            yield warning(("controls", number), sentence, hint)
    if audit.until and audit.until < audit.on:
        sentence = f"ends on {audit.until}, before it begins on {audit.on}"
        yield Fault(("until",), sentence, "correct one of the two days")
    if audit.held:
        yield from later_than_commit(ledger, ("on",), "held on", audit.on)
    if audit.accreditation:
        yield from _of_scheme(ledger, audit)
    elif audit.event:
        yield Fault(("event",), "names an event of no accreditation", "add “accreditation: A-…”")
    yield from _requests(audit)


def evidence_of(audit: Audit) -> Iterator[NamedEvidence]:
    """Its report, and what its requests are answered by: that is to be live on its last day at the latest."""
    if audit.report:
        yield NamedEvidence(at=("report",), id=audit.report, deed="is its report")
    for number, request in enumerate(audit.requests):
        for place, identifier in enumerate(request.answered):
            at = ("requests", number, "answered", place)
            yield NamedEvidence(at=at, id=identifier, deed=f"answers the request {request.id}", by=audit.last)


def _requests(audit: Audit) -> Iterator[Fault]:
    numbers: set[str] = set()
    for place, request in enumerate(audit.requests):
        at: Path = ("requests", place)
        if request.id.casefold() in numbers:
            yield Fault((*at, "id"), f"the request {request.id} is listed twice", "give one of the two another number")
        numbers.add(request.id.casefold())
        if request.answered and request.declined:
            sentence = f"the request {request.id} is both answered and declined"
            yield Fault((*at, "declined"), sentence, "remove one of the two")


def _of_scheme(ledger: LedgerView, audit: Audit) -> Iterator[Fault]:
    accreditation = next((record for record in ledger.of(ACCREDITATIONS) if record.id == audit.accreditation), None)
    catalogue = ledger.catalogue(accreditation.standard) if accreditation else None
    if accreditation is None or catalogue is None or not audit.event:
        return
    event = catalogue.scheme.event(audit.event)
    if event is None:
        events = [event.id for event in catalogue.scheme.events]
        sentence = f"the scheme of {catalogue.name} has no event “{audit.event}”"
        yield Fault(("event",), sentence, choice_hint(audit.event, events))
    else:
        yield from _differing(audit, accreditation, event)


def _differing(audit: Audit, accreditation: Accreditation, event: SchemeEvent) -> Iterator[Fault]:
    """What the accreditation itself says of the same event, where that is another day."""
    plan, event_held = agreed(accreditation, event, audit.on), recorded(accreditation, event, audit.on)
    if event_held and carried_out(event, audit.on, event_held.on) and not audit.held:
        sentence = f"is not recorded as held, and {accreditation.id} has its {event.id} on {event_held.on}"
        yield warning(("on",), sentence, f"record it here too: compliance audit hold {audit.id}")
    elif event_held and audit.held and not audit.on <= event_held.on <= audit.last:
        sentence = f"was held on {audit.on}, and {accreditation.id} has its {event.id} on {event_held.on}"
        yield warning(("on",), sentence, "correct one of the two days; until then the accreditation's counts")
    elif plan and not audit.held and not audit.on <= plan.on <= audit.last:
        sentence = f"is planned for {audit.on}, and {accreditation.id} has its {event.id} agreed for {plan.on}"
        yield warning(("on",), sentence, "correct one of the two days; until then the audit's counts")


def dues(_ledger: LedgerView, audit: Audit, on: dt.date, _last: dt.date) -> Iterator[Due]:
    """The audit until it is recorded as held, and every request that is open."""
    standards = tuple(str(standard) for standard in audit.standards)
    state = audit.state_on(on)
    if state is not AuditState.HELD:
        by = f" by {audit.body}" if audit.body else ""
        todo = f"Be ready for the audit{by}: compliance gaps --for-audit {audit.id}"
        if state is AuditState.UNRECORDED:
            todo = f"Record that it was held, or its new day: compliance audit hold {audit.id}"
        what = f"{audit.type.value.replace('-', ' ')}: {audit.title}"
        yield make_due(audit, AUDIT, audit.on, what, todo, standards=standards, planned=audit.on)
    for request in audit.requests:
        if request.open:
            number = f'"{request.id}"' if " " in request.id else request.id
            yield make_due(
                audit,
                REQUEST,
                audit.due(request, on),
                f"{audit.title}: request {request.id}: {request.text}",
                f"Answer it: compliance audit request answer {audit.id} {number} E-…",
                standards=standards,
                controls=tuple(str(control) for control in request.controls),
                owner=request.owner or audit.owner,
            )


def _row(_ledger: LedgerView, audit: Audit, on: dt.date) -> Sequence[str]:
    state = audit.state_on(on)
    when = in_days((audit.on - on).days) if state in {AuditState.PLANNED, AuditState.UNRECORDED} else ""
    names = (audit.body, ", ".join(str(name) for name in audit.standards), ", ".join(audit.scope))
    what = f"{audit.type.value.replace('-', ' ')}: {audit.title}"
    lines = (what, " · ".join(filter(None, names)), _asked_for(audit))
    return (audit.id, str(audit.on), when, state.value, "\n".join(filter(None, lines)))


def _asked_for(audit: Audit) -> str:
    return f"{len(audit.requests)} requests, {len(audit.open_requests)} open" if audit.requests else ""


def _facts(ledger: LedgerView, audit: Audit, on: dt.date) -> Mapping[str, str]:
    findings = [finding for finding in ledger.of(FINDINGS) if finding.audit == audit.id and finding.raised <= on]
    facts = {"state": audit.state_on(on).value}
    if audit.requests:
        facts["asked for"] = _asked_for(audit)
    if findings:
        facts["found"] = f"{len(findings)}, {sum(finding.open_on(on) for finding in findings)} open"
    return facts


AUDITS = Register(
    name="audit",
    plural="audits",
    prefix="U",
    place=3,
    summary="Audits planned and held, and what auditors ask for.",
    record=Audit,
    inspect=inspect,
    evidence=evidence_of,
    listing=Listing(
        headings=("Id", "On", "When", "State", "Audit"),
        row=_row,
        order=lambda _ledger, audit, _on: audit.on,
        is_open=lambda _ledger, audit, on: audit.state_on(on) is not AuditState.HELD or bool(audit.open_requests),
        facts=_facts,
    ),
    due_kinds=(REQUEST,),
    dues=dues,
    names={"accreditation": "accreditations"},
)
