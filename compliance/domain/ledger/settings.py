"""What `compliance.toml` settles: scopes, standards in use, review, horizon."""

from __future__ import annotations

from datetime import date
from typing import Annotated

import msgspec

from compliance.domain.registers.risks import RiskMatrix
from compliance.domain.standards.catalogue import Catalogue, RelationType
from compliance.domain.terms.durations import Duration, Unit
from compliance.domain.terms.references import StandardName
from compliance.domain.terms.vocabulary import Chain, Kind, Via

DEFAULT_HORIZON = Duration(60, Unit.DAY)
ACROSS_BY_DEFAULT = (RelationType.EQUAL, RelationType.SUBSET)
"""Relations of a control to another across which what is filed for that other one serves it too."""


class Scope(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What an assessment covers: an organisation, a department, a service, a cardholder environment."""

    id: str
    title: str = ""
    parent: str = ""
    start: Annotated[date | None, msgspec.Meta(description="Since when it exists: no series is wanted before.")] = None
    end: Annotated[
        date | None, msgspec.Meta(description="Its last day: nothing falls due after it, and it is judged as on it.")
    ] = None
    succeeds: Annotated[tuple[str, ...], msgspec.Meta(description="The ids of the scopes that it took over from.")] = ()
    suppliers: tuple[str, ...] = ()
    sites: tuple[str, ...] = ()
    systems: tuple[str, ...] = ()
    merchants: tuple[str, ...] = ()

    def has_ended(self, on: date) -> bool:
        """Whether its last day lies before a day."""
        return self.end is not None and self.end < on

    def listed(self, chain: Chain) -> tuple[str, ...]:
        return {
            Chain.SUPPLIER: self.suppliers,
            Chain.SITE: self.sites,
            Chain.SYSTEM: self.systems,
            Chain.MERCHANT: self.merchants,
        }[chain]


class StandardInUse(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A standard that the organisation holds or seeks: for which scopes, and which part of it."""

    standard: StandardName
    scopes: Annotated[tuple[str, ...], msgspec.Meta(description="Empty: every scope.")] = ()
    profiles: tuple[str, ...] = ()
    since: Annotated[date | None, msgspec.Meta(description="Since when it has applied here.")] = None
    across: Annotated[
        tuple[RelationType, ...],
        msgspec.Meta(description="How a control must relate to another standard's for its evidence to serve here too."),
    ] = ACROSS_BY_DEFAULT

    def covers(self, scope: str) -> bool:
        return not self.scopes or scope in self.scopes


def profile_ids(catalogue: Catalogue, use: StandardInUse) -> tuple[str, ...]:
    """The profiles chosen, or the catalogue's default."""
    return use.profiles or ((catalogue.default_profile,) if catalogue.default_profile else ())


class ReviewRule(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What review asks of evidence of some kinds, or that came in by some ways; empty: of all kinds, by every way."""

    kinds: tuple[Kind, ...] = ()
    via: tuple[Via, ...] = ()
    approvals: Annotated[int, msgspec.Meta(description="How many different people must approve.")] = 1
    posts: Annotated[
        tuple[str, ...], msgspec.Meta(description="Only who holds one of these posts may; empty: everybody.")
    ] = ()
    approver_may_be_recorder: bool = False

    def takes(self, kind: Kind | None, via: Via) -> bool:
        """Whether it is said of such evidence."""
        return (not self.kinds or kind in self.kinds) and (not self.via or via in self.via)


class ReviewPolicy(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """Which kinds of evidence need an approval, by whom, and whether the recorder may give it.

    `rules` say otherwise for some of it; the first that fits rules, before `kinds`.
    """

    kinds: tuple[Kind, ...] = ()
    approvals: int = 1
    posts: tuple[str, ...] = ()
    approver_may_be_recorder: bool = False
    rules: tuple[ReviewRule, ...] = ()

    @property
    def reviewed_kinds(self) -> frozenset[Kind]:
        """The kinds that need an approval when they are filed on the command line."""
        return frozenset(kind for kind in Kind if self.rule_for(kind, Via.CLI))

    def rule_for(self, kind: Kind | None, via: Via) -> ReviewRule | None:
        """What is asked of evidence of a kind that came in by a way; None where it needs no approval."""
        fitting = next((rule for rule in self.rules if rule.takes(kind, via)), None)
        if fitting is None and kind in self.kinds:
            fitting = ReviewRule(
                approvals=self.approvals,
                posts=self.posts,
                approver_may_be_recorder=self.approver_may_be_recorder,
            )
        return fitting if fitting and fitting.approvals else None


class Settings(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """The workspace's own settings. `time_zone` is an IANA name, `bank_holidays` a country or country-region code."""

    organisation: str
    time_zone: str = "Europe/London"
    bank_holidays: str = "GB-ENG"
    horizon: Duration = DEFAULT_HORIZON
    scopes: tuple[Scope, ...] = ()
    standards: tuple[StandardInUse, ...] = ()
    review: ReviewPolicy = ReviewPolicy()
    classifications: tuple[str, ...] = ("PUBLIC", "OFFICIAL", "OFFICIAL-SENSITIVE")
    """Markings in use, lowest first: reports carry the highest of what they show."""
    roots: tuple[str, ...] = ("evidence",)
    size_limit: int = 50_000_000
    retention: dict[str, Duration] = {}
    risk: RiskMatrix = RiskMatrix()

    @property
    def default_scope(self) -> str:
        """The first scope listed: evidence that names none belongs to it."""
        return self.scopes[0].id

    def scope(self, scope_id: str) -> Scope | None:
        return next((scope for scope in self.scopes if scope.id == scope_id), None)
