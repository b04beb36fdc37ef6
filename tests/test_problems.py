"""What messages are made of: what was meant, what must be known, pairs, days to come, counts, words for a shell."""

from __future__ import annotations

import shlex
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from compliance.problems import (
    MOST_CHOICES,
    Refused,
    choice_hint,
    counted,
    must_be_known,
    must_not_be_future,
    nearest,
    refusal,
    sentence_and_hint,
    shell,
    split_pair,
    unknown,
)

SCOPES = ("corporate", "payments", "housing")


def test_the_likest_choices_come_first_and_no_more_than_are_wanted():
    assert nearest("payment", SCOPES) == ["payments"]
    assert nearest("payments", ["payment", "payers", "housing"], most=2) == ["payment", "payers"]
    assert nearest("zebra", SCOPES) == []


@pytest.mark.parametrize(
    ("word", "choices", "hint"),
    [
        ("corprate", SCOPES, "did you mean corporate?"),
        ("zebra", SCOPES, "choose from corporate, housing, payments"),
        ("zebra", [f"scope-{number}" for number in range(MOST_CHOICES + 1)], ""),
        ("zebra", [], ""),
    ],
)
def test_a_hint_names_what_is_near_or_else_every_choice(word, choices, hint):
    assert choice_hint(word, choices) == hint


def test_another_hint_stands_in_where_nothing_is_near():
    assert choice_hint("zebra", SCOPES, otherwise="list them") == "list them"
    assert choice_hint("housng", SCOPES, otherwise="list them") == "did you mean housing?"


def test_what_nothing_is_called_is_refused_with_what_may_have_been_meant():
    problem = unknown("scope", "corprate", SCOPES)
    assert (problem.sentence, problem.hint) == ("there is no scope “corprate”", "did you mean corporate?")
    must_be_known("scope", "housing", SCOPES)
    with pytest.raises(Refused, match="there is no scope “corprate”"):
        must_be_known("scope", "corprate", SCOPES)


def test_a_day_may_not_lie_in_the_future_but_may_be_today_or_unsaid():
    must_not_be_future(None, date(2026, 2, 2), "wait")
    must_not_be_future(date(2026, 2, 2), date(2026, 2, 2), "wait")
    with pytest.raises(Refused, match="2026-02-03 lies in the future") as refused:
        must_not_be_future(date(2026, 2, 3), date(2026, 2, 2), "wait")
    assert refused.value.problems[0].hint == "wait"


def test_a_pair_is_split_at_its_first_equals_sign_without_blanks_around():
    assert split_pair(" date = Start=date ", "FIELD=HEADING", "date=Start") == ("date", "Start=date")


@pytest.mark.parametrize("text", ["", "date", "=Start", "date=", " = ", "date= "])
def test_a_pair_with_a_side_missing_is_refused_with_an_example(text):
    with pytest.raises(Refused, match="is not FIELD=HEADING") as refused:
        split_pair(text, "FIELD=HEADING", "date=Start")
    assert refused.value.problems[0].hint == "for example date=Start"


@pytest.mark.parametrize(
    ("number", "words"), [(0, "0 gaps"), (1, "1 gap"), (2, "2 gaps"), (1_000, "1,000 gaps"), (-1, "-1 gaps")]
)
def test_a_number_stands_with_its_noun(number, words):
    assert counted(number, "gap") == words


def test_a_plural_of_its_own_is_used_from_two_on():
    assert counted(1, "entry", "entries") == "1 entry"
    assert counted(3, "entry", "entries") == "3 entries"


@given(st.lists(st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"])), min_size=1))
def test_words_for_a_shell_come_out_of_it_as_they_went_in(words):
    assert shlex.split(shell(*words)) == words


@pytest.mark.parametrize(
    ("text", "sentence", "hint"),
    [
        ("it is wrong; mend it", "it is wrong", "mend it"),
        ("it is wrong; really; mend it", "it is wrong; really", "mend it"),
        ("it is wrong", "it is wrong", ""),
        ("there is no “a; b”", "there is no “a; b”", ""),
    ],
)
def test_the_hint_of_an_error_is_what_follows_its_last_semicolon(text, sentence, hint):
    assert sentence_and_hint(ValueError(text)) == (sentence, hint)
    problem = refusal(ValueError(text)).problems[0]
    assert (problem.sentence, problem.hint) == (sentence, hint)
