"""A write that is broken off: nothing recorded is lost, nobody's work is touched, and the next one puts it right."""

from __future__ import annotations

import errno
import os
import shlex
import shutil
import sys
from contextlib import contextmanager
from pathlib import Path

import msgspec
import pytest

from compliance.gitrepo.process.process import Git
from compliance.gitrepo.unfinished import settling
from compliance.gitrepo.unfinished.accounts import progress_problems
from compliance.gitrepo.unfinished.changing import Change, change
from compliance.gitrepo.unfinished.comparing import progress_of_unfinished
from compliance.gitrepo.unfinished.marker import read_marker, write_marker
from compliance.gitrepo.unfinished.settling import settle_if_unfinished
from compliance.gitrepo.writing import indexing
from compliance.problems import Location, Refused, Stopped

from ..builders.killing import Nursery, Point

SETTINGS = {"a": "new\n"}
SCAN = {"evidence/2026/scan.txt": "Nothing found.\n", "evidence/2026/scan.yaml": "id: 1\n"}
ROOM = "compliance.gitrepo.unfinished.changing"
PLACED = Point(function="compliance.gitrepo.writing.recording.commit_on_branch")
MOVED = Point(function="compliance.gitrepo.unfinished.changing._follow")


@pytest.fixture(scope="module")
def nursery():
    """Where processes are started that are to be killed."""
    started = Nursery()
    yield started
    started.close()


@pytest.fixture
def die(repo, nursery):
    """Changes files in a process that is killed at a point."""

    def _die(point: Point, new=SCAN, changed=SETTINGS) -> None:
        outcome = nursery.call("tests.builders.killing:change_files", str(repo.top), new, changed, kill=point)
        assert outcome.killed
        assert repo.open().place.is_unfinished

    return _die


def wanted(git: Git, new=SCAN, changed=SETTINGS) -> Change:
    committed = {path: git.run("cat-file", "blob", f"HEAD:{path}") for path in changed}
    contents = [
        {path: text.encode() if isinstance(text, str) else text for path, text in texts.items()}
        for texts in (new, changed)
    ]
    return Change(contents[0], contents[1], committed, "evidence: scan\n\nControls: a\n")


@contextmanager
def at_call(function: str, act):
    """Does something when a function is first called in this process: what may happen at any moment."""

    def profile(frame, event, argument):
        if event == "call" and f"{frame.f_globals.get('__name__')}.{frame.f_code.co_qualname}" == function:
            sys.setprofile(None)
            act()

    sys.setprofile(profile)
    try:
        yield
    finally:
        sys.setprofile(None)


def interrupt() -> None:
    raise KeyboardInterrupt("by hand")


def clean(repo) -> None:
    assert repo.git("status", "--porcelain") == ""
    assert repo.git("fsck", "--strict", "--no-dangling") == ""
    assert sorted(path.name for path in (repo.top / ".git").glob("compliance*")) == ["compliance.lock"]
    assert not list(repo.top.rglob(".compliance-*"))


def sentences(problems) -> list[str]:
    return [problem.sentence for problem in problems]


def test_a_change_leaves_no_marker(repo):
    git = repo.open()
    made = change(git, wanted(git))
    assert (made.commit, made.notes) == (repo.head, ())
    assert not git.place.is_unfinished
    assert repo.git("show", "HEAD:evidence/2026/scan.txt") == "Nothing found."
    clean(repo)


BEFORE_THE_BRANCH = [
    Point(function="compliance.gitrepo.writing.files.place"),
    Point(function="compliance.gitrepo.writing.files.place", event="return"),
    Point(function="compliance.gitrepo.writing.files._name_once", event="return"),
    Point(function="compliance.gitrepo.writing.replacing.overwrite"),
    Point(function="compliance.gitrepo.writing.replacing.overwrite", event="return"),
    Point(function="compliance.gitrepo.writing.recording.commit_on_branch"),
    Point(function="compliance.gitrepo.writing.recording._moved"),
]


