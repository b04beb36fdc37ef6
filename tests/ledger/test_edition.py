"""What another edition of the code made of a file is never shown: the edition is derived from the code itself."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import time
from pathlib import Path

import pytest

from compliance.workspace import edition as editions
from compliance.workspace.edition import LAYERS, PACKAGE, REMEMBERED, edition

from ..builders.workspaces import Workspace, described

RECORD = described("E-7K2M9QXT", title="Policy", kind="policy", date="2025-12-20", controls=["acme:B.1"])
LIST = ("evidence", "list", "--json")
LONG_AGO = 1_700_000_000


@pytest.fixture(autouse=True)
def worked_out_anew():
    edition.cache_clear()
    yield
    edition.cache_clear()


@pytest.fixture
def workspace(workspace: Workspace) -> Workspace:
    workspace.put({"evidence/p.7K2M9QXT.txt.evidence.yaml": RECORD, "evidence/p.7K2M9QXT.txt": "x\n"})
    return workspace


@pytest.fixture
def package(tmp_path: Path) -> Path:
    """A copy of the program, so old that the times of its modules can be trusted."""
    copy = tmp_path / "installed" / "compliance"
    shutil.copytree(PACKAGE, copy, ignore=shutil.ignore_patterns("__pycache__", "demonstration"))
    age(copy)
    return copy


def age(folder: Path) -> None:
    for file in folder.rglob("*.py"):
        os.utime(file, (LONG_AGO, LONG_AGO))


def titles(workspace: Workspace, package: Path) -> list[str]:
    """The titles that the copied program lists, in a process of its own."""
    done = subprocess.run(
        [sys.executable, "-c", "from compliance.cli.main import main; main()", "-C", str(workspace.top), *LIST],
        env={**os.environ, "PYTHONPATH": str(package.parent), "PYTHONDONTWRITEBYTECODE": "1"},
        cwd=package.parent,
        capture_output=True,
        check=True,
    )
    return [piece["title"] for piece in json.loads(done.stdout)["evidence"]]


def test_a_change_of_a_parser_changes_the_answer(workspace, package):
    parser = package / "store" / "records" / "records.py"
    assert titles(workspace, package) == titles(workspace, package) == ["Policy"]
    parser.write_text(
        parser.read_text()
        + "\n\n_parse = parse_record\n\n\ndef parse_record(data, file):\n"
        + '    return _parse(data.replace(b"title: Policy", b"title: Rules"), file)\n'
    )
    assert titles(workspace, package) == ["Rules"]


def test_a_change_of_a_report_leaves_the_edition_as_it_is(package, tmp_path, monkeypatch):
    monkeypatch.setattr(editions, "PACKAGE", package)
    before = edition(tmp_path)
    (package / "reports" / "__init__.py").write_text('"""Another text."""\n')
    edition.cache_clear()
    assert edition(tmp_path) == before
    (package / "domain" / "__init__.py").write_text('"""Another text."""\n')
    edition.cache_clear()
    assert edition(tmp_path) != before


def test_the_same_code_at_another_time_is_the_same_edition(package, tmp_path, monkeypatch):
    monkeypatch.setattr(editions, "PACKAGE", package)
    before = edition(tmp_path)
    for file in package.rglob("*.py"):
        os.utime(file, (LONG_AGO + 1, LONG_AGO + 1))
    edition.cache_clear()
    assert edition(tmp_path) == before


@pytest.mark.parametrize("spoilt", ["", "nonsense", "0" * 64, "0" * 64 + " " + "x" * 64, "é"])
def test_what_is_remembered_of_other_code_is_worked_out_anew(package, tmp_path, monkeypatch, spoilt):
    monkeypatch.setattr(editions, "PACKAGE", package)
    before = edition(tmp_path)
    (tmp_path / REMEMBERED).write_text(spoilt, encoding="utf-8")
    edition.cache_clear()
    assert edition(tmp_path) == before


def test_code_that_changed_this_moment_is_not_remembered(package, tmp_path, monkeypatch):
    """A second change within the same tick of the file system's clock would go unseen."""
    monkeypatch.setattr(editions, "PACKAGE", package)
    edition(tmp_path)
    assert not (tmp_path / REMEMBERED).exists()
    now = time.time_ns()
    monkeypatch.setattr(editions.time, "time_ns", lambda: now + 60 * 10**9)
    edition.cache_clear()
    first = edition(tmp_path)
    assert (tmp_path / REMEMBERED).exists()
    monkeypatch.setattr(editions, "_digest", None)
    edition.cache_clear()
    assert edition(tmp_path) == first, "from the times alone"


@pytest.mark.parametrize("name", ["PyYAML", "msgspec", "holidays", "tzdata"])
def test_another_edition_of_a_library_is_another_edition(tmp_path, monkeypatch, name):
    before = edition(tmp_path)
    other = tmp_path / "library"
    (other / f"{name}-99.1.dist-info").mkdir(parents=True)
    monkeypatch.setattr(sys, "path", [str(other), *sys.path])
    edition.cache_clear()
    assert edition(tmp_path) != before


def test_cached_values_are_made_by_the_layers_of_the_edition_alone(workspace):
    """Modules that assembling a ledger imports: each is part of the edition."""
    code = (
        "import sys, pathlib; from compliance.ledger.opening import open_workspace, open_ledger; "
        "open_ledger(open_workspace(pathlib.Path('.'))); "
        "print(*(name for name in sys.modules if name.startswith('compliance.')))"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=workspace.top, capture_output=True, check=True, text=True)
    names = [name.split(".") for name in done.stdout.split()]
    assert {name[1] for name in names} - {"problems"} <= set(LAYERS)
