"""`compliance event` and `compliance provider`: they drive what is asked for, and carry what is inherited."""

from __future__ import annotations

import json
from datetime import date

import pytest

from ..builders.workspaces import Workspace, described

CERTIFICATE, MATRIX = "E-7K2M9QXC", "E-7K2M9QXM"


def test_an_event_asks_for_evidence_and_a_nil_return_says_that_none_is_due(workspace):
    kind = workspace.ledger.catalogues[0].events[0].id
    answer = workspace.run("event", "add", kind, "--on", "2026-01-15", "-t", "New firewall")
    assert answer.code == 0, answer.err
    identifier = answer.out.split()[1]
    assert answer.out == f"Recorded {identifier}  New firewall\n"
    assert workspace.ledger.events[0].date == date(2026, 1, 15)
    answer = workspace.run("event", "nil", kind, "--period", "2025-02-01/2026-01-14")
    assert answer.code == 0, answer.err
    assert [(one.nil, str(one.period)) for one in workspace.ledger.events if one.nil] == [
        (True, "2025-02-01/2026-01-14")
    ]
    assert workspace.run("check").code == 0
    listed = workspace.run("event", "list").out.splitlines()
    assert [line.split()[1] for line in listed[2:] if line.startswith("V-")] == ["2026-02-02", "2026-01-15"]


@pytest.mark.parametrize(
    ("command", "sentence"),
    [
        (("add", "full-moon"), "no standard in use asks for events of the type “full-moon”"),
        (("nil", "full-moon", "--period", "2025-01-01/2025-12-31"), "no standard in use asks for events of the type"),
    ],
)
def test_an_unknown_type_is_refused(workspace, command, sentence):
    before = workspace.head
    answer = workspace.run("event", *command)
    assert (answer.code, sentence in answer.err) == (2, True), answer.err
    assert workspace.head == before


@pytest.mark.parametrize("command", [("add", "--on", "2026-02-03"), ("nil", "--period", "2025-02-03/2026-02-03")])
def test_the_future_is_not_recorded(workspace, command):
    kind = workspace.ledger.catalogues[0].events[0].id
    answer = workspace.run("event", command[0], kind, *command[1:])
    assert (answer.code, "2026-02-03 lies in the future" in answer.err) == (2, True)


def filed(workspace: Workspace) -> None:
    for identifier, name, more in (
        (CERTIFICATE, "certificate", {"kind": "certificate", "date": "2026-01-10", "valid_until": "2026-05-31"}),
        (MATRIX, "matrix", {"kind": "contract", "date": "2026-01-10"}),
    ):
        path = f"evidence/2026/2026-01-10-{name}.{identifier[2:]}.pdf"
        record = described(identifier, **more).replace("valid_until", "valid-until")
        workspace.put({path: name, f"{path}.evidence.yaml": record})


def test_a_provider_is_relied_on_with_certificate_and_matrix_until_the_certificate_ends(workspace):
    filed(workspace)
    provider = workspace.run("provider", "add", "Example Hosting").out.split()[1]

    def state(on: str) -> str:
        return json.loads(workspace.run("provider", "show", provider, "--on", on, "--json").out)["provider"]["state"]

    assert state("2026-02-02") == "no certificate"
    answer = workspace.run("provider", "assure", provider, CERTIFICATE, "--service", "hosting")
    assert answer.out == f"Recorded {provider}: {CERTIFICATE} covers hosting\n"
    assert state("2026-02-02") == "no matrix"
    workspace.run("provider", "matrix", provider, MATRIX)
    assert (state("2026-05-31"), state("2026-06-01")) == ("relied on", "lapsed")
    due = json.loads(workspace.run("renewals", "--json").out)["renewals"]
    assert [(one["due"], one["kind"]) for one in due if one["subject"] == provider] == [("2026-05-31", "provider")]
    assert workspace.run("check").code == 0


@pytest.mark.parametrize("word", ["assure", "matrix"])
def test_a_provider_is_not_assured_by_what_was_withdrawn_and_check_says_when_it_is(workspace, word):
    filed(workspace)
    provider = workspace.run("provider", "add", "Example Hosting").out.split()[1]
    piece, more = (CERTIFICATE, ("--service", "hosting")) if word == "assure" else (MATRIX, ())
    deed = "assures its services" if word == "assure" else "is its responsibility matrix"
    (path,) = [item.record for item in workspace.ledger.evidence if item.id == piece]
    text = (workspace.top / path).read_text(encoding="utf-8")
    withdrawn = f"{text}withdrawn: {{by: A. Officer, on: 2026-01-20, reason: Not theirs, as: invalid}}\n"
    workspace.put({path: withdrawn})
    refused = workspace.run("provider", word, provider, piece, *more)
    assert refused.code == 2
    assert f"error: {piece} {deed}, and is invalid (Not theirs)" in refused.err
    workspace.put({path: text})
    assert workspace.run("provider", word, provider, piece, *more).code == 0
    workspace.put({path: withdrawn})
    assert f"warning: {piece} {deed}, and is invalid (Not theirs)" in workspace.run("check").out


def test_a_provider_is_not_assured_by_what_nobody_filed(workspace):
    provider = workspace.run("provider", "add", "Example Hosting").out.split()[1]
    answer = workspace.run("provider", "assure", provider, "E-00000000", "--service", "hosting")
    assert (answer.code, "there is no evidence E-00000000" in answer.err) == (2, True)
    assert workspace.ledger.providers[0].assurances == ()
