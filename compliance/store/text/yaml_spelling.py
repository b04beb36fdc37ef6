"""How values are spelled in YAML: on one line or on several, quoted only where they must be."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from typing import Any

import yaml

from compliance.store.records.records import plain_node, render_yaml


def composed(text: str) -> Any:
    """The nodes of a YAML text, by the loader in Python: the one in C counts some characters otherwise."""
    return yaml.compose(text, Loader=yaml.SafeLoader)


def field_text(key: str, value: Any) -> str:
    """A field as it is written among others, each on a line of its own."""
    return render_yaml({key: value}, as_rows=True).decode().removesuffix("\n")


def item_text(value: Any) -> str:
    """A value as an item of a list that is written one below the other, without its hyphen."""
    if isinstance(value, Mapping):
        return render_yaml(value).decode().removesuffix("\n")
    return flow_text(value) if isinstance(value, list) else scalar_text(value, False, None)


def flow_text(value: Any) -> str:
    """A value on one line, as it may stand within brackets."""
    if isinstance(value, Mapping):
        return f"{{{', '.join(f'{scalar_text(key, True, None)}: {flow_text(below)}' for key, below in value.items())}}}"
    if isinstance(value, list):
        return f"[{', '.join(map(flow_text, value))}]"
    return scalar_text(value, True, None)


def scalar_text(value: Any, flow: bool, style: str | None) -> str:
    """One value's spelling: quoted as before, or only where it must be."""
    text: str = plain_node(value).value
    if not isinstance(value, str):
        return text
    single = f"'{text.replace(chr(39), 2 * chr(39))}'"
    spellings: list[Callable[[], str]] = [lambda: text, lambda: single]
    if style in {"'", '"'}:
        spellings = [lambda: single] if style == "'" else []
    for spelling in spellings:
        if _reads_as(spelling(), text, flow):
            return spelling()
    return json.dumps(text, ensure_ascii=not text.isprintable())


def _reads_as(spelling: str, text: str, flow: bool) -> bool:
    """Whether a spelling on one line is taken for that text, and for nothing but text."""
    try:
        node = composed(f"[{spelling}]" if flow else f"- {spelling}")
    except yaml.YAMLError:
        return False
    (item,) = node.value if isinstance(node, yaml.SequenceNode) and len(node.value) == 1 else (None,)
    return isinstance(item, yaml.ScalarNode) and item.value == text and item.tag == "tag:yaml.org,2002:str"
