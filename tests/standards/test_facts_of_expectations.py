"""What the shipped catalogues expect, against what the standards state, and the words in which they say it."""

import csv
import os
import re
from collections import Counter
from pathlib import Path

import pytest

from compliance.domain.standards.catalogue import walk
from compliance.domain.standards.expectations import AnyOf, Every, MaxAge, OnEvent, leaves
from compliance.domain.terms.vocabulary import Basis, Chain, Judged, Kind, Need
from compliance.store.catalogues.catalogues import parse_catalogue

ROOT = Path(__file__).resolve().parents[2]
FACTS = Path(os.environ.get("COMPLIANCE_FACTS", ROOT.parent / "shared" / "standards"))
NAMES = sorted(file.stem for file in (ROOT / "standards").glob("*.yaml"))
CATALOGUES = {
    name: parse_catalogue((ROOT / "standards" / f"{name}.yaml").read_bytes(), f"{name}.yaml").value for name in NAMES
}
by_facts = pytest.mark.skipif(not FACTS.is_dir(), reason=f"the facts of the standards are not at {FACTS}")

PCI, ISO, SMS, PSN = "pci-dss@4.0.1", "iso27001@2022", "iso20000-1@2018", "psn-coco@1.32"


def controls(name):
    return {node.control.id: node.control for node in walk(CATALOGUES[name]) if node.control.assessable}


def expected(name, id_):
    return [leaf for one in controls(name)[id_].expects for leaf in leaves(one)]


def facts(file):
    with (FACTS / file).open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines, delimiter="\t", quoting=csv.QUOTE_NONE))


# PCI DSS: what it states of time.

EVERY_MONTHS = {
    "1.2.7": 6,
    "3.2.1": 3,
    "6.2.2": 12,
    "6.4.1": 12,
    "7.2.4": 6,
    "9.4.1.2": 12,
    "9.4.5.1": 12,
    "11.2.1": 3,
    "11.3.1": 3,
    "11.3.1.2": 3,
    "11.3.2": 3,
    "11.4.2": 12,
    "11.4.3": 12,
    "11.4.5": 12,
    "11.4.6": 6,
    "12.1.2": 12,
    "12.3.1": 12,
    "12.3.3": 12,
    "12.3.4": 12,
    "12.4.2": 3,
    "12.4.2.1": 3,
    "12.5.2": 12,
    "12.5.2.1": 6,
    "12.6.2": 12,
    "12.6.3": 12,
    "12.8.4": 12,
    "12.10.2": 12,
    "A1.1.4": 6,
    "A3.1.1": 12,
    "A3.1.4": 12,
    "A3.2.1": 3,
    "A3.2.4": 6,
    "A3.2.5": 3,
    "A3.2.5.1": 12,
    "A3.3.2": 12,
    "A3.3.3": 3,
    "A3.4.1": 6,
}
NO_OLDER_THAN_MONTHS = {"12.3.2": 12}
ON_EVENTS = {
    "2.3.2": {"wireless-key-holder-change", "wireless-key-compromise"},
    "3.7.5": {"data-key-compromise"},
    "6.2.3": {"release"},
    "6.4.1": {"significant-change"},
    "6.5.2": {"significant-change"},
    "8.6.3": {"system-password-compromise"},
    "10.7.3": {"control-failure"},
    "11.3.1.3": {"significant-change"},
    "11.3.2": {"failed-scan"},
    "11.3.2.1": {"significant-change"},
    "11.4.2": {"significant-change"},
    "11.4.3": {"significant-change"},
    "11.4.5": {"segmentation-change"},
    "11.4.6": {"segmentation-change"},
    "12.5.2": {"significant-change"},
    "12.5.2.1": {"significant-change"},
    "12.5.3": {"organisation-change"},
    "12.7.1": {"starter"},
    "12.10.7": {"unexpected-pan"},
    "A3.2.1": {"significant-change"},
    "A3.2.3": {"organisation-change"},
    "A3.2.4": {"segmentation-change"},
    "A3.2.5": {"significant-change"},
    "A3.2.5.2": {"unexpected-pan"},
    "A3.3.1.1": {"control-failure"},
}
BEFORE_EVENTS = {"6.2.3": "3 months", "12.7.1": "6 months"}
QUARTERLY_MATCHES = {"8.2.5": "leavers", "12.6.3": "induction"}
PARAMETERS = {
    "3.7.4": ["cryptoperiod"],
    "6.3.3": ["one month", "critical"],
    "8.2.5": ["same day"],
    "8.2.6": ["90 days"],
    "8.2.8": ["15 minutes"],
    "8.3.4": ["ten attempts at most", "30 minutes at least"],
    "8.3.9": ["90 days", "every sign-in"],
    "8.3.10.1": ["90 days", "risk engine"],
    "9.2.1.1": ["three months"],
    "9.3.4": ["3 months"],
    "10.4.1": ["daily"],
    "10.5.1": ["12 months", "3 months online"],
    "11.3.2": ["cvss 4.0"],
    "11.3.2.1": ["cvss 4.0"],
    "11.4.1": ["12 months"],
    "11.5.2": ["weekly"],
    "11.6.1": ["weekly"],
    "12.10.3": ["24 hours", "bank holidays"],
}
SET_BY_ANALYSIS = {
    "5.2.3.1": "5.2.3",
    "5.3.2.1": "5.3.2",
    "7.2.5.1": "7.2.5",
    "8.6.3": "",
    "9.5.1.2.1": "9.5.1.2",
    "10.4.2.1": "10.4.2",
    "11.3.1.1": "",
    "11.6.1": "",
    "12.10.4.1": "12.10.4",
}


