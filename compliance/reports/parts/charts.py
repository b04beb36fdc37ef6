"""The numbers of pictures, and groupings: what a template may ask for besides words. `charts.html.j2` draws them.

Every picture has its words: a name for the whole of it, and beside it in the report the table it is drawn from.
Lengths across are percentages and lengths down are pixels, so that text keeps its size at every width.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any

import msgspec
from markupsafe import Markup

from compliance.domain.assessment.assessment import Summary
from compliance.reports.parts.shapes import clipped, outline
from compliance.reports.renewals.timeline import by_month, timeline, written

LEAST = 1.5
"""The least share of a bar, in percent, that anything gets: a gap is never drawn away."""


class Segment(msgspec.Struct, frozen=True):
    """A part of a bar: where it begins and how wide it is, in percent."""

    word: str
    x: float
    width: float
    title: str


class Bar(msgspec.Struct, frozen=True):
    """A bar with its parts from left to right, and all of it in words."""

    label: str
    segments: tuple[Segment, ...]


def bar(summary: Summary) -> Bar:
    """The judged controls as one bar: evidenced, lapsing, due and gaps. What is excluded is no part of it."""
    counts = {
        "evidenced": summary.evidenced,
        "lapsing": summary.lapsing,
        "due": summary.due,
        "gap": summary.gap_count,
    }
    segments, x = [], 0.0
    for (word, count), width in zip(counts.items(), shares(list(counts.values())), strict=True):
        if count:
            segments.append(Segment(word, x, width, _counted(word, count)))
        x += width
    label = ", ".join(_counted(word, count) for word, count in counts.items())
    return Bar(label if summary.judged else "nothing is judged", tuple(segments))


def shares(counts: list[int]) -> list[float]:
    """Percentages that add up to a hundred, none that counts too small to see; nothing of nothing is nought."""
    total = sum(counts)
    widths = [max(LEAST, 100 * count / total) if count else 0.0 for count in counts]
    if total:
        widths[widths.index(max(widths))] -= sum(widths) - 100
    return widths


def quoted(text: str) -> Markup:
    """Text as a CSS string that holds nothing but escapes, so that no character of it can end the string."""
    escapes = "".join(f"\\{ord(character):06x}" for character in clipped(text))
    return Markup(f'"{escapes}"')  # noqa: S704 - hexadecimal digits and backslashes only


def _counted(word: str, count: int) -> str:
    return f"{count} {'gaps' if word == 'gap' and count != 1 else word}"


PICTURES: Mapping[str, Callable[..., Any]] = MappingProxyType(
    {"outline": outline, "bar": bar, "by_month": by_month, "timeline": timeline, "quoted": quoted, "written": written}
)
"""What templates are given. Never a module: through what it imports, a template would reach all of Python."""
