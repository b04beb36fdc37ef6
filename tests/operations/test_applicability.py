"""`compliance applicability`: judgements written control by control, refused where the standard allows none."""

from __future__ import annotations

import csv
import io
import json
from datetime import date
from pathlib import Path

import pytest

from ..builders.workspaces import CATALOGUE, CONFIGURATION, Workspace, begin_workspace

SCHEME = """\
scheme:
  inclusions-reasoned: true
  statuses:
    - {id: in-place, title: Met, means: in-place}
    - {id: not-applicable, means: not-applicable}
    - {id: not-tested, means: not-tested}
    - {id: not-in-place}
  methods:
    - {id: defined}
    - id: compensating
      expects:
        - {id: worksheet, kind: record, max-age: 12 months, basis: mandated, what: The worksheet}
"""
QUESTIONS = """\
  - id: C
    title: Outcomes and questions
    controls:
      - id: C.1
        title: Board direction
        assessable: true
        indicators: {not-achieved: 2, achieved: 3}
        expects:
          - {id: minutes, kind: minutes, max-age: 12 months, what: The minutes}
      - {id: C.2, title: Keys counted, assessable: true, answer: {form: yes-no, wanted: yes}}
      - {id: C.3, title: Who counts, assessable: true, answer: {form: text}, asked-if: {question: C.2, answer: yes}}
  - id: D
    title: Leadership
    inheritable: false
    controls:
      - {id: D.1, title: Policy, assessable: true, expects: [{id: policy, kind: policy, once: true, what: The policy}]}
"""
HEAD, _, REST = CATALOGUE.partition("scheme:\n")
ACME = f"{HEAD}{SCHEME}controls:\n" + REST.partition("controls:\n")[2] + QUESTIONS
TWO_SCOPES = CONFIGURATION.replace(
    "[[standards]]", '[[scopes]]\nid = "revenues"\nparent = "corporate"\n\n[[standards]]'
)


@pytest.fixture
def workspace(tmp_path: Path, today: date) -> Workspace:
    return begin_workspace(tmp_path / "work", **{"standards/acme@1.yaml": ACME, "compliance.toml": TWO_SCOPES})


def started(workspace: Workspace, *more: str) -> str:
    answer = workspace.run("applicability", "start", "acme", *more)
    assert answer.code == 0, answer.err
    return answer.out.split()[1]


def run(workspace: Workspace, *args: str) -> str:
    answer = workspace.run("applicability", *args)
    assert answer.code == 0, answer.err
    return answer.out


def refused(workspace: Workspace, *args: str) -> str:
    """What it says; nothing may be written."""
    before = workspace.head, workspace.git("status", "--porcelain")
    answer = workspace.run("applicability", *args)
    assert answer.code == 2
    assert (workspace.head, workspace.git("status", "--porcelain")) == before
    return answer.err


def shown(workspace: Workspace, *more: str) -> dict:
    return json.loads(workspace.run("applicability", "show", "acme", *more, "--json").out)["statement"]


def row(workspace: Workspace, control: str, *more: str) -> dict:
    return next(one for one in shown(workspace, *more)["rows"] if one["control"] == control)


def verdict(workspace: Workspace, control: str) -> dict:
    found = json.loads(workspace.run("gaps", "--scope", "corporate", "--json").out)
    controls = found["assessments"][0]["standards"][0]["controls"]
    return next(one for one in controls if one["id"] == control)


def text(workspace: Workspace, identifier: str, scope: str = "corporate") -> str:
    return workspace.read(f"evidence/applicability/acme-{scope}.{identifier[2:]}.yaml")


