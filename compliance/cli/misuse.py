"""What is wrong with a command line, in sentences of ours: click names the parameter, its own words are not used."""

from __future__ import annotations

from collections.abc import Iterable

import click

from compliance.problems import Problem, nearest


class WrongUse(click.UsageError):
    """A command line that makes no sense, in a sentence of ours."""


class WrongValue(click.BadParameter):
    """A value that a type of ours does not take, in a sentence of ours."""


def misuse(error: click.ClickException) -> Problem:
    """What to say of a command line that click refused: the sentence, and where its help is."""
    context = getattr(error, "ctx", None)
    path = context.command_path if context else "compliance"
    return Problem(_sentence(error, context), hint=f"see: {path} --help")


def _sentence(error: click.ClickException, context: click.Context | None) -> str:
    if isinstance(error, click.MissingParameter) and error.param:
        return f"{_named(error.param)} is missing"
    if isinstance(error, click.BadParameter) and error.param:
        sentence = error.message if isinstance(error, WrongValue) else _wanted(error.param.type)
        return f"{_named(error.param)}: {sentence}"
    if isinstance(error, click.NoSuchOption):
        options = [name for param in context.command.params for name in param.opts] if context else []
        return f"there is no option {error.option_name}{_near(error.option_name, options)}"
    if isinstance(error, click.exceptions.NoSuchCommand):
        group = context.command if context else None
        names = group.list_commands(context) if context and isinstance(group, click.Group) else []
        return f"there is no command “{error.command_name}”{_near(error.command_name, names)}"
    if isinstance(error, click.BadOptionUsage):
        return f"{error.option_name} {'takes no value' if _is_flag(error, context) else 'has no value'}"
    if isinstance(error, WrongUse | WrongValue):
        return error.message
    if context and isinstance(context.command, click.Group):
        return f"a command is missing: choose from {', '.join(context.command.list_commands(context))}"
    return "there are more words than this command takes"


def _named(param: click.Parameter) -> str:
    return "/".join(param.opts) if isinstance(param, click.Option) else param.human_readable_name.removesuffix("...")


def _wanted(kind: click.ParamType[object]) -> str:
    """What a type of click's own takes."""
    if isinstance(kind, click.Choice):
        return f"choose from {', '.join(map(str, kind.choices))}"
    if isinstance(kind, click.IntRange):
        return f"write a whole number from {kind.min} to {kind.max}"
    if isinstance(kind, click.Path) and not kind.dir_okay:
        return "this is a folder, where a file is wanted"
    if isinstance(kind, click.Path) and not kind.file_okay:
        return "this is a file, where a folder is wanted"
    return "this is not the kind of value that is wanted"


def _near(word: str, words: Iterable[str]) -> str:
    near = nearest(word, words)
    return f"; did you mean {near[0]}?" if near else ""


def _is_flag(error: click.BadOptionUsage, context: click.Context | None) -> bool:
    params = context.command.params if context else []
    return any(isinstance(param, click.Option) and param.is_flag for param in params if error.option_name in param.opts)
