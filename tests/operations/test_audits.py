"""`compliance audit`: planned, asked about, held; and the gaps that it will find."""

from __future__ import annotations

import json

import pytest

from ..builders.workspaces import Workspace, described

PROOF = "E-7K2M9QXT"
CERTIFICATE = """\
id: A-CERT0001
standard: acme@1
scope: corporate
body: Example Certification
cycles:
  - {granted: 2025-06-02, certificate: EC-1}
"""
VISIT = ("audit", "add", "First visit", "--type", "surveillance", "--on", "2026-05-12", "--until", "2026-05-13")


@pytest.fixture
def workspace(workspace: Workspace) -> Workspace:
    path = "evidence/2026/2026-01-20-policy.7K2M9QXT.txt"
    workspace.put(
        {
            path: "Be careful.\n",
            f"{path}.evidence.yaml": described(PROOF, kind="policy", controls="[acme:B.1]", date="2026-01-20"),
            "evidence/accreditations/acme-corporate.CERT0001.yaml": CERTIFICATE,
        },
        when="2026-01-30",
    )
    return workspace


def added(workspace: Workspace, *command: str) -> str:
    answer = workspace.run(*command)
    assert answer.code == 0, answer.err
    return answer.out.split()[1]


@pytest.fixture
def visit(workspace: Workspace) -> str:
    return added(workspace, *VISIT, "--accreditation", "acme", "-c", "acme:B.1", "-c", "acme:A.2")


def shown(workspace: Workspace, audit: str, on: str = "2026-02-02") -> dict:
    return json.loads(workspace.run("audit", "show", audit, "--on", on, "--json").out)["audit"]


def due(workspace: Workspace, on: str = "2026-02-02", kind: str = "audit") -> list[tuple[str, str]]:
    rows = json.loads(workspace.run("renewals", "--on", on, "--json").out)["renewals"]
    return [(one["due"], one["subject"]) for one in rows if one["kind"] == kind]


def test_an_audit_takes_what_it_looks_at_from_its_accreditation(workspace, visit):
    record = workspace.read(f"evidence/audits/first-visit.{visit[2:]}.yaml")
    assert record.startswith(
        f"id: {visit}\ntype: surveillance\ntitle: First visit\non: 2026-05-12\nuntil: 2026-05-13\n"
        "standards: [acme@1]\nscope: [corporate]\naccreditation: A-CERT0001\nevent: surveillance\n"
    )
    assert workspace.git("show", "-s", "--format=%s") == f"audit: First visit ({visit})"
    assert workspace.run("check").code == 0


def test_a_planned_audit_is_one_row_with_its_scheme_and_a_held_one_is_none(workspace, visit):
    assert due(workspace) == [("2026-05-12", "A-CERT0001")]
    shown_row = workspace.run("renewals").out
    assert f"compliance gaps --for-audit {visit}" in " ".join(shown_row.split())
    refused = workspace.run("audit", "hold", visit)
    assert (refused.code, "lies in the future" in refused.err) == (2, True)
    held = workspace.run("audit", "hold", visit, "--on", "2026-01-27", "--outcome", "passed", "--report", PROOF.lower())
    assert held.out == f"Recorded {visit}: held on 2026-01-27: passed\n"
    assert shown(workspace, visit) | {"recorded": 0, "accreditation": 0} == {
        "id": visit,
        "type": "surveillance",
        "title": "First visit",
        "on": "2026-01-27",
        "until": "2026-01-28",
        "standards": ["acme@1"],
        "scope": ["corporate"],
        "accreditation": 0,
        "event": "surveillance",
        "controls": ["acme:B.1", "acme:A.2"],
        "held": True,
        "outcome": "passed",
        "report": PROOF,
        "recorded": 0,
        "state": "held",
        "requests": [],
        "findings": [],
        "actions": [],
    }
    assert due(workspace, on="2026-02-02") == []
    assert "2026-01-27  surveillance (passed): " + visit in workspace.run("accreditation", "show", "acme").out
    file = "evidence/accreditations/acme-corporate.CERT0001.yaml"
    assert workspace.read(file) == CERTIFICATE
    again = workspace.run("audit", "hold", visit)
    assert again.out == f"{visit} is recorded as held on 2026-01-27 already; nothing changed\n"


def test_an_audit_that_nobody_says_was_held_stays_listed(workspace, visit):
    workspace.run("audit", "add", "Own look", "--type", "internal", "--on", "2026-03-03", "-s", "acme")
    listed = workspace.run("audit", "list", "--on", "2026-03-04").out
    assert "not recorded as held" in listed
    assert "Record that it was held" in " ".join(workspace.run("renewals", "--on", "2026-03-04").out.split())
    assert json.loads(workspace.run("audit", "list", "--on", "2026-05-13", "--json").out)["audits"][1]["state"] == (
        "under way"
    )


def test_requests_are_asked_answered_and_declined(workspace, visit):
    for number, text in (("1", "The policy"), ("2", "The scans"), ("A 3", "The canteen's menu")):
        assert workspace.run("audit", "request", "add", visit, number, text, "--due", "2026-02-20").code == 0
    assert due(workspace, kind="request") == [("2026-02-20", visit)] * 3
    assert "2 requests still open" in workspace.run("audit", "request", "answer", visit, "1", PROOF).out
    declined = workspace.run("audit", "request", "decline", visit, "a 3", "--reason", "Not in scope")
    assert declined.out == f"Recorded request A 3 of {visit}: declined\n  1 request still open\n"
    assert [(one["id"], one["state"]) for one in shown(workspace, visit)["requests"]] == [
        ("1", "answered"),
        ("2", "open"),
        ("A 3", "declined"),
    ]
    assert shown(workspace, visit, on="2026-02-21")["requests"][1]["state"] == "overdue"
    for command in (("audit", "request", "list"), ("evidence", "requests")):
        listed = json.loads(workspace.run(*command, "--json").out)["requests"]
        assert [(one["audit"], one["id"], one["due"]) for one in listed] == [(visit, "2", "2026-02-20")]
    assert len(json.loads(workspace.run("evidence", "requests", "--all", "--json").out)["requests"]) == 3
    assert "request 2: The scans" in " ".join(workspace.run("today", "--on", "2026-02-18").out.split())
    assert workspace.run("check").code == 0


