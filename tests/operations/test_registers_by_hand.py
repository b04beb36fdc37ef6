"""What befalls records between commands: ids mistyped, changed or of another register, files lost and broken, closings
that did not work, days to come.
"""

from __future__ import annotations

import json

import pytest

from ..builders.running import environment
from ..builders.workspaces import Workspace, described

PROOF = "E-7K2M9QXT"


@pytest.fixture
def workspace(workspace: Workspace) -> Workspace:
    path = "evidence/2026/2026-01-20-leavers.7K2M9QXT.csv"
    workspace.put({path: "a,b\n", f"{path}.evidence.yaml": described(PROOF, kind="record", controls="[acme:B.3]")})
    return workspace


def added(workspace: Workspace, *command: str) -> str:
    answer = workspace.run(*command)
    assert answer.code == 0, answer.err
    return answer.out.split()[1]


def a_finding(workspace: Workspace, *more: str) -> str:
    return added(workspace, "finding", "add", "Leavers keep accounts", "--type", "minor", "-c", "acme:B.3", *more)


def an_action(workspace: Workspace, *more: str) -> str:
    return added(workspace, "action", "add", "Script", "--due", "2026-02-10", *more)


def shown(workspace: Workspace, register: str, record: str) -> dict:
    return json.loads(workspace.run(register, "show", record, "--json").out)[register]


def editing(workspace: Workspace, script: str) -> dict[str, str]:
    """An editor that changes the file it is given by a line of sed."""
    editor = workspace.top.parent / "editor"
    editor.write_text(f'#!/bin/sh\nsed -i "{script}" "$1"\n')
    editor.chmod(0o755)
    return {"EDITOR": str(editor), "VISUAL": str(editor)}


def test_a_closing_that_did_not_work_is_kept_and_must_be_made_anew(workspace):
    finding = a_finding(workspace)
    workspace.run("finding", "close", finding, PROOF, "--on", "2026-02-02", "--check-by", "2026-02-02")
    workspace.run("finding", "check", finding, "--not-effective", "--note", "Three more")
    again = workspace.run("finding", "check", finding, "--effective")
    assert (again.code, f"{finding} is open again: the check of 2026-02-02" in again.err) == (2, True)
    assert workspace.run("finding", "close", finding, PROOF).code == 0
    assert workspace.run("finding", "check", finding, "--effective", "--evidence", PROOF.lower()).code == 0
    record = shown(workspace, "finding", finding)
    assert record["state"] == "closed"
    assert [(one["check"]["effective"], one["check"]["note"]) for one in record["earlier"]] == [(False, "Three more")]
    assert record["check"]["evidence"] == [PROOF]
    assert workspace.run("check").code == 0


@pytest.mark.parametrize(
    "command",
    [
        ("finding", "close", "F", PROOF, "--on", "2026-02-03"),
        ("finding", "add", "Later", "--type", "minor", "--raised", "2026-02-03"),
        ("action", "close", "T", PROOF, "--on", "2026-02-03"),
        ("action", "add", "Later", "--due", "2026-03-01", "--raised", "2026-02-03"),
        ("deadline", "done", "D", "--on", "2026-02-03"),
        ("risk", "accept", "R", "--by", "X", "--until", "2026-12-31", "--reason", "Y", "--on", "2026-02-03"),
        ("risk", "close", "R", "--note", "Gone", "--on", "2026-02-03"),
    ],
)
def test_nothing_has_happened_on_a_day_to_come(workspace, command):
    ids = {
        "F": a_finding(workspace),
        "T": an_action(workspace),
        "D": added(workspace, "deadline", "add", "Review", "-k", "review", "--date", "2026-02-05"),
        "R": added(
            workspace, "risk", "add", "Fire", "--consequence", "Loss", "--likelihood", "rare", "--impact", "minor"
        ),
    }
    before = workspace.head
    answer = workspace.run(*(ids.get(word, word) for word in command))
    assert (answer.code, "2026-02-03 lies in the future" in answer.err) == (2, True), answer.err
    assert workspace.head == before


def test_ids_may_be_typed_in_small_letters_wherever_they_are_named(workspace):
    finding = a_finding(workspace)
    action = an_action(workspace, "--finding", finding.lower())
    assert shown(workspace, "action", action)["findings"] == [finding]
    (named,) = shown(workspace, "finding", finding)["put right by"]
    assert named == {"id": action, "title": "Script", "due": "2026-02-10", "state": "open"}


