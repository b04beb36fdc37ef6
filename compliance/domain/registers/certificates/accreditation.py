"""Accreditations held or sought, cycle by cycle; a cycle is kept, never overwritten."""

from __future__ import annotations

import enum
from datetime import date

import msgspec

from compliance.domain.terms.references import StandardName
from compliance.domain.terms.vocabulary import STATUS_CHANGES, Attribution, StatusChange


class Grant(enum.Enum):
    """How a cycle began. `restored`: after its expiry, but soon enough for the old term to go on."""

    GRANTED = "granted"
    WITH_CONDITIONS = "with-conditions"
    RESTORED = "restored"


class CertificateEvent(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """An event of the scheme that took place, or a change of the certificate's status; `body` is who took it over."""

    event: str
    on: date
    outcome: str = ""
    body: str = ""
    note: str = ""
    recorded: Attribution | None = None

    @property
    def change(self) -> StatusChange | None:
        return STATUS_CHANGES.get(self.event)


class Cycle(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One life of a certificate, from its grant to its expiry.

    `expires` is set only where the certificate states a day; otherwise the scheme's term gives it, counted from
    `runs-from` (the expiry of the cycle before) where that is set, and else from the grant. `body` is set where another
    one than before granted it.
    """

    granted: date
    runs_from: date | None = None
    expires: date | None = None
    certificate: str = ""
    body: str = ""
    outcome: Grant = Grant.GRANTED
    note: str = ""
    recorded: Attribution | None = None
    events: tuple[CertificateEvent, ...] = ()

    def status_changes(self, on: date) -> list[tuple[date, StatusChange]]:
        """The changes of its status by that day, oldest first; those of one day as they are listed."""
        changes = [(event.on, event.change) for event in self.events if event.change and event.on <= on]
        return sorted(changes, key=lambda pair: pair[0])

    def withdrawn(self, on: date) -> date | None:
        """The day it was withdrawn, if that was by then."""
        return next((day for day, change in self.status_changes(on) if change is StatusChange.WITHDRAWN), None)

    def suspended(self, on: date) -> date | None:
        """The day since which it has been suspended without a break; None if it is not."""
        since: date | None = None
        for day, change in self.status_changes(on):
            if change is StatusChange.SUSPENDED:
                since = since or day
            elif change in {StatusChange.RESTORED, StatusChange.WITHDRAWN}:
                since = None
        return since

    def conditional(self, on: date) -> bool:
        """Whether it was granted with conditions that were not met by then."""
        met = any(change is StatusChange.CONDITIONS_MET for _, change in self.status_changes(on))
        return self.outcome is Grant.WITH_CONDITIONS and not met


class Planned(msgspec.Struct, frozen=True, kw_only=True):
    """A day that has been agreed for an event of the scheme."""

    event: str
    on: date


class Accreditation(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A certificate, attestation or assessment, held or sought, for one scope.

    `events` are those before the first cycle (a stage 1 audit, a first submission); `target` is the day by which a
    first grant is sought, or a new one after a withdrawal. `body` is who it began with.
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
    events: tuple[CertificateEvent, ...] = ()
    cycles: tuple[Cycle, ...] = ()
    planned: tuple[Planned, ...] = ()

    def cycle_on(self, day: date) -> Cycle | None:
        """The newest cycle granted by that day, in date, expired or withdrawn; None before the first."""
        granted = [cycle for cycle in self.cycles if cycle.granted <= day]
        return max(granted, key=lambda cycle: cycle.granted) if granted else None

    def happened(self) -> tuple[CertificateEvent, ...]:
        """Every event of every cycle, in order of date."""
        every = [*self.events, *(event for cycle in self.cycles for event in cycle.events)]
        return tuple(sorted(every, key=lambda event: event.on))

    def body_on(self, day: date) -> str:
        """The certification body, assessor or acquirer on a day: by the last cycle or transfer that names one."""
        named = [(cycle.granted, cycle.body) for cycle in self.cycles if cycle.body]
        transfers = (event for event in self.happened() if event.change is StatusChange.TRANSFERRED)
        named += [(event.on, event.body) for event in transfers if event.body]
        by_then = (pair for pair in named if pair[0] <= day)
        return max(by_then, default=(day, self.body), key=lambda pair: pair[0])[1]
