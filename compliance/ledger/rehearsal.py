"""A history that is played in memory: a workspace whose commits are a batch, with its own clock, people and ids."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

import msgspec

from compliance.domain.ledger.ledger import Ledger
from compliance.domain.ledger.roles import FileRole
from compliance.gitrepo.process.probe import RepositoryPlace
from compliance.gitrepo.writing.batch import Batch
from compliance.ledger.assembly.assembly import assemble
from compliance.ledger.assembly.readings import MemoryCache, ReadingCache, Readings
from compliance.ledger.opening import Workspace
from compliance.problems import refuse
from compliance.store.cached import CachedEntry
from compliance.store.text.parsed import Parsed


class Rehearsal:
    """Opens the last commit of a batch as a workspace, as often as a command asks, and reads each content once.

    `draw` gives the id of a new record, by its prefix; the time and the person are those of the batch. Dates that
    rules take from git stay unknown, since git has not seen the commits.
    """

    def __init__(self, repository: RepositoryPlace, batch: Batch, draw: Callable[[str], str]) -> None:
        self.place = msgspec.structs.replace(repository, batch=batch)
        self.batch = batch
        self._draw = draw
        self._readings = _RememberedReadings(MemoryCache(), self._fetch)
        self._ledger: Ledger | None = None
        self._foreseen: dict[str, bytes] = {}
        self._state: tuple[str | None, datetime] | None = None

    def workspace(self) -> Workspace:
        """The workspace at the last commit. Raises Refused if there is none."""
        commit = self.batch.commit
        if commit is None:
            raise refuse("this repository has no commit yet", hint="make it a workspace with: compliance init")
        place = msgspec.structs.replace(self.place, commit=commit)
        return Workspace(place, commit, cache=None, draw=self._draw, ledger=self.ledger, foresee=self.foreseen)

    def ledger(self) -> Ledger:
        """What the last commit says."""
        state = (self.batch.commit, self.batch.moment)
        if self._ledger is None or self._state != state:
            self._state = state
            self._ledger = self._assembled({})
        return self._ledger

    def foreseen(self, changed: Mapping[str, bytes]) -> Ledger:
        """What a commit would say that puts these files in place of the last one's, or beside them."""
        self._foreseen = {hashlib.sha256(data).hexdigest(): data for data in changed.values()}
        fresh = [
            CachedEntry(path, "100644", hashlib.sha256(data).hexdigest(), len(data)) for path, data in changed.items()
        ]
        return self._assembled({entry.path: entry for entry in fresh})

    def _assembled(self, fresh: Mapping[str, CachedEntry]) -> Ledger:
        entries = {
            entry.path: CachedEntry(entry.path, entry.mode, entry.oid, entry.size) for entry in self.batch.entries()
        }
        entries |= fresh
        return assemble(
            self.batch.commit or "",
            lambda settings: self.batch.moment.astimezone(ZoneInfo(settings.time_zone)).date(),
            [entries[path] for path in sorted(entries)],
            self._readings,
            self._content,
            lambda _settings: {},
        )

    def _content(self, oid: str) -> bytes:
        return self._foreseen[oid] if oid in self._foreseen else self.batch.content(oid)

    def _fetch(self, oids: Iterable[str]) -> Iterator[tuple[str, bytes]]:
        return ((oid, self._content(oid)) for oid in oids)


class _RememberedReadings(Readings):
    """Decodes each content once: what it says is frozen, so that every ledger may share it."""

    def __init__(self, cache: ReadingCache, fetch: Callable[[Iterable[str]], Iterable[tuple[str, bytes]]]) -> None:
        super().__init__(cache, fetch)
        self._decoded: dict[tuple[str, FileRole, str], Parsed[Any]] = {}

    def of(self, oid: str, role: FileRole, file: str) -> Parsed[Any]:
        key = (oid, role, file)
        if key not in self._decoded:
            self._decoded[key] = super().of(oid, role, file)
        return self._decoded[key]
