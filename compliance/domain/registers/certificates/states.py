"""How an accreditation stands on a day: held, suspended, lapsed and so on; since when, until when, and why."""

from __future__ import annotations

import enum
from datetime import date

import msgspec

from compliance.domain.registers.certificates.accreditation import Accreditation, Cycle, Grant
from compliance.domain.registers.certificates.calendar_years import at_risk
from compliance.domain.standards.schemes import Scheme
from compliance.domain.terms.durations import add_days, after
from compliance.domain.terms.vocabulary import StatusChange


class CertificateStatus(enum.Enum):
    """The state of an accreditation in a word."""

    SOUGHT = "sought"
    HELD = "held"
    WITH_CONDITIONS = "with-conditions"
    ASSESSED = "assessed"
    """Held, under a scheme that states no term."""
    SUSPENDED = "suspended"
    RESTORABLE = "restorable"
    """Expired, and still within the time in which its scheme restores it."""
    LAPSED = "lapsed"
    WITHDRAWN = "withdrawn"


class CertificateState(msgspec.Struct, frozen=True, kw_only=True):
    """The state, its first day, its last day as far as that is known, and what there is to say of it.

    `until` is the expiry while it is held, the target while it is sought, the last day to restore what is suspended or
    restorable, and nothing once it lapsed or was withdrawn. `at_risk`: the body may suspend it, as `why` says.
    """

    status: CertificateStatus
    since: date | None = None
    until: date | None = None
    why: str = ""
    at_risk: bool = False


def expiry(scheme: Scheme, cycle: Cycle) -> date | None:
    """The last day of a cycle: as the certificate states it, else by the term; None without a term.

    The term counts from the grant, or from the old expiry where the cycle runs from there.
    """
    if cycle.expires or scheme.term is None:
        return cycle.expires
    return after(cycle.runs_from or cycle.granted, scheme.term)


def restorable_until(scheme: Scheme, cycle: Cycle) -> date | None:
    """The last day on which an expired cycle can be restored; None under a scheme that restores nothing."""
    end = expiry(scheme, cycle)
    return after(end, scheme.restoration) if end and scheme.restoration else None


def restore_by(scheme: Scheme, cycle: Cycle, since: date) -> date | None:
    """The last day to restore what is suspended: by the scheme's limit, and never after the expiry."""
    limits = [expiry(scheme, cycle), after(since, scheme.suspension) if scheme.suspension else None]
    return min((limit for limit in limits if limit), default=None)


def ended(scheme: Scheme, cycle: Cycle, on: date) -> date | None:
    """The day on which a cycle ended for good, if it had by then: withdrawn, or expired and no longer restorable.

    Under a scheme that restores nothing, a cycle that expired is simply renewed late, and ends with its renewal.
    """
    withdrawn = cycle.withdrawn(on)
    if withdrawn:
        return withdrawn
    last = restorable_until(scheme, cycle)
    return expiry(scheme, cycle) if last and last < on else None


def state_on(scheme: Scheme, accreditation: Accreditation, on: date) -> CertificateState:
    """How an accreditation stands on a day, by what had happened by then."""
    cycle = accreditation.cycle_on(on)
    if cycle is None:
        return CertificateState(status=CertificateStatus.SOUGHT, until=accreditation.target)
    withdrawn = cycle.withdrawn(on)
    if withdrawn:
        anew = accreditation.target if accreditation.target and accreditation.target > withdrawn else None
        why = f"withdrawn on {withdrawn}" + (f"; sought anew by {anew}" if anew else "")
        return CertificateState(status=CertificateStatus.WITHDRAWN, since=withdrawn, why=why)
    end = expiry(scheme, cycle)
    if end and end < on:
        return _expired(scheme, cycle, end, on)
    since = cycle.suspended(on)
    if since:
        return _suspended(scheme, cycle, since, on)
    if cycle.conditional(on):
        first, why = cycle.granted, f"granted with conditions on {cycle.granted}; no record says that they are met"
        status = CertificateStatus.WITH_CONDITIONS
    else:
        first, why = _history(cycle, accreditation, on)
        status = CertificateStatus.HELD if end else CertificateStatus.ASSESSED
    risk = at_risk(scheme, accreditation, cycle, end, on)
    why = "; ".join(filter(None, (risk, why)))
    return CertificateState(status=status, since=first, until=end, why=why, at_risk=bool(risk))


def doubt(scheme: Scheme, rule: str) -> str:
    """What to add where a rule shows that no published source could confirm; empty for the others."""
    return " (an unconfirmed rule: ask the body)" if rule in scheme.unconfirmed else ""


def _expired(scheme: Scheme, cycle: Cycle, end: date, on: date) -> CertificateState:
    first, last = add_days(end, 1), restorable_until(scheme, cycle)
    if last is None:
        return CertificateState(status=CertificateStatus.LAPSED, since=first, why=f"expired on {end}")
    unsure = doubt(scheme, "restoration")
    if on <= last:
        why = f"expired on {end}; can be restored until {last}{unsure}"
        return CertificateState(status=CertificateStatus.RESTORABLE, since=first, until=last, why=why)
    needs = scheme.event(scheme.anew_needs)
    wanted = f"; to be granted anew it needs at least: {needs.title}" if needs else ""
    why = f"expired on {end}; could be restored until {last}{unsure}{wanted}"
    return CertificateState(status=CertificateStatus.LAPSED, since=first, why=why)


def _suspended(scheme: Scheme, cycle: Cycle, since: date, on: date) -> CertificateState:
    last = restore_by(scheme, cycle, since)
    why = f"suspended since {since}"
    if last:
        must = "should have been" if last < on else "is to be"
        why += f"; {must} restored by {last}{doubt(scheme, 'suspension')}, or it is withdrawn or its scope made smaller"
    return CertificateState(status=CertificateStatus.SUSPENDED, since=since, until=last, why=why)


def _history(cycle: Cycle, accreditation: Accreditation, on: date) -> tuple[date, str]:
    """Since when a cycle has been held without a break, and how it came to stand as it does."""
    first, history = cycle.granted, []
    if cycle.outcome is Grant.RESTORED:
        history.append(f"restored on {cycle.granted}" + (f"; runs from {cycle.runs_from}" if cycle.runs_from else ""))
    for day, change in cycle.status_changes(on):
        if change is StatusChange.RESTORED:
            first = day
            history.append(f"restored on {day} after a suspension")
        elif change is StatusChange.CONDITIONS_MET:
            first = day
            history.append(f"conditions met on {day}")
        elif change is StatusChange.TRANSFERRED:
            body = accreditation.body_on(day)
            history.append(f"transferred on {day}" + (f" to {body}" if body else ""))
        elif change is StatusChange.CONFIRMED:
            history.append(f"confirmed on {day}")
    return first, "; ".join(history)
