"""What overlays set, key by key: nothing is set by two of them, or twice by one."""

from __future__ import annotations

from collections.abc import Iterator

from compliance.domain.terms.references import StandardName
from compliance.problems import Location
from compliance.store.catalogues.expectations import PARTS, RULES
from compliance.store.text.located import Mapping, Node, Place, Scalar, Sequence, Text

Setting = tuple[str, ...]
"""What is set: the control's id and a key; of an expectation or a relation its id too; of a profile the id alone."""
SettingsMade = dict[tuple[StandardName, Setting], Location]
"""Where the overlays that were read so far set what they set."""
_RULE = "rule"


def report_set_twice(node: Mapping, standard: StandardName, source: Text, made: SettingsMade) -> None:
    """Reports what an overlay sets that it or another one has set before, with both places; adds the rest to `made`."""
    for setting, place in _settings_of(node):
        location = source.problem(place, "").location or Location(source.file)
        first = made.setdefault((standard, setting), location)
        if first == location:
            continue
        sentence = f"changes {_spelled(setting)} of {setting[0]} twice" if len(setting) > 1 else ""
        if first.file != location.file:
            where = f"{first.file}:{first.line}"
            of = f" of {setting[0]}" if len(setting) > 1 else ""
            sentence = f"changes {_spelled(setting)}{of}, as {where} does: neither has precedence"
        if sentence:
            source.report(place, sentence, "keep one of the two")


def _settings_of(node: Mapping) -> Iterator[tuple[Setting, Place]]:
    """Each thing that the fields of an overlay set, and where; what cannot be read is left out."""
    for profile in _mappings(node, "profiles"):
        name = _text(profile, "id")
        if name:
            yield (name,), profile.place
    for item in _mappings(node, "controls"):
        control = _text(item, "id")
        for key, entry in item.entries.items():
            if key not in {"id", "expects", "related"}:
                yield (control, key), entry.key
        for expectation in _mappings(item, "expects"):
            yield from _of_expectation(control, expectation)
        for relation in _mappings(item, "related"):
            yield (control, "related", _text(relation, "to")), relation.place


def _of_expectation(control: str, node: Mapping) -> Iterator[tuple[Setting, Place]]:
    expectation = _text(node, "id")
    rules = [key for key in node.entries if key in RULES]
    for key, entry in node.entries.items():
        if key not in {"id", *PARTS, *rules[1:]}:
            yield (control, _RULE if key in RULES else key, expectation), entry.key


def _spelled(setting: Setting) -> str:
    """What is set, as a message names it before its control: `“title”`, `“kind” of #report`."""
    match setting:
        case (profile,):
            return f"the profile {profile}"
        case (_, key):
            return f"“{key}”"
        case (_, "related", other):
            return f"the relation to {other}"
        case (_, key, expectation):
            return f"{'the rule' if key == _RULE else f'“{key}”'} of #{expectation}"
        case _:
            raise AssertionError(setting)


def _mappings(node: Mapping, key: str) -> list[Mapping]:
    entry = node.entries.get(key)
    items: tuple[Node, ...] = entry.value.items if entry and isinstance(entry.value, Sequence) else ()
    return [item for item in items if isinstance(item, Mapping)]


def _text(node: Mapping, key: str) -> str:
    entry = node.entries.get(key)
    return entry.value.text if entry and isinstance(entry.value, Scalar) else ""
