"""`compliance scope add|end|succeed|carry`: scopes that begin, end and take over, in compliance.toml as it stands."""

from __future__ import annotations

from pathlib import Path

import pytest

from ..builders.workspaces import Answer, Workspace


def done(answer: Answer) -> Answer:
    assert answer.code == 0, answer.err
    return answer


def test_a_scope_is_added_after_the_others_and_nothing_else_changes(workspace):
    before = workspace.read("compliance.toml")
    done(workspace.run("scope", "add", "new", "--title", 'The "new" one', "--start", "2026-01-01"))
    after = workspace.read("compliance.toml")
    added = '\n[[scopes]]\nid = "new"\ntitle = "The \\"new\\" one"\nstart = 2026-01-01\n'
    assert after.replace(added, "", 1) == before
    assert [scope.id for scope in workspace.ledger.settings.scopes][-1] == "new"
    assert workspace.run("check").code == 0


@pytest.fixture
def merging(workspace: Workspace, tmp_path: Path) -> tuple[Workspace, str, str]:
    """A scope with evidence and a finding, and a new one that is to take over; with the ids of both."""
    done(workspace.run("scope", "add", "new", "--title", "New", "--start", "2026-01-01"))
    source = tmp_path / "policy.txt"
    source.write_text("We are careful.\n")
    options = ("-k", "policy", "-c", "acme:B.1", "-d", "2026-01-10", "--scope", "corporate")
    policy = done(workspace.run("evidence", "add", str(source), *options)).out.split()[1]
    raised = ("--type", "minor", "--raised", "2026-01-05", "--scope", "corporate")
    finding = done(workspace.run("finding", "add", "Weak", *raised)).out.split()[1]
    return workspace, policy, finding


def test_a_scope_ends_and_another_takes_over_what_is_accepted(merging):
    workspace, policy, finding = merging
    refused = workspace.run("scope", "succeed", "new", "corporate")
    assert (refused.code, "has no end" in refused.err) == (2, True)
    done(workspace.run("scope", "end", "corporate", "--on", "2026-01-31"))
    said = done(workspace.run("scope", "succeed", "new", "corporate")).out
    assert "2 records may be carried over: compliance scope carry new" in said
    listed = done(workspace.run("scope", "carry", "new")).out
    assert (policy in listed, finding in listed) == (True, True)
    assert done(workspace.run("scope", "carry", "new", policy)).err.startswith("This changes:\n  acme:B.1 in new")
    assert workspace.ledger.evidence_by_id(policy).scope == ("corporate", "new")
    assert policy not in done(workspace.run("scope", "carry", "new")).out
    done(workspace.run("scope", "carry", "new", finding))
    (record,) = workspace.ledger.findings
    assert record.scope == ("corporate", "new")
    assert done(workspace.run("scope", "carry", "new")).out == "There is nothing to carry over into new.\n"
    scopes = {scope.id: scope for scope in workspace.ledger.settings.scopes}
    assert (str(scopes["corporate"].end), scopes["new"].succeeds) == ("2026-01-31", ("corporate",))
    assert workspace.run("check").code == 0


def test_two_scopes_become_one(merging):
    workspace, _, _ = merging
    done(workspace.run("scope", "add", "other"))
    for ended in ("corporate", "other"):
        done(workspace.run("scope", "end", ended, "--on", "2026-01-31"))
    done(workspace.run("scope", "succeed", "new", "corporate", "other"))
    assert workspace.ledger.settings.scope("new").succeeds == ("corporate", "other")
    assert 'succeeds = ["corporate", "other"]\n' in workspace.read("compliance.toml")


def test_a_certificate_is_carried_by_its_body_alone(merging):
    workspace, _, _ = merging
    held = ("--scope", "corporate", "--title", "Certificate", "--body", "Assessors", "--issued", "2025-01-10")
    done(workspace.run("accreditation", "add", "acme", *held))
    done(workspace.run("scope", "end", "corporate", "--on", "2026-01-31"))
    said = done(workspace.run("scope", "succeed", "new", "corporate")).out
    assert "the body transfers it, or grants it anew" in said
    assert "compliance accreditation add acme@1 --scope new --issued DATE" in said
