"""Evidence that must recur: `every` so long."""

from __future__ import annotations

from datetime import timedelta

import pytest

from ..builders.ledgers import (
    altered,
    approved,
    catalogue,
    control,
    cycle,
    day,
    expects,
    held,
    judgement,
    piece,
    rejected,
    review,
    scheme,
    scope,
    use,
    verdict,
    withdrawn,
    world,
)

QUARTERLY = expects("every 3 months grace 3 days", "asv")
SOON = timedelta(days=30)
FOUR = ("2026-01-10", "2026-04-10", "2026-07-10", "2026-10-10")
NEEDS_PROCEDURE = scheme(term="12 months", first_assessment_needs="procedure")


def series(*days, wanted=QUARTERLY, rules=None, **more):
    """A ledger with a pass on each of the days."""
    given = {"scheme": rules} if rules else {}
    things = more.pop("things", ())
    first = {"first_due": more.pop("first_due")} if "first_due" in more else {}
    pieces = [piece(f"E-{number}", on, result="pass") for number, on in enumerate(days)]
    return world(catalogue(control("1", wanted, **first), **given), *pieces, *things, **more)


def since(begins, *days, **more):
    return series(*days, things=(scope(start=begins),), **more)


def test_passes_no_more_than_the_interval_apart_are_evidenced_until_the_next_is_due():
    found = judgement(series("2025-10-01", "2025-11-01", "2026-01-25", *FOUR[1:]), on="2026-10-20")
    assert (found.verdict.value, found.evidence, found.until) == ("evidenced", "E-5", day("2027-01-13"))
    assert [str(renewal.day) for renewal in found.renewals] == ["2027-01-10"]  # a row's day is without the grace
    assert found.reason == "last 2026-10-10; the next is due by 2027-01-10"


def test_nothing_ever_filed_for_an_old_series_is_missing():
    assert (verdict(series()), judgement(series()).reason) == ("missing", "nothing was ever filed")


@pytest.mark.parametrize(
    ("on", "wanted"),
    [
        ("2026-11-13", "evidenced"),
        ("2026-11-14", "lapsing"),  # within 60 days of its last day, with the grace
        ("2027-01-10", "lapsing"),
        ("2027-01-13", "lapsing"),  # the grace
        ("2027-01-14", "missed"),
    ],
)
def test_an_interval_is_met_through_its_last_day_with_grace_and_missed_the_day_after(on, wanted):
    assert verdict(series("2025-10-10", *FOUR), on=on, known=on) == wanted
    assert verdict(series("2025-10-10", *FOUR), on=on, known="2027-06-01") == wanted


def test_a_missed_interval_says_since_when():
    found = judgement(series("2025-10-10", *FOUR), on="2027-02-01", known="2027-02-01")
    assert (found.reason, found.since) == ("nothing since 2026-10-10: was due by 2027-01-10", day("2027-01-14"))


@pytest.mark.parametrize(("known", "wanted"), [("2027-01-13", "due"), ("2027-01-14", "missed")])
def test_an_interval_that_runs_out_after_the_day_known_is_due_and_not_missed(known, wanted):
    found = judgement(series("2025-10-10", *FOUR), on="2027-03-01", known=known)
    assert found.verdict.value == wanted
    assert wanted == "missed" or found.until == day("2027-01-13")


def test_a_hole_between_two_passes_is_missed_and_says_how_late_the_next_was_filed():
    found = judgement(series("2025-10-10", "2026-01-10", "2026-04-10", "2026-07-20", "2026-10-10"))
    assert found.verdict.value == "missed"
    assert found.reason == "nothing between 2026-04-10 and 2026-07-20: filed late by 10 days"
    assert (found.until, [str(renewal.day) for renewal in found.renewals]) == (None, ["2027-01-10"])


def test_what_the_first_pass_is_late_for_began_with_the_series_also_before_the_window():
    found = judgement(series("2026-10-10", things=(scope(start="2024-01-01"),)))
    assert found.reason == "nothing between 2024-01-01 and 2026-10-10: filed late by 922 days"


