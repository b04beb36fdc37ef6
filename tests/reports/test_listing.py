"""Reports are found by name: those that ship, and those that a workspace has templates of its own for."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path

import msgspec
import pytest

from compliance.problems import Refused
from compliance.reports.parts.documents import render
from compliance.reports.parts.listing import as_text, list_reports, shipped_reports

from ..builders.workspaces import begin_workspace
from .programme_ledgers import full
from .test_html import MARKUP, REVERSED, TEMPLATES
from .test_narrowing import standing


def own(top: Path, name: str, text: str = "") -> Path:
    (top / "templates").mkdir(exist_ok=True)
    file = top / "templates" / name
    file.write_text(text, encoding="utf-8")
    return file


def test_each_folder_with_a_report_is_one_and_has_templates():
    listed = list_reports(Path("/nonexistent"), TEMPLATES)
    assert listed.names() == tuple(shipped_reports())
    for report in listed.reports:
        assert {"html", "md", "json"} <= set(report.forms), report.name
        assert report.purpose.endswith(".")
        assert report.own == ()


def test_an_own_report_needs_a_template_alone(tmp_path: Path):
    own(tmp_path, "minutes.md.j2", "{# For the committee,\n   on one page. #}\n{{ total.gap_count }} gaps\n")
    own(tmp_path, "gaps.md.j2")
    listed = list_reports(tmp_path / "templates", TEMPLATES)
    minutes = listed.named("minutes")
    assert (minutes.forms, minutes.own, minutes.purpose) == (("md",), ("md",), "For the committee, on one page.")
    assert listed.named("gaps").own == ("md",)
    assert listed.named("gaps").purpose == shipped_reports()["gaps"].purpose
    assert "by the workspace's own template: md" in as_text(listed, 100)
    assert render("minutes", "md", standing(full()), tmp_path, TEMPLATES) == "9 gaps\n"


def test_parts_of_reports_are_no_reports(tmp_path: Path):
    for name in ("frame.html.j2", "head.md.j2", "_letterhead.html.j2", "notes.txt", "Upper.md.j2", "../x.md.j2"[3:]):
        own(tmp_path, name)
    names = set(list_reports(tmp_path / "templates", TEMPLATES).names())
    assert names == {*shipped_reports(), "x"}


@pytest.mark.parametrize("said", [MARKUP, REVERSED, "\x1b[31mred"])
def test_what_a_template_says_of_itself_stays_text(said: str, tmp_path: Path):
    own(tmp_path, "minutes.md.j2").write_bytes(b"{# " + said.encode(errors="surrogateescape") + b" #}")
    text = as_text(list_reports(tmp_path / "templates", TEMPLATES), 100)
    assert text.isprintable() or set(text) - set("\n") == {c for c in text if c.isprintable()}


def test_a_comment_without_end_and_a_pipe_say_nothing(tmp_path: Path):
    own(tmp_path, "long.md.j2", "{# " + "W" * 100_000)
    (tmp_path / "templates" / "link.md.j2").symlink_to(own(tmp_path, "target.txt", "{# secret #}"))
    listed = list_reports(tmp_path / "templates", TEMPLATES)
    assert [listed.named(name).purpose for name in ("long", "link")] == ["", ""]
    with pytest.raises(Refused, match="is not a plain file"):
        render("link", "md", standing(full()), tmp_path, TEMPLATES)


def test_a_folder_that_is_a_link_has_no_reports(tmp_path: Path):
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "elsewhere" / "minutes.md.j2").write_text("")
    (tmp_path / "templates").symlink_to(tmp_path / "elsewhere")
    assert "minutes" not in list_reports(tmp_path / "templates", TEMPLATES).names()


def test_an_own_template_may_ask_for_the_view_of_any_report(tmp_path: Path):
    own(tmp_path, "minutes.md.j2", '{{ report("programme").findings | length }} {{ report("gaps").total.gap_count }}')
    assert render("minutes", "md", standing(full()), tmp_path, TEMPLATES) == "4 9"
    own(tmp_path, "minutes.md.j2", '{{ report("gapps") }}')
    with pytest.raises(Refused, match="there is no report “gapps”"):
        render("minutes", "md", standing(full()), tmp_path, TEMPLATES)
    own(tmp_path, "minutes.md.j2", "{{ report.__globals__ }}")
    with pytest.raises(Refused, match="cannot be filled in"):
        render("minutes", "md", standing(full()), tmp_path, TEMPLATES)


def test_from_the_command_line(tmp_path: Path, today):
    workspace = begin_workspace(tmp_path / "work")
    own(workspace.top, "minutes.md.j2", "{# For the committee #}\n{{ organisation }}: {{ total.gap_count }}\n")
    listed = json.loads(workspace.run("report", "list", "--json").out)
    assert "minutes" in [report["name"] for report in listed["reports"]]
    assert "For the committee" in workspace.run("report", "list").out
    target = tmp_path / "minutes.md"
    assert workspace.run("report", "minutes", "-o", str(target)).out == f"Written: {target}\n"
    assert target.read_text().endswith("Council: 6\n"), target.read_text()
    refused = workspace.run("report", "minutes", "-o", str(tmp_path / "minutes.csv"))
    assert refused.err.endswith("hint: let its name end with .md\n")
    refused = workspace.run("report", "minuets", "-o", str(target))
    assert refused.err == "error: there is no report “minuets”\n  hint: did you mean minutes?\n"
    assert workspace.run("report", "../minutes", "-o", str(target)).code == 2


@pytest.mark.parametrize(("name", "within"), [("gaps", "12m"), ("renewals", "6m")])
def test_a_file_says_what_the_command_prints(name: str, within: str, tmp_path: Path, today):
    workspace = begin_workspace(tmp_path / "work")
    for form in ("csv", "json"):
        target = tmp_path / f"{name}.{form}"
        assert workspace.run("report", name, "-o", str(target), "--within", within).code == 0
        assert target.read_bytes().decode() == workspace.run(name, f"--{form}").out
    rows = list(csv.reader(io.StringIO((tmp_path / f"{name}.csv").read_text(), newline="")))
    assert len({len(row) for row in rows}) == 1


def test_an_own_report_is_marked_by_all_that_it_may_show(tmp_path: Path):
    ledger = full()
    secret = msgspec.structs.replace(
        ledger.evidence[0], id="E-00000009", controls=(), classification="OFFICIAL-SENSITIVE"
    )
    whole = standing(msgspec.structs.replace(ledger, evidence=(*ledger.evidence, secret)))
    assert whole.provenance.classification == "OFFICIAL"
    assert whole.marked_by_all().provenance.classification == "OFFICIAL-SENSITIVE"
    assert whole.marked_by_all().ledger == whole.ledger
