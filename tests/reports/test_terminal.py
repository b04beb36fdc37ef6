"""Tables keep to their width, and break lines as the library they are drawn with would."""

from __future__ import annotations

import unicodedata

import pytest
import tabulate
from hypothesis import given
from hypothesis import strategies as st

from compliance.reports.parts.terminal import beginning, cut, narrowed, table, widened, wrapped

WORDS = st.text("ab-é–_ ", max_size=60) | st.lists(st.text("abc-", min_size=1, max_size=30), max_size=12).map(" ".join)
CELLS = st.lists(WORDS, min_size=1, max_size=3).map(lambda lines: "a" + "\n".join(lines))


@given(st.lists(st.tuples(st.text("xyz", min_size=1, max_size=8), CELLS), min_size=1, max_size=4), st.integers(40, 100))
def test_lines_break_as_the_library_breaks_them(rows, width):
    first = max(len("Id"), *(len(row[0]) for row in rows))
    drawn = tabulate.tabulate(
        rows,
        headers=["Id", "What"],
        tablefmt="simple",
        disable_numparse=True,
        maxcolwidths=[None, max(20, width - first - 2)],
        break_on_hyphens=False,
        colalign=["left", "left"],
    )
    assert table(("Id", "What"), rows, width, flexible=1) == drawn


@given(st.lists(st.tuples(st.text("xyz", min_size=1, max_size=8), CELLS), min_size=1, max_size=4), st.integers(40, 100))
def test_a_table_is_never_wider_than_there_is_room(rows, width):
    assert max(len(line) for line in table(("Id", "What"), rows, width, flexible=1).split("\n")) <= width


def test_a_line_keeps_its_words_and_a_long_word_is_broken():
    text = "a sentence of several words " + "w" * 90
    drawn = table(("Id", "What"), [("x", text)], 40, flexible=1).split("\n")[2:]
    assert "".join("".join(line[4:].split()) for line in drawn) == text.replace(" ", "")


WIDE = st.text("ab漢字ｱ－é 한🔒", max_size=80)


def columns(line: str) -> int:
    """How many columns a terminal gives a line."""
    return sum(2 if unicodedata.east_asian_width(letter) in {"F", "W"} else 1 for letter in line)


@given(st.lists(st.tuples(WIDE.map(lambda text: "x" + text[:8]), WIDE), min_size=1, max_size=4), st.integers(60, 100))
def test_characters_of_two_columns_are_counted_as_two(rows, width):
    drawn = table(("識別", "What"), rows, width, flexible=1).split("\n")
    assert max(map(columns, drawn)) <= width
    second = columns(drawn[1].partition("  ")[0]) + 2
    for line in drawn[2:]:
        before = next(at for at in range(len(line) + 1) if columns(line[:at]) >= second or at == len(line))
        assert columns(line[:before]) == second or before == len(line)


@given(WIDE, st.integers(12, 60))
def test_a_wrapped_text_keeps_its_letters_and_its_room(text, width):
    lines = wrapped(text, width, first="- ", below="  ")
    assert all(columns(line) <= width for line in lines)
    assert "".join("".join(line[2:].split()) for line in lines) == "".join(text.split())


@given(WIDE)
def test_what_was_widened_can_be_narrowed_again(text):
    assert len(widened(text)) == columns(text)
    assert narrowed(widened(text)) == text


@pytest.mark.parametrize(
    ("text", "lines"),
    [
        ("", []),
        (" ", []),
        ("one", ["* one"]),
        ("one two", ["* one", "  two"]),
        ("\x1b[31m", ["* \\u001b[31m"]),
        ("a\nb", ["* a\\nb"]),
    ],
)
def test_a_wrapped_text_shows_its_hidden_characters(text, lines):
    assert wrapped(text, 8 if "two" in text else 20, first="* ", below="  ") == lines


def test_columns_that_leave_no_room_wrap_too_and_what_a_row_is_called_by_stays_whole():
    rows = [("iso27001@2022", "somebody of the council who has a long name", "What it is")]
    drawn = table(("Standard", "Owner", "What"), rows, 50, flexible=2).split("\n")
    assert max(map(len, drawn)) <= 50
    assert drawn[2:] == [
        "iso27001@2022  somebody of the    What it is",
        "               council who has a",
        "               long name",
    ]


def test_a_name_in_a_narrow_table_is_not_broken():
    drawn = table(("Id", "Standard", "What"), [("S-1", "cyber-essentials@3.3", "six words of what it is")], 40, 2)
    assert "cyber-essentials@3.3" in drawn


@pytest.mark.parametrize(
    ("text", "room", "shown"),
    [
        ("abc", 3, "abc"),
        ("abcd", 3, "ab…"),
        ("a bcd", 3, "a…"),
        ("漢字", 4, "漢字"),
        ("漢字", 3, "漢…"),
        ("漢字", 2, "…"),
        ("a\x07b", 20, "a\\u0007b"),
        ("a", 0, "…"),
    ],
)
def test_what_is_cut_says_so(text, room, shown):
    assert cut(text, room) == shown


@given(WIDE, st.integers(1, 40))
def test_what_is_cut_has_its_room(text, room):
    assert columns(cut(text, room)) <= room
    assert columns(beginning(text, room)) <= room
    assert text.startswith(beginning(text, room))
