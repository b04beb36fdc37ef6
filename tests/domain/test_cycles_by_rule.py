"""The schemes that ship, rule by rule. Each row names its rule as the facts of the schemes number it (R.ISO.1 …)."""

from __future__ import annotations

import functools
from pathlib import Path

import pytest

from compliance.domain.registers.accreditations import dues_of_accreditation
from compliance.domain.registers.certificates.accreditation import Grant
from compliance.domain.registers.certificates.cycles import dues
from compliance.domain.registers.certificates.states import expiry, state_on
from compliance.domain.registers.certificates.succession import Barred, succeed
from compliance.domain.standards.schemes import Holding
from compliance.store.catalogues.catalogues import parse_catalogue

from ..builders.ledgers import cycle, day, happened, held

STANDARDS = Path(__file__).resolve().parents[2] / "standards"
ISO, SERVICE, PSN, PCI, CE, CAF = (
    "iso27001@2022",
    "iso20000-1@2018",
    "psn-coco@1.32",
    "pci-dss@4.0.1",
    "cyber-essentials@3.3",
    "caf@3.2",
)


@functools.cache
def rules(name):
    parsed = parse_catalogue((STANDARDS / f"{name}.yaml").read_bytes(), name)
    assert parsed.problems == ()
    return parsed.value.scheme


@pytest.mark.parametrize(
    ("rule", "standard", "granted", "stated", "ends"),
    [
        ("R.ISO.1", ISO, "2026-06-15", None, "2029-06-15"),
        ("R.ISO.1", SERVICE, "2028-02-29", None, "2031-02-28"),
        ("R.ISO.1", ISO, "2026-06-15", "2029-06-14", "2029-06-14"),
        ("R.PCI.3", PCI, "2026-03-31", None, "2027-03-31"),
        ("R.CE.1", CE, "2026-09-08", None, "2027-09-08"),
        ("R.CE.1", CE, "2028-02-29", None, "2029-02-28"),
        ("R.PSN.1", PSN, "2026-12-01", "2027-11-30", "2027-11-30"),
        ("R.PSN.1", PSN, "2026-12-01", None, "2027-12-01"),
        ("R.CAF.4", CAF, "2026-05-01", None, "2027-05-01"),
    ],
)
def test_when_a_cycle_ends(rule, standard, granted, stated, ends):
    assert expiry(rules(standard), cycle(granted, stated)) == day(ends), rule


@pytest.mark.parametrize(
    ("rule", "standard", "event", "granted", "wanted"),
    [
        ("R.ISO.3", ISO, "surveillance", "2026-06-15", ["2027-06-15", "2028-12-31"]),
        ("R.ISO.3", SERVICE, "surveillance", "2026-12-31", ["2027-12-31", "2028-12-31"]),
        ("R.ISO.4", ISO, "surveillance", "2026-01-02", ["2027-01-02"]),  # recertified by 2 November 2028
        ("R.ISO.5", ISO, "recertification", "2026-06-15", ["2029-04-13"]),  # the 15th is a Sunday
        ("R.ISO.5", ISO, "certification", "2026-06-15", ["2029-06-15"]),
        ("R.PCI.3", PCI, "attestation", "2026-03-31", ["2027-03-31"]),
        ("R.CE.1", CE, "certification", "2026-09-08", ["2027-09-08"]),
        ("R.CE.6", CE, "plus-audit", "2026-09-08", ["2026-12-08"]),
        ("R.CE.6", CE, "plus-audit", "2026-11-30", ["2027-02-28"]),
        ("R.PSN.1", PSN, "certification", "2026-12-01", ["2027-12-01"]),
        ("R.CAF.4", CAF, "improvement-plan", "2026-05-01", ["2027-05-01"]),
    ],
)
def test_what_a_cycle_wants_and_by_when(rule, standard, event, granted, wanted):
    found = dues(rules(standard), held(cycle(granted)), day(granted))
    assert [str(one.due) for one in found if one.event.id == event] == wanted, rule


def test_a_first_audit_has_two_stages():
    """R.ISO.2"""
    planned = held(target="2027-06-30", planned={"stage-2": "2027-05-12"})
    for standard in (ISO, SERVICE):
        found = dues(rules(standard), planned, day("2026-11-21"))
        assert [(one.event.id, str(one.due)) for one in found] == [
            ("stage-1", "2027-03-12"),
            ("stage-2", "2027-05-12"),
            ("certification", "2027-06-30"),
        ]


