"""`check`: everything that is wrong in a workspace, each with its place and what to do."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any
from zoneinfo import ZoneInfo

import msgspec

from compliance.domain.ledger.ledger import Ledger
from compliance.domain.ledger.records import Evidence
from compliance.domain.ledger.roles import FileRole, Role, role_of
from compliance.domain.registers.parts.register import Filed, Register
from compliance.domain.terms.layout import CACHE, CONFIGURATION, MAP, RECORD_SUFFIX, SHIPPED_HASHES, STANDARDS
from compliance.domain.terms.vocabulary import Result
from compliance.gitrepo.process.process import Git
from compliance.gitrepo.reading.history import commit_info
from compliance.gitrepo.reading.reading import Blobs, open_blobs
from compliance.ledger.assembly.assembly import REGULAR, assemble, settings_of
from compliance.ledger.assembly.presence import presence_at
from compliance.ledger.assembly.readings import READ, Readings, Watch, unwatched
from compliance.ledger.inspection.anchors import inspect_anchors
from compliance.ledger.inspection.named import inspect_named
from compliance.ledger.inspection.owners import inspect_owners
from compliance.ledger.inspection.pages import Pages
from compliance.ledger.inspection.registers import Records, inspect_registers
from compliance.ledger.inspection.relations import inspect_relations
from compliance.ledger.inspection.screening import (
    UnsearchedFile,
    screened_entries,
    screenings,
    secrets_kept,
    unsearched_files,
)
from compliance.ledger.inspection.sources import Controls, inspect_sources
from compliance.ledger.inspection.uncommitted import uncommitted_evidence, unfinished_write
from compliance.ledger.opening import Workspace
from compliance.ledger.refreshing import entries_at, with_cache
from compliance.ledger.working import WorkingFiles, working_files
from compliance.problems import Location, Problem, Refused, Severity, in_order, with_article
from compliance.store.cache import Cache, Unusable
from compliance.store.cached import CachedEntry
from compliance.store.records.records import misnamed
from compliance.store.screening.screened import Screened

ParsedTexts = Mapping[FileRole, Sequence[tuple[str, Any]]]
"""What was read of each file, by role."""


class Inspection(msgspec.Struct, frozen=True):
    """Every problem of a workspace, in order of place, and the files in which secrets could not be looked for."""

    problems: tuple[Problem, ...]
    unsearched: tuple[UnsearchedFile, ...] = ()


def inspect(workspace: Workspace, watch: Watch = unwatched) -> Inspection:
    """Looks through the workspace as it lies in the working tree; `watch` follows the search for secrets.

    Raises Refused where there is no workspace; settings that cannot be read are a problem like any other.
    """
    git = Git(workspace.place)
    with open_blobs(git) as blobs:
        return with_cache(workspace.cache, lambda cache: _inspected(workspace, git, blobs, cache, watch))


def _inspected(workspace: Workspace, git: Git, blobs: Blobs, cache: Cache, watch: Watch) -> Inspection:
    committed = entries_at(git, workspace.commit, cache)
    bare = working_files(git, workspace.top, committed, ())
    if _has_settings(committed) and not _has_settings(bare.entries):
        hint = f"bring it back: git checkout -- {CONFIGURATION}"
        return Inspection((Problem("is not there", Location(CONFIGURATION), hint),))
    try:
        settings, _ = settings_of(bare.entries, Readings(cache, lambda oids: bare.fetch(blobs, oids)))
    except Unusable:
        raise
    except Refused as refusal:
        if any(problem.location is None for problem in refusal.problems):
            raise
        return Inspection(refusal.problems)
    files = working_files(git, workspace.top, committed, settings.roots)
    ours = screened_entries(files.entries, settings.roots)
    results = screenings(ours, files.fresh, cache, lambda oids: files.fetch(blobs, oids), watch)
    problems = _everything(workspace, git, blobs, cache, files, results)
    problems += [*unfinished_write(git), *uncommitted_evidence(git, settings.roots)]
    return Inspection(in_order(problems), unsearched_files(results))


def _has_settings(entries: Iterable[CachedEntry]) -> bool:
    return any(entry.path == CONFIGURATION for entry in entries)


def _everything(
    workspace: Workspace,
    git: Git,
    blobs: Blobs,
    cache: Cache,
    files: WorkingFiles,
    screenings: Mapping[str, Screened],
) -> list[Problem]:
    def blob(oid: str) -> bytes:
        return files.read(blobs, oid)

    readings = Readings(cache, lambda oids: files.fetch(blobs, oids))
    by_path = {entry.path: entry for entry in files.entries}
    zone = ZoneInfo(settings_of(files.entries, readings)[0].time_zone)

    ledger = assemble(
        workspace.commit,
        lambda _: commit_info(git, workspace.commit).committed.astimezone(zone).date(),
        files.entries,
        readings,
        blob,
        lambda _: {} if workspace.place.shallow else presence_at(git, workspace.commit, zone, cache),
    )
    pages = Pages(lambda path: blob(by_path[path].oid))
    fresh = {path for path, entry in by_path.items() if entry.oid in files.fresh}
    texts, unread = _parsed_texts(ledger, by_path, readings)
    controls = Controls(ledger)
    evidence = [path for path in by_path if role_of(path, ledger.settings.roots) in {Role.EVIDENCE, Role.MARKDOWN}]
    return [
        *ledger.problems,
        *inspect_sources(ledger, texts, evidence, controls, pages),
        *_evidence(ledger, controls, fresh, pages),
        *_files(ledger, evidence, by_path, fresh | _unreported(evidence, unread)),
        *_shipped(by_path, readings, lambda path: blob(by_path[path].oid)),
        *inspect_anchors(ledger, pages),
        *inspect_owners(ledger),
        *inspect_named(ledger, by_path, lambda path: blob(by_path[path].oid)),
        *inspect_relations(ledger, by_path, lambda path: blob(by_path[path].oid)),
        *secrets_kept(ledger, screenings, files.entries, readings),
        *inspect_registers(ledger, _records(texts, fresh), pages),
    ]


def _parsed_texts(
    ledger: Ledger, by_path: Mapping[str, CachedEntry], readings: Readings
) -> tuple[ParsedTexts, list[str]]:
    """What was read, and the files that could not be."""
    texts: dict[FileRole, list[tuple[str, Any]]] = {}
    unread = []
    for path, entry in by_path.items():
        role = role_of(path, ledger.settings.roots)
        if role in READ and entry.mode in REGULAR:
            parsed = readings.of(entry.oid, role, path)
            if parsed.value is not None:
                texts.setdefault(role, []).append((path, parsed.value))
            elif parsed.problems:
                unread.append(path)
    return texts, unread


def _records(texts: ParsedTexts, fresh: set[str]) -> Records:
    """The registers' records, each with its file."""
    return {
        role: [Filed(path, record, is_committed=path not in fresh) for path, record in records]
        for role, records in texts.items()
        if isinstance(role, Register)
    }


