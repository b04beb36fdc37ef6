"""One table in every form that programs give it: any order of columns, separator, encoding, line ends and quotation."""

from __future__ import annotations

import csv
import io
import random
import re
import zipfile

import pytest
import xlsxwriter
from hypothesis import given
from hypothesis import strategies as st

from compliance.domain.standards.catalogue import walk
from compliance.exchange.options import Options
from compliance.exchange.registry import format_named, read
from compliance.exchange.table.control_columns import FIELDS
from compliance.exchange.table.csv_rows import csv_rows
from compliance.problems import Refused

from .tables import made, packed

FIELD_NAMES = {field.name: (field.name, *field.headings) for field in FIELDS}
ROWS = (
    {"id": "A", "title": "Access", "parent": "", "assessable": "no", "summary": "", "interval": "", "profiles": ""},
    {
        "id": "A.1",
        "title": "Keys, locks; “doors”\tand 'windows'",
        "parent": "A",
        "assessable": "yes",
        "summary": 'Each "key" is\nsigned for; none is lent, ever.',
        "interval": "6 months",
        "profiles": "large; small",
    },
    {
        "id": "A.2",
        "title": "Café 🔒",
        "parent": "A",
        "assessable": "yes",
        "summary": "long " * 20_000,
        "interval": "",
        "profiles": "large",
    },
)


def table(order: tuple[str, ...], headings: dict[str, str]) -> list[list[str]]:
    return [[headings[field] for field in order], *([row[field] for field in order] for row in ROWS)]


def as_csv(rows: list[list[str]], separator: str, line_end: str, quoting: int) -> str:
    target = io.StringIO()
    csv.writer(target, delimiter=separator, lineterminator=line_end, quoting=quoting).writerows(rows)  # type: ignore[arg-type]  # any of the constants
    return target.getvalue()


def imported_from(data: bytes, file: str):
    return read(format_named(file.rpartition(".")[2]), data, file, Options(id="town", version="1"))


PLAIN = imported_from(
    as_csv(table(tuple(ROWS[0]), {name: name for name in ROWS[0]}), ",", "\n", 0).encode(), "town.csv"
)


@given(
    st.permutations(tuple(ROWS[0])),
    st.fixed_dictionaries({name: st.sampled_from(FIELD_NAMES[name]) for name in ROWS[0]}),
    st.sampled_from(",;\t"),
    st.sampled_from(("\n", "\r\n")),
    st.sampled_from((csv.QUOTE_MINIMAL, csv.QUOTE_ALL)),
    st.sampled_from(("utf-8", "utf-8-sig", "utf-16")),
    st.sampled_from((str, str.upper, str.title, lambda heading: f"  {heading.replace(' ', '_')} ")),
)
def test_a_table_is_the_same_catalogue_in_every_form(order, headings, separator, line_end, quoting, encoding, spelling):
    spelt = {name: spelling(heading) for name, heading in headings.items()}
    data = as_csv(table(tuple(order), spelt), separator, line_end, quoting).encode(encoding)
    imported = imported_from(data, "town.csv")
    assert imported.catalogue == made(PLAIN)
    assert (imported.rows, imported.skipped) == (3, ())


def test_the_table_comes_to_what_its_rows_say():
    nodes = {node.control.id: node for node in walk(made(PLAIN))}
    assert {name: node.parents for name, node in nodes.items()} == {"A": (), "A.1": ("A",), "A.2": ("A",)}
    assert nodes["A.1"].control.summary == 'Each "key" is signed for; none is lent, ever.'
    assert nodes["A.1"].control.profiles == ("large", "small")
    assert len(nodes["A.2"].control.summary) == 99_999


def test_a_workbook_of_the_same_rows_is_the_same_catalogue():
    rows = [[cell[:32_000] for cell in row] for row in table(tuple(ROWS[0]), {name: name for name in ROWS[0]})]
    workbook = imported_from(as_workbook(rows), "town.xlsx").catalogue
    assert workbook is not None
    text = imported_from(as_csv(rows, ",", "\n", 0).encode(), "town.csv").catalogue
    assert text is not None and (workbook.controls, workbook.profiles) == (text.controls, text.profiles)


