"""The foreign formats that are read and written: what each is called, how a file of it is told, and who reads it."""

from __future__ import annotations

import codecs
import importlib
import re
from collections.abc import Callable, Iterable
from pathlib import PurePath
from typing import cast

import msgspec

from compliance.domain.standards.catalogue import Catalogue
from compliance.exchange.imported import Imported
from compliance.problems import Location, choice_hint, refuse

_HEAD = 100_000
"""How much of a file is looked at, in bytes, to tell its format."""
_OSCAL_XML = re.compile(rb"<(?:\w+:)?(?:catalog|profile)\b[^>]*\bcsrc\.nist\.gov/ns/oscal")
_OSCAL_YAML = re.compile(rb"(?:\xef\xbb\xbf)?(?:(?:#[^\n]*|---[^\n]*|)\r?\n)*(?:catalog|profile)\s*:\s*\r?\n")


class Options(msgspec.Struct, frozen=True, kw_only=True):
    """What the user says of an import: names that go before those in the source, and where a table has its columns.

    `columns` is from our field to the table's header. `catalogs` are files that a profile may select from, and
    `beside` further profiles of the same catalogue.
    """

    id: str = ""
    version: str = ""
    title: str = ""
    short: str = ""
    licence: str = ""
    columns: dict[str, str] = {}
    preset: str = ""
    sheet: str = ""
    catalogs: tuple[str, ...] = ()
    beside: tuple[str, ...] = ()
    with_text: bool = False
    """Text of the source may become summaries: the user has looked at its licence."""


_TOLD = {
    "columns": "--column",
    "preset": "--preset",
    "sheet": "--sheet",
    "catalogs": "--catalog",
    "beside": "--beside",
    "id": "--id",
    "version": "--version",
    "title": "--title",
    "short": "--short",
    "licence": "--licence",
    "with_text": "--with-text",
}
"""How the user says each of the options."""
_FOR_SOME = ("columns", "preset", "sheet", "catalogs", "beside")
"""Options that some formats have no use for."""


class Format(msgspec.Struct, frozen=True, kw_only=True):
    """A format to read. `module` has the function `read(data, file, options)`, which raises Refused.

    `takes` are the options that it has a use for, of those that not every format has.
    """

    name: str
    title: str
    endings: tuple[str, ...]
    sniff: Callable[[bytes, str], bool]
    module: str
    takes: frozenset[str] = frozenset()
    alike: str = ""
    """What to say where another format looks the same and its look alone told this one."""


class Export(msgspec.Struct, frozen=True, kw_only=True):
    """A format to write. `module` has the function `write(catalogue)`."""

    name: str
    title: str
    ending: str
    module: str


def _holds(pattern: str) -> Callable[[bytes, str], bool]:
    """Whether the beginning of a file fits a pattern."""
    wanted = re.compile(pattern.encode(), re.MULTILINE)
    return lambda data, _: wanted.search(data[:_HEAD]) is not None


def _named(*endings: str) -> Callable[[bytes, str], bool]:
    return lambda _, name: PurePath(name).suffix.casefold() in endings


def _listed(*formats: Format) -> dict[str, Format]:
    return {one.name: one for one in formats}


FORMATS: dict[str, Format] = _listed(
    Format(
        name="oscal-catalog",
        title="OSCAL catalogue (JSON)",
        endings=(".json",),
        sniff=_holds(r'\A(?:\xef\xbb\xbf)?\s*\{\s*(?:"\$schema"\s*:\s*"[^"]*"\s*,\s*)?"catalog"\s*:'),
        module="compliance.exchange.oscal.catalog",
    ),
    Format(
        name="oscal-profile",
        title="OSCAL profile (JSON)",
        endings=(".json",),
        sniff=_holds(r'\A(?:\xef\xbb\xbf)?\s*\{\s*(?:"\$schema"\s*:\s*"[^"]*"\s*,\s*)?"profile"\s*:'),
        module="compliance.exchange.oscal.profile",
        takes=frozenset(("catalogs", "beside")),
    ),
    Format(
        name="xlsx",
        title="Excel workbook",
        endings=(".xlsx", ".xlsm"),
        sniff=lambda data, name: data.startswith(b"PK\x03\x04") or _named(".xlsx", ".xlsm")(data, name),
        module="compliance.exchange.table.xlsx_file",
        takes=frozenset(("columns", "preset", "sheet")),
    ),
    Format(
        name="ciso-assistant",
        title="CISO Assistant library (YAML)",
        endings=(".yaml", ".yml"),
        sniff=_holds(r"^urn\s*:\s*[\"']?urn:[^\n]*:library:|^objects\s*:\s*$"),
        module="compliance.exchange.ciso_assistant.frameworks",
        takes=frozenset(("columns",)),
    ),
    Format(
        name="comply",
        title="comply standard (YAML)",
        endings=(".yml", ".yaml"),
        sniff=lambda data, name: (
            _named(".yml", ".yaml")(data, name)
            and re.search(rb"^majorVersion\s*:", data[:_HEAD], re.MULTILINE) is not None
        ),
        module="compliance.exchange.comply",
    ),
    Format(
        name="opencontrol",
        title="OpenControl standard or certification (YAML)",
        endings=(".yaml", ".yml"),
        sniff=lambda data, name: (
            _named(".yml", ".yaml")(data, name) and re.search(rb"^name\s*:", data[:_HEAD], re.MULTILINE) is not None
        ),
        module="compliance.exchange.opencontrol",
        alike="Read as OpenControl; standards of comply look the same: --from comply says that it is one.",
    ),
    Format(
        name="csv",
        title="CSV table",
        endings=(".csv", ".tsv", ".txt"),
        sniff=_named(".csv", ".tsv", ".txt"),
        module="compliance.exchange.table.csv_file",
        takes=frozenset(("columns", "preset", "sheet")),
    ),
)

