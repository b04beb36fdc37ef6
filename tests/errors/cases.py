"""A case: what is spoilt, the command that meets it, and what it must say. One file for each, in `cases/`.

about     what is wrong
run       the command line, in the workspace; files to be filed lie in ../desk
exit      its exit code
err, out  what it says, to the letter; the bench's folder is written /bench, and what it quotes of git is written …;
          “a, …, z” stands for choices that may grow
prepare   a shell script that spoils what files cannot, run in the workspace when the files below lie there
stdin     what is typed or piped in
process   true: only a process of its own shows it
changes   true: the command does its work, because the input only looks bad
[environment]  variables for the command
[committed]    files of the workspace, committed before the script runs
[lying]        files of the workspace that are not committed
[desk]         files to be filed
"""

from __future__ import annotations

import os
import re
import shlex
import subprocess
import tomllib
from pathlib import Path

import msgspec

from ..builders.running import Answer
from ..builders.town import commit, write
from .bench import Bench

FOLDER = Path(__file__).parent / "cases"


class Case(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One bad input."""

    about: str
    run: str
    exit: int
    err: str = ""
    out: str = ""
    prepare: str = ""
    stdin: str = ""
    process: bool = False
    changes: bool = False
    environment: dict[str, str] = {}
    committed: dict[str, str] = {}
    lying: dict[str, str] = {}
    desk: dict[str, str] = {}

    def expected(self, answer: Answer) -> Answer:
        """What it must say; choices that are left out are those of the answer, if all else is to the letter."""
        return Answer(self.exit, filled(self.out, answer.out), filled(self.err, answer.err))


def filled(expected: str, actual: str) -> str:
    """The actual text where it differs from what is expected only by the words for `, …, `; else what is expected."""
    pattern = r", (?:[\w-]+, )*".join(re.escape(part) for part in expected.split(", …, "))
    return actual if re.fullmatch(pattern, actual) else expected


def all_cases() -> list[Path]:
    """Every case's file."""
    return sorted(FOLDER.glob("**/*.toml"))


def read_case(file: Path) -> Case:
    """A case from its file."""
    return msgspec.convert(tomllib.loads(file.read_text(encoding="utf-8")), Case)


def prepare(bench: Bench, case: Case) -> None:
    """Lays everything out as the case wants it."""
    write(bench.desk, {"scan-2024-12-31.txt": "Nothing found.\n", **case.desk})
    if case.committed:
        write(bench.top, case.committed)
        commit(bench.top)
    write(bench.top, case.lying)
    if case.prepare:
        subprocess.run(["sh", "-euc", case.prepare], cwd=bench.top, check=True, capture_output=True)
    os.environ.update({name: text.replace("/bench", str(bench.folder)) for name, text in case.environment.items()})


def run_case(bench: Bench, case: Case, apart: bool) -> Answer:
    """Runs the command of a case, in this process or in one of its own."""
    arguments = [part.replace("/bench", str(bench.folder)) for part in shlex.split(case.run)]
    return (bench.start if apart else bench.run)(arguments, case.stdin.encode())
