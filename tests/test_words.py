"""No message is made from, or decided by, the words of a library, the interpreter or the system.

They change from one version to the next. What an exception is asked for is its kind, its codes and its places.
"""

from __future__ import annotations

import ast
import itertools
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from compliance.problems import with_article

PACKAGE = Path(__file__).parents[1] / "compliance"
MODULES = sorted(PACKAGE.rglob("*.py"))
OURS = {"Refused", "TemplateMistake", "TomlError", "Unusable", "ValueError", "WrongUse", "WrongValue"}
"""Exceptions with sentences of ours; ValueError, because the parsers of our own words raise it so."""
CODES = {
    "colno", "command_name", "context_mark", "ctx", "errno", "exit_code", "filename", "lineno", "name", "object",
    "option_name", "param", "pos", "problem_mark", "sqlite_errorcode", "start", "__traceback__",
}  # fmt: skip
"""What an exception of another may be asked for."""


@pytest.mark.parametrize("module", MODULES, ids=lambda module: module.relative_to(PACKAGE).as_posix())
def test_words_of_others_are_not_used(module):
    tree = ast.parse(module.read_text(encoding="utf-8"))
    assert list(borrowed(tree)) == []


def borrowed(tree: ast.Module) -> Iterator[str]:
    """Each use of an exception's words in its handler, and of an attribute that holds the system's."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute) and node.attr == "strerror":
            yield f"line {node.lineno}: strerror"
        if isinstance(node, ast.ExceptHandler) and node.name and not kinds(node.type) <= OURS:
            yield from words_of(node, node.name)


def kinds(type_: ast.expr | None) -> set[str]:
    """The names of what a handler takes."""
    if isinstance(type_, ast.Tuple):
        return set().union(*map(kinds, type_.elts))
    return {type_.attr if isinstance(type_, ast.Attribute) else type_.id if isinstance(type_, ast.Name) else ""}


def words_of(handler: ast.ExceptHandler, name: str) -> Iterator[str]:
    asked = {node.value for node in ast.walk(handler) if isinstance(node, ast.Attribute)}
    handed_on = {
        argument
        for node in ast.walk(handler)
        if isinstance(node, ast.Call) and not (isinstance(node.func, ast.Name) and node.func.id in {"str", "repr"})
        for argument in node.args
    }
    for node in ast.walk(handler):
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id == name:
            if node.attr not in CODES:
                yield f"line {node.lineno}: {name}.{node.attr}"
        elif isinstance(node, ast.Name) and node.id == name and node not in asked and node not in handed_on:
            yield f"line {node.lineno}: {name}"


@pytest.mark.parametrize(
    "handling",
    [
        "f'is broken: {error}'",
        "str(error)",
        "'locked' in str(error.orig)",
        "error.problem",
        "error.args[0]",
        "error.strerror",
        "{'words': error}",
    ],
)
def test_they_would_be_found(handling):
    assert list(borrowed(ast.parse(f"try:\n    work()\nexcept OSError as error:\n    say({handling})\n")))


@pytest.mark.parametrize("handling", ["reason_of(error)", "error.errno", "'it failed'"])
def test_codes_and_places_are_no_words(handling):
    assert not list(borrowed(ast.parse(f"try:\n    work()\nexcept OSError as error:\n    say({handling})\n")))


def articles(tree: ast.Module) -> Iterator[str]:
    """Each `a` or `an` in a text that stands before a word which only the moment gives: `with_article` chooses it."""
    for node in ast.walk(tree):
        if isinstance(node, ast.JoinedStr):
            for before, after in itertools.pairwise(node.values):
                words = before.value if isinstance(before, ast.Constant) else ""
                if isinstance(after, ast.FormattedValue) and re.search(r"(?:^|[\s(“])[Aa]n? $", str(words)):
                    yield f"line {node.lineno}: …{words}"


@pytest.mark.parametrize("module", MODULES, ids=lambda module: module.relative_to(PACKAGE).as_posix())
def test_no_article_stands_before_a_word_that_is_put_in(module):
    tree = ast.parse(module.read_text(encoding="utf-8"))
    assert list(articles(tree)) == []


@pytest.mark.parametrize("text", ["f'a {kind} needs approval'", "f'is an {kind}'", "f'{x}, a {kind}' f' {y}'"])
def test_such_an_article_would_be_found(text):
    assert list(articles(ast.parse(text)))


@pytest.mark.parametrize(
    ("noun", "written"),
    [
        ("scan", "a scan"),
        ("attestation", "an attestation"),
        ("Event", "an Event"),
        ("event or a scan", "an event or a scan"),
        ("minutes", "a set of minutes"),
    ],
)
def test_the_article_goes_with_the_word(noun, written):
    assert with_article(noun) == written
