"""Days and months as other programs write them: where a day could be two, it is asked for and never guessed."""

from __future__ import annotations

import calendar
import datetime as dt
import re
from collections.abc import Iterable

from compliance.domain.terms.periods import Period, Slot, slots
from compliance.store.records.series_text import parse_slot

DAY_FIRST, MONTH_FIRST = "day-first", "month-first"
_TIME = r"(?:[T ]\d{1,2}:\d{2}(?::\d{2}(?:\.\d+)?)?(?: ?[AaPp][Mm])?(?:Z|[+-]\d{2}:?\d{2})?)?"
_YEAR_FIRST = re.compile(rf"(\d{{4}})([-/.])(\d{{1,2}})\2(\d{{1,2}}){_TIME}")
_NUMBERS = re.compile(rf"(\d{{1,2}})([-/. ])(\d{{1,2}})\2(\d{{4}}|\d{{2}}){_TIME}")
_WORD_SECOND = re.compile(rf"(\d{{1,2}})(?:st|nd|rd|th)?[ -]([A-Za-z]{{3,9}})\.?,?[ -](\d{{4}}|\d{{2}}){_TIME}")
_WORD_FIRST = re.compile(rf"([A-Za-z]{{3,9}})\.? (\d{{1,2}})(?:st|nd|rd|th)?,? (\d{{4}}){_TIME}")
_MONTH_WORD = re.compile(r"([A-Za-z]{3,9})\.?[ ,/-]*(\d{4}|\d{2})")
_MONTH_NUMBER = re.compile(r"(\d{1,2})[-/.](\d{4})|(\d{4})[-/.](\d{1,2})")
_QUARTER = re.compile(r"[Qq]([1-4])[ /-]*(\d{4})|(\d{4})[ /-]*[Qq]([1-4])")
_NAMES = {name.casefold(): number for number, name in enumerate(calendar.month_name) if number}
_SHORT = {name.casefold(): number for number, name in enumerate(calendar.month_abbr) if number} | {"sept": 9}
_FOUR = "write the year with four digits"


def order_of(texts: Iterable[str]) -> str:
    """Whether the numbers of days written like 31/03/2026 begin with the day or the month; empty if none tells.

    Raises ValueError, with a sentence for the user, where some can only be the one and some only the other.
    """
    orders = set()
    for text in texts:
        numbers = _NUMBERS.fullmatch(text.strip())
        if numbers and int(numbers[1]) > 12 >= int(numbers[3]):
            orders.add(DAY_FIRST)
        if numbers and int(numbers[3]) > 12 >= int(numbers[1]):
            orders.add(MONTH_FIRST)
    if len(orders) > 1:
        raise ValueError("some days begin with the day and some with the month; write them like 2026-03-31")
    return next(iter(orders), "")


def parse_foreign_day(text: str, order: str = "") -> dt.date:
    """A day as 2026-03-31, 31/03/2026, 31 March 2026, 31-Mar-2026 or March 31, 2026; a time of day is passed over.

    `order` says what numbers begin with. Raises ValueError with a sentence for the user.
    """
    text = text.strip()
    if parts := _YEAR_FIRST.fullmatch(text):
        return _day(text, int(parts[1]), int(parts[3]), int(parts[4]))
    if parts := _NUMBERS.fullmatch(text):
        return _of_numbers(text, int(parts[1]), int(parts[3]), parts[4], order)
    if parts := _WORD_SECOND.fullmatch(text):
        if len(parts[3]) == 2:
            raise ValueError(f"“{text}” leaves the century open; {_FOUR}")
        return _day(text, int(parts[3]), _month(text, parts[2]), int(parts[1]))
    if parts := _WORD_FIRST.fullmatch(text):
        return _day(text, int(parts[3]), _month(text, parts[1]), int(parts[2]))
    raise ValueError(f"“{text}” is not a day; write it like 2026-03-31")


def parse_foreign_slot(text: str, each: Slot, order: str = "") -> Period:
    """A slot as 2026-03, 2026-Q1, Mar 2026, March 2026, 03/2026, Q1 2026, or any day in it.

    Raises ValueError with a sentence for the user.
    """
    text = text.strip()
    if parts := _QUARTER.fullmatch(text):
        return parse_slot(f"{parts[2] or parts[3]}-Q{parts[1] or parts[4]}")
    if parts := _MONTH_WORD.fullmatch(text):
        month = _month(text, parts[1])
        if len(parts[2]) == 2:
            raise ValueError(f"“{text}” may be a month of a year or a day of a month; {_FOUR}")
        return parse_slot(f"{parts[2]}-{month:02}")
    if parts := _MONTH_NUMBER.fullmatch(text):
        month = int(parts[1] or parts[4])
        if not 1 <= month <= 12:
            raise ValueError(f"“{text}” names the month {month}, which there is not; the months are 1 to 12")
        return parse_slot(f"{parts[2] or parts[3]}-{month:02}")
    if _YEAR_FIRST.fullmatch(text) or _NUMBERS.fullmatch(text) or _WORD_SECOND.fullmatch(text):
        day = parse_foreign_day(text, order)
        return next(slot for slot in slots(each, dt.date(day.year, 1, 1), day) if day in slot)
    return parse_slot(text)


def _of_numbers(text: str, first: int, second: int, year: str, order: str) -> dt.date:
    if len(year) == 2:
        raise ValueError(f"“{text}” leaves the century open; {_FOUR}")
    if not order and first != second and first <= 12 and second <= 12:
        readings = (f"{first} {calendar.month_name[second]}", f"{second} {calendar.month_name[first]}")
        raise ValueError(f"“{text}” may be {' or '.join(readings)}; say --{DAY_FIRST} or --{MONTH_FIRST}")
    month_first = order == MONTH_FIRST or (not order and second > 12)
    day, month = (second, first) if month_first else (first, second)
    return _day(text, int(year), month, day)


def _month(text: str, word: str) -> int:
    number = _NAMES.get(word.casefold()) or _SHORT.get(word.casefold())
    if number is None:
        raise ValueError(f"“{text}” names no month; write it like 2026-03")
    return number


def _day(text: str, year: int, month: int, day: int) -> dt.date:
    try:
        return dt.date(year, month, day)
    except ValueError:
        raise ValueError(f"there is no day “{text}” in the calendar; correct it") from None
