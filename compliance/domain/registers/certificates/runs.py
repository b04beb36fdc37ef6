"""The cycles of an accreditation that follow each other without a break: where a run of them began."""

from __future__ import annotations

import itertools
from datetime import date

from compliance.domain.registers.certificates.accreditation import Accreditation, Cycle
from compliance.domain.registers.certificates.states import expiry, restorable_until
from compliance.domain.standards.schemes import Scheme
from compliance.domain.terms.durations import after


def runs_begun(scheme: Scheme, accreditation: Accreditation) -> tuple[date, ...]:
    """The first grant of each run of cycles without a break, oldest first; anchored slots are counted from them."""
    cycles = granted_by(accreditation, date.max)
    anew = (new.granted for old, new in itertools.pairwise(cycles) if breaks(scheme, old, new))
    return (*(cycle.granted for cycle in cycles[:1]), *anew)


def granted_by(accreditation: Accreditation, known: date) -> tuple[Cycle, ...]:
    """The cycles granted by a day, oldest first."""
    return tuple(
        sorted((cycle for cycle in accreditation.cycles if cycle.granted <= known), key=lambda cycle: cycle.granted)
    )


def breaks(scheme: Scheme, old: Cycle, new: Cycle) -> bool:
    """Whether one cycle did not renew the one before it, and certification began anew.

    It was withdrawn, or had been expired for longer than its scheme restores it. Under a scheme that restores nothing,
    what is renewed within a further term is renewed late.
    """
    if old.withdrawn(new.granted):
        return True
    end, last = expiry(scheme, old), restorable_until(scheme, old)
    if last is None and end and scheme.term:
        last = after(end, scheme.term)
    return last is not None and last < new.granted


def begins_anew(scheme: Scheme, accreditation: Accreditation, cycle: Cycle) -> bool:
    """Whether a cycle is an initial certification, and renews none before it."""
    earlier = [other for other in granted_by(accreditation, cycle.granted) if other.granted < cycle.granted]
    return not earlier or breaks(scheme, earlier[-1], cycle)
