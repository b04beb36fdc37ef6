"""Whether a standard asks for evidence, what says so, and what comes before an event: written, read, shown, bound."""

from __future__ import annotations

import msgspec
import pytest

from compliance.domain.ledger.approval import fingerprint
from compliance.domain.standards.catalogue import walk
from compliance.domain.standards.expectations import OnEvent
from compliance.domain.standards.versions import compare
from compliance.domain.terms.vocabulary import Need
from compliance.store.catalogues.catalogue_text import render_catalogue
from compliance.store.catalogues.catalogues import parse_catalogue

CATALOGUE = """
id: hall
version: 1
title: Hall rules
short: Hall
publisher: Nobody (invented)
events: [{id: new-starter, title: Somebody starts}]
controls:
  - id: A
    title: People
    assessable: true
    expects:
      - {id: check, kind: record, RULE, basis: mandated, what: A check of who they are}
"""


def catalogue(rule: str = "on: new-starter, within: 30 days", more: str = ""):
    text = CATALOGUE.replace("RULE", f"{rule}, {more}" if more else rule)
    parsed = parse_catalogue(text.encode(), "hall@1.yaml")
    assert parsed.problems == ()
    return parsed.value


def control(standard):
    return next(walk(standard)).control


@pytest.mark.parametrize(
    ("rule", "words"),
    [
        ("within: 30 days", "within 30 days of each new starter"),
        ("before: 3 months", "within 3 months before each new starter"),
        ("before: 3 months, within: 30 days", "from 3 months before to 30 days after each new starter"),
    ],
)
def test_a_time_around_an_event_is_read_said_and_written_again(rule, words):
    standard = catalogue(f"on: new-starter, {rule}")
    (expectation,) = control(standard).expects
    assert isinstance(expectation.rule, OnEvent)
    assert str(expectation.rule) == words
    assert parse_catalogue(render_catalogue(standard), "hall@1.yaml").value == standard


def test_evidence_is_usual_unless_it_says_that_it_is_required():
    (usual,) = control(catalogue()).expects
    (required,) = control(catalogue(more="need: required, source: 'Rule 4'")).expects
    assert (usual.need, usual.source) == (Need.USUAL, "")
    assert (required.need, required.source) == (Need.REQUIRED, "Rule 4")


def test_need_and_source_change_no_fingerprint_and_a_time_before_does():
    plain, sourced = catalogue(), catalogue(more="need: required, source: 'Rule 4'")
    ahead = catalogue("on: new-starter, before: 30 days")
    prints = [fingerprint(standard, control(standard)) for standard in (plain, sourced, ahead)]
    assert prints[0] == prints[1] != prints[2]
    assert prints[0] == "f348f09134da489e8103d9029283ff24", (
        "as it was before there was a need, a source or a time before"
    )


def test_a_need_that_changed_is_said_where_versions_are_compared():
    later = msgspec.structs.replace(catalogue(more="need: required"), version="2")
    (row,) = compare(catalogue(), later).changes
    assert [str(change) for change in row.expectations] == ["#check need: usual → required"]
