"""What lies in the working tree and does not count, because only committed evidence does."""

from __future__ import annotations

import shlex
from collections.abc import Sequence

from compliance.domain.terms.layout import CONFIGURATION, STANDARDS, TEMPLATES
from compliance.gitrepo.process.process import Git
from compliance.gitrepo.unfinished.accounts import progress_problems
from compliance.gitrepo.unfinished.comparing import progress_of_unfinished
from compliance.gitrepo.unfinished.marker import read_marker
from compliance.gitrepo.writing.locking import is_writing
from compliance.gitrepo.writing.sweeping import TEMPORARY
from compliance.gitrepo.writing.worktree import Uncommitted, hidden_flags, uncommitted
from compliance.problems import Location, Problem, Refused, Severity, shell

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


def unfinished_write(git: Git) -> tuple[Problem, ...]:
    """What there is to say of a write that was broken off; nothing of one that is under way just now."""
    if not git.place.is_unfinished or is_writing(git.place):
        return ()
    try:
        progress = progress_of_unfinished(git)
    except Refused as refusal:
        return refusal.problems
    return progress_problems(progress) if progress else ()


def uncommitted_evidence(git: Git, roots: Sequence[str]) -> list[Problem]:
    """Everything of the workspace's own that is not as the last commit has it, each with what to do.

    Warnings, but for what is committed and would be undone by the next commit. Left out are the files of a write that
    was broken off: `unfinished_write` speaks of them.
    """
    places = [CONFIGURATION, STANDARDS, TEMPLATES, *roots]
    unfinished = _files_of_unfinished(git)
    problems = [_uncommitted(change) for change in uncommitted(git, places) if change.path not in unfinished]
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


def _uncommitted(change: Uncommitted) -> Problem:
    where = Location(change.path)
    if change.state == "behind":
        hint = f"bring it up: {shell('git', 'reset', '-q', '--', change.path)}"
        return Problem("is committed, and git's index lags behind: the next `git commit` would undo it", where, hint)
    if TEMPORARY.fullmatch(change.path.rpartition("/")[2]):
        hint = f"delete it: {shell('rm', change.path)}"
        return Problem("is left from a write that was broken off", where, hint, severity=Severity.WARNING)
    sentence = f"is not committed ({change.state}) and does not count"
    return Problem(sentence, where, _hint(change.state, change.path), severity=Severity.WARNING)


def _files_of_unfinished(git: Git) -> frozenset[str]:
    try:
        marker = read_marker(git.place)
    except Refused:
        return frozenset()
    return frozenset((*marker.paths, *marker.pending)) if marker else frozenset()
