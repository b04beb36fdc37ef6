"""The demonstration is made the same every time, is a sound repository, and shows everything the tool can say."""

from __future__ import annotations

import os
import subprocess
from collections import Counter
from datetime import date, timedelta
from pathlib import Path

import pytest

from compliance.cli.main import run
from compliance.cli.workspace.demo import questions
from compliance.cli.workspace.replay import DemoBuilt, build_demo
from compliance.domain.assessment.assess import Assessor
from compliance.domain.assessment.assessment import Assessment, ControlAssessment
from compliance.domain.due.renewals import renewals
from compliance.domain.ledger.control_index import ControlIndex
from compliance.domain.ledger.ledger import Ledger
from compliance.domain.ledger.rules import Dating
from compliance.domain.registers.applicability import BELOW_TARGET
from compliance.domain.registers.audits import AuditType, RequestState
from compliance.domain.registers.deadlines import DeadlineKind
from compliance.domain.registers.findings import FindingType
from compliance.domain.registers.measures import misses_in_a_row, overdue
from compliance.domain.registers.parts.promises import days_slipped, times_moved
from compliance.domain.registers.parts.registry import REASON_KINDS
from compliance.domain.registers.statements.statement import changed_since_approval
from compliance.domain.terms.durations import Duration
from compliance.domain.terms.verdicts import Flag, Verdict
from compliance.ledger.inspection.inspection import inspect
from compliance.ledger.opening import open_ledger, open_workspace
from compliance.problems import Refused
from compliance.store.records.rules import parse_rules
from compliance.workspace.shipped import shipped_demonstration

HORIZON = timedelta(days=60)


def git(top: Path, *args: str) -> str:
    """What plain git answers in a folder."""
    done = subprocess.run(["git", *args], cwd=top, capture_output=True, check=False)
    assert done.returncode == 0, (args, done.stderr)
    return os.fsdecode(done.stdout).removesuffix("\n")


@pytest.fixture(scope="module")
def ledger(demo: DemoBuilt) -> Ledger:
    return open_ledger(open_workspace(demo.directory))


@pytest.fixture(scope="module")
def assessments(ledger: Ledger) -> dict[str, Assessment]:
    assessor = Assessor(ledger, ledger.day, ledger.day, HORIZON)
    return {scope.id: assessor.assess(scope) for scope in ledger.settings.scopes}


def controls(assessments: dict[str, Assessment]) -> list[ControlAssessment]:
    return [control for one in assessments.values() for standard in one.standards for control in standard.controls]


