"""What a command prints on a terminal of 80 columns: nothing is wider, but for what cannot be broken."""

from __future__ import annotations

import click
import pytest

from compliance.cli.output_schemas import commands

from ..builders.running import environment, run_here

LISTS = {
    words: command
    for words, command in commands()
    if words.endswith("list") or words in {"today", "gaps", "renewals", "plan", "scope list", "event types"}
}


@pytest.mark.parametrize("words", sorted(LISTS))
def test_fits_eighty_columns(words, demo):
    with environment(COLUMNS="80"):
        answer = run_here(["-C", str(demo.directory), *words.split()])
    assert answer.code == 0, answer.err
    breakable = (line for line in answer.out.splitlines() if not line.startswith("compliance "))  # no command to paste
    wide = [line for line in breakable if len(line) > 80 and " " in line.strip()]
    assert not wide


@pytest.mark.parametrize("words", sorted(words for words, _ in commands()))
def test_help_says_what_the_command_does_and_fits(words, demo):
    with environment(COLUMNS="80"):
        answer = run_here(["-C", str(demo.directory), *words.split(), "--help"])
    assert answer.code == 0
    assert answer.out.startswith(f"Usage: compliance {words}")
    command = dict(commands())[words]
    assert command.help, "say what it does"
    options = [one for one in command.params if isinstance(one, click.Option) and not one.hidden]
    assert all(option.help for option in options), "say what each option is for"
