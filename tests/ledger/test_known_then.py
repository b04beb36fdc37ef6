"""`--at`: what was known at a commit, or at the end of a day; apart from `--on`, the day that is judged"""

from __future__ import annotations

import pytest

from ..builders.running import Answer
from ..builders.workspaces import CONFIGURATION, Workspace, described

SCAN = "evidence/scan.7K2M9QXT.txt"


@pytest.fixture
def workspace(workspace: Workspace) -> Workspace:
    record = described("E-7K2M9QXT", title="Policy", kind="policy", date="2025-12-20", controls=["acme:B.1"])
    workspace.put({SCAN: "x\n", f"{SCAN}.evidence.yaml": record}, "2026-01-10", "Policy")
    workspace.put({f"{SCAN}.evidence.yaml": record.replace("2025-12-20", "2024-06-01")}, "2026-01-20", "Corrected")
    return workspace


def gaps(workspace: Workspace, *args: str) -> Answer:
    answer = workspace.run("gaps", "--json", *args)
    assert answer.code == 0, answer.err
    return answer


def standing(answer: Answer, control: str = "B.1") -> str:
    (found,) = [one for one in answer.json["assessments"][0]["standards"][0]["controls"] if one["id"] == control]
    return str(found["standing"])


def test_a_day_means_the_commit_last_made_by_its_end(workspace):
    for day, back in (("2026-01-09", 2), ("2026-01-10", 1), ("2026-01-19", 1), ("2026-01-20", 0), ("2026-02-02", 0)):
        provenance = gaps(workspace, "--at", day).json["provenance"]
        assert provenance["commit"] == workspace.git("rev-parse", f"HEAD~{back}"), day
        assert (provenance["on"], provenance["known"]) == (day, day)


def test_what_was_due_since_the_last_commit_is_missed_on_the_day_named(workspace):
    """A quiet month does not soften the report."""
    begun = CONFIGURATION.replace('id = "corporate"', 'id = "corporate"\nstart = 2025-10-01')
    record = described("E-2ABCDEFG", kind="scan", date="2025-10-25", result="pass", controls=["acme:A.1"])
    workspace.put({"compliance.toml": begun, "evidence/q.2ABCDEFG.txt": "x\n"}, "2026-01-22")
    workspace.put({"evidence/q.2ABCDEFG.txt.evidence.yaml": record}, "2026-01-22")
    at = {at: standing(gaps(workspace, "--at", at), "A.1") for at in ("HEAD", "2026-01-22", "2026-01-28", "2026-01-29")}
    assert at == {"HEAD": "lapsing", "2026-01-22": "lapsing", "2026-01-28": "lapsing", "2026-01-29": "missed"}


def test_a_day_to_come_is_refused(workspace):
    refused = workspace.run("gaps", "--at", "2026-02-03")
    assert (refused.code, refused.out) == (2, "")
    assert "2026-02-03 lies in the future" in refused.err
    assert "--on 2026-02-03" in refused.err


def test_knowledge_and_the_day_judged_are_two_things(workspace):
    assert standing(gaps(workspace, "--at", "2026-01-15", "--on", "2026-01-15")) == "evidenced"
    assert standing(gaps(workspace, "--at", "2026-01-15", "--on", "2026-12-21")) == "stale"
    assert standing(gaps(workspace, "--at", "2026-01-25", "--on", "2026-01-15")) == "stale"
    assert standing(gaps(workspace, "--at", "2026-01-05", "--on", "2026-01-15")) == "missing"


def test_a_past_commit_is_judged_on_its_own_day_and_says_so(workspace):
    provenance = gaps(workspace, "--at", "HEAD~1").json["provenance"]
    assert (provenance["on"], provenance["known"], provenance["commit_day"]) == ("2026-01-10",) * 3
    provenance = gaps(workspace).json["provenance"]
    assert (provenance["on"], provenance["known"], provenance["commit_day"]) == (
        "2026-02-02",
        "2026-02-02",
        "2026-01-20",
    )


def test_a_branch_that_was_merged_later_was_not_known_before(workspace):
    workspace.git("checkout", "-q", "-b", "side", "HEAD~1")
    workspace.put({"evidence/c.2ABCDEFG.txt": "x\n"}, "2026-01-12")
    record = described("E-2ABCDEFG", kind="contract", date="2025-06-01", controls=["acme:B.3"])
    workspace.put({"evidence/c.2ABCDEFG.txt.evidence.yaml": record}, "2026-01-13")
    workspace.git("checkout", "-q", "main")
    workspace.git("merge", "-q", "--no-ff", "-m", "Merge", "side", when="2026-01-25")
    assert standing(gaps(workspace, "--at", "2026-01-24"), "B.3") == "missing"
    assert standing(gaps(workspace, "--at", "2026-01-25"), "B.3") == "evidenced"
    assert standing(gaps(workspace, "--at", "side"), "B.3") == "evidenced"


def test_the_end_of_a_day_is_that_of_the_workspaces_zone(workspace):
    far = CONFIGURATION.replace("Europe/London", "Pacific/Kiritimati")  # there, noon in London is the day after
    workspace.put({"compliance.toml": far}, "2026-01-25")
    assert gaps(workspace, "--at", "2026-01-25").json["provenance"]["commit"] == workspace.git("rev-parse", "HEAD~1")
    assert gaps(workspace, "--at", "2026-01-26").json["provenance"]["commit"] == workspace.head


def test_settings_and_catalogues_are_those_of_that_time(workspace):
    workspace.put({"compliance.toml": CONFIGURATION.replace("Exampleton", "Renamed")}, "2026-01-25")
    assert gaps(workspace, "--at", "2026-01-24").json["organisation"] == "Exampleton Borough Council"
    assert gaps(workspace).json["organisation"] == "Renamed Borough Council"


@pytest.mark.parametrize(
    "command", [("gaps",), ("renewals",), ("evidence", "list"), ("evidence", "show", "E-7K2M9QXT")]
)
def test_a_past_commit_answers_like_a_checkout_of_it(workspace, command):
    then = workspace.run(*command, "--at", "HEAD~1")
    clone = workspace.clone("clone")
    clone.git("checkout", "-q", "--detach", "HEAD~1")
    assert clone.run(*command, "--at", "HEAD") == then


def test_asking_about_the_past_leaves_the_index_where_it_is(workspace):
    gaps(workspace)
    before = workspace.run("cache", "status").out
    gaps(workspace, "--at", "HEAD~1")
    assert workspace.run("cache", "status").out.splitlines()[:3] == before.splitlines()[:3]
