"""The cache: a disposable SQLite file, a pure function of git and of the code that reads it."""

from __future__ import annotations

import contextlib
import os
import sqlite3
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from sqlalchemy import event

from compliance.problems import Location, Problem, Refused
from compliance.store.cached import CachedEntry, Present

SUFFIX = ".sqlite"
KEPT = 2
"""So many caches stand side by side, each of its own edition; when one more is made, the longest unused goes."""
_SOME = 500

_tables = sa.MetaData()
_state = sa.Table(
    "state", _tables, sa.Column("key", sa.Text, primary_key=True), sa.Column("value", sa.Text, nullable=False)
)
_entry = sa.Table(
    "entry",
    _tables,
    sa.Column("path", sa.LargeBinary, primary_key=True),
    sa.Column("mode", sa.Text, nullable=False),
    sa.Column("oid", sa.Text, nullable=False),
    sa.Column("size", sa.Integer, nullable=False),
)
_reading = sa.Table(
    "reading",
    _tables,
    sa.Column("oid", sa.Text, primary_key=True),
    sa.Column("role", sa.Text, primary_key=True),
    sa.Column("value", sa.LargeBinary, nullable=False),
)
_presence = sa.Table(
    "presence",
    _tables,
    sa.Column("oid", sa.Text, primary_key=True),
    sa.Column("paths", sa.Integer, nullable=False),
    sa.Column("since", sa.Text, nullable=False),
    sa.Column("first", sa.Boolean, nullable=False),
)

_screening = sa.Table(
    "screening",
    _tables,
    sa.Column("oid", sa.Text, primary_key=True),
    sa.Column("value", sa.LargeBinary, nullable=False),
)

_REASONS = {
    sqlite3.SQLITE_BUSY: "another program is using it",
    sqlite3.SQLITE_CANTOPEN: "it cannot be opened",
    sqlite3.SQLITE_CORRUPT: "it is damaged",
    sqlite3.SQLITE_FULL: "the disk is full",
    sqlite3.SQLITE_IOERR: "the disk reports a fault",
    sqlite3.SQLITE_LOCKED: "another program is using it",
    sqlite3.SQLITE_NOTADB: "it is no database",
    sqlite3.SQLITE_PERM: "permission is denied",
    sqlite3.SQLITE_READONLY: "it may not be written to",
}
"""What SQLite's codes mean."""


class Unusable(Refused):
    """The cache cannot be read or written; it has been dropped where it was damaged, so that the next one is whole."""


class Cache:
    """An open cache. Every write of a refresh happens in one transaction (`refreshing`)."""

    def __init__(self, connection: sa.Connection) -> None:
        self._connection = connection

    def state(self, key: str) -> str | None:
        """What was set under a key, such as the commit that the cache stands at; None if nothing was."""
        return self._connection.execute(sa.select(_state.c.value).where(_state.c.key == key)).scalar()

    def set_state(self, key: str, value: str) -> None:
        """Sets what `state` gives for a key."""
        self._connection.execute(sa.delete(_state).where(_state.c.key == key))
        self._connection.execute(sa.insert(_state).values(key=key, value=value))

    def entries(self) -> Iterator[CachedEntry]:
        """The files of the cached commit, by path."""
        rows = self._connection.execute(sa.select(_entry).order_by(_entry.c.path))
        for path, mode, oid, size in rows:
            yield CachedEntry(os.fsdecode(path), mode, oid, size)

    def replace_entries(self, entries: Iterable[CachedEntry]) -> None:
        """Puts the files of a commit in the place of all that were there."""
        self._connection.execute(sa.delete(_entry))
        self._insert(_entry, (self._row(entry) for entry in entries))

    def change_entries(self, changed: Sequence[CachedEntry], gone: Sequence[str]) -> None:
        """Brings the files from one commit to another: those that are new or differ, and the paths that are gone."""
        paths = [os.fsencode(path) for path in (*gone, *(entry.path for entry in changed))]
        for some in _portions(paths):
            self._connection.execute(sa.delete(_entry).where(_entry.c.path.in_(some)))
        self._insert(_entry, (self._row(entry) for entry in changed))

    def count_entries(self) -> int:
        """How many files the cached commit has."""
        return self._connection.execute(sa.select(sa.func.count()).select_from(_entry)).scalar_one()

    def count_readings(self) -> int:
        """How many readings are kept, of this commit and of others."""
        return self._connection.execute(sa.select(sa.func.count()).select_from(_reading)).scalar_one()

    def readings(self, wanted: Sequence[tuple[str, str]]) -> dict[tuple[str, str], bytes]:
        """The encoded readings that are kept of blobs in their roles, by (oid, role)."""
        values: dict[tuple[str, str], bytes] = {}
        if len(wanted) > 20 * _SOME:
            keys = set(wanted)
            for oid, role, value in self._connection.execute(sa.select(_reading)):
                if (oid, role) in keys:
                    values[oid, role] = value
            return values
        for some in _portions(wanted):
            oids = list({oid for oid, _ in some})
            keys = set(some)
            for oid, role, value in self._connection.execute(sa.select(_reading).where(_reading.c.oid.in_(oids))):
                if (oid, role) in keys:
                    values[oid, role] = value
        return values

    def add_readings(self, readings: Iterable[tuple[str, str, bytes]]) -> None:
        """Keeps readings: oid, role, encoded value. One that is kept already stays as it is."""
        self._insert(
            _reading, ({"oid": oid, "role": role, "value": value} for oid, role, value in readings), "OR IGNORE"
        )

    def screenings(self) -> dict[str, bytes]:
        """What the screening of each blob came to, by oid."""
        rows = self._connection.execute(sa.select(_screening))
        return {oid: value for oid, value in rows}  # noqa: C416 - a row is no tuple to the type checker

    def add_screenings(self, screenings: Mapping[str, bytes]) -> None:
        """Keeps what screenings came to, by oid."""
        self._insert(_screening, ({"oid": oid, "value": value} for oid, value in screenings.items()), "OR IGNORE")

    def presence(self) -> dict[str, Present]:
        """Since when each blob has been present, by oid."""
        rows = self._connection.execute(sa.select(_presence))
        return {oid: Present(paths, since, first) for oid, paths, since, first in rows}

    def replace_presence(self, presence: Mapping[str, Present]) -> None:
        """Puts what `presence` gives in the place of what it gave."""
        self._connection.execute(sa.delete(_presence))
        self._insert(
            _presence,
            (
                {"oid": oid, "paths": present.paths, "since": present.since, "first": present.first}
                for oid, present in presence.items()
            ),
        )

    @staticmethod
    def _row(entry: CachedEntry) -> dict[str, Any]:
        return {"path": os.fsencode(entry.path), "mode": entry.mode, "oid": entry.oid, "size": entry.size}

    def _insert(self, table: sa.Table, rows: Iterable[dict[str, Any]], prefix: str = "") -> None:
        """Core inserts with the driver's executemany: the ORM takes fourteen times as long."""
        statement = sa.insert(table).prefix_with(prefix) if prefix else sa.insert(table)
        portion: list[dict[str, Any]] = []
        for row in rows:
            portion.append(row)
            if len(portion) == 20 * _SOME:
                self._connection.execute(statement, portion)
                portion = []
        if portion:
            self._connection.execute(statement, portion)


