"""Many people filing at the same moment, into a clone whose index nobody has made yet."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

from ..builders.running import PROGRAM
from ..builders.workspaces import begin_workspace

WRITERS = 12


def test_none_is_lost_and_each_is_one_commit(tmp_path: Path) -> None:
    workspace = begin_workspace(tmp_path / "work")
    workspace.write("notes.txt", "staged by somebody\n")
    workspace.git("add", "notes.txt")
    for number in range(WRITERS):
        (tmp_path / f"{number}.txt").write_text(f"policy {number}\n")
    given = ("-c", "acme:B.1", "-d", "2025-12-01")
    writers = [
        subprocess.Popen(
            [*PROGRAM, "-C", str(workspace.top), "evidence", "add", str(tmp_path / f"{number}.txt"), *given],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
        )
        for number in range(WRITERS)
    ]
    said = [writer.communicate() for writer in writers]
    assert [writer.returncode for writer in writers] == [0] * WRITERS, said
    acknowledged = {re.findall(rb"Recorded (E-\w+)", out)[0].decode() for out, _ in said}
    ledger = workspace.ledger
    assert {item.id for item in ledger.evidence} == acknowledged
    assert ledger.problems == ()
    subjects = workspace.git("log", "--format=%s").splitlines()
    assert sorted(subjects) == sorted(["Begin", *(f"evidence: {item.title} ({item.id})" for item in ledger.evidence)])
    assert workspace.git("rev-list", "--min-parents=2", "HEAD") == ""
    assert workspace.git("fsck", "--strict", "--no-dangling") == ""
    assert workspace.git("status", "--porcelain") == "A  notes.txt"
    assert len(list((workspace.top / ".compliance").iterdir())) == 1
    assert workspace.clone("clone").ledger.evidence == ledger.evidence
