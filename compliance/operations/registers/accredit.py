"""Accreditations recorded, and what happens to them: an event noted, a cycle opened."""

from __future__ import annotations

import datetime as dt

import msgspec

from compliance.domain.ledger.ledger import Ledger
from compliance.domain.ledger.lookup import missing_standard
from compliance.domain.registers.accreditations import ACCREDITATIONS
from compliance.domain.registers.certificates.accreditation import Accreditation, CertificateEvent, Cycle, Grant
from compliance.domain.registers.certificates.cycles import carried_out
from compliance.domain.registers.certificates.order import order_faults
from compliance.domain.registers.certificates.states import expiry
from compliance.domain.registers.certificates.succession import Barred, succeed
from compliance.domain.standards.catalogue import Catalogue
from compliance.domain.standards.schemes import SchemeEvent
from compliance.domain.terms.identifiers import ACCREDITATION, normalised, token_of
from compliance.domain.terms.vocabulary import STATUS_CHANGES, StatusChange
from compliance.ledger.opening import Workspace
from compliance.operations.committing import Committed, commit_change
from compliance.operations.evidence.naming import new_identifier, slug
from compliance.operations.registers.registering import attribution, file_of
from compliance.problems import Severity, choice_hint, must_be_known, must_not_be_future, refuse
from compliance.store.records.records import plain_of, render_yaml
from compliance.store.text.yaml_editing import edited


def add_accreditation(
    workspace: Workspace,
    ledger: Ledger,
    catalogue: Catalogue,
    accreditation: Accreditation,
    today: dt.date,
) -> tuple[Accreditation, Committed]:
    """Records an accreditation held or sought. `accreditation` lacks its id and who recorded it."""
    scopes = [scope.id for scope in ledger.settings.scopes]
    must_be_known("scope", accreditation.scope, scopes)
    profiles = [profile.id for profile in catalogue.profiles]
    if accreditation.profile and accreditation.profile not in profiles:
        raise refuse(
            f"{catalogue.name} has no profile “{accreditation.profile}”",
            hint=choice_hint(accreditation.profile, profiles) if profiles else "it has none: leave --profile out",
        )
    for cycle in accreditation.cycles:
        _check_cycle(cycle, today)
    for fault in order_faults(catalogue.scheme, accreditation):
        raise refuse(fault.sentence, hint=fault.hint)
    recorded = msgspec.structs.replace(
        accreditation,
        id=new_identifier(ACCREDITATION, {record.id for record in ledger.of(ACCREDITATIONS)}, workspace.draw),
        recorded=attribution(workspace, today),
    )
    name = recorded.title or f"{catalogue.short} {recorded.scope}"
    path = f"{ACCREDITATIONS.folder}/{slug(name)}.{token_of(recorded.id)}.yaml"
    message = f"accreditation: {name} ({recorded.id})\n\nStandard: {recorded.standard}\n"
    return recorded, commit_change(workspace.place, {path: render_yaml(plain_of(recorded))}, {}, message)


def find_accreditation(ledger: Ledger, text: str) -> Accreditation:
    """The accreditation of an id, or the only one to a standard. Raises Refused with what there is."""
    by_id = {record.id: record for record in ledger.of(ACCREDITATIONS)}
    wanted = by_id.get(normalised(text, ACCREDITATION))
    if wanted:
        return wanted
    to_standard = [record for record in ledger.of(ACCREDITATIONS) if text in {record.standard.id, str(record.standard)}]
    if len(to_standard) == 1:
        return to_standard[0]
    choices = ", ".join(
        f"{record.id} ({record.title or record.standard}, {record.scope})"
        for record in to_standard or ledger.of(ACCREDITATIONS)
    )
    sentence = f"several accreditations are to {text}" if to_standard else f"there is no accreditation {text}"
    raise refuse(sentence, hint=f"there is {choices}" if choices else "record one with: compliance accreditation add")


def record_event(
    workspace: Workspace,
    ledger: Ledger,
    accreditation: Accreditation,
    certificate_event: CertificateEvent,
    today: dt.date,
    certificate: str = "",
    expires: dt.date | None = None,
) -> tuple[Accreditation, Committed]:
    """Records that an event of the scheme took place, or what befell the certificate (suspended, restored …).

    One that grants the accreditation opens a new cycle, with the certificate and the expiry that it states.
    """
    catalogue = _catalogue_of(ledger, accreditation)
    events = [event.id for event in catalogue.scheme.events]
    event = catalogue.scheme.event(certificate_event.event)
    if certificate_event.change is None and event is None:
        raise refuse(
            f"the scheme of {catalogue.name} has no event “{certificate_event.event}”",
            hint=choice_hint(certificate_event.event, [*events, *STATUS_CHANGES]),
        )
    if event and event.opens_cycle:
        granted = Cycle(
            granted=certificate_event.on,
            expires=expires,
            certificate=certificate,
            body=certificate_event.body,
            note=certificate_event.note,
        )
        return renew_accreditation(workspace, ledger, accreditation, granted, certificate_event.outcome, today)
    if certificate or expires:
        hint = f"the scheme's events are {', '.join(events)}"
        raise refuse(f"{certificate_event.event} opens no cycle: it has no certificate or expiry", hint=hint)
    _check_past(certificate_event.on, today)
    if any(
        recorded.event == certificate_event.event and recorded.on == certificate_event.on
        for recorded in accreditation.happened()
    ):
        hint = f"see what is recorded: compliance accreditation show {accreditation.id}"
        raise refuse(f"{certificate_event.event} on {certificate_event.on} is recorded already", hint=hint)
    if certificate_event.body and certificate_event.change is not StatusChange.TRANSFERRED:
        raise refuse(
            f"{certificate_event.event} names no body", hint="leave --body out; who took over is said of a transfer"
        )
    changed = _with_event(
        accreditation, event, msgspec.structs.replace(certificate_event, recorded=attribution(workspace, today))
    )
    title = event.title if event else certificate_event.event.replace("-", " ").capitalize()
    return _rewritten(
        workspace, catalogue, accreditation, changed, f"{title} of {accreditation.id} on {certificate_event.on}"
    )


