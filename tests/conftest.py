"""Every test runs as a user with a home of their own, a name, no other configuration of git, and no network."""

from __future__ import annotations

import os
import socket
import tempfile
from datetime import date
from pathlib import Path

import pytest

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
    settled(home)
    yield
    os.environ.clear()
    os.environ.update(before)
    tempfile.tempdir = None


def settled(home: Path) -> None:
    """Writes who commits, and what a new branch is called."""
    (home / ".gitconfig").write_text(
        "[user]\n\tname = A. Officer\n\temail = a.officer@example.org\n[init]\n\tdefaultBranch = main\n"
    )


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
    return day
