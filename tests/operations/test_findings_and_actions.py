"""`compliance finding` and `compliance action`: promised, moved, closed with evidence, checked for effect."""

from __future__ import annotations

import json

import pytest

from ..builders.workspaces import Workspace, described

PROOF = "E-7K2M9QXT"


@pytest.fixture
def workspace(workspace: Workspace) -> Workspace:
    path = "evidence/2026/2026-01-20-leavers.7K2M9QXT.csv"
    workspace.put({path: "a,b\n", f"{path}.evidence.yaml": described(PROOF, kind="record", controls="[acme:B.3]")})
    return workspace


def added(workspace: Workspace, *command: str) -> str:
    answer = workspace.run(*command)
    assert answer.code == 0, answer.err
    return answer.out.split()[1]


def a_finding(workspace: Workspace, kind: str = "major", *more: str) -> str:
    return added(workspace, "finding", "add", "Leavers keep accounts", "--type", kind, "-c", "acme:B.3", *more)


def shown(workspace: Workspace, register: str, record: str, on: str = "2026-02-02") -> dict:
    return json.loads(workspace.run(register, "show", record, "--on", on, "--json").out)[register]


def reasons(workspace: Workspace, on: str) -> list[str]:
    report = json.loads(workspace.run("gaps", "--on", on, "--json").out)
    (standard,) = report["assessments"][0]["standards"]
    (control,) = [one for one in standard["controls"] if one["id"] == "B.3"]
    return [one["kind"] for one in control["reasons"]]


def test_an_open_major_finding_is_a_gap_until_it_is_closed_and_again_if_that_did_not_work(workspace):
    finding = a_finding(workspace, "major", "--raised", "2026-01-15", "--due", "2026-03-01")
    assert reasons(workspace, "2026-01-14") == []
    assert reasons(workspace, "2026-02-02") == ["open-major"]
    closed = workspace.run("finding", "close", finding, PROOF, "--on", "2026-02-01", "--check-by", "2026-05-01")
    assert closed.code == 0, closed.err
    assert reasons(workspace, "2026-01-31") == ["open-major"]
    assert reasons(workspace, "2026-02-02") == []
    assert shown(workspace, "finding", finding)["state"] == "to be checked"
    due = json.loads(workspace.run("renewals", "--json").out)["renewals"]
    assert [one["due"] for one in due if one["subject"] == finding] == ["2026-05-01"]
    checked = workspace.run("finding", "check", finding, "--not-effective", "--note", "Two more leavers")
    assert checked.out == f"Recorded {finding}: not effective: open again\n"
    assert reasons(workspace, "2026-02-02") == ["open-major"]
    assert workspace.run("check").code == 0


@pytest.mark.parametrize("kind", ["minor", "observation", "opportunity", "critical", "high", "medium", "low"])
def test_only_a_major_finding_is_a_gap(workspace, kind):
    a_finding(workspace, kind)
    assert reasons(workspace, "2026-02-02") == []


def test_a_day_that_moves_keeps_its_history(workspace):
    action = added(workspace, "action", "add", "Script for leavers", "--due", "2026-02-10")
    refused = workspace.run("action", "promise", action, "--due", "2026-03-10")
    assert (refused.code, "without a reason" in refused.err) == (2, True)
    workspace.run("action", "promise", action, "--due", "2026-03-10", "--reason", "Staff ill")
    answer = workspace.run("action", "promise", action, "--due", "2026-03-24", "--reason", "Supplier late")
    assert answer.out == (
        f"Recorded {action}: due 2026-03-24 (first promised for 2026-02-10, moved twice, 42 days later in all)\n"
    )
    record = shown(workspace, "action", action, on="2026-03-25")
    assert (record["state"], record["due"]) == ("overdue", "2026-03-24")
    assert [one["due"] for one in record["promised"]] == ["2026-02-10", "2026-03-10", "2026-03-24"]
    assert workspace.run("action", "list").out.splitlines()[2].split()[:4] == [action, "2026-03-24", "+42", "open"]
    (due,) = json.loads(workspace.run("renewals", "--json").out)["renewals"]
    assert (due["due"], due["kind"], "42 days late" in due["todo"]) == ("2026-03-24", "action", True)


