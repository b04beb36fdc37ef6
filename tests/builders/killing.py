"""Commands that are killed at a point of our choosing, as by a power cut: nothing is cleaned up, nothing is said.

A process imports the program once; each command runs in a child of it, which kills itself. (A test's own process cannot
be forked: it has threads.)
"""

from __future__ import annotations

import importlib
import json
import os
import signal
import subprocess
import sys
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

import msgspec

ROOT = Path(__file__).parents[2]
SYSTEM = {
    "chmod",
    "close",
    "flush",
    "fork_exec",
    "fsync",
    "link",
    "mkdir",
    "open",
    "remove",
    "rename",
    "replace",
    "rmdir",
    "unlink",
    "write",
}
"""What a process asks of the system that others can see, by the names that Python has for it."""


class Point(msgspec.Struct, frozen=True, kw_only=True):
    """Where a process is killed: as a function is called or has returned, or at a call on the system by its number.

    Calls are counted from the moment at which the lock is taken, each twice: before it and after it. With `group`, the
    git that runs just then is killed as well.
    """

    function: str = ""
    event: str = "call"
    at: int = 0
    group: bool = False


class Outcome(msgspec.Struct, frozen=True):
    """What became of a process: whether it was killed, what it answered, how many calls were counted."""

    killed: bool
    answer: Any = None
    calls: int = 0


class Nursery:
    """The process that starts others; to be closed."""

    def __init__(self) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-W", "error", "-m", "tests.builders.killing"],
            cwd=ROOT,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
        )

    def call(self, function: str, *arguments: Any, kill: Point | None = None, first: bool = False) -> Outcome:
        """Calls `module:function` with arguments that JSON can hold, in a child with this process's environment.

        What is called `first` is called by the process itself, so that children have what it imports.
        """
        assert self._process.stdin
        assert self._process.stdout
        request = {
            "function": function,
            "arguments": arguments,
            "kill": kill,
            "first": first,
            "environment": dict(os.environ),
        }
        self._process.stdin.write(msgspec.json.encode(request) + b"\n")
        self._process.stdin.flush()
        return msgspec.json.decode(self._process.stdout.readline(), type=Outcome)

    def run(self, arguments: Sequence[str], kill: Point | None = None) -> Outcome:
        """Runs a command; its answer is its exit code, and what it printed."""
        return self.call("tests.builders.killing:command", list(arguments), kill=kill)

    def warm_up(self, arguments: Sequence[str]) -> None:
        """Runs a command so that those that come after it begin sooner."""
        self.call("tests.builders.killing:command", list(arguments), first=True)

    def close(self) -> None:
        self._process.communicate()


def command(arguments: Sequence[str]) -> Mapping[str, Any]:
    """Runs a command line."""
    from .running import run_here

    return msgspec.to_builtins(run_here(arguments))


def change_files(
    top: str, new: Mapping[str, str], changed: Mapping[str, str], removed: Sequence[str] = ()
) -> Mapping[str, Any]:
    """Changes and removes files of a repository that need not be a workspace."""
    from compliance.gitrepo.process.probe import locate
    from compliance.gitrepo.process.process import Git
    from compliance.gitrepo.unfinished.changing import Change, change

    git = Git(locate(Path(top)))
    committed = {path: git.run("cat-file", "blob", f"HEAD:{path}") for path in changed}
    contents = [{path: text.encode() for path, text in texts.items()} for texts in (new, changed)]
    gone = {path: git.run("rev-parse", f"HEAD:{path}").decode().strip() for path in removed}
    made = change(git, Change(contents[0], contents[1], committed, "evidence: scan\n\nControls: a\n", gone))
    return {"commit": made.commit, "notes": [note.sentence for note in made.notes]}


class _Counter:
    """Counts calls on the system, and kills this process at one of them or at a function."""

    def __init__(self, kill: Point) -> None:
        self.calls = 0
        self._kill = kill

    def start(self) -> None:
        """Looks at every call from now on for a function, and from the lock on for calls on the system."""
        if self._kill.function:
            sys.setprofile(self._function)
        else:
            sys.addaudithook(self._audit)

    def _audit(self, event: str, _: Any) -> None:
        if event == "fcntl.flock":
            sys.setprofile(self._system)

    def _function(self, frame: Any, event: str, _: Any) -> None:
        if event == self._kill.event:
            code = frame.f_code
            if f"{frame.f_globals.get('__name__')}.{code.co_qualname}" == self._kill.function:
                self._die()

    def _system(self, _: Any, event: str, argument: Any) -> None:
        if event in {"c_call", "c_return"} and argument.__name__ in SYSTEM:
            self.calls += 1
            if self.calls == self._kill.at:
                self._die()

    def _die(self) -> None:
        sys.setprofile(None)
        if self._kill.group:
            os.killpg(os.getpgid(0), signal.SIGKILL)
        os.kill(os.getpid(), signal.SIGKILL)


def _child(request: Mapping[str, Any], kill: Point | None, answer: int) -> None:
    os.setsid()
    counter = _Counter(kill or Point())
    if kill:
        counter.start()
    try:
        value = _called(request)
    finally:
        sys.setprofile(None)
    with os.fdopen(answer, "wb") as pipe:
        pipe.write(msgspec.json.encode({"answer": value, "calls": counter.calls}))


def _called(request: Mapping[str, Any]) -> Any:
    os.environ.clear()
    os.environ.update(request["environment"])
    module, _, name = request["function"].partition(":")
    function: Callable[..., Any] = getattr(importlib.import_module(module), name)
    return function(*request["arguments"])


def _serve() -> None:
    import compliance.cli.main  # noqa: F401 - so that the children need not

    for line in sys.stdin.buffer:
        request = json.loads(line)
        kill = msgspec.convert(request["kill"], Point) if request["kill"] else None
        if request["first"]:
            _answer(Outcome(killed=False, answer=_called(request)))
            continue
        reading, writing = os.pipe()
        child = os.fork()
        if child == 0:
            os.close(reading)
            code = 1
            try:
                _child(request, kill, writing)
                code = 0
            finally:
                os._exit(code)
        os.close(writing)
        with os.fdopen(reading, "rb") as pipe:
            said = pipe.read()
        _, status = os.waitpid(child, 0)
        killed = os.WIFSIGNALED(status)
        _answer(Outcome(killed=killed, **(json.loads(said) if said else {})))


def _answer(outcome: Outcome) -> None:
    sys.stdout.buffer.write(msgspec.json.encode(outcome) + b"\n")
    sys.stdout.buffer.flush()


if __name__ == "__main__":
    _serve()
