"""The algebra of day spans beside plain sets of days."""

from __future__ import annotations

from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from compliance.domain.terms.periods import Period
from compliance.domain.terms.spans import ALL_DAYS, EMPTY, Spans, after_day, before_day, from_day, span, spans, through

FIRST = date(2026, 1, 1)
DAYS = [FIRST + timedelta(days=number) for number in range(40)]
PERIODS = st.lists(st.builds(Period, st.sampled_from(DAYS), st.sampled_from(DAYS)), max_size=6)


def days_of(periods: list[Period]) -> set[date]:
    return {day for day in DAYS for period in periods if period.start <= day <= period.end}


def days_in(days: Spans) -> set[date]:
    return {day for day in DAYS if day in days}


@given(PERIODS)
def test_spans_hold_the_days_of_their_periods_and_never_touch(periods: list[Period]) -> None:
    united = spans(periods)
    assert days_in(united) == days_of(periods)
    for earlier, later in zip(united.periods, united.periods[1:], strict=False):
        assert earlier.end + timedelta(days=1) < later.start


@given(PERIODS, PERIODS)
def test_operations_are_those_of_sets(one: list[Period], other: list[Period]) -> None:
    left, right = spans(one), spans(other)
    assert days_in(left | right) == days_of(one) | days_of(other)
    assert days_in(left & right) == days_of(one) & days_of(other)
    assert days_in(left - right) == days_of(one) - days_of(other)
    assert (left | right) == (right | left)
    assert (left & right) == (right & left)
    assert ((left - right) | (left & right)) == left


@given(PERIODS, st.sampled_from(DAYS))
def test_the_span_around_a_day_is_the_longest_run_that_holds_it(periods: list[Period], day: date) -> None:
    around = spans(periods).around(day)
    days = days_of(periods)
    if around is None:
        assert day not in days
        return
    first = last = day
    while first - timedelta(days=1) in days:
        first -= timedelta(days=1)
    while last + timedelta(days=1) in days:
        last += timedelta(days=1)
    assert around == Period(first, last)


def test_the_ends_of_the_calendar_are_no_errors() -> None:
    assert before_day(date.min) == EMPTY
    assert after_day(date.max) == EMPTY
    assert ALL_DAYS - ALL_DAYS == EMPTY
    assert (through(FIRST) | after_day(FIRST)) == ALL_DAYS
    assert (before_day(FIRST) | from_day(FIRST)) == ALL_DAYS
    assert span(FIRST, date.max) | ALL_DAYS == ALL_DAYS
    assert span(FIRST + timedelta(days=1), FIRST) == EMPTY
