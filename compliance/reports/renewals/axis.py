"""The line along which a timeline is drawn: where each day lies, and the months that divide it."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

import msgspec

from compliance.domain.terms.durations import add_days, add_months

MONTHS = (
    "January", "February", "March", "April", "May", "June",
    "July", "August", "September", "October", "November", "December",
)  # fmt: skip
"""In English whatever the machine's locale says."""
LEAD = 9.0
"""The part of the line, in percent, that is kept for what is overdue."""
_STEPS = (1, 3, 6, 12, 24, 60, 120)
_MOST = 16


class Axis(msgspec.Struct, frozen=True):
    """From the day judged to the last day shown. Places are percentages of the whole width."""

    first: date
    last: date
    lead: float
    step: int
    """How many months lie between two lines."""
    bins: tuple[tuple[date, date], ...]
    """The stretches between the lines, each with its first and last day."""

    @classmethod
    def over(cls, days: Iterable[date], on: date) -> Axis:
        """A line that reaches from a day to the end of the month of the last of the others."""
        shown_days = [*days]
        last = _month_end(max([on, *shown_days]))
        months = (last.year - on.year) * 12 + last.month - on.month + 1
        step = next((step for step in _STEPS if months <= step * _MOST), _STEPS[-1])
        bins, start = [], on
        while start <= last:
            end = min(_month_end(add_months(start.replace(day=1), step - 1)), last)
            bins.append((start, end))
            if end == date.max:
                break
            start = add_days(end, 1)
        return cls(on, last, LEAD if any(day < on for day in shown_days) else 0.0, step, tuple(bins))

    def x(self, day: date) -> float:
        """The middle of a day."""
        return self._at((day - self.first).days + 0.5)

    def edges(self, start: date, end: date) -> tuple[float, float]:
        """Where a stretch of days begins and ends."""
        return self._at((start - self.first).days), self._at((end - self.first).days + 1)

    def _at(self, days: float) -> float:
        return self.lead + (100 - self.lead) * days / ((self.last - self.first).days + 1)


def _month_end(day: date) -> date:
    following = add_months(day.replace(day=1), 1)
    return date.max if following == date.max else add_days(following, -1)
