"""New repositories."""

import pytest

from compliance.gitrepo.process.process import Git
from compliance.gitrepo.writing.creation import initialise
from compliance.gitrepo.writing.recording import record
from compliance.problems import Refused


def test_a_new_repository_is_the_same_everywhere(tmp_path, home):
    template = home / "template" / "hooks"
    template.mkdir(parents=True)
    (template / "reference-transaction").write_text("#!/bin/sh\nexit 1\n")
    (home / ".gitconfig").write_text(
        f"[user]\n\tname = A\n\temail = a@example.org\n[init]\n\tdefaultBranch = x\n\ttemplateDir = {home}/template\n"
    )
    place = initialise(tmp_path)
    assert place.commit is None
    assert not (tmp_path / ".git" / "hooks").exists()
    git = Git(place)
    commit = record(git, {"x": b"1"}, "First", expected=None)
    assert git.run("rev-parse", "refs/heads/main").decode().strip() == commit


def test_a_folder_that_cannot_be_one(tmp_path, monkeypatch):
    (tmp_path / ".git").write_text("nonsense")
    with pytest.raises(Refused, match="git init failed"):
        initialise(tmp_path)
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(Refused, match="not installed"):
        initialise(tmp_path)
