"""From trees of text to typed values: every problem is reported with its place, not only the first."""

from __future__ import annotations

import calendar
import datetime as dt
import enum
import functools
import re
import types
import typing
from collections.abc import Callable, Iterable
from decimal import Decimal
from typing import Any, TypeVar, cast

import msgspec

from compliance.domain.terms.durations import Duration, parse_duration
from compliance.domain.terms.moments import Moment
from compliance.domain.terms.periods import Period
from compliance.domain.terms.references import Reference, StandardName, parse_reference, parse_standard
from compliance.problems import choice_hint, nearest, sentence_and_hint, with_article
from compliance.store.text.located import Mapping, Node, Place, Scalar, Sequence, Text

Value = TypeVar("Value")
Decoder = Callable[[Node, Text], Any]


class Unreadable:
    """Stands for a value that could not be read; its problem is already reported."""


UNREADABLE = Unreadable()
MANY = 200
"""A file with more problems than this is of another kind, or damaged: the first of them are enough to tell."""
_DAY = re.compile(r"(\d{4})-(\d{2})-(\d{2})")
_TIME = re.compile(r"([01]\d|2[0-3]):([0-5]\d):([0-5]\d)Z", re.ASCII)


def decode(node: Node | None, type_: type[Value], source: Text) -> Value | None:
    """The value, or None if any part of it could not be read; the problems are in the Text."""
    if node is None:
        return None
    value = decoder_of(cast(Any, type_))(node, source)
    return None if value is UNREADABLE or source.problems else cast(Value, value)


def parse_day(text: str) -> dt.date:
    """A day written YYYY-MM-DD. Raises ValueError with a sentence for the user."""
    written = _DAY.fullmatch(text.strip())
    if not written:
        raise ValueError(f"“{text}” is not a date; write it like 2026-09-30")
    try:
        return dt.date(int(written[1]), int(written[2]), int(written[3]))
    except ValueError:
        raise ValueError(
            f"there is no day {text} in the calendar; {_what_there_is(int(written[1]), int(written[2]))}"
        ) from None


def _what_there_is(year: int, month: int) -> str:
    if not dt.MINYEAR <= year <= dt.MAXYEAR:
        return "correct the year"
    if not 1 <= month <= 12:
        return "the month is the number in the middle, from 01 to 12"
    return f"that month ends with {year:04}-{month:02}-{calendar.monthrange(year, month)[1]}"


def parse_moment(text: str) -> Moment:
    """A day, or a time in UTC as 2026-10-02T13:05:00Z. Raises ValueError with a sentence for the user."""
    day, separator, time = text.strip().partition("T")
    if not separator:
        return Moment(parse_day(text))
    written = _TIME.fullmatch(time)
    if not written:
        raise ValueError(f"“{text}” is no time in UTC; write it like 2026-09-30T13:05:00Z")
    hours, minutes, seconds = (int(part) for part in written.groups())
    return Moment(parse_day(day), hours * 3600 + minutes * 60 + seconds)


def parse_period(text: str) -> Period:
    """A period written START/END. Raises ValueError with a sentence for the user."""
    start, slash, end = text.partition("/")
    if not slash:
        raise ValueError(f"“{text}” is not a period; write it like 2026-07-01/2026-09-30")
    period = Period(parse_day(start), parse_day(end))
    if period.end < period.start:
        raise ValueError(f"the period {text} ends before it begins; write the earlier day first")
    return period


def parse_flag(text: str) -> bool:
    """`true` or `false` (or `yes` or `no`). Raises ValueError with a sentence for the user."""
    flag = {"true": True, "yes": True, "false": False, "no": False}.get(text.strip().lower())
    if flag is None:
        raise ValueError(f"“{text}” is neither true nor false; write one of the two")
    return flag


def parse_number(text: str) -> int:
    """A whole number. Raises ValueError with a sentence for the user."""
    if not re.fullmatch(r"-?\d{1,15}", text.strip()):
        raise ValueError(f"“{text}” is not a whole number; write digits only")
    return int(text)


