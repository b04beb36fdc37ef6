"""`standards migrate`: a newer version of a standard in use, with all that can go along by itself."""

from __future__ import annotations

from collections.abc import Mapping

import msgspec

from compliance.domain.ledger.ledger import Ledger
from compliance.domain.ledger.roles import FileRole, Role, role_of
from compliance.domain.planning.migration import FileChange, ManualStep, Migration, VersionRoute, voided
from compliance.domain.registers.accreditations import ACCREDITATIONS
from compliance.domain.registers.applicability import APPLICABILITY
from compliance.domain.registers.certificates.accreditation import Accreditation
from compliance.domain.registers.statements.statement import Applicability
from compliance.domain.standards.versions import compare
from compliance.domain.terms.layout import CONFIGURATION, SHIPPED_HASHES, STANDARDS
from compliance.domain.terms.references import StandardName, parse_standard
from compliance.gitrepo.process.process import Git
from compliance.gitrepo.reading.reading import blobs, entries
from compliance.ledger.assembly.catalogue_files import CatalogueFile
from compliance.ledger.foreseen import foreseen
from compliance.ledger.opening import Workspace
from compliance.operations.committing import Committed, commit_change
from compliance.operations.registers.restating import renamed, restated
from compliance.operations.standards.carrying import Carrier
from compliance.operations.standards.standards import hashes_of, rendered_hashes
from compliance.operations.standards.superseding import superseded
from compliance.operations.standards.versions import Versions, named
from compliance.problems import refuse
from compliance.store.catalogues.catalogues import file_name
from compliance.store.text.located import Mapping as Fields
from compliance.store.text.located import Scalar, decode_text
from compliance.store.text.parsed import parse_yaml
from compliance.store.text.yaml_text import read_yaml
from compliance.workspace.shipped import digest

_UNTOUCHED = {Role.CONFIGURATION, Role.CATALOGUE, Role.EVIDENCE, Role.OTHER}


class Planned(msgspec.Struct, frozen=True):
    """What a migration does, and the files that it writes."""

    migration: Migration
    changed: dict[str, bytes]
    afterwards: tuple[ManualStep, ...] = ()
    """What is left for a person, by the lines on which it stands once the files are written."""


def plan(
    workspace: Workspace,
    ledger: Ledger,
    names: tuple[str, str],
    catalogues: Mapping[str, bytes],
    dropping: bool = False,
    revised_too: bool = False,
) -> Planned:
    """Works out the move from one version to another; nothing is written.

    Raises Refused for versions that are not to be had, and for files that speak of the standard and cannot be read.
    """
    planning = _Planning(workspace, ledger, names, catalogues, dropping, revised_too)
    planning.settings()
    planning.names_of_controls()
    planning.statements()
    planning.for_a_person()
    changed = planning.changed
    migration = Migration(
        old=planning.old.catalogue.name,
        new=planning.new.catalogue.name,
        dropping=dropping,
        files=tuple(FileChange(path, planning.what[path]) for path in sorted(changed)),
        left=tuple(sorted(planning.left)),
        voided=voided(ledger, foreseen(workspace, ledger, changed)) if changed else (),
        notes=tuple(planning.notes),
    )
    return Planned(migration, changed, planning.afterwards())


def migrate(workspace: Workspace, planned: Planned) -> Committed:
    """Commits a migration: all of it or nothing."""
    moved = planned.migration
    message = f"standards: migrate {moved.old} to {moved.new}"
    if moved.dropping:
        message += f"\n\n{moved.old} is no longer in use.\n"
    return commit_change(workspace.place, {}, planned.changed, message)


