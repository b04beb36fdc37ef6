"""A shape for each verdict, flag and kind of thing due, so that none is told by its colour alone."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from compliance.domain.due.registers import DUE_KINDS
from compliance.domain.registers.parts.registry import REASON_KINDS
from compliance.domain.terms.shapes import Shape
from compliance.problems import must_be_known, printable

_LONGEST = 160
_DISC = "M6 0a6 6 0 1 0 0 12A6 6 0 0 0 6 0z"
_SQUARE = "M0 0h12v12H0z"
_DIAMOND = "M6 0 12 6 6 12 0 6z"
_TRIANGLE = "M6 .3 12 11.5H0z"
_HOURGLASS = "M1.5 0h9v1.6L7.2 6l3.3 4.4V12h-9v-1.6L4.8 6 1.5 1.6z"
_DASH = "M0 4.8h12v2.4H0z"
_WARNING = _TRIANGLE + "M5.2 4.2v3.3h1.6V4.2zM5.2 8.5v1.5h1.6V8.5z"
_FLAG = "M1 0h1.7v12H1zM3.4.6H12L9.6 3.4 12 6.2H3.4z"
_OUTLINES: Mapping[Shape, str] = {
    Shape.ARROW_DOWN: "M5 0h2v7h3.5L6 12 1.5 7H5z",
    Shape.BUILDING: _SQUARE + "M2 2v3h3V2zM7 2v3h3V2zM2 7v3h3V7zM7 7v3h3V7z",
    Shape.CLOCK: _DISC + "M5.2 2.4v4.3l3 1.8.8-1.2-2.2-1.3V2.4z",
    Shape.COLUMNS: "M0 7.5h3V12H0zM4.5 3.5h3V12h-3zM9 0h3v12H9z",
    Shape.DASH: _DASH,
    Shape.DIAMOND: _DIAMOND,
    Shape.DISC: _DISC,
    Shape.FLAG: _FLAG,
    Shape.HOURGLASS: _HOURGLASS,
    Shape.LINE: "M0 10.5 4 6l2.5 2L11 2l1 1-5 7-2.6-2L1 12z",
    Shape.PLUS: "M4.4 0h3.2v4.4H12v3.2H7.6V12H4.4V7.6H0V4.4h4.4z",
    Shape.SPEECH: "M0 1h12v7.5H5.5L2.5 11.5v-3H0z",
    Shape.SQUARE: "M1.2 1.2h9.6v9.6H1.2z",
    Shape.TICK: "M4.4 9.9.9 6.4l1.4-1.4 2.1 2.1 5.3-5.3 1.4 1.4z",
    Shape.TRIANGLE: _TRIANGLE,
    Shape.WARNING: _WARNING,
}
SHAPES: Mapping[str, str] = MappingProxyType(
    {
        "evidenced": _DISC + "M5.2 9 2.4 6.2l1-1 1.8 1.8 3.5-3.7 1 1z",
        "lapsing": _DISC + "M6 1.5v9a4.5 4.5 0 0 1 0-9z",
        "due": _DISC + "M6 1.6a4.4 4.4 0 1 1 0 8.8a4.4 4.4 0 0 1 0-8.8z",
        "gap": _DIAMOND,
        "unapproved": _TRIANGLE + "M6 3.7 2.7 9.9h6.6z",
        "changed": _WARNING,
        "stale": _HOURGLASS,
        "undated": _SQUARE + "M5.1 2v4.9h1.8V2zM5.1 8.2V10h1.8V8.2z",
        "inconclusive": _DIAMOND + "M5.2 3v3.8h1.6V3zM5.2 7.6v1.6h1.6V7.6z",
        "missed": _SQUARE + "M2.2 5v2h7.6V5z",
        "failed": "M1.9.4 6 4.5 10.1.4l1.5 1.5L7.5 6l4.1 4.1-1.5 1.5L6 7.5l-4.1 4.1-1.5-1.5L4.5 6 .4 1.9z",
        "rejected": _DISC + "M2.6 5v2h6.8V5z",
        "missing": _SQUARE + "M1.7 1.7v8.6h8.6V1.7z",
        **{kind.value: _OUTLINES[kind.shape] for kind in REASON_KINDS},
        "excluded": _DASH,
        "not-asked": _DASH,
        "inherited": "M0 6l5-5v3.6h7v2.8H5V11z",
        **{kind.value: _OUTLINES[kind.shape] for kind in DUE_KINDS},
    }
)
"""Outlines in a square of 12 by 12; a hole in one is drawn by the even-odd rule."""


def outline(word: str) -> str:
    """The path that is drawn for a word. Raises Refused for one that has no shape."""
    must_be_known("shape", word, SHAPES)
    return SHAPES[word]


def clipped(text: str) -> str:
    """Text from the workspace as a picture's words: visible in all its characters, and of a bearable length."""
    visible = printable(text)
    return visible if len(visible) <= _LONGEST else f"{visible[: _LONGEST - 1]}…"
