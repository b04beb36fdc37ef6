"""A catalogue as tables for people: what stands in which cell, that none is a formula, and that it comes in again."""

from __future__ import annotations

import csv
import io
import re
import subprocess
import sys
import zipfile

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st
from python_calamine import CalamineWorkbook

from compliance.domain.standards.catalogue import Catalogue, Control, Relation, RelationType, walk
from compliance.domain.standards.expectations import Every, Expectation, MaxAge
from compliance.domain.terms.durations import Duration, Unit
from compliance.domain.terms.references import Reference
from compliance.domain.terms.vocabulary import Kind
from compliance.exchange.formats import csv as csv_format
from compliance.exchange.formats import xlsx as xlsx_format
from compliance.exchange.options import Options
from compliance.problems import Refused

from .tables import made, tree

SCAN = Expectation(id="scan", rule=Every(Duration(3), grace=Duration(3, Unit.DAY)), kinds=(Kind.SCAN,), what="A scan")
PLAN = Expectation(id="plan", rule=MaxAge(Duration(12)), what="A plan")
DOORS = Control(
    id="1.10",
    title="+Doors",
    assessable=True,
    summary="=1+1\nhttps://example.org",
    profiles=("small", "large"),
    expects=(SCAN, PLAN),
    related=(Relation(to=Reference("city", "7"), type=RelationType.SUBSET),),
)
HOUSE = Catalogue(
    id="house",
    version="2",
    title="House rules",
    short="House",
    publisher="Nobody",
    controls=(Control(id="1", title="House", controls=(DOORS,), profiles=()),),
)


def csv_cells(catalogue):
    text = csv_format.write(catalogue).decode("utf-8-sig")
    return list(csv.reader(io.StringIO(text, newline="")))


def sheets(data):
    book = CalamineWorkbook.from_filelike(io.BytesIO(data))
    return {name: book.get_sheet_by_name(name).to_python() for name in book.sheet_names}


def test_a_row_says_all_of_a_control_in_words():
    assert csv_cells(HOUSE) == [
        ["id", "parent", "title", "assessable", "summary", "profiles", "expects", "related"],
        ["1", "", "House", "no", "", "none", "", ""],
        [
            "1.10", "1", "'+Doors", "yes", "'=1+1\nhttps://example.org", "small, large",
            "scan: every 3 months (+ 3 days): A scan\nno older than 12 months: A plan", "subset city:7",
        ],
    ]  # fmt: skip


def test_a_workbook_has_what_is_expected_a_row_each_and_what_the_catalogue_says_of_itself():
    data = xlsx_format.write(HOUSE)
    found = sheets(data)
    assert list(found) == ["Controls", "Expectations", "Catalogue"]
    assert found["Controls"] == csv_cells(HOUSE)
    assert found["Expectations"][1:] == [
        ["1.10", "'+Doors", "scan", "scan", "every 3 months (+ 3 days)", SCAN.basis.value, "usual", "", "A scan"],
        ["1.10", "'+Doors", "plan", "", "no older than 12 months", PLAN.basis.value, "usual", "", "A plan"],
    ]
    assert ["title", "House rules"] in found["Catalogue"]
    assert xlsx_format.write(HOUSE) == data


def test_a_table_comes_in_as_any_other_with_its_tree_relations_and_profiles():
    for format_, name in ((csv_format, "house.csv"), (xlsx_format, "house.xlsx")):
        imported = format_.read(format_.write(HOUSE), name, Options())
        assert tree(imported) == {"1": "", "1.10": "1"}
        control = made(imported).controls[0].controls[0]
        assert (control.assessable, control.profiles) == (True, ("small", "large"))
        assert [str(relation.to) for relation in control.related] == ["city:7"]
        assert ("1.10", "expects") in {(kept.control, kept.name) for kept in imported.kept}


TEXTS = st.text(alphabet=st.sampled_from("'=+-@\t\n\r,;\"| aé鍵0{["), max_size=8)
CONTROLS = st.builds(Control, id=st.text("a1.-=", min_size=1, max_size=4), title=TEXTS, summary=TEXTS)


