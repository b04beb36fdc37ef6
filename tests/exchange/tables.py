"""Workbooks made by hand for the tests, part by part, so that they can be as wrong as need be."""

from __future__ import annotations

import io
import zipfile
from xml.sax.saxutils import escape

from compliance.domain.standards.catalogue import Catalogue, walk
from compliance.exchange.imported import Imported

SPREADSHEET = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
RELATIONS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"


def text_cell(place: str, text: str) -> str:
    return f'<c r="{place}" t="inlineStr"><is><t xml:space="preserve">{escape(text)}</t></is></c>'


def row(number: int, *texts: str) -> str:
    cells = "".join(text_cell(f"{chr(65 + place)}{number}", text) for place, text in enumerate(texts) if text)
    return f'<row r="{number}">{cells}</row>'


def sheet(*rows: str, after: str = "") -> str:
    return f"<worksheet {SPREADSHEET}><sheetData>{''.join(rows)}</sheetData>{after}</worksheet>"


def parts(sheets: dict[str, str], hidden: tuple[str, ...] = ()) -> dict[str, bytes]:
    """The parts of a workbook with these sheets."""
    states = ("visible", "hidden")
    listed = "".join(
        f'<sheet name="{escape(name)}" sheetId="{number}" r:id="r{number}" state="{states[name in hidden]}"/>'
        for number, name in enumerate(sheets, 1)
    )
    related = "".join(
        f'<Relationship Id="r{number}" Type="{RELATIONS}/worksheet" Target="worksheets/sheet{number}.xml"/>'
        for number, _ in enumerate(sheets, 1)
    )
    found = {
        "xl/workbook.xml": f'<workbook {SPREADSHEET} xmlns:r="{RELATIONS}"><sheets>{listed}</sheets></workbook>',
        "xl/_rels/workbook.xml.rels": f"<Relationships>{related}</Relationships>",
    } | {f"xl/worksheets/sheet{number}.xml": text for number, text in enumerate(sheets.values(), 1)}
    return {name: text.encode() for name, text in found.items()}


def packed(files: dict[str, bytes], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", method) as archive:
        for name, data in files.items():
            archive.writestr(name, data)
    return target.getvalue()


def workbook(*rows: str, after: str = "") -> bytes:
    """A workbook of one sheet."""
    return packed(parts({"Sheet": sheet(*rows, after=after)}))


def tree(imported: Imported) -> dict[str, str]:
    """Each node of what was imported, with the node it lies under."""
    return {node.control.id: node.parents[-1] if node.parents else "" for node in walk(made(imported))}


def judged(imported: Imported) -> list[str]:
    return [node.control.id for node in walk(made(imported)) if node.control.assessable]


def made(imported: Imported) -> Catalogue:
    assert imported.catalogue is not None
    return imported.catalogue


def control(imported: Imported, id_: str):
    return next(node.control for node in walk(made(imported)) if node.control.id == id_)