def mandated(id_):
    return [leaf for leaf in expected(PCI, id_) if leaf.basis is Basis.MANDATED]


@pytest.mark.parametrize(("id_", "months"), EVERY_MONTHS.items())
def test_an_interval_that_pci_dss_states_recurs_and_is_mandated(id_, months):
    intervals = [leaf.rule.interval for leaf in mandated(id_) if isinstance(leaf.rule, Every)]
    assert intervals
    assert {str(one) for one in intervals} == {f"{months} months"}


@pytest.mark.parametrize(("id_", "months"), NO_OLDER_THAN_MONTHS.items())
def test_an_analysis_for_the_customised_approach_is_done_again_every_year(id_, months):
    ages = {str(leaf.rule.age) for leaf in mandated(id_) if isinstance(leaf.rule, MaxAge)}
    assert ages == {f"{months} months"}


@pytest.mark.parametrize(("id_", "events"), ON_EVENTS.items())
def test_an_event_that_pci_dss_names_calls_for_evidence(id_, events):
    after = [leaf for leaf in expected(PCI, id_) if isinstance(leaf.rule, OnEvent)]
    assert {leaf.rule.event for leaf in after} == events


def test_no_other_event_calls_for_evidence_and_the_time_around_each_is_the_organisation_s():
    bases = {
        (id_, leaf.basis) for id_ in controls(PCI) for leaf in expected(PCI, id_) if isinstance(leaf.rule, OnEvent)
    }
    mandated_after = {(id_, Basis.MANDATED if id_ == "11.3.2" else Basis.ORGANISATION) for id_ in ON_EVENTS}
    assert bases == mandated_after
    (rescan,) = [leaf for leaf in expected(PCI, "11.3.2") if isinstance(leaf.rule, OnEvent)]
    (scan,) = [leaf for leaf in mandated("11.3.2") if isinstance(leaf.rule, Every)]
    assert rescan.rule.within == scan.rule.interval, "a scan passes every three months, also after one that failed"


def test_every_event_type_of_pci_dss_is_read_by_some_expectation():
    assert {event.id for event in CATALOGUES[PCI].events} == set().union(*ON_EVENTS.values())


