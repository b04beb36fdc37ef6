"""`compliance.toml` read."""

from __future__ import annotations

import zoneinfo
from collections.abc import Callable
from collections.abc import Mapping as Mappings
from functools import cache
from typing import Any

import msgspec

from compliance.domain.ledger.settings import ReviewPolicy, Scope, Settings, StandardInUse
from compliance.domain.registers.risks import RiskMatrix
from compliance.domain.terms.durations import Duration, Unit
from compliance.domain.terms.vocabulary import Kind
from compliance.problems import choice_hint
from compliance.store.text.decoding import UNREADABLE, decoder_of, report_fields
from compliance.store.text.located import Mapping, Node, Path, Text, place_at
from compliance.store.text.parsed import Parsed
from compliance.store.text.toml_text import read_toml_file

FILE = "compliance.toml"
FORMAT = 1
REQUIRED = ("format", "organisation", "scopes")
TOP: dict[str, Any] = {
    "organisation": str,
    "time-zone": str,
    "bank-holidays": str,
    "horizon": Duration,
    "classifications": tuple[str, ...],
    "scopes": tuple[Scope, ...],
    "standards": tuple[StandardInUse, ...],
    "review": ReviewPolicy,
    "retention": dict[str, Duration],
    "risk": RiskMatrix,
}


class EvidenceSettings(msgspec.Struct, frozen=True, kw_only=True):
    """The `[evidence]` table."""

    roots: tuple[str, ...] = ("evidence",)
    size_limit: int = Settings(organisation="").size_limit


def parse_configuration(data: bytes, file: str = FILE) -> Parsed[Settings]:
    """The workspace's settings, or every problem in them."""
    node, source = read_toml_file(data, file)
    settings = _settings(node, source) if isinstance(node, Mapping) else None
    if settings and node:
        _check(settings, node, source)
    return Parsed(None if source.problems else settings, tuple(source.problems))


def _settings(node: Mapping, source: Text) -> Settings | None:
    if not node.entries:
        source.report(
            None, "is empty", "make the workspace anew with: compliance init; or bring the file back with git checkout"
        )
        return None
    complete = report_fields(node, ("format", "evidence", *TOP), REQUIRED, source)
    if "format" not in node.entries:
        return None
    written = decoder_of(int)(node.entries["format"].value, source)
    if written is not UNREADABLE and written != FORMAT:
        hint = "install a newer version of compliance" if written > FORMAT else f"write {FORMAT}"
        place = node.entries["format"].value.place
        source.problems.clear()  # what another format has more is nothing wrong in it
        source.report(place, f"is written in format {written}; this program reads {FORMAT}", hint)
        return None
    values = {
        key.replace("-", "_"): decoder_of(type_)(node.entries[key].value, source)
        for key, type_ in TOP.items()
        if key in node.entries
    }
    if "evidence" in node.entries:
        evidence = decoder_of(EvidenceSettings)(node.entries["evidence"].value, source)
        if evidence is not UNREADABLE:
            values |= {"roots": evidence.roots, "size_limit": evidence.size_limit}
    return None if UNREADABLE in values.values() or not complete or source.problems else Settings(**values)


def _check(settings: Settings, node: Node, source: Text) -> None:
    def wrong(path: Path, sentence: str, hint: str) -> None:
        source.report(place_at(node, path), sentence, hint)

    if settings.time_zone not in _time_zones():
        hint = choice_hint(settings.time_zone, _time_zones()) or "write it like Europe/London"
        wrong(("time-zone",), f"there is no time zone “{settings.time_zone}”", hint)
    if settings.horizon.unit is Unit.WORKING_DAY:
        wrong(("horizon",), "the horizon cannot count working days", "write it like 60 days")
    if settings.size_limit < 1:
        wrong(("evidence", "size-limit"), "lets no file through", "write the largest size that is taken, in bytes")
    _check_scopes(settings, wrong)
    _check_standards(settings, wrong)
    _check_risk_matrix(settings.risk, wrong)
    kinds = [known.value for known in Kind]
    for kind in settings.retention:
        if kind not in kinds:
            wrong(("retention", kind), f"“{kind}” is not a kind", choice_hint(kind, kinds))
    for number, root in enumerate(settings.roots):
        if root != "." and (root.startswith("/") or {"", ".", ".."} & set(root.split("/"))):
            hint = "name folders of the workspace, like evidence or records/security"
            wrong(("evidence", "roots", number), f"the root “{root}” is no folder inside the workspace", hint)


@cache
def _time_zones() -> set[str]:
    """The names of all time zones; listing them reads two folders with 600 files."""
    return zoneinfo.available_timezones()


_Wrong = Callable[[Path, str, str], None]


