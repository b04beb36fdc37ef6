"""Standards taken into use and brought up to date."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, timedelta

import msgspec

from compliance.domain.assessment.assess import Assessor
from compliance.domain.assessment.assessment import ControlAssessment
from compliance.domain.ledger.ledger import Ledger
from compliance.domain.ledger.lookup import must_be_readable
from compliance.domain.planning.migration import VoidedApproval, voided
from compliance.domain.standards.catalogue import Catalogue
from compliance.domain.standards.versions import Comparison, compare
from compliance.domain.terms.layout import CONFIGURATION, OVERLAY_SUFFIX, SHIPPED_HASHES, STANDARDS
from compliance.domain.terms.references import StandardName, parse_standard
from compliance.ledger.opening import Workspace
from compliance.operations.committing import Committed, commit_change
from compliance.operations.standards.configuring import with_standard
from compliance.problems import Problem, Refused, Severity, choice_hint, must_be_known, must_parse, refuse
from compliance.store.catalogues.catalogues import file_name, parse_catalogue
from compliance.store.catalogues.overlays import apply_overlay
from compliance.store.text.located import decode_text
from compliance.workspace.shipped import digest


class Change(msgspec.Struct, frozen=True):
    """A control whose verdict an update would change."""

    scope: str
    control: str
    before: str
    after: str


class Preview(msgspec.Struct, frozen=True):
    """What an update would bring: verdicts that change, approvals that no longer hold, and what differs."""

    verdicts: tuple[Change, ...]
    voided: tuple[VoidedApproval, ...]
    comparisons: tuple[Comparison, ...]


def shipped(name: str, catalogues: Mapping[str, bytes], here: Iterable[StandardName] = ()) -> tuple[Catalogue, bytes]:
    """The shipped catalogue of a standard; without a version the newest.

    Raises Refused with the nearest names, of those that ship and those that are `here`.
    """
    wanted = must_parse(parse_standard, name)
    names = sorted((parse_standard(file.removesuffix(".yaml")), file) for file in catalogues)
    of_id = [(standard, file) for standard, file in names if standard.id == wanted.id]
    around = {*here, *(standard for standard, _ in names)}
    versions = sorted(standard.version for standard in around if standard.id == wanted.id)
    if not versions:
        where = "in use or shipped" if here else "shipped"
        hint = choice_hint(wanted.id, sorted({standard.id for standard in around}))
        raise refuse(f"no standard {wanted.id} is {where}", hint=hint)
    fitting = [(standard, file) for standard, file in of_id if wanted.version in {"", standard.version}]
    if not fitting:
        hint = f"there is {versions[0]}" if len(versions) == 1 else f"there are {' and '.join(versions)}"
        raise refuse(f"{wanted.id} is not shipped in version {wanted.version}", hint=hint)
    data = catalogues[fitting[-1][1]]
    parsed = parse_catalogue(data, fitting[-1][1])
    if parsed.value is None:
        raise Refused(parsed.problems)
    return parsed.value, data


def known_catalogue(name: str, ledger: Ledger | None, catalogues: Mapping[str, bytes]) -> Catalogue:
    """A catalogue of the workspace, with what its overlays change; or one that ships.

    Raises Refused where there is neither, and where a name without version could mean several of the workspace's.
    """
    wanted = must_parse(parse_standard, name)
    catalogue = ledger.catalogue(wanted) if ledger else None
    if catalogue:
        return catalogue
    here = [catalogue.name for catalogue in ledger.catalogues] if ledger else []
    used = {use.standard for use in ledger.settings.standards} if ledger else set()
    alike = sorted(
        standard for standard in here if standard.id == wanted.id and wanted.version in {"", standard.version}
    )
    if alike:
        choices = [standard for standard in alike if standard in used] or alike
        many = "two" if len(choices) == 2 else str(len(choices))
        where = "in use" if choices[0] in used else "here"
        raise refuse(
            f"{many} versions of {wanted.id} are {where}",
            hint=f"say which: {' or '.join(str(standard) for standard in choices)}",
        )
    if ledger:
        must_be_readable(ledger, wanted)
    return shipped(name, catalogues, here)[0]


def unshipped(name: str, ledger: Ledger, catalogues: Mapping[str, bytes]) -> Catalogue | None:
    """The catalogue of that name in the workspace, if none ships: an imported one, or one of the organisation's own."""
    wanted = must_parse(parse_standard, name)
    matching = [
        catalogue
        for catalogue in ledger.catalogues
        if catalogue.id == wanted.id and wanted.version in {"", catalogue.version}
    ]
    own = [catalogue for catalogue in matching if file_name(catalogue.id, catalogue.version) not in catalogues]
    ships = any(parse_standard(file.removesuffix(".yaml")).id == wanted.id for file in catalogues)
    return max(own, key=lambda catalogue: catalogue.version) if own and (wanted.version or not ships) else None


