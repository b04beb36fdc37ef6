"""A time of a day: of what may happen twice on one."""

from __future__ import annotations

from datetime import date

import msgspec


class Moment(msgspec.Struct, frozen=True, order=True, array_like=True):
    """A second of a day in UTC, counted from midnight; -1 where the day alone is known, which comes before them all."""

    day: date
    second: int = -1

    def __str__(self) -> str:
        if self.second < 0:
            return str(self.day)
        minutes, seconds = divmod(self.second, 60)
        return f"{self.day}T{minutes // 60:02}:{minutes % 60:02}:{seconds:02}Z"
