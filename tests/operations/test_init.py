"""`init` in a new, an existing and a crowded repository: it touches nothing but its own files."""

from __future__ import annotations

import tomllib
from datetime import date
from pathlib import Path

import pytest

from ..builders.running import Answer
from ..builders.workspaces import CATALOGUE, Workspace

OWN = {".gitattributes", ".gitignore", "compliance.toml", "evidence/README.md", "templates/README.md"}
NAMED = ("init", "--organisation", "Exampleton Borough Council")


@pytest.fixture
def place(tmp_path: Path, today: date, monkeypatch: pytest.MonkeyPatch) -> Workspace:
    """A folder in no repository."""
    monkeypatch.setattr("compliance.workspace.shipped.shipped_catalogues", lambda: {"acme@1.yaml": CATALOGUE.encode()})
    top = tmp_path / "work"
    top.mkdir()
    return Workspace(top)


def init(place: Workspace, *args: str) -> Answer:
    answer = place.run(*NAMED, *args)
    assert answer.code == 0, answer.err
    return answer


def committed(place: Workspace) -> set[str]:
    return set(place.git("ls-tree", "-r", "--name-only", "HEAD").splitlines())


def test_a_new_folder_becomes_a_workspace_in_order(place):
    answer = init(
        place, "-s", "acme", "--scope", "corporate", "--scope", "payments=Card payments", "--start", "2025-11-01"
    )
    assert answer.out.startswith(f"Begun: {place.top}\n  in use: acme@1\n")
    assert committed(place) == OWN | {"standards/acme@1.yaml", "standards/shipped.sha256"}
    assert place.git("status", "--porcelain") == ""
    assert place.git("rev-parse", "--abbrev-ref", "HEAD") == "main"
    assert place.run("check").out == "0 errors, 0 warnings\n"
    settings = tomllib.loads(place.read("compliance.toml"))
    assert settings["organisation"] == "Exampleton Borough Council"
    assert settings["scopes"] == [
        {"id": "corporate", "title": "Corporate", "start": date(2025, 11, 1)},
        {"id": "payments", "title": "Card payments", "start": date(2025, 11, 1)},
    ]
    assert place.run("gaps").code == 0


def test_a_folder_that_is_not_there_yet_is_made(place):
    init(place, "new/deep")
    assert (place.top / "new/deep/compliance.toml").is_file()


@pytest.mark.parametrize("name", ['A "quoted" \\ council', "Åland – kommun", "tab\there", "x = [1]\n[evil]\nkey = 1"])
def test_a_name_is_written_as_it_is(place, name):
    assert place.run("init", "--organisation", name).code == 0
    assert tomllib.loads(place.read("compliance.toml"))["organisation"] == name


def crowded(place: Workspace) -> Workspace:
    """A repository with a history, its own settings for git, and work in progress."""
    place.git("init", "-q", "-b", "trunk")
    place.put(
        {
            "README.md": "Somebody else's.\n",
            ".gitignore": "*.tmp\nbuild/",
            ".gitattributes": "*.png binary\n",
            "evidence/README.md": "Ours, by hand.\n",
            "src/main.c": "int main;\n",
        }
    )
    place.write("src/main.c", "int main, changed;\n")
    place.write("src/staged.c", "int staged;\n")
    place.git("add", "src/staged.c")
    place.write("lying.txt", "about\n")
    return place


def test_a_crowded_repository_keeps_everything_it_had(place):
    crowded(place)
    init(place)
    assert place.git("show", "--format=", "--name-status", "HEAD").splitlines() == [
        "M\t.gitattributes",
        "M\t.gitignore",
        "A\tcompliance.toml",
        "A\ttemplates/README.md",
    ]
    assert place.read(".gitignore") == "*.tmp\nbuild/\n/.compliance/\n"
    assert place.read(".gitattributes").startswith("*.png binary\n")
    assert place.read("evidence/README.md") == "Ours, by hand.\n"
    assert place.git("rev-parse", "--abbrev-ref", "HEAD") == "trunk"
    assert place.git("status", "--porcelain").splitlines() == [" M src/main.c", "A  src/staged.c", "?? lying.txt"]


def test_a_subfolder_of_a_repository_makes_a_workspace_of_the_whole(place):
    crowded(place)
    inner = Workspace(place.top / "src")
    assert init(inner).out.startswith(f"Begun: {place.top}\n")
    assert not (inner.top / "compliance.toml").exists()


def test_git_settings_of_ours_that_are_there_already_are_not_repeated(place):
    place.git("init", "-q")
    place.put({".gitignore": "/.compliance/\n"})
    init(place)
    assert place.read(".gitignore") == "/.compliance/\n"


def test_a_workspace_is_not_begun_twice(place):
    init(place)
    before = place.head
    again = place.run(*NAMED)
    assert (again.code, "this is a workspace already" in again.err, place.head) == (2, True, before)


def test_what_is_ignored_but_not_committed_yet_is_kept(place):
    place.write(".gitignore", "*.tmp\n")
    place.write("notes.txt", "mine\n")
    init(place)
    assert place.read(".gitignore").startswith("*.tmp\n")
    assert place.git("check-ignore", ".compliance/index", "a.tmp").splitlines() == [".compliance/index", "a.tmp"]
    assert "?? notes.txt" in place.git("status", "--porcelain")


@pytest.mark.parametrize("args", [("-s", "none"), ("--time-zone", "Nowhere/At-all"), ("--scope", "Ünsafe")])
def test_what_is_refused_leaves_no_repository_behind(place, args):
    place.write("notes.txt", "mine\n")
    answer = place.run(*NAMED, *args)
    assert answer.code == 2
    assert [path.name for path in place.top.iterdir()] == ["notes.txt"]
