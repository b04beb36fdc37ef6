"""Evidence that must recur: once in `each` slot."""

from __future__ import annotations

from datetime import timedelta

from compliance.domain.terms.verdicts import Verdict

from ..builders.ledgers import (
    approved,
    catalogue,
    control,
    cycle,
    day,
    expects,
    happened,
    held,
    judgement,
    piece,
    review,
    scheme,
    scope,
    verdict,
    withdrawn,
    world,
)

QUARTERS = ("2025-12-10", "2026-02-10", "2026-05-10", "2026-08-10", "2026-10-10")


def slots(*days, how="each quarter", things=(), **more):
    pieces = [piece(f"E-{number}", on, result="pass") for number, on in enumerate(days)]
    return world(catalogue(control("1", expects(how)), **more), *pieces, *things)


def test_every_slot_covered_is_evidenced_and_says_when_the_next_is_due():
    found = judgement(slots(*QUARTERS))
    assert (found.verdict.value, found.evidence, found.until) == ("evidenced", "E-4", day("2026-12-31"))
    assert [str(renewal.day) for renewal in found.renewals] == ["2027-03-31"]
    assert found.reason == "2026-Q4 is covered, with every slot before it; the next is due by 2027-03-31"


def test_a_slot_that_has_not_ended_is_due():
    found = judgement(slots(*QUARTERS[:-1]))
    assert (found.verdict.value, found.evidence, found.until) == ("due", "E-3", day("2026-12-31"))
    assert found.reason == "2026-Q4 is due by 2026-12-31"


def test_an_ended_slot_that_nothing_covers_is_missed_and_named():
    found = judgement(slots("2025-12-10", "2026-05-10", "2026-10-10"))
    assert (found.verdict.value, found.reason) == (
        "missed",
        "nothing for 2026-Q1 (filed late by 40 days), 2026-Q3 (filed late by 10 days)",
    )
    assert (found.since, found.evidence) == (day("2026-04-01"), "E-2")


def test_late_is_told_of_the_slot_before_alone():
    found = judgement(slots("2025-12-10", "2026-08-10", "2026-10-10"))
    assert found.reason == "nothing for 2026-Q1, 2026-Q2 (filed late by 41 days)"


def test_ended_slots_with_nothing_ever_filed_are_missing():
    found = judgement(slots())
    assert (found.verdict.value, found.since) == ("missing", day("2026-01-01"))
    assert found.reason == "nothing was ever filed; 2025-Q4, 2026-Q1, 2026-Q2, 2026-Q3 passed"


def test_a_slot_that_has_not_ended_on_the_day_known_is_due_and_not_missed():
    ledger = slots(*QUARTERS)
    assert verdict(ledger, on="2027-05-01", known="2027-03-31") == "due"
    assert verdict(ledger, on="2027-05-01", known="2027-04-01") == "missed"
    assert judgement(ledger, on="2027-05-01", known="2027-03-31").until == day("2027-03-31")


def test_on_a_past_day_a_slot_that_had_not_ended_then_was_due():
    assert verdict(slots(*QUARTERS[:-1]), on="2026-12-31", known="2027-06-01") == "due"
    assert verdict(slots(*QUARTERS[:-1]), on="2027-01-01", known="2027-06-01") == "missed"


def test_a_missed_slot_is_told_for_twelve_months_after_its_end_even_if_it_was_a_year():
    ledger = slots("2024-06-01", "2026-06-01", how="each year")
    assert judgement(ledger, on="2026-12-31").reason == "nothing for 2025 (filed late by 152 days)"
    assert verdict(ledger, on="2027-01-01") == "due"


def test_a_series_of_slots_may_be_looked_at_over_more_than_twelve_months():
    ledger = slots("2025-06-01", "2026-06-01", how="each year over 3 years")
    assert judgement(ledger).reason == "nothing for 2023, 2024 (filed late by 152 days)"


def test_a_slot_that_began_before_the_scope_is_not_asked_for():
    begun = scope(start="2026-08-15")
    found = judgement(slots(things=(begun,)))
    assert (found.verdict, found.reason, found.until) == (
        Verdict.DUE,
        "2026-Q4 is due by 2026-12-31",
        day("2026-12-31"),
    )
    assert verdict(slots("2026-10-10", things=(begun,))) == "evidenced"


