"""`compliance cache`: where it is, how far it has come, and making it anew; the old word still answers."""

from __future__ import annotations

import shutil


def test_says_where_it_is_and_at_which_commit(workspace):
    workspace.run("gaps")
    lines = workspace.run("cache", "status").out.splitlines()
    assert [line.partition(":")[0] for line in lines] == ["cache", "at", "files", "readings"]
    assert lines[1] == f"at:       {workspace.head} (the last commit)"


def test_is_made_anew_from_git(workspace):
    assert workspace.run("cache", "rebuild").out == f"Rebuilt: 0 pieces of evidence at {workspace.head[:10]}\n"


def test_nothing_is_lost_with_it(workspace):
    before = workspace.run("gaps").out
    shutil.rmtree(workspace.top / ".compliance")
    assert workspace.run("gaps").out == before


def test_the_old_word_answers_and_help_does_not_name_it(workspace):
    assert workspace.run("index", "rebuild").out == workspace.run("cache", "rebuild").out
    listed = [line.split()[0] for line in workspace.run("--help").out.splitlines() if line.startswith("  ")]
    assert "cache" in listed
    assert "index" not in listed


def test_doctor_says_how_it_stands(workspace):
    workspace.run("gaps")
    states = {line["topic"]: line["says"] for line in workspace.run("doctor", "--json").json["findings"]}
    assert states["cache"] == "up to date"
