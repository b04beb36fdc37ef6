"""Output into a pipe: whoever reads it may stop at any time, and gets UTF-8 whatever the locale says."""

from __future__ import annotations

import os
import subprocess

import pytest

from ..builders.running import PROGRAM
from ..builders.workspaces import CONFIGURATION


@pytest.mark.parametrize(
    "command",
    [("gaps",), ("gaps", "--json"), ("gaps", "--csv"), ("renewals",), ("standards", "show", "pci-dss"), ("--help",)],
    ids=" ".join,
)
@pytest.mark.parametrize("read", [0, 1], ids=["nothing is read", "a little is read"])
def test_a_reader_that_stops_is_no_failure(workspace, command, read):
    child = subprocess.Popen(
        [*PROGRAM, "-C", str(workspace.top), *command], stdout=subprocess.PIPE, stderr=subprocess.PIPE
    )
    assert child.stdout is not None
    assert child.stderr is not None
    if read:
        os.read(child.stdout.fileno(), read)
    child.stdout.close()
    said = child.stderr.read()
    child.stderr.close()
    assert (child.wait(), said) == (0, b"")


@pytest.mark.parametrize("locale", ["C", "POSIX", "en_GB.ISO-8859-1"])
def test_output_is_utf_8_whatever_the_locale(workspace, locale):
    name = "Wyłącznie–Zmyślone ✓"
    workspace.put({"compliance.toml": CONFIGURATION.replace("Exampleton Borough Council", name)})
    answer = workspace.start("gaps", LC_ALL=locale, PYTHONUTF8="0", PYTHONIOENCODING="ascii")
    assert answer.out.startswith(f"{name}\n")
    assert (answer.code, answer.err) == (0, "")


def test_the_answer_is_alone_on_stdout_and_everything_else_on_stderr(workspace):
    workspace.put({"evidence/map.yaml": "rules: 7\n"})
    answer = workspace.start("gaps", "--json")
    assert answer.code == 2
    assert answer.json["format_version"] == 1
    assert answer.err.startswith("evidence/map.yaml:1:8: error: ")


def test_what_the_answer_lacks_weighs_more_than_what_it_says(workspace):
    assert workspace.run("gaps", "--fail-on", "gap").code == 1
    workspace.put({"evidence/map.yaml": "rules: 7\n"})
    assert workspace.run("gaps", "--fail-on", "gap").code == 2
