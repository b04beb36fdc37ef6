"""Evidence that must follow an event within a time."""

from __future__ import annotations

import msgspec
import pytest

from compliance.domain.ledger.settings import Scope
from compliance.domain.registers.events import unread_type
from compliance.domain.standards.catalogue import EventType, FormerEvent

from ..builders.ledgers import (
    altered,
    approved,
    catalogue,
    control,
    cycle,
    day,
    event,
    expects,
    held,
    judged,
    judgement,
    nil_return,
    piece,
    rejected,
    review,
    scheme,
    scope,
    verdict,
    withdrawn,
    world,
)

WANTED = catalogue(control("1", expects("on significant-change within 30 days", "test")))


def after(*things, **more):
    """A ledger of a scope that began on 1 October 2025, unless another is among the things."""
    begun = () if any(isinstance(thing, Scope) for thing in things) else (scope(start="2025-10-01"),)
    return world(WANTED, *begun, *things, **more)


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


NIL = nil_return("significant-change", "2025-10-01/2026-06-30")
YEAR = "2025-11-22/2026-11-21"
"""The window on the day judged."""


def test_no_event_in_the_window_needs_a_nil_return_for_it():
    found = judgement(after())
    assert found.verdict.value == "missing"
    assert found.reason == (
        "no significant change is recorded since 2025-10-01, and no nil return: record one or the other"
    )
    found = judgement(after(NIL))
    assert (found.verdict.value, found.until) == ("evidenced", day("2027-06-30"))
    assert found.reason == "no significant change; nil returns end on 2026-06-30, and the next is due by 2027-06-30"


def test_a_nil_return_speaks_for_its_period_alone():
    """A day that nobody spoke for is missed twelve months after it, and not before."""
    found = judgement(after(nil_return("significant-change", "2026-06-30/2026-06-30")))
    assert (found.verdict.value, found.since) == ("missed", day("2026-10-01"))
    assert found.reason == "no significant change is recorded, and no nil return covers 2025-10-01 to 2025-11-21"


def test_more_nil_returns_never_worsen():
    one_day = nil_return("significant-change", "2025-12-01/2025-12-01")
    begun = scope(start="2025-12-01")
    assert verdict(after(begun, one_day), on="2026-11-30", known="2026-11-30") == "lapsing"
    summer = nil_return("significant-change", "2026-07-01/2026-09-30")
    assert verdict(after(begun, one_day, summer), on="2026-11-30", known="2026-11-30") == "lapsing"


def test_a_nil_return_may_begin_with_the_first_day_asked_for_and_no_later():
    assert verdict(after(nil_return("significant-change", "2025-10-01/2026-11-21"))) == "evidenced"
    found = judgement(after(nil_return("significant-change", "2025-10-02/2026-11-21")))
    assert found.reason == "no significant change is recorded, and no nil return covers 2025-10-01"
    long_ago = scope(start="2020-01-01")
    assert verdict(after(long_ago, nil_return("significant-change", "2024-11-21/2026-11-21"))) == "evidenced"
    assert verdict(after(long_ago, nil_return("significant-change", "2024-11-22/2026-11-21"))) == "missed"


def test_nil_returns_must_follow_one_another_without_a_gap():
    autumn = nil_return("significant-change", "2026-08-01/2026-10-31")
    found = judgement(after(NIL, autumn))
    assert (found.verdict.value, found.until) == ("evidenced", day("2027-06-30"))
    found = judgement(after(NIL, autumn), on="2027-07-01", known="2027-07-01")
    assert (found.verdict.value, found.since) == ("missed", day("2027-07-01"))
    assert found.reason == "no significant change is recorded, and no nil return covers 2026-07-01"
    july = nil_return("significant-change", "2026-07-01/2026-07-31", on="2026-11-02")
    found = judgement(after(NIL, autumn, july))
    assert (found.verdict.value, found.until) == ("evidenced", day("2027-10-31"))


def test_each_gap_between_nil_returns_is_named():
    months = [nil_return("significant-change", f"2026-{month:02}-01/2026-{month:02}-28") for month in (1, 2, 4, 5)]
    first = nil_return("significant-change", "2025-10-01/2025-12-31")
    found = judgement(after(first, *months), on="2027-04-10", known="2027-04-10")
    assert found.reason == (
        "no significant change is recorded, and no nil return covers 2026-01-29 to 2026-01-31, 2026-03-01 to 2026-03-31"
    )


