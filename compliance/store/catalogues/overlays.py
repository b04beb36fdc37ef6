"""An organisation's own intervals, evidence and words on top of a catalogue, which itself stays as it was shipped."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import msgspec

from compliance.domain.standards.catalogue import Catalogue, Control, Relation, expects, walk
from compliance.domain.standards.expectations import Every, Expectation, Rule, leaves
from compliance.domain.terms.references import StandardName, parse_standard
from compliance.domain.terms.vocabulary import Basis, Need
from compliance.problems import Problem, choice_hint, sentence_and_hint
from compliance.store.catalogues.catalogues import check_escapes, check_expectations, with_controls
from compliance.store.catalogues.expectations import FIELDS, KEYS, PARTS, RULES, expectation_of, plain_fields, rule_of
from compliance.store.catalogues.overlay_profiles import added_profiles
from compliance.store.catalogues.overlay_settings import SettingsMade, report_set_twice
from compliance.store.text.decoding import UNREADABLE, decoder_of, report_fields
from compliance.store.text.located import Mapping, Scalar, Sequence, Text
from compliance.store.text.yaml_text import read_yaml_file

SUFFIX = ".overlay.yaml"
WORDING = ("title", "summary", "local-id")
TOP = ("overlay", "controls", "profiles")
OF_CONTROL = ("id", *WORDING, "expects", "related")
"""The fields of an overlay, and of a control in it."""
_FIXED = {"rule": "rule", "kind": "kinds", "per": "per", "optional": "optional", "judged": "judged"}
"""What makes a mandated expectation, by key and field: an overlay may reword it and do more, never less."""
_OF_THE_STANDARD = ("basis", "need", "source")
"""What an expectation takes from the standard, whatever its basis."""


def apply_overlay(
    data: bytes, file: str, find: Callable[[StandardName], Catalogue | None], made: SettingsMade | None = None
) -> tuple[Catalogue | None, tuple[Problem, ...]]:
    """The catalogue that an overlay names, with what it changes; None and the problems if it cannot be applied.

    An overlay may set any interval but a mandated one; it says why with `because`. `made` is what the overlays
    before it have set, and is added to: nothing is set by two of them.
    """
    node, source = read_yaml_file(data, file)
    catalogue = _named(node, source, find)
    if catalogue is None or not isinstance(node, Mapping):
        return None, tuple(source.problems)
    check_escapes(node, source)
    report_set_twice(node, catalogue.name, source, {} if made is None else made)
    if source.problems:
        return None, tuple(source.problems)
    controls = {entry.control.id: entry.control for entry in walk(catalogue)}
    changed: dict[str, Control] = {}
    for item in _listed(node, "controls", "id: A.8.8", source):
        control = _changed(item, catalogue, controls, changed, source)
        if control:
            changed[control.id] = control
    added = added_profiles(_listed(node, "profiles", "id: ours", source), catalogue, source)
    if any(problem.is_error for problem in source.problems):
        return None, tuple(source.problems)
    overlaid = msgspec.structs.replace(catalogue, profiles=(*catalogue.profiles, *added))
    return with_controls(overlaid, changed), tuple(source.problems)


def _listed(node: Mapping, key: str, example: str, source: Text) -> list[Mapping]:
    entry = node.entries.get(key)
    if entry is None:
        return []
    hint = f"begin each with “- {example}”"
    if not isinstance(entry.value, Sequence):
        source.report(entry.value.place, f"“{key}” is not a list", hint)
        return []
    if not entry.value.items:
        source.report(entry.key, f"“{key}” has no effect: it is empty", f"{hint}, or remove it")
    for item in entry.value.items:
        if not isinstance(item, Mapping):
            source.report(item.place, f"is not one of the {key}: it has no fields", hint)
    return [item for item in entry.value.items if isinstance(item, Mapping)]


def _named(node: Any, source: Text, find: Callable[[StandardName], Catalogue | None]) -> Catalogue | None:
    if not isinstance(node, Mapping):
        if node is not None:
            source.report(node.place, "is not an overlay", "begin it with “overlay: standard@version”")
        return None
    required = ("overlay",) if "profiles" in node.entries else ("overlay", "controls")
    if not report_fields(node, TOP, required, source):
        return None
    value = node.entries["overlay"].value
    try:
        name = parse_standard(value.text if isinstance(value, Scalar) else "")
    except ValueError as error:
        source.report(value.place, *sentence_and_hint(error))
        return None
    catalogue = find(name)
    if catalogue is None:
        source.report(
            value.place, f"there is no catalogue {name} here", f"add it with: compliance standards use {name}"
        )
    return catalogue


def _changed(
    node: Mapping, catalogue: Catalogue, controls: dict[str, Control], changed: dict[str, Control], source: Text
) -> Control | None:
    if not report_fields(node, OF_CONTROL, ("id",), source):
        return None
    entry = node.entries["id"].value
    text = entry.text if isinstance(entry, Scalar) else ""
    control = controls.get(text)
    if control is None:
        hint = choice_hint(text, controls) or f"list them with: compliance standards show {catalogue.name}"
        source.report(entry.place, f"{catalogue.name} has no control {text}", hint)
        return None
    if text in changed:
        source.report(entry.place, f"changes {text} twice", "put both changes into one")
        return None
    if len(node.entries) == 1:
        hint = f"say what is other here: {', '.join(OF_CONTROL[1:])}; or remove it"
        source.report(entry.place, f"changes nothing of {text}", hint)
        return None
    changes, notes = _wording(node, control, source)
    before = len(source.problems)
    expectations = {expectation.id: expectation for expectation in expects(catalogue, control)}
    for item in _listed(node, "expects", "id: report", source):
        expectation = _expectation(item, expectations, source)
        if expectation:
            notes += _notes_of(expectation, expectations.get(expectation.id))
            expectations[expectation.id] = expectation
    if "expects" in node.entries:
        changes["expects"] = tuple(expectations.values())
    if "related" in node.entries:
        changes["related"], added = _related(node, control, catalogue, source)
        notes += added
    overlaid = msgspec.structs.replace(control, changed_by_overlay=(*control.changed_by_overlay, *notes), **changes)
    if "expects" in node.entries and len(source.problems) == before:
        check_expectations(catalogue, overlaid, node, source)
    return overlaid


def _wording(node: Mapping, control: Control, source: Text) -> tuple[dict[str, Any], list[str]]:
    """The words of a control that an overlay gives, by field, with the notes that say so."""
    changes: dict[str, Any] = {}
    notes: list[str] = []
    for key in (key for key in WORDING if key in node.entries):
        value = decoder_of(str)(node.entries[key].value, source)
        if value is not UNREADABLE:
            field = key.replace("-", "_")
            changes[field] = value
            if value == getattr(control, field):
                _report_same(key, node, control.id, source)
            notes += _note(key, value, getattr(control, field))
    return changes, notes


def _related(
    node: Mapping, control: Control, catalogue: Catalogue, source: Text
) -> tuple[tuple[Relation, ...], list[str]]:
    """The relations of a control with those that an overlay adds: one to the same control takes the other's place."""
    value = decoder_of(tuple[Relation, ...])(node.entries["related"].value, source)
    if value is UNREADABLE:
        return control.related, []
    places = _listed(node, "related", "to: iso27001:A.8.8", source)
    named = {relation.to: relation for relation in control.related}
    notes = []
    for relation, item in zip(value, places, strict=False):
        before = named.get(relation.to)
        if before == relation:
            sentence = f"the relation to {relation.to} has no effect on {control.id}: the catalogue has it already"
            source.report(item.place, sentence, "remove it")
        elif _is_of(relation, control, catalogue):
            source.report(item.place, f"{control.id} is related to itself", "name another control, or remove it")
        instead = f" instead of {before.type.value}" if before and before.type is not relation.type else ""
        notes.append(f"related: {relation.type.value} {relation.to}{instead}")
        named[relation.to] = relation
    return tuple(named.values()), notes


