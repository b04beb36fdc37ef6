"""One piece of evidence in detail: which source says what of it, and the commits that touched it."""

from __future__ import annotations

from pathlib import PurePosixPath
from zoneinfo import ZoneInfo

import msgspec

from compliance.domain.ledger.approval import approval
from compliance.domain.ledger.attachment import Source, resolve
from compliance.domain.ledger.control_index import ControlIndex
from compliance.domain.ledger.ledger import Ledger
from compliance.domain.ledger.records import Evidence, standing_approvals
from compliance.domain.ledger.roles import Role, role_of
from compliance.domain.ledger.rules import MappingRule, RuleFile
from compliance.domain.terms.layout import MAP
from compliance.gitrepo.process.process import Git
from compliance.gitrepo.reading.history import path_history
from compliance.gitrepo.reading.reading import blobs, entries
from compliance.ledger.assembly.assembly import REGULAR, described_by
from compliance.ledger.assembly.readings import MemoryCache, Readings
from compliance.ledger.opening import Workspace
from compliance.store.cached import CachedEntry


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
    return Detail(_origins(git, ledger, item), _review(ledger, item), history)


def _history(git: Git, ledger: Ledger, item: Evidence, zone: ZoneInfo) -> tuple[Past, ...]:
    paths = [path for path in (item.path, item.record) if path]
    return tuple(
        Past(str(info.committed.astimezone(zone).date()), info.oid, info.author, info.subject)
        for info in path_history(git, ledger.commit, paths)
    )


def _review(ledger: Ledger, item: Evidence) -> str:
    judged = approval(item, ledger.approvers, ControlIndex(ledger).fingerprint_of)
    if judged.reason:
        return f"{judged.verdict.value}: {judged.reason}"
    approvals = standing_approvals(item)
    return f"approved by {approvals[-1].by} on {approvals[-1].on.day}" if approvals else "not asked for"


def _origins(git: Git, ledger: Ledger, item: Evidence) -> dict[str, str]:
    """Where each value of one piece comes from: its sources are read again, since the ledger keeps values alone."""
    sources, dating = _sources(git, ledger, item)
    _, origins = resolve(sources)
    if dating and "date" not in origins and item.date:
        how = dating.dating.value if dating.dating else ""
        origins["date"] = f"the file's {how}, by rule" if how == "name" else "the file's history in git, by rule"
        if item.period and "period" not in origins:
            origins["period"] = origins["date"]
    if not item.record:
        origins["id"] = "a hash of its path"
    return origins


def _sources(git: Git, ledger: Ledger, item: Evidence) -> tuple[list[Source], MappingRule | None]:
    """What speaks of a piece, strongest first, and the rule that says where its date comes from."""
    readings = Readings(MemoryCache(), lambda oids: blobs(git, oids))
    listed = {
        entry.path: CachedEntry(entry.path, entry.mode, entry.oid, entry.size)
        for entry in entries(git, ledger.commit, [item.path, *filter(None, [item.record]), *_rule_paths(item.path)])
        if entry.mode in REGULAR
    }
    roles = {path: role_of(path, ledger.settings.roots) for path in listed}
    readings.prepare((entry.oid, roles[path]) for path, entry in listed.items())
    rules = [
        RuleFile(path.rpartition("/")[0], path, readings.of(entry.oid, Role.RULES, path).value or ())
        for path, entry in listed.items()
        if roles[path] is Role.RULES
    ]
    rules.sort(key=lambda file: file.folder.count("/") + bool(file.folder), reverse=True)
    record = readings.of(listed[item.record].oid, Role.RECORD, item.record).value if item.record in listed else None
    entry = listed.get(item.path)
    if entry is None:  # bytes that are kept elsewhere, or were erased: its record alone speaks of them
        return [Source(item.record, record)] if record else [], None
    return described_by(entry, item.record, record, roles, readings, rules, [])


def _rule_paths(path: str) -> list[str]:
    """Where rules that may take a file could stand: in its folder, and in those above it."""
    return [str(folder / MAP) for folder in PurePosixPath(path).parents]
