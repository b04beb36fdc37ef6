"""How far an outcome is achieved: by which of its indicators are true, or as a person judges it."""

from __future__ import annotations

from collections.abc import Iterator

import msgspec

from compliance.domain.registers.statements.statement import IndicatorAnswers, Statement
from compliance.domain.standards.catalogue import Control, IndicatorCounts
from compliance.domain.terms.vocabulary import Level


class Achievement(msgspec.Struct, frozen=True):
    """The level of an outcome, None where nobody has judged it, and how it came about in a few words."""

    level: Level | None
    said: str


def level_of(statement: Statement, control: Control) -> Achievement:
    """How far an outcome is achieved.

    A level that a person sets rules over what the indicators give, but only with its justification; without indicators
    there is nothing to overrule.
    """
    computed = given_by_indicators(statement, control)
    by_hand = statement.level
    if by_hand is None:
        return Achievement(computed, f"{computed.value} by its indicators" if computed else "not assessed yet")
    if computed is None:
        why = f": {statement.justification}" if statement.justification else ""
        return Achievement(by_hand, f"{by_hand.value}{why}")
    if by_hand is computed:
        return Achievement(computed, f"{computed.value} by its indicators")
    if not statement.justification:
        unjustified = f"({by_hand.value} is set without a justification)"
        return Achievement(computed, f"{computed.value} by its indicators {unjustified}")
    return Achievement(by_hand, f"{by_hand.value} (by its indicators {computed.value}): {statement.justification}")


def given_by_indicators(statement: Statement, control: Control) -> Level | None:
    """What the indicators that are true give; None where none was answered, or the outcome lists none."""
    if statement.indicators is None or control.indicators is None:
        return None
    return level_by(statement.indicators, control.indicators)


def level_by(true: IndicatorAnswers, counts: IndicatorCounts) -> Level:
    """The level by the rule of the CAF (WebCAF).

    One true indicator of “not achieved” is enough for that. Otherwise all of a level must be true: those of “achieved”,
    or those of “partially achieved” if there are any.
    """
    if true.not_achieved:
        return Level.NOT_ACHIEVED
    if _all(true.achieved, counts.achieved):
        return Level.ACHIEVED
    if _all(true.partially_achieved, counts.partially_achieved):
        return Level.PARTIALLY_ACHIEVED
    return Level.NOT_ACHIEVED


def beyond_count(true: IndicatorAnswers, counts: IndicatorCounts) -> Iterator[tuple[Level, int, int]]:
    """Numbers that no indicator has: their level, their place in the answers, and how many there are."""
    for level in Level:
        field = level.value.replace("-", "_")
        count = getattr(counts, field)
        for place, number in enumerate(getattr(true, field)):
            if not 1 <= number <= count:
                yield level, place, count


def _all(true: tuple[int, ...], count: int) -> bool:
    return count > 0 and set(range(1, count + 1)) <= set(true)
