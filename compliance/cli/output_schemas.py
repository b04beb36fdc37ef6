"""JSON Schemas of what commands print with `--json`, derived from the types that they answer with.

`python -m compliance.cli.output_schemas FOLDER` writes them, a file for each command.
"""

from __future__ import annotations

import importlib
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import click
import msgspec

from compliance.cli.main import compliance
from compliance.cli.options import ANSWERS
from compliance.reports.parts.answers import Answer
from compliance.store.catalogues.schemas import DIALECT, REFERENCE, schema_text


def commands(group: click.Group = compliance, path: tuple[str, ...] = ()) -> Iterator[tuple[str, click.Command]]:
    """Every command that is no group, with the words it is called by, as help lists them."""
    context = click.Context(group)
    for name in group.list_commands(context):
        command = group.get_command(context, name)
        if isinstance(command, click.Group):
            yield from commands(command, (*path, name))
        elif command is not None:
            yield " ".join((*path, name)), command


def prints_json(command: click.Command) -> bool:
    """Whether a command has `--json`."""
    return any("--json" in parameter.opts for parameter in command.params)


def answer_types(command: click.Command) -> tuple[type[Answer], ...]:
    """The types of what a command prints as JSON, as `answers` states them; none if it states none."""
    return tuple(_type_at(place) if isinstance(place, str) else place() for place in _places(command))


def _places(command: click.Command) -> tuple[str | Callable[[], type[Answer]], ...]:
    places: tuple[str | Callable[[], type[Answer]], ...] = getattr(command.callback, ANSWERS, ())
    return places


def _type_at(place: str) -> type[Answer]:
    module, _, name = place.partition(":")
    type_: type[Answer] = getattr(importlib.import_module(f"compliance.{module}"), name)
    return type_


def schema_of(words: str, types: tuple[type[Answer], ...]) -> dict[str, Any]:
    """The schema of what a command prints: one object of one of the types."""
    references, definitions = msgspec.json.schema_components(types, schema_hook=_as_text, ref_template=REFERENCE)
    for reference, answer in zip(references, types, strict=True):
        definition = definitions[reference["$ref"].rpartition("/")[2]]
        version = next(field.default for field in msgspec.structs.fields(answer) if field.name == "format_version")
        definition["properties"]["format_version"] = {"const": version}
        definition["required"] = ["format_version", *definition.get("required", ())]
    return {
        "$schema": DIALECT,
        "title": f"What compliance {words} --json prints",
        **(references[0] if len(references) == 1 else {"oneOf": list(references)}),
        "$defs": definitions,
    }


def _as_text(_: type) -> dict[str, Any]:
    """The schema of a type that is written as it reads, such as a reference to a control."""
    return {"type": "string"}


def schemas() -> dict[str, str]:
    """The text of each schema by the name of its file."""
    return {
        f"{words.replace(' ', '-')}.schema.json": schema_text(schema_of(words, types))
        for words, command in commands()
        if (types := answer_types(command))
    }


def write(folder: Path) -> None:
    """Writes every schema to a folder."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, text in schemas().items():
        (folder / name).write_text(text, encoding="utf-8")


if __name__ == "__main__":
    write(Path(sys.argv[1]))
