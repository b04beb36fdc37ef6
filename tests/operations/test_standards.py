"""`standards use` and `update`: catalogues are copied, hashed, and brought up to date only after a look."""

from __future__ import annotations

import hashlib
import json
import subprocess

import pytest

from compliance.domain.ledger.approval import parts, stamp
from compliance.domain.ledger.control_index import ControlIndex

from ..builders.running import Answer
from ..builders.workspaces import CATALOGUE, CONFIGURATION, Workspace, described

NEWER = CATALOGUE.replace("version: 1\n", "version: 2\n")
CORRECTED = CATALOGUE.replace("max-age: 12 months, basis: mandated", "max-age: 3 months, basis: mandated")
PROFILED = CATALOGUE.replace("id: acme\n", "id: zeta\n").replace(
    "events:\n  - {id: starter",
    "profiles:\n  - {id: small, title: Small}\ndefault-profile: small\nevents:\n  - {id: starter",
)
NONE_IN_USE = CONFIGURATION.partition("[[standards]]")[0]


@pytest.fixture
def shipped(monkeypatch) -> dict[str, bytes]:
    """What ships with the program, as far as these tests go."""
    files = {"acme@1.yaml": CATALOGUE.encode(), "acme@2.yaml": NEWER.encode(), "zeta@1.yaml": PROFILED.encode()}
    monkeypatch.setattr("compliance.workspace.shipped.shipped_catalogues", lambda: dict(files))
    return files


@pytest.fixture
def workspace(workspace: Workspace, shipped: dict[str, bytes]) -> Workspace:
    workspace.remove("standards/acme@1.yaml")
    workspace.put({"compliance.toml": NONE_IN_USE + "# last words\n"})
    return workspace


def use(workspace: Workspace, *args: str) -> Answer:
    answer = workspace.run("standards", "use", *args)
    assert answer.code == 0, answer.err
    return answer


def hashes_hold(workspace: Workspace) -> bool:
    """Whether an auditor with nothing but `sha256sum` finds the catalogues unedited."""
    command = ["sha256sum", "--strict", "--quiet", "-c", "standards/shipped.sha256"]
    return subprocess.run(command, cwd=workspace.top, capture_output=True, check=False).returncode == 0


def test_using_copies_the_catalogue_and_notes_its_hash_in_one_commit(workspace, shipped):
    before = workspace.read("compliance.toml")
    assert use(workspace, "acme@1", "zeta").out == "In use: acme@1\nIn use: zeta@1\n"
    assert (workspace.top / "standards/acme@1.yaml").read_bytes() == shipped["acme@1.yaml"]
    assert workspace.read("compliance.toml").startswith(before)
    assert hashes_hold(workspace)
    assert workspace.git("show", "--format=%s", "--name-only", "HEAD").split("\n\n") == [
        "standards: use acme@1, zeta@1",
        "compliance.toml\nstandards/acme@1.yaml\nstandards/shipped.sha256\nstandards/zeta@1.yaml",
    ]
    assert workspace.git("status", "--porcelain") == ""
    assert workspace.run("check").out == "0 errors, 0 warnings\n"


def test_without_a_version_the_newest_is_used_and_two_may_be_in_use_at_once(workspace):
    assert use(workspace, "acme").out == "In use: acme@2\n"
    use(workspace, "acme@1")
    assert [str(one.standard) for one in workspace.ledger.settings.standards] == ["acme@2", "acme@1"]
    assert hashes_hold(workspace)


def test_scopes_and_profiles_are_written_down(workspace):
    use(workspace, "zeta", "--scope", "corporate", "--profile", "small")
    (one,) = workspace.ledger.settings.standards
    assert (one.scopes, one.profiles) == (("corporate",), ("small",))


def test_a_catalogue_that_was_edited_is_told_by_check_and_by_sha256sum(workspace):
    use(workspace, "acme@1")
    workspace.put({"standards/acme@1.yaml": CORRECTED})
    assert not hashes_hold(workspace)
    answer = workspace.run("check")
    assert (answer.code, "standards/acme@1.yaml: error: was shipped with the program" in answer.out) == (1, True)


def test_nothing_to_update(workspace):
    use(workspace, "acme@1")
    before = workspace.head
    assert workspace.run("standards", "update", "--yes").out == "Every catalogue is as shipped: nothing to update.\n"
    assert workspace.head == before


@pytest.fixture
def outdated(workspace: Workspace, shipped: dict[str, bytes]) -> Workspace:
    """A correction ships: a policy, of which there is one five months old, may from now on be three months old."""
    use(workspace, "acme@1")
    record = described("E-7K2M9QXT", title="Policy", kind="policy", date="2025-09-01", controls=["acme:B.1"])
    workspace.put({"evidence/p.7K2M9QXT.txt": "x\n", "evidence/p.7K2M9QXT.txt.evidence.yaml": record})
    shipped["acme@1.yaml"] = CORRECTED.encode()
    return workspace


def verdict_rows(answer: Answer) -> list[list[str]]:
    return [line.split() for line in answer.out.splitlines() if line.startswith("corporate")]


def test_a_preview_says_which_verdicts_would_change_and_commits_nothing(outdated):
    before = outdated.head
    answer = outdated.run("standards", "update", "--dry-run")
    assert answer.code == 0
    assert "To update: standards/acme@1.yaml" in answer.out
    assert verdict_rows(answer) == [["corporate", "acme@1:B.1", "evidenced", "stale"]]
    assert outdated.head == before


