"""What holds of every ledger: laws of verdicts, tried on many drawn ones."""

from __future__ import annotations

import calendar
from datetime import date, timedelta

from hypothesis import assume, given
from hypothesis import strategies as st

from compliance.domain.assessment.assess import Assessor, assess
from compliance.domain.terms.durations import Duration, after, before
from compliance.domain.terms.verdicts import Judgement, Verdict, best, worst

from ..builders.ledgers import (
    HORIZON,
    altered,
    any_of,
    approved,
    catalogue,
    control,
    event,
    expects,
    finding,
    judged,
    nil_return,
    piece,
    rejected,
    review,
    scope,
    withdrawn,
    world,
)

ON = date(2026, 11, 21)
DAYS = st.dates(date(2025, 6, 1), date(2027, 6, 1))
RULES = st.sampled_from(
    [
        "max-age 6 months",
        "max-age 90 days",
        "once",
        "every 3 months",
        "every 2 months grace 5 days",
        "each quarter",
        "each month",
        "on change within 30 days",
        "on failed-scan within 30 days",
    ]
)
JUDGEMENTS = st.lists(
    st.builds(
        Judgement,
        verdict=st.sampled_from(Verdict),
        evidence=st.sampled_from(["", "E-1", "E-2"]),
        evidence_date=st.none() | DAYS,
        until=st.none() | DAYS,
    ),
    min_size=1,
    max_size=5,
)


def pieces(results=("pass", "fail"), **fixed):
    """Up to six pieces, each with an id of its own."""
    one = st.fixed_dictionaries(
        {
            "on": DAYS,
            "result": st.sampled_from(results),
            "per": st.sampled_from([{}, {"system": "web"}]),
            "kind": st.sampled_from(["report", "scan"]),
            **fixed,
        }
    )
    return st.lists(one, max_size=6).map(
        lambda drawn: [piece(f"E-{number}", **given) for number, given in enumerate(drawn)]
    )


@st.composite
def all_sorts(draw):
    """Pieces in every state of review, of date and of life."""
    wanted = draw(RULES)
    known = catalogue(control("1", expects(wanted)))
    found = draw(pieces())
    changed = []
    for number, item in enumerate(found):
        match draw(st.integers(0, 7)):
            case 0:
                changed.append(approved(item, known))
            case 1:
                changed.append(altered(approved(item, known), sha256="other"))
            case 2:
                changed.append(rejected(item))
            case 3:
                changed.append(altered(item, date=None))
            case 4:
                changed.append(
                    altered(item, withdrawn=withdrawn("2026-10-01", draw(st.sampled_from(["invalid", "retired"]))))
                )
            case 5:
                changed.append(altered(item, supersedes=f"E-{(number + 1) % 6}"))
            case 6:
                changed.append(altered(item, valid_until=draw(DAYS)))
            case _:
                changed.append(item)
    return known, changed


@st.composite
def nil_returns(draw):
    """A nil return, most often for some months up to about the day it was given on."""
    given_on, months, ahead = draw(DAYS), draw(st.integers(0, 400)), draw(st.integers(-20, 60))
    start, end = given_on - timedelta(days=months), given_on + timedelta(days=ahead)
    covered = draw(st.sampled_from(["", f"{min(start, end)}/{end}"]))
    return nil_return(draw(st.sampled_from(["change", "failed-scan"])), covered, str(given_on))


EVENTS = st.lists(
    st.builds(event, st.sampled_from(["change", "failed-scan"]), DAYS.map(str)) | nil_returns(), max_size=4
)


def rank(*things, on=ON, known=ON):
    return judged(world(*things), on=on, known=known).verdict.rank


@given(JUDGEMENTS, st.randoms(use_true_random=False))
def test_the_best_and_the_worst_are_among_those_given_and_do_not_depend_on_their_order(judgements, random):
    found = best(judgements), worst(judgements)
    assert all(one in judgements for one in found)
    assert found[0].verdict.rank == min(one.verdict.rank for one in judgements)
    assert found[1].verdict.rank == max(one.verdict.rank for one in judgements)
    shuffled = random.sample(judgements, len(judgements))
    assert best(shuffled).verdict == found[0].verdict
    assert best(shuffled).evidence_date == found[0].evidence_date
    assert worst(shuffled).verdict == found[1].verdict
    assert worst(shuffled).until == found[1].until


@given(JUDGEMENTS, JUDGEMENTS)
def test_the_best_and_the_worst_may_be_found_in_parts(some, others):
    assert best([best(some), best(others)]) == best(some + others)
    assert worst([worst(some), worst(others)]) == worst(some + others)


@given(all_sorts(), EVENTS, DAYS, st.randoms(use_true_random=False))
def test_the_order_of_evidence_and_events_never_matters(drawn, events, on, random):
    known, found = drawn
    policy = review("scan")
    straight = judged(world(known, policy, *found, *events), on=on)
    mixed = random.sample([*found, *events], len(found) + len(events))
    assert judged(world(known, policy, *mixed), on=on) == straight