@given(st.lists(CONTROLS, min_size=1, max_size=4))
def test_no_cell_is_a_formula_and_every_control_has_its_row(controls):
    catalogue = msgspec.structs.replace(HOUSE, controls=tuple(controls))
    rows = csv_cells(catalogue)
    assert not [cell for row in rows for cell in row if cell.startswith(("=", "+", "-", "@", "\t", "\r"))]
    assert len(rows) == 1 + sum(1 for _ in walk(catalogue))


def test_cells_of_a_workbook_are_texts_and_never_formulas_or_links():
    with zipfile.ZipFile(io.BytesIO(xlsx_format.write(HOUSE))) as archive:
        text = "".join(archive.read(name).decode() for name in archive.namelist() if name.endswith(".xml"))
    assert "<f>" not in text
    assert "<hyperlink" not in text
    assert 'state="frozen"' in text
    assert "<autoFilter" in text


def test_a_sheet_prints_as_wide_as_its_paper_and_rows_are_as_high_as_their_longest_text():
    long = msgspec.structs.replace(DOORS, summary="Look at each door in turn. " * 20)
    data = xlsx_format.write(msgspec.structs.replace(HOUSE, controls=(long,)))
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        text = archive.read("xl/worksheets/sheet1.xml").decode()
    assert 'orientation="landscape"' in text and 'fitToHeight="0"' in text
    (height,) = re.findall(r'<row r="2"[^>]* ht="(\d+)"', text)
    assert 9 * 15 <= int(height) <= 11 * 15


def test_a_text_longer_than_a_cell_is_refused():
    long = msgspec.structs.replace(HOUSE, notice="x" * 40_000)
    with pytest.raises(Refused, match="“value” of notice is longer than a workbook's cell"):
        xlsx_format.write(long)


WRITING = "write(Catalogue(id='a', version='1', title='A', short='A', publisher='P'))"
READING = "read(Path(sys.argv[1]).read_bytes(), 'x.xlsx', Options())"
PIP = "install it with: pip install 'compliance-evidence[excel]'; or "
SCRIPT = """\
import os, sys
from pathlib import Path
{before}
from compliance.domain.standards.catalogue import Catalogue
from compliance.exchange.formats.xlsx import read, write
from compliance.exchange.options import Options
from compliance.problems import Refused
try: {call}
except Refused as refused: print(refused.problems[0].sentence, refused.problems[0].hint, sep=chr(10))
"""


@pytest.mark.parametrize(
    ("before", "call", "sentence", "hint"),
    [
        (
            "sys.modules['xlsxwriter'] = None",
            WRITING,
            "what writes Excel workbooks is not installed",
            PIP + "export as CSV",
        ),
        (
            "sys.modules['openpyxl'] = None",
            READING,
            "what reads Excel workbooks is not installed",
            PIP + "save the sheet as CSV in the spreadsheet program, and read that",
        ),
        (
            "sys.modules['defusedxml'] = None",
            READING,
            "what keeps harmful XML out of workbooks is not installed, or is switched off",
            PIP + "save the sheet as CSV in the spreadsheet program, and read that",
        ),
        (
            "os.environ['OPENPYXL_DEFUSEDXML'] = 'False'",
            READING,
            "what keeps harmful XML out of workbooks is not installed, or is switched off",
            "take OPENPYXL_DEFUSEDXML out of the environment",
        ),
    ],
    ids=["writer", "reader", "guard", "guard-off"],
)  # fmt: skip
def test_a_missing_library_is_named_with_what_to_install(tmp_path, before, call, sentence, hint):
    path = tmp_path / "house.xlsx"
    path.write_bytes(xlsx_format.write(HOUSE))
    script = SCRIPT.format(before=before, call=call)
    done = subprocess.run([sys.executable, "-c", script, str(path)], capture_output=True, text=True, check=True)
    assert done.stdout.splitlines() == [sentence, hint]
