"""One change of the ledger: files into place, one commit, nothing left behind if it fails."""

from __future__ import annotations

import contextlib
from collections.abc import Mapping, Sequence
from pathlib import Path

import msgspec

from compliance.gitrepo.process.probe import RepositoryPlace, locate
from compliance.gitrepo.process.process import Git
from compliance.gitrepo.reading.reading import blobs, entries
from compliance.gitrepo.writing.files import place
from compliance.gitrepo.writing.readiness import writable
from compliance.gitrepo.writing.recording import catch_up, record
from compliance.gitrepo.writing.replacing import replace
from compliance.problems import Problem, Refused


class Committed(msgspec.Struct, frozen=True):
    """The commit that was made, and what the user should know of it."""

    commit: str
    notes: tuple[Problem, ...] = ()


def commit_change(
    where: RepositoryPlace,
    new: Mapping[str, bytes | Path],
    changed: Mapping[str, bytes],
    message: str,
    uncommitted: Mapping[str, bytes] | None = None,
) -> Committed:
    """Puts files into place and commits them, in that order; `new` must not exist yet, `changed` may.

    `uncommitted` is what changed files hold that were never committed; any other must be as the last commit has it.

    If the commit is refused or interrupted, the files that were put there are taken away again and those that were
    changed get their contents back. In a batch, git hears of the commit when the batch is written.
    """
    if where.batch:
        return Committed(where.batch.record({**new, **changed}, message))
    git = Git(where)
    writable(git)
    before = {**(uncommitted or {}), **_committed(git, where.commit, changed)}
    absent = [path for path in (*new, *changed) if not (where.top / path).exists()]
    try:
        for path, source in new.items():
            place(where.top, path, source)
        for path, contents in changed.items():
            replace(where.top, path, contents, before.get(path))
        notes: list[Problem] = []
        everything: dict[str, Path | bytes | None] = {**{path: where.top / path for path in new}, **changed}
        commit = record(git, everything, message, expected=where.commit, notes=notes)
    except BaseException:
        landed = _commit_with(where, new, changed)
        if landed is None:
            _undo(where.top, absent, before, changed)
        else:  # it came too late: the commit is on the branch
            with contextlib.suppress(Refused):
                catch_up(git, landed, (*new, *changed))
        raise
    return Committed(commit, tuple(notes))


def _committed(git: Git, commit: str | None, paths: Mapping[str, bytes]) -> dict[str, bytes]:
    if commit is None or not paths:
        return {}
    oids = {entry.path: entry.oid for entry in entries(git, commit, list(paths))}
    contents = dict(blobs(git, oids.values()))
    return {path: contents[oid] for path, oid in oids.items()}


def _undo(top: Path, absent: Sequence[str], before: Mapping[str, bytes], changed: Mapping[str, bytes]) -> None:
    """Takes away what was put there, and gives back what was changed; what is not ours is left alone."""
    for path, contents in changed.items():
        target = top / path
        if path in before and target.is_file() and target.read_bytes() == contents:
            target.write_bytes(before[path])
    for path in absent:
        target = top / path
        if path not in changed or (target.is_file() and target.read_bytes() == changed[path]):
            with contextlib.suppress(FileNotFoundError, NotADirectoryError):  # it never came to be
                target.unlink()
        _remove_empty(top, path)


def _commit_with(where: RepositoryPlace, new: Mapping[str, bytes | Path], changed: Mapping[str, bytes]) -> str | None:
    """The commit that the branch has moved on to, if it holds all of the change."""
    now = locate(where.top).commit
    if now is None or now == where.commit:
        return None
    git = Git(where)
    there = {entry.path for entry in entries(git, now, list(new))} if new else set()
    return now if there.issuperset(new) and _committed(git, now, changed) == dict(changed) else None


def _remove_empty(top: Path, path: str) -> None:
    for folder in (top / path).parents:
        if folder == top:
            return
        try:
            folder.rmdir()
        except FileNotFoundError:  # it never came to be; the one above it may have
            continue
        except OSError:  # something else lies in it
            return
