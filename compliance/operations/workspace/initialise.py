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
from compliance.gitrepo.process.probe import RepositoryPlace, locate
from compliance.gitrepo.process.process import Git
from compliance.gitrepo.unfinished.settling import settle_if_unfinished
from compliance.gitrepo.writing.creation import initialise as initialise_repository
from compliance.operations.committing import Committed, commit_change
from compliance.operations.standards.configuring import new_configuration, with_standard
from compliance.operations.standards.standards import rendered_hashes, shipped
from compliance.problems import Location, Refused, choice_hint, reason_of, refuse
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


class NewWorkspace(msgspec.Struct, frozen=True, kw_only=True):
    """What a workspace begins with: scopes as ids and titles, standards by name, and their profiles by standard."""

    organisation: str
    scopes: Sequence[tuple[str, str]]
    standards: Sequence[str]
    profiles: Mapping[str, Sequence[str]]
    time_zone: str
    start: date | None = None


class Begun(msgspec.Struct, frozen=True):
    """The workspace that was made."""

    top: Path
    standards: tuple[StandardName, ...]
    committed: Committed


class _Files(msgspec.Struct, frozen=True):
    """What is written at first, by path, and the standards that are in it."""

    contents: Mapping[str, bytes]
    standards: tuple[StandardName, ...]


def begin(
    directory: Path, wanted: NewWorkspace, catalogues: Mapping[str, bytes], repository: RepositoryPlace | None = None
) -> Begun:
    """Writes the workspace's own files and commits them; what else is in the repository is left alone.

    `catalogues` holds those that ship, by file name; `repository` is given where it is not the one that the folder
    belongs to. Refused: a workspace already, a standard that does not ship, a profile that a standard does not have.
    """
    files = _planned(wanted, catalogues)
    if repository or (directory / ".git").exists() or _inside_repository(directory):
        return _begun(repository or locate(directory), wanted.organisation, files)
    absent = [folder for folder in (directory, *directory.parents) if not folder.exists()]
    directory.mkdir(parents=True, exist_ok=True)
    try:
        return _begun(initialise_repository(directory), wanted.organisation, files)
    except BaseException:
        _unmade(directory, absent)
        raise


def make_empty(directory: Path) -> None:
    """Make a folder that is not there; refused where something is."""
    try:
        directory.mkdir(parents=True, exist_ok=True)
        occupied = any(directory.iterdir())
    except FileExistsError:
        raise refuse("this is a file", location=Location(str(directory)), hint="Name a new folder.") from None
    except OSError as reason:
        raise refuse(
            f"no folder can be made here: {reason_of(reason)}",
            location=Location(str(directory)),
            hint="Name another one.",
        ) from None
    if occupied:
        raise refuse(
            "this folder is not empty", location=Location(str(directory)), hint="Name a new folder, or an empty one."
        )


def _unmade(directory: Path, absent: Sequence[Path]) -> None:
    """Takes away a repository that was made for nothing, if nothing has been committed to it, and its folders."""
    with contextlib.suppress(Refused, OSError):
        if locate(directory).commit is not None:
            return
    shutil.rmtree(directory / ".git", ignore_errors=True)
    for folder in absent:
        with contextlib.suppress(OSError):  # something else has come to lie in it
            folder.rmdir()


def _begun(place: RepositoryPlace, organisation: str, files: _Files) -> Begun:
    settled = settle_if_unfinished(Git(place))
    if (place.top / CONFIGURATION).exists():
        raise refuse(
            "this is a workspace already", location=Location(CONFIGURATION), hint="see what it holds: compliance gaps"
        )
    notes = {path: text.encode() for path, text in _FOLDER_NOTES.items() if not (place.top / path).exists()}
    changed, present = {}, {}
    for path, text in ((".gitattributes", ATTRIBUTES), (".gitignore", IGNORED)):
        file = place.top / path
        before = file.read_bytes() if file.is_file() else b""
        if text.encode() not in before:
            separator = b"" if before in {b"", b"\n"} or before.endswith(b"\n") else b"\n"
            changed[path], present[path] = before + separator + text.encode(), before
    message = f"compliance: begin the workspace of {organisation}"
    committed = commit_change(place, {**files.contents, **notes}, changed, message, present)
    noted = msgspec.structs.replace(committed, notes=(*settled, *committed.notes))
    return Begun(place.top, files.standards, noted)


def _planned(wanted: NewWorkspace, catalogues: Mapping[str, bytes]) -> _Files:
    """The settings, the catalogues with their hashes, and the standards' names. Nothing has been written yet."""
    configuration = new_configuration(wanted.organisation, wanted.scopes, wanted.time_zone, wanted.start)
    contents: dict[str, bytes] = {}
    names: list[StandardName] = []
    for standard in wanted.standards:
        catalogue, data = shipped(standard, catalogues)
        profiles = wanted.profiles.get(catalogue.id, ())
        known = [profile.id for profile in catalogue.profiles]
        for profile in profiles:
            if profile not in known:
                raise refuse(f"{catalogue.name} has no profile “{profile}”", hint=choice_hint(profile, known))
        if catalogue.name not in names:
            contents[f"{STANDARDS}/{file_name(catalogue.id, catalogue.version)}"] = data
            configuration = with_standard(configuration, catalogue.name, (), profiles)
            names.append(catalogue.name)
    parsed = parse_configuration(configuration.encode())
    if parsed.value is None:
        raise refuse(parsed.problems[0].sentence, hint=parsed.problems[0].hint)
    if contents:
        contents[SHIPPED_HASHES] = rendered_hashes({path: digest(data) for path, data in contents.items()})
    return _Files({**contents, CONFIGURATION: configuration.encode()}, tuple(names))


def _inside_repository(directory: Path) -> bool:
    return any((parent / ".git").exists() for parent in directory.resolve().parents)
