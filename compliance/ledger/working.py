"""The workspace as it lies in the working tree: the last commit, with what has been changed since laid over it."""

from __future__ import annotations

import hashlib
import stat
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

import msgspec

from compliance.domain.terms.layout import CONFIGURATION, STANDARDS
from compliance.gitrepo.process.process import Git
from compliance.gitrepo.reading.reading import Blobs
from compliance.gitrepo.writing.worktree import uncommitted
from compliance.store.cached import CachedEntry

_MARK = "working-tree:"


class WorkingFiles(msgspec.Struct, frozen=True):
    """The files as they lie, and the bytes of those that git does not know."""

    entries: tuple[CachedEntry, ...]
    fresh: dict[str, Path]

    def fetch(self, blobs: Blobs, oids: Iterable[str]) -> Iterator[tuple[str, bytes]]:
        """The bytes of files, from the working tree or from git."""
        wanted = list(oids)
        for oid in wanted:
            if oid in self.fresh:
                yield oid, self.fresh[oid].read_bytes()
        committed = [oid for oid in wanted if oid not in self.fresh]
        if committed:
            yield from blobs.fetch(committed)

    def read(self, blobs: Blobs, oid: str) -> bytes:
        """The bytes of one file."""
        return self.fresh[oid].read_bytes() if oid in self.fresh else blobs.read(oid)


def working_files(git: Git, top: Path, committed: Sequence[CachedEntry], roots: Sequence[str]) -> WorkingFiles:
    """The commit's files with uncommitted work laid over them; links and special files are not read."""
    entries = {entry.path: entry for entry in committed}
    fresh: dict[str, Path] = {}
    for change in uncommitted(git, [CONFIGURATION, STANDARDS, *roots]):
        if change.state == "behind":  # only git's index is
            continue
        path = top / change.path
        try:
            status = path.lstat()
        except OSError:
            entries.pop(change.path, None)
            continue
        if not stat.S_ISREG(status.st_mode):
            continue
        with path.open("rb") as file:
            oid = _MARK + hashlib.file_digest(file, "sha256").hexdigest()
        fresh[oid] = path
        entries[change.path] = CachedEntry(change.path, "100644", oid, status.st_size)
    return WorkingFiles(tuple(entries[path] for path in sorted(entries)), fresh)
