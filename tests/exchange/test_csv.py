"""CSV: separators, encodings and quotation marks as spreadsheets write them, and a round trip that loses nothing."""

from __future__ import annotations

import csv
import io
from pathlib import Path

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from compliance.domain.standards.catalogue import Catalogue, Control, Relation, RelationType, walk
from compliance.domain.standards.expectations import AnyOf, Each, Every, Expectation, MaxAge, Once, OnEvent
from compliance.domain.terms.durations import Duration, Unit
from compliance.domain.terms.periods import Slot
from compliance.domain.terms.references import Reference
from compliance.domain.terms.vocabulary import Basis, Chain, Kind
from compliance.exchange.formats import Options
from compliance.exchange.table.csv_file import LARGEST, read, write
from compliance.problems import Refused
from compliance.store.catalogues.catalogues import parse_catalogue

from .tables import control, made, tree

SHIPPED = sorted((Path(__file__).resolve().parents[2] / "standards").glob("*.yaml"))
NONE = Options()


def said(data, options=NONE):
    with pytest.raises(Refused) as refused:
        read(data, "desk/town.csv", options)
    (problem,) = refused.value.problems
    assert problem.hint
    return f"{problem.location}: {problem.sentence}"


def cells(data):
    return list(csv.reader(io.StringIO(data.decode("utf-8-sig"), newline="")))


def changed(data, old, new):
    text = data.decode("utf-8-sig")
    assert old in text
    return text.replace(old, new, 1).encode()


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


@pytest.mark.parametrize("file", SHIPPED, ids=lambda file: file.stem)
def test_the_round_trip_of_a_shipped_catalogue_loses_nothing(file):
    catalogue = parse_catalogue(file.read_bytes(), file.name).value
    data = write(catalogue)
    assert read(data, "x.csv", NONE).catalogue == catalogue
    assert write(catalogue) == data


TEXTS = st.text(alphabet=st.sampled_from("'=+-@\t\n\r,;\"| aé鍵0{["), max_size=8)
WORDS = st.text(alphabet="abc1-", min_size=1, max_size=5)
DURATIONS = st.builds(Duration, st.integers(0, 60), st.sampled_from(Unit))
RULES = st.one_of(
    st.builds(MaxAge, DURATIONS),
    st.builds(Every, st.none() | DURATIONS, st.none() | DURATIONS, st.none() | DURATIONS, TEXTS),
    st.builds(Each, st.sampled_from(Slot), st.booleans(), st.none() | DURATIONS),
    st.builds(OnEvent, TEXTS, DURATIONS, st.none() | DURATIONS),
    st.just(Once()),
)
KINDS = st.lists(st.sampled_from(Kind), max_size=2).map(tuple)


def expectations(rules):
    return st.builds(
        Expectation,
        id=WORDS,
        rule=rules,
        kinds=KINDS,
        basis=st.sampled_from(Basis),
        what=TEXTS,
        per=st.none() | st.sampled_from(Chain),
        optional=st.booleans(),
        because=TEXTS,
    )


EXPECTATIONS = expectations(RULES | st.builds(AnyOf, st.lists(expectations(RULES), min_size=2, max_size=2).map(tuple)))
RELATIONS = st.builds(
    Relation, to=st.builds(Reference, WORDS, WORDS, WORDS), type=st.sampled_from(RelationType), source=TEXTS
)
CONTROLS = st.builds(
    Control,
    id=WORDS,
    title=TEXTS.filter(bool),
    assessable=st.booleans(),
    revision=st.integers(1, 3),
    profiles=st.none() | st.lists(TEXTS, max_size=2).map(tuple),
    summary=TEXTS,
    expects=st.lists(EXPECTATIONS, max_size=2).map(tuple),
    related=st.lists(RELATIONS, max_size=2).map(tuple),
    local_id=TEXTS,
    was=st.none() | st.lists(WORDS, max_size=2).map(tuple),
)


