"""Mappings between standards that another program keeps, brought in as relations in an overlay of the first."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any

import msgspec

from compliance.domain.ledger.ledger import Ledger
from compliance.domain.standards.catalogue import Catalogue, walk
from compliance.domain.terms.layout import OVERLAY_SUFFIX, STANDARDS
from compliance.domain.terms.references import Reference, StandardName
from compliance.exchange.imported import Imported, Skipped
from compliance.ledger.opening import Workspace
from compliance.operations.committing import Committed, commit_change
from compliance.operations.evidence.naming import slug
from compliance.problems import Location, Refused, refuse
from compliance.store.catalogues.overlays import apply_overlay
from compliance.store.records.records import render_yaml

_PUNCTUATION = re.compile(r"[^a-z0-9]+")


class Relating(msgspec.Struct, frozen=True, kw_only=True):
    """What mappings would put into the workspace: overlays by path, and the account of the source."""

    imported: Imported
    source: str
    """The name of the file that was read, without its folder."""
    files: dict[str, bytes]
    pairs: tuple[tuple[StandardName, StandardName, int], ...]
    """From which standard to which, and how many relations."""


class _End(msgspec.Struct, frozen=True):
    """One side of a mapping: the catalogue that is meant, and its control, if it has it."""

    catalogue: Catalogue
    control: str


def plan_relating(workspace: Workspace, ledger: Ledger, imported: Imported, file: str) -> Relating:
    """The overlays of mappings.

    Raises Refused where it is not clear which standards are meant, where nothing is new, and for an overlay that is
    there already.
    """
    name = file.replace("\\", "/").rpartition("/")[2]
    named = {end.standard: end for start, to, _ in imported.relations for end in (start, to)}
    catalogues = {standard: _meant(ledger, end, file) for standard, end in named.items()}
    ids = {
        standard: {squeezed(node.control.id): node.control.id for node in walk(catalogue)}
        for standard, catalogue in catalogues.items()
    }
    skipped = list(imported.skipped)
    links_by_standard: dict[StandardName, dict[str, dict[str, dict[str, str]]]] = {}
    pairs: dict[tuple[StandardName, StandardName], int] = {}
    for start, to, kind in imported.relations:
        first, second = (
            _End(catalogues[end.standard], ids[end.standard].get(squeezed(end.control), "")) for end in (start, to)
        )
        link = str(_reference(ledger, second))
        why = _unfit(first, second, start, to, link)
        if why:
            skipped.append(Skipped(f"{start.control} {kind} {to.control}", why))
            continue
        links = links_by_standard.setdefault(first.catalogue.name, {}).setdefault(first.control, {})
        if link not in links:
            links[link] = {"to": link, "type": kind, "source": imported.source_id or name}
            pair = (first.catalogue.name, second.catalogue.name)
            pairs[pair] = pairs.get(pair, 0) + 1
    if not links_by_standard:
        first_skipped = f"; the first: {skipped[0].what}: {skipped[0].why}" if skipped else ""
        hint = f"look whether the standards are of other versions than those here{first_skipped}"
        raise refuse("relates no two controls anew", location=Location(file), hint=hint)
    ending = f"{slug(imported.source_id or name.partition('.')[0])}{OVERLAY_SUFFIX}"
    files = {
        f"{STANDARDS}/{first_name}.{ending}": _overlay(
            first_name, controls, f"{first_name}.{ending}", ledger.catalogues
        )
        for first_name, controls in links_by_standard.items()
    }
    for path in files:
        if (workspace.top / path).exists():
            hint = "take it away first, to import the mappings anew"
            raise refuse("is there already", location=Location(path), hint=hint)
    return Relating(
        imported=msgspec.structs.replace(imported, skipped=tuple(skipped)),
        source=name,
        files=files,
        pairs=tuple((first_name, second_name, count) for (first_name, second_name), count in pairs.items()),
    )


def relate(workspace: Workspace, planned: Relating) -> Committed:
    """Commits what was planned."""
    pairs = ", ".join(f"{first} to {second}" for first, second, _ in planned.pairs)
    return commit_change(workspace.place, planned.files, {}, f"standards: relate {pairs}")


def squeezed(text: str) -> str:
    """A name as other programs may spell it: small letters and digits alone."""
    return _PUNCTUATION.sub("", text.casefold())


def _meant(ledger: Ledger, end: Reference, file: str) -> Catalogue:
    """The catalogue that a mapping names: by id and version, or by both run together (`iso27001-2022`)."""
    exact = [
        catalogue
        for catalogue in ledger.catalogues
        if catalogue.id == end.standard and end.version in {"", catalogue.version}
    ]
    alike = [
        catalogue
        for catalogue in ledger.catalogues
        if squeezed(f"{catalogue.id}{catalogue.version}") == squeezed(end.standard)
    ]
    fitting = exact or alike
    if len(fitting) == 1:
        return fitting[0]
    listed = ", ".join(str(catalogue.name) for catalogue in ledger.catalogues) or "none"
    hint = f"say which is meant, like --column source=iso27001@2022 --column target=caf@4.0; there is {listed}"
    raise refuse(f"it is not clear which catalogue here is “{end.standard}”", location=Location(file), hint=hint)


def _reference(ledger: Ledger, end: _End) -> Reference:
    """A control as a relation names it: with its version only where two of the standard are here."""
    in_use = sum(catalogue.id == end.catalogue.id for catalogue in ledger.catalogues)
    return Reference(end.catalogue.id, end.control, end.catalogue.version if in_use > 1 else "")


def _unfit(first: _End, second: _End, start: Reference, to: Reference, link: str) -> str:
    """Why there is no place for a mapping; empty if there is."""
    for end, named in ((first, start), (second, to)):
        if not end.control:
            return f"{end.catalogue.name} has no control {named.control}"
    control = next(node.control for node in walk(first.catalogue) if node.control.id == first.control)
    if any(str(relation.to) == link for relation in control.related):
        return f"{first.catalogue.name} relates the two already"
    return ""


def _overlay(
    name: StandardName, controls: dict[str, dict[str, dict[str, str]]], path: str, catalogues: Iterable[Catalogue]
) -> bytes:
    """The overlay's text, made sure to be read again."""
    listed: list[dict[str, Any]] = [{"id": id_, "related": list(links.values())} for id_, links in controls.items()]
    text = render_yaml({"overlay": str(name), "controls": listed})
    applied, problems = apply_overlay(
        text, path, lambda wanted: next(catalogue for catalogue in catalogues if catalogue.name == wanted)
    )
    if applied is None:
        raise Refused(problems)
    return text
