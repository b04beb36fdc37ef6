"""Whether this repository can be written to just now, and in whose name."""

from __future__ import annotations

import contextlib
import os
import time

from compliance.gitrepo.process.process import Git
from compliance.gitrepo.process.settings import last
from compliance.gitrepo.writing.batch import BRANCH, Identity
from compliance.problems import Location, Problem, Refused, Severity, counted, refuse, shell

_OLD_MINUTES = 10
_UNFINISHED = {
    "MERGE_HEAD": ("a merge", "git merge --continue", "git merge --abort"),
    "rebase-merge": ("a rebase", "git rebase --continue", "git rebase --abort"),
    "rebase-apply": ("a rebase or `git am`", "git rebase --continue", "git rebase --abort"),
    "CHERRY_PICK_HEAD": ("a cherry-pick", "git cherry-pick --continue", "git cherry-pick --abort"),
    "REVERT_HEAD": ("a revert", "git revert --continue", "git revert --abort"),
    "sequencer": ("a cherry-pick or revert", "git cherry-pick --continue", "git cherry-pick --abort"),
}


def writable(git: Git) -> None:
    """Refuse early, before any file is written, what `record` would refuse: see `branch` and `identity`."""
    branch(git)
    identity(git)


def identity(git: Git) -> Identity:
    """Who commits here, as git is configured or the environment says; refused when git would have to guess."""
    if git.place.batch:
        return git.place.batch.author
    _identity(git, "author")
    return _identity(git, "committer")


def branch(git: Git) -> str:
    """The full name of the branch that commits go to.

    Refused: a detached HEAD, and a merge, rebase, cherry-pick or revert that is not finished.
    """
    if git.place.batch:
        return BRANCH
    for sign, (what, carry_on, give_up) in _UNFINISHED.items():
        if os.path.lexists(git.place.git_dir / sign):
            raise refuse(
                f"{what} is in progress in this repository",
                hint=f"Finish it with `{carry_on}`, or drop it with `{give_up}`.",
            )
    code, out, _ = git.run_status("symbolic-ref", "--quiet", "HEAD")
    name = os.fsdecode(out).rstrip("\n")
    if code or not name.startswith("refs/heads/"):
        raise refuse(
            "no branch is checked out (a detached HEAD), so a commit would be lost",
            hint="Check out a branch first, for instance `git switch main`, or make one: `git switch -c NAME`.",
        )
    return name


def old_locks(git: Git) -> tuple[Problem, ...]:
    """Git's lock files that are older than any git keeps one, but in an editor that somebody left open."""
    place, now = git.place, time.time()
    folders = dict.fromkeys((place.git_dir, place.common_dir))
    locks = [folder / name for folder in folders for name in ("index.lock", "HEAD.lock", "packed-refs.lock")]
    locks += sorted((place.common_dir / "refs" / "heads").rglob("*.lock"))
    problems = []
    for lock in locks:
        with contextlib.suppress(FileNotFoundError):
            minutes = int(now - lock.stat().st_mtime) // 60
            if minutes >= _OLD_MINUTES:
                sentence = f"git's lock is {counted(minutes, 'minute')} old: while it is there, git cannot write"
                hint = f"If no git runs and no editor waits for a commit message, delete it: {shell('rm', str(lock))}"
                problems.append(Problem(sentence, Location(str(lock)), hint, severity=Severity.WARNING))
    return tuple(problems)


def tip(git: Git, name: str) -> str | None:
    """The commit that a branch stands on, or None for a branch without a commit."""
    code, out, _ = git.run_status("rev-parse", "--verify", "--quiet", f"{name}^{{commit}}")
    return None if code else out.decode().strip()


def _identity(git: Git, role: str) -> Identity:
    code, out, _ = git.run_status("var", f"GIT_{role.upper()}_IDENT")
    name, _, rest = out.decode("utf-8", "surrogateescape").rpartition(" <")
    email = rest.partition(">")[0]
    if code or not name.strip() or not email.strip():
        raise _anonymous(git, role)
    return Identity(name, email)


def _anonymous(git: Git, role: str) -> Refused:
    """What is not set of a name and an address; both may be set, and hold nothing that git can use."""
    lacking = [words for part, words in (("name", "no name"), ("email", "no address")) if not _is_set(git, role, part)]
    reason = f"{' and '.join(lacking)} is set" if lacking else "the name or the address cannot be used"
    return refuse(
        f"git does not know who you are: {reason}",
        hint='Run: git config --global user.name "Your Name" && git config --global user.email you@example.org',
    )


def _is_set(git: Git, role: str, part: str) -> bool:
    variables = (f"GIT_{role}_{part}".upper(), *(["EMAIL"] if part == "email" else ()))
    settings = (last(git.settings, f"{owner}.{part}") for owner in (role, "user"))
    values = (*map(os.environ.get, variables), *(setting.value for setting in settings if setting))
    return bool(next((value for value in values if value is not None), "").strip())
