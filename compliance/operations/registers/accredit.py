"""Accreditations recorded, and what happens to them: an event noted, a cycle opened."""

from __future__ import annotations

import datetime as dt

import msgspec

from compliance.domain.ledger.ledger import Ledger
from compliance.domain.registers.accreditations import ACCREDITATIONS
from compliance.domain.registers.certificates.accreditation import Accreditation, CertificateEvent, Cycle, Grant
from compliance.domain.registers.certificates.cycles import carried_out
from compliance.domain.registers.certificates.order import order_faults
from compliance.domain.registers.certificates.states import expiry
from compliance.domain.registers.certificates.succession import Barred, succeed
from compliance.domain.standards.catalogue import Catalogue
from compliance.domain.terms.identifiers import ACCREDITATION, normalised, token_of
from compliance.domain.terms.vocabulary import STATUS_CHANGES, Attribution, StatusChange
from compliance.gitrepo.process.process import Git
from compliance.gitrepo.reading.reading import blobs, entries
from compliance.gitrepo.writing.readiness import identity
from compliance.ledger.opening import Workspace
from compliance.operations.committing import Committed, commit_change
from compliance.operations.evidence.naming import new_identifier, slug
from compliance.problems import Severity, choice_hint, must_be_known, must_not_be_future, refuse
from compliance.store.records.records import plain_of, render_yaml
from compliance.store.text.editing import edited

FOLDER = "evidence/accreditations"


def add_accreditation(
    workspace: Workspace,
    ledger: Ledger,
    catalogue: Catalogue,
    held: Accreditation,
    today: dt.date,
) -> tuple[Accreditation, Committed]:
    """Records an accreditation held or sought. `held` lacks its id and who recorded it."""
    known = [scope.id for scope in ledger.settings.scopes]
    must_be_known("scope", held.scope, known)
    profiles = [profile.id for profile in catalogue.profiles]
    if held.profile and held.profile not in profiles:
        raise refuse(f"{catalogue.name} has no profile “{held.profile}”", hint=choice_hint(held.profile, profiles))
    for cycle in held.cycles:
        _check_cycle(cycle, today)
    for wrong in order_faults(catalogue.scheme, held):
        raise refuse(wrong.sentence, hint=wrong.hint)
    fresh = msgspec.structs.replace(
        held,
        id=new_identifier(ACCREDITATION, {held.id for held in ledger.of(ACCREDITATIONS)}, workspace.draw),
        recorded=_attributed(workspace, today),
    )
    name = fresh.title or f"{catalogue.short} {fresh.scope}"
    path = f"{FOLDER}/{slug(name)}.{token_of(fresh.id)}.yaml"
    message = f"accreditation: {name} ({fresh.id})\n\nStandard: {fresh.standard}\n"
    return fresh, commit_change(workspace.place, {path: render_yaml(plain_of(fresh))}, {}, message)


def find_accreditation(ledger: Ledger, text: str) -> Accreditation:
    """The accreditation of an id, or the only one to a standard. Raises Refused with what there is."""
    by_id = {one.id: one for one in ledger.of(ACCREDITATIONS)}
    wanted = by_id.get(normalised(text, ACCREDITATION))
    if wanted:
        return wanted
    to_standard = [one for one in ledger.of(ACCREDITATIONS) if text in {one.standard.id, str(one.standard)}]
    if len(to_standard) == 1:
        return to_standard[0]
    known = ", ".join(
        f"{one.id} ({one.title or one.standard}, {one.scope})" for one in to_standard or ledger.of(ACCREDITATIONS)
    )
    sentence = f"several accreditations are to {text}" if to_standard else f"there is no accreditation {text}"
    raise refuse(sentence, hint=f"there is {known}" if known else "record one with: compliance accreditation add")


def record_event(
    workspace: Workspace,
    ledger: Ledger,
    held: Accreditation,
    happened: CertificateEvent,
    today: dt.date,
    certificate: str = "",
    expires: dt.date | None = None,
) -> tuple[Accreditation, Committed]:
    """Records that an event of the scheme took place, or what befell the certificate (suspended, restored …).

    One that grants the accreditation opens a new cycle, with the certificate and the expiry that it states.
    """
    catalogue = _catalogue_of(ledger, held)
    events = [event.id for event in catalogue.scheme.events]
    event = catalogue.scheme.event(happened.event)
    if happened.change is None and event is None:
        raise refuse(
            f"the scheme of {catalogue.name} has no event “{happened.event}”",
            hint=choice_hint(happened.event, [*events, *STATUS_CHANGES]),
        )
    if event and event.opens_cycle:
        granted = Cycle(
            granted=happened.on, expires=expires, certificate=certificate, body=happened.body, note=happened.note
        )
        return renew_accreditation(workspace, ledger, held, granted, happened.outcome, today)
    if certificate or expires:
        hint = f"the scheme's events are {', '.join(events)}"
        raise refuse(f"{happened.event} opens no cycle: it has no certificate or expiry", hint=hint)
    _check_past(happened.on, today)
    if any(one.event == happened.event and one.on == happened.on for one in held.happened()):
        hint = f"see what is recorded: compliance accreditation show {held.id}"
        raise refuse(f"{happened.event} on {happened.on} is recorded already", hint=hint)
    if happened.body and happened.change is not StatusChange.TRANSFERRED:
        raise refuse(f"{happened.event} names no body", hint="leave --body out; who took over is said of a transfer")
    changed = _with_event(held, msgspec.structs.replace(happened, recorded=_attributed(workspace, today)))
    title = event.title if event else happened.event.replace("-", " ").capitalize()
    return _rewritten(workspace, catalogue, held, changed, f"{title} of {held.id} on {happened.on}")