@given(all_sorts(), EVENTS, DAYS, DAYS)
def test_the_same_arguments_give_the_same_answer_alone_or_beside_other_scopes(drawn, events, on, known_day):
    known, found = drawn
    ledger = world(known, scope(), scope("other"), *found, *events)
    here, there = ledger.settings.scopes
    once = assess(ledger, here, on, known_day, HORIZON)
    assert assess(ledger, here, on, known_day, HORIZON) == once
    together = Assessor(ledger, on, known_day, HORIZON)
    together.assess(there)
    assert together.assess(here) == once == together.assess(here)


@given(all_sorts(), EVENTS, DAYS, st.integers(1, 400))
def test_evidence_dated_after_the_day_judged_is_ignored_whatever_it_is(drawn, events, on, later):
    known, found = drawn
    past = [one for one in found if not one.date or one.date <= on]
    more = [altered(one, id=f"E-L{one.id}", date=on + timedelta(days=later), supersedes="") for one in found]
    assert judged(world(known, *past, *more, *events), on=on) == judged(world(known, *past, *events), on=on)


@given(
    st.sampled_from(["max-age 6 months", "once", "on change within 30 days", "on failed-scan within 30 days"]),
    pieces(),
    EVENTS,
    DAYS,
)
def test_adding_an_accepted_pass_never_worsens_a_verdict(how, found, events, day):
    known, policy = catalogue(control("1", expects(how))), review("scan")
    more = piece("E-NEW", day, result="pass")
    assert rank(known, policy, *found, *events, more) <= rank(known, policy, *found, *events)


@given(
    st.sampled_from(["every 3 months", "every 45 days grace 5 days", "each quarter", "each month"]),
    pieces(),
    st.dates(date(2025, 11, 22), ON),
)
def test_adding_an_accepted_pass_within_the_window_never_worsens_a_series(how, found, day):
    known, policy = catalogue(control("1", expects(how))), review("scan")
    more = piece("E-NEW", day, result="pass")
    assert rank(known, policy, *found, more) <= rank(known, policy, *found)


@given(pieces(), DAYS, st.integers(0, 400), st.sampled_from(["max-age 6 months", "max-age 90 days"]))
def test_the_verdict_on_an_age_only_worsens_as_the_day_judged_moves_on(found, on, days, how):
    assume(all(one.date <= on for one in found))
    known = catalogue(control("1", expects(how)))
    assert rank(known, *found, on=on) <= rank(known, *found, on=on + timedelta(days=days))


@given(RULES, pieces(), EVENTS, DAYS, DAYS, st.integers(0, 400))
def test_what_is_due_can_only_become_a_gap_as_more_days_are_known(how, found, events, on, known_day, days):
    known = catalogue(control("1", expects(how)))
    things = (known, *found, *events)
    assert rank(*things, on=on, known=known_day) <= rank(*things, on=on, known=known_day + timedelta(days=days))


@given(RULES, pieces(), EVENTS, DAYS)
def test_a_longer_horizon_only_announces_more(how, found, events, on):
    ledger = world(catalogue(control("1", expects(how))), *found, *events)
    short, long = (judged(ledger, on=on, horizon=timedelta(days=days)).verdict for days in (0, 365))
    assert short == long or (short, long) == (Verdict.EVIDENCED, Verdict.LAPSING)


@given(RULES, RULES, pieces(), EVENTS, st.sampled_from([{"basis": "advice"}, {"optional": True}]))
def test_advice_and_optional_expectations_never_change_a_control(how, other, found, events, weak):
    firm, soft = expects(how), expects(other, id="soft", **weak)
    alone, beside = catalogue(control("1", firm)), catalogue(control("1", soft, firm))
    assert rank(alone, *found, *events) == rank(beside, *found, *events)


@given(RULES, RULES, pieces(), EVENTS)
def test_an_alternative_never_worsens_and_another_binding_expectation_never_mends(how, other, found, events):
    one, two = expects(how, id="a"), expects(other, id="b")
    ranks = [
        rank(catalogue(control("1", *wanted)), *found, *events)
        for wanted in ((one,), (two,), (any_of(one, two),), (one, two))
    ]
    assert ranks[2] == min(ranks[:2])
    assert ranks[3] == max(ranks[:2])


@given(RULES, pieces(), EVENTS)
def test_an_open_major_finding_makes_every_control_a_gap(how, found, events):
    known = catalogue(control("1", expects(how)))
    assert judged(world(known, finding(), *found, *events)).is_gap


