"""The shipped catalogues: what must hold of them whatever the facts, and the facts where they are at hand."""

import csv
import os
import re
from pathlib import Path

import pytest

from compliance.domain.standards.catalogue import assessable, expects, in_profile, walk
from compliance.domain.standards.expectations import Every, leaves
from compliance.domain.terms.vocabulary import Basis
from compliance.store.catalogues.catalogues import parse_catalogue

ROOT = Path(__file__).resolve().parents[2]
FACTS = Path(os.environ.get("COMPLIANCE_FACTS", ROOT.parent / "shared" / "standards"))
FILES = sorted((ROOT / "standards").glob("*.yaml"))
ROWS = {
    "iso27001@2022": ("iso27001-2022.tsv", 140, 123),
    "iso20000-1@2018": ("iso20000-1-2018.tsv", 78, 57),
    "pci-dss@4.0.1": ("pci-dss-4.0.1.tsv", 373, 280),
    "psn-coco@1.32": ("psn-coco-1.32.tsv", 37, 27),
    "caf@4.0": ("caf-4.0.tsv", 59, 41),
    "caf@3.2": ("caf-3.2.tsv", 57, 39),
    "cyber-essentials@3.3": ("cyber-essentials-3.3.tsv", 116, 107),
}
by_facts = pytest.mark.skipif(not FACTS.is_dir(), reason=f"the facts of the standards are not at {FACTS}")


def shipped(name):
    parsed = parse_catalogue((ROOT / "standards" / f"{name}.yaml").read_bytes(), f"{name}.yaml")
    assert parsed.problems == ()
    return parsed.value


def controls(name):
    return {node.control.id: node.control for node in walk(shipped(name))}


def facts(file):
    with (FACTS / file).open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines, delimiter="\t", quoting=csv.QUOTE_NONE))


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_a_shipped_catalogue_reads_without_a_problem_and_is_named_by_its_file(file):
    assert str(shipped(file.stem).name) == file.stem


@pytest.mark.parametrize("name", ROWS)
def test_counts_are_those_of_the_standard(name):
    _, rows, judged = ROWS[name]
    nodes = list(walk(shipped(name)))
    assert (len(nodes), sum(node.control.assessable for node in nodes)) == (rows, judged)


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_every_control_says_what_it_asks_and_what_an_assessor_wants_to_see(file):
    said = []
    for node in walk(shipped(file.stem)):
        if node.control.assessable:
            assert len(node.control.summary) > 20, node.control.id
            binding = any(one.binding for one in node.control.expects)
            assert binding or (node.control.answer and not node.control.expects), node.control.id
            said += [node.control.summary]
            said += [leaf.what for one in node.control.expects for leaf in leaves(one)]
    assert all(said)
    assert len(set(said)) == len(said), "two texts are the same"


def in_tree_order(rows, parent=""):
    """The rows with each followed by those below it, as a tree is read; some lists give all headings first."""
    for row in rows:
        if row[1] == parent:
            yield row
            yield from in_tree_order(rows, row[0])


@by_facts
@pytest.mark.parametrize("name", ROWS)
def test_ids_hierarchy_titles_and_order_are_the_published_ones(name):
    nodes = [
        (node.control.id, node.parents[-1] if node.parents else "", node.control.title) for node in walk(shipped(name))
    ]
    assert nodes == list(in_tree_order([(row["id"], row["parent"], row["title"]) for row in facts(ROWS[name][0])]))


@by_facts
@pytest.mark.parametrize("name", ROWS)
def test_what_is_a_requirement_is_assessed_and_what_is_a_heading_is_not(name):
    judged = {id_ for id_, control in controls(name).items() if control.assessable}
    assert judged == {row["id"] for row in facts(ROWS[name][0]) if row["kind"] in {"requirement", "control"}}


@by_facts
def test_profiles_of_pci_dss_hold_the_requirements_of_their_questionnaires():
    catalogue = shipped("pci-dss@4.0.1")
    wanted = {}
    for row in facts("pci-dss-4.0.1-saq.tsv"):
        profile = "saq-" + row["saq"].lower().replace(" ", "-")
        wanted.setdefault(profile, set()).add(row["requirement"])
    for profile, ids in wanted.items():
        assert {node.control.id for node in assessable(catalogue, (profile,))} == ids, profile


@by_facts
def test_requirements_that_were_future_dated_are_asked_for_from_that_day():
    dated = {id_ for id_, control in controls("pci-dss@4.0.1").items() if str(control.first_due) == "2025-03-31"}
    noted = {
        row["id"]
        for row in facts("pci-dss-4.0.1.tsv")
        if "future-dated until 31 Mar 2025; now mandatory" in row["note"]
    }
    assert dated == noted


