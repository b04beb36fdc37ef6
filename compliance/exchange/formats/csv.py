"""CSV tables, a control to a row."""

from __future__ import annotations

from pathlib import PurePath

from compliance.domain.standards.catalogue import Catalogue
from compliance.exchange.imported import Imported
from compliance.exchange.options import Options
from compliance.exchange.registry import Likeness
from compliance.problems import Location, refuse

name = "csv"
title = "CSV table"
endings = (".csv", ".tsv", ".txt")
takes = frozenset(("columns", "preset", "sheet"))
alike = ""
written_as = "csv"


def recognises(head: bytes, file: str) -> Likeness:
    """Any text may be a table, so the name tells."""
    return Likeness.BY_NAME if PurePath(file).suffix.casefold() in endings else Likeness.NONE


def read(data: bytes, file: str, options: Options) -> Imported:
    """A table as a catalogue. Raises Refused, with the line, for what cannot be read."""
    from compliance.exchange.table.catalogue_table import catalogue_of_table
    from compliance.exchange.table.table import csv_table

    if options.sheet:
        raise refuse("is a CSV table, which has no sheets", location=Location(file), hint="leave --sheet out")
    return catalogue_of_table(csv_table(data, file), options)


def write(catalogue: Catalogue) -> bytes:
    """The controls of a catalogue as a table for people."""
    from compliance.exchange.table.export_files import catalogue_as_csv

    return catalogue_as_csv(catalogue)
