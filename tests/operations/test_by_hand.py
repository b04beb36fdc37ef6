"""What the demonstration does without a command: each is what `check` takes, and the wrong is refused."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from compliance.cli.workspace.replay import FILES, SCRIPT, build_demo
from compliance.domain.ledger.ledger import Ledger
from compliance.domain.ledger.records import Outcome
from compliance.gitrepo.writing.batch import Batch, Identity
from compliance.gitrepo.writing.creation import initialise
from compliance.ledger.inspection.inspection import inspect
from compliance.ledger.opening import open_ledger, open_workspace
from compliance.ledger.rehearsal import Rehearsal
from compliance.problems import Refused

HEAD = """\
# Clocks: Europe/London
# A. Officer <a.officer@council.example>
# B. Head <b.head@council.example>
# 2026-03-09 14:20 A. Officer
compliance init --organisation "Example Council" -s iso27001
compliance evidence add policy.md -k policy -d 2026-03-02 -t "Security policy" -c iso27001:5.2#policy  # E-7K2M9QXT
compliance risk add Fire --consequence "No service" --likelihood rare --impact severe -c iso27001:A.7.5 \\
    --review 2027-03-01 --owner "A. Officer"  # R-2ABCDEFG
# 2026-03-10 09:00 B. Head
"""


def played(tmp_path: Path, lines: str) -> Ledger:
    """The workspace that a script makes, read from git; nothing is wrong in it."""
    source = tmp_path / "source"
    (source / FILES).mkdir(parents=True)
    (source / FILES / "policy.md").write_text("# Policy\n")
    (source / FILES / "policy-2.md").write_text("# Policy, with a second page\n")
    (source / SCRIPT).write_text(HEAD + lines, encoding="utf-8")
    workspace = open_workspace(build_demo(tmp_path / "work", source).directory)
    assert [problem.sentence for problem in inspect(workspace).problems if problem.is_error] == []
    return open_ledger(workspace)


def test_an_approval_is_bound_to_what_was_approved(tmp_path: Path):
    (piece,) = played(tmp_path, "compliance evidence approve E-7K2M9QXT\n").evidence
    (decision,) = piece.decisions
    assert (decision.decision, decision.by) == (Outcome.APPROVED, "B. Head <b.head@council.example>")
    assert str(decision.on) == "2026-03-10T09:00:00Z"
    assert decision.stamp
    assert not piece.altered


def test_a_rejection_says_why(tmp_path: Path):
    (piece,) = played(tmp_path, 'compliance evidence reject E-7K2M9QXT --note "It is last year\'s"\n').evidence
    assert [(decision.decision, decision.note) for decision in piece.decisions] == [
        (Outcome.REJECTED, "It is last year's")
    ]


def test_a_later_edition_takes_the_place_of_the_file_and_keeps_the_decisions(tmp_path: Path):
    ledger = played(tmp_path, "compliance evidence approve E-7K2M9QXT\nreplace E-7K2M9QXT policy-2.md\n")
    (piece,) = ledger.evidence
    assert (tmp_path / "work" / piece.path).read_text() == "# Policy, with a second page\n"
    assert len(piece.decisions) == 1
    assert not piece.altered


def test_fields_are_written_anew_and_lists_grow(tmp_path: Path):
    lines = (
        'edit E-7K2M9QXT "controls+=[iso27001:A.5.1#set]" owner=Head\n'
        'edit R-2ABCDEFG "inherent={likelihood: likely, impact: severe}"\n'
    )
    ledger = played(tmp_path, lines)
    (piece,), (risk,) = ledger.evidence, ledger.risks
    assert [str(reference) for reference in piece.controls] == ["iso27001:5.2#policy", "iso27001:A.5.1#set"]
    assert piece.owner == "Head"
    assert risk.inherent
    assert risk.inherent.likelihood == "likely"


@pytest.mark.parametrize(
    ("line", "sentence"),
    [
        ("replace E-2ABCDEFG policy-2.md", "there is no evidence E-2ABCDEFG"),
        ("edit E-2ABCDEFG owner=Head", "there is no evidence E-2ABCDEFG"),
        ("edit E-7K2M9QXT kind=novel", "novel"),
        ("edit R-2ABCDEFG likelihood=sometimes", "sometimes"),
    ],
)
def test_what_is_not_there_or_may_not_be_said_is_refused(tmp_path: Path, line: str, sentence: str):
    with pytest.raises(Refused, match=sentence):
        played(tmp_path, f"{line}\n")


def test_a_history_without_a_commit_is_no_workspace(tmp_path: Path):
    moment = datetime(2026, 3, 9, 14, 20, tzinfo=ZoneInfo("Europe/London"))
    batch = Batch(tmp_path, Identity("A. Officer", "a.officer@council.example"), moment)
    rehearsal = Rehearsal(initialise(tmp_path), batch, str)
    with pytest.raises(Refused, match="this repository has no commit yet"):
        rehearsal.workspace()
