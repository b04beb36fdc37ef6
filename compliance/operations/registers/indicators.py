"""Which indicators of an outcome are true, as a person types it: `achieved=1,3-5`, `not-achieved=none`."""

from __future__ import annotations

import re
from collections.abc import Sequence

import msgspec

from compliance.domain.registers.statements.statement import IndicatorAnswers, Statement
from compliance.domain.standards.catalogue import Catalogue, IndicatorCounts, walk
from compliance.domain.terms.vocabulary import Level
from compliance.problems import choice_hint, refuse

_SPAN = re.compile(r"(\d{1,3})(?:-(\d{1,3}))?")


def with_answers(before: Statement, catalogue: Catalogue, texts: Sequence[str]) -> Statement:
    """The statement with the answers that are typed; those of other levels stay.

    Raises Refused for what is no level, no number or a number that no indicator has, and where there are no indicators.
    """
    if not texts:
        return before
    control = next(node.control for node in walk(catalogue) if node.control.id == before.control)
    if control.indicators is None:
        hint = "judge it with --override LEVEL"
        raise refuse(f"{catalogue.id}:{control.id} lists no indicators", hint=hint)
    answers = before.indicators or IndicatorAnswers()
    for text in texts:
        name, equals, numbers = text.partition("=")
        if not equals:
            raise refuse(
                f"“{text}” says no indicators", hint="write it like achieved=1,3-5, achieved=all or achieved=none"
            )
        levels = [level.value for level in Level]
        if name not in levels:
            raise refuse(f"“{name}” is not a level", hint=choice_hint(name, levels))
        field = name.replace("-", "_")
        indicators = _numbers(numbers, name, control.indicators)
        answers = msgspec.structs.replace(answers, **{field: indicators})
    return msgspec.structs.replace(before, indicators=answers)


def _numbers(text: str, level: str, counts: IndicatorCounts) -> tuple[int, ...]:
    count: int = getattr(counts, level.replace("-", "_"))
    if text.strip() in {"none", ""}:
        return ()
    if text.strip() == "all":
        return tuple(range(1, count + 1))
    chosen: set[int] = set()
    for part in text.split(","):
        span = _SPAN.fullmatch(part.strip())
        if not span:
            raise refuse(f"“{part.strip()}” is no number of an indicator", hint="write numbers: 1,3-5; or all, or none")
        first, last = int(span[1]), int(span[2] or span[1])
        if last < first:
            raise refuse(f"“{part.strip()}” runs backwards", hint=f"write {last}-{first}")
        chosen |= set(range(first, last + 1))
    return tuple(sorted(chosen))