@pytest.mark.parametrize("point", BEFORE_THE_BRANCH)
def test_before_the_branch_moved_it_goes_back(point, repo, die):
    (repo.top / "a").chmod(0o755)
    head = repo.commit("May be run")
    die(point)
    (problem,) = progress_problems(progress_of_unfinished(repo.open()))
    assert problem.sentence == "“evidence: scan” was broken off before it was recorded: nothing of it counts"
    assert not problem.is_error
    (note,) = settle_if_unfinished(repo.open())
    assert note.sentence == "“evidence: scan” was broken off before it was recorded: what it had written is taken back"
    assert repo.head == head
    assert sorted(path.name for path in repo.top.iterdir()) == [".git", "a", "b"]
    assert (repo.top / "a").read_bytes() == b"one\n"
    clean(repo)
    assert settle_if_unfinished(repo.open()) == ()


@pytest.mark.parametrize(
    ("point", "lagging"),
    [
        (Point(function="compliance.gitrepo.writing.recording._moved", event="return"), 3),
        (MOVED, 3),
        (Point(function="shutil.copy2"), 3),
        (Point(function="compliance.gitrepo.writing.indexing.bring_index", event="return"), 0),
        (Point(function="compliance.gitrepo.unfinished.marker.remove_marker"), 0),
    ],
)
def test_after_the_branch_moved_it_goes_forward(point, lagging, repo, die):
    head = repo.head
    die(point)
    assert repo.git("rev-parse", "HEAD^") == head
    problems = progress_problems(progress_of_unfinished(repo.open()))
    assert [problem.is_error for problem in problems if "lags behind" in problem.sentence] == [True] * lagging
    (note,) = settle_if_unfinished(repo.open())
    assert "nothing is lost" in note.sentence
    assert repo.git("rev-parse", "HEAD^") == head
    clean(repo)


REMOVING = [
    (Point(function="compliance.gitrepo.writing.replacing.remove"), False),
    (Point(function="compliance.gitrepo.writing.replacing.remove", event="return"), False),
    (PLACED, False),
    (MOVED, True),
    (Point(function="shutil.copy2"), True),
    (Point(function="compliance.gitrepo.unfinished.marker.remove_marker"), True),
]


@pytest.mark.parametrize(("point", "moved"), REMOVING)
def test_a_file_that_is_removed_comes_back_or_stays_away(point, moved, repo, nursery):
    outcome = nursery.call("tests.builders.killing:change_files", str(repo.top), {}, SETTINGS, ["b"], kill=point)
    assert outcome.killed
    settle_if_unfinished(repo.open())
    assert (repo.top / "b").exists() is not moved
    assert ("b" in repo.git("ls-tree", "--name-only", "HEAD").split()) is not moved
    assert (repo.top / "a").read_text() == ("new\n" if moved else "one\n")
    clean(repo)


def test_a_file_with_somebodys_work_in_it_is_not_removed(repo):
    oid = repo.git("rev-parse", "HEAD:b")
    (repo.top / "b").write_text("mine\n")
    head = repo.head
    with pytest.raises(Refused, match="changes that are not committed"):
        change(repo.open(), Change({}, {}, {}, "remove", {"b": oid}))
    assert ((repo.top / "b").read_text(), repo.head, repo.open().place.is_unfinished) == ("mine\n", head, False)


def test_a_file_that_is_gone_already_is_removed_from_git_alone(repo):
    oid = repo.git("rev-parse", "HEAD:b")
    (repo.top / "b").unlink()
    change(repo.open(), Change({}, {}, {}, "remove", {"b": oid}))
    assert repo.git("ls-tree", "--name-only", "HEAD").split() == ["a"]
    clean(repo)


def test_the_next_change_puts_it_right_and_goes_on(repo, die):
    die(MOVED)
    git = repo.open()
    made = change(git, wanted(git, {"c": b"3\n"}, {"b": b"2\n"}))
    assert len(made.notes) == 1
    assert repo.git("log", "--format=%s", "-2").splitlines() == ["evidence: scan", "evidence: scan"]
    clean(repo)


