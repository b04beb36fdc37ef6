"""Days that were promised, and how far they have moved: a due date that slips keeps its history in its record."""

from __future__ import annotations

import datetime as dt
import itertools

import msgspec


class Promise(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A day by which something will be done, when that was said, by whom, and why it is not the day said before."""

    due: dt.date
    on: dt.date | None = None
    by: str = ""
    reason: str = ""


Promises = tuple[Promise, ...]
"""In the order in which they were made: the first is what was promised first, the last is what holds."""


def due_of(promised: Promises) -> dt.date | None:
    """The day that is promised now; None where none ever was."""
    return promised[-1].due if promised else None


def days_slipped(promised: Promises) -> int:
    """How many days later the promise now lies than the first one; less than nothing if it was brought forward."""
    return (promised[-1].due - promised[0].due).days if promised else 0


def times_moved(promised: Promises) -> int:
    """How often the day has been changed."""
    return sum(promise.due != before.due for before, promise in itertools.pairwise(promised))


def slippage(promised: Promises) -> str:
    """How far a promise has moved, in words; empty if it never did."""
    moved = times_moved(promised)
    if not moved:
        return ""
    slipped = days_slipped(promised)
    how = f"{slipped} days later" if slipped > 0 else f"{-slipped} days sooner" if slipped else "to the same day again"
    often = {1: "once", 2: "twice"}.get(moved, f"{moved} times")
    return f"first promised for {promised[0].due}, moved {often}, {how}{' in all' if moved > 1 and slipped else ''}"
