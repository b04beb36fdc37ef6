"""Series of figures that a record has in a file of its own beside it."""

from __future__ import annotations

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
