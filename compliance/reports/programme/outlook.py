"""From where the programme report looks: the registers as narrowed, the day, and how far it looks back and ahead."""

from __future__ import annotations

from datetime import date

import msgspec

from compliance.domain.due.standing import Standing
from compliance.domain.ledger.ledger import Ledger
from compliance.domain.terms.durations import Duration, after

YEAR = Duration(12)
"""How far back the report looks."""


class State(msgspec.Struct, frozen=True):
    """The state of a record in a word; and how that is coloured and drawn, as a verdict that weighs the same."""

    word: str
    group: str
    """`evidenced`, `lapsing`, `due`, `gap` or `out`; no more than an emphasis: the word says it all."""


class Outlook(msgspec.Struct, frozen=True, kw_only=True):
    """The ledger, narrowed to what was asked for, as seen on a day and up to another."""

    ledger: Ledger
    on: date
    until: date

    @classmethod
    def of(cls, standing: Standing) -> Outlook:
        return cls(ledger=standing.ledger, on=standing.provenance.on, until=standing.provenance.until)

    @property
    def year_ago(self) -> date:
        """The day a year before: the last year begins after it."""
        return after(self.on, YEAR, -1)

    def in_last_year(self, day: date) -> bool:
        return self.year_ago < day <= self.on
