"""Libraries of CISO Assistant: nodes become a tree, groups profiles, and mappings relations."""

from __future__ import annotations

import pytest

from compliance.exchange.formats.ciso_assistant import read
from compliance.exchange.imported import Kept
from compliance.exchange.options import Options
from compliance.exchange.registry import format_of
from compliance.store.catalogues.catalogue_text import render_catalogue
from compliance.store.catalogues.catalogues import parse_catalogue

from ..builders.refusals import refusal_of
from .tables import control, judged, made, tree

NONE = Options()
LIBRARY = """\
urn: urn:example:risk:library:town-2026
locale: en
ref_id: TOWN-2026
name: Fictional Town framework
description: An invented library.
copyright: Free to use
version: 3
provider: Fictional Office
packager: nobody
objects:
  threats:
  - urn: urn:example:risk:threat:fire
    name: Fire
  risk_matrix: []
  framework:
    urn: urn:example:risk:framework:town-2026
    ref_id: TOWN-2026
    name: Fictional Town framework
    implementation_groups_definition:
    - ref_id: B
      name: Basic
    - ref_id: E
      name: Essential
    requirement_nodes:
    - urn: urn:example:risk:req_node:town-2026:a
      assessable: false
      depth: 1
      ref_id: A
      name: DOORS
    - urn: urn:example:risk:req_node:town-2026:a.1
      assessable: true
      depth: 2
      parent_urn: URN:example:risk:req_node:town-2026:A
      ref_id: A.1
      description: Doors are shut at night, and someone looks after them.
      annotation: "Look\\ntwice."
      typical_evidence: The round's log
      implementation_groups: [B, E]
    - urn: urn:example:risk:req_node:town-2026:node3
      assessable: true
      depth: 2
      parent_urn: urn:example:risk:req_node:town-2026:a
      name: Keys
      implementation_groups:
      - E
    - urn: urn:example:risk:req_node:town-2026:free
      assessable: true
      depth: 1
      ref_id: F 1
      name: Free
"""
MAPPING = """\
  requirement_mapping_sets:
  - urn: urn:example:risk:req_mapping_set:one
    ref_id: one
    source_framework_urn: urn:example:risk:framework:iso27001-2022
    target_framework_urn: urn:example:risk:framework:town-2026
    requirement_mappings:
    - source_requirement_urn: urn:example:risk:req_node:iso27001-2022:a.7.1
      target_requirement_urn: urn:example:risk:req_node:town-2026:a.1
      relationship: superset
      strength: 9
    - source_requirement_urn: urn:example:risk:req_node:iso27001-2022:a.7.2
      target_requirement_urn: urn:example:risk:req_node:town-2026:node3
      relationship: not_related
  - urn: urn:example:risk:req_mapping_set:one-revert
    ref_id: one-revert
    source_framework_urn: urn:example:risk:framework:town-2026
    target_framework_urn: urn:example:risk:framework:iso27001-2022
    requirement_mappings:
    - source_requirement_urn: urn:example:risk:req_node:town-2026:a.1
      target_requirement_urn: urn:example:risk:req_node:iso27001-2022:a.7.1
      relationship: subset
"""


def library(text=LIBRARY, options=NONE):
    return read(text.encode(), "town.yaml", options)


def said(text, options=NONE):
    (problem,) = refusal_of(library, text, options)
    return f"{problem.location}: {problem.sentence}"


def test_the_format_is_told_by_its_look():
    assert format_of(LIBRARY.encode(), "town.yaml").name == "ciso-assistant"


def test_nodes_become_a_tree_with_the_ids_as_published():
    imported = library()
    assert tree(imported) == {"A": "", "A.1": "A", "node3": "A", "F-1": ""}
    assert judged(imported) == ["A.1", "node3", "F-1"]
    assert (imported.rows, imported.counted) == (4, "nodes")
    assert control(imported, "A.1").title == "Doors are shut at night, and someone looks after them."
    catalogue = made(imported)
    assert (catalogue.id, catalogue.version, catalogue.publisher) == ("town-2026", "3", "Fictional Office")
    assert parse_catalogue(render_catalogue(catalogue), "x.yaml").value == catalogue


def test_groups_become_profiles_and_a_node_in_none_is_in_each():
    imported = library()
    assert [(one.id, one.title) for one in made(imported).profiles] == [("b", "Basic"), ("e", "Essential")]
    assert control(imported, "A.1").profiles == ("b", "e")
    assert control(imported, "F-1").profiles is None
    assert "Controls in no implementation group apply under every profile: 1." in imported.notes


