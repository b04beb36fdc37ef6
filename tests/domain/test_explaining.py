"""An expectation laid open: what its rule looks at, the verdict of each part, what each piece does and how long."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given, settings

from compliance.domain.assessment.assess import Assessor
from compliance.domain.assessment.consideration import Consideration, explain
from compliance.domain.standards.expectations import AnyOf
from compliance.domain.terms.verdicts import best, worst

from ..builders.drawn import DAYS, Drawn, drawn
from ..builders.ledgers import (
    any_of,
    catalogue,
    control,
    cycle,
    day,
    event,
    expects,
    held,
    nil_return,
    piece,
    rejected,
    review,
    scheme,
    scope,
    step,
    withdrawn,
    world,
)

YEARLY = scheme(step("submission", role="submission", before="expiry", lead="1 month"), term="12 months")


def laid_open(ledger, on="2026-10-23", known=None) -> tuple[Consideration, ...]:
    assessor = Assessor(ledger, day(on), day(known or on), timedelta(0))
    within = ledger.settings.scopes[0]
    ((standard_in_use, standard),) = ledger.in_use(within)
    applied = assessor.applied(within, standard_in_use, standard)
    return explain(assessor, applied, standard.controls[0])


def words(consideration: Consideration) -> dict[str, str]:
    return {id_: service.words for id_, service in consideration.services.items()}


@pytest.mark.parametrize(
    ("more", "told"),
    [
        ({}, "serves through 2027-03-01, 12 months after its date"),
        ({"valid_until": "2026-10-23"}, "serves on 2026-10-23 for the last time, the end that it prints: 2026-10-23"),
        ({"valid_until": "2026-12-31"}, "serves through 2026-12-31, the end that it prints: 2026-12-31"),
        ({"withdrawn": withdrawn("2026-11-01", "retired")}, "serves through 2026-10-31, retired on 2026-11-01"),
        ({"on": "2025-03-01"}, "served through 2026-03-01, 12 months after its date"),
        ({"valid_from": "2026-11-05"}, "serves from 2026-11-05 on"),
        ({"on": None}, "serves nothing without a date: none is stated"),
        ({"kind": "scan", "result": "inconclusive"}, "says neither pass nor fail, and so serves nothing"),
        ({"kind": "scan", "result": "fail"}, "a fail that stands until a later pass"),
        (
            {"on": None, "kind": "scan", "result": "fail", "recorded": ""},
            "a fail that stands until it has a date: no pass is known to be later",
        ),
    ],
)
def test_a_piece_says_how_long_it_serves_and_what_ends_it(more, told):
    values = {"on": "2026-03-01", **more}
    (consideration,) = laid_open(world(catalogue(control("1", expects())), piece("E-1", **values)))
    assert words(consideration) == {"E-1": told}
    assert bool(consideration.dismissed) is ("valid_from" in more)


def test_a_successor_a_later_fail_and_a_pass_after_it_are_told_with_their_days():
    wanted = catalogue(control("1", expects()))
    old, new = piece("E-1", "2026-03-01"), piece("E-2", "2026-06-01", supersedes="E-1")
    (consideration,) = laid_open(world(wanted, old, new))
    assert words(consideration)["E-1"] == "served through 2026-05-31, replaced by E-2 from 2026-06-01 on"
    assert [each.why for each in consideration.dismissed] == ["is superseded by E-2 since 2026-06-01"]
    scans = [
        piece("E-1", "2026-03-01", kind="scan"),
        piece("E-2", "2026-05-01", kind="scan", result="fail"),
        piece("E-3", "2026-06-01", kind="scan"),
    ]
    (consideration,) = laid_open(world(wanted, *scans))
    assert words(consideration) == {
        "E-1": "served through 2026-04-30, a later fail of the same",
        "E-2": "a fail that was answered by a later pass",
        "E-3": "serves through 2027-06-01, 12 months after its date",
    }


def test_an_age_that_counts_at_submissions_says_which_and_when_it_ends_a_piece():
    wanted = catalogue(control("1", expects("max-age 6 months", judged="submission")), scheme=YEARLY)
    certificate = held(cycle("2026-02-01"))
    (consideration,) = laid_open(world(wanted, certificate, piece("E-1", "2025-12-01")))
    assert consideration.looked_at == (
        "its age counts at the submission of A-1: the last on 2026-02-01, the next on 2027-01-01"
    )
    assert words(consideration)["E-1"] == "serves through 2026-12-31, too old for the submission on 2027-01-01"
    (consideration,) = laid_open(world(wanted, certificate, piece("E-1", "2025-12-01")), "2027-01-10")
    assert consideration.looked_at == (
        "its age counts at the submission of A-1, which was due on 2027-01-01: it counts on every day from then until "
        "that is held"
    )
    assert words(consideration)["E-1"] == "served through 2026-12-31, too old for the submission on 2027-01-01"


def test_each_accreditation_and_each_listed_item_has_its_verdict():
    wanted = catalogue(control("1", expects("max-age 6 months", judged="submission")), scheme=YEARLY)
    certificates = (held(cycle("2026-02-01"), id="A-1"), held(cycle("2026-08-01"), id="A-2"))
    (consideration,) = laid_open(world(wanted, *certificates, piece("E-1", "2025-12-01")))
    assert {part.part: part.judgement.verdict.value for part in consideration.parts} == {
        "A-1": "evidenced",
        "A-2": "stale",
    }
    assert consideration.judgement.verdict is worst([part.judgement for part in consideration.parts]).verdict
    chains = catalogue(control("1", expects(per="supplier")))
    acme = piece("E-1", "2026-03-01", per={"supplier": "Acme Hosting"})
    (consideration,) = laid_open(world(chains, scope(suppliers=("Acme Hosting", "Example Cables")), acme))
    assert {part.part: part.judgement.verdict.value for part in consideration.parts} == {
        "supplier Acme Hosting": "evidenced",
        "supplier Example Cables": "missing",
    }
    assert consideration.parts[1].judgement.reason == "nothing was ever filed"


def test_a_group_is_laid_open_before_its_alternatives():
    either = any_of(expects("max-age 1 month", "scan", "scan"), expects("once", "test", "test"))
    group, scan, test = laid_open(world(catalogue(control("1", either)), piece("E-1", "2026-03-01", kind="scan")))
    assert [(part.part, part.judgement.verdict.value) for part in group.parts] == [
        ("#scan", "stale"),
        ("#test", "missing"),
    ]
    assert (scan.group, test.group) == (group.expectation.id, group.expectation.id)
    assert group.judgement.verdict.value == "stale"


def test_a_series_names_its_window_its_slots_and_the_events_that_a_piece_answers():
    quarterly = laid_open(world(catalogue(control("1", expects("every 3 months"))), piece("E-1", "2026-09-01")))
    assert quarterly[0].looked_at == "looked at from 2025-10-23 to 2026-10-23"
    assert words(quarterly[0]) == {"E-1": "serves through 2026-12-01, 3 months after its date"}
    slots = laid_open(world(catalogue(control("1", expects("each quarter"))), piece("E-1", "2026-05-01")))
    assert words(slots[0]) == {"E-1": "covers 2026-Q2"}
    changes = [
        event("change", "2026-05-01"),
        event("change", "2026-09-01"),
        nil_return("change", "2025-05-01/2026-04-30"),
    ]
    pieces = [piece("E-1", "2026-05-20"), piece("E-2", "2026-10-11"), piece("E-3", "2026-04-01")]
    (followed,) = laid_open(world(catalogue(control("1", expects("on change within 30 days"))), *changes, *pieces))
    assert followed.looked_at == (
        "the change of 2026-05-01 is to be answered from 2026-05-01 to 2026-05-31; "
        "the change of 2026-09-01 is to be answered from 2026-09-01 to 2026-10-01"
    )
    assert words(followed) == {
        "E-1": "in time for the change of 2026-05-01",
        "E-2": "for the change of 2026-09-01 filed late by 10 days",
        "E-3": "answers no event that is asked about",
    }


def test_a_pass_for_another_expectation_says_that_it_answers_the_fail():
    wanted = [
        expects("every 3 months", "scans", "scan"),
        expects("on failed-scan within 30 days", "rescan", "scan record"),
    ]
    scans = [
        piece("E-1", "2026-08-01", kind="scan", result="fail", controls="std:1#scans"),
        piece("E-2", "2026-08-11", kind="scan", controls="std:1#scans"),
    ]
    _, rescan = laid_open(world(catalogue(control("1", *wanted)), *scans))
    assert words(rescan) == {"E-2": "in time for the failed scan of 2026-08-01 (E-1)"}


def test_what_is_filed_for_another_scope_is_dismissed_as_such():
    elsewhere = piece("E-1", "2026-09-01", scope=("payments",))
    ledger = world(catalogue(control("1", expects())), scope(), scope("payments"), elsewhere)
    (consideration,) = laid_open(ledger)
    assert [(each.evidence.id, each.why) for each in consideration.dismissed] == [
        ("E-1", "is of another scope: payments")
    ]


@settings(max_examples=150)
@given(drawn(), DAYS, DAYS)
def test_whatever_is_filed_says_what_it_does_and_the_parts_agree_with_the_whole(
    ledger: Drawn, on: date, known: date
) -> None:
    within = scope(start=str(ledger.starts) if ledger.starts else None)
    whole = world(ledger.catalogue, within, review("scan"), *ledger.pieces, *ledger.events, *ledger.accreditations)
    for consideration in laid_open(whole, str(on), str(known)):
        assert all(consideration.services[each.evidence.id].words for each in consideration.candidates)
        assert all(each.why for each in consideration.dismissed)
        verdicts = [part.judgement for part in consideration.parts]
        if verdicts and isinstance(consideration.expectation.rule, AnyOf):
            verdict = consideration.judgement.verdict
            assert verdict in {judgement.verdict for judgement in verdicts}
            assert verdict.is_gap or verdict is best(verdicts).verdict
        elif verdicts:
            assert consideration.judgement.verdict is worst(verdicts).verdict


def test_what_was_refused_is_told_as_refused_whatever_it_says():
    refused = rejected(piece("E-1", "2026-03-01", kind="scan", result="fail"))
    (consideration,) = laid_open(world(catalogue(control("1", expects(kinds="scan"))), refused))
    assert words(consideration)["E-1"].startswith("rejected by ")


def test_a_piece_covers_no_slot_where_there_is_nothing_to_count_them_from():
    wanted = catalogue(control("1", expects("each quarter anchored")))
    (consideration,) = laid_open(world(wanted, piece("E-1", "2026-03-01")))
    assert words(consideration)["E-1"] == "covers no slot yet"
