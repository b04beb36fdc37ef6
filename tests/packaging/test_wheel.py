"""A built wheel works in an empty environment: standards, templates and demonstration are in it."""

import os
import subprocess
import sys
import sysconfig
import venv
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
DEMONSTRATION = ROOT / "docs" / "demonstration"


@pytest.fixture(scope="module")
def wheel(tmp_path_factory):
    out = tmp_path_factory.mktemp("wheel")
    subprocess.run(
        [sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", str(out), str(ROOT)],
        check=True,
        capture_output=True,
    )
    (built,) = out.glob("*.whl")
    return built


@pytest.fixture(scope="module")
def command(wheel, tmp_path_factory):
    """The installed command; its libraries are those of this environment, compliance itself is not."""
    home = tmp_path_factory.mktemp("installed")
    venv.create(home, with_pip=False)
    (packages,) = home.glob("lib/python*/site-packages")
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(packages)
    libraries = [entry for entry in Path(sysconfig.get_path("purelib")).iterdir() if "compliance" not in entry.name]
    for library in libraries:
        (packages / library.name).symlink_to(library)
    (packages / "_virtualenv.pth").unlink(missing_ok=True)
    python = home / "bin" / "python"

    def run(*arguments, cwd):
        script = "import sys; from compliance.cli.main import main; sys.argv[0] = 'compliance'; main()"
        return subprocess.run(
            [str(python), "-c", script, *arguments],
            cwd=cwd,
            capture_output=True,
            text=True,
            check=False,
            env={**os.environ, "PYTHONPATH": ""},
        )

    return run


def test_the_wheel_carries_what_ships_and_nothing_else(wheel):
    with zipfile.ZipFile(wheel) as archive:
        names = set(archive.namelist())
    shipped = {name.removeprefix("compliance/shipped/") for name in names if name.startswith("compliance/shipped/")}
    wanted = {f"standards/{file.name}" for file in (ROOT / "standards").glob("*.yaml")}
    wanted |= {f"templates/{file.name}" for file in (ROOT / "templates").glob("*.j2")}
    wanted |= {
        f"demonstration/{file.relative_to(DEMONSTRATION)}" for file in DEMONSTRATION.rglob("*") if file.is_file()
    }
    assert wanted <= shipped
    assert not {name for name in shipped if name.startswith("standards/own")}
    top = {name.partition("/")[0] for name in names}
    assert {name for name in top if not name.endswith(".dist-info")} == {"compliance"}


def test_the_installed_command_works_outside_the_checkout(command, tmp_path):
    begun = command("init", "--organisation", "Example Council", "-s", "iso27001", "-s", "psn-coco", cwd=tmp_path)
    assert (begun.returncode, begun.stderr) == (0, "")
    report = command("report", "gaps", "-o", "gaps.html", cwd=tmp_path)
    assert (report.returncode, report.stderr) == (0, "")
    assert (tmp_path / "gaps.html").read_text(encoding="utf-8").startswith("<!DOCTYPE html>")
    used = command("standards", "use", "iso20000-1", cwd=tmp_path)
    assert used.stdout == "In use: iso20000-1@2018\n"
    checked = command("check", cwd=tmp_path)
    assert (checked.returncode, checked.stdout) == (0, "0 errors, 0 warnings\n")


def test_the_installed_command_builds_the_demonstration(command, tmp_path):
    built = command("demo", "demo", cwd=tmp_path)
    assert (built.returncode, built.stderr) == (0, "")
    assert (tmp_path / "demo" / "compliance.toml").is_file()