def _is_of(relation: Relation, control: Control, catalogue: Catalogue) -> bool:
    """Whether a relation leads to the very control that it is one of."""
    to = relation.to
    return (to.standard, to.control) == (catalogue.id, control.id) and to.version in {"", catalogue.version}


def _report_same(key: str, node: Mapping, of: str, source: Text) -> None:
    """Reports a key that says of a control or an expectation what is so without it."""
    source.report(node.entries[key].key, f"“{key}” has no effect on {of}: that is so already", "remove this field")


def _note(name: str, now: str, before: str) -> list[str]:
    """That something reads otherwise now, if it does."""
    if now == before:
        return []
    return [f"{name}: “{now}” instead of “{before}”" if before else f"{name}: “{now}”"]


def _notes_of(expectation: Expectation, before: Expectation | None) -> list[str]:
    """What an overlay made of an expectation, field by field, and why it says it did."""
    why = f", because: {expectation.because}" if expectation.because else ""
    if before is None:
        kinds = " or ".join(kind.value for kind in expectation.kinds)
        facts = ", ".join(filter(None, (kinds, str(expectation.rule), expectation.basis.value)))
        return [f"#{expectation.id} added: {facts}{why}"]
    notes = (
        [f"#{expectation.id}: {expectation.rule} instead of {before.rule}{why}"]
        if expectation.rule != before.rule
        else []
    )
    for name, field in (("kind", "kinds"), ("per", "per"), ("optional", "optional"), ("judged", "judged")):
        now, then = getattr(expectation, field), getattr(before, field)
        if now != then:
            notes.append(f"#{expectation.id}: {name} {_spelled(now)} instead of {_spelled(then)}{why}")
    for name, now, then in (
        ("what to file", expectation.what, before.what),
        ("document", expectation.document, before.document),
    ):
        notes += [f"#{expectation.id}, {note}{'' if notes else why}" for note in _note(name, now, then)]
    return notes


