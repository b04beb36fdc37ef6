"""What lies in the working tree and is not committed."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator, Sequence

import msgspec

from compliance.gitrepo.process.process import Git
from compliance.gitrepo.reading.paths import quoted

_STATUS = (
    "-c",
    "core.untrackedCache=false",
    "status",
    "--porcelain=v2",
    "-z",
    "--untracked-files=all",
    "--ignore-submodules=all",
    "--no-renames",
    "--no-ahead-behind",
    "--",
)


class Uncommitted(msgspec.Struct, frozen=True):
    """A path whose bytes are not what the last commit holds: modified, deleted, untracked, staged or conflicted.

    A folder with a trailing slash is a repository of its own. `behind`: the bytes are what the last commit holds, and
    git's index says otherwise.
    """

    path: str
    state: str


class HiddenFlag(msgspec.Struct, frozen=True):
    """A path that git was told not to look at: `assume-unchanged` or `skip-worktree`."""

    path: str
    flag: str


def uncommitted(git: Git, paths: Sequence[str] = ()) -> list[Uncommitted]:
    """What is not committed, by path, at all of these paths or everywhere.

    No filter runs, so a file counts as it lies there; one that differs only by what git would convert on the way in
    (line ends) and holds the committed bytes is not listed.
    """
    states: dict[str, str] = {}
    suspects: dict[str, tuple[str, str]] = {}
    staged: dict[str, str] = {}
    for record in git.stream_records(*_STATUS, *paths):
        kind, _, rest = record.partition(b" ")
        if kind == b"?":
            states[os.fsdecode(rest)] = "untracked"
        elif kind == b"u":
            states[os.fsdecode(rest.split(b" ", 9)[9])] = "conflicted"
        elif kind == b"1":
            codes, _, _, _, _, committed, oid, name = rest.split(b" ", 7)
            path, state = os.fsdecode(name), _state(codes.decode())
            states[path] = state
            if codes[:1] in {b"M", b"D"}:
                staged[path] = committed.decode()
            if state == "modified":
                suspects[path] = (codes.decode()[0], oid.decode())
    for path in _same_bytes(git, {path: oid for path, (_, oid) in suspects.items()}):
        if suspects[path][0] == ".":
            del states[path]
        else:
            states[path] = "staged"
    states.update(dict.fromkeys(_same_bytes(git, staged), "behind"))
    return [Uncommitted(path, states[path]) for path in sorted(states)]


def hidden_flags(git: Git) -> list[HiddenFlag]:
    """The paths that `git status` says nothing about because a flag in the index hides them."""
    flags = []
    for record in git.stream_records("ls-files", "-z", "-v"):
        tag, _, name = record.partition(b" ")
        if tag.upper() == b"S":
            flags.append(HiddenFlag(os.fsdecode(name), "skip-worktree"))
        if tag.islower():
            flags.append(HiddenFlag(os.fsdecode(name), "assume-unchanged"))
    return flags


def _state(codes: str) -> str:
    """The state for git's two letters: what is staged, and what lies in the working tree."""
    return {"M": "modified", "T": "modified", "D": "deleted"}.get(codes[1], "staged")


def _same_bytes(git: Git, oids: dict[str, str]) -> Iterator[str]:
    """Those paths whose file holds exactly the bytes of the blob."""
    files = {path: git.place.top / path for path in oids}
    plain = [path for path, file in files.items() if os.path.lexists(file) and stat.S_ISREG(file.lstat().st_mode)]
    if plain:
        question = b"".join(quoted(str(files[path])) + b"\n" for path in plain)
        answer = git.run("hash-object", "--no-filters", "--stdin-paths", stdin=question).decode().split()
        yield from (path for path, oid in zip(plain, answer, strict=True) if oid == oids[path])
