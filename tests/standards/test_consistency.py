"""What `standards check` finds in a catalogue that reads well and judges wrong; and nothing of it in what ships."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from compliance.ledger.drafts import examine_files
from compliance.store.catalogues.authoring import examine
from compliance.store.catalogues.catalogues import parse_catalogue

STANDARDS = Path(__file__).resolve().parents[2] / "standards"
SHIPPED = (
    "psn-coco@1.32",
    "cyber-essentials@3.2",
    "cyber-essentials@3.3",
    "caf@3.2",
    "caf@4.0",
    "iso27001@2022",
    "iso20000-1@2018",
    "pci-dss@4.0.1",
)

DETAILS = "A6.3.1 is asked where A6.3 is answered “yes”, which fails already"
"""The question set asks for the details of software without support, which fails all the same."""
EXPECTED = {
    "cyber-essentials@3.2": ("Cyber Essentials 3.2 (Willow) ended on 2026-10-27", DETAILS),
    "cyber-essentials@3.3": (DETAILS,),
}

HALL = """
id: hall
version: 1
title: Hall rules
short: Hall
publisher: Nobody (invented)
events: [{id: starter, title: Somebody starts}]
controls:
  - id: "1"
    title: Doors
    assessable: true
    summary: Are the doors shut at night, and looked at by somebody?
    answer: {form: yes-no, wanted: yes}
    expects:
      - {id: tour, kind: record, every: 6 months, basis: organisation, what: Notes of the tour}
      - {id: list, kind: register, max-age: 1 year, what: The list of doors}
    controls:
      - id: "1.1"
        title: Doors that stay open
        assessable: true
        summary: Say which doors stay open, and why.
        asked-if: {question: "1", answer: yes}
        answer: {form: text}
        expects:
          - {id: walk, kind: [record, report], every: 6 months, basis: organisation, what: Notes of a walk}
          - {id: screening, kind: record, on: starter, before: 30 days, what: Checked before the first day}
        related:
          - {to: "yard:1", type: intersects}
  - id: "2"
    title: Keys
    assessable: true
    summary: Keys are handed in within 14 days.
    expects:
      - {id: keys, kind: register, max-age: 1 year, basis: mandated, source: Rule 2, what: The book of keys}
    related:
      - {to: "yard:2", type: intersects}
