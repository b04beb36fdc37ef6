"""A progress bar on stderr for work that takes long, on a terminal only."""

from __future__ import annotations

import contextlib
import sys
import time
from collections.abc import Callable, Iterator
from typing import Any

import click

PATIENCE = 0.5
"""Seconds before a bar appears: most work is done by then."""


@contextlib.contextmanager
def reading_bar() -> Iterator[Callable[[int, int], None]]:
    """Gives a function to be told how many of how many files have been read; shows a bar once that takes long."""
    began = time.monotonic()
    with contextlib.ExitStack() as stack:
        bars: list[Any] = []
        shown = 0

        def watch(done: int, total: int) -> None:
            nonlocal shown
            if not bars and sys.stderr.isatty() and time.monotonic() - began > PATIENCE:
                bars.append(stack.enter_context(click.progressbar(length=total, label="Reading", file=sys.stderr)))
            if bars:
                bars[0].update(done - shown)
                shown = done

        yield watch
