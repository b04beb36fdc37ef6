"""Scopes that begin, end and take over from others, as `compliance.toml` lists them; and what is carried over."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date
from typing import Any

import msgspec

from compliance.domain.assessment.pieces import PieceStandings, PieceState
from compliance.domain.ledger.ledger import Ledger
from compliance.domain.ledger.settings import Scope
from compliance.domain.registers.accreditations import ACCREDITATIONS
from compliance.domain.registers.applicability import APPLICABILITY
from compliance.domain.registers.parts.registry import REGISTERS
from compliance.domain.terms.layout import CONFIGURATION
from compliance.gitrepo.process.process import Git
from compliance.ledger.foreseen import foreseen
from compliance.ledger.opening import Workspace
from compliance.operations.committing import Committed, commit_change, committed_contents
from compliance.operations.evidence.filed import FiledPiece, open_pieces
from compliance.operations.evidence.naming import slug
from compliance.operations.registers.registering import file_of
from compliance.problems import Problem, Refused, choice_hint, refuse
from compliance.store.records.records import plain_of
from compliance.store.text.toml_tables import with_table, with_values
from compliance.store.text.yaml_editing import edited

_TABLE = "scopes"
_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]*")


class ScopeChange(msgspec.Struct, frozen=True):
    """The files as they are to be, the ledger as it would be then, and what the commit says."""

    texts: dict[str, bytes]
    after: Ledger
    deed: str


class Carried(msgspec.Struct, frozen=True, order=True):
    """Something of a scope that its successor could have too."""

    id: str
    title: str


def add_scope(workspace: Workspace, ledger: Ledger, scope: Scope) -> ScopeChange:
    """A scope more in the settings; nothing is written. Raises Refused with what `check` would say of it."""
    if not _ID.fullmatch(scope.id):
        hint = f"write letters, digits and hyphens: {slug(scope.id)}; the rest goes into --title"
        raise refuse(f"“{scope.id}” is no id of a scope", hint=hint)
    if ledger.settings.scope(scope.id):
        raise refuse(f"there is a scope “{scope.id}” already", hint="list them with: compliance scope list")
    values = {key: value for key, value in msgspec.structs.asdict(scope).items() if value not in (None, "", ())}
    return _configured(workspace, ledger, with_table(_settings(workspace), _TABLE, values), f"add {scope.id}")


def end_scope(workspace: Workspace, ledger: Ledger, identifier: str, on: date) -> ScopeChange:
    """The last day of a scope in the settings; nothing is written.

    Raises Refused for a scope that has an end, and for the last one that has none.
    """
    scope = known_scope(ledger, identifier)
    if scope.end:
        raise refuse(f"the scope “{scope.id}” ends on {scope.end} already", hint=f"correct it in {CONFIGURATION}")
    if all(other.end or other.id == scope.id for other in ledger.settings.scopes):
        hint = "begin the one that takes over first: compliance scope add ID --title TITLE"
        raise refuse(f"“{scope.id}” is the only scope that goes on", hint=hint)
    return _configured(workspace, ledger, _with(workspace, scope, {"end": on}), f"{scope.id} ends on {on}")


def succeed(workspace: Workspace, ledger: Ledger, identifier: str, before: Sequence[str]) -> ScopeChange:
    """That a scope takes over from others, in the settings; nothing is written. Raises Refused for what has no end."""
    scope = known_scope(ledger, identifier)
    for earlier in before:
        known = known_scope(ledger, earlier)
        if known.id != scope.id and known.end is None:
            hint = f"end it first: compliance scope end {known.id} --on DATE"
            raise refuse(f"the scope “{known.id}” has no end: nothing takes over from it yet", hint=hint)
    names = list(dict.fromkeys([*scope.succeeds, *before]))
    if names == list(scope.succeeds):
        raise refuse(f"“{scope.id}” succeeds {', '.join(before)} already", hint=f"see it in {CONFIGURATION}")
    text = _with(workspace, scope, {"succeeds": names if len(names) > 1 else names[0]})
    return _configured(workspace, ledger, text, f"{scope.id} succeeds {', '.join(before)}")


def carriable(ledger: Ledger, scope: Scope, on: date) -> list[Carried]:
    """What lives on in the scopes that one took over from, and does not name that one yet: it may be carried."""
    standings = PieceStandings(ledger)
    pieces = [
        Carried(item.id, item.title)
        for item in ledger.evidence
        if _is_of(item.scope, scope) and standings.of(item, on).state is PieceState.LIVE
    ]
    records = [
        Carried(record.id, getattr(record, "title", "") or getattr(record, "name", ""))
        for register in REGISTERS
        if register not in (ACCREDITATIONS, APPLICABILITY) and "scope" in register.record.__struct_fields__
        for record in ledger.of(register)
        if _is_of(record.scope, scope) and register.listing.is_open(ledger, record, on)
    ]
    return [*sorted(pieces), *sorted(records)]


def carry(workspace: Workspace, ledger: Ledger, scope: Scope, identifiers: Sequence[str], on: date) -> ScopeChange:
    """The records that are carried, each with the scope among its own; nothing is written.

    Raises Refused for one that is none of what may be carried.
    """
    known = {candidate.id: candidate for candidate in carriable(ledger, scope, on)}
    texts: dict[str, bytes] = {}
    for identifier in identifiers:
        if identifier not in known:
            hint = choice_hint(identifier, known, otherwise=f"see what may be: compliance scope carry {scope.id}")
            raise refuse(f"{identifier} is nothing that “{scope.id}” could carry over", hint=hint)
        path, text = _with_scope(workspace, ledger, identifier, scope.id)
        texts[path] = text
    deed = f"{scope.id} carries {', '.join(identifiers[:3])}{' and more' if len(identifiers) > 3 else ''}"
    return ScopeChange(texts, foreseen(workspace, ledger, texts), deed)


def commit_scope_change(workspace: Workspace, change: ScopeChange) -> Committed:
    """Writes it, in one commit."""
    return commit_change(workspace.place, {}, change.texts, f"scope: {change.deed}\n")


def known_scope(ledger: Ledger, identifier: str) -> Scope:
    """The scope of an id. Raises Refused with the nearest there is."""
    scope = ledger.settings.scope(identifier)
    if scope is None:
        ids = [other.id for other in ledger.settings.scopes]
        raise refuse(f"there is no scope “{identifier}”", hint=choice_hint(identifier, ids))
    return scope


def _is_of(scopes: Sequence[str], scope: Scope) -> bool:
    return not set(scopes).isdisjoint(scope.succeeds) and scope.id not in scopes


def _with_scope(workspace: Workspace, ledger: Ledger, identifier: str, scope: str) -> tuple[str, bytes]:
    item = ledger.evidence_by_id(identifier)
    if item is not None:
        (piece,) = open_pieces(workspace, ledger, [identifier])
        return piece.path, _carried_text(piece, scope)
    for register in REGISTERS:
        for record in ledger.of(register):
            if record.id == identifier:
                path, data = file_of(workspace, register, identifier)
                now: Any = msgspec.structs.replace(record, scope=(*record.scope, scope))
                return path, edited(data, plain_of(record), plain_of(now))
    raise refuse(f"there is no {identifier}", hint="list what may be carried with: compliance scope carry SCOPE")


def _carried_text(piece: FiledPiece, scope: str) -> bytes:
    scopes = (*(piece.record.scope or piece.evidence.scope), scope)
    return piece.text_of(msgspec.structs.replace(piece.record, scope=scopes))


def _settings(workspace: Workspace) -> str:
    contents = committed_contents(Git(workspace.place), workspace.commit, [CONFIGURATION])
    return contents[CONFIGURATION].decode("utf-8-sig")


def _with(workspace: Workspace, scope: Scope, values: dict[str, object]) -> str:
    text = with_values(_settings(workspace), _TABLE, scope.id, values)
    if text is None:
        hint = f"write it there yourself: {', '.join(f'{key} = {value}' for key, value in values.items())}"
        raise refuse(f"the scope “{scope.id}” is not a table of its own in {CONFIGURATION}", hint=hint)
    return text


def _configured(workspace: Workspace, ledger: Ledger, text: str, deed: str) -> ScopeChange:
    """The change of the settings. Raises Refused with what would be wrong in them, without a place: none is written."""
    texts = {CONFIGURATION: text.encode()}
    try:
        after = foreseen(workspace, ledger, texts)
        wrong = [problem for problem in after.problems if problem.is_error and problem not in ledger.problems]
    except Refused as refusal:
        wrong = list(refusal.problems)
    if wrong:
        raise Refused(Problem(_without_path(problem.sentence), hint=problem.hint) for problem in wrong)
    return ScopeChange(texts, after, deed)


def _without_path(sentence: str) -> str:
    """A sentence without the key path before it."""
    head, colon, rest = sentence.partition(": ")
    return rest if colon and head.startswith(_TABLE) else sentence
