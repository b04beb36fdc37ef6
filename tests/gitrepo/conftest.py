"""Real repositories in temporary folders, and a user with no configuration but their own."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

import pytest

from compliance.gitrepo.process.probe import locate
from compliance.gitrepo.process.process import Git

from ..builders.users import settle


class Repository:
    """A repository that the tests prepare with plain git, as a user would."""

    def __init__(self, top: Path) -> None:
        self.top = top

    def git(self, *args: str, stdin: bytes = b"", check: bool = True, env: dict[str, str] | None = None) -> str:
        """What plain git answers here."""
        environment = {k: v for k, v in os.environ.items() if not k.startswith("GIT_")} | (env or {})
        completed = subprocess.run(
            ["git", *args], cwd=self.top, input=stdin, capture_output=True, env=environment, check=False
        )
        assert not check or completed.returncode == 0, (args, completed.stderr)
        return os.fsdecode(completed.stdout).removesuffix("\n")

    def write(self, path: str, content: bytes) -> Path:
        """A file in the working tree."""
        file = self.top / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(content)
        return file

    def commit(self, message: str = "Change", when: str | None = None, **files: bytes) -> str:
        """A commit of everything that lies here, made by plain git."""
        for path, content in files.items():
            self.write(path, content)
        self.git("add", "-A")
        dates = {"GIT_AUTHOR_DATE": when, "GIT_COMMITTER_DATE": when} if when else {}
        self.git("commit", "-q", "--allow-empty", "-m", message, env=dates)
        return self.head

    @property
    def head(self) -> str:
        return self.git("rev-parse", "HEAD")

    def open(self) -> Git:
        """The repository as the product opens it."""
        return Git(locate(self.top))


@pytest.fixture(autouse=True)
def home(tmp_path, monkeypatch):
    """A home folder of our own, with a name and an address; the environment is put back afterwards."""
    before = dict(os.environ)
    folder = tmp_path / "home"
    for name in [name for name in os.environ if name.startswith("GIT_") or name == "EMAIL"]:
        del os.environ[name]
    os.environ["HOME"] = str(folder)
    os.environ["XDG_CONFIG_HOME"] = str(folder / ".config")
    settle(folder)
    yield folder
    os.environ.clear()
    os.environ.update(before)


@pytest.fixture
def make(tmp_path):
    """Makes an empty repository."""

    def _make(name: str = "work", *options: str) -> Repository:
        top = tmp_path / name
        top.mkdir(parents=True)
        repository = Repository(top)
        repository.git("init", "-q", *options)
        return repository

    return _make


@pytest.fixture
def repo(make):
    """A repository with a first commit."""
    repository = make()
    repository.commit("First", a=b"one\n", b=b"two\n")
    return repository
