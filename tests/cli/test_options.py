"""Options reach a command as one struct, and a command says what its JSON is."""

from __future__ import annotations

from typing import Annotated

import click
import msgspec
import pytest
from click.testing import CliRunner

from compliance.cli.options import ANSWERS, answering, answers, options, show_answer
from compliance.cli.output_schemas import answer_types, prints_json, schema_of
from compliance.reports.parts.answers import Answer


class Narrowed(msgspec.Struct, frozen=True):
    """What a command is about."""

    scopes: Annotated[tuple[str, ...], click.option("--scope", "scopes", multiple=True, help="A scope.")]
    owner: Annotated[str, click.option("--owner", default="nobody", help="An owner.")]


class Count(Answer, frozen=True, kw_only=True):
    """How many there are."""

    count: int
    name: str | None


def typed(command: click.Command, *arguments: str) -> str:
    """What a command prints."""
    return CliRunner().invoke(command, arguments, catch_exceptions=False).output


def test_the_values_of_options_arrive_as_one_struct_named_like_it():
    @click.command()
    @options(Narrowed)
    @click.option("--all", "every", is_flag=True)
    def command(narrowed: Narrowed, every: bool) -> None:
        click.echo(f"{narrowed} {every}")

    assert typed(command, "--scope", "a", "--scope", "b") == "Narrowed(scopes=('a', 'b'), owner='nobody') False\n"
    assert typed(command, "--owner", "Head of IT", "--all") == "Narrowed(scopes=(), owner='Head of IT') True\n"


def test_help_lists_options_in_the_order_of_the_fields_and_the_decorators():
    @click.command()
    @click.option("--first")
    @options(Narrowed)
    @click.option("--last")
    def command(**_: object) -> None:
        """Does nothing."""

    assert [parameter.opts[0] for parameter in command.params] == ["--first", "--scope", "--owner", "--last"]


def test_an_option_that_does_not_name_its_field_is_an_error_at_once():
    class Wrong(msgspec.Struct, frozen=True):
        owner: Annotated[str, click.option("--who")]

    with pytest.raises(TypeError, match=r"the option of Wrong\.owner is named who"):
        options(Wrong)(lambda wrong: wrong)


def test_a_command_that_answers_has_json_and_says_its_types():
    @click.command()
    @answers(lambda: Count)
    def command(json_: bool) -> None:
        show_answer(json_, lambda: Count(count=2, name=None), lambda columns: f"2 in {columns} columns")

    assert prints_json(command)
    assert answer_types(command) == (Count,)
    assert typed(command, "--json") == '{\n  "format_version": 1,\n  "count": 2,\n  "name": null\n}\n'
    assert typed(command).startswith("2 in ")


def test_a_type_is_found_by_its_place_when_it_is_asked_for():
    @click.command()
    @click.option("--json", "form", flag_value="json")
    @answering("reports.parts.answers:Answer")
    def command(form: str) -> None:
        """Does nothing."""

    assert answer_types(command) == (Answer,)


def test_a_command_without_a_type_has_none():
    @click.command()
    def command() -> None:
        """Does nothing."""

    assert not prints_json(command)
    assert answer_types(command) == ()
    assert not hasattr(command.callback, ANSWERS)


def test_the_schema_of_an_answer_asks_for_its_version_and_every_field():
    schema = schema_of("count", (Count,))
    assert schema["title"] == "What compliance count --json prints"
    assert schema["$ref"] == "#/$defs/Count"
    assert schema["$defs"]["Count"]["required"] == ["format_version", "count", "name"]
    assert schema["$defs"]["Count"]["properties"]["format_version"] == {"const": 1}