@pytest.mark.parametrize(("id_", "before"), BEFORE_EVENTS.items())
def test_what_pci_dss_asks_for_ahead_of_an_event_is_looked_for_ahead_of_it(id_, before):
    (rule,) = [leaf.rule for leaf in expected(PCI, id_) if isinstance(leaf.rule, OnEvent)]
    assert (str(rule.before), rule.within) == (before, None)


@pytest.mark.parametrize(("id_", "expectation"), QUARTERLY_MATCHES.items())
def test_people_who_come_and_go_are_matched_with_the_list_of_hr_and_are_no_event_each(id_, expectation):
    (leaf,) = [leaf for leaf in expected(PCI, id_) if leaf.id == expectation]
    assert (str(leaf.rule), leaf.basis) == ("no older than 3 months", Basis.ORGANISATION)
    assert "for a quarter" in leaf.what


@pytest.mark.parametrize(("id_", "words"), PARAMETERS.items())
def test_a_number_that_is_no_interval_stands_in_what_to_look_for(id_, words):
    said = " ".join(leaf.what for leaf in expected(PCI, id_)).casefold()
    assert [word for word in words if word not in said] == []


@pytest.mark.parametrize(("id_", "above"), SET_BY_ANALYSIS.items())
def test_an_interval_waits_for_its_analysis_which_is_made_once_and_looked_at_every_year(id_, above):
    analyses = [leaf for leaf in expected(PCI, id_) if leaf.id == "analysis"]
    assert [str(leaf.rule) for leaf in analyses] == ["once"]
    reviews = [leaf for leaf in mandated(id_) if str(leaf.rule) == "every 12 months"]
    if id_ != "11.6.1":
        assert [leaf.source for leaf in reviews] == ["12.3.1"]
        assert {*analyses[0].kinds} <= {*reviews[0].kinds}, "the analysis itself counts in its first year"
    if above:
        assert any(leaf.binding for leaf in expected(PCI, above))


@pytest.mark.parametrize("id_", sorted(SET_BY_ANALYSIS.keys() - {"9.5.1.2.1", "11.6.1"}))
def test_an_interval_that_the_standard_leaves_to_an_analysis_is_a_gap_until_it_is_set(id_):
    (waiting,) = [leaf for leaf in expected(PCI, id_) if isinstance(leaf.rule, Every) and leaf.rule.interval is None]
    assert waiting.rule.set_by == "targeted risk analysis (12.3.1)"
    assert (waiting.basis, waiting.binding) == (Basis.ORGANISATION, True)


def test_the_interval_of_terminal_inspections_is_stored_once_where_every_profile_that_inspects_has_it():
    assert [leaf.id for leaf in expected(PCI, "9.5.1.2.1")] == ["analysis", "analysis-review"]


@pytest.mark.parametrize(
    ("id_", "alternatives"),
    [
        ("5.3.2", [{"scanning", "behaviour"}]),
        ("5.3.2.1", [{"analysis", "not-scheduled"}, {"scans", "continuous"}, {"looked-at", "nothing-to-review"}]),
        ("8.3.9", [{"rotation", "dynamic"}]),
        ("8.3.10.1", [{"expiry", "posture"}]),
        ("11.4.7", [{"leave", "share"}]),
        ("11.6.1", [{"weekly", "analysis"}]),
        ("12.3.2", [{"analysis", "none"}]),
    ],
)
def test_where_pci_dss_says_or_one_alternative_is_enough(id_, alternatives):
    groups = [{leaf.id for leaf in leaves(one)} for one in controls(PCI)[id_].expects if isinstance(one.rule, AnyOf)]
    assert groups == alternatives


def test_pci_dss_gives_no_grace():
    late = [
        f"{id_}#{leaf.id}"
        for id_ in controls(PCI)
        for leaf in expected(PCI, id_)
        if isinstance(leaf.rule, Every) and leaf.rule.grace is not None
    ]
    assert late == []


