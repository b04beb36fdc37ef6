"""What everyday commands cost beside a floor measured in the same run: `make bench-quick`, under three minutes.

Every figure is CPU time of a whole process tree, user and system, as the median of a few runs. A floor is work that
nothing could do without (importing the libraries, reading every file through git), run in turn with what it is the
floor of, so that the ratio says the same on a slow machine and on a busy one.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import resource
import shutil
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

from tabulate import tabulate

from .workspaces import LAST_DAY, build

SIZES = (1_000, 20_000)
RESULTS = Path(__file__).parent / "results" / "quick.json"
COMMAND = (sys.executable, "-c", "from compliance.cli.main import main; main()")
IMPORT_CLICK = (sys.executable, "-c", "import click")
IMPORT_ALL = (sys.executable, "-c", "import click, msgspec, tabulate")
READ_ALL = """
import subprocess, yaml
names = subprocess.run(["git", "ls-tree", "-rz", "HEAD"], capture_output=True, check=True).stdout.split(b"\\0")[:-1]
wanted = b"".join(name.split()[2] + b"\\n" for name in names)
answer = subprocess.run(["git", "cat-file", "--batch"], input=wanted, capture_output=True, check=True).stdout
place = 0
for name in names:
    head = answer.index(b"\\n", place)
    size = int(answer[place:head].split()[2])
    if name.endswith(b".yaml"):
        yaml.compose(answer[head + 1 : head + 1 + size], yaml.CSafeLoader)
    place = head + size + 2