@by_facts
@pytest.mark.parametrize("months", [3, 6, 12])
def test_periods_that_pci_dss_states_are_mandated(months):
    known = controls("pci-dss@4.0.1")
    for row in facts("pci-dss-4.0.1.tsv"):
        control = known[row["id"]]
        if re.match(rf"every {months} months", row["note"]) and not control.superseded_by:
            mandated = [one for one in expects_of(control) if one.basis is Basis.MANDATED]
            stated = {str(one.rule) for one in mandated}
            wanted = f"{months} months" if months != 12 else "12 months"
            assert any(wanted in rule for rule in stated), (row["id"], stated)


def expects_of(control):
    return [leaf for one in control.expects for leaf in leaves(one)]


def test_seven_intervals_of_pci_dss_wait_for_a_targeted_risk_analysis():
    """Of nine: 9.5.1.2 holds that of 9.5.1.2.1 for profiles without an analysis as well, and 11.6.1 may be weekly."""
    waiting = [
        id_
        for id_, control in controls("pci-dss@4.0.1").items()
        if any(isinstance(one.rule, Every) and one.rule.interval is None for one in expects_of(control))
    ]
    assert sorted(waiting) == sorted(["5.2.3.1", "5.3.2.1", "7.2.5.1", "8.6.3", "10.4.2.1", "11.3.1.1", "12.10.4.1"])


def test_superseded_and_appendix_requirements_are_out_unless_a_profile_brings_them_in():
    known = controls("pci-dss@4.0.1")
    for report in ("roc-merchant", "roc-service-provider"):
        inside = {node.control.id for node in assessable(shipped("pci-dss@4.0.1"), (report,))}
        assert inside.isdisjoint({"6.4.1", "8.3.10", "10.7.1"})
        assert not {id_ for id_ in inside if id_.startswith(("A1", "A2", "A3"))}
    assert in_profile(known["A3.1.1"], ("designated-entity",))


def test_annex_a_alone_may_be_excluded_and_nothing_of_iso_20000():
    excludable = {node.control.id for node in walk(shipped("iso27001@2022")) if node.excludable}
    annex = {id_ for id_ in controls("iso27001@2022") if id_ == "A" or id_.startswith("A.")}
    assert excludable == annex
    assert not [node for node in walk(shipped("iso20000-1@2018")) if node.excludable]


def test_clauses_4_and_5_of_iso_20000_are_never_inherited():
    fixed = {node.control.id for node in walk(shipped("iso20000-1@2018")) if not node.inheritable}
    assert fixed == {id_ for id_ in controls("iso20000-1@2018") if id_.split(".")[0] in {"4", "5"}}


def test_psn_says_plainly_that_its_conditions_are_reconstructed():
    catalogue = shipped("psn-coco@1.32")
    assert "reconstructed" in catalogue.notice
    assert {node.control.certainty for node in walk(catalogue)} == {"confirmed", "secondary", "unconfirmed"}


@pytest.mark.parametrize("id_", ["PSN.DIA", "PSN.SUB2"])
def test_the_psn_diagram_is_judged_at_submission_and_under_six_months_old(id_):
    assert shipped("psn-coco@1.32").scheme.judged.value == "submission"
    ages = [str(one.rule) for one in expects(shipped("psn-coco@1.32"), controls("psn-coco@1.32")[id_])]
    assert "no older than 6 months" in ages


TARGETS = {
    ("caf@3.2", "govassure-baseline"): (10, 27, 2),
    ("caf@3.2", "govassure-enhanced"): (24, 13, 2),
    ("caf@4.0", "govassure-baseline"): (22, 19, 0),
    ("caf@4.0", "govassure-enhanced"): (35, 6, 0),
}


@pytest.mark.parametrize(("name", "profile"), TARGETS)
def test_govassure_profiles_set_a_target_for_every_outcome(name, profile):
    catalogue = shipped(name)
    (targets,) = [one.targets for one in catalogue.profiles if one.id == profile]
    assert set(targets) == {id_ for id_, control in controls(name).items() if control.assessable}
    levels = [level.value for level in targets.values()]
    assert (
        levels.count("achieved"),
        levels.count("partially-achieved"),
        levels.count("not-achieved"),
    ) == TARGETS[name, profile]


def test_every_relation_leads_to_a_control_that_is_assessed():
    assessed = {id_ for id_, control in controls("iso27001@2022").items() if control.assessable}
    for file in FILES:
        for node in walk(shipped(file.stem)):
            targets = [one.to for one in node.control.related]
            assert len(set(targets)) == len(targets), node.control.id
            assert all(one.standard == "iso27001" and one.control in assessed for one in targets), node.control.id


@pytest.mark.parametrize("name", ["psn-coco@1.32", "iso20000-1@2018", "caf@4.0"])
def test_every_control_is_related_to_iso_27001(name):
    assert not [id_ for id_, control in controls(name).items() if control.assessable and not control.related]


def test_every_section_of_pci_dss_is_related_to_iso_27001():
    sections = {id_: control for id_, control in controls("pci-dss@4.0.1").items() if re.fullmatch(r"\d+\.\d+", id_)}
    assert len(sections) == 63
    assert not [id_ for id_, control in sections.items() if not control.related]
