"""The life of a certificate: its expiry, and what its scheme wants done before."""

from __future__ import annotations

import pytest

from compliance.domain.registers.certificates.accreditation import Accreditation
from compliance.domain.registers.certificates.cycles import dues
from compliance.domain.registers.certificates.occasions import occasions
from compliance.domain.registers.certificates.states import expiry, state_on
from compliance.domain.standards.schemes import EventRole
from compliance.domain.terms.spans import EMPTY, from_day

from ..builders.ledgers import TODAY, cycle, day, happened, held, scheme, step

SURVEILLANCE = step("surveillance", role="audit", each_calendar_year=True, first_within="12 months")
CERTIFIED = scheme(SURVEILLANCE, term="3 years")


def due_days(rules, accreditation, on=TODAY, event=None, holidays=frozenset()):
    found = dues(rules, accreditation, day(on), holidays)
    return [str(one.due) for one in found if not one.done and event in {None, one.event.id}]


def done_days(rules, accreditation, on=TODAY, event=None):
    found = dues(rules, accreditation, day(on))
    return [(str(one.due), str(one.done)) for one in found if one.done and event in {None, one.event.id}]


@pytest.mark.parametrize(
    ("term", "granted", "ends"),
    [
        ("3 years", "2026-06-15", "2029-06-15"),
        ("12 months", "2028-02-29", "2029-02-28"),
        ("1 month", "2026-01-31", "2026-02-28"),
    ],
)
def test_a_cycle_expires_its_term_after_the_grant(term, granted, ends):
    assert expiry(scheme(term=term), cycle(granted)) == day(ends)


def test_the_day_that_the_certificate_states_wins():
    assert expiry(CERTIFIED, cycle("2026-06-15", "2029-05-31")) == day("2029-05-31")


def test_without_a_term_and_a_stated_day_nothing_expires():
    assert expiry(scheme(), cycle("2026-06-15")) is None


def test_cycles_are_kept_and_the_newest_granted_by_the_day_counts():
    both = held(cycle("2023-06-15"), cycle("2026-06-15"))
    assert both.cycle_on(day("2023-06-14")) is None
    assert both.cycle_on(day("2026-06-14")) == both.cycles[0]
    assert both.cycle_on(day("2026-06-15")) == both.cycles[1]
    assert due_days(CERTIFIED, both, "2024-01-01") == ["2024-06-15", "2025-12-31"]
    assert due_days(CERTIFIED, both, "2026-06-15") == ["2027-12-31", "2028-12-31"]


def test_surveillance_is_once_a_calendar_year_but_that_of_the_expiry_and_the_first_within_twelve_months():
    assert due_days(CERTIFIED, held(cycle("2026-06-15"))) == ["2027-06-15", "2028-12-31"]


def test_surveillance_in_its_calendar_year_answers_that_year_only():
    done = cycle("2026-06-15", None, happened("surveillance", "2027-05-01"))
    assert done_days(CERTIFIED, held(done), "2028-01-01") == [("2027-06-15", "2027-05-01")]
    assert due_days(CERTIFIED, held(done), "2028-01-01") == ["2028-12-31"]


VISITS = scheme(
    step("internal-audit", before="surveillance", lead="2 months"),
    SURVEILLANCE,
    step("recertification", role="audit", before="expiry", lead="2 months"),
    term="3 years",
)


def at_risk(events, on, rules=VISITS, granted="2024-06-15"):
    state = state_on(rules, held(cycle(granted, None, *events)), day(on))
    assert state.at_risk is state.why.startswith("at risk")
    return state.why


def test_a_surveillance_held_late_closes_the_row_of_its_year_and_its_steps():
    """Held on 20 January for the year before, and again in October; nothing of the first stays overdue."""
    late = happened("surveillance", "2026-01-20")
    accreditation = held(cycle("2024-06-15", None, late, happened("surveillance", "2026-10-20")))
    assert done_days(VISITS, accreditation, "2026-11-30", "surveillance") == [
        ("2025-06-15", "2026-01-20"),
        ("2026-12-31", "2026-01-20"),
    ]
    assert due_days(VISITS, accreditation, "2026-11-30") == ["2027-04-15"]
    assert due_days(VISITS, held(cycle("2024-06-15", None, late)), "2026-02-01") == ["2027-04-15"]