@pytest.mark.parametrize(
    ("rule", "on", "runs_from", "outcome", "ends"),
    [
        ("R.ISO.5", "2029-05-20", "2029-06-15", Grant.GRANTED, "2032-06-15"),
        ("R.ISO.5", "2029-06-15", "2029-06-15", Grant.GRANTED, "2032-06-15"),
        ("R.ISO.6", "2029-06-16", "2029-06-15", Grant.RESTORED, "2032-06-15"),
        ("R.ISO.6", "2029-12-15", "2029-06-15", Grant.RESTORED, "2032-06-15"),
    ],
)
@pytest.mark.parametrize("standard", [ISO, SERVICE])
def test_the_term_of_a_recertification(standard, rule, on, runs_from, outcome, ends):
    found, _ = succeed(rules(standard), held(cycle("2026-06-15")), cycle(on))
    assert (found.runs_from, found.outcome) == (day(runs_from), outcome), rule
    assert expiry(rules(standard), found) == day(ends), rule


@pytest.mark.parametrize("standard", [ISO, SERVICE])
def test_what_was_not_restored_in_time_takes_at_least_a_stage_2(standard):
    """R.ISO.6, which no published source confirms: the message says so."""
    barred = succeed(rules(standard), held(cycle("2026-06-15")), cycle("2029-12-16"))
    assert barred == Barred(
        "the cycle granted on 2026-06-15 expired on 2029-06-15 and could be restored until 2029-12-15 only"
        " (an unconfirmed rule: ask the body)",
        "if it was granted again from the beginning, which takes at least: Stage 2 audit, say so with --anew",
    )


@pytest.mark.parametrize(
    ("standard", "on", "ends"),
    [(PSN, "2026-11-20", "2027-11-20"), (PSN, "2027-02-10", "2028-02-10"), (PCI, "2027-02-10", "2028-02-10")],
)
def test_a_yearly_scheme_counts_from_the_day_of_each_grant_however_late(standard, on, ends):
    """R.PSN.1, R.PCI.3"""
    found, _ = succeed(rules(standard), held(cycle("2025-12-01")), cycle(on))
    assert (found.runs_from, expiry(rules(standard), found)) == (None, day(ends))


SUSPENDED, RESTORED = happened("suspended", "2027-02-10"), happened("restored", "2027-05-03")
WITHDRAWN = happened("withdrawn", "2027-08-10")


@pytest.mark.parametrize(
    ("rule", "standard", "events", "on", "wanted"),
    [
        ("R.ISO.7", ISO, [SUSPENDED], "2027-02-09", ("held", "2026-06-15", "2029-06-15")),
        ("R.ISO.7", ISO, [SUSPENDED], "2027-02-10", ("suspended", "2027-02-10", "2027-08-10")),
        ("R.ISO.7", ISO, [SUSPENDED], "2027-09-01", ("suspended", "2027-02-10", "2027-08-10")),
        ("R.ISO.7", SERVICE, [SUSPENDED, RESTORED], "2027-05-03", ("held", "2027-05-03", "2029-06-15")),
        ("R.ISO.7", ISO, [SUSPENDED, WITHDRAWN], "2027-08-10", ("withdrawn", "2027-08-10", "None")),
        ("R.ISO.6", ISO, [], "2029-06-16", ("restorable", "2029-06-16", "2029-12-15")),
        ("R.ISO.6", ISO, [], "2029-12-16", ("lapsed", "2029-06-16", "None")),
        ("R.PSN.2", PSN, [happened("withdrawn", "2026-08-10")], "2026-08-10", ("withdrawn", "2026-08-10", "None")),
        ("R.CE.7", CE, [happened("withdrawn", "2026-08-10")], "2026-09-01", ("withdrawn", "2026-08-10", "None")),
        ("R.PCI.3", PCI, [], "2027-06-16", ("lapsed", "2027-06-16", "None")),
    ],
)
def test_how_it_stands(rule, standard, events, on, wanted):
    state = state_on(rules(standard), held(cycle("2026-06-15", None, *events)), day(on))
    assert (state.status.value, str(state.since), str(state.until)) == wanted, rule


def test_there_is_no_certificate_of_the_caf():
    """R.CAF.4"""
    assert {rules(name).holding for name in (CAF, "caf@4.0")} == {Holding.ASSESSMENT}
    assert rules(PCI).holding is Holding.ATTESTATION
    assert {rules(name).holding for name in (ISO, SERVICE, PSN, CE)} == {Holding.CERTIFICATE}


def test_the_rules_that_nobody_could_confirm_are_marked():
    """R.ISO.6, R.CAF.4"""
    assert {name: rules(name).unconfirmed for name in (ISO, SERVICE, PSN, PCI, CAF)} == {
        ISO: ("restoration",),
        SERVICE: ("restoration",),
        PSN: (),
        PCI: (),
        CAF: ("term",),
    }


