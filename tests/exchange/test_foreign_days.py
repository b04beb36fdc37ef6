"""Days and months in the spellings of other programs: read back as what they are, or asked about."""

from __future__ import annotations

from datetime import date
from functools import partial

import pytest
from hypothesis import given
from hypothesis import strategies as st

from compliance.domain.terms.periods import Slot, name_of
from compliance.exchange.table.foreign_days import order_of, parse_foreign_day, parse_foreign_slot
from compliance.problems import sentence_and_hint

DAYS = st.dates(date(1000, 1, 1), date(9998, 12, 31))
SPELLINGS = (
    "%Y-%m-%d",
    "%Y/%m/%d",
    "%d %B %Y",
    "%d-%b-%Y",
    "%d %b %Y",
    "%B %d, %Y",
    "%Y-%m-%dT09:30:00Z",
    "%Y-%m-%d 09:30",
)


@given(DAYS, st.sampled_from(SPELLINGS))
def test_a_day_that_can_be_only_one_is_read_as_that(day, spelling):
    assert parse_foreign_day(day.strftime(spelling)) == day


@given(DAYS, st.sampled_from("-/."))
def test_numbers_are_read_in_the_order_that_is_said_and_asked_about_where_it_matters(day, between):
    british, american = day.strftime(f"%d{between}%m{between}%Y"), day.strftime(f"%m{between}%d{between}%Y")
    assert parse_foreign_day(british, "day-first") == parse_foreign_day(american, "month-first") == day
    if day.day > 12 or day.day == day.month:
        assert parse_foreign_day(british) == parse_foreign_day(american) == day
    else:
        with pytest.raises(ValueError, match="may be"):
            parse_foreign_day(british)


@given(st.lists(DAYS))
def test_a_column_tells_its_order_by_the_days_that_can_be_only_one(days):
    told = any(day.day > 12 for day in days)
    assert order_of(day.strftime("%d/%m/%Y") for day in days) == ("day-first" if told else "")
    assert order_of(day.strftime("%m/%d/%Y") for day in days) == ("month-first" if told else "")


def test_a_column_of_both_orders_has_none():
    with pytest.raises(ValueError, match="some with the month"):
        order_of(["31/03/2026", "03/31/2026"])


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("31/02/2026", "there is no day"),
        ("31/03/26", "leaves the century open"),
        ("1-Mar-26", "leaves the century open"),
        ("10 Foo 2026", "names no month"),
        ("soon", "is not a day"),
        ("46000", "is not a day"),
        ("2026-13-01", "there is no day"),
        ("13/13/2026", "there is no day"),
        ("2026-03", "is not a day"),
    ],
)
def test_what_is_no_day_is_refused(text, why):
    with pytest.raises(ValueError, match=why):
        parse_foreign_day(text, "day-first")


@given(DAYS, st.sampled_from(("%Y-%m", "%b %Y", "%B %Y", "%b-%Y", "%m/%Y", "%Y/%m", "%Y-%m-%d", "%d %B %Y")))
def test_a_month_in_any_spelling_is_the_month_that_its_day_lies_in(day, spelling):
    assert name_of(parse_foreign_slot(day.strftime(spelling), Slot.MONTH)) == day.strftime("%Y-%m")


@pytest.mark.parametrize(
    ("text", "each", "slot"),
    [
        ("31/03/2026", Slot.MONTH, "2026-03"),
        ("31/03/2026", Slot.QUARTER, "2026-Q1"),
        ("30 June 2026", Slot.HALF_YEAR, "2026-H1"),
        ("2026", Slot.YEAR, "2026"),
        ("Q3 2026", Slot.QUARTER, "2026-Q3"),
        ("2026 Q3", Slot.QUARTER, "2026-Q3"),
        ("2026-Q3", Slot.QUARTER, "2026-Q3"),
        ("Sept 2026", Slot.MONTH, "2026-09"),
        ("3/2026", Slot.MONTH, "2026-03"),
    ],
)
def test_a_slot_is_read(text, each, slot):
    assert name_of(parse_foreign_slot(text, each)) == slot


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("Mar-26", "may be a month of a year or a day of a month"),
        ("13/2026", "names the month 13"),
        ("01/02/2026", "may be 1 February or 2 January"),
        ("Blursday 2026", "names no month"),
        ("Foo 2026", "names no month"),
        ("March", "is no month"),
    ],
)
def test_what_is_no_slot_or_could_be_two_is_refused(text, why):
    with pytest.raises(ValueError, match=why):
        parse_foreign_slot(text, Slot.MONTH)


PIECES = (
    *(
        "0",
        "1",
        "12",
        "13",
        "31",
        "26",
        "2026",
        "9999",
        "0000",
        "Q1",
        "q5",
        "Mar",
        "sept",
        "Mai",
        "W12",
        "H1",
        "٣",
        "²",
    ),
    *("-", "/", ".", " ", ",", "T10:00", "Z", "+01:00", " 10:00 PM", "st", "\n"),
)


@given(st.lists(st.sampled_from(PIECES), max_size=7).map("".join), st.sampled_from(("", "day-first", "month-first")))
def test_any_text_is_a_day_or_a_slot_or_a_sentence_with_a_hint(text, order):
    for parse in (parse_foreign_day, *(partial(parse_foreign_slot, each=each) for each in Slot)):
        try:
            assert parse(text, order=order)
        except ValueError as error:
            sentence, hint = sentence_and_hint(error)
            assert sentence and hint
