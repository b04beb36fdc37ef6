"""`standards migrate`: what can go along goes, the rest is named with its place, and nothing is half done."""

from __future__ import annotations

import hashlib
import json
from datetime import date

import pytest

from compliance.domain.ledger.approval import parts, stamp
from compliance.domain.ledger.control_index import ControlIndex

from ..builders.running import Answer
from ..builders.workspaces import CATALOGUE, CONFIGURATION, Workspace, begin_workspace, described

NEWER = (
    CATALOGUE.replace("version: 1\n", "version: 2\nfollows: acme@1\n")
    .replace("id: A.3\n", "id: A.4\n        was: [A.3]\n")
    .replace("id: A.2\n", "id: A.2\n        revised: Cloud firewalls count too.\n")
    .replace("id: B.2\n", "id: B.4\n        was: [B.2, B.3]\n")
    .replace("id: B.3\n", "id: B.5\n        was: []\n")
)
RULES = """\
# Mapped by the registrar.
rules:
    - match: "assets/*.csv"     # every export
      kind: register
      controls:
          - acme:A.3            # the register
          - 'acme:A.2#rules'    # firewall as asset
          - other:1
      date: name
    - match: "cover/*.txt"
      kind: record
      also: [acme:B.3, acme:A.1]
      date: 2026-01-03
"""
SOA = """\
id: S-acme
standard: acme
scope: corporate
version: "3"
approved: {by: B. Head <head@example.org>, on: 2026-01-02}
controls:
  - {control: A.3, owner: Registrar}
  - control: A.2
    owner: Networks
  - {control: B.1, applies: false, reason: No people, review: 2027-01-01}
  - {control: B.3, owner: Cover}
"""
FINDING = """\
id: F-2026-1
type: minor
title: Assets missing
raised: 2026-01-03
controls: [acme:A.3]
"""
OVERLAY = """\
overlay: acme
controls:
  - id: A.2
    expects:
      - {id: rules, max-age: 9 months, because: R-1}
"""
PAGE = """\
---
evidence:
  title: Policy
  kind: policy
  date: 2026-01-05
  controls: acme:B.1
---
# Policy
"""
FILES = {
    "evidence/map.yaml": RULES,
    "evidence/assets/2026-01-02.csv": "name\n",
    "evidence/cover/rota.txt": "a, b\n",
    "evidence/policy.md": PAGE,
    "evidence/applicability/acme-corporate.yaml": SOA,
    "evidence/findings/f.yaml": FINDING,
    "standards/acme.overlay.yaml": OVERLAY,
}


@pytest.fixture
def shipped(monkeypatch) -> dict[str, bytes]:
    """What ships with the program, as far as these tests go."""
    files = {"acme@1.yaml": CATALOGUE.encode(), "acme@2.yaml": NEWER.encode()}
    monkeypatch.setattr("compliance.workspace.shipped.shipped_catalogues", lambda: dict(files))
    return files


@pytest.fixture
def workspace(workspace: Workspace, shipped: dict[str, bytes]) -> Workspace:
    workspace.put({**FILES, "evidence/map.yaml": RULES.replace("          - other:1\n", "")})
    assert workspace.run("check").out == "0 errors, 0 warnings\n"
    return workspace


def migrate(workspace: Workspace, *options: str) -> Answer:
    answer = workspace.run("standards", "migrate", "acme@1", "acme@2", *options)
    assert answer.code == 0, answer.err
    return answer


def left(answer: Answer) -> list[tuple[str, int, str]]:
    return [(one["file"], one["line"], one["names"]) for one in answer.json["left"]]


def changed_lines(workspace: Workspace, path: str) -> list[str]:
    text = workspace.git("show", "--format=", "-U0", "HEAD", "--", path)
    return [line for line in text.splitlines() if line[:1] in "+-" and line[:3] not in {"+++", "---"}]


def test_it_is_one_commit_after_which_nothing_is_wrong_and_both_versions_are_in_use(workspace, shipped):
    before = workspace.head
    answer = migrate(workspace)
    assert workspace.git("rev-parse", "HEAD^") == before
    assert workspace.git("log", "-1", "--format=%s") == "standards: migrate acme@1 to acme@2"
    assert workspace.git("status", "--porcelain") == ""
    assert f"\nMigrated to acme@2 ({workspace.head[:10]})\nNext: look at what is left" in answer.out
    assert [str(use.standard) for use in workspace.ledger.settings.standards] == ["acme@1", "acme@2"]
    assert (workspace.top / "standards/acme@2.yaml").read_bytes() == shipped["acme@2.yaml"]
    assert workspace.run("check").out == "0 errors, 0 warnings\n"