def renew_accreditation(
    workspace: Workspace,
    ledger: Ledger,
    held: Accreditation,
    granted: Cycle,
    outcome: str,
    today: dt.date,
    anew: bool = False,
) -> tuple[Accreditation, Committed]:
    """Opens the next cycle by the rules of the scheme and keeps those before it.

    `granted` says what the certificate says; its outcome, and from when its term runs, follow here.
    """
    catalogue = _catalogue_of(ledger, held)
    grants = {grant.value: grant for grant in Grant}
    if outcome and outcome not in grants:
        raise refuse(
            f"“{outcome}” grants nothing, so no new cycle begins",
            hint="record a grant with the outcome granted, with-conditions or restored; note a refusal at the audit",
        )
    _check_past(granted.granted, today)
    found = succeed(catalogue.scheme, held, granted, outcome=grants.get(outcome), anew=anew)
    if isinstance(found, Barred):
        raise refuse(found.sentence, hint=found.hint)
    cycle = msgspec.structs.replace(found[0], recorded=_attributed(workspace, today))
    last = held.cycle_on(dt.date.max)
    over = (expiry(catalogue.scheme, last) if last else None) or cycle.granted
    # A day that was agreed beyond the old expiry is one of the new cycle; the others were for the old one.
    planned = tuple(plan for plan in held.planned if plan.on > max(over, cycle.granted))
    changed = msgspec.structs.replace(held, cycles=(*held.cycles, cycle), planned=planned)
    subject = f"cycle {len(changed.cycles)} of {held.id}, {cycle.outcome.value} on {cycle.granted}"
    return _rewritten(workspace, catalogue, held, changed, subject)


def _rewritten(
    workspace: Workspace, catalogue: Catalogue, held: Accreditation, changed: Accreditation, subject: str
) -> tuple[Accreditation, Committed]:
    """Commits an accreditation as it is now, unless what is new in it cannot have been so."""
    before = {wrong.sentence for wrong in order_faults(catalogue.scheme, held)}
    for wrong in order_faults(catalogue.scheme, changed):
        if wrong.severity is Severity.ERROR and wrong.sentence not in before:
            raise refuse(wrong.sentence, hint=wrong.hint)
    path, data = _file_of(workspace, held)
    edit = edited(data, plain_of(held), plain_of(changed))
    message = f"accreditation: {subject}\n\nStandard: {held.standard}\n"
    return changed, commit_change(workspace.place, {}, {path: edit}, message)


def _catalogue_of(ledger: Ledger, held: Accreditation) -> Catalogue:
    catalogue = ledger.catalogue(held.standard)
    if catalogue is None:
        raise refuse(
            f"{held.standard} has no catalogue here", hint=f"add it with: compliance standards use {held.standard}"
        )
    return catalogue


def _attributed(workspace: Workspace, today: dt.date) -> Attribution:
    return Attribution(by=str(identity(Git(workspace.place))), on=today)


def _check_past(day: dt.date, today: dt.date) -> None:
    must_not_be_future(day, today, "record it when it has taken place")


def _with_event(held: Accreditation, happened: CertificateEvent) -> Accreditation:
    """The accreditation with an event in the cycle of its day; the plan that it carried out is done."""
    planned = tuple(
        plan for plan in held.planned if plan.event != happened.event or not carried_out(plan.on, happened.on)
    )
    cycle = held.cycle_on(happened.on)
    if cycle is None:
        events = tuple(sorted((*held.events, happened), key=lambda one: one.on))
        return msgspec.structs.replace(held, events=events, planned=planned)
    events = tuple(sorted((*cycle.events, happened), key=lambda one: one.on))
    renewed = msgspec.structs.replace(cycle, events=events)
    return msgspec.structs.replace(
        held, cycles=tuple(renewed if one is cycle else one for one in held.cycles), planned=planned
    )


def _check_cycle(cycle: Cycle, today: dt.date) -> None:
    must_not_be_future(cycle.granted, today, "what is sought is recorded with --target")
    if cycle.expires and cycle.expires <= cycle.granted:
        sentence = f"the expiry {cycle.expires} is not after the grant on {cycle.granted}"
        raise refuse(sentence, hint="correct one of the two days")


def _file_of(workspace: Workspace, held: Accreditation) -> tuple[str, bytes]:
    git = Git(workspace.place)
    for entry in entries(git, workspace.commit, [FOLDER]):
        if entry.path.endswith(f".{token_of(held.id)}.yaml"):
            return entry.path, next(data for _, data in blobs(git, [entry.oid]))
    raise refuse(
        f"the record of {held.id} is not named by its id", hint=f"rename it to end with .{token_of(held.id)}.yaml"
    )
