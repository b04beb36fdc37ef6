"""Lists of other programs taken into registers: every row accounted for, none twice, all of them or none."""

from __future__ import annotations

import json
from datetime import date

import pytest
import xlsxwriter

from ..builders.workspaces import Workspace

HEADINGS = ("Ref", "Request", "Control", "Due date", "Owner")


@pytest.fixture
def audit(workspace: Workspace) -> str:
    answer = workspace.run("audit", "add", "Visit", "--type", "internal", "--on", "2026-05-12", "-s", "acme")
    assert answer.code == 0, answer.err
    return answer.out.split()[1]


def table(workspace: Workspace, *rows: tuple, name: str = "list.csv") -> str:
    """A table beside the workspace, as CSV or as a workbook by its name."""
    path = workspace.top.parent / name
    if name.endswith(".csv"):
        path.write_text("".join(",".join(f'"{cell}"' for cell in row) + "\n" for row in rows))
        return str(path)
    with xlsxwriter.Workbook(path, {"strings_to_formulas": False}) as book:
        day = book.add_format({"num_format": "dd/mm/yyyy"})
        sheet = book.add_worksheet("PBC list")
        for number, row in enumerate(rows):
            for column, cell in enumerate(row):
                sheet.write(number, column, cell, day if isinstance(cell, date) else None)
        book.add_worksheet("Other").write(0, 0, "nothing")
    return str(path)


def brought(workspace: Workspace, *command: str) -> dict:
    answer = workspace.run(*command, "--json")
    assert answer.code == 0, answer.err
    return json.loads(answer.out)


def records(workspace: Workspace, register: str) -> list[dict]:
    return next(iter([*json.loads(workspace.run(register, "list", "--all", "--json").out).values()][1:]))


def refused(workspace: Workspace, *command: str) -> str:
    """What a command says that records nothing."""
    before = workspace.head
    answer = workspace.run(*command)
    assert (answer.code, answer.out, workspace.head) == (2, "", before)
    assert workspace.git("status", "--porcelain") == ""
    return answer.err


def requests(workspace: Workspace, audit: str) -> list[dict]:
    return json.loads(workspace.run("audit", "show", audit, "--json").out)["audit"]["requests"]


@pytest.mark.parametrize("name", ["list.csv", "list.xlsx"])
def test_a_list_of_requests_is_taken_once(workspace, audit, name):
    due = "20/04/2026" if name.endswith("csv") else date(2026, 4, 20)
    file = table(
        workspace,
        ("Requests for the visit", "", "", "", ""),
        HEADINGS,
        ("1", "=HYPERLINK(1)", "A.2; acme:B.1", due, "HR"),
        ("2b", "The scans", "", "", ""),
        name=name,
    )
    assert len(brought(workspace, "audit", "request", "import", audit, file, "--dry-run")["made"]) == 2
    assert requests(workspace, audit) == []
    assert brought(workspace, "audit", "request", "import", audit, file)["made"] == ["1", "2b"]
    assert requests(workspace, audit) == [
        {
            "id": "1",
            "text": "=HYPERLINK(1)",
            "controls": ["acme:A.2", "acme:B.1"],
            "due": "2026-04-20",
            "owner": "HR",
            "state": "open",
        },
        {"id": "2b", "text": "The scans", "due": "2026-05-11", "state": "open"},
    ]
    before = workspace.head
    again = brought(workspace, "audit", "request", "import", audit, file)
    assert (again["made"], len(again["known"]), again["commit"], workspace.head) == ([], 2, None, before)
    assert workspace.run("check").code == 0


def test_a_request_that_is_recorded_otherwise_is_left_and_named(workspace, audit):
    workspace.run("audit", "request", "add", audit, "7", "The register")
    file = table(workspace, HEADINGS[:2], ("7", "The log"), ("8", "The plan"))
    answer = workspace.run("audit", "request", "import", audit, file)
    assert "request 7 is recorded otherwise, and stays as it is" in answer.err
    assert [one["text"] for one in requests(workspace, audit)] == ["The register", "The plan"]


