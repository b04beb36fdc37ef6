"""A history as a script: command lines as somebody would type them, each with its day, its hour and its person."""

from __future__ import annotations

import re
import shlex
from datetime import datetime
from zoneinfo import ZoneInfo

import msgspec

from compliance.gitrepo.writing.batch import Identity
from compliance.problems import Location, Problem, Refused

_CLOCKS = re.compile(r"# Clocks: (\S+)")
_PERSON = re.compile(r"# (\S[^<>]*) <(\S+@\S+)>")
_STEP = re.compile(r"# (\d{4}-\d{2}-\d{2} \d{2}:\d{2}) (.+)")
_IDS = re.compile(r"\s# ([A-Z]-[0-9A-Z]{8}(?: [A-Z]-[0-9A-Z]{8})*)$")


class ScriptLine(msgspec.Struct, frozen=True):
    """A command line: its words, the ids of the records that it makes, and the number of its first line in the file."""

    words: tuple[str, ...]
    identifiers: tuple[str, ...]
    number: int


class Step(msgspec.Struct, frozen=True):
    """What somebody did at one time."""

    moment: datetime
    author: Identity
    lines: tuple[ScriptLine, ...]


def parse_script(text: str, name: str) -> tuple[Step, ...]:
    """The steps of a script, in the order in which they stand.

    `# Clocks: Europe/London` says where the clocks stand, and `# Name <address>` who takes part; both come before the
    first step. `# 2026-03-09 14:20 Name` begins a step, and every other line that begins with `#` is a remark. A line
    that ends with a backslash goes on in the next. Behind a command, ` # E-7K2M9QXT` names the records that it makes.

    Raises Refused with every line that cannot be read.
    """
    reader = _ScriptReader(name)
    number, pending = 0, ""
    for count, written in enumerate(text.splitlines(), 1):
        if not pending:
            number = count
        pending += written.strip()
        if pending.endswith("\\"):
            pending = pending[:-1]
            continue
        reader.take(pending, number)
        pending = ""
    return reader.steps()


class _ScriptReader:
    """Reads one line after another, and remembers what is wrong."""

    def __init__(self, name: str) -> None:
        self._name = name
        self._zone: ZoneInfo | None = None
        self._people: dict[str, Identity] = {}
        self._steps: list[tuple[datetime, Identity, list[ScriptLine]]] = []
        self._problems: list[Problem] = []

    def steps(self) -> tuple[Step, ...]:
        if self._problems:
            raise Refused(self._problems)
        return tuple(Step(moment, author, tuple(lines)) for moment, author, lines in self._steps)

    def take(self, line: str, number: int) -> None:
        if heading := _STEP.fullmatch(line):
            self._begin(heading[1], heading[2], number)
        elif clocks := _CLOCKS.fullmatch(line):
            self._zone = ZoneInfo(clocks[1])
        elif person := _PERSON.fullmatch(line):
            self._people[person[1]] = Identity(person[1], person[2])
        elif line and not line.startswith("#"):
            self._command(line, number)

    def _begin(self, when: str, who: str, number: int) -> None:
        if self._zone is None or who not in self._people:
            missing = f"who {who} is" if self._zone else "where the clocks stand"
            self._wrong(number, f"it is not said before {missing}", "see the lines at the top of the script")
            return
        moment = datetime.strptime(when, "%Y-%m-%d %H:%M").replace(tzinfo=self._zone)
        if self._steps and moment < self._steps[-1][0]:
            self._wrong(number, "this is earlier than the step before it", "put the steps in the order of their times")
        self._steps.append((moment, self._people[who], []))

    def _command(self, line: str, number: int) -> None:
        made = _IDS.search(line)
        try:
            words = shlex.split(line[: made.start()] if made else line)
        except ValueError:
            self._wrong(number, "a quotation mark is not closed", "close it, or write it with a backslash before it")
            return
        if not self._steps:
            self._wrong(number, "nobody does this", "write “# YYYY-MM-DD HH:MM Name” above it")
            return
        self._steps[-1][2].append(ScriptLine(tuple(words), tuple(made[1].split()) if made else (), number))

    def _wrong(self, number: int, sentence: str, hint: str) -> None:
        self._problems.append(Problem(sentence, Location(self._name, number), hint))
