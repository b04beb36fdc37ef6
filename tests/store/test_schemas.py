"""The JSON Schemas say of a file what the decoder says of it."""

from __future__ import annotations

import copy
import json
import re
import subprocess
import tomllib
from pathlib import Path
from typing import Any

import jsonschema
import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from compliance.domain.ledger.roles import Role, role_of
from compliance.domain.registers.parts.registry import REGISTERS
from compliance.ledger.assembly.readings import READ
from compliance.store.catalogues import overlays
from compliance.store.catalogues.catalogues import parse_catalogue
from compliance.store.catalogues.overlays import apply_overlay
from compliance.store.catalogues.schemas import kinds, schema_of
from compliance.store.catalogues.schemas import written as written_schema
from compliance.store.records.configuration import parse_configuration
from compliance.store.records.records import front_matter, parse_record
from compliance.store.records.rules import parse_rules
from compliance.workspace.shipped import shipped_catalogues

TOP = Path(__file__).parents[2]
OF_ROLE = {
    Role.CONFIGURATION: "configuration",
    Role.CATALOGUE: "catalogue",
    Role.OVERLAY: "overlay",
    Role.RECORD: "record",
    Role.RULES: "rules",
    Role.MARKDOWN: "front-matter",
} | {register: register.word for register in REGISTERS}
NOT_YAML = {Role.SERIES}
"""Tables, which no schema describes."""
VALIDATORS = {kind: jsonschema.Draft202012Validator(schema_of(kind)) for kind in kinds()}


class AsEditorsDo(yaml.CSafeLoader):
    """YAML 1.2 as editors read it: numbers, true, false and null; no days, and no truth in `on` and `yes`."""


AsEditorsDo.yaml_implicit_resolvers = {}
for _tag, _pattern, _first in (
    ("bool", r"true|True|TRUE|false|False|FALSE", "tTfF"),
    ("int", r"[-+]?[0-9]+", "-+0123456789"),
    ("float", r"[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?", "-+.0123456789"),
    ("null", r"~|null|Null|NULL|", ["~", "n", "N", ""]),
):
    AsEditorsDo.add_implicit_resolver(f"tag:yaml.org,2002:{_tag}", re.compile(f"^(?:{_pattern})$"), list(_first))


def read(path: str, data: bytes) -> Any:
    """What a file holds, as an editor sees it."""
    if path.endswith(".toml"):
        return json.loads(json.dumps(tomllib.loads(data.decode()), default=str))
    if path.endswith((".md", ".markdown")):
        return yaml.load(front_matter(data) or b"{}", AsEditorsDo)
    return yaml.load(data, AsEditorsDo)


def faults(kind: str, value: Any) -> list[str]:
    worst = jsonschema.exceptions.best_match(VALIDATORS[kind].iter_errors(value))
    return [f"{worst.json_path}: {worst.message[-200:]}"] if worst else []


def in_workspace(top: Path):
    """Every committed file that has a schema, by its path and kind."""
    done = subprocess.run(["git", "ls-files", "-z"], cwd=top, check=True, capture_output=True)
    for path in done.stdout.decode().split("\0"):
        kind = OF_ROLE.get(role_of(path))
        if kind and (top / path).is_file():
            yield path, kind


@pytest.mark.parametrize("kind", list(kinds()))
def test_is_a_schema_and_lies_in_the_documentation_as_it_is_printed(kind):
    jsonschema.Draft202012Validator.check_schema(schema_of(kind))
    file = TOP / "docs" / "schemas" / f"{kind}.schema.json"
    assert file.read_text(encoding="utf-8") == written_schema(kind), (
        "make it anew: compliance standards schema -o docs/schemas"
    )


def test_the_overlay_has_every_field_that_is_read():
    schema = schema_of("overlay")
    assert schema["properties"].keys() == set(overlays.TOP)
    assert schema["$defs"]["changed-control"]["properties"].keys() == set(overlays.OF_CONTROL)


def test_everything_that_is_read_has_one_and_no_more_lie_there():
    assert READ - NOT_YAML | {Role.OVERLAY} == OF_ROLE.keys()
    assert set(OF_ROLE.values()) == kinds().keys()
    there = {file.name for file in (TOP / "docs" / "schemas").glob("*.json")}
    assert there == {f"{kind}.schema.json" for kind in kinds()}


