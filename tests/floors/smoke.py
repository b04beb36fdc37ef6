"""Imports every module and runs the commands of a working day, with whatever releases are installed.

Run by `make floors` with the lowest ones that `pyproject.toml` allows. Ends at the first thing that fails.
"""

from __future__ import annotations

import importlib
import os
import pkgutil
import subprocess
import sys
import tempfile
from importlib.metadata import version
from pathlib import Path

from declared import floors

import compliance

CONTROL = "pci-dss:11.3.2#asv"
TABLE = "id,title\n1,Locks\n1.1,Doors are locked at night\n"
OSCAL = """{"catalog": {"uuid": "5d1f8a40-7bd1-4b5c-9d7e-5a7a6a3a9d10",
"metadata": {"title": "Rules of the pool", "last-modified": "2026-01-05T09:00:00Z", "version": "1",
"oscal-version": "1.1.2"}, "controls": [{"id": "p-1", "title": "Doors are locked at night"}]}}
"""
COMMANDS = """
--version
--help
init . --organisation Example --scope corporate --standard pci-dss --profile pci-dss=saq-d-merchant
standards list
standards find scan
standards show pci-dss:11.3.2
standards import ../rules.csv --id rules
standards import ../pool.json --id pool
standards export pci-dss -o ../pci-dss.json
standards export pci-dss -o ../pci-dss.csv
standards export pci-dss -o ../pci-dss.xlsx
standards import ../pci-dss.xlsx --id copied
evidence add ../2026-01-05-scan.txt -c CONTROL -k scan -r pass
evidence list
evidence list --json
gaps --summary
gaps --csv
gaps --json --on 2026-09-30
gaps --explain pci-dss:11.3.2
renewals
today
plan
check
doctor
action add Locks --due 2026-12-01 --owner Clerk
action list
report gaps -o ../gaps.md
report gaps -o ../gaps.html
report programme -o ../programme.html
applicability start pci-dss
report soa -o ../soa.html
report renewals -o ../renewals.md
"""


def main() -> None:
    """Says what is installed, imports, and runs; raises for what fails."""
    for requirement in floors():
        name, _, release = requirement.partition("==")
        print(f"{name} {version(name)} (at least {release})")
    for module in pkgutil.walk_packages(compliance.__path__, "compliance."):
        if not module.name.endswith("__main__"):
            importlib.import_module(module.name)
    with tempfile.TemporaryDirectory() as folder:
        run_commands(Path(folder))
    print("Every module is there, and every command runs.")


def run_commands(folder: Path) -> None:
    """A workspace made, filled and asked, and the demonstration; the exit codes are 0 for done and 1 for gaps."""
    work = folder / "work"
    work.mkdir()
    (folder / "rules.csv").write_text(TABLE)
    (folder / "pool.json").write_text(OSCAL)
    (folder / "2026-01-05-scan.txt").write_text("Nothing found.\n")
    people = {"NAME": "A. Officer", "EMAIL": "a.officer@example.org"}
    environment = os.environ | {
        "HOME": str(folder),
        "XDG_CONFIG_HOME": str(folder / ".config"),
        **{f"GIT_{role}_{part}": text for role in ("AUTHOR", "COMMITTER") for part, text in people.items()},
    }
    for line in [*COMMANDS.split("\n"), f"demo {folder / 'demo'}", f"-C {folder / 'demo'} gaps --on 2026-12-01"]:
        if line:
            command = [sys.executable, "-m", "compliance", *line.replace("CONTROL", CONTROL).split()]
            done = subprocess.run(command, cwd=work, env=environment, capture_output=True, text=True, check=False)
            if done.returncode not in {0, 1} or "Traceback" in done.stderr:
                raise SystemExit(f"compliance {line}\nended with {done.returncode}\n{done.stdout}{done.stderr}")


if __name__ == "__main__":
    main()
