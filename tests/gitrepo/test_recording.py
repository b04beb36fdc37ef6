"""Committing: what goes in comes out, others' work stays, and what cannot be right is refused."""

import os
from datetime import datetime, timedelta, timezone

import pytest

from compliance.gitrepo.reading.reading import entries
from compliance.gitrepo.writing import indexing, locking, recording
from compliance.gitrepo.writing.files import place
from compliance.gitrepo.writing.readiness import identity, writable
from compliance.gitrepo.writing.recording import Authorship, Identity, record
from compliance.problems import Location, Refused

ODD = ["a\nb", "t\tb", 'q"q', "b\\s", os.fsdecode(b"\xff\xfe"), "x" * 255, "\u202ebidi", "-f", ":(top)x", "é/ü"]


def tree(repository, commit="HEAD"):
    return {entry.path: entry for entry in entries(repository.open(), repository.git("rev-parse", commit))}


def clean(repository):
    assert repository.git("fsck", "--strict", "--no-dangling") == ""


@pytest.mark.parametrize("form", ["sha1", "sha256"])
def test_round_trip_with_odd_names(make, form, tmp_path):
    repository = make("odd", f"--object-format={form}")
    source = tmp_path / os.fsdecode(b'odd \n "source" \xff')
    source.write_bytes(b"from a file\r\n")
    changes = {f"deep/{name}/{name}": b"%d\r\n" % n for n, name in enumerate(ODD)} | {"evidence/file.pdf": source}
    git = repository.open()
    commit = record(git, changes, "Odd\n\nnames", expected=None)
    assert commit == repository.head
    assert set(tree(repository)) == set(changes)
    for path, content in changes.items():
        expected = content if isinstance(content, bytes) else b"from a file\r\n"
        assert git.run("cat-file", "blob", tree(repository)[path].oid) == expected
    clean(repository)
    for path, content in changes.items():
        repository.write(path, content if isinstance(content, bytes) else b"from a file\r\n")
    assert repository.git("status", "--porcelain") == ""
    assert "compliance: Odd" in repository.git("reflog", "-1")
    second = record(git, dict.fromkeys(changes), "All gone", expected=commit)
    assert tree(repository) == {}
    assert repository.git("rev-parse", f"{second}^") == commit
    assert repository.git("ls-files") == ""
    clean(repository)


def test_no_filter_changes_the_bytes(repo):
    (repo.top / ".gitattributes").write_text("* text=auto eol=lf ident working-tree-encoding=UTF-16\n")
    repo.git("config", "core.autocrlf", "true")
    record(repo.open(), {"x": b"a\r\n$Id$\n"}, "Exact", expected=None)
    assert repo.open().run("cat-file", "blob", "HEAD:x") == b"a\r\n$Id$\n"


def test_only_the_named_paths_change(repo):
    repo.write("run", b"#!").chmod(0o755)
    repo.commit(**{"d/e/f": b"1", "d/g": b"2"})
    before = tree(repo)
    record(repo.open(), {"d/e/new": b"3", "run": b"#!/bin/sh"}, "Add", expected=repo.head)
    after = tree(repo)
    assert set(after) == {*before, "d/e/new"}
    assert after["run"].mode == "100755"
    assert all(after[path] == before[path] for path in before if path != "run")


def test_work_that_the_user_staged_is_left_alone(repo):
    repo.write("staged", b"mine")
    repo.git("add", "staged")
    repo.write("a", b"edited and staged")
    repo.git("add", "a")
    repo.git("rm", "-q", "--cached", "b")
    repo.write("new", b"ours")
    record(repo.open(), {"new": b"ours"}, "Add", expected=None)
    assert set(tree(repo)) == {"a", "b", "new"}
    assert repo.git("status", "--porcelain").splitlines() == ["M  a", "D  b", "A  staged", "?? b"]


