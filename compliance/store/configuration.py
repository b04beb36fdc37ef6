"""`compliance.toml` read."""

from __future__ import annotations

import zoneinfo
from typing import Any

import msgspec

from compliance.domain.durations import Duration, Unit
from compliance.domain.settings import ReviewPolicy, Scope, Settings, StandardInUse
from compliance.domain.vocabulary import Kind
from compliance.problems import Refused
from compliance.store.decoding import UNREADABLE, decoder_of, one_of, report_missing, report_unknown
from compliance.store.located import Mapping, Node, Place, Text, decode_text, read_toml
from compliance.store.parsed import Parsed

FILE = "compliance.toml"
FORMAT = 1
_TOP: dict[str, Any] = {
    "organisation": str,
    "time-zone": str,
    "bank-holidays": str,
    "horizon": Duration,
    "classifications": tuple[str, ...],
    "scopes": tuple[Scope, ...],
    "standards": tuple[StandardInUse, ...],
    "review": ReviewPolicy,
    "retention": dict[str, Duration],
}


class EvidenceSettings(msgspec.Struct, frozen=True, kw_only=True):
    """The `[evidence]` table."""

    roots: tuple[str, ...] = ("evidence",)
    size_limit: int = Settings(organisation="").size_limit


def parse_configuration(data: bytes, file: str = FILE) -> Parsed[Settings]:
    """The workspace's settings, or every problem in them."""
    try:
        node, source = read_toml(decode_text(data, file), file)
    except Refused as refusal:
        return Parsed(None, refusal.problems)
    settings = _settings(node, source) if isinstance(node, Mapping) else None
    if settings:
        _check(settings, node, source)
    return Parsed(None if source.problems else settings, tuple(source.problems))


def _settings(node: Mapping, source: Text) -> Settings | None:
    report_unknown(node, ("format", "evidence", *_TOP), source)
    if not report_missing(node, ("format", "organisation", "scopes"), source):
        return None
    written = decoder_of(int)(node.entries["format"].value, source)
    if written is not UNREADABLE and written != FORMAT:
        hint = "install a newer version of compliance" if written > FORMAT else ""
        source.report(node.entries["format"].value.place, f"is written in format {written}; this program reads {FORMAT}", hint)
        return None
    values = {
        key.replace("-", "_"): decoder_of(type_)(node.entries[key].value, source)
        for key, type_ in _TOP.items()
        if key in node.entries
    }
    if "evidence" in node.entries:
        evidence = decoder_of(EvidenceSettings)(node.entries["evidence"].value, source)
        if evidence is not UNREADABLE:
            values |= {"roots": evidence.roots, "size_limit": evidence.size_limit}
    return None if UNREADABLE in values.values() or source.problems else Settings(**values)


def _check(settings: Settings, node: Node | None, source: Text) -> None:
    if settings.time_zone not in zoneinfo.available_timezones():
        source.report(_place(node, "time-zone"), f"there is no time zone “{settings.time_zone}”", one_of(settings.time_zone, zoneinfo.available_timezones()))
    if settings.horizon.unit is Unit.WORKING_DAY:
        source.report(_place(node, "horizon"), "the horizon cannot count working days", "write it like 60 days")
    if not settings.scopes:
        source.report(_place(node, "scopes"), "no scope is listed", "add a [[scopes]] table with an id")
    scopes = [scope.id for scope in settings.scopes]
    for scope in settings.scopes:
        if scopes.count(scope.id) > 1:
            source.report(_place(node, "scopes"), f"the scope “{scope.id}” is listed twice")
        if scope.parent and scope.parent not in scopes:
            source.report(_place(node, "scopes"), f"there is no scope “{scope.parent}”", one_of(scope.parent, scopes))
    for use in settings.standards:
        if not use.standard.version:
            source.report(_place(node, "standards"), f"“{use.standard}” names no version", f"write it like {use.standard}@VERSION")
        for name in use.scopes:
            if name not in scopes:
                source.report(_place(node, "standards"), f"there is no scope “{name}”", one_of(name, scopes))
    for kind in settings.retention:
        if kind not in {known.value for known in Kind}:
            source.report(_place(node, "retention"), f"“{kind}” is not a kind", one_of(kind, [known.value for known in Kind]))
    for root in settings.roots:
        if root.startswith("/") or ".." in root.split("/"):
            source.report(_place(node, "evidence"), f"the root “{root}” lies outside the workspace")


def _place(node: Node | None, key: str) -> Place | None:
    if not isinstance(node, Mapping):
        return None
    entry = node.entries.get(key)
    return entry.key if entry else None


