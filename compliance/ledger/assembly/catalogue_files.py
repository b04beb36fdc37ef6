"""The catalogues of one standard as their files say it at the last commit, without what overlays lay on top."""

from __future__ import annotations

import msgspec

from compliance.domain.ledger.roles import Role, role_of
from compliance.domain.standards.catalogue import Catalogue
from compliance.domain.terms.layout import STANDARDS
from compliance.domain.terms.references import StandardName
from compliance.gitrepo.process.process import Git
from compliance.gitrepo.reading.reading import blobs, entries
from compliance.ledger.opening import Workspace
from compliance.store.catalogues.catalogues import parse_catalogue


class CatalogueFile(msgspec.Struct, frozen=True):
    """A catalogue, its bytes, and where it lies in the workspace (nowhere if it is only shipped)."""

    catalogue: Catalogue
    data: bytes
    path: str = ""


def catalogues_of(workspace: Workspace, standard: str) -> dict[StandardName, CatalogueFile]:
    """Each version of a standard that lies in `standards/` and can be read."""
    git = Git(workspace.place)
    oids = {
        entry.path: entry.oid
        for entry in entries(git, workspace.commit, [STANDARDS])
        if role_of(entry.path) is Role.CATALOGUE and entry.mode.startswith("100")
    }
    contents = dict(blobs(git, oids.values()))
    catalogue_files: dict[StandardName, CatalogueFile] = {}
    for path, oid in oids.items():
        data = contents[oid]
        if standard.encode() in data:
            parsed = parse_catalogue(data, path)
            if parsed.value is not None and parsed.value.id == standard:
                catalogue_files.setdefault(parsed.value.name, CatalogueFile(parsed.value, data, path))
    return catalogue_files
