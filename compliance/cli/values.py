"""The kinds of values that arguments and options take, each with what it says of a value that it does not take."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable
from decimal import Decimal
from typing import Any

import click

from compliance.cli.misuse import WrongValue
from compliance.domain.terms.durations import Duration, parse_duration
from compliance.problems import choice_hint, with_article


class Day(click.ParamType[dt.date]):
    """A day, written YYYY-MM-DD."""

    name = "date"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> dt.date:
        from compliance.store.text.decoding import parse_day

        return value if isinstance(value, dt.date) else converted(parse_day, value, param, ctx)


class Time(click.ParamType[Duration]):
    """A length of time, such as 90d, 12m or `3 months`."""

    name = "duration"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Duration:
        return value if isinstance(value, Duration) else converted(parse_duration, value, param, ctx)


class Span(click.ParamType[Any]):
    """A period, written START/END."""

    name = "period"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        from compliance.store.text.decoding import parse_period

        return converted(parse_period, value, param, ctx) if isinstance(value, str) else value


class Word(click.ParamType[Any]):
    """One of a closed list, with did-you-mean: a member of an enumeration by its value, or one of the names given."""

    def __init__(self, noun: str, words: Iterable[Any]) -> None:
        self.name = noun
        self._words = {getattr(word, "value", word): word for word in words}

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        if not isinstance(value, str):
            return value
        if value not in self._words:
            raise WrongValue(
                f"“{value}” is not {with_article(self.name)}; {choice_hint(value, self._words)}", ctx, param
            )
        return self._words[value]


def converted(parse: Callable[[str], Any], value: str, param: click.Parameter | None, ctx: click.Context | None) -> Any:
    """What a parser makes of a word. Raises WrongValue with the parser's sentence for what it does not take."""
    try:
        return parse(value)
    except ValueError as error:
        raise WrongValue(str(error), ctx, param) from None


class Number(click.ParamType[Decimal]):
    """A number, exact."""

    name = "number"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Decimal:
        from compliance.store.text.decoding import parse_decimal

        return value if isinstance(value, Decimal) else converted(parse_decimal, value, param, ctx)


class Score(click.ParamType[Decimal]):
    """A CVSS base score."""

    name = "score"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Decimal:
        from compliance.operations.registers.scan_import import score_of

        return value if isinstance(value, Decimal) else converted(score_of, value, param, ctx)


class WrittenText(click.ParamType[str]):
    """A text that has something in it."""

    name = "text"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> str:
        if not str(value).strip():
            raise WrongValue("there is nothing in it; say in a few words what it is", ctx, param)
        return str(value)


class Line(WrittenText):
    """The same on one line: whatever white space it has becomes single spaces."""

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> str:
        return " ".join(super().convert(value, param, ctx).split())


DAY, TIME, SPAN, NUMBER, SCORE, TEXT, LINE = Day(), Time(), Span(), Number(), Score(), WrittenText(), Line()
