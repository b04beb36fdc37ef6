"""Prints what `pyproject.toml` declares to be enough: each dependency in the lowest release that it allows."""

from __future__ import annotations

import itertools
import re
import tomllib
from pathlib import Path

PROJECT = Path(__file__).parents[2] / "pyproject.toml"
_FLOOR = re.compile(r"(?P<name>[A-Za-z0-9][A-Za-z0-9._-]*)>=(?P<release>\d+(?:\.\d+)*)")


def floors() -> list[str]:
    """Requirements such as `click==8.4`, of the package itself and of its extras, but for what developers need.

    Raises SystemExit for a dependency without a floor.
    """
    project = tomllib.loads(PROJECT.read_text(encoding="utf-8"))["project"]
    extras = {name: declared for name, declared in project["optional-dependencies"].items() if name != "dev"}
    requirements = []
    for declared in (*project["dependencies"], *itertools.chain.from_iterable(extras.values())):
        floor = _FLOOR.fullmatch(declared)
        if not floor:
            raise SystemExit(f"pyproject.toml: “{declared}” has no floor; write it like click>=8.4")
        requirements.append(f"{floor['name']}=={floor['release']}")
    return requirements


if __name__ == "__main__":
    print("\n".join(floors()))
