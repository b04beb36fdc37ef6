"""Events to come: planned, what must be filed before them, and then confirmed, moved or cancelled."""

from __future__ import annotations

from datetime import date

import pytest

from ..builders.workspaces import CATALOGUE, Workspace, begin_workspace

SCREENED = CATALOGUE.replace(
    "{id: induction, kind: training, on: starter, within: 1 month, what: The sheet that was signed}",
    "{id: screening, kind: record, on: starter, before: 3 months, what: Screening of who starts}",
)
WEEK = "2026-02-06"


@pytest.fixture
def screened(tmp_path, today) -> Workspace:
    """A workspace whose standard wants each starter screened in the three months before; it is 2 February 2026."""
    return begin_workspace(tmp_path / "work", **{"standards/acme@1.yaml": SCREENED})


def planned(workspace: Workspace, on: str = WEEK, title: str = "Officer, revenues") -> str:
    answer = workspace.run("event", "plan", "starter", "--on", on, "-t", title)
    assert answer.code == 0, answer.err
    return answer.out.split()[1]


def shown(workspace: Workspace, identifier: str, *options: str) -> dict:
    return workspace.run("event", "show", identifier, "--json", *options).json["event"]


def dues(workspace: Workspace, *options: str) -> list[tuple[str, str, str]]:
    rows = workspace.run("renewals", "--json", *options).json["renewals"]
    return [
        (row["due"], row["kind"], row["what"])
        for row in rows
        if row["kind"] == "event" or "starter" in row["what"].casefold()
    ]


def verdict(workspace: Workspace, *options: str) -> tuple[str, str]:
    (standard,) = workspace.run("gaps", "--json", *options).json["assessments"][0]["standards"]
    (control,) = [control for control in standard["controls"] if control["id"] == "B.2"]
    (expectation,) = control["expectations"]
    return expectation["verdict"], expectation["reason"]


def test_a_planned_event_is_a_due_row_until_its_day_and_says_what_comes_before_it(screened):
    identifier = planned(screened)
    (event,) = screened.ledger.events
    assert (event.planned, event.date, event.title) == (True, date(2026, 2, 6), "Officer, revenues")
    assert shown(screened, identifier)["state"] == "to come"
    rows = screened.run("renewals", "--json").json["renewals"]
    (row,) = [row for row in rows if row["kind"] == "event"]
    assert (row["due"], row["what"], row["subject"]) == (WEEK, "starter: Officer, revenues", identifier)
    assert row["todo"] == "To come; to be filed before it: Screening of who starts (acme:B.2#screening)"
    listed = screened.run("event", "list").out
    assert f"{WEEK}  starter (to come)" in listed


def test_before_a_planned_event_today_says_whom_to_screen_and_how_to_file_it(screened):
    """What must come before an event is asked for while there is still time, and passes if it came in time."""
    assert screened.run("event", "nil", "starter", "--period", "2024-01-01/2026-02-01").code == 0
    first, second = planned(screened), planned(screened, title="Auditor")
    assert verdict(screened)[0] == "due"
    answer = screened.run("today", "--json").json
    rows = {row["what"]: row for row in answer["this_week"] if row["kind"] == "evidence"}
    assert set(rows) == {
        "starter (Officer, revenues): Screening of who starts",
        "starter (Auditor): Screening of who starts",
    }
    command = rows["starter (Auditor): Screening of who starts"]["command"]
    assert command == f"compliance evidence add FILE -c acme:B.2#screening --per event={second}"
    text = screened.run("today", "--all").out.splitlines()
    assert "Commands for these (2)" in text
    assert command in text
    file = screened.write("../checks.txt", "checked\n")
    for identifier in (first, second):
        line = command.replace("FILE", str(file)).replace(second, identifier).split()
        answer = screened.run(*line[1:], "-d", "2026-02-01", "-t", "Checks")
        assert answer.code == 0, answer.err
        assert len([row for row in screened.run("today", "--json").json["this_week"] if row["kind"] == "evidence"]) == (
            1 if identifier == first else 0
        )
    assert screened.run("event", "confirm", first, "--on", "2026-02-02").code == 0
    assert verdict(screened)[0] == "evidenced"


def test_what_was_filed_too_early_or_too_late_does_not_come_before_the_event(screened):
    assert screened.run("event", "add", "starter", "--on", "2026-01-29").code == 0
    assert verdict(screened) == ("missed", "nothing was filed before the starter of 2026-01-29")
    file = screened.write("../checks.txt", "checked\n")
    add = ("evidence", "add", str(file), "-c", "acme:B.2#screening", "-t", "Checks", "-d")
    assert screened.run(*add, "2025-10-01").code == 0
    assert verdict(screened)[1] == (
        "nothing was filed before the starter of 2026-01-29; what is dated 2025-10-01 came more than 3 months before"
    )
    assert screened.run(*add, "2026-01-31").code == 0
    assert verdict(screened) == ("missed", "the starter of 2026-01-29: filed late by 2 days")
    assert screened.run(*add, "2026-01-29").code == 0
    assert verdict(screened)[0] == "evidenced"


