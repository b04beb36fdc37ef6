"""Workbooks: cells as a spreadsheet shows them, what is broken or hidden said, bombs refused, a lossless round trip."""

from __future__ import annotations

import datetime as dt
import io
import re
import subprocess
import sys
import zipfile
from pathlib import Path

import msgspec
import pytest
import xlsxwriter
from hypothesis import given, settings
from hypothesis import strategies as st
from python_calamine import CalamineWorkbook

from compliance.domain.standards.catalogue import Catalogue, Control
from compliance.exchange.formats import Options
from compliance.exchange.table.workbook import open_workbook
from compliance.exchange.table.workbook_cells import column_name, column_of, read_cells
from compliance.exchange.table.xlsx_file import read, write
from compliance.problems import Refused
from compliance.store.catalogues.catalogues import parse_catalogue

from .tables import control, made, packed, parts, row, sheet, text_cell, tree, workbook

SHIPPED = sorted((Path(__file__).resolve().parents[2] / "standards").glob("*.yaml"))
NONE = Options()
HEAD = row(1, "id", "title")
BELOW = row(2, "1", "Doors")
HOUSE = Catalogue(
    id="house",
    version="2",
    title="=House rules",
    short="House",
    publisher="Nobody",
    controls=(Control(id="1.10", title="+Doors", assessable=True, summary="'=1+1\nhttps://example.org"),),
)


def said(data, options=NONE):
    with pytest.raises(Refused) as refused:
        read(data, "desk/town.xlsx", options)
    (problem,) = refused.value.problems
    assert problem.hint
    return f"{problem.location}: {problem.sentence}"


def values(data):
    """The cells of the first sheet, as texts."""
    book = open_workbook(data, "x.xlsx")
    return read_cells(book, book.sheets[0].part, book.sheets[0].name)


def with_part(files, name, data):
    return packed({**files, name: data})


@pytest.mark.parametrize("file", SHIPPED, ids=lambda file: file.stem)
def test_the_round_trip_of_a_shipped_catalogue_loses_nothing(file):
    catalogue = parse_catalogue(file.read_bytes(), file.name).value
    data = write(catalogue)
    assert read(data, "x.xlsx", NONE).catalogue == catalogue
    assert write(catalogue) == data


def test_cells_that_are_written_are_texts_and_never_formulas():
    data = write(HOUSE)
    book = CalamineWorkbook.from_filelike(io.BytesIO(data))
    assert book.sheet_names == ["Controls", "Expectations", "Catalogue"]
    assert book.get_sheet_by_name("Controls").to_python()[1] == [
        "1.10", "", "'+Doors", "true", "''=1+1\nhttps://example.org", "", "", "",
    ]  # fmt: skip
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        text = "".join(archive.read(name).decode() for name in archive.namelist() if name.endswith(".xml"))
    assert "<f>" not in text
    assert "<hyperlink" not in text
    assert 'state="frozen"' in text
    assert "<autoFilter" in text
    assert read(data, "x.xlsx", NONE).catalogue == HOUSE


def test_a_sheet_prints_as_wide_as_its_paper_and_rows_are_as_high_as_their_longest_text():
    long = msgspec.structs.replace(HOUSE.controls[0], summary="Look at each door in turn. " * 20)
    data = write(msgspec.structs.replace(HOUSE, controls=(long,)))
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        text = archive.read("xl/worksheets/sheet1.xml").decode()
    assert 'orientation="landscape"' in text and 'fitToHeight="0"' in text
    (height,) = re.findall(r'<row r="2"[^>]* ht="(\d+)"', text)
    assert 9 * 15 <= int(height) <= 11 * 15


def test_a_text_longer_than_a_cell_is_refused():
    long = msgspec.structs.replace(HOUSE, notice="x" * 40_000)
    with pytest.raises(Refused, match="longer than a workbook's cell"):
        write(long)


def test_names_of_the_user_go_before_those_in_the_workbook():
    catalogue = made(read(write(HOUSE), "x.xlsx", Options(id="home", version="3")))
    assert (catalogue.id, catalogue.version, catalogue.short) == ("home", "3", "House")


