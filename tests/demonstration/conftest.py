"""What the demonstration is made from."""

from __future__ import annotations

import pytest

from compliance.cli.workspace.replay import SCRIPT
from compliance.operations.workspace.script import Step, parse_script
from compliance.workspace.shipped import shipped_demonstration


@pytest.fixture(scope="session")
def steps() -> tuple[Step, ...]:
    """The script as it is written."""
    return parse_script((shipped_demonstration() / SCRIPT).read_text(encoding="utf-8"), SCRIPT)
