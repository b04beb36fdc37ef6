"""TOML read as the same kind of tree as YAML."""

from __future__ import annotations

import re
import tomllib
from typing import Any

from compliance.store.text.located import DEEPEST, Entry, Mapping, Node, Path, Place, Scalar, Sequence, Text

_STRING_OR_COMMENT = re.compile(r"\"(?:[^\"\\]|\\.)*\"|'[^']*'|#.*")
_ALONE = "put quotes around a text, and each setting on a line of its own"
_BACKSLASH = "write two backslashes, or put single quotes around the text"
_PLAIN = (
    ("Invalid value", "the value cannot be read", "put quotes around a text"),
    ("Illegal character", "a text in quotation marks is not closed", "close it at its end"),
    ("Unterminated string", "a text in quotation marks is not closed", "close it at its end"),
    ("Expected '=' after a key", "a “=” is missing after the name", "write it like: name = \"value\""),
    ("Invalid statement", "this line is no setting", "write it like: name = \"value\""),
    ("Cannot overwrite a value", "this name is given twice", "remove one of the two"),
    ("Cannot declare", "this table is begun twice", "put what it holds into one"),
    ("Cannot mutate", "this table is begun twice", "put what it holds into one"),
    ("Cannot redefine", "this table is begun twice", "put what it holds into one"),
    ("Invalid date or datetime", "there is no such day in the calendar", "correct the day"),
    ("Expected newline or end of document", "something follows after the value", _ALONE),
    ("Unclosed array", "a list “[…]” is not closed", "put commas between its values, and “]” at its end"),
    ("Unclosed inline table", "a group “{…}” is not closed", "put commas between its settings, and “}” at its end"),
    ("Expected ']", "a heading is not closed", "write it like [review] or [[scopes]]"),
    ("Unescaped '\\'", "a backslash stands before a letter that it does not go with", _BACKSLASH),
)  # fmt: skip
"""What the parser's words mean, and what to do."""


def read_toml(text: str, file: str) -> tuple[Node | None, Text]:
    """TOML as a tree of text. Problems are in the Text; the tree is None if there is no reading it."""
    source = Text(file, text, sets=" = ")
    deep = _deep_key(source)
    if deep:
        source.report(
            deep, f"is nested more than {DEEPEST} deep", "no setting is: look for dots that do not belong there"
        )
        return None, source
    try:
        values = tomllib.loads(text)
        return _from_toml(values, (), _Places(text), 0), source
    except tomllib.TOMLDecodeError as error:
        source.report(*_in_plain_words(str(error), source))
    except RecursionError:
        source.report(
            _first_deep(source),
            f"is nested more than {DEEPEST} deep",
            "no setting is: look for brackets that are not closed",
        )
    return None, source


def _deep_key(source: Text) -> Place | None:
    """A key of very many parts, which the parser would take a very long time and all memory to follow."""
    for number, line in enumerate(source.lines, 1):
        if line.count(".") > DEEPEST and _STRING_OR_COMMENT.sub("", line).count(".") > DEEPEST:
            return Place(number, 1)
    return None


def _first_deep(source: Text) -> Place:
    for number, line in enumerate(source.lines, 1):
        if line.count("[") + line.count("{") > DEEPEST:
            return Place(number, 1)
    return Place(1, 1)


def _in_plain_words(said: str, source: Text) -> tuple[Place | None, str, str]:
    found = re.search(r"\(at (?:line (\d+), column (\d+)|(end of document))\)", said)
    place = None
    if found:
        place = Place(int(found[1]), int(found[2])) if found[1] else Place(max(1, len(source.lines)), 1)
    sentence, hint = next(
        ((sentence, hint) for sign, sentence, hint in _PLAIN if sign in said),
        (said.partition(" (at")[0], "look at this line and the one above"),
    )
    return place, f"is not TOML: {sentence}", hint


class _Places:
    """Where each table, key and value of a TOML text begins: its parser keeps no places."""

    def __init__(self, text: str) -> None:
        self.keys: dict[Path, Place] = {}
        self.values: dict[Path, Place] = {}
        counts: dict[str, int] = {}
        table: Path = ()
        for number, line in enumerate(text.splitlines(), 1):
            place = Place(number, len(line) - len(line.lstrip()) + 1)
            if header := re.match(r"\s*\[\[\s*([^\]]+?)\s*\]\]", line):
                counts[header[1]] = counts.get(header[1], -1) + 1
                table = (*_parts(header[1]), counts[header[1]])
                self.keys.setdefault(table[:-1], place)
                self.keys.setdefault(table, place)
            elif header := re.match(r"\s*\[\s*([^\]]+?)\s*\]", line):
                table = _parts(header[1])
                self.keys.setdefault(table, place)
            elif key := re.match(r"\s*([A-Za-z0-9_.-]+|\"[^\"]+\")\s*=\s*", line):
                path = (*table, *_parts(key[1]))
                self.keys.setdefault(path, place)
                self.values.setdefault(path, Place(number, key.end() + 1))

    def of(self, path: Path) -> Place:
        """Where a value begins, or the nearest thing around it that is known."""
        for end in range(len(path), 0, -1):
            found = self.values.get(path[:end]) or self.keys.get(path[:end])
            if found:
                return found
        return Place(1, 1)


def _parts(name: str) -> Path:
    if name.startswith('"'):
        return (name.strip('"'),)
    return tuple(part.strip().strip("\"'") for part in name.split("."))


def _from_toml(value: Any, path: Path, places: _Places, depth: int) -> Node:
    if depth > DEEPEST:
        raise RecursionError
    place = places.of(path)
    if isinstance(value, dict):
        entries = {}
        for key, below in value.items():
            node = _from_toml(below, (*path, key), places, depth + 1)
            entries[key] = Entry(places.keys.get((*path, key), node.place), node)
        return Mapping(entries, place)
    if isinstance(value, list):
        return Sequence(
            tuple(_from_toml(item, (*path, index), places, depth + 1) for index, item in enumerate(value)), place
        )
    return Scalar(str(value).lower() if isinstance(value, bool) else str(value), place)
