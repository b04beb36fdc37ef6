"""The next cycle of an accreditation: from which day its term counts, by the rules of its scheme."""

from __future__ import annotations

import enum
from datetime import date

import msgspec

from compliance.domain.registers.certificates.accreditation import Accreditation, Cycle, Grant
from compliance.domain.registers.certificates.states import doubt, expiry, restorable_until
from compliance.domain.standards.schemes import Scheme


class Way(enum.Enum):
    """How one cycle follows another."""

    FIRST = "first"
    RENEWED = "renewed"
    """The term counts from the day of the grant."""
    RUNS_ON = "runs on"
    """Granted before the old expiry, under a scheme that then counts the term from there."""
    RESTORED = "restored"
    """Granted after the old expiry and soon enough: the term counts from there all the same."""
    ANEW = "anew"
    """Granted as if there had been nothing before."""


class Barred(msgspec.Struct, frozen=True):
    """Why no cycle can begin on a day, and what to do."""

    sentence: str
    hint: str


def succeed(
    scheme: Scheme, accreditation: Accreditation, granted: Cycle, *, outcome: Grant | None = None, anew: bool = False
) -> tuple[Cycle, Way] | Barred:
    """The cycle that a grant begins after those there are, and how it follows the last of them.

    `granted` says when, and what the certificate states. ISO/IEC 17021-1: what is renewed before its expiry may run on
    from there; what is restored within the scheme's time after it counts its term from there too; later it takes at
    least what `anew-needs` names.
    """
    last, on = accreditation.cycle_on(date.max), granted.granted
    way = _way(scheme, accreditation, last, on, anew)
    if isinstance(way, Barred):
        return way
    resulting = outcome or (Grant.RESTORED if way is Way.RESTORED else Grant.GRANTED)
    if resulting is Grant.RESTORED and way is not Way.RESTORED:
        return Barred(
            f"nothing had lapsed that a grant on {on} could restore",
            "leave the outcome out, or say granted or with-conditions",
        )
    cycle = msgspec.structs.replace(
        granted,
        runs_from=expiry(scheme, last) if last and way in {Way.RUNS_ON, Way.RESTORED} else None,
        body=granted.body if granted.body != accreditation.body_on(on) else "",
        outcome=resulting,
    )
    end = expiry(scheme, cycle)
    if end and end <= on:
        return Barred(f"the expiry {end} is not after the grant on {on}", "correct one of the two days")
    return cycle, way


def _way(scheme: Scheme, accreditation: Accreditation, last: Cycle | None, on: date, anew: bool) -> Way | Barred:
    if last is None:
        return Way.FIRST
    if on <= last.granted:
        return Barred(f"the cycle granted on {last.granted} is newer than {on}", "give the day of the new decision")
    event = f"compliance accreditation event {accreditation.id}"
    suspended = last.suspended(on)
    if suspended:
        return Barred(
            f"the cycle granted on {last.granted} is suspended since {suspended}",
            f"first record how that ended: {event} restored --on DATE; or withdrawn",
        )
    later = next((event for event in last.events if event.change and event.on > on), None)
    if later:
        sentence = f"a cycle granted on {on} would begin before the old one was {later.event} on {later.on}"
        return Barred(sentence, "give the day of the new decision")
    if anew:
        return Way.ANEW
    withdrawn = last.withdrawn(on)
    if withdrawn:
        return Barred(
            f"the cycle granted on {last.granted} was withdrawn on {withdrawn}: there is nothing to renew",
            f"if it was granted again from the beginning{_needing(scheme)}, say so with --anew",
        )
    end, until = expiry(scheme, last), restorable_until(scheme, last)
    if end is None or (on > end and until is None):
        return Way.RENEWED
    if on <= end:
        return Way.RUNS_ON if scheme.runs_on else Way.RENEWED
    if until and on <= until:
        return Way.RESTORED
    return Barred(
        f"the cycle granted on {last.granted} expired on {end} and could be restored until {until} only"
        + doubt(scheme, "restoration"),
        f"if it was granted again from the beginning{_needing(scheme)}, say so with --anew",
    )


def _needing(scheme: Scheme) -> str:
    needed = scheme.event(scheme.anew_needs)
    return f", which takes at least: {needed.title}" if needed else ""
