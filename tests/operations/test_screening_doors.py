"""No secret comes in at any door: files in every form, titles, notes, rules, every register, every import."""

from __future__ import annotations

import subprocess
from collections.abc import Iterator, Sequence
from pathlib import Path

import click
import pytest

from compliance.cli.output_schemas import commands
from compliance.domain.registers.parts.registry import REGISTERS

from ..builders import town
from ..builders.documents import FORMS
from ..builders.running import Answer, run_here

SECRETS = {
    "key": "-----BEGIN " + "OPENSSH PRIVATE KEY-----",
    "token": "AKIA" + "QWERTYUIOPASDFGH",
    "password": "postgresql://app:" + "Tr0ub4dor-7@db.example.org/main",
    "card": "4111 1111 " + "1111 1111",
}
SAYS = {
    "key": "a private key",
    "token": "an access token",
    "password": "holds a password",
    "card": "what looks like a payment card number",
}
FILING = ["-c", "town:T1.1", "-k", "scan", "-r", "pass", "-d", "2024-12-31"]
COMMANDS = dict(commands())
NEEDED = {
    "accreditation": ["town@2", "--scope", "payments", "--issued", "2024-03-01"],
    "action": ["Text", "--due", "2027-01-01", "--owner", "Secretary"],
    "audit": ["Text", "--type", "internal", "--on", "2027-01-01", "-s", "town"],
    "deadline": ["Text", "-k", "contract", "--date", "2027-01-01", "--owner", "Secretary"],
    "event": ["significant-change", "--on", "2024-11-02", "-t", "Text"],
    "exception": [
        *["Text", "-c", "town:T1.1", "--reason", "Text", "--approver", "Head", "--approved", "2024-11-01"],
        *["--expires", "2027-01-01", "--measure", "Text", "--owner", "Secretary"],
    ],
    "finding": ["Text", "--type", "high", "--raised", "2024-12-31"],
    "measure": ["Text", "--unit", "Text", "--since", "2024-01-01", "--at-least", "95"],
    "people": ["Text", "--address", "porter@example.org"],
    "provider": ["Text"],
    "risk": ["Text", "--consequence", "Text", "--likelihood", "possible", "--impact", "severe", "--owner", "Secretary"],
}
"""What `add` of each register must be told, with `Text` where it takes any text."""
NAMES = {"--scope", "--profile", "--event", "--likelihood", "--impact", "--approver"}
"""Options that take a name that must be known, or a person's."""


@pytest.fixture(scope="module")
def top(tmp_path_factory) -> Path:
    """Nothing is ever recorded in it, so that one serves all."""
    top = tmp_path_factory.mktemp("doors") / "work"
    town.build(top)
    assert run_here(["-C", str(top), "applicability", "start", "town", "--scope", "corporate"]).code == 0
    return top


def refused(top: Path, arguments: Sequence[str], kind: str, secret: str) -> Answer:
    """Runs a command that must name the secret's kind and not the secret, and leave the history as it was."""
    before = _history(top)
    answer = run_here(["-C", str(top), *arguments])
    assert answer.code == 2, answer
    assert SAYS[kind] in answer.err, answer
    assert secret not in answer.err + answer.out
    assert _history(top) == before
    return answer


def _history(top: Path) -> str:
    run = ["git", "status", "--porcelain", "--branch", "--ignored=no"]
    head = subprocess.run(["git", "rev-parse", "HEAD"], cwd=top, check=True, capture_output=True, text=True)
    return head.stdout + subprocess.run(run, cwd=top, check=True, capture_output=True, text=True).stdout


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("kind", SECRETS)
def test_evidence_in_every_form(kind, form, top, tmp_path):
    file = tmp_path / form
    file.write_bytes(FORMS[form](f"Minutes\nPaid with {SECRETS[kind]} today\n"))
    refused(top, ["evidence", "add", str(file), *FILING], kind, SECRETS[kind])


@pytest.mark.parametrize("option", ["--title", "--note", "--owner", "--source"])
@pytest.mark.parametrize("kind", SECRETS)
def test_what_is_said_of_evidence(kind, option, top, tmp_path):
    file = tmp_path / "scan.txt"
    file.write_text("Nothing found.\n")
    refused(top, ["evidence", "add", str(file), *FILING, option, f"By {SECRETS[kind]}"], kind, SECRETS[kind])


@pytest.mark.parametrize("option", ["--title", "--owner"])
@pytest.mark.parametrize("kind", SECRETS)
def test_a_rule_that_maps_files(kind, option, top):
    rule = ["evidence", "map", "*.txt", "-c", "town:T1.1", "-k", "scan", "--date", "name", "--write"]
    refused(top, [*rule, option, f"By {SECRETS[kind]}"], kind, SECRETS[kind])


def test_every_register_that_takes_records_is_walked():
    adding = {register.word for register in REGISTERS if f"{register.word} add" in COMMANDS}
    assert adding == set(NEEDED)


def _texts() -> Iterator[tuple[str, list[str]]]:
    """Each text that `add` of a register takes, with a mark in its place."""
    for word, needed in sorted(NEEDED.items()):
        for at, value in enumerate(needed):
            if value == "Text":
                option = needed[at - 1] if at else "TITLE"
                yield f"{word} {option}", [word, "add", *needed[:at], "{}", *needed[at + 1 :]]
        for parameter in COMMANDS[f"{word} add"].params:
            flag = parameter.opts[-1]
            is_text = isinstance(parameter, click.Option) and parameter.type is click.STRING and not parameter.metavar
            if is_text and flag not in NAMES and flag not in needed and parameter.opts[0] not in needed:
                yield f"{word} {flag}", [word, "add", *needed, flag, "{}"]


@pytest.mark.parametrize("arguments", [pytest.param(given, id=name) for name, given in _texts()])
@pytest.mark.parametrize("kind", SECRETS)
def test_every_text_of_every_register(kind, arguments, top):
    text = f"By {SECRETS[kind]} then"
    refused(top, [text if word == "{}" else word for word in arguments], kind, SECRETS[kind])


TABLES = {
    "finding import {}": "title,severity,description\nLeft open,high,Text\nOld,low,{}\n",
    "event import {}": "type,date,note\nsignificant-change,2024-11-02,Text\nsignificant-change,2024-11-03,{}\n",
    "applicability set --from {} -s town --scope corporate": "control,reason\nT1.1,Text\nT1.2,{}\n",
}


@pytest.mark.parametrize("command", TABLES)
@pytest.mark.parametrize("kind", SECRETS)
def test_tables_that_are_imported_with_the_row(kind, command, top, tmp_path):
    table = tmp_path / "table.csv"
    table.write_text(TABLES[command].format(SECRETS[kind]))
    answer = refused(top, command.format(table).split(), kind, SECRETS[kind])
    assert "table.csv:3" in answer.err


@pytest.mark.parametrize("kind", SECRETS)
def test_a_standard_that_is_imported(kind, top, tmp_path):
    table = tmp_path / "table.csv"
    table.write_text(f"id,title,summary\n1,Text,By {SECRETS[kind]} then\n")
    refused(top, ["standards", "import", str(table), "--id", "own", "--version", "1"], kind, SECRETS[kind])


def test_git_is_written_to_at_one_door_alone():
    root = Path(__file__).parents[2] / "compliance"
    doors = [
        str(module.relative_to(root))
        for module in sorted(root.rglob("*.py"))
        if "gitrepo.unfinished.changing import" in module.read_text(encoding="utf-8")
        and not module.is_relative_to(root / "gitrepo")
    ]
    assert doors == ["operations/committing.py"]
