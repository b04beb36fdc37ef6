"""Accreditations held or sought, cycle by cycle; a cycle is kept, never overwritten."""

from __future__ import annotations

from datetime import date

import msgspec

from compliance.domain.references import StandardName
from compliance.domain.vocabulary import Attribution


class Happened(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """An event of the scheme that took place."""

    event: str
    on: date
    outcome: str = ""
    note: str = ""
    recorded: Attribution | None = None


class Cycle(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One life of a certificate, from its grant to its expiry.

    `expires` is set only where the certificate states a day; otherwise the scheme's term gives it.
    """

    granted: date
    expires: date | None = None
    certificate: str = ""
    outcome: str = ""
    events: tuple[Happened, ...] = ()


class Planned(msgspec.Struct, frozen=True, kw_only=True):
    """A day that has been agreed for an event of the scheme."""

    event: str
    on: date


class Accreditation(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A certificate, attestation or assessment, held or sought, for one scope.

    `events` are those before the first cycle (a stage 1 audit, a first submission); `target` is the day by which a
    first grant is sought.
    """

    id: str
    standard: StandardName
    scope: str
    title: str = ""
    body: str = ""
    profile: str = ""
    details: dict[str, str] = {}
    owner: str = ""
    target: date | None = None
    recorded: Attribution | None = None
    events: tuple[Happened, ...] = ()
    cycles: tuple[Cycle, ...] = ()
    planned: tuple[Planned, ...] = ()

    def cycle_on(self, day: date) -> Cycle | None:
        """The newest cycle granted by that day, in date or expired; None before the first."""
        granted = [cycle for cycle in self.cycles if cycle.granted <= day]
        return max(granted, key=lambda cycle: cycle.granted) if granted else None

    def happened(self) -> tuple[Happened, ...]:
        """Every event of every cycle, in order of date."""
        every = [*self.events, *(event for cycle in self.cycles for event in cycle.events)]
        return tuple(sorted(every, key=lambda event: event.on))