def parse_decimal(text: str) -> Decimal:
    """A number as written, with a point for its fraction. Raises ValueError with a sentence for the user."""
    if not re.fullmatch(r"-?\d{1,15}(\.\d{1,9})?", text.strip()):
        raise ValueError(f"“{text}” is not a number; write digits, and a point before a fraction, like 99.5")
    return Decimal(text.strip())


def _parse_text(text: str) -> str:
    if not text.strip():
        raise ValueError("has no value; give one, or remove the line")
    return text


_SCALARS: dict[Any, Callable[[str], Any]] = {
    str: _parse_text,
    int: parse_number,
    Decimal: parse_decimal,
    bool: parse_flag,
    dt.date: parse_day,
    Duration: parse_duration,
    Moment: parse_moment,
    Period: parse_period,
    Reference: parse_reference,
    StandardName: parse_standard,
}
_special: dict[Any, Decoder] = {}


def special(type_: type[Value]) -> Callable[[Decoder], Decoder]:
    """Registers the decoder of a type whose text does not follow its fields."""

    def register(decoder: Decoder) -> Decoder:
        _special[type_] = decoder
        return decoder

    return register


@functools.cache
def decoder_of(type_: Any) -> Decoder:
    """The decoder of a type, made once."""
    if type_ in _special:
        return _special[type_]
    if type_ in _SCALARS:
        return _scalar(_SCALARS[type_])
    origin, arguments = typing.get_origin(type_), typing.get_args(type_)
    if origin in {types.UnionType, typing.Union}:
        (inner,) = [argument for argument in arguments if argument is not types.NoneType]
        return decoder_of(inner)
    if origin is tuple:
        return _listed(arguments[0])
    if origin is dict:
        return _named(arguments[1])
    if isinstance(type_, type) and issubclass(type_, enum.Enum):
        return _choice(type_)
    if isinstance(type_, type) and issubclass(type_, msgspec.Struct):
        return _fields(type_)
    raise TypeError(f"nothing reads {type_}")


def _scalar(parse: Callable[[str], Any]) -> Decoder:
    def read(node: Node, source: Text) -> Any:
        if not isinstance(node, Scalar):
            source.report(
                node.place,
                f"is {_form(node)}, where one value is wanted",
                "write one value, without brackets around it",
            )
            return UNREADABLE
        try:
            return parse(node.text)
        except ValueError as error:
            source.report(node.place, *sentence_and_hint(error))
            return UNREADABLE

    return read


def _form(node: Node) -> str:
    if isinstance(node, Scalar):
        return "one value"
    return "a list" if isinstance(node, Sequence) else "a group of fields"


_NOUNS = {
    "AnswerForm": "a form of answer",
    "FindingType": "a type of finding",
    "Judged": "a day on which an age counts",
    "Outcome": "a decision",
    "RelationType": "a type of relation",
    "Slot": "a stretch of the calendar",
    "Via": "a way into the ledger",
    "WithdrawnAs": "a way to withdraw evidence",
}
"""What to call the words of a list whose name does not say it."""


def _choice(choices: type[enum.Enum]) -> Decoder:
    by_word = {choice.value: choice for choice in choices}
    noun = re.sub(r"(?<!^)(?=[A-Z])", " ", choices.__name__).lower()
    noun = _NOUNS.get(choices.__name__, with_article(noun))

    def read(node: Node, source: Text) -> Any:
        if not isinstance(node, Scalar):
            source.report(node.place, f"is {_form(node)}, where {noun} is wanted", choice_hint("", by_word))
            return UNREADABLE
        if node.text not in by_word:
            source.report(node.place, f"“{node.text}” is not {noun}", choice_hint(node.text, by_word))
            return UNREADABLE
        return by_word[node.text]

    return read


