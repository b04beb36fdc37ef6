"""`python -m tests.mutants [SAMPLE [SEED [PATH…]]]`: how many small mistakes the tests notice.

Puts mistakes into copies of the modules below each PATH (`domain/assessment` and `domain/due`, unless it says
otherwise), one at a time, and runs the tests of the domain on each, then the second judge and whole answers: a SAMPLE
of them, drawn by a SEED. Prints which survived, and ends with 1 where fewer than nine in ten were noticed.
"""

from __future__ import annotations

import os
import random
import shutil
import subprocess
import sys
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from queue import SimpleQueue

from .mutating import Mutant, mutants_of

TOP = Path(__file__).parents[2]
PATHS = ("compliance/domain/assessment", "compliance/domain/due")
SAMPLE, SEED, LEAST = 300, 1, 0.9
WORKERS = max(2, (os.cpu_count() or 2) // 2)
SLOW = {"test_ten_years.py", "test_crosswalk.py", "test_versions_of_standards.py"}
"""Tests of the domain that tell nothing of how an expectation stands, or long after others have told it."""
FURTHER = (
    "tests/reports/test_narrowing.py",
    "tests/cli/test_golden.py",
    "tests/cli/test_today.py",
    "tests/cli/test_plan.py",
    "tests/oracle/test_cases.py",
    "tests/oracle/test_reference.py",
)
"""What else tells how the domain judges: whole answers, and the second judge."""
COPIED = ("compliance", "tests", "standards", "templates", "docs", "pyproject.toml", "README.md")
BYTECODE = shutil.ignore_patterns("__pycache__")


def main(arguments: list[str]) -> int:
    """Runs the sample and prints what survived."""
    sample = int(arguments[0]) if arguments else SAMPLE
    seed = int(arguments[1]) if arguments[1:] else SEED
    paths = arguments[2:] or PATHS
    modules = [module.relative_to(TOP) for path in paths for module in _modules(TOP / path)]
    mutants = [mutant for module in modules for mutant in mutants_of(module, TOP)]
    chosen = random.Random(seed).sample(mutants, min(sample, len(mutants)))
    with tempfile.TemporaryDirectory() as folder:
        copies: SimpleQueue[Path] = SimpleQueue()
        for number in range(WORKERS):
            copies.put(_copy(Path(folder) / str(number)))
        began = time.monotonic()
        copy = copies.get()
        if not _passes(copy, None):
            sys.stderr.write("The tests fail before anything is changed.\n")
            return 2
        copies.put(copy)
        limit = 3 * (time.monotonic() - began) + 10
        with ThreadPoolExecutor(WORKERS) as pool:
            survived = [mutant for mutant in pool.map(lambda mutant: _tried(mutant, copies, limit), chosen) if mutant]
    killed = len(chosen) - len(survived)
    lines = [f"{len(mutants)} mutants, {len(chosen)} run, {killed} killed, {len(survived)} survived", ""]
    sys.stdout.write("\n".join([*lines, *map(str, survived)]) + "\n")
    return 0 if killed >= LEAST * len(chosen) else 1


def _modules(path: Path) -> list[Path]:
    return [path] if path.is_file() else sorted(path.rglob("*.py"))


def _copy(folder: Path) -> Path:
    folder.mkdir()
    for name in COPIED:
        source = TOP / name
        if source.is_dir():
            shutil.copytree(source, folder / name, ignore=BYTECODE)
        else:
            shutil.copy(source, folder / name)
    return folder


def _tried(mutant: Mutant, copies: SimpleQueue[Path], limit: float) -> Mutant | None:
    """The mutant, if no test noticed it."""
    folder = copies.get()
    module = folder / mutant.path
    original = module.read_text(encoding="utf-8")
    module.write_text(mutant.source, encoding="utf-8")
    try:
        survived = _passes(folder, limit)
    finally:
        module.write_text(original, encoding="utf-8")
        copies.put(folder)
    sys.stderr.write(f"survived: {mutant}\n" if survived else ".")
    sys.stderr.flush()
    return mutant if survived else None


def _passes(folder: Path, limit: float | None) -> bool:
    """Whether the tests pass in a copy within the limit, quick ones first; one that never ends does not."""
    tests = sorted((folder / "tests/domain").glob("test_*.py"), key=lambda test: ("properties" in test.name, test.name))
    chosen = [str(test.relative_to(folder)) for test in tests if test.name not in SLOW] + list(FURTHER)
    command = [sys.executable, "-B", "-m", "pytest", "-x", "-q", "-n", "0", "-p", "no:cacheprovider", *chosen]
    environment = {**os.environ, "PYTHONPATH": str(folder)}
    environment.pop("SOAK", None)
    try:
        ended = subprocess.run(command, cwd=folder, env=environment, capture_output=True, timeout=limit, check=False)
    except subprocess.TimeoutExpired:
        return False
    return ended.returncode == 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