class _Planning:
    """Collects what changes and what stays, file by file, from what the last commit holds."""

    def __init__(
        self,
        workspace: Workspace,
        ledger: Ledger,
        names: tuple[str, str],
        catalogues: Mapping[str, bytes],
        dropping: bool,
        revised_too: bool,
    ) -> None:
        self._workspace, self._ledger, self._dropping = workspace, ledger, dropping
        self.old, self.new, versions = _versions(workspace, ledger, names, catalogues)
        self._names = (self.old.catalogue.name, self.new.catalogue.name)
        comparison = compare(self.old.catalogue, self.new.catalogue, versions.every_version())
        self._route = VersionRoute(comparison, self.new.catalogue, revised_too)
        self._in_use = versions.in_use
        self._files = _files(workspace, ledger, self.old.catalogue.id)
        self.changed: dict[str, bytes] = {}
        self.what: dict[str, str] = {}
        self.left: list[ManualStep] = []
        self.notes: list[str] = []

    def _write(self, path: str, data: bytes, what: str) -> None:
        self.changed[path] = data
        self.what[path] = what

    def settings(self) -> None:
        """The new version's catalogue and its table in the settings; the old one's table goes if that is asked for."""
        old, new = self._names
        uses = {use.standard: use for use in self._ledger.settings.standards}
        fresh = None
        if new not in uses:
            was = uses[old]
            profiles = [profile.id for profile in self.new.catalogue.profiles]
            kept = tuple(profile for profile in was.profiles if profile in profiles)
            fresh = msgspec.structs.replace(was, standard=new, profiles=kept)
            lost = [profile for profile in was.profiles if profile not in profiles]
            if lost:
                self.notes.append(f"{new} has no profile {', '.join(lost)}: choose one in {CONFIGURATION}")
            if not self.new.path:
                path = f"{STANDARDS}/{file_name(new.id, new.version)}"
                self._write(path, self.new.data, "copied as shipped")
                hashes = hashes_of(self._workspace) | {path: digest(self.new.data)}
                self._write(SHIPPED_HASHES, rendered_hashes(hashes), "its hash noted")
        dropped = self._dropping and old in uses
        if fresh or dropped:
            text = self._files[CONFIGURATION][1].decode("utf-8")
            what = f"{new} in use {'in place of' if dropped else 'beside'} {old}" if fresh else f"{old} out of use"
            self._write(CONFIGURATION, superseded(text, old, fresh, self._dropping).encode(), what)

    def names_of_controls(self) -> None:
        """Records, rules, front matter and registers that name controls of the old version."""
        carrier = Carrier(self._route, self._in_use, self._dropping)
        recorded = {item.path: item for item in self._ledger.evidence if item.record and item.sha256}
        for path, (role, data) in self._files.items():
            if role in _UNTOUCHED:
                continue
            carried = carrier.file(path, data, role)
            if role is Role.MARKDOWN and carried.data != data and path in recorded:
                item = recorded[path]
                reason = f"the bytes of {item.id} are recorded, and stay: say its controls in {item.record}"
                self.left.append(ManualStep(path, 1, str(self._names[0]), reason))
                continue
            self.left += carried.manual_steps
            if carried.data != data:
                self._write(path, carried.data, carried.what)

    def afterwards(self) -> tuple[ManualStep, ...]:
        """The steps for a person, with the line numbers that they have once the changed files are written."""
        carrier = Carrier(self._route, [self._names[1]], self._dropping)
        moved = {path for path in self.changed if path in self._files and self._files[path][0] not in _UNTOUCHED}
        placed = [
            step for path in moved for step in carrier.file(path, self.changed[path], self._files[path][0]).manual_steps
        ]
        names = {(step.file, step.names) for step in placed}
        return tuple(sorted([*placed, *(step for step in self.left if (step.file, step.names) not in names)]))

    def statements(self) -> None:
        """A statement of applicability for the new version beside each for the old."""
        old, new = self._names
        existing = {soa.scope: soa for soa in self._ledger.of(APPLICABILITY) if soa.standard == new}
        for path, (role, data) in self._files.items():
            soa = parse_yaml(data, path, Applicability).value if role is APPLICABILITY else None
            if soa is None or not self._is_old(soa.standard):
                continue
            successor = restated(path, data, self._route, existing.get(soa.scope))
            self.left += successor.manual_steps
            if successor.data:
                folder, _, name = path.rpartition("/")
                target = f"{folder}/{renamed(name.removesuffix('.yaml'), old.version, new.version)}.yaml"
                what = f"new, {_statements(successor.along)} carried over"
                self._write(
                    target,
                    successor.data,
                    f"{what}, {len(successor.manual_steps)} to be looked at" if successor.manual_steps else what,
                )

    def for_a_person(self) -> None:
        """Accreditations and overlays, which nothing but a person can move."""
        old, new = self._names
        scopes = {
            accreditation.scope for accreditation in self._ledger.of(ACCREDITATIONS) if accreditation.standard == new
        }
        overlays = {path: _overlaid(path, data) for path, (role, data) in self._files.items() if role is Role.OVERLAY}
        for path, (role, data) in self._files.items():
            if role is ACCREDITATIONS:
                accreditation = parse_yaml(data, path, Accreditation).value
                if accreditation and self._is_old(accreditation.standard) and accreditation.scope not in scopes:
                    reason = f"is to {old}; when one to {new} is sought or granted: compliance accreditation add {new}"
                    self.left.append(ManualStep(path, _line(path, data, "standard"), accreditation.id, reason))
            elif role is Role.OVERLAY and self._is_old(overlays[path]) and new not in overlays.values():
                reason = f"your own intervals and words: write an overlay of {new} for those that still hold"
                self.left.append(ManualStep(path, _line(path, data, "overlay"), str(old), reason))

    def _is_old(self, name: StandardName | None) -> bool:
        old, _ = self._names
        return name == old or (self._in_use == [old] and name == StandardName(old.id))


