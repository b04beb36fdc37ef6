"""TOML read as the same kind of tree as YAML."""

from __future__ import annotations

import bisect
import re
import tomllib
from typing import Any

from compliance.problems import Refused
from compliance.store.text.located import (
    Entry,
    KeyPlace,
    Mapping,
    Node,
    Path,
    Place,
    Scalar,
    Sequence,
    Text,
    decode_text,
    unread_text,
)
from compliance.store.text.toml_places import (
    Spot,
    TomlError,
    TomlStatement,
    read_statements,
    single_values,
    spots_of,
)

LONGEST_NUMBER = 400
"""How many digits a number may have."""
_BARE = re.compile(r"[A-Za-z0-9_-]+")
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")


def read_toml(text: str, file: str) -> tuple[Node | None, Text]:
    """TOML as a tree of text. Problems are in the Text; the tree is None if there is no reading it.

    A problem at a place of the tree names the key path, such as `scopes[2].parent`; entries are counted from 1.
    """
    source = Text(file, text, sets=" = ", only_newlines=True)
    try:
        statements = read_statements(text)
    except TomlError as fault:
        source.report(source.place_at(fault.position), fault.sentence, fault.hint)
        return None, source
    try:
        tree = _TomlTree(source, spots_of(statements)).node(tomllib.loads(text), ())
    except ValueError:  # no TOML, or a number that has too many digits to be written as it is kept
        position, sentence, hint = _fault(text, statements)
        source.report(source.place_at(position), f"is not TOML: {sentence}", hint)
        return None, source
    return tree, source


def read_toml_file(data: bytes, file: str) -> tuple[Node | None, Text]:
    """The bytes of a file as a tree of text; what keeps them from being text is among the problems as well."""
    try:
        return read_toml(decode_text(data, file), file)
    except Refused as refusal:
        return None, unread_text(file, refusal)


def _fault(text: str, statements: list[TomlStatement]) -> tuple[int, str, str]:
    """The first value that is none, or the first statement that does not go with those before it."""
    first = bisect.bisect_left(statements, True, key=lambda statement: not _is_toml(text[: statement.end]))
    statement = statements[min(first, len(statements) - 1)]
    for value in single_values(statement.value) if statement.value else ():
        written = text[value.position : value.end]
        if not _is_toml(f"value = {written}"):
            return value.position, *_value_fault(written)
    if statement.value:
        return statement.position, "this name is given twice", "remove one of the two"
    return statement.position, "this table is begun twice", "put what it holds into one"


def _is_toml(text: str) -> bool:
    """Whether it can be read, and each number in it be written in digits: a hexadecimal one may be too long."""
    try:
        str(tomllib.loads(text))
    except ValueError:
        return False
    return True


def _value_fault(written: str) -> tuple[str, str]:
    if written.startswith('"'):
        hint = "write two backslashes, or put single quotes around the text"
        return "a backslash stands before a letter that it does not go with", hint
    if _DAY.match(written):
        return "there is no such day or time", "correct it; a day is written like 2026-09-30"
    if len(written) > LONGEST_NUMBER:
        return f"a value has more than {LONGEST_NUMBER} characters", "put quotes around it if it is to be a text"
    return "the value cannot be read", "put quotes around a text"


class _TomlTree:
    """A tree of nodes, for values and the spots at which they stand."""

    def __init__(self, source: Text, spots: dict[Path, Spot]) -> None:
        self._source = source
        self._spots = spots

    def node(self, value: Any, path: Path) -> Node:
        """The node of a value that is reached by a path."""
        place = self._place(path, self._spots[path].value if path else 0)
        if isinstance(value, dict):
            entries = {}
            for name, below in value.items():
                at = (*path, name)
                entries[name] = Entry(self._place(at, self._spots[at].key), self.node(below, at))
            return Mapping(entries, place)
        if isinstance(value, list):
            return Sequence(tuple(self.node(item, (*path, index)) for index, item in enumerate(value)), place)
        return Scalar(str(value).lower() if isinstance(value, bool) else str(value), place)

    def _place(self, path: Path, position: int) -> Place:
        place = self._source.place_at(position)
        return KeyPlace(place.line, place.column, _spelled(path))


def _spelled(path: Path) -> str:
    """A key path as a person writes it; entries of lists are counted from 1."""
    text = ""
    for part in path:
        if isinstance(part, int):
            text += f"[{part + 1}]"
        else:
            name = part if _BARE.fullmatch(part) else f"“{part}”"
            text += f".{name}" if text else name
    return text
