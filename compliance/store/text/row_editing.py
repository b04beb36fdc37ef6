"""A list of rows in a YAML file, each about a control of its own: the rows that change are written anew, no others.

A comment on lines of its own belongs to the row below it, and stays there when a row comes in between.
"""

from __future__ import annotations

import textwrap
from collections.abc import Callable
from typing import Any

from compliance.problems import Refused
from compliance.store.text.located import Mapping, Sequence, decode_text
from compliance.store.text.yaml_text import read_yaml

NAME = "control"
"""The field that tells rows apart."""

Row = dict[str, Any]
Render = Callable[[bytes, Row, Row], bytes]
"""Edits the text of one row, a mapping, from one plain value to another; from no text, it writes a row."""


def are_rows(values: Any) -> bool:
    """Whether a value is a list of rows, each with a name of its own."""
    if not isinstance(values, list) or not values:
        return False
    names = [item.get(NAME) if isinstance(item, dict) else None for item in values]
    return None not in names and len(set(names)) == len(names)


def edited_rows(data: bytes, key: str, before: list[Row], now: list[Row], render: Render) -> bytes | None:
    """The text with the rows under a top-level key changed; None where they are not written one below the other."""
    lines = data.decode("utf-8-sig").splitlines(keepends=True)
    if lines and not lines[-1].endswith("\n"):
        lines[-1] += "\n"
    spans = _spans(data, key, lines)
    if spans is None or len(spans) != len(before):
        return None
    indent, starts_and_ends = spans[0][2], {row[NAME]: span for row, span in zip(before, spans, strict=True)}
    first, kept = spans[0][0], {row[NAME] for row in now}
    known = {row[NAME]: row for row in before}
    written: list[str] = []
    head = _above(lines, first, indent)
    at = head
    for row in now:
        span = starts_and_ends.get(row[NAME])
        if span is None:
            written.append(_text(render(b"", {}, row), indent))
            continue
        start, end, _ = span
        if start < at:
            return None  # the order of those that stay has changed
        written.append(_between(lines, at, start, starts_and_ends, kept))
        old = known[row[NAME]]
        own = "".join(lines[start:end])
        written.append(own if row == old else _text(render(_alone(own, indent), old, row), indent))
        at = end
    last = max(end for _, end, _ in spans)
    written.append(_between(lines, at, last, starts_and_ends, kept))
    return "".join([*lines[:head], *written, *lines[last:]]).encode()


def _spans(data: bytes, key: str, lines: list[str]) -> list[tuple[int, int, int]] | None:
    """Of each row its first line, the line after its last, and how far its hyphen is indented; counted from 0."""
    try:
        node, _ = read_yaml(decode_text(data, key), key)
    except Refused:
        return None
    entry = node.entries.get(key) if isinstance(node, Mapping) else None
    if entry is None or not isinstance(node, Mapping) or not isinstance(entry.value, Sequence):
        return None
    after = [other.key.line - 1 for other in node.entries.values() if other.key.line > entry.key.line]
    next_ones = [*[item.place.line - 1 for item in entry.value.items][1:], min(after, default=len(lines))]
    spans = []
    for item, limit in zip(entry.value.items, next_ones, strict=True):
        start = item.place.line - 1
        before = lines[start][: item.place.column - 1]
        if before.strip() != "-" or limit <= start:
            return None
        indent, end = before.index("-"), limit
        while end > start + 1 and _is_aside(lines[end - 1], indent):
            end -= 1
        spans.append((start, end, indent))
    return spans if len({indent for _, _, indent in spans}) == 1 else None


def _is_aside(line: str, indent: int) -> bool:
    """Whether a line is blank, or a comment that stands no deeper than the rows."""
    words = line.lstrip(" ")
    return not words.strip() or (words.startswith("#") and len(line) - len(words) <= indent)


def _above(lines: list[str], first: int, indent: int) -> int:
    """Where the comments above the first row begin."""
    while first and _is_aside(lines[first - 1], indent):
        first -= 1
    return first


def _between(lines: list[str], start: int, end: int, spans: dict[str, tuple[int, int, int]], kept: set[str]) -> str:
    """The lines between two places, without the rows that go."""
    gone = {at for name, (first, last, _) in spans.items() if name not in kept for at in range(first, last)}
    return "".join(line for at, line in enumerate(lines[start:end], start) if at not in gone)


def _alone(text: str, indent: int) -> bytes:
    """A row's text as a mapping by itself."""
    return textwrap.dedent(text[:indent] + " " + text[indent + 1 :]).encode()


def _text(mapping: bytes, indent: int) -> str:
    """A mapping's text as a row."""
    text = textwrap.indent(mapping.decode(), " " * (indent + 2))
    return f"{text[:indent]}-{text[indent + 1 :]}"
