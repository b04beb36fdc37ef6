"""The dated list of services and editions: what ended is warned of, wherever a catalogue names it or is of it."""

from __future__ import annotations

from datetime import date

import pytest

from compliance.domain.terms.references import StandardName, parse_standard
from compliance.store.catalogues.authoring import examine
from compliance.store.catalogues.named import ended_edition, ended_in, named_things
from compliance.workspace.shipped import shipped_catalogues

from ..builders.workspaces import Workspace

CATALOGUE = """\
id: mail
version: 1
title: Mail rules
short: Mail
publisher: Nobody (invented)
controls:
  - id: "1"
    title: Mail is guarded
    assessable: true
    summary: Mail is guarded against forgery.
    expects:
      - {id: report, kind: report, max-age: 1 year, what: The report of NCSC Mail Check}
"""


def test_each_entry_is_dated_sourced_and_names_what_to_use_instead():
    for thing in named_things():
        assert thing.source
        assert thing.checked >= date(2026, 11, 30)
        assert thing.words or thing.standard
        assert bool(thing.ended) == bool(thing.instead), thing.name


def test_every_edition_that_ships_is_listed():
    shipped = {name.removesuffix(".yaml") for name in shipped_catalogues()}
    assert shipped <= {thing.standard for thing in named_things()}
    assert all(parse_standard(thing.standard) for thing in named_things() if thing.standard)


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("PCI DSS 4.0.1 and PCI DSS 4.0", ["PCI DSS 4.0"]),
        ("the NCSC Mail Check", ["NCSC Mail Check"]),
        ("a mail check of ours", []),
        ("ISO/IEC 27001:2022", []),
    ],
)
def test_names_are_taken_whole(text, names):
    assert [thing.name for _, thing in ended_in(text)] == names


def test_an_edition_ends_with_its_last_day():
    willow = StandardName("cyber-essentials", "3.2")
    assert ended_edition(willow, date(2026, 10, 27)) is None
    assert ended_edition(willow, date(2026, 10, 28)).instead == "cyber-essentials@3.3"
    assert ended_edition(StandardName("cyber-essentials", "3.3")) is None


def test_a_draft_that_names_what_has_ended_is_warned_of_it_where_it_does():
    (problem,) = examine(CATALOGUE.encode(), "mail@1.yaml", lambda _: None, ()).problems
    assert problem.sentence == "names NCSC Mail Check, which ended on 2026-03-31"
    assert (problem.location.line, problem.location.column, problem.is_error) == (12, 73, False)
    assert "DMARC aggregate reports" in problem.hint


def test_check_warns_of_an_edition_in_use_that_has_ended(workspace: Workspace):
    for name in ("cyber-essentials@3.2.yaml", "caf@4.0.yaml"):
        workspace.write(f"standards/{name}", shipped_catalogues()[name])
        settings = workspace.read("compliance.toml")
        workspace.write("compliance.toml", f'{settings}\n[[standards]]\nstandard = "{name.removesuffix(".yaml")}"\n')
    workspace.commit("2026-10-27")
    assert " ended on " not in workspace.run("check").out
    workspace.write("note.txt", "later")
    workspace.commit("2026-10-29")
    out = workspace.run("check").out
    assert "warning: cyber-essentials@3.2 is in use, and Cyber Essentials 3.2 (Willow) ended on 2026-10-27" in out
    assert "caf@4.0 is in use" not in out


def test_check_warns_once_it_has_ended(workspace: Workspace):
    workspace.write("standards/mail@1.yaml", CATALOGUE)
    workspace.commit("2026-03-30")
    assert "Mail Check" not in workspace.run("check").out
    workspace.write("note.txt", "later")
    workspace.commit("2026-04-02")
    outcome = workspace.run("check")
    assert "standards/mail@1.yaml:12:73: warning: names NCSC Mail Check, which ended on 2026-03-31" in outcome.out
