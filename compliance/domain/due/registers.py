"""What the registers want done by when, and the kinds of all that falls due."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from typing import Any

import msgspec

from compliance.domain.ledger.audited import with_audits
from compliance.domain.ledger.ledger import Ledger
from compliance.domain.registers.accreditations import ACCREDITATIONS
from compliance.domain.registers.parts.dues import Due, DueKind
from compliance.domain.registers.parts.registry import REGISTERS, checked_kinds
from compliance.domain.terms.shapes import Shape

EXCLUSION = DueKind("exclusion", "Exclusions to review", Shape.DASH)
EVIDENCE = DueKind("evidence", "Evidence", Shape.COLUMNS)
DUE_KINDS = checked_kinds((*(kind for register in REGISTERS for kind in register.due_kinds), EXCLUSION, EVIDENCE))
"""Every kind in the order of lanes: those of the registers, and those that follow from verdicts."""


def dues_of_registers(ledger: Ledger, on: date, last: date) -> Iterator[Due]:
    """Everything that is open on a day, once for each scope that it touches; without a scope, for every one.

    What recurs is listed up to a last day. Accreditations have the days that the audits register has for them. In a
    scope that has ended nothing falls due, nor after the end of one that will.
    """
    together = ledger.having(ACCREDITATIONS, with_audits(ledger))
    scope_of_accreditation = {record.id: record.scope for record in together.of(ACCREDITATIONS)}
    for register in REGISTERS:
        if register.dues:
            for record in together.of(register):
                scopes = scopes_named(record) or _of_accreditation(record, scope_of_accreditation)
                yield from _each_scope(ledger, scopes, register.dues(together, record, on, last), on)


def scopes_named(record: Any) -> tuple[str, ...]:
    """The ids of the scopes that a record of any register names."""
    scope = getattr(record, "scope", ())
    return (scope,) if isinstance(scope, str) else tuple(scope)


def _of_accreditation(record: Any, scopes: Mapping[str, str]) -> tuple[str, ...]:
    """The scope of the accreditation that an audit is for; none where it is for none."""
    scope = scopes.get(getattr(record, "accreditation", ""))
    return (scope,) if scope else ()


def _each_scope(ledger: Ledger, scopes: tuple[str, ...], dues: Iterable[Due], on: date) -> Iterator[Due]:
    every_scope = tuple(scope.id for scope in ledger.settings.scopes)
    for due in dues:
        for scope_id in scopes or every_scope:
            if not is_past_the_end(ledger, scope_id, due.due, on):
                yield msgspec.structs.replace(due, scope=scope_id)


def is_past_the_end(ledger: Ledger, scope_id: str, day: date, on: date) -> bool:
    """Whether a scope has ended before a day judged, or will have before the day on which something falls due."""
    scope = ledger.settings.scope(scope_id)
    return scope is not None and scope.has_ended(max(day, on))
