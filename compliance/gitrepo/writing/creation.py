"""A new repository, the same on every machine: its branch, its format, and nothing copied in from a template."""

from __future__ import annotations

from pathlib import Path

from compliance.gitrepo.process.failures import failure
from compliance.gitrepo.process.probe import RepositoryPlace, git_in, locate

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
    code, _, err = git_in(path, *_INIT)
    if code:
        raise failure("init", code, err)
    return locate(path)
