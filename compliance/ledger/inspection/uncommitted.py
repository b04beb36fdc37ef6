"""What lies in the working tree and does not count, because only committed evidence does."""

from __future__ import annotations

import shlex
from collections.abc import Sequence

from compliance.domain.terms.layout import CONFIGURATION, STANDARDS, TEMPLATES
from compliance.gitrepo.process.process import Git
from compliance.gitrepo.writing.worktree import hidden_flags, uncommitted
from compliance.problems import Location, Problem, Severity

_HINTS = {
    "untracked": "file it with: compliance evidence add; or commit it, if a rule maps it",
    "modified": "commit the change, or undo it with git checkout",
    "deleted": "commit the removal, or bring it back with git checkout",
    "staged": "commit it with git commit",
    "conflicted": "settle the merge and commit",
}


def _hint(state: str, path: str) -> str:
    if state == "untracked" and path.startswith((f"{STANDARDS}/", f"{TEMPLATES}/")):
        return f"commit it: git add {shlex.quote(path)}; git commit"
    return _HINTS.get(state, "")


def uncommitted_evidence(git: Git, roots: Sequence[str]) -> list[Problem]:
    """Everything of the workspace's own that is not as the last commit has it; warnings, each with what to do."""
    places = [CONFIGURATION, STANDARDS, TEMPLATES, *roots]
    problems = [
        Problem(
            f"is not committed ({change.state}) and does not count",
            Location(change.path),
            _hint(change.state, change.path),
            severity=Severity.WARNING,
        )
        for change in uncommitted(git, places)
    ]
    problems += [
        Problem(
            f"is hidden from git ({change.flag}): a change of it would go unseen",
            Location(change.path),
            "undo it with git update-index --no-assume-unchanged --no-skip-worktree",
            severity=Severity.WARNING,
        )
        for change in hidden_flags(git)
    ]
    return problems
