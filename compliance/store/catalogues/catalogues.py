"""Catalogues read from YAML, with everything wrong in them said at once."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator

import msgspec

import compliance.store.catalogues.expectations  # noqa: F401 - its import teaches the decoder how they are written
from compliance.domain.standards.catalogue import Catalogue, Control, IndicatorCounts, expects, walk
from compliance.domain.standards.expectations import AnyOf, Expectation, MaxAge, OnEvent
from compliance.domain.standards.questions import ANSWER
from compliance.domain.standards.schemes import EventRole
from compliance.domain.terms.vocabulary import Judged, Level, Need
from compliance.problems import choice_hint
from compliance.store.catalogues.questions import check_questions
from compliance.store.text.located import Mapping, Node, Place, Scalar, Sequence, Text, not_text
from compliance.store.text.parsed import Parsed, parse_yaml

_OF_CONTROLS_ALONE = ("first-due", "asked-if", "indicators", "indicator-texts", "was", "revised")
"""What is said of a control that is judged, and of no heading."""


def parse_catalogue(data: bytes, file: str) -> Parsed[Catalogue]:
    """A catalogue, or every problem that keeps it from being one."""
    return parse_yaml(data, file, Catalogue, check_catalogue)


def file_name(catalogue_id: str, version: str) -> str:
    """What a catalogue's file is called."""
    return f"{catalogue_id}@{version}.yaml"


def places_of(node: Mapping) -> dict[str, list[Mapping]]:
    """The mappings of each control by its id; more than one where an id is used again."""
    nodes: dict[str, list[Mapping]] = {}

    def look(entries: Mapping) -> None:
        for item in _below(entries, "controls"):
            name = item.entries.get("id")
            if name and isinstance(name.value, Scalar):
                nodes.setdefault(name.value.text, []).append(item)
            look(item)

    look(node)
    return nodes


_NO_SUBMISSION = "give one of the scheme’s events “role: submission”, or remove the line"


def check_catalogue(catalogue: Catalogue, node: Mapping, source: Text) -> None:
    """Reports what the types cannot tell: ids used twice, names that are not listed, controls that expect nothing."""
    places = places_of(node)
    check_escapes(node, source)
    if not catalogue.controls:
        source.report(node.place, "has no controls", "list them under “controls:”")
    profiles = [profile.id for profile in catalogue.profiles]
    if catalogue.default_profile and catalogue.default_profile not in profiles:
        hint = choice_hint(catalogue.default_profile, profiles) if profiles else "list it under “profiles:”"
        source.report(_value(node, "default-profile"), f"there is no profile “{catalogue.default_profile}”", hint)
    _check_events(catalogue, node, source)
    _check_scheme(catalogue, node, source)
    ids = [entry.control.id for entry in walk(catalogue)]
    for control_id in dict.fromkeys(ids):
        for again in places[control_id][1:]:
            hint = "give one of the two another id"
            source.report(_value(again, "id"), f"the control id {control_id} is used twice", hint)
    for entry in walk(catalogue):
        control = entry.control
        place = places[control.id][0]
        _check_profiles(control.profiles or (), profiles, place, source)
        _check_indicators(control, place, source)
        if control.assessable:
            check_expectations(catalogue, control, place, source)
        else:
            _check_heading(control, place, source)
        for field, named in (
            ("superseded-by", control.superseded_by),
            ("asked-if", control.asked_if and control.asked_if.question),
        ):
            if named and named not in ids:
                source.report(
                    _value(place, field),
                    f"there is no control {named}",
                    choice_hint(named, ids) or "name one of this catalogue",
                )
    check_questions(catalogue, node, {control_id: nodes[0] for control_id, nodes in places.items()}, source)


def _check_heading(control: Control, node: Mapping, source: Text) -> None:
    """Reports what is said of a heading and can only be said of a control that is judged."""
    if control.expects:
        hint = "add “assessable: true”, or move what it expects to the controls below"
        source.report(_key(node, "expects"), f"{control.id} expects evidence, but is a heading", hint)
    for key in (key for key in _OF_CONTROLS_ALONE if key in node.entries):
        hint = "add “assessable: true”, or move it to the controls below"
        source.report(node.entries[key].key, f"“{key}” has no effect on {control.id}, a heading", hint)


