"""`--for-audit`: an audit settles the day, the scopes and the standards that a report is about."""

from __future__ import annotations

import datetime as dt

import msgspec

from compliance.cli.session import chosen_scopes, chosen_standards
from compliance.domain.ledger.ledger import Ledger
from compliance.domain.ledger.settings import Scope
from compliance.domain.registers.audits import Audit
from compliance.domain.terms.references import StandardName
from compliance.problems import refuse


class Looked(msgspec.Struct, frozen=True):
    """The audit, and what it looks at. With no standard named, it looks at all that are in use."""

    audit: Audit
    scopes: tuple[Scope, ...]
    standards: frozenset[StandardName]


def looked_at(
    ledger: Ledger, identifier: str, standards: tuple[str, ...], scopes: tuple[str, ...], on: dt.date | None
) -> Looked:
    """What an audit looks at: what it names itself, or else what the accreditation that it is for is about.

    Raises Refused for an audit that there is not, and where the user says what the audit settles.
    """
    from compliance.domain.registers.parts.registry import AUDITS
    from compliance.operations.registers.registering import find_record

    given = [name for name, value in (("--on", on), ("--scope", scopes), ("--standard", standards)) if value]
    if given:
        hint = f"leave out {' and '.join(given)}, or --for-audit"
        raise refuse(f"--for-audit does not go with {given[0]}: the audit itself says that", hint=hint)
    audit: Audit = find_record(ledger, AUDITS, identifier)
    held = next((one for one in ledger.accreditations if one.id == audit.accreditation), None)
    names = audit.standards or ((held.standard,) if held else ())
    where = audit.scope or ((held.scope,) if held else ())
    return Looked(
        audit=audit,
        scopes=chosen_scopes(ledger, where),
        standards=chosen_standards(ledger, tuple(str(name) for name in names)),
    )
