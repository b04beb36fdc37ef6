"""The closed lists of words that records and catalogues use."""

from __future__ import annotations

import enum
from datetime import date

import msgspec


class Kind(enum.Enum):
    """What a piece of evidence is."""

    POLICY = "policy"
    PROCEDURE = "procedure"
    PLAN = "plan"
    REGISTER = "register"
    RECORD = "record"
    REPORT = "report"
    SCAN = "scan"
    TEST = "test"
    CONFIGURATION = "configuration"
    DIAGRAM = "diagram"
    CERTIFICATE = "certificate"
    CONTRACT = "contract"
    TRAINING = "training"
    MINUTES = "minutes"
    SCREENSHOT = "screenshot"
    ATTESTATION = "attestation"
    REFERENCE = "reference"


CONCLUDING = frozenset({Kind.SCAN, Kind.TEST, Kind.ATTESTATION})
"""The kinds that say whether something passed: one that does not say so is inconclusive."""


class Result(enum.Enum):
    """How a scan, test, audit or attestation came out."""

    PASS = "pass"  # noqa: S105 - a word that records use, no secret
    FAIL = "fail"
    CONDITIONAL = "conditional"
    INCONCLUSIVE = "inconclusive"
    """It could not be run, had no credentials or found no hosts: neither a pass nor a fail."""


class Basis(enum.Enum):
    """Who says how fresh evidence must be: the standard, the organisation, or good practice."""

    MANDATED = "mandated"
    ORGANISATION = "organisation"
    ADVICE = "advice"


class Need(enum.Enum):
    """Whether the standard itself asks for evidence, or assessors usually do."""

    REQUIRED = "required"
    USUAL = "usual"


class Judged(enum.Enum):
    """The day on which an age counts: every day, or the day of the submission or audit."""

    ALWAYS = "always"
    SUBMISSION = "submission"
    AUDIT = "audit"


class Chain(enum.Enum):
    """What an expectation may want a chain of evidence for, each."""

    SUPPLIER = "supplier"
    SITE = "site"
    SYSTEM = "system"
    MERCHANT = "merchant"


class Level(enum.Enum):
    """A judged level of achievement, worst to best."""

    NOT_ACHIEVED = "not-achieved"
    PARTIALLY_ACHIEVED = "partially-achieved"
    ACHIEVED = "achieved"

    @property
    def rank(self) -> int:
        return list(Level).index(self)


class Via(enum.Enum):
    """The way by which something came into the ledger."""

    CLI = "cli"
    WEB = "web"
    COLLECTOR = "collector"
    IMPORT = "import"


class Attribution(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """Who did something, on which day, and how where it was not by the command line."""

    by: str
    on: date
    via: Via | None = None


def person_key(person: str) -> str:
    """What tells two people apart: the address in `Name <address>` if there is one, in lower case."""
    _, bracket, address = person.rpartition("<")
    return (address.partition(">")[0] if bracket else person).strip().casefold()


def name_of(person: str) -> str:
    """The name in `Name <address>`, for sentences; the whole where there is no other name."""
    return person.partition(" <")[0] or person


class StatusChange(enum.Enum):
    """How the status of any certificate may change between its grant and its expiry, whatever its scheme.

    That it lapsed is none of these: it follows from the expiry, and is never typed.
    """

    CONDITIONS_MET = "conditions-met"
    SUSPENDED = "suspended"
    RESTORED = "restored"
    WITHDRAWN = "withdrawn"
    TRANSFERRED = "transferred"
    CONFIRMED = "confirmed"
    """The body's word that it stays in force, though an audit was not held in time."""


STATUS_CHANGES = {turn.value: turn for turn in StatusChange}
