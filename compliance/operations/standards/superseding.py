"""`compliance.toml` with one version of a standard beside another, in its place, or gone; all else stays as written."""

from __future__ import annotations

import datetime as dt
import json
import re
from typing import Any

import msgspec

from compliance.domain.ledger.settings import StandardInUse
from compliance.domain.terms.layout import CONFIGURATION
from compliance.domain.terms.references import StandardName
from compliance.problems import Location, refuse
from compliance.store.records.configuration import parse_configuration
from compliance.store.records.records import plain_of

_HEADER = re.compile(r"\s*\[")
_STANDARDS = re.compile(r"\s*\[\[\s*standards\s*\]\]")


def superseded(text: str, old: StandardName, fresh: StandardInUse | None, dropping: bool) -> str:
    """The settings with `fresh` in use (None if it is already), and without the old version if that is `dropping`.

    Raises Refused where the tables are not written so that they can be changed in place.
    """
    before = parse_configuration(text.encode()).value
    uses = before.standards if before else ()
    wanted = [use for use in uses if not (dropping and use.standard == old)] + ([fresh] if fresh else [])
    was = next((use for use in uses if use.standard == old), None)
    if fresh and dropping and was and msgspec.structs.replace(was, standard=fresh.standard) == fresh:
        now = _in_place(text, old, fresh.standard)
    else:
        now = _with(text, fresh) if fresh else text
        if dropping and was:
            now = _without(now, old)
    after = parse_configuration(now.encode()).value
    if after is None or sorted(after.standards, key=_name) != sorted(wanted, key=_name):
        hint = f'write each as a [[standards]] table with a line like: standard = "{old}"'
        sentence = "the standards in use are not written as tables, and cannot be edited here"
        raise refuse(sentence, location=Location(CONFIGURATION), hint=hint)
    return now


def _name(use: StandardInUse) -> StandardName:
    return use.standard


def _with(text: str, fresh: StandardInUse) -> str:
    """The text with a table more, of all that is said of the standard."""
    fields = {**plain_of(fresh), "standard": str(fresh.standard)}
    lines = [f"{key} = {_toml(value)}" for key, value in fields.items()]
    return text.rstrip("\n") + "\n\n[[standards]]\n" + "\n".join(lines) + "\n"


def _toml(value: Any) -> str:
    """A text or a list of texts as TOML, whose strings JSON's are among; a day as it is."""
    return str(value) if isinstance(value, dt.date) else json.dumps(value, ensure_ascii=False)


def _naming(old: StandardName) -> re.Pattern[str]:
    return re.compile(rf"(\s*standard\s*=\s*)([\"']){re.escape(str(old))}\2")


def _in_place(text: str, old: StandardName, new: StandardName) -> str:
    lines = text.splitlines(keepends=True)
    return "".join(_naming(old).sub(rf"\g<1>\g<2>{new}\g<2>", line, count=1) for line in lines)


def _without(text: str, old: StandardName) -> str:
    """The text without the table; blank lines and comments before the next table are the next table's."""
    lines = text.splitlines(keepends=True)
    headers = [number for number, line in enumerate(lines) if _HEADER.match(line)]
    for start, end in zip(headers, [*headers[1:], len(lines)], strict=True):
        if not _STANDARDS.match(lines[start]) or not any(_naming(old).match(line) for line in lines[start:end]):
            continue
        stop = end
        while stop > start and not lines[stop - 1].split("#")[0].strip():
            stop -= 1
        return "".join(lines[:start] + (lines[stop:] if lines[stop:end] != ["\n"] else lines[end:]))
    return text
