"""How many of the names that a package binds say nothing about what they hold."""

from __future__ import annotations

import ast
from collections import Counter
from pathlib import Path

import msgspec

POINTING = ("it", "its", "one", "ones", "several", "some", "something", "stuff", "that", "them", "these")
POINTING_ON = ("thing", "things", "this", "those", "whatever")
DONE = (
    "done",
    "found",
    "given",
    "gone",
    "got",
    "had",
    "held",
    "known",
    "left",
    "lying",
    "made",
    "said",
    "seen",
    "shown",
)
EMPTY = frozenset((*POINTING, *POINTING_ON, *DONE, "seen", "shown", "telling", "told"))
"""Words that could stand for anything; a name should be the kind of thing that it holds."""


class Share(msgspec.Struct, frozen=True):
    """How often names were bound, and how often by which word that says nothing."""

    bound: int
    empty: Counter[str]

    @property
    def percent(self) -> float:
        """The share of empty names."""
        return 100 * self.empty.total() / self.bound if self.bound else 0.0


def bound_names(source: str) -> list[str]:
    """Every name that a module's functions bind, once for each time: arguments, targets, loops, matches."""
    names: list[str] = []
    for node in ast.walk(ast.parse(source)):
        match node:
            case ast.Name(id=name, ctx=ast.Store()) | ast.arg(arg=name):
                names.append(name)
            case ast.ExceptHandler(name=str(name)) | ast.MatchAs(name=str(name)) | ast.MatchStar(name=str(name)):
                names.append(name)
    return [name for name in names if name not in {"self", "cls"} and not name.isupper()]


def share_of(folder: Path) -> Share:
    """The count over every module below a folder, or in a single module."""
    files = sorted(folder.rglob("*.py")) if folder.is_dir() else [folder]
    names = [name for file in files for name in bound_names(file.read_text(encoding="utf-8"))]
    return Share(len(names), Counter(name for name in names if name.strip("_") in EMPTY))
