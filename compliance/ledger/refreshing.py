"""Keeping the cache at the newest commit: by the difference of two trees, not by reading all again."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

from compliance.gitrepo.process.process import Git
from compliance.gitrepo.reading.reading import changed, entries
from compliance.problems import Refused
from compliance.store.cache import Cache, Unusable, refreshing
from compliance.store.cached import CachedEntry
from compliance.workspace.edition import edition

_COMMIT = "commit"
Value = TypeVar("Value")


def with_cache(folder: Path | None, work: Callable[[Cache], Value]) -> Value:
    """Calls a function with the cache; where that fails (damage, a full disk), with an empty cache in memory."""
    try:
        with refreshing(folder, edition(folder) if folder else "") as cache:
            return work(cache)
    except Unusable:
        if folder is None:
            raise
    with refreshing(None) as cache:
        return work(cache)


def entries_at(git: Git, commit: str, cache: Cache | None) -> list[CachedEntry]:
    """The files of a commit. With a cache, it is brought to that commit and answers; without, git lists them."""
    if cache is None:
        return _listed(git, commit)
    reached = cache.state(_COMMIT)
    if reached != commit:
        if reached is None or not _changed(git, reached, commit, cache):
            cache.replace_entries(_listed(git, commit))
        cache.set_state(_COMMIT, commit)
    return list(cache.entries())


def _listed(git: Git, commit: str) -> list[CachedEntry]:
    return sorted(
        (CachedEntry(entry.path, entry.mode, entry.oid, entry.size) for entry in entries(git, commit)),
        key=lambda entry: entry.path.encode("utf-8", "surrogateescape"),
    )


def _changed(git: Git, reached: str, commit: str, cache: Cache) -> bool:
    """Brings the cache from one commit to another; False if the first is no longer to be had (a rewritten history)."""
    try:
        changes = changed(git, reached, commit)
    except Refused:
        return False
    cache.change_entries(
        [CachedEntry(change.path, change.mode, change.oid, change.size) for change in changes if change.oid],
        [change.path for change in changes if change.oid is None],
    )
    return True