@contextlib.contextmanager
def refreshing(folder: Path | None, edition: str = "") -> Iterator[Cache]:
    """The cache of an edition in a folder (or in memory), inside one transaction: all of it is kept, or none.

    A file that is no cache is dropped and made anew. Raises Unusable where damage shows only later, where the disk is
    full, and where another command holds the cache for too long.
    """
    file = cache_file(folder, edition) if folder else None
    engine = _engine(file)
    try:
        if file is not None and not _usable(engine, edition):
            engine.dispose()
            _drop(file)
            engine = _engine(file)
        with engine.begin() as connection:
            _tables.create_all(connection)
            cache = Cache(connection)
            if cache.state("edition") is None:
                cache.set_state("edition", edition)
            yield cache
        if file is not None:
            _drop_others(file)
    except sa.exc.DatabaseError as error:
        engine.dispose()
        if file is not None and not _locked(error):
            _drop(file)
        raise _unusable(file, error) from None
    finally:
        engine.dispose()


def cache_file(folder: Path, edition: str) -> Path:
    """Where the cache of an edition lies."""
    return folder / f"{edition}{SUFFIX}"


def _drop(file: Path) -> None:
    for ending in ("", "-wal", "-shm"):
        file.with_name(f"{file.name}{ending}").unlink(missing_ok=True)


def _drop_others(file: Path) -> None:
    """Drops the caches of other editions but for the one last used."""
    with contextlib.suppress(OSError):  # another command may be at it too, or have one of them open
        others = [other for other in file.parent.glob(f"*{SUFFIX}") if other != file]
        for other in sorted(others, key=lambda path: path.stat().st_mtime, reverse=True)[KEPT - 1 :]:
            _drop(other)


def _locked(error: sa.exc.DatabaseError) -> bool:
    return _code(error) in {sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED}


def _code(error: sa.exc.DatabaseError) -> int:
    """The primary code of what went wrong in SQLite; 0 for none."""
    return getattr(error.orig, "sqlite_errorcode", 0) & 0xFF


def _unusable(file: Path | None, error: sa.exc.DatabaseError) -> Unusable:
    where = Location(str(file)) if file else None
    reason = _REASONS.get(_code(error), "the database refuses it")
    return Unusable(
        [Problem(f"the cache cannot be used: {reason}", where, "check the free space, and run the command again")]
    )


def _engine(file: Path | None) -> sa.Engine:
    url = sa.URL.create("sqlite", database=str(file) if file else ":memory:")
    engine = sa.create_engine(
        url, connect_args={"timeout": 60.0}, poolclass=sa.pool.StaticPool if file is None else sa.pool.NullPool
    )

    @event.listens_for(engine, "connect")
    def _prepare(connection: Any, _record: Any) -> None:
        connection.isolation_level = None
        if file is not None:
            connection.execute("PRAGMA journal_mode=WAL")
            connection.execute("PRAGMA synchronous=NORMAL")

    @event.listens_for(engine, "begin")
    def _begin(connection: sa.Connection) -> None:
        # Taken at once, so that two refreshes wait for each other and neither finds the other's half.
        connection.exec_driver_sql("BEGIN IMMEDIATE")

    return engine


def _usable(engine: sa.Engine, edition: str) -> bool:
    """Whether the file is a cache of the edition; a new, empty one is."""
    try:
        with engine.begin() as connection:
            names = sa.inspect(connection).get_table_names()
            return not names or Cache(connection).state("edition") == edition
    except sa.exc.DatabaseError as error:
        if _locked(error):
            raise
        return False


def _portions(items: Sequence[Any]) -> Iterator[Sequence[Any]]:
    for start in range(0, len(items), _SOME):
        yield items[start : start + _SOME]
