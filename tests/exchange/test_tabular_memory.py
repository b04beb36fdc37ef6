"""Files made to take memory are refused within bounds: each is read in a process that may have half a gigabyte."""

from __future__ import annotations

import os
import resource
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from .tables import SPREADSHEET, packed, parts, row, sheet, text_cell

LIMIT = 512_000_000
READ = """\
import sys
from pathlib import Path
from compliance.exchange.options import Options
from compliance.exchange.reading import read_source
from compliance.exchange.registry import format_named, read
from compliance.problems import Refused
path = Path(sys.argv[2])
try:
    imported = read(format_named(sys.argv[1]), read_source(path), path.name, Options())
    print("read", imported.rows)
except Refused as refused:
    print(refused.problems[0].sentence)
"""


def read_within(kind: str, path: Path) -> str:
    """What comes of reading a file with a bound on the address space."""
    done = subprocess.run(
        [sys.executable, "-c", READ, kind, str(path)],
        capture_output=True,
        text=True,
        check=False,
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_AS, (LIMIT, LIMIT)),
    )
    assert done.returncode == 0, done.stderr[-2_000:]
    return done.stdout.strip()


def put(path: Path, data: bytes) -> Path:
    path.write_bytes(data)
    return path


@pytest.mark.parametrize(
    ("kind", "data", "sentence"),
    [
        (
            "csv",
            b"id,title\n" + b'1,"' + b"x\n" * 15_000_000,
            "a text in quotation marks begins here and is not closed",
        ),
        ("csv", b"id\n" + b"\n" * 31_000_000, "has more rows or columns than any standard"),
        ("csv", "\ufeffid\n".encode() + "😀".encode() * 7_000_000, "has a line of more than 1,000,000 characters"),
        ("csv", b"id" + b",x" * 400_000 + b"\n", "has more rows or columns than any standard"),
        ("csv", b"\n" * 20_000_000 + b"\xff", "is not written in UTF-8"),
        ("ciso-assistant", b"objects: [" + b"[]," * 6_000_000, "has more values than any standard"),
        ("ciso-assistant", b"objects:\n" + b"  - x\n" * 900_000, "has no “objects”"),
        ("opencontrol", b"name: " + b"x" * 25_000_000, "is 25,000,006 bytes; at most 20,000,000 are read"),
    ],
    ids=range(8),
)
def test_a_text_that_grows(tmp_path, kind, data, sentence):
    assert read_within(kind, put(tmp_path / "town.txt", data)) == sentence


def test_a_file_of_a_hundred_megabytes(tmp_path):
    path = tmp_path / "town.csv"
    with path.open("wb") as file:
        os.truncate(file.fileno(), 100_000_000)
    assert read_within("csv", path) == "is larger than 64 MB, the most that is read"


def test_a_workbook_whose_cells_share_one_long_text(tmp_path):
    """A hundred kilobytes: held as a grid with a copy for each cell it would take two gigabytes."""
    cells = "".join(f'<row r="{number}"><c r="A{number}" t="s"><v>0</v></c></row>' for number in range(1, 40_000))
    files = parts({"Sheet": sheet(cells)}) | {
        "xl/sharedStrings.xml": f"<sst {SPREADSHEET}><si><t>{'x' * 32_000}</t></si></sst>".encode()
    }
    found = read_within("xlsx", put(tmp_path / "x.xlsx", packed(files)))
    assert found == "has more cells or text than any standard (sheet “Sheet”)"


def test_a_workbook_with_two_cells_far_apart(tmp_path):
    """Held as a grid, a billion cells."""
    far = parts({"Sheet": sheet(row(1, "id"), f'<row r="1048576">{text_cell("BXA1048576", "1")}</row>')})
    assert read_within("xlsx", put(tmp_path / "x.xlsx", packed(far))) == "no column has the ids of the controls"


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        (f"<worksheet {SPREADSHEET}>" + "<row>" * 3_000_000, "is not a sound workbook: its XML is nested too deep"),
        (
            f'<worksheet a="{"ab " * 2_000_000}"/>',
            "is not a sound workbook: it has an element of more than four megabytes",
        ),
        (
            f"<worksheet><sheetData>{'<row><c><v>1</v></c></row>' * 1_100_000}</sheetData></worksheet>",
            "has more than 50,000 rows",
        ),
    ],
    ids=range(3),
)
def test_a_workbook_whose_xml_grows(tmp_path, text, sentence):
    files = parts({"Sheet": sheet()}) | {"xl/worksheets/sheet1.xml": text.encode()}
    assert read_within("xlsx", put(tmp_path / "x.xlsx", packed(files, zipfile.ZIP_STORED))).startswith(sentence)
