"""The fewest sets that cover everything: exact where that can be worked out, else a cover with a stated bound.

Minimum set cover is hard in general, but what an officer plans falls apart into small parts that have nothing to do
with each other: each is solved by itself. What stays too large is covered greedily; how far that may be from the best
is told by a lower bound, from things no two of which any one set covers.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import msgspec

EFFORT = 2_000_000
"""How many looks at a set one part is worth, before the best cover so far is taken: about a second."""


class Cover(msgspec.Struct, frozen=True):
    """The places of the sets chosen, and how few any cover could have: equal to their number where it is proved."""

    chosen: tuple[int, ...]
    at_least: int

    @property
    def is_fewest(self) -> bool:
        return len(self.chosen) == self.at_least


def cover(size: int, sets: Sequence[Iterable[int]]) -> Cover:
    """Covers the numbers below `size`, each of which is in some set, by as few sets as can be found.

    Of sets that do equally well the first is taken. Raises ValueError if a number is in no set.
    """
    masks = [sum(1 << number for number in set(numbers)) for numbers in sets]
    everything = (1 << size) - 1
    united = 0
    for mask in masks:
        united |= mask
    if united & everything != everything:
        raise ValueError("there is something that no set covers")
    chosen: list[int] = []
    at_least = 0
    for part in _parts(size, masks):
        places, bound = _covered(part, _useful(part, masks))
        chosen += places
        at_least += bound
    return Cover(tuple(sorted(chosen)), at_least)


def _parts(size: int, masks: Sequence[int]) -> list[int]:
    """The numbers parted into those that are tied together by sets."""
    parts: list[int] = [1 << number for number in range(size)]
    for mask in masks:
        joined = 0
        apart = []
        for part in parts:
            if part & mask:
                joined |= part
            else:
                apart.append(part)
        parts = [*apart, joined] if joined else apart
    return parts


def _useful(part: int, masks: Sequence[int]) -> list[tuple[int, int]]:
    """The sets of a part, with their places, less those that lie within another; of equal ones the first stays."""
    first: dict[int, int] = {}
    for place, mask in enumerate(masks):
        if mask & part:
            first.setdefault(mask & part, place)
    by_size = sorted(first.items(), key=lambda item: (-item[0].bit_count(), item[1]))
    kept: list[tuple[int, int]] = []
    for mask, place in by_size:
        if not any(mask & larger == mask for larger, _ in kept):
            kept.append((mask, place))
    return kept


def _covered(part: int, sets: Sequence[tuple[int, int]]) -> tuple[list[int], int]:
    best = _greedy(part, sets)
    bound = _packing(part, sets)
    if len(best) > bound:
        search = _Search(sets, best)
        search.look(part, [])
        best = search.best
        if search.effort > 0:
            bound = len(best)  # every choice was looked at: none has fewer
    return best, bound


def _greedy(part: int, sets: Sequence[tuple[int, int]]) -> list[int]:
    chosen = []
    while part:
        mask, place = max(sets, key=lambda entry: ((entry[0] & part).bit_count(), -entry[1]))
        chosen.append(place)
        part &= ~mask
    return chosen


def _packing(part: int, sets: Sequence[tuple[int, int]]) -> int:
    """How many numbers were found of which no set holds two: each needs a set of its own."""
    around: dict[int, int] = {}
    for number in _numbers(part):
        around[number] = 0
        for mask, _ in sets:
            if mask >> number & 1:
                around[number] |= mask
    count, uncovered = 0, part
    for number in sorted(around, key=lambda candidate: (around[candidate].bit_count(), candidate)):
        if uncovered >> number & 1:
            count += 1
            uncovered &= ~around[number]
    return count


def _numbers(part: int) -> Iterable[int]:
    while part:
        lowest = part & -part
        yield lowest.bit_length() - 1
        part ^= lowest


class _Search:
    """Looks at every choice that could still be better, the number with the fewest sets first."""

    def __init__(self, sets: Sequence[tuple[int, int]], best: list[int]) -> None:
        self._sets = sets
        self.best = best
        self.effort = EFFORT

    def look(self, uncovered: int, chosen: list[int]) -> None:
        if not uncovered:
            self.best = list(chosen)
            return
        if self.effort <= 0 or len(chosen) + max(1, _packing(uncovered, self._sets)) >= len(self.best):
            return
        self.effort -= uncovered.bit_count() * len(self._sets)
        options = self._options(uncovered)
        for mask, place in options:
            chosen.append(place)
            self.look(uncovered & ~mask, chosen)
            chosen.pop()

    def _options(self, uncovered: int) -> list[tuple[int, int]]:
        fewest: list[tuple[int, int]] = []
        for number in _numbers(uncovered):
            with_it = [entry for entry in self._sets if entry[0] >> number & 1]
            if not fewest or len(with_it) < len(fewest):
                fewest = with_it
        return sorted(fewest, key=lambda entry: (-(entry[0] & uncovered).bit_count(), entry[1]))