def test_a_statement_begins_empty_and_grows_with_what_is_decided(workspace):
    soa = started(workspace)
    assert text(workspace, soa) == (
        f"id: {soa}\nstandard: acme@1\nscope: corporate\nrecorded: {{by: A. Officer <a.officer@example.org>, "
        "on: 2026-02-02}\n"
    )
    assert run(workspace, "set", "acme:B.1", "--because", "Contract with the county", "--status", "in-place",
               "--owner", "Head of IT") == f"Recorded {soa}: set B.1\n"  # fmt: skip
    assert workspace.git("log", "-1", "--format=%s") == f"statement of applicability: set B.1 ({soa})"
    assert row(workspace, "B.1") | {"target": "", "inherits": ""} == {
        "control": "B.1",
        "title": "Security policy",
        "applies": True,
        "reason": "",
        "because": ["Contract with the county"],
        "answers_to": ["Contract with the county"],
        "status": "in-place",
        "status_title": "Met",
        "method": "",
        "inherits": "",
        "answer": "",
        "level": "",
        "level_said": "",
        "target": "",
        "owner": "Head of IT",
        "review": None,
        "evidence": "missing",
        "is_gap": True,
    }
    assert shown(workspace)["against_evidence"] == ["B.1"]
    assert verdict(workspace, "B.1")["verdict"] == "missing", "a status changes no verdict"
    assert workspace.run("check").out == "0 errors, 0 warnings\n"


def test_a_heading_stands_for_every_control_below_it(workspace):
    soa = started(workspace)
    assert run(workspace, "set", "acme:B", "--reason", "Law").splitlines()[0] == f"Recorded {soa}: set B.1, B.2, B.3"
    assert [row(workspace, one)["reason"] for one in ("B.1", "B.2", "B.3")] == ["Law"] * 3
    assert run(workspace, "set", "acme:B", "--reason", "Law") == "Nothing changed.\n"
    run(workspace, "set", "acme:B.2", "--reason", "")
    assert row(workspace, "B.2")["reason"] == ""


def test_comments_stay_with_the_control_they_are_about(workspace):
    soa = started(workspace)
    run(workspace, "set", "acme:B.2", "--reason", "Law")
    path = f"evidence/applicability/acme-corporate.{soa[2:]}.yaml"
    workspace.put(
        {path: text(workspace, soa).replace("- control: B.2\n", "# asked for by the union\n- control: B.2\n")}
    )
    run(workspace, "set", "acme:B", "--owner", "Head of People")
    run(workspace, "approve", "acme", "--version", "1", "--by", "Chief")
    said = text(workspace, soa)
    assert said.index("control: B.1") < said.index("# asked for by the union\n- control: B.2") < said.index("B.3")
    assert said.index("version:") < said.index("controls:"), "the fields keep their order"


def test_an_exclusion_has_a_reason_and_a_day_on_which_it_lapses(workspace):
    started(workspace)
    run(workspace, "set", "acme:B.2", "--because", "Law", "--status", "in-place")
    out = run(workspace, "exclude", "acme:B.2", "--reason", "Nobody starts", "--review", "2026-06-30",
              "--status", "not-applicable")  # fmt: skip
    assert out.endswith("exclude B.2\n")
    found = row(workspace, "B.2")
    assert (found["applies"], found["reason"], found["because"], found["status"]) == (
        False, "Nobody starts", [], "not-applicable",
    )  # fmt: skip
    assert (row(workspace, "B.2", "--on", "2026-06-30")["evidence"], found["evidence"]) == ("excluded", "excluded")
    assert row(workspace, "B.2", "--on", "2026-07-01")["is_gap"]
    run(workspace, "include", "acme:B.2", "--because", "Two apprentices")
    after = row(workspace, "B.2")
    assert (after["applies"], after["reason"], after["review"], after["status"]) == (True, "", None, "")
    assert after["because"] == ["Two apprentices"]


def test_what_the_standard_does_not_allow_is_refused_and_nothing_written(workspace):
    said = refused(workspace, "set", "acme:A.1", "--owner", "Ada")
    assert said == (
        "error: there is no statement of applicability for acme@1 in corporate\n"
        "  hint: begin one: compliance applicability start acme\n"
    )
    soa = started(workspace)
    again = refused(workspace, "start", "acme")
    assert f"there is a statement for acme@1 in corporate already: {soa}" in again
    excluded = refused(workspace, "exclude", "acme:A.1", "--reason", "No network", "--review", "2027-01-01")
    assert "A.1 cannot be excluded: the standard allows no exclusion of it" in excluded
    assert "--reason" in refused(workspace, "exclude", "acme:B.1", "--review", "2027-01-01")
    assert "“in-plaice” is not a status of Acme" in refused(workspace, "set", "acme:B.1", "--status", "in-plaice")
    assert "“magic” is not a method" in refused(workspace, "set", "acme:B.1", "--method", "magic")
    assert "there is no risk R-AAAAAAAA" in refused(workspace, "set", "acme:B.1", "--because", "R-AAAAAAAA")
    untested = ("exclude", "acme:B.1", "--reason", "No time", "--review", "2027-01-01", "--status", "not-tested")
    assert "B.1 is excluded as not-tested, which is no exclusion" in refused(workspace, *untested)
    assert "did you mean acme:B.1" in refused(workspace, "set", "acme:B.11", "--reason", "x")
    assert "#policy" not in refused(workspace, "set", "acme:B.1#policy", "--reason", "x").partition("hint")[2]


