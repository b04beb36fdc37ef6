"""Options that commands share, and how the values of options reach a command: as the fields of one frozen struct.

A field of such a struct is annotated with its option, or with the help of an option of its name and type, before which
may stand the kind of value that it takes:

    class ReportOptions(msgspec.Struct, frozen=True):
        scopes: Scopes
        at: Annotated[str | None, click.option("--at", metavar="REV|DATE", help="Judge what was known then.")]
        on: Annotated[dt.date | None, "Judge on this day."]
        result: Annotated[Result | None, Word("result", Result), "How it came out."]

    @click.command()
    @options(ReportOptions)
    def gaps(report_options: ReportOptions) -> None: ...
"""

from __future__ import annotations

import datetime as dt
import functools
import re
import types
import typing
from collections.abc import Callable
from decimal import Decimal
from typing import Annotated, Any

import click
import msgspec

from compliance.cli.session import width
from compliance.cli.values import DAY, NUMBER, SPAN, TIME
from compliance.domain.terms.durations import Duration
from compliance.domain.terms.periods import Period
from compliance.reports.parts.answers import Answer, as_json

Command = Callable[..., Any]

ANSWERS = "__answers__"
"""The attribute of a command's function that names the types of what its `--json` prints."""

CLICK_TYPES: dict[Any, Any] = {str: str, dt.date: DAY, Duration: TIME, Period: SPAN, Decimal: NUMBER}
"""What reads a value of a type from the command line."""

Standards = Annotated[
    tuple[str, ...],
    click.option(
        "-s", "--standard", "standards", multiple=True, metavar="STANDARD", help="Only this standard (again for more)."
    ),
]
Scopes = Annotated[
    tuple[str, ...],
    click.option("--scope", "scopes", multiple=True, metavar="SCOPE", help="Only this scope (again for more)."),
]
SeenFrom = Annotated[dt.date | None, "As seen from this day."]
KnownAt = Annotated[
    str | None,
    click.option("--at", metavar="REV|DATE", help="By what was known at this commit, or at the end of this day."),
]

dry_run = click.option("--dry-run", is_flag=True, help="Only say what would change.")
stands_on = click.option("--on", type=DAY, help="As it stands on this day.")
was_at = click.option("--at", metavar="REV|DATE", help="As it was at this commit, or at the end of this day.")


class ReportOptions(msgspec.Struct, frozen=True):
    """What a report is about, and the day and the knowledge by which it is judged."""

    standards: Standards
    scopes: Scopes
    on: Annotated[dt.date | None, "Judge the evidence as it stands on this day, past or to come."]
    at: Annotated[
        str | None,
        click.option(
            "--at", metavar="REV|DATE", help="Judge what was known at this commit, or at the end of this day."
        ),
    ]
    for_audit: Annotated[
        str | None,
        click.option(
            "--for-audit", metavar="ID", help="As this audit will find it: on its day, in its scopes, its sample."
        ),
    ]


def options(struct: type[msgspec.Struct]) -> Callable[[Command], Command]:
    """Gives a command the options of a struct's fields, in their order, and their values as one argument.

    The argument is named like the struct, in small letters with underscores. Raises TypeError if an option does not
    name its field.
    """
    hints = typing.get_type_hints(struct, include_extras=True)
    names = [field.name for field in msgspec.structs.fields(struct)]
    argument = re.sub(r"(?<!^)(?=[A-Z])", "_", struct.__name__).lower()

    def decorate(command: Command) -> Command:
        @functools.wraps(command)
        def with_struct(*arguments: Any, **values: Any) -> Any:
            values[argument] = struct(**{name: values.pop(name) for name in names})
            return command(*arguments, **values)

        for name in reversed(names):
            _option(name, hints[name])(with_struct)
            declared = with_struct.__click_params__[-1].name  # type: ignore[attr-defined]  # click keeps them there
            if declared != name:
                raise TypeError(f"the option of {struct.__name__}.{name} is named {declared}")
        return with_struct

    return decorate


def _option(name: str, hint: Any) -> Callable[[Command], Command]:
    """The option of a field: the one that it is annotated with, or one by its name, its type and its help.

    Of the latter, a flag may be left out, as may a text, which is then empty, and whatever may be None.
    """
    *kinds, option = hint.__metadata__
    if not isinstance(option, str):
        written: Callable[[Command], Command] = option
        return written
    flag, type_ = f"--{name.replace('_', '-')}", hint.__origin__
    if type_ is bool:
        return click.option(flag, name, is_flag=True, help=option)
    if type_ is str and not kinds:
        return click.option(flag, name, default="", help=option)
    value_types = [candidate for candidate in typing.get_args(type_) or (type_,) if candidate is not types.NoneType]
    kind = kinds[0] if kinds else CLICK_TYPES[value_types[0]]
    return click.option(flag, name, type=kind, required=types.NoneType not in typing.get_args(type_), help=option)


def repeated(flag: str, name: str, metavar: str, text: str) -> Callable[[Command], Command]:
    """An option that may be given again for more, whose values are a tuple of texts."""
    return click.option(flag, name, multiple=True, metavar=metavar, help=text)


def answers(*types: str | Callable[[], type[Answer]]) -> Callable[[Command], Command]:
    """Gives a command `--json`, as its argument `json_`, and says what it prints then: one of these types.

    A type is named `module:Class` below `compliance`, or given by a function, so that nothing is imported for it before
    it is needed.
    """

    def decorate(command: Command) -> Command:
        decorated: Command = click.option("--json", "json_", is_flag=True, help="Print JSON.")(command)
        return answering(*types)(decorated)

    return decorate


def answering(*types: str | Callable[[], type[Answer]]) -> Callable[[Command], Command]:
    """Says what a command prints as JSON, where it has an option of its own for that."""

    def decorate(command: Command) -> Command:
        setattr(command, ANSWERS, types)
        return command

    return decorate


def show_answer(json_: bool, view: Callable[[], Answer], text: Callable[[int], str]) -> None:
    """Prints an answer: its view as JSON, or its text for a terminal of so many columns."""
    click.echo(as_json(view()) if json_ else text(width()))
