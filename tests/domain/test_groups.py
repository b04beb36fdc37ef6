"""Alternatives, chains, and what never counts against a control."""

from __future__ import annotations

import pytest

from compliance.domain.standards.expectations import wanted_evidence

from ..builders.ledgers import (
    any_of,
    catalogue,
    control,
    day,
    event,
    expects,
    held,
    judged,
    judgement,
    nil_return,
    piece,
    scheme,
    scope,
    verdict,
    world,
)

EITHER = catalogue(control("1", any_of(expects("max-age 1 month", "scan", "scan"), expects("once", "test", "test"))))
SUPPLIERS = scope(start="2026-01-01", suppliers=("Acme Hosting", "Example Cables"))
SITES = scope(sites=("Town Hall", "Depot"))


def test_of_alternatives_the_best_counts():
    assert verdict(world(EITHER)) == "missing"
    assert verdict(world(EITHER, piece("E-1", kind="scan"))) == "stale"
    found = judgement(world(EITHER, piece("E-1", kind="scan"), piece("E-2", kind="test")))
    assert (found.verdict.value, found.evidence) == ("evidenced", "E-2")


def test_where_alternatives_are_due_the_row_is_of_the_one_that_is_due_last():
    both = any_of(expects("every 3 months", id="a"), expects("every 6 months", id="b"))
    found = judgement(world(catalogue(control("1", both)), scope(start="2026-11-01")))
    assert (found.verdict.value, str(found.until)) == ("due", "2027-05-01")
    assert [str(renewal.day) for renewal in found.renewals] == ["2027-05-01"]


def test_an_alternative_that_is_met_only_later_carries_on_where_the_first_ends():
    either = catalogue(control("1", any_of(expects("once", "a", "scan"), expects("on change within 30 days", "b"))))
    scan = piece("E-1", "2026-09-30", kind="scan", valid_until="2027-08-31")
    told = nil_return("change", "2025-06-01/2026-11-30", "2026-11-30")
    assert verdict(world(either, told), on="2027-05-31", known="2026-11-30") == "missed", "the spring of 2025"
    assert verdict(world(either, told), on="2027-06-01", known="2026-11-30") == "evidenced"
    found = judgement(world(either, scan, told), on="2026-11-30", known="2026-11-30")
    assert (found.verdict.value, str(found.until)) == ("evidenced", "2027-11-30")
    assert [str(renewal.day) for renewal in found.renewals] == ["2027-11-30"]


def test_an_alternative_in_which_something_is_still_to_come_before_a_planned_event_does_not_carry_on():
    either = catalogue(control("1", any_of(expects("once", "a", "scan"), expects("on starter before 3 months", "b"))))
    scan = piece("E-1", "2026-09-30", kind="scan", valid_until="2027-01-31")
    told = nil_return("starter", "2024-06-01/2026-11-30", "2026-11-30")
    planned = event("starter", "2027-03-01", planned=True)
    ledger = world(either, scan, told, planned)
    assert verdict(ledger, on="2027-02-01", known="2026-11-30") == "due"
    assert str(judgement(ledger, on="2026-11-30", known="2026-11-30").until) == "2027-01-31"


def test_a_series_that_has_not_begun_carries_nothing_for_its_group():
    either = catalogue(control("1", any_of(expects("every 3 months", "a"), expects("max-age 90 days", "b"))))
    report = piece("E-1", "2025-11-01", valid_until="2026-01-31")
    found = judgement(world(either, report, scope(start="2026-02-01")), on="2026-01-02", known="2026-01-02")
    assert (found.verdict.value, str(found.until)) == ("lapsing", "2026-01-30")


def test_a_mapping_may_name_an_alternative():
    both = catalogue(control("1", any_of(expects(id="a"), expects("once", "b"))))
    assert judgement(world(both, piece(on="2020-01-01", controls="std:1#a"))).verdict.value == "stale"
    assert judgement(world(both, piece(on="2020-01-01", controls="std:1#b"))).verdict.value == "evidenced"