def test_an_id_of_another_register_is_told(workspace):
    finding = a_finding(workspace)
    answer = workspace.run("action", "show", finding.lower())
    assert answer.err == (
        f"error: there is no action {finding}: it is an id of the findings register\n"
        f"  hint: see it with: compliance finding show {finding}\n"
    )


def test_an_edit_never_changes_the_id(workspace):
    finding, action = a_finding(workspace), an_action(workspace)
    before = workspace.head
    for other in (finding, "T-00000000", "T-1"):
        with environment(**editing(workspace, f"s/^id:.*/id: {other}/")):
            answer = workspace.run("action", "edit", action)
        assert (answer.code, f"the id was {action}: an id never changes" in answer.err) == (2, True), answer.err
    assert workspace.head == before


def test_check_finds_an_id_of_another_register(workspace):
    workspace.put(
        {"evidence/actions/script.7K2M9QXA.yaml": "id: F-7K2M9QXA\ntitle: Script\nraised: 2026-01-31\n"
         "promised: [{due: 2026-02-10}]\n"}
    )  # fmt: skip
    answer = workspace.run("check")
    assert (answer.code, "F-7K2M9QXA is an id of the findings register" in answer.out) == (1, True)


def test_a_record_that_cannot_be_read_is_not_said_to_be_missing(workspace):
    action = an_action(workspace)
    (path,) = workspace.top.glob("evidence/actions/*.yaml")
    workspace.put({path.relative_to(workspace.top).as_posix(): f"<<<<<<< HEAD\n{path.read_text()}"})
    answer = workspace.run("action", "edit", action)
    assert answer.code == 2
    assert f"the action {action} cannot be read" in answer.err


def test_a_file_that_no_register_reads_is_told(workspace):
    workspace.put({"evidence/findings/exit.yml": "id: F-1\n", "evidence/findings/README.md": "Ours\n"})
    answer = workspace.run("check")
    assert "evidence/findings/exit.yml: warning: lies in a register's folder and is no record of it" in answer.out
    assert "README" not in answer.out


def test_what_was_met_is_not_met_again_by_mistake(workspace):
    deadline = added(workspace, "deadline", "add", "Review", "-k", "review", "--date", "2026-01-31", "--every", "12m")
    assert (
        workspace.run("deadline", "done", deadline).out == f"Recorded {deadline}: met for 2026-01-31; next 2027-01-31\n"
    )
    again = workspace.run("deadline", "done", deadline)
    assert (again.code, "2026-02-02 is nearer to 2026-01-31, which was met, than to 2027-01-31" in again.err) == (
        2,
        True,
    )
    assert workspace.run("deadline", "done", deadline, "--due", "2027-01-31").code == 0


def test_missed_days_of_one_deadline_are_one_row(workspace):
    deadline = added(workspace, "deadline", "add", "Backup", "-k", "review", "--date", "2025-10-31", "--every", "1m")
    found = json.loads(workspace.run("renewals", "--within", "1m", "--json").out)["renewals"]
    assert [one["due"] for one in found] == ["2025-10-31", "2026-02-28"]
    assert "4 of its days have passed, the last on 2026-01-31" in found[0]["todo"]
    assert f"compliance deadline done {deadline}" in found[0]["todo"]


def test_a_nil_return_says_nothing_of_a_time_when_something_happened(workspace):
    happened = added(workspace, "event", "add", "starter", "--on", "2026-01-15", "-t", "B. Starter")
    before = workspace.head
    answer = workspace.run("event", "nil", "starter", "--period", "2026-01-01/2026-01-31")
    assert (answer.code, f"there was starter on 2026-01-15: {happened} B. Starter" in answer.err) == (2, True)
    assert workspace.head == before
    nil = added(workspace, "event", "nil", "starter", "--period", "2025-12-01/2026-01-14")
    late = workspace.run("event", "add", "starter", "--on", "2026-01-02")
    assert (late.code, f"{nil} says that there was no starter then" in late.err) == (0, True)
    checked = workspace.run("check")
    assert (checked.code, "says that there was none from 2025-12-01/2026-01-14" in checked.out) == (0, True)


