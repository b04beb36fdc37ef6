"""The script of the demonstration: what it may say, and what is said of a line that is wrong."""

from __future__ import annotations

from collections import Counter
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import click
import pytest

from compliance.cli.main import compliance
from compliance.cli.workspace.replay import BY_HAND, FILES, SCRIPT, build_demo
from compliance.gitrepo.writing.batch import Identity
from compliance.operations.workspace.script import ScriptLine, Step, parse_script
from compliance.problems import Refused
from compliance.workspace.shipped import shipped_demonstration

HEAD = """\
# A council that does not exist.
# Clocks: Europe/London
# A. Officer <a.officer@council.example>

# 2026-03-09 14:20 A. Officer
"""
BEGUN = f'{HEAD}compliance init --organisation "Example Council" -s iso27001\n'


def commands(steps: tuple[Step, ...]) -> list[ScriptLine]:
    return [line for step in steps for line in step.lines if line.words[0] == "compliance"]


def test_every_command_line_is_one_that_help_knows(steps: tuple[Step, ...]):
    lines = commands(steps)
    assert len(lines) > 300
    for line in lines:
        command, words = compliance, list(line.words[1:])
        context = click.Context(compliance, info_name="compliance")
        while isinstance(command, click.Group):
            name = words.pop(0)
            assert name in command.list_commands(context), line.number
            command = command.get_command(context, name) or compliance
            context = click.Context(command, info_name=name, parent=context)
        known = {word for parameter in command.params for word in (*parameter.opts, *parameter.secondary_opts)}
        assert [word for word in words if word.startswith("-") and word not in known] == [], line.number


def test_everything_else_in_it_is_a_file_put_into_place_a_commit_or_what_has_no_command(steps: tuple[Step, ...]):
    verbs = {line.words[0] for step in steps for line in step.lines}
    assert verbs == {"compliance", "cp", "git", *BY_HAND}
    without = [line for step in steps for line in step.lines if line.words[0] in BY_HAND]
    assert [line.words for line in without if not line.words[1].startswith(tuple("ADEFMPRSTUV"))] == []


def test_every_file_is_used_once(steps: tuple[Step, ...]):
    there = {file.name for file in (shipped_demonstration() / FILES).iterdir()}
    named = Counter(word for step in steps for line in step.lines for word in line.words if word in there)
    assert set(named) == there
    assert set(named.values()) == {1}


def test_a_script_is_read_with_its_times_people_and_ids():
    text = (
        HEAD
        + 'compliance event add leaver \\\n    -t "One # of them"  # V-7K2M9QXT\n\n# A remark.\napprove E-7K2M9QXT\n'
    )
    (step,) = parse_script(text, "story.txt")
    assert step.moment == datetime(2026, 3, 9, 14, 20, tzinfo=ZoneInfo("Europe/London"))
    assert step.author == Identity("A. Officer", "a.officer@council.example")
    assert step.lines == (
        ScriptLine(("compliance", "event", "add", "leaver", "-t", "One # of them"), ("V-7K2M9QXT",), 6),
        ScriptLine(("approve", "E-7K2M9QXT"), (), 10),
    )


@pytest.mark.parametrize(
    ("text", "line", "sentence"),
    [
        ("compliance gaps\n", 1, "nobody does this"),
        ("# 2026-03-09 14:20 A. Officer\n", 1, "it is not said before where the clocks stand"),
        ("# Clocks: Europe/London\n# 2026-03-09 14:20 B. Officer\n", 2, "it is not said before who B. Officer is"),
        (f"{HEAD}# 2026-03-09 14:19 A. Officer\n", 6, "this is earlier than the step before it"),
        (f'{HEAD}compliance risk add "Fire\n', 6, "a quotation mark is not closed"),
    ],
)
def test_a_line_that_cannot_be_read_is_named(text: str, line: int, sentence: str):
    with pytest.raises(Refused, match=sentence) as refused:
        parse_script(text, "story.txt")
    (problem,) = refused.value.problems
    assert str(problem.location) == f"story.txt:{line}"
    assert problem.hint


def made(tmp_path: Path, text: str) -> Path:
    source = tmp_path / "source"
    (source / FILES).mkdir(parents=True)
    (source / SCRIPT).write_text(text, encoding="utf-8")
    return source


@pytest.mark.parametrize(
    ("line", "sentence"),
    [
        ("compliance gap", "there is no command “gap”; did you mean gaps\\?"),
        ("compliance event add", "TYPE is missing"),
        ("compliance evidence add nothing.pdf -c iso27001:5.2  # E-7K2M9QXT", "there is no such file"),
        ('compliance provider add "Acme Hosting"', "the line does not say which id of P-… the record gets"),
        ('compliance provider add "Acme Hosting"  # P-7K2M9QXT P-2ABCDEFG', "no record was made for P-2ABCDEFG"),
        ("replace E-7K2M9QXT policy.md", "there is no evidence E-7K2M9QXT"),
        ("rm -r evidence", "a script cannot say “rm -r evidence”"),
    ],
)
def test_a_line_that_is_refused_is_named_with_the_reason(tmp_path: Path, line: str, sentence: str):
    source = made(tmp_path, f"{BEGUN}{line}\n")
    with pytest.raises(Refused, match=sentence) as refused:
        build_demo(tmp_path / "demo", source)
    assert f"{SCRIPT}:7" in [str(problem.location) for problem in refused.value.problems]


def test_a_history_of_one_line_is_a_workspace(tmp_path: Path):
    built = build_demo(tmp_path / "demo", made(tmp_path, BEGUN))
    assert (built.commits, built.evidence_files) == (1, 0)
    assert (tmp_path / "demo" / "compliance.toml").is_file()
