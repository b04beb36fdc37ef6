"""How a certificate of a standard lives: its term, the audits and scans within it, and what leads up to each.

Rules are data in the catalogue; nothing here names a scheme.
"""

from __future__ import annotations

import enum
from typing import Annotated

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

    `each-calendar-year`: once in every calendar year after the first, until the year of the audit before the expiry;
    and the first of an initial certification within `first-within` of the start. `every`: at each multiple from the
    start. `within`: once, so long after the start. `before`: so long (`lead`) before the expiry or before another
    event; with `lasts` it serves that other event only if it took place no longer than this before it. A lead's day
    that is no working day is moved to the last one before.
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
    books: Annotated[
        bool,
        msgspec.Meta(description="It agrees the day of what it leads up to, and is settled by a day planned for that."),
    ] = False
    optional: bool = False
    opens_cycle: Annotated[
        bool, msgspec.Meta(description="Recording it grants the accreditation: a new cycle begins that day.")
    ] = False


class Method(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A way to meet a requirement that the scheme knows, and what it expects beside what the requirement does."""

    id: str
    title: str = ""
    expects: tuple[Expectation, ...] = ()
    profiles: Annotated[tuple[str, ...], msgspec.Meta(description="The profiles that allow it; none: all do.")] = ()


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
    profiles: Annotated[tuple[str, ...], msgspec.Meta(description="The profiles that allow it; none: all do.")] = ()


class Scheme(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """The rules by which an accreditation to a standard is won, kept and renewed."""

    holding: Holding = Holding.ASSESSMENT
    term: Duration | None = None
    judged: Judged = Judged.ALWAYS
    runs_on: Annotated[
        bool, msgspec.Meta(description="A renewal before expiry may run from the old expiry instead of its own day.")
    ] = False
    restoration: Annotated[
        Duration | None,
        msgspec.Meta(description="How long after expiry a certificate can still be restored, its old term going on."),
    ] = None
    anew_needs: Annotated[
        str,
        msgspec.Meta(description="The least event that grants a certificate again which can no longer be restored."),
    ] = ""
    suspension: Annotated[
        Duration | None,
        msgspec.Meta(description="How long a suspension normally lasts before the certificate or scope is withdrawn."),
    ] = None
    unconfirmed: Annotated[
        tuple[str, ...],
        msgspec.Meta(description="Which of these rules no published source could confirm; reports say so with them."),
    ] = ()
    first_assessment_needs: Annotated[
        str,
        msgspec.Meta(description="A first assessment wants a series' newest interval only, and this kind of document."),
    ] = ""
    events: tuple[SchemeEvent, ...] = ()
    statuses: tuple[Status, ...] = ()
    methods: tuple[Method, ...] = ()
    inclusions_reasoned: Annotated[
        bool,
        msgspec.Meta(description="A control that could be excluded and is not needs a reason: a risk or a duty."),
    ] = False
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