def test_a_scope_that_began_within_a_slot_has_its_first_due_at_the_end_of_the_next():
    found = judgement(slots(things=(scope(start="2026-10-15"),)))
    assert (found.verdict, found.reason, found.until) == (
        Verdict.DUE,
        "the first is due by 2027-03-31",
        day("2027-03-31"),
    )


def test_at_the_end_of_the_calendar_there_is_no_next_slot():
    assert judgement(slots(), on="9999-12-31", known="9999-12-31").verdict.value == "missing"
    assert judgement(slots(things=(scope(start="9999-12-01"),)), on="9999-12-31").until == day("9999-12-31")


def test_evidence_covers_the_slot_of_its_day():
    assert verdict(slots(*QUARTERS[:-1], "2026-10-01")) == "evidenced"
    assert verdict(slots(*QUARTERS[:-1], "2026-09-30")) == "due"


def _with_period(on, covers):
    ledger = slots(*QUARTERS[:3])
    return world(*ledger.catalogues, *ledger.evidence, piece("E-9", on, period=covers))


def test_evidence_covers_the_slots_that_its_period_covers():
    assert judgement(_with_period("2026-10-05", "2026-07-01/2026-09-30")).reason == "2026-Q4 is due by 2026-12-31"
    assert verdict(_with_period("2026-11-05", "2026-01-01/2026-12-31")) == "evidenced"


def test_evidence_covers_the_slot_that_its_period_lies_in():
    assert judgement(_with_period("2026-10-05", "2026-08-01/2026-08-31")).reason == "2026-Q4 is due by 2026-12-31"


def test_evidence_does_not_cover_the_slot_it_was_signed_in_if_its_period_ended_before():
    ledger = slots(*QUARTERS[:-1])
    later = piece("E-9", "2026-10-05", period="2026-07-01/2026-09-30")
    assert verdict(world(*ledger.catalogues, *ledger.evidence, later)) == "due"
    for reaches in ("2026-09-01/2026-10-05", "2026-09-01/2026-10-01"):
        reaching = piece("E-9", "2026-10-05", period=reaches)
        assert verdict(world(*ledger.catalogues, *ledger.evidence, reaching)) == "evidenced"


def test_anchored_slots_run_from_the_accreditations_newest_grant():
    days = ("2025-12-01", "2026-03-20", "2026-09-14")
    granted = held(cycle("2025-03-15"), cycle("2026-03-15"))
    found = judgement(slots(*days, how="each half-year anchored", things=(granted,)))
    assert found.reason == "2026-09-15 to 2027-03-14 is due by 2027-03-14"
    assert verdict(slots(*days[:2], how="each half-year anchored", things=(granted,))) == "due"
    assert verdict(slots(days[0], days[2], how="each half-year", things=(granted,))) == "missed"


def test_anchored_slots_of_what_is_sought_are_counted_from_the_day_by_which_it_is():
    """They are counted from a grant, known or hoped for, and never silently from the calendar."""

    def sought(*things, on="2026-11-21"):
        return judgement(slots("2025-12-10", how="each half-year anchored", things=things), on=on, known=on)

    coming = sought(held(target="2027-01-01"))
    assert (coming.verdict.value, coming.reason) == ("due", "the first is due by 2027-06-30")
    assert [str(renewal.day) for renewal in coming.renewals] == ["2027-06-30"]
    assert sought(held(target="2027-01-01"), on="2027-07-01").verdict.value == "missed"
    later = judgement(
        slots("2025-12-10", how="each half-year anchored", things=(held(cycle("2026-10-01")),)), on="2026-09-01"
    )
    assert (later.verdict.value, later.until) == ("due", day("2027-03-31"))
    nobody = sought()
    assert nobody.verdict.value == "missing"
    assert nobody.reason.endswith("none is held, nor sought by a day: record it")


def test_a_slot_covered_by_what_awaits_review_is_unapproved():
    wanted = catalogue(control("1", expects("each quarter")))
    known = [approved(one, wanted) for one in slots(*QUARTERS[:3]).evidence]
    found = judgement(world(wanted, *known, piece("E-9", "2026-08-10"), review("report")))
    assert (found.verdict.value, found.evidence) == ("unapproved", "E-9")


