"""The accreditations register: certificates, attestations and assessments, held or sought."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date

from compliance.domain.registers.certificates import cycles
from compliance.domain.registers.certificates.accreditation import Accreditation, Cycle
from compliance.domain.registers.certificates.cycles import SchemeDue
from compliance.domain.registers.certificates.order import order_faults
from compliance.domain.registers.certificates.states import (
    CertificateState,
    CertificateStatus,
    doubt,
    ended,
    expiry,
    state_on,
)
from compliance.domain.registers.parts.dues import Due, DueKind
from compliance.domain.registers.parts.faults import Fault, Path, later_than_commit, unknown_standard, warning
from compliance.domain.registers.parts.register import LedgerView, Listing, Register
from compliance.domain.standards.catalogue import Catalogue
from compliance.domain.standards.schemes import EventRole, Scheme
from compliance.domain.terms.shapes import Shape
from compliance.domain.terms.vocabulary import STATUS_CHANGES
from compliance.problems import choice_hint

EXPIRY = DueKind("expiry", "Expiries", Shape.DIAMOND)
AUDIT = DueKind("audit", "Audits", Shape.DISC)
SUBMISSION = DueKind("submission", "Submissions", Shape.TRIANGLE)
STEP = DueKind("step", "Steps", Shape.SQUARE)
_KINDS: dict[EventRole | None, DueKind] = {EventRole.AUDIT: AUDIT, EventRole.SUBMISSION: SUBMISSION}


def inspect(ledger: LedgerView, accreditation: Accreditation) -> Iterator[Fault]:
    """What is wrong in an accreditation: its profile, its events, and what cannot have been in that order."""
    if not accreditation.cycles and accreditation.target is None:
        hint = "add “cycles:” with the day it was granted, or “target:” with the day by which it is sought"
        yield warning(("id",), "is neither held nor sought", hint)
    for number, cycle in enumerate(accreditation.cycles):
        yield from _cycle(ledger, ("cycles", number), cycle, accreditation.cycles[number - 1] if number else None)
    for number, event in enumerate(accreditation.events):
        yield from later_than_commit(ledger, ("events", number, "on"), "dated", event.on)
    catalogue = ledger.catalogue(accreditation.standard)
    yield from order_faults(catalogue.scheme if catalogue else Scheme(), accreditation)
    if catalogue is None:
        yield from unknown_standard(ledger, accreditation.standard)
        return
    profiles = [profile.id for profile in catalogue.profiles]
    if accreditation.profile and accreditation.profile not in profiles:
        hint = choice_hint(accreditation.profile, profiles) if profiles else "it has none: remove the line"
        yield Fault(("profile",), f"{catalogue.name} has no profile “{accreditation.profile}”", hint)
    yield from _scheme_events(accreditation, catalogue)


def _cycle(ledger: LedgerView, at: Path, cycle: Cycle, above: Cycle | None) -> Iterator[Fault]:
    if above and cycle.granted == above.granted:
        hint = "keep one of them: a new cycle begins on a day of its own"
        yield Fault((*at, "granted"), f"two cycles are granted on {cycle.granted}", hint)
    elif above and cycle.granted < above.granted:
        sentence = f"the cycle granted on {cycle.granted} stands below a newer one"
        yield Fault((*at, "granted"), sentence, "put the oldest first")
    if cycle.expires and cycle.expires <= cycle.granted:
        sentence = f"the cycle expires on {cycle.expires}, before it is granted"
        yield Fault((*at, "expires"), sentence, "correct one of the two days")
    yield from later_than_commit(ledger, (*at, "granted"), "granted on", cycle.granted)
    for number, event in enumerate(cycle.events):
        yield from later_than_commit(ledger, (*at, "events", number, "on"), "dated", event.on)


def _scheme_events(accreditation: Accreditation, catalogue: Catalogue) -> Iterator[Fault]:
    """Events that the scheme does not have; what changes the status of any certificate may have taken place too."""
    events = [event.id for event in catalogue.scheme.events]
    past: list[tuple[Path, str]] = [
        (("events", i, "event"), event.event) for i, event in enumerate(accreditation.events)
    ]
    for number, cycle in enumerate(accreditation.cycles):
        past += [(("cycles", number, "events", i, "event"), event.event) for i, event in enumerate(cycle.events)]
    planned: list[tuple[Path, str]] = [
        (("planned", i, "event"), plan.event) for i, plan in enumerate(accreditation.planned)
    ]
    for named, allowed in ((past, [*events, *STATUS_CHANGES]), (planned, events)):
        for at, event in named:
            if event not in allowed:
                hint = choice_hint(event, allowed) if allowed else "it has none"
                yield Fault(at, f"the scheme of {catalogue.name} has no event “{event}”", hint)


def dues(ledger: LedgerView, accreditation: Accreditation, on: date, _last: date) -> Iterator[Due]:
    """Its expiry, the steps before it by its scheme, and the last day to have it restored."""
    return dues_of_accreditation(accreditation, ledger.catalogue(accreditation.standard), on, ledger.holidays)


def dues_of_accreditation(
    accreditation: Accreditation, catalogue: Catalogue | None, on: date, holidays: frozenset[date]
) -> Iterator[Due]:
    """What falls due, done or overdue things left out; without a catalogue, only what the certificate itself states."""
    scheme = catalogue.scheme if catalogue else Scheme()
    named = accreditation.title or f"{catalogue.short if catalogue else accreditation.standard}, {accreditation.scope}"
    standards = (str(catalogue.name if catalogue else accreditation.standard),)
    ends: date | None = None
    for ends, kind, what, todo in _ends(scheme, accreditation, on):
        yield Due(
            due=ends,
            kind=kind,
            what=f"{named}: {what}",
            todo=todo,
            scope=accreditation.scope,
            standards=standards,
            subject=accreditation.id,
            owner=accreditation.owner,
        )
    cycle = accreditation.cycle_on(on)
    end_of_cycle = ended(scheme, cycle, on) if cycle else None
    for due in cycles.dues(scheme, accreditation, on, holidays):
        left_out = due.event.optional and due.planned is None and due.day < on  # nobody sought it, and nothing is owed
        # What it led up to is over: it is won anew, or not at all.
        too_late = end_of_cycle is not None and due.day <= end_of_cycle
        if due.done or left_out or too_late or (due.event.opens_cycle and due.day == ends):
            continue
        yield Due(
            due=min(due.day, due.due),
            kind=_KINDS.get(due.event.role, STEP),
            what=f"{named}: {due.event.title}",
            todo=f"{due.event.what or due.event.title}{_agreed(due)}{_in_date(due)}",
            scope=accreditation.scope,
            standards=standards,
            subject=accreditation.id,
            owner=accreditation.owner,
            planned=due.planned,
        )


def _ends(scheme: Scheme, accreditation: Accreditation, on: date) -> Iterator[tuple[date, DueKind, str, str]]:
    """The days that settle whether it is held: of restoring it first, of its expiry or its target last."""
    holding, body = scheme.holding.value, accreditation.body_on(on)
    by = f" with {body}" if body else ""
    cycle, state = accreditation.cycle_on(on), state_on(scheme, accreditation, on)
    if cycle is None:
        if accreditation.target:
            yield accreditation.target, EXPIRY, f"first {holding} sought", f"Win the {holding}{by}"
        return
    end_of_cycle, end = ended(scheme, cycle, on), expiry(scheme, cycle)
    if end_of_cycle and accreditation.target and accreditation.target > end_of_cycle:
        yield accreditation.target, EXPIRY, f"{holding} sought anew", f"Win the {holding}{by}: {state.why}"
    elif end_of_cycle and state.status is CertificateStatus.LAPSED:
        yield end_of_cycle, EXPIRY, f"{holding} expired", f"Win the {holding} anew{by}: {state.why}"
    elif not end_of_cycle:
        yield from _restoring(scheme, state, holding)
        if end:
            verb = "expired" if end < on else "expires"
            certificate = f" {cycle.certificate}" if cycle.certificate else ""
            yield end, EXPIRY, f"{holding} {verb}", f"Renew the {holding}{certificate}{by}"


def _restoring(scheme: Scheme, state: CertificateState, holding: str) -> Iterator[tuple[date, DueKind, str, str]]:
    if state.until and state.status is CertificateStatus.SUSPENDED:
        todo = (
            "Put right what it was suspended for and have it restored; "
            f"otherwise it is withdrawn or its scope made smaller{doubt(scheme, 'suspension')}"
        )
        yield state.until, STEP, f"{holding} suspended since {state.since}", todo
    if state.until and state.status is CertificateStatus.RESTORABLE:
        todo = f"Close what is outstanding and have it restored; later it is won anew{doubt(scheme, 'restoration')}"
        yield state.until, STEP, f"last day to restore the {holding}", todo


def _agreed(due: SchemeDue) -> str:
    if due.planned is None:
        return ""
    return " (agreed)" if due.planned == due.due else f" (agreed for {due.planned}; last day {due.due})"


def _in_date(due: SchemeDue) -> str:
    """How early it may be done and still be in date; of a day that is agreed, only whether it is too early."""
    if due.earliest is None or (due.planned and due.planned >= due.earliest):
        return ""
    if due.planned:
        return f"; too early: what is done before {due.earliest} is out of date on {due.serves}"
    return f"; not before {due.earliest}, to be in date on {due.serves}"


def _state(ledger: LedgerView, accreditation: Accreditation, on: date) -> CertificateState:
    catalogue = ledger.catalogue(accreditation.standard)
    return state_on(catalogue.scheme if catalogue else Scheme(), accreditation, on)


def _row(ledger: LedgerView, accreditation: Accreditation, on: date) -> Sequence[str]:
    state = _state(ledger, accreditation, on)
    title = accreditation.title or f"{accreditation.standard}, {accreditation.scope}"
    return (accreditation.id, state.status.value, str(state.until or "–"), title)


def _facts(ledger: LedgerView, accreditation: Accreditation, on: date) -> Mapping[str, object]:
    state = _state(ledger, accreditation, on)
    return {"state": state.status.value, "until": state.until, **({"at-risk": True} if state.at_risk else {})}


ACCREDITATIONS = Register(
    name="accreditation",
    plural="accreditations",
    prefix="A",
    place=1,
    summary="Certificates and attestations held or sought.",
    record=Accreditation,
    inspect=inspect,
    listing=Listing(
        headings=("Id", "State", "Until", "Accreditation"),
        row=_row,
        order=lambda ledger, accreditation, on: _state(ledger, accreditation, on).until or date.max,
        is_open=lambda _ledger, _accreditation, _on: True,
        closes=False,
        facts=_facts,
    ),
    due_kinds=(EXPIRY, AUDIT, SUBMISSION, STEP),
    dues=dues,
    ids_are_drawn=True,
)
