"""What holds of any accreditation under any scheme, whatever anybody wrote into it."""

from __future__ import annotations

from datetime import date, timedelta

from hypothesis import example, given
from hypothesis import strategies as st

from compliance.domain.registers.accreditations import dues_of_accreditation
from compliance.domain.registers.certificates.accreditation import Grant
from compliance.domain.registers.certificates.cycles import dues
from compliance.domain.registers.certificates.occasions import occasions
from compliance.domain.registers.certificates.order import order_faults
from compliance.domain.registers.certificates.states import CertificateStatus, ended, expiry, state_on
from compliance.domain.registers.certificates.succession import Barred, succeed
from compliance.domain.standards.schemes import EventRole
from compliance.domain.terms.vocabulary import STATUS_CHANGES

from ..builders.ledgers import catalogue, cycle, happened, held, scheme, step

NEAR = st.dates(date(2020, 1, 1), date(2032, 12, 31))
DAYS = st.one_of(NEAR, NEAR, st.sampled_from([date.min, date(1, 1, 20), date(9999, 6, 1), date.max]))
STEPS = (
    step("visit", role="audit", each_calendar_year=True, first_within="12 months"),
    step("scan", every="3 months"),
    step("check", before="submission", lead="20 working days", lasts="12 months"),
    step("book", before="check", lead="1 month", books=True),
    step("submission", role="submission", before="expiry", lead="1 month"),
    step("decision", before="expiry", opens_cycle=True),
    step("stage-1", role="audit", before="stage-2", lead="2 months"),
    step("stage-2", role="audit"),
)
NAMES = st.sampled_from([*STATUS_CHANGES, *(one.id for one in STEPS)])
EVENTS = st.lists(st.builds(happened, NAMES, DAYS, body=st.sampled_from(["", "Beech Assurance"])), max_size=5)
CYCLES = st.lists(
    st.builds(
        lambda on, end, events, outcome: cycle(on, end, *events, outcome=outcome),
        st.one_of(NEAR, st.sampled_from([date(9999, 6, 1), date.max])),
        st.none() | NEAR,
        EVENTS,
        st.sampled_from(Grant),
    ),
    max_size=3,
)
SCHEMES = st.builds(
    lambda term, restoration, suspension, runs_on: scheme(
        *STEPS, term=term, runs_on=runs_on, **restoration, **suspension
    ),
    st.sampled_from(["", "12 months", "3 years"]),
    st.sampled_from([{}, {"restoration": "6 months"}]),
    st.sampled_from([{}, {"suspension": "6 months"}]),
    st.booleans(),
)
HELD = st.builds(
    lambda cycles, events, target, planned: held(*cycles, events=tuple(events), planned=planned, **target),
    CYCLES,
    EVENTS,
    st.just({}) | st.builds(lambda day: {"target": day}, DAYS),
    st.dictionaries(st.sampled_from([one.id for one in STEPS]), DAYS, max_size=2),
)


@given(SCHEMES, HELD, NEAR)
@example(scheme(STEPS[0]), held(cycle("0001-01-01")), date(9999, 6, 1))
@example(scheme(*STEPS), held(cycle("9999-01-01", "9999-12-31")), date.max)
@example(scheme(*STEPS, term="3 years"), held(cycle("9999-06-01")), date.max)
@example(scheme(*STEPS), held(planned={"visit": "0001-01-20"}, target="0001-01-21"), date(1, 1, 20))
def test_every_question_has_an_answer_and_no_two_contradict_each_other(rules, accreditation, on):
    state = state_on(rules, accreditation, on)
    now = accreditation.cycle_on(on)
    assert (state.status is CertificateStatus.SOUGHT) == (now is None)
    assert state.since is None or state.since <= on
    if now:
        end = expiry(rules, now)
        gone = ended(rules, now, on)
        in_force = state.status in {
            CertificateStatus.HELD,
            CertificateStatus.WITH_CONDITIONS,
            CertificateStatus.ASSESSED,
        }
        assert not (gone and (in_force or state.status in {CertificateStatus.SUSPENDED, CertificateStatus.RESTORABLE}))
        assert not (in_force and end and end < on)
        assert (state.status is CertificateStatus.WITHDRAWN) == (now.withdrawn(on) is not None)
    list(order_faults(rules, accreditation))
    list(dues_of_accreditation(accreditation, catalogue(scheme=rules), on, frozenset()))
    for due in dues(rules, accreditation, on):
        assert due.done is None or due.done <= on
    for role in EventRole:
        found = occasions(rules, accreditation, role, on)
        assert all(day <= on for day in found.held)
        assert (on in found.overdue) == (bool(found.upcoming) and found.upcoming[0] <= on)
        assert all(found.reach(limit) >= limit for limit in (date.min, on, *found.held, *found.upcoming, date.max))


@given(SCHEMES, NEAR, NEAR, st.booleans())
def test_a_grant_is_barred_or_gives_a_record_in_which_nothing_is_wrong(rules, first, on, anew):
    before = held(cycle(first))
    found = succeed(rules, before, cycle(on), anew=anew)
    if isinstance(found, Barred):
        assert found.sentence
        assert found.hint
        return
    after = held(*before.cycles, found[0])
    assert list(order_faults(rules, after)) == []
    assert state_on(rules, after, on).status in {CertificateStatus.HELD, CertificateStatus.ASSESSED}
    assert state_on(rules, after, on - timedelta(days=1)) == state_on(rules, before, on - timedelta(days=1))


@given(SCHEMES, EVENTS, NEAR)
def test_events_in_another_order_in_the_file_tell_the_same_unless_they_are_of_one_day(rules, events, on):
    distinct = {one.on: one for one in events}.values()
    there, back = (
        held(cycle("2024-01-01", None, *several))
        for several in (distinct, sorted(distinct, key=lambda one: -one.on.toordinal()))
    )
    assert state_on(rules, there, on) == state_on(rules, back, on)
    assert dues(rules, there, on) == dues(rules, back, on)
