"""What history says: who committed what, when, and which commit stood on a given day."""

from __future__ import annotations

import os
from collections.abc import Collection, Iterator, Sequence
from datetime import UTC, date, datetime, timedelta, timezone, tzinfo
from typing import NamedTuple

import msgspec

from compliance.gitrepo.process.process import Git
from compliance.problems import refuse

_FORMAT = "--format=%P%x00%H%x00%an <%ae>%x00%cn <%ce>%x00%ad%x00%cd%x00%s"
_RAW = (
    "--raw",
    "-z",
    "--root",
    "--no-renames",
    "--no-abbrev",
    "--no-ext-diff",
    "--no-textconv",
    "--no-relative",
    f"-O{os.devnull}",
    "--ignore-submodules=none",
)
_LOG = ("log", "--date=raw", "--no-color", "--no-notes", "--no-decorate", "--no-show-signature", "--no-mailmap")


class CommitInfo(msgspec.Struct, frozen=True):
    """Who made a commit and when, with the subject of its message."""

    oid: str
    author: str
    committer: str
    authored: datetime
    committed: datetime
    subject: str


class PathChange(NamedTuple):
    """A path that a commit changed: what it held before and after (None: nothing), and git's letter for it."""

    path: str
    old: str | None
    new: str | None
    status: str


class HistoryStep(msgspec.Struct, frozen=True):
    """A commit on the first-parent line, with everything that it changed against the one before it."""

    oid: str
    committed: datetime
    changes: tuple[PathChange, ...]


def commit_info(git: Git, commit: str) -> CommitInfo:
    """Who made a commit, and when."""
    return next(info for _, info in _infos(git, "--no-walk", commit, "--"))


def path_history(git: Git, commit: str, paths: Sequence[str]) -> list[CommitInfo]:
    """The commits that changed any of the paths, on every line of history, newest first.

    A merge is among them only if it gave a path contents that no side of it had.
    """
    if not paths:
        return []
    commits = list(_infos(git, "--full-history", "--date-order", commit, "--", *paths))
    merges = {info.oid for parents, info in commits if " " in parents}
    ordinary = merges - _inventive(git, merges, paths)
    return [info for _, info in commits if info.oid not in ordinary]


def commits_naming(git: Git, commit: str, key: str) -> dict[str, str]:
    """What the messages of a commit and those before it say in lines `KEY: VALUE`: by the value, whose commit it is."""
    values: dict[str, str] = {}
    records = git.stream_records(*_LOG, "-z", f"--grep=^{key}: ", "--format=%H%n%B", commit, "--")
    for record in records:
        oid, _, message = record.decode("utf-8", "replace").lstrip("\n").partition("\n")
        for line in message.splitlines():
            name, colon, value = line.partition(": ")
            if colon and name == key:
                values.setdefault(value.strip(), oid)
    return values


def parents_of(git: Git, commit: str) -> list[str]:
    """The commits that a commit was made on: none for the first one, several for a merge."""
    return git.run("rev-list", "--parents", "-n", "1", commit).decode().split()[1:]


def first_parent_history(git: Git, commit: str) -> Iterator[HistoryStep]:
    """The commits from the first to this one along first parents, a merge being what it brought in, as they come."""
    arguments = (*_LOG, "--first-parent", "--reverse", "-m", *_RAW, "--format=%H %cd", commit, "--")
    records = git.stream_records(*arguments)
    head = b""
    changes: list[PathChange] = []
    for record in records:
        facts = record.lstrip(b"\n")
        if facts.startswith(b":"):
            changes.append(_path_change(facts, next(records)))
        elif facts:
            if head:
                yield _step(head, changes)
            head, changes = facts, []
    if head:
        yield _step(head, changes)


def commit_as_of(git: Git, head: str, day: date, zone: tzinfo) -> str | None:
    """The first-parent commit last made on or before a day, by the committer's clock in a zone.

    That is, walking from the head, the first commit whose day is not later; None when every commit is later.
    """
    for record in git.stream_records(*_LOG, "--first-parent", "-z", "--format=%H %cd", head, "--"):
        oid, _, when = record.strip(b"\n").decode().partition(" ")
        if _moment(oid, when).astimezone(zone).date() <= day:
            return oid
    return None


def _infos(git: Git, *which: str) -> Iterator[tuple[str, CommitInfo]]:
    """The commits that `git log` selects, each with the oids of its parents."""
    fields = map(os.fsdecode, git.stream_records(*_LOG, "-z", _FORMAT, *which))
    for parents, oid, author, committer, authored, committed, subject in zip(*[fields] * 7, strict=True):
        yield parents, CommitInfo(oid, author, committer, _moment(oid, authored), _moment(oid, committed), subject)


def _inventive(git: Git, merges: Collection[str], paths: Sequence[str]) -> set[str]:
    """Those merges that differ from every parent in one of the paths."""
    if not merges:
        return set()
    question = "".join(f"{oid}\n" for oid in merges).encode()
    options = ("-c", "-r", "--raw", "-z", "--no-renames", "--no-abbrev", "--ignore-submodules=none")
    records = iter(git.run("diff-tree", "--stdin", *options, "--", *paths, stdin=question).split(b"\0"))
    oids, oid = set(), ""
    for record in records:
        if record.startswith(b":"):
            oids.add(oid)
            next(records)
        else:
            oid = record.decode()
    return oids


def _step(head: bytes, changes: list[PathChange]) -> HistoryStep:
    oid, _, when = head.decode().partition(" ")
    return HistoryStep(oid, _moment(oid, when), tuple(changes))


def _path_change(facts: bytes, name: bytes) -> PathChange:
    _, _, old, new, status = facts.decode().split()
    return PathChange(os.fsdecode(name), _or_none(old), _or_none(new), status)


def _or_none(oid: str) -> str | None:
    return oid if oid.strip("0") else None


def _moment(oid: str, raw: str) -> datetime:
    """A date as git stores it, seconds and an offset; refused when no calendar has it."""
    seconds, _, offset = raw.partition(" ")
    try:
        minutes = int(offset[-4:-2]) * 60 + int(offset[-2:])
        zone = timezone(timedelta(minutes=-minutes if offset.startswith("-") else minutes)) if minutes else UTC
        return datetime.fromtimestamp(int(seconds), zone)
    except (ValueError, OverflowError, OSError):
        raise refuse(
            f"commit {oid} carries a date that cannot be read: {raw}",
            hint="`git fsck` tells more; the commit was not made by git itself.",
        ) from None
