"""What the user says of an import, and options that mean nothing for what is read."""

from __future__ import annotations

from collections.abc import Iterable

import msgspec

from compliance.problems import Location, refuse


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


_WRITTEN = {
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


def refuse_idle(options: Options, idle: Iterable[str], file: str, what: str, why: str) -> None:
    """Raises Refused for an option that was given and has no meaning for what is read, rather than pass it over."""
    for option in idle:
        if getattr(options, option):
            hint = f"leave it out: {why}"
            raise refuse(f"{_WRITTEN[option]} means nothing for {what}", location=Location(file), hint=hint)
