"""Secrets in what is committed: looked for once in each file's bytes, and remembered by git's name for these."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

import msgspec

from compliance.domain.terms.layout import CONFIGURATION, STANDARDS, TEMPLATES
from compliance.ledger.assembly.assembly import REGULAR
from compliance.ledger.assembly.readings import Fetch, Watch
from compliance.problems import Problem
from compliance.store.cache import Cache
from compliance.store.cached import CachedEntry
from compliance.store.screening.opening import Why
from compliance.store.screening.screened import Screened, screened
from compliance.store.screening.secrets import secrets_in
from compliance.store.screening.wording import committed_problem, name_problems

_ENCODER = msgspec.msgpack.Encoder()
_DECODER = msgspec.msgpack.Decoder(Screened)
_CLEAN = Screened()


class UnsearchedFile(msgspec.Struct, frozen=True):
    """A file that was not searched, or of which a part was not; `part` is the member of an archive or document."""

    file: str
    part: str
    why: Why


def screened_entries(entries: Iterable[CachedEntry], roots: Sequence[str]) -> list[CachedEntry]:
    """The files that are screened: evidence, records, catalogues, templates and settings."""
    folders = (f"{STANDARDS}/", f"{TEMPLATES}/", *(f"{root}/" for root in roots if root != "."))
    return [
        entry
        for entry in entries
        if entry.mode in REGULAR and (entry.path == CONFIGURATION or "." in roots or entry.path.startswith(folders))
    ]


def screenings(
    entries: Sequence[CachedEntry], fresh: Mapping[str, object], cache: Cache, fetch: Fetch, watch: Watch
) -> dict[str, Screened]:
    """What the screening of each file came to, by path, where it came to anything; `fresh` files are not remembered."""
    remembered = cache.screenings()
    lacking = list(dict.fromkeys(entry.oid for entry in entries if entry.oid not in remembered))
    new: dict[str, bytes] = {}
    for count, (oid, data) in enumerate(fetch(lacking), 1):
        watch(count, len(lacking))
        new[oid] = _encoded(screened(data))
    cache.add_screenings({oid: value for oid, value in new.items() if oid not in fresh})
    remembered |= new
    return {entry.path: _DECODER.decode(remembered[entry.oid]) for entry in entries if remembered[entry.oid]}


def _encoded(result: Screened) -> bytes:
    """What is kept of a screening: nothing for a file that was searched and is clean; the digest of a secret never."""
    kept = Screened(
        tuple(msgspec.structs.replace(secret, digest=b"") for secret in result.first_of_each_kind),
        (result.why,) if result.why else (),
    )
    return b"" if kept == _CLEAN else _ENCODER.encode(kept)


def secrets_kept(results: Mapping[str, Screened], paths: Sequence[str]) -> Iterator[Problem]:
    """An error for each secret that is committed, in a file or in the name of one."""
    for path, result in results.items():
        for secret in result.secrets:
            yield committed_problem(secret, path)
    if any(secrets_in("\n".join(paths))):
        for path in paths:
            yield from name_problems(path, path)


def unsearched_files(results: Mapping[str, Screened]) -> tuple[UnsearchedFile, ...]:
    """The files that were not searched, or not all of them, by path."""
    return tuple(
        UnsearchedFile(path, item.part, item.why) for path in sorted(results) for item in results[path].unsearched
    )
