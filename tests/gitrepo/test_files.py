"""Placing files: whole or not at all, never over another, never through a link."""

import errno
import hashlib
import os

import pytest

from compliance.gitrepo.writing import files
from compliance.gitrepo.writing.files import Placed, place
from compliance.problems import Refused

HELLO = Placed(hashlib.sha256(b"hello").hexdigest(), 5)


def left(top):
    return sorted(path.relative_to(top).as_posix() for path in top.rglob("*") if ".git/" not in f"{path}/")


def test_placing(repo, tmp_path):
    source = tmp_path / "source"
    source.write_bytes(b"hello")
    assert place(repo.top, "evidence/2026/x.pdf", source) == HELLO
    assert place(repo.top, "evidence/2026/x.pdf", b"hello") == HELLO
    assert (repo.top / "evidence/2026/x.pdf").read_bytes() == b"hello"
    assert place(repo.top, "evidence/2026/x.pdf", repo.top / "evidence/2026/x.pdf") == HELLO
    assert left(repo.top) == ["a", "b", "evidence", "evidence/2026", "evidence/2026/x.pdf"]


@pytest.mark.parametrize("name", ["x" * 255, "a\nb", os.fsdecode(b"\xff"), "\u202e"])
def test_odd_names(repo, name):
    place(repo.top, f"d/{name}", b"x")
    assert [file.name for file in (repo.top / "d").iterdir()] == [name]


def test_another_file_is_never_overwritten(repo):
    with pytest.raises(Refused, match="a different file"):
        place(repo.top, "a", b"hello")
    (repo.top / "link").symlink_to("a")
    with pytest.raises(Refused, match="a different file"):
        place(repo.top, "link", b"one\n")
    (repo.top / "folder").mkdir()
    with pytest.raises(Refused, match="a different file"):
        place(repo.top, "folder", b"hello")
    assert (repo.top / "a").read_bytes() == b"one\n"
    assert left(repo.top) == ["a", "b", "folder", "link"]


def test_links_and_other_repositories_on_the_way(repo, tmp_path, make):
    (tmp_path / "outside").mkdir()
    (repo.top / "link").symlink_to(tmp_path / "outside")
    for path in ("link/x", "link/deep/x", "a/x"):
        with pytest.raises(Refused, match="not a folder of the workspace"):
            place(repo.top, path, b"x")
    make("work/nested")
    with pytest.raises(Refused, match="another git repository"):
        place(repo.top, "nested/x", b"x")
    assert left(tmp_path / "outside") == []


@pytest.mark.parametrize(
    ("code", "reason"),
    [
        (errno.ENOSPC, "the disk is full"),
        (errno.EIO, "the disk reports a fault"),
        (errno.EDQUOT, "your share of the disk is full"),
        (errno.EPROTO, "the system refuses it (EPROTO)"),
        (None, "the system refuses it"),
    ],
)
def test_a_disk_that_does_not_take_it(repo, monkeypatch, code, reason):
    def fails(_):
        raise OSError(code, "words of the system")

    monkeypatch.setattr(files.os, "fsync", fails)
    with pytest.raises(Refused, match="could not be written") as refused:
        place(repo.top, "x", b"hello")
    assert str(refused.value) == f"the file could not be written: {reason}"
    assert left(repo.top) == ["a", "b"]


def test_an_interrupt(repo, monkeypatch):
    def interrupted(_):
        raise KeyboardInterrupt("by the user")

    monkeypatch.setattr(files.os, "fsync", interrupted)
    with pytest.raises(KeyboardInterrupt, match="by the user"):
        place(repo.top, "x", b"hello")
    assert left(repo.top) == ["a", "b"]


def test_a_file_system_without_hard_links(repo, monkeypatch):
    def unsupported(*_):
        raise PermissionError(errno.EPERM, "Operation not permitted")

    monkeypatch.setattr(files.os, "link", unsupported)
    assert place(repo.top, "x", b"hello") == HELLO
    assert place(repo.top, "x", b"hello") == HELLO
    with pytest.raises(Refused, match="a different file"):
        place(repo.top, "x", b"other")
    assert left(repo.top) == ["a", "b", "x"]


def test_a_name_that_is_too_long(repo):
    with pytest.raises(Refused, match="could not be written"):
        place(repo.top, "x" * 256, b"hello")
    assert left(repo.top) == ["a", "b"]


def test_a_source_that_is_not_there(repo, tmp_path):
    with pytest.raises(Refused, match="cannot be read"):
        place(repo.top, "x", tmp_path / "none")
    (tmp_path / "link").symlink_to(repo.top / "a")
    with pytest.raises(Refused, match="symbolic link"):
        place(repo.top, "x", tmp_path / "link")
    assert left(repo.top) == ["a", "b"]
