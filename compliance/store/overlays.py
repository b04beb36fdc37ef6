"""An organisation's own intervals, evidence and words on top of a catalogue, which itself stays as it was shipped."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import msgspec

from compliance.domain.catalogue import Catalogue, Control, expects, walk
from compliance.domain.expectations import Every, Expectation, Rule
from compliance.domain.references import StandardName, parse_standard
from compliance.domain.vocabulary import Basis
from compliance.problems import Problem, Refused
from compliance.store.catalogues import with_controls
from compliance.store.decoding import UNREADABLE, decoder_of, one_of, report_missing, report_unknown
from compliance.store.expectations import KEYS, plain_fields, rule_of
from compliance.store.located import Mapping, Scalar, Sequence, Text, decode_text, read_yaml

SUFFIX = ".overlay.yaml"
_WORDING = ("title", "summary", "local-id")


def apply_overlay(
    data: bytes, file: str, find: Callable[[StandardName], Catalogue | None]
) -> tuple[Catalogue | None, tuple[Problem, ...]]:
    """The catalogue that an overlay names, with what it changes; None and the problems if it cannot be applied.

    An overlay may set any interval but a mandated one; it says why with `because`.
    """
    try:
        node, source = read_yaml(decode_text(data, file), file)
    except Refused as refusal:
        return None, refusal.problems
    catalogue = _named(node, source, find)
    if catalogue is None or not isinstance(node, Mapping):
        return None, tuple(source.problems)
    controls = {entry.control.id: entry.control for entry in walk(catalogue)}
    changed: dict[str, Control] = {}
    listed = node.entries.get("controls")
    for item in listed.value.items if listed and isinstance(listed.value, Sequence) else ():
        control = _changed(item, catalogue, controls, source) if isinstance(item, Mapping) else None
        if control:
            changed[control.id] = control
    if any(problem.is_error for problem in source.problems):
        return None, tuple(source.problems)
    return with_controls(catalogue, changed), tuple(source.problems)


def _named(node: Any, source: Text, find: Callable[[StandardName], Catalogue | None]) -> Catalogue | None:
    if not isinstance(node, Mapping):
        if node is not None:
            source.report(node.place, "is not an overlay", "begin it with “overlay: standard@version”")
        return None
    report_unknown(node, ("overlay", "controls"), source)
    if not report_missing(node, ("overlay", "controls"), source):
        return None
    value = node.entries["overlay"].value
    try:
        name = parse_standard(value.text if isinstance(value, Scalar) else "")
    except ValueError as error:
        source.report(value.place, str(error))
        return None
    catalogue = find(name)
    if catalogue is None:
        source.report(value.place, f"there is no catalogue {name} here", f"add it with: compliance standards use {name}")
    return catalogue


def _changed(node: Mapping, catalogue: Catalogue, controls: dict[str, Control], source: Text) -> Control | None:
    report_unknown(node, ("id", *_WORDING, "expects"), source)
    if not report_missing(node, ("id",), source):
        return None
    entry = node.entries["id"].value
    control = controls.get(entry.text) if isinstance(entry, Scalar) else None
    if control is None:
        text = entry.text if isinstance(entry, Scalar) else ""
        source.report(entry.place, f"{catalogue.name} has no control {text}", one_of(text, controls))
        return None
    changes: dict[str, Any] = {}
    notes: list[str] = []
    for key in _WORDING:
        if key in node.entries:
            value = decoder_of(str)(node.entries[key].value, source)
            if value is not UNREADABLE:
                changes[key.replace("-", "_")] = value
                notes.append(f"{key}: {value}")
    expectations = {one.id: one for one in expects(catalogue, control)}
    listed = node.entries.get("expects")
    for item in listed.value.items if listed and isinstance(listed.value, Sequence) else ():
        one = _expectation(item, expectations, source) if isinstance(item, Mapping) else None
        if one:
            notes.append(f"#{one.id}: {one.rule}" + (f" ({one.because})" if one.because else ""))
            expectations[one.id] = one
    if listed:
        changes["expects"] = tuple(expectations.values())
    return msgspec.structs.replace(control, changed_by_overlay=tuple(notes), **changes)


def _expectation(node: Mapping, known: dict[str, Expectation], source: Text) -> Expectation | None:
    report_unknown(node, KEYS, source)
    if not report_missing(node, ("id",), source):
        return None
    before = len(source.problems)
    values = plain_fields(node, source)
    rule = rule_of(node, source)
    if len(source.problems) > before:
        return None
    present = known.get(values["id"])
    if present is None:
        if rule is None:
            source.report(node.place, f"there is no expectation “{values['id']}” to change, and no rule to add one with", one_of(values["id"], known))
            return None
        return Expectation(rule=rule, **values)
    if rule is not None and present.basis is Basis.MANDATED and str(rule) != str(present.rule):
        source.report(node.place, f"#{present.id} is mandated by the standard ({present.rule}) and cannot be changed")
        return None
    if "basis" in values and values["basis"] is not present.basis:
        source.report(node.entries["basis"].key, f"the basis of #{present.id} cannot be changed")
        return None
    if rule is not None and _was_unset(present.rule) and not values.get("because"):
        source.report(node.place, f"#{present.id} needs the analysis that sets its interval", "say which one with “because: …”")
        return None
    return msgspec.structs.replace(present, rule=rule or present.rule, **values)


def _was_unset(rule: Rule) -> bool:
    return isinstance(rule, Every) and rule.interval is None


