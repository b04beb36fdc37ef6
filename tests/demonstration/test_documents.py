"""The files of the demonstration open in their programs, differ from one another, and speak of nobody real."""

from __future__ import annotations

import csv
import hashlib
import io
import re
import shutil
from collections import Counter
from pathlib import Path

import pytest
from PIL import Image
from python_calamine import CalamineWorkbook

from compliance.cli.workspace.replay import SCRIPT
from compliance.workspace.shipped import shipped_demonstration

DATA = shipped_demonstration()
FILES = sorted((DATA / "files").iterdir())
SOURCES = sorted((Path(__file__).parent / "sources").glob("*.txt"))
REAL = re.compile(
    r"\b(NCSC|ICO|NHS|DWP|GCHQ|HMRC|Ofcom|Microsoft|Azure|Google|Amazon|AWS|Cisco|Fortinet|Palo Alto|Juniper|"
    r"Oracle|VMware|Qualys|Nessus|Tenable|Worldpay|Barclaycard|Capita|Civica|Mastercard|Amex|Apple|Adobe|Dell|Lenovo|Samsung|"
    r"Birmingham|Manchester|Camden|Westminster|Leeds|Bristol|Kent|Essex|Surrey|Hackney|Lambeth)\b"
)
ADDRESS = re.compile(r"[\w.+-]+@([a-z][\w-]*(?:\.[\w-]+)+)")
NETWORK = re.compile(r"\b(?:10\.\d+|192\.0\.2|198\.51\.100|203\.0\.113)\.")
ANY_NETWORK = re.compile(r"(?<![\d.])\d{2,3}\.\d{1,3}\.\d{1,3}\.\d{1,3}(?![\d.])")
TELEPHONE = re.compile(r"\b0\d{4} \d{3} \d{3}\b")
CARD = re.compile(r"(?<!\d)(?:\d[ -]?){13,19}(?!\d)")


def of_kind(suffix: str) -> list[Path]:
    return [file for file in FILES if file.suffix == suffix]


def written(file: Path) -> str:
    return file.read_text(encoding="utf-8")


def texts() -> list[Path]:
    return [
        *SOURCES,
        DATA / SCRIPT,
        *(file for file in FILES if file.suffix in {".md", ".csv", ".txt", ".yaml", ".toml"}),
    ]


def test_there_are_files_of_every_kind_and_they_are_small():
    kinds = Counter(file.suffix for file in FILES)
    assert {".pdf", ".xlsx", ".csv", ".md", ".png", ".txt"} <= set(kinds)
    assert min(kinds[kind] for kind in (".pdf", ".xlsx", ".csv", ".md", ".png", ".txt")) >= 5
    assert sum(file.stat().st_size for file in FILES) < 3_000_000


def test_no_two_files_are_the_same():
    same = Counter(hashlib.sha256(file.read_bytes()).hexdigest() for file in FILES)
    assert set(same.values()) == {1}


@pytest.mark.parametrize("file", of_kind(".pdf"), ids=lambda file: file.stem)
def test_papers_are_whole_pdf_files(file: Path):
    data = file.read_bytes()
    assert data.startswith(b"%PDF-1.")
    assert data.rstrip().endswith(b"%%EOF")


def test_papers_open_in_a_program_that_reads_pdf(tmp_path: Path):
    typst = pytest.importorskip("typst")
    for file in of_kind(".pdf"):
        shutil.copy(file, tmp_path)
    every = "\n".join(f'#image("{file.name}", page: 1, width: 10cm)' for file in of_kind(".pdf"))
    (tmp_path / "every.typ").write_text(every, encoding="utf-8")
    assert typst.compile(str(tmp_path / "every.typ"))


@pytest.mark.parametrize("file", of_kind(".xlsx"), ids=lambda file: file.stem)
def test_workbooks_open_and_have_rows_under_their_headings(file: Path):
    book = CalamineWorkbook.from_path(str(file))
    assert book.sheet_names
    for name in book.sheet_names:
        heading, *rows = book.get_sheet_by_name(name).to_python()
        assert rows, name
        assert all(isinstance(cell, str) and cell for cell in heading), name


@pytest.mark.parametrize("file", of_kind(".png"), ids=lambda file: file.stem)
def test_pictures_open_and_show_something(file: Path):
    with Image.open(file) as picture:
        picture.load()
        assert picture.format == "PNG"
        assert picture.width >= 800
        assert len(picture.convert("RGB").getcolors(1 << 20) or []) > 5


@pytest.mark.parametrize("file", of_kind(".csv"), ids=lambda file: file.stem)
def test_lists_have_as_many_cells_in_every_row_as_headings(file: Path):
    heading, *rows = csv.reader(io.StringIO(written(file)))
    assert rows
    if not file.stem.startswith("internal-scan"):  # a line about the scan stands above the headings
        assert {len(row) for row in rows} == {len(heading)}


@pytest.mark.parametrize("file", of_kind(".md"), ids=lambda file: file.stem)
def test_pages_have_a_title(file: Path):
    assert re.search(r"^# \S", written(file), re.MULTILINE)


@pytest.mark.parametrize("file", texts(), ids=lambda file: file.name)
def test_nothing_refers_to_anybody_real(file: Path):
    text = written(file)
    assert REAL.findall(text) == []
    assert [host for host in ADDRESS.findall(text) if not host.endswith(".example")] == []
    assert [one for one in ANY_NETWORK.findall(text) if not NETWORK.match(one)] == []
    assert [one for one in TELEPHONE.findall(text) if not one.startswith("01632 960")] == []


@pytest.mark.parametrize("file", texts(), ids=lambda file: file.name)
def test_no_card_number_stands_anywhere(file: Path):
    def valid(digits: str) -> bool:
        doubled = [int(d) if n % 2 == 0 else sum(divmod(2 * int(d), 10)) for n, d in enumerate(reversed(digits))]
        return sum(doubled) % 10 == 0

    found = [re.sub(r"\D", "", one) for one in CARD.findall(written(file))]
    assert [one for one in found if valid(one) and len(set(one)) > 1] == []


def test_every_binary_file_has_its_source():
    named = {line[4:].strip() for source in SOURCES for line in written(source).splitlines() if line.startswith("=== ")}
    assert named == {file.name for file in FILES if file.suffix in {".pdf", ".xlsx", ".png"}}