def test_an_answer_undoes_a_refusal_and_is_given_once(workspace, visit):
    workspace.run("audit", "request", "add", visit, "1", "The policy")
    workspace.run("audit", "request", "decline", visit, "1", "--reason", "Lost")
    answered = workspace.run("audit", "request", "answer", visit, "1", PROOF, PROOF)
    assert "it is declined no more (it was: Lost)" in answered.out
    before = workspace.head
    assert "nothing changed" in workspace.run("audit", "request", "answer", visit, "1", PROOF).out
    refused = workspace.run("audit", "request", "decline", visit, "1", "--reason", "Lost")
    assert (refused.code, f"is answered by {PROOF}" in refused.err) == (2, True)
    assert workspace.head == before


def test_the_gaps_of_an_audit_are_those_of_its_day_its_scopes_and_its_sample(workspace, visit):
    report = json.loads(workspace.run("gaps", "--for-audit", visit, "--json").out)
    (standard,) = report["assessments"][0]["standards"]
    assert [one["id"] for one in standard["controls"]] == ["A.2", "B.1"]
    assert report["total"]["controls"] == 2
    assert report["provenance"]["on"] == "2026-05-12"
    assert report["provenance"]["known"] == "2026-02-02"
    assert report["provenance"]["audit"] | {"title": ""} == {
        "id": visit,
        "title": "",
        "type": "surveillance",
        "on": "2026-05-12",
        "until": "2026-05-13",
        "sampled": 2,
        "controls": 6,
    }
    said = workspace.run("gaps", "--for-audit", visit).out
    head = f"For the audit {visit}, First visit (surveillance), 2026-05-12 to 2026-05-13; 2 of 6 controls sampled"
    assert head in " ".join(said.split())
    assert "audit" not in json.loads(workspace.run("gaps", "--json").out)["provenance"]
    assert workspace.run("gaps", "--for-audit", visit, "--fail-on", "missing").code == 1
    target = workspace.top.parent / "for.html"
    assert workspace.run("report", "gaps", "--for-audit", visit, "-o", str(target)).code == 0
    assert head in target.read_text()


def test_an_audit_without_a_sample_looks_at_everything_it_names(workspace):
    whole = added(workspace, "audit", "add", "Own look", "--type", "internal", "--on", "2026-03-03")
    assert json.loads(workspace.run("gaps", "--for-audit", whole, "--json").out)["total"]["controls"] == 6
    assert "sampled" not in workspace.run("gaps", "--for-audit", whole).out


def test_its_findings_and_the_actions_about_them_are_shown_with_it(workspace, visit):
    finding = added(workspace, "finding", "add", "No cover", "--type", "minor", "--audit", visit, "-c", "acme:B.3")
    action = added(workspace, "action", "add", "Train two", "--due", "2026-03-01", "--finding", finding)
    added(workspace, "action", "add", "Something else", "--due", "2026-03-01")
    seen = shown(workspace, visit)
    assert [(one["id"], one["open"]) for one in seen["findings"]] == [(finding, True)]
    assert [(one["id"], one["findings"]) for one in seen["actions"]] == [(action, [finding])]
    text = workspace.run("audit", "show", visit).out
    assert finding in text
    assert "Train two" in text
    assert "Something else" not in text
    assert max(len(line) for line in text.splitlines()) <= 80


def test_check_says_where_audit_and_accreditation_differ(workspace, visit):
    path = "evidence/accreditations/acme-corporate.CERT0001.yaml"
    workspace.put({path: CERTIFICATE + "planned:\n  - {event: surveillance, on: 2026-04-14}\n"}, when="2026-02-01")
    found = workspace.run("check")
    assert found.code == 0
    assert f"evidence/audits/first-visit.{visit[2:]}.yaml:4:5: warning: is planned for 2026-05-12" in found.out
    assert due(workspace) == [("2026-05-12", "A-CERT0001")]
    done = CERTIFICATE.replace("EC-1}", "EC-1, events: [{event: surveillance, on: 2026-01-20}]}")
    workspace.put({path: done}, when="2026-02-01")
    assert workspace.run("audit", "hold", visit, "--on", "2026-01-27").code == 0
    assert "was held on 2026-01-27, and A-CERT0001 has its surveillance on 2026-01-20" in workspace.run("check").out
    workspace.put({path: done.replace("01-20", "01-28")}, when="2026-02-02")
    assert workspace.run("check").out == "0 errors, 0 warnings\n"


def test_a_grant_is_never_taken_from_an_audit(workspace):
    audit = added(
        workspace, "audit", "add", "Again", "--type", "recertification", "--on", "2026-01-28", "--accreditation", "acme"
    )
    said = workspace.run("audit", "hold", audit).out
    assert "when the certificate is granted: compliance accreditation renew A-CERT0001" in said
    assert json.loads(workspace.run("accreditation", "show", "acme", "--json").out)["accreditation"]["until"] == (
        "2028-06-02"
    )
