"""What may be judged of the shipped standards: exclusions, statuses, methods and indicators."""

from __future__ import annotations

import csv
import os
import re
from collections import Counter
from pathlib import Path

import pytest

from compliance.domain.standards.catalogue import Catalogue, IndicatorCounts, expects, walk
from compliance.domain.standards.expectations import leaves
from compliance.domain.standards.schemes import Claim
from compliance.store.catalogues.catalogues import parse_catalogue
from compliance.workspace.shipped import shipped_catalogues

ROOT = Path(__file__).resolve().parents[2]
TEXTS = Path(os.environ.get("COMPLIANCE_FACTS", ROOT.parent / "shared" / "standards")) / "texts"


def shipped(name: str) -> Catalogue:
    found = parse_catalogue(shipped_catalogues()[f"{name}.yaml"], name).value
    assert found
    return found


def excludable(name: str) -> list[str]:
    return [node.control.id for node in walk(shipped(name)) if node.control.assessable and node.excludable]


def test_annex_a_alone_may_be_excluded_from_iso_27001():
    found = excludable("iso27001@2022")
    assert len(found) == 93
    assert all(one.startswith("A.") for one in found)
    assert shipped("iso27001@2022").scheme.inclusions_reasoned


@pytest.mark.parametrize(
    "name", ["iso20000-1@2018", "psn-coco@1.32", "caf@3.2", "caf@4.0", "cyber-essentials@3.2", "cyber-essentials@3.3"]
)
def test_where_no_exclusion_is_allowed(name):
    assert excludable(name) == []


def test_a_pci_requirement_may_be_not_applicable_and_is_never_excluded_as_not_tested():
    pci = shipped("pci-dss@4.0.1")
    assert len(excludable("pci-dss@4.0.1")) == sum(node.control.assessable for node in walk(pci))
    assert {one.id: one.means for one in pci.scheme.statuses} == {
        "in-place": Claim.IN_PLACE,
        "not-applicable": Claim.NOT_APPLICABLE,
        "not-tested": Claim.NOT_TESTED,
        "not-in-place": Claim.NOT_YET,
    }


def test_pci_methods_ask_for_their_papers_every_year():
    pci = shipped("pci-dss@4.0.1")
    added = {one.id: [(more.id, str(more.rule), more.binding) for more in one.expects] for one in pci.scheme.methods}
    yearly = ("no older than 12 months", True)
    assert added == {
        "defined": [],
        "compensating": [("compensating-worksheet", *yearly)],
        "customised": [("customised-matrix", *yearly), ("customised-analysis", *yearly)],
    }
    own = {leaf.id for node in walk(pci) for one in expects(pci, node.control) for leaf in leaves(one)}
    assert not own & {more for several in added.values() for more, _, _ in several}, "no name for two things"


@pytest.mark.parametrize(("name", "outcomes", "indicators"), [("caf@3.2", 39, 449), ("caf@4.0", 41, 557)])
def test_every_caf_outcome_lists_its_indicators(name, outcomes, indicators):
    counts = [node.control.indicators for node in walk(shipped(name)) if node.control.assessable]
    assert len(counts) == outcomes
    assert all(one and one.not_achieved and one.achieved for one in counts)
    assert sum(one.not_achieved + one.partially_achieved + one.achieved for one in counts if one) == indicators


@pytest.mark.parametrize("name", ["caf@3.2", "caf@4.0"])
def test_every_indicator_is_there_in_words_and_credited(name):
    catalogue = shipped(name)
    assert "contains public sector information licensed under the Open Government Licence v3.0" in catalogue.wording
    for control in (node.control for node in walk(catalogue) if node.control.assessable):
        counts, texts = control.indicators, control.indicator_texts
        for level in ("not_achieved", "partially_achieved", "achieved"):
            words = getattr(texts, level)
            assert len(words) == len(set(words)) == getattr(counts, level), control.id
            assert all(len(text) > 20 for text in words), control.id


@pytest.mark.skipif(not TEXTS.is_dir(), reason=f"the texts of the CAF are not at {TEXTS}")
@pytest.mark.parametrize("version", ["3.2", "4.0"])
def test_indicators_are_those_that_were_published(version):
    controls = {node.control.id: node.control for node in walk(shipped(f"caf@{version}"))}
    with (TEXTS / f"caf-{version}-indicators.tsv").open(encoding="utf-8", newline="") as lines:
        rows = csv.DictReader((line for line in lines if line[0] != "#"), delimiter="\t", quoting=csv.QUOTE_NONE)
        for row in rows:
            texts = getattr(controls[row["outcome"]].indicator_texts, row["level"].replace("-", "_"))
            assert texts[int(row["n"]) - 1] == " ".join(row["text"].split()), row["id"]


LEVELS = {"not achieved": "NA", "partially achieved": "PA", "achieved": "A"}
NUMBERS = {"one": 1, "two": 2, "three": 3}


@pytest.mark.skipif(not TEXTS.is_dir(), reason=f"the texts of the CAF are not at {TEXTS}")
def test_what_a_note_calls_new_stands_in_the_new_text_alone():
    with (TEXTS / "caf-3.2-to-4.0.tsv").open(encoding="utf-8", newline="") as lines:
        rows = csv.DictReader((line for line in lines if line[0] != "#"), delimiter="\t", quoting=csv.QUOTE_NONE)
        new = Counter(row["caf_4_0"].rpartition(".")[0] for row in rows if row["change"] == "new")
    told = [
        (f"{node.control.id}.{LEVELS[level]}", NUMBERS[number.lower()])
        for node in walk(shipped("caf@4.0"))
        for number, level in re.findall(
            r"(?i)\b(one|two|three) indicators? of the (?:level )?(not achieved|achieved|partially achieved)"
            r"(?: level)? (?:is|are) new",
            node.control.revised,
        )
    ]
    assert len(told) == 4
    assert [(level, count, new[level]) for level, count in told if count != new[level]] == []


@pytest.mark.parametrize("id_", ["A3.a", "B1.a", "B2.a", "B2.c", "B3.e", "B4.c"])
def test_an_outcome_that_asks_what_it_asked_has_no_note(id_):
    (control,) = [node.control for node in walk(shipped("caf@4.0")) if node.control.id == id_]
    assert not control.revised


def test_indicators_are_counted_as_published():
    counts = {node.control.id: node.control.indicators for node in walk(shipped("caf@4.0"))}
    assert counts["A1.a"] == IndicatorCounts(not_achieved=4, achieved=6)
    assert counts["A2.a"] == IndicatorCounts(not_achieved=8, partially_achieved=5, achieved=9)
    assert counts["B3.e"] == IndicatorCounts(not_achieved=1, partially_achieved=1, achieved=2)
