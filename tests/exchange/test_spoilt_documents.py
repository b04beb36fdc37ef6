"""Documents of other programs with one value of another shape: each is read, or refused with one place and a hint."""

from __future__ import annotations

import copy
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

from compliance.domain.standards.catalogue import Catalogue, Control
from compliance.domain.standards.expectations import Every, Expectation
from compliance.domain.terms.durations import Duration
from compliance.exchange.options import Options
from compliance.exchange.registry import format_named, read
from compliance.operations.standards.importing import account, with_relations
from compliance.problems import Refused
from compliance.store.catalogues.catalogue_text import render_catalogue
from compliance.store.catalogues.catalogues import parse_catalogue

PROP = {"name": "label", "ns": "urn:x", "value": "AC-1", "class": "long", "uuid": "u-p", "remarks": "why"}
SHORT = {"name": "status"}
LINK = {"href": "#ac-2", "rel": "related", "text": "see", "media-type": "text/html"}
PART = {
    "id": "ac-1_smt",
    "name": "statement",
    "title": "Statement",
    "class": "main",
    "ns": "urn:x",
    "prose": "Do {{ insert: param, p-1 }} and {{ insert: param, p-2 }}.",
    "props": [SHORT],
    "parts": [{"name": "item", "prose": "First."}],
}
PARAMS = [
    {
        "id": "p-1",
        "class": "c",
        "label": "how often",
        "usage": "u",
        "values": ["monthly"],
        "constraints": [{"description": "at most a year", "tests": [{"expression": "x", "remarks": "r"}]}],
        "guidelines": [{"prose": "g"}],
    },
    {"id": "p-2", "select": {"how-many": "one-or-more", "choice": ["a", "{{ insert: param, p-1 }}"]}},
]
CATALOG = {
    "catalog": {
        "uuid": "u-1",
        "metadata": {
            "title": "Town controls: the long title",
            "version": "3",
            "oscal-version": "1.1.2",
            "last-modified": "2026-01-01T00:00:00Z",
            "props": [{"name": "license", "value": "OGL 3.0"}],
            "links": [{"href": "https://example.org", "rel": "license", "text": "OGL"}],
            "roles": [{"id": "publisher", "title": "Publisher"}],
            "parties": [{"uuid": "u-2", "type": "organization", "name": "Town", "email-addresses": ["a@example.org"]}],
            "responsible-parties": [{"role-id": "publisher", "party-uuids": ["u-2"]}],
            "revisions": [{"title": "First", "version": "2"}],
            "remarks": "none",
        },
        "params": [{"id": "p-3", "value": "here"}],
        "groups": [
            {
                "id": "ac",
                "class": "family",
                "title": "Access",
                "props": [SHORT],
                "controls": [
                    {
                        "id": "ac-1",
                        "class": "c",
                        "title": "Policy",
                        "params": PARAMS,
                        "props": [PROP, {"name": "sort-id", "value": "01"}],
                        "links": [LINK],
                        "parts": [PART],
                        "controls": [
                            {"id": "ac-1.1", "title": "More", "links": [{"href": "#ac-1", "rel": "required"}]}
                        ],
                    },
                    {
                        "id": "ac-2",
                        "title": "Gone",
                        "props": [{"name": "status", "value": "withdrawn"}],
                        "links": [{"href": "#ac-1", "rel": "moved-to"}],
                    },
                ],
            }
        ],
        "back-matter": {
            "resources": [
                {
                    "uuid": "u-3",
                    "title": "Book",
                    "description": "d",
                    "citation": {"text": "Book, 2026"},
                    "rlinks": [{"href": "book.pdf", "media-type": "application/pdf", "hashes": [{"value": "x"}]}],
                    "document-ids": [{"scheme": "s", "identifier": "i"}],
                    "base64": {"filename": "f", "value": "aaaa"},
                }
            ]
        },
    }
}
PROFILE = {
    "profile": {
        "uuid": "u-9",
        "metadata": {"title": "Town controls low", "version": "1", "oscal-version": "1.1.2"},
        "imports": [
            {
                "href": "#u-7",
                "include-controls": [
                    {"with-child-controls": "yes", "with-ids": ["ac-1"], "matching": [{"pattern": "ac-*"}]}
                ],
                "exclude-controls": [{"with-ids": ["ac-2"]}],
            }
        ],
        "merge": {"combine": {"method": "keep"}, "as-is": True, "custom": {"groups": [{"id": "g"}]}},
        "modify": {
            "set-parameters": [{"param-id": "p-1", "values": ["weekly"], "props": [SHORT], "constraints": [{}]}],
            "alters": [
                {
                    "control-id": "ac-1",
                    "removes": [{"by-name": "guidance"}, {"by-item-name": "link", "by-class": "x"}],
                    "adds": [
                        {"position": "after", "by-id": "ac-1_smt", "title": "T", "parts": [SHORT], "props": [SHORT]},
                        {"position": "starting", "params": [{"id": "p-9", "label": "l"}], "links": [{"href": "#ac-2"}]},
                    ],
                }
            ],
        },
        "back-matter": {"resources": [{"uuid": "u-7", "rlinks": [{"href": "catalog.json", "media-type": "json"}]}]},
    }
}
LIBRARY = {
    "urn": "urn:example:risk:library:town",
    "ref_id": "town",
    "name": "Town",
    "version": 1,
    "provider": "Town",
    "copyright": "OGL",
    "objects": {
        "framework": {
            "urn": "urn:example:risk:framework:town",
            "ref_id": "town",
            "name": "Town framework",
            "implementation_groups_definition": [{"ref_id": "low", "name": "Low"}],
            "requirement_nodes": [
                {"urn": "urn:example:risk:req_node:town:a", "ref_id": "A", "name": "Doors", "assessable": False},
                {
                    "urn": "urn:example:risk:req_node:town:a.1",
                    "parent_urn": "urn:example:risk:req_node:town:a",
                    "ref_id": "A.1",
                    "depth": 2,
                    "name": "Locks",
                    "description": "Lock doors.",
                    "assessable": True,
                    "implementation_groups": ["low"],
                    "typical_evidence": "A list",
                    "questions": {"q": {"type": "text", "choices": [{"urn": "u", "value": "Yes"}]}},
                },
            ],
        },
        "threats": [{"urn": "urn:t", "ref_id": "T", "name": "Thieves"}],
        "requirement_mapping_sets": [
            {
                "urn": "urn:set",
                "ref_id": "set",
                "source_framework_urn": "urn:example:risk:framework:town",
                "target_framework_urn": "urn:example:risk:framework:city",
                "requirement_mappings": [
                    {
                        "source_requirement_urn": "urn:example:risk:req_node:town:a.1",
                        "target_requirement_urn": "urn:example:risk:req_node:city:b",
                        "relationship": "subset",
                    }
                ],
            }
        ],
    },
}
STANDARD = {
    "name": "Town",
    "version": "1",
    "license": "OGL",
    "AC-1": {"family": "AC", "name": "Doors", "description": "Shut doors.", "more": {"a": ["b"]}},
}
CERTIFICATION = {"name": "Low", "standards": {"Town": {"AC-1": {}, "AC-2": {"why": "x"}}}}
COMPLY = {"name": "TSC", "majorVersion": 1, "CC1.1": {"family": "CC", "name": "Values", "description": "Have values."}}
OTHERS: tuple[Any, ...] = (None, True, 7, "text", ["text"], [[]], {"a": []}, [{}])
"""Values of every shape, one of which takes the place of a value."""