def use(
    workspace: Workspace,
    ledger: Ledger,
    wanted: Sequence[str],
    catalogues: Mapping[str, bytes],
    scopes: Sequence[str],
    profiles: Sequence[str],
) -> tuple[list[StandardName], Committed]:
    """Copies catalogues into the workspace and writes them into its settings, in one commit."""
    for scope in scopes:
        must_be_known("scope", scope, [known_scope.id for known_scope in ledger.settings.scopes])
    configuration = decode_text((workspace.top / CONFIGURATION).read_bytes(), CONFIGURATION)
    changed: dict[str, bytes] = {}
    hashes = hashes_of(workspace)
    names = []
    for name in wanted:
        must_be_readable(ledger, must_parse(parse_standard, name))
        own = unshipped(name, ledger, catalogues)
        here = [standard.name for standard in ledger.catalogues]
        catalogue, data = (own, None) if own else shipped(name, catalogues, here)
        if any(used.standard == catalogue.name for used in ledger.settings.standards):
            raise refuse(
                f"{catalogue.name} is in use already", hint="to bring it up to date: compliance standards update"
            )
        profile_ids = [profile.id for profile in catalogue.profiles]
        for profile in profiles:
            if profile not in profile_ids:
                raise refuse(f"{catalogue.name} has no profile “{profile}”", hint=choice_hint(profile, profile_ids))
        path = f"{STANDARDS}/{file_name(catalogue.id, catalogue.version)}"
        if data is not None:
            changed[path], hashes[path] = data, digest(data)
        configuration = with_standard(configuration, catalogue.name, scopes, profiles)
        names.append(catalogue.name)
    if changed:
        changed[SHIPPED_HASHES] = rendered_hashes(hashes)
    changed[CONFIGURATION] = configuration.encode()
    message = f"standards: use {', '.join(str(name) for name in names)}"
    committed = commit_change(workspace.place, {}, changed, message)
    return names, msgspec.structs.replace(committed, notes=(*committed.notes, *_two_versions_in_use(ledger, names)))


def _two_versions_in_use(ledger: Ledger, names: Sequence[StandardName]) -> Iterator[Problem]:
    """A warning for each standard that is now in use in two versions while evidence names it without saying which."""
    for name in names:
        others = [use.standard for use in ledger.settings.standards if use.standard.id == name.id]
        unsaid = any(
            reference.standard == name.id and not reference.version
            for item in ledger.evidence
            for reference in item.controls
        )
        if others and unsaid:
            sentence = f"{others[0]} is in use too: what names a control of {name.id} without version serves neither"
            hint = f"take this back with git revert, and move with: compliance standards migrate {others[0]} {name}"
            yield Problem(sentence, hint=hint, severity=Severity.WARNING)


