"""Mappings of another program as an overlay: ids matched however they are spelt, nothing said twice."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path

import pytest

from ..builders.workspaces import CATALOGUE, Workspace

LIBRARY = """\
urn: urn:example:risk:library:map
ref_id: Acme to Zeta
copyright: Free
version: 4
objects:
  requirement_mapping_set:
    source_framework_urn: urn:example:risk:framework:acme-1
    target_framework_urn: urn:example:risk:framework:{target}
    requirement_mappings:
{rows}
"""
ROW = """\
    - source_requirement_urn: urn:example:risk:req_node:acme-1:{0}
      target_requirement_urn: urn:example:risk:req_node:zeta-1:{1}
      relationship: {2}
"""


@pytest.fixture
def workspace(workspace: Workspace) -> Workspace:
    workspace.put({"standards/zeta@1.yaml": CATALOGUE.replace("id: acme\n", "id: zeta\n")})
    return workspace


@pytest.fixture
def ids(workspace) -> list[str]:
    """Two controls of the catalogue."""
    shown = json.loads(workspace.run("standards", "show", "acme", "--json").out)
    found: list[str] = []

    def look(value):
        if isinstance(value, dict):
            if value.get("assessable"):
                found.append(value["id"])
            for below in value.values():
                look(below)
        elif isinstance(value, list):
            for below in value:
                look(below)

    look(shown)
    return found[:2]


def library(tmp_path: Path, *rows: tuple[str, str, str], target: str = "zeta-1") -> str:
    file = tmp_path / "map.yaml"
    file.write_text(LIBRARY.format(target=target, rows="".join(ROW.format(*row) for row in rows).rstrip()))
    return str(file)


def test_relations_become_an_overlay_that_the_crosswalk_reads(workspace, ids, tmp_path):
    first, second = ids
    file = library(tmp_path, (first.lower(), second.lower(), "subset"), ("nothing", second, "equal"))
    answer = workspace.run("standards", "import", file)
    assert answer.code == 0, answer.err
    assert "Made 1 relation from acme@1 to zeta@1" in answer.out
    assert "acme@1 has no control nothing" in answer.out
    overlay = workspace.top / "standards" / "acme@1.acme-to-zeta.overlay.yaml"
    assert f"to: zeta:{second}" in overlay.read_text()
    log = subprocess.run(
        ["git", "log", "-1", "--format=%s"], cwd=workspace.top, capture_output=True, text=True, check=True
    )
    assert log.stdout == "standards: relate acme@1 to zeta@1\n"
    assert f"zeta:{second} (subset)" in workspace.run("standards", "show", f"acme:{first}").out
    assert workspace.run("check").code == 0


def test_what_is_related_already_is_not_said_twice(workspace, ids, tmp_path):
    file = library(tmp_path, (*ids, "intersect"))
    assert workspace.run("standards", "import", file).code == 0
    again = workspace.run("standards", "import", file)
    assert again.code == 2
    assert "relates no two controls anew" in again.err


def test_a_standard_with_another_name_here_is_said(workspace, ids, tmp_path):
    file = library(tmp_path, (*ids, "equal"), target="elsewhere").replace("x", "x")
    Path(file).write_text(Path(file).read_text().replace("req_node:zeta-1", "req_node:elsewhere"))
    assert "which catalogue here is “elsewhere”" in workspace.run("standards", "import", file).err
    answer = workspace.run("standards", "import", file, "--column", "target=zeta", "--dry-run", "--json")
    assert json.loads(answer.out)["relations"] == [{"from": "acme@1", "to": "zeta@1", "count": 1}]
    assert not list((workspace.top / "standards").glob("*.overlay.yaml"))
