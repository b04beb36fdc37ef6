"""The foreign formats: found as the modules of `formats`, told apart by a file's look, and called by their names."""

from __future__ import annotations

import codecs
import functools
import importlib
import pkgutil
import re
from enum import IntEnum
from pathlib import PurePath
from typing import Protocol, TypeGuard, cast

from compliance.domain.standards.catalogue import Catalogue
from compliance.exchange import formats as modules
from compliance.exchange.imported import Imported
from compliance.exchange.options import Options, refuse_idle
from compliance.problems import Location, choice_hint, refuse

HEAD = 100_000
"""How much of a file a format needs to look at to tell whether it is its own, in bytes."""
_OSCAL_XML = re.compile(rb"<(?:\w+:)?(?:catalog|profile)\b[^>]*\bcsrc\.nist\.gov/ns/oscal")
_OSCAL_YAML = re.compile(rb"(?:\xef\xbb\xbf)?(?:(?:#[^\n]*|---[^\n]*|)\r?\n)*(?:catalog|profile)\s*:\s*\r?\n")
_FOR_SOME = ("columns", "preset", "sheet", "catalogs", "beside")
"""Options that some formats have no use for."""


class Likeness(IntEnum):
    """How sure it is that a file is in a format. The surest of all formats is taken."""

    NONE = 0
    BY_NAME = 1
    """Its name ends so, and nothing in it speaks against it."""
    BY_NAME_AND_CONTENT = 2
    BY_CONTENT = 3


class Format(Protocol):
    """A format to read: what a module of `formats` has. What is slow to import is imported within its functions."""

    name: str
    """What `--from` calls it."""
    title: str
    endings: tuple[str, ...]
    """How the names of its files end, the usual ending first."""
    takes: frozenset[str]
    """The options it has a use for, of those that not every format has."""
    alike: str
    """What to say where another format looks the same and its look alone told this one; may be empty."""

    def recognises(self, head: bytes, file: str) -> Likeness:
        """Whether a file with this beginning and name is in the format."""

    def read(self, data: bytes, file: str, options: Options) -> Imported:
        """What the file comes to. Raises Refused, with the place, for what cannot be read."""


class WrittenFormat(Format, Protocol):
    """A format to write as well."""

    written_as: str
    """What `--to` calls it."""

    def write(self, catalogue: Catalogue) -> bytes:
        """The catalogue as a file of the format."""


@functools.cache
def formats() -> dict[str, Format]:
    """Every format by its name, in the order of the alphabet."""
    loaded = [
        cast(Format, importlib.import_module(f"{modules.__name__}.{module.name}"))
        for module in pkgutil.iter_modules(modules.__path__)
    ]
    return {each.name: each for each in sorted(loaded, key=lambda each: each.name)}


def written_formats() -> dict[str, WrittenFormat]:
    """Every format to write, by the name that `--to` has for it."""
    return {each.written_as: each for each in formats().values() if _is_written(each)}


def _is_written(each: Format) -> TypeGuard[WrittenFormat]:
    return hasattr(each, "write")


def format_named(name: str) -> Format:
    """The format of that name. Raises Refused with the nearest."""
    choices = formats()
    if name not in choices:
        raise refuse(f"there is no format “{name}”", hint=choice_hint(name, choices))
    return choices[name]


def format_of(data: bytes, file: str) -> Format:
    """The format that a file's beginning and name tell. Raises Refused if nothing does."""
    head = data[:HEAD]
    likeness = {name: each.recognises(head, file) for name, each in formats().items()}
    surest = max(likeness, key=lambda name: likeness[name])
    if likeness[surest] is not Likeness.NONE:
        return formats()[surest]
    if not data.strip():
        raise refuse("is empty", location=Location(file), hint="fetch it again")
    if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        hint = "save it as UTF-8: most editors offer that under “Save as”, “Encoding”"
        raise refuse("is written in UTF-16, not in UTF-8", location=Location(file), hint=hint)
    spelling = "XML" if _OSCAL_XML.search(head) else "YAML" if _OSCAL_YAML.match(head) else ""
    if spelling:
        hint = "fetch the same in JSON, or convert it with oscal-cli"
        raise refuse(f"is OSCAL in {spelling}, and only JSON is read", location=Location(file), hint=hint)
    hint = f"say which with --from: {', '.join(formats())}"
    raise refuse("is in no format that is known by its look", location=Location(file), hint=hint)


def read(source: Format, data: bytes, file: str, options: Options) -> Imported:
    """What a file of a format comes to. Raises Refused for what cannot be read, and for options it has no use for."""
    for option in _FOR_SOME:
        if option not in source.takes and getattr(options, option):
            others = ", ".join(name for name, other in formats().items() if option in other.takes)
            refuse_idle(options, (option,), file, f"a file in the format {source.name}", f"it is for {others}")
    return source.read(data, file, options)


def written_format_named(name: str) -> WrittenFormat:
    """The format to write of that name. Raises Refused with the nearest."""
    choices = written_formats()
    if name not in choices:
        raise refuse(f"nothing writes the format “{name}”", hint=choice_hint(name, choices))
    return choices[name]


def written_format_of(target: PurePath) -> WrittenFormat:
    """The format to write that a file's name tells. Raises Refused if it tells none."""
    choices = written_formats().values()
    for each in choices:
        if each.endings[0] == target.suffix.casefold():
            return each
    hint = f"let its name end with {', '.join(each.endings[0] for each in choices)}, or say --to"
    raise refuse(f"“{target.name}” does not say what to write", hint=hint)