def test_names_go_along_beside_the_old_ones_and_not_a_blank_besides_changes(workspace):
    migrate(workspace)
    assert changed_lines(workspace, "evidence/map.yaml") == [
        "-          - acme:A.3            # the register",
        "-          - 'acme:A.2#rules'    # firewall as asset",
        "+          - acme@1:A.3            # the register",
        "+          - acme@2:A.4",
        "+          - 'acme@1:A.2#rules'    # firewall as asset",
        "-      also: [acme:B.3, acme:A.1]",
        "+      also: [acme@1:B.3, acme@1:A.1, acme@2:A.1]",
    ]
    assert changed_lines(workspace, "evidence/policy.md") == [
        "-  controls: acme:B.1",
        "+  controls: [acme@1:B.1, acme@2:B.1]",
    ]
    assert changed_lines(workspace, "evidence/findings/f.yaml") == [
        "-controls: [acme:A.3]",
        "+controls: [acme@1:A.3, acme@2:A.4]",
    ]
    assert changed_lines(workspace, "standards/acme.overlay.yaml") == ["-overlay: acme", "+overlay: acme@1"]


def test_the_statement_for_the_new_version_holds_what_needs_no_look_and_shows_what_does(workspace):
    migrate(workspace)
    path = "evidence/applicability/acme-corporate-2.yaml"
    (made,) = [soa for soa in workspace.ledger.applicability if str(soa.standard) == "acme@2"]
    assert [(one.control, one.owner, one.applies) for one in made.controls] == [
        ("A.4", "Registrar", True),
        ("B.1", "", False),
    ]
    assert (made.approved, made.version, made.id) == (None, "", "S-acme-2")
    waiting = workspace.read(path).partition("# What follows")[2]
    assert "# A.2, revised: Cloud firewalls count too.\n# - control: A.2\n#   owner: Networks\n" in waiting
    shown = "".join(
        line.removeprefix("# ") + "\n" for line in waiting.splitlines() if line.startswith(("# - ", "#   "))
    )
    before_comment = workspace.read(path).partition("# What follows")[0]
    workspace.put({path: before_comment + shown})
    assert workspace.run("check").out == "0 errors, 0 warnings\n"


def test_what_a_person_must_look_at_is_named_with_its_line(workspace):
    answer = migrate(workspace, "--dry-run", "--json")
    assert left(answer) == [
        ("evidence/applicability/acme-corporate.yaml", 8, "acme@1:A.2"),
        ("evidence/applicability/acme-corporate.yaml", 11, "acme@1:B.3"),
        ("evidence/map.yaml", 7, "acme@1:A.2#rules"),
        ("evidence/map.yaml", 11, "acme@1:B.3"),
        ("standards/acme.overlay.yaml", 1, "acme@1"),
    ]
    reasons = {one["names"]: (one["reason"], one["look_at"]) for one in answer.json["left"]}
    assert reasons["acme@1:B.3"] == ("merged: B.4 continues B.2 and B.3", ["B.4"])
    assert reasons["acme@1:A.2#rules"] == ("revised: Cloud firewalls count too.", ["A.2"])


def test_a_dry_run_says_what_the_real_run_does_and_writes_nothing(workspace):
    before = workspace.head
    planned = migrate(workspace, "--dry-run", "--json").json
    assert (workspace.head, workspace.git("status", "--porcelain")) == (before, "")
    done = migrate(workspace, "--json").json
    assert planned["commit"] is None and done["commit"] == workspace.head
    assert [one["path"] for one in planned["files"]] == workspace.git(
        "show", "--format=", "--name-only", "HEAD"
    ).splitlines()
    for one in (*planned["left"], *done["left"]):
        one.pop("line")
    assert {**planned, "commit": ""} == {**done, "commit": ""}


def test_after_the_real_run_places_are_those_of_the_files_as_they_are_now(workspace):
    done = migrate(workspace, "--json")
    for file, line, names in left(done):
        if file == "evidence/map.yaml":
            assert names in workspace.read(file).splitlines()[line - 1]
    assert left(done) == left(migrate(workspace, "--json"))