def test_every_hole_is_named():
    found = judgement(series("2025-11-25", "2026-03-25", "2026-07-25"), on="2026-12-01", known="2026-12-01")
    assert found.reason == (
        "nothing between 2025-11-25 and 2026-03-25: filed late by 28 days; "
        "nothing between 2026-03-25 and 2026-07-25: filed late by 30 days; "
        "nothing since 2026-07-25: was due by 2026-10-25"
    )


def test_a_pass_within_the_grace_leaves_no_hole():
    assert (
        verdict(series("2025-10-10", "2026-01-13", "2026-04-13", "2026-07-13", "2026-10-13"), horizon=SOON)
        == "evidenced"
    )


LATE_IN_AUTUMN = ("2025-06-10", "2026-01-10", "2026-04-10", "2026-07-10", "2026-10-05", "2027-01-05")


def test_a_hole_is_told_until_the_window_has_moved_past_what_ended_it():
    ledger = series(*LATE_IN_AUTUMN)
    late = "nothing between 2025-06-10 and 2026-01-10: filed late by 122 days"
    assert judgement(ledger, on="2026-06-11").reason == late
    assert judgement(ledger, on="2027-01-09", known="2027-01-09").reason == late
    assert verdict(ledger, on="2027-01-10", known="2027-01-10", horizon=SOON) == "evidenced"


def test_a_series_may_be_looked_at_over_more_than_twelve_months():
    ledger = series(*LATE_IN_AUTUMN, wanted=expects("every 3 months over 2 years"))
    assert verdict(ledger, on="2027-01-10", known="2027-01-10") == "missed"


def test_the_windows_first_day_carries_nothing_and_what_to_do_is_said():
    """An older pass may carry it, and a true one more never worsens."""
    passes = ("2026-02-20", "2026-05-20", "2026-08-20", "2026-11-20")
    found = judgement(series(*passes))
    assert (found.verdict.value, found.reason) == (
        "missed",
        "nothing from 2025-11-21 to 2026-02-19, the first is of 2026-02-20: "
        "file what came before it, or give the scope its start in compliance.toml",
    )
    assert verdict(series("2025-07-01", *passes)) == "missed"
    assert verdict(series("2025-11-20", *passes)) == "evidenced"
    assert verdict(since("2025-11-20", *passes)) == "evidenced"


def test_a_series_that_ran_out_long_ago_says_since_when_whatever_the_day_judged():
    for on in ("2026-06-01", "2026-11-21"):
        found = judgement(series("2024-01-10"), on=on)
        assert (found.verdict.value, found.since) == ("missed", day("2024-04-14"))


def test_the_window_begins_with_the_scope():
    assert verdict(since("2026-07-01", "2026-07-10", "2026-10-10"), horizon=SOON) == "evidenced"
    assert verdict(since("2026-05-01", "2026-08-10", "2026-10-10")) == "missed"


def test_the_first_of_a_series_is_due_an_interval_after_the_scope_began():
    found = judgement(since("2026-09-01"))
    assert (found.verdict.value, found.until, found.reason) == (
        "due",
        day("2026-12-04"),
        "the first is due by 2026-12-01",
    )
    assert [str(renewal.day) for renewal in found.renewals] == ["2026-12-01"]
    assert verdict(since("2026-09-01"), on="2026-12-04", known="2026-12-04") == "due"
    assert verdict(since("2026-09-01"), on="2026-12-04", known="2027-06-01") == "due"
    found = judgement(since("2026-09-01"), on="2026-12-05", known="2026-12-05")
    assert (found.verdict.value, found.since) == ("missing", day("2026-12-05"))
    assert verdict(since("2026-09-01"), on="2027-12-05", known="2026-12-04") == "due"


def test_a_pass_from_before_the_scope_began_still_leaves_it_a_whole_interval():
    """A day that only the beginning carries is due, for nothing was filed for it."""
    found = judgement(since("2026-10-01", "2026-01-10"))
    assert (found.verdict.value, found.until) == ("due", day("2027-01-04"))
    assert judgement(since("2026-10-01", "2026-09-30"), on="2026-10-02").until == day("2027-01-02")
    assert verdict(since("2026-07-01", "2026-01-10", "2026-09-20")) == "lapsing"
    late = judgement(since("2026-05-01", "2026-01-10", "2026-09-20"))
    assert late.reason == "nothing between 2026-01-10 and 2026-09-20: filed late by 50 days"


