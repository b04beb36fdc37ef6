"""Workbooks read: cells as a spreadsheet shows them, what is broken or hidden said, and bombs refused."""

from __future__ import annotations

import datetime as dt
import io
import zipfile

import pytest
import xlsxwriter
from hypothesis import given
from hypothesis import strategies as st
from python_calamine import CalamineWorkbook

from compliance.exchange.formats.xlsx import read
from compliance.exchange.options import Options
from compliance.exchange.table.table import workbook_table
from compliance.exchange.table.workbook_copy import column_name, column_of
from compliance.problems import Refused

from ..builders.refusals import refusal_of
from .tables import SPREADSHEET, control, made, packed, parts, row, sheet, text_cell, tree, workbook

NONE = Options()
HEAD = row(1, "id", "title")
BELOW = row(2, "1", "Doors")


def said(data, options=NONE):
    (problem,) = refusal_of(read, data, "desk/town.xlsx", options)
    return f"{problem.location}: {problem.sentence}"


def values(data):
    """The cells of the first sheet, as texts."""
    return workbook_table(data, "x.xlsx")


def with_part(files, name, data):
    return packed({**files, name: data})


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
    rich = '<si><r><t>ti</t></r><r><t>tle</t></r><rPh sb="0" eb="1"><t>no</t></rPh></si>'
    shared = f"<sst {SPREADSHEET}><si><t>id</t></si>{rich}</sst>"
    cells = '<row r="1"><c r="A1" t="s"><v>0</v></c><c r="B1" t="s"><v>1</v></c></row>'
    files = parts({"Sheet": sheet(cells, row(2, "1", "a_x000A_b_xD800_"))})
    found = values(with_part(files, "xl/sharedStrings.xml", shared.encode()))
    assert found.rows == [(1, ["id", "title"]), (2, ["1", "a\nb_xD800_"])]


def test_cells_without_their_place_follow_each_other():
    found = values(workbook("<row><c><v>1</v></c><c><v>2.5</v></c></row><row><c><v>1.1000000000000001</v></c></row>"))
    assert found.rows == [(1, ["1", "2.5"]), (2, ["1.1"])]


def test_days_are_days_by_the_format_of_their_cells_alone():
    """45,000 is a day where its cell is shown as one, and the name of a format's colour makes none."""
    formats = (
        '<numFmt numFmtId="164" formatCode="dd/mm/yyyy"/><numFmt numFmtId="165" formatCode="[Red]0.00"/>'
        '<numFmt numFmtId="166" formatCode="0&quot;days&quot;"/>'
    )
    styles = "".join(f'<xf numFmtId="{number}"/>' for number in (0, 14, 22, 164, 165, 166))
    style_sheet = f"<styleSheet {SPREADSHEET}><numFmts>{formats}</numFmts><cellXfs>{styles}</cellXfs></styleSheet>"
    cells = "".join(f'<c r="{chr(65 + style)}1" s="{style}"><v>45000.5</v></c>' for style in range(6))
    found = values(
        with_part(parts({"Sheet": sheet(f'<row r="1">{cells}</row>')}), "xl/styles.xml", style_sheet.encode())
    )
    noon = "2023-03-15 12:00:00"
    assert found.rows == [(1, ["45000.5", noon, noon, noon, "45000.5", "45000.5"])]


def test_days_count_from_1904_where_the_workbook_says_so():
    styles = f'<styleSheet {SPREADSHEET}><cellXfs><xf numFmtId="14"/></cellXfs></styleSheet>'.encode()
    files = parts({"Sheet": sheet('<row r="1"><c r="A1" s="0"><v>1</v></c></row>')})
    old = files | {
        "xl/workbook.xml": files["xl/workbook.xml"].replace(b"<sheets>", b'<workbookPr date1904="1"/><sheets>')
    }
    assert values(with_part(files, "xl/styles.xml", styles)).rows == [(1, ["1900-01-01"])]
    assert values(with_part(old, "xl/styles.xml", styles)).rows == [(1, ["1904-01-02"])]