def test_the_second_time_changes_nothing(workspace):
    migrate(workspace)
    before = workspace.head
    answer = migrate(workspace)
    assert answer.out.startswith("Everything that can go along has: no file changes.\n")
    assert workspace.head == before


def test_what_a_person_has_settled_is_not_listed_again(workspace):
    migrate(workspace)
    settled = workspace.read("evidence/map.yaml").replace(
        "'acme@1:A.2#rules'", "'acme@1:A.2#rules'\n          - acme@2:A.2"
    )
    soa = workspace.read("evidence/applicability/acme-corporate-2.yaml").partition("# What")[0]
    workspace.put(
        {
            "evidence/map.yaml": settled,
            "evidence/applicability/acme-corporate-2.yaml": soa + "- control: A.2\n- control: B.4\n",
            "standards/acme2.overlay.yaml": OVERLAY.replace("overlay: acme", "overlay: acme@2"),
        }
    )
    assert left(migrate(workspace, "--json")) == [("evidence/map.yaml", 13, "acme@1:B.3")]


def test_revised_controls_go_along_if_that_is_asked_for(workspace):
    migrate(workspace, "--revised")
    assert "          - 'acme@2:A.2#rules'\n" in workspace.read("evidence/map.yaml")


def test_the_old_version_is_dropped_in_one_go(workspace):
    migrate(workspace, "--drop-old")
    assert workspace.read("compliance.toml") == CONFIGURATION.replace("acme@1", "acme@2")
    rules = workspace.read("evidence/map.yaml")
    assert "          - acme@2:A.4            # the register\n" in rules
    assert "          - 'acme@1:A.2#rules'    # firewall as asset\n" in rules  # left, and check says so
    found = workspace.run("check")
    assert found.out.count("acme is not in use in version 1") == 2
    assert found.out.endswith("2 errors, 0 warnings\n")


def test_the_old_version_is_dropped_later_and_comments_stay_with_their_names(workspace):
    configured = CONFIGURATION + "\n# The other one\n[[standards]]\nstandard = 'zeta@1'\n"
    workspace.put({"compliance.toml": configured, "standards/zeta@1.yaml": CATALOGUE.replace("id: acme", "id: zeta")})
    migrate(workspace)
    text = workspace.read("evidence/map.yaml").replace("acme@1:B.3, ", "acme@1:B.3, acme@2:B.4, ")
    workspace.put({"evidence/map.yaml": text.replace("          - 'acme@1:A.2#rules'    # firewall as asset\n", "")})
    migrate(workspace, "--drop-old")
    rules = workspace.read("evidence/map.yaml")
    assert "          - acme@2:A.4            # the register\n      date" in rules
    assert "also: [acme@2:B.4, acme@2:A.1]" in rules
    assert "# The other one\n[[standards]]\nstandard = 'zeta@1'\n" in workspace.read("compliance.toml")
    assert [str(use.standard) for use in workspace.ledger.settings.standards] == ["zeta@1", "acme@2"]
    assert "0 errors" in workspace.run("check").out
    assert migrate(workspace, "--drop-old").out.startswith("Everything that can go along has")


def test_scopes_profiles_and_since_go_along_where_they_are_known(workspace, shipped):
    profiles = "profiles:\n  - {id: small, title: Small}\n  - {id: tiny, title: Tiny}\n"
    configured = (
        CONFIGURATION + 'scopes = ["corporate"]\nprofiles = ["small", "tiny"]\nsince = 2025-06-01\nacross = ["equal"]\n'
    )
    workspace.put({"standards/acme@1.yaml": CATALOGUE + profiles, "compliance.toml": configured})
    shipped["acme@2.yaml"] = (NEWER + "profiles:\n  - {id: small, title: Small}\n").encode()
    answer = migrate(workspace)
    used = workspace.ledger.settings.standards[1]
    assert (used.scopes, used.profiles, used.since) == (("corporate",), ("small",), date(2025, 6, 1))
    assert used.across == workspace.ledger.settings.standards[0].across
    assert "acme@2 has no profile tiny: choose one in compliance.toml" in answer.out


