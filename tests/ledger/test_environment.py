"""What `doctor` says of the libraries: their floors are those that the package declares."""

from __future__ import annotations

import tomllib
from pathlib import Path

from compliance.ledger.environment import FLOORS, libraries

PROJECT = Path(__file__).resolve().parents[2] / "pyproject.toml"


def test_each_floor_is_the_one_that_is_declared():
    declared = dict(line.split(">=") for line in tomllib.loads(PROJECT.read_text())["project"]["dependencies"])
    assert {name: ".".join(map(str, floor)) for name, floor in FLOORS.items()} == {
        name: declared[name] for name in FLOORS
    }


def test_the_libraries_that_are_installed_here_are_well():
    observations = libraries()
    assert [observation.topic for observation in observations] == ["compliance", "Python", *FLOORS]
    assert [observation for observation in observations if not observation.well] == []
