"""How the command behaves on a terminal, in a pipe and in a script: width, colour, exit codes, help."""

import json
import os
import pty
import re
import select
import subprocess
import sys

import click
import pytest

from compliance.cli.main import by_word, compliance
from compliance.cli.main import commands as commands_of_all

from ..builders.running import PROGRAM
from ..builders.workspaces import Workspace, described

ANSI = re.compile(r"\x1b\[[0-9;]*m")
SCAN = described("E-00000001", kind="scan", result="pass", date="2026-01-10", controls=["acme:A.1"], title="Scan")
POLICY = described("E-00000002", kind="policy", date="2024-06-01", controls=["acme:B.1"], title="Policy")


@pytest.fixture
def workspace(workspace: Workspace) -> Workspace:
    workspace.record(
        {
            "evidence/2026/scan.00000001.txt": "passed\n",
            "evidence/2026/scan.00000001.txt.evidence.yaml": SCAN,
            "evidence/2026/policy.00000002.txt": "be careful\n",
            "evidence/2026/policy.00000002.txt.evidence.yaml": POLICY,
        },
        "2026-01-12",
        "Evidence",
    )
    return workspace


def on_a_terminal(workspace, *arguments, columns=80, **variables):
    """What a terminal of that width receives."""
    leader, follower = pty.openpty()
    environment = {name: value for name, value in os.environ.items() if name not in {"NO_COLOR", "TERM"}}
    environment |= {"TERM": "xterm", "COLUMNS": str(columns), **variables}
    child = subprocess.Popen(
        [*PROGRAM, "-C", str(workspace.top), *arguments],
        stdin=follower,
        stdout=follower,
        stderr=follower,
        env=environment,
    )
    os.close(follower)
    received = b""
    while select.select([leader], [], [], 30)[0]:
        try:
            piece = os.read(leader, 65536)
        except OSError:
            break
        if not piece:
            break
        received += piece
    child.wait(30)
    os.close(leader)
    return received.decode()


@pytest.mark.parametrize("columns", [40, 80, 140])
@pytest.mark.parametrize(
    "arguments",
    [
        ("gaps",),
        ("gaps", "--explain", "acme:A.1"),
        ("renewals", "--within", "3y"),
        ("evidence", "show", "E-00000001"),
        ("standards", "show", "acme"),
        ("standards", "show", "acme:A.1"),
    ],
    ids=" ".join,
)
def test_no_line_is_wider_than_the_terminal(workspace, columns, arguments):
    answer = workspace.run(*arguments, columns=columns)
    assert answer.code == 0
    unbreakable = 78 if columns == 40 else 0  # a narrow terminal still gets ids and paths in one piece
    assert max(len(line) for line in answer.out.splitlines()) <= max(columns, unbreakable)


def test_a_terminal_gets_colour_and_a_pipe_gets_none(workspace):
    assert ANSI.search(on_a_terminal(workspace, "gaps"))
    assert not ANSI.search(workspace.start("gaps").out)


@pytest.mark.parametrize(
    ("arguments", "variables"),
    [(("gaps",), {"NO_COLOR": "1"}), (("gaps",), {"TERM": "dumb"}), (("--no-color", "gaps"), {})],
    ids=["NO_COLOR", "dumb", "option"],
)
def test_no_colour_where_it_is_not_wanted(workspace, arguments, variables):
    assert not ANSI.search(on_a_terminal(workspace, *arguments, **variables))


def test_colour_says_nothing_that_words_do_not(workspace):
    plain = workspace.start("gaps", "--on", "2026-02-02", COLUMNS="80").out
    coloured = on_a_terminal(workspace, "gaps", "--on", "2026-02-02")
    assert ANSI.sub("", coloured).replace("\r\n", "\n") == plain


def test_a_reader_that_has_had_enough_is_no_error(workspace):
    shell = " ".join(f"'{part}'" for part in (*PROGRAM, "-C", str(workspace.top), "gaps", "--json"))
    done = subprocess.run(["sh", "-c", f"{shell} | head -c 10"], capture_output=True, check=True)
    assert done.stderr == b""


@pytest.mark.parametrize(
    ("words", "code"),
    [("stale", 1), ("missing", 1), ("gap", 1), ("rejected", 0), ("rejected,stale", 1), ("missed", 1), ("failed", 0)],
)
def test_fail_on_gives_exit_code_1_where_a_control_stands_so(workspace, words, code):
    assert workspace.run("gaps", "--on", "2026-02-02", "--fail-on", words).code == code


def test_only_narrows_what_is_shown_and_not_what_is_counted(workspace):
    answer = workspace.run("gaps", "--on", "2026-02-02", "--only", "stale")
    assert "B.1" in answer.out
    assert "B.2" not in answer.out
    whole = workspace.run("gaps", "--on", "2026-02-02")
    assert answer.out.splitlines()[-4:] == whole.out.splitlines()[-4:]


@pytest.mark.parametrize("form", ["--json", "--csv", "--markdown"])
def test_only_holds_in_every_form_or_is_refused(workspace, form):
    answer = workspace.run("gaps", "--on", "2026-02-02", "--only", "stale", form)
    assert answer.code == 2 or ("B.1" in answer.out and "Starters" not in answer.out)


