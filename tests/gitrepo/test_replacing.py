"""Files given new contents: never over uncommitted work, never through a link."""

import errno

import pytest

from compliance.gitrepo.writing import replacing
from compliance.gitrepo.writing.replacing import replace
from compliance.problems import Refused


def test_replacing(repo):
    (repo.top / "a").chmod(0o755)
    replace(repo.top, "a", b"new\n", b"one\n")
    replace(repo.top, "a", b"new\n", b"one\n")
    assert (repo.top / "a").read_bytes() == b"new\n"
    assert (repo.top / "a").stat().st_mode & 0o777 == 0o755
    replace(repo.top, "d/fresh", b"x", None)
    replace(repo.top, "d/gone", b"x", b"y")
    assert (repo.top / "d/gone").read_bytes() == b"x"


def test_line_ends_that_git_converted_are_no_change(repo):
    repo.write("a", b"one\r\n")
    replace(repo.top, "a", b"new\n", b"one\n")
    assert (repo.top / "a").read_bytes() == b"new\n"


def test_uncommitted_work_is_kept(repo):
    repo.write("a", b"mine\n")
    with pytest.raises(Refused, match="not committed"):
        replace(repo.top, "a", b"new\n", b"one\n")
    assert (repo.top / "a").read_bytes() == b"mine\n"


def test_a_link_is_not_followed(repo, tmp_path):
    (tmp_path / "outside").mkdir()
    (tmp_path / "outside" / "x").write_bytes(b"1")
    (repo.top / "d").symlink_to(tmp_path / "outside")
    (repo.top / "link").symlink_to(tmp_path / "outside" / "x")
    for path, sentence in (("d/x", "not a folder of the workspace"), ("link", "link")):
        with pytest.raises(Refused, match=sentence):
            replace(repo.top, path, b"2", b"1")
    assert (tmp_path / "outside" / "x").read_bytes() == b"1"


def test_a_full_disk(repo, monkeypatch):
    def full(_):
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(replacing.os, "fsync", full)
    with pytest.raises(Refused, match="the disk is full"):
        replace(repo.top, "a", b"new\n", b"one\n")
    assert (repo.top / "a").read_bytes() == b"one\n"
    assert sorted(path.name for path in repo.top.iterdir()) == [".git", "a", "b"]
