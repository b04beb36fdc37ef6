"""One demonstration workspace for all tests that only look at it."""

from __future__ import annotations

import pytest

from compliance.cli.workspace.replay import SCRIPT, DemoBuilt, build_demo
from compliance.operations.workspace.script import Step, parse_script
from compliance.workspace.shipped import shipped_demonstration


@pytest.fixture(scope="session")
def demo(tmp_path_factory: pytest.TempPathFactory) -> DemoBuilt:
    """The workspace as a new user makes it."""
    return build_demo(tmp_path_factory.mktemp("demo") / "thornmere", shipped_demonstration())


@pytest.fixture(scope="session")
def steps() -> tuple[Step, ...]:
    """The script as it is written."""
    return parse_script((shipped_demonstration() / SCRIPT).read_text(encoding="utf-8"), SCRIPT)
