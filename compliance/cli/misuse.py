"""What is wrong with a command line, in sentences of ours: click names the parameter, its own words are not used."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import click

from compliance.problems import Problem, nearest


class WrongUse(click.UsageError):
    """A command line that makes no sense, in a sentence of ours."""


class WrongValue(click.BadParameter):
    """A value that a type of ours does not take, in a sentence of ours."""


def misuse(error: click.ClickException, program: click.Group, arguments: Sequence[str]) -> Problem:
    """What to say of a command line, the program and its arguments, that click refused: the sentence, and its help."""
    context = getattr(error, "ctx", None) or _context(program, arguments)
    return Problem(_sentence(error, context), hint=f"see: {context.command_path} --help")


def _context(program: click.Group, arguments: Sequence[str]) -> click.Context:
    """The context of the command that a line names: where an option lacks its value, click does not say which it is."""
    context = click.Context(program, info_name="compliance")
    for before, word in zip(["", *arguments], arguments, strict=False):
        command = context.command.get_command(context, word) if isinstance(context.command, click.Group) else None
        if command and before != "-C":
            context = click.Context(command, info_name=word, parent=context)
    return context


def _sentence(error: click.ClickException, context: click.Context) -> str:
    if isinstance(error, click.MissingParameter) and error.param:
        return f"{_named(error.param)} is missing"
    if isinstance(error, click.BadParameter) and error.param:
        sentence = error.message if isinstance(error, WrongValue) else _wanted(error.param.type)
        return f"{_named(error.param)}: {sentence}"
    if isinstance(error, click.NoSuchOption):
        if error.option_name[1:2].isdigit():
            return f"{error.option_name} is read as an option; write “--” before a number below zero"
        options = [name for param in context.command.params for name in param.opts]
        return f"there is no option {error.option_name}{_near(error.option_name, options)}"
    if isinstance(error, click.exceptions.NoSuchCommand):
        group = context.command
        names = group.list_commands(context) if isinstance(group, click.Group) else []
        return f"there is no command “{error.command_name}”{_near(error.command_name, names)}"
    if isinstance(error, click.BadOptionUsage):
        return f"{error.option_name} {_misused(error.option_name, context.command)}"
    if isinstance(error, WrongUse | WrongValue):
        return error.message
    if isinstance(context.command, click.Group):
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


def _misused(name: str, command: click.Command) -> str:
    """What is wrong with the value of an option: it has one too many, or too few."""
    option = next((param for param in command.params if isinstance(param, click.Option) and name in param.opts), None)
    if option and option.is_flag:
        return "takes no value"
    return f"takes {option.nargs} values" if option and option.nargs > 1 else "has no value"
