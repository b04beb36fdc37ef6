"""What holds for every command there is: wrong values are named, failures keep to stderr, dry runs write nothing."""

from __future__ import annotations

from collections.abc import Iterator

import click
import pytest

from compliance.cli.output_schemas import commands, prints_json
from compliance.cli.values import Day, Number, Score, Span, Time, Word
from compliance.domain.registers.parts.registry import REGISTERS

from ..builders.running import run_here
from ..builders.workspaces import Workspace

COMMANDS = dict(commands())
OURS = (Day, Time, Span, Number, Score, Word)
UNKNOWN = "NOTHING-1"


def options_of(*kinds: type) -> Iterator[tuple[str, click.Option]]:
    """Every option whose value is of one of the kinds, after the words of its command."""
    for words, command in sorted(COMMANDS.items()):
        for parameter in command.params:
            if isinstance(parameter, click.Option) and isinstance(parameter.type, kinds):
                yield words, parameter


def identified() -> Iterator[str]:
    """Every command that takes the id of a record and nothing else that must be said."""
    for words, command in sorted(COMMANDS.items()):
        needed = [parameter for parameter in command.params if parameter.required]
        if len(needed) == 1 and needed[0].metavar in {"ID", "STANDARD|ID", "AUDIT"}:
            yield words


@pytest.mark.parametrize(
    ("words", "option"),
    [pytest.param(words, option, id=f"{words} {option.opts[-1]}") for words, option in options_of(*OURS)],
)
def test_a_value_that_an_option_does_not_take_is_named_with_it(words, option):
    flag = option.opts[-1]
    answer = run_here([*words.split(), flag, *["“nonsense"] * option.nargs])
    named = "/".join(option.opts)
    assert answer.code == 2
    assert answer.err.startswith(f"error: {named}: ““nonsense” is n"), answer.err
    assert answer.err.endswith(f"\n  hint: see: compliance {words} --help\n")
    assert (answer.out, answer.err.count("\n")) == ("", 2)


@pytest.mark.parametrize(
    ("words", "option"),
    [pytest.param(words, option, id=f"{words} {option.opts[-1]}") for words, option in options_of(Day)],
)
def test_a_day_that_the_calendar_has_not_is_said_to_be_none(words, option):
    answer = run_here([*words.split(), option.opts[-1], "2026-02-29"])
    assert answer.code == 2
    assert "there is no day 2026-02-29 in the calendar; that month ends with 2026-02-28" in answer.err


@pytest.mark.parametrize("words", list(identified()))
def test_a_record_that_there_is_not_is_named_with_a_hint(words, workspace: Workspace):
    before = workspace.head
    json_ = ["--json"] if prints_json(COMMANDS[words]) else []
    answer = workspace.run(*words.split(), UNKNOWN, *json_)
    assert (answer.code, answer.out) == (2, ""), answer
    assert answer.err.startswith("error: ")
    assert UNKNOWN.casefold() in answer.err.casefold()
    assert "  hint: " in answer.err
    assert workspace.head == before


@pytest.mark.parametrize("words", sorted(COMMANDS))
def test_an_option_that_there_is_not_is_named_with_the_help_of_its_command(words):
    answer = run_here([*words.split(), "--nothing-like-it"])
    assert (answer.code, answer.out) == (2, "")
    assert answer.err.startswith("error: there is no option --nothing-like-it")
    assert answer.err.endswith(f"  hint: see: compliance {words} --help\n")


@pytest.mark.parametrize(
    ("line", "file"),
    [
        ("evidence add F -c acme:A.2 -k configuration -d 2026-01-10 --dry-run", "allow all\n"),
        ("event import F --type starter --dry-run", "date,title\n2026-01-05,A starter\n"),
        ("finding import F --dry-run", "title,severity\nOld TLS,high\n"),
        ("measure import M F --dry-run", "slot,value\n2026-01,95\n"),
        ("audit request import U F --dry-run", "id,text\n1,Firewall rules\n"),
        ("standards import F --id other --version 1 --dry-run", "id,title\nX.1,A rule\n"),
    ],
)
def test_a_dry_run_says_what_would_be_and_writes_nothing(line, file, workspace: Workspace):
    ids = {"F": str(workspace.top.parent / "list.csv")}
    workspace.top.parent.joinpath("list.csv").write_text(file)
    audit = workspace.run("audit", "add", "Internal", "--type", "internal", "--on", "2026-03-01")
    measure = workspace.run("measure", "add", "In time", "--unit", "%", "--since", "2026-01-01")
    ids |= {"U": audit.out.split()[1], "M": measure.out.split()[1]}
    before = workspace.head
    answer = workspace.run(*(ids.get(word, word) for word in line.split()))
    assert answer.code == 0, answer.err
    assert "Recorded" not in answer.out
    assert "Would" in answer.out or "Made" in answer.out
    assert (workspace.head, workspace.git("status", "--porcelain")) == (before, "")


@pytest.mark.parametrize("register", [register.word for register in REGISTERS])
def test_an_empty_register_says_how_to_begin(register, workspace: Workspace):
    answer = workspace.run(register, "list")
    assert (answer.code, answer.err) == (0, "")
    assert f"compliance {register} " in answer.out
    listed = workspace.run(register, "list", "--json").json
    assert [value for value in listed.values() if isinstance(value, list)] == [[]]
