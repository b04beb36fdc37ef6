"""How many controls of each standard have which verdict on five days: nothing that changes the code may change them.

Where the story or a standard changes, make the counts anew, and look at each line that differs:
`python -m tests.demonstration.test_verdicts > tests/demonstration/verdicts.txt`.
"""

from __future__ import annotations

import tempfile
from collections import Counter
from datetime import date
from pathlib import Path

from compliance.cli.workspace.replay import DemoBuilt, build_demo
from compliance.domain.assessment.assess import Assessor
from compliance.ledger.opening import open_ledger, open_workspace
from compliance.workspace.shipped import shipped_demonstration

from .test_demo import HORIZON

DAYS = (date(2026, 3, 1), date(2026, 7, 15), date(2026, 11, 30), date(2027, 3, 31), date(2028, 2, 29))
COUNTS = Path(__file__).parent / "verdicts.txt"


def counted(directory: Path) -> list[str]:
    """A line for each day, scope and standard: the verdicts that its controls have, and how many have each."""
    ledger = open_ledger(open_workspace(directory))
    lines = []
    for day in DAYS:
        assessor = Assessor(ledger, day, ledger.day, HORIZON)
        for scope in ledger.settings.scopes:
            for standard in assessor.assess(scope).standards:
                verdicts = Counter(control.verdict.value for control in standard.controls if control.counts)
                counts = ", ".join(f"{count} {verdict}" for verdict, count in sorted(verdicts.items()))
                lines.append(f"{day} {scope.id} {standard.standard}: {counts}")
    return lines


def test_the_verdicts_are_what_they_were(demo: DemoBuilt):
    assert counted(demo.directory) == COUNTS.read_text(encoding="utf-8").splitlines()


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as folder:
        build_demo(Path(folder) / "demo", shipped_demonstration())
        print("\n".join(counted(Path(folder) / "demo")))  # noqa: T201 - this is its answer
