"""The shipped crosswalk: everything leads to ISO/IEC 27001, and every judgement in it names who made it."""

import re
from pathlib import Path

import pytest

from compliance.domain.standards.catalogue import RelationType, walk
from compliance.domain.standards.crosswalk import Crosswalk
from compliance.domain.terms.references import Reference
from compliance.store.catalogues.catalogues import parse_catalogue

ROOT = Path(__file__).resolve().parents[2]
FILES = sorted((ROOT / "standards").glob("*.yaml"))
CATALOGUES = {file.stem: parse_catalogue(file.read_bytes(), file.name).value for file in FILES}
HUB = CATALOGUES["iso27001@2022"]
ISO = {node.control.id: node.control for node in walk(HUB)}
LEADS = {
    "psn-coco@1.32": r"PSN\..+",
    "cyber-essentials@3.2": r"A[4-8]\..+",
    "cyber-essentials@3.3": r"A[4-8]\..+",
    "caf@4.0": r"[A-D]\d\.[a-z]",
    "iso20000-1@2018": r"(?:[4-9]|10)\..+",
    "pci-dss@4.0.1": r"(?:1?\d|A[1-3])\.\d+",
}


@pytest.mark.parametrize("name", LEADS)
def test_every_requirement_reaches_iso_27001(name):
    catalogue = CATALOGUES[name]
    crosswalk = Crosswalk([catalogue, HUB])
    wanted = [
        node.control
        for node in walk(catalogue)
        if re.fullmatch(LEADS[name], node.control.id) and (node.control.assessable or catalogue.id == "pci-dss")
    ]
    lost = [one.id for one in wanted if not crosswalk.direct(Reference(catalogue.id, one.id, catalogue.version))]
    assert len(wanted) >= 27
    assert lost == []


def test_every_requirement_of_pci_dss_in_its_twelve_chapters_reaches_iso_27001_by_its_section():
    catalogue = CATALOGUES["pci-dss@4.0.1"]
    crosswalk = Crosswalk([catalogue, HUB])
    lost = [
        node.control.id
        for node in walk(catalogue)
        if node.control.assessable
        and re.match(r"\d", node.control.id)
        and not node.control.superseded_by
        and not crosswalk.direct(Reference(catalogue.id, node.control.id, catalogue.version))
    ]
    assert lost == []


def test_an_outcome_that_stayed_the_same_is_related_as_it_is_in_the_version_that_follows():
    before = {node.control.id: node.control for node in walk(CATALOGUES["caf@3.2"])}
    same = {}
    for node in walk(CATALOGUES["caf@4.0"]):
        was = node.control.was or ((node.control.id,) if node.control.was is None else ())
        if len(was) == 1 and was[0] in before and not node.control.revised and node.control.assessable:
            same[was[0]] = node.control.related
    assert len(same) >= 14
    assert {name: control.related for name, control in before.items() if control.related} == same


@pytest.mark.parametrize("name", CATALOGUES)
def test_every_relation_leads_to_a_control_and_says_whose_judgement_it_is(name):
    for node in walk(CATALOGUES[name]):
        related = node.control.related
        assert len({(one.to.standard, one.to.control) for one in related}) == len(related), node.control.id
        for one in related:
            assert one.source, (node.control.id, str(one.to))
            if one.to.standard == "iso27001":
                assert ISO[one.to.control].assessable, (node.control.id, str(one.to))


@pytest.mark.parametrize("name", CATALOGUES)
def test_nothing_is_said_to_lie_within_two_controls_of_one_standard(name):
    """The grounds of a standard's controls hardly overlap: of two claims, one is too bold."""
    for node in walk(CATALOGUES[name]):
        within = [one for one in node.control.related if one.type in {RelationType.SUBSET, RelationType.EQUAL}]
        assert len({one.to.standard for one in within}) == len(within), node.control.id


def test_no_control_is_said_to_be_equal_to_one_of_another_standard():
    """Standards that share a structure differ in scope: an audit of one management system is none of the other."""
    equal = [
        (name, node.control.id)
        for name, catalogue in CATALOGUES.items()
        for node in walk(catalogue)
        for one in node.control.related
        if one.type is RelationType.EQUAL
    ]
    assert equal == []


def test_any_two_standards_are_connected():
    newest = {catalogue.id: catalogue for catalogue in CATALOGUES.values() if catalogue.id != "secure-development"}
    crosswalk = Crosswalk(newest.values())
    for here in newest.values():
        reached = {
            route.target.standard
            for node in walk(here)
            for route in crosswalk.nearest(Reference(here.id, node.control.id, here.version))
        }
        assert reached == newest.keys() - {here.id}
