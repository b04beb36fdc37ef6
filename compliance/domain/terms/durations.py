"""Lengths of time as people write them (`90d`, `12m`, `3 months`), and dates counted from an anchor."""

from __future__ import annotations

import calendar
import enum
import re
from datetime import date, timedelta

import msgspec

from compliance.problems import counted

LONGEST_DAYS = 36_525
"""A century: no duration may be longer, because beyond that it is a slip of the pen."""


class Unit(enum.Enum):
    """What a duration counts."""

    DAY = "day"
    WORKING_DAY = "working day"
    MONTH = "month"


WORDS = {
    "d": (Unit.DAY, 1),
    "day": (Unit.DAY, 1),
    "w": (Unit.DAY, 7),
    "week": (Unit.DAY, 7),
    "m": (Unit.MONTH, 1),
    "month": (Unit.MONTH, 1),
    "y": (Unit.MONTH, 12),
    "year": (Unit.MONTH, 12),
    "working day": (Unit.WORKING_DAY, 1),
}
_WRITTEN = re.compile(r"0*(\d+)\s*([a-z]+(?:[ -][a-z]+)?)")
_DAYS_IN = {Unit.DAY: 1, Unit.WORKING_DAY: 1, Unit.MONTH: 30}
_LONGEST = {Unit.DAY: LONGEST_DAYS, Unit.WORKING_DAY: LONGEST_DAYS * 5 // 7, Unit.MONTH: 1_200}


class Duration(msgspec.Struct, frozen=True, array_like=True):
    """A number of days, working days or calendar months."""

    count: int
    unit: Unit = Unit.MONTH

    def __str__(self) -> str:
        count, word = self.count, self.unit.value
        if self.unit is Unit.MONTH and count and count % 12 == 0 and count > 12:
            count, word = count // 12, "year"
        return f"{count} {word}{'' if count == 1 else 's'}"

    @property
    def roughly(self) -> timedelta:
        """About how long this is, for putting durations in order; never for a due date."""
        return timedelta(days=self.count * _DAYS_IN[self.unit])


def parse_duration(text: str) -> Duration:
    """Read `90d`, `12m`, `3 months`, `6 weeks`, `2 years` or `20 working days`.

    Raises ValueError with a sentence for the user.
    """
    written = _WRITTEN.fullmatch(text.strip().lower())
    if written:
        word = written[2].replace("-", " ")
        unit_and_factor = WORDS.get(word) or WORDS.get(word.removesuffix("s"))
        if unit_and_factor:
            unit, factor = unit_and_factor
            most = _LONGEST[unit] // factor
            if len(written[1]) > len(str(most)) or int(written[1]) > most:
                name = max((name for name, each in WORDS.items() if each == unit_and_factor), key=len)
                raise ValueError(f"“{text}” is longer than a century; the longest allowed is {most} {name}s")
            return Duration(int(written[1]) * factor, unit)
    raise ValueError(f"“{text}” is not a duration; write it like 90 days, 3 months or 1 year")


def add_months(day: date, months: int) -> date:
    """The same day of the month, so many months on; the month's last day where it has no such day."""
    index = day.year * 12 + day.month - 1 + months
    year, month = divmod(index, 12)
    if year > date.max.year:
        return date.max
    if year < date.min.year:
        return date.min
    return date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))


def add_days(day: date, days: int) -> date:
    """A day so many days on, held within the calendar."""
    ordinal = day.toordinal() + days
    return date.fromordinal(min(max(ordinal, 1), date.max.toordinal()))


def after(anchor: date, duration: Duration, times: int = 1, holidays: frozenset[date] = frozenset()) -> date:
    """The anchor plus so many durations, always counted from the anchor and never chained.

    A chain from 31 January would drift to the 28th for good; counted from the anchor, March has its 31st again
    and a month that is too short gives its last day. Negative `times` counts backwards.
    """
    if duration.unit is Unit.MONTH:
        return add_months(anchor, duration.count * times)
    if duration.unit is Unit.DAY:
        return add_days(anchor, duration.count * times)
    step = 1 if times >= 0 else -1
    remaining, day = duration.count * abs(times), anchor
    while remaining and date.min < day < date.max:
        day += timedelta(days=step)
        if is_working_day(day, holidays):
            remaining -= 1
    return day


def before(anchor: date, duration: Duration, holidays: frozenset[date] = frozenset()) -> date:
    """The day a lead begins: so long before the anchor."""
    return after(anchor, duration, -1, holidays)


def is_working_day(day: date, holidays: frozenset[date]) -> bool:
    """Monday to Friday, bank holidays left out."""
    return day.weekday() < 5 and day not in holidays


def in_days(left: int) -> str:
    """How far off a day is: `in 12 days`, `today`, `3 days ago`."""
    if left == 0:
        return "today"
    count = counted(abs(left), "day")
    return f"in {count}" if left > 0 else f"{count} ago"
