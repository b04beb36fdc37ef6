"""Lengths of time, and dates counted from an anchor."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from compliance.domain.terms.durations import Duration, Unit, add_days, add_months, after, before, parse_duration

from ..builders.ledgers import day

DAYS = st.dates(date(1950, 1, 1), date(2100, 12, 31))


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("90d", Duration(90, Unit.DAY)),
        ("12m", Duration(12)),
        ("3 months", Duration(3)),
        ("6 weeks", Duration(42, Unit.DAY)),
        ("2w", Duration(14, Unit.DAY)),
        ("1 Year", Duration(12)),
        ("2 years", Duration(24)),
        ("20 working days", Duration(20, Unit.WORKING_DAY)),
        (" 1 working-day ", Duration(1, Unit.WORKING_DAY)),
        ("0 days", Duration(0, Unit.DAY)),
    ],
)
def test_durations_read_as_people_write_them(written, meant):
    assert parse_duration(written) == meant


@pytest.mark.parametrize(
    "written", ["", "3", "months", "-3 months", "3 fortnights", "1.5 years", "3 months 2 days", "１m x"]
)
def test_what_is_no_duration_is_refused_with_an_example(written):
    with pytest.raises(ValueError, match="write it like 90 days, 3 months or 1 year"):
        parse_duration(written)


@pytest.mark.parametrize("unit", ["36525 days", "1200 months", "100 years", "26089 working days"])
def test_a_century_is_the_longest_duration(unit):
    assert parse_duration(unit)


@pytest.mark.parametrize(
    ("written", "longest"),
    [
        ("36526 days", "36525 days"),
        ("1201m", "1200 months"),
        ("101 years", "100 years"),
        ("99999 years", "100 years"),
        ("000000101 years", "100 years"),
        ("9" * 5_000 + "y", "100 years"),
        ("5218 weeks", "5217 weeks"),
        ("26090 working days", "26089 working days"),
    ],
)
def test_a_duration_longer_than_a_century_is_a_slip_of_the_pen_and_the_longest_is_named(written, longest):
    with pytest.raises(ValueError, match=f"is longer than a century; the longest allowed is {longest}$"):
        parse_duration(written)
    assert parse_duration(longest)


def test_noughts_before_a_number_are_nothing():
    assert parse_duration("0000000090 days") == parse_duration("90d")
    assert parse_duration("0 days") == Duration(0, Unit.DAY)


@pytest.mark.parametrize(
    ("duration", "said"),
    [
        (Duration(1), "1 month"),
        (Duration(3), "3 months"),
        (Duration(12), "12 months"),
        (Duration(24), "2 years"),
        (Duration(0), "0 months"),
        (Duration(1, Unit.DAY), "1 day"),
        (Duration(20, Unit.WORKING_DAY), "20 working days"),
    ],
)
def test_durations_are_said_in_words(duration, said):
    assert str(duration) == said


def test_durations_of_different_units_can_be_put_in_order():
    assert Duration(3).roughly == Duration(90, Unit.DAY).roughly == timedelta(days=90)


def test_a_month_after_31_january_is_the_last_day_of_february():
    assert after(day("2026-01-31"), Duration(1)) == day("2026-02-28")
    assert after(day("2028-01-31"), Duration(1)) == day("2028-02-29")


def test_dates_are_anchored_and_never_chained_so_31_january_has_its_31st_again_in_march():
    anchor = day("2026-01-31")
    assert [after(anchor, Duration(1), times) for times in (1, 2, 3)] == [
        day("2026-02-28"),
        day("2026-03-31"),
        day("2026-04-30"),
    ]


def test_a_year_after_a_leap_day_is_28_february_and_four_years_after_it_is_the_leap_day():
    assert after(day("2028-02-29"), Duration(12)) == day("2029-02-28")
    assert after(day("2028-02-29"), Duration(12), 4) == day("2032-02-29")


def test_dates_stay_within_the_calendar():
    assert add_months(date.max, 1) == add_days(date.max, 1) == date.max
    assert add_months(date.min, -1) == add_days(date.min, -1) == date.min
    assert after(date.max, Duration(3, Unit.WORKING_DAY)) == date.max


def test_working_days_leave_out_weekends_and_bank_holidays():
    friday, holidays = day("2026-12-18"), frozenset({day("2026-12-25"), day("2026-12-28")})
    assert after(friday, Duration(1, Unit.WORKING_DAY)) == day("2026-12-21")
    assert after(friday, Duration(5, Unit.WORKING_DAY), 1, holidays) == day("2026-12-29")
    assert before(day("2026-12-29"), Duration(5, Unit.WORKING_DAY), holidays) == friday
    assert before(day("2026-12-29"), Duration(10, Unit.DAY)) == day("2026-12-19")


def _oracle(anchor: date, months: int) -> date:
    """So many months on, found by walking the calendar a day at a time and marking each month's candidate."""
    here, left = anchor.replace(day=1), months
    while left:
        month = here.month
        while here.month == month:
            here += timedelta(days=1)
        left -= 1
    found, month = here, here.month
    while here.month == month:
        if here.day <= anchor.day:
            found = here
        here += timedelta(days=1)
    return found


@given(DAYS, st.integers(0, 40))
def test_anchored_months_agree_with_walking_the_calendar_day_by_day(anchor, months):
    assert add_months(anchor, months) == _oracle(anchor, months)


@given(DAYS, DAYS, st.integers(0, 60))
def test_the_later_anchor_never_falls_due_earlier(one, other, months):
    first, second = sorted((one, other))
    assert add_months(first, months) <= add_months(second, months)


@given(DAYS, st.integers(0, 200), st.sets(DAYS, max_size=20))
def test_working_days_agree_with_counting_the_days_between(anchor, count, holidays):
    end = after(anchor, Duration(count, Unit.WORKING_DAY), 1, frozenset(holidays))
    between = [anchor + timedelta(days=number) for number in range(1, (end - anchor).days + 1)]
    assert sum(one.isoweekday() <= 5 and one not in holidays for one in between) == count
    assert count == 0 or (end.isoweekday() <= 5 and end not in holidays)


@given(st.integers(1, 99_999), st.sampled_from(["d", " days", " weeks", "m", " months", " years", " working days"]))
def test_a_duration_reads_back_as_it_is_said(count, unit):
    try:
        read = parse_duration(f"{count}{unit}")
    except ValueError as error:
        assert "century" in str(error)
    else:
        assert parse_duration(str(read)) == read