def test_nobody_vouches_for_days_to_come():
    early = nil_return("significant-change", "2025-10-01/2036-12-31", on="2026-01-15")
    found = judgement(after(early))
    assert (found.verdict.value, found.until) == ("lapsing", day("2027-01-15"))
    assert verdict(after(early), on="2027-01-16", known="2027-01-16") == "missed"
    upside_down = nil_return("significant-change", "2026-02-01/2026-06-30", on="2026-01-15")
    assert verdict(after(upside_down)) == "missing"


def test_a_nil_return_without_a_period_speaks_for_no_day():
    bare = event("significant-change", "2026-06-30", nil=True)
    found = judgement(after(bare))
    assert found.verdict.value == "missing"
    assert found.reason == "the nil return of 2026-06-30 covers no day: give it the period it speaks for"
    assert verdict(after(bare, NIL)) == "evidenced"


def test_nil_returns_that_are_about_to_run_out_are_lapsing():
    for end, expected in (("2026-01-20", "lapsing"), ("2026-01-21", "evidenced"), ("2025-11-21", "lapsing")):
        assert verdict(after(nil_return("significant-change", f"2025-10-01/{end}"))) == expected


def test_nil_returns_that_ran_out_are_missed_and_due_if_they_run_out_after_the_day_known():
    found = judgement(after(NIL), on="2027-07-01", known="2027-07-01")
    assert (found.verdict.value, found.since) == ("missed", day("2027-07-01"))
    assert found.reason == "nil returns end on 2026-06-30: a new one, or a nil return, was due by 2027-06-30"
    found = judgement(after(NIL), on="2027-07-01", known="2027-06-30")
    assert (found.verdict.value, found.until) == ("due", day("2027-06-30"))


def test_an_event_that_has_left_the_window_needs_a_nil_return_after_it():
    old, begun = event("significant-change", "2025-03-01"), scope(start="2025-01-01")
    found = judgement(after(begun, old))
    assert (found.verdict.value, found.since) == ("missed", day("2026-03-02"))
    assert found.reason.startswith("the last significant change was on 2025-03-01: ")
    assert verdict(after(begun, old, nil_return("significant-change", "2025-03-02/2026-03-01"))) == "evidenced"
    assert verdict(after(begun, old, nil_return("significant-change", "2026-01-02/2026-03-01"))) == "missed"


def test_a_nil_return_does_not_hide_an_event():
    assert verdict(after(CHANGE, nil_return("significant-change", YEAR))) == "missed"


def test_events_of_other_types_other_scopes_and_later_days_do_not_count():
    others = (
        event("incident", "2026-09-01"),
        event("significant-change", "2026-09-02", scope=("cardholder",)),
        event("significant-change", "2026-12-01"),
    )
    assert judgement(after(NIL, *others)).reason.startswith("no significant change; nil returns end on 2026-06-30")
    here = event("significant-change", "2026-09-02", scope=("cardholder", "corporate"))
    assert verdict(after(NIL, here)) == "missed"


def test_an_event_counts_on_its_own_day_and_for_twelve_months_after():
    assert verdict(after(event("significant-change", "2026-11-21"))) == "due"
    assert judgement(after(event("significant-change", "2025-11-21"))).reason.startswith("nothing answers")


def test_what_happened_before_the_scope_began_need_not_be_answered():
    """It speaks for its own days all the same; without a word the first is due twelve months after the scope began."""
    assert verdict(after(CHANGE, scope(start="2026-09-02"))) == "evidenced"
    found = judgement(after(scope(start="2026-09-02")))
    assert (found.verdict.value, found.renewals[0].day) == ("due", day("2027-09-02"))
    assert verdict(after(scope(start="2026-09-02")), on="2026-09-01", known="2026-11-21") == "due"
    assert verdict(after(CHANGE, scope(start="2026-09-01"))) == "missed"


def test_the_worst_of_several_events_is_the_verdict():
    earlier, later = event("significant-change", "2026-02-01"), event("significant-change", "2026-11-10")
    assert judgement(after(earlier, later, piece(on="2026-02-02"))).verdict.value == "due"


def test_events_may_be_looked_at_over_another_time():
    shorter = catalogue(control("1", expects("on significant-change within 30 days over 1 month")))
    begun = scope(start="2026-10-01")
    assert verdict(world(shorter, begun, nil_return("significant-change", "2026-10-01/2026-10-30"))) == "lapsing"