@st.composite
def catalogues(draw):
    """Any catalogue of two levels, its ids apart."""
    found = draw(st.lists(CONTROLS, min_size=1, max_size=4, unique_by=lambda control: control.id))
    first, rest = found[0], tuple(found[1:])
    top = msgspec.structs.replace(first, controls=rest[:2])
    text = draw(TEXTS.filter(bool))
    return Catalogue(
        id="x",
        version="1",
        title=text,
        short="s",
        publisher="p",
        notice=draw(TEXTS),
        default_expects=tuple(draw(st.lists(EXPECTATIONS, max_size=1))),
        controls=(top, *rest[2:]),
    )


@given(catalogues())
def test_the_round_trip_of_any_catalogue_loses_nothing(catalogue):
    assert read(write(catalogue), "x.csv", NONE).catalogue == catalogue


@given(catalogues())
def test_no_cell_is_a_formula(catalogue):
    assert not [
        cell for row in cells(write(catalogue)) for cell in row if cell.startswith(("=", "+", "-", "@", "\t", "\r"))
    ]


def sample():
    expects = (
        Expectation(id="scan", rule=Every(Duration(3), grace=Duration(3, Unit.DAY)), kinds=(Kind.SCAN,), what="A scan"),
        Expectation(id="plan", rule=MaxAge(Duration(12)), what="A plan"),
    )
    below = Control(id="1.1", title="Doors", assessable=True, expects=expects)
    top = Control(id="1", title="House", controls=(below,))
    return Catalogue(id="house", version="2", title="House rules", short="House", publisher="Nobody", controls=(top,))


def test_an_edited_table_is_read_as_edited():
    data = changed(write(sample()), "max-age,12 months", "max-age,6 months")
    catalogue = made(read(data, "x.csv", Options(version="3")))
    found = next(node.control for node in walk(catalogue) if node.control.id == "1.1")
    assert [str(one.rule) for one in found.expects] == ["every 3 months (+ 3 days)", "no older than 6 months"]
    assert catalogue.version == "3"


@pytest.mark.parametrize(
    ("old", "new", "sentence"),
    [
        ("every,3 months", "every,4 months", "9: the cells say “every 4 months”, but “more” says “every 3 months”"),
        ("max-age,12 months", "max-age,often", "10: “often” is not a duration"),
        ("expectation,1.1", "expectation,1.2", "9: there is no control “1.2” to expect this"),
        ("control,1.1,1,", "control,1.1,7,", "8: 1.1 lies under 7, which is not in the file"),
        ("control,1.1", "kontrol,1.1", "8: “kontrol” is not what a row can be"),
        ("catalogue,short", "catalogue,shirt", "5: a catalogue has no field “shirt”"),
        ("catalogue,title", "catalogue,short", "5: the field “short” stands twice"),
        (",scan,every", ",scam,every", "9: “scam” is not one of policy, procedure"),
        ('""grace""', '""grease""', "9: “grease” is not written"),
        ('"{""rule""', '"{""rule', "9: “more” cannot be read"),
        ("true,", "perhaps,", "8: “perhaps” is neither true nor false"),
        (",parent,", ",parents,", "1: there is no column “parents”"),
    ],
)
def test_what_is_wrong_in_an_edited_table_is_said_with_its_row(old, new, sentence):
    assert sentence in said(changed(write(sample()), old, new)).removeprefix("desk/town.csv:")


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
        (b"id,title\n1,caf\xe9\n", "desk/town.csv:2: is not written in UTF-8"),
        (b"\xff\xfei\0d\0,\0a\0\n\0\x00\xd8\n\0", "desk/town.csv:2: is not written in UTF-16"),
        (b"i\0d\0,\0a\0\n\0", "desk/town.csv: is no text, or UTF-16 without its mark"),
        (b"id,title\n1," + b"a" * 1_100_000, "desk/town.csv:2: has a line of more than 1,000,000 characters"),
        (b"id,title\n1," + b"," * 3_000 + b"\n", "desk/town.csv:2: has more rows or columns than any standard"),
        (b"id\n" + b"1\n" * 50_001, "desk/town.csv:50001: has more rows or columns than any standard"),
        (b"x" * (LARGEST + 1), "desk/town.csv: is larger than 32 MB, which no table of controls is"),
    ],
    ids=range(11),
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
