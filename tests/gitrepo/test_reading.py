"""Reading commits: every file, every byte, every odd name."""

import os

import pytest

from compliance.gitrepo.reading.reading import TreeChange, TreeEntry, blobs, changed, entries, open_blobs, resolve
from compliance.problems import Refused

ODD = [
    "line\nbreak",
    "tab\there",
    'quote"d',
    "back\\slash",
    " space ",
    ":(glob)*",
    "-dash",
    "*.txt",
    os.fsdecode(b"latin-\xe9\xff"),
    "x" * 255,
    "bidi-\u202egnp.exe",
    "ünïcode-日本",
]


@pytest.fixture(params=["sha1", "sha256"])
def odd(request, make):
    repository = make("odd", f"--object-format={request.param}")
    for number, name in enumerate(ODD):
        repository.write(f"{name}/{name}", b"%d" % number)
    repository.commit("Odd names")
    return repository


def test_odd_names_come_back(odd):
    git = odd.open()
    found = {entry.path: entry for entry in entries(git, odd.head)}
    assert set(found) == {f"{name}/{name}" for name in ODD}
    contents = dict(blobs(git, [entry.oid for entry in found.values()]))
    for number, name in enumerate(ODD):
        entry = found[f"{name}/{name}"]
        assert (contents[entry.oid], entry.size, entry.mode) == (b"%d" % number, len(str(number)), "100644")
        assert [e.path for e in entries(git, odd.head, [name])] == [entry.path]
        assert [e.path for e in entries(git, odd.head, [f"{name}/"])] == [entry.path]


def test_paths_choose_files_and_folders(make):
    repository = make()
    repository.commit(**{"a/b": b"1", "a/bc/d": b"2", "a/c": b"3", "z": b"4"})
    git, head = repository.open(), repository.head
    assert [entry.path for entry in entries(git, head, ["a/b", "z", "none"])] == ["a/b", "z"]
    assert [entry.path for entry in entries(git, head, ["a/bc"])] == ["a/bc/d"]
    many = [f"none/{n:0200}" for n in range(400)] + ["a/bc/", "z"]
    assert [entry.path for entry in entries(git, head, many)] == ["a/bc/d", "z"]
    assert [entry.path for entry in entries(git, head, many[:400])] == []


def test_links_submodules_and_programs(repo, make):
    outer = make("outer")
    outer.git("-c", "protocol.file.allow=always", "submodule", "--quiet", "add", str(repo.top), "sub")
    (outer.top / "link").symlink_to("/etc/passwd")
    outer.write("run", b"#!").chmod(0o755)
    head = outer.commit()
    found = {entry.path: entry for entry in entries(outer.open(), head)}
    assert found["link"].mode == "120000"
    assert found["run"].mode == "100755"
    assert found["sub"] == TreeEntry("sub", "160000", repo.head, 0)


def test_changes_between_commits(repo):
    git, old = repo.open(), repo.head
    (repo.top / "b").unlink()
    new = repo.commit(a=b"longer\n", c=b"two\n")
    got = {change.path: change for change in changed(git, old, new)}
    assert got["b"] == TreeChange("b", None, "", 0)  # and no rename to c
    assert (got["a"].size, got["a"].mode, got["c"].size) == (7, "100644", 4)
    assert changed(git, new, new) == []
    assert {change.path for change in changed(git, None, new)} == {"a", "c"}


def test_a_submodule_cannot_hide_its_change(repo, make):
    outer = make("outer")
    outer.git("-c", "protocol.file.allow=always", "submodule", "--quiet", "add", str(repo.top), "sub")
    old = outer.commit()
    with (outer.top / ".gitmodules").open("a") as file:
        file.write("\tignore = all\n")
    outer.git("config", "diff.ignoreSubmodules", "all")
    outer.git("update-index", "--cacheinfo", f"160000,{'1' * 40},sub")
    outer.git("commit", "-q", "-m", "Move", "--", ".gitmodules")
    outer.git("update-index", "--cacheinfo", f"160000,{'1' * 40},sub")
    outer.git("update-ref", "HEAD", outer.git("commit-tree", "-m", "x", "-p", "HEAD", outer.git("write-tree")))
    assert TreeChange("sub", "1" * 40, "160000", 0) in changed(outer.open(), old, outer.head)