def test_a_version_of_ones_own_is_taken_from_where_it_lies(workspace, shipped):
    del shipped["acme@2.yaml"]
    workspace.put({"standards/own/acme@2.yaml": NEWER})
    migrate(workspace)
    assert not (workspace.top / "standards/acme@2.yaml").exists()
    assert not (workspace.top / "standards/shipped.sha256").exists()
    assert workspace.run("check").out == "0 errors, 0 warnings\n"


def test_an_accreditation_is_left_to_who_grants_it(workspace):
    path = "evidence/accreditations/acme.7K2M9QXT.yaml"
    held = "id: A-7K2M9QXT\nstandard: acme\nscope: corporate\ncycles:\n  - granted: 2025-12-01\n"
    workspace.put({path: held})
    answer = migrate(workspace, "--json")
    assert (path, 2, "A-7K2M9QXT") in left(answer)
    assert workspace.read(path) == held.replace("standard: acme", "standard: acme@1")


def test_what_is_closed_or_audited_keeps_what_it_says(workspace):
    closed = FINDING.replace("F-2026-1", "F-2026-2") + "closed: {on: 2026-01-04}\n"
    workspace.put({"evidence/findings/closed.yaml": closed})
    migrate(workspace, "--drop-old")
    assert "controls: [acme@1:A.3]\n" in workspace.read("evidence/findings/closed.yaml")
    assert "closed.yaml:5" not in workspace.run("check").out


def test_an_audit_keeps_the_controls_that_were_sampled(workspace):
    path = "evidence/audits/internal.yaml"
    audit = "id: U-1\ntype: internal\ntitle: Audit\non: 2026-01-03\nstandards: [acme]\ncontrols: [acme:A.3]\n"
    workspace.put({path: audit})
    migrate(workspace)
    assert workspace.read(path) == audit.replace("[acme]", "[acme@1]").replace("acme:A.3", "acme@1:A.3")


def approved(workspace: Workspace, control: str) -> None:
    """A policy on file, mapped and approved as the commands would."""
    path = "evidence/p.7K2M9QXT.txt"
    record = described(
        "E-7K2M9QXT",
        title="Password policy",
        kind="policy",
        date="2026-01-01",
        controls=[control],
        sha256=hashlib.sha256(b"x\n").hexdigest(),
    )
    workspace.put({path: "x\n", f"{path}.evidence.yaml": record})
    digests = parts(workspace.evidence(path), ControlIndex(workspace.ledger).fingerprint_of)
    decision = {"decision": "approved", "by": "B. Reviewer <b@example.org>", "on": "2026-01-02"}
    written = json.dumps({**decision, "stamp": stamp(digests), "parts": digests})
    workspace.put({f"{path}.evidence.yaml": f"{record}decisions:\n  - {written}\n"})


def test_approvals_that_end_are_said_before_and_are_those_that_do(workspace):
    approved(workspace, "acme:B.1")
    (lost,) = migrate(workspace, "--dry-run", "--json").json["voided"]
    assert (lost["id"], lost["title"]) == ("E-7K2M9QXT", "Password policy")
    assert lost["reason"] == "approved by B. Reviewer on 2026-01-02, and not for acme@2:B.1"
    assert "E-7K2M9QXT  Password policy\n" in migrate(workspace).out
    shown = workspace.run("evidence", "show", "E-7K2M9QXT")
    assert "the requirement of acme:B.1 changed" in " ".join(shown.out.split())


def test_to_write_out_the_version_ends_no_approval(workspace):
    approved(workspace, "acme:A.2#rules")
    assert migrate(workspace, "--json").json["voided"] == []


def test_front_matter_of_a_file_whose_bytes_are_recorded_is_not_touched(workspace):
    digest = hashlib.sha256(PAGE.encode()).hexdigest()
    workspace.put({"evidence/policy.md.evidence.yaml": f"id: E-7K2M9QXT\nfile: policy.md\nsha256: {digest}\n"})
    answer = migrate(workspace, "--json")
    assert workspace.read("evidence/policy.md") == PAGE
    assert ("evidence/policy.md", 1, "acme@1") in left(answer)


