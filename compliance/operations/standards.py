"""Standards taken into use and brought up to date."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, timedelta

import msgspec

from compliance.domain.assess import Assessor
from compliance.domain.assessment import ControlAssessment
from compliance.domain.catalogue import Catalogue
from compliance.domain.layout import CONFIGURATION, OVERLAY_SUFFIX, SHIPPED_HASHES, STANDARDS
from compliance.domain.ledger import Ledger
from compliance.domain.references import StandardName, parse_standard
from compliance.ledger.opening import Workspace
from compliance.operations.committing import Committed, commit_change
from compliance.operations.configuring import with_standard
from compliance.problems import Refused, refuse
from compliance.store.catalogues import file_name, parse_catalogue
from compliance.store.decoding import one_of
from compliance.store.overlays import apply_overlay
from compliance.workspace.shipped import digest


class Change(msgspec.Struct, frozen=True):
    """A control whose verdict an update would change."""

    scope: str
    control: str
    before: str
    after: str


def shipped(name: str, catalogues: Mapping[str, bytes]) -> tuple[Catalogue, bytes]:
    """The shipped catalogue of a standard; without a version the newest. Raises Refused with the nearest names."""
    try:
        wanted = parse_standard(name)
    except ValueError as error:
        raise refuse(str(error)) from None
    known = sorted((parse_standard(file.removesuffix(".yaml")), file) for file in catalogues)
    of_id = [(one, file) for one, file in known if one.id == wanted.id]
    if not of_id:
        ids = sorted({one.id for one, _ in known})
        raise refuse(f"no standard {wanted.id} is shipped", hint=one_of(wanted.id, ids))
    fitting = [(one, file) for one, file in of_id if wanted.version in {"", one.version}]
    if not fitting:
        versions = ", ".join(one.version for one, _ in of_id)
        raise refuse(f"{wanted.id} is not shipped in version {wanted.version}", hint=f"there is {versions}")
    data = catalogues[fitting[-1][1]]
    parsed = parse_catalogue(data, fitting[-1][1])
    if parsed.value is None:
        raise Refused(parsed.problems)
    return parsed.value, data


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
        if ledger.settings.scope(scope) is None:
            raise refuse(
                f"there is no scope “{scope}”", hint=one_of(scope, [known.id for known in ledger.settings.scopes])
            )
    configuration = (workspace.top / CONFIGURATION).read_text(encoding="utf-8")
    changed: dict[str, bytes] = {}
    hashes = hashes_of(workspace)
    names = []
    for name in wanted:
        catalogue, data = shipped(name, catalogues)
        if any(used.standard == catalogue.name for used in ledger.settings.standards):
            raise refuse(
                f"{catalogue.name} is in use already", hint="to bring it up to date: compliance standards update"
            )
        known = [profile.id for profile in catalogue.profiles]
        for profile in profiles:
            if profile not in known:
                raise refuse(f"{catalogue.name} has no profile “{profile}”", hint=one_of(profile, known))
        path = f"{STANDARDS}/{file_name(catalogue.id, catalogue.version)}"
        changed[path], hashes[path] = data, digest(data)
        configuration = with_standard(configuration, catalogue.name, scopes, profiles)
        names.append(catalogue.name)
    changed[CONFIGURATION] = configuration.encode()
    changed[SHIPPED_HASHES] = rendered_hashes(hashes)
    message = f"standards: use {', '.join(str(name) for name in names)}"
    return names, commit_change(workspace.place, {}, changed, message)


def updates(workspace: Workspace, ledger: Ledger, catalogues: Mapping[str, bytes]) -> dict[str, bytes]:
    """The shipped catalogues that differ from the copies in the workspace, by path."""
    found = {}
    for catalogue in ledger.catalogues:
        name = file_name(catalogue.id, catalogue.version)
        path = f"{STANDARDS}/{name}"
        copy = workspace.top / path
        if name in catalogues and copy.is_file() and copy.read_bytes() != catalogues[name]:
            found[path] = catalogues[name]
    return found


def preview(
    workspace: Workspace, ledger: Ledger, fresh: Mapping[str, bytes], today: date, horizon: timedelta
) -> list[Change]:
    """Which verdicts the updates would change, judged today: an approval that they void shows as `changed`.

    The organisation's own overlays are laid over the updates as they are over the catalogues now.
    """
    catalogues = {catalogue.name: catalogue for catalogue in ledger.catalogues}
    updated = [parsed.value for path, data in fresh.items() if (parsed := parse_catalogue(data, path)).value]
    catalogues |= {catalogue.name: catalogue for catalogue in updated}

    def renewed(name: StandardName) -> Catalogue | None:
        return next((one for one in updated if one.id == name.id and name.version in {"", one.version}), None)

    for overlay in sorted((workspace.top / STANDARDS).rglob(f"*{OVERLAY_SUFFIX}")):
        changed, _ = apply_overlay(overlay.read_bytes(), overlay.name, renewed)
        if changed:
            catalogues[changed.name] = changed
    after = msgspec.structs.replace(ledger, catalogues=tuple(catalogues[name] for name in sorted(catalogues)))
    old, new = _verdicts(ledger, today, horizon), _verdicts(after, today, horizon)
    return [
        Change(
            scope,
            control,
            old[scope, control].standing if (scope, control) in old else "—",
            new[scope, control].standing,
        )
        for scope, control in new
        if (scope, control) not in old or old[scope, control].standing != new[scope, control].standing
    ] + [Change(*key, old[key].standing, "—") for key in old if key not in new]


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
    lines = file.read_text(encoding="utf-8").splitlines()
    return {
        name: found for line in lines if (parts := line.split("  ", 1)) and len(parts) == 2 for found, name in [parts]
    }


def rendered_hashes(hashes: Mapping[str, str]) -> bytes:
    """The text that `sha256sum -c` reads."""
    return "".join(f"{found}  {path}\n" for path, found in sorted(hashes.items())).encode()


def _verdicts(ledger: Ledger, today: date, horizon: timedelta) -> dict[tuple[str, str], ControlAssessment]:
    assessor = Assessor(ledger, today, today, horizon)
    return {
        (scope.id, f"{standard.standard}:{control.id}"): control
        for scope in ledger.settings.scopes
        for standard in assessor.assess(scope).standards
        for control in standard.controls
    }
