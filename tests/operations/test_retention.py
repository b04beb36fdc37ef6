"""Evidence past its day: listed, kept on while something needs it, disposed of, and erased where the law says so."""

from __future__ import annotations

from pathlib import Path

import pytest

from ..builders.workspaces import Answer, Workspace

KEPT = '\n[retention]\ncontract = "1 month"\n'


def done(answer: Answer) -> Answer:
    assert answer.code == 0, answer.err
    return answer


@pytest.fixture
def filed(workspace: Workspace, tmp_path: Path) -> tuple[Workspace, str]:
    """A workspace that keeps contracts a month, and the id of one of December, whose day has passed."""
    workspace.put({"compliance.toml": workspace.read("compliance.toml") + KEPT})
    source = tmp_path / "cover.txt"
    source.write_text("Cover for the holidays.\n")
    added = workspace.run("evidence", "add", str(source), "-k", "contract", "-c", "acme:B.3", "-d", "2025-12-10")
    return workspace, done(added).out.split()[1]


def test_what_is_past_its_day_is_listed_and_today_says_so(filed):
    workspace, contract = filed
    listed = done(workspace.run("retention", "list"))
    assert (contract in listed.out, "2026-01-10" in listed.out, "1 piece may go" in listed.out) == (True, True, True)
    assert "1 piece of evidence is past the day: compliance retention list" in workspace.run("today").out


def test_disposed_evidence_leaves_a_tombstone_and_no_file(filed):
    workspace, contract = filed
    path = workspace.ledger.evidence_by_id(contract).path
    made = done(workspace.run("evidence", "dispose", contract, "--authority", "Schedule 4.2"))
    assert "acme:B.3 in corporate: evidenced → missing" in made.err
    assert not (workspace.top / path).exists()
    assert path not in workspace.git("ls-tree", "-r", "--name-only", "HEAD").splitlines()
    piece = workspace.ledger.evidence_by_id(contract)
    assert (piece.erased.authority, bool(piece.sha256)) == ("Schedule 4.2", True)
    assert workspace.run("check").code == 0
    assert workspace.run("retention", "list").out == "Nothing is past its day.\n"
    again = workspace.run("evidence", "dispose", contract, "--authority", "Schedule 4.2")
    assert (again.code, "is gone since" in again.err) == (2, True)


def test_what_an_open_record_needs_is_kept_on(filed):
    workspace, contract = filed
    raised = ("--type", "minor", "--raised", "2025-12-01")
    finding = done(workspace.run("finding", "add", "No cover", *raised)).out.split()[1]
    done(workspace.run("finding", "close", finding, contract, "--on", "2026-01-05", "--check-by", "2026-06-30"))
    refused = workspace.run("evidence", "dispose", contract, "--authority", "Schedule 4.2")
    assert (refused.code, f"is needed: finding {finding} No cover" in refused.err) == (2, True)
    assert f"needed by finding {finding} No cover" in workspace.run("retention", "list").out
    done(workspace.run("finding", "check", finding, "--effective"))
    done(workspace.run("evidence", "dispose", contract, "--authority", "Schedule 4.2"))


def test_what_was_made_in_the_present_cycle_of_a_certificate_is_kept_on(filed):
    workspace, contract = filed
    held = ("--scope", "corporate", "--title", "Certificate", "--body", "Assessors", "--issued", "2025-06-10")
    done(workspace.run("accreditation", "add", "acme", *held))
    refused = workspace.run("evidence", "dispose", contract, "--authority", "Schedule 4.2")
    assert (refused.code, "is needed: the present cycle of A-" in refused.err) == (2, True)


def test_what_is_held_stays_until_it_is_released(filed):
    workspace, contract = filed
    done(workspace.run("evidence", "hold", contract, "--reason", "A request under FOI"))
    assert "held since 2026-02-02: A request under FOI" in workspace.run("retention", "list").out
    for line in (
        ("dispose", contract, "--authority", "Schedule 4.2"),
        ("erase", contract, "--reason", "Asked", "--authority", "UK GDPR, article 17"),
        ("hold", contract, "--reason", "Again"),
    ):
        answer = workspace.run("evidence", *line)
        assert (answer.code, "held" in answer.err) == (2, True)
    done(workspace.run("evidence", "release", contract))
    done(workspace.run("evidence", "dispose", contract, "--authority", "Schedule 4.2"))


def test_what_the_law_wants_gone_is_erased_before_its_day_and_it_is_said_what_stays(filed, tmp_path):
    workspace, _ = filed
    source = tmp_path / "rota.txt"
    source.write_text("Names.\n")
    added = workspace.run("evidence", "add", str(source), "-k", "record", "-c", "acme:B.3", "-d", "2026-01-10")
    rota = done(added).out.split()[1]
    kept = workspace.run("evidence", "dispose", rota, "--authority", "Schedule 4.2")
    assert (kept.code, "has no day until which it is kept" in kept.err) == (2, True)
    made = done(workspace.run("evidence", "erase", rota, "--reason", "Asked", "--authority", "UK GDPR, article 17"))
    assert "still in every earlier commit" in " ".join(made.err.split())
    assert workspace.ledger.evidence_by_id(rota).erased.reason == "Asked"
    assert workspace.run("check").code == 0
    done(workspace.run("undo"))
    assert workspace.ledger.evidence_by_id(rota).erased is None


def test_bytes_with_two_records_go_with_both(filed, tmp_path):
    workspace, contract = filed
    other = done(
        workspace.run(
            *("evidence", "add", str(tmp_path / "cover.txt"), "-k", "contract", "-c", "acme:B.3", "-d", "2025-12-11")
        )
    ).out.split()[1]
    refused = workspace.run("evidence", "dispose", contract, "--authority", "Schedule 4.2")
    assert (refused.code, "is a record of the same bytes" in refused.err) == (2, True)
    done(workspace.run("evidence", "dispose", contract, other, "--authority", "Schedule 4.2"))
    assert workspace.run("check").code == 0
