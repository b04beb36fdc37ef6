"""What happens to evidence after it was filed, by the commands: decided, corrected, mapped, replaced, withdrawn."""

from __future__ import annotations

from pathlib import Path

import pytest

from ..builders.workspaces import Answer, Workspace

POLICY = '\n[review]\nkinds = ["policy"]\n'
REVIEWERS = {"ben": ("Ben Head", "ben@example.org"), "cy": ("Cy Board", "cy@example.org")}


@pytest.fixture
def filed(workspace: Workspace, tmp_path: Path) -> tuple[Workspace, str]:
    """A workspace that reviews policies, and the id of one that waits."""
    workspace.put({"compliance.toml": workspace.read("compliance.toml") + POLICY})
    return workspace, file(workspace, tmp_path, "policy", "-c", "acme:B.1", "-d", "2026-01-10")


def file(workspace: Workspace, folder: Path, kind: str, *options: str) -> str:
    source = folder / f"{kind}-{len(list(folder.iterdir()))}.txt"
    source.write_text(f"{source.name} of {options}\n")
    return done(workspace.run("evidence", "add", str(source), "-k", kind, *options)).out.split()[1]


def done(answer: Answer) -> Answer:
    assert answer.code == 0, answer.err
    return answer


def as_person(workspace: Workspace, who: str) -> None:
    name, address = REVIEWERS[who]
    workspace.git("config", "user.name", name)
    workspace.git("config", "user.email", address)


def verdict(workspace: Workspace, control: str = "B.1") -> str:
    (standard,) = workspace.run("gaps", "--json").json["assessments"][0]["standards"]
    (row,) = [row for row in standard["controls"] if row["id"] == control]
    return row["verdict"]


def test_a_policy_counts_once_somebody_else_approves_it(filed):
    workspace, policy = filed
    own = workspace.run("evidence", "approve", policy)
    assert (own.code, "recorded it: another person must" in own.err) == (2, True)
    assert verdict(workspace) == "unapproved"
    as_person(workspace, "ben")
    assert done(workspace.run("evidence", "approve", policy)).out.endswith(": live\n")
    assert verdict(workspace) == "evidenced"
    assert workspace.run("evidence", "approve", policy).out == "You have decided so already; nothing changed\n"
    assert workspace.run("check").code == 0


def test_changes_that_are_asked_for_wait_until_whoever_asked_approves(filed):
    workspace, policy = filed
    as_person(workspace, "ben")
    done(workspace.run("evidence", "approve", policy))
    as_person(workspace, "cy")
    asked = done(workspace.run("evidence", "ask-changes", policy, "--note", "Page 3 is missing"))
    assert "changes asked by Cy Board" in asked.out
    assert verdict(workspace) == "unapproved"
    done(workspace.run("evidence", "reject", policy, "--note", "It is last year's"))
    assert verdict(workspace) == "rejected"
    done(workspace.run("evidence", "approve", policy))
    assert verdict(workspace) == "evidenced"


def test_a_board_approves_by_its_minutes_and_whoever_filed_it_may_record_that(filed, tmp_path):
    workspace, policy = filed
    none = workspace.run("evidence", "approve", policy, "--on-behalf-of", "ICT Board")
    assert (none.code, "needs its minutes" in none.err) == (2, True)
    wrong = workspace.run("evidence", "approve", policy, "--on-behalf-of", "ICT Board", "--minutes", policy)
    assert (wrong.code, "is not of the kind minutes" in wrong.err) == (2, True)
    minutes = file(workspace, tmp_path, "minutes", "-c", "acme:A.3", "-d", "2026-01-20")
    done(workspace.run("evidence", "approve", policy, "--on-behalf-of", "ICT Board", "--minutes", minutes))
    assert verdict(workspace) == "evidenced"
    (decision,) = workspace.ledger.evidence_by_id(policy).decisions
    assert (decision.on_behalf_of, decision.minutes) == ("ICT Board", minutes)


def test_a_correction_keeps_what_was_said_and_shows_what_it_does(filed):
    workspace, policy = filed
    as_person(workspace, "ben")
    done(workspace.run("evidence", "approve", policy))
    correction = ("evidence", "correct", policy, "-d", "2026-01-09", "--reason", "A typo")
    before = workspace.head
    tried = done(workspace.run(*correction, "--dry-run"))
    assert workspace.head == before
    made = done(workspace.run(*correction))
    for answer in (tried, made):
        assert "acme:B.1 in corporate: evidenced → changed" in answer.err
        assert "the approval would not hold any more" in " ".join(answer.err.split())
    piece = workspace.ledger.evidence_by_id(policy)
    (entry,) = piece.corrected
    assert (str(piece.date), entry.was, entry.reason) == ("2026-01-09", {"date": "2026-01-10"}, "A typo")
    again = workspace.run(*correction)
    assert (again.code, "says so already" in again.err) == (2, True)