def test_a_word_that_is_wrong_of_many_controls_is_one_fault(workspace):
    started(workspace)
    said = refused(workspace, "set", "acme:B", "--status", "in-plaice")
    assert said.count("error:") == 1
    assert "did you mean in-place?" in said


def test_inheritance_from_another_scope_runs_in_no_circle(workspace):
    started(workspace)
    revenues = started(workspace, "--scope", "revenues")
    out = run(workspace, "inherit", "acme:A.1", "--scope", "revenues", "--from-scope", "corporate", "--retain", "#scan")
    assert out == f"Recorded {revenues}: inherit A.1 from corporate\n"
    assert row(workspace, "A.1", "--scope", "revenues")["inherits"] == "met by corporate; retained here: scan"
    circle = refused(workspace, "inherit", "acme:A.1", "--scope", "corporate", "--from-scope", "revenues")
    assert circle.startswith("evidence/applicability/acme-corporate.")
    assert "A.1 is inherited in a circle through corporate, revenues" in circle
    never = refused(workspace, "inherit", "acme:D.1", "--scope", "revenues", "--from-scope", "corporate")
    assert "D.1 is never inherited" in never
    assert "there is no provider P-1" in refused(
        workspace, "inherit", "acme:A.2", "--scope", "corporate", "--provider", "P-1"
    )
    run(workspace, "inherit", "acme:A.1", "--scope", "revenues", "--stop")
    assert "inherits" not in text(workspace, revenues, "revenues")


def test_a_compensating_control_asks_for_its_worksheet(workspace):
    started(workspace)
    run(workspace, "set", "acme:B.1", "--method", "compensating", "--reason", "Old terminals")
    wanted = [one["id"] for one in verdict(workspace, "B.1")["expectations"]]
    assert wanted == ["policy", "worksheet"]
    desk = workspace.top.with_name("worksheet-2026-01-20.txt")
    desk.write_text("What is done instead.\n")
    added = workspace.run("evidence", "add", str(desk), "-c", "acme:B.1#worksheet", "--date", "2026-01-20")
    assert added.code == 0, added.err
    found = {one["id"]: one["verdict"] for one in verdict(workspace, "B.1")["expectations"]}
    assert found == {"policy": "missing", "worksheet": "evidenced"}


def test_a_level_comes_from_the_indicators_or_is_overridden_with_a_justification(workspace):
    started(workspace)
    out = run(workspace, "level", "acme:C.1", "--indicators", "achieved=1-3", "--indicators", "not-achieved=none")
    assert out.endswith("judge C.1\n  achieved by its indicators\n")
    out = run(workspace, "level", "acme:C.1", "--indicators", "not-achieved=2")
    assert out.endswith("  not-achieved by its indicators\n")
    unjustified = refused(workspace, "level", "acme:C.1", "--override", "achieved")
    assert "C.1 is set to achieved, and its indicators give not-achieved" in unjustified
    out = run(workspace, "level", "acme:C.1", "--override", "achieved", "--justification", "Mended in May")
    assert out.endswith("  achieved (by its indicators not-achieved): Mended in May\n")
    assert row(workspace, "C.1")["level"] == "achieved"
    run(workspace, "level", "acme:C.1", "--no-override")
    assert row(workspace, "C.1")["level_said"] == "not-achieved by its indicators"
    beyond = refused(workspace, "level", "acme:C.1", "--indicators", "achieved=1,4")
    assert "C.1 has no indicator 4 of achieved" in beyond
    for typed, said in (("achieved", "no indicators"), ("achieved=x", "is no number"), ("achieved=3-1", "backwards"),
                        ("acheived=1", "did you mean achieved?")):  # fmt: skip
        assert said in refused(workspace, "level", "acme:C.1", "--indicators", typed)
    assert "lists no indicators" in refused(workspace, "level", "acme:A.1", "--indicators", "achieved=1")