def test_the_window_begins_when_the_standard_came_into_use():
    assert verdict(series(things=(use(since="2026-10-01"),))) == "due"


def test_the_window_begins_on_the_requirements_first_day():
    assert verdict(series(first_due="2026-10-01")) == "due"
    assert verdict(series(first_due="2025-03-31")) == "missing"


def test_the_latest_of_the_beginnings_counts():
    assert judgement(since("2026-09-15", first_due="2026-10-01")).until == day("2027-01-04")


def test_an_interval_that_the_organisation_has_not_set_is_a_gap():
    found = judgement(series(*FOUR, wanted=expects("every unset 12.3.1", basis="organisation")))
    assert found.verdict.value == "missing"
    assert found.reason == "its interval is yours to set by 12.3.1: write it in an overlay"
    assert judgement(series(*FOUR, wanted=expects("every unset"))).reason.startswith("its interval is yours to set: ")


def test_a_document_that_prints_an_earlier_end_brings_the_next_one_forward():
    ledger = series("2025-10-10", *FOUR[:3])
    printed = world(*ledger.catalogues, *ledger.evidence, piece("E-9", "2026-10-10", valid_until="2026-11-01"))
    assert judgement(printed, on="2026-10-20").until == day("2026-11-01")
    assert verdict(printed, on="2026-11-20") == "missed"
    begun = world(printed.catalogues[0], scope(start="2026-10-10"), printed.evidence[-1])
    assert judgement(begun, on="2026-10-20").until == day("2026-11-01")
    longer = world(*ledger.catalogues, *ledger.evidence, piece("E-9", "2026-10-10", valid_until="2028-01-01"))
    assert judgement(longer).until == day("2027-01-13")


def test_what_a_document_prints_knows_no_grace():
    wanted = catalogue(control("1", QUARTERLY))
    begun, ended = scope(start="2026-07-01"), piece(on="2026-10-01", valid_until="2026-11-01")
    found = judgement(world(wanted, begun, ended))
    assert (found.verdict.value, found.since) == ("missed", day("2026-11-02"))
    late = world(wanted, begun, ended, piece("E-2", "2026-11-03"))
    assert judgement(late).reason == "nothing between 2026-10-01 and 2026-11-03: filed late by 2 days"
    assert verdict(world(wanted, begun, ended, piece("E-2", "2026-11-02"))) == "evidenced"


def test_a_series_is_failed_until_a_later_pass_for_the_same_target():
    fail = piece("E-8", "2026-10-20", result="fail")
    ledger = series("2025-10-10", *FOUR, things=(fail,))
    assert (verdict(ledger), judgement(ledger).evidence) == ("failed", "E-8")
    assert verdict(series("2025-10-10", *FOUR, "2026-10-21", things=(fail,))) == "evidenced"


def test_where_what_awaits_review_would_mend_the_series_awaiting_it_is_the_verdict():
    pieces = series("2025-10-10", *FOUR).evidence
    known = [approved(one, catalogue(control("1", QUARTERLY))) for one in pieces]
    wanted = catalogue(control("1", QUARTERLY))
    assert verdict(world(wanted, *known, review("report")), horizon=SOON) == "evidenced"
    found = judgement(world(wanted, *known[:3], pieces[3], known[4], review("report")))
    assert (found.verdict.value, found.evidence) == ("unapproved", "E-3")
    changed = altered(known[3], sha256="other")
    found = judgement(world(wanted, *known[:3], changed, pieces[4], review("report")))
    assert (found.verdict.value, found.evidence) == ("changed", "E-3")


def test_where_review_would_not_mend_the_series_it_is_missed_and_not_missing():
    ledger = series("2025-10-10", "2026-01-10")
    found = judgement(world(*ledger.catalogues, *ledger.evidence, review("report")))
    assert (found.verdict.value, found.since) == ("missed", day("2026-04-14"))


def test_an_accepted_series_that_review_would_not_mend_keeps_its_own_words():
    wanted = catalogue(control("1", QUARTERLY))
    known = approved(piece("E-1", "2026-01-10"), wanted)
    found = judgement(world(wanted, known, piece("E-2", "2026-02-10"), review("report")))
    assert (found.verdict.value, found.evidence) == ("missed", "E-2")


