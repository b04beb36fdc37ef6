"""Secrets in what is committed: looked for once in each file's bytes, and remembered by git's name for these."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

import msgspec

from compliance.domain.ledger.ledger import Ledger
from compliance.domain.ledger.roles import Role, role_of
from compliance.domain.terms.layout import CONFIGURATION, STANDARDS, TEMPLATES
from compliance.ledger.assembly.assembly import REGULAR
from compliance.ledger.assembly.readings import Fetch, Readings, Watch
from compliance.problems import Problem, shell
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


def secrets_kept(
    ledger: Ledger, results: Mapping[str, Screened], entries: Sequence[CachedEntry], readings: Readings
) -> Iterator[Problem]:
    """An error for each secret that is committed, in a file or in a name, unless a record allows the bytes."""
    holding = {entry.path: entry.oid for entry in entries if entry.path in results and results[entry.path].secrets}
    digests = readings.digests(holding.values()) if holding else {}
    allowed = {item.allowed.sha256 for item in ledger.evidence if item.allowed}
    recorded = {item.path for item in ledger.evidence if item.record}
    for path, oid in holding.items():
        if digests[oid] not in allowed:
            recording = _recording(ledger, path, is_recorded=path in recorded)
            yield from (committed_problem(secret, path, recording) for secret in results[path].secrets)
    paths = [entry.path for entry in screened_entries(entries, ledger.settings.roots)]
    if any(secrets_in("\n".join(paths))):
        for path in paths:
            yield from name_problems(path, path)


def _recording(ledger: Ledger, path: str, *, is_recorded: bool) -> str:
    """How it is said that a secret may stay in a file; empty for what is no evidence."""
    if role_of(path, ledger.settings.roots) not in {Role.EVIDENCE, Role.MARKDOWN}:
        return ""
    if is_recorded:
        return "with “allowed” in its record"
    return f"compliance evidence add {shell(path)} -c CONTROL --allow-secret REASON"


def unsearched_files(results: Mapping[str, Screened]) -> tuple[UnsearchedFile, ...]:
    """The files that were not searched, or not all of them, by path."""
    return tuple(
        UnsearchedFile(path, item.part, item.why) for path in sorted(results) for item in results[path].unsearched
    )
