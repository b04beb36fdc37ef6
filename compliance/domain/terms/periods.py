"""Stretches of time: the period a document covers, and the slots of a calendar or an anniversary."""

from __future__ import annotations

import enum
from collections.abc import Iterator
from datetime import date, timedelta

import msgspec

from compliance.domain.terms.durations import add_months


class Period(msgspec.Struct, frozen=True, array_like=True, order=True):
    """From one day to another, both included."""

    start: date
    end: date

    def __str__(self) -> str:
        return f"{self.start}/{self.end}"

    def __contains__(self, day: date) -> bool:
        return self.start <= day <= self.end

    def covers(self, period: Period) -> bool:
        """Whether the other lies wholly within this one."""
        return self.start <= period.start and period.end <= self.end


class Slot(enum.Enum):
    """A recurring stretch of the calendar in which something must happen once."""

    MONTH = "month"
    QUARTER = "quarter"
    HALF_YEAR = "half-year"
    YEAR = "year"

    @property
    def months(self) -> int:
        return {Slot.MONTH: 1, Slot.QUARTER: 3, Slot.HALF_YEAR: 6, Slot.YEAR: 12}[self]


def slots(kind: Slot, first: date, last: date, anchor: date | None = None) -> Iterator[Period]:
    """The slots that begin on or after `first` and on or before `last`.

    Calendar slots (quarters begin in January, April, July and October) unless an anchor is given: then they run from
    the anchor's day, each counted from the anchor itself.
    """
    base = anchor or date(first.year, 1, 1)
    step = kind.months
    number = (12 * (first.year - base.year) + first.month - base.month) // step
    while True:
        start = add_months(base, number * step)
        if start > last:
            return
        following = add_months(base, (number + 1) * step)
        if following == date.max:
            return  # the calendar ends within this slot
        if start >= first:
            yield Period(start, following - timedelta(days=1))
        number += 1


def name_of(slot: Period) -> str:
    """How people call a slot: `2026-Q3`, `2026-07`, `2026`, or its two days."""
    first, following = slot.start, slot.end + timedelta(days=1)
    months = 12 * (following.year - first.year) + following.month - first.month
    if first.day == 1 and following.day == 1 and (first.month - 1) % months == 0:
        match months:
            case 1:
                return f"{first.year:04}-{first.month:02}"
            case 3:
                return f"{first.year:04}-Q{(first.month + 2) // 3}"
            case 6:
                return f"{first.year:04}-H{(first.month + 5) // 6}"
            case 12:
                return f"{first.year:04}"
    return f"{slot.start} to {slot.end}"