def renew_accreditation(
    workspace: Workspace,
    ledger: Ledger,
    accreditation: Accreditation,
    granted: Cycle,
    outcome: str,
    today: dt.date,
    anew: bool = False,
) -> tuple[Accreditation, Committed]:
    """Opens the next cycle by the rules of the scheme and keeps those before it.

    `granted` says what the certificate says; its outcome, and from when its term runs, follow here.
    """
    catalogue = _catalogue_of(ledger, accreditation)
    grants = {grant.value: grant for grant in Grant}
    if outcome and outcome not in grants:
        raise refuse(
            f"“{outcome}” grants nothing, so no new cycle begins",
            hint="record a grant with the outcome granted, with-conditions or restored; note a refusal at the audit",
        )
    _check_past(granted.granted, today)
    successor = succeed(catalogue.scheme, accreditation, granted, outcome=grants.get(outcome), anew=anew)
    if isinstance(successor, Barred):
        raise refuse(successor.sentence, hint=successor.hint)
    cycle = msgspec.structs.replace(successor[0], recorded=attribution(workspace, today))
    last = accreditation.cycle_on(dt.date.max)
    over = (expiry(catalogue.scheme, last) if last else None) or cycle.granted
    # A day that was agreed beyond the old expiry is one of the new cycle; the others were for the old one.
    planned = tuple(plan for plan in accreditation.planned if plan.on > max(over, cycle.granted))
    changed = msgspec.structs.replace(accreditation, cycles=(*accreditation.cycles, cycle), planned=planned)
    subject = f"cycle {len(changed.cycles)} of {accreditation.id}, {cycle.outcome.value} on {cycle.granted}"
    return _rewritten(workspace, catalogue, accreditation, changed, subject)


def _rewritten(
    workspace: Workspace, catalogue: Catalogue, accreditation: Accreditation, changed: Accreditation, subject: str
) -> tuple[Accreditation, Committed]:
    """Commits a changed accreditation. Raises Refused if the change breaks the order of events that the scheme sets."""
    before = {fault.sentence for fault in order_faults(catalogue.scheme, accreditation)}
    for fault in order_faults(catalogue.scheme, changed):
        if fault.severity is Severity.ERROR and fault.sentence not in before:
            raise refuse(fault.sentence, hint=fault.hint)
    path, data = file_of(workspace, ACCREDITATIONS, accreditation.id)
    edit = edited(data, plain_of(accreditation), plain_of(changed))
    message = f"accreditation: {subject}\n\nStandard: {accreditation.standard}\n"
    return changed, commit_change(workspace.place, {}, {path: edit}, message)


def _catalogue_of(ledger: Ledger, accreditation: Accreditation) -> Catalogue:
    catalogue = ledger.catalogue(accreditation.standard)
    if catalogue is None:
        name = accreditation.standard
        hint = f"add it with: compliance standards use {name}"
        raise missing_standard(ledger, name, hint, f"{name} has no catalogue here")
    return catalogue


def _check_past(day: dt.date, today: dt.date) -> None:
    must_not_be_future(day, today, "record it when it has taken place")


def _with_event(accreditation: Accreditation, kind: SchemeEvent | None, event: CertificateEvent) -> Accreditation:
    """The accreditation with an event added to the cycle of its day, and without the plan that it carried out."""
    planned = tuple(
        plan for plan in accreditation.planned if plan.event != event.event or not carried_out(kind, plan.on, event.on)
    )
    cycle = accreditation.cycle_on(event.on)
    if cycle is None:
        events = tuple(sorted((*accreditation.events, event), key=lambda dated: dated.on))
        return msgspec.structs.replace(accreditation, events=events, planned=planned)
    events = tuple(sorted((*cycle.events, event), key=lambda dated: dated.on))
    renewed = msgspec.structs.replace(cycle, events=events)
    return msgspec.structs.replace(
        accreditation,
        cycles=tuple(renewed if candidate is cycle else candidate for candidate in accreditation.cycles),
        planned=planned,
    )


def _check_cycle(cycle: Cycle, today: dt.date) -> None:
    must_not_be_future(cycle.granted, today, "what is sought is recorded with --target")
    if cycle.expires and cycle.expires <= cycle.granted:
        sentence = f"the expiry {cycle.expires} is not after the grant on {cycle.granted}"
        raise refuse(sentence, hint="correct one of the two days")
