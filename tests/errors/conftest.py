"""A user of our own, and a small workspace that is in order: every case spoils a copy of it."""

from __future__ import annotations

import os
import shutil
import tempfile
from pathlib import Path

import pytest

from ..builders.town import build
from ..builders.users import settle
from .bench import Bench

PASSED_ON = ("PATH", "PYTHONPATH", "LANG", "LD_LIBRARY_PATH", "SYSTEMROOT", "COVERAGE_PROCESS_START")


def surround(folder: Path) -> None:
    """Sets this process's environment to that of a user who lives in a folder, and has nothing set up but a name."""
    home = folder / "home"
    (folder / "temporary").mkdir()
    settle(home)
    kept = {name: os.environ[name] for name in PASSED_ON if name in os.environ}
    os.environ.clear()
    os.environ.update(kept)
    os.environ.update(HOME=str(home), XDG_CONFIG_HOME=str(home / ".config"), TMPDIR=str(folder / "temporary"))
    os.environ.update(COLUMNS="100", NO_COLOR="1")


@pytest.fixture(scope="session")
def template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The workspace that is in order, made once."""
    folder = tmp_path_factory.mktemp("template")
    before = dict(os.environ)
    try:
        surround(folder)
        build(folder / "work")
    finally:
        os.environ.clear()
        os.environ.update(before)
    return folder / "work"


@pytest.fixture
def bench(template: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """A copy of the workspace with a desk beside it, where files lie that are to be filed."""
    before = dict(os.environ)
    surround(tmp_path)
    monkeypatch.setattr(tempfile, "tempdir", None)
    shutil.copytree(template, tmp_path / "work", symlinks=True)
    (tmp_path / "desk").mkdir()
    monkeypatch.chdir(tmp_path / "work")
    yield Bench(tmp_path)
    os.environ.clear()
    os.environ.update(before)
    open_up(tmp_path)


def open_up(folder: Path) -> None:
    """Gives back the rights on every folder that a case has closed, so that pytest can remove it."""
    for place, folders, _ in os.walk(folder):
        for name in folders:
            inner = Path(place, name)
            if not inner.is_symlink() and inner.stat().st_mode & 0o700 != 0o700:
                inner.chmod(0o700)
