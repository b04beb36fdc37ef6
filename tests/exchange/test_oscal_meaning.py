"""What OSCAL documents mean: what others get of an export, and what a profile selects and alters."""

from __future__ import annotations

import copy
import fnmatch
import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from compliance.domain.standards.catalogue import Catalogue, Control, walk
from compliance.exchange.formats import oscal_catalog
from compliance.exchange.options import Options
from compliance.exchange.oscal.alteration import alter
from compliance.exchange.oscal.document import controls_of
from compliance.exchange.oscal.export import ABOUT
from compliance.exchange.oscal.fields import NAMESPACE
from compliance.exchange.oscal.params import Parameters
from compliance.exchange.oscal.selection import control_ids, select_ids

from .test_oscal_export import SHIPPED, shipped


def without_our_fields(value: Any) -> Any:
    """A document as a program leaves it that keeps nothing in namespaces that it does not know."""
    if isinstance(value, dict):
        return {key: without_our_fields(below) for key, below in value.items()}
    if isinstance(value, list):
        known = [item for item in value if not isinstance(item, dict) or item.get("ns") != NAMESPACE]
        return [without_our_fields(item) for item in known if not isinstance(item, dict) or item.get("class") != ABOUT]
    return value


def read_as_foreign(catalogue: Catalogue) -> Catalogue:
    document = without_our_fields(json.loads(oscal_catalog.write(catalogue)))
    imported = oscal_catalog.read(json.dumps(document).encode(), "made.json", Options(with_text=True, id=catalogue.id))
    assert imported.catalogue is not None
    return imported.catalogue


def outline(catalogue: Catalogue) -> list[tuple[str, tuple[str, ...], str, str]]:
    """What OSCAL has fields for: each node's id, those above it, title and statement."""
    return [
        (node.control.id, node.parents, node.control.title, " ".join(node.control.summary.split()))
        for node in walk(catalogue)
    ]


@pytest.mark.parametrize("file", SHIPPED, ids=lambda file: file.stem)
def test_what_oscal_can_hold_outlives_a_program_that_drops_our_fields(file):
    catalogue = shipped(file)
    foreign = read_as_foreign(catalogue)
    assert outline(foreign) == outline(catalogue)
    assert (foreign.title, foreign.version, foreign.publisher) == (
        catalogue.title,
        catalogue.version,
        catalogue.publisher,
    )


IDS = st.from_regex(r"[A-Z]{1,2}-[1-9][0-9]?(\([1-9]\))?(\.[a-c])?", fullmatch=True)
LINES = st.text(st.characters(codec="ascii", exclude_categories=("Cc",)), min_size=1, max_size=30).map(str.strip)
TEXTS = LINES.filter(lambda text: text and "{{" not in text)


@st.composite
def small_catalogues(draw) -> Catalogue:
    """Headings and controls of which each has an id of its own, two levels deep."""
    ids = iter(draw(st.lists(IDS, unique_by=str.casefold, min_size=4, max_size=9)))
    controls: list[Control] = []
    for id_ in ids:
        below = tuple(
            Control(id=name, title=draw(TEXTS), assessable=draw(st.booleans()), summary=draw(TEXTS))
            for name, _ in zip(ids, range(draw(st.integers(0, 2))), strict=False)
        )
        controls.append(Control(id=id_, title=draw(TEXTS), assessable=not below, controls=below))
    last = Control(id="ZZ-99", title="Last", assessable=True)
    return Catalogue(id="town", version="1", title="Town", short="T", publisher="Town", controls=(*controls, last))


@given(small_catalogues())
def test_what_oscal_can_hold_of_any_catalogue_is_read_without_our_fields(catalogue):
    assert outline(read_as_foreign(catalogue)) == outline(catalogue)


NAMES = ("a", "a-1", "a-2", "b", "b-1")
TREE: dict[str, Any] = {
    "groups": [
        {
            "id": "g",
            "controls": [
                {"id": "a", "controls": [{"id": "a-1", "controls": [{"id": "a-2"}]}]},
                {"id": "b", "controls": [{"id": "b-1"}]},
            ],
        }
    ]
}
BELOW = {"a": {"a-1", "a-2"}, "a-1": {"a-2"}, "a-2": set(), "b": {"b-1"}, "b-1": set()}
CHOICES = st.lists(
    st.fixed_dictionaries(
        {},
        optional={
            "with-ids": st.lists(st.sampled_from((*NAMES, "g", "z")), max_size=3),
            "matching": st.lists(
                st.fixed_dictionaries({"pattern": st.sampled_from(("a*", "?", "*-1", "z*"))}), max_size=2
            ),
            "with-child-controls": st.sampled_from(("yes", "no", "Yes")),
        },
    ),
    max_size=2,
)