def test_the_types_of_events_are_listed_with_what_is_known(workspace):
    assert workspace.run("event", "types", "--json").json["types"] == [
        {"type": "starter", "title": "Somebody starts", "standards": ["acme@1"], "last": None, "until": None}
    ]
    workspace.run("event", "add", "starter", "--on", "2026-01-02")
    workspace.run("event", "nil", "starter", "--period", "2026-01-03/2026-01-31")
    assert "starter  2026-01-02  2026-01-31  Somebody starts" in workspace.run("event", "types").out


def test_a_figure_of_a_slot_that_runs_is_said_to_be_early(workspace):
    measure = added(workspace, "measure", "add", "Incidents", "--unit", "incidents", "--since", "2026-01-01")
    early = workspace.run("measure", "set", measure, "2026-02", "3")
    assert (early.code, "2026-02 has not ended: its figure may change" in early.err) == (0, True)
    assert workspace.run("measure", "set", measure, "2026-01", "3").err == ""


def test_a_series_that_cannot_be_read_is_not_written_over(workspace):
    measure = added(workspace, "measure", "add", "Incidents", "--unit", "incidents", "--since", "2026-01-01")
    workspace.run("measure", "set", measure, "2026-01", "3")
    (path,) = workspace.top.glob("evidence/measures/*.csv")
    workspace.put({path.relative_to(workspace.top).as_posix(): "slot,value,note\n2026-01,three,\n"})
    answer = workspace.run("measure", "set", measure, "2026-01", "4", "--replace")
    assert (answer.code, "“three” is not a number" in answer.err) == (2, True)


def test_what_is_not_late_yet_is_not_missing(workspace):
    measure = added(workspace, "measure", "add", "Incidents", "--unit", "incidents", "--since", "2025-12-01")
    lines = workspace.run("measure", "show", measure, "--on", "2026-02-02").out.splitlines()
    assert [line.split()[:3] for line in lines if line.startswith("2026-01") or line.startswith("2025-12")] == [
        ["2025-12", "–", "missing"],
        ["2026-01", "–", "due"],
    ]


@pytest.mark.parametrize("title", ["", "  \n "])
def test_a_title_says_something(workspace, title):
    answer = workspace.run("finding", "add", title, "--type", "minor")
    assert answer.code == 2
    assert "TITLE: there is nothing in it" in answer.err


def test_a_title_is_one_line_and_lists_do_not_show_all_of_a_long_one(workspace):
    added(workspace, "finding", "add", "two\n lines", "--type", "minor")
    endless = added(workspace, "finding", "add", "word " * 1000, "--type", "low", "--due", "2026-03-01")
    assert len(workspace.run("renewals").out.splitlines()) < 25
    listed = workspace.run("finding", "list").out
    assert "two lines" in listed
    assert len(listed.splitlines()) < 20
    assert shown(workspace, "finding", endless)["title"] == ("word " * 1000).strip()
    assert len(workspace.git("log", "-1", "--format=%s")) < 140


@pytest.mark.parametrize("score", ["11", "7.25", "high"])
def test_a_cvss_score_is_one(workspace, score):
    assert workspace.run("finding", "add", "Old TLS", "--type", "high", "--cvss", score).code == 2


@pytest.mark.parametrize("register", ["finding", "action", "risk", "deadline", "event", "measure", "provider", "audit"])
def test_every_register_is_listed_as_json_even_when_it_is_empty(workspace, register):
    answer = workspace.run(register, "list", "--json")
    assert answer.code == 0
    assert answer.json["format_version"] == 1
    assert f"compliance {register} add" in workspace.run(register, "list", "--all").out


def test_only_what_a_register_has_can_be_asked_for(workspace):
    assert "--owner" not in workspace.run("event", "list", "--help").out
    assert workspace.run("event", "list", "--owner", "X").code == 2
    assert workspace.run("provider", "list", "--scope", "corporate").code == 2
    assert workspace.run("finding", "list", "--owner", "X", "--scope", "corporate").code == 0


def test_what_has_no_day_is_null_for_programs(workspace):
    finding = a_finding(workspace)
    assert shown(workspace, "finding", finding)["due"] is None
    assert "due: –" in workspace.run("finding", "show", finding).out
