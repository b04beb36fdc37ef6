"""Values that are typed: what every kind takes, and what is said of a value that it does not take."""

from __future__ import annotations

import click
import pytest
from hypothesis import given
from hypothesis import strategies as st

from compliance.cli.output_schemas import commands
from compliance.cli.values import DAY, LINE, NUMBER, SCORE, SPAN, TEXT, TIME, WrongValue

from ..builders.running import run_here
from ..builders.workspaces import Workspace

COMMANDS = dict(commands())


@pytest.mark.parametrize("kind", [DAY, TIME, SPAN, NUMBER, SCORE, TEXT, LINE], ids=lambda kind: type(kind).__name__)
@given(text=st.text(max_size=12))
def test_a_kind_of_value_takes_a_text_or_says_why_not_in_one_line(kind, text):
    try:
        value = kind.convert(text, None, None)
    except WrongValue as error:
        assert error.message.strip()
        assert error.message.count("\n") == text.count("\n")
    else:
        assert kind.convert(value, None, None) == value


@given(text=st.text())
def test_a_line_has_something_in_it_and_no_break(text):
    try:
        line = LINE.convert(text, None, None)
    except WrongValue:
        assert not text.strip()
    else:
        assert line.split() == text.split()
        assert len(line.splitlines()) == 1


@pytest.mark.parametrize(
    ("words", "parameter"),
    [
        (words, parameter.name)
        for words, command in sorted(COMMANDS.items())
        for parameter in command.params
        if isinstance(parameter, click.Option) and parameter.required and not parameter.multiple
    ],
)
def test_an_option_that_must_be_said_says_something(words, parameter):
    option = next(candidate for candidate in COMMANDS[words].params if candidate.name == parameter)
    if option.type is click.STRING:
        assert option.metavar or parameter in {"likelihood", "impact"}, "of a text that is kept, the type is TEXT"
    else:
        with pytest.raises(click.BadParameter, match=r"^(“” is not a|there is nothing in it; say)"):
            option.type.convert("", option, click.Context(COMMANDS[words]))


@pytest.mark.parametrize(
    ("words", "sentence", "help_of"),
    [
        ("gaps --on", "--on has no value", "gaps"),
        ("gaps --json=yes", "--json takes no value", "gaps"),
        ("risk add Fire --target rare", "--target takes 2 values", "risk add"),
        ("evidence list --since", "--since has no value", "evidence list"),
        ("-C", "-C has no value", ""),
        ("--no-color=yes", "--no-color takes no value", ""),
        ("-C gaps today --on", "--on has no value", "today"),
        ("measure set M-1 2026-01 -5", "-5 is read as an option; write “--” before a number below zero", "measure set"),
    ],
)
def test_a_line_that_breaks_off_names_the_help_of_its_command(words, sentence, help_of):
    answer = run_here(words.split())
    assert answer.code == 2
    assert answer.err == f"error: {sentence}\n  hint: see: {' '.join(('compliance', help_of)).strip()} --help\n"


@pytest.mark.parametrize(
    ("line", "error"),
    [
        ("finding add Weak --type minor --cvss 11", "--cvss: “11” is no CVSS score"),
        ("finding import none.csv --min-cvss x", "--min-cvss: “x” is not a number"),
        ("accreditation add acme --issued 2026-01-01 --planned surveillance=soon", "--planned surveillance: “soon”"),
        ("accreditation add acme --issued 2026-01-01 --planned surveillance", "“surveillance” is not EVENT=DATE"),
        ("accreditation add acme --issued 2026-01-01 --detail a=1 --detail a=2", "“a” has two values: “1” and “2”"),
        ("accreditation add acme --issued 2026-01-01 --profile half", "acme@1 has no profile “half”"),
        ("exception add Old --reason R --approver A --approved 2026-02-03 --expires 2026-03-01 --measure M -c acme:A.1",
         "2026-02-03 lies in the future"),
        ("exception add Old --reason= --approver A --approved 2026-02-01 --expires 2026-03-01 --measure M -c acme:A.1",
         "--reason: there is nothing in it"),
        ("audit add  --type internal --on 2026-03-01", "TITLE is missing"),
        ("applicability approve acme --version= --by Head", "--version: there is nothing in it"),
        ("applicability exclude acme:B.1 --reason= --review 2027-01-01", "--reason: there is nothing in it"),
        ("risk close R-1 --note=", "--note: there is nothing in it"),
        ("risk accept R-1 --by= --until 2027-01-01 --reason Y", "--by: there is nothing in it"),
        ("provider assure P-1 E-1 --service=", "--service: there is nothing in it"),
        ("audit request decline U-1 1 --reason=", "--reason: there is nothing in it"),
        ("event import f.csv --column date=a --column date=b", "“date” has two values: “a” and “b”"),
        ("applicability set --from . -s acme", "is a folder"),
    ],
)  # fmt: skip
def test_a_wrong_value_is_named_with_its_option_and_nothing_is_written(line, error, workspace: Workspace):
    workspace.run("applicability", "start", "acme")
    before = workspace.head
    answer = workspace.run(*line.split())
    assert (answer.code, error in answer.err, "  hint: " in answer.err) == (2, True, True), answer.err
    assert (answer.out, workspace.head, workspace.git("status", "--porcelain")) == ("", before, "")


def test_a_choice_from_nothing_is_no_hint(workspace: Workspace):
    answer = workspace.run("accreditation", "add", "acme", "--issued", "2026-01-01", "--profile", "half")
    assert answer.err.endswith("  hint: it has none: leave --profile out\n")


@pytest.mark.parametrize(
    "again",
    [
        ("risk", "assess", "R", "--review", "2026-12-01"),
        ("provider", "assure", "P", "E-7K2M9QXT", "--service", "Hosting"),
        ("provider", "matrix", "P", "E-7K2M9QXT"),
    ],
    ids=" ".join,
)
def test_to_say_the_same_again_changes_nothing_and_is_no_error(again, workspace: Workspace):
    path = "evidence/2026/2026-01-20-contract.7K2M9QXT.txt"
    record = "id: E-7K2M9QXT\nkind: contract\ncontrols: [acme:B.3]\n"
    workspace.put({path: "signed\n", f"{path}.evidence.yaml": record})
    risk = workspace.run("risk", "add", "Fire", "--consequence", "Loss", "--likelihood", "rare", "--impact", "minor")
    provider = workspace.run("provider", "add", "Host Ltd")
    ids = {"R": risk.out.split()[1], "P": provider.out.split()[1]}
    words = [ids.get(word, word) for word in again]
    first = workspace.run(*words)
    assert first.code == 0, first.err
    before = workspace.head
    answer = workspace.run(*words)
    assert answer == type(answer)(0, f"{words[2]} says so already; nothing changed\n", "")
    assert workspace.head == before
