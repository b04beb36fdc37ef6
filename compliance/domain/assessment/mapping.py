"""Which evidence is mapped to which control, directly or by a relation between controls."""

from __future__ import annotations

from collections.abc import Collection, Iterator

from compliance.domain.assessment.across import Carried
from compliance.domain.assessment.rules.judging import MappedEvidence
from compliance.domain.ledger.control_index import ControlIndex
from compliance.domain.ledger.ledger import Ledger
from compliance.domain.ledger.records import Evidence
from compliance.domain.standards.catalogue import Catalogue, Control, RelationType, expects
from compliance.domain.standards.crosswalk import Crosswalk
from compliance.domain.standards.expectations import leaves
from compliance.domain.terms.references import Reference, StandardName


class EvidenceMapping:
    """The evidence of a ledger by the controls that it is mapped to; each reference is resolved once."""

    def __init__(self, ledger: Ledger, index: ControlIndex) -> None:
        self._index = index
        self._default_scope = ledger.settings.default_scope
        self._in_use = [catalogue for _, catalogue in ledger.in_use()]
        self._crosswalk: Crosswalk | None = None
        self._mapped: dict[tuple[str, str, str], list[tuple[Evidence, str]]] = {}
        for item in ledger.evidence:
            for reference in item.controls:
                version = index.version_of(reference)
                if version:
                    key = (reference.standard, version, reference.control)
                    self._mapped.setdefault(key, []).append((item, reference.expectation))

    def to(self, catalogue: Catalogue, control: Control, scopes: Collection[str]) -> MappedEvidence:
        """The evidence of any of the scopes that is mapped to a control; what names no scope is of the first listed.

        A mapping that names no expectation serves all of them, whatever else is mapped beside it.
        """
        evidence: dict[str, Evidence] = {}
        named: dict[str, frozenset[str]] = {}
        for item, expectation in self._mapped.get((catalogue.id, catalogue.version, control.id), ()):
            if not self._in_scope(item, scopes):
                continue
            before = named.get(item.id)
            evidence[item.id] = item
            every = not expectation or before == frozenset()
            named[item.id] = frozenset() if every else (before or frozenset()) | {expectation}
        return MappedEvidence(tuple(evidence.values()), named)

    def across(
        self,
        catalogue: Catalogue,
        control: Control,
        scopes: Collection[str],
        standards: Collection[StandardName],
        types: Collection[RelationType],
    ) -> tuple[Carried, ...]:
        """The evidence of the scopes that is filed for controls of those standards to which this one is related so.

        Over one relation each, and none of what is mapped to the control itself (see the module `across`).
        """
        if self._crosswalk is None:
            self._crosswalk = Crosswalk(self._in_use)
        own: set[str] | None = None
        pieces: list[Carried] = []
        for hop in self._crosswalk.hops_from(Reference(catalogue.id, control.id, catalogue.version)):
            related = hop.there
            if hop.type not in types or StandardName(related.standard, related.version) not in standards:
                continue
            if own is None:
                own = {item.id for item, _ in self._mapped.get((catalogue.id, catalogue.version, control.id), ())}
            version = related.version if self._index.has_several_versions(related.standard) else ""
            for item, expectation in self._serving(related, scopes):
                if item.id not in own:
                    filed_for = Reference(related.standard, related.control, version, expectation)
                    pieces.append(Carried(evidence=item, filed_for=filed_for, type=hop.type, source=hop.source))
        return tuple(pieces)

    def _serving(self, related: Reference, scopes: Collection[str]) -> Iterator[tuple[Evidence, str]]:
        """The evidence mapped to a control that is of a kind which the expectation it is mapped to takes."""
        mapped = self._mapped.get((related.standard, related.version, related.control), ())
        target = self._index.control(related.standard, related.version, related.control) if mapped else None
        if target is None:
            return
        wanted = [leaf for expectation in expects(*target) for leaf in leaves(expectation)]
        for item, expectation_id in mapped:
            if self._in_scope(item, scopes) and any(
                leaf.takes(item.kind) for leaf in wanted if expectation_id in {"", leaf.id}
            ):
                yield item, expectation_id

    def _in_scope(self, item: Evidence, scopes: Collection[str]) -> bool:
        return any(scope in scopes for scope in item.scope or (self._default_scope,))