@pytest.mark.parametrize("moved", [False, True])
def test_what_somebody_wrote_since_is_kept_and_named(moved, repo, die):
    die(MOVED if moved else PLACED)
    mine = {"a": b"mine\n", "evidence/2026/scan.txt": b"my own scan\n", "evidence/2026/notes.txt": b"notes\n"}
    for path, content in mine.items():
        repo.write(path, content)
    notes = settle_if_unfinished(repo.open())
    assert {note.location for note in notes[1:]} == {Location("evidence/2026/scan.txt"), Location("a")}
    assert {path: (repo.top / path).read_bytes() for path in mine} == mine
    assert (repo.top / "evidence/2026/scan.yaml").exists() is moved
    assert not repo.open().place.is_unfinished


def test_what_lay_there_before_is_never_taken_away(repo, die):
    path = "evidence/2026/scan.txt"
    repo.write(path, SCAN[path].encode())
    die(PLACED)
    settle_if_unfinished(repo.open())
    assert (repo.top / path).read_text() == SCAN[path]
    assert repo.git("status", "--porcelain", "-uall") == f"?? {path}"


def test_what_is_staged_is_left_alone(repo, die):
    die(MOVED)
    oid = repo.git("hash-object", "-w", "--stdin", stdin=b"staged\n")
    repo.git("update-index", "--cacheinfo", f"100644,{oid},a")
    repo.write("other", b"x")
    repo.git("add", "other")
    settle_if_unfinished(repo.open())
    assert repo.git("status", "--porcelain").splitlines() == ["MM a", "A  other"]


def test_files_that_were_put_back_as_they_were_before_are_brought_up(repo, die):
    die(MOVED)
    repo.git("checkout", "--", "a")
    repo.git("clean", "-fdq")
    assert not (repo.top / "evidence").exists()
    settle_if_unfinished(repo.open())
    assert (repo.top / "a").read_bytes() == b"new\n"
    clean(repo)


def test_what_a_later_commit_took_out_is_named(repo, die):
    die(MOVED)
    repo.write("b", b"edited\n")
    repo.git("commit", "-q", "-am", "Mine")
    (_, first, second) = settle_if_unfinished(repo.open())
    for note in (first, second):
        assert "a later commit has taken it out" in note.sentence
    assert first.location == Location("evidence/2026/scan.txt")
    assert not repo.open().place.is_unfinished


def test_an_index_that_another_holds_follows_later(repo, monkeypatch):
    monkeypatch.setattr(indexing, "PAUSE", 0)
    lock = repo.top / ".git" / "index.lock"
    lock.touch()
    for number, path in enumerate(("one file", "another")):
        git = repo.open()
        made = change(git, wanted(git, {path: b"x"}, {"a": f"{number}\n".encode()}))
        assert made.commit == repo.head
        note = made.notes[-1]
        assert note.sentence == "the commit is made, but git's index is behind: another git process holds it"
        assert note.location == Location(str(lock))
        assert f"git reset -q -- {shlex.quote(path)} a" in note.hint
        assert not note.is_error
    assert {problem.location.file for problem in progress_problems(progress_of_unfinished(repo.open()))} == {
        "one file",
        "another",
        "a",
    }
    lock.unlink()
    git = repo.open()
    assert change(git, wanted(git, {"third": b"x"}, {})).notes == ()
    clean(repo)


def test_a_lock_of_ours_on_the_index_goes(repo, die):
    die(Point(function="shutil.copy2"))
    assert (repo.top / ".git" / "index.lock").samefile(repo.open().place.marker)
    settle_if_unfinished(repo.open())
    clean(repo)


def test_a_lock_of_another_on_the_index_stays(repo, die, monkeypatch):
    monkeypatch.setattr(indexing, "PAUSE", 0)
    die(MOVED)
    (repo.top / ".git" / "index.lock").touch()
    _, note = settle_if_unfinished(repo.open())
    assert "another git process holds it" in note.sentence
    (repo.top / ".git" / "index.lock").unlink()
    settle_if_unfinished(repo.open())
    clean(repo)