CELLS = st.text(st.characters(exclude_categories=("Cs",), exclude_characters="\0\r\ufeff"), max_size=12)


@given(
    st.lists(st.lists(CELLS, min_size=2, max_size=4), min_size=1, max_size=5),
    st.sampled_from(",;\t"),
    st.sampled_from(("utf-8", "utf-8-sig", "utf-16")),
)
def test_no_cell_is_changed_by_being_quoted(rows, separator, encoding):
    """Under a row of headings that settles the separator, each row is read as it was written, unless it is blank."""
    heads = ["a", "b", "c", "d"]
    full = [[*cells, *[""] * (4 - len(cells))] for cells in rows]
    data = as_csv([*[heads] * 20, *full], separator, "\n", csv.QUOTE_ALL).encode(encoding)
    got = csv_rows(data, "town.csv")
    assert [cells for _, cells in got.rows[20:]] == [row for row in full if any(cell.strip() for cell in row)]


def as_workbook(rows: list[list[str]]) -> bytes:
    target = io.BytesIO()
    book = xlsxwriter.Workbook(target, {"in_memory": True, "strings_to_formulas": False})
    sheet = book.add_worksheet("Controls")
    for number, cells in enumerate(rows):
        for place, cell in enumerate(cells):
            sheet.write_string(number, place, cell)
    days = book.add_format({"num_format": "yyyy-mm-dd"})
    sheet.write_number(len(rows), 1, 45_000.75, days)
    sheet.write_formula(len(rows), 2, "=A1", None, "shown")
    sheet.write_boolean(len(rows), 4, True)
    book.close()
    return target.getvalue()


ODD = (
    *("", "-1", "0", "99999999999", "1048577", "1.5", "1e400", "nan", "inf", "x", "A1", "ZZZ9", "٣", "²", "9" * 400),
    *("str", "s", "e", "b", "d", "n", "inlineStr", "#REF!", "xl/sheet.xml", "true", "2024-13-01T00:00", "-1e7", "1e12"),
    *("&#0;", "&x;", "_x0041_", "<a/>", "<", "<!DOCTYPE a>", "<![CDATA[x]]>"),
)
PLACES = {
    "attribute": re.compile(r'(?<=")[^"<>]*(?="[ />])'),
    "name": re.compile(r"(?<= )[\w:]+(?==)"),
    "text": re.compile(r"(?<=>)[^<>]*(?=<)"),
    "element": re.compile(r"<(\w+)\b[^<>]*/>|<(\w+)\b[^<>]*>[^<>]*</\2>"),
}


@pytest.mark.parametrize("place", sorted(PLACES))
def test_a_workbook_damaged_anywhere_in_its_xml_is_read_or_refused(place):
    with zipfile.ZipFile(io.BytesIO(as_workbook([["id", "title"], ["1", "Doors"], ["2", "Keys"]]))) as archive:
        files = {name: archive.read(name) for name in archive.namelist()}
    parts = [name for name in files if name.startswith("xl/") and "theme" not in name]
    chance = random.Random(place)
    for _ in range(250):
        changed = dict(files)
        for name in chance.sample(parts, chance.choice((1, 1, 2))):
            text = files[name].decode()
            hits = list(PLACES[place].finditer(text))
            hit = chance.choice(hits)
            odd = hit[0] * chance.choice((0, 2)) if place == "element" else chance.choice(ODD)
            changed[name] = (text[: hit.start()] + odd + text[hit.end() :]).encode()
        try:
            imported_from(packed(changed), "town.xlsx")
        except Refused as refused:
            assert all(problem.hint and problem.location for problem in refused.problems), refused


def test_a_section_named_by_signs_alone_is_a_heading_all_the_same():
    imported = imported_from(b"id,title,section\n(1),Doors,-\n", "town.csv")
    assert [node.control.id for node in walk(made(imported))] == ["section", "(1)"]
