"""`standards diff` and `migrate` as they are read on a terminal, and by programs; what ships is fit to be compared."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from compliance.cli.main import run
from compliance.domain.standards.catalogue import Catalogue, walk
from compliance.domain.standards.versions import ChangeKind, Comparison, compare
from compliance.store.catalogues.catalogues import parse_catalogue
from compliance.workspace.shipped import shipped_catalogues

from ..builders.workspaces import CATALOGUE, Workspace

NEWER = (
    CATALOGUE.replace("version: 1\n", "version: 2\nfollows: acme@1\n")
    .replace("title: Asset register\n", "title: Register of assets\n")
    .replace("id: A.1\n", "id: A.0\n        was: [A.1]\n        revised: From inside as well.\n")
    .replace("max-age: 6 months, what: An export", "max-age: 3 months, what: An export")
    .replace("id: B.3\n", "id: B.9\n        was: []\n")
)
DIFF = """\
acme@1 → acme@2
6 controls: 2 the same, 1 moved, 1 added, 1 dropped, 1 retitled, 1 revised, 1
with other expectations

Control  Before  Change    What
-------  ------  --------  --------------------------------------------------
A.0      A.1     moved     Vulnerability scans
                 revised   From inside as well.
A.2      A.2     expects   Firewall rules
                           #rules interval: no older than 6 months → no older
                           than 3 months
