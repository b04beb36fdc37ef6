"""One change of the ledger: files into place, one commit, nothing left behind if it fails."""

from __future__ import annotations

import contextlib
from collections.abc import Mapping
from pathlib import Path

import msgspec

from compliance.gitrepo.files import place
from compliance.gitrepo.probe import Place
from compliance.gitrepo.process import Git
from compliance.gitrepo.readiness import writable
from compliance.gitrepo.reading import blobs, entries
from compliance.gitrepo.recording import record
from compliance.gitrepo.replacing import replace
from compliance.problems import Problem


class Committed(msgspec.Struct, frozen=True):
    """The commit that was made, and what the user should know of it."""

    commit: str
    notes: tuple[Problem, ...] = ()


def commit_change(
    where: Place,
    new: Mapping[str, bytes | Path],
    changed: Mapping[str, bytes],
    message: str,
    found: Mapping[str, bytes] | None = None,
) -> Committed:
    """Puts files into place and commits them, in that order; `new` must not exist yet, `changed` may.

    `found` is what changed files hold that were never committed; otherwise a file must be as the last commit has it.

    If the commit is refused or interrupted, the files that were put there are taken away again and those that were
    changed get their contents back.
    """
    git = Git(where)
    writable(git)
    before = {**(found or {}), **_committed(git, where.commit, changed)}
    placed: list[str] = []
    replaced: list[str] = []
    try:
        for path, source in new.items():
            target = where.top / path
            fresh = not target.exists()
            place(where.top, path, source)
            if fresh:
                placed.append(path)
        for path, contents in changed.items():
            fresh = not (where.top / path).exists()
            replace(where.top, path, contents, before.get(path))
            (placed if fresh else replaced).append(path)
        notes: list[Problem] = []
        commit = record(
            git, {**{path: where.top / path for path in new}, **changed}, message, expected=where.commit, notes=notes
        )
    except BaseException:
        for path in placed:
            (where.top / path).unlink(missing_ok=True)
            _remove_empty(where.top, path)
        for path in replaced:
            if path in before:
                (where.top / path).write_bytes(before[path])
        raise
    return Committed(commit, tuple(notes))


def _committed(git: Git, commit: str | None, paths: Mapping[str, bytes]) -> dict[str, bytes]:
    if commit is None or not paths:
        return {}
    oids = {entry.path: entry.oid for entry in entries(git, commit, list(paths))}
    contents = dict(blobs(git, oids.values()))
    return {path: contents[oid] for path, oid in oids.items()}


def _remove_empty(top: Path, path: str) -> None:
    for folder in (top / path).parents:
        if folder == top:
            return
        with contextlib.suppress(OSError):
            folder.rmdir()
            continue
        return
