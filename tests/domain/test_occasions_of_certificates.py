"""The submissions and audits of an accreditation, and how long a piece serves by them, against a walk day by day."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from compliance.domain.registers.certificates.occasions import Occasions, occasions
from compliance.domain.registers.certificates.runs import runs_begun
from compliance.domain.standards.schemes import EventRole
from compliance.domain.terms.durations import Duration
from compliance.domain.terms.periods import Period
from compliance.domain.terms.spans import ALL_DAYS, EMPTY, from_day, spans, through

from ..builders.ledgers import cycle, day, happened, held, scheme, step

A_DAY = timedelta(days=1)
SUBMISSION = step("submission", role="submission", before="expiry", lead="1 month")
YEARLY = scheme(SUBMISSION, step("certification", before="expiry", opens_cycle=True), term="12 months")
AUDITED = scheme(
    step("surveillance", role="audit", each_calendar_year=True),
    step("recertification", role="audit", before="expiry", lead="2 months"),
    term="3 years",
    restoration="6 months",
)


def submissions(accreditation, known="2026-11-30", rules=YEARLY):
    return occasions(rules, accreditation, EventRole.SUBMISSION, day(known))


def audits(accreditation, known="2026-11-30", rules=AUDITED):
    return occasions(rules, accreditation, EventRole.AUDIT, day(known))


def texts(days):
    return [str(one) for one in days]


def test_an_overdue_submission_is_the_day_judged_however_far_that_is():
    """Known 30 November, sought by the 15th, nothing submitted; the age counts every day from then on."""
    sought = submissions(held(target="2026-12-15"))  # due on Friday, 13 November
    assert (texts(sought.upcoming), sought.overdue) == (["2026-11-13"], from_day(day("2026-11-13")))
    assert sought.reach(day("2026-12-10")) == day("2026-12-10")
    assert sought.reach(day("2026-10-01")) == day("2026-10-01")
    renewing = submissions(held(cycle("2025-12-15")))
    assert (texts(renewing.held), texts(renewing.upcoming)) == (["2025-12-15"], ["2026-11-13"])
    assert renewing.reach(day("2026-12-10")) == day("2026-12-10")
    assert renewing.reach(day("2026-10-01")) == day("2026-11-12")
    assert renewing.reach(day("2025-12-14")) == day("2025-12-14")


def test_what_was_granted_anew_after_an_end_holds_no_occasion_for_what_ended():
    """Expired on 15 June 2025, so ended on 16 June 2026; the submission of 15 May 2025 was never held."""
    restored_late = submissions(held(cycle("2024-06-15"), cycle("2026-07-01")))
    overdue = restored_late.overdue.periods
    assert [(str(days.start), str(days.end)) for days in overdue] == [("2025-05-15", "2026-06-15")]
    assert restored_late.last_by(day("2026-03-01")) == day("2026-03-01")
    assert restored_late.last_by(day("2026-07-01")) == day("2026-07-01")
    in_time = submissions(held(cycle("2024-06-15"), cycle("2026-06-01")))
    assert in_time.overdue == EMPTY
    assert in_time.last_by(day("2026-03-01")) == day("2024-06-15")


def test_an_occasion_after_the_day_known_counts_as_held_and_the_next_comes_a_term_later():
    granted = submissions(held(cycle("2026-03-31")))
    assert (texts(granted.held), texts(granted.upcoming), granted.overdue) == (["2026-03-31"], ["2027-02-26"], EMPTY)
    assert granted.reach(day("2027-02-25")) == day("2027-02-25")
    assert granted.reach(day("2027-02-26")) == day("2028-02-25")
    assert granted.reach(day("2031-01-01")) == day("2031-02-25")


def test_a_cycle_without_a_submission_of_its_own_has_its_grant_as_the_occasion():
    """A submission of January 2025 on record, granted in February of 2025 and 2026."""
    twice = held(cycle("2025-02-01"), cycle("2026-02-01"), events=(happened("submission", "2025-01-03"),))
    found = submissions(twice)
    assert texts(found.held) == ["2025-01-03", "2026-02-01"]
    assert found.reach(day("2025-06-01")) == day("2026-01-31")
    assert texts(submissions(twice, known="2026-01-31").held) == ["2025-01-03"]


def test_a_submission_after_the_last_grant_is_that_of_the_cycle_to_come():
    submitted = submissions(held(cycle("2025-12-15", None, happened("submission", "2026-11-02"))))
    assert texts(submitted.held) == ["2025-12-15", "2026-11-02"]
    assert (texts(submitted.upcoming), submitted.overdue) == (["2027-11-15"], EMPTY)


def test_a_submission_on_the_day_of_the_grant_belongs_to_that_grant_and_not_to_the_next():
    same_day = submissions(held(cycle("2026-03-31", None, happened("submission", "2026-03-31"))))
    assert (texts(same_day.held), texts(same_day.upcoming)) == (["2026-03-31"], ["2027-02-26"])


def test_every_grant_is_the_end_of_an_audit():
    renewed = held(cycle("2023-06-15", None, happened("surveillance", "2024-05-02")), cycle("2026-06-10"))
    found = audits(renewed)
    assert texts(found.held) == ["2023-06-15", "2024-05-02", "2026-06-10"]
    assert texts(found.upcoming) == ["2027-12-31", "2028-12-31", "2029-04-10"]


def test_where_no_audit_is_owed_the_next_grant_looks_at_the_evidence():
    plain = scheme(step("plus", role="audit", within="3 months", optional=True), term="12 months")
    found = audits(held(cycle("2026-03-31")), rules=plain)
    assert (texts(found.held), texts(found.upcoming)) == (["2026-03-31"], ["2027-03-31"])


def test_without_any_occasion_an_age_counts_every_day():
    nothing = submissions(held(cycle("2026-03-31")), rules=scheme(term="12 months"))
    assert (nothing.held, nothing.upcoming) == ((), ())
    assert nothing.reach(day("2020-01-01")) == day("2020-01-01")


@pytest.mark.parametrize(
    ("rules", "accreditation", "known", "last"),
    [
        (YEARLY, held(cycle("2024-03-31")), "2026-03-31", None),
        (YEARLY, held(cycle("2024-03-31")), "2026-04-01", "2026-03-31"),
        (AUDITED, held(cycle("2020-03-31")), "2026-03-31", None),
        (AUDITED, held(cycle("2020-03-31")), "2026-04-01", "2026-03-31"),
        (YEARLY, held(cycle("2026-03-31", None, happened("withdrawn", "2026-08-10"))), "2026-08-09", None),
        (YEARLY, held(cycle("2026-03-31", None, happened("withdrawn", "2026-08-10"))), "2026-08-10", "2026-08-09"),
    ],
)
def test_it_has_ended_when_withdrawn_or_expired_for_longer_than_a_term(rules, accreditation, known, last):
    wanted = ALL_DAYS if last is None else through(day(last))
    assert submissions(accreditation, known, rules).not_ended == wanted


def test_what_is_granted_anew_has_ended_in_between_only():
    anew = held(cycle("2023-03-31", None, happened("withdrawn", "2023-08-10")), cycle("2026-02-01"))
    assert list(ALL_DAYS - submissions(anew).not_ended) == [Period(day("2023-08-10"), day("2026-01-31"))]


def test_what_looked_at_the_evidence_for_a_certificate_that_has_ended_vouches_for_nothing_more():
    gone = held(
        cycle("2026-03-31", None, happened("submission", "2026-07-01"), happened("withdrawn", "2026-08-10")),
        target="2027-06-30",
    )
    found = submissions(gone, "2026-11-30")
    assert texts(found.upcoming) == ["2027-05-28"]
    assert found.reach(day("2026-07-02")) == day("2026-08-09")
    assert found.reach(day("2026-12-24")) == day("2026-12-24")
    assert found.reach(day("2027-05-28")) == day("2028-05-27")
    on_its_last_day = held(
        cycle("2026-03-31", None, happened("submission", "2026-08-10"), happened("withdrawn", "2026-08-10"))
    )
    assert submissions(on_its_last_day).reach(day("2026-08-10")) == day("2026-08-10")


def test_a_run_begins_with_the_first_grant_after_a_break():
    """Renewed, also late, nothing is cut anew; what had ended or lapsed beyond restoration began again."""
    assert runs_begun(YEARLY, held()) == ()
    renewed = held(cycle("2024-02-10"), cycle("2025-02-20"), cycle("2026-01-30"))
    assert runs_begun(YEARLY, renewed) == (day("2024-02-10"),)
    unordered = held(cycle("2025-02-20"), cycle("2024-02-10"))
    assert runs_begun(YEARLY, unordered) == (day("2024-02-10"),)
    lost = held(cycle("2024-02-10", None, happened("withdrawn", "2024-09-01")), *renewed.cycles[1:])
    assert runs_begun(YEARLY, lost) == (day("2024-02-10"), day("2025-02-20"))
    restored, anew = held(cycle("2020-01-10"), cycle("2023-07-10")), held(cycle("2020-01-10"), cycle("2023-07-11"))
    assert runs_begun(AUDITED, restored) == (day("2020-01-10"),)
    assert runs_begun(AUDITED, anew) == (day("2020-01-10"), day("2023-07-11"))
    for_long = held(cycle("2022-02-10"), cycle("2024-02-11"))
    assert runs_begun(YEARLY, for_long) == (day("2022-02-10"), day("2024-02-11"))


NEAR = st.dates(date(2023, 1, 1), date(2028, 12, 31))


def served(found, limit, through):
    """The days from a limit on, and whether a piece of that limit serves, told by walking from day to day."""
    timeline, last, at = {*found.held, *found.upcoming}, None, date(2022, 1, 1)
    if found.upcoming:
        timeline |= {found.upcoming[-1].replace(year=found.upcoming[-1].year + years) for years in range(1, 12)}
    while at <= through:
        if at not in found.not_ended and at - A_DAY in found.not_ended:
            last = None  # it ends, and what looked at the evidence by then vouches for nothing any more
        elif at in timeline:
            last = at
        if at in found.overdue:
            last = at
        if at >= limit:
            yield limit >= (last or at)
        at += A_DAY


@st.composite
def known_occasions(draw):
    early = st.dates(date(2023, 1, 1), date(2026, 11, 30)).filter(lambda occasion: occasion.day <= 28)
    late = st.dates(date(2026, 1, 1), date(2028, 6, 28)).filter(lambda occasion: occasion.day <= 28)
    upcoming = sorted(draw(st.sets(late, max_size=3)))
    gone = draw(st.lists(st.tuples(NEAR, st.integers(0, 400)), max_size=2))
    return Occasions(
        accreditation="A-1",
        role=EventRole.SUBMISSION,
        held=tuple(sorted(draw(st.sets(early, max_size=4)))),
        upcoming=tuple(upcoming),
        overdue=from_day(upcoming[0]) if upcoming and draw(st.booleans()) else EMPTY,
        term=Duration(12),
        not_ended=ALL_DAYS - spans(Period(start, start + A_DAY * length) for start, length in gone),
    )


@given(known_occasions(), NEAR)
def test_a_piece_serves_from_the_end_of_its_age_to_its_reach_and_not_on_the_day_after(found, limit):
    reach, horizon = found.reach(limit), date(2031, 1, 1)
    assert reach >= limit
    days = list(served(found, limit, min(reach, horizon) + A_DAY))
    assert all(days[: (min(reach, horizon) - limit).days + 1])
    assert reach >= horizon or not days[-1]


def walked(accreditation, known):
    """The occasions held under a yearly scheme and the days on which it has ended, told by walking from day to day."""
    submitted = {past.on for past in accreditation.happened() if past.event == "submission" and past.on <= known}
    withdrawn = {past.on for past in accreditation.happened() if past.event == "withdrawn" and past.on <= known}
    held_on, gone = set(submitted), set()
    has_ended, has_own, newest, at = False, False, None, date(2022, 1, 1)
    while at <= known:
        granted = any(one.granted == at for one in accreditation.cycles)
        if granted:
            if not (has_own or at in submitted):
                held_on.add(at)
            has_ended, has_own, newest = False, False, at
        elif newest and not has_ended and (at in withdrawn or at > newest.replace(year=newest.year + 2)):
            has_ended, has_own = True, False
        elif at in submitted:
            has_own = True
        if has_ended:
            gone.add(at)
        at += A_DAY
    return sorted(held_on), gone


@st.composite
def yearly_certificates(draw):
    """Cycles on days of their own, each with what took place in it, none of it on the day of a grant or an end."""
    days = st.dates(date(2023, 1, 1), date(2026, 11, 28)).filter(lambda chosen: chosen.day <= 28)
    grants = sorted(draw(st.sets(days, max_size=4)))
    past = [day_ for day_ in sorted(draw(st.sets(days, max_size=5))) if day_ not in grants]
    names = [draw(st.sampled_from(["submission", "submission", "withdrawn"])) if grants else "submission" for _ in past]
    events = [happened(name, str(on)) for name, on in zip(names, past, strict=True)]
    cycles = []
    for number, granted in enumerate(grants):
        until = grants[number + 1] if number + 1 < len(grants) else date.max
        cycles.append(cycle(str(granted), None, *(one for one in events if granted < one.on < until)))
    first = tuple(one for one in events if one.event == "submission" and (not grants or one.on < grants[0]))
    return held(*cycles, events=first)


@given(yearly_certificates(), st.dates(date(2024, 1, 1), date(2028, 12, 31)))
def test_what_was_held_and_when_it_had_ended_is_what_a_walk_from_day_to_day_finds(accreditation, known):
    found = submissions(accreditation, known)
    held_on, gone = walked(accreditation, known)
    assert list(found.held) == held_on
    at = date(2022, 1, 1)
    while at <= known:
        assert (at in gone) is (at not in found.not_ended), at
        at += A_DAY
    assert (known in gone) is (date.max not in found.not_ended)