def test_a_year_that_passed_without_surveillance_is_not_overdue_but_puts_the_certificate_at_risk():
    """Until the next audit is held, or the body's word is on record."""
    nothing = held(cycle("2024-06-15"))
    assert due_days(VISITS, nothing, "2025-12-31") == [
        "2025-04-15",
        "2025-06-15",
        "2026-10-30",
        "2026-12-31",
        "2027-04-15",
    ]
    assert due_days(VISITS, nothing, "2026-01-01") == ["2026-10-30", "2026-12-31", "2027-04-15"]
    said = "at risk: the body may suspend (Surveillance: none in 2025)"
    assert [at_risk([], on) for on in ("2025-12-31", "2026-01-01", "2027-01-01")] == [
        "",
        said,
        "at risk: the body may suspend (Surveillance: none in 2025 and 2026)",
    ]
    audited_late = [happened("surveillance", "2026-01-20")]
    assert [at_risk(audited_late, on) for on in ("2026-01-19", "2026-01-20", "2027-01-01")] == [said, "", ""]
    assert at_risk([happened("recertification", "2027-03-01")], "2027-03-01") == ""
    assert at_risk([happened("internal-audit", "2026-02-01")], "2026-03-01") == said
    assert at_risk([happened("confirmed", "2026-02-01")], "2026-03-01") == "confirmed on 2026-02-01"
    assert at_risk([happened("confirmed", "2025-12-01")], "2026-03-01").startswith(said)
    back = [happened("suspended", "2026-02-01"), happened("restored", "2026-05-01")]
    assert at_risk(back, "2026-02-01").startswith("suspended since")
    assert at_risk(back, "2026-06-01") == "restored on 2026-05-01 after a suspension"


def test_a_year_that_passed_without_surveillance_is_no_occasion_to_look_at_evidence():
    found = occasions(VISITS, held(cycle("2024-06-15")), EventRole.AUDIT, day("2026-03-01"))
    assert ([str(on) for on in found.upcoming], found.overdue) == (["2026-12-31", "2027-04-15"], EMPTY)
    running = occasions(VISITS, held(cycle("2024-06-15")), EventRole.AUDIT, day("2025-07-01"))
    assert (str(running.upcoming[0]), running.overdue) == ("2025-06-15", from_day(day("2025-06-15")))


def test_a_day_agreed_in_a_year_that_passed_is_not_overdue_either():
    planned = held(cycle("2024-06-15"), planned={"surveillance": "2025-11-20"})
    assert due_days(VISITS, planned, "2025-12-31", "surveillance") == ["2025-06-15", "2026-12-31"]
    assert due_days(VISITS, planned, "2026-01-01", "surveillance") == ["2026-12-31"]


def test_an_audit_of_each_calendar_year_is_the_one_agreed_for_that_year_however_early():
    """Agreed for 10 May, held on 20 March: that is it."""
    early = held(
        cycle("2024-06-15", None, happened("surveillance", "2026-03-20")), planned={"surveillance": "2026-05-10"}
    )
    assert due_days(VISITS, early, "2026-05-11", "surveillance") == []
    last = occasions(VISITS, early, EventRole.AUDIT, day("2026-05-11"))
    assert (str(last.held[-1]), str(last.upcoming[0])) == ("2026-03-20", "2027-04-15")
    before = cycle("2024-06-15", None, happened("surveillance", "2025-12-20"))
    next_year = held(before, planned={"surveillance": "2026-01-10"})
    assert [str(due.day) for due in dues(VISITS, next_year, day("2026-01-05")) if due.planned] == ["2026-01-10"]