def test_every_expectation_of_pci_dss_names_its_requirement():
    other = {
        f"{id_}#{leaf.id}": leaf.source
        for id_ in controls(PCI)
        for leaf in expected(PCI, id_)
        if id_ not in leaf.source.split(", ")
    }
    assert set(other.values()) == {"12.3.1"}
    methods = {one.id: [more.source for more in one.expects] for one in CATALOGUES[PCI].scheme.methods}
    assert methods == {
        "defined": [],
        "compensating": ["Appendices B and C"],
        "customised": ["12.3.2, Appendix E", "12.3.2"],
    }


@pytest.mark.parametrize(
    ("id_", "required"),
    [
        ("1.2.3", {"diagram"}),
        ("1.2.5", {"allowed"}),
        ("6.4.3", {"scripts"}),
        ("8.3.4", set()),
        ("10.5.1", set()),
        ("11.3.2", {"asv", "rescan"}),
        ("12.5.2", {"yearly", "afterchange"}),
        ("12.8.5", {"matrix"}),
    ],
)
def test_pci_dss_requires_what_it_names_and_leaves_open_how_a_setting_is_shown(id_, required):
    assert {one.id for one in controls(PCI)[id_].expects if one.need is Need.REQUIRED} == required


def test_nothing_else_of_pci_dss_claims_to_be_mandated():
    stated = {*EVERY_MONTHS, *NO_OLDER_THAN_MONTHS, *SET_BY_ANALYSIS} - {"11.6.1"}
    assert {id_ for id_ in controls(PCI) if mandated(id_)} == stated


@by_facts
def test_no_period_or_event_among_the_facts_of_pci_dss_is_passed_over():
    handled = {*EVERY_MONTHS, *NO_OLDER_THAN_MONTHS, *ON_EVENTS, *PARAMETERS, *SET_BY_ANALYSIS, *QUARTERLY_MATCHES}
    handled |= set(SET_BY_ANALYSIS.values()) | {"6.3.1"}
    timed = re.compile(
        r"every|month|day|week|daily|minutes|periodic|TRA|on (event|hire|significant|segmentation)|before|immediate"
        r"|cryptoperiod|24/7|ongoing|CVSS"
    )
    dates = re.compile(r"future-dated until 31 Mar 2025( \(one bullet only\))?; now mandatory")
    missed = [row["id"] for row in facts("pci-dss-4.0.1.tsv") if timed.search(dates.sub("", row["note"]))]
    assert [id_ for id_ in missed if id_ not in handled] == []


@by_facts
def test_the_nine_are_those_of_the_certification_rules():
    (rule,) = [row["note"] for row in facts("certification-rules.tsv") if row["id"] == "R.PCI.6"]
    assert set(rule.split(";")[0].split()) == set(SET_BY_ANALYSIS)


@pytest.mark.parametrize("profile", ["saq-b", "saq-b-ip", "saq-p2pe", "saq-spoc"])
def test_card_terminals_are_inspected_also_where_no_risk_analysis_is_asked_for(profile):
    known = controls(PCI)
    assert profile in known["9.5.1.2"].profiles
    assert profile not in known["9.5.1.2.1"].profiles
    rounds = [leaf for leaf in expected(PCI, "9.5.1.2") if Kind.RECORD in leaf.kinds and leaf.binding]
    assert [type(leaf.rule) for leaf in rounds] == [Every]


@pytest.mark.parametrize(
    ("name", "id_", "expectation", "chain"),
    [
        (PCI, "12.8.4", "status", Chain.SUPPLIER),
        (PCI, "9.5.1.2", "inspections", Chain.SITE),
        (ISO, "A.5.20", "contract", Chain.SUPPLIER),
        (ISO, "A.5.22", "review", Chain.SUPPLIER),
        (ISO, "A.7.1", "perimeter", Chain.SITE),
        (SMS, "8.3.4.1", "contract", Chain.SUPPLIER),
        (SMS, "8.3.4.1", "performance", Chain.SUPPLIER),
        (SMS, "8.3.4.1", "contract-review", Chain.SUPPLIER),
    ],
)
def test_what_is_owed_for_each_supplier_or_site_is_counted_for_each(name, id_, expectation, chain):
    assert [leaf.per for leaf in expected(name, id_) if leaf.id == expectation] == [chain]