def test_resolve(repo):
    git = repo.open()
    repo.git("tag", "-a", "-m", "t", "v1")
    assert resolve(git, "v1") == resolve(git, "HEAD") == resolve(git, repo.head[:8]) == repo.head
    for wrong in ("", "-h", "--all", "nothing", "HEAD:a", "HEAD..HEAD", "v1\nv1", "a\0b"):
        with pytest.raises(Refused, match="commit"):
            resolve(git, wrong)


def test_resolve_before_the_first_commit(make):
    with pytest.raises(Refused, match="no commit yet"):
        resolve(make().open(), "HEAD")


def test_many_large_files_pass_one_by_one(repo):
    git = repo.open()
    sizes = [0, 1, 4096, 70_000, 3_000_000]
    oids = [git.run("hash-object", "-w", "--stdin", stdin=bytes(size)).decode().strip() for size in sizes]
    assert [len(content) for _, content in blobs(git, oids * 60)] == sizes * 60
    assert list(blobs(git, [])) == []


def test_reading_may_stop_early(repo):
    git = repo.open()
    oid = next(iter(entries(git, repo.head))).oid
    assert next(blobs(git, [oid] * 1000)) == (oid, b"one\n")


def test_a_missing_object_is_refused(repo):
    git = repo.open()
    with pytest.raises(Refused, match="is missing"):
        list(blobs(git, ["1" * 40]))
    oid = repo.git("rev-parse", "HEAD:a")
    (repo.top / ".git/objects" / oid[:2] / oid[2:]).unlink()
    with pytest.raises(Refused, match="is missing"):
        list(entries(git, repo.head))
    with pytest.raises(Refused, match="is missing"):
        changed(git, repo.git("commit-tree", "-m", "x", repo.git("mktree")), repo.head)


def test_one_process_reads_blob_after_blob(repo, monkeypatch):
    repo.commit(**{"a": b"first", "b": b"", "c": b"x" * 100_000})
    git = repo.open()
    oids = {entry.path: entry.oid for entry in entries(git, repo.head)}
    started = []
    converse = git.converse
    monkeypatch.setattr(type(git), "converse", lambda _, *args: started.append(args) or converse(*args))
    with open_blobs(git) as reading:
        assert started == [], "no process before the first question"
        assert list(reading.fetch([])) == []
        assert started == [], "nor for none"
        contents = [reading.read(oids[path]) for path in "cabac"]
        assert contents == [b"x" * 100_000, b"first", b"", b"first", b"x" * 100_000]
        assert list(reading.fetch(oids.values())) == [(oids[path], reading.read(oids[path])) for path in "abc"]
    assert len(started) == 1


def test_a_question_that_nobody_hears_out_leaves_the_next_one_its_own_answer(repo):
    repo.commit(a=b"first", b=b"second")
    git = repo.open()
    first, second = (entry.oid for entry in entries(git, repo.head))
    with open_blobs(git) as reading:
        unheard = reading.fetch([first, second])
        assert next(unheard) == (first, b"first")
        assert reading.read(second) == b"second"
        assert list(unheard) == [(second, b"second")]


def test_a_blob_that_is_missing_is_refused_and_the_next_is_read(repo):
    repo.commit(a=b"first")
    git = repo.open()
    (entry,) = entries(git, repo.head, ["a"])
    with open_blobs(git) as reading:
        with pytest.raises(Refused, match=r"object 1{40} is missing"):
            reading.read("1" * 40)
        assert reading.read(entry.oid) == b"first"
