"""Two councils and the ICT service that they share, in one workspace: the story from the command line."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest

from ..builders.running import Answer
from ..builders.workspaces import Workspace, begin_workspace, described

CONFIGURATION = """\
format = 1
organisation = "Nether and Upper Example shared services"

[[scopes]]
id = "shared-ict"
title = "Shared ICT Service"
suppliers = ["Acme Hosting"]

[[scopes]]
id = "nether"
title = "Nether Example Council"

[[scopes]]
id = "revenues"
title = "Nether Revenues"
parent = "nether"

[[scopes]]
id = "upper"
title = "Upper Example Council"

[[standards]]
standard = "acme@1"
scopes = ["shared-ict", "nether", "revenues", "upper"]
"""
RULES, SCAN, SECRET = "E-7K2M9QXR", "E-7K2M9QXS", "E-7K2M9QXT"


def filed(identifier: str, name: str, **fields: Any) -> dict[str, str | bytes]:
    path = f"evidence/2026/2026-01-10-{name}.{identifier[2:]}.pdf"
    return {path: name, f"{path}.evidence.yaml": described(identifier, **{"title": name.capitalize(), **fields})}


@pytest.fixture
def workspace(tmp_path: Path, today: date) -> Workspace:
    made = begin_workspace(tmp_path / "work", **{"compliance.toml": CONFIGURATION})
    service, upper = ["shared-ict"], ["upper"]
    made.put(
        filed(RULES, "rules", kind="configuration", date="2025-07-31", controls=["acme:A.2"], scope=service)
        | filed(SCAN, "scan", kind="scan", result="pass", date="2026-01-10", controls=["acme:A.1"], scope=service)
        | filed(
            SECRET, "forced entry", kind="configuration", date="2026-01-10", controls=["acme:A.2"], scope=upper,
            classification="OFFICIAL-SENSITIVE",
        )
    )  # fmt: skip
    for scope in ("nether", "upper"):
        ran(made, "applicability", "start", "acme", "--scope", scope)
    ran(made, "applicability", "inherit", "acme:A.1", "acme:A.2", "--scope", "nether", "--from-scope", "shared-ict")
    return made


def ran(workspace: Workspace, *args: str, code: int = 0) -> Answer:
    answer = workspace.run(*args)
    assert (answer.code, answer.err) == (code, ""), answer
    return answer


def control(workspace: Workspace, scope: str, wanted: str, *args: str) -> dict[str, Any]:
    (assessment,) = ran(workspace, "gaps", "--json", "--scope", scope, *args).json["assessments"]
    (found,) = [one for one in assessment["standards"][0]["controls"] if one["id"] == wanted]
    return dict(found)


def test_when_the_service_goes_stale_so_does_the_council_and_the_report_names_piece_and_day(workspace):
    before = control(workspace, "nether", "A.2", "--on", "2026-01-31")
    assert (before["standing"], before["flag"], before["note"]) == ("lapsing", "inherited", "met by shared-ict")
    after = control(workspace, "nether", "A.2")
    assert after["standing"] == "stale"
    assert after["expectations"][0]["reason"] == (
        "in shared-ict: Rules: dated 2025-07-31; older than 6 months since 2026-02-01"
    )
    assert control(workspace, "upper", "A.1")["standing"] == "missing"
    shown = ran(workspace, "gaps", "--scope", "nether").out
    assert shown.startswith("Nether and Upper Example shared services\nNether Example Council\njudged on 2026-02-02")


def test_what_falls_due_in_the_service_is_on_the_councils_list_marked_and_once_on_everybodys(workspace):
    def rows(*args: str) -> list[tuple[str, str, str]]:
        answer = ran(workspace, "renewals", "--json", *args).json
        return [(one["subject"], one["scope"], one["what"]) for one in answer["renewals"]]

    assert (RULES, "nether", "Rules (inherited from shared-ict)") in rows("--scope", "nether")
    assert [row for row in rows() if row[0] == RULES] == [(RULES, "shared-ict", "Rules")]
    assert rows("--scope", "upper") == [(SECRET, "upper", "Forced entry")]


@pytest.mark.parametrize(
    "question",
    [
        ("gaps",),
        ("gaps", "--json"),
        ("gaps", "--csv", "--only", "evidenced,lapsing,stale,missing,missed"),
        ("gaps", "--markdown"),
        ("gaps", "--explain", "acme:A.2"),
        ("renewals", "--within", "24m"),
        ("renewals", "--json", "--within", "24m"),
    ],
)
def test_what_one_council_keeps_to_itself_is_in_no_answer_for_the_other(workspace, question):
    answer = ran(workspace, *question, "--scope", "nether").out
    assert (SECRET in answer, "Forced entry" in answer, "OFFICIAL-SENSITIVE" in answer) == (False, False, False)
    theirs = ran(workspace, *question, "--scope", "upper").out
    assert SECRET in theirs or "OFFICIAL-SENSITIVE" in theirs


def test_a_control_laid_open_shows_what_is_carried_and_only_what_is_retained_beside_it(workspace):
    shown = ran(workspace, "gaps", "--explain", "acme:A.2", "--scope", "nether")
    assert shown.out == (
        "acme:A.2  Firewall rules\nstale, in nether\nThe rules of the firewall are known and looked at.\n"
        "inherited: met by shared-ict\n\n#inherited:rules: An export of the rules\n"
        "  → stale: in shared-ict: Rules: dated 2025-07-31; older than 6 months since\n    2026-02-01\n"
    )
    given = ("--scope", "nether", "--from-scope", "shared-ict", "--retain", "review")
    ran(workspace, "applicability", "inherit", "acme:A.2", *given)
    (one,) = ran(workspace, "gaps", "--explain", "acme:A.2", "--scope", "nether", "--json").json["explanations"]
    assert [each["id"] for each in one["inherited"]] == ["inherited:rules"]
    assert [each["id"] for each in one["expectations"]] == ["review"]


def test_a_provider_meets_what_the_service_inherits_and_the_council_in_its_turn(workspace):
    certificate, matrix = "E-7K2M9QXC", "E-7K2M9QXM"
    workspace.put(
        filed(certificate, "certificate", kind="certificate", date="2025-04-01", scope=["shared-ict"])
        | filed(matrix, "matrix", kind="contract", date="2025-05-01", scope=["shared-ict"])
    )
    ran(workspace, "applicability", "start", "acme", "--scope", "shared-ict")
    provider = ran(workspace, "provider", "add", "Acme Hosting").out.split()[1]
    ran(workspace, "provider", "assure", provider, certificate, "--service", "hosting")
    ran(workspace, "provider", "matrix", provider, matrix)
    given = ("--scope", "shared-ict", "--provider", provider, "--service", "hosting")
    ran(workspace, "applicability", "inherit", "acme:A.2", *given)
    found = control(workspace, "nether", "A.2")
    assert found["standing"] == "lapsing"
    assert found["expectations"][0]["reason"] == (
        "in shared-ict: Certificate of Acme Hosting: dated 2025-04-01; fresh through 2026-04-01; "
        "responsibility matrix of 2025-05-01"
    )
    assert control(workspace, "nether", "A.2", "--on", "2026-04-02")["standing"] == "stale"
    coming = ran(workspace, "renewals", "--json").json["renewals"]
    assert [(one["due"], one["what"]) for one in coming if one["kind"] == "provider"] == [
        ("2026-04-01", "Acme Hosting: certificate or attestation ends"),
        ("2026-05-01", "Acme Hosting: responsibility matrix to be gone over"),
    ]
    shown = ran(workspace, "scope", "show", "shared-ict").out
    assert "inherits: A.2 of acme@1 from Acme Hosting (hosting)" in shown
    assert "meets: 2 controls for nether" in shown


def test_scopes_are_listed_as_a_tree_with_who_meets_what_for_whom(workspace):
    ran(workspace, "accreditation", "add", "acme", "--scope", "revenues", "--issued", "2025-03-01")
    identifier = workspace.ledger.accreditations[0].id
    assert ran(workspace, "scope", "list").out == (
        "Nether and Upper Example shared services\n\n"
        "shared-ict  Shared ICT Service\n  under: acme@1\n  suppliers: Acme Hosting\n"
        "  meets: 2 controls for nether\n\n"
        "nether  Nether Example Council\n  under: acme@1\n  inherits: A.1, A.2 of acme@1 from shared-ict\n\n"
        "  revenues  Nether Revenues\n    part of: nether\n    under: acme@1\n"
        f"    accreditation: {identifier} acme@1, held until 2028-03-01\n\n"
        "upper  Upper Example Council\n  under: acme@1\n"
    )
    plain = ran(workspace, "scope", "list", "--json").json
    assert (plain["format_version"], [one["id"] for one in plain["scopes"]]) == (
        1,
        ["shared-ict", "nether", "revenues", "upper"],
    )
    assert plain["scopes"][1]["inherits"] == [
        {"standard": "acme@1", "from": "shared-ict", "controls": ["A.1", "A.2"], "retained": []}
    ]


def test_a_scope_is_shown_with_each_control_that_another_meets_and_how_it_stands_there(workspace):
    plain = ran(workspace, "scope", "show", "nether", "--json").json
    assert [(one["control"], one["by"], one["there"], one["here"]) for one in plain["inherited"]] == [
        ("A.1", "shared-ict", "missed", "missed"),
        ("A.2", "shared-ict", "stale", "stale"),
    ]
    shown = ran(workspace, "scope", "show", "nether").out
    assert "A.2      shared-ict  stale   stale   Firewall rules" in shown
    assert max(map(len, shown.splitlines())) <= 80
    assert "met by others" not in ran(workspace, "scope", "show", "upper").out


def test_widening_a_departments_certificate_to_its_council_is_only_a_question(workspace):
    workspace.put(
        filed("E-7K2M9QXP", "policy", kind="policy", date="2026-01-10", controls=["acme:B.1"], scope=["revenues"])
    )
    ran(workspace, "accreditation", "add", "acme", "--scope", "revenues", "--issued", "2025-03-01")
    identifier, before = workspace.ledger.accreditations[0].id, workspace.head
    answer = ran(workspace, "accreditation", "widen", "acme", "--to", "nether", "--json").json
    assert (answer["accreditation"], answer["from"], answer["to"]) == (identifier, "revenues", "nether")
    assert {one["id"]: one["change"] for one in answer["controls"]} == {
        "A.1": "same",
        "A.2": "same",
        "A.3": "same",
        "B.1": "extend",
        "B.2": "same",
        "B.3": "same",
    }
    assert answer["evidence_to_name"] == [{"evidence": "E-7K2M9QXP", "controls": ["B.1"], "approve_again": False}]
    text = ran(workspace, "accreditation", "widen", identifier, "--to", "nether").out
    assert "New gaps in nether: none" in text
    assert "Evidence that would have to name nether: 1, for 1 whole control" in text
    assert text.endswith("Nothing was written: this only asks.\n")
    assert max(map(len, text.splitlines())) <= 80
    later = ran(workspace, "accreditation", "widen", identifier, "--to", "nether", "--on", "2027-02-01").out
    assert "judged on 2027-02-01, as known on 2026-02-02" in later
    assert "would have to name" not in later
    assert (workspace.head, workspace.git("status", "--porcelain")) == (before, "")


def test_widening_says_what_would_be_new_what_to_inherit_and_what_to_decide_anew(workspace):
    of = {"controls": ["acme:A.3"], "scope": ["shared-ict"]}
    workspace.put(filed("E-7K2M9QXG", "register", kind="register", date="2026-01-10", **of))
    ran(workspace, "applicability", "inherit", "acme:A.3", "--scope", "nether", "--from-scope", "shared-ict")
    reason = ("--reason", "Starters are told elsewhere", "--review", "2026-12-31")
    ran(workspace, "applicability", "exclude", "acme:B.2", "--scope", "nether", *reason)
    ran(workspace, "accreditation", "add", "acme", "--scope", "nether", "--issued", "2025-03-01")
    text = ran(workspace, "accreditation", "widen", "acme", "--to", "upper").out
    parts = text.split("\n\n")
    assert parts[1].endswith("acme@1 is in use for upper already.")
    assert parts[2].splitlines()[2:] == [
        "nether                      6    1   1     4    0  20 %",
        "upper, as filed now         6    0   1     5    0  16 %",
        "upper, all extended         6    0   2     4    0  33 %",
    ]
    assert parts[3].startswith("New gaps in upper: 1\n")
    assert "B.2      excluded  missing  Starters" in parts[3]
    assert parts[4].startswith("Gaps in nether and in upper: 3\n")
    assert parts[5:] == [
        "Could be inherited in upper too, met by shared-ict:\n  A.1, A.3",
        "Excluded in nether, to be decided for upper: 1\n"
        "Control  Then     Why it is excluded\n"
        "-------  -------  --------------------------------------------------\n"
        "B.2      missing  Starters are told elsewhere (review by 2026-12-31)",
        "Serves upper already: 1 control\n  A.2",
        "Nothing was written: this only asks.\n",
    ]


def test_a_certificate_is_not_widened_to_a_scope_that_has_ended(workspace):
    ran(workspace, "accreditation", "add", "acme", "--scope", "nether", "--issued", "2025-03-01")
    settings = (workspace.top / "compliance.toml").read_text()
    workspace.write("compliance.toml", settings.replace('id = "upper"\n', 'id = "upper"\nend = 2026-01-31\n'))
    workspace.commit(message="Upper has ended")
    answer = workspace.run("accreditation", "widen", "acme", "--to", "upper")
    assert (answer.code, "upper ended on 2026-01-31" in answer.err) == (2, True), answer
    assert workspace.run("accreditation", "widen", "acme", "--to", "upper", "--on", "2026-01-31").code == 0
