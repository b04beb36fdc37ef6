"""Accreditations and the audits register put together: a planned audit is agreed, one that was held took place.

An audit names the accreditation that it is for, and the event of its scheme that it is. Nothing of this is ever written
into the accreditation's own file.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date

import msgspec

from compliance.domain.ledger.ledger import Ledger
from compliance.domain.registers.accreditations import ACCREDITATIONS
from compliance.domain.registers.audits import AUDITS, Audit
from compliance.domain.registers.certificates.accreditation import Accreditation, CertificateEvent, Planned
from compliance.domain.registers.certificates.agreement import recorded, same
from compliance.domain.registers.certificates.states import CertificateState, state_on
from compliance.domain.registers.parts.dues import Due
from compliance.domain.standards.schemes import Scheme, SchemeEvent


def with_audits(ledger: Ledger) -> tuple[Accreditation, ...]:
    """Every accreditation with the days that the audits register has for it."""
    return tuple(audited(ledger, accreditation) for accreditation in ledger.of(ACCREDITATIONS))


def audited(ledger: Ledger, accreditation: Accreditation) -> Accreditation:
    """One accreditation with the days that the audits register has for it.

    Where both have a day for the same event, what is agreed is the register's, and what took place is the
    accreditation's own.
    """
    for audit, event in _tied(ledger, accreditation):
        planned = [
            step for step in accreditation.planned if not (step.event == event.id and same(event, step.on, audit.on))
        ]
        # A plan stays beside what came of it: seen from an earlier day, that is still to come.
        accreditation = msgspec.structs.replace(accreditation, planned=(*planned, Planned(event=event.id, on=audit.on)))
        if audit.held and recorded(accreditation, event, audit.on) is None:
            accreditation = _with_event(accreditation, event, audit)
    return accreditation


def scheme_of(ledger: Ledger, accreditation: Accreditation) -> Scheme:
    """The rules of its standard; without a catalogue, no more than what the certificate itself states."""
    catalogue = ledger.catalogue(accreditation.standard)
    return catalogue.scheme if catalogue else Scheme()


def standing_of(ledger: Ledger, accreditation: Accreditation, on: date) -> CertificateState:
    """How an accreditation stands on a day, with the audits held; in a scope that has ended it runs until no day."""
    state = state_on(scheme_of(ledger, accreditation), audited(ledger, accreditation), on)
    scope = ledger.settings.scope(accreditation.scope)
    if scope is None or not scope.has_ended(on):
        return state
    why = f"{scope.id} ended on {scope.end}: nothing falls due here any more"
    return msgspec.structs.replace(state, until=None, at_risk=False, why="; ".join(filter(None, (why, state.why))))


def joined(ledger: Ledger, due: Iterable[Due]) -> list[Due]:
    """What falls due with an audit and its scheme's event as one row, in each scope that either touches.

    The row is the scheme's, which has the last day; it says for which audit to get ready. An audit whose event the
    scheme does not want (any more) keeps its own row.
    """
    rows = list(due)
    tied = {
        audit.id: (audit, event)
        for accreditation in ledger.of(ACCREDITATIONS)
        for audit, event in _tied(ledger, accreditation)
    }
    own = [row for row in rows if row.subject in tied and row.planned]
    for audit, event in tied.values():
        audit_rows = [row for row in own if row.subject == audit.id]
        schemes = [row for row in rows if _is_of(row, audit, event)]
        if not audit_rows or not schemes:
            continue
        todo = f"{schemes[0].todo}: {audit_rows[0].todo}"
        where = dict.fromkeys([*(row.scope for row in schemes), *(row.scope for row in audit_rows)])
        rows = [row for row in rows if row not in audit_rows and row not in schemes]
        standards = tuple(dict.fromkeys((*schemes[0].standards, *audit_rows[0].standards)))
        joint_row = msgspec.structs.replace(
            schemes[0],
            todo=todo,
            standards=standards,
            controls=audit_rows[0].controls,
            owner=audit_rows[0].owner or schemes[0].owner,
        )
        rows += [msgspec.structs.replace(joint_row, scope=scope) for scope in where]
    return rows


def _is_of(row: Due, audit: Audit, event: SchemeEvent) -> bool:
    return row.subject == audit.accreditation and row.planned == audit.on and row.what.endswith(f": {event.title}")


def _tied(ledger: Ledger, accreditation: Accreditation) -> Iterator[tuple[Audit, SchemeEvent]]:
    catalogue = ledger.catalogue(accreditation.standard)
    events = {event.id: event for event in catalogue.scheme.events} if catalogue else {}
    audits = [audit for audit in ledger.of(AUDITS) if audit.accreditation == accreditation.id and audit.event in events]
    return ((audit, events[audit.event]) for audit in sorted(audits, key=lambda audit: (audit.on, audit.id)))


def _with_event(accreditation: Accreditation, event: SchemeEvent, audit: Audit) -> Accreditation:
    """The audit as an event of the cycle that it fell into; what leads to a grant belongs to the cycle before it."""
    fresh = CertificateEvent(event=event.id, on=audit.on, outcome=audit.outcome, note=audit.id)
    begun = [
        place
        for place, cycle in enumerate(accreditation.cycles)
        if cycle.granted < audit.on or (cycle.granted == audit.on and not event.opens_cycle)
    ]
    if not begun:
        return msgspec.structs.replace(accreditation, events=(*accreditation.events, fresh))
    at = max(begun, key=lambda place: accreditation.cycles[place].granted)
    cycle = msgspec.structs.replace(accreditation.cycles[at], events=(*accreditation.cycles[at].events, fresh))
    return msgspec.structs.replace(
        accreditation, cycles=(*accreditation.cycles[:at], cycle, *accreditation.cycles[at + 1 :])
    )
