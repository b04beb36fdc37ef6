"""What a commit says: everything a verdict is made from, and nothing else."""

from __future__ import annotations

import functools
from collections.abc import Iterable, Iterator
from datetime import date
from typing import TYPE_CHECKING, Any, TypeVar

import msgspec

from compliance.domain.ledger.approvers import Approvers
from compliance.domain.ledger.records import Evidence
from compliance.domain.ledger.settings import Scope, Settings, StandardInUse, profile_ids
from compliance.domain.registers.parts.register import Register
from compliance.domain.registers.parts.registry import REGISTERS
from compliance.domain.registers.parts.series import Points
from compliance.domain.registers.people import PEOPLE, Directory
from compliance.domain.registers.risks import RiskMatrix
from compliance.domain.standards.catalogue import Catalogue
from compliance.domain.terms.references import StandardName
from compliance.problems import Problem

Record = TypeVar("Record", bound=Any)

if TYPE_CHECKING:

    class _Records(msgspec.Struct, frozen=True, kw_only=True):
        """A field for each register, by its plural; read them with `Ledger.of`."""

else:
    _Records = msgspec.defstruct(
        "_Records",
        [(register.plural, tuple[register.record, ...], ()) for register in REGISTERS],
        frozen=True,
        kw_only=True,
    )


class Ledger(_Records, frozen=True, kw_only=True, dict=True):
    """A commit's evidence, registers, catalogues and settings, with the problems met on the way.

    The records of each register are in a field that is called as its folder is.
    """

    commit: str
    day: date
    """The committer's day, in the workspace's zone."""
    settings: Settings
    catalogues: tuple[Catalogue, ...] = ()
    evidence: tuple[Evidence, ...] = ()
    points: dict[str, Points] = msgspec.field(default_factory=dict)
    """The series of figures, by the id of their record."""
    holidays: frozenset[date] = frozenset()
    problems: tuple[Problem, ...] = ()
    unread: tuple[str, ...] = ()
    """The files that could not be read: what they say is in no verdict."""

    def of(self, register: Register[Record]) -> tuple[Record, ...]:
        """The records of a register."""
        records: tuple[Record, ...] = getattr(self, register.plural)
        return records

    def having(self, register: Register[Record], records: Iterable[Record]) -> Ledger:
        """The ledger with other records in a register."""
        changed: dict[str, Any] = {register.plural: tuple(records)}
        return msgspec.structs.replace(self, **changed)

    @property
    def scope_ids(self) -> tuple[str, ...]:
        """Every scope, the default one first."""
        return tuple(scope.id for scope in self.settings.scopes)

    @property
    def risk_matrix(self) -> RiskMatrix:
        return self.settings.risk

    def is_in_use(self, standard_id: str) -> bool:
        """Whether the settings name a standard, whatever its version."""
        return any(use.standard.id == standard_id for use in self.settings.standards)

    def profiles_in_use(self, scope_id: str, catalogue: Catalogue) -> tuple[str, ...] | None:
        """The profiles by which a standard is judged in a scope; None where it is not in use there."""
        scope = self.settings.scope(scope_id)
        uses = [use for use, used in self.in_use(scope) if used == catalogue] if scope else []
        return tuple(dict.fromkeys(name for use in uses for name in profile_ids(catalogue, use))) if uses else None

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

    @functools.cached_property
    def approvers(self) -> Approvers:
        """Who may approve which piece, by the settings and the people register."""
        return Approvers(self.settings.review, self.of(PEOPLE), self.settings.default_scope)

    @property
    def directory(self) -> Directory:
        """Everybody in the people register, found by address or name."""
        return self.approvers.directory

    def evidence_by_id(self, evidence_id: str) -> Evidence | None:
        """The piece with that id; where two have it, the first by path."""
        return self._by_id.get(evidence_id)

    @functools.cached_property
    def _by_id(self) -> dict[str, Evidence]:
        return {item.id: item for item in reversed(self.evidence)}
