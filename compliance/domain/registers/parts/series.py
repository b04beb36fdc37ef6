"""Series of figures that a record has in a file of its own beside it."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

import msgspec

from compliance.domain.terms.periods import Period


class Point(msgspec.Struct, frozen=True):
    """The figure of one slot; `line` is where its series has it."""

    slot: Period
    value: Decimal
    note: str = ""
    line: int = 0


Points = tuple[Point, ...]
"""A series, oldest first."""

_BLOCKS = "▁▂▃▄▅▆▇█"
_NO_FIGURE = "·"


def sparkline(values: Sequence[Decimal | None], width: int) -> str:
    """The newest figures as blocks, scaled from the lowest to the highest that is shown; a dot where there is none."""
    latest = list(values)[-width:]
    figures = [value for value in latest if value is not None]
    if not figures:
        return ""
    low, high = min(figures), max(figures)
    top = len(_BLOCKS) - 1

    def block(value: Decimal | None) -> str:
        if value is None:
            return _NO_FIGURE
        return _BLOCKS[top // 2 if low == high else int((value - low) * top / (high - low))]

    return "".join(block(value) for value in latest)


def plain_number(value: Decimal) -> str:
    """A figure as it was written: never with an exponent."""
    return f"{value:f}"
