"""Evidence that must not be too old, and which of several pieces decides."""

from __future__ import annotations

from datetime import timedelta

import pytest

from compliance.domain.terms.verdicts import Judgement, Verdict, best, worst
from compliance.domain.terms.vocabulary import Attribution

from ..builders.ledgers import (
    OFFICER,
    TODAY,
    altered,
    approved,
    assessment,
    catalogue,
    control,
    day,
    expects,
    judged,
    judgement,
    piece,
    rejected,
    review,
    verdict,
    withdrawn,
    world,
)


def wants(how="max-age 12 months", **more):
    return catalogue(control("1", expects(how, **more)))


def test_the_verdicts_are_ordered_best_to_worst():
    words = "evidenced lapsing due unapproved changed stale undated inconclusive missed missing rejected failed"
    assert [one.value for one in sorted(Verdict, key=lambda one: one.rank)] == words.split()


def test_the_first_three_verdicts_are_no_gaps_and_all_others_are():
    assert [one.value for one in Verdict if not one.is_gap] == ["evidenced", "lapsing", "due"]


def test_nothing_filed_is_missing():
    assert judgement(world()) == Judgement(verdict=Verdict.MISSING, reason="nothing was ever filed")


@pytest.mark.parametrize(
    ("on", "wanted"),
    [("2026-09-30", "evidenced"), ("2027-09-29", "lapsing"), ("2027-09-30", "lapsing"), ("2027-10-01", "stale")],
)
def test_evidence_is_met_through_its_date_plus_age_and_stale_the_day_after(on, wanted):
    assert verdict(world(piece(on="2026-09-30")), on=on) == wanted


def test_a_stale_piece_says_since_when():
    found = judgement(world(piece(on="2025-09-30")))
    assert (found.since, found.evidence, found.evidence_date) == (day("2026-10-01"), "E-1", day("2025-09-30"))
    assert found.reason == "dated 2025-09-30; older than 12 months since 2026-10-01"


def test_what_is_fresh_today_and_too_old_on_a_future_day_is_stale_on_it_a_gap_now():
    ledger = world(piece(on="2026-09-30"))
    assert verdict(ledger, on=TODAY) == "evidenced"
    assert verdict(ledger, on="2027-12-01", known=TODAY) == "stale"


def test_a_lapse_within_the_horizon_is_announced():
    ledger = world(piece(on="2026-01-20"))  # fresh through 20 January 2027
    assert verdict(ledger, horizon=timedelta(days=59)) == "evidenced"
    assert verdict(ledger, horizon=timedelta(days=60)) == "lapsing"
    found = judgement(ledger)
    assert (found.until, found.reason) == (day("2027-01-20"), "dated 2026-01-20; fresh through 2027-01-20")


def test_a_horizon_beyond_the_calendar_is_held_within_it():
    assert verdict(world(piece(on="2026-01-20")), horizon=timedelta.max) == "lapsing"


def test_evidence_dated_after_the_day_judged_is_ignored():
    assert verdict(world(piece(on="2026-09-30")), on="2026-09-29") == "missing"
    assert judgement(world(piece("E-1", "2026-08-01"), piece("E-2", "2026-09-30")), on="2026-09-29").evidence == "E-1"


def test_what_is_valid_only_later_does_not_serve_yet():
    ledger = world(piece(on="2026-09-01", valid_from="2026-09-30"))
    assert verdict(ledger, on="2026-09-29") == "missing"
    assert verdict(ledger, on="2026-09-30") == "evidenced"


@pytest.mark.parametrize(
    ("until", "stale_from"), [("2026-12-31", "2027-01-01"), ("2027-09-30", "2027-10-01"), ("2028-01-01", "2027-10-01")]
)
def test_of_the_age_and_what_the_document_prints_the_earlier_limit_wins(until, stale_from):
    ledger = world(piece(on="2026-09-30", valid_until=until))
    assert not judged(ledger, on=day(stale_from) - timedelta(days=1)).is_gap
    assert judgement(ledger, on=stale_from).since == day(stale_from)
    assert verdict(ledger, on=stale_from) == "stale"


def test_a_document_that_ran_out_by_its_own_words_says_so():
    found = judgement(world(piece(on="2026-01-30", valid_until="2026-06-30")))
    assert found.reason == "dated 2026-01-30; by its own words valid only until 2026-06-30"


def test_once_is_enough_for_good_unless_the_document_itself_ends():
    ledger = world(wants("once"), piece(on="2001-01-01"))
    assert judgement(ledger) == Judgement(
        verdict=Verdict.EVIDENCED, reason="dated 2001-01-01", evidence="E-1", evidence_date=day("2001-01-01")
    )
    assert verdict(world(wants("once"), piece(on="2001-01-01", valid_until="2020-12-31"))) == "stale"


