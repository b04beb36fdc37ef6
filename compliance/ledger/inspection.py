"""`check`: everything that is wrong in a workspace, each with its place and what to do (DESIGN 6)."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from zoneinfo import ZoneInfo

from compliance.domain.catalogue import expects
from compliance.domain.expectations import leaves
from compliance.domain.finding import find_control
from compliance.domain.layout import CACHE, SHIPPED_HASHES, STANDARDS, Role, role_of
from compliance.domain.ledger import Ledger
from compliance.domain.records import Evidence
from compliance.domain.references import Reference
from compliance.gitrepo.history import commit_info
from compliance.gitrepo.process import Git
from compliance.gitrepo.reading import blobs
from compliance.ledger.assembly import altered, assemble, settings_of
from compliance.ledger.opening import Workspace
from compliance.ledger.readings import Readings
from compliance.ledger.refreshing import entries_at
from compliance.ledger.register_inspection import inspect_registers
from compliance.ledger.uncommitted import uncommitted_evidence
from compliance.ledger.presence import presence_at
from compliance.ledger.working import working_files
from compliance.problems import Location, Problem, Refused, Severity, in_order
from compliance.store.index import IndexedEntry, refreshing
from compliance.store.records import misnamed

Source = Callable[[str], str]
"""Gives the text of a file of the workspace."""


def inspect(workspace: Workspace) -> tuple[Problem, ...]:
    """Every problem of the workspace as it lies in the working tree, in order of place."""
    git = Git(workspace.place)
    with refreshing(workspace.cache) as index:
        committed = entries_at(git, workspace.commit, index)
        settings, _ = settings_of(committed, Readings(index, lambda oids: blobs(git, list(oids))))
        zone = ZoneInfo(settings.time_zone)
        files = working_files(git, workspace.top, committed, settings.roots)
        readings = Readings(index, lambda oids: files.fetch(git, oids))
        by_path = {entry.path: entry for entry in files.entries}

        def blob(oid: str) -> bytes:
            return next(data for _, data in files.fetch(git, [oid]))

        def text(path: str) -> str:
            return blob(by_path[path].oid).decode("utf-8", "replace") if path in by_path else ""

        try:
            ledger = assemble(
                workspace.commit,
                lambda known: commit_info(git, workspace.commit).committed.astimezone(ZoneInfo(known.time_zone)).date(),
                files.entries,
                readings,
                blob,
                lambda _: {} if workspace.place.shallow else presence_at(git, workspace.commit, zone, index),
            )
        except Refused as refusal:
            return refusal.problems
        found = [
            *ledger.problems,
            *_evidence(ledger, text),
            *_files(ledger, by_path),
            *_altered(ledger, by_path, readings),
            *_shipped(by_path, readings, text),
            *inspect_registers(ledger, _register_paths(by_path), text),
        ]
    return in_order([*found, *uncommitted_evidence(workspace, settings.roots)])


def place_in(text: str, needle: str, path: str) -> Location:
    """Where a text stands in a file; the file as a whole if it cannot be found."""
    position = text.find(needle)
    if position < 0:
        return Location(path)
    return Location(path, text.count("\n", 0, position) + 1, position - text.rfind("\n", 0, position))


def _evidence(ledger: Ledger, text: Source) -> Iterator[Problem]:
    scopes = {scope.id for scope in ledger.settings.scopes}
    ids: dict[str, Evidence] = {}
    for item in ledger.evidence:
        said_in = item.record or item.path
        if item.id in ids:
            other = ids[item.id].record or ids[item.id].path
            yield Problem(f"has the id {item.id}, as {other} has", Location(said_in), "file one of them again")
        ids.setdefault(item.id, item)
        if item.record and (wrong := misnamed(item, item.record)):
            yield Problem(wrong, Location(item.record), "rename the record")
        for scope in item.scope:
            if scope not in scopes:
                yield Problem(f"there is no scope “{scope}”", place_in(text(said_in), scope, said_in), f"scopes: {', '.join(sorted(scopes))}")
        if item.date and item.date > ledger.day:
            yield Problem(f"is dated {item.date}, after the commit that holds it", Location(said_in), severity=Severity.WARNING)
        if item.supersedes and ledger.evidence_by_id(item.supersedes) is None:
            yield Problem(f"supersedes {item.supersedes}, which is not there", place_in(text(said_in), item.supersedes, said_in))
        markings = ledger.settings.classifications
        if item.classification and item.classification not in markings:
            where = place_in(text(said_in), item.classification, said_in)
            yield Problem(f"“{item.classification}” is not a marking of this workspace", where, f"markings: {', '.join(markings)}")
        yield from _mapping(ledger, item, said_in, text)


def _mapping(ledger: Ledger, item: Evidence, said_in: str, text: Source) -> Iterator[Problem]:
    if not item.controls:
        yield Problem("is mapped to no control: it serves nothing", Location(said_in), "add controls:", severity=Severity.WARNING)
        return
    serves = False
    for reference in item.controls:
        try:
            _, catalogue, control = find_control(ledger, str(reference))
        except Refused as refusal:
            where = place_in(text(said_in), str(reference), said_in)
            for problem in refusal.problems:
                yield Problem(problem.sentence, where, problem.hint)
            continue
        serves = serves or any(
            leaf.takes(item.kind)
            for one in expects(catalogue, control)
            for leaf in leaves(one)
            if reference.expectation in {"", leaf.id}
        )
    if not serves and any(_is_known(ledger, reference) for reference in item.controls):
        kind = item.kind.value if item.kind else "piece of no stated kind"
        yield Problem(
            f"serves nothing: none of its controls expects a {kind}",
            Location(said_in),
            "look at what they expect with: compliance standards show CONTROL",
            severity=Severity.WARNING,
            )


def _is_known(ledger: Ledger, reference: Reference) -> bool:
    try:
        find_control(ledger, str(reference))
    except Refused:
        return False
    return True


def _files(ledger: Ledger, by_path: dict[str, IndexedEntry]) -> Iterator[Problem]:
    described = {item.path for item in ledger.evidence}
    for path in by_path:
        if path.startswith(f"{CACHE}/"):
            yield Problem("is committed: the cache belongs to one machine", Location(path), f"remove it: git rm -r --cached {CACHE}")
        role = role_of(path, ledger.settings.roots)
        if role in {Role.EVIDENCE, Role.MARKDOWN} and path not in described:
            yield Problem(
                "has no record and no rule: it serves nothing",
                Location(path),
                f"file it with: compliance evidence add {path} -c CONTROL",
                severity=Severity.WARNING,
            )


def _altered(ledger: Ledger, by_path: dict[str, IndexedEntry], readings: Readings) -> Iterator[Problem]:
    recorded = [item for item in ledger.evidence if item.record and item.sha256 and item.path in by_path and not item.decisions]
    digests = readings.digests(by_path[item.path].oid for item in recorded)
    for item in recorded:
        if digests[by_path[item.path].oid] != item.sha256 and item.size == by_path[item.path].size:
            yield altered(item.record, item.path)


def _shipped(by_path: dict[str, IndexedEntry], readings: Readings, text: Source) -> Iterator[Problem]:
    if SHIPPED_HASHES not in by_path:
        return
    listed = [line.split("  ", 1) for line in text(SHIPPED_HASHES).splitlines() if "  " in line]
    present = {path: digest for digest, path in listed if path in by_path}
    digests = readings.digests(by_path[path].oid for path in present)
    for number, (_, path) in enumerate(listed, 1):
        if path not in by_path:
            yield Problem(f"lists {path}, which is not there", Location(SHIPPED_HASHES, number, 1), "remove the line")
        elif digests[by_path[path].oid] != present[path]:
            name = path.removeprefix(f"{STANDARDS}/").removesuffix(".yaml")
            yield Problem(
                "was shipped with the program and has been edited",
                Location(path),
                f"put your own intervals into standards/{name}.overlay.yaml, and restore it: git log -- {path}",
            )


def _register_paths(by_path: Iterable[str]) -> dict[Role, list[str]]:
    found: dict[Role, list[str]] = {}
    for path in by_path:
        found.setdefault(role_of(path), []).append(path)
    return found
