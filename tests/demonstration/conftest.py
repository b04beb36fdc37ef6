"""One demonstration workspace for all tests that only look at it."""

from __future__ import annotations

import importlib.resources

import pytest

from compliance.operations.workspace.demo import DemoBuilt, build_demo
from compliance.operations.workspace.demonstration.story import Story, read_story
from compliance.workspace.shipped import shipped_catalogues


@pytest.fixture(scope="session")
def demo(tmp_path_factory: pytest.TempPathFactory) -> DemoBuilt:
    """The workspace as a new user makes it."""
    return build_demo(tmp_path_factory.mktemp("demo") / "thornmere", shipped_catalogues())


@pytest.fixture(scope="session")
def story() -> Story:
    """The story as it is written."""
    return read_story(importlib.resources.files("compliance.operations.workspace.demonstration"))
