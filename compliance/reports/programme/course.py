"""The course of a measure as the numbers of a small picture: a mark for each slot, and a line for the target."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from decimal import Decimal

import msgspec

from compliance.domain.registers.parts.series import plain_number

HEIGHT = 52
"""In pixels. Places across are percentages, so that the picture fits any width."""
_EDGE = 9
_SHAPES = {"met": "audit", "missed": "expiry", "missing": "missing"}
"""A disc, a diamond and an empty square: no mark is told by its colour alone."""


class Figure(msgspec.Struct, frozen=True):
    """One slot of a measure: `word` is `met`, `missed`, `missing` or `awaited`; `value` None where there is none."""

    slot: str
    value: Decimal | None
    word: str

    @property
    def said(self) -> str:
        """`96.5`, `89 misses the target`, `missing`, `not due yet`."""
        if self.value is None:
            return "missing" if self.word == "missing" else "not due yet"
        return f"{plain_number(self.value)}{' misses the target' if self.word == 'missed' else ''}"


class CourseSegment(msgspec.Struct, frozen=True):
    """From one figure to the next: across in percent, down in pixels."""

    x1: float
    x2: float
    y1: float
    y2: float


class CourseMark(msgspec.Struct, frozen=True):
    """A mark around its place: across in percent, down in pixels."""

    word: str
    shape: str
    title: str
    x: float
    y: float


class Course(msgspec.Struct, frozen=True, kw_only=True):
    """The figures of a measure as a small picture; `goal` is how far down the target lies, None where there is none."""

    label: str
    height: int
    goal: float | None
    lines: tuple[CourseSegment, ...]
    points: tuple[CourseMark, ...]


def course(target: Decimal | None, figures: Sequence[Figure], label: str) -> Course:
    """The figures on a scale from the least to the greatest of them and the target; a hole where one is missing."""
    values = [figure.value for figure in figures if figure.value is not None]
    reached = [*values, *([target] if target is not None else [])]
    low, high = min(reached, default=Decimal(0)), max(reached, default=Decimal(0))

    def down(value: Decimal) -> float:
        share = 0.5 if low == high else float((value - low) / (high - low))
        return round(_EDGE + (1 - share) * (HEIGHT - 2 * _EDGE), 1)

    places = [100 * (number + 0.5) / max(len(figures), 1) for number in range(len(figures))]
    lines = tuple(
        CourseSegment(places[number], places[number + 1], down(figure.value), down(following.value))
        for number, (figure, following) in enumerate(itertools.pairwise(figures))
        if figure.value is not None and following.value is not None
    )
    points = tuple(
        CourseMark(
            figure.word,
            _SHAPES[figure.word],
            f"{figure.slot}: {figure.said}",
            x,
            HEIGHT - _EDGE if figure.value is None else down(figure.value),
        )
        for figure, x in zip(figures, places, strict=True)
        if figure.word in _SHAPES
    )
    goal = None if target is None else down(target)
    return Course(label=label, height=HEIGHT, goal=goal, lines=lines, points=points)
