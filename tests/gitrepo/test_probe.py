"""Finding the repository, and saying clearly when it cannot be used."""

import os
import subprocess
import sys

import pytest

from compliance.gitrepo.process import probe
from compliance.gitrepo.process.probe import locate
from compliance.problems import Location, Refused


def said(refused):
    problem = refused.value.problems[0]
    return f"{problem.sentence} | {problem.hint}"


def test_a_repository_is_found_from_below(repo):
    folder = repo.top / "deep" / "er"
    folder.mkdir(parents=True)
    place = locate(folder)
    assert (place.top, place.git_dir, place.common_dir) == (repo.top, repo.top / ".git", repo.top / ".git")
    assert (place.commit, place.shallow) == (repo.head, False)


def test_an_unborn_branch_has_no_commit(make):
    assert locate(make().top).commit is None


def test_sha256(make):
    repository = make("work", "--object-format=sha256")
    repository.commit(a=b"x")
    assert locate(repository.top).commit == repository.head
    assert len(repository.head) == 64


def test_a_detached_head_is_read(repo):
    repo.git("checkout", "-q", "--detach")
    assert locate(repo.top).commit == repo.head


def test_a_linked_worktree_shares_its_data(repo, tmp_path):
    repo.git("worktree", "add", "-q", str(tmp_path / "other"))
    place = locate(tmp_path / "other")
    assert place.top == tmp_path / "other"
    assert place.common_dir == repo.top / ".git"
    assert place.git_dir == repo.top / ".git" / "worktrees" / "other"


def test_a_submodule_and_a_separate_git_folder(repo, make, tmp_path):
    outer = make("outer")
    outer.git("-c", "protocol.file.allow=always", "submodule", "--quiet", "add", str(repo.top), "sub")
    assert locate(outer.top / "sub").top == outer.top / "sub"
    apart = make("apart", f"--separate-git-dir={tmp_path / 'data'}")
    assert locate(apart.top).git_dir == tmp_path / "data"


def test_a_shallow_clone(repo, tmp_path):
    repo.commit("Second", a=b"more")
    repo.git("clone", "-q", "--depth=1", f"file://{repo.top}", str(tmp_path / "clone"))
    assert locate(tmp_path / "clone").shallow


def test_odd_names(make):
    top = os.fsdecode("w \t'\"$HOME ~ ü".encode() + b"\xff")
    repository = make(top)
    repository.commit(a=b"x")
    assert locate(repository.top).top == repository.top
    assert repository.open().run("cat-file", "blob", "HEAD:a") == b"x"


def test_a_line_break_in_the_path(make):
    with pytest.raises(Refused, match="line break") as refused:
        locate(make("a\nb").top)
    assert "line break" in said(refused)


def test_no_repository(tmp_path):
    with pytest.raises(Refused, match="is not in a git repository") as refused:
        locate(tmp_path)
    assert "is not in a git repository" in said(refused)
    assert "compliance init" in said(refused)
    with pytest.raises(Refused, match="is not a folder") as refused:
        locate(tmp_path / "nowhere")
    assert "is not a folder" in said(refused)


def test_a_bare_repository_and_gits_own_folder(make):
    bare = make("bare", "--bare")
    with pytest.raises(Refused, match="bare") as refused:
        locate(bare.top)
    assert "bare" in said(refused)
    plain = make("plain")
    with pytest.raises(Refused, match="git's own folder") as refused:
        locate(plain.top / ".git")
    assert "git's own folder" in said(refused)


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() != 0, reason="only root can give a folder away")
def test_a_repository_of_someone_else(repo):
    for path in (repo.top, repo.top / ".git"):
        os.chown(path, 4242, 4242)
    with pytest.raises(Refused, match="belongs to another user") as refused:
        locate(repo.top)
    assert "safe.directory" in said(refused)


def test_a_broken_configuration(repo):
    (repo.top / ".git" / "config").write_text("[core\n")
    with pytest.raises(Refused, match="git's configuration cannot be read"):
        locate(repo.top)


def test_a_damaged_repository(repo):
    (repo.top / ".git" / "HEAD").write_text("nonsense\n")
    with pytest.raises(Refused, match="git cannot read this repository") as refused:
        locate(repo.top)
    assert refused.value.problems[0].location == Location(str(repo.top / ".git"))


def test_no_git(repo, monkeypatch, tmp_path):
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(Refused, match="git is not installed") as refused:
        locate(repo.top)
    assert "git is not installed" in said(refused)


@pytest.mark.parametrize(("version", "good"), [("2.29.9", False), ("2.30.2.windows.1", True), ("1.8.3.1", False)])
def test_an_old_git(repo, monkeypatch, version, good):
    answer = f"--path-format=absolute\nfalse\nfalse\n{repo.top}/.git\n.git\n{repo.top}\n{repo.head}\n"

    def old_git(command, **options):
        text = f"git version {version}\n" if command[-1] == "version" else answer
        return subprocess.CompletedProcess(command, 0, os.fsencode(text), b"")

    monkeypatch.setattr(probe.subprocess, "run", old_git)
    if good:
        assert locate(repo.top).common_dir == repo.top / ".git"
    else:
        with pytest.raises(Refused, match="too old") as refused:
            locate(repo.top)
        assert "too old" in said(refused)


def test_the_probe_is_quick_to_import(repo):
    script = "import sys, compliance.gitrepo.process.probe; print('git' in sys.modules, 'filelock' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert done.stdout == "False False\n"
