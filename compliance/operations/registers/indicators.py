"""Which indicators of an outcome are true, as a person types it: `achieved=1,3-5`, `not-achieved=none`, `A.2=yes`."""

from __future__ import annotations

import re
from collections.abc import Sequence

import msgspec

from compliance.domain.registers.statements.statement import IndicatorAnswers, Statement
from compliance.domain.standards.catalogue import INDICATOR_LETTERS, Catalogue, Control, IndicatorCounts, walk
from compliance.domain.terms.vocabulary import Level
from compliance.problems import choice_hint, refuse

_ONE = re.compile(r"(?:(?P<control>.+)\.)?(?P<letters>NA|PA|A)\.(?P<number>\d{1,3})", re.IGNORECASE)
_TRUTH = {"yes": True, "true": True, "no": False, "false": False}
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
            hint = "write it like achieved=1,3-5, achieved=all, achieved=none or A.2=yes"
            raise refuse(f"“{text}” says no indicators", hint=hint)
        single = _ONE.fullmatch(name.strip())
        if single:
            answers = _with_one(answers, single, numbers, control)
            continue
        levels = [level.value for level in Level]
        if name not in levels:
            raise refuse(f"“{name}” is not a level", hint=choice_hint(name, levels))
        field = name.replace("-", "_")
        indicators = _numbers(numbers, name, control.indicators)
        answers = msgspec.structs.replace(answers, **{field: indicators})
    return msgspec.structs.replace(before, indicators=answers)


def _with_one(answers: IndicatorAnswers, named: re.Match[str], truth: str, control: Control) -> IndicatorAnswers:
    """The answers with that to a single indicator, which is named by its id."""
    if named["control"] and named["control"] != control.id:
        hint = f"name one of {control.id}, or judge that outcome by itself"
        raise refuse(f"“{named[0]}” is no indicator of {control.id}", hint=hint)
    if truth.strip().casefold() not in _TRUTH:
        raise refuse(f"“{truth}” is no answer to an indicator", hint="write yes or no")
    level = next(level for level, letters in INDICATOR_LETTERS.items() if letters == named["letters"].upper())
    field, number = level.value.replace("-", "_"), int(named["number"])
    true = set(getattr(answers, field)) - {number}
    if _TRUTH[truth.strip().casefold()]:
        true |= {number}
    return msgspec.structs.replace(answers, **{field: tuple(sorted(true))})


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
