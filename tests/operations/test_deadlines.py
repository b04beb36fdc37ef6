"""`compliance deadline`: one-off and recurring days, counted from the first, met one by one."""

from __future__ import annotations

import json

import pytest

from ..builders.workspaces import Workspace, described


@pytest.fixture
def workspace(workspace: Workspace) -> Workspace:
    path = "evidence/2026/2026-01-20-review.7K2M9QXT.md"
    workspace.put({path: "Reviewed\n", f"{path}.evidence.yaml": described("E-7K2M9QXT", kind="record")})
    return workspace


def added(workspace: Workspace, *more: str) -> str:
    answer = workspace.run("deadline", "add", "Review the policy", "-k", "review", *more)
    assert answer.code == 0, answer.err
    return answer.out.split()[1]


def due(workspace: Workspace, *more: str) -> list[str]:
    return [one["due"] for one in json.loads(workspace.run("renewals", "--json", *more).out)["renewals"]]


def test_a_recurring_deadline_falls_due_again_and_again_from_its_first_day(workspace):
    added(workspace, "--date", "2026-01-31", "--every", "1m", "--until", "2026-05-31")
    assert due(workspace) == ["2026-01-31", "2026-02-28", "2026-03-31", "2026-04-30", "2026-05-31"]


def test_days_are_met_one_by_one_and_what_is_overdue_stays_so(workspace):
    deadline = added(workspace, "--date", "2025-12-31", "--every", "3m", "--lead", "4w")
    assert workspace.run("deadline", "list").out.splitlines()[2].split()[:6] == (
        [deadline, "2025-12-31", "33", "days", "ago", "overdue"]
    )
    answer = workspace.run("deadline", "done", deadline, "E-7K2M9QXT")
    assert answer.out == f"Recorded {deadline}: met for 2025-12-31; next 2026-03-31\n"
    assert due(workspace) == ["2026-03-31", "2026-06-30"]
    shown = json.loads(workspace.run("deadline", "show", deadline, "--json").out)["deadline"]
    assert (shown["state"], shown["next"], shown["begin by"]) == ("open", "2026-03-31", "2026-03-03")
    assert workspace.run("deadline", "done", deadline, "--due", "2026-06-30").code == 0
    assert due(workspace) == ["2026-03-31"]
    assert workspace.run("check").code == 0


def test_a_single_deadline_is_done_with(workspace):
    deadline = added(workspace, "--date", "2026-03-31")
    workspace.run("deadline", "done", deadline)
    assert due(workspace) == []
    again = workspace.run("deadline", "done", deadline)
    assert (again.code, "has no day that is open" in again.err) == (2, True)
    assert deadline not in workspace.run("deadline", "list").out
    assert deadline in workspace.run("deadline", "list", "--all").out


@pytest.mark.parametrize(
    ("options", "sentence"),
    [
        (("--date", "2026-03-31", "--every", "5 working days"), "does not recur by days, weeks, months or years"),
        (("--date", "2026-03-31", "--every", "0d"), "does not recur by days, weeks, months or years"),
        (("--date", "2026-03-31", "--every", "1m", "--until", "2026-01-01"), "ends on 2026-01-01, before its first"),
        (("--date", "2026-03-31", "--until", "2026-01-01"), "has no end"),
        (("--date", "2026-03-31", "-c", "acme:Z.9"), "has no control Z.9"),
    ],
)
def test_what_cannot_be_is_refused(workspace, options, sentence):
    before = workspace.head
    answer = workspace.run("deadline", "add", "Review", "-k", "review", *options)
    assert (answer.code, sentence in answer.err) == (2, True), answer.err
    assert workspace.head == before


def test_a_day_that_is_none_of_its_own_is_not_met(workspace):
    deadline = added(workspace, "--date", "2026-01-31", "--every", "1m")
    answer = workspace.run("deadline", "done", deadline, "--due", "2026-03-01")
    assert answer.code == 2
    assert "2026-03-01 is none of its days" in answer.err
    assert "its days near that are 2026-01-31, 2026-02-28" in answer.err
