"""Evidence that must follow an event within a time."""

from __future__ import annotations

import pytest

from .build import (
    approved,
    catalogue,
    control,
    day,
    event,
    expects,
    judgement,
    piece,
    review,
    scope,
    verdict,
    world,
)

WANTED = catalogue(control("1", expects("on significant-change within 30 days", "test")))


def after(*things, **more):
    return world(WANTED, *things, **more)


CHANGE = event("significant-change", "2026-09-01")  # to be answered by 1 October


@pytest.mark.parametrize("on", ["2026-09-01", "2026-09-20", "2026-10-01"])
def test_an_event_answered_in_time_is_evidenced(on):
    found = judgement(after(CHANGE, piece(on=on)))
    assert (found.verdict.value, found.evidence) == ("evidenced", "E-1")
    assert found.reason == "the significant change of 2026-09-01 is answered"


def test_an_event_answered_late_is_missed_and_says_by_how_many_days():
    found = judgement(after(CHANGE, piece(on="2026-10-05")))
    assert (found.verdict.value, found.since) == ("missed", day("2026-10-02"))
    assert found.reason == "the significant change of 2026-09-01: filed late by 4 days"


def test_an_event_that_nothing_answers_is_missed_after_its_last_day():
    found = judgement(after(CHANGE))
    assert (found.verdict.value, found.since) == ("missed", day("2026-10-02"))
    assert found.reason == "nothing answers the significant change of 2026-09-01: was due by 2026-10-01"
    assert verdict(after(CHANGE), on="2026-10-02", known="2026-10-02") == "missed"


@pytest.mark.parametrize(
    ("on", "known"), [("2026-10-01", "2026-10-01"), ("2026-12-01", "2026-10-01"), ("2026-10-01", "2026-12-01")]
)
def test_an_event_whose_time_had_not_run_out_is_due(on, known):
    found = judgement(after(CHANGE), on=on, known=known)
    assert (found.verdict.value, found.until) == ("due", day("2026-10-01"))
    assert found.reason == "the significant change of 2026-09-01 is to be answered by 2026-10-01"


def test_evidence_from_before_an_event_does_not_answer_it():
    assert verdict(after(CHANGE, piece(on="2026-08-31"))) == "missed"


def test_evidence_that_names_an_event_speaks_of_that_one_alone():
    second = event("significant-change", "2026-09-05")
    assert verdict(after(CHANGE, second, piece(on="2026-09-10"))) == "evidenced"
    one = piece("E-1", "2026-09-10", per={"event": CHANGE.id})
    assert judgement(after(CHANGE, second, one)).reason.startswith(
        "nothing answers the significant change of 2026-09-05"
    )
    assert verdict(after(CHANGE, second, one, piece("E-2", "2026-09-11", per={"event": second.id}))) == "evidenced"


def test_the_earliest_answer_counts():
    found = judgement(after(CHANGE, piece("E-2", "2026-09-20"), piece("E-1", "2026-10-20")))
    assert found.evidence == "E-2"


def test_an_answer_that_awaits_review_is_unapproved():
    item = piece(on="2026-09-20")
    assert verdict(after(CHANGE, item, review("report"))) == "unapproved"
    assert verdict(after(CHANGE, approved(item, WANTED), review("report"))) == "evidenced"


def test_no_event_in_the_window_needs_a_dated_nil_return():
    found = judgement(after())
    assert found.verdict.value == "missing"
    assert found.reason == (
        "no significant change is recorded since 2025-11-21, and no nil return: record one or the other"
    )
    nil = event("significant-change", "2026-06-30", nil=True)
    found = judgement(after(nil))
    assert (found.verdict.value, found.until) == ("evidenced", day("2027-06-30"))
    assert found.reason == "nil return of 2026-06-30: no significant change"


def test_a_nil_return_that_is_about_to_run_out_is_lapsing():
    assert verdict(after(event("significant-change", "2026-01-20", nil=True))) == "lapsing"
    assert verdict(after(event("significant-change", "2026-01-21", nil=True))) == "evidenced"
    assert verdict(after(event("significant-change", "2025-11-21", nil=True))) == "lapsing"


def test_a_nil_return_that_ran_out_is_missed_and_due_if_it_runs_out_after_the_day_known():
    nil = event("significant-change", "2026-06-30", nil=True)
    found = judgement(after(nil), on="2027-07-01", known="2027-07-01")
    assert (found.verdict.value, found.since) == ("missed", day("2027-07-01"))
    assert found.reason == "nil return of 2026-06-30: a new one, or a nil return, was due by 2027-06-30"
    found = judgement(after(nil), on="2027-07-01", known="2027-06-30")
    assert (found.verdict.value, found.until) == ("due", day("2027-06-30"))


def test_an_event_that_has_left_the_window_needs_a_nil_return_after_it():
    old = event("significant-change", "2025-03-01")
    found = judgement(after(old))
    assert (found.verdict.value, found.since) == ("missed", day("2026-03-02"))
    assert found.reason.startswith("the last significant change was on 2025-03-01: ")
    assert verdict(after(old, event("significant-change", "2026-03-01", nil=True))) == "evidenced"


def test_a_nil_return_does_not_hide_an_event():
    assert verdict(after(CHANGE, event("significant-change", "2026-09-30", nil=True))) == "missed"


def test_events_of_other_types_other_scopes_and_later_days_do_not_count():
    nil = event("significant-change", "2026-06-30", nil=True)
    others = (
        event("incident", "2026-09-01"),
        event("significant-change", "2026-09-02", scope=("cardholder",)),
        event("significant-change", "2026-12-01"),
    )
    assert judgement(after(nil, *others)).reason == "nil return of 2026-06-30: no significant change"
    here = event("significant-change", "2026-09-02", scope=("cardholder", "corporate"))
    assert verdict(after(nil, here)) == "missed"


def test_an_event_counts_on_its_own_day_and_for_twelve_months_after():
    assert verdict(after(event("significant-change", "2026-11-21"))) == "due"
    assert judgement(after(event("significant-change", "2025-11-21"))).reason.startswith("nothing answers")


def test_what_happened_before_the_scope_began_does_not_count():
    assert verdict(after(CHANGE, scope(start="2026-09-02"))) == "missing"
    assert verdict(after(CHANGE, scope(start="2026-09-01"))) == "missed"


def test_the_worst_of_several_events_is_the_verdict():
    earlier, later = event("significant-change", "2026-02-01"), event("significant-change", "2026-11-10")
    assert judgement(after(earlier, later, piece(on="2026-02-02"))).verdict.value == "due"


def test_events_may_be_looked_at_over_another_time():
    shorter = catalogue(control("1", expects("on significant-change within 30 days over 1 month")))
    assert verdict(world(shorter, event("significant-change", "2026-10-30", nil=True))) == "lapsing"