def test_a_finding_waits_for_its_actions(workspace):
    finding = a_finding(workspace)
    action = added(workspace, "action", "add", "Script", "--due", "2026-02-10", "--finding", finding)
    refused = workspace.run("finding", "close", finding, PROOF)
    assert (refused.code, action in refused.err) == (2, True)
    assert workspace.run("action", "close", action, PROOF).code == 0
    assert workspace.run("finding", "close", finding, PROOF).code == 0
    assert workspace.run("finding", "list").out.startswith("No finding is open; 1 recorded:")


def test_nothing_is_closed_by_evidence_that_is_not_there(workspace):
    action = added(workspace, "action", "add", "Script", "--due", "2026-02-10")
    before = workspace.head
    answer = workspace.run("action", "close", action, "E-00000000")
    assert (answer.code, "there is no evidence E-00000000" in answer.err) == (2, True)
    assert workspace.run("action", "close", action).code == 2
    assert workspace.head == before
    assert workspace.git("status", "--porcelain") == ""


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("closed: {on: 2026-01-31}", "is closed without evidence"),
        ("closed: {on: 2026-01-01, evidence: [E-7K2M9QXT]}", "is closed on 2026-01-01, before it was raised"),
        ("promised: [{due: 2026-01-01}]", "is promised for 2026-01-01, before it was raised on 2026-01-31"),
        ("check: {due: 2026-03-01, on: 2026-02-01, effective: yes}", "was checked for effect before it was closed"),
        ("check: {due: 2026-03-01, on: 2026-02-01}", "half an outcome"),
        ("findings: [F-00000000]", "there is no finding F-00000000"),
    ],
)
def test_check_finds_what_somebody_wrote_by_hand(workspace, text, sentence):
    path = "evidence/actions/script.7K2M9QXA.yaml"
    workspace.put({path: f"id: T-7K2M9QXA\ntitle: Script\nraised: 2026-01-31\n{text}\n"})
    answer = workspace.run("check")
    assert answer.code == 1
    assert sentence in answer.out


RECORD = "evidence/2026/2026-01-20-leavers.7K2M9QXT.csv.evidence.yaml"
ENDED = {
    "invalid (Wrong list)": "withdrawn: {by: A. Officer, on: 2026-01-25, reason: Wrong list, as: invalid}\n",
    "retired on 2026-01-25 (Gone)": "withdrawn: {by: A. Officer, on: 2026-01-25, reason: Gone, as: retired}\n",
    "rejected (rejected by B. Reviewer on 2026-01-25: Blurred)": (
        "decisions: [{decision: rejected, by: B. Reviewer, on: 2026-01-25, note: Blurred}]\n"
    ),
    "erased on 2026-01-25 (A person asked)": (
        "erased: {by: A. Officer, on: 2026-01-25, reason: A person asked, authority: UK GDPR 17}\n"
    ),
}
CLOSINGS = ("finding", "action", "deadline", "request")


def closing(workspace: Workspace, what: str) -> tuple[str, ...]:
    """Records something that evidence closes, and gives the command that closes it."""
    if what == "finding":
        return ("finding", "close", a_finding(workspace, "critical", "--raised", "2026-01-15"), PROOF)
    if what == "action":
        action = added(workspace, "action", "add", "Close them", "--due", "2026-03-01")
        return ("action", "close", action, PROOF)
    if what == "deadline":
        deadline = added(workspace, "deadline", "add", "Renewal", "-k", "contract", "--date", "2026-02-02")
        return ("deadline", "done", deadline, PROOF)
    audit = added(workspace, "audit", "add", "Visit", "--type", "surveillance", "--on", "2026-02-02")
    workspace.run("audit", "request", "add", audit, "1", "The leavers")
    return ("audit", "request", "answer", audit, "1", PROOF)


