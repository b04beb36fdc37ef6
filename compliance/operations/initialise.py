"""A workspace begun, in a new or an existing repository."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path

import msgspec

from compliance.domain.layout import CACHE, CONFIGURATION, EVIDENCE, SHIPPED_HASHES, STANDARDS, TEMPLATES
from compliance.domain.references import StandardName
from compliance.gitrepo.creation import initialise as initialise_repository
from compliance.gitrepo.probe import locate
from compliance.operations.committing import Committed, commit_change
from compliance.operations.configuring import new_configuration, with_standard
from compliance.operations.standards import rendered_hashes, shipped
from compliance.problems import Location, refuse
from compliance.store.catalogues import file_name
from compliance.store.configuration import parse_configuration
from compliance.workspace.shipped import digest

ATTRIBUTES = (
    "# Evidence is kept byte for byte: no line endings changed, no filters, no textual diff of what is not text.\n"
    "/evidence/** -text -filter\n"
)
IGNORED = f"/{CACHE}/\n"
_FOLDER_NOTES = {
    f"{EVIDENCE}/README.md": (
        "Evidence files and their records. File one with `compliance evidence add FILE -c CONTROL`.\n"
    ),
    f"{TEMPLATES}/README.md": "Report templates of your own; one named like a shipped template takes its place.\n",
}


class Begun(msgspec.Struct, frozen=True):
    """The workspace that was made."""

    top: Path
    standards: tuple[StandardName, ...]
    committed: Committed


def begin(
    directory: Path,
    organisation: str,
    scopes: Sequence[tuple[str, str]],
    standards: Sequence[str],
    catalogues: Mapping[str, bytes],
    profiles: Mapping[str, Sequence[str]],
    time_zone: str,
    start: date | None,
) -> Begun:
    """Writes the workspace's own files and commits them; what else is in the repository is left alone."""
    if not directory.exists() or not ((directory / ".git").exists() or _inside_repository(directory)):
        directory.mkdir(parents=True, exist_ok=True)
        initialise_repository(directory)
    place = locate(directory)
    if (place.top / CONFIGURATION).exists():
        raise refuse(
            "this is a workspace already", location=Location(CONFIGURATION), hint="see what it holds: compliance gaps"
        )
    configuration = new_configuration(organisation, scopes, time_zone, start)
    new: dict[str, bytes] = {}
    hashes: dict[str, str] = {}
    names = []
    for wanted in standards:
        catalogue, data = shipped(wanted, catalogues)
        path = f"{STANDARDS}/{file_name(catalogue.id, catalogue.version)}"
        if catalogue.name in names:
            continue
        new[path], hashes[path] = data, digest(data)
        configuration = with_standard(configuration, catalogue.name, (), profiles.get(catalogue.id, ()))
        names.append(catalogue.name)
    parsed = parse_configuration(configuration.encode())
    if parsed.value is None:
        raise refuse(parsed.problems[0].sentence, hint=parsed.problems[0].hint)
    new[CONFIGURATION] = configuration.encode()
    if hashes:
        new[SHIPPED_HASHES] = rendered_hashes(hashes)
    for path, text in _FOLDER_NOTES.items():
        if not (place.top / path).exists():
            new[path] = text.encode()
    changed = {}
    for path, text in ((".gitattributes", ATTRIBUTES), (".gitignore", IGNORED)):
        file = place.top / path
        present = file.read_text(encoding="utf-8") if file.is_file() else ""
        if text not in present:
            changed[path] = (
                present + ("" if present in {"", "\n"} or present.endswith("\n") else "\n") + text
            ).encode()
    return Begun(
        place.top,
        tuple(names),
        commit_change(place, new, changed, f"compliance: begin the workspace of {organisation}"),
    )


def _inside_repository(directory: Path) -> bool:
    return any((parent / ".git").exists() for parent in directory.resolve().parents)
