"""Whether what a document holds has the shape of a struct, and if not, at which place it has another."""

from __future__ import annotations

import functools
from typing import Any

import msgspec
from msgspec import inspect

Path = tuple[str | int, ...]


class Misfit(msgspec.Struct, frozen=True):
    """A value of another shape than its field's: the way to the field, and what it should hold, in words."""

    path: Path
    wanted: str


def misfit(value: Any, model: type[msgspec.Struct], path: Path = ()) -> Misfit | None:
    """The first value that has not the shape its field has in the model; None where all have. `path` leads to `value`.

    A field that a model does not have may hold anything.
    """
    try:
        msgspec.convert(value, model)
    except msgspec.ValidationError:
        # The library's error is for programmers: its words, and the path in them, are not relied on.
        return _first_misfit(value, _described(model), path)
    return None


@functools.cache
def _described(model: type[msgspec.Struct]) -> inspect.Type:
    return inspect.type_info(model)


def _first_misfit(value: Any, kind: inspect.Type, path: Path) -> Misfit | None:
    below: list[tuple[Any, inspect.Type, Path]] = []
    match kind:
        case inspect.StructType():
            if not isinstance(value, dict):
                return Misfit(path, _in_words(kind))
            below = [
                (value[field.encode_name], field.type, (*path, field.encode_name))
                for field in kind.fields
                if field.encode_name in value
            ]
        case inspect.ListType():
            if not isinstance(value, list) or any(_has_other_shape(item, kind.item_type) for item in value):
                return Misfit(path, _in_words(kind))
            below = [(item, kind.item_type, (*path, number)) for number, item in enumerate(value)]
        case _ if _has_other_shape(value, kind):
            return Misfit(path, _in_words(kind))
    return next((deeper for each in below if (deeper := _first_misfit(*each))), None)


def _has_other_shape(value: Any, kind: inspect.Type) -> bool:
    """Whether a value is no text, group or list where the field wants one."""
    wanted = str if isinstance(kind, inspect.StrType) else list if isinstance(kind, inspect.ListType) else dict
    return not isinstance(value, wanted)


def _in_words(kind: inspect.Type) -> str:
    if isinstance(kind, inspect.ListType):
        return "a list of texts" if isinstance(kind.item_type, inspect.StrType) else "a list of groups “[{…}]”"
    return "a text" if isinstance(kind, inspect.StrType) else "a group “{…}”"
