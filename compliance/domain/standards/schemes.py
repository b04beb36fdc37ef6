"""How a certificate of a standard lives: its term, the audits and scans within it, and what leads up to each.

Rules are data in the catalogue; nothing here names a scheme.
"""

from __future__ import annotations

import enum

import msgspec

from compliance.domain.standards.expectations import Expectation
from compliance.domain.terms.durations import Duration
from compliance.domain.terms.vocabulary import STATUS_CHANGES, Judged


class Holding(enum.Enum):
    """What an organisation holds under a scheme."""

    CERTIFICATE = "certificate"
    ATTESTATION = "attestation"
    ASSESSMENT = "assessment"


class EventRole(enum.Enum):
    """What an event of a scheme is to the evidence: the day a submission or an audit looks at it."""

    SUBMISSION = "submission"
    AUDIT = "audit"


class SchemeEvent(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """Something that a cycle wants done, due by exactly one of its rules.

    `each-calendar-year`: once in every calendar year after the first, except the year of expiry, and the first within
    `first-within` of the start. `every`: at each multiple from the start. `within`: once, so long after the start.
    `before`: so long (`lead`) before the expiry or before another event; with `lasts` it serves that other event only
    if it took place no longer than this before it. A lead's day that is no working day is moved to the last one before.
    """

    id: str
    title: str
    what: str = ""
    role: EventRole | None = None
    each_calendar_year: bool = False
    first_within: Duration | None = None
    every: Duration | None = None
    within: Duration | None = None
    before: str = ""
    lead: Duration | None = None
    lasts: Duration | None = None
    books: bool = False
    """It agrees the day of what it leads up to, and is settled by a day that is planned for that."""
    optional: bool = False
    opens_cycle: bool = False
    """Recording it grants the accreditation: a new cycle begins that day."""


class Method(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A way to meet a requirement that the scheme knows, and what it expects beside what the requirement does."""

    id: str
    title: str = ""
    expects: tuple[Expectation, ...] = ()


class Claim(enum.Enum):
    """What a status says; `not-applicable`: a control is excluded; `not-tested`: it applies, and nobody looked."""

    IN_PLACE = "in-place"
    NOT_YET = "not-yet"
    NOT_APPLICABLE = "not-applicable"
    NOT_TESTED = "not-tested"


class Status(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A word by which a person says how far a control is implemented; no verdict follows from it, or leads to it."""

    id: str
    title: str = ""
    means: Claim = Claim.NOT_YET


class Scheme(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """The rules by which an accreditation to a standard is won, kept and renewed."""

    holding: Holding = Holding.ASSESSMENT
    term: Duration | None = None
    judged: Judged = Judged.ALWAYS
    runs_on: bool = False
    """A renewal before expiry may run from the old expiry instead of its own day."""
    restoration: Duration | None = None
    """How long after its expiry a certificate can still be restored, its old term going on."""
    anew_needs: str = ""
    """The event that a certificate which can no longer be restored needs at least before it is granted again."""
    suspension: Duration | None = None
    """How long a suspension normally lasts at most, before the certificate is withdrawn or its scope made smaller."""
    unconfirmed: tuple[str, ...] = ()
    """Which of these rules no published source could confirm; reports say so where the rule shows."""
    first_assessment_needs: str = ""
    """In a first assessment a series is judged by its newest interval only, and this kind of document as well."""
    events: tuple[SchemeEvent, ...] = ()
    statuses: tuple[Status, ...] = ()
    methods: tuple[Method, ...] = ()
    inclusions_reasoned: bool = False
    """A control that could be excluded and is not needs a reason as well: a risk, or what obliges to it."""
    source: str = ""

    def __post_init__(self) -> None:
        """Raises ValueError for names that cannot be: of events, of the event needed anew, of rules unconfirmed."""
        names = [event.id for event in self.events]
        reserved = next((name for name in names if name in STATUS_CHANGES), None)
        if reserved:
            raise ValueError(f"“{reserved}” is a word of every scheme, not an event of one; choose another id")
        if self.anew_needs and self.anew_needs not in names:
            raise ValueError(f"the scheme has no event “{self.anew_needs}”; name one of its events")
        unknown = next((name for name in self.unconfirmed if name not in _RULES), None)
        if unknown:
            raise ValueError(f"“{unknown}” is not a rule of a scheme; choose from {', '.join(sorted(_RULES))}")

    def event(self, event_id: str) -> SchemeEvent | None:
        """The event of an id."""
        return next((event for event in self.events if event.id == event_id), None)

    def claim(self, status: str) -> Claim | None:
        """What a status says; None for a word that the scheme does not know."""
        return next((candidate.means for candidate in self.statuses if candidate.id == status), None)


_RULES = {"term", "runs-on", "restoration", "suspension", "anew-needs"}