@pytest.mark.parametrize("holds", ["", "commit"])
def test_a_lock_of_ours_on_the_branch_goes(holds, repo, die, monkeypatch):
    monkeypatch.setattr(settling, "PATIENCE", 0.01)
    die(PLACED)
    git = repo.open()
    marker = msgspec.structs.replace(read_marker(git.place), commit="1" * 40)
    write_marker(git.place, marker)
    (repo.top / ".git/refs/heads/main.lock").write_text(f"{marker.commit}\n" if holds else "")
    (repo.top / ".git/HEAD.lock").touch()
    settle_if_unfinished(git)
    clean(repo)
    assert not list((repo.top / ".git/refs").rglob("*.lock"))


def test_a_lock_of_another_on_the_branch_stays(repo, die, monkeypatch):
    monkeypatch.setattr(settling, "PATIENCE", 0.01)
    die(PLACED)
    git = repo.open()
    write_marker(git.place, msgspec.structs.replace(read_marker(git.place), commit="1" * 40))
    lock = repo.top / ".git/refs/heads/main.lock"
    lock.write_text("2" * 40 + "\n")
    settle_if_unfinished(git)
    assert lock.exists()


@pytest.mark.parametrize("how", [("reset", "--soft", "HEAD^"), ("commit", "--amend", "-m", "Mine", "--allow-empty")])
def test_a_commit_that_somebody_took_off_the_branch(how, repo, die):
    die(MOVED)
    commit = repo.head[:10]
    repo.git(*how)
    for problems in (progress_problems(progress_of_unfinished(repo.open())), settle_if_unfinished(repo.open())):
        (problem,) = problems
        assert problem.sentence == f"“evidence: scan” was recorded as {commit}, which is no longer on main"
        assert problem.hint == f"If that was not meant, bring it back: git cherry-pick {commit}"
    assert (repo.top / "evidence/2026/scan.txt").exists()
    assert not repo.open().place.is_unfinished


def test_a_commit_on_a_branch_that_is_not_checked_out_any_more(repo, die):
    repo.git("branch", "side")
    die(MOVED)
    repo.git("symbolic-ref", "HEAD", "refs/heads/side")
    (note,) = settle_if_unfinished(repo.open())
    assert "nothing is lost" in note.sentence
    assert (repo.top / "evidence/2026/scan.txt").exists()
    assert repo.git("status", "--porcelain").splitlines() == [" M a", "?? evidence/"]


def test_a_branch_that_was_left_meanwhile(repo, die):
    die(PLACED)
    repo.git("switch", "-q", "-c", "side")
    settle_if_unfinished(repo.open())
    clean(repo)


WHOLE = b'{"format": %d, "began": "2026-01-05T10:00:00Z", "branch": "%s", "base": null, "subject": "x", "files": [%s]}'
FILE = b'{"path": "%s", "before": null, "after": "%s"}'


@pytest.mark.parametrize(
    "text",
    [
        b"",
        b"{",
        b"[]",
        b'{"format": 1}',
        b"\xff",
        WHOLE % (2, b"refs/heads/main", b""),
        WHOLE % (1, b"refs/heads/../../main", b""),
        WHOLE % (1, b"--all", b""),
        WHOLE % (1, b"refs/heads/main", FILE % (b"a", b"--help")),
        WHOLE % (1, b"refs/heads/main", FILE % (b"../a", b"1" * 40)),
    ],
)
def test_a_marker_that_cannot_be_read(text, repo):
    git = repo.open()
    git.place.marker.write_bytes(text)
    for use in (settle_if_unfinished, progress_of_unfinished, lambda git: change(git, wanted(git))):
        with pytest.raises(Refused, match="cannot be read") as refused:
            use(git)
        assert refused.value.problems[0].location == Location(str(git.place.marker))
    assert (repo.top / "a").read_bytes() == b"one\n"


@pytest.mark.parametrize("path", ["../outside", ".git/config", "/etc/passwd"])
def test_a_marker_names_nothing_outside(path, repo, die):
    die(PLACED)
    git = repo.open()
    marker = read_marker(git.place)
    file = msgspec.structs.replace(marker.files[0], path=path)
    write_marker(git.place, msgspec.structs.replace(marker, files=(file,)))
    with pytest.raises(Refused, match="cannot be read"):
        settle_if_unfinished(git)


