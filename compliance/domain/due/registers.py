"""What the registers want done by when, and the kinds of all that falls due."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date

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
    """Everything that is open on a day, once for each scope that it touches; without a scope, for the first listed.

    What recurs is listed up to a last day. Accreditations have the days that the audits register has for them.
    """
    together = ledger.having(ACCREDITATIONS, with_audits(ledger))
    for register in REGISTERS:
        if register.dues:
            for record in together.of(register):
                yield from _each_scope(ledger, record, register.dues(together, record, on, last))


def _each_scope(ledger: Ledger, record: object, dues: Iterable[Due]) -> Iterator[Due]:
    scope = getattr(record, "scope", ())
    scopes = (scope,) if isinstance(scope, str) else scope
    for due in dues:
        for scope_id in scopes or (ledger.settings.default_scope,):
            yield msgspec.structs.replace(due, scope=scope_id)
