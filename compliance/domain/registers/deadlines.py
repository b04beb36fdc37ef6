"""The deadlines register: days that are no certificate's, one-off or recurring."""

from __future__ import annotations

import datetime as dt
import enum
from collections.abc import Iterator

import msgspec

from compliance.domain.terms.durations import Duration, after
from compliance.domain.terms.references import Reference
from compliance.domain.terms.vocabulary import Attribution


class DeadlineKind(enum.Enum):
    """What ends or is to be done on the day."""

    CONTRACT = "contract"
    END_OF_LIFE = "end-of-life"
    REVIEW = "review"
    LICENCE = "licence"
    INSURANCE = "insurance"
    OTHER = "other"


class Done(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A deadline that was met: which day of it, when, and what shows it."""

    due: dt.date
    on: dt.date
    by: str = ""
    evidence: tuple[str, ...] = ()
    note: str = ""


class Deadline(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """Something due on `date`, and with `every` again and again from that day until `until`.

    `lead` is how long before the day work on it begins.
    """

    id: str
    kind: DeadlineKind
    title: str
    date: dt.date
    every: Duration | None = None
    until: dt.date | None = None
    lead: Duration | None = None
    controls: tuple[Reference, ...] = ()
    scope: tuple[str, ...] = ()
    owner: str = ""
    note: str = ""
    done: tuple[Done, ...] = ()
    recorded: Attribution | None = None

    def days(self, last: dt.date) -> Iterator[dt.date]:
        """Its days up to one, each counted from the first and never chained."""
        end = min(last, self.until) if self.until else last
        day, times = self.date, 1
        while day <= end:
            yield day
            if self.every is None or not self.every.count or day == dt.date.max:
                return
            day, times = after(self.date, self.every, times), times + 1

    def open_days(self, last: dt.date = dt.date.max) -> Iterator[dt.date]:
        """The days up to one that nobody has said were met."""
        met = {one.due for one in self.done}
        return (day for day in self.days(last) if day not in met)
