"""Ages that count on the day of a submission or an audit, not every day."""

from __future__ import annotations

import pytest

from ..builders.ledgers import (
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
    step,
    use,
    verdict,
    world,
)

YEARLY = scheme(
    step("submission", role="submission", before="expiry", lead="1 month"),
    step("certification", before="expiry", opens_cycle=True),
    term="12 months",
    judged="submission",
)
DIAGRAM = catalogue(control("1", expects("max-age 6 months", "diagram")), scheme=YEARLY)
# The next submission is on Friday, 26 February.
CERTIFIED = held(cycle("2026-03-31", "2027-03-31"), events=(happened("submission", "2026-03-01"),))
SEVEN_MONTHS_OLD = piece(on="2026-02-20")  # fresh through 20 August 2026


def test_a_seven_month_old_diagram_is_fine_in_mid_cycle():
    found = judgement(world(DIAGRAM, CERTIFIED, SEVEN_MONTHS_OLD), on="2026-09-20")
    assert (found.verdict.value, found.until) == ("evidenced", day("2027-02-25"))
    assert [str(renewal.day) for renewal in found.renewals] == ["2027-02-26"]
    assert found.reason == "dated 2026-02-20; will be too old for the submission on 2027-02-26"


def test_what_will_be_too_old_for_the_submission_lapses_when_that_comes_near():
    ledger = world(DIAGRAM, CERTIFIED, SEVEN_MONTHS_OLD)
    assert verdict(ledger, on="2026-12-26") == "evidenced"
    assert verdict(ledger, on="2026-12-27") == "lapsing"
    assert verdict(ledger, on="2027-02-25") == "lapsing"


def test_on_the_day_of_the_submission_it_is_too_old_for_the_submission_on_that_day():
    found = judgement(world(DIAGRAM, CERTIFIED, SEVEN_MONTHS_OLD), on="2027-02-26")
    assert (found.verdict.value, found.since) == ("stale", day("2027-02-26"))
    assert found.reason == "dated 2026-02-20; too old for the submission on 2027-02-26"


def test_what_is_in_date_on_the_day_of_the_submission_is_evidenced():
    ledger = world(DIAGRAM, CERTIFIED, piece(on="2026-09-01"))
    # One to come counts as held on its day, and the next comes a term later.
    found = judgement(ledger, on="2026-10-01")
    assert (found.verdict.value, found.until) == ("evidenced", day("2028-02-25"))
    assert found.reason == "dated 2026-09-01; will be too old for the submission on 2028-02-26"
    assert verdict(ledger, on="2027-02-26") == "evidenced"


def test_a_submission_whose_day_passed_unrecorded_is_the_day_judged_itself():
    """It is to be held on whatever day is judged, and not on the day that is known."""
    ledger = world(DIAGRAM, CERTIFIED, piece(on="2026-09-01"))  # fresh through 1 March 2027
    assert verdict(ledger, on="2027-06-01", known="2026-11-21") == "evidenced"
    assert verdict(ledger, on="2027-03-01", known="2027-03-01") == "lapsing"
    for known in ("2027-02-28", "2027-03-01", "2027-06-01"):
        found = judgement(ledger, on="2027-06-01", known=known)
        assert (found.verdict.value, found.reason) == (
            "stale",
            "dated 2026-09-01; too old for the submission on 2027-06-01",
        )


def test_a_submission_is_held_on_the_day_agreed_for_it():
    planned = held(cycle("2026-03-31", "2027-03-31"), planned={"submission": "2027-01-15"})
    assert judgement(world(DIAGRAM, planned, SEVEN_MONTHS_OLD), on="2027-01-15").reason.endswith("on 2027-01-15")


def test_what_was_too_old_for_the_last_submission_is_stale_in_mid_cycle():
    found = judgement(world(DIAGRAM, CERTIFIED, piece(on="2025-08-31")), on="2026-09-20")
    assert found.verdict.value == "stale"
    assert found.reason == "dated 2025-08-31; too old for the submission on 2026-03-01"


def test_after_the_submission_the_next_one_is_that_of_the_cycle_to_come():
    submitted = held(cycle("2026-03-31", "2027-03-31", happened("submission", "2027-02-20")))
    ledger = world(DIAGRAM, submitted, piece(on="2026-12-01"))  # fresh through 1 June 2027
    found = judgement(ledger, on="2027-07-01", known="2027-07-01")
    assert found.reason == "dated 2026-12-01; will be too old for the submission on 2028-02-29"
    assert verdict(ledger, on="2028-03-01", known="2028-03-01") == "stale"


