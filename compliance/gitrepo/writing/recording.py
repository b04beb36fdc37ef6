"""Changes into a commit: all of them or none, on top of whatever others committed meanwhile."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
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
from compliance.gitrepo.writing.indexing import bring_index
from compliance.gitrepo.writing.locking import write_lock
from compliance.gitrepo.writing.readiness import branch, identity, tip
from compliance.problems import Location, Refused, refuse

NOTHING = "0" * 64
_ATTEMPTS = 8
_PAUSE = 0.05


class Authorship(msgspec.Struct, frozen=True):
    """In whose name and at what time a commit is made; None is what git's settings and the clock say.

    With either of them set, author and committer are both these, and the commit is not signed.
    """

    author: Identity | None = None
    when: datetime | None = None


class Recorded(msgspec.Struct, frozen=True):
    """A commit that the branch stands on, and what it has for the paths of its change."""

    commit: str
    items: Mapping[str, Item | None]


def record(
    git: Git,
    changes: Mapping[str, Path | bytes | None],
    message: str,
    *,
    expected: str | None,
    authorship: Authorship | None = None,
) -> str:
    """Commit new contents (None removes a path) on the current branch, and return the commit's id.

    The working tree is not looked at; the user's index is brought up to date for these paths alone. Refused: whatever
    `commit_on_branch` refuses, and a lock that another process holds for too long.
    """
    for path in changes:
        checked(path)
    check_together(path for path, content in changes.items() if content is not None)
    with write_lock(git.place):
        blobs = hashed(git, {path: content for path, content in changes.items() if content is not None})
        sync_objects(git, blobs.values())
        target = {path: blobs.get(path) for path in changes}
        made = commit_on_branch(git, target, message, expected=expected, authorship=authorship)
        sync_branch(git, branch(git))
        bring_index(git, made.commit, made.items)
    return made.commit


def commit_on_branch(
    git: Git,
    target: Mapping[str, str | None],
    message: str,
    *,
    expected: str | None,
    authorship: Authorship | None = None,
    before_move: Callable[[str], None] | None = None,
) -> Recorded:
    """Commit blobs by their paths (None removes a path) on the current branch, for one who holds the lock.

    The commit is made on the newest tip. `expected` is the commit that the changes were worked out from: when the
    branch has moved on, they are applied to what it holds now, unless a path among them is no longer what it was.
    With an authorship given, the commit is made in that name and at that time, and is not signed. `before_move` is told
    of each commit before the branch may move to it.

    Refused: whatever `writable` refuses; a path that is a file and a folder at once; a changed path; a change that
    changes nothing; a branch that cannot be moved.
    """
    with git.converse("cat-file", "--batch") as talk:
        name = branch(git)
        persona = _persona(git, authorship or Authorship())
        trees = Trees(talk)
        base = tip(git, name)
        before = trees.at(expected or base, target)
        for attempt in range(_ATTEMPTS):
            _check_unchanged(before, trees.at(base, target))
            old = trees.root(base) if base else None
            tree, new = rewritten(git, trees, old, target)
            if tree == old:
                raise refuse("there is nothing to commit", hint="The last commit holds these contents already.")
            commit = _commit(git, tree, base, message, persona)
            sync_objects(git, (*new, commit))
            made = Recorded(commit, trees.at(commit, target))
            if before_move:
                before_move(commit)
            newest = _moved(git, name, commit, base, message, patient=attempt + 1 < _ATTEMPTS)
            if newest == commit:
                return made
            base = newest
            time.sleep(_PAUSE * attempt)
        raise refuse("other processes kept committing to this branch", hint="Run the command again.")


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

    Git is asked to make ready, and told to go on: if this process is killed before that, git changes nothing, and
    afterwards it holds the branch's lock until it has moved. So whoever finds no lock finds the branch as it stays.

    Refused: a branch that has not moved and cannot be. Patient, that is not refused yet, for its lock may go.
    """
    subject = message.strip().partition("\n")[0].encode("utf-8", "backslashreplace").decode()
    update = b"update %s %s %s\n" % (os.fsencode(name), commit.encode(), (base or NOTHING[: len(commit)]).encode())
    try:
        with git.converse("update-ref", "-m", f"compliance: {subject}", "--stdin") as talk:
            talk.ask(b"start\n" + update + b"prepare\n")
            talk.line(), talk.line()
            talk.ask(b"commit\n")
            talk.line()
            talk.hang_up()
            talk.finish()
    except Refused:
        newest = tip(git, name)
        if newest == base and not patient:
            raise
        return newest
    return commit
