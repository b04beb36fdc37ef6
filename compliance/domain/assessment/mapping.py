"""Which evidence is mapped to which control, and what an approval relies on of each control."""

from __future__ import annotations

from collections.abc import Collection, Iterator

from compliance.domain.assessment.across import Carried
from compliance.domain.assessment.rules.judging import Mapped
from compliance.domain.ledger.approval import fingerprint
from compliance.domain.ledger.ledger import Ledger
from compliance.domain.ledger.records import Evidence
from compliance.domain.standards.catalogue import Catalogue, Control, RelationType, expects, walk
from compliance.domain.standards.crosswalk import Crosswalk
from compliance.domain.standards.expectations import leaves
from compliance.domain.terms.references import Reference, StandardName


class Mapping:
    """The references of a ledger's evidence, resolved once: to the versions in use, and to their controls."""

    def __init__(self, ledger: Ledger) -> None:
        self._default_scope = ledger.settings.default_scope
        self._controls = {
            (catalogue.id, catalogue.version): (catalogue, {node.control.id: node.control for node in walk(catalogue)})
            for catalogue in ledger.catalogues
        }
        self._versions: dict[str, list[str]] = {}
        for _, catalogue in ledger.in_use():
            versions = self._versions.setdefault(catalogue.id, [])
            if catalogue.version not in versions:
                versions.append(catalogue.version)
        self._in_use = [catalogue for _, catalogue in ledger.in_use()]
        self._crosswalk: Crosswalk | None = None
        self._fingerprints: dict[Reference, str] = {}
        self._mapped: dict[tuple[str, str, str], list[tuple[Evidence, str]]] = {}
        for item in ledger.evidence:
            for reference in item.controls:
                version = self.version_of(reference)
                if version:
                    key = (reference.standard, version, reference.control)
                    self._mapped.setdefault(key, []).append((item, reference.expectation))

    def version_of(self, reference: Reference) -> str:
        """The version a reference means; empty where it names none and several are in use, or none is."""
        versions = self._versions.get(reference.standard, [])
        if reference.version:
            return reference.version if reference.version in versions else ""
        return versions[0] if len(versions) == 1 else ""

    def means(self, reference: Reference, catalogue: Catalogue, control: Control) -> bool:
        """Whether a reference names this control of this version."""
        same = reference.standard == catalogue.id and reference.control == control.id
        return same and self.version_of(reference) == catalogue.version

    def fingerprint_of(self, reference: Reference) -> str:
        """The fingerprint of the control that a reference names; empty if there is none."""
        known = self._fingerprints.get(reference)
        if known is None:
            catalogue, controls = self._controls.get((reference.standard, self.version_of(reference)), (None, {}))
            control = controls.get(reference.control)
            known = fingerprint(catalogue, control) if catalogue and control else ""
            self._fingerprints[reference] = known
        return known

    def to(self, catalogue: Catalogue, control: Control, scopes: Collection[str]) -> Mapped:
        """The evidence of any of the scopes that is mapped to a control; what names no scope is of the first listed.

        A mapping that names no expectation serves all of them, whatever else is mapped beside it.
        """
        evidence: dict[str, Evidence] = {}
        named: dict[str, frozenset[str]] = {}
        for item, expectation in self._mapped.get((catalogue.id, catalogue.version, control.id), ()):
            if not any(scope in scopes for scope in item.scope or (self._default_scope,)):
                continue
            before = named.get(item.id)
            evidence[item.id] = item
            every = not expectation or before == frozenset()
            named[item.id] = frozenset() if every else (before or frozenset()) | {expectation}
        return Mapped(tuple(evidence.values()), named)

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
        found: list[Carried] = []
        for hop in self._crosswalk.hops_from(Reference(catalogue.id, control.id, catalogue.version)):
            there = hop.there
            if hop.type not in types or StandardName(there.standard, there.version) not in standards:
                continue
            if own is None:
                own = {item.id for item, _ in self._mapped.get((catalogue.id, catalogue.version, control.id), ())}
            version = there.version if len(self._versions[there.standard]) > 1 else ""
            for item, expectation in self._serving(there, scopes):
                if item.id not in own:
                    filed_for = Reference(there.standard, there.control, version, expectation)
                    found.append(Carried(evidence=item, filed_for=filed_for, type=hop.type, source=hop.source))
        return tuple(found)

    def _serving(self, there: Reference, scopes: Collection[str]) -> Iterator[tuple[Evidence, str]]:
        """The evidence mapped to a control that is of a kind which it expects, there where it is mapped."""
        mapped = self._mapped.get((there.standard, there.version, there.control), ())
        if not mapped:
            return
        catalogue, controls = self._controls[there.standard, there.version]
        wanted = [leaf for one in expects(catalogue, controls[there.control]) for leaf in leaves(one)]
        for item, expectation in mapped:
            if any(scope in scopes for scope in item.scope or (self._default_scope,)) and any(
                leaf.takes(item.kind) for leaf in wanted if expectation in {"", leaf.id}
            ):
                yield item, expectation
