"""A new repository, the same on every machine: its branch, its format, and nothing copied in from a template."""

from __future__ import annotations

import subprocess
from pathlib import Path

from compliance.gitrepo.process.failures import failure, not_started
from compliance.gitrepo.process.hardening import OPTIONS, child_environment
from compliance.gitrepo.process.probe import RepositoryPlace, locate

BRANCH = "main"
_INIT = (
    "-c",
    "init.defaultRefFormat=files",
    "init",
    "--quiet",
    f"--initial-branch={BRANCH}",
    "--object-format=sha1",
    "--template=",  # none: a template could bring hooks
)


def initialise(path: Path) -> RepositoryPlace:
    """Make a repository in a folder that is there, and say where it is.

    Refused: no git, and a folder in which git cannot make one.
    """
    try:
        outcome = subprocess.run(  # noqa: S603 - constant arguments, no shell
            ["git", *OPTIONS, *_INIT],  # noqa: S607 - the git on the user's own PATH is the one meant
            cwd=path,
            env=child_environment(),
            stdin=subprocess.DEVNULL,
            capture_output=True,
            check=False,
        )
    except OSError as reason:
        raise not_started(reason) from None
    if outcome.returncode:
        raise failure("init", outcome.returncode, outcome.stderr)
    return locate(path)
