"""What an action is refused with, for tests that compare it to the letter."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from compliance.problems import Problem, Refused


def refusal_of(action: Callable[..., Any], *arguments: Any, **options: Any) -> tuple[Problem, ...]:
    """The problems with which a call is refused, each with a hint. Fails where it is let through."""
    try:
        action(*arguments, **options)
    except Refused as refused:
        assert all(problem.hint for problem in refused.problems), refused
        return refused.problems
    raise AssertionError("was not refused")
