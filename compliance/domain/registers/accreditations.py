"""The accreditations register: certificates, attestations and assessments, held or sought."""

from __future__ import annotations

from collections.abc import Iterator

from compliance.domain.registers.certificates.accreditation import Accreditation, Cycle
from compliance.domain.registers.certificates.order import order_faults
from compliance.domain.registers.parts.faults import Fault, Path, later_than_commit, unknown_standard, warning
from compliance.domain.registers.parts.register import Register, Surroundings
from compliance.domain.standards.catalogue import Catalogue
from compliance.domain.standards.schemes import Scheme
from compliance.domain.terms.vocabulary import STATUS_CHANGES
from compliance.problems import choice_hint


def inspect(ledger: Surroundings, held: Accreditation) -> Iterator[Fault]:
    """What is wrong in an accreditation: its profile, its events, and what cannot have been in that order."""
    if not held.cycles and held.target is None:
        hint = "add “cycles:” with the day it was granted, or “target:” with the day by which it is sought"
        yield warning(("id",), "is neither held nor sought", hint)
    for number, cycle in enumerate(held.cycles):
        yield from _cycle(ledger, ("cycles", number), cycle, held.cycles[number - 1] if number else None)
    for number, event in enumerate(held.events):
        yield from later_than_commit(ledger, ("events", number, "on"), "dated", event.on)
    catalogue = ledger.catalogue(held.standard)
    yield from order_faults(catalogue.scheme if catalogue else Scheme(), held)
    if catalogue is None:
        yield from unknown_standard(ledger, held.standard)
        return
    profiles = [profile.id for profile in catalogue.profiles]
    if held.profile and held.profile not in profiles:
        hint = choice_hint(held.profile, profiles) if profiles else "it has none: remove the line"
        yield Fault(("profile",), f"{catalogue.name} has no profile “{held.profile}”", hint)
    yield from _scheme_events(held, catalogue)


def _cycle(ledger: Surroundings, at: Path, cycle: Cycle, above: Cycle | None) -> Iterator[Fault]:
    if above and cycle.granted == above.granted:
        hint = "keep one of them: a new cycle begins on a day of its own"
        yield Fault((*at, "granted"), f"two cycles are granted on {cycle.granted}", hint)
    elif above and cycle.granted < above.granted:
        sentence = f"the cycle granted on {cycle.granted} stands below a newer one"
        yield Fault((*at, "granted"), sentence, "put the oldest first")
    if cycle.expires and cycle.expires <= cycle.granted:
        sentence = f"the cycle expires on {cycle.expires}, before it is granted"
        yield Fault((*at, "expires"), sentence, "correct one of the two days")
    yield from later_than_commit(ledger, (*at, "granted"), "granted on", cycle.granted)
    for number, event in enumerate(cycle.events):
        yield from later_than_commit(ledger, (*at, "events", number, "on"), "dated", event.on)


def _scheme_events(held: Accreditation, catalogue: Catalogue) -> Iterator[Fault]:
    """Events that the scheme does not have; what changes the status of any certificate may have taken place too."""
    events = [event.id for event in catalogue.scheme.events]
    past: list[tuple[Path, str]] = [(("events", i, "event"), event.event) for i, event in enumerate(held.events)]
    for number, cycle in enumerate(held.cycles):
        past += [(("cycles", number, "events", i, "event"), event.event) for i, event in enumerate(cycle.events)]
    planned: list[tuple[Path, str]] = [(("planned", i, "event"), plan.event) for i, plan in enumerate(held.planned)]
    for named, allowed in ((past, [*events, *STATUS_CHANGES]), (planned, events)):
        for at, event in named:
            if event not in allowed:
                hint = choice_hint(event, allowed) if allowed else "it has none"
                yield Fault(at, f"the scheme of {catalogue.name} has no event “{event}”", hint)


ACCREDITATIONS = Register(
    name="accreditation",
    plural="accreditations",
    prefix="A",
    place=1,
    summary="Certificates and attestations held or sought.",
    record=Accreditation,
    inspect=inspect,
    ids_are_drawn=True,
)
