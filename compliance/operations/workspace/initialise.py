"""A workspace begun, in a new or an existing repository."""

from __future__ import annotations

import contextlib
import shutil
from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path

import msgspec

from compliance.domain.terms.layout import CACHE, CONFIGURATION, EVIDENCE, SHIPPED_HASHES, STANDARDS, TEMPLATES
from compliance.domain.terms.references import StandardName
from compliance.gitrepo.process.probe import Place, locate
from compliance.gitrepo.writing.creation import initialise as initialise_repository
from compliance.operations.committing import Committed, commit_change
from compliance.operations.standards.configuring import new_configuration, with_standard
from compliance.operations.standards.standards import rendered_hashes, shipped
from compliance.problems import Location, Refused, choice_hint, refuse
from compliance.store.catalogues.catalogues import file_name
from compliance.store.records.configuration import parse_configuration
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
    configuration, new, names = _planned(organisation, scopes, standards, catalogues, profiles, time_zone, start)
    if (directory / ".git").exists() or _inside_repository(directory):
        return _begun(locate(directory), organisation, configuration, new, names)
    absent = [folder for folder in (directory, *directory.parents) if not folder.exists()]
    directory.mkdir(parents=True, exist_ok=True)
    try:
        return _begun(initialise_repository(directory), organisation, configuration, new, names)
    except BaseException:
        _unmade(directory, absent)
        raise


def _unmade(directory: Path, absent: Sequence[Path]) -> None:
    """Takes away a repository that was made for nothing, if nothing has been committed to it, and its folders."""
    with contextlib.suppress(Refused, OSError):
        if locate(directory).commit is not None:
            return
    shutil.rmtree(directory / ".git", ignore_errors=True)
    for folder in absent:
        with contextlib.suppress(OSError):  # something else has come to lie in it
            folder.rmdir()


def _begun(
    place: Place, organisation: str, configuration: str, new: dict[str, bytes], names: Sequence[StandardName]
) -> Begun:
    if (place.top / CONFIGURATION).exists():
        raise refuse(
            "this is a workspace already", location=Location(CONFIGURATION), hint="see what it holds: compliance gaps"
        )
    new[CONFIGURATION] = configuration.encode()
    new |= {path: text.encode() for path, text in _FOLDER_NOTES.items() if not (place.top / path).exists()}
    changed, found = {}, {}
    for path, text in ((".gitattributes", ATTRIBUTES), (".gitignore", IGNORED)):
        file = place.top / path
        present = file.read_bytes() if file.is_file() else b""
        if text.encode() not in present:
            separator = b"" if present in {b"", b"\n"} or present.endswith(b"\n") else b"\n"
            changed[path], found[path] = present + separator + text.encode(), present
    message = f"compliance: begin the workspace of {organisation}"
    return Begun(place.top, tuple(names), commit_change(place, new, changed, message, found))


def _planned(
    organisation: str,
    scopes: Sequence[tuple[str, str]],
    standards: Sequence[str],
    catalogues: Mapping[str, bytes],
    profiles: Mapping[str, Sequence[str]],
    time_zone: str,
    start: date | None,
) -> tuple[str, dict[str, bytes], list[StandardName]]:
    """The settings, the catalogues by path, and the standards' names; refused here, nothing has been written yet."""
    configuration = new_configuration(organisation, scopes, time_zone, start)
    files: dict[str, bytes] = {}
    names: list[StandardName] = []
    for wanted in standards:
        catalogue, data = shipped(wanted, catalogues)
        known = [profile.id for profile in catalogue.profiles]
        for profile in profiles.get(catalogue.id, ()):
            if profile not in known:
                raise refuse(f"{catalogue.name} has no profile “{profile}”", hint=choice_hint(profile, known))
        if catalogue.name not in names:
            files[f"{STANDARDS}/{file_name(catalogue.id, catalogue.version)}"] = data
            configuration = with_standard(configuration, catalogue.name, (), profiles.get(catalogue.id, ()))
            names.append(catalogue.name)
    parsed = parse_configuration(configuration.encode())
    if parsed.value is None:
        raise refuse(parsed.problems[0].sentence, hint=parsed.problems[0].hint)
    if files:
        files[SHIPPED_HASHES] = rendered_hashes({path: digest(data) for path, data in files.items()})
    return configuration, files, names


def _inside_repository(directory: Path) -> bool:
    return any((parent / ".git").exists() for parent in directory.resolve().parents)
