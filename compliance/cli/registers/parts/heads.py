"""The registers' commands and what they are for, read from the registers' source: the help must not import them all."""

from __future__ import annotations

import re
from pathlib import Path

import compliance.domain.registers as room

_COMMANDS = Path(__file__).parents[2]
_HEAD = re.compile(r'^    (name|command|place|summary)="?(.+?)"?,$', re.MULTILINE)
GENERIC = "registers.parts.generic"
"""The module that makes the commands of a register that has none of its own."""


def register_commands() -> dict[str, tuple[str, str]]:
    """The commands by their words, in the order of the registers: where each one is, and what it does.

    What a register is called, its word, its place and its summary are literals, each on a line of its own.
    """
    commands = []
    for file in Path(room.__path__[0]).glob("[!_]*.py"):
        head = dict(_HEAD.findall(file.read_text(encoding="utf-8").partition(" = Register(\n")[2]))
        word = head["command"] if "command" in head else head["name"]
        commands.append((int(head["place"]), word, (_module(word, file.stem), head["summary"])))
    return {word: command for _, word, command in sorted(commands)}


def _module(word: str, plural: str) -> str:
    """Where a register's command is: in a module of its name, or made from the record's fields."""
    for folder in ("registers", word):
        if (_COMMANDS / folder / f"{word}.py").is_file():
            return f"{folder}.{word}:{word}"
    return f"{GENERIC}:{plural}"