def test_every_bad_cell_of_a_workbook_is_named_with_its_place_and_nothing_is_recorded(workspace, audit):
    file = table(
        workspace,
        HEADINGS,
        ("1", "The scans", "A.99", "2026-04-20", ""),
        ("2", "The log", "", "20/04/26", ""),
        ("", "The plan", "", "", ""),
        ("4", "", "", "", ""),
        ("1", "The menu", "", "", ""),
        name="list.xlsx",
    )
    said = refused(workspace, "audit", "request", "import", audit, file)
    places = [line.removeprefix(file).partition(": error: ")[::2] for line in said.splitlines() if ": error: " in line]
    assert places == [
        (":PBC list!A4", "a request without a number"),
        (":PBC list!B5", "the request “4” without a text"),
        (":PBC list!C2", "acme@1 has no control A.99"),
        (":PBC list!D3", "“20/04/26” leaves the century open"),
    ]
    lenient = brought(workspace, "audit", "request", "import", audit, file, "--lenient")
    assert lenient["made"] == ["1"]
    assert [one["where"].removeprefix(file) for one in lenient["left_out"]] == [
        ":PBC list!C2", ":PBC list!D3", ":PBC list!A4", ":PBC list!B5",
    ]  # fmt: skip
    assert [one["text"] for one in requests(workspace, audit)] == ["The menu"]


def test_two_requests_of_one_number_in_a_list_are_refused(workspace, audit):
    file = table(workspace, HEADINGS[:2], ("1", "The scans"), ("1", "The menu"))
    assert ":3: error: a second request 1, and not the same" in refused(
        workspace, "audit", "request", "import", audit, file
    )


def test_starters_with_a_number_are_recorded_once_and_without_one_as_often_as_listed(workspace):
    numbered = table(workspace, ("Payroll number", "Start date"), ("17", "13/01/2026"), ("18", "13/01/2026"))
    first = brought(workspace, "event", "import", numbered, "--type", "starter", "--scope", "corporate")
    assert len(first["made"]) == 2
    longer = table(
        workspace, ("Payroll number", "Start date"), ("17", "13/01/2026"), ("18", "13/01/2026"), ("19", "02/02/2026")
    )
    assert len(brought(workspace, "event", "import", longer, "--type", "starter")["made"]) == 1
    assert {(one["type"], one["source"], one["date"]) for one in records(workspace, "event")} == {
        ("starter", "17", "2026-01-13"),
        ("starter", "18", "2026-01-13"),
        ("starter", "19", "2026-02-02"),
    }
    plain = table(workspace, ("date",), ("2026-01-14",), ("2026-01-14",), name="plain.csv")
    assert len(brought(workspace, "event", "import", plain, "--type", "starter")["made"]) == 2
    assert brought(workspace, "event", "import", plain, "--type", "starter")["made"] == []
    more = table(workspace, ("date",), *[("2026-01-14",)] * 3, name="plain.csv")
    assert len(brought(workspace, "event", "import", more, "--type", "starter")["made"]) == 1
    assert workspace.git("log", "-1", "--format=%s").startswith("event: ")
    assert workspace.run("check").code == 0


def test_what_could_be_two_days_is_asked_about(workspace):
    both = table(workspace, ("Start date", "Leaving date"), ("2026-01-02", "2026-01-30"))
    assert "“Start date” and “Leaving date” may both be the date" in refused(
        workspace, "event", "import", both, "--type", "starter"
    )
    assert len(
        brought(workspace, "event", "import", both, "--type", "starter", "--column", "date=Leaving date")["made"]
    )
    unsure = table(workspace, ("date",), ("03/01/2026",))
    assert "may be 3 January or 1 March" in refused(workspace, "event", "import", unsure, "--type", "starter")
    brought(workspace, "event", "import", unsure, "--type", "starter", "--day-first")
    assert records(workspace, "event")[-1]["date"] == "2026-01-03"


def test_an_event_of_no_type_that_is_read_is_refused(workspace):
    file = table(workspace, ("type", "date"), ("Starter", "2026-01-02"), ("party", "2026-01-02"))
    said = refused(workspace, "event", "import", file)
    assert "list.csv:3: error: no standard in use asks for events of the type “party”" in said


