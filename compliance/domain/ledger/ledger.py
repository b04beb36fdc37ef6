"""What a commit says: everything a verdict is made from, and nothing else."""

from __future__ import annotations

import functools
from collections.abc import Iterator
from datetime import date

import msgspec

from compliance.domain.ledger.records import Evidence
from compliance.domain.ledger.settings import Scope, Settings, StandardInUse
from compliance.domain.registers.actions import Action
from compliance.domain.registers.audits import Audit
from compliance.domain.registers.certificates.accreditation import Accreditation
from compliance.domain.registers.deadlines import Deadline
from compliance.domain.registers.events import Event
from compliance.domain.registers.findings import Finding
from compliance.domain.registers.measures import Measure, Points
from compliance.domain.registers.providers import Provider
from compliance.domain.registers.risks import Risk
from compliance.domain.registers.statements.statement import Applicability
from compliance.domain.standards.catalogue import Catalogue
from compliance.domain.terms.references import StandardName
from compliance.problems import Problem


class Ledger(msgspec.Struct, frozen=True, kw_only=True, dict=True):
    """A commit's evidence, registers, catalogues and settings, with the problems met on the way."""

    commit: str
    day: date
    """The committer's day, in the workspace's zone."""
    settings: Settings
    catalogues: tuple[Catalogue, ...] = ()
    evidence: tuple[Evidence, ...] = ()
    accreditations: tuple[Accreditation, ...] = ()
    applicability: tuple[Applicability, ...] = ()
    audits: tuple[Audit, ...] = ()
    findings: tuple[Finding, ...] = ()
    actions: tuple[Action, ...] = ()
    risks: tuple[Risk, ...] = ()
    deadlines: tuple[Deadline, ...] = ()
    measures: tuple[Measure, ...] = ()
    points: dict[str, Points] = {}
    """The series of each measure, by its id."""
    events: tuple[Event, ...] = ()
    providers: tuple[Provider, ...] = ()
    holidays: frozenset[date] = frozenset()
    problems: tuple[Problem, ...] = ()
    unread: tuple[str, ...] = ()
    """The files that could not be read: what they say is in no verdict."""

    def catalogue(self, name: StandardName) -> Catalogue | None:
        """The catalogue of that name; a name without version finds the only version in use, or else that there is."""
        candidates = [
            catalogue
            for catalogue in self.catalogues
            if catalogue.id == name.id and name.version in {"", catalogue.version}
        ]
        if len(candidates) > 1:
            used = {use.standard for use in self.settings.standards}
            candidates = [catalogue for catalogue in candidates if catalogue.name in used]
        return candidates[0] if len(candidates) == 1 else None

    def in_use(self, scope: Scope | None = None) -> Iterator[tuple[StandardInUse, Catalogue]]:
        """The standards in use, all of them or those that a scope is under."""
        for use in self.settings.standards:
            catalogue = self.catalogue(use.standard)
            if catalogue and (scope is None or use.covers(scope.id)):
                yield use, catalogue

    def evidence_by_id(self, evidence_id: str) -> Evidence | None:
        """The piece with that id; where two have it, the first by path."""
        return self._by_id.get(evidence_id)

    @functools.cached_property
    def _by_id(self) -> dict[str, Evidence]:
        return {item.id: item for item in reversed(self.evidence)}
