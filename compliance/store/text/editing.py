"""Edits of YAML files that people keep by hand: what is not changed stays as they wrote it, comments and all."""

from __future__ import annotations

import io
from collections.abc import Mapping
from typing import Any

from compliance.store.records.records import render_yaml
from compliance.store.text.row_editing import are_rows, edited_rows


def edited(data: bytes, before: Mapping[str, Any], now: Mapping[str, Any]) -> bytes:
    """The text changed where two plain values differ, and nowhere else: in a list only the items that came or went."""
    for key in before.keys() & now.keys():
        if before[key] != now[key] and are_rows(before[key]) and are_rows(now[key]):
            rows = edited_rows(data, key, before[key], now[key], edited)
            if rows is not None:
                return edited(rows, {**before, key: now[key]}, now)
    if before == now:
        return data
    if not data:
        return render_yaml(now)
    yaml, document = _loaded(data)
    _edit(document, before, now)
    return _dumped(yaml, document)


def _edit(document: Any, before: Mapping[str, Any], now: Mapping[str, Any]) -> None:
    for key in [*now, *(key for key in before if key not in now)]:
        old, new = before.get(key), now.get(key)
        if key not in now:
            del document[key]
        elif isinstance(old, dict) and isinstance(new, dict):
            _edit(document[key], old, new)
        elif isinstance(old, list) and isinstance(new, list) and len(document[key]) == len(old):
            _edit_list(document[key], old, new)
        elif key not in document:
            after = list(now)[list(now).index(key) + 1 :]
            place = next((at for at, there in enumerate(document) if there in after), len(document))
            document.insert(place, key, new)
        elif old != new:
            document[key] = new


def _edit_list(document: Any, before: list[Any], now: list[Any]) -> None:
    """What both begin and end with stays; between, an item becomes another, comes in or goes."""
    first = next((at for at, pair in enumerate(zip(before, now, strict=False)) if pair[0] != pair[1]), None)
    if first is None:
        first = min(len(before), len(now))
    last = 0
    while last < min(len(before), len(now)) - first and before[-1 - last] == now[-1 - last]:
        last += 1
    old, new = before[first : len(before) - last], now[first : len(now) - last]
    for at, (one, other) in enumerate(zip(old, new, strict=False), first):
        if isinstance(one, dict) and isinstance(other, dict):
            _edit(document[at], one, other)
        else:
            document[at] = other
    for _ in old[len(new) :]:
        document.pop(first + len(new))
    for at, item in enumerate(new[len(old) :], first + len(old)):
        document.insert(at, item)


def appended(data: bytes, key: str, item: Mapping[str, Any]) -> bytes:
    """The text with an item more at the end of the list under a key."""
    yaml, document = _loaded(data)
    document[key].append(dict(item))
    return _dumped(yaml, document)


def _loaded(data: bytes) -> tuple[Any, Any]:
    from ruamel.yaml import YAML  # wanted by commands that edit, and slow to import

    yaml = YAML()
    yaml.preserve_quotes = True
    yaml.representer.ignore_aliases = lambda _: True  # one day in two places is written out twice
    yaml.width = 110
    return yaml, yaml.load(data.decode("utf-8-sig"))


def _dumped(yaml: Any, document: Any) -> bytes:
    text = io.StringIO()
    yaml.dump(document, text)
    return text.getvalue().encode()