@pytest.mark.parametrize("name", sorted(shipped_catalogues()))
def test_takes_every_catalogue_that_ships(name):
    assert faults("catalogue", read(name, shipped_catalogues()[name])) == []


def test_takes_every_file_of_this_project(tmp_path):
    found = list(in_workspace(TOP))
    assert {kind for _, kind in found} >= {"catalogue", "record", "configuration"}
    assert {path: wrong for path, kind in found if (wrong := faults(kind, read(path, (TOP / path).read_bytes())))} == {}


def test_takes_every_file_of_the_demonstration(demo):
    top = demo.directory
    found = list(in_workspace(top))
    assert {kind for _, kind in found} >= {"catalogue", "overlay", "record", "rules", "configuration", "accreditation"}
    assert {path: wrong for path, kind in found if (wrong := faults(kind, read(path, (top / path).read_bytes())))} == {}


CATALOGUE = """
id: pool
version: 1
title: Rules for the pool
short: Pool
publisher: Nobody (invented)
profiles: [{id: small, title: Small}]
events: [{id: change, title: A change}]
scheme: {term: 1 year, events: [{id: audit, title: Audit, before: expiry, lead: 20 working days}]}
controls:
  - id: "1"
    title: All
    controls:
      - id: "1.1"
        title: One
        assessable: true
        revision: 2
        profiles: [small]
        first-due: 2026-04-01
        expects:
          - {id: a, kind: record, each: half-year, anchored: true, basis: mandated, what: A}
          - {id: b, kind: [plan, report], every: unset, set-by: analysis, need: required, source: Page 1}
          - {id: g, every: 3 months, grace: 3 days}
          - {id: c, on: change, within: 30 days, per: supplier}
          - {id: h, on: change, before: 3 months}
          - {id: d, any-of: [{id: e, once: true}, {id: f, max-age: 12m}]}
        related: [{to: "iso27001:A.8.8", type: intersects, source: ours}]
"""
OVERLAY = """
overlay: pool@1
controls:
  - {id: "1.1", local-id: X-1, title: Mine, expects: [{id: b, every: 6 months, because: B}, {id: n, once: true}]}
"""
RECORD = """
id: E-7K2M9QXT
title: A scan
kind: scan
result: pass
date: 2026-09-30
period: 2026-07-01/2026-09-30
valid-until: 2027-01-01
controls: ["pool:1.1#a"]
scope: all
per: {supplier: Acme}
size: 12
withdrawn: {by: A, on: 2026-10-01, reason: R, as: invalid}
decisions: [{decision: approved, by: A, on: 2026-10-01, parts: {bytes: abc}}]
"""
RULES = """
rules:
  - {match: "logs/**", besides: ["*.tmp"], kind: record, date: git, first: counts, controls: ["pool:1.1"]}
  - {match: [a, b], date: name, name-pattern: "s-{day}{month}{year}", per: {site: Hall}}
"""
CONFIGURATION = {
    "format": 1,
    "organisation": "Fernleigh",
    "horizon": "60 days",
    "scopes": [{"id": "all", "suppliers": ["Acme"], "start": "2026-01-01"}],
    "standards": [{"standard": "pool@1", "since": "2026-01-01"}],
    "review": {"kinds": ["policy"], "approver-may-be-recorder": True},
    "evidence": {"roots": ["evidence"], "size-limit": 1000},
    "retention": {"scan": "3 years"},
}
WELL = {
    "catalogue": yaml.load(CATALOGUE, AsEditorsDo),
    "overlay": yaml.load(OVERLAY, AsEditorsDo),
    "record": yaml.load(RECORD, AsEditorsDo),
    "rules": yaml.load(RULES, AsEditorsDo),
    "configuration": CONFIGURATION,
}
POOL = parse_catalogue(CATALOGUE.encode(), "pool@1.yaml").value
ODD: list[Any] = [
    "", "x", "scan", "name", "2026-13-45", "2026-9-30", "12 months", "3 moons", "1d", "2026-01-01/2026-02-01",
    True, False,
    "yes", 0, 7, -1, 1.5, [], {}, ["x"], {"x": "y"}, {"id": "x"}, [{"id": "x"}], [[]], "E-7K2M9QXT", "unset",
    "pool:1.1", {"id": "x", "title": "X"},
]  # fmt: skip
SECOND_LOOK = (
    "there is no", "is used twice", "two expectations called", "leaves no choice", "expects nothing that binds",
    "expects evidence, but is a heading", "is listed twice", "has no controls", "comes before itself",
    "no scope is listed", "succeeds itself", "and it starts on",
    "a day before it is valid from", "among its own parents", "ends before it begins", "names no version",
    "lets no file through", "leaves the rule's folder", "placeholder", "name pattern", "cannot count working days",
    "supersedes itself", "no folder inside", "needs the analysis", "mandated", "has no control", "changes", "basis of",
    "is not a kind", "no file in the record", "before", "century", "both", "digits only", "neither", "has no event",
    "is no text", "has no effect", "is required, and", "cannot be required", "needs the reason", "added by an overlay",
    "cannot be changed", "required by the standard",
)  # fmt: skip
"""What only a look at the whole file, or at the calendar, can tell."""