@given(
    st.dates(date(2025, 11, 21), ON),
    st.lists(st.integers(0, 365), max_size=8),
    st.sampled_from([("3 months", "0 days"), ("2 months", "3 days"), ("30 days", "0 days")]),
)
def test_a_series_is_whole_if_every_day_has_a_pass_or_the_beginning_recently_before_it(begins, offsets, pace):
    interval, grace = pace
    days = sorted({begins + timedelta(days=number) for number in offsets if begins + timedelta(days=number) <= ON})
    found = [piece(f"E-{number}", on) for number, on in enumerate(days)]
    known = catalogue(control("1", expects(f"every {interval} grace {grace}")))
    length = {"3 months": Duration(3), "2 months": Duration(2)}.get(interval)
    extra = timedelta(days=int(grace.split()[0]))

    def last_day(day: date) -> date:
        return (after(day, length) if length else day + timedelta(days=30)) + extra

    starts = [begins, *days]
    each_day = (begins + timedelta(days=number) for number in range(1, (ON - begins).days + 1))
    whole = all(any(start < day <= last_day(start) for start in starts) for day in each_day)
    verdict = judged(world(known, scope(start=str(begins)), *found), on=ON, known=ON).verdict
    assert verdict.is_gap == (not whole)


@given(st.lists(DAYS, max_size=20), DAYS, DAYS)
def test_each_month_is_missed_if_a_month_that_ended_in_the_last_twelve_has_no_pass(days, on, known_day):
    found = [piece(f"E-{number}", day) for number, day in enumerate(days)]
    passed = {(day.year, day.month) for day in days if day <= on}
    start, ended = before(on, Duration(12)), set()
    day = start
    while day < on:
        if day.day == calendar.monthrange(day.year, day.month)[1] and day < known_day:
            ended.add((day.year, day.month))
        day += timedelta(days=1)
    verdict = judged(world(catalogue(control("1", expects("each month"))), *found), on=on, known=known_day).verdict
    assert verdict.is_gap == bool(ended - passed)


QUIET = catalogue(control("1", expects("on change within 30 days")))


@given(st.lists(nil_returns(), max_size=5), DAYS)
def test_without_events_every_day_from_two_years_back_to_one_year_back_is_told(nil, on):
    told = {
        one.period.start + timedelta(days=number)
        for one in nil
        if one.type == "change" and one.period and one.date <= on
        for number in range((min(one.period.end, one.date) - one.period.start).days + 1)
    }
    verdict = judged(world(QUIET, *nil), on=on, known=on).verdict
    first, last = after(on, Duration(12), -2), before(on, Duration(12))
    if not any(first <= day <= on for day in told):
        assert verdict is Verdict.MISSING
        return
    asked = [first + timedelta(days=number) for number in range((last - first).days + 1)]
    due = [day for day in asked if after(day, Duration(12)) <= on]
    assert verdict.is_gap == (not all(day in told for day in due))


@given(st.lists(st.integers(1, 364), max_size=5, unique=True), st.data())
def test_a_year_parted_into_nil_returns_is_whole_and_is_not_without_one_of_them(cuts, data):
    first = before(ON, Duration(12))
    starts = [first + timedelta(days=number) for number in (0, *sorted(cuts))]
    ends = [*(start - timedelta(days=1) for start in starts[1:]), ON]
    nil = [nil_return("change", f"{start}/{end}") for start, end in zip(starts, ends, strict=True)]
    begun = scope(start=str(first))
    a_year_on = after(ON, Duration(12))
    assert not judged(world(QUIET, begun, *nil), on=a_year_on, known=a_year_on).is_gap
    lost = data.draw(st.sampled_from(nil))
    rest = [one for one in nil if one is not lost]
    assert judged(world(QUIET, begun, *rest), on=a_year_on, known=a_year_on).is_gap


@given(st.lists(nil_returns(), min_size=1, max_size=4), st.data(), DAYS, st.integers(1, 100))
def test_a_nil_return_that_speaks_for_more_never_worsens_the_verdict(nil, data, on, days):
    one = data.draw(st.sampled_from(nil))
    assume(one.period)
    earlier = altered(one, period=altered(one.period, start=one.period.start - timedelta(days=days)))
    rest = [other for other in nil if other is not one]
    assert rank(QUIET, *rest, earlier, on=on, known=on) <= rank(QUIET, *rest, one, on=on, known=on)


@given(pieces(kind=st.sampled_from(["scan", "report"])), DAYS, st.integers(0, 60))
def test_a_fail_recorded_as_an_event_as_well_is_counted_once(found, on, later):
    rescans = catalogue(
        control("1", expects("max-age 12 months", id="scan"), expects("on failed-scan within 30 days", id="rescan"))
    )
    doubled = [
        event("failed-scan", one.date + timedelta(days=later), id=f"V-{one.id}", source=one.id)
        for one in found
        if one.kind.value == "scan" and one.result.value == "fail" and one.date <= on
    ]
    alone = judged(world(rescans, *found), on=on, known=on)
    assert judged(world(rescans, *found, *doubled), on=on, known=on) == alone
