"""How one list becomes another: which items stay, and which of those that go are neighbours."""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Sequence
from typing import Any

NAME = "control"
"""The field that tells rows of a list apart, where each has it."""


def runs_of(places: Sequence[int]) -> Iterator[tuple[int, int]]:
    """The first and the last of each run of places that follow one another; the places rise."""
    for _, run in itertools.groupby(enumerate(places), key=lambda pair: pair[1] - pair[0]):
        members = [place for _, place in run]
        yield members[0], members[-1]


def kept_items(before: list[Any], now: list[Any]) -> dict[int, int]:
    """Which items stay, by their places before and now: rows by their names, others by how the lists begin and end."""
    if _are_rows(before) and _are_rows(now):
        places = {row[NAME]: at for at, row in enumerate(now)}
        kept = {at: places[row[NAME]] for at, row in enumerate(before) if row[NAME] in places}
        if list(kept.values()) == sorted(kept.values()):
            return kept
    shorter = min(len(before), len(now))
    first = next((at for at in range(shorter) if before[at] != now[at]), shorter)
    last = next((at for at in range(shorter - first) if before[-1 - at] != now[-1 - at]), shorter - first)
    both = range(first, max(first, shorter - last))
    ends = ((len(before) - at, len(now) - at) for at in range(last, 0, -1))
    return {**{at: at for at in range(first)}, **{at: at for at in both}, **dict(ends)}


def _are_rows(values: list[Any]) -> bool:
    names = [item.get(NAME) if isinstance(item, dict) else None for item in values]
    return bool(names) and all(isinstance(name, str) for name in names) and len(set(names)) == len(names)
