"""OpenControl and comply: controls by their keys under the families they name, and selections as profiles."""

from __future__ import annotations

import pytest

from compliance.exchange.formats import comply, opencontrol
from compliance.exchange.imported import Kept
from compliance.exchange.options import Options
from compliance.store.catalogues.catalogue_text import render_catalogue
from compliance.store.catalogues.catalogues import parse_catalogue

from ..builders.refusals import refusal_of
from .tables import control, judged, made, tree

NONE = Options()
STANDARD = """\
name: Fictional Town Standard
license: Free
source: https://example.org
AC-1:
  family: AC
  name: Access policy
  description: |
    Somebody writes it.
    Everybody reads it.
AC-2 (1):
  family: AC
  name: Accounts
  extra: [a, {b: c}]
Requirement 1:
  family: '1'
  name: Walls
remark: not a control
"""
CERTIFICATION = """\
name: Town low
standards:
  NIST-800-53:
    AC-1: {}
    AC-2 (1): {}
"""


def said(text):
    (problem,) = refusal_of(opencontrol.read, text.encode(), "town.yaml", NONE)
    return f"{problem.location}: {problem.sentence}"


@pytest.mark.parametrize("module", [opencontrol, comply])
def test_controls_lie_under_their_families(module):
    imported = module.read(STANDARD.encode(), "town.yaml", NONE)
    assert tree(imported) == {"AC": "", "AC-1": "AC", "AC-2(1)": "AC", "1": "", "Requirement-1": "1"}
    assert judged(imported) == ["AC-1", "AC-2(1)", "Requirement-1"]
    assert (imported.rows, imported.counted, imported.licence) == (3, "controls", "Free")
    assert Kept("AC-1", "description", "Somebody writes it.\nEverybody reads it.") in imported.kept
    assert Kept("AC-2(1)", "extra", "- a\n- b: c") in imported.kept
    assert Kept("", "source", "https://example.org") in imported.kept
    assert [one.what for one in imported.skipped] == ["remark"]
    catalogue = made(imported)
    assert (catalogue.id, catalogue.version) == ("fictional-town-standard", "1")
    assert parse_catalogue(render_catalogue(catalogue), "x.yaml").value == catalogue


def test_descriptions_become_summaries_where_asked():
    imported = opencontrol.read(STANDARD.encode(), "town.yaml", Options(with_text=True, version="2026"))
    assert control(imported, "AC-1").summary == "Somebody writes it. Everybody reads it."
    assert made(imported).version == "2026"
    assert not any("no version" in note for note in imported.notes)


def test_a_certification_is_a_profile():
    imported = opencontrol.read(CERTIFICATION.encode(), "low.yaml", NONE)
    assert judged(imported) == ["AC-1", "AC-2(1)"]
    assert control(imported, "AC-1").profiles == ("town-low",)
    assert [(one.id, one.title) for one in made(imported).profiles] == [("town-low", "Town low")]
    assert made(imported).id == "nist-800-53-town-low"


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("name: x\n", "town.yaml: holds no controls"),
        ("- a\n", "town.yaml:1:1: is a list or a single value, where named fields are wanted"),
        ("a: {name: A}\na: {name: B}\n", "town.yaml:2:1: repeats the field “a” of line 1"),
        ("a b: {name: A}\na-b: {name: B}\n", "town.yaml:2:6: the id a-b is used twice (first in line 1)"),
        (
            "a: {name: A, family: b}\nb: {name: B, family: a}\n",
            "town.yaml:1:4: the parents go round in a circle: a → b → a",
        ),
        ("standards: {A: {x: {}}, B: {y: {}}}\n", "town.yaml:1:12: selects from 2 standards (A, B), not from one"),
        ("standards: {A: x}\n", "town.yaml:1:16: selects nothing from A"),
        ("a: &x {name: A}\nb: *x\n", None),
        ("a: !!python/object:os.system {}\n", "town.yaml:1:4: has a YAML tag"),
    ],
)
def test_what_is_wrong_is_said_with_its_place(text, sentence):
    assert said(text).startswith(sentence or "town.yaml:")
