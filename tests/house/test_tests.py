"""What holds of every test: a refusal is told by its words, and nothing depends on the day or on chance."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

TESTS = Path(__file__).resolve().parents[1]
MODULES = sorted(TESTS.rglob("*.py"))
NOT_REPEATABLE = {"today", "now", "utcnow", "time", "sleep", "random", "choice", "shuffle", "urandom"}
SOURCES_OF_CHANCE = {"date", "datetime", "dt", "time", "random", "secrets", "os"}


def calls(module: Path) -> Iterator[ast.Call]:
    """Every call in a module."""
    for node in ast.walk(ast.parse(module.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Call):
            yield node


def named(module: Path) -> str:
    return module.relative_to(TESTS).as_posix()


@pytest.mark.parametrize("module", MODULES, ids=named)
def test_an_error_that_is_expected_is_told_by_its_words(module: Path) -> None:
    for call in calls(module):
        if ast.unparse(call.func) == "pytest.raises":
            assert "match" in {keyword.arg for keyword in call.keywords}, f"line {call.lineno}"


@pytest.mark.parametrize("module", MODULES, ids=named)
def test_nothing_depends_on_the_day_or_on_chance(module: Path) -> None:
    for call in calls(module):
        match call.func:
            case ast.Attribute(attr=name, value=ast.Name(id=source) | ast.Attribute(attr=source)):
                assert not (name in NOT_REPEATABLE and source in SOURCES_OF_CHANCE), f"line {call.lineno}"