def _spelled(value: Any) -> str:
    if isinstance(value, tuple):
        return " or ".join(word.value for word in value) or "any"
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(value.value) if value else "none"


def _expectation(node: Mapping, expectations: dict[str, Expectation], source: Text) -> Expectation | None:
    before = len(source.problems)
    if not report_fields(node, KEYS, ("id",), source):
        return None
    values = plain_fields(node, source)
    rule = rule_of(node, source)
    if len(source.problems) > before:
        return None
    present = expectations.get(values["id"])
    if present is None:
        return _new(node, values, rule, expectations, source)
    if len(node.entries) == 1:
        hint = "say what is other here, or remove it"
        source.report(node.place, f"changes nothing of #{present.id}", hint)
        return None
    changed = msgspec.structs.replace(present, rule=rule or present.rule, **values)
    if not _has_effect(node, changed, present, source):
        return None
    if not _may_change(node, changed, present, source):
        return None
    if changed.optional and not present.optional and not _may_be_left_out(changed, node, source):
        return None
    if rule is not None and _was_unset(present.rule) and not changed.because:
        sentence = f"#{present.id} needs the analysis that sets its interval"
        source.report(node.place, sentence, "say which one with “because: …”")
        return None
    return changed


def _new(
    node: Mapping, values: dict[str, Any], rule: Rule | None, expectations: dict[str, Expectation], source: Text
) -> Expectation | None:
    """The expectation that an overlay adds; None with a problem where it has no rule, or the id of an alternative."""
    id_ = node.entries["id"].value.place
    group = next((entry.id for entry in expectations.values() if values["id"] in _alternatives(entry)), None)
    if group:
        sentence = f"“{values['id']}” is an alternative of #{group}, and is not changed alone"
        hint = f"write the whole choice: {{id: {group}, any-of: […]}}, or give what you add another id"
        source.report(id_, sentence, hint)
        return None
    if rule is None:
        sentence = f"there is no expectation “{values['id']}” to change, and no rule to add one with"
        source.report(id_, sentence, choice_hint(values["id"], expectations))
        return None
    return _added(expectation_of(rule, values), node, source)


