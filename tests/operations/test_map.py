"""`evidence map`: a rule tried on what is committed, and written beside the rules that stand there."""

from __future__ import annotations

import pytest

from ..builders.workspaces import CONFIGURATION, Workspace, described

LOGS = ("evidence/logs/2026-01-01.csv", "evidence/logs/deep/2026-01-02.csv", "evidence/logs/latest.csv")
RULES = """\
# Kept by the network team.
rules:
  # scans first
  - match: "scans/**"   # all of them
    kind: scan
    controls: ['acme:A.1']

# nothing after this line
"""


@pytest.fixture
def workspace(workspace: Workspace) -> Workspace:
    workspace.put(dict.fromkeys(LOGS, "a,b\n"))
    return workspace


def test_trying_says_what_each_file_would_get_and_writes_nothing(workspace):
    record = described("E-7K2M9QXT", kind="record")
    workspace.put({f"{LOGS[0]}.evidence.yaml": record})
    before = workspace.head
    answer = workspace.run("evidence", "map", "logs/**/*.csv", "-c", "acme:B.3", "-k", "record", "--date", "name")
    assert answer.code == 0
    table = [line.split("  ")[0] for line in answer.out.splitlines() if line.startswith("evidence/logs")]
    assert table == sorted(LOGS)
    assert "has a record of its own, which is stronger" in " ".join(answer.out.split())
    assert "none in its name" in answer.out
    assert answer.out.endswith("Tried only; add --write to keep it.\n")
    assert workspace.head == before
    assert workspace.git("status", "--porcelain") == ""


def test_writing_makes_one_commit_and_the_files_count_from_then_on(workspace):
    assert workspace.ledger.evidence == ()
    given = ("-c", "acme:B.3#rota", "-k", "record", "--date", "name", "--owner", "Service desk", "--scope", "corporate")
    answer = workspace.run("evidence", "map", "logs/**/*.csv", *given, "--write")
    assert answer.code == 0, answer.err
    assert workspace.git("show", "--format=%s", "--name-status", "HEAD").split("\n\n") == [
        "evidence: map logs/**/*.csv in evidence/map.yaml",
        "A\tevidence/map.yaml",
    ]
    assert {item.path: str(item.date) for item in workspace.ledger.evidence} == {
        LOGS[0]: "2026-01-01",
        LOGS[1]: "2026-01-02",
        LOGS[2]: "None",
    }
    assert {item.owner for item in workspace.ledger.evidence} == {"Service desk"}
    assert workspace.run("check").out.count("error:") == 0


def test_a_rule_is_added_after_the_others_and_comments_stay(workspace):
    workspace.put({"evidence/map.yaml": RULES})
    answer = workspace.run("evidence", "map", "logs/*.csv", "-k", "record", "-c", "acme:B.3", "--write")
    assert answer.code == 0, answer.err
    text = workspace.read("evidence/map.yaml")
    for comment in ("# Kept by the network team.", "# scans first", "# all of them", "# nothing after this line"):
        assert comment in text
    assert text.index("scans/**") < text.index("logs/*.csv")
    assert [item.path for item in workspace.ledger.evidence] == [
        "evidence/logs/2026-01-01.csv",
        "evidence/logs/latest.csv",
    ]


def test_a_rule_may_stand_nearer_to_its_files(workspace):
    given = ("--in", "evidence/logs", "--write", "-k", "register", "-c", "acme:A.3")
    assert workspace.run("evidence", "map", "*.csv", *given, "--date", "git", "--first-counts").code == 0
    assert "first: counts" in workspace.read("evidence/logs/map.yaml")
    assert [str(item.date) for item in workspace.ledger.evidence] == ["2026-01-05", "2026-01-05"]


def test_the_date_may_be_a_day_or_a_pattern(workspace):
    workspace.put({"evidence/scan-31122025.txt": "x\n"})
    given = ("-k", "scan", "-c", "acme:A.1", "--write")
    pattern = ("--date", "name", "--name-pattern", "scan-{day}{month}{year}")
    assert workspace.run("evidence", "map", "scan-*.txt", *given, *pattern).code == 0
    assert workspace.run("evidence", "map", "logs/*", *given, "--date", "2025-11-30").code == 0
    assert str(workspace.evidence("evidence/scan-31122025.txt").date) == "2025-12-31"
    assert str(workspace.evidence(LOGS[2]).date) == "2025-11-30"


@pytest.mark.parametrize(
    ("args", "said"),
    [
        (("logs/*", "-c", "acme:A.9"), "acme@1 has no control A.9"),
        (("logs/*", "--in", "evidence/../docs"), "is not among the folders of evidence"),
    ],
)
def test_what_map_yaml_would_refuse_is_refused_before(workspace, args, said):
    before = workspace.head
    answer = workspace.run("evidence", "map", *args, "--write")
    assert (answer.code, said in answer.err) == (2, True), answer.err
    assert workspace.head == before


@pytest.mark.parametrize("text", ["rules: {}\n", "rules:\n  - {kind: scan}\n", "<<<<<<< HEAD\nrules: []\n"])
def test_no_rule_is_added_to_what_cannot_be_read(workspace, text):
    workspace.put({"evidence/map.yaml": text})
    answer = workspace.run("evidence", "map", "logs/*", "-k", "scan", "--write")
    assert (answer.code, workspace.read("evidence/map.yaml")) == (2, text)


def test_uncommitted_rules_of_somebody_are_not_overwritten(workspace):
    workspace.put({"evidence/map.yaml": RULES})
    workspace.write("evidence/map.yaml", RULES + "# in the middle of something\n")
    answer = workspace.run("evidence", "map", "logs/*", "-k", "scan", "--write")
    assert (answer.code, "not committed" in answer.err) == (2, True)
    assert workspace.read("evidence/map.yaml").endswith("in the middle of something\n")


def test_a_first_rule_in_a_list_that_was_empty(workspace):
    workspace.put({"evidence/map.yaml": "rules: []  # none yet\n", "compliance.toml": CONFIGURATION})
    assert workspace.run("evidence", "map", "logs/*", "-k", "record", "-c", "acme:B.3", "--write").code == 0
    assert len(workspace.ledger.evidence) == 2