def test_an_event_of_a_day_to_come_is_planned_and_taken_once(workspace):
    file = table(workspace, ("type", "date", "title"), ("starter", "2026-02-02", "A"), ("starter", "2026-02-03", "B"))
    said = workspace.run("event", "import", file).out
    assert "2026-02-03  starter  B  (planned)" in said
    assert {event["title"]: event.get("planned", False) for event in records(workspace, "event")} == {
        "A": False,
        "B": True,
    }
    assert brought(workspace, "event", "import", file)["made"] == []


SCAN = ("Plugin ID", "CVSS v3.0 Base Score", "Risk", "Host", "Name")


@pytest.mark.parametrize(
    ("score", "band"),
    [
        ("0.0", None), ("0.1", "low"), ("3.9", "low"), ("4.0", "medium"), ("6.9", "medium"),
        ("7", "high"), ("8.9", "high"), ("9.0", "critical"), ("10.0", "critical"),
    ],
)  # fmt: skip
def test_a_score_is_graded_by_the_bands_of_cvss(workspace, score, band):
    file = table(workspace, SCAN, ("1", score, "", "host", "Weakness"))
    made = brought(workspace, "finding", "import", file, "-c", "acme:A.1")
    assert [one["type"] for one in records(workspace, "finding")] == ([band] if band else [])
    assert len(made["left_out"]) == (band is None)


@pytest.mark.parametrize("score", ["10.1", "-1", "7.55", "high", "7,5", "NaN"])
def test_what_is_no_score_is_refused(workspace, score):
    file = table(workspace, SCAN, ("1", score, "", "host", "Weakness"))
    assert "list.csv:2: error: “" in refused(workspace, "finding", "import", file)


def test_a_scan_is_recorded_once_for_each_weakness_and_system_and_what_is_gone_is_named(workspace):
    rows = [
        ("1", "9.8", "", "alpha", "Old TLS"),
        ("1", "5.0", "", "alpha", "Old TLS, another port"),
        ("1", "5.0", "", "beta", "Old TLS"),
        ("2", "", "High", "beta", "Old kernel"),
        ("3", "", "None", "beta", "Ping"),
        ("4", "2.0", "", "beta", "Banner"),
    ]
    command = ("finding", "import", "--scan", "inside", "--min-cvss", "4.0", "--due", "2026-04-01")
    first = brought(workspace, *command, table(workspace, SCAN, *rows))
    assert (len(first["made"]), len(first["known"]), len(first["left_out"]), first["gone"]) == (3, 1, 2, [])
    found = {(one["reference"], one["target"]): one for one in records(workspace, "finding")}
    assert {key: (one["type"], one["title"]) for key, one in found.items()} == {
        ("inside:1", "alpha"): ("critical", "Old TLS"),
        ("inside:1", "beta"): ("medium", "Old TLS"),
        ("inside:2", "beta"): ("high", "Old kernel"),
    }
    assert found["inside:1", "alpha"]["promised"][0]["due"] == "2026-04-01"
    second = brought(workspace, *command, table(workspace, SCAN, *rows[2:]))
    assert (second["made"], second["gone"]) == ([], [found["inside:1", "alpha"]["id"]])
    assert records(workspace, "finding")[0]["state"] == "open"
    other = brought(workspace, "finding", "import", table(workspace, SCAN, ("9", "5.0", "", "alpha", "Other")))
    assert (len(other["made"]), other["gone"]) == (1, [])


def test_a_column_that_is_not_there_is_said_with_what_there_is(workspace):
    file = table(workspace, ("Nummer", "Wann"), ("1", "2026-01-02"))
    assert "no column is the date\n  hint: say which with --column date=HEADING; the first row has: Nummer, Wann" in (
        refused(workspace, "event", "import", file, "--type", "starter")
    )
    assert "did you mean Wann?" in refused(
        workspace, "event", "import", file, "--type", "starter", "--column", "date=Wan"
    )
    assert "did you mean date?" in refused(
        workspace, "event", "import", file, "--type", "starter", "--column", "dat=Wann"
    )


def test_the_sheet_of_a_workbook_is_the_first_or_the_one_that_is_named(workspace):
    file = table(workspace, ("date",), ("2026-01-02",), name="list.xlsx")
    assert "The sheet “PBC list” was read" in workspace.run("event", "import", file, "--type", "starter").out
    assert "list.xlsx:Other!1: error: no column is the date" in refused(
        workspace, "event", "import", file, "--type", "starter", "--sheet", "other"
    )
    assert "there is no sheet “None”" in refused(
        workspace, "event", "import", file, "--type", "starter", "--sheet", "None"
    )


