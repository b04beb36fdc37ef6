"""What a report may show of a ledger: what touches the scopes and standards asked for, and was there on the day."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from datetime import date
from typing import Any

import msgspec

from compliance.domain.due.registers import scopes_named
from compliance.domain.ledger.ledger import Ledger
from compliance.domain.ledger.records import Evidence
from compliance.domain.registers.accreditations import ACCREDITATIONS
from compliance.domain.registers.audits import AUDITS
from compliance.domain.registers.measures import MEASURES
from compliance.domain.registers.parts.register import Register
from compliance.domain.registers.parts.registry import REGISTERS
from compliance.domain.registers.parts.series import Points
from compliance.domain.registers.providers import PROVIDERS, Provider
from compliance.domain.terms.references import Reference, StandardName


class Selection(msgspec.Struct, frozen=True, kw_only=True):
    """What a report is asked for: ids of scopes, ids of standards (empty where all were asked for), and the day."""

    on: date
    scopes: frozenset[str]
    standards: frozenset[str]

    def takes(self, scopes: Iterable[str], standards: Iterable[str] = ()) -> bool:
        """Whether something belongs into the report; what names no scope, or no standard, touches all of them."""
        named_scopes, named_standards = set(scopes), set(standards)
        if named_scopes and named_scopes.isdisjoint(self.scopes):
            return False
        return not self.standards or not named_standards or not named_standards.isdisjoint(self.standards)


def narrow(ledger: Ledger, selection: Selection, decided: Collection[str]) -> Ledger:
    """The ledger with nothing in it that the report was not asked for; settings, catalogues and problems stay whole.

    `decided` are the ids of the evidence that the report's verdicts rest on. It stays, whatever scope or standard it
    is filed for: a verdict may be inherited, or rest on evidence for a related control. So do the certificates of
    providers, who serve the whole organisation, and the audits of an accreditation that is shown.
    """
    registers = {register.plural: tuple(_taken(ledger, register, selection)) for register in REGISTERS}
    shown = {held.id for held in registers[ACCREDITATIONS.plural]}
    registers[AUDITS.plural] = tuple(
        audit
        for audit in ledger.of(AUDITS)
        if audit.accreditation in shown or selection.takes(audit.scope, standards_named(audit))
    )
    cited = {*decided, *(evidence_id for provider in ledger.of(PROVIDERS) for evidence_id in _cited(provider))}
    return msgspec.structs.replace(
        ledger,
        **registers,
        points=dict(_points(ledger.points, registers[MEASURES.plural], selection.on)),
        evidence=tuple(
            item
            for item in ledger.evidence
            if _there_on(item, selection.on)
            and (
                item.id in cited
                or selection.takes(item.scope or (ledger.settings.default_scope,), standards_named(item))
            )
        ),
    )


def standards_named(record: Any) -> list[str]:
    """The ids of the standards that a record of any register, or a piece of evidence, names itself or by its controls.

    A statement of applicability says in `controls` what it decides of each control, and names its standard apart.
    """
    named: list[StandardName | Reference] = [*getattr(record, "standards", ())]
    if standard := getattr(record, "standard", None):
        named.append(standard)
    else:
        named += (control for control in getattr(record, "controls", ()) if isinstance(control, Reference))
    return [name.standard if isinstance(name, Reference) else name.id for name in named]


def _taken(ledger: Ledger, register: Register[Any], selection: Selection) -> Iterator[Any]:
    """The records of a register that belong into the report: those that were there on its day and touch its subject."""
    for record in ledger.of(register):
        is_to_come = register.first_day is not None and register.first_day(record) > selection.on
        if not is_to_come and selection.takes(scopes_named(record), standards_named(record)):
            yield record


def _points(points: dict[str, Points], measures: Iterable[Any], on: date) -> Iterator[tuple[str, Points]]:
    for measure in measures:
        if measure.id in points:
            yield measure.id, tuple(point for point in points[measure.id] if point.slot.end <= on)


def _cited(provider: Provider) -> Iterator[str]:
    yield from (assurance.evidence for assurance in provider.assurances)
    if provider.matrix:
        yield provider.matrix


def _there_on(item: Evidence, on: date) -> bool:
    """Whether a piece was there on a day: by its own date, or if it has none, by the day it was recorded."""
    day = item.date or (item.recorded.on if item.recorded else None)
    return day is None or day <= on
