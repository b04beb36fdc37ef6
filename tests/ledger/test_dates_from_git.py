"""`date: git`: since when the committed bytes have been present, unbroken, along first parents."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from compliance.domain.ledger.ledger import Ledger
from compliance.ledger.opening import open_ledger, open_workspace

from ..builders.workspaces import CONFIGURATION, Workspace, begin_workspace, described

RULES = """\
rules:
  - {match: "**", kind: configuration, date: git, controls: [acme:A.2]}
  - {match: "lists/**", kind: register, first: counts, date: git, controls: [acme:A.3]}
"""
FIREWALL = "evidence/firewall.txt"
IMPORTED = "it came in on {} and has not changed since: an import makes nothing fresh"


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    made = begin_workspace(tmp_path / "work", **{"evidence/map.yaml": RULES})
    made.put({FIREWALL: "allow 443\n"}, "2026-01-05")
    return made


def dated(workspace: Workspace, path: str = FIREWALL) -> date | str:
    """The date, or why there is none; the same from the index and from git alone."""
    piece = workspace.evidence(path)
    alone = next(item for item in from_git_alone(workspace).evidence if item.path == path)
    assert piece == alone
    return piece.date or piece.undated


def from_git_alone(workspace: Workspace) -> Ledger:
    (workspace.top / ".compliance").rename(workspace.top / "aside")
    (workspace.top / ".compliance").write_text("no folder")
    try:
        opened = open_workspace(workspace.top)
        assert opened.cache is None
        return open_ledger(opened)
    finally:
        workspace.remove(".compliance")
        (workspace.top / "aside").rename(workspace.top / ".compliance")


def test_an_import_makes_nothing_fresh(workspace):
    assert dated(workspace) == IMPORTED.format("2026-01-05")


def test_an_import_counts_where_the_rule_says_so(workspace):
    workspace.put({"evidence/lists/assets.csv": "laptop,1\n"}, "2026-01-08")
    assert dated(workspace, "evidence/lists/assets.csv") == date(2026, 1, 8)


def test_a_change_dates_it(workspace):
    workspace.put({FIREWALL: "allow 443\nallow 22\n"}, "2026-01-20")
    assert dated(workspace) == date(2026, 1, 20)
    workspace.commit("2026-02-01", "Nothing to do with it", other="x")
    assert dated(workspace) == date(2026, 1, 20)


def test_a_rename_keeps_the_date(workspace):
    workspace.put({FIREWALL: "allow 22\n"}, "2026-01-20")
    workspace.write("evidence/edge/core.txt", "allow 22\n")
    workspace.remove(FIREWALL)
    workspace.commit("2026-02-10")
    assert dated(workspace, "evidence/edge/core.txt") == date(2026, 1, 20)


def test_a_rename_does_not_turn_an_import_into_a_change(workspace):
    workspace.write("evidence/core.txt", "allow 443\n")
    workspace.remove(FIREWALL)
    workspace.commit("2026-02-10")
    assert dated(workspace, "evidence/core.txt") == IMPORTED.format("2026-01-05")


def test_old_bytes_that_come_back_begin_anew(workspace):
    workspace.put({FIREWALL: "allow 22\n"}, "2026-01-20")
    workspace.put({FIREWALL: "allow 443\n"}, "2026-02-10")
    assert dated(workspace) == date(2026, 2, 10)


def test_bytes_that_went_and_came_again_as_a_new_file_are_an_import(workspace):
    workspace.put({FIREWALL: "allow 22\n"}, "2026-01-20")
    workspace.remove(FIREWALL)
    workspace.commit("2026-01-25")
    workspace.put({FIREWALL: "allow 22\n"}, "2026-02-10")
    assert dated(workspace) == IMPORTED.format("2026-02-10")


def test_bytes_count_from_when_they_were_first_there_at_any_path(workspace):
    workspace.put({FIREWALL: "allow 22\n"}, "2026-01-20")
    workspace.put({"evidence/copy.txt": "allow 22\n", "evidence/other.txt": "deny\n"}, "2026-01-25")
    workspace.put({"evidence/other.txt": "allow 22\n"}, "2026-02-10")
    workspace.remove(FIREWALL)
    workspace.commit("2026-02-15")
    assert dated(workspace, "evidence/other.txt") == date(2026, 1, 20)
    assert dated(workspace, "evidence/copy.txt") == date(2026, 1, 20)


def test_a_place_outside_the_folders_of_evidence_counts_too(workspace):
    workspace.put({"network/firewall.txt": "deny\n"}, "2026-01-10")
    workspace.put({"network/firewall.txt": "deny all\n"}, "2026-01-12")
    workspace.put({FIREWALL: "deny all\n"}, "2026-02-10")
    assert dated(workspace) == date(2026, 1, 12)


def test_a_mode_is_no_change(workspace):
    workspace.put({FIREWALL: "allow 22\n"}, "2026-01-20")
    (workspace.top / FIREWALL).chmod(0o755)
    workspace.commit("2026-02-10")
    assert dated(workspace) == date(2026, 1, 20)


def test_a_merge_counts_by_what_it_brought_to_the_first_parent(workspace):
    workspace.git("checkout", "-q", "-b", "side")
    workspace.put({FIREWALL: "allow 22\n"}, "2026-01-10")
    workspace.git("checkout", "-q", "main")
    workspace.commit("2026-01-12", "On main", other="x")
    assert dated(workspace) == IMPORTED.format("2026-01-05")
    workspace.git("merge", "-q", "--no-ff", "-m", "Merge", "side", when="2026-02-03")
    assert dated(workspace) == date(2026, 2, 3)


def test_what_happened_on_a_merged_branch_alone_interrupts_nothing(workspace):
    workspace.put({FIREWALL: "allow 22\n"}, "2026-01-08")
    workspace.git("checkout", "-q", "-b", "side")
    workspace.put({FIREWALL: "deny\n"}, "2026-01-10")
    workspace.put({FIREWALL: "allow 22\n"}, "2026-01-11")
    workspace.git("checkout", "-q", "main")
    workspace.commit("2026-01-12", "On main", other="x")
    workspace.git("merge", "-q", "--no-ff", "-m", "Merge", "side", when="2026-02-03")
    assert dated(workspace) == date(2026, 1, 8)


def test_the_line_that_counts_is_the_one_that_was_merged_into(workspace):
    workspace.git("checkout", "-q", "-b", "side")
    workspace.put({FIREWALL: "allow 22\n"}, "2026-01-10")
    workspace.git("checkout", "-q", "main")
    workspace.commit("2026-01-12", "On main", other="x")
    workspace.git("checkout", "-q", "side")
    workspace.git("merge", "-q", "--no-ff", "-m", "Merge main", "main", when="2026-02-03")
    assert dated(workspace) == date(2026, 1, 10)


def test_an_index_that_stood_on_another_branch_is_not_carried_on(workspace):
    workspace.git("checkout", "-q", "-b", "side")
    workspace.put({FIREWALL: "allow 22\n"}, "2026-01-10")
    assert dated(workspace) == date(2026, 1, 10)
    workspace.git("checkout", "-q", "main")
    workspace.put({FIREWALL: "allow 22\n"}, "2026-01-15")
    assert dated(workspace) == date(2026, 1, 15)
    workspace.git("merge", "-q", "--no-ff", "-m", "Merge", "side", when="2026-02-03")
    assert dated(workspace) == date(2026, 1, 15)


def test_the_day_is_the_committers_in_the_zone_of_the_workspace(workspace):
    assert dated(workspace) == IMPORTED.format("2026-01-05")
    zone = CONFIGURATION.replace("Europe/London", "Pacific/Kiritimati")  # fourteen hours ahead: noon is tomorrow
    workspace.put({"compliance.toml": zone, FIREWALL: "allow 22\n"}, "2026-01-20")
    assert dated(workspace) == date(2026, 1, 21)
    workspace.put({"compliance.toml": CONFIGURATION}, "2026-01-25")
    assert dated(workspace) == date(2026, 1, 20)


def test_a_shallow_clone_does_not_guess(workspace):
    workspace.put({FIREWALL: "allow 22\n"}, "2026-01-20")
    shallow = workspace.clone("shallow", "--depth", "1")
    assert shallow.evidence(FIREWALL).undated == "its history is not to be seen here"
    refused = shallow.run("gaps", "--at", "2026-01-25")
    assert (refused.code, refused.out) == (2, "")
    assert "git fetch --unshallow" in refused.err
    shallow.git("fetch", "-q", "--unshallow")
    shallow.run("cache", "rebuild")
    assert shallow.evidence(FIREWALL).date == date(2026, 1, 20)


def test_a_clone_that_is_completed_forgets_what_it_could_not_see(workspace):
    workspace.put({FIREWALL: "allow 22\n"}, "2026-01-20")
    shallow = workspace.clone("shallow", "--depth", "1")
    assert shallow.evidence(FIREWALL).date is None
    shallow.git("fetch", "-q", "--unshallow")
    assert shallow.evidence(FIREWALL).date == date(2026, 1, 20)


@pytest.mark.parametrize("kind", ["policy", "scan", "screenshot"])
def test_other_kinds_refuse_a_date_from_git(workspace, kind):
    workspace.put({"evidence/map.yaml": RULES.replace("configuration", kind), FIREWALL: "allow 22\n"}, "2026-01-20")
    assert dated(workspace) == "a date from git is taken for configurations and registers only"


def test_a_kind_from_the_record_decides_and_not_that_of_the_rule(workspace):
    record = described("E-7K2M9QXT", kind="policy", title="Rules")
    workspace.put({f"{FIREWALL}.evidence.yaml": record, FIREWALL: "allow 22\n"}, "2026-01-20")
    assert dated(workspace) == "a date from git is taken for configurations and registers only"
    workspace.put({f"{FIREWALL}.evidence.yaml": record.replace("policy", "register")}, "2026-01-25")
    assert dated(workspace) == date(2026, 1, 20)


def test_a_gap_says_why_it_has_no_date(workspace):
    said = workspace.run("gaps", "--on", "2026-02-01", "--explain", "acme:A.2").out
    assert "undated" in said
    assert "an import makes nothing fresh" in " ".join(said.split())