@pytest.mark.parametrize("how", ["max-age 12 months", "once", "every 1 year", "each year", "on review within 9 months"])
def test_one_chain_for_each_listed_item_names_those_that_lack_one(how):
    wanted = catalogue(control("1", expects(how, per="supplier")))
    acme = piece("E-1", "2026-03-01", per={"supplier": "acme hosting"})
    cables = piece("E-2", "2026-04-01", per={"supplier": "Example Cables"})
    reviewed = event("review", "2026-02-01")
    found = judgement(world(wanted, SUPPLIERS, acme, reviewed), on="2027-01-05", known="2027-01-05")
    assert found.verdict.is_gap
    assert found.reason == f"supplier without: Example Cables ({found.verdict.value})"
    assert not judgement(world(wanted, SUPPLIERS, acme, cables, reviewed)).verdict.is_gap


def test_every_item_that_lacks_a_chain_is_named_with_its_verdict():
    wanted = catalogue(control("1", expects(per="supplier")))
    ledger = world(wanted, SUPPLIERS, piece(on="2020-01-01", per={"supplier": "Acme Hosting"}))
    assert judgement(ledger).reason == "supplier without: Acme Hosting (stale), Example Cables (missing)"
    assert verdict(ledger) == "missing"


def test_of_complete_chains_the_one_that_runs_out_first_is_told():
    wanted = catalogue(control("1", expects(per="site")))
    hall = piece("E-1", "2026-03-01", per={"site": "Town Hall"})
    depot = piece("E-2", "2026-02-01", per={"site": "Depot"})
    found = judgement(world(wanted, SITES, hall, depot))
    assert (found.evidence, found.until) == ("E-2", day("2027-02-01"))


def test_each_chain_has_its_row_on_the_day_on_which_it_ends_itself():
    wanted = catalogue(control("1", expects(per="site")))
    hall = piece("E-1", "2026-03-01", per={"site": "Town Hall"})
    depot = piece("E-2", "2026-02-01", per={"site": "Depot"})
    rows = judgement(world(wanted, SITES, hall, depot)).renewals
    assert [(row.of, str(row.day)) for row in rows] == [("Town Hall", "2027-03-01"), ("Depot", "2027-02-01")]


def test_evidence_that_names_no_item_serves_no_chain():
    wanted = catalogue(control("1", expects(per="supplier")))
    assert verdict(world(wanted, SUPPLIERS, piece())) == "missing"


@pytest.mark.parametrize(
    ("chain", "here"),
    [
        ("supplier", {"suppliers": ("A",)}),
        ("site", {"sites": ("A",)}),
        ("system", {"systems": ("A",)}),
        ("merchant", {"merchants": ("A",)}),
    ],
)
def test_chains_are_asked_for_as_the_scope_lists_suppliers_sites_systems_and_merchants(chain, here):
    wanted = catalogue(control("1", expects(per=chain)))
    assert judgement(world(wanted, scope(**here), piece())).reason == f"{chain} without: A (missing)"
    assert verdict(world(wanted, scope(**here), piece(per={chain: "A"}))) == "evidenced"


def test_a_scope_that_lists_none_is_judged_as_a_whole():
    assert verdict(world(catalogue(control("1", expects(per="supplier"))), piece())) == "evidenced"


def test_a_fail_of_one_item_does_not_touch_the_chain_of_another():
    wanted = catalogue(control("1", expects(per="site")))
    hall = piece("E-1", per={"site": "Town Hall"}, result="fail")
    depot = piece("E-2", per={"site": "Depot"}, result="pass")
    assert judgement(world(wanted, SITES, hall, depot)).reason == "site without: Town Hall (failed)"


def test_each_item_may_be_served_by_another_alternative():
    group = any_of(expects(id="a", kinds="scan"), expects(id="b", kinds="test"), per="site")
    hall = piece("E-1", per={"site": "Town Hall"}, kind="scan")
    depot = piece("E-2", per={"site": "Depot"}, kind="test")
    assert verdict(world(catalogue(control("1", group)), SITES, hall, depot)) == "evidenced"
    assert judgement(world(catalogue(control("1", group)), SITES, hall)).reason == "site without: Depot (missing)"


