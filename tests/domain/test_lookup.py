"""Controls found by what a person types, and files by where they lie."""

from __future__ import annotations

import re

import msgspec
import pytest

from compliance.domain.ledger.lookup import find_control
from compliance.domain.ledger.roles import Role, role_of
from compliance.domain.registers.accreditations import ACCREDITATIONS
from compliance.domain.registers.events import EVENTS
from compliance.domain.registers.risks import RISKS
from compliance.problems import Refused

from ..builders.ledgers import any_of, catalogue, control, expects, piece, use, world

ISO = catalogue(
    control(
        "A",
        assessable=False,
        controls=(control("A.8.8", expects(id="scan")), control("A.8.9", any_of(expects(id="a"), expects(id="b")))),
    ),
    control("B", assessable=False),
    id="iso27001",
    version="2022",
)
LEDGER = world(ISO, catalogue(id="pci-dss"))


@pytest.mark.parametrize("text", ["iso27001:A.8.8", "iso27001@2022:A.8.8", "iso27001:A.8.8#scan", "iso27001:A.8.9#b"])
def test_a_control_is_found_by_its_reference(text):
    reference, found, one = find_control(LEDGER, text)
    assert (str(reference), found.id) == (text, "iso27001")
    assert one.id in text


@pytest.mark.parametrize(
    ("text", "sentence", "hint"),
    [
        ("A.8.8", "does not name a control", "did you mean iso27001:A.8.8?"),
        ("8.8", "does not name a control", "did you mean iso27001:A.8.8?"),
        ("nothing", "does not name a control", "write standard:control, for example iso27001:A.8.8"),
        ("iso27001:a.8.8", "iso27001@2022 has no control a.8.8", "did you mean iso27001:A.8.8?"),
        ("iso27001:A.8.7", "iso27001@2022 has no control A.8.7", "did you mean iso27001:A.8.9, iso27001:A.8.8?"),
        ("iso27001:zzz", "iso27001@2022 has no control zzz", "list them with: compliance standards show iso27001@2022"),
        ("iso27001:A", "iso27001:A is a heading, not a control", "name one below it: iso27001:A.8.8, iso27001:A.8.9"),
        (
            "iso27001:B",
            "iso27001:B is a heading, not a control",
            "look below it: compliance standards show iso27001@2022",
        ),
        ("iso27001:A.8.9#c", "iso27001:A.8.9 has no expectation #c", "it has #a, #b"),
        ("iso2700:A.8.8", "the standard iso2700 is not in use here", "did you mean iso27001?"),
        ("psn:1", "the standard psn is not in use here", "in use: iso27001, pci-dss"),
        ("iso27001@2013:A.8.8", "iso27001 is not in use in version 2013", "in use: 2022"),
    ],
)
def test_what_is_not_found_is_refused_with_the_nearest_there_is(text, sentence, hint):
    with pytest.raises(Refused, match=re.escape(sentence)) as refused:
        find_control(LEDGER, text)
    (problem,) = refused.value.problems
    assert sentence in problem.sentence
    assert set(problem.hint.split()) == set(hint.split())


def test_a_control_needs_its_version_only_while_two_are_in_use():
    both = world(ISO, catalogue(control("A.8.8"), id="iso27001", version="2013"))
    with pytest.raises(Refused, match="two versions of iso27001 are in use") as refused:
        find_control(both, "iso27001:A.8.8")
    assert refused.value.problems[0].hint == "say which: iso27001@2022:A.8.8 or iso27001@2013:A.8.8"
    assert find_control(both, "iso27001@2013:A.8.8")[1].version == "2013"


def test_a_workspace_without_standards_says_how_to_begin():
    with pytest.raises(Refused, match="psn") as refused:
        find_control(world(ISO, use("psn@1")), "psn:1")
    assert refused.value.problems[0].hint == "in use: none yet: compliance standards use NAME"


@pytest.mark.parametrize(
    ("path", "role"),
    [
        ("compliance.toml", Role.CONFIGURATION),
        ("standards/iso27001@2022.yaml", Role.CATALOGUE),
        ("standards/iso27001@2022.overlay.yaml", Role.OVERLAY),
        ("standards/shipped.sha256", Role.OTHER),
        ("evidence/accreditations/psn.yaml", ACCREDITATIONS),
        ("evidence/events/2026.yaml", EVENTS),
        ("evidence/risks/2026.yaml", RISKS),
        ("evidence/measures/patch-age.csv", Role.SERIES),
        ("evidence/risks/2026.csv", Role.STRAY),
        ("evidence/events/notes.txt", Role.STRAY),
        ("evidence/2026/a.pdf.evidence.yaml", Role.RECORD),
        ("evidence/map.yaml", Role.RULES),
        ("evidence/2026/policy.md", Role.MARKDOWN),
        ("evidence/2026/a.pdf", Role.EVIDENCE),
        ("evidence/.gitkeep", Role.OTHER),
        ("evidence/README.md", Role.OTHER),
        ("README.md", Role.OTHER),
    ],
)
def test_what_a_file_is_to_the_ledger_is_told_from_its_path(path, role):
    assert role_of(path) is role


def test_what_is_mapped_lies_below_the_roots():
    assert role_of("docs/policy.md", ("evidence", "docs")) is Role.MARKDOWN
    assert role_of("policy.pdf", (".",)) is Role.EVIDENCE


def test_of_two_pieces_with_one_id_the_first_is_found():
    first, second = piece("E-1", path="evidence/a.txt"), piece("E-1", path="evidence/b.txt")
    ledger = world(ISO, first, second, piece("E-2"))
    assert ledger.evidence_by_id("E-1") is first
    assert ledger.evidence_by_id("E-3") is None


def test_a_ledger_with_more_evidence_finds_that_too():
    ledger = world(ISO, piece("E-1"))
    assert ledger.evidence_by_id("E-2") is None
    assert msgspec.structs.replace(ledger, evidence=(*ledger.evidence, piece("E-2"))).evidence_by_id("E-2")