def _unreported(evidence: Sequence[str], unread: Sequence[str]) -> set[str]:
    """The evidence of which nothing is known because what speaks of it cannot be read: that is said instead."""
    folders = tuple(path.removesuffix(MAP) for path in unread if path.rpartition("/")[2] == MAP)
    return {
        path for path in evidence if path in unread or f"{path}{RECORD_SUFFIX}" in unread or path.startswith(folders)
    }


def _evidence(ledger: Ledger, controls: Controls, fresh: set[str], pages: Pages) -> Iterator[Problem]:
    for item in ledger.evidence:
        file = item.record or item.path
        if item.record and misnamed(item, item.record):
            token = item.id.partition("-")[2]
            hint = f"correct the id, or rename the file and its record to end with .{token}"
            yield pages.error(item.record, ("id",), f"the file's name does not end with the id {item.id}", hint)
        if item.withdrawn or item.erased:
            continue
        if item.date and item.date > ledger.day and file not in fresh:
            hint = "correct the date: until that day it counts for nothing"
            yield _warning(f"is dated {item.date}, after the commit that holds it", file, hint)
        if item.controls and item.date is None and item.path not in fresh:
            otherwise = "it fails what it serves" if item.result is Result.FAIL else "it is a gap"
            given = f"compliance evidence correct {item.id} --date DATE --reason REASON"
            hint = f"give it one with: {given}; or by a rule. Without a date {otherwise}"
            yield _warning(f"has no date that counts: {item.undated or 'its record gives none'}", file, hint)
        if item.controls and item.is_inconclusive and item.kind and item.result is None:
            sentence = f"is {with_article(item.kind.value)} that does not say how it came out: it is a gap, no pass"
            hint = f"say how: compliance evidence correct {item.id} --result RESULT --reason REASON"
            yield _warning(sentence, file, hint)
        yield from _serving(item, file, controls)
    yield from _superseding_in_circles(ledger, pages)


