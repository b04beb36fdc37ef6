"""Every test runs as a user with a home of their own, a name, no other configuration of git, and no network."""

from __future__ import annotations

import os
import socket
import tempfile
from datetime import date
from pathlib import Path

import msgspec
import pytest
from filelock import FileLock
from hypothesis import settings

from compliance.cli.workspace.replay import DemoBuilt, build_demo
from compliance.domain.terms.moments import Moment
from compliance.workspace.shipped import shipped_demonstration

from .builders.users import settle
from .builders.workspaces import Workspace, begin_workspace, keep_templates_in

settings.register_profile("suite", derandomize=True, database=None, deadline=None, max_examples=50)
settings.register_profile("soak", database=None, deadline=None, max_examples=1000, print_blob=True)
settings.load_profile("soak" if "SOAK" in os.environ else "suite")
"""In the suite, examples are the same every time, so that a failure is one that anybody can repeat; `make soak` draws
new ones, and many more."""

HERE = {"127.0.0.1", "::1", "localhost"}


@pytest.fixture(scope="session", autouse=True)
def nobody_else(tmp_path_factory: pytest.TempPathFactory):
    """The surroundings of the whole session; what was there is put back at its end."""
    before = dict(os.environ)
    home = tmp_path_factory.mktemp("home")
    for name in [name for name in os.environ if name.startswith("GIT_") or name in {"EMAIL", "NO_COLOR", "COLUMNS"}]:
        del os.environ[name]
    os.environ["HOME"] = str(home)
    os.environ["XDG_CONFIG_HOME"] = str(home / ".config")
    os.environ["XDG_STATE_HOME"] = str(home / ".local" / "state")
    # What a command keeps for its user outside the workspace (a text that was refused, a log) goes with the session.
    os.environ["TMPDIR"] = str(tmp_path_factory.mktemp("temporary"))
    tempfile.tempdir = None
    settle(home)
    keep_templates_in(tmp_path_factory.mktemp("templates"))
    yield
    os.environ.clear()
    os.environ.update(before)
    tempfile.tempdir = None


@pytest.fixture(scope="session", autouse=True)
def no_network():
    """Refuses every connection of this process to another machine."""
    connect = socket.socket.connect

    def connect_here(self: socket.socket, address: object) -> None:
        if self.family in {socket.AF_INET, socket.AF_INET6} and isinstance(address, tuple) and address[0] not in HERE:
            raise OSError(f"a test wanted to talk to {address[0]}")
        connect(self, address)

    patch = pytest.MonkeyPatch()
    patch.setattr(socket.socket, "connect", connect_here)
    yield
    patch.undo()


@pytest.fixture
def today(monkeypatch: pytest.MonkeyPatch) -> date:
    """The day on which commands run in this process."""
    day = date(2026, 2, 2)
    monkeypatch.setattr("compliance.cli.session.today", lambda ledger: day)
    monkeypatch.setattr("compliance.cli.session.moment", lambda workspace: Moment(day, 12 * 3600))
    return day


@pytest.fixture
def workspace(tmp_path: Path, today: date) -> Workspace:
    """A small workspace with one standard in use and no evidence yet; its day is 2 February 2026."""
    return begin_workspace(tmp_path / "work")


@pytest.fixture(scope="session")
def demo(tmp_path_factory: pytest.TempPathFactory) -> DemoBuilt:
    """The demonstration as a new user makes it, built once for all workers; only to be looked at."""
    folder = tmp_path_factory.getbasetemp()
    if "PYTEST_XDIST_WORKER" in os.environ:
        folder = folder.parent  # which all workers have in common
    described = folder / "demo.json"
    with FileLock(folder / "demo.lock"):
        if not described.exists():
            built = build_demo(folder / "demo" / "thornmere", shipped_demonstration())
            described.write_bytes(msgspec.json.encode(built, enc_hook=str))
        return msgspec.json.decode(described.read_bytes(), type=DemoBuilt, dec_hook=lambda kind, text: kind(text))


MEMORY = Path("/dev/shm")
ROOM = 4 << 30  # bytes


def pytest_configure(config: pytest.Config) -> None:
    """Keeps what tests write in memory, where there is room: every commit waits for the disk until its files are safe.

    TMPDIR or `--basetemp` puts them elsewhere.
    """
    if "TMPDIR" in os.environ or not (MEMORY.is_dir() and os.access(MEMORY, os.W_OK)):
        return
    memory = os.statvfs(MEMORY)
    if memory.f_bavail * memory.f_frsize >= ROOM and not memory.f_flag & os.ST_NOEXEC:
        os.environ.setdefault("PYTEST_DEBUG_TEMPROOT", str(MEMORY))


def pytest_xdist_auto_num_workers(config: pytest.Config) -> int:
    """One worker more than there are processors: half of what the tests do is to wait for the disk and for git."""
    return (os.cpu_count() or 1) + 1
