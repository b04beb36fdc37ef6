"""Edits of YAML files that people keep by hand: what is not changed stays as they wrote it, comments and all."""

from __future__ import annotations

import io
from collections.abc import Mapping
from typing import Any


def edited(data: bytes, before: Mapping[str, Any], now: Mapping[str, Any]) -> bytes:
    """The text with those keys changed whose values differ between two plain mappings."""
    yaml, document = _loaded(data)
    for key in before.keys() | now.keys():
        if key not in now:
            del document[key]
        elif before.get(key) != now[key]:
            document[key] = now[key]
    return _dumped(yaml, document)


def appended(data: bytes, key: str, item: Mapping[str, Any]) -> bytes:
    """The text with an item more at the end of the list under a key."""
    yaml, document = _loaded(data)
    document[key].append(dict(item))
    return _dumped(yaml, document)


def _loaded(data: bytes) -> tuple[Any, Any]:
    from ruamel.yaml import YAML  # wanted by commands that edit, and slow to import

    yaml = YAML()
    yaml.preserve_quotes = True
    yaml.width = 110
    return yaml, yaml.load(data.decode("utf-8-sig"))


def _dumped(yaml: Any, document: Any) -> bytes:
    text = io.StringIO()
    yaml.dump(document, text)
    return text.getvalue().encode()
