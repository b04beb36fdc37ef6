"""What comes of reading a foreign file: a catalogue, and an account of everything that was in it."""

from __future__ import annotations

import msgspec

from compliance.domain.standards.catalogue import Catalogue
from compliance.domain.terms.references import Reference


class Skipped(msgspec.Struct, frozen=True):
    """Something in the source that did not become part of the catalogue: which, and why."""

    what: str
    why: str
    listed: bool = False
    """It is a row of the catalogue all the same, which is never judged."""


class Kept(msgspec.Struct, frozen=True):
    """A text of the source that has no field of ours, kept word for word beside the catalogue.

    `control` is our id of what it belongs to, and empty where it belongs to the whole.
    """

    control: str
    name: str
    text: str


class Imported(msgspec.Struct, frozen=True, kw_only=True):
    """A catalogue made from a foreign file; None where the file only relates standards to each other.

    `rows` counts what was read (rows, controls or nodes of the source, as `counted` names them). `kept` are the texts
    for which a catalogue has no field: the importer writes them beside it, so that none is dropped.
    """

    catalogue: Catalogue | None
    rows: int
    counted: str = "rows"
    skipped: tuple[Skipped, ...] = ()
    kept: tuple[Kept, ...] = ()
    relations: tuple[tuple[Reference, Reference, str], ...] = ()
    """Links between controls that the source states: from, to, and its own word for the kind."""
    source_id: str = ""
    source_version: str = ""
    licence: str = ""
    notes: tuple[str, ...] = ()
    """What the importer had to decide (which columns, which sheet, how the tree was made), a sentence each."""

    @property
    def read(self) -> str:
        """How much was read, in words: `3 rows`."""
        singular = {"groups and controls": "group or control"}.get(self.counted, self.counted.removesuffix("s"))
        return f"{self.rows:,} {singular if self.rows == 1 else self.counted}"
