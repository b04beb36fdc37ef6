"""Excel workbooks, a control to a row of one sheet."""

from __future__ import annotations

from pathlib import PurePath

from compliance.domain.standards.catalogue import Catalogue
from compliance.exchange.imported import Imported
from compliance.exchange.options import Options
from compliance.exchange.registry import Likeness

name = "xlsx"
title = "Excel workbook"
endings = (".xlsx", ".xlsm")
takes = frozenset(("columns", "preset", "sheet"))
alike = ""
written_as = "xlsx"


def recognises(head: bytes, file: str) -> Likeness:
    """A workbook is a zip file, and no other format here is one."""
    if head.startswith(b"PK\x03\x04"):
        return Likeness.BY_CONTENT
    return Likeness.BY_NAME if PurePath(file).suffix.casefold() in endings else Likeness.NONE


def read(data: bytes, file: str, options: Options) -> Imported:
    """A sheet as a catalogue. Raises Refused for what is no sound workbook, and for what its table lacks."""
    from compliance.exchange.table.catalogue_table import catalogue_of_table
    from compliance.exchange.table.control_columns import preset_of
    from compliance.exchange.table.table import workbook_table

    preset = preset_of(options)
    pattern, whose = (preset.sheet, preset.title) if preset else ("", "")
    return catalogue_of_table(workbook_table(data, file, options.sheet, pattern, whose), options)


def write(catalogue: Catalogue) -> bytes:
    """A workbook for people: the controls, what they expect, and what the catalogue says of itself."""
    from compliance.exchange.table.export_files import catalogue_as_workbook

    return catalogue_as_workbook(catalogue)
