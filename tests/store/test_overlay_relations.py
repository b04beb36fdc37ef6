"""An overlay may relate controls to other standards': beside what the catalogue relates, or in its place."""

from __future__ import annotations

from compliance.domain.standards.catalogue import Catalogue, walk
from compliance.store.catalogues.catalogues import parse_catalogue
from compliance.store.catalogues.overlays import apply_overlay

HOUSE = """\
id: house
version: 1
title: House
short: House
publisher: Nobody
default-expects: [{id: look, max-age: 12 months, what: A look}]
controls:
  - id: "1"
    title: Doors
    assessable: true
    related:
      - {to: "iso27001:A.7.1", type: intersects, source: ours}
      - {to: "iso27001:A.7.2", type: subset, source: ours}
"""


def house() -> Catalogue:
    catalogue = parse_catalogue(HOUSE.encode(), "house@1.yaml").value
    assert catalogue is not None
    return catalogue


def overlaid(related: str):
    text = f'overlay: house@1\ncontrols:\n  - id: "1"\n    related:\n{related}'
    return apply_overlay(text.encode(), "standards/house.overlay.yaml", lambda _: house())


def test_relations_are_added_and_one_to_the_same_control_takes_the_others_place():
    rows = (
        '      - {to: "iso27001:A.7.1", type: equal, source: board}\n'
        '      - {to: "caf:B2.a", type: superset, source: board}\n'
    )
    catalogue, problems = overlaid(rows)
    assert not problems
    (node,) = walk(catalogue)
    assert [(str(one.to), one.type.value, one.source) for one in node.control.related] == [
        ("iso27001:A.7.1", "equal", "board"),
        ("iso27001:A.7.2", "subset", "ours"),
        ("caf:B2.a", "superset", "board"),
    ]
    assert node.control.changed_by_overlay == (
        "related: equal iso27001:A.7.1 instead of intersects",
        "related: superset caf:B2.a",
    )


def test_a_relation_of_no_known_type_is_said_with_its_place():
    catalogue, problems = overlaid('      - {to: "caf:B2.a", type: near}\n')
    assert catalogue is None
    (problem,) = problems
    assert (str(problem.location), problem.sentence) == (
        "standards/house.overlay.yaml:5:32",
        "“near” is not a type of relation",
    )