# ISO: documents that must exist, and what is judged at the audit.

DOCUMENTED = {
    (ISO, "4.3"): "scope statement",
    (ISO, "5.2"): "information security policy",
    (ISO, "6.1.2"): "risk assessment process",
    (ISO, "6.1.3"): "risk treatment process",
    (ISO, "6.2"): "objectives with",
    (ISO, "7.2"): "certificates, course results or assessed experience",
    (ISO, "7.5.1"): "master list of isms documents",
    (ISO, "8.1"): "isms routines run",
    (ISO, "8.2"): "dated risk register",
    (ISO, "8.3"): "rescored after each",
    (ISO, "9.1"): "latest figures",
    (ISO, "9.2.1"): "internal audit report",
    (ISO, "9.2.2"): "audit programme",
    (ISO, "9.3.1"): "minutes of the management review",
    (ISO, "9.3.3"): "action list from the review",
    (ISO, "10.2"): "nonconformity log",
    (SMS, "4.3"): "scope statement",
    (SMS, "5.2.1"): "service management policy",
    (SMS, "6.1"): "acceptance criteria",
    (SMS, "6.2.1"): "service management objectives",
    (SMS, "6.3"): "service management plan",
    (SMS, "7.2"): "certificates, qualifications",
    (SMS, "7.5.4"): "checklist of the documents",
    (SMS, "8.2.2"): "service requirements",
    (SMS, "8.2.4"): "service catalogue",
    (SMS, "8.2.6"): "cmdb",
    (SMS, "8.3.2"): "complaints log",
    (SMS, "8.3.3"): "slas",
    (SMS, "8.3.4.1"): "signed contract",
    (SMS, "8.3.4.2"): "operational level agreement",
    (SMS, "8.5.1.1"): "change policy",
    (SMS, "8.5.1.2"): "request for change",
    (SMS, "8.5.2.2"): "service design",
    (SMS, "8.6.1"): "major incident procedure",
    (SMS, "8.6.2"): "work instructions",
    (SMS, "8.6.3"): "known error list",
    (SMS, "8.7.2"): "continuity plan",
    (SMS, "8.7.3.1"): "information security policy",
    (SMS, "8.7.3.3"): "log of lost devices",
    (SMS, "9.1"): "evaluation of results",
    (SMS, "9.2"): "internal audit report",
    (SMS, "9.3"): "management review minutes",
    (SMS, "9.4"): "latest service report",
    (SMS, "10.1"): "corrective action log",
    (SMS, "10.2"): "improvement register",
}


@pytest.mark.parametrize(("place", "words"), DOCUMENTED.items(), ids=str)
def test_a_document_that_iso_requires_is_named_and_binds(place, words):
    assert [leaf.id for leaf in expected(*place) if leaf.binding and words in leaf.what.casefold()]


@pytest.mark.parametrize(
    ("name", "id_", "expectation"),
    [
        (SMS, "8.5.2.1", "plan"),
        (SMS, "8.5.2.2", "design"),
        (SMS, "8.5.2.3", "acceptance"),
        (ISO, "8.2", "reassessment"),
        ("caf@3.2", "A2.a", "reassessment"),
        ("caf@4.0", "A2.a", "reassessment"),
        (PCI, "6.2.3", "review"),
        (PCI, "12.7.1", "screened"),
    ],
)
def test_what_comes_before_an_event_is_asked_for_before_it(name, id_, expectation):
    (leaf,) = [leaf for leaf in expected(name, id_) if leaf.id == expectation]
    assert isinstance(leaf.rule, OnEvent)
    assert leaf.rule.before