def test_a_series_with_nothing_but_what_cannot_serve_says_why():
    wanted = catalogue(control("1", QUARTERLY))
    assert (verdict(world(wanted, piece(on=None)))) == "missing"
    assert judgement(world(wanted, piece(on=None))).reason == "nothing that counts: it has no date"
    silent = piece(kind="scan", result=None)
    assert judgement(world(wanted, silent)).reason == (
        "nothing that counts: dated 2026-09-30; the scan says neither pass nor fail"
    )
    assert verdict(world(wanted, rejected(piece()))) == "rejected"
    assert verdict(world(wanted, rejected(piece("E-1")), piece("E-2", None))) == "rejected"  # undated counts as none


def test_the_next_occurrence_of_a_series_need_not_supersede_and_a_replaced_report_no_longer_counts():
    ledger = series("2025-10-10", *FOUR)
    replaced = world(*ledger.catalogues, *ledger.evidence, piece("E-9", "2026-07-12", supersedes="E-3"))
    assert verdict(replaced, horizon=SOON) == "evidenced"
    gone = [altered(ledger.evidence[3], withdrawn=withdrawn("2026-08-01")), *ledger.evidence[:3], ledger.evidence[4]]
    assert verdict(world(*ledger.catalogues, *gone)) == "missed"


PROCEDURE = piece("E-P", "2026-01-01", kind="procedure", controls="std:1#how")
SOUGHT = held(target="2027-03-31")


def first(*days, extra=(PROCEDURE,), rules=NEEDS_PROCEDURE, **more):
    return series(*days, rules=rules, things=(SOUGHT, *extra), **more)


def test_in_a_first_assessment_the_newest_interval_and_a_documented_procedure_are_enough():
    assert verdict(first("2026-01-10", "2026-10-10"), horizon=SOON) == "evidenced"


def test_in_a_first_assessment_a_series_without_its_procedure_is_a_gap():
    for extra, expected in (
        ((), "missing"),
        ((altered(PROCEDURE, withdrawn=withdrawn("2026-02-01")),), "missing"),
        ((altered(PROCEDURE, date=None),), "undated"),
        ((altered(PROCEDURE, date=day("2026-12-01")),), "missing"),
        ((rejected(PROCEDURE),), "rejected"),
    ):
        judged = judgement(first("2026-10-10", extra=extra))
        assert judged.verdict.value == expected
        assert judged.reason.startswith("in a first assessment a procedure for it is needed as well")


def test_in_a_first_assessment_a_series_is_met_for_as_long_as_its_procedure():
    expiring = altered(PROCEDURE, valid_until=day("2026-12-10"))
    assert str(judgement(first("2026-10-10", extra=(expiring,))).until) == "2026-12-10"


def test_in_a_first_assessment_the_newest_interval_must_itself_be_met():
    assert verdict(first("2026-01-10")) == "missed"
    assert verdict(first()) == "missing"


def test_a_scheme_without_that_rule_asks_for_the_whole_series_from_the_first_day():
    assert verdict(first("2026-01-10", "2026-10-10", rules=scheme(term="12 months"))) == "missed"


def test_what_a_first_assessment_did_not_ask_for_is_not_asked_for_after_the_grant():
    ledger = series("2026-01-10", "2026-10-10", rules=NEEDS_PROCEDURE, things=(held(cycle("2026-11-01")),))
    assert verdict(ledger, on="2026-10-31") == "missing"  # on that day it was the first assessment, without procedure
    assert verdict(ledger, on="2026-11-01") == "evidenced"
    assert verdict(series("2026-01-10", "2026-10-10", rules=NEEDS_PROCEDURE)) == "missed"


@pytest.mark.parametrize(
    ("extra", "expected"),
    [
        ((PROCEDURE,), "unapproved"),
        ((), "missing"),
        ((altered(PROCEDURE, date=None),), "undated"),
        ((rejected(PROCEDURE),), "rejected"),
    ],
)
def test_approving_a_series_would_not_mend_a_first_assessment_whose_procedure_is_wanting(extra, expected):
    judged = judgement(first("2026-10-10", extra=(review("report"), *extra)))
    assert judged.verdict.value == expected
    assert ("a procedure for it is needed" in judged.reason) == (expected != "unapproved")