@pytest.fixture
def measure(workspace: Workspace) -> str:
    command = ("measure", "add", "In time", "--unit", "%", "--since", "2025-10-01", "--at-least", "95")
    return workspace.run(*command).out.split()[1]


def figures(workspace: Workspace, measure: str) -> dict[str, str]:
    shown = json.loads(workspace.run("measure", "show", measure, "--json").out)["measure"]
    return {one["slot"]: one["value"] for one in shown["figures"]}


def test_figures_come_in_under_any_spelling_of_their_month(workspace, measure):
    rows = (
        ("October 2025", "94.5"),
        ("Nov 2025", "96 %"),
        ("12/2025", "97%"),
        ("31/01/2026", "95"),
        ("", ""),
        ("2026-02", ""),
    )
    file = table(workspace, ("Month", "Result"), *rows)
    first = brought(workspace, "measure", "import", measure, file)
    assert [one["slot"] for one in first["made"]] == ["2025-10", "2025-11", "2025-12", "2026-01"]
    assert figures(workspace, measure) == {"2025-10": "94.5", "2025-11": "96", "2025-12": "97", "2026-01": "95"}
    assert workspace.git("show", "--format=", "--name-only") == f"evidence/measures/in-time.{measure[2:]}.csv"
    again = brought(workspace, "measure", "import", measure, file)
    assert (again["made"], len(again["known"]), again["commit"]) == ([], 4, None)


def test_a_figure_that_differs_is_listed_and_replaced_only_if_that_is_asked_for(workspace, measure):
    workspace.run("measure", "set", measure, "2025-10", "94")
    workspace.run("measure", "set", measure, "2025-11", "96")
    file = table(workspace, ("Month", "Result"), ("2025-10", "95"), ("2025-11", "96.0"), ("2025-12", "97"))
    assert "2025-10 has the figure 94, and the table 95" in refused(workspace, "measure", "import", measure, file)
    brought(workspace, "measure", "import", measure, file, "--replace", "--dry-run")
    assert figures(workspace, measure) == {"2025-10": "94", "2025-11": "96"}
    said = workspace.run("measure", "import", measure, file, "--replace").out
    assert "  2025-10  95 %, was 94\n  2025-12  97 %\n" in said
    assert figures(workspace, measure) == {"2025-10": "95", "2025-11": "96", "2025-12": "97"}


@pytest.mark.parametrize(
    ("row", "why"),
    [
        (("Oct-25", "95"), "may be a month of a year or a day of a month"),
        (("01/10/2025", "95"), "may be 1 October or 10 January"),
        (("2025-10", "1,000.5"), "is not a number"),
        (("2025-10", "ninety"), "is not a number"),
        (("2025-09", "95"), "lies before the measure begins"),
        (("2026-03", "95"), "has not begun"),
        (("2025-Q4", "95"), "is no month"),
        (("", "95"), "a figure without its slot"),
    ],
)
def test_a_bad_month_or_figure_is_refused_with_its_line(workspace, measure, row, why):
    file = table(workspace, ("Month", "Result"), ("2025-11", "96"), row)
    said = refused(workspace, "measure", "import", measure, file)
    assert "list.csv:3: error: " in said
    assert why in said
    assert figures(workspace, measure) == {}


def test_a_month_with_two_figures_is_refused(workspace, measure):
    file = table(workspace, ("Month", "Result"), ("2025-10", "95"), ("Oct 2025", "96"))
    assert "list.csv:3: error: has a second figure for 2025-10: row 2 has 95" in refused(
        workspace, "measure", "import", measure, file
    )


def test_percentages_of_a_workbook_are_asked_about(workspace, measure):
    file = table(workspace, ("Month", "Result"), ("2025-10", 0.957), ("2025-11", 1), name="list.xlsx")
    assert "every figure lies between 0 and 1" in refused(workspace, "measure", "import", measure, file)
    brought(workspace, "measure", "import", measure, file, "--percent")
    assert figures(workspace, measure) == {"2025-10": "95.7", "2025-11": "100"}
