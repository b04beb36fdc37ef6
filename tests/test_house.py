"""How the package is built, held by counting: parameters of functions, and names of classes."""

from __future__ import annotations

import ast
import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

TOP = Path(__file__).parents[1]
MODULES = sorted((TOP / "compliance").rglob("*.py"))
MOST_PARAMETERS = 7
MOST_MODULES = 16
STILL_TWICE = {"Carried", "Change", "Line", "Planned"}
"""Class names that mean two things; none may be added."""


def functions(tree: ast.AST, within: str = "") -> Iterator[tuple[str, ast.FunctionDef | ast.AsyncFunctionDef]]:
    """Every function below a node, with the names that it lies in."""
    for node in ast.iter_child_nodes(tree):
        name = f"{within}.{node.name}" if isinstance(node, ast.FunctionDef | ast.ClassDef) else within
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield name, node
        yield from functions(node, name)


def parameters(function: ast.FunctionDef | ast.AsyncFunctionDef) -> int:
    """How many parameters a function takes, but for `self` and `cls`."""
    names = [*function.args.posonlyargs, *function.args.args, *function.args.kwonlyargs]
    others = [one for one in (function.args.vararg, function.args.kwarg) if one]
    return len([one for one in names if one.arg not in {"self", "cls"}]) + len(others)


def is_command(function: ast.FunctionDef | ast.AsyncFunctionDef) -> bool:
    """Whether click calls the function with the values of options."""
    return any("pass_context" in ast.unparse(decorator) for decorator in function.decorator_list)


def test_no_function_takes_many_parameters():
    long = {
        f"{path.relative_to(TOP)}{name}"
        for path in sorted((TOP / "compliance").rglob("*.py"))
        for name, function in functions(ast.parse(path.read_text(encoding="utf-8")))
        if parameters(function) > MOST_PARAMETERS and not is_command(function)
    }
    assert not long, "give them a frozen struct"


def test_each_class_name_is_used_once():
    counts = Counter(
        node.name
        for path in MODULES
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.ClassDef)
    )
    assert {name for name, count in counts.items() if count > 1} <= STILL_TWICE


def test_no_folder_shows_more_modules_than_one_can_take_in():
    modules = Counter(path.parent.relative_to(TOP).as_posix() for path in MODULES if path.name != "__init__.py")
    assert {folder: count for folder, count in modules.items() if count > MOST_MODULES} == {}


def test_no_page_is_cited_that_is_not_in_the_repository():
    assert [path.name for path in MODULES if re.search(r"SEMANTICS|DESIGN \d", path.read_text(encoding="utf-8"))] == []
