"""A catalogue that is written and read again is the same, in every field that a catalogue can have."""

from __future__ import annotations

import datetime as dt
import re
import types
import typing
from pathlib import Path
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from compliance.domain.standards.catalogue import Catalogue, Control
from compliance.domain.standards.expectations import AnyOf, Each, Every, Expectation, MaxAge, Once, OnEvent
from compliance.domain.standards.schemes import Scheme
from compliance.domain.terms.durations import Duration, Unit
from compliance.domain.terms.periods import Slot
from compliance.domain.terms.references import Reference, StandardName
from compliance.domain.terms.vocabulary import Basis
from compliance.store.catalogues.catalogue_text import render_catalogue
from compliance.store.catalogues.catalogues import parse_catalogue
from compliance.store.text.decoding import written_fields
from compliance.store.text.parsed import parse_yaml

STANDARDS = Path(__file__).parents[2] / "standards"
WORDS = (
    "on",
    "off",
    "null",
    "~",
    "true",
    "1.10",
    "2026-09-30",
    "- a",
    "a: b",
    "“q” 'q' \"q\"",
    "a\nb\n\nc",
    " x ",
    "#",
)
ODD = (*WORDS, "é\t…", "\u2028x", "x\x85y", "<<<<<<< x", "*x", "%x", "\U0001f512", "a" * 300)
ALPHABET = st.characters(codec="utf-8", exclude_categories=("Cc", "Cs"), exclude_characters="\ufeff\ufffe\uffff")
TEXT = st.sampled_from(ODD) | st.text(ALPHABET, min_size=1, max_size=20).filter(str.strip)
NAME = st.from_regex(r"[a-z0-9][a-z0-9-]{0,8}", fullmatch=True)
VERSION = st.text(ALPHABET, min_size=1, max_size=8).filter(re.compile(r"[^\s#:@/]+").fullmatch)
DURATION = st.builds(Duration, st.integers(0, 1_200), st.sampled_from(Unit))
LENGTH = st.builds(Duration, st.integers(1, 1_200), st.sampled_from(Unit))
"""A time that is not none: ages, intervals, and how far back is looked."""
MAYBE, OVER = st.none() | DURATION, st.none() | LENGTH
RULES = st.one_of(
    st.builds(MaxAge, LENGTH),
    st.builds(Every, LENGTH, MAYBE, OVER),
    st.builds(Every, st.none(), st.none(), OVER, st.just("") | TEXT),
    st.builds(Each, st.sampled_from(Slot), st.booleans(), OVER),
    st.builds(OnEvent, NAME, DURATION, OVER, MAYBE),
    st.builds(OnEvent, NAME, st.none(), OVER, DURATION),
    st.builds(Once),
)
LEAST: dict[Any, st.SearchStrategy[Any]] = {
    str: TEXT,
    int: st.integers(0, 10**9),
    bool: st.booleans(),
    dt.date: st.dates(),
    Duration: DURATION,
    Reference: st.builds(Reference, NAME, VERSION, st.just("") | NAME),
    StandardName: st.builds(StandardName, NAME, VERSION),
}


def any_of(type_: Any) -> st.SearchStrategy[Any]:
    """Values of a type as a catalogue may have them: no text is blank, for no field is written with nothing in it."""
    if type_ in LEAST:
        return LEAST[type_]
    if type_ is Expectation:
        return expectations()
    if type_ is Scheme:  # its names hang together: those of the shipped catalogues are tried below
        return st.just(Scheme())
    origin, arguments = typing.get_origin(type_), typing.get_args(type_)
    if origin in {types.UnionType, typing.Union}:
        return st.none() | any_of(next(one for one in arguments if one is not types.NoneType))
    if origin is tuple:
        return st.lists(any_of(arguments[0]), max_size=2).map(tuple)
    if origin is dict:
        return st.dictionaries(TEXT, any_of(arguments[1]), max_size=2)
    if issubclass(type_, msgspec.Struct):
        return structs(type_)
    return st.sampled_from(type_)


@st.composite
def structs(draw, type_: type[msgspec.Struct]) -> Any:
    hints = typing.get_type_hints(type_)
    values = {}
    for field in written_fields(type_).values():
        if hints[field.name] == tuple[Control, ...]:
            continue
        if field.required or draw(st.integers(0, 2)) == 0:
            values[field.name] = draw(any_of(hints[field.name]))
    return type_(**values)


@st.composite
def expectations(draw, groups: bool = True) -> Expectation:
    """One with any rule; the basis of a group is that of all its alternatives, or what theirs come to."""
    hints = typing.get_type_hints(Expectation)
    fields = [field.name for field in msgspec.structs.fields(Expectation) if field.name not in {"id", "rule"}]
    values = {name: draw(any_of(hints[name])) for name in fields if draw(st.booleans())}
    values["basis"] = draw(st.sampled_from(Basis))
    rule = draw(RULES)
    if groups and draw(st.booleans()):
        members = draw(st.lists(expectations(groups=False), min_size=2, max_size=3))
        if draw(st.booleans()):
            members = [msgspec.structs.replace(one, basis=values["basis"]) for one in members]
        else:
            values["basis"] = next((one.basis for one in members if one.binding), Basis.ADVICE)
        rule = AnyOf(tuple(members))
    return Expectation(id=draw(TEXT), rule=rule, **values)


@st.composite
def trees(draw, depth: int = 0) -> Control:
    below = draw(st.lists(trees(depth + 1), max_size=2)) if depth < 3 else []
    return msgspec.structs.replace(draw(structs(Control)), controls=tuple(below))


@st.composite
def catalogues(draw) -> Catalogue:
    return msgspec.structs.replace(draw(structs(Catalogue)), controls=tuple(draw(st.lists(trees(), max_size=2))))


@given(catalogues())
def test_what_is_written_is_read_again_as_it_was(catalogue):
    text = render_catalogue(catalogue)
    parsed = parse_yaml(text, "made.yaml", Catalogue)
    assert parsed.problems == ()
    assert parsed.value == catalogue


@pytest.mark.parametrize("file", sorted(STANDARDS.rglob("*@*.yaml")), ids=lambda file: file.stem)
def test_the_catalogues_that_ship_are_too(file):
    if file.name.endswith(".overlay.yaml"):
        return
    shipped = parse_catalogue(file.read_bytes(), file.name).value
    assert shipped is not None
    again = parse_catalogue(render_catalogue(shipped), file.name)
    assert again.problems == ()
    assert again.value == shipped
