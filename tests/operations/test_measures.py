"""`compliance measure`: figures set slot by slot, missing ones that fall due, and what is wrong in a series."""

from __future__ import annotations

import json

import pytest

from ..builders.workspaces import Workspace

ADD = ("measure", "add", "Requests in time", "--unit", "%", "--since", "2025-10-01", "--at-least", "95")


@pytest.fixture
def held(workspace: Workspace) -> str:
    answer = workspace.run(*ADD, "-c", "acme:B.3")
    assert answer.code == 0, answer.err
    return answer.out.split()[1]


def series(workspace: Workspace, held: str) -> str:
    return f"evidence/measures/requests-in-time.{held[2:]}.csv"


def shown(workspace: Workspace, held: str, on: str = "2026-02-02") -> dict:
    return json.loads(workspace.run("measure", "show", held, "--on", on, "--json").out)["measure"]


def due(workspace: Workspace, on: str) -> list[str]:
    rows = json.loads(workspace.run("renewals", "--on", on, "--json").out)["renewals"]
    return [one["due"] for one in rows if one["kind"] == "measure"]


def test_figures_are_kept_in_order_whatever_order_they_come_in(workspace, held):
    for slot, value in (("2025-12", "97"), ("2025-10", "94.25"), ("2025-11", "96")):
        assert workspace.run("measure", "set", held, slot, value).code == 0
    assert workspace.read(series(workspace, held)) == "slot,value,note\n2025-10,94.25,\n2025-11,96,\n2025-12,97,\n"
    assert workspace.git("show", "--format=", "--numstat", "HEAD").split()[:2] == ["1", "0"]
    assert [one["on_target"] for one in shown(workspace, held)["figures"]] == [False, True, True]
    assert workspace.run("check").code == 0


def test_a_missing_month_falls_due_and_is_reported(workspace, held):
    assert due(workspace, "2026-01-15") == ["2025-11-30", "2026-01-31", "2026-02-28"]
    assert due(workspace, "2026-01-01") == ["2025-11-30", "2026-01-31", "2026-02-28"]
    assert due(workspace, "2025-12-15") == ["2025-11-30", "2025-12-30", "2026-01-31"]
    workspace.run("measure", "set", held, "2025-11", "96")
    assert due(workspace, "2026-02-02") == ["2025-11-30", "2026-02-28", "2026-03-28"]
    assert shown(workspace, held)["missing"] == ["2025-10", "2025-12"]
    assert shown(workspace, held, on="2025-12-01")["state"] == "1 missing"
    assert "2 missing" in workspace.run("measure", "list").out


def test_a_missed_target_is_said_at_once_and_counted(workspace, held):
    answer = workspace.run("measure", "set", held, "2025-10", "94.9")
    assert answer.out == f"Recorded {held}: 2025-10 is 94.9 %, which misses the target (at least 95 %)\n"
    workspace.run("measure", "set", held, "2025-11", "90")
    assert shown(workspace, held, on="2025-12-01") | {"recorded": 0} == shown(workspace, held, on="2025-12-01") | {
        "recorded": 0,
        "state": "off target",
        "off target": "2 in a row",
        "latest": "90 % in 2025-11",
    }


def test_a_recorded_figure_is_replaced_only_when_that_is_asked_for(workspace, held):
    workspace.run("measure", "set", held, "2025-10", "94")
    before = workspace.head
    refused = workspace.run("measure", "set", held, "2025-10", "95")
    assert (refused.code, "has the figure 94" in refused.err) == (2, True)
    same = workspace.run("measure", "set", held, "2025-10", "94")
    assert (same.code, workspace.head) == (0, before)
    assert workspace.run("measure", "set", held, "2025-10", "95", "--replace").code == 0
    assert [one["value"] for one in shown(workspace, held)["figures"]] == ["95"]


@pytest.mark.parametrize(
    ("slot", "value", "sentence"),
    [
        ("2025-09", "1", "lies before the measure begins"),
        ("2026-03", "1", "has not begun"),
        ("2025-Q4", "1", "is no month"),
        ("2025-13", "1", "is no month, quarter or year"),
        ("2025-10", "95 %", "is not a number"),
        ("2025-10", "1e3", "is not a number"),
        ("2025-10", "NaN", "is not a number"),
    ],
)
def test_what_cannot_be_is_refused(workspace, held, slot, value, sentence):
    before = workspace.head
    answer = workspace.run("measure", "set", held, slot, value)
    assert (answer.code, sentence in answer.err) == (2, True), answer.err
    assert workspace.head == before


@pytest.mark.parametrize(
    ("text", "place", "sentence"),
    [
        ("slot,value,note\n2025-10,94,\n2025-13,95,\n", ":3:1", "“2025-13” is no month, quarter or year"),
        ("slot,value,note\n2025-10,94,\n2025-10,95,\n", ":3:1", "has a second figure for 2025-10: line 2 has the"),
        ('slot,value,note\n2025-10,"1,234",\n', ":2:1", "“1,234” is not a number"),
        ("month,value\n2025-10,94\n", ":1:1", "has other columns than a series has"),
        (
            "slot,value,note\n2025-Q4,94,\n",
            ":2:1",
            "2025-Q4 is no month, and the measure has one figure for each month",
        ),
        ("slot,value,note\n2024-10,94,\n", ":2:1", "2024-10 lies before the measure begins"),
        ("slot,value,note\n2099-10,94,\n", ":2:1", "2099-10 has not begun"),
        ('slot,value,note\n2025-10,94,"open\n', ":2", "has quotes that are not closed"),
        ("slot,value,note\n2025-10,94,a,b\n", ":2:1", "has 4 cells"),
    ],
)
def test_check_finds_the_line(workspace, held, text, place, sentence):
    path = series(workspace, held)
    workspace.put({path: text})
    answer = workspace.run("check")
    assert answer.code == 1
    assert f"{path}{place}: error: {sentence}" in answer.out


def test_a_series_without_its_measure_is_an_error(workspace):
    workspace.put({"evidence/measures/stray.csv": "slot,value,note\n"})
    answer = workspace.run("check")
    assert (answer.code, "evidence/measures/stray.csv: error: belongs to no measure" in answer.out) == (1, True)