def test_nothing_is_touched_behind_a_link(repo, die, tmp_path):
    die(PLACED)
    shutil.move(repo.top / "evidence" / "2026", tmp_path / "elsewhere")
    (repo.top / "evidence" / "2026").symlink_to(tmp_path / "elsewhere")
    settle_if_unfinished(repo.open())
    assert sorted(path.name for path in (tmp_path / "elsewhere").iterdir()) == ["scan.txt", "scan.yaml"]


def test_names_that_are_no_utf_8(repo):
    path = os.fsdecode(b"evidence/\xff.txt")
    git = repo.open()
    with (
        at_call("compliance.gitrepo.writing.recording.commit_on_branch", interrupt),
        pytest.raises(KeyboardInterrupt, match="by hand"),
    ):
        change(git, wanted(git, {path: b"x"}, {}))
    assert not (repo.top / "evidence").exists()
    clean(repo)


def test_a_merge_that_is_under_way_is_finished_first(repo, die):
    die(PLACED)
    (repo.top / ".git" / "MERGE_HEAD").write_text(repo.head + "\n")
    with pytest.raises(Refused, match="a merge is in progress"):
        settle_if_unfinished(repo.open())
    assert (repo.top / "evidence/2026/scan.txt").exists()


def test_bytes_that_git_has_no_more(repo, die):
    die(PLACED)
    oid = read_marker(repo.open().place).files[2].before
    (repo.top / ".git/objects" / oid[:2] / oid[2:]).unlink()
    with pytest.raises(Refused, match="missing") as refused:
        settle_if_unfinished(repo.open())
    assert "could not be put right" in refused.value.problems[-1].sentence


def test_a_source_that_changes_on_the_way(repo, tmp_path):
    source = tmp_path / "scan.txt"
    source.write_bytes(b"first\n")
    git = repo.open()
    with (
        at_call("compliance.gitrepo.unfinished.marker.write_marker", lambda: source.write_bytes(b"second\n")),
        pytest.raises(Refused, match="changed while it was being filed"),
    ):
        change(git, wanted(git, {"scan.txt": source}, {}))
    clean(repo)


def test_a_disk_that_does_not_confirm_is_no_reason_to_record_it_twice(repo, monkeypatch):
    whole = os.fsync

    def fsync(descriptor: int) -> None:
        if Path(f"/proc/self/fd/{descriptor}").readlink().match("refs/heads"):
            raise OSError(errno.EIO, "")
        whole(descriptor)

    monkeypatch.setattr(os, "fsync", fsync)
    git = repo.open()
    made = change(git, wanted(git))
    (note,) = made.notes
    assert note.sentence == f"recorded as {repo.head[:10]}, but the disk did not confirm it: the disk reports a fault"
    assert note.hint.startswith("Do not record it again")
    assert made.commit == repo.head
    clean(repo)


def test_what_changed_while_it_was_taken_back_is_named(repo):
    git = repo.open()

    def edit_and_commit() -> None:
        repo.write("b", b"theirs\n")
        repo.git("commit", "-q", "-m", "Theirs", "b")
        repo.write("a", b"mine\n")

    with (
        at_call("compliance.gitrepo.writing.recording.commit_on_branch", edit_and_commit),
        pytest.raises(Refused, match="another commit has changed this file meanwhile") as refused,
    ):
        change(git, wanted(git, SCAN, {"a": "new\n", "b": "ours\n"}))
    named = {problem.location.file: problem.sentence for problem in refused.value.problems}
    assert named["a"] == "has been changed here since: it is left as it is"
    assert (repo.top / "a").read_bytes() == b"mine\n"
    assert not (repo.top / "evidence").exists()


def test_ctrl_c_after_the_branch_moved_names_the_commit(repo):
    git = repo.open()
    with (
        at_call("compliance.gitrepo.writing.indexing.bring_index", interrupt),
        pytest.raises(Stopped, match="interrupted when “evidence: scan” had been recorded as") as stopped,
    ):
        change(git, wanted(git))
    assert repo.head[:10] in stopped.value.problems[0].sentence
    clean(repo)


