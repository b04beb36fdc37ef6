"""What an accreditation itself says of an event of its scheme, near a day that the audits register has for it."""

from __future__ import annotations

from datetime import date

from compliance.domain.registers.certificates.accreditation import Accreditation, CertificateEvent, Planned
from compliance.domain.standards.schemes import SchemeEvent

_HALF_A_YEAR = 183
"""In days. Two days for an event that a scheme wants once a year or less often are for the same one if so close."""


def agreed(accreditation: Accreditation, event: SchemeEvent, on: date) -> Planned | None:
    """The day that is agreed for the event, if it is so close that the same one is meant."""
    return next((plan for plan in accreditation.planned if plan.event == event.id and same(event, plan.on, on)), None)


def recorded(accreditation: Accreditation, event: SchemeEvent, on: date) -> CertificateEvent | None:
    """The event as it took place, if that was so close that the same one is meant."""
    return next(
        (past for past in accreditation.happened() if past.event == event.id and same(event, past.on, on)), None
    )


def same(event: SchemeEvent, day: date, other: date) -> bool:
    """Whether two days are so close that by the event's rule they cannot be for two of its kind."""
    if event.each_calendar_year:
        return day.year == other.year
    apart = abs((day - other).days)
    return 2 * apart < event.every.roughly.days if event.every else apart < _HALF_A_YEAR
