"""A file that is no longer what was recorded serves nothing, on every read, approved or not."""

from __future__ import annotations

import hashlib

import pytest

from ..builders.workspaces import begin_workspace, described

FILE = "evidence/policy.PCY00001.txt"
RECORDED = b"Nobody may bring a dog.\n"
ALTERED = b"Anyone may bring a dog.\n"


@pytest.fixture
def workspace(tmp_path):
    """A policy on file, and what its record says of its bytes."""
    record = described(
        "E-PCY00001",
        kind="policy",
        date="2026-01-02",
        controls=["acme:B.1"],
        sha256=hashlib.sha256(RECORDED).hexdigest(),
        size=len(RECORDED),
    )
    found = begin_workspace(tmp_path / "council")
    found.put({FILE: RECORDED, f"{FILE}.evidence.yaml": record})
    return found


def standing(workspace) -> tuple[str, str]:
    """How the control stands, and why."""
    answer = workspace.run("gaps", "--on", "2026-02-02", "--json")
    (control,) = [one for one in answer.json["assessments"][0]["standards"][0]["controls"] if one["id"] == "B.1"]
    return control["standing"], control["expectations"][0]["reason"]


def test_bytes_as_recorded_serve(workspace):
    assert standing(workspace)[0] == "evidenced"
    assert not workspace.evidence(FILE).altered


def test_other_bytes_of_the_same_length_are_a_gap_and_an_error_on_every_read(workspace):
    assert len(ALTERED) == len(RECORDED)
    workspace.put({FILE: ALTERED})
    for _ in range(2):
        assert standing(workspace) == ("changed", "the file's bytes are not those recorded")
        answer = workspace.run("gaps")
        assert answer.code == 2
        assert "its bytes differ" in answer.err
    assert workspace.run("check").code == 1


def test_the_bytes_restored_serve_again(workspace):
    workspace.put({FILE: ALTERED})
    assert standing(workspace)[0] == "changed"
    workspace.put({FILE: RECORDED})
    assert standing(workspace)[0] == "evidenced"


def test_other_bytes_of_another_length_are_told_even_where_the_record_names_no_hash(workspace):
    record = workspace.read(f"{FILE}.evidence.yaml")
    kept = "".join(line for line in record.splitlines(keepends=True) if not line.startswith("sha256"))
    workspace.put({FILE: ALTERED + b"Or a cat.\n", f"{FILE}.evidence.yaml": kept})
    assert standing(workspace)[0] == "changed"


def test_check_sees_bytes_that_are_not_committed_yet(workspace):
    workspace.write(FILE, ALTERED)
    assert "its bytes differ" in workspace.run("check").out
    assert standing(workspace)[0] == "evidenced"