def test_evidence_without_a_date_that_the_rules_accept_is_undated_and_says_why():
    item = altered(piece(on=None), undated="the commit that brought it in does not count")
    assert (verdict(world(item)), judgement(world(item)).reason) == ("undated", item.undated)
    assert judgement(world(piece(on=None))).reason == "it has no date"
    assert verdict(world(wants("once"), piece(on=None))) == "undated"


def test_a_dated_piece_beside_an_undated_one_serves():
    assert verdict(world(piece("E-1", None), piece("E-2"))) == "evidenced"


def test_the_best_candidate_counts_by_verdict_then_newest_date_then_id():
    older, newer, twin = piece("E-1", "2026-08-01"), piece("E-3", "2026-09-30"), piece("E-2", "2026-09-30")
    assert judgement(world(older, newer, twin)).evidence == "E-2"
    assert judgement(world(older, piece("E-4", "2026-10-30", valid_until="2026-11-01"))).evidence == "E-1"


def test_only_the_kinds_that_are_wanted_serve():
    ledger = world(wants(kinds="scan test"), piece(kind="report"))
    assert verdict(ledger) == "missing"
    assert verdict(world(wants(kinds="scan test"), piece(kind="test"))) == "evidenced"
    assert verdict(world(wants(), piece(kind=None))) == "evidenced"


def test_a_mapping_that_names_an_expectation_serves_that_one_alone():
    both = control("1", expects(id="asv", kinds="report"), expects(id="other", kinds="report"))
    found = judged(world(catalogue(both), piece(controls="std:1#other"))).expectations
    assert [one.judgement.verdict.value for one in found] == ["missing", "evidenced"]


def test_a_mapping_may_name_several_expectations_and_without_any_it_serves_all():
    three = control("1", expects(id="a"), expects(id="b"), expects(id="c"))
    for controls, served in (
        ("std:1#a std:1#c", "a c"),
        ("std:1#a std:1", "a b c"),
        ("std:1 std:1#a std:1#b", "a b c"),
    ):
        found = judged(world(catalogue(three), piece(controls=controls))).expectations
        assert [one.id for one in found if not one.judgement.verdict.is_gap] == served.split()


def test_a_conditional_pass_serves_and_says_so():
    found = judgement(world(piece(result="conditional")))
    assert (found.verdict, found.reason) == (
        Verdict.EVIDENCED,
        "dated 2026-09-30, a conditional pass; fresh through 2027-09-30",
    )


def test_a_fail_is_failed_until_a_later_pass_for_the_same_target():
    fail = piece("E-2", "2026-09-30", result="fail", per={"system": "web"})
    earlier = piece("E-1", "2026-09-29", result="pass", per={"system": "web"})
    elsewhere = piece("E-3", "2026-10-10", result="pass", per={"system": "mail"})
    same_day = piece("E-4", "2026-09-30", result="pass", per={"system": "web"})
    later = piece("E-5", "2026-10-01", result="pass", per={"system": "web"})
    assert verdict(world(fail)) == "failed"
    assert verdict(world(fail, earlier, elsewhere, same_day)) == "failed"
    assert verdict(world(fail, earlier, elsewhere, later)) == "evidenced"
    found = judgement(world(fail, earlier))
    assert (found.evidence, found.since) == ("E-2", day("2026-09-30"))
    assert found.reason == "the last result, of 2026-09-30, is a fail"


def test_passes_from_before_a_fail_prove_nothing_even_after_the_pass_that_answered_it_ran_out():
    pieces = [piece("E-1", "2026-09-01"), piece("E-2", "2026-09-02", result="fail"), piece("E-3", "2026-09-02")]
    answer = piece("E-4", "2026-09-03", valid_until="2026-09-30")
    assert judgement(world(*pieces, answer), on="2026-09-30").evidence == "E-4"
    found = judgement(world(*pieces, answer), on="2026-10-01")
    assert (found.verdict.value, found.evidence) == ("stale", "E-4")


@pytest.mark.parametrize(("event", "expected"), [("V-1", "evidenced"), ("V-2", "failed"), ("", "failed")])
def test_a_fail_of_one_event_is_answered_by_a_later_pass_of_the_same_event_alone(event, expected):
    fail = piece("E-1", "2026-09-01", result="fail", per={"event": "V-1"})
    later = piece("E-2", "2026-09-02", result="pass", per={"event": event} if event else {})
    assert verdict(world(fail, later)) == expected


def test_the_newest_of_several_fails_is_told():
    fails = [piece(f"E-{number}", f"2026-09-0{number}", result="fail") for number in (1, 3, 2)]
    assert judgement(world(*fails)).evidence == "E-3"


@pytest.mark.parametrize(
    ("recorded", "more"), [("", ": state its date, for no pass is known to be later"), (OFFICER, "")]
)
def test_a_fail_without_a_date_is_failed_and_says_what_would_answer_it(recorded, more):
    found = judgement(world(piece(on=None, result="fail", recorded=recorded)))
    assert (found.verdict, found.reason) == (Verdict.FAILED, f"the last result, without a date, is a fail{more}")


