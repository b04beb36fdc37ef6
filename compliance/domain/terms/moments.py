"""A time of a day: of what may happen twice on one."""

from __future__ import annotations

from datetime import date, timedelta

import msgspec

_LAST = 24 * 60 * 60 - 1
"""The last second of a day."""


class Moment(msgspec.Struct, frozen=True, order=True, array_like=True):
    """A second of a day in UTC, counted from midnight; -1 where the day alone is known, which comes before them all."""

    day: date
    second: int = -1

    @property
    def next_second(self) -> Moment:
        """A second later."""
        return Moment(self.day, self.second + 1) if self.second < _LAST else Moment(self.day + timedelta(days=1), 0)

    def __str__(self) -> str:
        if self.second < 0:
            return str(self.day)
        minutes, seconds = divmod(self.second, 60)
        return f"{self.day}T{minutes // 60:02}:{minutes % 60:02}:{seconds:02}Z"