def test_line_ends_marks_and_missing_last_lines_are_kept(workspace):
    text = b"\xef\xbb\xbf" + RULES.replace("          - other:1\n", "").replace("\n", "\r\n").encode()
    short = "id: F-2026-3\ntype: minor\ntitle: t\nraised: 2026-01-03\ncontrols:\n- acme:A.3"
    workspace.put({".gitattributes": "* -text\n", "evidence/map.yaml": text, "evidence/findings/s.yaml": short})
    migrate(workspace)
    now = (workspace.top / "evidence/map.yaml").read_bytes()
    assert now.startswith(b"\xef\xbb\xbf# Mapped") and now.count(b"\n") == now.count(b"\r\n")
    assert workspace.read("evidence/findings/s.yaml").endswith("controls:\n- acme@1:A.3\n- acme@2:A.4\n")


def test_a_file_with_uncommitted_work_stops_it_and_nothing_is_left_behind(workspace):
    before = workspace.head
    workspace.write("evidence/map.yaml", workspace.read("evidence/map.yaml") + "# mine\n")
    answer = workspace.run("standards", "migrate", "acme@1", "acme@2")
    assert answer.code == 2 and "evidence/map.yaml: error: this file has changes that are not committed" in answer.err
    assert (workspace.head, workspace.git("status", "--porcelain")) == (before, " M evidence/map.yaml")


def test_with_two_in_use_a_name_without_version_is_nobodys_and_stays(workspace):
    migrate(workspace)
    workspace.put({"evidence/findings/new.yaml": FINDING.replace("F-2026-1", "F-2026-9")})
    before = workspace.head
    assert ("evidence/findings/new.yaml", 5, "acme:A.3") in left(migrate(workspace, "--json"))
    assert workspace.head == before


def test_taking_a_second_version_into_use_warns_that_names_without_version_serve_neither(workspace):
    answer = workspace.run("standards", "use", "acme@2")
    assert (answer.code, answer.out) == (0, "In use: acme@2\n")
    assert answer.err == (
        "warning: acme@1 is in use too: what names a control of acme without version serves neither\n"
        "  hint: take this back with git revert, and move with: compliance standards migrate acme@1 acme@2\n"
    )


def test_once_the_old_version_is_dropped_a_name_without_version_means_the_new(workspace):
    migrate(workspace, "--drop-old")
    workspace.put({"evidence/findings/new.yaml": FINDING.replace("F-2026-1", "F-2026-9").replace("A.3", "A.4")})
    assert "evidence/findings/new.yaml" not in workspace.run("check").out
    assert "evidence/findings/new.yaml" not in [file for file, _, _ in left(migrate(workspace, "--json"))]


def test_verdicts_of_the_old_version_are_the_same_afterwards(workspace):
    before = workspace.run("gaps", "--json").json
    migrate(workspace)
    after = workspace.run("gaps", "-s", "acme@1", "--json").json

    def verdicts(answer):
        (standard,) = answer["assessments"][0]["standards"]
        return [(one["id"], one["standing"]) for one in standard["controls"]]

    assert verdicts(before) == verdicts(after)


WILLOW = """\
id: S-ce
standard: cyber-essentials@3.2
scope: corporate
controls:
  - {control: A2.7, answer: Town hall LAN}
  - {control: A6.4, answer: "yes"}
"""


def test_answers_move_from_willow_to_danzell_and_those_that_now_decide_wait_for_a_look(tmp_path, today):
    made = begin_workspace(tmp_path / "work")
    assert made.run("standards", "use", "cyber-essentials@3.2").code == 0
    made.put({"evidence/applicability/willow.yaml": WILLOW})
    answer = made.run("standards", "migrate", "cyber-essentials@3.2", "cyber-essentials@3.3", "--json")
    assert answer.code == 0, answer.err
    assert left(answer) == [("evidence/applicability/willow.yaml", 6, "cyber-essentials@3.2:A6.4")]
    (made_of,) = [soa for soa in made.ledger.applicability if str(soa.standard) == "cyber-essentials@3.3"]
    assert [(one.control, one.answer) for one in made_of.controls] == [("A2.4", "Town hall LAN")]
    assert "# - control: A6.4\n#   answer: " in made.read("evidence/applicability/willow-3.3.yaml")


def test_what_is_left_when_the_old_version_goes_is_said_with_what_comes_of_it(workspace):
    migrate(workspace)
    out = migrate(workspace, "--drop-old").out
    assert "1 name of the old version taken out" in out
    assert "keeps the name of acme@1 and serves nothing" in " ".join(out.split())
    assert out.endswith("Next: compliance check\n")