def _versions(
    workspace: Workspace, ledger: Ledger, names: tuple[str, str], catalogues: Mapping[str, bytes]
) -> tuple[CatalogueFile, CatalogueFile, Versions]:
    first, second = (named(name) for name in names)
    if first.id != second.id:
        hint = "evidence for one serves the other by their relations: compliance standards related CONTROL"
        raise refuse(f"{first.id} and {second.id} are not two versions of one standard", hint=hint)
    versions = Versions(first.id, workspace, ledger, catalogues)
    old = versions.find(first)
    new = versions.find(second) if second.version else versions.find_shipped(second)
    if old.catalogue.name == new.catalogue.name:
        hint = "what ships: compliance standards list; a correction comes with: compliance standards update"
        raise refuse(f"{old.catalogue.name} is the version in use already", hint=hint)
    if not {old.catalogue.name, new.catalogue.name} & set(versions.in_use):
        in_use = ", ".join(str(use.standard) for use in ledger.settings.standards)
        hint = f"in use: {in_use}" if in_use else f"take it into use: compliance standards use {new.catalogue.name}"
        raise refuse(f"{old.catalogue.name} is not in use here", hint=hint)
    return old, new, versions


def _files(workspace: Workspace, ledger: Ledger, standard: str) -> dict[str, tuple[FileRole, bytes]]:
    """The settings, and each committed file that may name the standard."""
    git = Git(workspace.place)
    roots = ledger.settings.roots
    listed = [
        (entry.path, entry.oid, role)
        for entry in entries(git, workspace.commit)
        if entry.mode.startswith("100")
        and ((role := role_of(entry.path, roots)) not in _UNTOUCHED or role is Role.CONFIGURATION)
        and (role in {Role.CONFIGURATION, Role.MARKDOWN} or entry.path.endswith((".yaml", ".yml")))
    ]
    contents = dict(blobs(git, {oid for _, oid, _ in listed}))
    return {
        path: (role, contents[oid])
        for path, oid, role in listed
        if role is Role.CONFIGURATION or standard.encode() in contents[oid]
    }


def _statements(count: int) -> str:
    return "1 statement" if count == 1 else f"{count or 'no'} statements"


def _overlaid(path: str, data: bytes) -> StandardName | None:
    node, _ = read_yaml(decode_text(data, path), path)
    entry = node.entries.get("overlay") if isinstance(node, Fields) else None
    try:
        return parse_standard(entry.value.text) if entry and isinstance(entry.value, Scalar) else None
    except ValueError:
        return None


def _line(path: str, data: bytes, field: str) -> int:
    node, source = read_yaml(decode_text(data, path), path)
    return source.line_of(node.entries[field].key) if isinstance(node, Fields) else 1