def test_the_first_sheet_that_is_shown_is_read_and_the_others_are_named():
    files = parts(
        {"Old": sheet(HEAD, row(2, "9", "Old")), "New": sheet(HEAD, BELOW), "Notes": sheet()}, hidden=("Old",)
    )
    imported = read(packed(files), "x.xlsx", NONE)
    assert tree(imported) == {"1": ""}
    assert [one.what for one in imported.skipped] == ["sheet “Old” (hidden)", "sheet “Notes”"]
    assert tree(read(packed(files), "x.xlsx", Options(sheet="old"))) == {"9": ""}
    assert said(packed(files), Options(sheet="Nwe")) == "desk/town.xlsx: there is no sheet “Nwe”"
    assert said(packed(files), Options(sheet="Notes")) == "desk/town.xlsx: the sheet “Notes” is empty"


def test_scf_names_its_sheet_with_its_release():
    heads = ("SCF Domain", "SCF Control", "SCF #", "Secure Controls Framework (SCF) Control Description")
    files = parts({"Read me": sheet(HEAD), "SCF 2030.1": sheet(row(1, *heads), row(2, "D", "C", "GOV-01", "x"))})
    imported = read(packed(files), "x.xlsx", Options(preset="scf"))
    assert made(imported).id == "scf"
    assert "has no sheet as a" in said(workbook(HEAD, BELOW), Options(preset="scf"))


def test_formulas_are_read_as_last_shown_and_said_where_they_have_no_value():
    formulas = (
        '<row r="2"><c r="A2" t="str"><f>"1."&amp;1</f><v>1.1</v></c><c r="B2"><f>1+1</f><v>2</v></c>'
        '<c r="C2"><f>NOW()</f></c><c r="D2"><f>A1</f><v></v></c><c r="E2" t="e"><v>#REF!</v></c></row>'
    )
    imported = read(workbook(row(1, "id", "title", "c", "d", "e"), formulas), "x.xlsx", NONE)
    assert control(imported, "1.1").title == "2"
    assert [(one.what, one.why) for one in imported.skipped] == [
        ("Sheet!C2", "a formula whose value the workbook does not hold"),
        ("Sheet!D2", "a formula whose value the workbook does not hold"),
        ("Sheet!E2", "an error in the workbook (#REF!)"),
    ]
    assert any(note.startswith("2 cells hold formulas") for note in imported.notes)


def test_ids_that_are_numbers_are_said():
    rows = "".join(
        f'<row r="{row}"><c r="A{row}"><v>{id_}</v></c></row>' for row, id_ in ((2, "1.1"), (3, "2"), (4, "1.2"))
    )
    imported = read(workbook(HEAD, rows), "x.xlsx", NONE)
    assert (
        "Ids that are numbers in the workbook: 2. A number cannot tell 1.10 from 1.1: look at them." in imported.notes
    )


def test_merged_sections_go_on_below():
    rows = (row(1, "section", "id"), row(2, "1 Doors", "1.1"), row(3, "", "1.2"), row(4, "2 Keys", "2.1"))
    imported = read(workbook(*rows, after='<mergeCells><mergeCell ref="A2:A3"/></mergeCells>'), "x.xlsx", NONE)
    assert tree(imported) == {"1": "", "1.1": "1", "1.2": "1", "2": "", "2.1": "2"}
    assert any("merged" in note for note in imported.notes)


def test_shared_texts_rich_texts_and_escapes():
    shared = "<sst><si><t>id</t></si><si><r><t>ti</t></r><r><t>tle</t></r><rPh><t>no</t></rPh></si></sst>"
    cells = '<row r="1"><c r="A1" t="s"><v>0</v></c><c r="B1" t="s"><v>1</v></c></row>'
    files = parts({"Sheet": sheet(cells, row(2, "1", "a_x000A_b_xD800_"))})
    found = values(with_part(files, "xl/sharedStrings.xml", shared.encode()))
    assert found.rows == [(1, ["id", "title"]), (2, ["1", "a\nb_xD800_"])]


