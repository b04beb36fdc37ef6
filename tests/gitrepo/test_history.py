"""History with merges: first parents, days, and who changed what."""

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest

from compliance.gitrepo.reading.history import (
    commit_as_of,
    commit_info,
    first_parent_history,
    path_history,
)
from compliance.problems import Refused

LONDON = ZoneInfo("Europe/London")


@pytest.fixture
def merged(make):
    """One, then a branch with two commits beside Two, then their merge, then a merge that keeps nothing, then Four."""
    repository = make()
    repository.commit("One", "2026-01-01T10:00:00+0000", a=b"1")
    repository.git("switch", "-q", "-c", "side")
    repository.commit("Side", "2026-01-02T10:00:00+0000", side=b"1")
    repository.commit("Side again", "2026-01-05T10:00:00+0000", side=b"2")
    repository.git("switch", "-q", "main")
    repository.commit("Two", "2026-01-03T10:00:00+0000", a=b"2")
    when = {"GIT_AUTHOR_DATE": "2026-01-06T10:00:00Z", "GIT_COMMITTER_DATE": "2026-01-06T10:00:00Z"}
    repository.git("merge", "-q", "--no-ff", "-m", "Merge", "side", env=when)
    repository.git("switch", "-q", "-c", "lost", "HEAD~1")
    repository.commit("Lost", "2026-01-06T11:00:00+0000", lost=b"1")
    repository.git("switch", "-q", "main")
    when = {"GIT_AUTHOR_DATE": "2026-01-06T12:00:00Z", "GIT_COMMITTER_DATE": "2026-01-06T12:00:00Z"}
    repository.git("merge", "-q", "-s", "ours", "-m", "Keep ours", "lost", env=when)
    (repository.top / "a").unlink()
    repository.commit("Four", "2026-07-01T00:30:00+0100", b=b"2")
    return repository


def subjects(repository, infos):
    return [info.subject for info in infos]


def test_first_parents_oldest_first(merged):
    git = merged.open()
    steps = list(first_parent_history(git, merged.head))
    assert [commit_info(git, step.oid).subject for step in steps] == ["One", "Two", "Merge", "Keep ours", "Four"]
    assert [[(c.path, c.status) for c in step.changes] for step in steps] == [
        [("a", "A")],
        [("a", "M")],
        [("side", "A")],
        [],
        [("a", "D"), ("b", "A")],
    ]
    _, old, new, _ = steps[1].changes[0]
    assert (old, new) == (merged.git("rev-parse", "HEAD~4:a"), merged.git("rev-parse", "HEAD~3:a"))
    assert steps[0].changes[0].old is None
    assert steps[4].changes[0].new is None
    assert steps[0].committed == datetime(2026, 1, 1, 10, tzinfo=UTC)
    assert steps[4].committed.utcoffset() == datetime(2026, 7, 1, tzinfo=LONDON).utcoffset()


def test_odd_names_in_history(make):
    repository = make()
    for name in (":100644", "\nnew\n", "é\t"):
        repository.write(name, b"x")
    head = repository.commit()
    (step,) = first_parent_history(repository.open(), head)
    assert {change.path for change in step.changes} == {":100644", "\nnew\n", "é\t"}


def test_the_commit_of_a_day(merged):
    git, head = merged.open(), merged.head

    def found(day, zone=LONDON):
        oid = commit_as_of(git, head, day, zone)
        return oid and commit_info(git, oid).subject

    assert found(date(2025, 12, 31)) is None
    assert found(date(2026, 1, 1)) == "One"
    assert found(date(2026, 1, 2)) == "One"  # the side branch was not there yet
    assert found(date(2026, 1, 5)) == "Two"
    assert found(date(2026, 1, 6)) == "Keep ours"
    assert found(date(2026, 6, 30)) == "Keep ours"
    assert found(date(2026, 6, 30), UTC) == "Four"
    assert found(date(2026, 7, 1)) == "Four"


def test_a_clock_that_went_backwards(make):
    repository = make()
    repository.commit("One", "2026-03-01T10:00:00Z", a=b"1")
    two = repository.commit("Two", "2026-02-01T10:00:00Z", a=b"2")
    git = repository.open()
    assert commit_as_of(git, two, date(2026, 2, 15), UTC) == two
    assert commit_as_of(git, two, date(2026, 1, 15), UTC) is None


def test_the_history_of_paths(merged):
    git = merged.open()
    assert [info.subject for info in path_history(git, merged.head, ["side"])] == ["Side again", "Side"]
    assert [info.subject for info in path_history(git, merged.head, ["a", "b"])] == ["Four", "Two", "One"]
    assert [info.subject for info in path_history(git, merged.head, ["lost"])] == ["Lost"]
    assert path_history(git, merged.head, []) == []


def test_a_merge_that_invents_contents(make):
    repository = make()
    repository.commit("One", a=b"1", z=b"1")
    repository.git("switch", "-q", "-c", "side")
    repository.commit("Side", a=b"2")
    repository.git("switch", "-q", "main")
    repository.commit("Main", a=b"3")
    repository.git("merge", "-q", "side", check=False)
    repository.commit("Merge", a=b"4")
    git = repository.open()
    infos = path_history(git, repository.head, ["a"])
    assert infos[0].subject == "Merge"
    assert {info.subject for info in infos} == {"Merge", "Main", "Side", "One"}
    assert [info.subject for info in path_history(git, repository.head, ["z"])] == ["One"]


def test_who_and_when(repo):
    environment = {
        "GIT_AUTHOR_NAME": "Zoë Ñandú",
        "GIT_AUTHOR_EMAIL": "z@example.org",
        "GIT_AUTHOR_DATE": "@1700000000 -0330",
    }
    repo.git("commit", "-q", "--allow-empty", "-m", "Prüfung\n\nBody", env=environment)
    info = commit_info(repo.open(), repo.head)
    assert (info.author, info.subject) == ("Zoë Ñandú <z@example.org>", "Prüfung")
    assert info.committer == "A. Officer <a.officer@example.org>"
    assert info.authored.isoformat() == "2023-11-14T18:43:20-03:30"


def test_a_date_that_no_calendar_has(repo):
    tree = repo.git("rev-parse", "HEAD^{tree}")
    raw = f"tree {tree}\nauthor A <a> 1 +0000\ncommitter A <a> 99999999999999 +9999\n\nx\n"
    oid = repo.git("hash-object", "-t", "commit", "-w", "--stdin", "--literally", stdin=raw.encode())
    with pytest.raises(Refused, match="date that cannot be read"):
        commit_info(repo.open(), oid)


def test_a_shallow_clone_tells_what_it_has(merged, tmp_path):
    merged.git("clone", "-q", "--depth=2", f"file://{merged.top}", str(tmp_path / "clone"))
    clone = type(merged)(tmp_path / "clone")
    assert len(list(first_parent_history(clone.open(), clone.head))) == 2