REQUIRED_BY = {
    ISO: "4.3 5.2 6.1.2 6.1.3 6.1.3:d 6.1.3:e 6.2 7.2 7.5.1:b 8.1 8.2 8.3 9.1 9.2.2 9.3.3 10.2"
    " A.5.9 A.5.10 A.5.26 A.5.31 A.5.37 A.6.6 A.8.9 A.8.27",
    SMS: "4.3 5.2 6.1 6.2 6.3 7.2 7.5.4 8.2.2 8.2.4 8.2.6 8.3.2 8.3.3 8.3.4.1 8.3.4.2 8.5.1.1 8.5.1.2 8.5.2.2 8.6.1"
    " 8.6.2 8.6.3 8.7.1 8.7.2 8.7.3.1 8.7.3.2 8.7.3.3 9.1 9.2 9.3 9.4 10.1 10.2",
}
"""The clauses that ask for documented information; a letter after a colon."""


@pytest.mark.parametrize(("name", "publication"), [(ISO, "ISO/IEC 27001:2022"), (SMS, "ISO/IEC 20000-1:2018")])
def test_what_iso_requires_names_the_clause_that_asks_for_it_and_nothing_else_is_required(name, publication):
    required = [
        expectation
        for id_ in controls(name)
        for expectation in controls(name)[id_].expects
        if expectation.need is Need.REQUIRED
    ]
    clauses = {clause.replace(":", " ") for clause in REQUIRED_BY[name].split()}
    assert {expectation.source for expectation in required} == {f"{publication}, {clause}" for clause in clauses}
    assert all(expectation.binding for expectation in required)


@by_facts
@pytest.mark.parametrize(
    ("name", "file", "elsewhere"),
    [(ISO, "iso27001-2022-documents.tsv", {"7.5.3"}), (SMS, "iso20000-1-2018-documents.tsv", set())],
)
def test_every_mandatory_document_among_the_facts_is_required(name, file, elsewhere):
    """Documents from outside (7.5.3) are to be controlled where there are any; the standard asks for none."""
    with (FACTS / "texts" / file).open(encoding="utf-8", newline="") as lines:
        rows = csv.DictReader((line for line in lines if not line.startswith("#")), delimiter="\t")
        clauses = {row["clause"].replace(" ", ":") for row in rows}
    named = set(REQUIRED_BY[name].split())
    assert clauses - elsewhere == {clause.removesuffix(":b") for clause in named}


def test_a_change_is_assessed_for_its_risks_before_it_is_made_or_soon_after():
    (reassessment,) = [leaf for leaf in expected(ISO, "8.2") if isinstance(leaf.rule, OnEvent)]
    assert str(reassessment.rule) == "from 3 months before to 30 days after each significant change"


def test_the_statement_of_applicability_shows_version_approver_and_every_control():
    (soa,) = [leaf for leaf in expected(ISO, "6.1.3") if leaf.id == "soa"]
    assert soa.binding
    assert [word for word in ("version", "approver", "date", "93", "why") if word not in soa.what] == []


@by_facts
def test_every_document_that_the_facts_of_iso_20000_1_name_is_looked_for():
    named = re.compile(r"documented (information|contracts|agreements|programme|service|nonconform|results)|records: ")
    rows = [row for row in facts("iso20000-1-2018.tsv") if row["kind"] == "requirement" and named.search(row["note"])]
    assert len(rows) > 20
    assert [row["id"] for row in rows if (SMS, row["id"]) not in DOCUMENTED] == []


@pytest.mark.parametrize(
    ("name", "id_"),
    [(ISO, id_) for id_ in ("9.2.1", "9.2.2", "9.3.1", "9.3.2", "9.3.3")] + [(SMS, id_) for id_ in ("9.2", "9.3")],
)
def test_internal_audit_and_management_review_are_judged_on_the_day_of_the_audit(name, id_):
    binding = [leaf for leaf in expected(name, id_) if leaf.binding]
    assert {(leaf.judged, str(leaf.rule)) for leaf in binding} == {(Judged.AUDIT, "no older than 12 months")}


@pytest.mark.parametrize("name", [ISO, SMS])
def test_both_stand_before_every_visit_in_the_plan_of_the_cycle(name):
    before = {(event.id.removeprefix("final-"), event.before) for event in CATALOGUES[name].scheme.events}
    for visit in ("surveillance", "recertification"):
        assert {("internal-audit", visit), ("management-review", visit)} <= before


