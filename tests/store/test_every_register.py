"""Each kind of record that there is: what is written is read back, and what is edited says what it was edited to."""

from __future__ import annotations

import datetime as dt
import enum
import functools
import types
import typing
from decimal import Decimal
from typing import Any

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from compliance.domain.registers.parts.registry import REGISTERS
from compliance.domain.terms.durations import Duration, Unit
from compliance.domain.terms.periods import Period
from compliance.domain.terms.references import Reference, StandardName
from compliance.store.records.records import plain_of, render_record
from compliance.store.text.decoding import written_fields
from compliance.store.text.parsed import parse_yaml
from compliance.store.text.yaml_editing import edited

TEXTS = st.sampled_from(
    ["one", "two words", "yes", "null", "1.10", "2026-01-05", "a: b", "#x", "- a", "it's", "é", "["]
)
DAYS = st.dates(dt.date(1990, 1, 1), dt.date(2090, 12, 31))
WORDS = st.from_regex("[a-z]{1,6}", fullmatch=True)
SINGLE: dict[Any, st.SearchStrategy[Any]] = {
    str: TEXTS,
    int: st.integers(-(10**6), 10**6),
    Decimal: st.decimals(-1000, 1000, places=2),
    bool: st.booleans(),
    dt.date: DAYS,
    Duration: st.builds(Duration, st.integers(1, 400), st.sampled_from(Unit)),
    Period: st.tuples(DAYS, DAYS).map(lambda days: Period(min(days), max(days))),
    Reference: st.builds(Reference, WORDS, WORDS, st.sampled_from(["", "1", "4.0.1"]), st.sampled_from(["", "scan"])),
    StandardName: st.builds(StandardName, WORDS, st.sampled_from(["1", "4.0.1"])),
}


@functools.cache
def values_of(type_: Any) -> st.SearchStrategy[Any]:
    """Values of a type as a record may hold them: of a struct any of its fields may be as it is when not written."""
    if type_ in SINGLE:
        return SINGLE[type_]
    origin, arguments = typing.get_origin(type_), typing.get_args(type_)
    if origin in {types.UnionType, typing.Union}:
        return st.one_of(st.none() if part is types.NoneType else values_of(part) for part in arguments)
    if origin is tuple:
        return st.lists(values_of(arguments[0]), max_size=3).map(tuple)
    if origin is dict:
        return st.dictionaries(TEXTS, values_of(arguments[1]), max_size=3)
    if issubclass(type_, enum.Enum):
        return st.sampled_from(type_)
    return structs_of(type_)


def structs_of(struct: type[msgspec.Struct]) -> st.SearchStrategy[Any]:
    hints = typing.get_type_hints(struct)

    @st.composite
    def built(draw: st.DrawFn) -> Any:
        values = {}
        for field in written_fields(struct).values():
            if field.required or draw(st.booleans()):
                values[field.name] = draw(values_of(hints[field.name]))
        try:
            return struct(**values)
        except ValueError:  # fields that do not go together
            return None

    return built().filter(lambda value: value is not None)


@pytest.mark.parametrize("register", REGISTERS, ids=lambda register: register.plural)
@settings(max_examples=15)
@given(data=st.data())
def test_a_record_reads_back_as_it_was_written_and_as_it_was_edited(register, data):
    before = data.draw(structs_of(register.record))
    text = render_record(before)
    assert parse_yaml(text, "x", register.record).value == before
    now = data.draw(structs_of(register.record))
    after = edited(text, plain_of(before), plain_of(now))
    assert parse_yaml(after, "x", register.record).value == now
    assert edited(after, plain_of(now), plain_of(now)) == after
