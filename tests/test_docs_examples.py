"""Every example of the documentation is what the program reads, and the workspace of the format page is in order.

What follows the language of a fenced block says what it is an example of, and where it lies: ```yaml record PATH.
"""

from __future__ import annotations

import datetime as dt
import os
import re
import subprocess
import textwrap
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import NamedTuple

import pytest

from compliance.domain.assessment.assess import assess
from compliance.domain.ledger.approval import approval
from compliance.domain.ledger.control_index import ControlIndex
from compliance.domain.registers.parts.registry import REGISTERS
from compliance.domain.terms.identifiers import identifier_of_path
from compliance.ledger.inspection.inspection import inspect
from compliance.ledger.opening import open_ledger, open_workspace
from compliance.store.catalogues.catalogues import parse_catalogue
from compliance.store.catalogues.overlays import apply_overlay
from compliance.store.records.configuration import parse_configuration
from compliance.store.records.records import parse_front_matter, parse_record
from compliance.store.records.rules import parse_rules
from compliance.store.text.parsed import parse_yaml

DOCS = Path(__file__).parents[1] / "docs"
PAGES = ("catalogues.md", "format.md")
DAY = dt.date(2026, 11, 20)
READERS = {
    "record": parse_record,
    "catalogue": parse_catalogue,
    "map": parse_rules,
    **{register.word: partial(parse_yaml, type_=register.record) for register in REGISTERS},
}
LEAST = b'format = 1\norganisation = "Example"\n[[scopes]]\nid = "all"\n'
_FENCED = re.compile(r"^```(?P<language>\w+)(?P<words>(?: \S+)*)\n(?P<text>.*?)^```$", re.MULTILINE | re.DOTALL)


class Example(NamedTuple):
    """A fenced block: its language, what it is an example of, where it lies, and the page it stands on."""

    page: str
    language: str
    what: str
    path: str
    text: str


def examples_of(page: str) -> Iterator[Example]:
    for found in _FENCED.finditer((DOCS / page).read_text(encoding="utf-8")):
        words = found["words"].split()
        what = words.pop(0) if words and "." not in words[0] else ""
        yield Example(page, found["language"], what, words[0] if words else "", found["text"])


EXAMPLES = [example for page in PAGES for example in examples_of(page)]


def of(page: str, what: str) -> list[Example]:
    return [one for one in EXAMPLES if (one.page, one.what) == (page, what)]


def named(example: Example) -> str:
    return f"{example.page}-{example.language}-{example.what or example.path or 'part'}"


def test_both_pages_have_examples_of_everything():
    shown = {(one.page, one.what) for one in EXAMPLES if one.language == "yaml"}
    assert shown == {("format.md", what) for what in (*READERS, "overlay")} | {
        ("catalogues.md", "catalogue"),
        ("catalogues.md", "overlay"),
    }


@pytest.mark.parametrize("example", [one for one in EXAMPLES if one.language == "yaml"], ids=named)
def test_yaml(example):
    data = example.text.encode()
    if example.what == "overlay":
        catalogues = [parse_catalogue(one.text.encode(), one.path).value for one in of(example.page, "catalogue")]
        value, problems = apply_overlay(data, example.path, {one.name: one for one in catalogues}.get)
    else:
        value, problems = (parsed := READERS[example.what](data, example.path)).value, parsed.problems
    assert problems == ()
    assert value


@pytest.mark.parametrize("example", [one for one in EXAMPLES if one.language == "toml"], ids=named)
def test_toml(example):
    whole = example.text.encode() if example.path else LEAST + example.text.encode()
    assert parse_configuration(whole).problems == ()


@pytest.mark.parametrize("example", [one for one in EXAMPLES if one.language == "markdown"], ids=named)
def test_front_matter(example):
    parsed = parse_front_matter(example.text.encode(), example.path)
    assert parsed.value
    assert parsed.problems == ()


@pytest.fixture
def workspace(tmp_path, monkeypatch):
    """The workspace that the format page spells out, in one commit."""
    for name in [name for name in os.environ if name.startswith("GIT_")]:
        monkeypatch.delenv(name)
    for name, value in (("AUTHOR", "A. Warden"), ("COMMITTER", "A. Warden")):
        monkeypatch.setenv(f"GIT_{name}_NAME", value)
        monkeypatch.setenv(f"GIT_{name}_EMAIL", "warden@fernleigh.example")
        monkeypatch.setenv(f"GIT_{name}_DATE", f"{DAY}T12:00:00Z")
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path))
    top = tmp_path / "hall"
    for example in examples_of("format.md"):
        if example.path:
            file = top / example.path
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_bytes(example.text.encode())
    for command in (("init", "-q", "-b", "main"), ("add", "-A"), ("commit", "-q", "-m", "The hall")):
        subprocess.run(("git", *command), cwd=top, check=True)
    return open_workspace(top)


def test_the_workspace_of_the_format_page_is_in_order(workspace):
    assert inspect(workspace).problems == ()
    ledger = open_ledger(workspace)
    assert ledger.problems == ()
    (standard,) = assess(ledger, ledger.settings.scopes[0], DAY, DAY, dt.timedelta(60)).standards
    assert [(control.id, control.standing) for control in standard.controls] == [
        ("1.1", "evidenced"),
        ("1.2", "evidenced"),
        ("2.1", "excluded"),
    ]


def test_the_stamp_of_the_format_page_is_the_one_in_its_record(workspace):
    (code,), (record,) = of("format.md", "stamp"), of("format.md", "record")
    computed: dict[str, object] = {}
    exec(compile(code.text, "stamp", "exec"), computed)
    decision = parse_record(record.text.encode(), record.path).value.decisions[0]
    assert (computed["stamp"], computed["parts"]) == (decision.stamp, decision.parts)
    changed = record.text.replace("valid-until: 2027-09-29", "valid-until: 2027-09-30")
    workspace.top.joinpath(record.path).write_text(changed)
    subprocess.run(("git", "commit", "-q", "-a", "-m", "Later"), cwd=workspace.top, check=True)
    ledger = open_ledger(open_workspace(workspace.top))
    item = ledger.evidence_by_id("E-7K2M9QXT")
    review = approval(item, ledger.approvers, ControlIndex(ledger).fingerprint_of)
    assert review.verdict.value == "changed"
    assert review.reason.endswith("since then the dates changed")


def test_the_id_of_evidence_without_a_record():
    (code,) = of("format.md", "evidence-id")
    computed: dict[str, object] = {}
    exec(compile(code.text, "evidence-id", "exec"), computed)
    assert computed["evidence_id"] == identifier_of_path(str(computed["path"]))


def test_the_mistake_that_the_page_on_catalogues_shows_is_what_check_says():
    (example,) = [one for one in of("catalogues.md", "catalogue") if one.path == "standards/bicycle-pool@1.yaml"]
    spoilt = example.text.replace("half-year", "half-yaer", 1).encode()
    (problem,) = parse_catalogue(spoilt, example.path).problems
    page = textwrap.dedent((DOCS / "catalogues.md").read_text(encoding="utf-8").partition("it would say\n\n")[2])
    assert page.startswith(textwrap.indent(problem.render(), "    ") + "\n")
