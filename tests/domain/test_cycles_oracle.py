"""Every date of a cycle, for every day of four years on which it may be granted, against one that walks day by day.

The oracle knows the calendar only: it goes from one day to the next and looks. It shares no code with the product.
"""

from __future__ import annotations

import functools
from datetime import date, timedelta

import pytest

from compliance.domain.registers.certificates.accreditation import Cycle, Grant
from compliance.domain.registers.certificates.cycles import dues
from compliance.domain.registers.certificates.states import CertificateStatus, expiry, state_on
from compliance.domain.registers.certificates.succession import Barred, Way, succeed

from ..builders.ledgers import happened, held, scheme, step

ONE = timedelta(days=1)
FIRST = date(2024, 1, 1)  # a leap year, and with it all of the calendar's days of the month
GRANTS = [FIRST + ONE * number for number in range(366 + 3 * 365)]
HOLIDAYS = frozenset(
    date(year, month, number)
    for year in range(2023, 2033)
    for month, number in ((1, 1), (5, 1), (8, 28), (12, 25), (12, 26))
)


@functools.cache
def months_later(day: date, months: int) -> date:
    """Walks to the month that is so many on (or back), and takes the day of that number, or the last there is."""
    step_, seen, at = (ONE if months > 0 else -ONE), 0, day
    while seen != abs(months):
        following = at + step_
        seen += following.month != at.month
        at = following
    in_month = [at]
    while (in_month[-1] + step_).month == at.month:
        in_month.append(in_month[-1] + step_)
    return max(one for one in in_month if one.day <= day.day)


def works(day: date) -> bool:
    return day.strftime("%a") not in {"Sat", "Sun"} and day not in HOLIDAYS


def working_days_earlier(day: date, count: int) -> date:
    while count:
        day -= ONE
        count -= works(day)
    return day


def brought_forward(day: date) -> date:
    while not works(day):
        day -= ONE
    return day


def test_the_oracle_by_hand():
    assert months_later(date(2024, 1, 31), 1) == date(2024, 2, 29)
    assert months_later(date(2024, 2, 29), 36) == date(2027, 2, 28)
    assert months_later(date(2024, 3, 31), -1) == date(2024, 2, 29)
    assert working_days_earlier(date(2026, 12, 29), 2) == date(2026, 12, 24)
    assert brought_forward(date(2027, 2, 28)) == date(2027, 2, 26)


def found(rules, granted, event):
    return [one.due for one in dues(rules, held(Cycle(granted=granted)), granted, HOLIDAYS) if one.event.id == event]


@pytest.mark.parametrize("months", [1, 12, 36])
def test_the_term(months):
    rules = scheme(term=f"{months} months")
    for granted in GRANTS:
        end = months_later(granted, months)
        assert expiry(rules, Cycle(granted=granted)) == end
        accreditation = held(Cycle(granted=granted))
        states = [state_on(rules, accreditation, day).status for day in (granted - ONE, granted, end, end + ONE)]
        assert states == [
            CertificateStatus.SOUGHT,
            CertificateStatus.HELD,
            CertificateStatus.HELD,
            CertificateStatus.LAPSED,
        ]


def test_the_windows_of_surveillance():
    """Once in each calendar year that lies wholly between grant and expiry; the first within twelve months as well."""
    visit = step("surveillance", role="audit", each_calendar_year=True, first_within="12 months")
    rules = scheme(visit, term="3 years")
    for granted in GRANTS:
        end, day, last_days = months_later(granted, 36), granted, {}
        while day <= end:
            last_days[day.year] = day
            day += ONE
        wanted = [last for year, last in last_days.items() if year not in {granted.year, end.year}]
        wanted[0] = min(wanted[0], months_later(granted, 12))
        assert found(rules, granted, "surveillance") == wanted
        # Held on the last day of each window, each answers its own, and not one is left.
        held_on = [happened("surveillance", str(last)) for last in wanted]
        done = dues(rules, held(Cycle(granted=granted, events=tuple(held_on))), end, HOLIDAYS)
        assert [one.done for one in done] == wanted


def test_what_recurs_from_the_grant():
    rules = scheme(step("scan", every="3 months"), step("plus", within="3 months"), term="12 months")
    for granted in GRANTS:
        quarters = [months_later(granted, months) for months in (3, 6, 9)]
        assert found(rules, granted, "scan") == quarters
        assert found(rules, granted, "plus") == quarters[:1]


def test_what_leads_up_to_the_expiry():
    rules = scheme(
        step("book", before="check", lead="2 months"),
        step("check", before="submission", lead="20 working days", lasts="12 months"),
        step("submission", role="submission", before="expiry", lead="1 month"),
        step("certification", before="expiry", opens_cycle=True),
        term="12 months",
    )
    for granted in GRANTS:
        end = months_later(granted, 12)
        submission = brought_forward(months_later(end, -1))
        check = working_days_earlier(submission, 20)
        book = brought_forward(months_later(check, -2))
        every = dues(rules, held(Cycle(granted=granted)), granted, HOLIDAYS)
        assert [(one.event.id, one.due) for one in every] == [
            ("book", book),
            ("check", check),
            ("submission", submission),
            ("certification", end),
        ]
        assert every[1].earliest == months_later(submission, -12)


def test_what_is_renewed_runs_on_and_what_has_lapsed_is_restored():
    """Renewed on its last day it runs on; from the day after it is restored, until six months on; then no more."""
    rules = scheme(term="3 years", runs_on=True, restoration="6 months")
    for granted in GRANTS:
        end, old = months_later(granted, 36), held(Cycle(granted=granted))
        last, next_end = months_later(end, 6), months_later(end, 36)
        for on, way, outcome in (
            (granted + ONE, Way.RUNS_ON, Grant.GRANTED),
            (end, Way.RUNS_ON, Grant.GRANTED),
            (end + ONE, Way.RESTORED, Grant.RESTORED),
            (last, Way.RESTORED, Grant.RESTORED),
        ):
            cycle, how = succeed(rules, old, Cycle(granted=on))
            assert (how, cycle.outcome, cycle.runs_from, expiry(rules, cycle)) == (way, outcome, end, next_end)
        assert isinstance(succeed(rules, old, Cycle(granted=last + ONE)), Barred)
        cycle, how = succeed(rules, old, Cycle(granted=last + ONE), anew=True)
        assert (how, expiry(rules, cycle)) == (Way.ANEW, months_later(last + ONE, 36))
        assert state_on(rules, old, last).status is CertificateStatus.RESTORABLE
        assert state_on(rules, old, last + ONE).status is CertificateStatus.LAPSED


def test_a_suspension_is_to_end_within_its_limit_and_before_the_expiry():
    rules = scheme(term="12 months", suspension="6 months")
    for granted in GRANTS:
        end = months_later(granted, 12)
        for since in (granted + ONE, end - ONE):
            suspended = held(Cycle(granted=granted, events=(happened("suspended", str(since)),)))
            wanted = min(months_later(since, 6), end)
            assert state_on(rules, suspended, since).until == wanted
            assert state_on(rules, suspended, since - ONE).status is CertificateStatus.HELD
