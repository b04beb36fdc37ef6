"""The commands of a register that has no verbs of its own: add, list, show and edit, made from its record's fields."""

from __future__ import annotations

import enum
import types
import typing
from typing import Any

import click
import msgspec

from compliance.cli.options import CLICK_TYPES
from compliance.cli.registers.parts.common_commands import common_commands, control_option, owner_option, scope_option
from compliance.cli.registers.parts.recording import file_record
from compliance.cli.session import open_session
from compliance.cli.values import LINE, TEXT, Word
from compliance.domain.registers.parts.register import Register
from compliance.domain.registers.parts.registry import BY_PLURAL
from compliance.domain.terms.references import Reference
from compliance.problems import with_article

_TITLES = ("title", "name")
_RECORDED = {"id", "recorded"}
"""The fields that are given to a record when it is filed."""


def __getattr__(plural: str) -> click.Group:
    """The group of commands of a register."""
    if plural not in BY_PLURAL:
        raise AttributeError(plural)
    return group_of(BY_PLURAL[plural])


def group_of(register: Register[Any]) -> click.Group:
    """The commands of a register by its fields alone."""
    group = click.Group(register.word, help=register.summary)
    _add_command(group, register)
    common_commands(group, register)
    return group


def _add_command(group: click.Group, register: Register[Any]) -> None:
    title = next((name for name in _TITLES if name in register.record.__struct_fields__), "")

    @click.pass_context
    def add(ctx: click.Context, /, **fields: Any) -> None:
        file_record(open_session(ctx), register, fields)

    for parameter in reversed(list(_parameters(register, title))):
        parameter(add)
    by = f" by its {title.upper()}" if title else ""
    group.command(name="add", help=f"Record {with_article(register.name)}{by}.")(add)


def _parameters(register: Register[Any], title: str) -> typing.Iterator[Any]:
    """An argument for the title, and an option for each other field that one value or a list of texts can fill."""
    hints = typing.get_type_hints(register.record, include_extras=True)
    for field in msgspec.structs.fields(register.record):
        type_, description = _described(hints[field.name])
        if field.name in _RECORDED:
            continue
        if field.name == title:
            yield click.argument(title, type=LINE)
        elif field.name in _SHARED:
            yield _SHARED[field.name]
        else:
            kind = _click_type(type_)
            name = f"--{field.name.replace('_', '-')}"
            if kind:
                is_tuple = typing.get_origin(type_) is tuple
                kind = TEXT if kind is str and field.required else kind
                more = {"multiple": True} if is_tuple else {"default": ""} if kind is str else {}
                yield click.option(name, field.name, type=kind, required=field.required, help=description, **more)


def _described(hint: Any) -> tuple[Any, str]:
    """A field's type without the None that it may be, and what its annotation says of it."""
    meta = next((each for each in getattr(hint, "__metadata__", ()) if isinstance(each, msgspec.Meta)), None)
    type_ = hint.__origin__ if meta else hint
    if typing.get_origin(type_) in {types.UnionType, typing.Union}:
        (type_,) = [each for each in typing.get_args(type_) if each is not types.NoneType]
    return type_, (meta.description or "") if meta else ""


def _click_type(type_: Any) -> Any:
    """What reads a value of a type from the command line; None for what is filled in with `edit`."""
    if typing.get_origin(type_) is tuple:
        type_ = typing.get_args(type_)[0]
    if isinstance(type_, type) and issubclass(type_, enum.Enum):
        return Word(type_.__name__.lower(), type_)
    return str if type_ is Reference else CLICK_TYPES.get(type_)


_SHARED = {"controls": control_option, "scope": scope_option, "owner": owner_option}
