"""Guarded cells are text to every spreadsheet, and the guard comes off exactly as it went on."""

import csv
import io

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from compliance.store.text.spreadsheets import csv_text, guarded, unguarded


@given(st.text(alphabet=st.sampled_from("'=+-@\t\r\nab1＝ "), max_size=8) | st.text())
@example("'=1+1")
@example("''=")
@example("'")
@example("'a")
def test_the_guard_comes_off_as_it_went_on(text):
    assert unguarded(guarded(text)) == text


@pytest.mark.parametrize("text", ["=1+1", "+44", "-1", "@sum", "\tx", "\rx", "\n=1", "＝1", "－1"])
def test_what_begins_like_a_formula_is_guarded(text):
    assert guarded(text) == f"'{text}"


@pytest.mark.parametrize("text", ["", "a=1", "1-1", "'quoted'", "A.8.8", " =1"])
def test_other_texts_stay(text):
    assert guarded(text) == text


def test_csv_guards_texts_and_leaves_numbers():
    text = csv_text([("what", "days"), ("=1+1", -3), ('said "no", twice', 0)])
    assert text == 'what,days\r\n\'=1+1,-3\r\n"said ""no"", twice",0\r\n'
    assert csv_text([("a", "b")], "\n") == "a,b\n"


@given(st.lists(st.lists(st.text(st.characters(exclude_characters="\0", codec="utf-8")), min_size=1, max_size=4)))
def test_csv_gives_back_every_text(rows):
    read = list(csv.reader(io.StringIO(csv_text(rows), newline="")))
    assert [[unguarded(cell) for cell in row] for row in read] == rows