def test_only_series_need_the_procedure_of_a_first_assessment():
    assert verdict(first("2026-10-10", extra=(), wanted=expects("max-age 12 months"))) == "evidenced"


def test_the_windows_of_several_accreditations_start_from_the_earliest_first_grant():
    def several(*granted):
        certificates = [held(cycle(day_granted), id=f"A-{day_granted}") for day_granted in granted]
        return series("2026-10-10", rules=NEEDS_PROCEDURE, things=certificates)

    assert verdict(several("2026-10-01"), horizon=SOON) == "evidenced"
    assert verdict(several("2026-10-01", "2026-03-01")) == "missed"  # nothing from 5 June to 9 October


def test_what_was_last_filed_is_named_where_the_next_is_due_only_after_the_day_known():
    found = judgement(since("2026-10-01", "2026-10-15"), on="2027-02-01")
    assert (found.verdict.value, found.reason) == ("due", "last 2026-10-15; the next is due by 2027-01-15")
    assert [str(renewal.day) for renewal in found.renewals] == ["2027-01-15"]


def test_a_gap_in_a_series_is_open_since_the_end_of_the_last_pass_however_many_runs_there_were():
    found = judgement(since("2025-01-01", "2025-02-01", "2026-03-01"))
    assert (found.verdict.value, str(found.since)) == ("missed", "2026-06-05")


def test_a_fail_stands_again_from_the_day_on_which_the_pass_that_answered_it_is_retired():
    answer = altered(piece("E-8", "2026-09-01"), withdrawn=withdrawn("2026-12-24", "retired"))
    elsewhere = piece("E-9", "2026-10-10", per={"system": "web"})
    fail = piece("E-7", "2026-08-01", result="fail")
    found = judgement(series("2025-10-10", *FOUR[:3], things=(fail, answer, elsewhere)), horizon=SOON)
    assert (found.verdict.value, found.until) == ("evidenced", day("2026-12-23"))


def test_nothing_that_is_retired_or_not_yet_valid_is_called_undated_inconclusive_or_refused():
    gone = withdrawn("2026-10-01", "retired")
    for useless in (piece(on=None), piece(kind="scan", result="inconclusive"), rejected(piece())):
        assert verdict(world(catalogue(), useless)) != "missing"
        assert verdict(world(catalogue(), altered(useless, withdrawn=gone))) == "missing"
        assert verdict(world(catalogue(), altered(useless, valid_from=day("2027-01-01")))) == "missing"
        assert verdict(world(catalogue(control("1", QUARTERLY)), altered(useless, withdrawn=gone))) == "missing"


def test_in_a_first_assessment_what_ran_out_last_says_since_when_nothing_carries():
    wanted = expects("every 1 month", "asv")
    ledger = series(
        "2026-01-10",
        "2026-05-10",
        wanted=wanted,
        rules=NEEDS_PROCEDURE,
        things=(held(target="2027-01-01"), piece("E-P", "2025-01-01", kind="procedure", controls="std:1#how")),
    )
    found = judgement(ledger)
    assert (found.verdict.value, found.since) == ("missed", day("2026-06-11"))
    assert found.reason == "nothing since 2026-05-10: was due by 2026-06-10"


def test_what_is_due_is_so_until_the_answer_to_a_fail_is_retired():
    fail = piece("E-1", "2026-03-01", result="fail")
    answer = piece("E-2", "2026-03-10", result="pass", withdrawn=withdrawn("2026-11-05", "retired"))
    ledger = world(catalogue(control("1", expects("every 3 months"))), scope(start="2026-12-01"), fail, answer)
    found = judgement(ledger, on="2026-11-01", known="2026-11-01")
    assert (found.verdict.value, str(found.until)) == ("due", "2026-11-04")
    assert [str(renewal.day) for renewal in found.renewals] == ["2026-11-05"]
    assert verdict(ledger, on="2026-11-05", known="2026-11-05") == "failed"
