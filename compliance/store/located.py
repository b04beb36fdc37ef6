"""Text with places: YAML and TOML read as trees of text in which every value knows its line and column."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping as Mappings
from typing import Any

import msgspec
import yaml

from compliance.problems import Location, Problem, refuse

DEEPEST = 24
LARGEST = 8_000_000
"""No record or catalogue is larger than this, in bytes."""

_LOADER: type[Any] = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_OPENERS = re.compile(r"[\[{]")
_CONFLICT = re.compile(r"^(<{7}|={7}|>{7})(?: |$)", re.MULTILINE)


class Place(msgspec.Struct, frozen=True, array_like=True):
    """Where a value begins; both count from 1."""

    line: int
    column: int


class Scalar(msgspec.Struct, frozen=True):
    """One value, as text."""

    text: str
    place: Place


class Sequence(msgspec.Struct, frozen=True):
    """A list of values."""

    items: tuple[Node, ...]
    place: Place


class Entry(msgspec.Struct, frozen=True):
    """A key's place and its value."""

    key: Place
    value: Node


class Mapping(msgspec.Struct, frozen=True):
    """Keys and their values."""

    entries: dict[str, Entry]
    place: Place


Node = Scalar | Sequence | Mapping


class Text:
    """A file's text, for making located problems of what is found in it. Collects them; raises none.

    `first_line` is where the text begins in its file (front matter begins on the second line).
    """

    def __init__(self, file: str, text: str, first_line: int = 1) -> None:
        self.file = file
        self.problems: list[Problem] = []
        self._lines = text.splitlines()
        self._first_line = first_line

    def report(self, place: Place | None, sentence: str, hint: str = "") -> None:
        """Adds a problem at a place, with the line it speaks of."""
        if place is None:
            self.problems.append(Problem(sentence, Location(self.file), hint))
            return
        location = Location(self.file, place.line + self._first_line - 1, place.column)
        self.problems.append(Problem(sentence, location, hint, self._excerpt(place)))

    def _excerpt(self, place: Place) -> str:
        if not 1 <= place.line <= len(self._lines):
            return ""
        line = self._lines[place.line - 1].rstrip()
        start = max(0, place.column - 60)
        return f"{line[start:start + 100]}\n{' ' * (place.column - 1 - start)}^"


def decode_text(data: bytes, file: str) -> str:
    """Bytes as UTF-8 text. Raises Refused for other encodings, sizes and merge conflict markers."""
    if len(data) > LARGEST:
        raise refuse(f"is {len(data):,} bytes; at most {LARGEST:,} are read", location=Location(file))
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        column = error.start - data.rfind(b"\n", 0, error.start)
        raise refuse(
            f"is not UTF-8 text: byte 0x{data[error.start]:02x}",
            location=Location(file, line, column),
            hint="save the file as UTF-8",
        ) from None
    conflict = _CONFLICT.search(text)
    if conflict and text.count("<<<<<<<"):
        line = text.count("\n", 0, conflict.start()) + 1
        raise refuse(
            "holds merge conflict markers",
            location=Location(file, line, 1),
            hint="settle the conflict, remove the markers, and commit",
        )
    return text


def read_yaml(text: str, file: str, first_line: int = 1) -> tuple[Node | None, Text]:
    """YAML as a tree of text: no value is ever guessed to be a number, a date or a boolean.

    Problems (syntax, tabs, repeated keys, aliases, tags, depth) are in the Text; the tree is None if there is no reading it.
    """
    source = Text(file, text, first_line)
    too_deep = _too_deep(text)
    if too_deep:
        source.report(too_deep, f"is nested more than {DEEPEST} deep")
        return None, source
    try:
        documents = list(yaml.compose_all(text, Loader=_LOADER))
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        place = Place(mark.line + 1, mark.column + 1) if mark else None
        source.report(place, f"is not YAML: {error.problem or error.context}", _yaml_hint(text, mark))
        return None, source
    except yaml.YAMLError as error:
        source.report(None, f"is not YAML: {str(error).splitlines()[0]}", "remove the character")
        return None, source
    if len(documents) > 1:
        source.report(_place(documents[1]), "holds more than one YAML document", "keep one, without “---” between")
    if not documents or documents[0] is None:
        source.report(None, "is empty")
        return None, source
    return _from_yaml(documents[0], source, set()), source


def read_toml(text: str, file: str) -> tuple[Node | None, Text]:
    """TOML as the same kind of tree."""
    source = Text(file, text)
    try:
        values = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        found = re.search(r"\(at line (\d+), column (\d+)\)", str(error))
        place = Place(int(found[1]), int(found[2])) if found else None
        source.report(place, f"is not TOML: {str(error).split(' (at')[0]}")
        return None, source
    return _from_toml(values, (), _toml_places(text)), source


