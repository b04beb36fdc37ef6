"""What a commit holds: its files, their bytes, and what changed between two commits."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Iterable, Iterator, Sequence
from itertools import islice

import msgspec

from compliance.gitrepo.process.process import Conversation, Git
from compliance.problems import Refused, refuse

GITLINK = "160000"
SYMLINK = "120000"
_BATCH_BYTES = 4096  # what any pipe takes without being read
_ARGUMENT_BYTES = 60_000  # what any system takes on a command line


class TreeEntry(msgspec.Struct, frozen=True):
    """A file in a commit; a symbolic link has mode 120000, a submodule mode 160000 and size 0."""

    path: str
    mode: str
    oid: str
    size: int


class TreeChange(msgspec.Struct, frozen=True):
    """A path that differs between two commits, as the later one has it; a deleted one has no oid, no mode, size 0."""

    path: str
    oid: str | None
    mode: str
    size: int


def resolve(git: Git, revision: str) -> str:
    """The commit that a revision names; refused when there is none of that name."""
    if not revision or revision.startswith("-") or "\0" in revision or "\n" in revision:
        raise refuse(f"{revision!r} cannot be the name of a commit", hint="Name a commit, a tag or a branch.")
    code, out, _ = git.run_status("rev-parse", "--verify", "--quiet", f"{revision}^{{commit}}")
    if code:
        if revision == "HEAD":
            raise refuse("this branch has no commit yet", hint="Commit something first.")
        raise refuse(f"there is no commit named {revision!r}", hint="`git log --oneline --all` lists the commits.")
    return out.decode().strip()


def entries(git: Git, commit: str, paths: Sequence[str] = ()) -> Iterator[TreeEntry]:
    """Every file of a commit, in git's order; with paths, only those files and what lies in those folders."""
    if git.place.batch:
        yield from git.place.batch.entries(paths)
        return
    wanted = tuple(path.rstrip("/") for path in paths)
    fits = sum(len(os.fsencode(path)) + 1 for path in wanted) <= _ARGUMENT_BYTES
    chosen = frozenset(() if fits else wanted)
    arguments = ("ls-tree", "-r", "-z", "--long", "--full-tree", commit, "--", *(wanted if fits else ()))
    for record in git.stream_records(*arguments):
        facts, _, name = record.partition(b"\t")
        mode, _, oid, size = facts.decode().split()
        path = os.fsdecode(name)
        if not chosen or not chosen.isdisjoint(_with_folders(path)):
            yield TreeEntry(path, mode, oid, _size(oid, size))


def changed(git: Git, old: str | None, new: str) -> list[TreeChange]:
    """The paths that differ between two commits, by path; without an old commit, everything in the new one."""
    if old is None:
        return [TreeChange(entry.path, entry.oid, entry.mode, entry.size) for entry in entries(git, new)]
    records = git.stream_records(
        "diff-tree", "-r", "-z", "--raw", "--no-renames", "--no-abbrev", "--ignore-submodules=none", old, new, "--"
    )
    changes = []
    for facts, name in zip(records, records, strict=True):
        _, mode, _, oid, status = facts.decode().split()
        changes.append((os.fsdecode(name), None, "") if status == "D" else (os.fsdecode(name), oid, mode))
    files = {oid for _, oid, mode in changes if oid and mode != GITLINK}
    size = _sizes(git, sorted(files))
    return [TreeChange(path, oid, mode, size.get(oid or "", 0)) for path, oid, mode in changes]


def blobs(git: Git, oids: Iterable[str]) -> Iterator[tuple[str, bytes]]:
    """The bytes of many files, in the order asked for, from one process and one file in memory at a time."""
    if git.place.batch:
        yield from ((oid, git.place.batch.content(oid)) for oid in oids)
        return
    with git.converse("cat-file", "--batch") as talk:
        for batch in _batches(oids):
            yield from _answers(talk, batch)


class Blobs:
    """Blobs from one process, which starts with the first that is asked for, and serves question after question.

    Whoever stops before a question is answered to its end leaves the process behind; the next question starts another.
    """

    def __init__(self, git: Git, stack: contextlib.ExitStack) -> None:
        self._git = git
        self._stack = stack
        self._idle: list[Conversation] = []

    def fetch(self, oids: Iterable[str]) -> Iterator[tuple[str, bytes]]:
        """The bytes of many files, in the order asked for, one file in memory at a time."""
        if self._git.place.batch:
            yield from blobs(self._git, oids)
            return
        talk: Conversation | None = None
        for batch in _batches(oids):
            talk = talk or self._conversation()
            yield from _answers(talk, batch)
        if talk:
            self._idle.append(talk)

    def read(self, oid: str) -> bytes:
        """The bytes of one file."""
        ((_, data),) = self.fetch([oid])
        return data

    def _conversation(self) -> Conversation:
        return self._idle.pop() if self._idle else self._stack.enter_context(self._git.converse("cat-file", "--batch"))


@contextlib.contextmanager
def open_blobs(git: Git) -> Iterator[Blobs]:
    """Gives what reads blobs from a single process, which ends with the `with`."""
    with contextlib.ExitStack() as stack:
        yield Blobs(git, stack)


def _answers(talk: Conversation, batch: Sequence[str]) -> Iterator[tuple[str, bytes]]:
    _ask(talk, batch)
    for oid in batch:
        yield oid, read_object(talk, oid)[1]


def read_object(talk: Conversation, oid: str) -> tuple[str, bytes]:
    """The oid and the content of the object that `cat-file --batch` was asked for; refused when it is not there."""
    header = talk.line().split()
    if len(header) != 3:
        raise missing(oid)
    content = talk.read(int(header[2]))
    talk.read(1)
    return header[0].decode(), content


def missing(oid: str) -> Refused:
    """The refusal for an object that history names and the repository does not hold."""
    return refuse(
        f"object {oid} is missing from this repository",
        hint="It is damaged, or a partial clone: `git fsck` tells; clone it anew in full.",
    )


def _sizes(git: Git, oids: Sequence[str]) -> dict[str, int]:
    sizes = {}
    with git.converse("cat-file", "--batch-check=%(objectname) %(objecttype) %(objectsize)") as talk:
        for batch in _batches(oids):
            _ask(talk, batch)
            for oid in batch:
                answer = talk.line().split()
                if len(answer) != 3:
                    raise missing(oid)
                sizes[oid] = int(answer[2])
    return sizes


def _ask(talk: Conversation, batch: Sequence[str]) -> None:
    talk.ask(b"".join(b"%s\n" % oid.encode("ascii") for oid in batch))


def _batches(oids: Iterable[str]) -> Iterator[list[str]]:
    """The oids in groups, each short enough to be sent before its answers are read."""
    pending = iter(oids)
    while batch := list(islice(pending, _BATCH_BYTES // 65)):
        yield batch


def _size(oid: str, text: str) -> int:
    if text == "-":
        return 0
    if not text.isdecimal():
        raise missing(oid)
    return int(text)


def _with_folders(path: str) -> Iterator[str]:
    yield path
    while "/" in path:
        path = path.rpartition("/")[0]
        yield path
