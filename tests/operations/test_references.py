"""`evidence add --reference`: hash, size and location are recorded, and the bytes never come into git."""

from __future__ import annotations

import hashlib
from pathlib import Path

import pytest

from ..builders.workspaces import Workspace

MAPPED = ("-k", "contract", "-c", "acme:B.3", "-d", "2026-01-10")


def test_a_reference_counts_and_its_bytes_stay_where_they_are(workspace: Workspace, tmp_path: Path):
    source = tmp_path / "cover.txt"
    source.write_text("The password: Tr0ub4dor-7\n")
    filed = workspace.run("evidence", "add", str(source), *MAPPED, "--reference", "--at", "SharePoint/Security")
    assert filed.code == 0, filed.err
    (piece,) = workspace.ledger.evidence
    assert (piece.elsewhere.location, piece.size) == ("SharePoint/Security", source.stat().st_size)
    assert piece.sha256 == hashlib.sha256(source.read_bytes()).hexdigest()
    objects = workspace.git("rev-list", "--objects", "--all")
    assert workspace.git("hash-object", str(source)) not in objects
    assert sorted(path.suffix for path in (workspace.top / "evidence").rglob("*cover*")) == [".yaml"]
    (standard,) = workspace.run("gaps", "--json").json["assessments"][0]["standards"]
    assert [row["verdict"] for row in standard["controls"] if row["id"] == "B.3"] == ["evidenced"]
    assert workspace.run("check").code == 0


@pytest.mark.parametrize(
    ("options", "sentence"),
    [
        (("--reference",), "--reference and --at go together"),
        (("--at", "SharePoint"), "--reference and --at go together"),
    ],
)
def test_a_reference_says_where_it_lies(options, sentence, workspace: Workspace, tmp_path: Path):
    source = tmp_path / "cover.txt"
    source.write_text("Cover\n")
    answer = workspace.run("evidence", "add", str(source), *MAPPED, *options)
    assert (answer.code, sentence in answer.err) == (2, True)


def test_a_file_that_is_gone_or_lies_in_the_repository_is_no_reference(workspace: Workspace, tmp_path: Path):
    at = ("--reference", "--at", "SharePoint")
    gone = workspace.run("evidence", "add", str(tmp_path / "gone.txt"), *MAPPED, *at)
    assert (gone.code, "there is no such file" in gone.err) == (2, True)
    inside = workspace.write("evidence/cover.txt", "Cover\n")
    within = workspace.run("evidence", "add", str(inside), *MAPPED, *at)
    assert (within.code, "lies in the repository" in within.err) == (2, True)
