"""Commits that are worked out one after another in memory, and written to a new repository together."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from pathlib import Path

import msgspec

from compliance.gitrepo.process.process import Git
from compliance.gitrepo.reading.paths import checked, quoted
from compliance.gitrepo.reading.reading import TreeEntry
from compliance.problems import refuse

BRANCH = "refs/heads/main"
_REGULAR = "100644"


class Identity(msgspec.Struct, frozen=True):
    """Who commits."""

    name: str
    email: str

    def __str__(self) -> str:
        return f"{self.name} <{self.email}>"


class _Step(msgspec.Struct, frozen=True):
    """A commit of the batch."""

    author: Identity
    moment: datetime
    message: str
    changes: Mapping[str, bytes | None]
    """The new contents by path; None where the file is there no more."""


class Batch:
    """The history of a new repository, before git has seen any of it; its working tree follows each commit at once.

    A `Place` that has a batch is read from it and recorded into it: who works there is its `author`, the time is its
    `moment`, and both are set by whoever plays the history. A commit of a batch is called by its number, with zeros
    before it, until `write` gives git all of them.
    """

    def __init__(self, top: Path, author: Identity, moment: datetime) -> None:
        self.author = author
        self.moment = moment
        self._top = top
        self._steps: list[_Step] = []
        self._entries: dict[str, TreeEntry] = {}
        self._contents: dict[str, bytes] = {}

    @property
    def count(self) -> int:
        """How many commits there are."""
        return len(self._steps)

    @property
    def commit(self) -> str | None:
        """What the last commit is called; None before the first."""
        return f"{self.count:040d}" if self._steps else None

    def entries(self, paths: Sequence[str] = ()) -> Iterator[TreeEntry]:
        """The files of the last commit, by path; with paths, only those files and what lies in those folders."""
        folders = tuple(f"{path.rstrip('/')}/" for path in paths)
        for path in sorted(self._entries):
            if not folders or path in paths or path.startswith(folders):
                yield self._entries[path]

    def content(self, oid: str) -> bytes:
        """The bytes of a file, by the name that its entry has for them."""
        return self._contents[oid]

    def record(self, changes: Mapping[str, Path | bytes], message: str, removed: Iterable[str] = ()) -> str:
        """Adds a commit with new contents, and returns what it is called. Refused: one that changes nothing."""
        contents = {
            checked(path): source.read_bytes() if isinstance(source, Path) else source
            for path, source in changes.items()
        }
        changed = {path: data for path, data in contents.items() if data != self._present(path)}
        gone = [path for path in removed if path in self._entries]
        if not changed and not gone:
            raise refuse("there is nothing to commit", hint="The last commit holds these contents already.")
        for path in gone:
            del self._entries[path]
            (self._top / path).unlink(missing_ok=True)
        for path, data in changed.items():
            oid = hashlib.sha256(data).hexdigest()
            self._contents[oid] = data
            self._entries[path] = TreeEntry(path, _REGULAR, oid, len(data))
            file = self._top / path
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_bytes(data)
        self._steps.append(_Step(self.author, self.moment, message.strip() + "\n", {**changed, **dict.fromkeys(gone)}))
        return f"{self.count:040d}"

    def write(self, git: Git) -> str:
        """Gives git every commit, and returns the id of the last one."""
        git.run("fast-import", "--quiet", "--date-format=raw", stdin=b"".join(self._stream()))
        git.run("read-tree", "HEAD")
        git.run("update-index", "-q", "--refresh")
        return git.run("rev-parse", "HEAD").decode().strip()

    def _present(self, path: str) -> bytes | None:
        return self._contents[self._entries[path].oid] if path in self._entries else None

    def _stream(self) -> Iterator[bytes]:
        """The commits as `git fast-import` reads them."""
        for step in self._steps:
            who = f"{step.author} {int(step.moment.timestamp())} {step.moment:%z}"
            yield f"commit {BRANCH}\nauthor {who}\ncommitter {who}\n".encode() + _data(step.message.encode())
            for path, content in step.changes.items():
                if content is None:
                    yield b"D %s\n" % quoted(path)
                else:
                    yield b"M %s inline %s\n" % (_REGULAR.encode(), quoted(path)) + _data(content)


def _data(content: bytes) -> bytes:
    return b"data %d\n%s\n" % (len(content), content)
