"""The order in which the status of a certificate may change: what cannot have been, with its place in the record."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from datetime import date

from compliance.domain.registers.certificates.accreditation import Accreditation, CertificateEvent, Cycle, Grant
from compliance.domain.registers.certificates.states import expiry, restorable_until
from compliance.domain.registers.parts.faults import Fault, Path, warning
from compliance.domain.standards.schemes import Scheme
from compliance.domain.terms.vocabulary import StatusChange


def order_faults(scheme: Scheme, accreditation: Accreditation) -> Iterator[Fault]:
    """Everything out of order between and within the cycles of an accreditation."""
    yield from _listed(("events",), accreditation.events)
    for number, event in enumerate(accreditation.events):
        if event.change:
            hint = "correct the day, or first add the cycle that it befell"
            sentence = f"{_was(event)}, before anything was granted"
            yield Fault(("events", number, "event"), sentence, hint)
    before: Cycle | None = None
    for number, cycle in enumerate(accreditation.cycles):
        at: Path = ("cycles", number)
        following = accreditation.cycles[number + 1] if number + 1 < len(accreditation.cycles) else None
        yield from _listed((*at, "events"), cycle.events)
        yield from _within(scheme, accreditation, (*at, "events"), cycle, following)
        yield from _following(scheme, at, cycle, before)
        before = cycle


def _was(event: CertificateEvent) -> str:
    if event.change is StatusChange.CONDITIONS_MET:
        return f"the conditions are met on {event.on}"
    return f"it is {event.event} on {event.on}"


def _listed(at: Path, events: tuple[CertificateEvent, ...]) -> Iterator[Fault]:
    """Events are listed as they took place, the oldest first."""
    for number, (above, event) in enumerate(itertools.pairwise(events), 1):
        if event.on < above.on:
            sentence = f"what took place on {event.on} stands below what took place on {above.on}"
            yield warning((*at, number, "on"), sentence, "put the oldest first")


def _outside(event: CertificateEvent, at: Path, sentence: str, hint: str) -> Fault:
    """What is dated outside its cycle: wrong where it changes the status, and else only untidy."""
    return Fault(at, sentence, hint) if event.change else warning(at, sentence, hint)


def _within(
    scheme: Scheme, accreditation: Accreditation, at: Path, cycle: Cycle, following: Cycle | None
) -> Iterator[Fault]:
    """The changes of status in a cycle one after another, and what is dated outside it."""
    end = expiry(scheme, cycle)
    suspended: date | None = None
    withdrawn: date | None = None
    conditional = cycle.outcome is Grant.WITH_CONDITIONS
    for number, event in sorted(enumerate(cycle.events), key=lambda pair: pair[1].on):
        if event.on < cycle.granted:
            sentence = f"took place on {event.on}, before its cycle began on {cycle.granted}"
            hint = "correct the day, or move it to the cycle before, or to “events:” if there is none"
            yield _outside(event, (*at, number, "on"), sentence, hint)
        elif following and event.on > following.granted and following.granted > cycle.granted:
            sentence = f"took place on {event.on}, after the next cycle began on {following.granted}"
            hint = "correct the day, or move it to the next cycle"
            yield _outside(event, (*at, number, "on"), sentence, hint)
        elif event.change:
            wrong = _refuted(event, accreditation, end, suspended, withdrawn, conditional)
            if wrong:
                key = "event" if event.change is StatusChange.TRANSFERRED and not event.body else "on"
                yield Fault((*at, number, key), *wrong)
        match event.change:
            case StatusChange.SUSPENDED:
                suspended = suspended or event.on
            case StatusChange.RESTORED:
                suspended = None
            case StatusChange.WITHDRAWN:
                suspended, withdrawn = None, withdrawn or event.on
            case StatusChange.CONDITIONS_MET:
                conditional = False


def _refuted(
    event: CertificateEvent,
    accreditation: Accreditation,
    end: date | None,
    suspended: date | None,
    withdrawn: date | None,
    conditional: bool,
) -> tuple[str, str] | None:
    """Why a change of status cannot have been, by those before it, and what to do about it."""
    was, days = _was(event), "correct one of the two days, or remove the one that was not"
    renew = f"what had lapsed is restored by: compliance accreditation renew {accreditation.id} --on DATE"
    if withdrawn:
        return f"{was}, after it was withdrawn on {withdrawn}", days
    if end and event.on > end:
        hint = (
            renew if event.change is StatusChange.RESTORED else "correct the day: what has lapsed cannot turn any more"
        )
        return f"{was}, after it expired on {end}", hint
    if event.change is StatusChange.SUSPENDED and suspended:
        return f"{was}, and was suspended on {suspended} already", "record the restoration between them, or remove one"
    if event.change is StatusChange.RESTORED and not suspended:
        return f"{was} without having been suspended", f"record the suspension first; {renew}"
    if event.change is StatusChange.CONDITIONS_MET and not conditional:
        return f"{was}, and there are none that were still to be met", "remove it, or correct the outcome of the grant"
    if event.change is StatusChange.TRANSFERRED and not event.body:
        return f"{was}, and nobody is named who took it over", "say who, with “body:” (on the command line --body)"
    return None


def _following(scheme: Scheme, at: Path, cycle: Cycle, before: Cycle | None) -> Iterator[Fault]:
    """How a cycle follows the one before it."""
    end, old = expiry(scheme, cycle), expiry(scheme, before) if before else None
    if cycle.runs_from and (before is None or cycle.runs_from != old):
        old_end = f"the cycle before it expires on {old}" if old else "there is no expiry before it"
        sentence = f"its term runs from {cycle.runs_from}, and {old_end}"
        yield Fault((*at, "runs-from"), sentence, "correct the day, or remove the line")
    if before is None or cycle.granted <= before.granted:
        if before is None and cycle.outcome is Grant.RESTORED:
            sentence = "the first cycle is restored, and there is none before it"
            yield Fault((*at, "outcome"), sentence, "add the cycle that had lapsed, or say granted")
        return
    suspended, withdrawn = before.suspended(cycle.granted), before.withdrawn(cycle.granted)
    if suspended:
        sentence = f"is granted on {cycle.granted}, while the cycle before it is suspended since {suspended}"
        hint = "add to that cycle how the suspension ended: restored or withdrawn, and on which day"
        yield Fault((*at, "granted"), sentence, hint)
    if end and old and end < old and not withdrawn:
        sentence = f"two cycles are open after {end}: the one granted on {before.granted} runs until {old}"
        hint = "correct an expiry, or add to the older one that it was withdrawn"
        yield Fault((*at, "expires" if cycle.expires else "granted"), sentence, hint)
    if cycle.outcome is Grant.RESTORED:
        yield from _restored(scheme, at, cycle, before, withdrawn)


def _restored(scheme: Scheme, at: Path, cycle: Cycle, before: Cycle, withdrawn: date | None) -> Iterator[Fault]:
    old, until = expiry(scheme, before), restorable_until(scheme, before)
    hint = "correct the day, or say granted: it began anew"
    if withdrawn:
        sentence = f"is restored on {cycle.granted}, after the cycle before it was withdrawn on {withdrawn}"
        yield Fault((*at, "outcome"), sentence, hint)
    elif old is None or cycle.granted <= old:
        sentence = f"is restored on {cycle.granted}, before the cycle that it follows had expired"
        yield Fault((*at, "outcome"), sentence, "say granted, or correct the day")
    elif until is None or cycle.granted > until:
        limit = f"could be restored until {until}" if until else "cannot be restored by its scheme"
        sentence = f"is restored on {cycle.granted}, and the cycle before it {limit}"
        yield Fault((*at, "outcome"), sentence, hint)