A.3      A.3     retitled  Register of assets (was: Asset register)
B.9      –       added     Cover
–        B.3     dropped   Cover
"""


@pytest.fixture
def workspace(workspace: Workspace) -> Workspace:
    workspace.put({"standards/acme@2.yaml": NEWER})
    return workspace


def diff(workspace: Workspace, *arguments: str, columns: int = 80) -> str:
    answer = workspace.run("standards", "diff", *arguments, columns=columns)
    assert (answer.code, answer.err) == (0, "")
    return answer.out


def test_two_versions_side_by_side(workspace):
    assert diff(workspace, "acme@1", "acme@2") == DIFF


def test_a_version_in_use_needs_no_number(workspace):
    assert diff(workspace, "acme", "acme@2") == DIFF


def test_nothing_differs(workspace):
    assert (
        diff(workspace, "acme@2", "acme@2") == "acme@2, here and as it ships: nothing differs, but for words at most.\n"
    )


def test_the_same_for_programs(workspace):
    answer = workspace.run("standards", "diff", "acme@1", "acme@2", "--json").json
    assert (answer["format_version"], answer["old"], answer["new"]) == (1, "acme@1", "acme@2")
    assert (answer["unchanged"], len(answer["changes"])) == (2, 5)
    assert answer["changes"][0] == {
        "control": "A.0",
        "before": ["A.1"],
        "step": "moved",
        "title": "Vulnerability scans",
        "title_before": "Vulnerability scans",
        "retitled": False,
        "revised": ["From inside as well."],
        "expectations": [],
    }
    assert answer["changes"][1]["expectations"] == [
        {
            "id": "rules",
            "aspect": "interval",
            "before": "no older than 6 months",
            "after": "no older than 3 months",
            "mandated": False,
        }
    ]


def test_what_overlays_set_is_no_part_of_the_standard(workspace):
    overlay = (
        "overlay: acme@1\ncontrols:\n  - id: A.3\n    expects:\n      - {id: register, max-age: 9 months, because: R}\n"
    )
    workspace.put({"standards/acme@1.overlay.yaml": overlay})
    assert diff(workspace, "acme@1", "acme@2") == DIFF


def test_with_one_name_it_is_what_an_update_would_bring(workspace, monkeypatch):
    corrected = CATALOGUE.replace("every: 3 months", "every: 1 month").encode()
    monkeypatch.setattr("compliance.workspace.shipped.shipped_catalogues", lambda: {"acme@1.yaml": corrected})
    assert diff(workspace, "acme") == (
        "acme@1, here and as it ships\n6 controls: 5 the same, 1 revised\n\n"
        "Control  Change   What\n"
        "-------  -------  ------------------------------------------------------------\n"
        "A.1      revised  Vulnerability scans\n"
        "                  mandated #scan interval: every 3 months (+ 3 days) → every 1\n"
        "                  month (+ 3 days)\n"
    )


def test_an_update_says_what_differs_before_it_asks(workspace, monkeypatch):
    corrected = CATALOGUE.replace("max-age: 6 months", "max-age: 2 months").encode()
    reworded = CATALOGUE.replace("Somebody else can do it.", "Another can.").encode()
    shipped = {"acme@1.yaml": corrected}
    monkeypatch.setattr("compliance.workspace.shipped.shipped_catalogues", lambda: shipped)
    assert workspace.run("standards", "update", "--dry-run").out == (
        "To update: standards/acme@1.yaml\n"
        "acme@1: 6 controls: 5 the same, 1 with other expectations (compliance standards\ndiff acme@1)\n"
        "  asked for at other times, 1: A.2#rules (no older than 6 months → no older than\n    2 months)\n\n"
        "No verdict changes.\n\n"
        "No approval is voided.\n"
    )
    shipped["acme@1.yaml"] = reworded
    assert "acme@1: only words differ\n" in workspace.run("standards", "update", "--dry-run").out


def test_an_update_says_what_is_required_now_and_which_relations_are_of_another_type(workspace, monkeypatch):
    relation = "        related:\n          - {to: iso27001:A.8.8, type: TYPE, source: ours}\n"
    at = "        title: Vulnerability scans\n"
    workspace.put({"standards/acme@1.yaml": CATALOGUE.replace(at, at + relation.replace("TYPE", "subset"))})
    corrected = CATALOGUE.replace(at, at + relation.replace("TYPE", "intersects"))
    corrected = corrected.replace(
        "max-age: 6 months, what: An export", "max-age: 6 months, need: required, what: An export"
    )
    shipped = {"acme@1.yaml": corrected.encode()}
    monkeypatch.setattr("compliance.workspace.shipped.shipped_catalogues", lambda: shipped)
    assert workspace.run("standards", "update", "--dry-run").out.startswith(
        "To update: standards/acme@1.yaml\n"
        "acme@1: 6 controls: 5 the same, 1 with other expectations (compliance standards\ndiff acme@1)\n"
        "  become required, 1: A.2#rules\n"
        "  relations subset → intersects, 1: A.1 to iso27001:A.8.8\n\n"
    )
    assert diff(workspace, "acme").endswith("\n\nOther relations: 1\nA.1 to iso27001:A.8.8: subset → intersects\n")
    assert workspace.run("standards", "diff", "acme", "--json").json["relations"] == [
        {"control": "A.1", "to": "iso27001:A.8.8", "before": "subset", "after": "intersects"}
    ]
    shipped["acme@1.yaml"] = CATALOGUE.encode()
    assert (
        "acme@1: only relations and words differ (compliance" in workspace.run("standards", "update", "--dry-run").out
    )
    assert "here and as it ships: no control differs.\n\nOther relations: 1\n" in diff(workspace, "acme")


@pytest.mark.parametrize("columns", [60, 80, 120])
def test_the_answer_keeps_to_the_width_it_has(workspace, columns):
    for names in (("caf@3.2", "caf@4.0"), ("cyber-essentials@3.2", "cyber-essentials@3.3")):
        assert max(len(line) for line in diff(workspace, *names, columns=columns).splitlines()) <= columns


def test_outside_a_workspace_there_is_what_ships(tmp_path, capsys):
    assert run(["-C", str(tmp_path), "standards", "diff", "caf@3.2", "caf@4.0"]) == 0
    assert "Understanding Threat" in capsys.readouterr().out


def shipped() -> dict[str, Catalogue]:
    parsed = {file: parse_catalogue(data, file).value for file, data in shipped_catalogues().items()}
    return {str(one.name): one for one in parsed.values() if one}


def followers() -> Iterator[tuple[Catalogue, Catalogue]]:
    catalogues = shipped()
    for one in catalogues.values():
        if one.follows:
            yield catalogues[str(one.follows)], one


def test_what_ships_continues_only_controls_that_there_were():
    pairs = list(followers())
    assert {str(new.name) for _, new in pairs} >= {"caf@4.0", "cyber-essentials@3.3"}
    for old, new in pairs:
        before = {node.control.id for node in walk(old) if node.control.assessable}
        for node in walk(new):
            assert not set(node.control.was or ()) - before, (new.name, node.control.id)
            assert not (node.control.revised and node.control.was == ()), (new.name, node.control.id)


def caf() -> Comparison:
    catalogues = shipped()
    return compare(catalogues["caf@3.2"], catalogues["caf@4.0"])


def test_the_framework_of_2025_has_two_outcomes_more():
    assert [row.control for row in caf().rows if row.step is ChangeKind.ADDED] == ["A2.b", "A4.b"]
    assert not [row for row in caf().rows if row.step is ChangeKind.DROPPED]
    assert sum(bool(row.control) for row in caf().rows) == 41


def test_assurance_and_hunting_moved():
    moved = {row.before[0]: row.control for row in caf().rows if row.step is ChangeKind.MOVED}
    assert moved == {"A2.b": "A2.c", "C2.b": "C2.a"}


def test_an_outcome_whose_title_changed_says_what_is_asked_now():
    assert [row.control for row in caf().rows if row.retitled and not row.revised] == []


def test_willow_leads_to_danzell():
    catalogues = shipped()
    found = compare(catalogues["cyber-essentials@3.2"], catalogues["cyber-essentials@3.3"])
    assert found.onward("A2.7")[0].control == "A2.4"
    failing = {row.control for row in found.rows if any("whole assessment" in text for text in row.revised)}
    assert failing >= {"A6.4", "A6.5", "A7.16", "A7.17"}