def test_from_its_day_on_it_is_to_be_confirmed(screened):
    identifier = planned(screened)
    for day in (WEEK, "2026-02-07"):
        assert shown(screened, identifier, "--on", day)["state"] == "to be confirmed"
        (row,) = [
            row for row in screened.run("renewals", "--json", "--on", day).json["renewals"] if row["kind"] == "event"
        ]
        assert row["todo"].startswith(f"Say whether it took place: compliance event confirm {identifier};")
    today = screened.run("today", "--json", "--on", "2026-02-07").json
    assert identifier in [row["subject"] for row in today["overdue"]]
    screened.put({"note.md": "n"}, "2026-02-09")
    (warning,) = [line for line in screened.run("check").out.splitlines() if "nobody has said" in line]
    assert warning.endswith("warning: was planned for 2026-02-06, and nobody has said whether it took place")


def test_confirmed_it_is_an_event_like_any_other(screened):
    identifier = planned(screened, "2026-02-02")
    answer = screened.run("event", "confirm", identifier)
    assert answer.out == f"Recorded {identifier}: took place on 2026-02-02\n"
    (event,) = screened.ledger.events
    assert (event.planned, event.moved) == (False, ())
    assert "state" not in shown(screened, identifier)
    assert [kind for _, kind, _ in dues(screened)] == ["evidence"]


def test_confirmed_on_another_day_it_keeps_the_day_that_was_planned(screened):
    identifier = planned(screened)
    assert screened.run("event", "confirm", identifier, "--on", "2026-01-30").code == 0
    (event,) = screened.ledger.events
    assert (event.planned, event.date, event.moved[0].was) == (False, date(2026, 1, 30), date(2026, 2, 6))


def test_moved_it_keeps_every_day_it_had(screened):
    identifier = planned(screened)
    answer = screened.run("event", "move", identifier, "--on", "2026-03-02", "--reason", "Notice period")
    assert answer.out == f"Recorded {identifier}: planned for 2026-03-02, before that for 2026-02-06\n"
    screened.run("event", "move", identifier, "--on", "2026-03-09")
    (event,) = screened.ledger.events
    assert event.date == date(2026, 3, 9)
    assert [(str(move.was), str(move.on), move.reason) for move in event.moved] == [
        ("2026-02-06", "2026-02-02", "Notice period"),
        ("2026-03-02", "2026-02-02", ""),
    ]
    assert "A. Officer" in event.moved[0].by
    again = screened.run("event", "move", identifier, "--on", "2026-03-09")
    assert again.out == f"{identifier} says so already; nothing changed\n"
    assert screened.run("check").code == 0


def test_cancelled_it_counts_as_none_and_stays_on_record(screened):
    identifier = planned(screened)
    assert screened.run("event", "nil", "starter", "--period", "2024-01-01/2026-02-01").code == 0
    assert verdict(screened) == ("due", "is to be filed before the starter of 2026-02-06")
    answer = screened.run("event", "cancel", identifier, "--reason", "Withdrew")
    assert answer.out == f"Recorded {identifier}: cancelled\n"
    (event,) = [event for event in screened.ledger.events if not event.nil]
    assert (event.planned, event.cancelled.reason, str(event.cancelled.on)) == (True, "Withdrew", "2026-02-02")
    assert shown(screened, identifier)["state"] == "cancelled"
    assert verdict(screened)[0] == "evidenced"
    assert [row for row in dues(screened) if row[1] == "event"] == []
    assert screened.run("event", "types", "--on", "2026-02-10", "--json").json["types"][0]["last"] is None
    assert screened.run("event", "nil", "starter", "--period", "2025-11-01/2026-02-02").code == 0
    assert screened.run("check").code == 0


def test_a_nil_return_waits_for_what_became_of_a_planned_event(screened):
    identifier = planned(screened, "2026-02-02")
    answer = screened.run("event", "nil", "starter", "--period", "2026-01-01/2026-02-02")
    assert answer.code == 2
    assert f"{identifier} was planned for 2026-02-02, and nobody has said whether it took place" in answer.err


def test_reports_of_a_day_before_have_what_was_planned_by_then(screened):
    planned(screened)
    assert [row[1] for row in dues(screened, "--on", "2026-02-03")] == ["event", "evidence"]


def test_a_planned_event_has_a_lane_of_its_own(screened, tmp_path):
    planned(screened)
    answer = screened.run("report", "renewals", "-o", str(tmp_path / "renewals.html"))
    page = tmp_path / "renewals.html"
    assert answer.code in {0, 1}, answer.err
    assert "Events to come" in page.read_text()


def test_a_piece_names_an_event_on_record(screened):
    identifier = planned(screened)
    file = screened.write("../checks.txt", "checked\n")
    add = ("evidence", "add", str(file), "-c", "acme:B.2#screening", "-d", "2026-02-01", "-t", "Checks", "--per")
    assert screened.run(*add, f"event={identifier.lower()}").code == 0
    (piece,) = screened.ledger.evidence
    assert piece.per == {"event": identifier}
    answer = screened.run(*add, "event=V-00000000")
    assert (answer.code, "error: there is no event V-00000000" in answer.err) == (2, True), answer.err
