"""Expectations as a catalogue writes them: one rule key among their fields."""

from __future__ import annotations

from typing import Any

import msgspec

from compliance.domain.standards.expectations import AnyOf, Each, Every, Expectation, MaxAge, Once, OnEvent, Rule
from compliance.domain.terms.durations import Duration
from compliance.domain.terms.periods import Slot
from compliance.domain.terms.vocabulary import Basis, Chain, Judged, Kind, Need
from compliance.store.text.decoding import (
    UNREADABLE,
    decoder_of,
    report_fields,
    special,
)
from compliance.store.text.located import Mapping, Node, Scalar, Text

_PLAIN: dict[str, tuple[str, Any]] = {
    "id": ("id", str),
    "kind": ("kinds", tuple[Kind, ...]),
    "basis": ("basis", Basis),
    "need": ("need", Need),
    "source": ("source", str),
    "what": ("what", str),
    "document": ("document", str),
    "per": ("per", Chain),
    "optional": ("optional", bool),
    "judged": ("judged", Judged),
    "because": ("because", str),
}
_SPELT: dict[str, Any] = {
    "max-age": Duration,
    "every": Duration,
    "each": Slot,
    "on": str,
    "once": bool,
    "any-of": tuple[Expectation, ...],
    "grace": Duration,
    "over": Duration,
    "set-by": str,
    "anchored": bool,
    "within": Duration,
    "before": Duration,
}
"""What the keys that spell a rule hold."""
RULES = {
    "max-age": (),
    "every": ("grace", "over", "set-by"),
    "each": ("anchored", "over"),
    "on": ("within", "before", "over"),
    "once": (),
    "any-of": (),
}
PARTS = tuple(dict.fromkeys(key for keys in RULES.values() for key in keys))
"""Keys that say more of a rule, and nothing without it."""
KEYS = (*_PLAIN, *RULES, *PARTS)
FIELDS = {key: field for key, (field, _) in _PLAIN.items()}
"""The field of an expectation that each key sets, but for those that spell its rule."""
TYPES: dict[str, Any] = {**{key: type_ for key, (_, type_) in _PLAIN.items()}, **_SPELT}
UNSET = "unset"
_NEVER_NOTHING = ("max-age", "every", "over")
"""Times that nothing could keep, or look back over, if they were none."""


@special(Expectation)
def _expectation(node: Node, source: Text) -> Any:
    if not isinstance(node, Mapping):
        source.report(
            node.place, "is not an expectation", "write it like {id: report, kind: report, max-age: 12 months}"
        )
        return UNREADABLE
    complete = report_fields(node, KEYS, ("id",), source)
    values = plain_fields(node, source)
    rule = rule_of(node, source)
    if (
        rule is None
        and complete
        and all(key in KEYS for key in node.entries)
        and not any(key in node.entries for key in (*RULES, *PARTS))
    ):
        source.report(node.place, "has no rule", f"give it one of {', '.join(RULES)}")
    if rule is None or not complete or UNREADABLE in values.values():
        return UNREADABLE
    return expectation_of(rule, values)


def expectation_of(rule: Rule, values: dict[str, Any]) -> Expectation:
    """The expectation of a rule and its other fields; a group and its alternatives have one basis."""
    if isinstance(rule, AnyOf) and "basis" in values:
        rule = AnyOf(tuple(msgspec.structs.replace(member, basis=values["basis"]) for member in rule.members))
    elif isinstance(rule, AnyOf):
        values = values | {"basis": next((member.basis for member in rule.members if member.binding), Basis.ADVICE)}
    return Expectation(rule=rule, **values)


def plain_fields(node: Mapping, source: Text) -> dict[str, Any]:
    """The fields of an expectation but for its rule."""
    return {
        field: decoder_of(type_)(node.entries[key].value, source)
        for key, (field, type_) in _PLAIN.items()
        if key in node.entries
    }


def rule_of(node: Mapping, source: Text) -> Rule | None:
    """The one rule that the keys spell; None where they spell none, or, with a problem reported, not just one.

    Reported as well are keys that say more of a rule that is not there, or that say it for nothing.
    """
    rules = [key for key in RULES if key in node.entries]
    if len(rules) > 1:
        source.report(node.entries[rules[1]].key, f"has two rules, {rules[0]} and {rules[1]}", "keep one of them")
        return None
    if not rules:
        for key in (key for key in node.entries if key in PARTS):
            hint = f"write its rule beside it ({', '.join(_rules_with(key))}), or remove it"
            source.report(node.entries[key].key, f"“{key}” stands without the rule that it is a part of", hint)
        return None
    name = rules[0]
    for key, entry in node.entries.items():
        if key in PARTS and key not in RULES[name]:
            hint = f"remove it: it goes with {' and '.join(_rules_with(key))}"
            source.report(entry.key, f"“{key}” does not go with “{name}”", hint)
            return None
    before = len(source.problems)
    rule = _rule(name, node, source)
    return rule if len(source.problems) == before else None


def _rules_with(key: str) -> list[str]:
    return [rule for rule, keys in RULES.items() if key in keys]


def _rule(name: str, node: Mapping, source: Text) -> Rule | None:
    def read(key: str) -> Any:
        entry = node.entries.get(key)
        value = decoder_of(_SPELT[key])(entry.value, source) if entry else None
        if entry and isinstance(value, Duration) and value.count == 0 and key in _NEVER_NOTHING:
            source.report(entry.value.place, f"“{key}” is no time at all", "write it like 3 months")
        return None if value is UNREADABLE else value

    match name:
        case "max-age":
            return MaxAge(read("max-age"))
        case "every":
            value = node.entries["every"].value
            unset = isinstance(value, Scalar) and value.text == UNSET
            for key in ("grace",) if unset else ("set-by",):
                if key in node.entries:
                    there = "no interval" if unset else "an interval"
                    hint = "remove it, or write the interval" if unset else "remove it, or write “every: unset”"
                    source.report(node.entries[key].key, f"“{key}” says nothing where there is {there}", hint)
            interval = None if unset else read("every")
            return Every(interval, read("grace"), read("over"), read("set-by") or "")
        case "each":
            return Each(read("each"), read("anchored") or False, read("over"))
        case "on":
            if not {"within", "before"} & node.entries.keys():
                hint = "add “within: 30 days” for what follows the event, “before: 30 days” for what comes ahead of it"
                source.report(node.entries["on"].key, "“on” says no time", hint)
                return None
            return OnEvent(read("on"), read("within"), read("over"), read("before"))
        case "once":
            value = node.entries["once"].value
            if read("once") is False:
                source.report(
                    value.place, "“once” takes the value true", "write true, or give the expectation another rule"
                )
            return Once()
        case _:
            return AnyOf(read("any-of") or ())
