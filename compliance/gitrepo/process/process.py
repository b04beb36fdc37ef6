"""The one place that runs git for reading and writing."""

from __future__ import annotations

import contextlib
import io
import subprocess
import threading
from collections.abc import Iterator, Mapping
from functools import cached_property
from pathlib import Path
from typing import IO, cast

from compliance.gitrepo.process.failures import failure, not_started, unreadable_configuration
from compliance.gitrepo.process.hardening import CHILD, OPTIONS, scrub_environment
from compliance.gitrepo.process.probe import RepositoryPlace
from compliance.gitrepo.process.settings import Setting, disarmed, parsed
from compliance.problems import Refused

CHUNK = 1 << 20
_Pipes = tuple[IO[bytes], io.BufferedReader, IO[bytes]]
_PATIENCE = 5.0  # seconds that a git which was asked to end has for removing its lock files


class Git:
    """Git in one repository, hardened: what it is asked is exactly what runs.

    Each run cleans the environment of this process first, because the library hands it on to the child.
    """

    def __init__(self, place: RepositoryPlace) -> None:
        self.place = place

    @cached_property
    def settings(self) -> tuple[Setting, ...]:
        """The configuration as it stood when it was first asked for."""
        code, out, err = self._finish(("config", "--list", "--show-scope", "-z"), b"", None, OPTIONS)
        if code:
            raise unreadable_configuration(err)
        return parsed(out)

    def run(
        self, *args: str, stdin: bytes = b"", ok: tuple[int, ...] = (0,), env: Mapping[str, str] | None = None
    ) -> bytes:
        """What a git command answers; refused when it ends with another code than those that are all right."""
        code, out, err = self.run_status(*args, stdin=stdin, env=env)
        if code not in ok:
            raise failure(_verb(args), code, err, self.folders)
        return out

    @property
    def folders(self) -> tuple[Path, ...]:
        """Where git keeps the data of this repository."""
        return self.place.git_dir, self.place.common_dir

    def run_status(
        self, *args: str, stdin: bytes = b"", env: Mapping[str, str] | None = None
    ) -> tuple[int, bytes, bytes]:
        """The exit code, the answer and the complaints of a git command."""
        return self._finish(args, stdin, env, self._options)

    def stream(self, *args: str) -> Iterator[bytes]:
        """The answer of a git command in pieces, as it comes; the command is ended when the reader stops early."""
        with self.converse(*args) as talk:
            talk.hang_up()
            while piece := talk.read_some():
                yield piece
            talk.finish()

    def stream_records(self, *args: str, separator: bytes = b"\0") -> Iterator[bytes]:
        """The records of an answer, one by one and without their separators."""
        rest = b""
        for piece in self.stream(*args):
            *records, rest = (rest + piece).split(separator)
            yield from records
        if rest:
            yield rest

    @contextlib.contextmanager
    def converse(self, *args: str) -> Iterator[Conversation]:
        """A git command that answers question after question; it does not outlive the `with`."""
        with self._child(args, None, self._options) as child:
            talk = Conversation(_verb(args), child, self.folders)
            try:
                yield talk
            finally:
                _end(child)
                talk.listener.join()
                _close(child)

    @property
    def _options(self) -> tuple[str, ...]:
        return OPTIONS + self._disarmed

    @cached_property
    def _disarmed(self) -> tuple[str, ...]:
        return disarmed(self.settings)

    def _finish(
        self, args: tuple[str, ...], stdin: bytes, env: Mapping[str, str] | None, options: tuple[str, ...]
    ) -> tuple[int, bytes, bytes]:
        with self._child(args, env, options) as child:
            out, err = child.communicate(stdin)
            return child.returncode, out, err

    @contextlib.contextmanager
    def _child(
        self, args: tuple[str, ...], env: Mapping[str, str] | None, options: tuple[str, ...]
    ) -> Iterator[subprocess.Popen[bytes]]:
        scrub_environment()
        from git.cmd import Git as Command
        from git.exc import GitCommandNotFound

        place = self.place
        here = (f"--git-dir={place.git_dir}", f"--work-tree={place.top}")
        try:
            guard = Command(place.top).execute(
                ["git", *options, *here, *args],
                istream=subprocess.PIPE,
                as_process=True,
                strip_newline_in_stdout=False,
                env={**CHILD, **(env or {})},
            )
        except GitCommandNotFound:
            raise not_started(None) from None
        except OSError as reason:
            raise not_started(reason) from None
        child = cast("subprocess.Popen[bytes]", guard.proc)
        try:
            yield child
        finally:
            _end(child)
            _close(child)


class Conversation:
    """A running git command that is asked and answers in turn."""

    def __init__(self, verb: str, child: subprocess.Popen[bytes], folders: tuple[Path, ...]) -> None:
        self.listener = threading.Thread(target=self._listen, daemon=True)
        self._verb = verb
        self._folders = folders
        self._child = child
        self._in, self._out, self._err = cast("_Pipes", (child.stdin, child.stdout, child.stderr))
        self._heard = b""
        self.listener.start()

    def ask(self, question: bytes) -> None:
        """Send a question. It must be short enough for a pipe, or be one that git reads whole before it answers."""
        try:
            self._in.write(question)
            self._in.flush()
        except OSError:
            raise self._broken() from None

    def line(self) -> bytes:
        """One line of the answer, without its end."""
        line = self._out.readline()
        if not line.endswith(b"\n"):
            raise self._broken()
        return line[:-1]

    def read(self, size: int) -> bytes:
        """Exactly so many bytes of the answer."""
        data = self._out.read(size)
        if len(data) != size:
            raise self._broken()
        return data

    def read_some(self) -> bytes:
        """The next bytes of the answer, as many as there are; empty at its end."""
        return self._out.read1(CHUNK)

    def hang_up(self) -> None:
        """Say that no question follows."""
        with contextlib.suppress(BrokenPipeError):
            self._in.close()

    def finish(self) -> None:
        """Wait for the end, and refuse when git failed."""
        if self._child.wait():
            raise self._broken()

    def _broken(self) -> Refused:
        _end(self._child)
        self.listener.join()
        return failure(self._verb, self._child.returncode, self._heard, self._folders)

    def _listen(self) -> None:
        with contextlib.suppress(ValueError, OSError):
            for line in self._err:
                if len(self._heard) < CHUNK:
                    self._heard += line


def _end(child: subprocess.Popen[bytes]) -> None:
    """End a process that may still run, gently first."""
    if child.poll() is None:
        child.terminate()
        try:
            child.wait(_PATIENCE)
        except subprocess.TimeoutExpired:
            child.kill()
            child.wait()


def _close(child: subprocess.Popen[bytes]) -> None:
    for pipe in (child.stdin, child.stdout, child.stderr):
        if pipe:
            with contextlib.suppress(OSError):
                pipe.close()


def _verb(args: tuple[str, ...]) -> str:
    """The subcommand, which comes after any `-c` options of its own."""
    words = iter(args)
    for word in words:
        if word == "-c":
            next(words, None)
        else:
            return word
    return ""