def _too_deep(text: str) -> Place | None:
    """A cheap look before parsing: the parser itself would follow the nesting until the stack ends."""
    for number, line in enumerate(text.splitlines(), 1):
        if len(line) - len(line.lstrip(" ")) > 8 * DEEPEST or line.count("- - ") > DEEPEST or line.count("? ") > 200:
            return Place(number, 1)
    if text.count("[") + text.count("{") > DEEPEST:
        depth = 0
        for found in re.finditer(r"[\[\]{}]", text):
            depth += 1 if _OPENERS.match(found[0]) else -1
            depth = max(depth, 0)
            if depth > 20 * DEEPEST:
                start = found.start()
                return Place(text.count("\n", 0, start) + 1, start - text.rfind("\n", 0, start))
    return None


def _yaml_hint(text: str, mark: Any) -> str:
    if mark is not None:
        lines = text.splitlines()
        line = lines[mark.line] if mark.line < len(lines) else ""
        if "\t" in line[: len(line) - len(line.lstrip())]:
            return "indent with spaces: YAML takes no tabs"
        if line.strip().count(": ") > 1:
            return "put quotes around a value that contains “: ”"
    return ""


def _place(node: yaml.Node) -> Place:
    return Place(node.start_mark.line + 1, node.start_mark.column + 1)


def _from_yaml(node: yaml.Node, source: Text, seen: set[int], depth: int = 0) -> Node | None:
    place = _place(node)
    if id(node) in seen:
        source.report(place, "is used again by an alias (*)", "write the value out: aliases are not read")
        return None
    seen.add(id(node))
    if depth > DEEPEST:
        source.report(place, f"is nested more than {DEEPEST} deep")
        return None
    if isinstance(node, yaml.ScalarNode):
        if not node.tag.startswith("tag:yaml.org,2002:"):
            source.report(place, f"has a YAML tag ({node.tag})", "remove it: values are read as text")
        return Scalar(node.value, place)
    if isinstance(node, yaml.SequenceNode):
        items = [_from_yaml(item, source, seen, depth + 1) for item in node.value]
        return Sequence(tuple(item for item in items if item is not None), place)
    entries: dict[str, Entry] = {}
    for key, value in node.value:
        if not isinstance(key, yaml.ScalarNode):
            source.report(_place(key), "has a list or mapping as a key", "use a plain word as the key")
            continue
        if key.value in entries:
            first = entries[key.value].key
            source.report(_place(key), f"repeats the key “{key.value}” of line {first.line}", "remove one of the two")
            continue
        below = _from_yaml(value, source, seen, depth + 1)
        if below is not None:
            entries[key.value] = Entry(_place(key), below)
    return Mapping(entries, place)


def _from_toml(value: Any, path: tuple[str | int, ...], places: Mappings[tuple[str | int, ...], Place]) -> Node:
    place = next((places[path[:end]] for end in range(len(path), 0, -1) if path[:end] in places), Place(1, 1))
    if isinstance(value, dict):
        entries = {}
        for key, below in value.items():
            node = _from_toml(below, (*path, key), places)
            entries[key] = Entry(places.get((*path, key), node.place), node)
        return Mapping(entries, place)
    if isinstance(value, list):
        return Sequence(tuple(_from_toml(item, (*path, index), places) for index, item in enumerate(value)), place)
    return Scalar(str(value).lower() if isinstance(value, bool) else str(value), place)


def _toml_places(text: str) -> dict[tuple[str | int, ...], Place]:
    """Where each table and key of a TOML text begins: its parser keeps no places."""
    places: dict[tuple[str | int, ...], Place] = {}
    counts: dict[str, int] = {}
    table: tuple[str | int, ...] = ()
    for number, line in enumerate(text.splitlines(), 1):
        place = Place(number, len(line) - len(line.lstrip()) + 1)
        if header := re.match(r"\s*\[\[\s*([^\]]+?)\s*\]\]", line):
            counts[header[1]] = counts.get(header[1], -1) + 1
            table = (*header[1].split("."), counts[header[1]])
            places.setdefault(table[:-1], place)
        elif header := re.match(r"\s*\[\s*([^\]]+?)\s*\]", line):
            table = tuple(part.strip().strip("\"'") for part in header[1].split("."))
        elif key := re.match(r"\s*([A-Za-z0-9_.-]+|\"[^\"]+\")\s*=", line):
            places.setdefault((*table, key[1].strip('"')), place)
            continue
        else:
            continue
        places.setdefault(table, place)
    return places