def ways(value: Any, way: tuple[str | int, ...] = ()) -> Iterator[tuple[str | int, ...]]:
    """The way to every value in a document."""
    yield way
    below = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, each in below:
        yield from ways(each, (*way, key))


def spoilt(document: Any) -> Iterator[tuple[str, Any]]:
    """The document with one value dropped, replaced by one of another shape, or laid within a list or group."""
    for way in ways(document):
        if not way:
            yield from ((f"root: {other!r}", other) for other in OTHERS)
            continue
        *above, key = way
        old = document
        for step in way:
            old = old[step]
        for what, other in [("dropped", None), *((repr(each), each) for each in (*OTHERS, [old], {"x": old}))]:
            changed = copy.deepcopy(document)
            group = changed
            for step in above:
                group = group[step]
            if what == "dropped":
                del group[key]
            else:
                group[key] = copy.deepcopy(other)
            yield f"{'/'.join(map(str, way))}: {what}", changed


def exported() -> Any:
    """A catalogue that was exported from here, with fields in a namespace of ours."""
    look = Expectation(id="look", rule=Every(Duration(3)), what="A look")
    one = Control(id="1", title="One", assessable=True, summary="Look.", expects=(look,))
    catalogue = Catalogue(id="town", version="2", title="Town", short="T", publisher="T", controls=(one,))
    return json.loads(format_named("oscal-catalog").write(catalogue))


EXPORTED = exported()


def taken_in(kind: str, document: Any, path: Path, options: Options) -> None:
    """Reads a document as the file of that name, and writes what a workspace would get of it."""
    write = json.dumps if kind.startswith("oscal") else lambda value: yaml.safe_dump(value, sort_keys=False)
    data = write(document).encode("utf-8", "surrogatepass")
    imported = read(format_named(kind), data, str(path), options)
    if imported.catalogue:
        catalogue, _ = with_relations(imported.catalogue, imported.relations)
        parse_catalogue(render_catalogue(catalogue), "made.yaml")
        account(imported, catalogue, path.name)


@pytest.mark.parametrize(
    ("kind", "document"),
    [
        ("oscal-catalog", CATALOG),
        ("oscal-catalog", EXPORTED),
        ("oscal-profile", PROFILE),
        ("ciso-assistant", LIBRARY),
        ("opencontrol", STANDARD),
        ("opencontrol", CERTIFICATION),
        ("comply", COMPLY),
    ],
    ids=["catalog", "exported", "profile", "library", "standard", "certification", "comply"],
)
def test_no_shape_of_a_document_does_more_than_be_refused(tmp_path: Path, kind, document):
    path = tmp_path / ("town.json" if kind.startswith("oscal") else "town.yaml")
    (tmp_path / "catalog.json").write_text(json.dumps(CATALOG))
    options = Options(with_text=document is not EXPORTED)
    taken_in(kind, document, path, options)
    for what, changed in spoilt(document):
        try:
            taken_in(kind, changed, path, options)
        except Refused as refused:
            for problem in refused.problems:
                assert problem.sentence and problem.hint and problem.location, (what, problem)
        except Exception as error:
            raise AssertionError(f"{what}: {error!r}") from error