@pytest.mark.parametrize("name", [ISO, SMS, "caf@4.0", "caf@3.2"])
def test_a_standard_that_states_no_interval_mandates_none(name):
    assert {leaf.basis for id_ in controls(name) for leaf in expected(name, id_)} <= {
        Basis.ORGANISATION,
        Basis.ADVICE,
    }


# PSN: judged on the day the five parts go in.


@pytest.mark.parametrize(
    ("id_", "kind", "months"),
    [
        ("PSN.DIA", Kind.DIAGRAM, 6),
        ("PSN.SUB2", Kind.DIAGRAM, 6),
        ("PSN.IA.7a", Kind.TEST, 12),
        ("PSN.IA.7e", Kind.TEST, 12),
        ("PSN.SUB3", Kind.TEST, 12),
        ("PSN.SUB1", Kind.ATTESTATION, 12),
    ],
)
def test_the_parts_of_a_psn_submission_are_required_and_judged_at_submission(id_, kind, months):
    assert CATALOGUES[PSN].scheme.judged is Judged.SUBMISSION
    (part,) = [leaf for leaf in expected(PSN, id_) if leaf.need is Need.REQUIRED]
    assert (kind in part.kinds, part.judged, str(part.rule)) == (True, None, f"no older than {months} months")


def test_psn_mandates_only_what_a_page_of_the_publisher_confirms():
    mandated_ids = {
        (id_, leaf.id) for id_ in controls(PSN) for leaf in expected(PSN, id_) if leaf.basis is Basis.MANDATED
    }
    assert mandated_ids == {
        ("PSN.IA.7a", "ithc"),
        ("PSN.SUB1", "coco"),
        ("PSN.SUB3", "report"),
        ("PSN.SUB4", "contacts"),
        ("PSN.SUB5", "sent"),
    }


def test_one_record_of_the_health_check_serves_every_condition_that_reads_its_report():
    """Whether the officer files it as a report or as a test."""
    reads = {"PSN.IA.7a": "ithc", "PSN.IA.7b": "sample", "PSN.IA.7d": "findings", "PSN.IA.7e": "in-date"}
    for id_, expectation in {**reads, "PSN.SUB3": "report"}.items():
        (leaf,) = [leaf for leaf in expected(PSN, id_) if leaf.id == expectation]
        assert {Kind.REPORT, Kind.TEST} <= set(leaf.kinds), id_


def test_the_remediation_plan_is_raised_after_each_health_check_and_worked_through():
    rules = {leaf.id: str(leaf.rule) for leaf in expected(PSN, "PSN.IA.7f")}
    assert rules["first-issue"] == "within 30 days of each health check"
    assert rules["progress"] == "no older than 3 months"


@pytest.mark.parametrize(
    ("id_", "words"),
    [
        ("PSN.IA.1a", ["patch", "14 days", "end-of-support"]),
        ("PSN.IA.1b", ["build standard", "anti-malware"]),
        ("PSN.IA.1c", ["comms rooms", "locks"]),
        ("PSN.IA.1d", ["siem", "log source", "ids or ips"]),
        ("PSN.IA.1e", ["ncsc", "ico", "psn team"]),
        ("PSN.IA.2", ["leavers", "multi-factor"]),
        ("PSN.IA.3", ["firewall", "deny-all"]),
        ("PSN.IA.4a", ["vpn", "dmarc"]),
        ("PSN.IA.4b", ["full-disk encryption", "destruction"]),
        ("PSN.IA.5", ["privileged account", "vlan"]),
        ("PSN.IA.6a", ["bpss"]),
        ("PSN.IA.6b", ["acceptable use", "councillors"]),
        ("PSN.IA.7b", ["10%", "external addresses"]),
        ("PSN.IA.7c", ["scheme listing", "team leader"]),
        ("PSN.IA.7d", ["cvss"]),
        ("PSN.CLD", ["1 to 14", "siro"]),
    ],
)
def test_a_council_officer_recognises_the_conditions_of_the_form(id_, words):
    said = " ".join(leaf.what for leaf in expected(PSN, id_)).casefold()
    assert [word for word in words if word not in said] == []


