"""Services and editions of standards that catalogues name, and which of them have ended: a dated list that ships."""

from __future__ import annotations

import datetime as dt
import functools
import re
from collections.abc import Iterator
from pathlib import Path

import msgspec

from compliance.domain.terms.references import StandardName

_LIST = Path(__file__).with_name("named.toml")


class NamedThing(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A service, or an edition of a standard: by which words texts name it, and which catalogue is of it."""

    name: str
    source: str
    checked: dt.date
    words: tuple[str, ...] = ()
    standard: str = ""
    since: dt.date | None = None
    ended: dt.date | None = None
    instead: str = ""

    def has_ended(self, day: dt.date | None) -> bool:
        """Whether it has ended on a day; without one, on the day it was last looked up."""
        return self.ended is not None and self.ended < (day or self.checked)

    @property
    def sentence(self) -> str:
        return f"{self.name} ended on {self.ended}"

    @property
    def hint(self) -> str:
        return f"name {self.instead} instead (looked up on {self.checked}: {self.source})"


@functools.cache
def named_things() -> tuple[NamedThing, ...]:
    """The list."""
    import tomllib

    return msgspec.convert(tomllib.loads(_LIST.read_text(encoding="utf-8"))["named"], tuple[NamedThing, ...])


def ended_in(text: str, day: dt.date | None = None) -> Iterator[tuple[int, NamedThing]]:
    """Where a text names what has ended, by the place of its first letter."""
    for thing in named_things():
        if thing.has_ended(day) and thing.words:
            names = "|".join(re.escape(word) for word in thing.words)
            for match in re.finditer(rf"(?<![\w.])(?:{names})(?!\w|\.\d)", text):
                yield match.start(), thing


def ended_edition(name: StandardName, day: dt.date | None = None) -> NamedThing | None:
    """The edition that a catalogue is of, where it has ended."""
    return next((thing for thing in named_things() if thing.standard == str(name) and thing.has_ended(day)), None)
