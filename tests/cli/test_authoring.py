"""`standards check` and `standards schema`, as the author of a catalogue uses them."""

from __future__ import annotations

import json
import os
import resource
import subprocess
import sys

import pytest

from ..builders.running import run_here
from ..builders.workspaces import Workspace

POOL = """\
id: pool
version: 1
title: Rules for the pool of bicycles
short: Pool
publisher: Fernleigh Village Hall Trust (invented)
default-expects:
  - {id: evidence, max-age: 12 months, what: What shows it}
controls:
  - id: "1"
    title: Bicycles
    controls:
      - id: "1.1"
        title: Safe to ride
        assessable: true
        summary: Looked over twice a year.
        expects:
          - {id: sheet, kind: record, each: half-year, basis: mandated, source: Rule 1, what: Inspection sheet}
          - {id: photo, kind: [screenshot, record], max-age: 6 months, basis: advice}
        related:
          - {to: "acme:A.1", type: intersects}
          - {to: "acne:A.1", type: intersects}
          - {to: "acme:A.99", type: intersects}
      - {id: "1.2", title: Insured, assessable: true, summary: Looked  over twice a YEAR.}
      - {id: "1.3", title: Counted, assessable: true}
"""
OVERLAY = """\
overlay: pool
controls:
  - id: "1.1"
    local-id: FVH-12
    title: Safe
    expects:
      - {id: photo, kind: [screenshot], max-age: 9 months, because: Few ride in winter, what: Photographs}
      - {id: rides, kind: report, every: 3 months}
"""


@pytest.fixture
def workspace(workspace: Workspace, monkeypatch) -> Workspace:
    monkeypatch.setenv("COLUMNS", "80")
    workspace.write("standards/pool@1.yaml", POOL)
    workspace.write("standards/mine.overlay.yaml", OVERLAY)
    monkeypatch.chdir(workspace.top)
    return workspace


def sentences(out: str) -> list[str]:
    return [line for line in out.splitlines() if ": warning: " in line or ": error: " in line]


def test_a_catalogue_is_counted_and_its_weak_places_are_shown(workspace):
    outcome = run_here(["standards", "check", "standards/pool@1.yaml"])
    assert outcome.code == 0
    assert sentences(outcome.out) == [
        "standards/pool@1.yaml:18:13: warning: #photo of 1.1 does not say what to file",
        "standards/pool@1.yaml:21:18: warning: 1.1 is related to acne, which is not known here",
        "standards/pool@1.yaml:22:18: warning: 1.1 is related to acme:A.99, which there is not",
        "standards/pool@1.yaml:23:64: warning: 1.2 has the same summary as 1.1",
        "standards/pool@1.yaml:24:9: warning: 1.3 has no summary",
    ]
    assert (
        outcome.out.partition("pool@1  ")[2]
        == """\
Rules for the pool of bicycles

Level  Headings  Controls
-----  --------  --------
1             1         0
2             0         3
All           1         3

Expectations by kind: record 2, any kind 2, screenshot 1
By rule: no older than 12 months 2, each half-year 1, no older than 6 months 1
By basis: organisation 2, mandated 1, advice 1
By need: usual 3
By default-expects: 2 controls
1 control without a summary: 1.3

0 errors, 5 warnings
"""
    )


def test_an_overlay_says_what_it_changes_from_what_to_what(workspace):
    outcome = run_here(["standards", "check", "standards/mine.overlay.yaml"])
    assert outcome.code == 0
    assert sentences(outcome.out) == [
        "standards/mine.overlay.yaml:8:9: warning: #rides of 1.1 does not say what to file"
    ]
    assert (
        outcome.out.partition("bicycles\n")[2]
        == """\
The overlay changes 1 control
  1.1  Safe
    title: “Safe” instead of “Safe to ride”
    local-id: “FVH-12”
    #photo: no older than 9 months instead of no older than 6 months, because:
      Few ride in winter
    #photo: kind screenshot instead of screenshot or record, because: Few ride
      in winter
    #photo, what to file: “Photographs”
    #rides added: report, every 3 months, organisation

0 errors, 1 warning
"""
    )