def test_explain_names_the_rule_the_candidates_and_why_the_rest_did_not_serve(workspace):
    said = workspace.run("gaps", "--on", "2026-02-02", "--explain", "acme:B.1").out
    assert "no older than 12 months (mandated, usual)" in said
    assert "E-00000002 Policy, dated 2024-06-01: decides; served through 2025-06-01" in said
    plain = json.loads(workspace.run("gaps", "--json", "--on", "2026-02-02", "--explain", "acme:B.1").out)[
        "explanations"
    ]
    assert plain[0]["expectations"][0]["candidates"][0]["id"] == "E-00000002"


def test_csv_is_safe_in_a_spreadsheet(workspace):
    title = '=HYPERLINK("http://evil.example")'
    record = described("E-00000003", kind="minutes", date="2026-01-10", controls=["acme:A.2"], title=json.dumps(title))
    workspace.record(
        {"evidence/x.00000003.txt": "x", "evidence/x.00000003.txt.evidence.yaml": record}, "2026-01-13", "Formula"
    )
    for command in (("gaps", "--csv"), ("renewals", "--csv", "--within", "3y")):
        answer = workspace.run(*command, "--on", "2026-02-02")
        cells = re.split(r"[,\r\n]", answer.out)
        assert not [cell for cell in cells if cell.strip('"').startswith(("=", "+", "@"))]


def test_json_carries_its_format_version(workspace):
    for command in (
        ("gaps", "--json"),
        ("renewals", "--json"),
        ("check", "--json"),
        ("evidence", "list", "--json"),
        ("evidence", "show", "E-00000001", "--json"),
        ("accreditation", "list", "--json"),
        ("standards", "list", "--json"),
        ("standards", "show", "acme", "--json"),
        ("standards", "show", "acme:A.1", "--json"),
    ):
        assert json.loads(workspace.run(*command).out)["format_version"] == 1, command


def test_doctor_says_what_it_found_and_fails_only_where_something_is_not_well(workspace):
    well = workspace.run("doctor")
    assert well.code == 0
    assert "A. Officer" in well.out
    workspace.write("evidence/new.txt", "not committed\n")
    unwell = workspace.run("doctor")
    assert (unwell.code, "not committed" in unwell.out) == (1, True)


def test_index_says_where_it_stands(workspace):
    workspace.run("gaps")
    assert "(the last commit)" in workspace.run("cache", "status").out
    assert workspace.run("cache", "rebuild").out == f"Rebuilt: 2 pieces of evidence at {workspace.head[:10]}\n"


def commands(group, path=()):
    for name in group.list_commands(click.Context(group)):
        command = group.get_command(click.Context(group), name)
        yield (*path, name)
        if isinstance(command, click.Group):
            yield from commands(command, (*path, name))


@pytest.mark.parametrize("path", list(commands(compliance)), ids=" ".join)
def test_every_command_has_help(path, workspace):
    answer = workspace.run(*path, "--help")
    assert answer.code == 0
    assert answer.out.startswith(f"Usage: compliance {' '.join(path)}")
    assert len(answer.out.splitlines()) > 3


def test_the_help_of_the_whole_lists_every_command(workspace):
    said = workspace.run("--help").out
    assert all(f"  {name} " in said for name in commands_of_all())


def test_a_fault_of_ours_is_written_to_a_log_and_ends_with_3(workspace, monkeypatch, tmp_path):
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))

    def fault(*_):
        raise RuntimeError("the unthinkable")

    monkeypatch.setattr("compliance.reports.gaps.gaps.as_text", fault)
    answer = workspace.run("gaps")
    assert answer.code == 3
    assert "a fault in compliance, not in your work" in answer.err
    (log,) = tmp_path.glob("compliance-*.log")
    assert "the unthinkable" in log.read_text()


def test_ctrl_c_ends_with_130_and_one_line(workspace, monkeypatch):
    def interrupted(*_):
        raise KeyboardInterrupt

    monkeypatch.setattr("compliance.reports.gaps.gaps.as_text", interrupted)
    answer = workspace.run("gaps")
    assert (answer.code, answer.err.strip()) == (130, "Interrupted; nothing more was done.")


def test_init_asks_on_a_terminal_for_what_is_not_said(tmp_path):
    leader, follower = pty.openpty()
    child = subprocess.Popen(
        [sys.executable, "-m", "compliance", "init", str(tmp_path / "new")],
        stdin=follower,
        stdout=follower,
        stderr=follower,
    )
    os.close(follower)
    seen = b""
    answers = iter([b"Vale Council\n", b"\n", b"iso27001, pci-dss\n", b"saq-a\n"])
    for question in (b"Organisation:", b"[corporate]:", b"[iso27001]:", b"[saq-d-merchant]:"):
        while question not in seen:
            seen += os.read(leader, 65536)
        os.write(leader, next(answers))
    child.wait(30)
    os.close(leader)
    settings = (tmp_path / "new" / "compliance.toml").read_text()
    assert child.returncode == 0
    assert 'organisation = "Vale Council"' in settings
    assert 'profiles = ["saq-a"]' in settings


def test_a_register_cannot_claim_the_word_of_another_command():
    gaps = ("daily.gaps:gaps", "What is missing.")
    with pytest.raises(TypeError, match="two commands have the word “gaps”"):
        by_word({"Every day": {"gaps": gaps}, "Between audits": {"risk": gaps, "gaps": gaps}})
