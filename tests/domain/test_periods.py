"""Periods, and the slots of a calendar or an anniversary."""

from __future__ import annotations

import itertools
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from compliance.domain.terms.durations import add_months
from compliance.domain.terms.periods import Period, Slot, name_of, slots

from ..builders.ledgers import day, period

DAYS = st.dates(date(1950, 1, 1), date(2100, 12, 31))


def test_a_period_includes_both_its_days():
    quarter = period("2026-07-01/2026-09-30")
    assert day("2026-07-01") in quarter
    assert day("2026-09-30") in quarter
    assert day("2026-06-30") not in quarter
    assert day("2026-10-01") not in quarter
    assert str(quarter) == "2026-07-01/2026-09-30"


def test_a_period_covers_what_lies_wholly_within_it():
    assert period("2026-01-01/2026-12-31").covers(period("2026-07-01/2026-09-30"))
    assert not period("2026-07-02/2026-12-31").covers(period("2026-07-01/2026-09-30"))
    assert not period("2026-07-01/2026-09-29").covers(period("2026-07-01/2026-09-30"))


def test_quarters_begin_in_january_april_july_and_october():
    found = slots(Slot.QUARTER, day("2026-01-01"), day("2026-12-31"))
    assert [str(one) for one in found] == [
        "2026-01-01/2026-03-31",
        "2026-04-01/2026-06-30",
        "2026-07-01/2026-09-30",
        "2026-10-01/2026-12-31",
    ]


def test_slots_begin_within_the_days_asked_for():
    assert [name_of(one) for one in slots(Slot.MONTH, day("2026-01-02"), day("2026-03-01"))] == ["2026-02", "2026-03"]


def test_anchored_slots_run_from_the_anchors_day_backwards_too():
    found = slots(Slot.HALF_YEAR, day("2025-10-01"), day("2026-10-01"), day("2026-03-15"))
    assert [str(one) for one in found] == ["2026-03-15/2026-09-14", "2026-09-15/2027-03-14"]


def test_anchored_slots_are_counted_from_the_anchor_and_not_from_each_other():
    found = list(slots(Slot.MONTH, day("2026-01-31"), day("2026-04-30"), day("2026-01-31")))
    assert [one.start for one in found] == [day(f"2026-{text}") for text in ("01-31", "02-28", "03-31", "04-30")]
    assert found[1].end == day("2026-03-30")


def test_slots_end_with_the_calendar():
    assert list(slots(Slot.YEAR, day("9998-01-01"), date.max)) == [period("9998-01-01/9998-12-31")]
    assert [name_of(one) for one in slots(Slot.YEAR, date.min, day("0002-06-01"))] == ["0001", "0002"]


@pytest.mark.parametrize(
    ("slot", "name"),
    [
        ("2026-07-01/2026-07-31", "2026-07"),
        ("2026-07-01/2026-09-30", "2026-Q3"),
        ("2026-07-01/2026-12-31", "2026-H2"),
        ("2026-01-01/2026-12-31", "2026"),
        ("2026-04-01/2027-03-31", "2026-04-01 to 2027-03-31"),
        ("2026-01-01/2026-04-30", "2026-01-01 to 2026-04-30"),
        ("2026-03-15/2026-06-14", "2026-03-15 to 2026-06-14"),
    ],
)
def test_slots_are_called_what_people_call_them(slot, name):
    assert name_of(period(slot)) == name


@given(st.sampled_from(Slot), DAYS, st.integers(0, 1200), st.none() | DAYS)
def test_slots_follow_each_other_without_a_hole_and_hold_every_day(kind, first, length, anchor):
    last = first + timedelta(days=length)
    found = list(slots(kind, first, last, anchor))
    assert all(first <= one.start <= last for one in found)
    assert all(one.end + timedelta(days=1) == other.start for one, other in itertools.pairwise(found))
    if found:
        earlier = list(slots(kind, add_months(found[0].start, -2 * kind.months), found[0].start, anchor))
        assert earlier[-1] == found[0]
        assert earlier[-2].end + timedelta(days=1) == found[0].start
        assert earlier[-2].start < first
        assert found[-1].end >= last
    else:
        (around,) = [one for one in slots(kind, add_months(first, -kind.months), first, anchor) if last in one]
        assert isinstance(around, Period)
