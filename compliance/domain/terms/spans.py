"""Sets of days, as spans that neither touch nor overlap: united, cut, taken from each other, and looked up."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date, timedelta

import msgspec

from compliance.domain.terms.periods import Period

_A_DAY = timedelta(days=1)


class Spans(msgspec.Struct, frozen=True):
    """A set of days. `periods` are its spans, oldest first: between two of them lies at least one day.

    Make one by `spans`, which puts any periods into this shape.
    """

    periods: tuple[Period, ...] = ()

    def __contains__(self, day: date) -> bool:
        return self.around(day) is not None

    def __bool__(self) -> bool:
        return bool(self.periods)

    def __iter__(self) -> Iterator[Period]:
        return iter(self.periods)

    def __or__(self, other: Spans) -> Spans:
        """The days of either."""
        return spans((*self.periods, *other.periods)) if self.periods and other.periods else self or other

    def __and__(self, other: Spans) -> Spans:
        """The days of both."""
        return spans(
            Period(max(mine.start, theirs.start), min(mine.end, theirs.end))
            for mine in self.periods
            for theirs in other.periods
        )

    def __sub__(self, other: Spans) -> Spans:
        """The days of this one that the other lacks."""
        remaining = self
        for period in other.periods:
            remaining = remaining & _without(period)
        return remaining

    def around(self, day: date) -> Period | None:
        """The span that holds a day, if one does."""
        return next((period for period in self.periods if day in period), None)


EMPTY = Spans()
ALL_DAYS = Spans((Period(date.min, date.max),))


def spans(periods: Iterable[Period]) -> Spans:
    """The days of all the periods; one that ends before it begins has none."""
    joined: list[Period] = []
    for period in sorted(period for period in periods if period.start <= period.end):
        if joined and (joined[-1].end == date.max or period.start <= joined[-1].end + _A_DAY):
            joined[-1] = Period(joined[-1].start, max(joined[-1].end, period.end))
        else:
            joined.append(period)
    return Spans(tuple(joined))


def span(start: date, end: date) -> Spans:
    """The days from one to another, both included; none if the second comes first."""
    return spans((Period(start, end),))


def from_day(start: date) -> Spans:
    """A day and all that follow."""
    return Spans((Period(start, date.max),))


def through(end: date) -> Spans:
    """All days up to one, that one included."""
    return Spans((Period(date.min, end),))


def before_day(day: date) -> Spans:
    """All days before one."""
    return through(day - _A_DAY) if day > date.min else EMPTY


def after_day(day: date) -> Spans:
    """All days after one."""
    return from_day(day + _A_DAY) if day < date.max else EMPTY


def _without(period: Period) -> Spans:
    return Spans((*before_day(period.start).periods, *after_day(period.end).periods))
