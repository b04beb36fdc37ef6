"""How a certificate of a standard lives: its term, the audits and scans within it, and what leads up to each.

Rules are data in the catalogue; nothing here names a scheme.
"""

from __future__ import annotations

import enum

import msgspec

from compliance.domain.durations import Duration
from compliance.domain.expectations import Expectation
from compliance.domain.vocabulary import Judged


class Holding(enum.Enum):
    """What an organisation holds under a scheme."""

    CERTIFICATE = "certificate"
    ATTESTATION = "attestation"
    ASSESSMENT = "assessment"


class Role(enum.Enum):
    """What an event of a scheme is to the evidence: the day a submission or an audit looks at it."""

    SUBMISSION = "submission"
    AUDIT = "audit"


class SchemeEvent(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """Something that a cycle wants done, due by exactly one of its rules.

    `each-calendar-year`: once in every calendar year after the first, except the year of expiry, and the first within
    `first-within` of the start. `every`: at each multiple from the start. `within`: once, so long after the start.
    `before`: so long (`lead`) before the expiry or before another event.
    """

    id: str
    title: str
    what: str = ""
    role: Role | None = None
    each_calendar_year: bool = False
    first_within: Duration | None = None
    every: Duration | None = None
    within: Duration | None = None
    before: str = ""
    lead: Duration | None = None
    optional: bool = False
    opens_cycle: bool = False
    """Recording it grants the accreditation: a new cycle begins that day."""


class Method(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A way to meet a requirement that the scheme knows, and what it expects beside what the requirement does."""

    id: str
    title: str = ""
    expects: tuple[Expectation, ...] = ()


class Status(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A word by which a person says how far a control is implemented; no verdict follows from it, or leads to it."""

    id: str
    title: str = ""


class Scheme(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """The rules by which an accreditation to a standard is won, kept and renewed."""

    holding: Holding = Holding.ASSESSMENT
    term: Duration | None = None
    judged: Judged = Judged.ALWAYS
    runs_on: bool = False
    """A renewal before expiry may run from the old expiry instead of its own day."""
    restoration: Duration | None = None
    first_assessment_needs: str = ""
    """In a first assessment a series is judged by its newest interval only, and this kind of document as well."""
    events: tuple[SchemeEvent, ...] = ()
    statuses: tuple[Status, ...] = ()
    methods: tuple[Method, ...] = ()
    source: str = ""
