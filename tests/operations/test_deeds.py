"""What changes a workspace beside a single file: many at once, rules, accreditations, a beginning, an update."""

import hashlib
import subprocess

from ..builders.running import PROGRAM
from ..builders.workspaces import begin_workspace


def test_processes_that_add_at_the_same_time_lose_nothing(workspace, tmp_path):
    before = int(workspace.git("rev-list", "--count", "HEAD"))
    running = []
    for number in range(12):
        file = tmp_path / f"scan-{number}-2026-01-15.txt"
        file.write_text(f"scan {number}\n")
        command = [*PROGRAM, "-C", str(workspace.top), "evidence", "add", str(file), "-c", "acme:A.1", "-r", "pass"]
        running.append(subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE))
    said = [process.communicate(timeout=120) for process in running]
    assert [process.returncode for process in running] == [0] * 12, said
    acknowledged = {out.split()[1].decode() for out, _ in said}
    assert {item.id for item in workspace.ledger.evidence} == acknowledged
    assert int(workspace.git("rev-list", "--count", "HEAD")) == before + 12
    assert workspace.git("fsck", "--strict") == ""
    assert workspace.git("status", "--porcelain") == ""


def test_a_rule_is_tried_before_it_is_written_and_comments_stay(workspace):
    workspace.put(
        {
            "evidence/map.yaml": "# Kept by the network team.\nrules:\n  - match: '*.pdf'   # by hand\n"
            "    kind: report\n",
            "evidence/logs/fw-2026-01-02.csv": "a\n",
            "evidence/logs/fw-2026-01-03.csv": "b\n",
        }
    )
    before = workspace.head
    rule = ("evidence", "map", "logs/*.csv", "-c", "acme:A.3", "-k", "register", "--date", "name")
    tried = workspace.run(*rule)
    assert "evidence/logs/fw-2026-01-03.csv  2026-01-03" in tried.out
    assert "2 files\nTried only" in tried.out
    assert workspace.head == before
    assert workspace.run(*rule, "--write").code == 0
    assert workspace.read("evidence/map.yaml").startswith("# Kept by the network team.")
    assert "# by hand" in workspace.read("evidence/map.yaml")
    assert {str(item.date) for item in workspace.ledger.evidence if item.controls} == {"2026-01-02", "2026-01-03"}


def test_an_accreditation_keeps_its_cycles_and_its_comments(workspace):
    added = workspace.run("accreditation", "add", "acme", "--issued", "2023-01-10", "--certificate", "EX-1")
    assert "expires 2026-01-10 (3 years from 2023-01-10, by the scheme)" in added.out
    (held,) = workspace.ledger.accreditations
    (path,) = [one for one in workspace.git("ls-files").split() if one.startswith("evidence/accreditations/")]
    workspace.put({path: "# Ask Ann before you change this.\n" + workspace.read(path)})
    assert workspace.run("accreditation", "event", held.id, "surveillance", "--on", "2024-01-05").code == 0
    renewed = workspace.run(
        "accreditation",
        "event",
        "acme",
        "recertification",
        "--on",
        "2026-01-08",
        "--certificate",
        "EX-2",
        "--expires",
        "2029-01-10",
    )
    assert "expires 2029-01-10 (as stated)" in renewed.out
    (held,) = workspace.ledger.accreditations
    assert [cycle.certificate for cycle in held.cycles] == ["EX-1", "EX-2"]
    assert [event.event for event in held.cycles[0].events] == ["surveillance"]
    assert workspace.read(path).startswith("# Ask Ann before you change this.")
    assert "2029-01-10" in workspace.run("accreditation", "list").out
    assert workspace.run("check").out == "0 errors, 0 warnings\n"


def test_init_touches_nothing_but_its_own_files(tmp_path, today):
    made = begin_workspace(tmp_path / "old")
    for path in made.git("ls-files").split():
        made.remove(path)
    made.put({".gitignore": "*.tmp\n", "src/app.py": "print()\n"})
    answer = made.run("init", "--organisation", "Example Council", "-s", "psn-coco")
    assert answer.code == 0
    assert made.read(".gitignore") == "*.tmp\n/.compliance/\n"
    changed = set(made.git("show", "--format=", "--name-only", "HEAD").split())
    assert changed == {
        ".gitattributes", ".gitignore", "compliance.toml", "evidence/README.md", "standards/psn-coco@1.32.yaml",
        "standards/shipped.sha256", "templates/README.md",
    }  # fmt: skip
    subprocess.run(["sha256sum", "-c", "standards/shipped.sha256"], cwd=made.top, capture_output=True, check=True)
    assert made.run("init", "--organisation", "Example Council").code == 2
    assert made.run("check").out == "0 errors, 0 warnings\n"


def test_an_update_says_which_verdicts_would_change_and_commits_only_when_told(workspace, monkeypatch):
    workspace.run("standards", "use", "psn-coco")
    path = "standards/psn-coco@1.32.yaml"
    older = workspace.read(path).replace("title: Network diagram\n", "title: Diagram of the network\n")
    older = older.replace("profiles:", "profiles:")
    hashes = f"{hashlib.sha256(older.encode()).hexdigest()}  {path}\n"
    workspace.put({path: older, "standards/shipped.sha256": hashes})
    previewed = workspace.run("standards", "update", "--dry-run")
    assert previewed.out == (
        f"To update: {path}\n"
        "psn-coco@1.32: 27 controls: 26 the same, 1 retitled (compliance standards diff\n"
        "psn-coco@1.32)\n\nNo verdict changes.\n\nNo approval is voided.\n"
    )
    assert workspace.read(path) == older
    assert workspace.run("standards", "update", "--yes").code == 0
    assert workspace.read(path) != older
    assert workspace.run("standards", "update").out == "Every catalogue is as shipped: nothing to update.\n"
    assert workspace.run("check").out == "0 errors, 0 warnings\n"
