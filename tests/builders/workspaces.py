"""A small workspace in a real repository, written file by file and committed on days of our choosing."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from collections.abc import Mapping
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import Any

from compliance.domain.ledger.ledger import Ledger
from compliance.domain.ledger.records import Evidence
from compliance.gitrepo.process.probe import locate
from compliance.gitrepo.process.process import Git
from compliance.gitrepo.writing.recording import Authorship, Identity, record
from compliance.ledger.opening import open_ledger, open_workspace

from .running import Answer, environment, run_apart, run_here

OFFICER = Identity("A. Officer", "a.officer@example.org")

CONFIGURATION = """\
format = 1
organisation = "Exampleton Borough Council"
time-zone = "Europe/London"
bank-holidays = "GB-ENG"
horizon = "60 days"
classifications = ["PUBLIC", "OFFICIAL", "OFFICIAL-SENSITIVE"]

[[scopes]]
id = "corporate"
title = "Corporate network and services"

[[standards]]
standard = "acme@1"
"""

CATALOGUE = """\
id: acme
version: 1
title: Acme Code of Practice
short: Acme
publisher: The Example Standards Body
wording: Invented for tests.
events:
  - {id: starter, title: Somebody starts}
scheme:
  holding: certificate
  term: 3 years
  events:
    - {id: stage-2, title: Stage 2 audit, role: audit, opens-cycle: true}
    - {id: surveillance, title: Surveillance audit, role: audit, each-calendar-year: true, first-within: 12 months}
    - {id: recertification, title: Recertification audit, role: audit, before: expiry, lead: 3 months,
       opens-cycle: true}