def test_an_update_is_what_its_preview_said(outdated, shipped):
    before = outdated.run("gaps", "--json").json
    answer = outdated.run("standards", "update", "--yes")
    assert answer.code == 0, answer.err
    after = outdated.run("gaps", "--json").json
    changed = [
        [was["id"], was["standing"], now["standing"]]
        for was, now in zip(controls(before), controls(after), strict=True)
        if was["standing"] != now["standing"]
    ]
    assert changed == [["B.1", "evidenced", "stale"]]
    assert (outdated.top / "standards/acme@1.yaml").read_bytes() == shipped["acme@1.yaml"]
    assert hashes_hold(outdated)
    assert outdated.git("log", "-1", "--format=%s") == "standards: update acme@1"


def controls(answer):
    return answer["assessments"][0]["standards"][0]["controls"]


def test_an_answer_of_no_ends_it(outdated):
    before = outdated.head
    answer = outdated.run("standards", "update", stdin=b"n\n")
    assert (answer.code, outdated.head) == (130, before)
    assert answer.out.endswith("Commit this? [y/N]: Nothing is written.\n")


def test_a_preview_keeps_the_organisations_own_intervals(outdated):
    overlay = (
        "overlay: acme@1\ncontrols:\n  - id: A.2\n    expects:\n      - {id: rules, max-age: 2 years, because: R-1}\n"
    )
    record = described("E-2ABCDEFG", title="Rules", kind="configuration", date="2025-01-10", controls=["acme:A.2"])
    outdated.put(
        {
            "standards/acme@1.overlay.yaml": overlay,
            "evidence/r.2ABCDEFG.txt": "x\n",
            "evidence/r.2ABCDEFG.txt.evidence.yaml": record,
        }
    )
    answer = outdated.run("standards", "update", "--dry-run")
    assert verdict_rows(answer) == [["corporate", "acme@1:B.1", "evidenced", "stale"]]


def test_an_approval_that_an_update_voids_is_in_the_preview(outdated, shipped):
    raised = CATALOGUE.replace(
        "        title: Security policy\n", "        title: Security policy\n        revision: 2\n"
    )
    shipped["acme@1.yaml"] = raised.encode()
    path = "evidence/p.7K2M9QXT.txt.evidence.yaml"
    record = outdated.read(path) + f"sha256: {hashlib.sha256(b'x' + bytes([10])).hexdigest()}\n"
    outdated.put({path: record})
    digests = parts(outdated.evidence("evidence/p.7K2M9QXT.txt"), ControlIndex(outdated.ledger).fingerprint_of)
    decision = {
        "decision": "approved",
        "by": "B. Reviewer <b@example.org>",
        "on": "2025-09-02",
        "stamp": stamp(digests),
    }
    outdated.put({path: f"{record}decisions:\n  - {json.dumps({**decision, 'parts': digests})}\n"})
    answer = outdated.run("standards", "update", "--dry-run")
    assert verdict_rows(answer) == [["corporate", "acme@1:B.1", "evidenced", "changed"]]
    assert "Approvals that are voided: 1\n" in answer.out
    assert "E-7K2M9QXT  Policy\n" in answer.out
    assert "the requirement of acme:B.1 changed" in " ".join(answer.out.split())


def test_a_name_without_version_that_could_be_two_is_not_guessed_by_show_and_export(workspace):
    use(workspace, "acme@1")
    use(workspace, "acme@2")
    for command in (("show", "acme"), ("show", "acme:A.1"), ("export", "acme", "-o", "x.csv")):
        answer = workspace.run("standards", *command)
        assert (answer.code, answer.out) == (2, "")
        assert answer.err == "error: two versions of acme are in use\n  hint: say which: acme@1 or acme@2\n"
    assert workspace.run("standards", "show", "acme@2:A.1").code == 0


def test_what_lies_here_without_being_in_use_is_listed_and_can_be_shown(workspace):
    own = CATALOGUE.replace("id: acme\n", "id: hall\n").replace("title: Acme Code of Practice", "title: Hall rules")
    workspace.put({"standards/hall@1.yaml": own})
    out = workspace.run("standards", "list").out
    assert (
        "Here, not in use\nStandard  Title       Controls\n--------  ----------  --------\nhall@1    Hall rules  6\n"
        in out
    )
    assert workspace.run("standards", "show", "hall:A.1").code == 0
    assert workspace.run("standards", "related", "hall:A.1").code == 0
    use(workspace, "hall")
    assert "Here, not in use" not in workspace.run("standards", "list").out


def test_found_controls_of_two_versions_are_told_apart(tmp_path, shipped):
    nowhere = tmp_path / "nowhere"
    nowhere.mkdir()
    found = Workspace(nowhere).run("standards", "find", "firewall", "rules").out
    assert "acme@1:A.2" in found and "acme@2:A.2" in found and "zeta:A.2" in found


def test_long_and_turning_titles_are_folded_and_shown_for_what_they_are(workspace):
    long = "Rules of the Hall " * 8
    own = CATALOGUE.replace("id: acme\n", "id: hall\n").replace(
        "title: Acme Code of Practice", f'title: "{long}\\u202E"'
    )
    workspace.put({"standards/hall@1.yaml": own})
    for name in ("hall", "hall:A.1"):
        out = workspace.run("standards", "show", name).out
        assert max(map(len, out.splitlines())) <= 80
        assert "\\u202e" in out and "\u202e" not in out
