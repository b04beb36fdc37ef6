"""Changes into a commit: all of them or none, on top of whatever others committed meanwhile."""

from __future__ import annotations

import contextlib
import os
import shlex
import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from pathlib import Path

import msgspec

from compliance.gitrepo.process.failures import SIGNING, failure
from compliance.gitrepo.process.process import Git
from compliance.gitrepo.process.signing import signing
from compliance.gitrepo.reading.objects import hashed, sync_branch, sync_objects
from compliance.gitrepo.reading.paths import check_together, checked
from compliance.gitrepo.reading.trees import Item, Trees, rewritten
from compliance.gitrepo.writing.batch import Identity
from compliance.gitrepo.writing.files import Placed, place
from compliance.gitrepo.writing.readiness import branch, identity, tip, writable
from compliance.problems import Location, Problem, Severity, reason_of, refuse

__all__ = ["Authorship", "Identity", "Placed", "catch_up", "identity", "place", "record", "writable"]

NOTHING = "0" * 64
LOCK_SECONDS = 60.0
_ATTEMPTS = 8
_PAUSE = 0.05


class Authorship(msgspec.Struct, frozen=True):
    """In whose name and at what time a commit is made; None is what git's settings and the clock say.

    With either of them set, author and committer are both these, and the commit is not signed.
    """

    author: Identity | None = None
    when: datetime | None = None


def record(
    git: Git,
    changes: Mapping[str, Path | bytes | None],
    message: str,
    *,
    expected: str | None,
    authorship: Authorship | None = None,
    notes: list[Problem] | None = None,
) -> str:
    """Commit new contents (None removes a path) on the current branch, and return the commit's id.

    The commit is made on the newest tip. `expected` is the commit that the changes were worked out from: when the
    branch has moved on, they are applied to what it holds now, unless a path among them is no longer what it was.
    With an authorship given, the commit is made in that name and at that time, and is not signed.

    The user's index is brought up to date for these paths alone; when it cannot be, that is added to `notes`.

    Refused: whatever `writable` refuses; a path that may not be written, or is a file and a folder at once; a changed
    path; a change that changes nothing; a lock that another process holds for too long.
    """
    for path in changes:
        checked(path)
    check_together(path for path, content in changes.items() if content is not None)
    with _lock(git), git.converse("cat-file", "--batch") as talk:
        name = branch(git)
        persona = _persona(git, authorship or Authorship())
        blobs = hashed(git, {path: content for path, content in changes.items() if content is not None})
        target = {path: blobs.get(path) for path in changes}
        trees = Trees(talk)
        base = tip(git, name)
        before = trees.at(expected or base, changes)
        for attempt in range(_ATTEMPTS):
            now = trees.at(base, changes)
            _check_unchanged(before, now)
            old = trees.root(base) if base else None
            tree, new = rewritten(git, trees, old, target)
            if tree == old:
                raise refuse("there is nothing to commit", hint="The last commit holds these contents already.")
            commit = _commit(git, tree, base, message, persona)
            sync_objects(git, (*blobs.values(), *new, commit))
            newest = _moved(git, name, commit, base, message, patient=attempt + 1 < _ATTEMPTS)
            if newest == commit:
                break
            base = newest
            time.sleep(_PAUSE * attempt)
        else:
            raise refuse("other processes kept committing to this branch", hint="Run the command again.")
        sync_branch(git, name)
        _update_index(git, commit, trees.at(commit, changes), notes)
    return commit


def catch_up(git: Git, commit: str, paths: Iterable[str]) -> None:
    """Brings the user's index up to date for paths of a commit that was made, where something kept `record` from it."""
    with _lock(git), git.converse("cat-file", "--batch") as talk:
        sync_branch(git, branch(git))
        _update_index(git, commit, Trees(talk).at(commit, tuple(paths)), None)


