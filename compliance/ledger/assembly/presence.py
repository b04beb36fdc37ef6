"""Since when a file's bytes have been in the repository: the date that `date: git` gives."""

from __future__ import annotations

from collections.abc import Iterable
from zoneinfo import ZoneInfo

from compliance.gitrepo.process.process import Git
from compliance.gitrepo.reading.history import HistoryStep, first_parent_history
from compliance.store.cache import Cache
from compliance.store.cached import Present

_COMMIT = "presence"
_ZONE = "presence-zone"


def presence_at(git: Git, commit: str, zone: ZoneInfo, cache: Cache | None) -> dict[str, Present]:
    """For each blob of the commit, the day since which it has been present at any path, unbroken along first parents.

    With a cache, only the steps since the commit it stands at are followed.
    """
    if cache is None:
        return _followed({}, first_parent_history(git, commit), zone)
    reached = cache.state(_COMMIT)
    if reached == commit and cache.state(_ZONE) == zone.key:
        return cache.presence()
    before: dict[str, Present] = {}
    since = commit
    if reached and cache.state(_ZONE) == zone.key and _on_first_parents(git, reached, commit):
        before, since = cache.presence(), f"{reached}..{commit}"
    presence = _followed(before, first_parent_history(git, since), zone)
    cache.replace_presence(presence)
    cache.set_state(_COMMIT, commit)
    cache.set_state(_ZONE, zone.key)
    return presence


def _on_first_parents(git: Git, reached: str, commit: str) -> bool:
    """Whether following first parents alone from the commit leads to the one in `reached`."""
    code, out, _ = git.run_status("rev-list", "--first-parent", f"{reached}..{commit}")
    if code or not out.split():
        return False
    oldest = out.split()[-1].decode()
    code, parent, _ = git.run_status("rev-parse", "--verify", "--quiet", f"{oldest}^1")
    return not code and parent.strip().decode() == reached


def _followed(earlier: dict[str, Present], steps: Iterable[HistoryStep], zone: ZoneInfo) -> dict[str, Present]:
    present = dict(earlier)
    for step in steps:
        day = step.committed.astimezone(zone).date().isoformat()
        change: dict[str, int] = {}
        replaced: set[str] = set()
        for _, old, new, _ in step.changes:
            if old:
                change[old] = change.get(old, 0) - 1
            if new:
                change[new] = change.get(new, 0) + 1
                if old:
                    replaced.add(new)
        for oid, by in change.items():
            before = present.get(oid)
            paths = (before.paths if before else 0) + by
            if paths <= 0:
                present.pop(oid, None)
            elif before:
                present[oid] = Present(paths, before.since, before.first)
            else:
                present[oid] = Present(paths, day, first=oid not in replaced)
    return present
