"""What falls due for an accreditation: its expiry, the steps before it, and the last day to have it restored."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from compliance.domain.registers.certificates import cycles
from compliance.domain.registers.certificates.accreditation import Accreditation
from compliance.domain.registers.certificates.cycles import SchemeDue
from compliance.domain.registers.certificates.states import (
    CertificateState,
    CertificateStatus,
    doubt,
    ended,
    expiry,
    state_on,
)
from compliance.domain.registers.parts.dues import Due, DueKind
from compliance.domain.standards.catalogue import Catalogue
from compliance.domain.standards.schemes import EventRole, Scheme

_KINDS: dict[EventRole | None, DueKind] = {EventRole.AUDIT: DueKind.AUDIT, EventRole.SUBMISSION: DueKind.SUBMISSION}


def dues_of_accreditation(
    held: Accreditation, catalogue: Catalogue | None, on: date, holidays: frozenset[date]
) -> Iterator[Due]:
    """What falls due, done or overdue things left out; without a catalogue, only what the certificate itself states."""
    scheme = catalogue.scheme if catalogue else Scheme()
    named = held.title or f"{catalogue.short if catalogue else held.standard}, {held.scope}"
    standards = (str(catalogue.name if catalogue else held.standard),)
    ends: date | None = None
    for ends, kind, what, todo in _ends(scheme, held, on):
        yield Due(
            due=ends,
            kind=kind,
            what=f"{named}: {what}",
            todo=todo,
            scope=held.scope,
            standards=standards,
            subject=held.id,
            owner=held.owner,
        )
    cycle = held.cycle_on(on)
    gone = ended(scheme, cycle, on) if cycle else None
    for due in cycles.dues(scheme, held, on, holidays):
        left_out = due.event.optional and due.planned is None and due.day < on  # nobody sought it, and nothing is owed
        too_late = gone is not None and due.day <= gone  # what it led up to is over: it is won anew, or not at all
        if due.done or left_out or too_late or (due.event.opens_cycle and due.day == ends):
            continue
        yield Due(
            due=min(due.day, due.due),
            kind=_KINDS.get(due.event.role, DueKind.STEP),
            what=f"{named}: {due.event.title}",
            todo=f"{due.event.what or due.event.title}{_agreed(due)}{_in_date(due)}",
            scope=held.scope,
            standards=standards,
            subject=held.id,
            owner=held.owner,
            planned=due.planned,
        )


def _ends(scheme: Scheme, held: Accreditation, on: date) -> Iterator[tuple[date, DueKind, str, str]]:
    """The days that settle whether it is held: of restoring it first, of its expiry or its target last."""
    holding, body = scheme.holding.value, held.body_on(on)
    by = f" with {body}" if body else ""
    cycle, state = held.cycle_on(on), state_on(scheme, held, on)
    if cycle is None:
        if held.target:
            yield held.target, DueKind.EXPIRY, f"first {holding} sought", f"Win the {holding}{by}"
        return
    gone, end = ended(scheme, cycle, on), expiry(scheme, cycle)
    if gone and held.target and held.target > gone:
        yield held.target, DueKind.EXPIRY, f"{holding} sought anew", f"Win the {holding}{by}: {state.why}"
    elif gone and state.status is CertificateStatus.LAPSED:
        yield gone, DueKind.EXPIRY, f"{holding} expired", f"Win the {holding} anew{by}: {state.why}"
    elif not gone:
        yield from _restoring(scheme, state, holding)
        if end:
            verb = "expired" if end < on else "expires"
            certificate = f" {cycle.certificate}" if cycle.certificate else ""
            yield end, DueKind.EXPIRY, f"{holding} {verb}", f"Renew the {holding}{certificate}{by}"


def _restoring(scheme: Scheme, state: CertificateState, holding: str) -> Iterator[tuple[date, DueKind, str, str]]:
    if state.until and state.status is CertificateStatus.SUSPENDED:
        todo = (
            "Put right what it was suspended for and have it restored; "
            f"otherwise it is withdrawn or its scope made smaller{doubt(scheme, 'suspension')}"
        )
        yield state.until, DueKind.STEP, f"{holding} suspended since {state.since}", todo
    if state.until and state.status is CertificateStatus.RESTORABLE:
        todo = f"Close what is outstanding and have it restored; later it is won anew{doubt(scheme, 'restoration')}"
        yield state.until, DueKind.STEP, f"last day to restore the {holding}", todo


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