controls:
  - id: A
    title: Technology
    controls:
      - id: A.1
        title: Vulnerability scans
        assessable: true
        summary: The network is scanned from outside every three months.
        expects:
          - {id: scan, kind: scan, every: 3 months, grace: 3 days, basis: mandated, what: The scanner's report}
      - id: A.2
        title: Firewall rules
        assessable: true
        summary: The rules of the firewall are known and looked at.
        expects:
          - {id: rules, kind: configuration, max-age: 6 months, what: An export of the rules}
          - {id: review, kind: [minutes, record], max-age: 12 months, basis: advice, what: Notes of a review}
      - id: A.3
        title: Asset register
        assessable: true
        summary: Somebody keeps a list of what there is.
        expects:
          - {id: register, kind: register, max-age: 12 months, what: The register}
  - id: B
    title: People
    excludable: true
    controls:
      - id: B.1
        title: Security policy
        assessable: true
        summary: A policy is in force and has been looked at within a year.
        expects:
          - {id: policy, kind: policy, max-age: 12 months, basis: mandated, what: The policy}
      - id: B.2
        title: Starters
        assessable: true
        summary: Who starts is told the rules within a month.
        expects:
          - {id: induction, kind: training, on: starter, within: 1 month, what: The sheet that was signed}
      - id: B.3
        title: Cover
        assessable: true
        summary: Somebody else can do it.
        expects:
          - id: cover
            any-of:
              - {id: rota, kind: record, max-age: 3 months, what: The rota}
              - {id: contract, kind: contract, once: true, what: A contract for cover}
"""


class Workspace:
    """A repository, worked on as a user would: with plain git, and with the command."""

    def __init__(self, top: Path) -> None:
        self.top = top

    def git(self, *args: str, when: str = "", check: bool = True) -> str:
        """What plain git answers, without what this process has set for its own git."""
        environment = {name: value for name, value in os.environ.items() if not name.startswith("GIT_")}
        if when:
            environment |= {"GIT_AUTHOR_DATE": noon(when).isoformat(), "GIT_COMMITTER_DATE": noon(when).isoformat()}
        completed = subprocess.run(["git", *args], cwd=self.top, capture_output=True, env=environment, check=False)
        assert not check or completed.returncode == 0, (args, completed.stdout, completed.stderr)
        return os.fsdecode(completed.stdout).removesuffix("\n")

    @property
    def head(self) -> str:
        """The commit that is checked out; read without a process of git where that is easy."""
        branch = self.top / ".git" / "refs" / "heads" / "main"
        pointer = self.top / ".git" / "HEAD"
        if branch.is_file() and pointer.read_text() == "ref: refs/heads/main\n":
            return branch.read_text().strip()
        return self.git("rev-parse", "HEAD")

    def write(self, path: str, content: str | bytes) -> Path:
        """A file in the working tree."""
        file = self.top / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(content.encode() if isinstance(content, str) else content)
        return file

    def read(self, path: str) -> str:
        return (self.top / path).read_text()

    def remove(self, path: str) -> None:
        (self.top / path).unlink()

    def commit(self, when: str = "2026-01-05", message: str = "Change", **files: str | bytes) -> str:
        """A commit by plain git of everything that lies here, on a day at noon."""
        for path, content in files.items():
            self.write(path, content)
        self.git("add", "-A")
        self.git("commit", "-q", "--allow-empty", "-m", message, when=when)
        return self.head

    def put(self, files: Mapping[str, str | bytes], when: str = "2026-01-05", message: str = "Change") -> str:
        """The same for files by path."""
        for path, content in files.items():
            self.write(path, content)
        return self.commit(when, message)

    def record(self, files: Mapping[str, str | bytes], when: str, message: str) -> str:
        """A commit by the product itself, of a fixed author on a fixed day: its id is the same everywhere."""
        for path, content in files.items():
            self.write(path, content)
        place = locate(self.top)
        changes = {path: content.encode() if isinstance(content, str) else content for path, content in files.items()}
        authorship = Authorship(OFFICER, noon(when))
        return record(Git(place), changes, message, expected=place.commit, authorship=authorship)

    def clone(self, name: str, *options: str) -> Workspace:
        """A fresh clone beside it."""
        target = self.top.with_name(name)
        self.git("clone", "-q", *options, self.top.as_uri(), str(target))
        return Workspace(target)

    def run(self, *args: str, stdin: bytes = b"", columns: int = 80) -> Answer:
        """Runs `compliance` here, in this process."""
        with environment(COLUMNS=str(columns)):
            return run_here(["-C", str(self.top), *args], stdin)

    def start(self, *args: str, stdin: bytes = b"", **variables: str) -> Answer:
        """Runs `compliance` here as a process of its own."""
        return run_apart(["-C", str(self.top), *args], stdin, **variables)

    @property
    def ledger(self) -> Ledger:
        """What the last commit says, read as any command reads it."""
        return open_ledger(open_workspace(self.top))

    def evidence(self, path: str) -> Evidence:
        """The only piece of evidence that a file is."""
        (piece,) = [item for item in self.ledger.evidence if item.path == path]
        return piece


def begin_workspace(top: Path, **more: str | bytes) -> Workspace:
    """A workspace with the catalogue above in use, committed on 2025-11-03: a copy of one that was made once."""
    files: dict[str, str | bytes] = {
        "compliance.toml": CONFIGURATION,
        "standards/acme@1.yaml": CATALOGUE,
        ".gitignore": "/.compliance/\n",
        "evidence/README.md": "Evidence lies here.\n",
    }
    template = _template(tuple((files | more).items()))
    shutil.copytree(template, top, symlinks=True)
    return Workspace(top)


_TEMPLATES: dict[str, Path] = {}


def keep_templates_in(folder: Path) -> None:
    """Says where workspaces lie that are made once and copied; called when the tests begin."""
    _TEMPLATES["folder"] = folder


@cache
def _template(files: tuple[tuple[str, str | bytes], ...]) -> Path:
    """A workspace with these files, made by the product on the first call in this process; to be copied."""
    top = _TEMPLATES["folder"] / str(len(list(_TEMPLATES["folder"].iterdir())))
    top.mkdir()
    workspace = Workspace(top)
    workspace.git("init", "-q", "-b", "main", "--template=")
    (top / ".git" / "info").mkdir()
    workspace.record(dict(files), "2025-11-03", "Begin")
    return top


def described(identifier: str, **fields: Any) -> str:
    """A record's text: its fields as given, lists and mappings in JSON's notation, which is YAML's too."""
    lines = [f"id: {identifier}"]
    for name, value in fields.items():
        text = json.dumps(value) if isinstance(value, list | dict) else str(value)
        lines.append(f"{name.replace('_', '-')}: {text}")
    return "\n".join(lines) + "\n"


def noon(day: str) -> datetime:
    """Midday of a day in UTC: the same day in London whatever the season."""
    return datetime.fromisoformat(day).replace(hour=12, tzinfo=UTC)
