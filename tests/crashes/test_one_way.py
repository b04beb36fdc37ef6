"""There is one way into the working tree and onto the branch: so what holds of one command holds of all."""

from __future__ import annotations

import re
from pathlib import Path

PACKAGE = Path(__file__).parents[2] / "compliance"
TOUCHING = re.compile(r"compliance\.gitrepo\.(unfinished\.changing|writing\.(files|indexing|recording|replacing))\b")
"""The modules that put files into place, move branches and write git's index."""


def test_only_one_module_changes_a_repository():
    users = {
        path.relative_to(PACKAGE).as_posix()
        for path in PACKAGE.rglob("*.py")
        if not path.is_relative_to(PACKAGE / "gitrepo") and TOUCHING.search(path.read_text(encoding="utf-8"))
    }
    assert users == {"operations/committing.py"}