def _check_indicators(control: Control, node: Mapping, source: Text) -> None:
    """Reports indicators whose words are not as many as their number."""
    if control.indicator_texts is None:
        return
    counts = control.indicators or IndicatorCounts()
    texts = node.entries["indicator-texts"].value
    for level in Level:
        field = level.value.replace("-", "_")
        count, written = getattr(counts, field), len(getattr(control.indicator_texts, field))
        if count != written:
            place = _value(texts, level.value) if isinstance(texts, Mapping) else texts.place
            sentence = f"{control.id} has {count} indicators of {level.value}, and the words of {written}"
            source.report(place, sentence, "write one text for each, and their number under “indicators:”")


def check_escapes(node: Node, source: Text) -> None:
    """Reports escapes (`"\\a"`) that stand for what is no text: nothing can show it, and no other format carry it."""
    if "\\" not in source.text:
        return
    for value in _scalars(node):
        odd = not_text(value.text)
        if odd:
            sentence = f"stands for a character that is no text (U+{ord(odd):04X})"
            source.report(value.place, sentence, "remove the escape, which begins with a backslash")


def _scalars(node: Node) -> Iterator[Scalar]:
    if isinstance(node, Scalar):
        yield node
    elif isinstance(node, Sequence):
        for item in node.items:
            yield from _scalars(item)
    else:
        for entry in node.entries.values():
            yield from _scalars(entry.value)


def _check_profiles(named: Iterable[str], profiles: Collection[str], place: Mapping, source: Text) -> None:
    """Reports profiles that the catalogue does not list, where `place` names them."""
    for profile in named:
        if profile not in profiles:
            hint = choice_hint(profile, profiles) if profiles else "list it under “profiles:” at the top"
            source.report(_value(place, "profiles"), f"there is no profile “{profile}”", hint)


def _check_events(catalogue: Catalogue, node: Mapping, source: Text) -> None:
    """Reports types of events that the catalogue has and says to have had: those are never looked for."""
    types = {event.id for event in catalogue.events}
    for event, place in zip(catalogue.events, _below(node, "events"), strict=False):
        for name in types.intersection(event.was):
            sentence = f"“was” has no effect: {name} is a type of events still"
            source.report(_value(place, "was"), sentence, "remove the one or the other")
    for former, place in zip(catalogue.former_events, _below(node, "former-events"), strict=False):
        if former.id in types:
            sentence = f"the former event {former.id} has no effect: it is a type of events still"
            source.report(_value(place, "id"), sentence, "remove the one or the other")


def _check_scheme(catalogue: Catalogue, node: Mapping, source: Text) -> None:
    scheme = node.entries.get("scheme")
    below = scheme.value if scheme and isinstance(scheme.value, Mapping) else None
    profiles = [profile.id for profile in catalogue.profiles]
    for status, place in zip(catalogue.scheme.statuses, _below(below, "statuses") if below else [], strict=False):
        _check_profiles(status.profiles, profiles, place, source)
    for method, place in zip(catalogue.scheme.methods, _below(below, "methods") if below else [], strict=False):
        _check_profiles(method.profiles, profiles, place, source)
    if below and catalogue.scheme.judged is Judged.SUBMISSION and not _has_submissions(catalogue):
        sentence = "“judged” has no effect: the scheme has no submission"
        source.report(_value(below, "judged"), sentence, _NO_SUBMISSION)
    listed = _below(below, "events") if below else []
    event_ids = [*(event.id for event in catalogue.scheme.events), "expiry"]
    for event, place in zip(catalogue.scheme.events, listed, strict=False):
        if event_ids.count(event.id) > 1 and event_ids.index(event.id) != catalogue.scheme.events.index(event):
            source.report(
                _value(place, "id"), f"the scheme's event {event.id} is listed twice", "remove one of the two"
            )
        if event.before == event.id:
            source.report(
                _value(place, "before"), f"the scheme's event {event.id} comes before itself", "name another, or expiry"
            )
        elif event.before and event.before not in event_ids:
            source.report(
                _value(place, "before"),
                f"the scheme has no event “{event.before}”",
                choice_hint(event.before, event_ids),
            )


