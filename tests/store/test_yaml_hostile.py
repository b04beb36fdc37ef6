"""YAML that nobody means well with: it is read as text, or refused where the fault is, and never ends the program."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from compliance.problems import Refused
from compliance.store.text.located import LARGEST, Mapping, Scalar, decode_text
from compliance.store.text.yaml_text import read_yaml

PIECES = st.lists(
    st.sampled_from(
        [
            *(
                "a",
                "b: ",
                "- ",
                "? ",
                "[",
                "]",
                "{",
                "}",
                ", ",
                "'",
                '"',
                "\\",
                "&x ",
                "*x",
                "!t ",
                "!!str ",
                "| ",
                ">-",
            ),
            *(
                "%",
                "@",
                "`",
                "#",
                " #",
                "~",
                "---\n",
                "...\n",
                "<<: ",
                "\n",
                "\r\n",
                "\r",
                "\t",
                "  ",
                "\x85",
                "\u2028",
            ),
            *("\ufeff", "😀"),
        ]
    ),
    max_size=14,
).map("".join)


@given(PIECES)
def test_whatever_is_read_there_is_a_tree_or_a_located_problem_with_a_hint(text):
    node, source = read_yaml(decode_text(text.encode(), "f.yaml"), "f.yaml")
    assert node is not None or source.problems
    for problem in source.problems:
        assert problem.sentence
        assert problem.hint
        assert problem.location is not None
        if problem.location.line:
            line = source.lines[problem.location.line - 1] if source.lines else ""
            assert 1 <= problem.location.column <= len(line) + 1


@given(PIECES, st.integers(0, 40))
def test_a_place_and_its_position_lead_to_each_other(text, position):
    _, source = read_yaml(text, "f.yaml")
    position = min(position, len(text))
    place = source.place_at(position)
    assert source.position_of(place) == position
    if position < len(text) and text[position] not in "\r\n\x85\u2028":
        assert source.lines[place.line - 1][place.column - 1] == text[position]


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("a: on\n", "on"),
        ("a: 0x1F\n", "0x1F"),
        ("a: 1_000\n", "1_000"),
        ("a: &x b\n", "b"),
        ("a: |\n  b\n", "b\n"),
        ("a: 'it''s'\n", "it's"),
        ("? a\n: b\n", "b"),
        ("\ufeffa: b\n", "b"),
        ("%YAML 1.1\n---\na: b\n...\n", "b"),
        ("a: b\rc: d\r", "b"),
        ("a: b\x85c: d\x85", "b"),
    ],
)
def test_a_value_is_the_text_that_was_written(text, value):
    node, source = read_yaml(text, "f.yaml")
    assert isinstance(node, Mapping), source.problems
    assert isinstance(node.entries["a"].value, Scalar)
    assert node.entries["a"].value.text == value


@pytest.mark.parametrize(
    ("text", "sentence", "line", "column"),
    [
        ("a: &x 1\nb: *x\n", "stands for another value", 2, 4),
        ("a: [&x [1], *x]\n", "stands for another value", 1, 13),
        ("a: !!python/object:os.system b\n", "has a YAML tag", 1, 4),
        ("a: 1\nb: 2\na: 3\n", "repeats the field “a” of line 1", 3, 1),
        ("a: {b: 1, b: 2}\n", "repeats the field “b” of line 1", 1, 11),
        ("a: b\n---\na: c\n", "a second YAML document begins", 2, 1),
        ("[a]: b\n", "has a list or a group of fields for a field's name", 1, 1),
        ("a: " + "[" * 100 + "]" * 100 + "\n", "is nested more than 24 deep", 1, 27),
        ("a: " + "[" * 100_000, "is nested more than 24 deep", 1, 27),
        ("a: " + "{b: " * 100_000, "is nested more than 24 deep", 1, 96),
        ("- " * 100 + "a\n", "is nested more than 24 deep", 1, 49),
        ("a:\r\n\tb: c\r\n", "a tab is used to indent", 2, 1),
    ],
)
def test_what_is_not_read_is_refused_at_its_place(text, sentence, line, column):
    _, source = read_yaml(text, "f.yaml")
    (problem,) = source.problems
    assert sentence in problem.sentence
    assert (problem.location.line, problem.location.column) == (line, column)


def test_a_byte_order_mark_moves_no_place():
    with pytest.raises(Refused, match="byte 0xed") as refused:
        decode_text(b"\xef\xbb\xbfa: \xed\xa0\x80\n", "f.yaml")
    (problem,) = refused.value.problems
    assert (problem.location.line, problem.location.column, problem.excerpt.rstrip()[-1]) == (1, 4, "^")


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        (b"a: \x00b\n", "holds a character that is no text"),
        (b"a: b\n\x1b[31m", "holds a character that is no text"),
        ("a: b".encode("utf-16"), "is written in UTF-16"),
        (b"a: \xff\n", "is not written in UTF-8: byte 0xff"),
        (b"\xef\xbb\xbfa: \xed\xa0\x80\n", "is not written in UTF-8: byte 0xed"),
        (b"a: b\n<<<<<<< ours\n", "holds the marks of a merge"),
        (b"a" * (LARGEST + 1), "bytes; at most"),
    ],
)
def test_bytes_that_are_no_text_are_refused(data, sentence):
    with pytest.raises(Refused, match=sentence):
        decode_text(data, "f.yaml")
