"""A report made from a ledger with errors says so at its head, in whatever form it is."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from ..builders.workspaces import Workspace, begin_workspace, described

BROKEN = "evidence/2026/scan.SCAN0001.txt.evidence.yaml"
BROKEN_TOO = "evidence/2026/<b>.PCY00001.txt.evidence.yaml"
ONE = "1 file could not be read: this report may lack it."
TWO = "2 files could not be read: this report may lack them."
LACKING = "2 files could not be read: what they say is in no verdict here."
ALTERED = "1 error was found: this report may be wrong."


@pytest.fixture
def broken(tmp_path) -> Workspace:
    """A failed scan whose record has a typing error, and a policy whose record has another."""
    scan = described("E-SCAN0001", title="Scan", kind="scan", result="fail", date="2026-01-02", controls=["acme:A.1"])
    policy = described("E-PCY00001", title="Policy", kind="policy", date="2026-01-02", controls=["acme:B.1"])
    workspace = begin_workspace(tmp_path / "broken")
    workspace.put(
        {
            BROKEN.removesuffix(".evidence.yaml"): "Much was found.\n",
            BROKEN: scan.replace("result: fail", "resutl: fail"),
            BROKEN_TOO.removesuffix(".evidence.yaml"): "Be careful.\n",
            BROKEN_TOO: policy.replace("policy", "polity"),
        }
    )
    return workspace


def written(workspace: Workspace, name: str) -> str:
    target = workspace.top.parent / name
    assert workspace.run("report", name.partition(".")[0], "-o", str(target)).code == 2
    return target.read_text()


@pytest.mark.parametrize("command", ["gaps", "renewals"])
def test_text_says_it_under_its_heading(broken, command):
    answer = broken.run(command)
    assert answer.code == 2
    assert answer.out.split("\n")[2] == TWO
    assert BROKEN in answer.err


@pytest.mark.parametrize("options", [(), ("--summary",)])
def test_each_standard_says_that_something_may_be_missing_from_it(broken, options):
    lines = broken.run("gaps", *options).out.split("\n")
    (named,) = [number for number, line in enumerate(lines) if line.startswith("Acme · acme@1")]
    assert lines[named + 1] == LACKING


@pytest.mark.parametrize("words", ["gap", "failed", "excluded"])
def test_what_cannot_be_read_never_passes_a_pipeline(broken, words):
    assert broken.run("gaps", "--fail-on", words).code == 2


@pytest.mark.parametrize("command", [("gaps",), ("gaps", "--summary"), ("renewals",)])
def test_json_lists_the_problems(broken, command):
    answer = broken.run(*command, "--json").json
    assert answer["unread"] == sorted([BROKEN, BROKEN_TOO])
    assert {problem["location"]["file"] for problem in answer["problems"]} == {BROKEN, BROKEN_TOO}
    assert all(problem["sentence"] and problem["hint"] for problem in answer["problems"])


@pytest.mark.parametrize("name", ["gaps.html", "renewals.html"])
def test_html_lists_them_before_anything_else(broken, name):
    page = written(broken, name)
    assert page.index(TWO) < page.index("<main")
    assert re.search(rf"<code>{BROKEN}:\d+:\d+</code>", page)
    assert "evidence/2026/&lt;b&gt;.PCY00001" in page
    assert ("gaps" in name) == (LACKING in page)


@pytest.mark.parametrize("name", ["gaps.md", "renewals.md"])
def test_markdown_lists_them_before_anything_else(broken, name):
    text = written(broken, name)
    head, _, rest = text.partition(f"**{TWO}**\n")
    assert "|" not in head
    items = [line for line in rest.split("\n") if line.startswith("- ")]
    assert [item.partition(":")[0] for item in items] == [
        "- evidence/2026/\\<b\\>.PCY00001.txt.evidence.yaml",
        f"- {BROKEN}",
    ]
    assert ("gaps" in name) == (LACKING in text)


def test_one_file_and_errors_of_other_kinds_are_put_into_words(broken):
    broken.remove(BROKEN_TOO)
    broken.remove(BROKEN_TOO.removesuffix(".evidence.yaml"))
    broken.commit()
    assert broken.run("gaps").out.split("\n")[2] == ONE
    assert "1 file could not be read: what it says is in no verdict here." in broken.run("gaps").out
    Path(broken.top, "evidence/link.txt").symlink_to("README.md")
    broken.commit()
    found = broken.run("gaps").out.split("\n")[2]
    assert found == "1 file could not be read, and 1 other error was found: this report may be wrong."
    broken.remove(BROKEN)
    broken.commit()
    assert broken.run("gaps").out.split("\n")[2] == ALTERED


def test_a_ledger_in_order_has_nothing_said_of_it(tmp_path):
    workspace = begin_workspace(tmp_path / "whole")
    assert workspace.run("gaps", "--json").json["problems"] == []
    assert workspace.run("gaps", "--json").json["unread"] == []
    target = tmp_path / "gaps.html"
    assert workspace.run("report", "gaps", "-o", str(target)).code == 0
    assert "could not be read" not in target.read_text()
    assert "could not be read" not in workspace.run("gaps").out
