"""YAML of other tools: read within bounds as a tree of text with places, and asked for its fields."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator

from compliance.problems import Location, Problem, Refused, refuse
from compliance.store.text.decoding import parse_flag
from compliance.store.text.located import Mapping, Node, Place, Scalar, Sequence, decode_text
from compliance.store.text.yaml_text import read_yaml

LARGEST = 20_000_000
"""In bytes; the largest library that is published has a third of that."""
_MOST_MARKS = 1_000_000
"""Every value of a YAML file costs a line, a comma, a colon or a bracket: so many at most, which bounds the memory."""
_MARKS = (b"\n", b",", b":", b"[", b"{")
_NOTHING = {"", "null", "~", "Null", "NULL"}


class YamlSource:
    """A YAML file whose root is a mapping, and what is wrong in it."""

    def __init__(self, data: bytes, file: str) -> None:
        """Raises Refused for what is too large, no UTF-8, no YAML, or no mapping."""
        if sum(data.count(mark) for mark in _MARKS) > _MOST_MARKS:
            hint = "import it in parts, or the standard alone without what was attached to it"
            raise refuse("has more values than any standard", location=Location(file), hint=hint)
        node, self.text = read_yaml(decode_text(data, file, largest=LARGEST), file)
        if self.text.problems:
            raise Refused(self.text.problems)
        if not isinstance(node, Mapping):
            raise self.refusal(node, "is a list or a single value, where named fields are wanted", "look at the file")
        self.file = file
        self.root = node

    def refusal(self, node: Node | None, sentence: str, hint: str) -> Refused:
        """The refusal for what is wrong with a value."""
        return Refused([self.problem(node, sentence, hint)])

    def problem(self, node: Node | None, sentence: str, hint: str) -> Problem:
        """What is wrong with a value, at its place; without a value, with the file."""
        return self.text.problem(node.place if node else None, sentence, hint)

    @contextlib.contextmanager
    def shown(self) -> Iterator[None]:
        """Gives the problems of a refusal within the line that they speak of."""
        try:
            yield
        except Refused as refusal:
            raise Refused(
                self.text.problem(Place(place.line, place.column), problem.sentence, problem.hint)
                if (place := problem.location) and place.file == self.text.file and place.line
                else problem
                for problem in refusal.problems
            ) from None

    def at(self, node: Node) -> Location:
        """The place of a value."""
        return Location(self.text.file, node.place.line, node.place.column)

    def flag(self, node: Mapping, key: str) -> bool:
        """A truth value; false where there is none. Raises Refused for any other word."""
        written = word(node, key)
        try:
            return parse_flag(written) if written else False
        except ValueError as error:
            sentence, _, hint = str(error).rpartition("; ")
            raise self.refusal(node.entries[key].value, sentence, hint) from None


def word(node: Mapping, key: str) -> str:
    """The text of a field, without blanks around it; empty where there is none, or no single value."""
    entry = node.entries.get(key)
    text = entry.value.text.strip() if entry and isinstance(entry.value, Scalar) else ""
    return "" if text in _NOTHING else text


def words(node: Mapping, key: str) -> tuple[str, ...]:
    """The texts of a list; one value stands for a list of one."""
    entry = node.entries.get(key)
    if entry is None:
        return ()
    items = entry.value.items if isinstance(entry.value, Sequence) else (entry.value,)
    return tuple(item.text.strip() for item in items if isinstance(item, Scalar) and item.text.strip() not in _NOTHING)


def mappings(node: Node | None) -> tuple[Mapping, ...]:
    """A mapping, or those of a list."""
    if isinstance(node, Mapping):
        return (node,)
    return tuple(item for item in node.items if isinstance(item, Mapping)) if isinstance(node, Sequence) else ()


def field(node: Mapping, *keys: str) -> Node | None:
    """The value of the first of these fields that is there."""
    return next((node.entries[key].value for key in keys if key in node.entries), None)


def spelt(node: Node) -> str:
    """A value as text: lists and groups line by line, indented."""
    return "\n".join(_lines(node, ""))


def _lines(node: Node, indent: str) -> Iterator[str]:
    if isinstance(node, Scalar):
        for line in node.text.strip().splitlines() if node.text.strip() not in _NOTHING else ():
            yield f"{indent}{line}"
    elif isinstance(node, Sequence):
        for item in node.items:
            inner = list(_lines(item, f"{indent}  "))
            if inner:
                yield f"{indent}- {inner[0].strip()}"
                yield from inner[1:]
    else:
        for key, entry in node.entries.items():
            inner = list(_lines(entry.value, f"{indent}  "))
            if len(inner) == 1 and isinstance(entry.value, Scalar):
                yield f"{indent}{key}: {inner[0].strip()}"
            elif inner:
                yield f"{indent}{key}:"
                yield from inner