def test_an_index_that_is_locked_is_left_alone(repo, monkeypatch):
    monkeypatch.setattr(indexing, "PAUSE", 0)
    (repo.top / ".git" / "index.lock").touch()
    commit = record(repo.open(), {"new file": b"x"}, "Add", expected=None)
    assert commit == repo.head
    assert (repo.top / ".git" / "index.lock").read_bytes() == b""
    (repo.top / ".git" / "index.lock").unlink()
    assert repo.git("ls-files").splitlines() == ["a", "b"]


def test_a_file_and_a_folder_at_once(repo):
    repo.commit(**{"d/e": b"1"})
    git = repo.open()
    for changes in (
        {"a/b": b"x"},
        {"d": b"x"},
        {"x": b"1", "x/y/z": b"2"},
        {"d/e/f/g": b"x"},
        {"d": b"x", "d/f": None},
    ):
        with pytest.raises(Refused, match="a file and a folder"):
            record(git, changes, "No", expected=None)
    with pytest.raises(Refused, match="this is a folder"):
        record(git, {"d": None}, "No", expected=None)
    record(git, {"a": None, "a/b": b"x", "d": b"x", "d/e": None}, "Swap", expected=None)
    assert set(tree(repo)) == {"a/b", "b", "d"}
    record(git, {"b/none": None, "b": b"changed"}, "A removal that removes nothing", expected=None)
    assert repo.git("show", "HEAD:b") == "changed"
    clean(repo)
    assert repo.git("ls-files").splitlines() == ["a/b", "b", "d"]


def test_links_and_submodules_are_not_replaced(repo):
    (repo.top / "link").symlink_to("a")
    repo.git("add", "link")
    repo.git("update-index", "--add", "--cacheinfo", f"160000,{repo.head},sub")
    repo.git("commit", "-q", "-m", "Odd things")
    for path in ("link", "sub"):
        with pytest.raises(Refused, match="in the last commit"):
            record(repo.open(), {path: b"x"}, "No", expected=None)
    with pytest.raises(Refused, match="file and a folder"):
        record(repo.open(), {"link/x": b"x"}, "No", expected=None)
    record(repo.open(), {"link": None, "x": b"1"}, "Remove", expected=None)
    assert tree(repo)["sub"].mode == "160000"


@pytest.mark.parametrize(
    "path",
    ["", "/etc/x", "a//b", "../x", "a/./b", "a/", ".git/config", "x/.GIT/y", ".git ./y", "git~1/x", ".g\u200cit/x",
     ".git::$INDEX_ALLOCATION/x", "nul\0"],
)  # fmt: skip
def test_paths_that_may_not_be_written(repo, path):
    with pytest.raises(Refused, match="path"):
        record(repo.open(), {path: b"x"}, "No", expected=None)
    with pytest.raises(Refused, match="path"):
        place(repo.top, path, b"x")


def test_sources_that_are_no_regular_files(repo, tmp_path):
    (tmp_path / "link").symlink_to(repo.top / "a")
    os.mkfifo(tmp_path / "pipe")
    for name, why in (("link", "symbolic link"), ("pipe", "special file"), (".", "folder"), ("none", "cannot be read")):
        with pytest.raises(Refused, match=why):
            record(repo.open(), {"x": tmp_path / name}, "No", expected=None)


def test_nothing_to_commit(repo):
    git = repo.open()
    with pytest.raises(Refused, match="nothing to commit"):
        record(git, {"a": b"one\n", "none": None}, "No", expected=None)


def test_what_was_expected(repo):
    git, old = repo.open(), repo.head
    repo.commit(a=b"someone else\n")
    with pytest.raises(Refused, match="changed this file meanwhile"):
        record(git, {"a": b"mine"}, "No", expected=old)
    commit = record(git, {"b": b"mine"}, "Another file", expected=old)
    assert repo.git("show", f"{commit}:a") == "someone else"
    with pytest.raises(Refused, match="is missing"):
        record(git, {"b": b"x"}, "No", expected="1" * 40)


