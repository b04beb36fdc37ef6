"""`compliance undo`: what one person recorded last is taken back by a commit that says so."""

from __future__ import annotations

from pathlib import Path

import pytest

from ..builders.workspaces import Answer, Workspace


def done(answer: Answer) -> Answer:
    assert answer.code == 0, answer.err
    return answer


def filed(workspace: Workspace, folder: Path, name: str = "policy", control: str = "acme:B.1") -> str:
    source = folder / f"{name}.txt"
    source.write_text(f"{name} of the council\n")
    added = workspace.run("evidence", "add", str(source), "-k", "policy", "-c", control, "-d", "2026-01-10")
    return done(added).out.split()[1]


def tree(workspace: Workspace) -> str:
    return workspace.git("rev-parse", "HEAD^{tree}")


def as_ben(workspace: Workspace) -> None:
    workspace.git("config", "user.name", "Ben Head")
    workspace.git("config", "user.email", "ben@example.org")


DEEDS = [
    "risk add Flood --consequence Outage --likelihood rare --impact minor",
    "action add Patch --due 2026-12-31",
    "standards use cyber-essentials",
    "applicability start acme",
    "people add Head --address head@example.org --post Head",
    "evidence correct EVIDENCE -d 2026-01-09 --reason Typo",
    "evidence map EVIDENCE -c acme:A.3",
    "evidence withdraw EVIDENCE --as invalid --reason Wrong",
]


@pytest.mark.parametrize("line", DEEDS)
def test_any_operation_is_undone_to_the_byte(line, workspace, tmp_path):
    identifier = filed(workspace, tmp_path)
    before = tree(workspace)
    done(workspace.run(*line.replace("EVIDENCE", identifier).split()))
    assert tree(workspace) != before
    undone = done(workspace.run("undo"))
    assert undone.out.startswith("Undone: “")
    assert tree(workspace) == before
    assert workspace.git("status", "--porcelain") == ""
    assert workspace.git("log", "-1", "--format=%s").startswith("undo: ")
    assert workspace.git("log", "-1", "--format=%b").startswith("Undoes: ")


def test_what_was_filed_goes_from_the_folder_and_from_git(workspace, tmp_path):
    before = tree(workspace)
    filed(workspace, tmp_path)
    tried = done(workspace.run("undo", "--dry-run"))
    assert "acme:B.1 in corporate: evidenced → missing" in tried.err
    assert tree(workspace) != before
    done(workspace.run("undo"))
    assert tree(workspace) == before
    assert not list((workspace.top / "evidence").rglob("*policy*"))


def test_one_after_another_is_undone_and_listed_no_more(workspace, tmp_path):
    before = tree(workspace)
    for name in ("one", "two"):
        filed(workspace, tmp_path, name)
    listed = done(workspace.run("undo", "--list")).out.splitlines()
    assert ["two" in line.casefold() for line in listed[:2]] == [True, False]
    done(workspace.run("undo"))
    done(workspace.run("undo"))
    assert tree(workspace) == before
    named = [line for line in done(workspace.run("undo", "--list")).out.splitlines() if "evidence:" in line]
    assert named == []


def test_the_undo_of_a_decision_is_revoked(workspace, tmp_path):
    workspace.put({"compliance.toml": workspace.read("compliance.toml") + '\n[review]\nkinds = ["policy"]\n'})
    identifier = filed(workspace, tmp_path)
    as_ben(workspace)
    done(workspace.run("evidence", "approve", identifier))
    done(workspace.run("undo"))
    piece = workspace.ledger.evidence_by_id(identifier)
    assert [decision.decision.value for decision in piece.decisions] == ["approved", "revoked"]
    (standard,) = workspace.run("gaps", "--json").json["assessments"][0]["standards"]
    assert [row["verdict"] for row in standard["controls"] if row["id"] == "B.1"] == ["unapproved"]
    done(workspace.run("evidence", "approve", identifier))
    (standard,) = workspace.run("gaps", "--json").json["assessments"][0]["standards"]
    assert [row["verdict"] for row in standard["controls"] if row["id"] == "B.1"] == ["evidenced"]


def test_nobody_undoes_what_another_recorded(workspace, tmp_path):
    filed(workspace, tmp_path)
    as_ben(workspace)
    answer = workspace.run("undo")
    assert (answer.code, "there is nothing of yours to undo" in answer.err) == (2, True)
    other = workspace.run("undo", workspace.head)
    assert (other.code, "there is nothing of yours" in other.err) == (2, True)


def test_what_others_built_on_is_undone_only_when_told(workspace, tmp_path):
    identifier = filed(workspace, tmp_path)
    as_ben(workspace)
    finding = done(workspace.run("finding", "add", "Weak", "--type", "minor", "--raised", "2026-01-05")).out.split()[1]
    done(workspace.run("finding", "close", finding, identifier, "--on", "2026-01-20"))
    workspace.git("config", "user.name", "A. Officer")
    workspace.git("config", "user.email", "a.officer@example.org")
    head = workspace.head
    refused = workspace.run("undo")
    assert (refused.code, workspace.head) == (2, head)
    assert f"{finding} Weak names {identifier}" in refused.err
    assert "is built on, and is not undone" in refused.err
    done(workspace.run("undo", "--anyway"))
    assert workspace.ledger.evidence_by_id(identifier) is None


def test_a_file_that_was_changed_since_is_named_with_who_changed_it(workspace, tmp_path):
    identifier = filed(workspace, tmp_path)
    first = workspace.head
    as_ben(workspace)
    done(workspace.run("evidence", "map", identifier, "-c", "acme:A.3"))
    workspace.git("config", "user.email", "a.officer@example.org")
    answer = workspace.run("undo", first[:12])
    assert answer.code == 2
    assert "was changed since: “map: Policy" in answer.err
    assert "by Ben Head" in answer.err


def test_a_merge_is_not_undone(workspace, tmp_path):
    workspace.git("checkout", "-q", "-b", "side")
    filed(workspace, tmp_path, "side")
    workspace.git("checkout", "-q", "main")
    filed(workspace, tmp_path, "main")
    workspace.git("merge", "-q", "--no-ff", "-m", "Merge side", "side")
    answer = workspace.run("undo", workspace.head[:12])
    assert answer.code == 2
    assert "is a merge, and is not undone" in answer.err or "is nothing that you recorded" in answer.err
