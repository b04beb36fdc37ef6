"""The ledger as a commit that is not made yet would give it: the last commit, with some files replaced."""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Iterable, Iterator, Mapping
from zoneinfo import ZoneInfo

from compliance.domain.ledger.ledger import Ledger
from compliance.gitrepo.process.process import Git
from compliance.gitrepo.reading.reading import blobs
from compliance.ledger.assembly.assembly import assemble
from compliance.ledger.assembly.presence import presence_at
from compliance.ledger.assembly.readings import Readings
from compliance.ledger.opening import Workspace
from compliance.ledger.refreshing import entries_at, with_cache
from compliance.store.cache import Cache
from compliance.store.cached import CachedEntry

_MARK = "foreseen:"


def foreseen(
    workspace: Workspace, ledger: Ledger, changed: Mapping[str, bytes], removed: Collection[str] = ()
) -> Ledger:
    """The ledger as it would be, on the day of the one given; nothing is written to the workspace.

    A history that is played in memory is never foreseen with files removed.
    """
    if workspace.foresee is not None:
        return workspace.foresee(changed)
    git = Git(workspace.place)
    fresh = {_MARK + hashlib.sha256(data).hexdigest(): data for data in changed.values()}

    def fetch(oids: Iterable[str]) -> Iterator[tuple[str, bytes]]:
        wanted = list(oids)
        yield from ((oid, fresh[oid]) for oid in wanted if oid in fresh)
        committed = [oid for oid in wanted if oid not in fresh]
        if committed:
            yield from blobs(git, committed)

    def work(cache: Cache) -> Ledger:
        entries = {entry.path: entry for entry in entries_at(git, workspace.commit, cache)}
        for path in removed:
            entries.pop(path, None)
        for path, data in changed.items():
            oid = _MARK + hashlib.sha256(data).hexdigest()
            mode = entries[path].mode if path in entries else "100644"
            entries[path] = CachedEntry(path, mode, oid, len(data))
        return assemble(
            workspace.commit,
            lambda _: ledger.day,
            [entries[path] for path in sorted(entries)],
            Readings(cache, fetch),
            lambda oid: next(data for _, data in fetch([oid])),
            lambda settings: (
                {}
                if workspace.place.shallow
                else presence_at(git, workspace.commit, ZoneInfo(settings.time_zone), cache)
            ),
        )

    return with_cache(workspace.cache, work)
