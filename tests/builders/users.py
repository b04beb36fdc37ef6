"""Who runs the commands: somebody with a home of their own, a name, and nothing else set up."""

from __future__ import annotations

from pathlib import Path

GIT_CONFIGURATION = """\
[user]
\tname = A. Officer
\temail = a.officer@example.org
[init]
\tdefaultBranch = main
[gc]
\tauto = 0
[maintenance]
\tauto = false
"""
"""A new repository is never tidied up: that would cost every commit two more processes."""


def settle(home: Path) -> None:
    """Writes git's configuration into a home."""
    home.mkdir(exist_ok=True)
    (home / ".gitconfig").write_text(GIT_CONFIGURATION)