@pytest.mark.parametrize(
    ("expires", "events", "planned", "wanted"),
    [
        ("2026-01-20", [happened("recertification", "2025-11-12")], {}, []),
        ("2026-01-20", [], {}, []),
        ("2026-01-20", [], {"recertification": "2026-01-08"}, ["2025-12-31"]),
        ("2026-03-31", [], {}, ["2025-12-31"]),
        ("2026-03-31", [], {"recertification": "2025-12-09"}, []),
    ],
)
def test_the_year_of_the_recertification_audit_owes_no_surveillance(expires, events, planned, wanted):
    rules = scheme(*VISITS.events, term="3 years", restoration="6 months")
    before = cycle("2020-01-21")
    renewed = held(before, cycle("2023-01-20", expires, *events), planned=planned)
    in_its_first_year = dues(rules, renewed, day("2024-03-01" if not events else "2025-11-12"))
    found = [str(due.due) for due in in_its_first_year if due.event.id == "surveillance" and due.due.year > 2024]
    assert found == wanted


def test_the_limit_for_the_first_surveillance_is_that_of_the_initial_certification():
    """Renewed, or restored, the calendar year is all; granted anew it is an initial certification again."""
    rules = scheme(*VISITS.events, term="3 years", restoration="6 months")
    first = cycle("2023-06-15")
    for granted, wanted in (("2026-06-10", "2027-12-31"), ("2026-12-15", "2027-12-31"), ("2026-12-16", "2027-12-16")):
        renewed = held(first, cycle(granted))
        assert due_days(rules, renewed, granted, "surveillance")[0] == wanted
    anew = held(cycle("2023-06-15", None, happened("withdrawn", "2024-01-10")), cycle("2024-05-10"))
    assert due_days(rules, anew, "2024-05-10", "surveillance") == ["2025-05-10", "2026-12-31"]


def test_a_check_before_the_grant_that_is_in_date_for_the_next_submission_is_not_asked_for_again():
    checked = happened("health-check", "2026-03-10")
    rules = scheme(
        step("health-check", before="submission", lead="3 months", lasts="12 months"),
        step("submission", role="submission", before="expiry", lead="1 month"),
        term="12 months",
    )
    before_it = held(cycle("2026-04-01"), events=(checked,))
    assert due_days(rules, before_it, "2026-05-01", "health-check") == []
    assert done_days(rules, before_it, "2026-05-01", "health-check") == [("2026-12-01", "2026-03-10")]
    later = held(cycle("2026-04-01"), events=(checked,), planned={"submission": "2027-03-11"})
    assert due_days(rules, later, "2026-05-01", "health-check") == ["2026-12-11"]
    of_the_cycle_before = held(cycle("2025-04-01", None, checked), cycle("2026-04-01"))
    assert due_days(rules, of_the_cycle_before, "2026-05-01", "health-check") == []
    assert due_days(rules, held(cycle("2026-04-01"), events=(checked,)), "2026-03-09", "health-check") == []


def test_what_happened_after_the_day_judged_has_not_happened_yet():
    done = cycle("2026-06-15", None, happened("surveillance", "2027-05-01"))
    assert due_days(CERTIFIED, held(done), "2027-04-30") == ["2027-06-15", "2028-12-31"]


def test_a_first_surveillance_in_the_year_of_the_grant_leaves_the_next_year_its_whole_year():
    early = cycle("2026-06-15", None, happened("surveillance", "2026-12-10"))
    assert due_days(CERTIFIED, held(early), "2027-01-01") == ["2027-12-31", "2028-12-31"]


def test_a_first_surveillance_may_be_due_in_the_year_of_the_grant():
    soon = scheme(step("visit", each_calendar_year=True, first_within="3 months"), term="3 years")
    assert due_days(soon, held(cycle("2026-06-15"))) == ["2026-09-15", "2027-12-31", "2028-12-31"]
    plain = scheme(step("visit", each_calendar_year=True), term="3 years")
    assert due_days(plain, held(cycle("2026-06-15"))) == ["2027-12-31", "2028-12-31"]


def test_without_an_expiry_there_is_surveillance_every_year_up_to_the_next():
    assert due_days(scheme(SURVEILLANCE), held(cycle("2024-06-15")), "2025-01-01") == ["2025-06-15", "2026-12-31"]
    assert due_days(scheme(SURVEILLANCE), held(cycle("2024-06-15"))) == ["2026-12-31", "2027-12-31"]