def test_a_correction_empties_a_field_and_changes_lists(filed):
    workspace, policy = filed
    done(workspace.run("evidence", "correct", policy, "--owner", "Head", "-c", "acme:A.3", "--reason", "Wrong control"))
    done(workspace.run("evidence", "correct", policy, "--clear", "owner", "--reason", "He left"))
    piece = workspace.ledger.evidence_by_id(policy)
    assert ([str(control) for control in piece.controls], piece.owner) == (["acme:A.3"], "")
    assert [entry.was for entry in piece.corrected] == [{"controls": "acme:B.1", "owner": "(none)"}, {"owner": "Head"}]


def test_a_piece_is_mapped_to_more_controls(filed):
    workspace, policy = filed
    done(workspace.run("evidence", "map", policy, "-c", "acme:A.3"))
    assert [str(control) for control in workspace.ledger.evidence_by_id(policy).controls] == ["acme:B.1", "acme:A.3"]
    again = workspace.run("evidence", "map", policy, "-c", "acme:A.3")
    assert (again.code, "is mapped to acme:A.3 already" in again.err) == (2, True)


def test_the_next_version_takes_over_what_is_not_said_and_names_what_it_no_longer_covers(filed, tmp_path):
    workspace, policy = filed
    done(workspace.run("evidence", "map", policy, "-c", "acme:A.3"))
    text = tmp_path / "next.txt"
    text.write_text("We are more careful.\n")
    made = done(workspace.run("evidence", "replace", policy, str(text), "-d", "2026-01-30", "-c", "acme:B.1"))
    assert "No longer covered by it: acme:A.3" in made.err
    successor = workspace.ledger.evidence_by_id(made.out.split()[1])
    before = workspace.ledger.evidence_by_id(policy)
    assert (successor.supersedes, successor.title, successor.kind) == (policy, before.title, before.kind)
    twice = workspace.run("evidence", "replace", policy, str(text), "-d", "2026-01-31")
    assert (twice.code, "was replaced already" in twice.err) == (2, True)


def test_the_next_report_of_a_series_replaces_nothing(workspace, tmp_path):
    scan = file(workspace, tmp_path, "scan", "-c", "acme:A.1#scan", "-r", "pass", "-d", "2025-12-01")
    report = tmp_path / "next.txt"
    report.write_text("Clean.\n")
    made = done(workspace.run("evidence", "replace", scan, str(report), "-d", "2026-02-01", "-r", "pass"))
    assert "The next of its series" in made.err
    assert workspace.ledger.evidence_by_id(made.out.split()[1]).supersedes == ""


def test_what_was_looked_at_and_stays_as_it_is_gets_a_record_of_the_same_bytes(filed, tmp_path):
    workspace, policy = filed
    minutes = file(workspace, tmp_path, "minutes", "-c", "acme:A.3", "-d", "2026-01-20")
    made = done(workspace.run("evidence", "reaffirm", policy, "--on", "2026-01-21", "--minutes", minutes))
    before, renewed = (workspace.ledger.evidence_by_id(id_) for id_ in (policy, made.out.split()[1]))
    assert (renewed.path, renewed.sha256, renewed.supersedes) == (before.path, before.sha256, policy)
    assert (str(renewed.date), renewed.decisions) == ("2026-01-21", ())
    assert "waits for approval" in made.err
    assert workspace.run("check").code == 0


@pytest.mark.parametrize("way", ["invalid", "retired"])
def test_withdrawn_evidence_counts_no_more_and_is_withdrawn_once(filed, way):
    workspace, policy = filed
    as_person(workspace, "ben")
    done(workspace.run("evidence", "approve", policy))
    made = done(workspace.run("evidence", "withdraw", policy, "--as", way, "--reason", "Of another council"))
    assert f"live → {'invalid' if way == 'invalid' else 'retired on'}" in made.out
    assert verdict(workspace) == "missing"
    again = workspace.run("evidence", "withdraw", policy, "--as", way, "--reason", "Again")
    assert (again.code, "was withdrawn on" in again.err) == (2, True)


def test_what_a_rule_maps_is_approved_by_a_record_of_its_own_and_pinned_in_full(workspace):
    rule = "rules:\n  - match: '*.csv'\n    controls: [acme:A.3]\n    kind: register\n    date: 2026-01-05\n"
    review = '\n[review]\nkinds = ["register"]\n'
    workspace.put(
        {
            "evidence/lists/map.yaml": rule,
            "evidence/lists/assets.csv": "asset\nrouter\n",
            "compliance.toml": workspace.read("compliance.toml") + review,
        }
    )
    (piece,) = [item for item in workspace.ledger.evidence if item.path.endswith("assets.csv")]
    done(workspace.run("evidence", "approve", piece.id))
    assert verdict(workspace, "A.3") == "evidenced"
    record = workspace.read(f"{piece.path}.evidence.yaml")
    assert record.startswith(f"id: {piece.id}\ndecisions:\n")
    assert workspace.run("check").code == 0
    done(workspace.run("evidence", "pin", piece.id))
    assert "kind: register\ndate: 2026-01-05\ncontrols:" in workspace.read(f"{piece.path}.evidence.yaml")
    assert verdict(workspace, "A.3") == "evidenced"
    workspace.put({"evidence/lists/assets.csv": "asset\nrouter\nswitch\n"})
    assert verdict(workspace, "A.3") == "changed"
