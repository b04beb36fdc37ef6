"""What is not committed, and what git was told not to see."""

import pytest

from compliance.gitrepo.writing.recording import record
from compliance.gitrepo.writing.worktree import HiddenFlag, hidden_flags, uncommitted
from compliance.problems import Refused


def states(repository, *paths):
    return {found.path: found.state for found in uncommitted(repository.open(), paths)}


def test_every_state(repo):
    repo.commit(**{"d/gone": b"1", "d/staged": b"2", "d/removed": b"3", "both": b"4"})
    assert states(repo) == {}
    repo.write("a", b"edited")
    (repo.top / "d/gone").unlink()
    repo.write("d/staged", b"edited")
    repo.git("add", "d/staged")
    repo.git("rm", "-q", "d/removed")
    repo.write("both", b"staged")
    repo.git("add", "both")
    repo.write("both", b"and edited")
    repo.write("new/deep\n/\u202e", b"x")
    repo.git("mv", "b", "moved")
    assert states(repo) == {
        "a": "modified",
        "b": "staged",
        "moved": "staged",
        "both": "modified",
        "d/gone": "deleted",
        "d/removed": "staged",
        "d/staged": "staged",
        "new/deep\n/\u202e": "untracked",
    }
    assert states(repo, "d", "a") == {
        "a": "modified",
        "d/gone": "deleted",
        "d/removed": "staged",
        "d/staged": "staged",
    }


def test_conflicts(repo):
    repo.git("switch", "-q", "-c", "side")
    repo.commit("Side", a=b"side")
    repo.git("switch", "-q", "main")
    repo.commit("Main", a=b"main")
    repo.git("merge", "-q", "side", check=False)
    assert states(repo) == {"a": "conflicted"}


def test_before_the_first_commit(make):
    repository = make()
    repository.write("x", b"1")
    assert states(repository) == {"x": "untracked"}


def test_a_file_that_became_a_link(repo):
    (repo.top / "a").unlink()
    (repo.top / "a").symlink_to("b")
    assert states(repo) == {"a": "modified"}


def test_a_nested_repository_is_named_as_a_folder(repo, make):
    inner = make("work/inner")
    inner.commit(x=b"1")
    assert states(repo) == {"inner/": "untracked"}


@pytest.mark.parametrize("attributes", ["* text eol=crlf", "* text=auto", "* ident"])
def test_bytes_recorded_as_they_are_count_as_committed(repo, attributes):
    repo.commit(**{".gitattributes": attributes.encode() + b"\n"})
    content = b"line\r\n$Id: x$\r\n"
    repo.write("report.txt", content)
    record(repo.open(), {"report.txt": content}, "Add", expected=None)
    assert states(repo) == {}
    repo.write("report.txt", content + b"more\r\n")
    assert states(repo) == {"report.txt": "modified"}
    repo.git("add", "report.txt")
    repo.write("report.txt", b"again\r\n")
    assert states(repo) == {"report.txt": "modified"}


def test_staged_and_converted_is_staged(repo):
    repo.write("x", b"a\r\n")
    repo.git("add", "x")
    repo.commit(**{".gitattributes": b"* text=auto\n"})
    repo.git("config", "core.autocrlf", "false")
    oid = repo.open().run("hash-object", "-w", "--no-filters", "--stdin", stdin=b"b\r\n").decode().strip()
    repo.write("x", b"b\r\n")
    repo.write(".gitattributes", b"* text\n")
    repo.commit()
    repo.git("update-index", "--cacheinfo", f"100644,{oid},x")
    assert states(repo) == {"x": "staged"}


def test_looking_changes_nothing(repo):
    index = repo.top / ".git" / "index"
    (repo.top / "a").touch()
    before = index.read_bytes()
    assert states(repo) == {}
    assert index.read_bytes() == before


def test_hidden_flags(repo):
    repo.git("update-index", "--assume-unchanged", "a")
    repo.git("update-index", "--skip-worktree", "b")
    repo.write("a", b"hidden")
    assert states(repo) == {}
    assert hidden_flags(repo.open()) == [HiddenFlag("a", "assume-unchanged"), HiddenFlag("b", "skip-worktree")]
    repo.git("update-index", "--skip-worktree", "a")
    assert HiddenFlag("a", "skip-worktree") in hidden_flags(repo.open())


def test_a_filter_that_cannot_be_switched_off(repo):
    repo.git("config", "filter.a=b.clean", "cat")
    with pytest.raises(Refused, match="cannot be switched off"):
        states(repo)
