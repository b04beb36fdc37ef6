"""The shapes that stand for words in pictures, so that none is told by its colour alone."""

from __future__ import annotations

import enum


class Shape(enum.Enum):
    """A shape by what it looks like; reports know its outline."""

    ARROW_DOWN = "arrow down"
    BUILDING = "building"
    CLOCK = "clock"
    COLUMNS = "columns"
    DASH = "dash"
    DIAMOND = "diamond"
    DISC = "disc"
    FLAG = "flag"
    HOURGLASS = "hourglass"
    LINE = "line"
    PLUS = "plus"
    SPEECH = "speech"
    SQUARE = "square"
    TICK = "tick"
    TRIANGLE = "triangle"
    WARNING = "warning"