@pytest.mark.parametrize("what", CLOSINGS)
@pytest.mark.parametrize("words", ENDED)
def test_nothing_is_closed_answered_or_met_by_evidence_that_is_not_live(workspace, what, words):
    """Withdrawn, rejected and erased evidence is refused, with what became of it."""
    text = described(PROOF, kind="record", date="2026-01-20", controls="[acme:B.3]")
    workspace.put({RECORD: text + ENDED[words]})
    command = closing(workspace, what)
    before = workspace.head
    refused = workspace.run(*command)
    assert refused.code == 2, refused
    assert f"error: {PROOF} " in refused.err
    assert f", and is {words}\n" in refused.err
    assert "hint: name evidence that is live: compliance evidence list" in refused.err
    assert workspace.head == before


@pytest.mark.parametrize("what", CLOSINGS)
def test_nothing_is_closed_by_evidence_that_was_superseded(workspace, what):
    text = described(PROOF, kind="record", date="2026-01-20", controls="[acme:B.3]")
    path = "evidence/2026/2026-01-30-leavers.7K2M9QXV.csv"
    newer = described("E-7K2M9QXV", kind="record", date="2026-01-30", controls="[acme:B.3]", supersedes=PROOF)
    workspace.put({RECORD: text, path: "a,b\n", f"{path}.evidence.yaml": newer})
    refused = workspace.run(*closing(workspace, what))
    assert (refused.code, ", and is superseded by E-7K2M9QXV\n" in refused.err) == (2, True), refused


@pytest.mark.parametrize("what", CLOSINGS)
def test_check_says_when_what_closed_something_is_live_no_more(workspace, what):
    """What never counted is an error, what was retired since a warning."""
    text = described(PROOF, kind="record", date="2026-01-20", controls="[acme:B.3]")
    workspace.put({RECORD: text})
    answer = workspace.run(*closing(workspace, what))
    assert answer.code == 0, answer
    assert workspace.run("check").code == 0
    workspace.put({RECORD: text + ENDED["invalid (Wrong list)"]})
    checked = workspace.run("check")
    assert (checked.code, f"error: {PROOF} " in checked.out) == (1, True), checked


def test_what_was_retired_after_it_closed_a_finding_is_a_warning(workspace):
    text = described(PROOF, kind="record", date="2026-01-20", controls="[acme:B.3]")
    workspace.put({RECORD: text})
    finding = a_finding(workspace, "critical", "--raised", "2026-01-15")
    assert workspace.run("finding", "close", finding, PROOF, "--on", "2026-01-21").code == 0
    workspace.put({RECORD: text + ENDED["retired on 2026-01-25 (Gone)"]}, when="2026-02-01")
    checked = workspace.run("check")
    assert checked.code == 0
    assert f"warning: {PROOF} closes it, and is live no more: retired on 2026-01-25 (Gone)" in checked.out


def test_evidence_older_than_the_finding_closes_it_with_a_warning(workspace):
    workspace.put({RECORD: described(PROOF, kind="record", date="2026-01-10", controls="[acme:B.3]")})
    finding = a_finding(workspace, "critical", "--raised", "2026-01-15")
    answer = workspace.run("finding", "close", finding, PROOF)
    assert answer.code == 0
    assert f"warning: {PROOF} closes it, and is dated 2026-01-10, before 2026-01-15" in answer.err


@pytest.mark.parametrize("what", CLOSINGS)
def test_evidence_without_a_date_closes_with_a_warning(workspace, what):
    workspace.put({RECORD: described(PROOF, kind="record", controls="[acme:B.3]")})
    answer = workspace.run(*closing(workspace, what))
    assert answer.code == 0, answer
    assert f"warning: {PROOF} " in answer.err
    assert ", and has no date that tells when it was made\n" in answer.err
