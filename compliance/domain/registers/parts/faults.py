"""What is wrong in a record, as a value: where in the record, what, and what to do about it.

A register's inspection yields faults. Only `compliance.ledger.inspection` knows files, and turns them into problems.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import msgspec

from compliance.domain.terms.references import StandardName
from compliance.problems import Severity, choice_hint

if TYPE_CHECKING:
    from compliance.domain.registers.parts.register import LedgerView, Register

Path = tuple[str | int, ...]
"""The keys and numbers that lead to a value in a record, keys as its file spells them."""


class Fault(msgspec.Struct, frozen=True):
    """One thing that is wrong in a record: the path to it, a sentence, and a hint that says what to do.

    `if_committed` marks what is wrong only in a file that is committed: what is being written now may be dated later
    than the last commit. `line` is a line of the series beside the record, where the fault is there.
    """

    at: Path
    sentence: str
    hint: str
    severity: Severity = Severity.ERROR
    if_committed: bool = False
    line: int = 0


def warning(at: Path, sentence: str, hint: str, *, if_committed: bool = False) -> Fault:
    """A fault that makes no answer wrong."""
    return Fault(at, sentence, hint, Severity.WARNING, if_committed)


def later_than_commit(ledger: LedgerView, at: Path, how: str, day: dt.date) -> Iterator[Fault]:
    """A warning where something is dated after the commit that holds it; `how` is what it is: “raised on”."""
    if day > ledger.day:
        hint = "correct the day: until then it counts for nothing"
        yield warning(at, f"is {how} {day}, after the commit that holds it", hint, if_committed=True)


def unknown_record(ledger: LedgerView, at: Path, register: Register[Any], identifier: str) -> Iterator[Fault]:
    """A fault where a record of a register is named that is not there."""
    identifiers = [record.id for record in ledger.of(register)]
    if identifier not in identifiers:
        hint = choice_hint(identifier, identifiers) if identifiers else f"record it: compliance {register.word} add"
        yield Fault(at, f"there is no {register.name} {identifier}", hint)


def unknown_scope(ledger: LedgerView, at: Path, scope: str) -> Iterator[Fault]:
    """A fault where a scope is named that the settings do not list."""
    if scope not in ledger.scope_ids:
        yield Fault(at, f"there is no scope “{scope}”", choice_hint(scope, ledger.scope_ids))


def unknown_standard(ledger: LedgerView, standard: StandardName) -> Iterator[Fault]:
    """A fault where a standard has no catalogue and is not in use: one in use is said to lack it where it is named."""
    if not ledger.is_in_use(standard.id):
        hint = f"add it with: compliance standards use {standard}; or correct the name"
        yield Fault(("standard",), f"the standard {standard} has no catalogue here", hint)
