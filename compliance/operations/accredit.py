"""Accreditations recorded, and what happens to them: an event noted, a cycle opened."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping

import msgspec

from compliance.domain.accreditations import Accreditation, Cycle, Happened
from compliance.domain.catalogue import Catalogue
from compliance.domain.identifiers import ACCREDITATION, normalised, token_of
from compliance.domain.ledger import Ledger
from compliance.domain.vocabulary import Attribution
from compliance.gitrepo.process import Git
from compliance.gitrepo.readiness import identity
from compliance.gitrepo.reading import blobs, entries
from compliance.ledger.opening import Workspace
from compliance.operations.committing import Committed, commit_change
from compliance.operations.naming import new_identifier, slug
from compliance.problems import refuse
from compliance.store.decoding import one_of
from compliance.store.editing import edited
from compliance.store.records import plain_of, render_yaml

FOLDER = "evidence/accreditations"
GRANTING = {"", "granted", "with-conditions"}
"""The outcomes under which an accreditation is held; none said means granted."""


def add_accreditation(
    workspace: Workspace,
    ledger: Ledger,
    catalogue: Catalogue,
    held: Accreditation,
    today: dt.date,
) -> tuple[Accreditation, Committed]:
    """Records an accreditation held or sought. `held` lacks its id and who recorded it."""
    known = [scope.id for scope in ledger.settings.scopes]
    if held.scope not in known:
        raise refuse(f"there is no scope “{held.scope}”", hint=one_of(held.scope, known))
    profiles = [profile.id for profile in catalogue.profiles]
    if held.profile and held.profile not in profiles:
        raise refuse(f"{catalogue.name} has no profile “{held.profile}”", hint=one_of(held.profile, profiles))
    for cycle in held.cycles:
        _check_cycle(cycle, today)
    who = str(identity(Git(workspace.place)))
    fresh = msgspec.structs.replace(
        held,
        id=new_identifier(ACCREDITATION, {one.id for one in ledger.accreditations}),
        recorded=Attribution(by=who, on=today),
    )
    name = fresh.title or f"{catalogue.short} {fresh.scope}"
    path = f"{FOLDER}/{slug(name)}.{token_of(fresh.id)}.yaml"
    message = f"accreditation: {name} ({fresh.id})\n\nStandard: {fresh.standard}\n"
    return fresh, commit_change(workspace.place, {path: render_yaml(plain_of(fresh))}, {}, message)


def find_accreditation(ledger: Ledger, text: str) -> Accreditation:
    """The accreditation of an id, or the only one to a standard. Raises Refused with what there is."""
    by_id = {one.id: one for one in ledger.accreditations}
    wanted = by_id.get(normalised(text, ACCREDITATION))
    if wanted:
        return wanted
    to_standard = [one for one in ledger.accreditations if text in {one.standard.id, str(one.standard)}]
    if len(to_standard) == 1:
        return to_standard[0]
    known = ", ".join(f"{one.id} ({one.standard}, {one.scope})" for one in ledger.accreditations)
    sentence = f"several accreditations are to {text}" if to_standard else f"there is no accreditation {text}"
    raise refuse(sentence, hint=f"there is {known}" if known else "record one with: compliance accreditation add")


def record_event(
    workspace: Workspace,
    ledger: Ledger,
    held: Accreditation,
    happened: Happened,
    cycle_facts: Mapping[str, object],
    today: dt.date,
) -> tuple[Accreditation, Committed]:
    """Records an event of the scheme; one that grants the accreditation opens a new cycle and keeps the old."""
    catalogue = ledger.catalogue(held.standard)
    if catalogue is None:
        raise refuse(
            f"{held.standard} has no catalogue here", hint=f"add it with: compliance standards use {held.standard}"
        )
    events = {event.id: event for event in catalogue.scheme.events}
    event = events.get(happened.event)
    if event is None:
        raise refuse(
            f"the scheme of {catalogue.name} has no event “{happened.event}”", hint=one_of(happened.event, events)
        )
    if happened.on > today:
        raise refuse(f"{happened.on} lies in the future", hint="record it when it has taken place")
    if any(one.event == happened.event and one.on == happened.on for one in held.happened()):
        hint = f"see what is recorded: compliance accreditation show {held.id}"
        raise refuse(f"{happened.event} on {happened.on} is recorded already", hint=hint)
    if cycle_facts and not event.opens_cycle:
        raise refuse(f"{event.id} opens no cycle: it has no certificate or expiry", hint=_opening_hint(events))
    who = Attribution(by=str(identity(Git(workspace.place))), on=today)
    noted = msgspec.structs.replace(happened, recorded=who)
    if event.opens_cycle and happened.outcome not in GRANTING:
        raise refuse(
            f"“{happened.outcome}” grants nothing, so no new cycle begins",
            hint="record a grant with the outcome granted or with-conditions; note a refusal at the audit",
        )
    if event.opens_cycle:
        cycle = Cycle(granted=happened.on, outcome=happened.outcome, **cycle_facts)  # type: ignore[arg-type]
        _check_cycle(cycle, today)
        newest = held.cycle_on(dt.date.max)
        if newest and cycle.granted <= newest.granted:
            raise refuse(
                f"the cycle granted on {newest.granted} is newer than {cycle.granted}",
                hint="give the day of the new decision",
            )
        changed = msgspec.structs.replace(held, cycles=(*held.cycles, cycle), planned=())
    else:
        changed = _with_event(held, noted)
    path, data = _file_of(workspace, held)
    edit = edited(data, plain_of(held), plain_of(changed))
    message = f"accreditation: {event.title} of {held.id} on {happened.on}\n\nStandard: {held.standard}\n"
    return changed, commit_change(workspace.place, {}, {path: edit}, message)


def _opening_hint(events: Mapping[str, object]) -> str:
    return f"the scheme's events are {', '.join(events)}"


def _with_event(held: Accreditation, happened: Happened) -> Accreditation:
    planned = tuple(plan for plan in held.planned if plan.event != happened.event)
    cycle = held.cycle_on(happened.on)
    if cycle is None:
        events = tuple(sorted((*held.events, happened), key=lambda one: one.on))
        return msgspec.structs.replace(held, events=events, planned=planned)
    events = tuple(sorted((*cycle.events, happened), key=lambda one: one.on))
    renewed = msgspec.structs.replace(cycle, events=events)
    cycles = tuple(renewed if one is cycle else one for one in held.cycles)
    return msgspec.structs.replace(held, cycles=cycles, planned=planned)


def _check_cycle(cycle: Cycle, today: dt.date) -> None:
    if cycle.granted > today:
        raise refuse(f"{cycle.granted} lies in the future", hint="what is sought is recorded with --target")
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