def test_a_branch_that_moves_while_we_commit(repo, monkeypatch):
    monkeypatch.setattr(recording, "_PAUSE", 0)
    git = repo.open()
    converse, moves = git.converse, iter(["other", "another"])

    def moving(*args):
        if args[0] == "update-ref" and (name := next(moves, None)):
            repo.commit(name, **{name: b"x"})
        return converse(*args)

    monkeypatch.setattr(git, "converse", moving)
    record(git, {"new": b"x"}, "Ours", expected=repo.head)
    assert repo.git("log", "--format=%s").splitlines() == ["Ours", "another", "other", "First"]
    assert set(tree(repo)) == {"a", "b", "new", "other", "another"}
    moves = iter(["clash"])
    with pytest.raises(Refused, match="changed this file meanwhile"):
        record(git, {"clash": b"ours"}, "Ours", expected=None)
    moves = iter(f"m{n}" for n in range(100))
    with pytest.raises(Refused, match="kept committing"):
        record(git, {"late": b"ours"}, "Ours", expected=None)
    clean(repo)


def test_a_branch_that_is_born_meanwhile(make, monkeypatch):
    repository = make()
    git = repository.open()
    converse, moves = git.converse, iter(["first"])

    def moving(*args):
        if args[0] == "update-ref" and (name := next(moves, None)):
            repository.commit(name, **{name: b"x"})
        return converse(*args)

    monkeypatch.setattr(git, "converse", moving)
    record(git, {"new": b"x"}, "Ours", expected=None)
    assert repository.git("log", "--format=%s").splitlines() == ["Ours", "first"]


def test_a_branch_that_cannot_be_moved(repo, monkeypatch):
    monkeypatch.setattr(recording, "_PAUSE", 0)
    (repo.top / ".git/refs/heads/main.lock").touch()
    with pytest.raises(Refused, match="git update-ref failed") as refused:
        record(repo.open(), {"x": b"1"}, "No", expected=None)
    assert refused.value.problems[0].location == Location(str(repo.top / ".git/refs/heads/main.lock"))
    assert "Another git process" in refused.value.problems[0].hint


@pytest.mark.parametrize(
    ("sign", "words"),
    [
        ("MERGE_HEAD", "a merge"),
        ("CHERRY_PICK_HEAD", "a cherry-pick"),
        ("REVERT_HEAD", "a revert"),
        ("rebase-merge", "a rebase"),
    ],
)
def test_unfinished_work(repo, sign, words):
    (repo.top / ".git" / sign).write_text(repo.head + "\n")
    for refusing in (writable, lambda git: record(git, {"x": b""}, "No", expected=None)):
        with pytest.raises(Refused, match=f"{words} is in progress"):
            refusing(repo.open())


def test_a_real_merge_and_a_detached_head(repo):
    repo.git("switch", "-q", "-c", "side")
    repo.commit("Side", a=b"side")
    repo.git("switch", "-q", "main")
    repo.commit("Main", a=b"main")
    repo.git("merge", "-q", "side", check=False)
    with pytest.raises(Refused, match="a merge is in progress"):
        writable(repo.open())
    repo.git("merge", "--abort")
    writable(repo.open())
    repo.git("checkout", "-q", "--detach")
    with pytest.raises(Refused, match="detached HEAD"):
        writable(repo.open())


def test_no_identity_is_guessed(repo, home):
    (home / ".gitconfig").write_text("")
    for refusing in (identity, writable, lambda git: record(git, {"x": b""}, "No", expected=None)):
        with pytest.raises(Refused, match="does not know who you are"):
            refusing(repo.open())
    os.environ.update(GIT_COMMITTER_NAME="B", GIT_COMMITTER_EMAIL="b@example.org")
    with pytest.raises(Refused, match="does not know who you are"):
        identity(repo.open())
    os.environ.update(GIT_AUTHOR_NAME="C", GIT_AUTHOR_EMAIL="c@example.org")
    assert identity(repo.open()) == Identity("B", "b@example.org")
    record(repo.open(), {"x": b""}, "Yes", expected=None)
    assert repo.git("log", "-1", "--format=%an %ae %cn %ce") == "C c@example.org B b@example.org"
    os.environ["GIT_COMMITTER_NAME"] = ""
    with pytest.raises(Refused, match="does not know who you are"):
        identity(repo.open())


