"""What is wrong in an accreditation: its id, its profile, its events, and what cannot have been in that order."""

from __future__ import annotations

from collections.abc import Iterator

from compliance.domain.registers.certificates.accreditation import Accreditation, Cycle
from compliance.domain.registers.certificates.order import missteps
from compliance.domain.standards.catalogue import Catalogue
from compliance.domain.standards.schemes import Scheme
from compliance.domain.terms.identifiers import ACCREDITATION, is_identifier, token_of
from compliance.domain.terms.vocabulary import STATUS_CHANGES
from compliance.ledger.inspection.checks import Checks
from compliance.problems import Problem, choice_hint
from compliance.store.text.located import Path


def inspect_accreditation(file: str, held: Accreditation, checks: Checks) -> Iterator[Problem]:
    """Every problem between an accreditation and the rest of the workspace."""
    pages = checks.pages
    if not is_identifier(held.id, ACCREDITATION):
        hint = "an id is A- and eight characters, such as A-7K2M9QXT"
        yield pages.error(file, ("id",), f"“{held.id}” is not the id of an accreditation", hint)
    elif not file.endswith(f".{token_of(held.id)}.yaml"):
        hint = f"correct the id, or rename the file to end with .{token_of(held.id)}.yaml"
        yield pages.error(file, ("id",), f"the file's name does not end with the id {held.id}", hint)
    yield from checks.scope(file, ("scope",), held.scope)
    if not held.cycles and held.target is None:
        hint = "add “cycles:” with the day it was granted, or “target:” with the day by which it is sought"
        yield pages.warning(file, ("id",), "is neither held nor sought", hint)
    for number, cycle in enumerate(held.cycles):
        yield from _cycle(file, number, cycle, held.cycles[number - 1] if number else None, checks)
    for number, happened in enumerate(held.events):
        yield from checks.later(file, ("events", number, "on"), "dated", happened.on)
    catalogue = checks.ledger.catalogue(held.standard)
    for wrong in missteps(catalogue.scheme if catalogue else Scheme(), held):
        say = pages.error if wrong.grave else pages.warning
        yield say(file, wrong.at, wrong.sentence, wrong.hint)
    if catalogue is None:
        yield from checks.no_catalogue(file, held.standard)
        return
    profiles = [profile.id for profile in catalogue.profiles]
    if held.profile and held.profile not in profiles:
        hint = choice_hint(held.profile, profiles) if profiles else "it has none: remove the line"
        yield pages.error(file, ("profile",), f"{catalogue.name} has no profile “{held.profile}”", hint)
    yield from _scheme_events(file, held, catalogue, checks)


def _cycle(file: str, number: int, cycle: Cycle, above: Cycle | None, checks: Checks) -> Iterator[Problem]:
    pages, at = checks.pages, ("cycles", number)
    if above and cycle.granted == above.granted:
        hint = "keep one of them: a new cycle begins on a day of its own"
        yield pages.error(file, (*at, "granted"), f"two cycles are granted on {cycle.granted}", hint)
    elif above and cycle.granted < above.granted:
        sentence = f"the cycle granted on {cycle.granted} stands below a newer one"
        yield pages.error(file, (*at, "granted"), sentence, "put the oldest first")
    if cycle.expires and cycle.expires <= cycle.granted:
        sentence = f"the cycle expires on {cycle.expires}, before it is granted"
        yield pages.error(file, (*at, "expires"), sentence, "correct one of the two days")
    yield from checks.later(file, (*at, "granted"), "granted on", cycle.granted)
    for place, happened in enumerate(cycle.events):
        yield from checks.later(file, (*at, "events", place, "on"), "dated", happened.on)


def _scheme_events(file: str, held: Accreditation, catalogue: Catalogue, checks: Checks) -> Iterator[Problem]:
    known = [event.id for event in catalogue.scheme.events]
    happened: list[tuple[Path, str]] = [(("events", i, "event"), one.event) for i, one in enumerate(held.events)]
    for number, cycle in enumerate(held.cycles):
        happened += [(("cycles", number, "events", i, "event"), one.event) for i, one in enumerate(cycle.events)]
    planned: list[tuple[Path, str]] = [(("planned", i, "event"), one.event) for i, one in enumerate(held.planned)]
    for named, allowed in ((happened, [*known, *STATUS_CHANGES]), (planned, known)):
        for at, event in named:
            if event not in allowed:
                hint = choice_hint(event, allowed) if allowed else "it has none"
                sentence = f"the scheme of {catalogue.name} has no event “{event}”"
                yield checks.pages.error(file, at, sentence, hint)