def test_every_so_long_falls_due_at_each_multiple_from_the_grant_before_the_expiry():
    scans = scheme(step("scan", every="3 months"), term="12 months")
    assert due_days(scans, held(cycle("2026-01-31"))) == ["2026-04-30", "2026-07-31", "2026-10-31"]


def test_without_an_expiry_every_so_long_falls_due_up_to_the_next():
    scans = scheme(step("scan", every="6 months"))
    assert due_days(scans, held(cycle("2025-11-30"))) == ["2026-05-30", "2026-11-30"]
    assert due_days(scheme(step("scan", every="0 days")), held(cycle("2025-11-30"))) == []


def test_what_happened_answers_the_days_in_order():
    scans = scheme(step("scan", every="3 months"), term="12 months")
    done = cycle("2026-01-31", None, happened("scan", "2026-07-01"), happened("scan", "2026-04-10"))
    assert done_days(scans, held(done)) == [("2026-04-30", "2026-04-10"), ("2026-07-31", "2026-07-01")]
    assert due_days(scans, held(done)) == ["2026-10-31"]


def test_within_is_once_so_long_after_the_grant():
    plus = scheme(step("plus", within="3 months"), term="12 months")
    assert due_days(plus, held(cycle("2026-09-30"))) == ["2026-12-30"]
    assert due_days(plus, held(cycle("2026-09-30", None, happened("plus", "2026-10-10")))) == []


def test_before_the_expiry_counts_back_from_it_by_the_lead():
    rules = scheme(step("visit", before="expiry", lead="2 months"), step("decision", before="expiry"), term="3 years")
    assert due_days(rules, held(cycle("2026-08-31"))) == ["2029-06-29", "2029-08-31"]
    assert due_days(scheme(step("visit", before="expiry")), held(cycle("2026-08-31"))) == []


def test_a_lead_in_working_days_leaves_out_weekends_and_bank_holidays():
    rules = scheme(step("submission", before="expiry", lead="5 working days"), term="12 months")
    granted = held(cycle("2025-12-31", "2026-12-31"))
    assert due_days(rules, granted) == ["2026-12-24"]
    holidays = frozenset({day("2026-12-25"), day("2026-12-28")})
    assert due_days(rules, granted, holidays=holidays) == ["2026-12-22"]


YEARLY = scheme(
    step("health-check", before="remediation", lead="2 months"),
    step("remediation", before="submission", lead="10 days"),
    step("submission", role="submission", before="expiry", lead="1 month"),
    term="12 months",
)


def test_what_comes_before_another_event_counts_back_from_that_however_they_are_listed():
    granted = held(cycle("2026-03-31"))
    assert due_days(YEARLY, granted) == ["2026-12-16", "2027-02-16", "2027-02-26"]
    backwards = scheme(*YEARLY.events[::-1], term="12 months")
    assert due_days(backwards, granted) == due_days(YEARLY, granted)


def test_what_comes_before_an_event_without_a_lead_is_due_on_its_day():
    rules = scheme(step("plan", before="visit"), step("visit", before="expiry"), term="12 months")
    assert due_days(rules, held(cycle("2026-03-31"))) == ["2027-03-31", "2027-03-31"]


def test_the_day_agreed_for_an_event_moves_what_comes_before_it():
    planned = held(cycle("2026-03-31"), planned={"submission": "2027-01-31"})
    assert due_days(YEARLY, planned, event="remediation") == ["2027-01-21"]
    (submission,) = [one for one in dues(YEARLY, planned, day(TODAY)) if one.event.id == "submission"]
    assert (submission.due, submission.planned, submission.day) == (
        day("2027-02-26"),
        day("2027-01-31"),
        day("2027-01-31"),
    )


INTERNAL = scheme(step("internal-audit", before="surveillance", lead="2 months"), SURVEILLANCE, term="3 years")