def updates(workspace: Workspace, ledger: Ledger, catalogues: Mapping[str, bytes]) -> dict[str, bytes]:
    """The shipped catalogues that differ from the copies in the workspace, by path."""
    fresh = {}
    for catalogue in ledger.catalogues:
        name = file_name(catalogue.id, catalogue.version)
        path = f"{STANDARDS}/{name}"
        copy = workspace.top / path
        if name in catalogues and copy.is_file() and copy.read_bytes() != catalogues[name]:
            fresh[path] = catalogues[name]
    return fresh


def preview(
    workspace: Workspace, ledger: Ledger, fresh: Mapping[str, bytes], today: date, horizon: timedelta
) -> Preview:
    """What the updates would change, verdicts as judged today: where an approval is voided they show `changed`.

    The organisation's own overlays are laid over the updates as they are over the catalogues now.
    """
    catalogues = {catalogue.name: catalogue for catalogue in ledger.catalogues}
    updated = [parsed.value for path, data in fresh.items() if (parsed := parse_catalogue(data, path)).value]
    catalogues |= {catalogue.name: catalogue for catalogue in updated}

    def renewed(name: StandardName) -> Catalogue | None:
        return next((copy for copy in updated if copy.id == name.id and name.version in {"", copy.version}), None)

    for overlay in sorted((workspace.top / STANDARDS).rglob(f"*{OVERLAY_SUFFIX}")):
        changed, _ = apply_overlay(overlay.read_bytes(), overlay.name, renewed)
        if changed:
            catalogues[changed.name] = changed
    after = msgspec.structs.replace(ledger, catalogues=tuple(catalogues[name] for name in sorted(catalogues)))
    old, new = _verdicts(ledger, today, horizon), _verdicts(after, today, horizon)
    verdicts = [
        Change(
            scope,
            control,
            old[scope, control].standing if (scope, control) in old else "—",
            new[scope, control].standing,
        )
        for scope, control in new
        if (scope, control) not in old or old[scope, control].standing != new[scope, control].standing
    ] + [Change(*key, old[key].standing, "—") for key in old if key not in new]
    copies = [parse_catalogue((workspace.top / path).read_bytes(), path).value for path in fresh]
    now = {copy.name: copy for copy in copies if copy}
    comparisons = [compare(now[copy.name], copy) for copy in updated if copy.name in now]
    return Preview(tuple(verdicts), voided(ledger, after), tuple(comparisons))


def update(workspace: Workspace, fresh: Mapping[str, bytes]) -> Committed:
    """Commits the updates."""
    hashes = hashes_of(workspace) | {path: digest(data) for path, data in fresh.items()}
    changed = {**fresh, SHIPPED_HASHES: rendered_hashes(hashes)}
    names = ", ".join(path.removeprefix(f"{STANDARDS}/").removesuffix(".yaml") for path in fresh)
    return commit_change(workspace.place, {}, changed, f"standards: update {names}")


def hashes_of(workspace: Workspace) -> dict[str, str]:
    """The hashes of the shipped catalogues as they were copied in, by path; written as `sha256sum` writes them."""
    file = workspace.top / SHIPPED_HASHES
    if not file.is_file():
        return {}
    lines = file.read_bytes().decode("utf-8", "replace").splitlines()
    return {
        name: digest_
        for line in lines
        if (parts := line.split("  ", 1)) and len(parts) == 2
        for digest_, name in [parts]
    }


def rendered_hashes(hashes: Mapping[str, str]) -> bytes:
    """The text that `sha256sum -c` reads."""
    return "".join(f"{hash_}  {path}\n" for path, hash_ in sorted(hashes.items())).encode()


def _verdicts(ledger: Ledger, today: date, horizon: timedelta) -> dict[tuple[str, str], ControlAssessment]:
    assessor = Assessor(ledger, today, today, horizon)
    return {
        (scope.id, f"{standard.standard}:{control.id}"): control
        for scope in ledger.settings.scopes
        for standard in assessor.assess(scope).standards
        for control in standard.controls
    }