NEEDS_PROCEDURE = scheme(term="12 months", first_assessment_needs="procedure")
PROCEDURE = piece("E-P", "2025-01-01", kind="procedure", controls="std:1#how")


def first(*days):
    return slots(*days, things=(held(target="2027-01-01"), PROCEDURE), scheme=NEEDS_PROCEDURE)


def test_in_a_first_assessment_the_most_recent_passed_slot_is_enough():
    assert judgement(first("2026-08-10")).reason == "2026-Q4 is due by 2026-12-31"
    assert verdict(first("2026-10-10")) == "evidenced"
    assert judgement(first("2026-05-10")).reason == "nothing for 2026-Q3"
    for on, known in (("2026-12-31", "2027-06-01"), ("2027-02-01", "2026-12-31")):
        assert judgement(first("2026-05-10"), on=on, known=known).reason == "nothing for 2026-Q3"
    assert verdict(first()) == "missing"


def test_a_pass_that_is_not_valid_yet_covers_no_slot():
    wanted = catalogue(control("1", expects("each quarter")))
    known = slots(*QUARTERS[:-1]).evidence
    early = piece("E-9", "2026-10-10", valid_from="2026-12-01", result="pass")
    assert verdict(world(wanted, *known, early), on="2026-11-30", known="2026-11-30") == "due"
    assert verdict(world(wanted, *known, early), on="2026-12-01", known="2026-12-01") == "evidenced"


def test_anchored_slots_before_the_first_grant_are_not_asked_for():
    granted = held(cycle("2026-06-15"))
    found = judgement(slots("2026-09-14", how="each quarter anchored", things=(granted,)))
    assert (found.verdict.value, found.reason) == ("due", "2026-09-15 to 2026-12-14 is due by 2026-12-14")


def test_anchored_slots_go_on_from_the_last_grant_when_everything_has_ended():
    ended = held(cycle("2020-03-15", "2021-03-15"))
    yearly = scheme(term="12 months")
    found = judgement(slots("2026-09-14", how="each half-year anchored", things=(ended,), scheme=yearly))
    assert found.reason.startswith("nothing for 2025-09-15 to 2026-03-14")


def test_of_several_accreditations_the_anchored_slots_name_whose_they_are_by_title_or_id():
    first, second = held(cycle("2026-01-15"), id="A-8"), held(cycle("2026-03-01"), id="A-9", title="Shops")
    lacking = judgement(slots("2026-02-20", "2026-08-20", how="each half-year anchored", things=(first, second)))
    assert lacking.reason == "2026-09-01 to 2027-02-28 is due by 2027-02-28, for Shops"
    swapped = judgement(slots("2026-03-02", "2026-09-02", how="each quarter anchored", things=(first, second)))
    assert swapped.reason.endswith(", for A-8")


def test_what_was_retired_before_it_became_valid_covers_no_slot():
    known = slots(*QUARTERS[:3], QUARTERS[4])
    never = piece("E-9", "2026-07-10", valid_from="2026-09-01", withdrawn=withdrawn("2026-08-01", "retired"))
    assert verdict(world(*known.catalogues, *known.evidence, never)) == "missed"
    begun = piece("E-9", "2026-07-10", valid_from="2026-07-15", withdrawn=withdrawn("2026-08-01", "retired"))
    assert verdict(world(*known.catalogues, *known.evidence, begun)) == "evidenced"


def test_anchored_slots_are_those_of_the_latest_run_of_certificates():
    anew = held(cycle("2024-01-15", None, happened("withdrawn", "2025-12-01")), cycle("2026-03-01"))
    found = judgement(slots("2026-03-10", "2026-09-10", how="each half-year anchored", things=(anew,)))
    assert found.reason.startswith("2026-09-01 to 2027-02-28 is covered")


def test_what_each_supplier_has_covered_in_its_slot_is_not_announced_as_a_lapse():
    wanted = catalogue(control("1", expects("each quarter", per="supplier")))
    passes = [
        piece(f"E-{number}{name}", on, per={"supplier": name})
        for number, on in enumerate(QUARTERS)
        for name in ("Acme", "Beta")
    ]
    ledger = world(wanted, scope(suppliers=("Acme", "Beta")), *passes)
    assert verdict(ledger, on="2026-12-20", known="2026-12-20", horizon=timedelta(days=60)) == "evidenced"
