"""Blobs decoded by the role of their file; each is decoded only once ever, for the cache keeps the result."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Sequence
from typing import Any, Protocol

import msgspec

from compliance.domain.ledger.records import Record
from compliance.domain.ledger.roles import FileRole, Role, word_of
from compliance.domain.ledger.rules import MappingRule
from compliance.domain.ledger.settings import Settings
from compliance.domain.registers.parts.registry import REGISTERS
from compliance.domain.registers.parts.series import Points
from compliance.domain.standards.catalogue import Catalogue
from compliance.store.catalogues.catalogues import parse_catalogue
from compliance.store.records.configuration import parse_configuration
from compliance.store.records.records import parse_front_matter, parse_record
from compliance.store.records.rules import parse_rules
from compliance.store.records.series_text import parse_series
from compliance.store.text.parsed import Parsed, parse_yaml

BYTES = "bytes"
"""The role under which a blob's SHA-256 is kept."""


def _register(type_: type[Any]) -> Callable[[bytes, str], Parsed[Any]]:
    return lambda data, file: parse_yaml(data, file, type_)


_READERS: dict[FileRole, tuple[Callable[[bytes, str], Parsed[Any]], Any]] = {
    Role.CONFIGURATION: (parse_configuration, Parsed[Settings]),
    Role.CATALOGUE: (parse_catalogue, Parsed[Catalogue]),
    Role.RECORD: (parse_record, Parsed[Record]),
    Role.RULES: (parse_rules, Parsed[tuple[MappingRule, ...]]),
    Role.MARKDOWN: (parse_front_matter, Parsed[Record]),
    Role.SERIES: (parse_series, Parsed[Points]),
    **{register: (_register(register.record), Parsed[register.record]) for register in REGISTERS},  # type: ignore[name-defined]
}
READ = frozenset(_READERS)
_ENCODER = msgspec.msgpack.Encoder()
_DECODERS = {role: msgspec.msgpack.Decoder(type_) for role, (_, type_) in _READERS.items()}

Fetch = Callable[[Iterable[str]], Iterable[tuple[str, bytes]]]
"""Gives the bytes of blobs, one at a time."""

Watch = Callable[[int, int], None]
"""Called after each blob that is read, with how many have been and how many there are."""


def unwatched(count: int, total: int) -> None:
    """Watches nothing: for readings whose progress nobody sees."""


class ReadingCache(Protocol):
    """Where readings are kept, by the blob's oid and the word for its role."""

    def readings(self, wanted: Sequence[tuple[str, str]]) -> dict[tuple[str, str], bytes]:
        """Those of the readings that are kept."""

    def add_readings(self, readings: Iterable[tuple[str, str, bytes]]) -> None:
        """Keeps readings: oid, role, value."""


class MemoryCache:
    """Keeps readings for as long as it lives: for a few blobs, which are read again before SQLite is even opened."""

    def __init__(self) -> None:
        self._values: dict[tuple[str, str], bytes] = {}

    def readings(self, wanted: Sequence[tuple[str, str]]) -> dict[tuple[str, str], bytes]:
        """Those of the readings that are kept."""
        return {key: self._values[key] for key in wanted if key in self._values}

    def add_readings(self, readings: Iterable[tuple[str, str, bytes]]) -> None:
        """Keeps readings: oid, role, value."""
        self._values |= {(oid, role): value for oid, role, value in readings}


class Readings:
    """Decoded blobs, taken from the cache; only those that it lacks are fetched from git."""

    def __init__(self, cache: ReadingCache, fetch: Fetch, watch: Watch = unwatched) -> None:
        self._cache = cache
        self._fetch = fetch
        self._watch = watch
        self._values: dict[tuple[str, str], bytes] = {}

    def prepare(self, wanted: Iterable[tuple[str, FileRole]]) -> None:
        """Makes sure that each blob has been read in its role."""
        keys = {(oid, word_of(role)): role for oid, role in wanted if role in READ}
        self._values |= self._cache.readings([key for key in keys if key not in self._values])
        roles_of: dict[str, list[FileRole]] = {}
        for key, role in keys.items():
            if key not in self._values:
                roles_of.setdefault(key[0], []).append(role)
        fresh = []
        for count, (oid, data) in enumerate(self._fetch(roles_of), 1):
            self._watch(count, len(roles_of))
            for role in roles_of[oid]:
                reader, _ = _READERS[role]
                fresh.append((oid, word_of(role), _ENCODER.encode(reader(data, ""))))
        self._cache.add_readings(fresh)
        self._values |= {(oid, word): value for oid, word, value in fresh}

    def of(self, oid: str, role: FileRole, file: str) -> Parsed[Any]:
        """What the blob says in its role; its problems are placed in the file."""
        parsed: Parsed[Any] = _DECODERS[role].decode(self._values[oid, word_of(role)])
        return parsed.at(file) if parsed.problems else parsed

    def digests(self, oids: Iterable[str]) -> dict[str, str]:
        """The SHA-256 of each blob's bytes."""
        wanted = list(dict.fromkeys(oids))
        cached = {
            oid: value.decode() for (oid, _), value in self._cache.readings([(oid, BYTES) for oid in wanted]).items()
        }
        fresh = {
            oid: hashlib.sha256(data).hexdigest()
            for oid, data in self._fetch([oid for oid in wanted if oid not in cached])
        }
        self._cache.add_readings((oid, BYTES, digest.encode()) for oid, digest in fresh.items())
        return cached | fresh