def chosen(choices: list[dict[str, Any]]) -> set[str]:
    """What the choices name, worked out name by name."""
    names = set()
    for choice in choices:
        patterns = [matching["pattern"] for matching in choice.get("matching", ())]
        for name in NAMES:
            above = {other for other in NAMES if name in BELOW[other]}
            candidates = {name} | (above if choice.get("with-child-controls", "no").casefold() == "yes" else set())
            by_name = candidates & set(choice.get("with-ids", ()))
            by_pattern = any(fnmatch.fnmatchcase(other, pattern) for other in candidates for pattern in patterns)
            if by_name or by_pattern:
                names.add(name)
    return names


@given(st.none() | CHOICES, CHOICES, st.booleans())
def test_a_profile_selects_what_it_names_with_what_lies_below_less_what_it_leaves_out(included, excluded, everything):
    selection: dict[str, Any] = {"exclude-controls": excluded}
    selection |= {} if included is None else {"include-controls": included}
    selection |= {"include-all": {}} if everything else {}
    ids, skipped = select_ids(TREE, selection, control_ids(TREE))
    wanted = set(NAMES) if everything or included is None else chosen(included)
    assert ids == wanted - chosen(excluded)
    lists = [*excluded, *(included if included and not everything else [])]
    lost = [name for choice in lists for name in choice.get("with-ids", ()) if name not in NAMES]
    assert sorted(entry.what for entry in skipped if entry.what in {"g", "z"}) == sorted(lost)


PARTS = st.lists(st.sampled_from(("one", "two", "three")), unique=True, min_size=1)


@given(PARTS, st.data(), st.sampled_from(("before", "after", "starting", "ending")))
def test_a_part_is_added_where_the_profile_says(names, data, position):
    target = data.draw(st.sampled_from(names))
    control = {"id": "a", "parts": [{"id": name, "name": "item"} for name in names]}
    fresh = {"id": "new", "name": "item"}
    add = {"position": position, "by-id": target, "parts": [fresh]}
    assert alter({"controls": [control]}, {"alters": [{"control-id": "a", "adds": [add]}]}) == []
    at = names.index(target)
    if position in {"before", "after"}:
        place = at + (position == "after")
        assert [part["id"] for part in control["parts"]] == [*names[:place], "new", *names[place:]]
    else:
        assert [part["id"] for part in control["parts"]] == names
        assert control["parts"][at]["parts"] == [fresh]


@given(st.lists(st.tuples(st.sampled_from("abc"), st.sampled_from("xy")), max_size=6), st.sampled_from("abc"))
def test_what_fits_every_criterion_is_removed_at_every_depth_and_nothing_else(entries, name):
    props = [{"name": name, "class": class_, "value": "v"} for name, class_ in entries]
    control = {"id": "a", "props": copy.deepcopy(props), "parts": [{"id": "p", "props": copy.deepcopy(props)}]}
    remove = {"by-name": name, "by-class": "x", "by-item-name": "prop"}
    skipped = alter({"controls": [control]}, {"alters": [{"control-id": "a", "removes": [remove]}]})
    stay = [prop for prop in props if (prop["name"], prop["class"]) != (name, "x")]
    assert control["props"] == stay and control["parts"] == [{"id": "p", "props": stay}]
    assert bool(skipped) is (len(stay) == len(props))


@given(st.lists(st.tuples(st.sampled_from("abcd"), st.lists(st.sampled_from("abcde"), max_size=3)), max_size=5))
def test_parameters_within_parameters_come_to_an_end_and_leave_no_insert(pairs):
    params = [
        {"id": name, "label": f"{name}: {' '.join(f'{{{{ insert: param, {other} }}}}' for other in others)}"}
        for name, others in dict(pairs).items()
    ]
    parameters = Parameters({"params": params})
    for name in "abcde":
        text = parameters.filled(f"Every {{{{ insert: param, {name} }}}}.")
        assert text.startswith("Every [") and "{{" not in text
    assert "e" in parameters.unknown


def test_the_tree_of_the_tests_is_the_one_that_is_walked():
    assert tuple(node["id"] for node, _, kind, _ in controls_of(TREE) if kind == "control") == NAMES