def _serving(item: Evidence, file: str, controls: Controls) -> Iterator[Problem]:
    if not item.controls:
        yield _warning("is mapped to no control: it serves nothing", file, "add “controls: [standard:control]”")
        return
    named = [controls.of(reference).expected for reference in item.controls]
    if None in named:
        return  # what is wrong with the reference has been said, there or of the catalogue
    wanted = [leaf for expected in named for leaf in expected or ()]
    if any(leaf.takes(item.kind) for leaf in wanted):
        return
    kinds = ", ".join(sorted({kind.value for leaf in wanted for kind in leaf.kinds}))
    if item.kind is None:
        yield _warning("has no kind: it serves nothing", file, f"add “kind: …”; its controls expect {kinds}")
    else:
        sentence = f"serves nothing: none of its controls expects the kind “{item.kind.value}”"
        yield _warning(sentence, file, f"they expect {kinds}; correct the kind or the controls")


def _superseding_in_circles(ledger: Ledger, pages: Pages) -> Iterator[Problem]:
    """Evidence that supersedes what supersedes it: none of it would count."""
    after = {item.id: item.supersedes for item in ledger.evidence if item.supersedes}
    records = {item.id: item.record for item in ledger.evidence if item.record}
    reported: set[str] = set()
    for start in sorted(after):
        ring, successor = [start], after[start]
        while successor in after and successor not in ring:
            ring.append(successor)
            successor = after[successor]
        if successor == start and len(ring) > 1 and start in records and not reported & set(ring):
            reported |= set(ring)
            hint = "remove “supersedes” from the oldest of them"
            yield pages.error(
                records[start], ("supersedes",), f"{', '.join(ring)} supersede each other in a circle", hint
            )


def _files(
    ledger: Ledger, evidence: Sequence[str], by_path: Mapping[str, CachedEntry], reported: set[str]
) -> Iterator[Problem]:
    """Files that do not belong, and evidence that nothing speaks of, but for that of which more has been told."""
    cached = sorted(path for path in by_path if path.startswith(f"{CACHE}/"))
    if cached:
        hint = f"take it out: git rm -r --cached {CACHE}; and list /{CACHE}/ in .gitignore"
        yield Problem("is committed: the cache belongs to one machine", Location(cached[0]), hint)
    for path in sorted(by_path):
        name = path.rpartition("/")[2]
        if role_of(path, ledger.settings.roots) is Role.STRAY and not name.startswith(".") and name != "README.md":
            hint = "a register's records end with .yaml; file evidence with: compliance evidence add"
            yield _warning("lies in a register's folder and is no record of it: it counts for nothing", path, hint)
    described = {item.path for item in ledger.evidence}
    for path in evidence:
        if path not in described and path not in reported and by_path[path].mode in REGULAR:
            hint = f"file it with: compliance evidence add {path} -c CONTROL"
            yield _warning("has no record and no rule: it serves nothing", path, hint)


def _shipped(
    by_path: Mapping[str, CachedEntry], readings: Readings, fetch: Callable[[str], bytes]
) -> Iterator[Problem]:
    if SHIPPED_HASHES not in by_path:
        return
    lines = fetch(SHIPPED_HASHES).decode("utf-8", "replace").splitlines()
    listed = [(number, *line.partition("  ")[::2]) for number, line in enumerate(lines, 1) if "  " in line]
    digests = readings.digests(by_path[path].oid for _, _, path in listed if path in by_path)
    for number, digest, path in listed:
        if path not in by_path:
            yield Problem(f"lists {path}, which is not there", Location(SHIPPED_HASHES, number, 1), "remove the line")
        elif digests[by_path[path].oid] != digest:
            name = path.removeprefix(f"{STANDARDS}/").removesuffix(".yaml")
            hint = f"put your own intervals into {STANDARDS}/{name}.overlay.yaml, and bring it back: git log -- {path}"
            yield Problem("was shipped with the program and has been edited", Location(path), hint)


def _warning(sentence: str, file: str, hint: str) -> Problem:
    return Problem(sentence, Location(file), hint, severity=Severity.WARNING)
