"""One piece of evidence in detail: which source says what of it, and the commits that touched it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from zoneinfo import ZoneInfo

import msgspec

from compliance.domain.ledger.approval import approval
from compliance.domain.ledger.attachment import Source, resolve
from compliance.domain.ledger.control_index import ControlIndex
from compliance.domain.ledger.ledger import Ledger
from compliance.domain.ledger.records import Evidence, last_decision
from compliance.domain.ledger.roles import Role, role_of
from compliance.domain.ledger.rules import MappingRule, RuleFile
from compliance.gitrepo.process.process import Git
from compliance.gitrepo.reading.history import path_history
from compliance.gitrepo.reading.reading import blobs, entries
from compliance.ledger.assembly.assembly import REGULAR, described_by
from compliance.ledger.assembly.readings import Readings
from compliance.ledger.opening import Workspace
from compliance.ledger.refreshing import with_index
from compliance.store.index import Index, IndexedEntry


class Past(msgspec.Struct, frozen=True):
    """A commit that touched the evidence or its record."""

    day: str
    commit: str
    author: str
    subject: str


class Detail(msgspec.Struct, frozen=True):
    """Where each value of a piece comes from, what its review says, and its history, newest first."""

    origins: dict[str, str]
    review: str
    history: tuple[Past, ...]


def detail_of(workspace: Workspace, ledger: Ledger, item: Evidence) -> Detail:
    """The detail of a piece of evidence of the ledger."""
    git = Git(workspace.place)
    zone = ZoneInfo(ledger.settings.time_zone)
    history = () if workspace.place.shallow else _history(git, ledger, item, zone)
    return Detail(_origins(workspace, git, ledger, item), _review(ledger, item), history)


def _history(git: Git, ledger: Ledger, item: Evidence, zone: ZoneInfo) -> tuple[Past, ...]:
    paths = [path for path in (item.path, item.record) if path]
    return tuple(
        Past(str(info.committed.astimezone(zone).date()), info.oid, info.author, info.subject)
        for info in path_history(git, ledger.commit, paths)
    )


def _review(ledger: Ledger, item: Evidence) -> str:
    judged = approval(item, ledger.settings.review, ControlIndex(ledger).fingerprint_of)
    if judged.reason:
        return f"{judged.verdict.value}: {judged.reason}"
    decision = last_decision(item)
    return f"approved by {decision.by} on {decision.on}" if decision else "not asked for"


def _origins(workspace: Workspace, git: Git, ledger: Ledger, item: Evidence) -> dict[str, str]:
    """Hears the sources of this one file again: the ledger keeps values, not where they came from."""
    roots = ledger.settings.roots
    listed = [
        IndexedEntry(entry.path, entry.mode, entry.oid, entry.size)
        for entry in entries(git, ledger.commit)
        if entry.mode in REGULAR
        and (entry.path in {item.path, item.record} or role_of(entry.path, roots) is Role.RULES)
    ]

    def fetch(oids: Iterable[str]) -> Iterator[tuple[str, bytes]]:
        return iter(blobs(git, list(oids)))

    def heard(index: Index) -> tuple[list[Source], MappingRule | None]:
        readings = Readings(index, fetch)
        roles = {entry.path: role_of(entry.path, roots) for entry in listed}
        readings.prepare((entry.oid, roles[entry.path]) for entry in listed)
        by_path = {entry.path: entry for entry in listed}
        rules = [
            RuleFile(
                entry.path.rpartition("/")[0], entry.path, readings.of(entry.oid, Role.RULES, entry.path).value or ()
            )
            for entry in listed
            if roles[entry.path] is Role.RULES
        ]
        rules.sort(key=lambda file: file.folder.count("/") + bool(file.folder), reverse=True)
        record = (
            readings.of(by_path[item.record].oid, Role.RECORD, item.record).value if item.record in by_path else None
        )
        entry = by_path.get(item.path)
        if entry is None:  # bytes that are kept elsewhere, or were erased: its record alone speaks of them
            return [Source(item.record, record)] if record else [], None
        return described_by(entry, item.record, record, roles, readings, rules, [])

    sources, dating = with_index(workspace.cache, heard)
    _, origins = resolve(sources)
    if dating and "date" not in origins and item.date:
        how = dating.dating.value if dating.dating else ""
        origins["date"] = f"the file's {how}, by rule" if how == "name" else "the file's history in git, by rule"
        if item.period and "period" not in origins:
            origins["period"] = origins["date"]
    if not item.record:
        origins["id"] = "a hash of its path"
    return origins
