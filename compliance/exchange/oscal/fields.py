"""Fields of ours within an OSCAL document: properties and parts in a namespace of our own, and back without loss.

A text that fits OSCAL's rule for the value of a property (not blank at either end, one line) is a property; any other
one, and whatever has fields of its own, is a part. `class` says which form a part spells.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from compliance.exchange.oscal.document import Node

NAMESPACE = "urn:compliance-evidence:oscal"
_VALUE = re.compile(r"\S(?:.*\S)?")
_WORD = re.compile(r"[a-z][a-z-]*")
_PROSE = "what"
"""The field whose text is the prose of its part: what an expectation wants, in words."""


def is_value(text: str) -> bool:
    """Whether a text may be the value of an OSCAL property."""
    return _VALUE.fullmatch(text) is not None and len(text.splitlines()) == 1


def with_own_fields(node: Node, plain: Mapping[str, Any]) -> Node:
    """The node with the fields of a mapping added to its properties and parts, in our namespace.

    A list without items is a property of the class `empty`. A group whose keys are no words of OSCAL's is a part of the
    class `table`; any other group is one of the class `fields`, or `item` where it stands in a list.
    """
    props: list[Node] = node.get("props", [])
    parts: list[Node] = node.get("parts", [])
    for key, value in plain.items():
        values = value if isinstance(value, list) else [value]
        if not values:
            props.append(_prop(key, "none") | {"class": "empty"})
        elif all(not isinstance(item, dict | list) for item in values):
            texts = [_text(item) for item in values]
            if all(is_value(text) for text in texts):
                props += [_prop(key, text) for text in texts]
            else:
                parts += [_part(key, "text", {"prose": text}) for text in texts]
        else:
            form = "item" if isinstance(value, list) else "fields"
            parts += [_table(key, item) if _is_table(item) else _fields(key, form, item) for item in values]
    return node | ({"props": props} if props else {}) | ({"parts": parts} if parts else {})


def own_fields_of(node: Node) -> dict[str, Any]:
    """The fields in our namespace that a node holds: the mapping that `with_own_fields` was given.

    Each value is a text, a list or a mapping of texts: numbers and truth values are not told from their texts.
    """
    plain: dict[str, Any] = {}
    lists: dict[str, list[Any]] = {}
    for prop in node.get("props", ()):
        if prop.get("ns") == NAMESPACE and "name" in prop:
            values = lists.setdefault(prop["name"], [])
            if prop.get("class") != "empty":
                values.append(prop.get("value", ""))
            else:
                plain[prop["name"]] = []
    for part in node.get("parts", ()):
        if part.get("ns") != NAMESPACE or "name" not in part:
            continue
        name, form = part["name"], part.get("class", "item")
        if form == "text":
            lists.setdefault(name, []).append(part.get("prose", ""))
        elif form == "table":
            plain[name] = {entry.get("title", ""): entry.get("prose", "") for entry in part.get("parts", ())}
        elif form == "fields":
            plain[name] = _inner(part)
        else:
            plain.setdefault(name, []).append(_inner(part))
    for name, values in lists.items():
        if values:
            plain[name] = values[0] if len(values) == 1 else values
    return plain


def _inner(part: Node) -> dict[str, Any]:
    inner = own_fields_of(part)
    return inner | {_PROSE: part["prose"]} if "prose" in part else inner


def _prop(name: str, value: str) -> Node:
    return {"name": name, "ns": NAMESPACE, "value": value}


def _part(name: str, form: str, rest: Node) -> Node:
    return {"name": name, "ns": NAMESPACE, "class": form} | rest


def _fields(key: str, form: str, fields: Mapping[str, Any]) -> Node:
    rest = {name: value for name, value in fields.items() if name != _PROSE}
    return with_own_fields(_part(key, form, {"prose": fields[_PROSE]} if _PROSE in fields else {}), rest)


def _is_table(value: Any) -> bool:
    """Whether the keys are names that the user gave, which need not be words of OSCAL's."""
    return isinstance(value, dict) and not all(_WORD.fullmatch(key) for key in value)


def _table(key: str, fields: Mapping[str, Any]) -> Node:
    entries = [_part("entry", "text", {"title": name, "prose": _text(value)}) for name, value in fields.items()]
    return _part(key, "table", {"parts": entries})


def _text(value: Any) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)