def test_a_rejected_fail_is_no_result():
    assert verdict(world(rejected(piece("E-1", "2026-10-01", result="fail")), piece("E-2"))) == "evidenced"


def test_rejected_is_the_verdict_only_when_nothing_else_stands():
    refused = rejected(piece("E-1"))
    assert verdict(world(refused)) == "rejected"
    assert verdict(world(refused, piece("E-2", "2025-01-01"))) == "stale"


def test_where_review_is_required_and_not_given_the_verdict_is_unapproved():
    ledger = world(piece(), review("report"))
    assert (verdict(ledger), judgement(ledger).reason) == ("unapproved", "a report needs approval, and has none")


def test_an_unapproved_pass_answers_a_fail_only_once_it_is_approved():
    fail = approved(piece("E-1", "2026-09-01", result="fail"), catalogue())
    later = piece("E-2", "2026-09-02", result="pass")
    assert verdict(world(fail, later, review("report"))) == "unapproved"
    assert verdict(world(fail, approved(later, catalogue()), review("report"))) == "evidenced"


def test_a_piece_that_is_both_unapproved_and_stale_is_stale():
    assert verdict(world(piece(on="2025-01-01"), review("report"))) == "stale"


def test_of_an_approved_older_piece_and_a_newer_draft_the_approved_one_serves():
    older = approved(piece("E-1", "2026-02-01"), catalogue())
    assert judgement(world(older, piece("E-2", "2026-10-01"), review("report"))).evidence == "E-1"


def test_what_was_withdrawn_as_invalid_was_never_evidence():
    item = altered(piece(on="2026-09-30"), withdrawn=withdrawn("2026-11-01"))
    assert verdict(world(item), on="2026-10-15") == "missing"
    assert verdict(world(item), on="2026-11-15") == "missing"


def test_what_was_retired_counted_until_then():
    item = altered(piece(on="2026-09-30"), withdrawn=withdrawn("2026-11-01", "retired"))
    assert verdict(world(item), on="2026-10-31") == "lapsing"
    assert verdict(world(item), on="2026-11-01") == "missing"


def test_best_and_worst_of_judgements():
    def one(verdict, evidence="", until=None):
        return Judgement(verdict=verdict, evidence=evidence, until=day(until) if until else None)

    late, soon = one(Verdict.LAPSING, "a", "2026-12-01"), one(Verdict.LAPSING, "b", "2026-11-30")
    assert worst([one(Verdict.DUE), one(Verdict.STALE, "s"), one(Verdict.EVIDENCED)]).evidence == "s"
    assert worst([late, soon]) == worst([soon, late]) == soon
    assert best([late, one(Verdict.EVIDENCED, "e"), soon]).evidence == "e"


def test_an_assessment_says_which_day_it_judged_and_from_which_day_it_knew():
    found = assessment(world(), on="2027-03-01", known="2026-11-21")
    assert (found.scope, found.on, found.known, found.horizon) == (
        "corporate",
        day("2027-03-01"),
        day("2026-11-21"),
        timedelta(days=60),
    )


def test_an_undated_fail_speaks_against_nothing_before_the_day_it_was_recorded():
    scan = piece("E-1", "2026-03-01", kind="scan")
    later = Attribution(by=OFFICER, on=day("2026-12-27"))
    fail = altered(piece("E-2", None, kind="scan", result="fail"), recorded=later)
    ledger = world(catalogue(control("1", expects("once"))), scan, fail)
    before = judgement(ledger, on="2026-12-26", known="2026-12-26")
    assert (before.verdict.value, before.until) == ("evidenced", None)
    assert verdict(ledger, on="2026-12-27", known="2026-12-27") == "failed"


def test_what_ran_out_twice_has_been_a_gap_since_the_last_time():
    found = judgement(world(wants(), piece("E-1", "2024-01-01"), piece("E-2", "2025-06-01")))
    assert (found.verdict.value, found.evidence, found.since) == ("stale", "E-2", day("2026-06-02"))


def test_a_fail_without_a_date_is_answered_by_a_pass_from_after_the_day_it_was_recorded():
    fail = altered(piece(on=None, result="fail"), recorded=Attribution(by="A. Officer", on=day("2026-09-01")))
    assert verdict(world(fail, piece("E-2", "2026-09-01"))) == "failed"
    assert verdict(world(fail, piece("E-2", "2026-09-02"))) == "evidenced"


def test_a_reason_names_three_pieces_that_do_not_count_and_counts_the_others():
    def reason(count):
        pieces = [piece(f"E-{number}", "2026-01-10", withdrawn=withdrawn("2026-02-01")) for number in range(count)]
        return judgement(world(*pieces)).reason

    assert reason(3).count("E-") == 3
    assert "more" not in reason(3)
    assert (reason(5).count("E-"), reason(5).endswith(" and 2 more")) == (3, True)
