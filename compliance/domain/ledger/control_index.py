"""The controls that references mean: each resolved to a version in use, with its fingerprint."""

from __future__ import annotations

from compliance.domain.ledger.approval import fingerprint
from compliance.domain.ledger.ledger import Ledger
from compliance.domain.standards.catalogue import Catalogue, Control
from compliance.domain.terms.references import Reference


class ControlIndex:
    """The controls of a ledger's catalogues by reference; fingerprints are worked out once, when they are asked for."""

    def __init__(self, ledger: Ledger) -> None:
        self._catalogues = {(catalogue.id, catalogue.version): catalogue for catalogue in ledger.catalogues}
        self._versions: dict[str, list[str]] = {}
        for _, catalogue in ledger.in_use():
            versions = self._versions.setdefault(catalogue.id, [])
            if catalogue.version not in versions:
                versions.append(catalogue.version)
        self._fingerprints: dict[Reference, str] = {}

    def version_of(self, reference: Reference) -> str:
        """The version that a reference means; empty where it names none and several are in use, or none is."""
        versions = self._versions.get(reference.standard, [])
        if reference.version:
            return reference.version if reference.version in versions else ""
        return versions[0] if len(versions) == 1 else ""

    def has_several_versions(self, standard: str) -> bool:
        """Whether more than one version of a standard is in use, so that a reference must name its own."""
        return len(self._versions.get(standard, ())) > 1

    def means(self, reference: Reference, catalogue: Catalogue, control: Control) -> bool:
        """Whether a reference names this control of this version."""
        same = reference.standard == catalogue.id and reference.control == control.id
        return same and self.version_of(reference) == catalogue.version

    def control(self, standard: str, version: str, control_id: str) -> tuple[Catalogue, Control] | None:
        """A control with its catalogue; None if the ledger has no such catalogue, or that no such control."""
        catalogue = self._catalogues.get((standard, version))
        control = catalogue.control_by_id.get(control_id) if catalogue else None
        return (catalogue, control) if catalogue and control else None

    def fingerprint_of(self, reference: Reference) -> str:
        """The fingerprint of the control that a reference names; empty if there is none."""
        if reference not in self._fingerprints:
            target = self.control(reference.standard, self.version_of(reference), reference.control)
            self._fingerprints[reference] = fingerprint(*target) if target else ""
        return self._fingerprints[reference]