@contextlib.contextmanager
def _lock(git: Git) -> Iterator[None]:
    from filelock import FileLock, Timeout

    file = git.place.common_dir / "compliance.lock"
    lock = FileLock(file, timeout=LOCK_SECONDS)
    try:
        lock.acquire()
    except Timeout:
        raise refuse(
            "another compliance command is writing to this repository",
            location=Location(str(file)),
            hint="Wait until it has ended, and run this one again; if it hangs, end it, which frees the lock.",
        ) from None
    except OSError as reason:
        raise refuse(
            f"the lock cannot be taken: {reason_of(reason)}",
            location=Location(str(file)),
            hint="Check who may write to the .git folder, and that this is an ordinary file or not there.",
        ) from None
    try:
        yield
    finally:
        lock.release()


class _Persona:
    """In whose name, when, and with which signature options a commit is made."""

    def __init__(self, before: Sequence[str], after: Sequence[str], env: Mapping[str, str]) -> None:
        self.before = before
        self.after = after
        self.env = env


def _persona(git: Git, authorship: Authorship) -> _Persona:
    """Refused: no identity to commit with, and a signature that cannot be made."""
    who = authorship.author or identity(git)
    if authorship == Authorship():
        before, after = signing(git)
        return _Persona(before, after, {})
    env = {
        f"GIT_{role}_{part}": value for role in ("AUTHOR", "COMMITTER") for part, value in _facts(who, authorship.when)
    }
    return _Persona((), ("--no-gpg-sign",), env)


def _facts(who: Identity, when: datetime | None) -> Iterator[tuple[str, str]]:
    yield "NAME", who.name
    yield "EMAIL", who.email
    if when:
        yield "DATE", f"@{int(when.timestamp())} {when:%z}"


def _check_unchanged(before: Mapping[str, Item | None], now: Mapping[str, Item | None]) -> None:
    for path, item in before.items():
        if now[path] != item:
            raise refuse(
                "another commit has changed this file meanwhile",
                location=Location(path),
                hint="Look at the change with `git log`, then run the command again.",
            )


def _commit(git: Git, tree: str, parent: str | None, message: str, persona: _Persona) -> str:
    text = message.strip().encode("utf-8", "backslashreplace") + b"\n"
    onto = ("-p", parent) if parent else ()
    command = (*persona.before, "commit-tree", *persona.after, tree, *onto)
    code, out, err = git.run_status(*command, stdin=text, env=persona.env)
    if code:
        raise failure("commit-tree", code, err, git.folders, SIGNING if "--gpg-sign" in persona.after else "")
    return out.decode().strip()


def _moved(git: Git, name: str, commit: str, base: str | None, message: str, *, patient: bool) -> str | None:
    """Move the branch from the base to the commit, and return where it stands: elsewhere when it had moved before.

    Refused: a branch that has not moved and cannot be. Patient, that is not refused yet, for its lock may go.
    """
    subject = message.strip().partition("\n")[0].encode("utf-8", "backslashreplace").decode()
    note = f"compliance: {subject}"
    code, _, err = git.run_status("update-ref", "-m", note, name, commit, base or NOTHING[: len(commit)])
    if code == 0:
        return commit
    newest = tip(git, name)
    if newest == base and not patient:
        raise failure("update-ref", code, err, git.folders)
    return newest


def _update_index(git: Git, commit: str, items: Mapping[str, Item | None], notes: list[Problem] | None) -> None:
    """Let the user's index say what the commit says for these paths, and leave everything else that is staged."""
    lines = []
    for path, item in items.items():
        facts = f"{item.mode.decode()} {item.oid}" if item else f"0 {NOTHING[: len(commit)]}"
        lines.append(facts.encode() + b"\t" + os.fsencode(path) + b"\0")
    for attempt in range(_ATTEMPTS // 2):
        code, _, _ = git.run_status("update-index", "-z", "--index-info", stdin=b"".join(lines))
        if code == 0:
            return
        time.sleep(_PAUSE * attempt)
    if notes is not None:
        lock = git.place.git_dir / "index.lock"
        reason = "another git process holds it" if lock.exists() else "it cannot be written"
        notes.append(
            Problem(
                f"the commit is made, but git's index is behind: {reason}",
                Location(str(lock if lock.exists() else lock.with_name("index"))),
                hint=f"Run: git reset --quiet -- {shlex.join(items)}",
                severity=Severity.WARNING,
            )
        )
