"""Safe names for what is filed: nothing of a hostile name survives but letters, digits and hyphens."""

from __future__ import annotations

import re
import secrets
import unicodedata
from collections.abc import Callable, Container

from compliance.domain.ledger.records import Record
from compliance.domain.ledger.rules import date_in_name
from compliance.domain.terms.identifiers import identifier, token_of
from compliance.domain.terms.layout import EVIDENCE

_LONGEST_SLUG = 60
_LONGEST_TITLE = 160
_RESERVED = re.compile(r"con|prn|aux|nul|com\d|lpt\d")
"""What Windows takes for a device, whatever ending follows: such a file could not be checked out there."""


def new_identifier(prefix: str, taken: Container[str], draw: Callable[[str], str] | None = None) -> str:
    """An id for a new record, at random unless something else draws it; drawn again while it is taken."""
    draw = draw or _at_random
    while (drawn := draw(prefix)) in taken:
        continue
    return drawn


def _at_random(prefix: str) -> str:
    return identifier(prefix, secrets.randbits(40))


def slug(text: str) -> str:
    """Lower-case letters, digits and single hyphens; `file` if nothing is left."""
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode().lower()
    words = re.sub(r"[^a-z0-9]+", "-", plain).strip("-")
    short = words[:_LONGEST_SLUG].rstrip("-") or "file"
    return f"{short}-file" if _RESERVED.fullmatch(short) else short


def filed_as(record: Record, name: str, root: str = EVIDENCE) -> str:
    """Where a new file called `name` is kept: `evidence/2026/09/2026-09-30-asv-scan-q3.7K2M9QXT.pdf`.

    The folder is the month of the day that the evidence speaks for: its date, the end of its period or, where it has
    neither, the day it was recorded. A folder a month keeps the trees that every commit writes small.
    """
    stem = slug(record.title)
    if record.date and not stem.startswith(str(record.date)):
        stem = f"{record.date}-{stem}"
    return f"{root}/{_month(record)}/{stem}.{token_of(record.id)}{extension(name)}"


def _month(record: Record) -> str:
    day = record.date
    if day is None and record.period:
        day = record.period.end
    elif day is None and record.recorded:
        day = record.recorded.on
    if day is None:
        raise ValueError(f"the record {record.id} has no day to be filed under")
    return f"{day.year:04}/{day.month:02}"


def extension(name: str) -> str:
    """The ending of a file's name, if it is a plain one."""
    ending = re.search(r"\.([A-Za-z0-9]{1,10})$", name)
    return f".{ending[1].lower()}" if ending else ""


def title_from(name: str) -> str:
    """A title from a file's name: without ending and date, with spaces for its separators."""
    stem = re.sub(r"\.[A-Za-z0-9]{1,10}$", "", name)
    visible = "".join(character if unicodedata.category(character)[0] != "C" else " " for character in stem)
    if date_in_name(visible):
        visible = re.sub(
            r"(?<!\d)(?:19|20)\d{2}[-_.]?(?:0[1-9]|1[0-2])(?:[-_.]?(?:[0-2]\d|3[01]))?(?!\d)", " ", visible
        )
    words = re.sub(r"[\s_]+|(?<=\w)-(?=\w)", " ", visible).strip(" -_.,")
    words = re.sub(r"\s+", " ", words)
    return (words[:1].upper() + words[1:])[:_LONGEST_TITLE] or "File"