def test_source_licence_and_texts_are_kept():
    imported = library()
    assert (imported.source_id, imported.source_version) == ("urn:example:risk:framework:town-2026", "3")
    assert imported.licence == "Free to use"
    assert Kept("A.1", "annotation", "Look\ntwice.") in imported.kept
    assert Kept("A.1", "typical_evidence", "The round's log") in imported.kept
    assert (
        Kept("", "threat urn:example:risk:threat:fire", "urn: urn:example:risk:threat:fire\nname: Fire")
        in imported.kept
    )
    assert Kept("", "description", "An invented library.") in imported.kept
    assert [one.what for one in imported.skipped] == ["risk_matrix"]
    assert control(imported, "A.1").summary == ""


def test_texts_become_summaries_where_asked():
    imported = library(options=Options(with_text=True))
    assert control(imported, "A.1").summary == "Doors are shut at night, and someone looks after them."
    assert control(imported, "A.1").expects[0].what == "The round's log"
    assert not [one for one in imported.kept if one.name in {"description", "typical_evidence"} and one.control]


def test_a_ref_id_that_two_nodes_have_gives_way_to_their_urns():
    imported = library(LIBRARY.replace("ref_id: F 1", "ref_id: A.1"))
    assert tree(imported) == {"A": "", "a.1": "A", "node3": "A", "free": ""}
    assert "Nodes without a ref_id of their own are named by the end of their URN: 3." in imported.notes


def test_depth_stands_in_for_a_parent_that_is_not_named():
    text = LIBRARY.replace("      parent_urn: urn:example:risk:req_node:town-2026:a\n", "")
    assert tree(library(text))["node3"] == "A"


def test_mappings_of_its_own_nodes_begin_there_once():
    imported = library(LIBRARY + MAPPING)
    assert [(str(start), str(to), kind) for start, to, kind in imported.relations] == [
        ("town-2026@3:A.1", "iso27001-2022:a.7.1", "subset")
    ]
    assert ("a.7.2 → node3", "“not_related” is no relation") in [(one.what, one.why) for one in imported.skipped]
    assert "The set one-revert says the same the other way round." in imported.notes


def test_a_library_of_mappings_alone_has_no_catalogue():
    text = LIBRARY.partition("objects:")[0] + "objects:\n" + MAPPING
    imported = library(text)
    assert imported.catalogue is None
    assert [(str(start), str(to), kind) for start, to, kind in imported.relations] == [
        ("iso27001-2022:a.7.1", "town-2026:a.1", "superset")
    ]
    meant = library(text, Options(columns={"source": "iso27001@2022", "target": "town"}))
    assert [str(one) for one in meant.relations[0][:2]] == ["iso27001@2022:a.7.1", "town:a.1"]
    assert said(text, Options(columns={"sauce": "x"})) == "None: a mapping has no “sauce”"


NODE = "urn:example:risk:req_node:town-2026"


@pytest.mark.parametrize(
    ("old", "new", "sentence"),
    [
        ("objects:", "things:", "1:1: has no “objects”"),
        ("  framework:", "  matrix:", "11:3: has no framework and no mappings, but threats, risk_matrix, matrix"),
        (
            "town-2026:A\n",
            "town-2026:z\n",
            "33:19: A.1 lies under URN:example:risk:req_node:town-2026:z, which is not in the file",
        ),
        ("town-2026:node3", "town-2026:a.1", f"39:12: the urn {NODE}:a.1 is used twice"),
        (f"- urn: {NODE}:node3\n      assessable", "- assessable", "39:7: a requirement node has no urn"),
        ("assessable: true", "assessable: maybe", "31:19: “maybe” is neither true nor false"),
        (
            "      depth: 1\n      ref_id: A\n",
            f"      depth: 1\n      parent_urn: {NODE}:a.1\n      ref_id: A\n",
            "25:7: the parents go round in a circle: A → A.1 → A",
        ),
        ("      name: Free\n", "      name: [Free\n", "50:13: is not YAML: a list “[…]” is not closed"),
        ("name: DOORS", "name: &x DOORS\n      note: *x", "30:13: stands for another value"),
    ],
)
def test_what_is_wrong_in_a_library_is_said_with_its_place(old, new, sentence):
    assert old in LIBRARY
    found = said(LIBRARY.replace(old, new, 1))
    assert found.startswith(f"town.yaml:{sentence}")


def test_more_values_than_any_standard_has():
    assert said("a: [" + "1," * 1_000_001) == "town.yaml: has more values than any standard"