def test_temporary_files_are_swept_and_those_of_others_are_not(repo, die):
    die(PLACED)
    ours, other = f".compliance-{'0' * 16}.tmp", ".compliance-mine.tmp"
    for name in (ours, other):
        repo.write(f"evidence/2026/{name}", b"half")
    spool = repo.top / ".git" / "compliance-ab12_xyz"
    spool.mkdir()
    (spool / "0").write_bytes(b"half")
    (repo.top / ".git" / f"compliance-index-{'0' * 16}").touch()
    git = repo.open()
    change(git, wanted(git, {"c": b"x"}, {}))
    assert sorted(path.name for path in (repo.top / "evidence/2026").iterdir()) == [other]
    assert not spool.exists()
    assert sorted(path.name for path in (repo.top / ".git").glob("compliance*")) == ["compliance.lock"]


@pytest.fixture
def asked(monkeypatch):
    """What the system is asked for that must last, in order: the call, and the name of the file or folder."""
    calls: list[str] = []

    def listening(name: str):
        whole = getattr(os, name)

        def listen(*arguments, **options):
            file = Path(f"/proc/self/fd/{arguments[0]}").readlink() if name == "fsync" else Path(arguments[-1])
            calls.append(f"{name} {file.name}")
            return whole(*arguments, **options)

        monkeypatch.setattr(os, name, listen)

    for name in ("fsync", "link", "replace", "unlink"):
        listening(name)
    return calls


def test_each_step_is_on_the_disk_before_the_next(repo, asked):
    git = repo.open()
    with at_call("compliance.gitrepo.writing.recording._moved", lambda: asked.append("the branch moves")):
        change(git, wanted(git))
    steps = [
        "replace compliance.unfinished",
        "fsync .git",
        "link scan.txt",
        "fsync 2026",
        "link scan.yaml",
        "fsync 2026",
        "replace a",
        f"fsync {repo.top.name}",
        "fsync objects",
        "replace compliance.unfinished",
        "fsync .git",
        "the branch moves",
        "fsync heads",
        "replace index",
        "unlink index.lock",
        "unlink compliance.unfinished",
    ]
    rest = iter(asked)
    assert [step for step in steps if step not in rest] == [], asked
    first = asked.index("replace compliance.unfinished")
    assert asked[first - 1] == "fsync compliance.unfinished.new"
    for name in ("scan.txt", "scan.yaml"):
        assert asked[asked.index(f"link {name}") - 1].startswith("fsync .compliance-")
    assert asked[asked.index("replace a") - 1].startswith("fsync .compliance-")
    assert "fsync objects" in asked[:first]


def test_a_linked_working_tree_has_a_marker_of_its_own(repo, nursery, tmp_path):
    repo.git("worktree", "add", "-q", "-b", "other", str(tmp_path / "other"))
    other = type(repo)(tmp_path / "other")
    for point in (PLACED, MOVED):
        assert nursery.call("tests.builders.killing:change_files", str(other.top), SCAN, SETTINGS, kill=point).killed
        assert not repo.open().place.is_unfinished
    change(repo.open(), wanted(repo.open(), {"c": "x"}, {}))
    assert other.open().place.is_unfinished
    (note,) = settle_if_unfinished(other.open())
    assert "nothing is lost" in note.sentence
    for tree in (repo, other):
        assert tree.git("status", "--porcelain") == ""


def test_a_repository_of_longer_names(make, nursery):
    repository = make("long", "--object-format=sha256")
    repository.commit("First", a=b"one\n", b=b"two\n")
    for point in (PLACED, MOVED):
        top = str(repository.top)
        assert nursery.call("tests.builders.killing:change_files", top, SCAN, SETTINGS, kill=point).killed
    settle_if_unfinished(repository.open())
    assert repository.git("show", "HEAD:a") == "new"
    clean(repository)


def test_a_disk_without_second_names(repo, monkeypatch):
    def link(*_):
        raise OSError(errno.EPERM, "")

    monkeypatch.setattr(os, "link", link)
    git = repo.open()
    assert change(git, wanted(git)).notes == ()
    clean(repo)
