"""Registers that change a verdict: events, findings, providers."""

from __future__ import annotations

import datetime as dt
import enum

import msgspec

from compliance.domain.periods import Period
from compliance.domain.references import Reference


class Event(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """Something that happened (a significant change, a starter, an incident), or a dated statement that nothing did.

    A nil return is dated like an event, and speaks for its period.
    """

    id: str
    type: str
    date: dt.date
    scope: tuple[str, ...] = ()
    title: str = ""
    nil: bool = False
    period: Period | None = None


class FindingType(enum.Enum):
    """How grave a finding is."""

    MAJOR = "major"
    MINOR = "minor"
    OBSERVATION = "observation"
    OPPORTUNITY = "opportunity"


class Closure(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """When a finding was closed, and the evidence that shows it."""

    on: dt.date
    evidence: tuple[str, ...] = ()


class Finding(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """Something an audit, a test or a scan found wrong, and the controls it touches."""

    id: str
    type: FindingType
    title: str
    raised: dt.date
    controls: tuple[Reference, ...] = ()
    scope: tuple[str, ...] = ()
    owner: str = ""
    closed: Closure | None = None

    def open_on(self, day: dt.date) -> bool:
        return self.raised <= day and (self.closed is None or self.closed.on > day)


class Assurance(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A provider's certificate or attestation, filed as evidence, and the services it covers."""

    evidence: str
    services: tuple[str, ...] = ()


class Provider(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """An external provider whose certificate may carry controls of ours."""

    id: str
    name: str
    assurances: tuple[Assurance, ...] = ()
    matrix: str = ""
    """The evidence id of the responsibility matrix."""
