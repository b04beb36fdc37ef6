"""Catalogues read from YAML, with everything wrong in them said at once."""

from __future__ import annotations

from collections.abc import Iterator

import msgspec

import compliance.store.expectations
from compliance.domain.catalogue import Catalogue, Control, expects, walk
from compliance.domain.expectations import AnyOf, Expectation, OnEvent, leaves
from compliance.store.decoding import one_of
from compliance.store.located import Mapping, Place, Scalar, Sequence, Text
from compliance.store.parsed import Parsed, parse_yaml

assert compliance.store.expectations  # its import teaches the decoder how expectations are written


def parse_catalogue(data: bytes, file: str) -> Parsed[Catalogue]:
    """A catalogue, or every problem that keeps it from being one."""
    return parse_yaml(data, file, Catalogue, _check)


def file_name(catalogue_id: str, version: str) -> str:
    """What a catalogue's file is called."""
    return f"{catalogue_id}@{version}.yaml"


def places_of(node: Mapping) -> dict[str, Mapping]:
    """Each control's mapping by its id."""
    found: dict[str, Mapping] = {}

    def look(entries: Mapping) -> None:
        below = entries.entries.get("controls")
        for item in below.value.items if below and isinstance(below.value, Sequence) else ():
            if isinstance(item, Mapping):
                name = item.entries.get("id")
                if name and isinstance(name.value, Scalar):
                    found.setdefault(name.value.text, item)
                look(item)

    look(node)
    return found


def _check(catalogue: Catalogue, node: Mapping, source: Text) -> None:
    places = places_of(node)
    if not catalogue.controls:
        source.report(node.place, "has no controls")
    profiles = {profile.id for profile in catalogue.profiles}
    if catalogue.default_profile and catalogue.default_profile not in profiles:
        source.report(_of(node, "default-profile"), f"there is no profile “{catalogue.default_profile}”", one_of(catalogue.default_profile, profiles))
    _check_scheme(catalogue, node, source)
    ids: set[str] = set()
    for entry in walk(catalogue):
        control = entry.control
        place = places[control.id].place
        if control.id in ids:
            source.report(_second(node, control.id) or place, f"the control id {control.id} is used twice")
        ids.add(control.id)
        for profile in control.profiles or ():
            if profile not in profiles:
                source.report(_of(places[control.id], "profiles"), f"there is no profile “{profile}”", one_of(profile, profiles))
        if control.assessable:
            _check_expectations(catalogue, control, places[control.id], source)
        elif control.expects:
            source.report(place, f"{control.id} expects evidence, but is not assessable", "add “assessable: true”")
    for entry in walk(catalogue):
        control = entry.control
        if control.superseded_by and control.superseded_by not in ids:
            source.report(places[control.id].place, f"there is no control {control.superseded_by}", one_of(control.superseded_by, ids))
        if control.asked_if and control.asked_if.question not in ids:
            source.report(places[control.id].place, f"there is no question {control.asked_if.question}")


def _check_scheme(catalogue: Catalogue, node: Mapping, source: Text) -> None:
    events = {event.id for event in catalogue.scheme.events}
    for event in catalogue.scheme.events:
        if event.before and event.before not in events | {"expiry"}:
            source.report(_of(node, "scheme"), f"the scheme has no event “{event.before}”", one_of(event.before, events | {"expiry"}))
        if event.before == event.id:
            source.report(_of(node, "scheme"), f"the scheme's event {event.id} comes before itself")


def _check_expectations(catalogue: Catalogue, control: Control, node: Mapping, source: Text) -> None:
    wanted = expects(catalogue, control)
    if not any(one.binding for one in wanted):
        source.report(node.place, f"{control.id} expects nothing that binds", "add an expectation that is neither advice nor optional")
    seen: set[str] = set()
    types = {event.id for event in catalogue.events}
    for one in _every(wanted):
        if one.id in seen:
            source.report(_of(node, "expects"), f"{control.id} has two expectations called “{one.id}”")
        seen.add(one.id)
        if isinstance(one.rule, AnyOf) and len(one.rule.members) < 2:
            source.report(_of(node, "expects"), f"“{one.id}” of {control.id} has no alternatives", "give any-of at least two")
        if isinstance(one.rule, OnEvent) and one.rule.event not in types:
            source.report(_of(node, "expects"), f"there is no event type “{one.rule.event}”", one_of(one.rule.event, types))


def _every(wanted: tuple[Expectation, ...]) -> Iterator[Expectation]:
    for one in wanted:
        if isinstance(one.rule, AnyOf):
            yield one
        yield from leaves(one)


def _of(node: Mapping, key: str) -> Place:
    entry = node.entries.get(key)
    return entry.key if entry else node.place


def _second(node: Mapping, control_id: str) -> Place | None:
    found: list[Place] = []

    def look(entries: Mapping) -> None:
        below = entries.entries.get("controls")
        for item in below.value.items if below and isinstance(below.value, Sequence) else ():
            if isinstance(item, Mapping):
                name = item.entries.get("id")
                if name and isinstance(name.value, Scalar) and name.value.text == control_id:
                    found.append(name.value.place)
                look(item)

    look(node)
    return found[1] if len(found) > 1 else None


def with_controls(catalogue: Catalogue, changed: dict[str, Control]) -> Catalogue:
    """The catalogue with some of its controls put in place of those with the same ids."""

    def renew(controls: tuple[Control, ...]) -> tuple[Control, ...]:
        return tuple(
            msgspec.structs.replace(changed.get(control.id, control), controls=renew(control.controls)) for control in controls
        )

    return msgspec.structs.replace(catalogue, controls=renew(catalogue.controls))