EXPORTS: dict[str, Export] = {
    one.name: one
    for one in (
        Export(name="oscal", title="OSCAL catalogue (JSON)", ending=".json", module="compliance.exchange.oscal.export"),
        Export(name="csv", title="CSV table", ending=".csv", module="compliance.exchange.table.csv_file"),
        Export(name="xlsx", title="Excel workbook", ending=".xlsx", module="compliance.exchange.table.xlsx_file"),
    )
}


def format_named(name: str) -> Format:
    """The format of that name. Raises Refused with the nearest."""
    if name not in FORMATS:
        raise refuse(f"there is no format “{name}”", hint=choice_hint(name, FORMATS))
    return FORMATS[name]


def format_of(data: bytes, file: str) -> Format:
    """The format that a file's beginning and name tell. Raises Refused if nothing does."""
    for one in FORMATS.values():
        if one.sniff(data, file):
            return one
    if not data.strip():
        raise refuse("is empty", location=Location(file), hint="fetch it again")
    if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        hint = "save it as UTF-8: most editors offer that under “Save as”, “Encoding”"
        raise refuse("is written in UTF-16, not in UTF-8", location=Location(file), hint=hint)
    if _OSCAL_XML.search(data[:_HEAD]):
        hint = "fetch the same in JSON, or convert it with oscal-cli"
        raise refuse("is OSCAL in XML, and only JSON is read", location=Location(file), hint=hint)
    if _OSCAL_YAML.match(data[:_HEAD]):
        hint = "fetch the same in JSON, or convert it with oscal-cli"
        raise refuse("is OSCAL in YAML, and only JSON is read", location=Location(file), hint=hint)
    hint = f"say which with --from: {', '.join(FORMATS)}"
    raise refuse("is in no format that is known by its look", location=Location(file), hint=hint)


def read(one: Format, data: bytes, file: str, options: Options) -> Imported:
    """What a file of a format comes to. Raises Refused for what cannot be read, and for options it has no use for."""
    for option in _FOR_SOME:
        if option not in one.takes and getattr(options, option):
            others = ", ".join(other.name for other in FORMATS.values() if option in other.takes)
            refuse_idle(options, (option,), file, f"a file in the format {one.name}", f"it is for {others}")
    reader = cast(Callable[[bytes, str, Options], Imported], importlib.import_module(one.module).read)
    return reader(data, file, options)


def refuse_idle(options: Options, idle: Iterable[str], file: str, what: str, why: str) -> None:
    """Raises Refused for an option that was given and has no meaning for what is read, rather than pass it over."""
    for option in idle:
        if getattr(options, option):
            hint = f"leave it out: {why}"
            raise refuse(f"{_TOLD[option]} means nothing for {what}", location=Location(file), hint=hint)


def export_named(name: str) -> Export:
    """The format to write of that name. Raises Refused with the nearest."""
    if name not in EXPORTS:
        raise refuse(f"nothing writes the format “{name}”", hint=choice_hint(name, EXPORTS))
    return EXPORTS[name]


def export_of(target: PurePath) -> Export:
    """The format to write that a file's name tells. Raises Refused if it tells none."""
    for one in EXPORTS.values():
        if one.ending == target.suffix.casefold():
            return one
    hint = f"let its name end with {', '.join(one.ending for one in EXPORTS.values())}, or say --to"
    raise refuse(f"“{target.name}” does not say what to write", hint=hint)


def write(one: Export, catalogue: Catalogue) -> bytes:
    """A catalogue in a foreign format."""
    writer = cast(Callable[[Catalogue], bytes], importlib.import_module(one.module).write)
    return writer(catalogue)
