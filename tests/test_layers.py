"""The layers hold, and a command pays only for what it uses."""

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
HEAVY = {"sqlalchemy", "git", "jinja2", "yaml", "ruamel", "holidays"}


def imported_by(*arguments, cwd):
    """The top-level packages that a whole process imports for a command line."""
    script = (
        "import sys\n"
        "from compliance.cli.main import run\n"
        "code = run(sys.argv[1:])\n"
        "sys.stderr.write('\\n'.join(sorted({name.partition('.')[0] for name in sys.modules})))\n"
        "sys.exit(code)\n"
    )
    completed = subprocess.run(
        [sys.executable, "-c", script, *arguments], cwd=cwd, capture_output=True, text=True, check=True
    )
    return set(completed.stderr.splitlines())


def test_layers_point_down_only_and_siblings_do_not_import_each_other():
    linted = subprocess.run(
        [sys.executable, "-c", "from importlinter.cli import lint_imports_command; lint_imports_command()"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert linted.returncode == 0, linted.stdout


def test_a_sentence_for_each_module_and_none_too_long():
    for module in sorted((ROOT / "compliance").rglob("*.py")):
        text = module.read_text(encoding="utf-8")
        assert text.startswith('"""'), f"{module} does not say what it is for"
        assert len(text.splitlines()) <= 400, f"{module} is too long"


def test_no_module_is_called_by_a_name_that_says_nothing():
    empty = {"utils", "util", "common", "helpers", "helper", "manager", "misc", "core"}
    assert not [module for module in (ROOT / "compliance").rglob("*.py") if module.stem in empty]


def test_help_imports_nothing_heavy(tmp_path):
    assert imported_by("--help", cwd=tmp_path).isdisjoint(HEAVY | {"tabulate"})


@pytest.fixture(scope="module")
def warm(tmp_path_factory):
    """A workspace whose cache is up to date."""
    top = tmp_path_factory.mktemp("warm")
    begin = ["init", "--organisation", "Example Council", "-s", "psn-coco"]
    subprocess.run([sys.executable, "-m", "compliance", *begin], cwd=top, check=True, capture_output=True)
    subprocess.run([sys.executable, "-m", "compliance", "gaps"], cwd=top, check=True, capture_output=True)
    return top


@pytest.mark.parametrize("command", [("gaps",), ("gaps", "--json"), ("renewals",)])
def test_a_warm_command_imports_nothing_heavy(warm, command):
    assert imported_by(*command, cwd=warm).isdisjoint(HEAVY)