@by_facts
def test_psn_says_of_every_row_how_sure_it_is():
    said = {node.control.id: node.control.certainty for node in walk(CATALOGUES[PSN])}
    assert said == {row["id"]: row["certainty"] for row in facts("psn-coco-1.32.tsv")}


# Cyber Essentials: one interval is stated.


@pytest.mark.parametrize("name", ["cyber-essentials@3.3", "cyber-essentials@3.2"])
def test_cyber_essentials_states_one_interval_that_of_the_firewall_rules(name):
    stated = {
        (id_, str(leaf.rule)) for id_ in controls(name) for leaf in expected(name, id_) if leaf.basis is Basis.MANDATED
    }
    assert stated == {("A4.6", "every 12 months")}


@pytest.mark.parametrize("name", ["cyber-essentials@3.3", "cyber-essentials@3.2"])
@pytest.mark.parametrize("id_", ["A6.4", "A6.5"])
def test_cyber_essentials_wants_updates_within_14_days(name, id_):
    assert "14 days" in controls(name)[id_].summary
    assert any("day 14" in leaf.what for leaf in expected(name, id_))


# Our own words: for this control alone, in British English.

VAGUE = re.compile(
    r"\b(evidence (that|of)|(is|are|has been|have been) implemented|documented procedures?|appropriate(ly)?|as required"
    r"|ensur(e|es|ing)|where applicable|and so forth|etc)\b",
    re.IGNORECASE,
)
NOT_BRITISH = re.compile(
    r"\b(\w+(?<!s)(?<!pr)iz(e|es|ed|ing|ation)|behavior|center|color|catalog|fulfill|defense|artifact|e-mail)\b|\d %",
    re.IGNORECASE,
)
BRITISH_ALL_THE_SAME = {"size", "sized", "seize"}


def texts(name):
    """What a catalogue says of its controls in our words, with where."""
    for node in walk(CATALOGUES[name]):
        control = node.control
        yield control.id, control.summary
        for leaf in (leaf for one in control.expects for leaf in leaves(one)):
            yield f"{control.id}#{leaf.id}", leaf.what


@pytest.mark.parametrize("name", NAMES)
def test_no_text_is_vague(name):
    found = {where: VAGUE.search(text) for where, text in texts(name)}
    assert {where: hit[0] for where, hit in found.items() if hit} == {}


@pytest.mark.parametrize("name", NAMES)
def test_texts_are_in_british_english(name):
    found = {where: [hit[0] for hit in NOT_BRITISH.finditer(text)] for where, text in texts(name)}
    assert {where: hits for where, hits in found.items() if set(hits) - BRITISH_ALL_THE_SAME} == {}


@pytest.mark.parametrize("name", NAMES)
def test_summaries_and_expectations_are_not_made_from_a_pattern(name):
    openings = Counter()
    for where, text in texts(name):
        opening = re.findall(r"[\w'-]+", text.casefold())[:4]
        openings["#" in where, " ".join(opening)] += bool(opening)
    assert {opening: count for opening, count in openings.items() if count > 3} == {}


@pytest.mark.parametrize("name", NAMES)
def test_a_run_of_six_words_stands_in_few_controls(name):
    runs = {}
    for where, text in texts(name):
        words = re.findall(r"[\w'-]+", text.casefold())
        for start in range(len(words) - 5):
            runs.setdefault(" ".join(words[start : start + 6]), set()).add(where.split("#")[0])
    assert {run: places for run, places in runs.items() if len(places) > 4} == {}


@pytest.mark.parametrize("name", NAMES)
def test_a_summary_says_more_than_the_title(name):
    """Questions about names and numbers are short by nature; conditions are not."""
    for id_, control in controls(name).items():
        if not control.answer:
            words = set(re.findall(r"\w+", control.summary.casefold())) - set(
                re.findall(r"\w+", control.title.casefold())
            )
            assert len(words) > 7, id_