"""
YARD = """
id: yard
version: 1
title: Yard rules
short: Yard
publisher: Nobody (invented)
controls:
  - id: "1"
    title: Gates
    assessable: true
    summary: Are the gates shut?
    answer: {form: yes-no, wanted: yes, decisive: true}
  - id: "2"
    title: Keys
    assessable: true
    summary: Keys are handed in.
    expects:
      - {id: keys, kind: register, max-age: 1 year, what: The book of the yard's keys}
"""


def found(text: str) -> list[tuple[str, str, bool]]:
    """What is said of a catalogue: line and column, sentence, and whether it is an error."""
    yard = parse_catalogue(YARD.encode(), "yard@1.yaml").value
    draft = examine(text.encode(), "hall@1.yaml", lambda name: yard if name.id == "yard" else None, ["hall", "yard"])
    return [
        (text.splitlines()[problem.location.line - 1].strip(), problem.sentence, problem.is_error)
        for problem in draft.problems
    ]


def test_a_catalogue_in_order_is_left_alone():
    assert found(HALL) == []


def test_a_summary_that_speaks_of_what_comes_first_is_held_against_rules_that_all_come_after():
    late = HALL.replace("before: 30 days, what: Checked before the first day", "within: 30 days, what: Checked")
    assert late != HALL
    assert found(late) == []
    told = late.replace("Say which doors stay open, and why.", "Ahead of the first day, say which doors stay open.")
    sentence = "#screening of 1.1 speaks of what comes before, and is asked for within 30 days of each starter"
    assert [(said, is_error) for _, said, is_error in found(told)] == [(sentence, False)]


@pytest.mark.parametrize(
    ("before", "after", "at", "sentence"),
    [
        (
            'question: "1", answer: yes',
            'question: "1", answer: no',
            'asked-if: {question: "1", answer: no}',
            "1.1 is asked where 1 is answered “no”, which fails already",
        ),
        (
            "what: The book of keys}",
            "what: The book of keys, document: book}",
            "- {id: keys, kind: register, max-age: 1 year, basis: mandated, source: Rule 2, what: The book of keys, "
            "document: book}",
            "#keys of 2 alone names the document “book”",
        ),
        (
            "before: 30 days",
            "within: 30 days",
            "- {id: screening, kind: record, on: starter, within: 30 days, what: Checked before the first day}",
            "#screening of 1.1 speaks of what comes before, and is asked for within 30 days of each starter",
        ),
        (
            "before: 30 days, what: Checked before the first day",
            "within: 30 days, what: Checked well in advance",
            "- {id: screening, kind: record, on: starter, within: 30 days, what: Checked well in advance}",
            "#screening of 1.1 speaks of what comes before, and is asked for within 30 days of each starter",
        ),
        (
            "id: walk",
            "id: tour",
            "- {id: tour, kind: [record, report], every: 6 months, basis: organisation, what: Notes of a walk}",
            "#tour of 1.1 is asked for by 1 as well, each with an interval of its own (every 6 months)",
        ),
        (
            '"yard:1", type: intersects',
            '"yard:1", type: superset',
            '- {to: "yard:1", type: superset}',
            "1.1 is superset of yard:1: 1 is decisive, and only “equal” carries evidence to it",
        ),
        (
            '"yard:2", type: intersects',
            '"yard:2", type: subset',
            '- {to: "yard:2", type: subset}',
            "2 is subset of yard:2: evidence for yard:2 need not show “14 day”, of which 2 speaks",
        ),
        (
            "id: keys, kind: register",
            "id: keys, kind: report",
            "- {id: keys, kind: report, max-age: 1 year, basis: mandated, source: Rule 2, what: The book of keys}",
            "#keys of 2 takes other kinds than yard:2 does (register)",
        ),
    ],
    ids=[
        "asked of the failing",
        "document of one",
        "too late",
        "in advance",
        "stored twice",
        "decisive",
        "number lost",
        "other kinds",
    ],
)
def test_a_slip_is_found_where_it_stands(before, after, at, sentence):
    assert before in HALL
    assert found(HALL.replace(before, after)) == [(at, sentence, False)]


def test_a_mandated_interval_without_its_source_is_an_error():
    (problem,) = found(HALL.replace("source: Rule 2, ", ""))
    assert problem[1:] == ("#keys of 2 is mandated, and does not say where", True)


@pytest.mark.parametrize(
    "more",
    [
        "default-expects:\n  - {id: proof, max-age: 1 year, basis: mandated, what: Proof}\n",
        "scheme:\n  methods:\n    - id: otherwise\n      expects:\n"
        "        - {id: proof, max-age: 1 year, basis: mandated, what: Proof}\n",
    ],
    ids=["default", "method"],
)
def test_defaults_and_methods_say_where_they_are_mandated(more):
    (problem,) = found(HALL.replace("controls:\n", f"{more}controls:\n", 1))
    at = "- {id: proof, max-age: 1 year, basis: mandated, what: Proof}"
    assert problem == (at, "#proof is mandated, and does not say where", True)


@pytest.mark.parametrize("name", SHIPPED)
def test_a_shipped_catalogue_has_none_of_them(name):
    (draft,) = examine_files([STANDARDS / f"{name}.yaml"])
    wanted = EXPECTED.get(name, ())
    assert [problem.sentence for problem in draft.problems] == list(wanted)


@pytest.mark.parametrize("name", SHIPPED)
def test_a_shipped_catalogue_names_a_source_for_everything_that_it_expects(name):
    text = (STANDARDS / f"{name}.yaml").read_text(encoding="utf-8")
    catalogue = parse_catalogue(text.encode(), f"{name}.yaml").value
    stack = list(catalogue.controls)
    unsourced = []
    while stack:
        control = stack.pop()
        stack.extend(control.controls)
        unsourced += [f"{control.id}#{one.id}" for one in control.expects if not one.source]
    assert unsourced == []
    assert not re.search(r"source: .*(/work|shared/|\.tsv)", text)