def check_expectations(catalogue: Catalogue, control: Control, node: Mapping, source: Text) -> None:
    """Reports what is wrong among the expectations of a control; `node` is where it is written, or an overlay of it."""
    wanted = expects(catalogue, control)
    if control.answer is None and not any(expectation.binding for expectation in wanted):  # An answer binds by itself.
        hint = "give it an expectation that is neither advice nor optional, or it could never be a gap"
        source.report(_key(node, "expects"), f"{control.id} expects nothing that binds", hint)
    places = expectations_of(node)
    ids: set[str] = set()
    types = [event.id for event in catalogue.events]
    for expectation in _every(wanted):
        place = places.get(expectation.id, node)
        if control.answer and expectation.id == ANSWER:
            hint = "give the expectation another id"
            source.report(_value(place, "id"), f"“{ANSWER}” is kept for the answer to {control.id}", hint)
        if expectation.id in ids:
            source.report(
                _value(place, "id"),
                f"{control.id} has two expectations called “{expectation.id}”",
                "give one another id",
            )
        ids.add(expectation.id)
        if isinstance(expectation.rule, AnyOf) and len(expectation.rule.members) < 2:
            hint = "list at least two under any-of, or put the one in its place"
            source.report(_key(place, "any-of"), f"“{expectation.id}” of {control.id} leaves no choice", hint)
        if isinstance(expectation.rule, OnEvent) and expectation.rule.event not in types:
            hint = choice_hint(expectation.rule.event, types) if types else "list it under “events:” at the top"
            source.report(_value(place, "on"), f"there is no event type “{expectation.rule.event}”", hint)
        if expectation.judged is Judged.SUBMISSION and not _has_submissions(catalogue):
            sentence = f"“judged” has no effect on #{expectation.id} of {control.id}: the scheme has no submission"
            source.report(_value(place, "judged"), sentence, _NO_SUBMISSION)
        _check_fields(expectation, control, place, source)


def _has_submissions(catalogue: Catalogue) -> bool:
    return any(event.role is EventRole.SUBMISSION for event in catalogue.scheme.events)


def _check_fields(expectation: Expectation, control: Control, node: Mapping, source: Text) -> None:
    """Reports fields that another one leaves without effect, and those that contradict each other."""
    name = f"#{expectation.id} of {control.id}"
    if isinstance(expectation.rule, AnyOf):
        for key, value in (("kind", expectation.kinds), ("judged", expectation.judged)):
            if value:
                hint = "say it of each alternative"
                source.report(_key(node, key), f"“{key}” has no effect on {name}, which is a choice", hint)
        for member in expectation.rule.members:
            if member.need is Need.REQUIRED:
                place = expectations_of(node).get(member.id, node)
                hint = f"say it of #{expectation.id}, or remove it"
                source.report(_key(place, "need"), f"#{member.id} is an alternative, and cannot be required", hint)
    elif expectation.judged and not isinstance(expectation.rule, MaxAge):
        hint = "remove it: only the age of “max-age” can be judged at an occasion"
        source.report(_key(node, "judged"), f"“judged” has no effect on {name} ({expectation.rule})", hint)
    if expectation.need is Need.REQUIRED and not expectation.binding:
        why = "optional" if expectation.optional else "advice"
        hint = "remove one of the two"
        source.report(_key(node, "need"), f"{name} is required, and {why} as well", hint)


def _every(wanted: tuple[Expectation, ...]) -> Iterator[Expectation]:
    for expectation in wanted:
        yield expectation
        if isinstance(expectation.rule, AnyOf):
            yield from _every(expectation.rule.members)


def expectations_of(node: Mapping) -> dict[str, Mapping]:
    """Each expectation written in a control, by its id; of two the second, which is the one too many."""
    nodes: dict[str, Mapping] = {}
    for key in ("expects", "any-of"):
        for below in _below(node, key):
            name = below.entries.get("id")
            nodes |= {name.value.text: below} if name and isinstance(name.value, Scalar) else {}
            nodes |= {inner: place for inner, place in expectations_of(below).items() if inner not in nodes}
    return nodes


def _below(node: Mapping, key: str) -> list[Mapping]:
    """The groups of fields listed under a key; one that stands alone needs no list around it."""
    entry = node.entries.get(key)
    value = entry.value if entry else None
    items = value.items if isinstance(value, Sequence) else (value,)
    return [item for item in items if isinstance(item, Mapping)]


def _key(node: Mapping, key: str) -> Place:
    entry = node.entries.get(key)
    return entry.key if entry else node.place


def _value(node: Mapping, key: str) -> Place:
    entry = node.entries.get(key)
    return entry.value.place if entry else node.place


def with_controls(catalogue: Catalogue, changed: dict[str, Control]) -> Catalogue:
    """The catalogue with some of its controls put in place of those with the same ids."""

    def renew(controls: tuple[Control, ...]) -> tuple[Control, ...]:
        return tuple(
            msgspec.structs.replace(changed.get(control.id, control), controls=renew(control.controls))
            for control in controls
        )

    return msgspec.structs.replace(catalogue, controls=renew(catalogue.controls))