def _may_change(node: Mapping, changed: Expectation, present: Expectation, source: Text) -> bool:
    """Whether an overlay leaves to the standard what is the standard's to say. Reports the first thing that is."""
    for key in _OF_THE_STANDARD:
        if getattr(changed, key) != getattr(present, key):
            sentence = f"the {key} of #{present.id} cannot be changed"
            source.report(node.entries[key].key, sentence, "remove this field")
            return False
    for key, field in _FIXED.items():
        if present.basis is Basis.MANDATED and getattr(changed, field) != getattr(present, field):
            _refuse_change(key, node, present, source)
            return False
    return True


def _alternatives(expectation: Expectation) -> set[str]:
    """The ids of what an expectation leaves the choice of; none where it leaves none."""
    return {leaf.id for leaf in leaves(expectation)} - {expectation.id}


def _has_effect(node: Mapping, changed: Expectation, present: Expectation, source: Text) -> bool:
    """Whether each key that an overlay gives an expectation changes it. Reports those that do not."""
    before = len(source.problems)
    for key in (key for key in node.entries if key not in {"id", *PARTS}):
        field = "rule" if key in RULES else FIELDS[key]
        if getattr(changed, field) == getattr(present, field):
            _report_same(key, node, f"#{present.id}", source)
    if changed.optional and not present.optional and present.basis is Basis.ADVICE:
        hint = "remove this field: advice is never a gap"
        source.report(node.entries["optional"].key, f"“optional” has no effect on #{present.id}, which is advice", hint)
    if set(node.entries) == {"id", "because"}:
        sentence = f"“because” has no effect on #{present.id}: nothing else of it is changed"
        source.report(node.entries["because"].key, sentence, "say what is other here, or remove it")
    return len(source.problems) == before


def _added(expectation: Expectation, node: Mapping, source: Text) -> Expectation | None:
    """An expectation of the organisation's own; None with a problem where it speaks for the standard."""
    for key, word in (("basis", Basis.MANDATED), ("need", Need.REQUIRED)):
        if any(getattr(claimed, key) is word for claimed in (expectation, *leaves(expectation))):
            sentence = f"#{expectation.id} is added by an overlay: only a standard makes its evidence {word.value}"
            hint = "remove this field: what you ask of yourselves counts like any other"
            entry = node.entries.get(key)
            source.report(entry.key if entry else node.place, sentence, hint)
            return None
    return expectation


def _may_be_left_out(changed: Expectation, node: Mapping, source: Text) -> bool:
    """Whether an overlay may make an expectation optional: never what the standard requires, else with a reason."""
    place = node.entries["optional"].key
    if changed.need is Need.REQUIRED:
        asks = f" ({changed.source})" if changed.source else ""
        sentence = f"#{changed.id} is required by the standard{asks}: it cannot be made optional"
        source.report(place, sentence, "remove this field")
        return False
    if not changed.because:
        source.report(place, f"#{changed.id} needs the reason why it is optional here", "say why with “because: …”")
        return False
    return True


def _refuse_change(key: str, node: Mapping, present: Expectation, source: Text) -> None:
    name = next((rule for rule in RULES if rule in node.entries), "id") if key == "rule" else key
    source.report(
        node.entries[name].key,
        f"#{present.id} is mandated by the standard ({present.rule}): “{name}” cannot be changed",
        "remove this field; what you do beyond it can be an expectation of its own",
    )


def _was_unset(rule: Rule) -> bool:
    return isinstance(rule, Every) and rule.interval is None
