"""A catalogue written as OSCAL and read again is the same, and what is written keeps OSCAL's own rules."""

from __future__ import annotations

import json
import re
from pathlib import Path

import msgspec
import pytest
from hypothesis import given

from compliance.domain.standards.catalogue import Catalogue, Control, Relation, RelationType, walk
from compliance.domain.terms.references import Reference
from compliance.exchange.formats import oscal_catalog
from compliance.exchange.options import Options
from compliance.exchange.registry import format_named, format_of, read
from compliance.problems import Refused
from compliance.store.catalogues.catalogues import parse_catalogue

from ..store.test_catalogue_text import catalogues

STANDARDS = Path(__file__).parents[2] / "standards"
SHIPPED = [file for file in sorted(STANDARDS.rglob("*@*.yaml")) if not file.name.endswith(".overlay.yaml")]
TOKEN = re.compile(r"(\w(?<!\d))[\w.-]*")
VALUE = re.compile(r"\S(.*\S)?")
UUID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[45][0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}")


def shipped(file: Path) -> Catalogue:
    catalogue = parse_catalogue(file.read_bytes(), file.name).value
    assert catalogue is not None
    return catalogue


def nodes(value):
    """Every group of fields in a document, with the key it stands under."""
    if isinstance(value, dict):
        for key, below in value.items():
            for item in below if isinstance(below, list) else [below]:
                if isinstance(item, dict):
                    yield key, item
                    yield from nodes(item)


@pytest.mark.parametrize("file", SHIPPED, ids=lambda file: file.stem)
def test_nothing_of_a_shipped_catalogue_is_lost(file):
    catalogue = shipped(file)
    data = oscal_catalog.write(catalogue)
    assert format_of(data, "made.json") is format_named("oscal-catalog")
    imported = read(format_named("oscal-catalog"), data, "made.json", Options())
    assert imported.catalogue == catalogue
    assert (imported.kept, imported.skipped) == ((), ())
    assert imported.rows == sum(1 for _ in walk(catalogue))


@pytest.mark.parametrize("file", SHIPPED, ids=lambda file: file.stem)
def test_what_is_written_keeps_the_rules_of_oscal(file):
    document = json.loads(oscal_catalog.write(shipped(file)))
    assert list(document) == ["catalog"]
    assert {"title", "last-modified", "version", "oscal-version"} <= document["catalog"]["metadata"].keys()
    ids = []
    for key, node in nodes(document):
        ids += [node["id"]] if "id" in node else []
        if key == "props":
            assert VALUE.fullmatch(node["value"]) and TOKEN.fullmatch(node["name"])
        if key == "parts":
            assert TOKEN.fullmatch(node["name"])
        if key in {"groups", "controls"}:
            assert node["title"]
            assert not (node.get("groups") and node.get("controls"))
        if key == "controls":
            assert "groups" not in node and node["id"]
        if "uuid" in node:
            assert UUID.fullmatch(node["uuid"])
    assert len(set(ids)) == len(ids)
    assert all(TOKEN.fullmatch(one) for one in ids)
    links = [node["href"] for key, node in nodes(document) if key == "links"]
    assert {href[1:] for href in links} <= set(ids)


@given(catalogues())
def test_nothing_of_any_catalogue_is_lost(catalogue):
    imported = oscal_catalog.read(oscal_catalog.write(catalogue), "made.json", Options())
    assert imported.catalogue == catalogue


def test_the_same_catalogue_gives_the_same_bytes_and_another_one_another_uuid():
    catalogue = shipped(SHIPPED[0])
    assert oscal_catalog.write(catalogue) == oscal_catalog.write(catalogue)
    other = msgspec.structs.replace(catalogue, title="Another")
    uuids = {json.loads(oscal_catalog.write(one))["catalog"]["uuid"] for one in (catalogue, other)}
    assert len(uuids) == 2


def small(*controls: Control) -> Catalogue:
    return Catalogue(id="town", version="2", title="Town standard", short="Town", publisher="Town", controls=controls)


def test_other_programs_see_ids_statements_and_what_was_withdrawn():
    catalogue = small(
        Control(
            id="AC",
            title="Access",
            controls=(
                Control(id="AC-1", title="Policy", assessable=True, summary="A policy is kept."),
                Control(id="AC-1(2)", title="Old policy", superseded_by="AC-1"),
            ),
        )
    )
    (group,) = json.loads(oscal_catalog.write(catalogue))["catalog"]["groups"][:1]
    first, second = group["controls"]
    assert first["id"] == "ac-1"
    assert first["props"][0] == {"name": "label", "value": "AC-1"}
    assert first["parts"][0] == {"id": "ac-1_smt", "name": "statement", "prose": "A policy is kept."}
    assert second["id"] == "ac-1.2"
    assert {"name": "status", "value": "withdrawn"} in second["props"]
    assert second["links"] == [{"href": "#ac-1", "rel": "incorporated-into"}]


def test_what_others_add_to_the_document_is_kept():
    document = json.loads(oscal_catalog.write(small(Control(id="1", title="One", assessable=True))))
    control = document["catalog"]["controls"][0]
    control["parts"] = [*control.get("parts", ()), {"name": "guidance", "prose": "Ask the owner."}]
    control["params"] = [{"id": "p1", "label": "how often"}]
    imported = oscal_catalog.read(json.dumps(document).encode(), "made.json", Options(id="city"))
    assert imported.catalogue is not None and imported.catalogue.id == "city"
    assert [(one.control, one.name) for one in imported.kept] == [("1", "guidance"), ("1", "params")]
    assert imported.kept[0].text == "Ask the owner."


def test_relations_within_the_standard_follow_its_new_id():
    within = Relation(to=Reference("town", "2"), type=RelationType.EQUAL)
    without = Relation(to=Reference("city", "2"), type=RelationType.SUBSET)
    one = Control(id="1", title="One", assessable=True, related=(within, without))
    data = oscal_catalog.write(small(one, Control(id="2", title="Two", assessable=True)))
    catalogue = oscal_catalog.read(data, "made.json", Options(id="village")).catalogue
    assert catalogue is not None
    assert [str(relation.to) for relation in catalogue.controls[0].related] == ["village:2", "city:2"]


def test_a_value_spoilt_on_the_way_is_refused_at_its_control():
    catalogue = small(
        Control(id="1", title="One", assessable=True), Control(id="2", title="Two", assessable=True, revision=3)
    )
    text = oscal_catalog.write(catalogue).decode().replace('"value": "3"', '"value": "three"')
    with pytest.raises(Refused, match="“three” is not a whole number") as refused:
        oscal_catalog.read(text.encode(), "made.json", Options())
    (problem,) = refused.value.problems
    assert problem.sentence == "“three” is not a whole number"
    assert problem.location is not None
    line = text.splitlines()[problem.location.line :]
    assert '"id": "c-2"' in line[0]
