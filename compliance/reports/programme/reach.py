"""What the programme report speaks of: a day, some scopes, and the standards where only some were asked for."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

import msgspec

from compliance.domain.due.standing import Standing
from compliance.domain.ledger.ledger import Ledger
from compliance.domain.terms.durations import Duration, after
from compliance.domain.terms.references import Reference, StandardName

YEAR = Duration(12)
"""How far back the report looks."""


class Stands(msgspec.Struct, frozen=True):
    """How a record stands, in a word; and how that is coloured and drawn, as a verdict that weighs the same."""

    word: str
    group: str
    """`evidenced`, `lapsing`, `due`, `gap` or `out`; no more than an emphasis: the word says it all."""


class Reach(msgspec.Struct, frozen=True, kw_only=True):
    """As seen from a day, in some scopes; `standards` are ids, and empty where all were asked for."""

    ledger: Ledger
    on: date
    until: date
    scopes: frozenset[str]
    standards: frozenset[str]

    @classmethod
    def of(cls, standing: Standing) -> Reach:
        ledger, provenance = standing.ledger, standing.provenance
        chosen = frozenset(provenance.scopes)
        judged = {str(standard.standard) for scope in standing.assessments for standard in scope.standards}
        scopes = (scope for scope in ledger.settings.scopes if scope.id in chosen)
        every = {str(catalogue.name) for scope in scopes for _, catalogue in ledger.in_use(scope)}
        ids = {standard.standard.id for scope in standing.assessments for standard in scope.standards}
        return cls(
            ledger=ledger,
            on=provenance.on,
            until=provenance.until,
            scopes=chosen,
            standards=frozenset(ids if judged != every else ()),
        )

    @property
    def year_ago(self) -> date:
        """The day a year before: the last year begins after it."""
        return after(self.on, YEAR, -1)

    def takes(self, scopes: Iterable[str], standards: Iterable[str] = ()) -> bool:
        """Whether something belongs into the report; what names no scope, or no standard, touches all of them."""
        here, about = set(scopes), set(standards)
        in_scope = not here or not here.isdisjoint(self.scopes)
        return in_scope and (not self.standards or not about or not about.isdisjoint(self.standards))

    def in_last_year(self, day: date) -> bool:
        return self.year_ago < day <= self.on


def standards_of(several: Iterable[Reference | StandardName]) -> list[str]:
    """The ids of the standards of controls, or of standards."""
    return [one.standard if isinstance(one, Reference) else one.id for one in several]