def _listed(inner: Any) -> Decoder:
    def read(node: Node, source: Text) -> Any:
        items = node.items if isinstance(node, Sequence) else (node,)
        if isinstance(node, Mapping) and inner in _SCALARS:
            source.report(node.place, "is a group of fields, where a list is wanted", "write it like [one, two]")
            return UNREADABLE
        decoder = decoder_of(inner)
        values = [decoder(item, source) for item in items]
        return UNREADABLE if any(value is UNREADABLE for value in values) else tuple(values)

    return read


def _named(inner: Any) -> Decoder:
    def read(node: Node, source: Text) -> Any:
        if not isinstance(node, Mapping):
            source.report(
                node.place, f"is {_form(node)}, where names with values are wanted", "write it like {name: value}"
            )
            return UNREADABLE
        decoder = decoder_of(inner)
        values = {key: decoder(entry.value, source) for key, entry in node.entries.items()}
        return UNREADABLE if any(value is UNREADABLE for value in values.values()) else values

    return read


def _fields(struct: type[msgspec.Struct]) -> Decoder:
    """A mapping whose keys are the struct's fields, with hyphens for underscores."""
    hints = typing.get_type_hints(struct)
    fields = written_fields(struct)
    required = [name for name, field in fields.items() if field.required]

    def read(node: Node, source: Text) -> Any:
        if not isinstance(node, Mapping):
            source.report(
                node.place, f"is {_form(node)}, where fields are wanted", _fields_hint(fields, required, source)
            )
            return UNREADABLE
        complete = report_fields(node, fields, required, source)
        values, readable = {}, True
        for name, entry in node.entries.items():
            field = fields.get(name)
            if field:
                value = decoder_of(hints[field.name])(entry.value, source)
                readable = readable and value is not UNREADABLE
                values[field.name] = value
        return _made(struct, values, node.place, source) if complete and readable else UNREADABLE

    return read


def written_fields(struct: type[msgspec.Struct]) -> dict[str, Any]:
    """The fields of a struct as a file names them, but for those that are worked out and never written."""
    hints = typing.get_type_hints(struct, include_extras=True)

    def written(name: str) -> bool:
        metas = getattr(hints[name], "__metadata__", ())
        return not any((meta.extra_json_schema or {}).get("readOnly") for meta in metas)

    fields = msgspec.structs.fields(struct)
    return {field.encode_name.replace("_", "-"): field for field in fields if written(field.name)}


def _made(struct: type[msgspec.Struct], values: dict[str, Any], place: Place, source: Text) -> Any:
    try:
        return struct(**values)
    except ValueError as error:
        source.report(place, *sentence_and_hint(error))
        return UNREADABLE


def _fields_hint(known: Iterable[str], required: Iterable[str], source: Text) -> str:
    fields = list(required) or list(known)[:6]
    return f"write {', '.join(fields)}, each on a line of its own like “{fields[0]}{source.sets}…”"


def report_fields(node: Mapping, fields: Iterable[str], required: Iterable[str], source: Text) -> bool:
    """Reports what is no field, and what is missing but for the fields that the former were meant to be."""
    unknown = [name for name in node.entries if name not in fields]
    report_unknown(node, fields, source)
    guessed = unknown if len(source.problems) < MANY else ()
    meant = {near for name in guessed for near in nearest(name, fields)}
    return report_missing(node, [name for name in required if name not in meant], source) and not meant & set(required)


def report_unknown(node: Mapping, fields: Iterable[str], source: Text) -> None:
    """Reports each key that is no field."""
    for name, entry in node.entries.items():
        if name not in fields:
            hint = choice_hint(name, fields) if len(source.problems) < MANY else ""
            source.report(entry.key, f"there is no field “{name}”", hint)


def report_missing(node: Mapping, required: Iterable[str], source: Text) -> bool:
    """Reports each required field that is absent; True if none is."""
    absent = [name for name in required if name not in node.entries]
    for name in absent:
        source.report(node.place, f"the field “{name}” is missing", f"add “{name}{source.sets}…”")
    return not absent
