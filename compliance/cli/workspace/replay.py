"""A script of command lines, run one after another through the commands themselves, in memory."""

from __future__ import annotations

import contextlib
import io
from collections.abc import Sequence
from datetime import date
from pathlib import Path

import click
import msgspec

from compliance.cli.main import compliance
from compliance.cli.misuse import misuse
from compliance.cli.session import Surroundings
from compliance.domain.ledger.ledger import Ledger
from compliance.domain.ledger.roles import Role, role_of
from compliance.gitrepo.process.probe import RepositoryPlace
from compliance.gitrepo.process.process import Git
from compliance.gitrepo.writing.batch import Batch
from compliance.gitrepo.writing.creation import initialise
from compliance.ledger.opening import Workspace
from compliance.ledger.rehearsal import Rehearsal
from compliance.operations.workspace import by_hand
from compliance.operations.workspace.initialise import make_empty
from compliance.operations.workspace.script import ScriptLine, Step, parse_script
from compliance.problems import Location, Problem, Refused

SCRIPT, FILES = "story.txt", "files"
BY_HAND = ("replace", "edit")
"""What has no command yet."""
WORKSPACE = "$DEMO"
"""How a script calls the workspace's folder in the lines that are not commands of ours."""


class DemoBuilt(msgspec.Struct, frozen=True, kw_only=True):
    """A demonstration workspace: its last commit and that commit's day, and how much there is in it."""

    directory: Path
    commit: str
    last_day: date
    commits: int
    evidence_files: int


def build_demo(directory: Path, source: Path) -> DemoBuilt:
    """Make the demonstration workspace in a folder that is new or empty.

    `source` is the folder with the script and, in `files`, what it brings in. Refused: a folder with something in it, a
    path that is no folder, and a script of which a line cannot be read or is refused.
    """
    script = source / SCRIPT
    steps = parse_script(script.read_text(encoding="utf-8"), script.name)
    make_empty(directory)
    repository = initialise(directory.resolve())
    replay = Replay(repository, steps[0], script.name)
    with contextlib.chdir(source / FILES):
        for step in steps:
            replay.play(step)
    commit = replay.batch.write(Git(repository))
    return DemoBuilt(
        directory=directory,
        commit=commit,
        last_day=steps[-1].moment.date(),
        commits=replay.batch.count,
        evidence_files=sum(1 for entry in replay.batch.entries() if is_evidence_file(entry.path)),
    )


def is_evidence_file(path: str) -> bool:
    """Whether a path of the demonstration is a piece of evidence: no record, no rules, no register."""
    return role_of(path) in {Role.EVIDENCE, Role.MARKDOWN}


class Replay:
    """Runs the lines of a script, and keeps what they record in a batch.

    Each line runs at the time and in the name of its step, and what it makes gets the ids that stand behind it: no
    clock, no settings of git and no chance have a part in it.
    """

    def __init__(self, repository: RepositoryPlace, first: Step, name: str) -> None:
        self.batch = Batch(repository.top, first.author, first.moment)
        self.rehearsal = Rehearsal(repository, self.batch, self._draw)
        self._name = name
        self._identifiers: list[str] = []
        self._copied: dict[str, Path] = {}

    def play(self, step: Step) -> None:
        """Does what a step says. Raises Refused at the first line that is refused, with its place in the script."""
        self.batch.author, self.batch.moment = step.author, step.moment
        for line in step.lines:
            self.run(line)

    def run(self, line: ScriptLine) -> None:
        """Runs one line. Raises Refused if it is refused, or does not make as many records as it says."""
        self._identifiers = list(line.identifiers)
        try:
            self._do(line.words)
        except Refused as refusal:
            place = Location(self._name, line.number)
            raise Refused([Problem("this line is refused", place), *refusal.problems]) from None
        except click.ClickException as error:
            raise self._wrong(line, misuse(error, compliance, line.words[1:]).sentence) from None
        if self._identifiers:
            raise self._wrong(line, f"no record was made for {', '.join(self._identifiers)}")

    def _do(self, words: tuple[str, ...]) -> None:
        match words:
            case ("compliance", *arguments):
                self._command(arguments)
            case ("cp", source, target):
                self._copied[target.removeprefix(f"{WORKSPACE}/")] = Path(source)
            case ("git", "-C", _, "add", "--all"):
                pass  # the commit takes everything that was copied
            case ("git", "-C", _, "commit", "-m", message):
                self.batch.record(self._copied, message)
                self._copied = {}
            case ("replace", identifier, file):
                by_hand.replace(*self._opened(), identifier, Path(file))
            case ("edit", identifier, *fields):
                by_hand.edit(*self._opened(), identifier, dict(field.split("=", 1) for field in fields))
            case _:
                raise Refused([Problem(f"a script cannot say “{' '.join(words)}”")])

    def _command(self, arguments: Sequence[str]) -> None:
        around = Surroundings(rehearsal=self.rehearsal)
        with contextlib.redirect_stdout(io.StringIO()), contextlib.redirect_stderr(io.StringIO()):
            compliance.main(args=list(arguments), prog_name="compliance", standalone_mode=False, obj=around)

    def _opened(self) -> tuple[Workspace, Ledger]:
        return self.rehearsal.workspace(), self.rehearsal.ledger()

    def _draw(self, prefix: str) -> str:
        if not self._identifiers or not self._identifiers[0].startswith(f"{prefix}-"):
            raise Refused([Problem(f"the line does not say which id of {prefix}-… the record gets")])
        return self._identifiers.pop(0)

    def _wrong(self, line: ScriptLine, sentence: str) -> Refused:
        return Refused([Problem(sentence, Location(self._name, line.number))])