PLANS = {
    ISO: {  # expires on Friday 15 June 2029
        "book-recertification": "2028-12-13",
        "scope-freeze": "2029-01-12",
        "final-internal-audit": "2029-02-13",
        "final-management-review": "2029-03-13",
        "documents": "2029-03-16",
        "recertification": "2029-04-13",
        "certification": "2029-06-15",
    },
    PSN: {  # expires on Tuesday 15 June 2027
        "book-tester": "2026-12-04",
        "scope-freeze": "2027-01-07",
        "health-check": "2027-02-04",
        "remediation": "2027-04-06",
        "management-review": "2027-04-20",
        "submission": "2027-05-04",
        "certification": "2027-06-15",
    },
    PCI: {
        "book-assessor": "2026-12-15",
        "book-tester": "2026-12-15",
        "penetration-test": "2027-02-15",
        "scope-confirmation": "2027-03-15",
        "assessment": "2027-04-15",
        "attestation": "2027-06-15",
    },
    CAF: {
        "scoping": "2027-01-15",
        "book-review": "2027-01-15",
        "self-assessment": "2027-03-15",
        "review": "2027-04-15",
        "improvement-plan": "2027-06-15",
    },
}


@pytest.mark.parametrize("standard", PLANS)
def test_the_plan_back_from_the_expiry(standard):
    """Book the tester, freeze the scope, internal audit, management review, submit: each so long before the next."""
    found = dues(rules(standard), held(cycle("2026-06-15")), day("2026-06-15"))
    plan = {one.event.id: str(one.due) for one in found}
    assert {name: plan[name] for name in PLANS[standard]} == PLANS[standard]


def test_the_health_check_is_timed_to_be_in_date_when_it_is_submitted():
    psn, year = rules(PSN), held(cycle("2026-06-15"), planned={"submission": "2027-05-04"})
    (check,) = [one for one in dues(psn, year, day("2026-07-01")) if one.event.id == "health-check"]
    assert (str(check.earliest), str(check.due), str(check.serves)) == ("2026-05-04", "2027-02-04", "2027-05-04")


@pytest.mark.parametrize(("tested", "left"), [("2026-06-20", ["2027-04-05"]), ("2026-07-05", []), ("2027-03-01", [])])
def test_a_health_check_that_will_be_out_of_date_at_submission_has_to_be_done_again(tested, left):
    late = held(cycle("2026-06-15", None, happened("health-check", tested)), planned={"submission": "2027-07-05"})
    found = dues(rules(PSN), late, day("2027-03-01"))
    assert [str(one.due) for one in found if one.event.id == "health-check" and not one.done] == left


@pytest.mark.parametrize(
    ("planned", "said"),
    [
        ({}, "; not before 2026-05-04, to be in date on 2027-05-04"),
        ({"health-check": "2027-01-18"}, " (agreed for 2027-01-18; last day 2027-02-04)"),
        (
            {"submission": "2027-06-30", "health-check": "2026-06-20"},
            " (agreed for 2026-06-20; last day 2027-03-30);"
            " too early: what is done before 2026-06-30 is out of date on 2027-06-30",
        ),
    ],
)
def test_the_renewals_list_says_how_early_the_health_check_may_be(planned, said):
    parsed = parse_catalogue((STANDARDS / f"{PSN}.yaml").read_bytes(), PSN)
    year = held(cycle("2026-06-15"), standard=PSN, planned=planned)
    found = dues_of_accreditation(year, parsed.value, day("2026-06-16"), frozenset())
    (todo,) = [one.todo for one in found if one.what.endswith(": IT health check")]
    assert todo == f"Have the testing done, so that the report is in hand and in date at submission{said}"


def test_what_has_an_agreed_day_is_booked():
    for planned, wanted in (({}, True), ({"health-check": "2027-01-18"}, False)):
        found = dues(rules(PSN), held(cycle("2026-06-15"), planned=planned), day("2026-07-01"))
        assert ("book-tester" in {one.event.id for one in found}) is wanted


def test_a_lead_in_working_days_leaves_out_bank_holidays():
    spring = frozenset({day("2027-05-03"), day("2027-05-31"), day("2027-04-05")})
    plain, less = (
        {one.event.id: str(one.due) for one in dues(rules(PSN), held(cycle("2026-06-15")), day("2026-07-01"), holidays)}
        for holidays in (frozenset(), spring)
    )
    # 31 May puts it a day back, to 3 May; that is a bank holiday, and the day before it a Sunday.
    assert (plain["submission"], less["submission"]) == ("2027-05-04", "2027-04-30")
    # Four weeks before Tuesday 4 May; four weeks and a day, for the holiday of 5 April, before Friday 30 April.
    assert (plain["remediation"], less["remediation"]) == ("2027-04-06", "2027-04-01")