def test_indicators_are_answered_one_by_one(workspace):
    started(workspace)
    answers = [word for name in ("A.1", "C.1.A.2", "a.3") for word in ("--indicators", f"{name}=yes")]
    out = run(workspace, "level", "acme:C.1", *answers)
    assert out.endswith("judge C.1\n  achieved by its indicators\n")
    out = run(workspace, "level", "acme:C.1", "--indicators", "NA.2=true")
    assert out.endswith("  not-achieved by its indicators\n")
    out = run(workspace, "level", "acme:C.1", "--indicators", "NA.2=no", "--indicators", "A.2=no")
    assert out.endswith("  not-achieved by its indicators\n")
    out = run(workspace, "level", "acme:C.1", "--indicators", "A.2=YES")
    assert out.endswith("  achieved by its indicators\n")
    for typed, said in (
        ("C.2.A.1=yes", "“C.2.A.1” is no indicator of C.1"),
        ("A.1=perhaps", "“perhaps” is no answer to an indicator"),
        ("A.4=yes", "C.1 has no indicator 4 of achieved"),
    ):
        assert said in refused(workspace, "level", "acme:C.1", "--indicators", typed)


def test_answers_one_by_one_and_from_a_table(workspace, tmp_path):
    soa = started(workspace)
    run(workspace, "answer", "acme:C.2", "yes", "--reason", "Every Friday")
    assert (row(workspace, "C.2")["answer"], row(workspace, "C.2")["evidence"]) == ("yes", "evidenced")
    table = tmp_path / "answers.csv"
    table.write_text("question;answer;reason\nC.2;YES;Every Monday\nacme:C.3;The caretaker;\n\n")
    out = run(workspace, "answer", "--from", str(table), "-s", "acme")
    assert out == f"Recorded {soa}: judge C.2, C.3 by a table\n"
    assert [row(workspace, one)["answer"] for one in ("C.2", "C.3")] == ["YES", "The caretaker"]
    assert "“perhaps” is no answer to C.2" in refused(workspace, "answer", "acme:C.2", "perhaps")


def test_every_bad_row_of_a_table_is_named_with_its_line(workspace, tmp_path):
    started(workspace)
    table = tmp_path / "soa.csv"
    table.write_text("control,applies,review\nB.1,maybe,\n,no,\nB.2,,31/12/2026\nB,yes,\nB.99,yes,\nB.1,yes,\n")
    said = refused(workspace, "set", "--from", str(table), "-s", "acme")
    assert [line for line in said.splitlines() if "error" in line] == [
        "soa.csv:2: error: applies: “maybe” is neither true nor false",
        "soa.csv:3: error: names no control",
        "soa.csv:4: error: review: “31/12/2026” is not a date",
        "soa.csv:5: error: B is a heading",
        "soa.csv:6: error: acme@1 has no control B.99",
        "soa.csv:7: error: B.1 has two rows",
    ]
    for first, sentence in (("controle,reason", "did you mean control?"), ("reason,owner", "has no column “control”"),
                            ("control,owner,owner", "has two columns “owner”")):  # fmt: skip
        table.write_text(f"{first}\nB.1,x,y\n")
        assert sentence in refused(workspace, "set", "--from", str(table), "-s", "acme")


