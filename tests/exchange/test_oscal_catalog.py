"""OSCAL catalogues become catalogues of ours: published ids, the tree, what was withdrawn, and every text kept."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest

from compliance.domain.standards.catalogue import Catalogue, walk
from compliance.exchange.formats import oscal_catalog
from compliance.exchange.imported import Imported, Skipped
from compliance.exchange.options import Options
from compliance.problems import Refused
from compliance.store.catalogues.catalogue_text import render_catalogue
from compliance.store.catalogues.catalogues import parse_catalogue

NIST = Path("/work/shared/data/oscal/nist-sp800-53-rev5.0.1-catalog.json")
PARTY = {"uuid": "11111111-1111-4111-8111-111111111111", "type": "organization", "name": "Town Standards Office"}


def label(text: str) -> dict[str, str]:
    return {"name": "label", "value": text}


def document(*controls: dict[str, Any], groups: Any = (), **more: Any) -> dict[str, Any]:
    metadata = {"title": "Town controls: a set", "version": "2.1", "oscal-version": "1.1.2", "parties": [PARTY]}
    metadata |= more.pop("metadata", {})
    lists = {key: list(value) for key, value in (("groups", groups), ("controls", controls)) if value}
    return {"catalog": {"uuid": "aaaaaaaa-0000-4000-8000-000000000000", "metadata": metadata, **lists, **more}}


def read(value: Any, **options: Any) -> Imported:
    text = value if isinstance(value, str) else json.dumps(value, indent=1)
    return oscal_catalog.read(text.encode(), "town.json", Options(**options))


def made(imported: Imported) -> Catalogue:
    """The catalogue, sure to be one that `check` passes."""
    assert imported.catalogue is not None
    parsed = parse_catalogue(render_catalogue(imported.catalogue), "made.yaml")
    assert parsed.problems == ()
    assert parsed.value == imported.catalogue
    return imported.catalogue


def kept(imported: Imported, control: str) -> dict[str, str]:
    return {one.name: one.text for one in imported.kept if one.control == control}


def test_groups_controls_and_enhancements_make_the_tree_with_published_ids():
    enhancement = {"id": "ac-1.1", "title": "More", "props": [label("AC-1(1)")]}
    control = {"id": "ac-1", "title": "Policy", "props": [label("AC-1")], "controls": [enhancement]}
    inner = {"id": "x", "title": "Inner", "controls": [{"id": "x-1", "title": "Without a label"}]}
    groups = [{"id": "ac", "title": "Access", "groups": [inner]}, {"title": "Nameless", "controls": [control]}]
    imported = read(document(groups=groups))
    catalogue = made(imported)
    assert [(node.control.id, node.depth, node.control.assessable) for node in walk(catalogue)] == [
        ("ac", 0, False),
        ("x", 1, False),
        ("x-1", 2, True),
        ("nameless", 0, False),
        ("AC-1", 1, True),
        ("AC-1(1)", 2, True),
    ]
    assert (catalogue.id, catalogue.version, catalogue.short) == ("town-controls", "2.1", "Town controls")
    assert catalogue.publisher == "Town Standards Office"
    assert (imported.rows, imported.counted) == (6, "groups and controls")
    assert imported.source_id.startswith("aaaaaaaa")
    assert "AC-1(1): ac-1.1" in kept(imported, "")["ids in the source, where they are others"]


def test_what_the_user_says_goes_before_what_the_document_says():
    catalogue = made(read(document({"id": "a", "title": "A"}), id="city", version="9", title="City", short="C"))
    assert (catalogue.id, catalogue.version, catalogue.title, catalogue.short) == ("city", "9", "City", "C")


def test_labels_with_blanks_lose_them_and_labels_used_twice_give_way_to_ids():
    controls = [
        {"id": "a", "title": "A", "props": [label("AC-2 (1)")]},
        {"id": "b", "title": "B", "props": [label("same")]},
        {"id": "c", "title": "C", "props": [label("same")]},
        {"id": "d", "title": "D", "props": [{"name": "label", "class": "zero-padded", "value": "D-01"}, label("D-1")]},
    ]
    assert [one.id for one in made(read(document(*controls))).controls] == ["AC-2(1)", "b", "c", "D-1"]


def test_groups_without_ids_are_told_apart():
    groups = [{"title": "Same", "controls": [{"id": f"c-{number}", "title": "C"}]} for number in range(3)]
    assert [one.id for one in made(read(document(groups=groups))).controls] == ["same", "same-2", "same-3"]


STATEMENT = {
    "id": "a_smt",
    "name": "statement",
    "prose": "Do {{ insert: param, p1 }}:",
    "parts": [
        {"id": "a_smt.a", "name": "item", "props": [label("a.")], "prose": "first {{ insert: param, p2 }};"},
        {"name": "item", "props": [label("b.")], "prose": "then.", "parts": [{"name": "item", "prose": "Deep."}]},
    ],
}
PARAMS = [
    {"id": "p1", "label": "what is defined"},
    {"id": "p2", "select": {"how-many": "one-or-more", "choice": ["daily", "each {{ insert: param, p3 }}"]}},
    {"id": "p3", "values": ["Monday"], "guidelines": [{"prose": "Not a Sunday."}]},
]
GUIDED = {"id": "a", "title": "A", "params": PARAMS, "parts": [STATEMENT, {"name": "guidance", "prose": "Ask."}]}


def test_a_statement_is_the_summary_only_where_its_licence_allows():
    summary = "Do [what is defined]: a. first [one or more of: daily; each Monday]; b. then. Deep."
    closed = read(document(GUIDED))
    assert made(closed).controls[0].summary == ""
    assert kept(closed, "a")["statement"].splitlines() == [
        "Do [what is defined]:",
        "  a. first [one or more of: daily; each Monday];",
        "  b. then.",
        "    Deep.",
    ]
    allowed = read(document(GUIDED), with_text=True)
    assert made(allowed).controls[0].summary == summary
    assert "statement" not in kept(allowed, "a")
    of_nist = {"parties": [PARTY | {"name": "National Institute of Standards and Technology"}]}
    public = read(document(GUIDED, metadata=of_nist))
    assert made(public).controls[0].summary == summary
    assert public.licence.startswith("public domain")
    for imported in (closed, allowed, public):
        assert kept(imported, "a")["guidance"] == "Ask."
        assert "Not a Sunday." in kept(imported, "a")["parameters"]


def test_parameters_that_are_missing_or_go_in_a_circle_leave_their_names():
    params = [{"id": "p1", "values": ["{{ insert: param, p2 }}"]}, {"id": "p2", "label": "{{ insert: param, p1 }}"}]
    statement = {"name": "statement", "prose": "Do {{ insert: param, p1 }}, {{ insert: param, gone }}."}
    control = {"id": "a", "title": "A", "params": params, "parts": [statement]}
    imported = read(document(control), with_text=True)
    assert made(imported).controls[0].summary == "Do [[p1]], [gone]."
    assert {one.what for one in imported.skipped} == {"the parameter p1", "the parameter gone"}


def test_parameters_that_double_each_other_stay_short():
    double = [{"id": "p0", "values": ["long " * 50]}]
    double += [{"id": f"p{n}", "values": [f"{{{{ insert: param, p{n - 1} }}}}" * 9]} for n in range(1, 40)]
    statement = {"name": "statement", "prose": "{{ insert: param, p39 }}"}
    imported = read(document({"id": "a", "title": "A", "params": double, "parts": [statement]}), with_text=True)
    assert len(made(imported).controls[0].summary) < 10_000


def test_what_was_withdrawn_is_listed_and_never_judged():
    gone = {
        "id": "ac-2",
        "title": "Old",
        "props": [label("AC-2"), {"name": "status", "value": "Withdrawn"}],
        "links": [{"rel": "moved-to", "href": "#ac-1_smt"}, {"rel": "incorporated-into", "href": "#ac-3"}],
        "controls": [{"id": "ac-2.1", "title": "Stays"}],
    }
    first = {"id": "ac-1", "title": "New", "parts": [{"id": "ac-1_smt", "name": "statement", "prose": "Do."}]}
    imported = read(document(first, gone, {"id": "ac-3", "title": "Third"}))
    old = made(imported).controls[1]
    assert (old.id, old.assessable, old.superseded_by) == ("AC-2", False, "ac-1")
    assert old.controls[0].assessable
    assert imported.skipped == (Skipped("AC-2", "withdrawn: see ac-1, ac-3 (listed, and never judged)", listed=True),)


def test_links_become_relations_and_the_rest_of_them_is_kept():
    links = [
        {"rel": "related", "href": "#b"},
        {"rel": "related", "href": "#b"},
        {"rel": "related", "href": "https://example.org/c"},
        {"rel": "reference", "href": "#22222222-2222-4222-8222-222222222222", "text": "page 3"},
    ]
    resource = {"uuid": "22222222-2222-4222-8222-222222222222", "title": "The handbook", "base64": {"value": "eA=="}}
    controls = [{"id": "a", "title": "A", "links": links}, {"id": "b", "title": "B"}]
    imported = read(document(*controls, **{"back-matter": {"resources": [resource]}}))
    (relation,) = made(imported).controls[0].related
    assert (str(relation.to), relation.type.value) == ("town-controls:b", "intersects")
    assert kept(imported, "a")["links"] == "related: https://example.org/c\nreference: The handbook (page 3)"
    assert "title: The handbook" in kept(imported, "")["back matter 22222222-2222-4222-8222-222222222222"]
    assert imported.skipped[0].what == "a file within the back matter"


def test_no_text_is_dropped():
    odd = {
        "id": "a",
        "title": "A",
        "class": "klass",
        "props": [{"name": "risk", "value": "word-1", "remarks": "word-2"}, {"name": "status", "value": "word-3"}],
        "links": [{"href": "word-4"}],
        "params": [{"id": "p", "label": "word-5"}, {"id": "q", "constraints": [{"description": "word-6"}]}],
        "parts": [
            {"name": "assessment-objective", "title": "word-7", "prose": "word-8", "links": [{"href": "word-9"}]},
            {"name": "overview", "parts": [{"name": "example", "prose": "word-10", "props": [label("word-11")]}]},
            {"name": "statement", "prose": "word-12", "remarks": "word-13"},
        ],
        "remarks": "word-14",
        "x-ours": {"deep": ["word-15"]},
    }
    group = {"id": "g", "title": "G", "params": [{"id": "r", "usage": "word-16"}], "controls": [odd]}
    metadata = {"remarks": "word-17", "published": "word-18", "props": [{"name": "keywords", "value": "word-19"}]}
    resources = [{"uuid": "word-20", "description": "word-21", "citation": {"text": "word-22"}}]
    value = document(
        groups=[group], metadata=metadata, **{"back-matter": {"resources": resources, "remarks": "word-23"}}
    )
    for imported in (read(value), read(value, with_text=True)):
        summaries = " ".join(node.control.summary for node in walk(made(imported)))
        words = set(re.findall(r"word-\d+", summaries + json.dumps([[one.text, one.name] for one in imported.kept])))
        assert words == {f"word-{number}" for number in range(1, 24)}
    assert {"the field “remarks”", "the field “x-ours”", "the class “klass”"} <= {one.what for one in imported.skipped}


@pytest.mark.parametrize("version", ["1.0.0", "1.0.0-rc2", "1.1.3", "1.2.0"])
def test_versions_that_are_known_are_read_without_a_word(version):
    imported = read(document({"id": "a", "title": "A"}, metadata={"oscal-version": version}))
    assert imported.skipped == ()


@pytest.mark.parametrize("version", ["2.0.0", "", "new"])
def test_other_versions_are_read_and_doubted(version):
    imported = read(document({"id": "a", "title": "A"}, metadata={"oscal-version": version, "version": 3}))
    assert made(imported).version == "3"
    assert len(imported.skipped) == 1


FAULTS = {
    "not a catalogue": ('{"catalogue": {}}', "is no OSCAL catalog: it does not begin with “catalog”", 1),
    "a profile": ('{"profile": {}}', "holds an OSCAL profile, not a catalog", 0),
    "a plan": ('{"system-security-plan": {}}', "holds an OSCAL system-security-plan, which is no standard", 0),
    "a list": ("[]", "is no OSCAL catalog: it does not begin with “catalog”", 1),
    "no controls": ('{"catalog": {"metadata": {"title": "T"}}}', "holds no controls", 0),
    "only headings": ('{"catalog": {"groups": [{"id": "a", "title": "A"}]}}', "holds no assessable control", 0),
    "no id": ('{"catalog": {"controls": [\n{"title": "A"}]}}', "a control has no “id”", 2),
    "id twice": ('{"catalog": {"controls": [{"id": "a"},\n{"id": "b"},\n{"id": "a"}]}}', "the id a is used twice", 3),
    "controls not a list": ('{"catalog":\n{"controls": {}}}', "“controls” is not a list of groups “[{…}]”", 2),
    "title not a text": ('{"catalog": {"controls": [{"id": "a",\n"title": []}]}}', "“title” is not a text", 2),
    "a null": (
        '{"catalog": {"controls": [{"id": "a",\n"parts": [null]}]}}',
        "“parts” is not a list of groups “[{…}]”",
        2,
    ),
}


@pytest.mark.parametrize("name", FAULTS)
def test_what_is_no_catalogue_is_refused_where_it_goes_wrong(name):
    text, sentence, line = FAULTS[name]
    with pytest.raises(Refused, match=re.escape(sentence)) as refused:
        read(text)
    (problem,) = refused.value.problems
    assert problem.sentence.startswith(sentence)
    assert problem.location is not None and problem.location.line == line
    assert problem.hint


def test_too_many_levels_are_refused():
    control: dict[str, Any] = {"id": "c0", "title": "Last"}
    for number in range(1, 12):
        control = {"id": f"c{number}", "title": "Above", "controls": [control]}
    with pytest.raises(Refused, match="more than 9 deep"):
        read(document(control))


@pytest.mark.skipif(not NIST.exists(), reason="NIST's catalogue is not here")
def test_the_catalogue_of_nist_is_read_whole():
    data = NIST.read_bytes()
    imported = oscal_catalog.read(data, NIST.name, Options(id="nist-800-53"))
    catalogue = made(imported)
    raw = json.loads(data)["catalog"]
    flat = [
        control for group in raw["groups"] for top in group["controls"] for control in (top, *top.get("controls", ()))
    ]
    withdrawn = [one for one in flat if any(prop["value"] == "withdrawn" for prop in one["props"])]
    labels = {next(prop["value"] for prop in one["props"] if prop["name"] == "label") for one in flat}
    groups = len(raw["groups"])
    nodes = [node.control for node in walk(catalogue)]
    assert (len(raw["groups"]), len(flat), len(withdrawn)) == (20, 1189, 182)
    assert imported.rows == len(nodes) == groups + len(flat)
    assert sum(one.assessable for one in nodes) == len(flat) - len(withdrawn)
    assert {one.id for one in nodes} - labels == {group["id"] for group in raw["groups"]}
    assert sum("withdrawn" in one.why for one in imported.skipped) == len(withdrawn)
    assert not any("{{" in one.summary for one in nodes)
    assert sum(bool(one.summary) for one in nodes) == data.count(b'"name": "statement"')
    assert sum(one.name == "guidance" for one in imported.kept) == data.count(b'"name": "guidance"')
