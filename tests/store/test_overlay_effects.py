"""What holds of every overlay: it is an error, or each key of it changes the catalogue."""

from __future__ import annotations

import copy
import json
from collections.abc import Iterator
from typing import Any

import msgspec
from hypothesis import given
from hypothesis import strategies as st

from compliance.domain.standards.catalogue import Catalogue, walk
from compliance.store.catalogues.catalogues import parse_catalogue, with_controls
from compliance.store.catalogues.overlays import apply_overlay

REPORT = {"id": "report", "kind": ["report"], "max-age": "12 months", "what": "A report"}
LOOK = {"id": "look", "kind": ["record"], "every": "unset", "set-by": "an analysis", "what": "A look"}
ADVICE = {"id": "tip", "kind": ["record"], "max-age": "6 months", "basis": "advice", "what": "A tip"}
FIXED = {"id": "scan", "kind": ["scan"], "every": "3 months", "basis": "mandated", "source": "R", "what": "A scan"}
CHOICE = {
    "id": "choice",
    "any-of": [{"id": "test", "max-age": "1 year", "what": "A test"}, {"id": "drill", "once": True, "what": "A drill"}],
}
EXPECTED = (REPORT, LOOK, ADVICE, FIXED, CHOICE)
RULES = (
    {"max-age": "12 months"}, {"max-age": "3 months"}, {"every": "3 months"}, {"every": "3 months", "grace": "3 days"},
    {"every": "unset", "set-by": "an analysis"}, {"each": "quarter", "over": "1 year"}, {"once": True},
)  # fmt: skip
FIELDS: dict[str, tuple[Any, ...]] = {
    "kind": (["report"], ["record"], ["record", "report"]),
    "basis": ("organisation", "advice", "mandated"),
    "need": ("usual", "required"),
    "source": ("R", ""),
    "what": ("A report", "A look", "Ours"),
    "document": ("Ours", ""),
    "per": ("supplier",),
    "optional": (True, False),
    "because": ("The board said so", ""),
}


def catalogue_with(expectations: list[dict[str, Any]]) -> Catalogue:
    controls = [
        {"id": number, "title": "Doors", "summary": "Shut", "assessable": True, "expects": [REPORT, *expectations]}
        for number in ("1", "2")
    ]
    related = [{"to": "caf:B2.a", "type": "subset", "source": "ours"}]
    controls[0]["related"] = related
    written = {"id": "house", "version": "1", "title": "H", "short": "H", "publisher": "N", "controls": controls}
    catalogue = parse_catalogue(json.dumps(written).encode(), "house@1.yaml").value
    assert catalogue is not None
    return catalogue


@st.composite
def expectation_changes(draw: st.DrawFn) -> dict[str, Any]:
    fields = draw(st.lists(st.sampled_from(sorted(FIELDS)), max_size=3, unique=True))
    rule = draw(st.sampled_from(({}, *RULES)))
    name = draw(st.sampled_from([*(wanted["id"] for wanted in EXPECTED), "test"]))
    return {"id": name, **{key: draw(st.sampled_from(FIELDS[key])) for key in fields}, **rule}


def relations() -> st.SearchStrategy[dict[str, str]]:
    targets = st.sampled_from(("caf:B2.a", "caf:B2.b", "house:1", "house@1:2"))
    types = st.sampled_from(("subset", "equal"))
    return st.builds(lambda to, type_: {"to": to, "type": type_, "source": "ours"}, targets, types)


@st.composite
def control_changes(draw: st.DrawFn) -> dict[str, Any]:
    wanted = {
        "title": st.sampled_from(("Doors", "Gates")),
        "summary": st.sampled_from(("Shut", "")),
        "local-id": st.sampled_from(("H-1", "")),
        "expects": st.lists(expectation_changes(), max_size=2),
        "related": st.lists(relations(), max_size=2),
    }
    keys = draw(st.lists(st.sampled_from(sorted(wanted)), max_size=2, unique=True))
    return {"id": draw(st.sampled_from(("1", "2"))), **{key: draw(wanted[key]) for key in keys}}


def overlays() -> st.SearchStrategy[dict[str, Any]]:
    changes = st.lists(control_changes(), max_size=2)
    return changes.map(lambda controls: {"overlay": "house@1", "controls": controls})