def test_a_table_that_was_written_is_read_again_as_it_was(workspace, tmp_path):
    started(workspace)
    run(workspace, "set", "acme:B", "--because", "Law", "--because", "=1+1", "--status", "in-place", "--owner", "Ada")
    run(workspace, "exclude", "acme:B.3", "--reason", "“Nobody”, ever", "--review", "2027-01-31")
    table = tmp_path / "soa.csv"
    table.write_text(workspace.run("applicability", "show", "acme", "--csv").out)
    assert run(workspace, "set", "--from", str(table), "-s", "acme") == "Nothing changed.\n"
    rows = list(csv.DictReader(io.StringIO(table.read_text())))
    changed = [one | ({"owner": "Ben"} if one["control"] == "B.1" else {}) for one in rows]
    with table.open("w", newline="") as file:
        writer = csv.DictWriter(file, list(rows[0]))
        writer.writeheader()
        writer.writerows(changed)
    before = [row(workspace, one) for one in ("B.1", "B.2", "B.3")]
    run(workspace, "set", "--from", str(table), "-s", "acme")
    assert [row(workspace, one) for one in ("B.1", "B.2", "B.3")] == [before[0] | {"owner": "Ben"}, *before[1:]]


def test_an_approved_statement_shows_what_is_changed_later(workspace):
    soa = started(workspace)
    run(workspace, "set", "acme:B", "--because", "Law")
    out = run(workspace, "approve", "acme", "--version", "3", "--by", "C. Chief <chief@example.org>")
    assert out == (
        f"Recorded {soa}: version 3 of acme@1, corporate, approved by C. Chief <chief@example.org> on 2026-02-02\n"
    )
    assert workspace.run("check").out == "0 errors, 0 warnings\n"
    assert workspace.run("applicability", "list").out.splitlines()[-1].split(maxsplit=4)[2:] == [
        "corporate", "0", "version 3, 2026-02-02",
    ]  # fmt: skip
    changing = workspace.run("applicability", "set", "acme:B.1", "--owner", "Ada")
    assert (changing.code, "changed since version 3 was approved by C. Chief on 2026-02-02" in changing.err) == (
        0,
        True,
    )
    assert shown(workspace)["changed"]
    assert "warning: changed since version 3" in workspace.run("check").out
    same = refused(workspace, "approve", "acme", "--version", "3", "--by", "C. Chief")
    assert f"version 3 of {soa} was approved on 2026-02-02 as something else" in same
    run(workspace, "approve", soa, "--version", "4", "--by", "C. Chief")
    assert not shown(workspace)["changed"]
    assert "is yet to come" in refused(workspace, "approve", soa, "--version", "5", "--by", "X", "--on", "2026-02-03")


def test_inclusions_without_a_reason_are_named_once_there_is_a_version(workspace):
    started(workspace)
    run(workspace, "set", "acme:B.1", "--because", "Law")
    assert workspace.run("check").out == "0 errors, 0 warnings\n"
    answer = workspace.run("applicability", "approve", "acme", "--version", "1", "--by", "Chief")
    assert "included without a reason, a risk or an obligation: B.2, B.3\n" in answer.err
    assert shown(workspace)["unexplained"] == ["B.2", "B.3"]


def test_the_table_fits_80_columns_and_says_what_to_look_at(workspace):
    started(workspace)
    run(workspace, "set", "acme:B", "--because", "Law", "--status", "not-tested", "--owner", "Head of People")
    run(workspace, "exclude", "acme:B.3", "--reason", "One person only", "--review", "2027-01-31")
    run(workspace, "set", "acme:A.1", "--status", "in-place")
    out = workspace.run("applicability", "show", "acme").out
    assert all(len(line) <= 80 for line in out.splitlines())
    assert "4 controls: 3 included, 1 excluded" in out, "of the others only what was judged: they are no choice"
    assert "Not tested, so that the assessment is a partial one: B.1, B.2" in " ".join(out.split())
    assert "Said to be in place, and a gap by what is filed: A.1." in " ".join(out.split())


def test_an_edit_is_checked_like_any_change(workspace, monkeypatch):
    soa = started(workspace)
    run(workspace, "set", "acme:B.1", "--status", "in-place")
    monkeypatch.setenv("VISUAL", "")
    monkeypatch.setenv("EDITOR", "sed -i s/in-place/not-in-place/")
    assert run(workspace, "edit", "acme") == f"Recorded {soa}\n"
    monkeypatch.setenv("EDITOR", "sed -i s/not-in-place/nowhere/")
    said = refused(workspace, "edit", soa)
    assert "“nowhere” is not a status of Acme" in said
    Path(said.split("is kept in ")[1].split("\n")[0]).unlink()