def test_each_surveillance_wants_its_own_internal_audit_before():
    assert due_days(INTERNAL, held(cycle("2026-06-15")), event="internal-audit") == ["2027-04-15", "2028-10-31"]


def test_an_internal_audit_answers_the_surveillance_that_followed_and_no_other():
    first = cycle("2026-06-15", None, happened("internal-audit", "2027-03-01"))
    assert due_days(INTERNAL, held(first), "2027-04-01", "internal-audit") == ["2028-10-31"]
    both = cycle("2026-06-15", None, *first.events, happened("surveillance", "2027-05-01"))
    assert done_days(INTERNAL, held(both), "2027-06-01", "internal-audit") == [("2027-04-15", "2027-03-01")]
    assert due_days(INTERNAL, held(both), "2027-06-01", "internal-audit") == ["2028-10-31"]
    second = cycle("2026-06-15", None, *both.events, happened("internal-audit", "2028-02-01"))
    assert due_days(INTERNAL, held(second), "2028-03-01", "internal-audit") == []


def test_what_was_not_done_before_the_event_took_place_is_no_longer_asked_for():
    skipped = cycle("2026-06-15", None, happened("surveillance", "2027-05-01"))
    assert due_days(INTERNAL, held(skipped), "2027-06-01", "internal-audit") == ["2028-10-31"]


def test_the_day_agreed_goes_to_the_event_of_its_calendar_year():
    planned = held(cycle("2026-06-15"), planned={"surveillance": "2028-05-10"})
    found = {str(one.due): one.planned for one in dues(INTERNAL, planned, day(TODAY)) if one.event is SURVEILLANCE}
    assert found == {"2027-06-15": None, "2028-12-31": day("2028-05-10")}


def test_the_day_agreed_for_a_step_goes_to_the_first_still_to_do():
    planned = held(cycle("2026-06-15"), planned={"internal-audit": "2027-03-10"})
    found = [one for one in dues(INTERNAL, planned, day(TODAY)) if one.event.id == "internal-audit"]
    assert [one.planned for one in found] == [day("2027-03-10"), None]


def test_a_day_agreed_for_what_no_rule_asks_for_is_shown_as_its_own_last_day():
    planned = held(cycle("2026-06-15"), planned={"surveillance": "2026-12-15"})
    assert due_days(CERTIFIED, planned) == ["2026-12-15", "2027-06-15", "2028-12-31"]
    extra = held(cycle("2026-06-15"), planned={"review": "2027-01-15"})
    assert due_days(scheme(step("review", before="visit"), step("visit")), extra) == ["2027-01-15"]


@pytest.mark.parametrize(("done", "left"), [("2027-03-31", []), ("2027-05-30", []), ("2027-03-30", ["2027-05-01"])])
def test_a_day_agreed_is_history_once_its_event_took_place(done, left):
    submitted = held(cycle("2026-03-31", None, happened("submission", done)), planned={"submission": "2027-05-01"})
    assert due_days(YEARLY, submitted, "2027-06-01", "submission") == left


def test_a_day_agreed_in_an_earlier_cycle_is_history():
    renewed = held(cycle("2025-03-31"), cycle("2026-03-31"), planned={"submission": "2026-02-20"})
    assert due_days(YEARLY, renewed, event="submission") == ["2027-02-26"]
    same_day = held(cycle("2026-03-31"), planned={"submission": "2026-03-31"})
    assert due_days(YEARLY, same_day, event="submission") == ["2027-02-26"]
    assert due_days(YEARLY, renewed, "2026-01-01", event="submission") == ["2026-02-27"]


def test_before_the_first_grant_the_target_stands_for_the_expiry():
    assert due_days(YEARLY, held(target="2027-03-31")) == ["2026-12-16", "2027-02-16", "2027-02-26"]
    assert due_days(YEARLY, held()) == []
    assert due_days(CERTIFIED, held(target="2027-03-31")) == []


STAGED = scheme(
    step("checklist", before="stage-1"),
    step("stage-1", role="audit", before="stage-2", lead="2 months"),
    step("stage-2", role="audit"),
    step("recertification", role="audit", before="expiry", lead="2 months"),
    step("decision", before="expiry", opens_cycle=True),
    term="3 years",
)