def test_before_any_submission_an_age_counts_every_day():
    first = held(target="2027-03-31")
    assert verdict(world(DIAGRAM, first, SEVEN_MONTHS_OLD), on="2026-09-20") == "stale"
    assert verdict(world(DIAGRAM, first, piece(on="2026-08-01"))) == "evidenced"
    assert verdict(world(DIAGRAM, SEVEN_MONTHS_OLD), on="2026-09-20") == "stale"


def test_what_the_document_prints_counts_every_day():
    printed = piece(on="2026-02-20", valid_until="2026-05-31")
    found = judgement(world(DIAGRAM, CERTIFIED, printed), on="2026-09-20")
    assert found.reason == "dated 2026-02-20; by its own words valid only until 2026-05-31"


def test_what_never_ages_is_evidenced_on_every_occasion():
    forever = catalogue(control("1", expects("once")), scheme=YEARLY)
    assert verdict(world(forever, CERTIFIED, piece(on="2001-01-01")), on="2027-02-26") == "evidenced"


def test_an_expectation_may_be_judged_every_day_whatever_its_scheme_says():
    daily = catalogue(control("1", expects("max-age 6 months", judged="always")), scheme=YEARLY)
    assert verdict(world(daily, CERTIFIED, SEVEN_MONTHS_OLD), on="2026-09-20") == "stale"


AUDITED = scheme(step("visit", role="audit", before="expiry", lead="1 month"), term="3 years")


def test_an_age_may_count_on_the_day_of_an_audit():
    wanted = catalogue(control("1", expects("max-age 6 months", judged="audit")), scheme=AUDITED)
    granted = held(cycle("2026-03-31"))
    assert verdict(world(wanted, granted, SEVEN_MONTHS_OLD), on="2026-09-20") == "evidenced"
    assert judgement(world(wanted, granted, piece(on="2025-09-29"))).reason.endswith(
        "too old for the audit on 2026-03-31"
    )


def test_a_scheme_without_such_a_day_leaves_the_last_one():
    plain = catalogue(control("1", expects("max-age 6 months", judged="audit")), scheme=scheme())
    granted = held(cycle("2026-03-31"))
    found = judgement(world(plain, granted, SEVEN_MONTHS_OLD), on="2026-09-20")
    assert (found.verdict.value, found.until, found.reason) == (
        "evidenced",
        None,
        "dated 2026-02-20; in date for the last audit",
    )


def test_a_scheme_without_any_day_is_judged_every_day():
    plain = catalogue(control("1", expects("max-age 6 months", judged="submission")), scheme=scheme())
    assert verdict(world(plain, held(cycle("2026-03-31")), SEVEN_MONTHS_OLD), on="2026-09-20") == "stale"


@pytest.mark.parametrize(("on", "wanted"), [("2026-09-20", "unapproved"), ("2027-02-26", "stale")])
def test_review_is_required_on_every_occasion(on, wanted):
    assert verdict(world(DIAGRAM, CERTIFIED, SEVEN_MONTHS_OLD, review("report")), on=on) == wanted


def test_a_printed_end_on_the_eve_of_the_submission_is_the_day_of_its_row():
    found = judgement(world(DIAGRAM, CERTIFIED, piece(on="2026-02-20", valid_until="2027-02-25")), on="2026-09-20")
    assert [str(renewal.day) for renewal in found.renewals] == ["2027-02-25"]


def test_an_accreditation_whose_profile_does_not_hold_the_control_looks_at_nothing_of_it():
    wanted = catalogue(control("1", expects("max-age 6 months", "diagram"), profiles=("small",)), scheme=YEARLY)
    ours = held(cycle("2026-03-31", "2027-03-31"), id="A-1", profile="small")
    theirs = held(cycle("2026-09-30", "2027-09-30"), id="A-2", profile="large")
    report = piece(on="2026-02-20")
    assert verdict(world(wanted, ours, theirs, report, use(profiles=("small",))), on="2026-10-23") == "evidenced"
    assert verdict(world(wanted, ours, held(cycle("2026-09-30", "2027-09-30"), id="A-2"), report)) == "stale"
    whole = catalogue(control("1", expects("max-age 6 months", "diagram")), scheme=YEARLY)
    assert verdict(world(whole, ours, theirs, report), on="2026-10-23") == "stale"
    both = held(cycle("2026-09-30", "2027-09-30"), id="A-2", profile="small")
    assert verdict(world(wanted, ours, both, report, use(profiles=("small",))), on="2026-10-23") == "stale"


def test_while_a_submission_is_overdue_what_is_in_date_is_so_for_it_on_that_day():
    ledger = world(DIAGRAM, CERTIFIED, piece(on="2026-09-01"))
    overdue = judgement(ledger, on="2027-02-28", known="2027-02-28")
    assert overdue.reason == "dated 2026-09-01; in date for the submission on 2027-02-28"
