"""Whole answers, compared to the letter; each is the same after a refresh, a rebuild, and in a fresh clone.

`COMPLIANCE_GOLDEN=write pytest tests/cli/test_golden.py` writes them anew; read the difference before you commit it.
"""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import pytest

from ..builders.council import council
from ..builders.workspaces import CATALOGUE, Workspace

GOLDEN = Path(__file__).parent / "golden"
WRITE = os.environ.get("COMPLIANCE_GOLDEN") == "write"
QUESTIONS: dict[str, tuple[int, tuple[str, ...]]] = {
    "gaps-80.txt": (80, ("gaps",)),
    "gaps-140.txt": (140, ("gaps",)),
    "gaps-summary-80.txt": (80, ("gaps", "--summary")),
    "gaps-on-a-day-to-come.txt": (80, ("gaps", "--on", "2026-06-01", "--scope", "corporate")),
    "gaps-as-known-then.txt": (80, ("gaps", "--at", "2025-12-31", "--on", "2026-01-31")),
    "gaps-explain.txt": (80, ("gaps", "--explain", "acme:A.1")),
    "gaps.json": (80, ("gaps", "--json")),
    "gaps.csv": (80, ("gaps", "--csv")),
    "gaps.md": (80, ("gaps", "--markdown")),
    "renewals-80.txt": (80, ("renewals", "--within", "12m")),
    "renewals.json": (80, ("renewals", "--json")),
    "renewals.csv": (80, ("renewals", "--csv", "--within", "2y")),
    "evidence-list-80.txt": (80, ("evidence", "list")),
    "evidence-list.json": (80, ("evidence", "list", "--json")),
    "evidence-show-record.txt": (80, ("evidence", "show", "e-pcyooool")),
    "evidence-show-mapped.txt": (80, ("evidence", "show", "evidence/firewall/edge.txt")),
    "evidence-show.json": (80, ("evidence", "show", "E-CNTR0001", "--json")),
    "accreditation-list.txt": (80, ("accreditation", "list")),
    "accreditation-list.json": (80, ("accreditation", "list", "--json")),
    "accreditation-show.txt": (80, ("accreditation", "show", "A-2ABCDEFG")),
    "accreditation-show.json": (80, ("accreditation", "show", "A-2ABCDEFG", "--json")),
    "standards-list.txt": (80, ("standards", "list")),
    "standards-list.json": (80, ("standards", "list", "--json")),
    "standards-show.txt": (80, ("standards", "show", "acme")),
    "standards-show.json": (80, ("standards", "show", "acme", "--json")),
    "standards-show-control.txt": (80, ("standards", "show", "acme:B.3")),
    "standards-show-control.json": (80, ("standards", "show", "acme:A.1", "--json")),
    "standards-find.txt": (80, ("standards", "find", "rules firewall")),
}


@pytest.fixture(scope="module")
def ways(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Workspace]:
    """The same commit come by in three ways."""
    folder = tmp_path_factory.mktemp("council")
    refreshed = council(folder / "refreshed")
    shutil.copytree(refreshed.top, folder / "rebuilt", symlinks=True)
    rebuilt = Workspace(folder / "rebuilt")
    rebuilt.run("cache", "rebuild")
    return {"refreshed": refreshed, "rebuilt": rebuilt, "cloned": refreshed.clone("cloned")}


@pytest.fixture(autouse=True)
def one_standard_ships(monkeypatch, today):
    """Golden files must not change with every standard that is added."""
    monkeypatch.setattr("compliance.workspace.shipped.shipped_catalogues", lambda: {"acme@1.yaml": CATALOGUE.encode()})


@pytest.mark.parametrize("name", QUESTIONS)
def test_answer(ways, name):
    columns, question = QUESTIONS[name]
    answers = {way: workspace.run(*question, columns=columns) for way, workspace in ways.items()}
    answer = answers["refreshed"]
    assert answers == dict.fromkeys(ways, answer)
    assert (answer.code, answer.err) == (0, "")
    file = GOLDEN / name
    if WRITE:
        file.write_bytes(answer.out.encode())
    assert answer.out.encode() == file.read_bytes()


def test_no_golden_file_is_left_over():
    assert sorted(file.name for file in GOLDEN.iterdir()) == sorted(QUESTIONS)


@pytest.mark.parametrize(
    "name", ["gaps-80.txt", "gaps-140.txt", "gaps-summary-80.txt", "renewals-80.txt", "evidence-list-80.txt"]
)
def test_tables_keep_to_their_width(name):
    columns, _ = QUESTIONS[name]
    assert max(len(line) for line in (GOLDEN / name).read_text().splitlines()) <= columns


def test_the_council_is_in_order(ways):
    assert ways["refreshed"].run("check").out == "0 errors, 0 warnings\n"
