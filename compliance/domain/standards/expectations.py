"""What a control expects to see: kinds of evidence, and how fresh or how often."""

from __future__ import annotations

import msgspec

from compliance.domain.terms.durations import Duration
from compliance.domain.terms.periods import Slot
from compliance.domain.terms.vocabulary import Basis, Chain, Judged, Kind, Need


class MaxAge(msgspec.Struct, frozen=True, tag="max-age"):
    """The newest piece may be no older than this."""

    age: Duration

    def __str__(self) -> str:
        return f"no older than {self.age}"


class Every(msgspec.Struct, frozen=True, tag="every"):
    """No more than this, plus grace, between two passes; None where the organisation has yet to set it."""

    interval: Duration | None
    grace: Duration | None = None
    over: Duration | None = None
    set_by: str = ""

    def __str__(self) -> str:
        if self.interval is None:
            return f"an interval that you set{f' by {self.set_by}' if self.set_by else ''}"
        return f"every {self.interval}" + (f" (+ {self.grace})" if self.grace else "")


class Each(msgspec.Struct, frozen=True, tag="each"):
    """Once in each slot of the calendar, or from the accreditation's anchor."""

    slot: Slot
    anchored: bool = False
    over: Duration | None = None

    def __str__(self) -> str:
        return f"each {self.slot.value}" + (" from the accreditation's start" if self.anchored else "")


class OnEvent(msgspec.Struct, frozen=True, tag="on"):
    """Around each event of a type: within a time after it, before it, or both; with no event, a dated nil return.

    At least one of `within` and `before` is set. The window runs from the event's day less `before` to the event's
    day plus `within`.
    """

    event: str
    within: Duration | None = None
    over: Duration | None = None
    before: Duration | None = None

    def __str__(self) -> str:
        event = self.event.replace("-", " ")
        if self.before is None:
            return f"within {self.within} of each {event}"
        if self.within is None:
            return f"within {self.before} before each {event}"
        return f"from {self.before} before to {self.within} after each {event}"


class Once(msgspec.Struct, frozen=True, tag="once"):
    """Filed once, it stands."""

    def __str__(self) -> str:
        return "once"


class AnyOf(msgspec.Struct, frozen=True, tag="any-of"):
    """Alternatives, of which one is enough."""

    members: tuple[Expectation, ...]

    def __str__(self) -> str:
        return "any of " + ", ".join(member.id for member in self.members)


Rule = MaxAge | Every | Each | OnEvent | Once | AnyOf


class Expectation(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One kind of evidence that a control expects, and the rule for its freshness.

    No kinds means any kind. `judged` is None where the scheme's default holds. `basis` says who sets the interval,
    `need` whether the standard asks for the thing at all; `source` is the clause, requirement or page that does either.
    """

    id: str
    rule: Rule
    kinds: tuple[Kind, ...] = ()
    basis: Basis = Basis.ORGANISATION
    need: Need = Need.USUAL
    source: str = ""
    what: str = ""
    document: str = ""
    """A name for the document; where others of the standard have the same name, one document answers them all."""
    per: Chain | None = None
    optional: bool = False
    judged: Judged | None = None
    because: str = ""
    """Why an overlay set it so (for example the targeted risk analysis)."""

    @property
    def binding(self) -> bool:
        """Whether it can make its control a gap: advice and optional expectations cannot."""
        return not self.optional and self.basis is not Basis.ADVICE

    @property
    def is_series(self) -> bool:
        """Whether each piece speaks for a time of its own, so that a later one takes nothing away from it."""
        return isinstance(self.rule, Every | Each | OnEvent)

    def takes(self, kind: Kind | None) -> bool:
        return not self.kinds or kind in self.kinds


def leaves(expectation: Expectation) -> tuple[Expectation, ...]:
    """The expectation itself, or the alternatives of a group."""
    if isinstance(expectation.rule, AnyOf):
        return tuple(leaf for member in expectation.rule.members for leaf in leaves(member))
    return (expectation,)


def wanted_evidence(expectation: Expectation) -> str:
    """What good evidence looks like; of a group that does not say so itself, its alternatives."""
    if expectation.what or not isinstance(expectation.rule, AnyOf):
        return expectation.what
    return "; or ".join(member.what for member in expectation.rule.members if member.what)