def outcome(overlay: dict[str, Any], catalogue: Catalogue) -> tuple[Catalogue | None, list[str]]:
    """The catalogue with an overlay, without the notes that say what is changed; and what is wrong in the overlay."""
    changed, problems = apply_overlay(json.dumps(overlay).encode(), "house.overlay.yaml", lambda _: catalogue)
    if changed:
        controls = (entry.control for entry in walk(changed))
        bare = {control.id: msgspec.structs.replace(control, changed_by_overlay=()) for control in controls}
        changed = with_controls(changed, bare)
    return changed, [problem.sentence for problem in problems]


def with_one_key_less(overlay: dict[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    """The overlay without each thing that it says of a control or an expectation, with the name of what was taken."""

    def taken(path: tuple[str | int, ...]) -> dict[str, Any]:
        less = copy.deepcopy(overlay)
        inner: Any = less
        for step in path[:-1]:
            inner = inner[step]
        del inner[path[-1]]
        return less

    for number, control in enumerate(overlay["controls"]):
        where: tuple[str | int, ...] = ("controls", number)
        yield f"control {control['id']}", taken(where)
        for key in control.keys() - {"id"}:
            yield key, taken((*where, key))
        for key in control.keys() & {"expects", "related"}:
            for place, item in enumerate(control[key]):
                yield f"{key} {item}", taken((*where, key, place))
        for place, expectation in enumerate(control.get("expects", ())):
            for key in expectation.keys() - {"id"}:
                yield f"{key} of {expectation}", taken((*where, "expects", place, key))


@given(st.lists(st.sampled_from(EXPECTED[1:]), max_size=3, unique_by=lambda wanted: wanted["id"]), overlays())
def test_each_key_of_an_overlay_changes_the_catalogue_or_is_an_error(expectations, overlay):
    catalogue = catalogue_with(expectations)
    present = {"report", *(wanted["id"] for wanted in expectations)}
    changed, problems = outcome(overlay, catalogue)
    if problems:
        assert changed is None
        return
    assert changed not in (None, catalogue)
    for control in overlay["controls"]:
        # What an overlay adds is written in full, like an expectation of a catalogue: it may say what is the default.
        if any(expectation["id"] not in present for expectation in control.get("expects", ())):
            return
    for key, less in with_one_key_less(overlay):
        assert outcome(less, catalogue) != (changed, []), key


@given(overlays(), overlays())
def test_two_overlays_say_the_same_in_either_order(first, second):
    """What they make of the catalogue never depends on how the files are called."""

    def both(*pair: dict[str, Any]) -> Catalogue | None:
        catalogue: Catalogue | None = catalogue_with([])
        made: dict[Any, Any] = {}
        for number, overlay in enumerate(pair):
            data = json.dumps(overlay).encode()
            catalogue, problems = apply_overlay(data, f"{number}.overlay.yaml", lambda _, now=catalogue: now, made)
            if problems:
                return None
        assert catalogue is not None
        bare = {
            entry.control.id: msgspec.structs.replace(
                entry.control,
                changed_by_overlay=(),
                expects=tuple(sorted(entry.control.expects, key=lambda expectation: expectation.id)),
                related=tuple(sorted(entry.control.related, key=lambda relation: str(relation.to))),
            )
            for entry in walk(catalogue)
        }
        return with_controls(catalogue, bare)

    forward, backward = both(first, second), both(second, first)
    if forward is not None and backward is not None:
        assert forward == backward


def test_what_is_usual_may_be_made_optional_with_a_reason_and_is_no_gap_then():
    asked = {"id": "walk", "kind": ["record"], "max-age": "12 months", "need": "usual", "what": "A walk"}
    catalogue = catalogue_with([asked])
    setting = {"id": "walk", "optional": True, "because": "Nobody works there"}
    overlay = {"overlay": "house@1", "controls": [{"id": "1", "expects": [setting]}]}
    changed, problems = apply_overlay(json.dumps(overlay).encode(), "house.overlay.yaml", lambda _: catalogue)
    assert changed and not problems
    control = changed.control_by_id["1"]
    (walked,) = [expectation for expectation in control.expects if expectation.id == "walk"]
    assert (walked.optional, walked.binding) == (True, False)
    assert control.changed_by_overlay == ("#walk: optional true instead of false, because: Nobody works there",)
