"""Keeping the index at the newest commit: by the difference of two trees, not by reading all again."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

from compliance.gitrepo.process.process import Git
from compliance.gitrepo.reading.reading import changed, entries
from compliance.problems import Refused
from compliance.store.index import Index, IndexedEntry, Unusable, refreshing

_COMMIT = "commit"
Value = TypeVar("Value")


def with_index(cache: Path | None, work: Callable[[Index], Value]) -> Value:
    """Does a piece of work with the index; where that fails (damage, a full disk), with an empty one in memory."""
    try:
        with refreshing(cache) as index:
            return work(index)
    except Unusable:
        if cache is None:
            raise
    with refreshing(None) as index:
        return work(index)


def entries_at(git: Git, commit: str, index: Index | None) -> list[IndexedEntry]:
    """The files of a commit. With an index, it is brought to that commit and answers; without, git lists them."""
    if index is None:
        return _listed(git, commit)
    reached = index.state(_COMMIT)
    if reached != commit:
        if reached is None or not _changed(git, reached, commit, index):
            index.replace_entries(_listed(git, commit))
        index.set_state(_COMMIT, commit)
    return list(index.entries())


def _listed(git: Git, commit: str) -> list[IndexedEntry]:
    return sorted(
        (IndexedEntry(entry.path, entry.mode, entry.oid, entry.size) for entry in entries(git, commit)),
        key=lambda entry: entry.path.encode("utf-8", "surrogateescape"),
    )


def _changed(git: Git, reached: str, commit: str, index: Index) -> bool:
    """Brings the index from one commit to another; False if the first is no longer to be had (a rewritten history)."""
    try:
        changes = changed(git, reached, commit)
    except Refused:
        return False
    index.change_entries(
        [IndexedEntry(change.path, change.mode, change.oid, change.size) for change in changes if change.oid],
        [change.path for change in changes if change.oid is None],
    )
    return True
