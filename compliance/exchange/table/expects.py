"""An expectation as cells, and back: kind, rule, interval, basis and what in columns, the rest under `more`."""

from __future__ import annotations

from typing import Any

import msgspec

from compliance.domain.standards.expectations import AnyOf, Each, Every, Expectation, MaxAge, Once, OnEvent, Rule
from compliance.domain.terms.durations import Duration, parse_duration
from compliance.domain.terms.periods import Slot
from compliance.domain.terms.vocabulary import Basis, Kind
from compliance.exchange.table.more import converted, more_of
from compliance.store.catalogues.expectations import RULES, UNSET

_BESIDE = ("id", "kinds", "rule", "basis", "what")
_FIELDS = frozenset(field.name for field in msgspec.structs.fields(Expectation)) - {"id", "kinds", "basis", "what"}


def expectation_cells(one: Expectation) -> dict[str, str]:
    """The cells of an expectation; what they would not give back goes under `more`."""
    plain = msgspec.to_builtins(one)
    more = {name: value for name, value in plain.items() if name not in _BESIDE}
    rule, interval = _shown(one.rule)
    if _tried(rule, interval.strip()) != one.rule:
        more["rule"] = plain["rule"]
    return {
        "expectation": one.id,
        "kind": ", ".join(kind.value for kind in one.kinds),
        "rule": rule,
        "interval": interval,
        "basis": one.basis.value,
        "what": one.what,
        "more": msgspec.json.encode(more, order="deterministic").decode() if more else "",
    }


def expectation_from(record: dict[str, str]) -> Expectation:
    """The expectation of a row. Raises ValueError with a sentence for the user."""
    more = more_of(record, _FIELDS)
    id_ = record.get("expectation", "")
    if not id_:
        raise ValueError("an expectation has no id under “expectation”; write one")
    rule, interval = record.get("rule", "").strip(), record.get("interval", "").strip()
    made = converted(more.pop("rule"), Rule) if "rule" in more else _rule(rule, interval)
    if made is None:
        raise ValueError(f"“{rule[:40]}” with “{interval[:40]}” is no rule; choose from {', '.join(RULES)}")
    if tuple(text.strip() for text in _shown(made)) != (rule, interval):
        shown = " ".join(_shown(made))
        raise ValueError(f"the cells say “{rule} {interval}”, but “more” says “{shown}”; change both, or neither")
    expectation: Expectation = converted({"id": id_, "rule": msgspec.to_builtins(made), **more}, Expectation)
    return msgspec.structs.replace(
        expectation,
        kinds=tuple(_word(Kind, one.strip()) for one in record.get("kind", "").split(",") if one.strip()),
        basis=_word(Basis, record.get("basis", "").strip() or Basis.ORGANISATION.value),
        what=record.get("what", ""),
    )


def _shown(rule: Rule) -> tuple[str, str]:
    match rule:
        case MaxAge():
            return "max-age", str(rule.age)
        case Every():
            return "every", str(rule.interval) if rule.interval else UNSET
        case Each():
            return "each", rule.slot.value
        case OnEvent():
            return "on", f"{rule.event} within {rule.within}"
        case Once():
            return "once", ""
        case AnyOf():
            return "any-of", ", ".join(member.id for member in rule.members)


def _rule(name: str, interval: str) -> Rule | None:
    """The rule that two cells spell; None where they spell none, or not all of it."""
    match name:
        case "max-age":
            return MaxAge(_duration(interval))
        case "every":
            return Every(None if interval == UNSET else _duration(interval))
        case "each":
            return Each(_word(Slot, interval))
        case "on":
            event, within, length = interval.rpartition(" within ")
            return OnEvent(event, _duration(length)) if within else None
        case "once":
            return Once() if not interval else None
    return None


def _tried(name: str, interval: str) -> Rule | None:
    try:
        return _rule(name, interval)
    except ValueError:
        return None


def _duration(text: str) -> Duration:
    return parse_duration(text)


def _word(choices: Any, text: str) -> Any:
    known = {one.value: one for one in choices}
    if text not in known:
        raise ValueError(f"“{text[:40]}” is not one of {', '.join(known)}; choose one of them")
    return known[text]