def test_identity_of_the_repository(repo):
    repo.git("config", "user.email", "here@example.org")
    assert str(identity(repo.open())) == "A. Officer <here@example.org>"


def test_an_author_and_a_time_of_ones_own(make, home):
    (home / ".gitconfig").write_text("[commit]\n\tgpgSign = true\n[init]\n\tdefaultBranch = main\n")
    made = []
    for name in ("one", "two"):
        repository = make(name)
        when = datetime(2026, 5, 4, 3, 2, 1, tzinfo=timezone(timedelta(hours=1)))
        authorship = Authorship(Identity("D", "d@x"), when)
        made.append(record(repository.open(), {"x": b"1"}, "Demo", expected=None, authorship=authorship))
        assert repository.git("log", "-1", "--format=%an <%ae> %aI %cn <%ce> %cI") == (
            "D <d@x> 2026-05-04T03:02:01+01:00 D <d@x> 2026-05-04T03:02:01+01:00"
        )
    assert made[0] == made[1]


def test_messages(repo):
    git = repo.open()
    commit = record(git, {"x": b"1"}, os.fsdecode("Füge \u202e hinzu ".encode() + b"\xff\n\nBody\n\n"), expected=None)
    assert git.run("cat-file", "commit", commit).endswith("Füge \u202e hinzu \\udcff\n\nBody\n".encode())


def test_a_linked_worktree_and_a_shallow_clone(repo, tmp_path):
    repo.git("worktree", "add", "-q", "-b", "other", str(tmp_path / "other"))
    other = type(repo)(tmp_path / "other")
    commit = record(other.open(), {"x": b"1"}, "There", expected=None)
    assert other.git("rev-parse", "other") == commit
    assert repo.head != commit
    other.write("x", b"1")
    assert other.git("status", "--porcelain") == ""
    (tmp_path / "other" / ".git").read_text()
    (repo.top / ".git/worktrees/other/MERGE_HEAD").write_text(commit)
    with pytest.raises(Refused, match="merge"):
        writable(other.open())
    writable(repo.open())
    repo.commit("Second", a=b"2")
    repo.git("clone", "-q", "--depth=1", f"file://{repo.top}", str(tmp_path / "clone"))
    clone = type(repo)(tmp_path / "clone")
    record(clone.open(), {"x": b"1"}, "In a shallow clone", expected=None)
    clean(clone)


def test_a_branch_with_folders_in_its_name(repo):
    repo.git("switch", "-q", "-c", "team/ict/work")
    repo.git("pack-refs", "--all")
    commit = record(repo.open(), {"x": b"1"}, "Add", expected=None)
    assert repo.git("rev-parse", "team/ict/work") == commit


def test_a_lock_that_is_held(repo, monkeypatch):
    from filelock import FileLock

    monkeypatch.setattr(locking, "LOCK_SECONDS", 0.1)
    with FileLock(repo.top / ".git" / "compliance.lock"), pytest.raises(Refused, match="another compliance command"):
        record(repo.open(), {"x": b"1"}, "No", expected=None)
    record(repo.open(), {"x": b"1"}, "Yes", expected=None)


def test_a_lock_that_cannot_be_taken(repo, tmp_path):
    lock = repo.top / ".git" / "compliance.lock"
    lock.unlink(missing_ok=True)
    lock.symlink_to(tmp_path / "elsewhere")
    with pytest.raises(Refused, match="lock cannot be taken"):
        record(repo.open(), {"x": b"1"}, "No", expected=None)
    assert not (tmp_path / "elsewhere").exists()


def test_nothing_is_left_in_the_git_folder(repo):
    record(repo.open(), {"x": b"1", "y": b"2"}, "Add", expected=None)
    assert not list((repo.top / ".git").glob("compliance-*"))
