"""OSCAL profiles select from a catalogue that lies beside them or is named, and never from the network."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from compliance.domain.standards.catalogue import walk
from compliance.exchange.formats import oscal_profile
from compliance.exchange.imported import Imported
from compliance.exchange.options import Options
from compliance.problems import Refused
from compliance.store.catalogues.catalogue_text import render_catalogue
from compliance.store.catalogues.catalogues import parse_catalogue

from ..builders.refusals import refusal_of

DATA = Path("/work/shared/data/oscal")
METADATA = {"title": "Town controls", "version": "2", "oscal-version": "1.1.2"}
CATALOG = {
    "catalog": {
        "uuid": "c",
        "metadata": METADATA,
        "groups": [
            {
                "id": "g",
                "title": "G",
                "controls": [
                    {
                        "id": "a-1",
                        "title": "A1",
                        "params": [{"id": "p", "label": "how often"}],
                        "parts": [
                            {"id": "s", "name": "statement", "prose": "Do it {{ insert: param, p }}."},
                            {"id": "q", "name": "guidance", "prose": "Ask."},
                        ],
                        "controls": [
                            {"id": "a-1.1", "title": "A11", "controls": [{"id": "a-1.1.1", "title": "A111"}]},
                            {"id": "a-1.2", "title": "A12"},
                        ],
                    },
                    {"id": "b-1", "title": "B1"},
                    {"id": "b-2", "title": "B2", "props": [{"name": "status", "value": "withdrawn"}]},
                ],
            }
        ],
    }
}


def profile(*imports: Any, title: str = "Town controls LOW", **more: Any) -> dict[str, Any]:
    return {"profile": {"uuid": "p", "metadata": METADATA | {"title": title}, "imports": list(imports), **more}}


def put(folder: Path, **files: Any) -> None:
    for name, value in files.items():
        (folder / f"{name}.json").write_text(json.dumps(value))


def read(folder: Path, name: str = "low", **options: Any) -> Imported:
    file = folder / f"{name}.json"
    return oscal_profile.read(file.read_bytes(), str(file), Options(**options))


def chosen(imported: Imported) -> list[str]:
    catalogue = imported.catalogue
    assert catalogue is not None
    parsed = parse_catalogue(render_catalogue(catalogue), "made.yaml")
    assert (parsed.value, parsed.problems) == (catalogue, ())
    (one,) = catalogue.profiles
    assert catalogue.default_profile == one.id
    return [node.control.id for node in walk(catalogue) if one.id in (node.control.profiles or ())]


EVERY = ["a-1", "a-1.1", "a-1.1.1", "a-1.2", "b-1"]
SELECTIONS = {
    "nothing said": ({}, EVERY),
    "everything": ({"include-all": {}}, EVERY),
    "ids": ({"include-controls": [{"with-ids": ["a-1.2", "b-1"]}]}, ["a-1.2", "b-1"]),
    "children": ({"include-controls": [{"with-ids": ["a-1"], "with-child-controls": "yes"}]}, EVERY[:4]),
    "no children": ({"include-controls": [{"with-ids": ["a-1"], "with-child-controls": "no"}]}, ["a-1"]),
    "pattern": ({"include-controls": [{"matching": [{"pattern": "a-1.?"}]}]}, ["a-1.1", "a-1.2"]),
    "less": ({"include-all": {}, "exclude-controls": [{"with-ids": ["a-1.1"]}]}, ["a-1", "a-1.1.1", "a-1.2", "b-1"]),
    "less below": (
        {"exclude-controls": [{"with-ids": ["a-1.1"], "with-child-controls": "yes"}]},
        ["a-1", "a-1.2", "b-1"],
    ),
}


@pytest.mark.parametrize("name", SELECTIONS)
def test_a_profile_selects(tmp_path, name):
    words, expected = SELECTIONS[name]
    put(tmp_path, catalog=CATALOG, low=profile({"href": "https://example.org/x/catalog.json#y", **words}))
    imported = read(tmp_path)
    assert chosen(imported) == expected
    assert imported.catalogue is not None
    assert [(one.id, one.title) for one in imported.catalogue.profiles] == [("low", "Town controls LOW")]
    assert imported.catalogue.id == "town-controls"
    assert imported.notes == ("Selects from catalog.json: Town controls, version 2",)


def test_ids_that_name_nothing_are_said(tmp_path):
    words = {"include-controls": [{"with-ids": ["a-1", "zz"], "matching": [{"pattern": "q*"}]}]}
    put(tmp_path, catalog=CATALOG, low=profile({"href": "catalog.json", **words}))
    imported = read(tmp_path)
    assert chosen(imported) == ["a-1"]
    assert {"zz", "q*"} <= {one.what for one in imported.skipped}


def test_parameters_and_parts_are_changed_as_the_profile_says(tmp_path):
    modify = {
        "set-parameters": [{"param-id": "p", "values": ["weekly"]}, {"param-id": "none", "values": ["x"]}],
        "alters": [
            {
                "control-id": "a-1",
                "removes": [{"by-name": "guidance"}, {"by-id": "nowhere"}, {}],
                "adds": [
                    {"position": "after", "by-id": "s", "parts": [{"name": "note", "prose": "After."}]},
                    {"position": "starting", "parts": [{"name": "note", "title": "First", "prose": "Before."}]},
                    {"by-id": "s", "parts": [{"name": "item", "prose": "And more."}]},
                    {"by-id": "missing", "parts": []},
                    {"title": "Renamed"},
                ],
            },
            {"control-id": "none"},
        ],
    }
    put(tmp_path, catalog=CATALOG, low=profile({"href": "catalog.json"}, modify=modify))
    imported = read(tmp_path, with_text=True)
    assert imported.catalogue is not None
    control = imported.catalogue.controls[0].controls[0]
    assert (control.title, control.summary) == ("Renamed", "Do it weekly. And more.")
    kept = [(one.name, one.text) for one in imported.kept if one.control == "a-1"]
    assert kept == [("note: First", "Before."), ("note", "After.")]
    assert [one.what for one in imported.skipped][:5] == [
        "set-parameter none",
        "remove in a-1 (by-id nowhere)",
        "remove in a-1",
        "add to a-1 at missing",
        "alter none",
    ]


def test_profiles_that_select_from_profiles_are_followed(tmp_path):
    middle = profile({"href": "catalog.json", "include-controls": [{"with-ids": ["a-1", "b-1"]}]}, title="Middle")
    top = profile({"href": "middle.json", "include-controls": [{"with-ids": ["b-1", "a-1.1"]}]}, title="Top")
    put(tmp_path, catalog=CATALOG, middle=middle, low=top)
    imported = read(tmp_path)
    assert chosen(imported) == ["b-1"]
    assert "a-1.1" in {one.what for one in imported.skipped}


def test_the_catalogue_is_the_one_that_the_user_names(tmp_path):
    other = tmp_path / "elsewhere"
    other.mkdir()
    put(other, named=CATALOG)
    rlinks = [
        {"href": "a/b/c.xml", "media-type": "text/xml"},
        {"href": "a/b/named.json", "media-type": "application/json"},
    ]
    matter = {"resources": [{"uuid": "r", "rlinks": rlinks}]}
    put(tmp_path, low=profile({"href": "#r"}, **{"back-matter": matter}))
    with pytest.raises(Refused, match=r"selects from named\.json, which is not beside it") as refused:
        read(tmp_path)
    (problem,) = refused.value.problems
    assert problem.sentence == "selects from named.json, which is not beside it"
    assert problem.hint == "fetch it, and say where it lies with --catalog FILE"
    assert chosen(read(tmp_path, catalogs=(str(other / "named.json"),))) == EVERY
    (other / "named.json").rename(other / "renamed.json")
    assert chosen(read(tmp_path, catalogs=(str(other / "renamed.json"),))) == EVERY


def test_a_link_never_leads_out_of_the_folder(tmp_path):
    inner = tmp_path / "inner"
    inner.mkdir()
    put(tmp_path, catalog=CATALOG)
    for href in ("../catalog.json", "file:///etc/passwd", "..", "", "%2e%2e/catalog.json", "..%2fcatalog.json"):
        put(inner, low=profile({"href": href}))
        with pytest.raises(Refused, match="which is not beside it"):
            read(inner)


def refused(folder: Path, name: str = "low") -> str:
    (problem,) = refusal_of(read, folder, name)
    assert problem.hint and problem.location
    return problem.sentence


def test_circles_several_catalogues_and_empty_selections_are_refused(tmp_path):
    put(tmp_path, catalog=CATALOG, low=profile({"href": "b.json"}), b=profile({"href": "low.json"}))
    assert refused(tmp_path) == "the profiles select from each other in a circle: low.json → b.json → low.json"
    put(tmp_path, low=profile({"href": "low.json"}))
    assert refused(tmp_path) == "the profiles select from each other in a circle: low.json → low.json"
    put(tmp_path, other=CATALOG, low=profile({"href": "catalog.json"}, {"href": "other.json"}))
    assert refused(tmp_path) == "selects from several catalogues: catalog.json, other.json"
    put(tmp_path, low=profile({"href": "catalog.json", "include-controls": [{"with-ids": ["no"]}]}))
    assert refused(tmp_path) == "selects no control"
    put(tmp_path, low=profile())
    assert refused(tmp_path) == "selects from no catalogue"


def test_several_profiles_of_one_catalogue_are_profiles_of_it(tmp_path):
    low = profile({"href": "catalog.json", "include-controls": [{"with-ids": ["a-1"]}]})
    modify = {"set-parameters": [{"param-id": "p", "values": ["never"]}]}
    both = {"href": "catalog.json", "include-controls": [{"with-ids": ["a-1", "b-1"]}]}
    put(tmp_path, catalog=CATALOG, low=low, high=profile(both, title="Town controls HIGH", modify=modify))
    imported = read(tmp_path, beside=(str(tmp_path / "high.json"),), with_text=True)
    catalogue = imported.catalogue
    assert catalogue is not None
    assert ([one.id for one in catalogue.profiles], catalogue.default_profile) == (["low", "high"], "")
    found = {node.control.id: node.control.profiles for node in walk(catalogue) if node.control.profiles}
    assert found == {"a-1": ("low", "high"), "b-1": ("high",)}
    assert "never" not in catalogue.controls[0].controls[0].summary
    assert "“modify” of high.json" in {one.what for one in imported.skipped}


def test_further_profiles_must_be_of_the_same_catalogue_and_have_names_of_their_own(tmp_path):
    other = {"catalog": CATALOG["catalog"] | {"uuid": "other"}}
    put(
        tmp_path,
        catalog=CATALOG,
        other=other,
        low=profile({"href": "catalog.json"}),
        high=profile({"href": "other.json"}),
    )
    with pytest.raises(Refused, match=r"selects from other.json, and the first profile from catalog.json"):
        read(tmp_path, beside=(str(tmp_path / "high.json"),))
    with pytest.raises(Refused, match="two profiles come to the same name: low"):
        read(tmp_path, beside=(str(tmp_path / "low.json"),))


def test_a_profile_without_a_title_has_a_name_all_the_same(tmp_path):
    put(tmp_path, catalog=CATALOG, low=profile({"href": "catalog.json"}, title=" "))
    imported = read(tmp_path)
    assert chosen(imported) == EVERY
    assert imported.catalogue is not None
    assert imported.catalogue.default_profile == "profile"


@pytest.mark.skipif(not DATA.exists(), reason="NIST's files are not here")
def test_the_low_baseline_of_nist_selects_what_it_lists():
    file = DATA / "nist-sp800-53b-low-profile.json"
    catalog = DATA / "nist-sp800-53-rev5.0.1-catalog.json"
    imported = oscal_profile.read(file.read_bytes(), str(file), Options(catalogs=(str(catalog),)))
    (one,) = json.loads(file.read_bytes())["profile"]["imports"]
    listed = [name for names in one["include-controls"] for name in names["with-ids"]]
    assert len(chosen(imported)) == len(listed) == 149
    assert imported.catalogue is not None
    assert imported.catalogue.profiles[0].id == "low-impact-baseline"
