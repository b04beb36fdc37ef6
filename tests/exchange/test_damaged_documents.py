"""Documents with several values damaged at once: each is read whole, or refused with a place and a hint."""

from __future__ import annotations

import copy
import json
import random
from pathlib import Path
from typing import Any

import pytest
import yaml

from compliance.exchange.options import Options
from compliance.exchange.registry import format_named, read
from compliance.problems import Refused

from .test_spoilt_documents import (
    CATALOG,
    CERTIFICATION,
    COMPLY,
    EXPORTED,
    LIBRARY,
    PROFILE,
    STANDARD,
    taken_in,
    ways,
)

TEXTS = (
    *("", " ", "\n", "a\nb", "#", "-", "(1)", "\x0b", "\u2028", "\ufeff", "null", "~", "1.10", "2026-01-01"),
    *("x" * 200, "x y " * 100, "9" * 500, "[a-z", "../x", "/", "a/b@c:d", "%2e%2e", "%00", "\ud83d\ude00"),
    *("ac-1", "#ac-1", "ac-1_smt", "p-1", "{{ insert: param, p-1 }}", "catalog.json", "town.json", "A.1"),
    *("related", "moved-to", "withdrawn", "status", "label", "after", "yes", "urn:compliance-evidence:oscal"),
    *("table", "fields", "text", "empty", "urn:example:risk:req_node:town:a"),
)
VALUES = (None, True, 7, -1, 2.5, 1e300, 10**30, [], {}, [[]], [{}], {"a": []}, ["text"], [None])
KEYS = ("parts", "props", "links", "params", "groups", "controls", "class", "ns", "id", "title", "prose", "urn", "name")


def damaged(document: Any, chance: random.Random) -> Any:
    """The document with up to five values dropped, replaced, moved, repeated, or put under another key."""
    document = copy.deepcopy(document)
    for _ in range(chance.choice((1, 2, 3, 5))):
        inner = [way for way in ways(document) if way]
        if not inner:
            break
        *above, key = chance.choice(inner)
        group = at(document, above)
        damage = chance.choice(("drop", "replace", "replace", "graft", "rename", "add"))
        if damage == "drop":
            del group[key]
        elif damage == "replace":
            group[key] = any_value(chance)
        elif damage == "graft":
            group[key] = copy.deepcopy(at(document, chance.choice(inner)))
        elif isinstance(group, list):
            group.insert(key, copy.deepcopy(group[key]) if damage == "rename" else any_value(chance))
        elif damage == "rename":
            group[chance.choice((*KEYS, *TEXTS))] = group.pop(key)
        else:
            group[chance.choice(KEYS)] = copy.deepcopy(group[key])
    return document


def at(document: Any, way: Any) -> Any:
    for step in way:
        document = document[step]
    return document


def any_value(chance: random.Random) -> Any:
    return copy.deepcopy(chance.choice(TEXTS if chance.random() < 0.6 else VALUES))


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
def test_damage_in_many_places_is_read_or_refused(tmp_path: Path, kind, document):
    (tmp_path / "catalog.json").write_text(json.dumps(CATALOG))
    path = tmp_path / ("town.json" if kind.startswith("oscal") else "town.yaml")
    chance = random.Random(f"{kind} {len(str(document))}")
    for number in range(200):
        changed = damaged(document, chance)
        try:
            taken_in(kind, changed, path, Options(with_text=document is not EXPORTED and number % 2 == 0))
        except Refused as refused:
            for problem in refused.problems:
                assert problem.sentence and problem.hint and problem.location, (changed, problem)
        except Exception as error:
            raise AssertionError(f"{json.dumps(changed)}: {error!r}") from error


@pytest.mark.parametrize(
    ("kind", "document"),
    [("oscal-catalog", CATALOG), ("oscal-profile", PROFILE), ("ciso-assistant", LIBRARY), ("opencontrol", STANDARD)],
    ids=["catalog", "profile", "library", "standard"],
)
def test_a_file_that_is_cut_off_or_altered_in_a_byte_is_read_or_refused(tmp_path: Path, kind, document):
    (tmp_path / "catalog.json").write_text(json.dumps(CATALOG))
    is_json = kind.startswith("oscal")
    data = (json.dumps(document, indent=1) if is_json else yaml.safe_dump(document, sort_keys=False)).encode()
    chance = random.Random(kind)
    for _ in range(150):
        place = chance.randrange(len(data))
        odd = chance.choice((b"", b"\0", b"\xff", b'"', b"\\", b"{", b"]", b"\n", b"\t", b"&a", b"*a", b"\xc3\xa9"))
        changed = data[:place] + odd + (data[place + 1 :] if chance.random() < 0.8 else b"")
        try:
            read(format_named(kind), changed, str(tmp_path / "town"), Options())
        except Refused as refused:
            assert all(problem.hint and problem.location for problem in refused.problems), (changed, refused)


def test_a_name_too_long_for_any_file_is_no_file_beside_the_profile(tmp_path: Path):
    profile = copy.deepcopy(PROFILE)
    profile["profile"]["imports"][0]["href"] = "x" * 300
    with pytest.raises(Refused, match="which is not beside it"):
        taken_in("oscal-profile", profile, tmp_path / "town.json", Options())


def test_what_others_lay_into_the_metadata_of_an_export_is_not_looked_into(tmp_path: Path):
    document = copy.deepcopy(EXPORTED)
    document["catalog"]["metadata"]["parts"] = [["text"], 7]
    taken_in("oscal-catalog", document, tmp_path / "town.json", Options())


def test_relations_within_a_catalogue_without_a_title_name_the_catalogue(tmp_path: Path):
    controls = [{"id": "a", "title": "A", "links": [{"href": "#b", "rel": "related"}]}, {"id": "b", "title": "B"}]
    data = json.dumps({"catalog": {"controls": controls}}).encode()
    catalogue = read(format_named("oscal-catalog"), data, "town.json", Options()).catalogue
    assert catalogue is not None and catalogue.id == "imported"
    assert [str(relation.to) for relation in catalogue.controls[0].related] == ["imported:b"]


def test_fields_that_no_profile_has_are_told_in_the_order_of_the_document(tmp_path: Path):
    (tmp_path / "catalog.json").write_text(json.dumps(CATALOG))
    profile = copy.deepcopy(PROFILE)
    names = [f"field-{letter}" for letter in "hbgaecfd"]
    profile["profile"] |= dict.fromkeys(names, "x")
    imported = read(format_named("oscal-profile"), json.dumps(profile).encode(), str(tmp_path / "town"), Options())
    unused = [entry.what for entry in imported.skipped if entry.what.startswith("the field “field-")]
    assert unused == [f"the field “{name}”" for name in names]
