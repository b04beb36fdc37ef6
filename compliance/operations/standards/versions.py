"""Versions of a standard found by name: those in the workspace first, then those that ship."""

from __future__ import annotations

from collections.abc import Mapping

from compliance.domain.ledger.ledger import Ledger
from compliance.domain.ledger.lookup import must_be_readable
from compliance.domain.standards.catalogue import Catalogue
from compliance.domain.standards.versions import Comparison, compare
from compliance.domain.terms.references import StandardName, parse_standard
from compliance.ledger.assembly.catalogue_files import CatalogueFile, catalogues_of
from compliance.ledger.opening import Workspace
from compliance.operations.standards.standards import shipped
from compliance.problems import refuse
from compliance.store.catalogues.catalogues import parse_catalogue


class Versions:
    """The versions of one standard that can be had. Outside a workspace, those that ship."""

    def __init__(
        self, standard: str, workspace: Workspace | None, ledger: Ledger | None, catalogues: Mapping[str, bytes]
    ) -> None:
        self.standard = standard
        self.in_use = (
            [use.standard for use in ledger.settings.standards if use.standard.id == standard] if ledger else []
        )
        self.here = catalogues_of(workspace, standard) if workspace else {}
        self._ledger = ledger
        self._others = [catalogue.name for catalogue in ledger.catalogues] if ledger else []
        self.shipped = catalogues

    def every_version(self) -> list[Catalogue]:
        """The catalogue of every version that ships or lies in the workspace, for routes over several of them."""
        ours = [file for file in self.shipped if file.startswith(f"{self.standard}@")]
        parsed = [parse_catalogue(self.shipped[file], file).value for file in ours]
        return [
            *(candidate for candidate in parsed if candidate),
            *(candidate.catalogue for candidate in self.here.values()),
        ]

    def find(self, name: StandardName) -> CatalogueFile:
        """The version of a name; without one the version in use, else the newest that ships.

        Raises Refused if there is none, or if several are in use and the name does not say which.
        """
        if not name.version and self.in_use:
            if len(self.in_use) > 1:
                names = " or ".join(str(version) for version in self.in_use)
                raise refuse(f"two versions of {name.id} are in use", hint=f"say which: {names}")
            name = self.in_use[0]
        candidate = self.here.get(name)
        if candidate:
            return candidate
        if self._ledger:
            must_be_readable(self._ledger, name)
        return self.find_shipped(name)

    def find_shipped(self, name: StandardName) -> CatalogueFile:
        """The version as it ships; without one the newest. Raises Refused if there is none."""
        ships = sorted(file.removesuffix(".yaml") for file in self.shipped if file.startswith(f"{self.standard}@"))
        if self.here and (f"{name}.yaml" not in self.shipped if name.version else not ships):
            if name in self.here:
                hint = f"name two versions, or see what it says: compliance standards show {name}"
                raise refuse(f"{name} is your own and does not ship: there is nothing to set it beside", hint=hint)
            names = sorted({*ships, *(str(version) for version in self.here)})
            raise refuse(f"{name} is neither here nor shipped", hint=f"there is {', '.join(names)}")
        catalogue, data = shipped(str(name), self.shipped, self._others)
        return CatalogueFile(catalogue, data)


def named(text: str) -> StandardName:
    """A standard's name as typed. Raises Refused if it is none."""
    try:
        return parse_standard(text)
    except ValueError as error:
        sentence, _, hint = str(error).rpartition("; ")
        raise refuse(sentence, hint=hint) from None


def compared(
    old: str, new: str | None, workspace: Workspace | None, ledger: Ledger | None, catalogues: Mapping[str, bytes]
) -> Comparison:
    """Two versions side by side; with one name, the version here and the same as it ships now.

    Raises Refused for names of two standards, and for versions that are not to be had.
    """
    first = named(old)
    versions = Versions(first.id, workspace, ledger, catalogues)
    if new is None:
        here = versions.find(first)
        if not here.path:
            hint = f"name two versions, or take it into use: compliance standards use {here.catalogue.name}"
            raise refuse(f"{here.catalogue.name} is not in this workspace, so nothing differs", hint=hint)
        return compare(here.catalogue, versions.find_shipped(here.catalogue.name).catalogue)
    second = named(new)
    if second.id != first.id:
        hint = "how controls of two standards are related: compliance standards related CONTROL"
        raise refuse(f"{first.id} and {second.id} are not two versions of one standard", hint=hint)
    return compare(versions.find(first).catalogue, versions.find(second).catalogue, versions.every_version())