FAILED_SCAN = "on failed-scan within 30 days"


def scanned(*things, per=""):
    """A control that wants a yearly scan, and a rescan after each that failed."""
    chain = {"per": per} if per else {}
    wanted = (expects("max-age 12 months", "asv", "scan"), expects(FAILED_SCAN, "rescan", "scan record", **chain))
    return world(catalogue(control("1", *wanted)), *things)


def rescan(ledger, on="2026-11-21", **more):
    """The judgement on the rescan."""
    return judged(ledger, on, **more).expectations[1].judgement


def scan(id="E-1", on="2026-09-01", result="fail", to="std:1#asv", **more):  # noqa: A002
    return piece(id, on, kind="scan", result=result, controls=to, **more)


def test_a_failed_scan_on_file_is_an_event_by_itself():
    found = rescan(scanned(scan()), on="2026-09-20", known="2026-09-20")
    assert (found.verdict.value, found.until) == ("due", day("2026-10-01"))
    assert found.reason == "the failed scan of 2026-09-01 (E-1) is to be answered by 2026-10-01"
    found = rescan(scanned(scan()))
    assert (found.verdict.value, found.since) == ("missed", day("2026-10-02"))
    assert found.reason == "nothing answers the failed scan of 2026-09-01 (E-1): was due by 2026-10-01"


def test_a_failed_test_is_one_too_and_a_failed_report_is_none():
    retest = catalogue(control("1", expects("on failed-test within 30 days", "retest", "test")))
    fail = piece(kind="test", result="fail", controls="std:1")
    assert verdict(world(retest, fail, piece("E-2", "2026-10-10", kind="test", result="pass"))) == "evidenced"
    found = judgement(world(retest, piece(kind="test", result="fail", controls="std:1")), on="2026-10-01")
    assert found.verdict.value == "failed"  # the fail is filed as the retest itself
    assert verdict(world(retest, piece(kind="report", result="fail"))) == "missing"
    assert verdict(world(retest, piece(kind="scan", result="fail"))) == "missing"


def test_a_later_pass_answers_a_failed_scan_in_time_or_late():
    for answered, expected in (("2026-09-02", "evidenced"), ("2026-10-01", "evidenced"), ("2026-10-02", "missed")):
        found = rescan(scanned(scan(), scan("E-2", answered, "pass", "std:1")))
        assert (found.verdict.value, found.evidence) == (expected, "E-2")
    assert rescan(scanned(scan(), scan("E-2", "2026-09-01", "pass", "std:1"))).verdict.value == "missed"


def test_the_next_scan_answers_it_wherever_in_the_control_it_is_filed():
    next_one = scan("E-2", "2026-09-20", "pass")
    found = rescan(scanned(scan(), next_one))
    assert (found.verdict.value, found.evidence) == ("evidenced", "E-2")
    assert found.reason == "the failed scan of 2026-09-01 (E-1) is answered by E-2 of 2026-09-20"
    assert rescan(scanned(scan(), scan("E-2", "2026-10-20", "pass"))).reason.endswith("filed late by 19 days")
    assert rescan(scanned(scan(), piece("E-2", "2026-09-20", kind="record", controls="std:1#asv"))).evidence == ""
    waiting = rescan(scanned(scan(), next_one, review("scan")))
    assert (waiting.verdict.value, waiting.evidence) == ("unapproved", "E-2")
    assert rescan(scanned(scan(), rejected(next_one))).verdict.value == "missed"


def test_an_event_on_record_alone_is_answered_by_what_is_filed_for_it():
    recorded = event("failed-scan", "2026-09-01")
    assert rescan(scanned(recorded, scan("E-2", "2026-09-20", "pass"))).verdict.value == "missed"
    assert rescan(scanned(recorded, scan("E-2", "2026-09-20", "pass", "std:1"))).verdict.value == "evidenced"


def test_only_a_pass_for_the_same_target_answers_a_failed_scan():
    web, mail = {"per": {"system": "web"}}, {"per": {"system": "mail"}}
    assert rescan(scanned(scan(**web), scan("E-2", "2026-09-10", "pass", "std:1", **mail))).verdict.value == "missed"
    assert rescan(scanned(scan(**web), scan("E-2", "2026-09-10", "pass", "std:1"))).verdict.value == "missed"
    assert rescan(scanned(scan(**web), scan("E-2", "2026-09-10", "pass", "std:1", **web))).verdict.value == "evidenced"
    named = {"per": {"event": "E-1"}}
    assert (
        rescan(scanned(scan(**web), scan("E-2", "2026-09-10", "pass", "std:1", **named))).verdict.value == "evidenced"
    )