def test_cells_without_their_place_follow_each_other():
    found = values(workbook("<row><c><v>1</v></c><c><v>2.5</v></c></row><row><c><v>1.1000000000000001</v></c></row>"))
    assert found.rows == [(1, ["1", "2.5"]), (2, ["1.1"])]


@pytest.mark.parametrize("number", [0, 25, 26, 701, 702, 16_383])
def test_columns_have_letters(number):
    assert column_of(column_name(number)) == number


CELLS = st.one_of(
    st.text(alphabet=st.characters(codec="utf-8", exclude_categories=["Cs", "Cc"]), min_size=1, max_size=8),
    st.sampled_from(["a\nb", "_x0041_", " x ", "=1+1", "https://example.org", "<&>", "a\tb"]),
    st.booleans(),
    st.integers(-(10**9), 10**9),
    st.floats(-1e6, 1e6, allow_nan=False).map(lambda number: round(number, 3)),
    st.dates(dt.date(1900, 3, 1), dt.date(2100, 1, 1)),
)


def shown(value):
    """What calamine reads, as it is written here."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float):
        return str(int(value)) if value == int(value) else repr(value)
    return str(value)


@settings(max_examples=60)
@given(st.lists(st.lists(CELLS | st.none(), min_size=1, max_size=4), min_size=1, max_size=4))
def test_cells_are_read_as_another_reader_reads_them(table):
    target = io.BytesIO()
    with xlsxwriter.Workbook(
        target, {"in_memory": True, "strings_to_urls": False, "strings_to_formulas": False}
    ) as book:
        page = book.add_worksheet()
        day = book.add_format({"num_format": "dd/mm/yyyy"})
        for number, line in enumerate(table):
            for place, value in enumerate(line):
                if isinstance(value, str):
                    page.write_string(number, place, value)
                elif isinstance(value, dt.date):
                    page.write_datetime(number, place, value, day)
                elif value is not None:
                    page.write(number, place, value)
    data = target.getvalue()
    expected = {
        (number, place): shown(value)
        for number, line in enumerate(
            CalamineWorkbook.from_filelike(io.BytesIO(data)).get_sheet_by_index(0).to_python(False), 1
        )
        for place, value in enumerate(line)
        if value != ""
    }
    found = {
        (number, place): text for number, line in values(data).rows for place, text in enumerate(line) if text != ""
    }
    assert found == expected


OLD = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(500)
FILES = parts({"Sheet": sheet(HEAD, BELOW)})
PAGE = "xl/worksheets/sheet1.xml"
UNSOUND = "is not a sound workbook: "
LOST_TEXT = '<row r="1"><c r="A1" t="s"><v>7</v></c></row>'
ENTITIES = f'<!DOCTYPE x [<!ENTITY a "b">]>{sheet(HEAD, BELOW)}'.encode()


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        (b"", "is empty"),
        (b"id,title\n", "is no workbook"),
        (OLD, "is a workbook of the old kind (.xls)"),
        (OLD + "EncryptedPackage".encode("utf-16-le"), "is protected by a password"),
        (packed(FILES)[:-40], UNSOUND + "it is cut off, or no workbook at all"),
        (packed({"a.txt": b"x"}), "is an archive, but no Excel workbook"),
        (with_part(FILES, "xl/vbaProject.bin", b"x"), "has macros in it"),
        (with_part(FILES, "xl/workbook.bin", b"x"), "is a binary workbook (.xlsb)"),
        (packed({"mimetype": b"x", "content.xml": b"x"}), "is an OpenDocument file"),
        (packed(FILES, zipfile.ZIP_LZMA), UNSOUND + "it is packed in a way that no workbook is"),
        (with_part(FILES, PAGE, b"<worksheet><row>"), UNSOUND + "xl/worksheets/sheet1.xml is no XML, or is cut off"),
        (with_part(FILES, PAGE, ENTITIES), UNSOUND + "it declares entities, which no workbook does"),
        (with_part(FILES, PAGE, b"<a>" * 100), UNSOUND + "its XML is nested too deep"),
        (with_part(FILES, "xl/_rels/workbook.xml.rels", b"<Relationships/>"), UNSOUND + "it has no sheet with cells"),
        (workbook(LOST_TEXT), UNSOUND + "row 1 of “Sheet” has a text that is not there"),
        (workbook('<row r="2"/><row r="1"/>'), UNSOUND + "its rows are not in order (row 1 of “Sheet”)"),
        (workbook(f'<row r="1">{text_cell("XFD1", "far")}</row>'), "has cells in column XFD; at most 2,000 are read"),
        (workbook(), "the sheet “Sheet” is empty"),
    ],
    ids=range(18),
)  # fmt: skip
def test_what_is_no_sound_workbook_is_said(data, sentence):
    assert said(data) == f"desk/town.xlsx: {sentence}"


def test_a_part_that_unpacks_to_hundreds_of_times_its_size():
    assert "has a part that unpacks to" in said(with_part(FILES, "xl/media/x.xml", b" " * 3_000_000))


def test_a_size_that_is_a_lie():
    data = packed({**FILES, "xl/sharedStrings.xml": b"<sst>" + b" " * 70_000_000})
    size = (70_000_005).to_bytes(4, "little")
    assert data.count(size) == 2
    lying = data.replace(size, (5_000).to_bytes(4, "little"))
    assert said(lying) == "desk/town.xlsx: is not a sound workbook: xl/sharedStrings.xml is cut off or damaged"


def test_too_many_parts():
    assert "parts; at most 2,000 are read" in said(packed({**FILES, **{f"x/{number}": b"" for number in range(2_001)}}))


def test_two_parts_of_one_name():
    target = io.BytesIO(packed(FILES))
    with zipfile.ZipFile(target, "a") as archive, pytest.warns(UserWarning, match="Duplicate"):
        archive.writestr("xl/workbook.xml", b"<x/>")
    assert said(target.getvalue()) == "desk/town.xlsx: has two parts of one name"


def test_parts_that_lie_over_each_other():
    """One packed part that the list of parts names many times, as bombs without nesting are made."""
    data = packed(FILES)
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        start = archive.start_dir
        packed_size = next(info.compress_size for info in archive.infolist() if info.filename == "xl/workbook.xml")
    entry = data[start : data.index(b"PK\x01\x02", start + 4)]
    name = b"xl/workbook.xml"
    count = len(data) // packed_size + 1
    more = b"".join(entry.replace(name, b"xl/w%05d.yyxml" % number) for number in range(count))
    end = bytearray(data[data.rindex(b"PK\x05\x06") :])
    total = int.from_bytes(end[8:10], "little") + count
    end[8:10] = end[10:12] = total.to_bytes(2, "little")
    end[12:16] = (int.from_bytes(end[12:16], "little") + len(more)).to_bytes(4, "little")
    sentence = said(data[: data.rindex(b"PK\x05\x06")] + more + bytes(end))
    assert sentence == "desk/town.xlsx: has parts that lie over each other"


@settings(max_examples=60)
@given(st.data())
def test_a_spoilt_workbook_is_refused_or_read(data):
    name = data.draw(st.sampled_from(sorted(FILES)))
    text = FILES[name]
    begin = data.draw(st.integers(0, len(text)))
    end = data.draw(st.integers(begin, min(begin + 40, len(text))))
    spoilt = text[:begin] + data.draw(st.binary(max_size=6)) + text[end:]
    try:
        read(with_part(FILES, name, spoilt), "x.xlsx", NONE)
    except Refused as refused:
        assert all(problem.hint for problem in refused.problems)


def test_a_missing_library_is_named_with_what_to_install():
    script = (
        "import sys; sys.modules['xlsxwriter'] = None\n"
        "from compliance.domain.standards.catalogue import Catalogue\n"
        "from compliance.exchange.table.xlsx_file import write\n"
        "from compliance.problems import Refused\n"
        "try: write(Catalogue(id='a', version='1', title='A', short='A', publisher='P'))\n"
        "except Refused as refused: print(refused.problems[0].hint)\n"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert done.stdout == "install it with: pip install 'compliance-evidence[excel]'; or export as CSV\n"
