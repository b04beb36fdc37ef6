"""What came of reading one file: a value, or none, and the problems met."""

from __future__ import annotations

from collections.abc import Callable
from typing import Generic, TypeVar

import msgspec

from compliance.problems import Location, Problem
from compliance.store.text.decoding import MANY, decode
from compliance.store.text.located import Mapping, Node, Text
from compliance.store.text.yaml_text import read_yaml_file

Value = TypeVar("Value")


class Parsed(msgspec.Struct, Generic[Value], frozen=True):
    """The value that a file holds (None if it could not be read), with every problem in it."""

    value: Value | None
    problems: tuple[Problem, ...] = ()

    def at(self, file: str) -> Parsed[Value]:
        """The same, its problems placed in that file: one reading serves every path that holds the same bytes."""
        return Parsed(self.value, tuple(in_file(problem, file) for problem in self.problems))


def in_file(problem: Problem, file: str) -> Problem:
    """The problem, placed in another file."""
    where = problem.location
    location = Location(file, where.line, where.column) if where else Location(file)
    return msgspec.structs.replace(problem, location=location)


Check = Callable[[Value, Mapping, Text], None]


def parse_yaml(data: bytes, file: str, type_: type[Value], check: Check[Value] | None = None) -> Parsed[Value]:
    """Reads a YAML file as a value of a type; `check` reports what the types cannot tell."""
    return parse_node(*read_yaml_file(data, file), type_, check)


def parse_node(node: Node | None, source: Text, type_: type[Value], check: Check[Value] | None = None) -> Parsed[Value]:
    """The same for a tree that has been read already."""
    value = decode(node, type_, source)
    if value is not None and check and isinstance(node, Mapping):
        check(value, node, source)
    broken = any(problem.is_error for problem in source.problems)
    return Parsed(None if broken else value, _first(source.problems, source.file))


def _first(problems: list[Problem], file: str) -> tuple[Problem, ...]:
    """All problems or, if they are very many, the first of them and how many there are."""
    if len(problems) <= MANY:
        return tuple(problems)
    sentence = f"holds {len(problems):,} errors, of which the first {MANY} are listed"
    return (Problem(sentence, Location(file), "is this the right file? if it is, mend these first"), *problems[:MANY])