def test_the_stages_of_a_first_audit_lead_to_the_first_grant_and_are_due_as_planned():
    assert due_days(STAGED, held(target="2027-06-30")) == ["2027-06-30"]
    planned = held(target="2027-06-30", planned={"stage-2": "2027-05-31"})
    assert due_days(STAGED, planned) == ["2027-03-31", "2027-03-31", "2027-05-31", "2027-06-30"]
    only_first = held(target="2027-06-30", planned={"stage-1": "2027-02-01"})
    assert due_days(STAGED, only_first) == ["2027-02-01", "2027-02-01", "2027-06-30"]


def test_the_stages_of_a_first_audit_are_not_asked_for_again_in_a_cycle():
    assert due_days(STAGED, held(cycle("2026-06-30"))) == ["2029-04-30", "2029-06-30"]


def test_events_before_the_first_grant_are_those_of_no_cycle():
    seeking = held(target="2027-06-30", planned={"stage-2": "2027-05-31"}, events=(happened("stage-1", "2026-11-01"),))
    assert done_days(STAGED, seeking, event="stage-1") == [("2027-03-31", "2026-11-01")]
    assert [one.event for one in seeking.happened()] == ["stage-1"]


def test_events_that_lead_up_to_each_other_have_no_day():
    circular = scheme(step("a", before="b"), step("b", before="a"), step("c", within="1 month"))
    assert due_days(circular, held(cycle("2026-11-01"))) == ["2026-12-01"]


def last_next(accreditation, role=EventRole.AUDIT, rules=STAGED, on=TODAY):
    known = occasions(rules, accreditation, role, day(on))
    return str(max(known.held, default=None)), str(min(known.upcoming, default=None))


def test_the_last_audit_is_the_newest_that_took_place_in_any_cycle_or_the_grant():
    first = cycle("2023-06-30", None, happened("recertification", "2026-05-10"))
    assert last_next(held(first), on="2026-05-09") == ("2023-06-30", "2026-04-30")
    assert last_next(held(first), on="2026-05-10") == ("2026-05-10", "2029-04-30")
    assert last_next(held(first, cycle("2026-06-30"))) == ("2026-06-30", "2029-04-30")
    assert last_next(held(first, cycle("2026-06-30")), on="2026-06-30") == ("2026-06-30", "2029-04-30")


def test_a_grant_tells_of_a_submission_that_nobody_recorded():
    assert last_next(held(cycle("2026-03-31")), EventRole.SUBMISSION, YEARLY) == ("2026-03-31", "2027-02-26")
    recorded = held(cycle("2026-03-31", None, happened("submission", "2026-10-01")))
    assert last_next(recorded, EventRole.SUBMISSION, YEARLY)[0] == "2026-10-01"


def test_when_a_cycle_has_had_its_submission_the_next_is_that_of_the_cycle_to_come():
    submitted = held(cycle("2026-03-31", None, happened("submission", "2027-02-10")))
    assert last_next(submitted, EventRole.SUBMISSION, YEARLY, "2027-03-01") == ("2027-02-10", "2028-02-29")


def test_an_optional_audit_is_none_to_wait_for_and_the_next_grant_looks_at_the_evidence():
    rules = scheme(step("visit", role="audit", every="6 months", optional=True), term="12 months")
    assert last_next(held(cycle("2026-03-31")), rules=rules) == ("2026-03-31", "2027-03-31")
    visited = held(cycle("2026-03-31", None, happened("visit", "2026-10-01")))
    assert last_next(visited, rules=rules) == ("2026-10-01", "2027-03-31")


def test_before_anything_is_on_record_there_is_no_last_and_no_next():
    nothing = Accreditation(id="A-1", standard=held().standard, scope="corporate")
    assert last_next(nothing) == ("None", "None")
    assert last_next(held(cycle("2026-03-31")), EventRole.SUBMISSION, scheme()) == ("None", "None")