def test_a_day_outside_the_calendar_is_an_error():
    styles = f'<styleSheet {SPREADSHEET}><cellXfs><xf numFmtId="14"/></cellXfs></styleSheet>'.encode()
    files = parts(
        {"Sheet": sheet('<row r="1"><c r="A1" s="0"><v>9999999999</v></c><c r="B1" t="str"><v>x</v></c></row>')}
    )
    found = values(with_part(files, "xl/styles.xml", styles))
    assert found.rows == [(1, ["", "x"])]
    assert [one.what for one in found.skipped] == ["Sheet!A1"]


def test_an_empty_text_of_a_formula_is_a_value():
    cells = '<row r="1"><c r="A1" t="str"><f>IF(1,"","")</f><v></v></c><c r="B1" t="str"><v>x</v></c></row>'
    found = values(workbook(cells))
    assert (found.rows, found.skipped, found.formulas) == ([(1, ["", "x"])], (), 1)


def test_what_lies_around_the_rows_is_not_looked_at():
    """Rules, borders and links that the library does not know are no reason to refuse the values."""
    odd = '<conditionalFormatting><cfRule type="odd"/></conditionalFormatting><dataValidations count="x"/>'
    files = parts({"Sheet": sheet(HEAD, BELOW, after=odd)})
    fills = '<fills><fill><patternFill><fgColor rgb="red"/></patternFill></fill></fills>'
    bad_fill = f"<styleSheet {SPREADSHEET}>{fills}</styleSheet>"
    assert tree(read(with_part(files, "xl/styles.xml", bad_fill.encode()), "x.xlsx", NONE)) == {"1": ""}


def test_a_strict_workbook_is_read_as_any_other():
    strict = {name: data.replace(SPREADSHEET.encode(), STRICT.encode()) for name, data in FILES.items()}
    assert tree(read(packed(strict), "x.xlsx", NONE)) == {"1": ""}


def test_prefixes_mean_nothing():
    page = f"<x:worksheet {SPREADSHEET.replace('xmlns', 'xmlns:x')}>" + sheet(HEAD, BELOW).partition(">")[2]
    page = (
        page.replace("</worksheet>", "</x:worksheet>")
        .replace("<sheetData", "<x:sheetData")
        .replace("</sheetData", "</x:sheetData")
    )
    for tag in ("row", "c", "is", "t"):
        page = (
            page.replace(f"<{tag} ", f"<x:{tag} ").replace(f"<{tag}>", f"<x:{tag}>").replace(f"</{tag}>", f"</x:{tag}>")
        )
    assert values(with_part(FILES, PAGE, page.encode())).rows == [(1, ["id", "title"]), (2, ["1", "Doors"])]


@pytest.mark.parametrize(
    ("rows", "sentence"),
    [
        ('<row r="1"><c r="B1"/><c r="A1"/></row>', "its cells are not in order (row 1 of “Sheet”)"),
        ('<row r="1"><c r="A2"/></row>', "“A2” is no cell of row 1 of “Sheet”"),
        ('<row r="1048577"/>', "“1048577” is no row of a sheet (“Sheet”)"),
        ('<row r="99999999999"/>', "“99999999999” is no row of a sheet (“Sheet”)"),
        (f'<row r="1"><c r="A1">{"<v/>" * 40_001}</c></row>', "row 1 of “Sheet” holds more than any row can"),
        ('<row r="3"><c r="A3"><v>one</v></c></row>', "row 3 of “Sheet” cannot be read"),
        ('<row r="3"><c r="A3" t="d"><v>today</v></c></row>', "row 3 of “Sheet” cannot be read"),
    ],
    ids=range(7),
)
def test_rows_that_no_sheet_has(rows, sentence):
    assert said(workbook(rows)) == f"desk/town.xlsx: {UNSOUND}{sentence}"


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


STRICT = 'xmlns="http://purl.oclc.org/ooxml/spreadsheetml/main"'
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