def test_an_alternative_may_itself_want_a_chain_for_each_item():
    group = any_of(expects(id="a", per="site"), expects(id="b", kinds="test"))
    assert verdict(world(catalogue(control("1", group)), SITES, piece())) == "missing"
    assert verdict(world(catalogue(control("1", group)), SITES, piece(kind="test"))) == "evidenced"


def test_the_procedure_of_a_first_assessment_need_not_name_the_item():
    rules = scheme(first_assessment_needs="procedure")
    wanted = catalogue(control("1", expects("every 1 year", per="site")), scheme=rules)
    chains = [piece(f"E-{name}", per={"site": name}) for name in ("Town Hall", "Depot")]
    procedure = piece("E-P", kind="procedure")
    assert verdict(world(wanted, SITES, held(), *chains)) == "missing"
    assert verdict(world(wanted, SITES, held(), *chains, procedure)) == "evidenced"


def test_a_control_is_the_worst_of_its_mandated_and_organisation_expectations():
    def found(*bases):
        wanted = [expects(id=f"e{number}", kinds=kind, basis=basis) for number, (kind, basis) in enumerate(bases)]
        return verdict(
            world(catalogue(control("1", *wanted)), piece(kind="report"), piece("E-2", "2020-01-01", kind="scan"))
        )

    assert found(("report", "mandated"), ("report", "organisation")) == "evidenced"
    assert found(("report", "mandated"), ("scan", "organisation")) == "stale"
    assert found(("test", "mandated"), ("scan", "organisation")) == "missing"


@pytest.mark.parametrize("weak", [{"basis": "advice"}, {"optional": True}])
def test_optional_and_advice_expectations_never_worsen_a_control_and_are_counted_apart(weak):
    ledger = world(catalogue(control("1", expects(), expects(id="tips", kinds="scan", **weak))), piece())
    found = judged(ledger)
    assert (found.verdict.value, found.is_gap) == ("evidenced", False)
    assert [one.judgement.verdict.value for one in found.expectations] == ["evidenced", "missing"]
    assert [one.binding for one in found.expectations] == [True, False]
    assert found.deciding_expectation().id == "proof"


def test_a_control_that_only_advises_is_evidenced_by_nothing_and_tells_nothing():
    found = judged(world(catalogue(control("1", expects(basis="advice")))))
    assert (found.verdict.value, found.deciding_expectation()) == ("evidenced", None)


def test_expectations_say_their_rule_in_words():
    wanted = [
        expects("max-age 12 months", "a"),
        expects("every 3 months grace 3 days", "b"),
        expects("every 6 months", "c"),
        expects("every unset 12.3.1", "d"),
        expects("every unset", "e"),
        expects("each quarter", "f"),
        expects("each year anchored", "g"),
        expects("on significant-change within 30 days", "h"),
        expects("once", "i"),
        any_of(expects(id="j"), expects(id="k")),
    ]
    assert [one.rule for one in judged(world(catalogue(control("1", *wanted)))).expectations] == [
        "no older than 12 months",
        "every 3 months (+ 3 days)",
        "every 6 months",
        "an interval that you set by 12.3.1",
        "an interval that you set",
        "each quarter",
        "each year from the accreditation's start",
        "within 30 days of each significant change",
        "once",
        "any of j, k",
    ]


def test_a_group_without_words_of_its_own_is_described_by_its_alternatives():
    either = any_of(expects("once", what="The rota"), expects("once", id="b", what="A contract"))
    assert wanted_evidence(either) == "The rota; or A contract"
    assert wanted_evidence(expects("once", what="The rota")) == "The rota"


def test_listed_items_that_all_have_theirs_give_the_reason_of_the_worst():
    wanted = catalogue(control("1", expects(per="supplier")))
    pieces = [
        piece(f"E-{number}", on, per={"supplier": name})
        for number, (name, on) in enumerate({"A": "2026-03-01", "B": "2026-02-01"}.items())
    ]
    found = judgement(world(wanted, scope(suppliers=("A", "B")), *pieces))
    assert found.reason == "dated 2026-02-01; fresh through 2027-02-01"