def test_every_failed_scan_is_an_event_of_its_own():
    again = scan("E-2", "2026-09-20")
    mended = scan("E-3", "2026-10-10", "pass", "std:1")
    found = rescan(scanned(scan(), again, mended))
    assert found.reason == "the failed scan of 2026-09-01 (E-1): filed late by 9 days"
    assert rescan(scanned(again, mended)).verdict.value == "evidenced"


@pytest.mark.parametrize(
    "item",
    [
        rejected(scan()),
        scan(withdrawn=withdrawn("2026-09-05")),
        scan(on=None),
        scan(on="2026-12-01"),
        scan(scope=("cardholder",)),
    ],
)
def test_passes_and_fails_that_do_not_count_are_no_events(item):
    found = rescan(scanned(item))
    assert found.verdict.value == "missing"
    assert found.reason == "no failed scan is recorded since 2024-11-21, and no nil return: record one or the other"


def test_with_passing_scans_on_file_and_no_fail_no_nil_return_is_wanted():
    found = rescan(scanned(scan(result="pass")))
    assert (found.verdict.value, found.until) == ("evidenced", None)
    assert found.reason == "no failed scan: what is on file passed"


def test_a_failed_scan_leaves_the_window_as_any_event_does():
    assert rescan(scanned(scan(on="2025-11-21"))).reason.startswith("nothing answers the failed scan of 2025-11-21")
    old = rescan(scanned(scan(on="2025-11-20")))
    assert old.reason.startswith("the last failed scan was on 2025-11-20: ")
    after_scope_began = scope(start="2026-09-02")
    assert rescan(scanned(scan(), after_scope_began)).verdict.value == "evidenced"


def test_an_event_on_record_and_the_fail_it_comes_from_are_one():
    recorded = event("failed-scan", "2026-09-03", id="V-1")
    for item, known in (
        (scan(per={"event": "V-1"}), recorded),
        (scan(), altered(recorded, source="E-1")),
    ):
        found = rescan(scanned(item, known))
        assert found.reason == "nothing answers the failed scan of 2026-09-01 (E-1): was due by 2026-10-01"
        by_event = scan("E-2", "2026-09-10", "pass", "std:1", per={"event": "V-1"})
        assert rescan(scanned(item, known, by_event)).verdict.value == "evidenced"
    apart = rescan(scanned(scan(), recorded, scan("E-2", "2026-09-10", "pass", "std:1", per={"event": "V-1"})))
    assert apart.verdict.value == "missed"


def test_where_each_system_has_its_chain_a_fail_is_an_event_in_its_own():
    two = scope(systems=("web", "mail"))
    web = scan(per={"system": "web"})
    nil = nil_return("failed-scan", "2024-11-21/2026-11-21")
    found = rescan(scanned(two, web, nil, per="system"))
    assert found.reason == "system without: web (missed)"


def test_a_fail_filed_as_the_rescan_itself_is_failed_until_a_pass():
    assert rescan(scanned(scan(to="std:1"))).verdict.value == "failed"
    mended = scan("E-2", "2026-09-10", "pass", "std:1")
    assert rescan(scanned(scan(to="std:1"), mended)).verdict.value == "evidenced"


def test_what_a_nil_return_covers_to_the_end_of_february_lasts_to_that_of_a_leap_year():
    followed = catalogue(control("1", expects("on significant-change within 30 days")))
    ledger = world(followed, nil_return("significant-change", "2021-02-01/2023-02-28", "2023-02-28"))
    found = judgement(ledger, on="2023-03-15", known="2023-03-15")
    assert (found.verdict.value, found.until) == ("evidenced", day("2024-02-29"))
    assert verdict(ledger, on="2024-02-29", known="2024-02-29") == "lapsing"
    assert verdict(ledger, on="2024-03-01", known="2024-03-01") == "missed"


def test_a_type_that_a_standard_has_renamed_or_told_apart_names_those_of_today():
    kinds = tuple(EventType(id=name, title=name, was=("key-loss",)) for name in ("site-key-loss", "data-key-loss"))
    known = catalogue(control("1"), events=(*kinds, EventType(id="change", title="Change")))
    assert unread_type((known,), "change") is None
    assert unread_type((known,), "key-loss") == (
        "no standard in use asks for events of the type “key-loss”",
        "the standard calls it data-key-loss or site-key-loss now: use that one",
    )