def test_two_replays_end_in_the_same_commit(demo: DemoBuilt, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    other = tmp_path / "home"
    other.mkdir()
    (other / ".gitconfig").write_text(
        "[init]\n\tdefaultBranch = trunk\n\ttemplateDir = /nowhere\n"
        "[commit]\n\tgpgSign = true\n"
        "[core]\n\tautocrlf = true\n"
    )
    monkeypatch.setenv("HOME", str(other))
    monkeypatch.setenv("XDG_CONFIG_HOME", str(other))
    monkeypatch.setenv("TZ", "Pacific/Auckland")
    monkeypatch.setenv("GIT_AUTHOR_DATE", "2001-01-01T00:00:00Z")
    monkeypatch.chdir(tmp_path)
    again = build_demo(Path("again"), shipped_demonstration())
    assert again.commit == demo.commit
    assert git(tmp_path / "again", "status", "--porcelain") == ""
    assert git(tmp_path / "again", "symbolic-ref", "HEAD") == "refs/heads/main"


def test_the_repository_is_sound_and_clean(demo: DemoBuilt):
    assert git(demo.directory, "fsck", "--strict", "--full") == ""
    assert git(demo.directory, "status", "--porcelain", "--untracked-files=all") == ""
    assert git(demo.directory, "rev-parse", "HEAD") == demo.commit
    assert git(demo.directory, "stash", "list") == ""


def test_history_runs_over_two_years_by_five_people(demo: DemoBuilt):
    lines = git(demo.directory, "log", "--reverse", "--format=%an <%ae>|%cs|%cn <%ce>").splitlines()
    people, days, committers = zip(*(line.split("|") for line in lines), strict=True)
    assert len(lines) == demo.commits
    assert len(set(people)) == 5
    assert people == committers
    assert list(days) == sorted(days)
    assert date.fromisoformat(days[0]) < date(2024, 12, 1)
    assert days[-1] == str(demo.last_day) == "2026-10-30"


def test_what_is_done_is_told_in_the_commit_as_the_command_tells_it(demo: DemoBuilt):
    message = git(demo.directory, "log", "-1", "--format=%B", "--grep", "^evidence: IT health check report, 2025")
    subject, blank, told = message.splitlines()[:3]
    assert subject.startswith("evidence: IT health check report, 2025 (E-")
    assert blank == ""
    assert told.startswith("Controls: psn-coco:PSN.IA.7a#ithc, ")


def test_the_ledger_reads_it_without_a_problem(ledger: Ledger, demo: DemoBuilt):
    assert ledger.problems == ()
    assert len(ledger.evidence) == demo.evidence_files
    assert 150 <= demo.evidence_files <= 230


def test_earlier_states_read_without_a_problem(demo: DemoBuilt):
    workspace = open_workspace(demo.directory)
    for day in ("2024-12-31", "2025-09-30", "2026-02-28", "2026-06-30"):
        assert open_ledger(workspace, day).problems == ()


def test_every_record_lies_beside_its_file_and_ends_in_its_id(ledger: Ledger, demo: DemoBuilt):
    for item in ledger.evidence:
        assert (demo.directory / item.path).is_file()
        if item.record:
            assert item.record == f"{item.path}.evidence.yaml"
            assert item.path.rsplit(".", 2)[1] == item.id.removeprefix("E-")
            assert item.path.startswith(f"evidence/{item.date:%Y/%m}/{item.date}-")


def test_every_verdict_is_met_by_an_expectation_and_by_a_control(assessments: dict[str, Assessment]):
    judged = {one.judgement.verdict for control in controls(assessments) for one in control.expectations}
    assert judged == set(Verdict)
    assert {control.verdict for control in controls(assessments) if control.counts} == set(Verdict)


def test_the_flags_and_reasons_are_met(assessments: dict[str, Assessment]):
    flags = Counter(control.flag for control in controls(assessments))
    reasons = {reason.kind for control in controls(assessments) for reason in control.reasons}
    assert flags[Flag.EXCLUDED] >= 1
    assert flags[Flag.INHERITED] >= 2
    assert flags[Flag.NOT_ASKED] >= 1
    assert reasons == set(REASON_KINDS)
    assert {reason.value for reason in REASON_KINDS} <= {control.standing for control in controls(assessments)}


def test_these_are_councils_that_work_at_it(assessments: dict[str, Assessment]):
    percent = {
        (one.scope, standard.standard.id): standard.summary.percent
        for one in assessments.values()
        for standard in one.standards
    }
    assert set(percent) == {
        ("ict-service", "psn-coco"),
        ("ict-service", "iso27001"),
        ("ict-service", "iso20000-1"),
        ("ict-service", "cyber-essentials"),
        ("thornmere", "caf"),
        ("pellbrook", "psn-coco"),
        ("payments", "pci-dss"),
    }
    assert percent.pop(("ict-service", "cyber-essentials")) is None  # an answer fails the whole
    assert all(65 <= figure <= 97 for figure in percent.values() if figure is not None), percent


def test_a_series_has_a_hole_that_was_filled_late(assessments: dict[str, Assessment]):
    said = [one.judgement.reason for control in controls(assessments) for one in control.expectations]
    assert any("nothing between 2026-02-06 and 2026-05-27: filed late by 21 days" in reason for reason in said)


def test_parent_evidence_serves_the_payments_scope(ledger: Ledger, assessments: dict[str, Assessment]):
    policy = next(item for item in ledger.evidence if item.title == "Information security policy, version 4")
    (pci,) = assessments["payments"].standards
    control = next(one for one in pci.controls if one.id == "12.1.1")
    assert policy.scope == ("ict-service",)
    assert policy.id in {one.judgement.evidence for one in control.expectations}


def test_the_overlay_sets_intervals_and_cites_the_risk_analysis(ledger: Ledger, demo: DemoBuilt):
    analysis = next(item for item in ledger.evidence if item.title.startswith("Targeted risk analysis"))
    text = (demo.directory / "standards" / "pci-dss@4.0.1.overlay.yaml").read_text(encoding="utf-8")
    assert text.count(f"because: Targeted risk analysis {analysis.id}") >= 2


def test_the_rules_date_by_name_and_by_history(ledger: Ledger, demo: DemoBuilt):
    rules = parse_rules((demo.directory / "evidence" / "map.yaml").read_bytes(), "map.yaml").value or ()
    assert {rule.dating for rule in rules} == {Dating.NAME, Dating.GIT}
    edge = next(item for item in ledger.evidence if item.path.endswith("firewall-edge.txt"))
    wireless = next(item for item in ledger.evidence if item.path.endswith("wireless-controller.txt"))
    assert edge.date == date(2026, 9, 21)
    assert wireless.date is None
    assert "import" in wireless.undated


def test_one_page_describes_itself_in_its_front_matter(ledger: Ledger):
    page = next(item for item in ledger.evidence if item.path == "evidence/service/improvement-register.md")
    assert page.record == ""
    assert page.controls


def test_the_accreditations_are_in_mid_cycle(ledger: Ledger):
    held = {one.standard.id: one for one in ledger.accreditations if one.scope == "ict-service"}
    ages = {name: one.cycle_on(ledger.day) for name, one in held.items()}
    iso = ages["iso27001"]
    assert iso is not None
    assert 1 < (ledger.day - iso.granted).days / 365 < 2
    assert any(event.event == "surveillance" for event in iso.events)
    assert {finding.type for finding in ledger.findings if finding.open_on(ledger.day)} >= {FindingType.MAJOR}
    due = renewals(ledger, (), ledger.day, Duration(3))
    assert {"PSN connection: Submission of the five parts", "PSN connection: certificate expires"} <= {
        one.what for one in due
    }


def test_the_registers_have_events_and_nil_returns(ledger: Ledger):
    assert any(event.nil and event.period for event in ledger.events)
    assert any(not event.nil for event in ledger.events)
    for provider in ledger.providers:
        assert ledger.evidence_by_id(provider.matrix) is not None
        assert all(ledger.evidence_by_id(one.evidence) for one in provider.assurances)


def control(assessments: dict[str, Assessment], scope: str, standard: str, name: str) -> ControlAssessment:
    (found,) = (one for one in assessments[scope].standards if one.standard.id == standard)
    return next(one for one in found.controls if one.id == name)


def test_the_second_council_inherits_and_retains(assessments: dict[str, Assessment]):
    monitoring = control(assessments, "pellbrook", "psn-coco", "PSN.IA.1d")
    assert (monitoring.flag, monitoring.verdict) == (Flag.INHERITED, Verdict.STALE)
    walkround = control(assessments, "pellbrook", "psn-coco", "PSN.IA.1c")
    own = {one.id for one in walkround.expectations if not one.id.startswith("inherited")}
    assert own == {"walkround"}
    assert control(assessments, "pellbrook", "psn-coco", "PSN.IA.6b").flag is None


def test_one_answer_fails_the_whole_and_another_opens_a_question(assessments: dict[str, Assessment]):
    (cyber,) = (one for one in assessments["ict-service"].standards if one.standard.id == "cyber-essentials")
    assert [one.id for one in cyber.controls if one.decisive] == ["A6.5"]
    assert control(assessments, "ict-service", "cyber-essentials", "A6.5.2").flag is None
    assert control(assessments, "ict-service", "cyber-essentials", "A6.4.2").flag is Flag.NOT_ASKED


def test_levels_fall_short_of_their_target_by_indicators(assessments: dict[str, Assessment]):
    (caf,) = assessments["thornmere"].standards
    below = [one.id for one in caf.controls if any(r.kind is BELOW_TARGET for r in one.reasons)]
    assert below == ["A2.b", "D2.b"]


def test_a_certificate_was_suspended_and_another_granted_with_conditions(ledger: Ledger):
    (connection,) = (one for one in ledger.accreditations if one.scope == "pellbrook")
    former, present = connection.cycles
    assert former.suspended(date(2025, 7, 1)) == date(2025, 6, 16)
    assert former.suspended(date(2025, 8, 4)) is None
    assert present.conditional(date(2026, 4, 1))
    assert not present.conditional(ledger.day)


def test_the_approved_statement_is_what_was_approved(ledger: Ledger):
    (statement,) = (one for one in ledger.applicability if one.standard.id == "iso27001")
    assert statement.version == "6"
    assert statement.approved
    assert statement.approved.stamp
    assert not changed_since_approval(statement)
    risks = {one.id for one in ledger.risks}
    assert risks & {why for one in statement.controls for why in one.because}


def test_an_audit_to_come_has_its_requests_partly_answered(ledger: Ledger):
    audit = next(one for one in ledger.audits if one.requests)
    states = Counter(audit.request_state(one, ledger.day) for one in audit.requests)
    assert set(states) == set(RequestState)
    assert {one.type for one in ledger.audits if one.held} >= {AuditType.SURVEILLANCE, AuditType.HEALTH_CHECK}


def test_findings_and_actions_have_a_history(ledger: Ledger):
    closed = [one for one in ledger.findings if one.closed]
    assert any(one.audit for one in closed)
    assert any(one.check and one.check.effective for one in ledger.actions)
    (slipped,) = (one for one in ledger.actions if times_moved(one.promised) == 2)
    assert days_slipped(slipped.promised) == 65
    assert slipped.open_on(ledger.day)


def test_a_risk_is_accepted_until_a_day_and_deadlines_recur(ledger: Ledger):
    (accepted,) = (one for one in ledger.risks if one.accepted)
    acceptance = accepted.acceptance_on(ledger.day)
    assert acceptance
    assert acceptance.holds_on(ledger.day)
    assert not acceptance.holds_on(date(2027, 4, 1))
    assert {one.kind for one in ledger.deadlines} == {
        DeadlineKind.CONTRACT, DeadlineKind.END_OF_LIFE, DeadlineKind.REVIEW,
    }  # fmt: skip
    assert any(one.every and one.done for one in ledger.deadlines)


def test_three_figures_of_a_year_with_a_month_missing_and_a_target_missed(ledger: Ledger):
    points = {one.id: ledger.points[one.id] for one in ledger.measures}
    assert sorted(len(figures) for figures in points.values()) == [11, 12, 12]
    assert sum(len(overdue(one, points[one.id], ledger.day)) for one in ledger.measures) == 1
    assert sorted(misses_in_a_row(one, points[one.id]) for one in ledger.measures) == [0, 1, 3]


def test_check_finds_no_error_and_only_what_the_story_means_to_show(demo: DemoBuilt):
    found = inspect(open_workspace(demo.directory)).problems
    assert [problem.sentence for problem in found if problem.is_error] == []
    sentences = [problem.sentence for problem in found]
    assert len(sentences) == 3, found
    assert "is an attestation that does not say how it came out: it is a gap, no pass" in sentences


def test_what_to_try_next_works(demo: DemoBuilt, tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    for purpose, arguments in questions(demo.last_day):
        said = [str(tmp_path / one) if one.endswith(".html") else one for one in arguments]
        assert run(["-C", str(demo.directory), *said]) == 0, purpose
        answer = capsys.readouterr()
        assert answer.out, purpose
        assert answer.err == "", purpose


def test_the_tour_of_the_readme_works(demo: DemoBuilt, tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    readme = (Path(__file__).parents[2] / "README.md").read_text(encoding="utf-8")
    tour = readme.partition("## Ten minutes with the demonstration\n")[2].partition("\n## ")[0]
    lines = [line.split()[1:] for line in tour.splitlines() if line.startswith("    compliance ")]
    assert len(lines) >= 10
    for line in lines:
        said = [str(tmp_path / one) if one.endswith((".html", ".md")) else one for one in line]
        assert run(["-C", str(demo.directory), *said]) == 0, line
        answer = capsys.readouterr()
        assert answer.out, line
        assert answer.err == "", line


def test_every_control_that_evidence_names_is_there(ledger: Ledger):
    index = ControlIndex(ledger)
    named = {reference for item in ledger.evidence for reference in item.controls}
    assert [str(reference) for reference in sorted(named) if not index.fingerprint_of(reference)] == []


def test_it_does_not_write_into_a_folder_with_something_in_it(tmp_path: Path):
    (tmp_path / "mine.txt").write_text("mine")
    with pytest.raises(Refused, match="not empty"):
        build_demo(tmp_path, shipped_demonstration())
    assert [file.name for file in tmp_path.iterdir()] == ["mine.txt"]


def test_it_does_not_write_over_a_file(tmp_path: Path):
    (tmp_path / "mine").write_text("mine")
    with pytest.raises(Refused, match="this is a file"):
        build_demo(tmp_path / "mine", shipped_demonstration())
    assert (tmp_path / "mine").read_text() == "mine"
