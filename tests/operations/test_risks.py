"""`compliance risk`: scored by the workspace's matrix, accepted until a day, and never lost."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from ..builders.workspaces import Workspace

RISK = ("risk", "add", "Ransomware", "--consequence", "No bills", "--likelihood", "possible", "--impact", "severe")


def added(workspace: Workspace, *more: str) -> str:
    answer = workspace.run(*RISK, "--review", "2026-06-30", *more)
    assert answer.code == 0, answer.err
    return answer.out.split()[1]


def state(workspace: Workspace, risk: str, on: str = "2026-02-02") -> dict:
    return json.loads(workspace.run("risk", "show", risk, "--on", on, "--json").out)["risk"]


def test_a_risk_is_scored_and_filed_under_its_id(workspace):
    answer = workspace.run(*RISK, "-c", "acme:B.3", "--review", "2026-06-30", "--owner", "Head of IT")
    identifier = answer.out.split()[1]
    assert answer.out == f"Recorded {identifier}  Ransomware\n  12 high\n"
    assert workspace.git("show", "--format=%s", "--name-only", "HEAD").split("\n\n") == [
        f"risk: Ransomware ({identifier})",
        f"evidence/risks/ransomware.{identifier[2:]}.yaml",
    ]
    assert workspace.run("check").code == 0
    assert state(workspace, identifier) | {"recorded": ""} == {
        "id": identifier,
        "title": "Ransomware",
        "consequence": "No bills",
        "likelihood": "possible",
        "impact": "severe",
        "raised": "2026-02-02",
        "controls": ["acme:B.3"],
        "owner": "Head of IT",
        "review": "2026-06-30",
        "recorded": "",
        "state": "above appetite",
        "score": "12 high",
        "appetite": 9,
    }


def test_the_workspaces_own_matrix_scores(workspace):
    settings = Path(workspace.top / "compliance.toml").read_text()
    own = """
[risk]
likelihood = ["low", "high"]
impact = ["small", "great"]
scores = [[1, 2], [3, 9]]
bands = [{ name = "green", from = 1 }, { name = "red", from = 3 }]
appetite = 2
"""
    workspace.put({"compliance.toml": settings + own})
    given = ("risk", "add", "Flood", "--consequence", "Wet servers", "--review", "2026-06-30")
    answer = workspace.run(*given, "--likelihood", "high", "--impact", "small")
    assert answer.out.endswith("\n  3 red\n")
    answer = workspace.run(*given, "--likelihood", "possible", "--impact", "small")
    assert (answer.code, answer.err) == (
        2,
        "error: “possible” is no word for the likelihood of a risk here\n"
        "    likelihood: possible\n"
        "                ^\n"
        "  hint: choose from low, high; they are set by [risk] in compliance.toml\n",
    )


def test_an_acceptance_lapses_and_falls_due(workspace):
    risk = added(workspace)
    workspace.run("risk", "accept", risk, "--by", "SIRO", "--until", "2026-04-30", "--reason", "Project")
    assert state(workspace, risk)["state"] == "accepted"
    assert state(workspace, risk, on="2026-04-30")["state"] == "accepted"
    assert state(workspace, risk, on="2026-05-01")["state"] == "acceptance lapsed"
    due = json.loads(workspace.run("renewals", "--json").out)["renewals"]
    assert [(one["due"], one["subject"]) for one in due if one["kind"] == "risk"] == [
        ("2026-04-30", risk),
        ("2026-06-30", risk),
    ]


def test_a_risk_within_the_appetite_needs_no_acceptance(workspace):
    risk = added(workspace)
    workspace.run("risk", "accept", risk, "--by", "SIRO", "--until", "2026-04-30", "--reason", "Project")
    answer = workspace.run("risk", "assess", risk, "--likelihood", "rare", "--review", "2026-12-31")
    assert answer.out == f"Recorded {risk}: 4 low, was 12 high\n"
    due = json.loads(workspace.run("renewals", "--within", "12m", "--json").out)["renewals"]
    assert [one["due"] for one in due if one["kind"] == "risk"] == ["2026-12-31"]


def test_a_closed_risk_is_listed_only_when_asked_for(workspace):
    risk = added(workspace)
    workspace.run("risk", "close", risk, "--note", "The system is gone")
    assert risk not in workspace.run("risk", "list").out
    assert risk in workspace.run("risk", "list", "--all").out
    again = workspace.run("risk", "accept", risk, "--by", "SIRO", "--until", "2027-01-01", "--reason", "x")
    assert (again.code, "is closed since 2026-02-02" in again.err) == (2, True)


def test_accepting_needs_somebody_who_accepts(workspace):
    before = workspace.head
    answer = workspace.run(*RISK, "--treatment", "accept")
    assert answer.code == 2
    assert "nobody has accepted it" in answer.err
    assert workspace.head == before
    assert workspace.git("status", "--porcelain") == ""


def test_an_edit_is_checked_and_what_was_typed_is_kept(workspace, monkeypatch, tmp_path):
    risk = added(workspace)
    monkeypatch.setenv("EDITOR", "sed -i s/severe/sever/")
    monkeypatch.setenv("VISUAL", "")
    before = workspace.head
    answer = workspace.run("risk", "edit", risk)
    assert answer.code == 2
    assert "choose from minor, moderate, serious, severe, critical;" in answer.err
    kept = Path(answer.err.split("is kept in ")[1].split("\n")[0])
    assert "impact: sever\n" in kept.read_text()
    kept.unlink()
    assert workspace.head == before
    monkeypatch.setenv("EDITOR", "sed -i s/severe/serious/")
    assert workspace.run("risk", "edit", risk).code == 0
    assert state(workspace, risk)["score"] == "9 medium"


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        (("review: 2026-06-30", "closed: 2025-01-01"), "is closed on 2025-01-01, before it was raised on 2026-02-02"),
        (("impact: severe", "impact: severe\nactions: [T-00000000]"), "there is no action T-00000000"),
        (("raised: 2026-02-02", "raised: 2026-02-02\naccepted: [{by: S, on: 2026-02-01, until: 2026-01-01}]"),
         "is accepted on 2026-02-01 until 2026-01-01, a day before that"),
    ],
)  # fmt: skip
def test_check_finds_what_somebody_wrote_by_hand(workspace, change, sentence):
    risk = added(workspace)
    path = f"evidence/risks/ransomware.{risk[2:]}.yaml"
    workspace.put({path: (workspace.top / path).read_text().replace(*change)})
    answer = workspace.run("check")
    assert answer.code == 1
    assert sentence in answer.out
    assert answer.out.startswith(path)
