"""Guarded cells are text to every spreadsheet, and the guard comes off exactly as it went on."""

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from compliance.store.text.spreadsheets import guarded, unguarded


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
