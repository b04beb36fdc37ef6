"""What must come before an event, alone or beside what may follow it."""

from __future__ import annotations

import pytest

from compliance.domain.standards.expectations import OnEvent
from compliance.domain.terms.durations import Duration, Unit

from ..builders.ledgers import any_of, catalogue, control, event, expects, judgement, nil_return, piece, verdict, world

BEFORE = OnEvent("change", None, None, Duration(3))
AROUND = OnEvent("change", Duration(30, Unit.DAY), None, Duration(3))
QUIET = nil_return("change", "2024-11-21/2026-04-30")
CHANGE = event("change", "2026-05-01")


def around(rule, *pieces):
    return world(catalogue(control("1", expects(rule))), QUIET, CHANGE, *pieces)


@pytest.mark.parametrize(
    ("on", "before", "both"),
    [
        ("2026-01-31", "missed", "missed"),
        ("2026-02-01", "evidenced", "evidenced"),
        ("2026-05-01", "evidenced", "evidenced"),
        ("2026-05-02", "missed", "evidenced"),
        ("2026-05-31", "missed", "evidenced"),
        ("2026-06-01", "missed", "missed"),
    ],
)
def test_a_piece_counts_from_so_long_before_through_the_event_s_day_or_through_what_may_follow(on, before, both):
    assert verdict(around(BEFORE, piece("E-1", on))) == before
    assert verdict(around(AROUND, piece("E-1", on))) == both


def test_without_it_the_event_is_due_through_its_last_day_and_missed_after_it():
    assert verdict(around(BEFORE), on="2026-05-01", known="2026-05-01") == "due"
    assert verdict(around(BEFORE), on="2026-05-02", known="2026-05-02") == "missed"
    assert verdict(around(AROUND), on="2026-05-31", known="2026-05-31") == "due"
    assert verdict(around(AROUND), on="2026-06-01", known="2026-06-01") == "missed"
    found = judgement(around(BEFORE, piece("E-1", "2026-01-15")))
    assert found.reason == (
        "nothing was filed before the change of 2026-05-01; what is dated 2026-01-15 came more than 3 months before"
    )


def test_what_is_filed_late_after_the_day_known_is_not_yet_late():
    later = piece("E-1", "2026-12-20")
    assert verdict(around(AROUND, later), on="2026-12-31", known="2026-05-31") == "due"
    assert verdict(around(AROUND, later), on="2026-12-31", known="2026-06-01") == "missed"


def test_of_alternatives_that_failed_the_newest_is_told():
    either = any_of(expects("once", id="a", kinds="scan"), expects("once", id="b", kinds="report"))
    older, newer = piece("E-1", "2026-01-10", kind="scan", result="fail"), piece("E-2", "2026-03-10", result="fail")
    found = judgement(world(catalogue(control("1", either)), older, newer))
    assert (found.verdict.value, found.evidence) == ("failed", "E-2")


def test_an_event_planned_for_the_day_judged_is_asked_about_once():
    planned = event("change", "2026-10-23", planned=True)
    quiet = nil_return("change", "2024-05-01/2026-10-22", "2026-10-22")
    ledger = world(catalogue(control("1", expects(BEFORE))), quiet, planned)
    found = judgement(ledger, on="2026-10-23", known="2026-10-23")
    assert [str(renewal.day) for renewal in found.renewals if renewal.of] == ["2026-10-23"]


def test_a_planned_event_that_is_answered_beforehand_speaks_for_its_time_once_it_comes():
    planned = event("change", "2027-03-01", planned=True)
    quiet = nil_return("change", "2024-06-01/2026-11-30", "2026-11-30")
    ledger = world(catalogue(control("1", expects(BEFORE))), quiet, planned, piece("E-1", "2026-12-15"))
    assert verdict(ledger, on="2028-03-01", known="2026-12-20") == "lapsing"
    assert verdict(ledger, on="2028-03-02", known="2026-12-20") == "due"
    found = judgement(ledger, on="2026-12-20", known="2026-12-20")
    assert (found.verdict.value, str(found.until)) == ("evidenced", "2028-03-01")
    assert [str(renewal.day) for renewal in found.renewals] == ["2028-03-01"]


def test_of_what_came_too_early_the_newest_is_told():
    found = judgement(around(BEFORE, piece("E-1", "2025-12-01"), piece("E-2", "2026-01-15")))
    assert "what is dated 2026-01-15 came more than 3 months before" in found.reason


def test_an_event_to_come_is_due_before_it_and_asks_for_what_comes_first():
    planned = event("change", "2027-01-10", planned=True)
    quiet = nil_return("change", "2024-10-01/2026-11-20", "2026-11-20")
    ledger = world(catalogue(control("1", expects(BEFORE))), quiet, planned)
    found = judgement(ledger, on="2026-11-21", known="2026-11-21")
    assert (found.verdict.value, str(found.until)) == ("due", "2027-01-10")
    assert (
        verdict(world(*ledger.catalogues, quiet, planned, piece("E-1", "2026-11-20")), on="2026-11-21") == "evidenced"
    )


def test_what_is_filed_for_an_event_that_has_moved_away_is_told_to_be_too_old_for_it():
    moved = event("change", "2027-02-25", planned=True)
    screening = piece("E-1", "2026-11-10", per={"event": moved.id})
    ledger = world(
        catalogue(control("1", expects(BEFORE))), nil_return("change", "2024-11-21/2026-11-30"), moved, screening
    )
    found = judgement(ledger, on="2026-12-01", known="2026-12-01")
    assert (found.verdict.value, found.reason) == (
        "due",
        "is to be filed before the change of 2027-02-25; what is dated 2026-11-10 came more than 3 months before",
    )


def test_what_came_before_an_event_that_is_only_to_be_followed_is_not_told_as_too_early():
    wanted = catalogue(control("1", expects("on change within 30 days")))
    changed = event("change", "2026-11-10", id="V-1")
    early = piece("E-1", "2026-11-01", per={"event": "V-1"})
    quiet = nil_return("change", "2024-11-01/2026-11-09", "2026-11-09")
    found = judgement(world(wanted, changed, quiet, early))
    assert (found.verdict.value, found.reason) == ("due", "the change of 2026-11-10 is to be answered by 2026-12-10")
