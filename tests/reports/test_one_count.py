"""Gaps, overdue and due are counted once: on the demonstration every view shows the same figures for the same day."""

from __future__ import annotations

import csv
import io
import re
from pathlib import Path

from ..builders.workspaces import Workspace

OVERDUE_SHOWN = (
    "renewals.csv", "today.json", "renewals", "today", "gaps.html", "renewals.html", "programme.html",
)  # fmt: skip
ON = ("--on", "2026-11-30")


def number(pattern: str, text: str) -> int:
    """The number that a pattern finds in a text whose white space is of no matter."""
    match = re.search(pattern, " ".join(text.split()))
    assert match, (pattern, text[:2000])
    return int(match[1])


def html(workspace: Workspace, name: str, target: Path) -> str:
    assert workspace.run("report", name, *ON, "-o", str(target / f"{name}.html")).code in {0, 1}
    return re.sub(r"<[^>]*>", " ", (target / f"{name}.html").read_text(encoding="utf-8"))


def test_every_view_counts_alike(demo, tmp_path):
    workspace = Workspace(demo.directory)
    listed = workspace.run("renewals", *ON, "--within", "12m", "--json").json
    figures = listed["figures"]
    overdue = [row for row in listed["renewals"] if row["days_left"] < 0]
    assert figures["overdue"] == len(overdue) > 9
    table = csv.DictReader(io.StringIO(workspace.run("renewals", *ON, "--csv").out))
    todays = workspace.run("today", *ON, "--json").json
    texts = {
        "renewals-text": workspace.run("renewals", *ON).out,
        "today": workspace.run("today", *ON).out,
        **{name: html(workspace, name, tmp_path) for name in ("gaps", "renewals", "programme")},
    }
    assert {
        "renewals.csv": sum(int(row["days left"]) < 0 for row in table),
        "today.json": len(todays["overdue"]),
        "renewals": number(r"Overdue: (\d+)", texts["renewals-text"]),
        "today": number(r"Overdue \((\d+)\)", texts["today"]),
        "gaps.html": number(r"Overdue: (\d+) dates", texts["gaps"]),
        "renewals.html": number(r"(\d+) overdue ,", texts["renewals"]),
        "programme.html": number(r"(\d+) overdue in all", texts["programme"]),
    } == dict.fromkeys(OVERDUE_SHOWN, figures["overdue"])
    assert (len(todays["this_week"]), len(todays["this_month"])) == (figures["this_week"], figures["this_month"])
    gaps = workspace.run("gaps", *ON, "--json").json
    assert {
        "gaps.html": number(r"(\d+) gaps, \d+ of them required", texts["gaps"]),
        "today": number(r"(\d+) gaps, \d+ of them required", texts["today"]),
        "today.json": todays["gaps"],
        "gaps.json": sum(gaps["total"]["gaps"].values()),
    } == dict.fromkeys(("gaps.html", "today", "today.json", "gaps.json"), figures["gaps"])
    rows = [
        control
        for assessment in gaps["assessments"]
        for standard in assessment["standards"]
        for control in standard["controls"]
    ]
    lines = csv.DictReader(io.StringIO(workspace.run("gaps", *ON, "--csv").out))
    summary = workspace.run("gaps", *ON, "--summary").out
    required = {
        "gaps.html": number(r"\d+ gaps, (\d+) of them required", texts["gaps"]),
        "gaps --summary": number(r"\d+ gaps, (\d+) of them required", summary),
        "gaps --summary, total": int(re.findall(r"^Total .* (\d+) +–$", summary, re.MULTILINE)[0]),
        "gaps.csv": sum(line["required"] == "yes" for line in lines),
        "gaps.json": gaps["total"]["required"],
        "gaps.json, control by control": sum(control["required"] for control in rows),
        "today": number(r"\d+ gaps, (\d+) of them required", texts["today"]),
        "today.json": todays["required"],
    }
    assert required == dict.fromkeys(required, figures["required"])
    assert 0 < figures["required"] < figures["gaps"]