def _check_scopes(settings: Settings, wrong: _Wrong) -> None:
    if not settings.scopes:
        wrong(("scopes",), "no scope is listed", "add a [[scopes]] table with an id")
    ids = [scope.id for scope in settings.scopes]
    above = {scope.id: scope.parent for scope in settings.scopes}
    for number, scope in enumerate(settings.scopes):
        if scope.id in ids[:number]:
            wrong(
                ("scopes", number, "id"),
                f"the scope “{scope.id}” is listed twice",
                "remove one of the two, or give it another id",
            )
        elif scope.parent and scope.parent not in ids:
            wrong(("scopes", number, "parent"), f"there is no scope “{scope.parent}”", choice_hint(scope.parent, ids))
        elif (ring := _ancestors(scope.id, above))[-1] == scope.id and scope.id == min(ring, key=ids.index):
            hint = "name the scope that holds it, or remove the line"
            wrong(("scopes", number, "parent"), f"the scope “{scope.id}” is among its own parents", hint)
        _check_life(settings, number, wrong)


def _check_life(settings: Settings, number: int, wrong: _Wrong) -> None:
    """Whether a scope ends after it started, and took over from another one that there is."""
    scope = settings.scopes[number]
    if scope.start and scope.end and scope.end <= scope.start:
        sentence = f"the scope “{scope.id}” ends on {scope.end}, and it starts on {scope.start}"
        wrong(("scopes", number, "end"), sentence, "write its last day, which comes after its start")
    others = [other.id for other in settings.scopes if other.id != scope.id]
    for place, before in enumerate(scope.succeeds):
        at = ("scopes", number, "succeeds", place)
        if before == scope.id:
            wrong(at, f"the scope “{scope.id}” succeeds itself", "name the scope that it took over from")
        elif before not in others:
            sentence = f"there is no scope “{before}” that “{scope.id}” could succeed"
            wrong(at, sentence, choice_hint(before, others))
        elif scope.id in _succeeded(settings, before) and scope.id == _first_in_a_circle(settings):
            hint = "name the scope that it took over from, or remove it"
            wrong(at, f"the scope “{scope.id}” is among those that succeed it", hint)


def _first_in_a_circle(settings: Settings) -> str:
    """The first scope listed that succeeds itself by way of others; empty where none does."""
    return next((scope.id for scope in settings.scopes if scope.id in _succeeded(settings, scope.id)), "")


def _succeeded(settings: Settings, scope: str) -> set[str]:
    """The scopes that one took over from, and those that these took over from. One may begin before another ends."""
    before = {other.id: other.succeeds for other in settings.scopes}
    found: set[str] = set()
    waiting = [scope]
    while waiting:
        for earlier in before.get(waiting.pop(), ()):
            if earlier not in found:
                found.add(earlier)
                waiting.append(earlier)
    return found


def _check_risk_matrix(matrix: RiskMatrix, wrong: _Wrong) -> None:
    for field, words in (("likelihood", matrix.likelihood), ("impact", matrix.impact)):
        again = next((number for number, word in enumerate(words) if word in words[:number]), None)
        if again is not None:
            wrong(("risk", field, again), f"“{words[again]}” stands twice in the matrix", "give one of the two a name")
        elif len(words) < 2:
            wrong(("risk", field), "leaves no choice", "list at least two words, the lowest first")
    if matrix.scores and len(matrix.scores) != len(matrix.likelihood):
        sentence = f"has {len(matrix.scores)} rows, and there are {len(matrix.likelihood)} words for likelihood"
        wrong(("risk", "scores"), sentence, "write a row of scores for each likelihood, the lowest first")
    for number, row in enumerate(matrix.scores):
        if len(row) != len(matrix.impact):
            sentence = f"has {len(row)} scores, and there are {len(matrix.impact)} words for impact"
            wrong(("risk", "scores", number), sentence, "write a score for each impact, the lowest first")


def _ancestors(scope: str, above: Mappings[str, str]) -> list[str]:
    """The scopes above one, nearest first, until there is none or one comes again; itself if it has none."""
    ancestors: list[str] = []
    while (scope := above.get(scope, "")) and scope not in ancestors:
        ancestors.append(scope)
    return ancestors or [""]


def _check_standards(settings: Settings, wrong: _Wrong) -> None:
    scopes = [scope.id for scope in settings.scopes]
    for number, use in enumerate(settings.standards):
        if not use.standard.version:
            wrong(
                ("standards", number, "standard"),
                f"“{use.standard}” names no version",
                f"write it like {use.standard}@VERSION",
            )
        if use.standard in [other.standard for other in settings.standards[:number]]:
            hint = "keep one table for it, with all its scopes and profiles"
            wrong(("standards", number, "standard"), f"the standard {use.standard} is listed twice", hint)
        for name in use.scopes:
            if name not in scopes:
                wrong(("standards", number, "scopes"), f"there is no scope “{name}”", choice_hint(name, scopes))
