"""Controls that a file would serve as well: what is suggested when it is filed, and what is not."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from ..builders.workspaces import CONFIGURATION, Workspace, begin_workspace, described

IN_USE = CONFIGURATION + '\n[[standards]]\nstandard = "ward@3"\n'
HEAD = "id: ward\nversion: 3\ntitle: Ward Rules\nshort: Ward\npublisher: The Example Standards Body\n"


def wanting(name: str, relation: str, kind: str = "register", **more: str) -> str:
    """A control of the other standard, related to acme:A.3, that wants a piece of a kind."""
    fields = "".join(f", {key}: {value}" for key, value in more.items())
    return (
        f"  - id: {name}\n    title: Control {name}\n    assessable: true\n"
        f"    summary: It is done.\n"
        f'    related: [{{to: "acme:A.3", type: {relation}, source: ours}}]\n'
        f"    expects: [{{id: list, kind: {kind}, max-age: 12 months, what: The list{fields}}}]\n"
    )


def ward(*controls: str) -> str:
    return f"{HEAD}profiles:\n  - {{id: all, title: All}}\ncontrols:\n{''.join(controls)}"


@pytest.fixture
def workspace(tmp_path: Path, today) -> Workspace:
    return begin_workspace(tmp_path / "work", **{"compliance.toml": IN_USE})


def said(workspace: Workspace, tmp_path: Path, *more: str) -> str:
    """What is said beside the answer when a register is filed for acme:A.3."""
    file = tmp_path / "2026-01-20-servers.txt"
    file.write_text("one server\n")
    answer = workspace.run("evidence", "add", str(file), "-c", "acme:A.3", "-k", "register", "-t", "Servers", *more)
    assert answer.code == 0, answer.err
    return answer.err


def suggested(workspace: Workspace, tmp_path: Path, *more: str) -> list[str]:
    """The controls on the line that is ready to be typed."""
    _, found, options = said(workspace, tmp_path, *more).partition("for these too: ")
    return options.replace("-c", "").split() if found else []


def test_related_controls_that_lack_it_are_suggested_with_the_reason(workspace, tmp_path):
    workspace.put({"standards/ward@3.yaml": ward(wanting("W.1", "intersects"))})
    assert said(workspace, tmp_path).splitlines()[1:] == [
        "It may serve other controls as well; look at each before you say so:",
        "  ward:W.1#list  missing",
        "    intersects acme:A.3 (ours); wanted: The list",
        "for these too: -c ward:W.1#list",
    ]
    assert workspace.git("status", "--porcelain") == ""


def test_every_other_control_that_wants_the_same_document_is_offered_whichever_is_named(workspace, tmp_path):
    rows = [
        wanting(f"W.{number}", "intersects", document="tour").replace("acme:A.3", "acme:A.1") for number in range(1, 9)
    ]
    workspace.put({"standards/ward@3.yaml": ward(*rows, wanting("W.9", "intersects"))})
    file = tmp_path / "2026-01-20-tour.txt"
    file.write_text("a tour\n")
    named = workspace.run("evidence", "add", str(file), "-c", "ward:W.4#list", "-k", "register", "--dry-run").err
    others = [f"ward:W.{number}#list" for number in range(1, 9) if number != 4]
    assert re.findall(r"ward:W\.\d#list(?=  missing)", named) == others
    assert named.count("the same document; wanted: The list") == len(others)
    other_kind = workspace.run("evidence", "add", str(file), "-c", "ward:W.4", "-k", "minutes", "--dry-run").err
    assert "the same document" not in other_kind


def test_the_rows_of_the_health_check_are_offered_together(tmp_path, today):
    workspace = begin_workspace(tmp_path / "council")
    assert workspace.run("standards", "use", "psn-coco@1.32").code == 0
    file = tmp_path / "2026-01-20-ithc.txt"
    file.write_text("a report\n")
    rows = ["PSN.IA.7a#ithc", "PSN.IA.7b#sample", "PSN.IA.7d#findings", "PSN.IA.7e#in-date", "PSN.SUB3#report"]
    for row in rows:
        said = workspace.run("evidence", "add", str(file), "-c", f"psn-coco:{row}", "-k", "report", "--dry-run").err
        assert [other for other in rows if f"psn-coco:{other}  missing" in said] == [
            each for each in rows if each != row
        ]


def test_what_is_suggested_can_be_typed_and_then_is_suggested_no_more(workspace, tmp_path):
    workspace.put({"standards/ward@3.yaml": ward(wanting("W.1", "intersects"))})
    (one,) = suggested(workspace, tmp_path, "--dry-run")
    assert suggested(workspace, tmp_path, "-c", one) == []
    (piece,) = workspace.ledger.evidence
    assert [str(reference) for reference in piece.controls] == ["acme:A.3", one]


def test_what_it_serves_already_across_a_relation_is_not_suggested(workspace, tmp_path):
    workspace.put({"standards/ward@3.yaml": ward(wanting("W.1", "subset"), wanting("W.2", "subset", basis="mandated"))})
    assert suggested(workspace, tmp_path) == ["ward:W.2#list"]


def test_nothing_is_suggested_of_another_kind_out_of_the_profile_or_that_stands_well(workspace, tmp_path):
    outside = wanting("W.3", "intersects").replace("assessable: true", "assessable: true\n    profiles: []")
    workspace.put(
        {
            "standards/ward@3.yaml": ward(
                wanting("W.1", "intersects", "policy"), wanting("W.2", "intersects"), outside
            ),
            "evidence/fresh.txt": "a list\n",
            "evidence/fresh.txt.evidence.yaml": described(
                "E-00000009", kind="register", date="2026-01-10", controls=["ward:W.2"], title="Fresh"
            ),
        }
    )
    assert suggested(workspace, tmp_path) == []


def test_the_strongest_relation_comes_first_then_gaps_then_what_lapses_and_five_are_enough(workspace, tmp_path):
    related = [wanting(f"W.{number}", "intersects") for number in range(1, 6)]
    workspace.put(
        {
            "standards/ward@3.yaml": ward(*related, wanting("W.9", "subset", basis="mandated")),
            "evidence/old.txt": "a list\n",
            "evidence/old.txt.evidence.yaml": described(
                "E-00000009", kind="register", date="2025-02-20", controls=["ward:W.1"], title="Old"
            ),
        }
    )
    found = suggested(workspace, tmp_path)
    assert found == ["ward:W.9#list", *(f"ward:W.{number}#list" for number in range(2, 6))]


def test_a_control_that_lapses_is_suggested_where_the_file_is_newer(workspace, tmp_path):
    workspace.put(
        {
            "standards/ward@3.yaml": ward(wanting("W.1", "intersects")),
            "evidence/old.txt": "a list\n",
            "evidence/old.txt.evidence.yaml": described(
                "E-00000009", kind="register", date="2025-02-20", controls=["ward:W.1"], title="Old"
            ),
        }
    )
    assert "  ward:W.1#list  lapsing" in said(workspace, tmp_path)


def test_it_can_be_kept_quiet_and_is_never_in_json(workspace, tmp_path):
    workspace.put({"standards/ward@3.yaml": ward(wanting("W.1", "intersects"))})
    assert suggested(workspace, tmp_path, "--dry-run", "--no-suggest") == []
    assert suggested(workspace, tmp_path, "--dry-run", "--json") == []
    assert suggested(workspace, tmp_path, "--dry-run") == ["ward:W.1#list"]


def test_with_one_standard_in_use_there_is_nothing_to_suggest(tmp_path, today):
    workspace = begin_workspace(tmp_path / "alone")
    assert suggested(workspace, tmp_path) == []