"""
"""What the floor of a cold answer runs."""
ON = ("--on", LAST_DAY.isoformat())


@dataclass(frozen=True)
class Measurement:
    """One row of the table; times in milliseconds of CPU."""

    work: str
    pieces: int
    floor: str
    floor_ms: float
    ours_ms: float
    ratio: float
    target: float | None


class Bench:
    """A workspace of a size, in a folder of its own, and a user who has nothing set up but a name."""

    def __init__(self, folder: Path, pieces: int, most: int | None = None) -> None:
        self.top = folder / f"workspace-{pieces}"
        self.pieces = pieces
        self.environment = {name: text for name, text in os.environ.items() if not name.startswith("GIT_")} | {
            "HOME": str(folder),
            "XDG_CONFIG_HOME": str(folder / ".config"),
            "XDG_STATE_HOME": str(folder / ".local" / "state"),
        }
        (folder / ".gitconfig").write_text("[user]\n\tname = A. Officer\n\temail = a.officer@example.org\n")
        self.number = 0
        self.most = most
        build(self.top, pieces)

    def cpu(self, command: Sequence[str], stdin: bytes = b"") -> float:
        """Milliseconds of CPU that a command and its children take. Raises CalledProcessError where it fails."""
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        subprocess.run(command, cwd=self.top, env=self.environment, input=stdin, capture_output=True, check=True)
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        return 1000 * (after.ru_utime - before.ru_utime + after.ru_stime - before.ru_stime)

    def git(self, *arguments: str, stdin: bytes = b"") -> bytes:
        """What git answers."""
        return subprocess.run(
            ["git", *arguments], cwd=self.top, env=self.environment, input=stdin, capture_output=True, check=True
        ).stdout

    def ours(self, *arguments: str) -> float:
        """The same for a command of the product."""
        return self.cpu((*COMMAND, *arguments))

    def warm(self, *arguments: str) -> Callable[[], float]:
        """A command whose answer rests on a cache that is up to date."""
        return lambda: self.ours(*arguments)

    def cold(self) -> float:
        """The gaps when no cache is there."""
        shutil.rmtree(self.top / ".compliance", ignore_errors=True)
        return self.ours("gaps", *ON)

    def refreshed(self) -> float:
        """The gaps after one commit that adds one file of evidence beside a record."""
        self.number += 1
        name = f"evidence/{LAST_DAY:%Y/%m}/{LAST_DAY}-minutes-{self.number}.{self.number:08}.txt"
        record = f"id: E-{self.number:08}\nkind: minutes\ndate: {LAST_DAY}\ncontrols: ['iso27001:9.3.1']\n"
        for path, text in ((name, f"Minutes {self.number}\n"), (f"{name}.evidence.yaml", record)):
            (self.top / path).write_text(text)
            self.git("add", path)
        self.git("commit", "-q", "-m", f"Minutes {self.number}")
        return self.ours("gaps", *ON)

    def added(self) -> float:
        """Filing one file."""
        self.number += 1
        file = self.top.parent / f"{LAST_DAY}-minutes-{self.number}.txt"
        file.write_text(f"Minutes, number {self.number}\n")
        return self.ours("evidence", "add", str(file), "-c", "iso27001:9.3.1", "-k", "minutes", "--no-suggest")

    def read_all(self) -> float:
        """Reading every file of the last commit through git, and parsing all that is YAML with the C parser."""
        return self.cpu((sys.executable, "-c", READ_ALL))

    def commit_by_git(self) -> float:
        """Two files written, put into the index and committed by plain git; the branch stays where it is."""
        self.number += 1
        folder = f"evidence/{LAST_DAY:%Y/%m}"
        total = 0.0
        for name in (f"{folder}/a{self.number}.txt", f"{folder}/a{self.number}.txt.evidence.yaml"):
            text = f"{name} {self.number}\n".encode()
            total += self.cpu(["git", "hash-object", "-w", "--stdin"], text)
            oid = self.git("hash-object", "-w", "--stdin", stdin=text).decode().strip()
            total += self.cpu(["git", "update-index", "--add", "--cacheinfo", f"100644,{oid},{name}"])
        total += self.cpu(["git", "write-tree"])
        tree = self.git("write-tree").decode().strip()
        total += self.cpu(["git", "commit-tree", "-p", "HEAD", "-m", "Add", tree])
        commit = self.git("commit-tree", "-p", "HEAD", "-m", "Add", tree).decode().strip()
        total += self.cpu(["git", "update-ref", "refs/heads/floor", commit])
        self.git("read-tree", "HEAD")
        return total

    def compare(
        self,
        work: str,
        ours: Callable[[], float],
        floor: str,
        lowest: Callable[[], float],
        target: float | None = None,
        runs: int = 5,
    ) -> Measurement:
        """A row: both run in turn, each as often as said."""
        pairs = [(lowest(), ours()) for _ in range(min(runs, self.most or runs))]
        floor_ms = statistics.median(pair[0] for pair in pairs)
        ours_ms = statistics.median(pair[1] for pair in pairs)
        ratio = round(ours_ms / max(floor_ms, 0.1), 2)
        return Measurement(work, self.pieces, floor, round(floor_ms, 1), round(ours_ms, 1), ratio, target)


def measure(folder: Path, pieces: int, most: int | None = None) -> list[Measurement]:
    """All rows of one size, no command run more often than `most`."""
    bench = Bench(folder, pieces, most)
    libraries = "import click, msgspec, tabulate"

    def imports() -> float:
        return bench.cpu(IMPORT_ALL)

    return [
        bench.compare("gaps, cold", bench.cold, "git cat-file, YAML parsed", bench.read_all, 1.5, runs=2),
        bench.compare("--help", bench.warm("--help"), "import click", lambda: bench.cpu(IMPORT_CLICK), 1.5, runs=7),
        bench.compare("gaps, warm", bench.warm("gaps", *ON), libraries, imports, 2.0, runs=7),
        bench.compare("today, warm", bench.warm("today", *ON), libraries, imports),
        bench.compare("plan, warm", bench.warm("plan", *ON), libraries, imports, runs=3),
        bench.compare("gaps, one commit later", bench.refreshed, "gaps, warm", bench.warm("gaps", *ON), 2.0, runs=3),
        bench.compare("evidence add", bench.added, "a commit by plain git", bench.commit_by_git, 3.0, runs=3),
    ]


def table(rows: Sequence[Measurement]) -> str:
    """The rows for people."""
    return tabulate(
        [
            (
                row.work,
                f"{row.pieces:,}",
                f"{row.ours_ms:.0f}",
                row.floor,
                f"{row.floor_ms:.0f}",
                f"{row.ratio:.2f}",
                "–" if row.target is None else f"{row.target:g}",
            )
            for row in rows
        ],
        headers=("Work", "Pieces", "ms", "Floor", "ms", "Ratio", "Target"),
        colalign=("left", "right", "right", "left", "right", "right", "right"),
        disable_numparse=True,
    )


def main() -> None:
    """Measures, prints a table, and records the figures."""
    parser = argparse.ArgumentParser(description=str(__doc__).partition("\n")[0])
    parser.add_argument("--sizes", type=int, nargs="+", default=SIZES, help="pieces of evidence in each workspace")
    parser.add_argument("--runs", type=int, help="how often a command is run at most")
    parser.add_argument("--output", type=Path, default=RESULTS, help="where the figures are recorded")
    chosen = parser.parse_args()
    rows: list[Measurement] = []
    with tempfile.TemporaryDirectory() as folder:
        for pieces in chosen.sizes:
            rows += measure(Path(folder), pieces, chosen.runs)
    print(table(rows))
    git = subprocess.run(["git", "--version"], capture_output=True, text=True, check=True).stdout.split()[2]
    figures = {
        "format_version": 1,
        "python": platform.python_version(),
        "git": git,
        "processors": os.cpu_count(),
        "measurements": [asdict(row) for row in rows],
    }
    chosen.output.parent.mkdir(parents=True, exist_ok=True)
    chosen.output.write_text(json.dumps(figures, indent=2) + "\n")


if __name__ == "__main__":
    main()
