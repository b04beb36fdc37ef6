"""Which evidence is mapped to which control, and what an approval relies on of each control."""

from __future__ import annotations

from collections.abc import Collection

from compliance.domain.approval import fingerprint
from compliance.domain.catalogue import Catalogue, Control, walk
from compliance.domain.judging import Mapped
from compliance.domain.ledger import Ledger
from compliance.domain.records import Evidence
from compliance.domain.references import Reference


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