def test_the_accreditation_it_belongs_to_is_the_same_standards_and_scopes(workspace):
    added = workspace.run("accreditation", "add", "acme", "--target", "2026-12-01", "--scope", "revenues")
    held = added.out.split()[1]
    said = refused(workspace, "start", "acme", "--accreditation", held)
    assert f"{held} is an accreditation to acme@1 for revenues" in said
    soa = started(workspace, "--scope", "revenues", "--accreditation", held.removeprefix("A-").lower())
    assert f"accreditation: {held}\n" in text(workspace, soa, "revenues")


def test_judging_what_is_in_no_profile_in_use_is_warned_of(workspace, tmp_path):
    catalogue = workspace.read("standards/acme@1.yaml")
    profiled = catalogue.replace("scheme:\n", "profiles:\n  - {id: small, title: Small}\nscheme:\n").replace(
        "title: Firewall rules\n", "title: Firewall rules\n        profiles: []\n"
    )
    workspace.put({"standards/acme@1.yaml": profiled})
    started(workspace)
    answer = workspace.run("applicability", "set", "acme:A.2", "--owner", "Ada")
    assert (answer.code, "A.2 is not in any profile: what is stated of it has no effect" in answer.err) == (0, True)
    assert run(workspace, "set", "acme:A", "--owner", "Ada").endswith("set A.1, A.3\n")


LOCAL_GOVERNMENT = """\
overlay: acme@1
profiles:
  - id: local-government
    title: Targets for councils
    targets: {C.1: achieved}
"""


def test_the_targets_of_an_own_profile_come_from_an_overlay(workspace):
    settings = workspace.read("compliance.toml") + 'profiles = ["local-government"]\n'
    workspace.put({"standards/acme@1.overlay.yaml": LOCAL_GOVERNMENT, "compliance.toml": settings})
    assert workspace.run("check").out == "0 errors, 0 warnings\n"
    started(workspace)
    run(workspace, "level", "acme:C.1", "--indicators", "achieved=1,2")
    (reason,) = verdict(workspace, "C.1")["reasons"]
    assert (reason["kind"], reason["sentence"]) == (
        "below-target", "not-achieved by its indicators; the profile's target is achieved",
    )  # fmt: skip
    assert row(workspace, "C.1")["target"] == "achieved"
    run(workspace, "level", "acme:C.1", "--indicators", "achieved=all")
    assert verdict(workspace, "C.1")["reasons"] == []


@pytest.mark.parametrize("form", ["md", "html"])
def test_the_report_has_the_columns_that_auditors_ask_for(workspace, tmp_path, form):
    target = tmp_path / f"soa.{form}"
    none = workspace.run("report", "soa", "-o", str(target))
    assert (none.code, target.exists()) == (2, False)
    assert "there is no statement of applicability for acme@1" in none.err
    risk = workspace.run("risk", "add", "Flood <b>", "--consequence", "No service", "--likelihood", "rare", "--impact",
                         "minor", "--review", "2026-06-30").out.split()[1]  # fmt: skip
    soa = started(workspace)
    run(workspace, "set", "acme:B", "--because", risk, "--status", "in-place", "--owner", "Head | IT")
    run(workspace, "exclude", "acme:B.3", "--reason", "One person only", "--review", "2027-01-31")
    run(workspace, "approve", "acme", "--version", "7", "--by", "C. Chief")
    assert workspace.run("report", "soa", "-o", str(target), "--on", "2026-03-01").code == 0
    said = target.read_text()
    for words in (
        soa,
        "C. Chief",
        "acme@1",
        workspace.head,
        "2026-03-01",
        "One person only",
        risk,
        "2027-01-31",
        "Met",
    ):
        assert words in said
    assert "Flood <b>" not in said
    if form == "md":
        line = next(line for line in said.splitlines() if line.startswith("| B.1 |"))
        assert line == f"| B.1 | Security policy | yes | because: {risk} Flood \\<b\\> | Met | Head \\| IT | missing |"
