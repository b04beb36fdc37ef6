"""`compliance plan`: as a table, as JSON and CSV, and what filing by it does."""

from __future__ import annotations

import csv
import io
from datetime import date

from compliance.domain.planning.open_gaps import Gap
from compliance.domain.planning.planning import Plan
from compliance.domain.terms.references import parse_reference
from compliance.reports.plan import plan as report

from ..builders.workspaces import Workspace


def gaps(workspace: Workspace) -> int:
    return workspace.run("gaps", "--json").json["total"]["gap_count"]


def test_what_is_filed_by_the_plan_closes_what_it_said(workspace, tmp_path):
    plan = workspace.run("plan", "--json").json
    assert plan["pieces"]
    assert plan["fewest"] is True
    promised = len({gap["control"] for one in plan["pieces"] for gap in one["closes"]})
    for number, one in enumerate(one for one in plan["pieces"] if one["do"] == "file"):
        source = tmp_path / f"2026-02-02-piece-{number}.txt"
        source.write_text(f"piece {number}")
        controls = [option for gap in one["closes"] for option in ("-c", gap["control"])]
        passed = ("-r", "pass") if one["kind"] in {"scan", "test"} else ()
        answer = workspace.run("evidence", "add", str(source), "-k", one["kind"] or "record", *passed, *controls)
        assert answer.code == 0, answer.err
    left = workspace.run("plan", "--json").json
    assert all(one["do"] != "file" for one in left["pieces"])
    assert len({gap["control"] for one in left["pieces"] for gap in one["closes"]}) < promised


def test_every_gap_of_the_report_is_planned_or_said_to_be_beyond(workspace):
    plan = workspace.run("plan", "--json").json
    planned = {gap["control"].split(":")[1].split("#")[0] for one in plan["pieces"] for gap in one["closes"]}
    beyond = {gap["control"].split(":")[1].split("#")[0] for gap in plan["beyond"]}
    (standard,) = workspace.run("gaps", "--json").json["assessments"][0]["standards"]
    assert {one["id"] for one in standard["controls"] if one["gap"]} <= planned | beyond


def test_a_scope_without_a_start_is_told_how_to_say_it_where_a_day_was_missed(workspace):
    shown = workspace.run("plan").out
    assert "beyond" in shown
    assert '  id = "corporate"\n  start = DATE' in shown
    settings = (workspace.top / "compliance.toml").read_text(encoding="utf-8")
    begun = settings.replace('id = "corporate"\n', 'id = "corporate"\nstart = 2025-01-01\n')
    assert begun != settings
    workspace.put({"compliance.toml": begun})
    assert "start = DATE" not in workspace.run("plan").out


def test_csv_has_a_line_for_each_gap(workspace):
    plan = workspace.run("plan", "--json").json
    rows = list(csv.DictReader(io.StringIO(workspace.run("plan", "--csv").out)))
    for steps, onward in ((plan["pieces"], "no"), (plan["onward"], "yes")):
        gaps = sum(len(step["closes"]) + len(step["likely"]) for step in steps)
        assert len([row for row in rows if row["onward"] == onward]) == gaps > 0
    assert {row["do"] for row in rows} <= {"file", "renew", "approve", "date", "answer", "state"}


def test_a_day_that_has_passed_is_refused(workspace):
    answer = workspace.run("plan", "--before", "2026-02-01")
    assert (answer.code, "2026-02-01 has passed" in answer.err) == (2, True)


def test_the_short_list_fits_eighty_columns(workspace):
    shown = workspace.run("plan").out
    assert all(len(line) <= 80 for line in shown.splitlines())
    assert "no plan has fewer" in shown


def test_a_plan_says_what_could_not_be_read_and_so_is_not_in_it(workspace):
    workspace.put({"evidence/deadlines/D-7K2M9QXT.yaml": "id: ["})
    answer = workspace.run("plan")
    assert answer.out.startswith("1 file could not be read: what it says is in no verdict here.\n\nBy ")


def beyond(scope: str) -> Gap:
    return Gap(by=date(2026, 3, 1), scope=scope, control=parse_reference("acme:A.1#scan"), reason="a day was missed")


def test_each_gap_names_its_scope_where_the_plan_is_of_several():
    of_two, of_one = (Plan(pieces=(), at_least=0, beyond=gaps) for gaps in ((beyond("a"), beyond("b")), (beyond("a"),)))
    assert "acme:A.1#scan (a): a day was missed\n  acme:A.1#scan (b): a" in report.as_text(of_two, 80, None, True)
    assert "acme:A.1#scan: a day was missed" in report.as_text(of_one, 80, None, True)


def test_a_plan_in_which_nothing_closes_a_gap_counts_no_things_to_do():
    told = report.as_text(Plan(pieces=(), at_least=0, beyond=(beyond("a"),)), 80, None, True)
    assert told.startswith("1 gap is beyond a new piece of evidence")
    assert "to do close" not in told
