"""Opening a workspace: what its last commit says, or what an earlier one said."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

import msgspec

from compliance.domain.ledger.ledger import Ledger
from compliance.domain.ledger.settings import Settings
from compliance.gitrepo.process.probe import RepositoryPlace, locate
from compliance.ledger import memo
from compliance.problems import must_parse, refuse
from compliance.workspace.cache import cache_of

if TYPE_CHECKING:
    from compliance.store.cache import Cache
    from compliance.store.cached import Present

HEAD = "HEAD"
_LIKE_A_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")


class Workspace(msgspec.Struct, frozen=True):
    """A git repository with a last commit. `cache` is None where nothing may be kept there.

    A history that is played in memory gives its own ledger, now and with some files replaced, and draws the ids of new
    records by their prefixes.
    """

    place: RepositoryPlace
    commit: str
    cache: Path | None
    ledger: Callable[[], Ledger] | None = None
    draw: Callable[[str], str] | None = None
    foresee: Callable[[Mapping[str, bytes]], Ledger] | None = None

    @property
    def top(self) -> Path:
        return self.place.top


def open_workspace(start: Path) -> Workspace:
    """The workspace that a folder belongs to. Raises Refused if it is in no repository, or nothing is committed yet."""
    place = locate(start)
    if place.commit is None:
        raise refuse("this repository has no commit yet", hint="make it a workspace with: compliance init")
    return Workspace(place, place.commit, cache_of(place.top, place.git_dir))


def open_ledger(workspace: Workspace, at: str = HEAD, watch: Callable[[int, int], None] | None = None) -> Ledger:
    """What a commit says: from the memo if it was asked before, else by way of the cache.

    `at` is a revision, or a day: then the first-parent commit last made on or before it. `watch` is told how many of
    how many files have been read, if any must be.
    """
    if workspace.ledger is not None:
        return workspace.ledger()
    commit = workspace.commit if at == HEAD else _commit_named(workspace, at)
    # What a shallow clone cannot see yet, it will see once it is completed: its ledger is of that moment alone.
    memos = None if workspace.place.shallow else workspace.cache
    remembered = memo.recall(memos, commit)
    if remembered is not None:
        return remembered
    ledger = _assembled(workspace, commit, watch)
    memo.remember(memos, ledger)
    return ledger


def rebuild(workspace: Workspace) -> Ledger:
    """Drops cache and memos and makes them anew."""
    memo.forget(workspace.cache)
    return open_ledger(workspace)


def day_named(at: str) -> date | None:
    """The day that a text names; None for a revision. Raises Refused for a day that the calendar has not."""
    from compliance.store.text.decoding import parse_day

    return must_parse(parse_day, at) if _LIKE_A_DAY.fullmatch(at.strip()) else None


def _commit_named(workspace: Workspace, at: str) -> str:
    from compliance.gitrepo.process.process import Git
    from compliance.gitrepo.reading.history import commit_as_of
    from compliance.gitrepo.reading.reading import resolve

    if workspace.place.shallow:
        raise refuse(
            "this is a shallow clone: its history is not all here", hint="fetch it all with: git fetch --unshallow"
        )
    git = Git(workspace.place)
    day = day_named(at)
    if day is None:
        return resolve(git, at)
    zone = ZoneInfo(open_ledger(workspace).settings.time_zone)
    commit = commit_as_of(git, workspace.commit, day, zone)
    if commit is None:
        raise refuse(f"nothing was committed on or before {day}", hint="name a later day, or a commit")
    return commit


def _assembled(workspace: Workspace, commit: str, watch: Callable[[int, int], None] | None) -> Ledger:
    # Imported here, not above: a warm command finds a memo, and must not pay for git, SQLAlchemy and the parsers.
    from compliance.gitrepo.process.process import Git
    from compliance.gitrepo.reading.history import commit_info
    from compliance.gitrepo.reading.reading import open_blobs
    from compliance.ledger.assembly.assembly import assemble
    from compliance.ledger.assembly.presence import presence_at
    from compliance.ledger.assembly.readings import Readings, unwatched
    from compliance.ledger.refreshing import entries_at, with_cache

    git = Git(workspace.place)
    newest = commit == workspace.commit
    committed = commit_info(git, commit).committed

    def day_of(settings: Settings) -> date:
        return committed.astimezone(ZoneInfo(settings.time_zone)).date()

    def work(cache: Cache) -> Ledger:
        def presence(settings: Settings) -> dict[str, Present]:
            if workspace.place.shallow:
                return {}
            return presence_at(git, commit, ZoneInfo(settings.time_zone), cache if newest else None)

        return assemble(
            commit,
            day_of,
            entries_at(git, commit, cache if newest else None),
            Readings(cache, blobs.fetch, watch or unwatched),
            blobs.read,
            presence,
        )

    with open_blobs(git) as blobs:
        return with_cache(workspace.cache, work)
