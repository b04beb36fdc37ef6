"""Running a command: in this process, which is quick, or in one of its own."""

from __future__ import annotations

import io
import json
import os
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import msgspec

from compliance.cli.main import run

PROGRAM = (sys.executable, "-W", "error", "-c", "from compliance.cli.main import main; main()")
"""The command as a process of its own; arguments follow."""


class Answer(msgspec.Struct, frozen=True):
    """What a command printed, and its exit code."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        """What it printed, read as JSON."""
        return json.loads(self.out)


def run_here(arguments: Sequence[str], stdin: bytes = b"") -> Answer:
    """Runs a command in this process, with streams of its own."""
    before = sys.stdin, sys.stdout, sys.stderr
    out, err = (io.TextIOWrapper(io.BytesIO(), "utf-8", "backslashreplace", newline="") for _ in range(2))
    sys.stdin, sys.stdout, sys.stderr = io.TextIOWrapper(io.BytesIO(stdin)), out, err
    try:
        code = run(list(arguments))
    finally:
        sys.stdin, sys.stdout, sys.stderr = before
    return Answer(code, _text(out), _text(err))


def run_apart(arguments: Sequence[str], stdin: bytes = b"", **variables: str) -> Answer:
    """Runs a command as a process of its own, with more variables in its environment."""
    completed = subprocess.run(
        [*PROGRAM, *arguments], input=stdin, capture_output=True, env={**os.environ, **variables}, check=False
    )
    return Answer(completed.returncode, completed.stdout.decode(), completed.stderr.decode())


@contextmanager
def environment(**variables: str) -> Iterator[None]:
    """Variables of this process for a while."""
    before = {name: os.environ.get(name) for name in variables}
    os.environ.update(variables)
    try:
        yield
    finally:
        for name, value in before.items():
            if value is None:
                del os.environ[name]
            else:
                os.environ[name] = value


def _text(stream: io.TextIOWrapper) -> str:
    stream.flush()
    buffer = stream.buffer
    assert isinstance(buffer, io.BytesIO)
    return buffer.getvalue().decode()
