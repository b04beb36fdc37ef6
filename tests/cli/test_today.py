"""`compliance today`: one screen, whoever asks and however much there is."""

from __future__ import annotations

import re
import shlex

import pytest

from ..builders.running import environment
from ..builders.workspaces import Workspace, described


def action(workspace: Workspace, title: str, due: str, owner: str = "", scope: str = "corporate") -> None:
    raised = ("--raised", "2026-01-01", "--scope", scope)
    answer = workspace.run("action", "add", title, "--due", due, "--owner", owner, *raised)
    assert answer.code == 0, answer.err


def titles(workspace: Workspace, *options: str) -> dict[str, list[str]]:
    plain = workspace.run("today", "--json", *options).json
    return {
        group: [one["what"] for one in plain[group] if one["kind"] == "action"]
        for group in ("overdue", "this_week", "this_month")
    }


def test_what_is_due_stands_under_when_it_is(workspace):
    for title, due in (
        ("Yesterday", "2026-02-01"),
        ("Today", "2026-02-02"),
        ("Sunday", "2026-02-08"),
        ("Monday", "2026-02-09"),
        ("Last of the month", "2026-02-28"),
        ("Next month", "2026-03-01"),
    ):
        action(workspace, title, due)
    assert titles(workspace) == {
        "overdue": ["Yesterday"],
        "this_week": ["Today", "Sunday"],
        "this_month": ["Monday", "Last of the month"],
    }
    assert titles(workspace, "--on", "2026-02-28") == {
        "overdue": ["Yesterday", "Today", "Sunday", "Monday"],
        "this_week": ["Last of the month", "Next month"],
        "this_month": [],
    }


def test_an_officer_sees_their_own_by_name_or_by_address(workspace):
    action(workspace, "Mine", "2026-02-03", "A. Officer <a.officer@example.org>")
    action(workspace, "Mine by name", "2026-02-04", "A. Officer, Security")
    action(workspace, "Another's", "2026-02-05", "B. Manager")
    assert titles(workspace, "--me")["this_week"] == ["Mine", "Mine by name"]
    assert titles(workspace, "--owner", "b. manager")["this_week"] == ["Another's"]
    assert len(titles(workspace)["this_week"]) == 3


def test_evidence_waits_for_somebody_else_than_who_recorded_it(workspace):
    settings = workspace.read("compliance.toml")
    policy = '\n[review]\nkinds = ["policy"]\napprover-may-be-recorder = false\n'
    recorded = {"mine": "B. Manager <b@example.org>", "theirs": "A. Officer <a.officer@example.org>"}
    files = {"compliance.toml": settings + policy}
    for number, (name, by) in enumerate(recorded.items()):
        path = f"evidence/2026/2026-01-0{number + 1}-{name}.7K2M9QX{number}.md"
        record = described(f"E-7K2M9QX{number}", kind="policy", title=name.title(), controls="[acme:A.1]")
        files |= {path: name, f"{path}.evidence.yaml": f"{record}recorded: {{by: {by}, on: 2026-01-03}}\n"}
    workspace.put(files)
    waiting = workspace.run("today", "--json").json["waiting"]
    assert [(one["title"], one["mine"]) for one in waiting] == [("Mine", True), ("Theirs", False)]
    shown = workspace.run("today").out
    assert shown.index("Waiting for you to approve (1)") < shown.index("Mine") < shown.index("somebody else's approval")


@pytest.mark.parametrize("lines", [14, 24, 50])
def test_it_fits_the_screen_and_says_what_is_left_out(workspace, lines):
    for number in range(12):
        action(workspace, f"Overdue {number}", "2026-01-15")
        action(workspace, f"Soon {number}", "2026-02-04")
    with environment(LINES=str(lines)):
        shown = workspace.run("today").out.splitlines()
    assert len(shown) <= lines
    assert all(len(line) <= 80 for line in shown)
    cut = [line for line in shown if line.startswith("  … and ")]
    listed = sum(line.startswith("  2026-") for line in shown)
    left_out = sum(int(line.split()[2]) for line in cut)
    everything = workspace.run("today", "--all").out.splitlines()
    assert listed + left_out == sum(line.startswith("  2026-") for line in everything)
    assert bool(cut) == (lines < 50)


def test_that_nothing_is_due_is_said_and_what_to_do_about_gaps(workspace):
    shown = workspace.run("today", "--owner", "Nobody at all").out
    assert "Nothing is due this month, and nothing waits for approval." in shown
    assert shown.endswith("compliance plan\n")


def test_ids_stand_below_one_another_whatever_the_width(workspace):
    action(workspace, "Short", "2026-01-15")
    action(workspace, "A title longer than the screen is wide" + " and longer" * 12, "2026-02-03")
    for columns in (60, 80, 140):
        lines = [line for line in workspace.run("today", columns=columns).out.splitlines() if " T-" in line]
        assert len(lines) == 2
        assert len({line.index(" T-") for line in lines}) == 1
        assert max(map(len, lines)) <= columns


def test_what_is_to_be_begun_is_listed_long_before_it_is_due(workspace):
    for title, date_, lead in (("Hosting", "2026-09-30", "8m"), ("Printers", "2026-09-30", "1m")):
        added = workspace.run("deadline", "add", title, "-k", "contract", "--date", date_, "--lead", lead)
        assert added.code == 0, added.err
    plain = workspace.run("today", "--json").json
    assert [(one["what"], one["due"], one["begin"]) for one in plain["to_begin"]] == [
        ("contract: Hosting", "2026-09-30", "2026-01-30")
    ]
    shown = workspace.run("today").out
    assert "To begin (1)" in shown
    assert "Printers" not in shown


@pytest.mark.parametrize("day", ["0001-01-01", "9999-12-31"])
def test_the_ends_of_the_calendar_are_days_like_any_other(workspace, day):
    action(workspace, "Soon", "2026-02-04")
    assert workspace.run("today", "--on", day).code == 0


def test_what_is_not_committed_is_mentioned(workspace):
    workspace.write("evidence/2026/new.txt", "new")
    assert "1 file is not committed: compliance check" in workspace.run("today").out


@pytest.mark.parametrize(
    "asked", [(), ("--on", "2026-02-28"), ("--scope", "payments"), ("--on", "2026-02-28", "--scope", "payments")]
)
def test_the_commands_that_it_names_ask_about_the_same_day_and_scopes(workspace, asked):
    settings = (workspace.top / "compliance.toml").read_text()
    workspace.write("compliance.toml", f'{settings}\n[[scopes]]\nid = "payments"\n')
    workspace.commit(message="Another scope")
    for number in range(20):
        action(workspace, f"Deed {number}", "2026-02-01", scope="payments")
    answer = workspace.run("today", *asked)
    named = re.findall(r"compliance ((?:gaps|renewals|plan)\b.*)", answer.out)
    assert any(command.startswith("renewals") for command in named)
    assert any(command.startswith("gaps") for command in named)
    for command in named:
        words = shlex.split(command)
        assert [word for word in words if word in asked] == list(asked)
        assert workspace.run(*words).code == 0
    (gaps,) = [shlex.split(command) for command in named if command.startswith("gaps") and "--only" not in command]
    counted = workspace.run(*gaps, "--json").json["total"]["gap_count"]
    assert f"{counted} gap" in answer.out
