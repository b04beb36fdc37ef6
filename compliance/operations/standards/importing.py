"""Foreign standards brought into the workspace: a catalogue in `standards/`, and beside it what has no place in one."""

from __future__ import annotations

from collections.abc import Sequence

import msgspec

from compliance.domain.ledger.ledger import Ledger
from compliance.domain.standards.catalogue import Catalogue, Control, Relation, RelationType, walk
from compliance.domain.terms.layout import CONFIGURATION, STANDARDS
from compliance.domain.terms.references import Reference, StandardName
from compliance.exchange.imported import Imported, Skipped
from compliance.ledger.opening import Workspace
from compliance.operations.committing import Committed, commit_change
from compliance.operations.standards.configuring import with_standard
from compliance.problems import Location, Problem, Refused, choice_hint, refuse
from compliance.store.catalogues.catalogue_text import render_catalogue
from compliance.store.catalogues.catalogues import file_name, parse_catalogue, with_controls

SOURCE_SUFFIX = ".source.md"
_MOST = 20
"""How many faults of what was made are shown."""


class PlannedImport(msgspec.Struct, frozen=True, kw_only=True):
    """What an import would put into the workspace: files by path, and the account of the source."""

    catalogue: Catalogue
    imported: Imported
    source: str
    """The name of the file that was read, without its folder."""
    files: dict[str, bytes]

    @property
    def name(self) -> StandardName:
        return self.catalogue.name

    @property
    def judged(self) -> int:
        """How many controls of the catalogue are assessed."""
        return sum(node.control.assessable for node in walk(self.catalogue))

    @property
    def headings(self) -> int:
        """How many nodes of the catalogue are not, and have others below them."""
        return sum(bool(node.control.controls) and not node.control.assessable for node in walk(self.catalogue))


def plan_import(workspace: Workspace, ledger: Ledger, imported: Imported, file: str) -> PlannedImport:
    """The files of an import, made sure to be read again as what they were made from.

    Raises Refused if the workspace has such a catalogue, and for what `check` would not pass.
    """
    if imported.catalogue is None:
        raise refuse("holds no catalogue", location=Location(file), hint="import the standard itself first")
    catalogue, unrelated = with_relations(imported.catalogue, imported.relations)
    imported = msgspec.structs.replace(imported, skipped=(*imported.skipped, *unrelated))
    path = f"{STANDARDS}/{file_name(catalogue.id, catalogue.version)}"
    if any(existing.name == catalogue.name for existing in ledger.catalogues) or (workspace.top / path).exists():
        hint = "give the import another --version or --id, or take the one that is there away first"
        raise refuse(f"there is a catalogue {catalogue.name} already", location=Location(path), hint=hint)
    text = render_catalogue(catalogue)
    parsed = parse_catalogue(text, path)
    if parsed.value is None:
        raise Refused([_in_source(problem, file) for problem in parsed.problems[:_MOST]])
    name = file.replace("\\", "/").rpartition("/")[2]
    files = {path: text, path.removesuffix(".yaml") + SOURCE_SUFFIX: account(imported, catalogue, name)}
    return PlannedImport(catalogue=parsed.value, imported=imported, source=name, files=files)


def import_catalogue(workspace: Workspace, planned: PlannedImport) -> Committed:
    """Commits what was planned."""
    return commit_change(workspace.place, planned.files, {}, f"standards: import {planned.name}")


def import_and_use(
    workspace: Workspace, planned: PlannedImport, scopes: Sequence[str], profiles: Sequence[str]
) -> Committed:
    """Commits what was planned together with the setting that takes it into use."""
    configuration = (workspace.top / CONFIGURATION).read_text(encoding="utf-8")
    changed = {CONFIGURATION: with_standard(configuration, planned.name, scopes, profiles).encode()}
    return commit_change(workspace.place, planned.files, changed, f"standards: import and use {planned.name}")


def refuse_unknown_parts(ledger: Ledger, catalogue: Catalogue, scopes: Sequence[str], profiles: Sequence[str]) -> None:
    """Raises Refused for scopes of the workspace and profiles of the catalogue that there are none of."""
    known_scopes = [scope.id for scope in ledger.settings.scopes]
    known_profiles = [profile.id for profile in catalogue.profiles]
    for noun, names, choices in (("scope", scopes, known_scopes), ("profile", profiles, known_profiles)):
        for name in names:
            if name not in choices:
                hint = choice_hint(name, choices) if choices else f"leave --{noun} out: it has none"
                raise refuse(f"there is no {noun} “{name}”", hint=hint)


def with_relations(
    catalogue: Catalogue, relations: Sequence[tuple[Reference, Reference, str]]
) -> tuple[Catalogue, tuple[Skipped, ...]]:
    """The catalogue with the relations that begin at a control of its own; and those for which it has no place."""
    controls = {node.control.id: node.control for node in walk(catalogue)}
    words = {kind.value: kind for kind in RelationType}
    fresh: dict[str, list[Relation]] = {}
    skipped = []
    for start, to, word in relations:
        what = f"{start} {word} {to}"
        if start.standard != catalogue.id or start.control not in controls:
            skipped.append(Skipped(what, f"{start} is no control of {catalogue.name}"))
        elif word not in words:
            skipped.append(Skipped(what, f"“{word}” is no type of relation"))
        elif all(relation.to != to for relation in (*controls[start.control].related, *fresh.get(start.control, ()))):
            fresh.setdefault(start.control, []).append(Relation(to=to, type=words[word], source="the source"))
    if not fresh:
        return catalogue, tuple(skipped)
    changed: dict[str, Control] = {
        name: msgspec.structs.replace(controls[name], related=(*controls[name].related, *more))
        for name, more in fresh.items()
    }
    return with_controls(catalogue, changed), tuple(skipped)


def account(imported: Imported, catalogue: Catalogue, file: str) -> bytes:
    """What was in the source and is not in the catalogue, as Markdown: why it was skipped, and texts word for word."""
    lines = [
        f"# {catalogue.title}",
        "",
        f"What `{file}` holds and the catalogue `{catalogue.name}` has no place for. Nothing here is judged.",
        "",
        f"- Source: {imported.source_id or 'without an id'}, version {imported.source_version or 'not stated'}",
        f"- Licence: {imported.licence or 'not stated by the source'}",
        f"- Read: {imported.read}",
        *(f"- {note}" for note in imported.notes),
    ]
    if imported.skipped:
        lines += ["", "## Skipped", "", *(f"- {entry.what}: {entry.why}" for entry in imported.skipped)]
    control = None
    for kept in sorted(imported.kept, key=lambda entry: entry.control != ""):
        if kept.control != control:
            control = kept.control
            lines += ["", f"## {control or 'The whole'}"]
        lines += ["", f"### {kept.name}", "", kept.text]
    return ("\n".join(lines) + "\n").encode("utf-8", "backslashreplace")


def _in_source(problem: Problem, file: str) -> Problem:
    """A fault of what was made, as one of the file it was made from: the places in it mean nothing to the user."""
    hint = problem.hint or "correct it in the source, or import another part of it"
    return msgspec.structs.replace(problem, location=Location(file), hint=hint, excerpt="")