def problems(kind: str, value: Any) -> list[str]:
    """What the decoder says of a value, written as YAML or TOML would hold it."""
    data = json.dumps(value, ensure_ascii=False).encode()
    match kind:
        case "catalogue":
            return [one.sentence for one in parse_catalogue(data, "x").problems]
        case "overlay":
            return [one.sentence for one in apply_overlay(data, "x", lambda _: POOL)[1]]
        case "record":
            return [one.sentence for one in parse_record(data, "x").problems]
        case "rules":
            return [one.sentence for one in parse_rules(data, "x").problems]
        case _:
            return [one.sentence for one in parse_configuration(as_toml(value).encode(), "x").problems]


def as_toml(value: dict[str, Any]) -> str:
    """A value as TOML, all of it in line."""

    def inline(inner: Any) -> str:
        if isinstance(inner, dict):
            return "{" + ", ".join(f"{json.dumps(key)} = {inline(below)}" for key, below in inner.items()) + "}"
        if isinstance(inner, list):
            return "[" + ", ".join(inline(below) for below in inner) + "]"
        return json.dumps(inner)

    return "".join(f"{json.dumps(key)} = {inline(below)}\n" for key, below in value.items())


def ways(value: Any, way: tuple[Any, ...] = ()):
    """Every way into a value."""
    if isinstance(value, dict | list):
        for key, below in value.items() if isinstance(value, dict) else enumerate(value):
            yield (*way, key)
            yield from ways(below, (*way, key))


@st.composite
def spoilt(draw, kind: str):
    """A file in order, with one thing in it changed, taken away, or put in."""
    value = copy.deepcopy(WELL[kind])
    way = draw(st.sampled_from(list(ways(value))))
    inside = value
    for key in way[:-1]:
        inside = inside[key]
    deed = draw(st.sampled_from(["change", "remove", "add", "alone"]))
    if deed == "change":
        inside[way[-1]] = draw(st.sampled_from(ODD))
    elif deed == "alone" and isinstance(inside[way[-1]], list) and inside[way[-1]]:
        inside[way[-1]] = inside[way[-1]][0]
    elif deed == "remove":
        del inside[way[-1]]
    elif isinstance(inside, dict):
        inside[
            draw(
                st.sampled_from(
                    [
                        "x",
                        "id",
                        "titel",
                        "over",
                        "once",
                        "grace",
                        "set-by",
                        "need",
                        "before",
                        "max-age",
                        "changed-by-overlay",
                    ]
                )
            )
        ] = draw(st.sampled_from(ODD))
    else:
        inside.append(draw(st.sampled_from(ODD)))
    return value


@pytest.mark.parametrize("kind", WELL)
def test_the_files_to_be_spoilt_are_in_order(kind):
    assert faults(kind, WELL[kind]) == []
    assert problems(kind, WELL[kind]) == []


@pytest.mark.parametrize("kind", WELL)
@given(st.data())
def test_the_schema_refuses_what_the_decoder_refuses_and_nothing_else(kind, data):
    value = data.draw(spoilt(kind))
    wrong, said = faults(kind, value), problems(kind, value)
    if wrong:
        assert said, f"only the schema refuses {wrong}"
    elif said:
        assert all(any(word in sentence for word in SECOND_LOOK) for sentence in said), said
