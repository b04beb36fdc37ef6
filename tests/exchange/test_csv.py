"""CSV tables read: separators, encodings and quotation marks as spreadsheets write them, and what is refused."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from compliance.exchange.formats.csv import read
from compliance.exchange.options import Options
from compliance.exchange.table.csv_rows import LARGEST
from compliance.problems import Refused

from ..builders.refusals import refusal_of
from .tables import control, tree

NONE = Options()


def said(data, options=NONE):
    (problem,) = refusal_of(read, data, "desk/town.csv", options)
    return f"{problem.location}: {problem.sentence}"


@pytest.mark.parametrize("separator", [",", ";", "\t"])
def test_the_separator_is_told_from_the_table(separator):
    rows = [("id", "title"), ("1", "a, b; c"), ("2", "d")]
    text = "\r\n".join(separator.join(f'"{cell}"' for cell in row) for row in rows)
    imported = read(text.encode(), "town.csv", NONE)
    assert control(imported, "1").title == "a, b; c"
    assert any(note.startswith("Cells are parted by") for note in imported.notes)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be"])
def test_encodings_are_told_from_the_first_bytes(encoding):
    mark = {"utf-16-le": b"\xff\xfe", "utf-16-be": b"\xfe\xff"}.get(encoding, b"")
    imported = read(mark + "id,title\n1,Größe 鍵\n".encode(encoding), "town.csv", NONE)
    assert control(imported, "1").title == "Größe 鍵"
    assert ("The file is written in UTF-16." in imported.notes) == encoding.startswith("utf-16")


def test_text_goes_over_lines_and_rows_keep_their_numbers():
    imported = read(b'id,title,description\n\n1,A,"first\nsecond ""x"""\n,lost,\n', "town.csv", NONE)
    assert imported.kept[0].text == 'first\nsecond "x"'
    assert [one.what for one in imported.skipped] == ["row 5: lost"]


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        (b"", "desk/town.csv: has no rows"),
        (b"\xef\xbb\xbf\r\n,,\r\n", "desk/town.csv: has no rows"),
        (
            b'id,title\n1,"never closed\n2,b\n',
            "desk/town.csv:2: a text in quotation marks begins here and is not closed",
        ),
        (b'id,title\n1,"a"b\n', "desk/town.csv:2: something follows a closing quotation mark"),
        (b'id;title\n"1";"a, ""b""\nc";"d" e\n', "desk/town.csv:2: something follows a closing quotation mark"),
        (b"id,title\n1," + b"a" * 140_000, "desk/town.csv:2: has a cell of more than 131,072 characters"),
        (b"id,title\n1,caf\xe9\n", "desk/town.csv:2: is not written in UTF-8"),
        (b"\xff\xfei\0d\0,\0a\0\n\0\x00\xd8\n\0", "desk/town.csv:2: is not written in UTF-16"),
        (b"i\0d\0,\0a\0\n\0", "desk/town.csv: is no text, or UTF-16 without its mark"),
        (b"id,title\n1," + b"a" * 1_100_000, "desk/town.csv:2: has a line of more than 1,000,000 characters"),
        (b"id,title\n1," + b"," * 3_000 + b"\n", "desk/town.csv:2: has more rows or columns than any standard"),
        (b"id\n" + b"1\n" * 50_001, "desk/town.csv:50001: has more rows or columns than any standard"),
        (b"x" * (LARGEST + 1), "desk/town.csv: is larger than 32 MB, which no table of controls is"),
    ],
    ids=range(13),
)
def test_what_is_no_table_is_said_with_its_line(data, sentence):
    assert said(data) == sentence


@given(st.binary(max_size=200))
def test_no_bytes_do_more_than_be_refused(data):
    try:
        read(data, "x.csv", NONE)
    except Refused as refused:
        assert all(problem.hint for problem in refused.problems)


def test_a_foreign_apostrophe_stays():
    imported = read(b"id,title\n1,'=quoted'\n", "town.csv", NONE)
    assert control(imported, "1").title == "'=quoted'"
    assert tree(imported) == {"1": ""}
