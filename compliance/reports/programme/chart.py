"""The course of a measure as a small picture: a mark for each slot, and a line for the target."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from decimal import Decimal

import msgspec
from markupsafe import Markup

from compliance.domain.registers.measures import Measure
from compliance.reports.parts.shapes import element, outline
from compliance.store.records.series_text import plain_number

HEIGHT = 52
"""In pixels. Places across are percentages, so that the picture fits any width."""
_EDGE = 9
_SIZE = 10
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


def chart(measure: Measure, figures: Sequence[Figure], name: str) -> Markup:
    """The figures on a scale from the least to the greatest of them and the target; a hole where one is missing."""
    known = [one.value for one in figures if one.value is not None]
    reached = [*known, *([measure.target] if measure.target is not None else [])]
    low, high = min(reached, default=Decimal(0)), max(reached, default=Decimal(0))

    def down(value: Decimal) -> float:
        share = 0.5 if low == high else float((value - low) / (high - low))
        return round(_EDGE + (1 - share) * (HEIGHT - 2 * _EDGE), 1)

    places = [100 * (number + 0.5) / max(len(figures), 1) for number in range(len(figures))]
    parts = []
    if measure.target is not None:
        at = down(measure.target)
        parts.append(element("line", class_="goal", x1="0", x2="100%", y1=at, y2=at))
    for number, (one, after) in enumerate(itertools.pairwise(figures)):
        if one.value is not None and after.value is not None:
            ends = {"x1": f"{places[number]:.2f}%", "x2": f"{places[number + 1]:.2f}%"}
            parts.append(element("line", class_="path", y1=down(one.value), y2=down(after.value), **ends))
    for one, x in zip(figures, places, strict=True):
        if one.word in _SHAPES:
            y = HEIGHT - _EDGE if one.value is None else down(one.value)
            parts.append(_mark(one, x, y))
    return element("svg", *parts, class_="course", role="img", aria_label=name, height=HEIGHT)


def _mark(one: Figure, x: float, y: float) -> Markup:
    """A shape of a fixed size around its place."""
    title = element("title", f"{one.slot}: {one.said}")
    placed = f"translate({-_SIZE / 2} {y - _SIZE / 2:.1f}) scale({_SIZE / 12:.3f})"
    path = outline(_SHAPES[one.word], title, class_=one.word, transform=placed)
    return element("svg", path, x=f"{x:.2f}%", overflow="visible")