def test_a_type_that_a_standard_has_given_up_says_what_is_done_instead():
    former = FormerEvent(id="leaver", instead="file the list of leavers each quarter")
    known = catalogue(control("1"), events=(EventType(id="release", title="Release"),), former_events=(former,))
    assert unread_type((known,), "leaver") == (
        "no standard in use asks for events of the type “leaver”",
        "the standard no longer has it: file the list of leavers each quarter",
    )


def test_the_first_word_is_due_a_year_after_the_series_begins_to_the_day():
    followed = catalogue(control("1", expects("on significant-change within 30 days")))
    found = judgement(world(followed, scope(start="2026-09-01")))
    assert (found.verdict.value, found.until) == ("due", day("2027-08-31"))
    assert [renewal.day for renewal in found.renewals] == [day("2027-09-01")]


def test_a_pass_that_is_not_valid_yet_does_not_speak_for_days_without_a_fail():
    followed = catalogue(control("1", expects("on failed-scan within 30 days", kinds="scan")))
    early = piece("E-1", "2026-10-01", kind="scan", valid_from="2027-01-01")
    assert verdict(world(followed, early)) == "missing"
    assert verdict(world(followed, altered(early, valid_from=None))) == "evidenced"


def test_of_several_missed_events_the_first_is_named_and_the_others_are_counted():
    followed = catalogue(control("1", expects("on significant-change within 30 days")))
    changes = [event("significant-change", f"2026-0{month}-01", id=f"V-{month}") for month in (1, 2, 3)]
    found = judgement(
        world(followed, nil_return("significant-change", "2024-01-01/2025-12-31", "2025-12-31"), *changes)
    )
    assert found.verdict.value == "missed"
    assert found.reason.startswith("nothing answers the significant change of 2026-01-01")
    assert found.reason.endswith("; and 2 more like it")
    assert len([renewal for renewal in found.renewals if renewal.of]) == 3


def test_a_first_grant_that_is_known_ends_what_was_asked_for_before_it():
    """The window starts from the first grant: what nobody spoke for before it is asked for no more from that day on."""
    rules = scheme(term="12 months", first_assessment_needs="procedure")
    wanted = catalogue(control("1", expects("on significant-change within 30 days", "test")), scheme=rules)
    spoken = nil_return("significant-change", "2025-06-01/2025-10-04")
    granted = judgement(
        world(wanted, scope(start="2025-06-01"), held(cycle("2026-05-31")), spoken), on="2026-03-19", known="2026-11-30"
    )
    assert (granted.verdict.value, granted.until) == ("evidenced", day("2027-05-30"))
    assert granted.reason == "no significant change; nil returns end on 2025-10-04, and the next is due by 2027-05-30"
    assert [str(renewal.day) for renewal in granted.renewals] == ["2027-05-30"]
    sought = world(wanted, scope(start="2025-06-01"), held(target="2027-05-31"), spoken)
    assert judgement(sought, on="2026-03-19", known="2026-11-30").until == day("2026-10-04")


def test_the_newest_of_the_nil_returns_that_cover_no_day_is_named():
    empty = [
        msgspec.structs.replace(nil_return("significant-change", f"{on}/{on}", on), id=f"V-{on}", period=None)
        for on in ("2026-03-01", "2026-06-01", "2026-04-01")
    ]
    assert judgement(after(*empty)).reason == (
        "the nil return of 2026-06-01 covers no day: give it the period it speaks for"
    )


def test_the_first_word_of_a_longer_window_is_due_at_its_end():
    followed = catalogue(control("1", expects("on significant-change within 30 days over 2 years")))
    found = judgement(world(followed, scope(start="2026-12-01")))
    assert (found.verdict.value, found.until) == ("due", day("2028-11-30"))


def test_an_event_on_the_first_day_of_the_window_is_one_of_it():
    followed = catalogue(control("1", expects("on significant-change within 30 days")))
    on_the_first = event("significant-change", "2025-10-23")
    answer = piece("E-1", "2025-11-01")
    days = ("2026-10-22", "2026-10-23", "2026-10-24")
    assert [verdict(world(followed, on_the_first, answer), on=on) for on in days] == ["lapsing", "lapsing", "missed"]