def test_show_says_what_the_overlay_changed(workspace):
    settings = (workspace.top / "compliance.toml").read_text() + '\n[[standards]]\nstandard = "pool@1"\n'
    files = {"compliance.toml": settings, "standards/pool@1.yaml": POOL, "standards/mine.overlay.yaml": OVERLAY}
    workspace.record(files, "2026-01-12", "Pool")
    shown = run_here(["standards", "show", "pool:FVH-12"]).out
    assert "changed by an overlay: title: “Safe” instead of “Safe to ride”" in shown
    assert "your number: FVH-12" in shown
    assert "· 1.1  Safe [FVH-12] (changed by an overlay)" in run_here(["standards", "show", "pool"]).out
    refused = run_here(["evidence", "list", "-c", "pool:fvh-12"])
    assert (refused.code, refused.err.splitlines()[-1]) == (2, "  hint: did you mean pool:1.1?")


def test_an_overlay_is_checked_with_the_catalogue_that_is_given_with_it(tmp_path):
    (tmp_path / "a").mkdir()
    catalogue, overlay = tmp_path / "a" / "pool.yaml", tmp_path / "mine.overlay.yaml"
    catalogue.write_text(POOL)
    overlay.write_text(OVERLAY)
    assert run_here(["standards", "check", str(overlay)]).code == 1
    assert run_here(["standards", "check", str(overlay), str(catalogue)]).code == 0


def test_json_says_the_same(workspace):
    outcome = run_here(["standards", "check", "--json", "standards/pool@1.yaml", "standards/mine.overlay.yaml"])
    said = json.loads(outcome.out)
    assert (said["format_version"], said["errors"], said["warnings"]) == (1, 0, 6)
    catalogue, overlay = said["files"]
    assert catalogue["counts"]["levels"] == [{"headings": 1, "controls": 0}, {"headings": 0, "controls": 3}]
    assert catalogue["counts"]["bases"] == {"mandated": 1, "advice": 1, "organisation": 2}
    assert list(overlay["counts"]["changed"]) == ["1.1"]


def test_a_name_by_which_it_would_not_be_read(tmp_path):
    for name, text in (("pool.txt", POOL), ("mine.yaml", OVERLAY)):
        (tmp_path / name).write_text(text)
    said = run_here(["standards", "check", *(str(tmp_path / name) for name in ("mine.yaml", "pool.txt"))]).out
    assert "mine.yaml: warning: is an overlay by what it holds, and not by its name" in said
    assert "pool.txt: warning: is a catalogue by what it holds, and not by its name" in said


def test_schemas_are_listed_printed_and_written(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    kinds = [line.split()[0] for line in run_here(["standards", "schema"]).out.splitlines()[2:] if line[0] != " "]
    assert {"catalogue", "overlay", "record", "rules", "configuration", "accreditation"} <= set(kinds)
    printed = run_here(["standards", "schema", "rules"]).out
    assert json.loads(printed)["required"] == ["rules"]
    assert run_here(["standards", "schema", "rules", "-o", "r.json"]).out == "Written: r.json\n"
    assert (tmp_path / "r.json").read_text() == printed
    (tmp_path / "schemas").mkdir()
    assert run_here(["standards", "schema", "-o", "schemas"]).code == 0
    assert {file.name for file in (tmp_path / "schemas").iterdir()} == {f"{kind}.schema.json" for kind in kinds}


@pytest.mark.parametrize(
    "text",
    [
        "controls:\n" + "- a\n" * 300_000,
        "controls: [" + "[]," * 400_000 + "]",
        "".join(f"k{number}: v\n" for number in range(30_000)),
        'title: "' + "a" * 7_900_000,
        "a" * 8_000_001,
        "- " * 1_000_000,
    ],
    ids=["items", "lists", "fields", "open", "long", "deep"],
)
def test_memory_is_bounded_and_the_answer_short(text, tmp_path):
    file = tmp_path / "pool@1.yaml"
    file.write_text(text)
    half = 512 * 1024 * 1024
    done = subprocess.run(
        [sys.executable, "-c", "from compliance.cli.main import main; main()", "standards", "check", str(file)],
        capture_output=True,
        check=False,
        env={**os.environ, "PYTHONDONTWRITEBYTECODE": "1"},
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_AS, (half, half)),
    )
    said = (done.stdout + done.stderr).decode()
    assert done.returncode in {1, 2}, said
    assert f"{file}" in said
    assert "error: " in said
    assert "Traceback" not in said
    assert len(said) < 200_000
