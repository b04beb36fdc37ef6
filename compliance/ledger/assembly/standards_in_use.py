"""The catalogues of a commit with their overlays, and whether they are what the settings name."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Any

from compliance.domain.ledger.settings import Settings
from compliance.domain.standards.catalogue import Catalogue
from compliance.domain.terms.layout import CONFIGURATION
from compliance.domain.terms.references import StandardName, named_by_file
from compliance.ledger.inspection.pages import Pages
from compliance.problems import Location, Problem, choice_hint
from compliance.store.cached import CachedEntry
from compliance.store.catalogues.overlay_settings import SettingsMade
from compliance.store.catalogues.overlays import apply_overlay
from compliance.store.text.parsed import Parsed

Read = Callable[[CachedEntry], Parsed[Any]]
"""Gives what a file says, with the problems in it."""


def catalogues_of(
    files: Sequence[CachedEntry],
    overlays: Sequence[CachedEntry],
    read: Read,
    blob: Callable[[str], bytes],
    settings: Settings,
    pages: Pages,
    problems: list[Problem],
) -> tuple[Catalogue, ...]:
    """Every catalogue that can be read, each as its overlays leave it; what is wrong is added to the problems."""
    by_name: dict[StandardName, Catalogue] = {}
    paths: dict[StandardName, str] = {}
    unread: list[str] = []
    for entry in files:
        parsed = read(entry)
        problems += parsed.problems
        if parsed.value is None:
            unread.append(entry.path)
        elif parsed.value.name in by_name:
            sentence = f"is a second catalogue called {parsed.value.name}"
            problems.append(Problem(sentence, Location(entry.path), "keep one of them"))
        else:
            by_name[parsed.value.name], paths[parsed.value.name] = parsed.value, entry.path

    missed: list[StandardName] = []
    made: SettingsMade = {}

    def named(name: StandardName) -> Catalogue | None:
        fitting = [
            catalogue
            for catalogue in by_name.values()
            if catalogue.id == name.id and name.version in {"", catalogue.version}
        ]
        if len(fitting) > 1:
            used = {use.standard for use in settings.standards}
            fitting = [catalogue for catalogue in fitting if catalogue.name in used]
        if not fitting:
            missed.append(name)
        return fitting[0] if len(fitting) == 1 else None

    for entry in overlays:
        missed.clear()
        changed, overlay_problems = apply_overlay(blob(entry.oid), entry.path, named, made)
        if changed:
            by_name[changed.name] = changed
        if not any(_may_be(path, name) for name in missed for path in unread):
            problems += overlay_problems
    problems += _not_as_named(settings, by_name, paths, unread, pages)
    return tuple(by_name[name] for name in sorted(by_name))


def _not_as_named(
    settings: Settings,
    by_name: dict[StandardName, Catalogue],
    paths: dict[StandardName, str],
    unread: Sequence[str],
    pages: Pages,
) -> Iterator[Problem]:
    """What the settings name and is not there; nothing of a catalogue that cannot be read, for that has been said."""
    for number, use in enumerate(settings.standards):
        catalogue = by_name.get(use.standard)
        if catalogue is None:
            yield from _missing(use.standard, number, paths, unread, pages)
            continue
        profile_ids = [profile.id for profile in catalogue.profiles]
        for place, profile in enumerate(use.profiles):
            if profile not in profile_ids:
                at = ("standards", number, "profiles", place)
                hint = choice_hint(profile, profile_ids) if profile_ids else "it has none: remove the line"
                yield pages.error(CONFIGURATION, at, f"{catalogue.name} has no profile “{profile}”", hint)


def _missing(
    standard: StandardName, number: int, paths: dict[StandardName, str], unread: Sequence[str], pages: Pages
) -> Iterator[Problem]:
    if any(_may_be(path, standard) for path in unread):
        return
    misnamed = next((path for path in paths.values() if named_by_file(path) == standard), None)
    if misnamed:
        hint = f"correct its id and version, or {CONFIGURATION}"
        yield Problem(f"is not the catalogue {standard} that its name says", Location(misnamed), hint)
        return
    others = [other for other in paths if other.id == standard.id]
    hint = f"add it with: compliance standards use {standard}"
    if others:
        hint += f"; or write {' or '.join(str(name) for name in others)}, which is there"
    sentence = f"the standard {standard} is in use, and has no catalogue in standards/"
    yield pages.error(CONFIGURATION, ("standards", number, "standard"), sentence, hint)


def _may_be(path: str, standard: StandardName) -> bool:
    """Whether a file that cannot be read may hold a standard, by its name."""
    name = named_by_file(path)
    return name is None or (name.id == standard.id and standard.version in {"", name.version})
