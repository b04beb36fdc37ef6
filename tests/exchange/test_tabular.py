"""Tables of controls: which column is what, how the tree is made, and that nothing in them is lost unsaid."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from compliance.domain.standards.catalogue import RelationType
from compliance.domain.standards.expectations import Each, Every, MaxAge, Once
from compliance.domain.terms.durations import Duration
from compliance.domain.terms.periods import Slot
from compliance.domain.terms.vocabulary import Basis, Kind
from compliance.exchange.imported import Kept
from compliance.exchange.options import Options
from compliance.exchange.table.catalogue_table import catalogue_of_table
from compliance.exchange.table.table import Table
from compliance.problems import Refused
from compliance.store.catalogues.catalogue_text import render_catalogue
from compliance.store.catalogues.catalogues import parse_catalogue

from ..builders.refusals import refusal_of
from .tables import control, judged, made, tree


def read(*rows, merged=(), **options):
    numbered = [(number, list(cells)) for number, cells in enumerate(rows, 1)]
    return catalogue_of_table(Table(file="desk/town.csv", rows=numbered, merged=merged), Options(**options))


def said(*rows, **options):
    problems = refusal_of(read, *rows, **options)
    return [f"{problem.location}: {problem.sentence}" for problem in problems]


def test_headings_are_known_by_their_names_and_below_a_title():
    imported = read(
        ("Controls of Fictional Town",), ("Ref.", ""), ("Control_ID", "Title"), ("1", "Doors"), ("2", "Keys")
    )
    assert tree(imported) == {"1": "", "2": ""}
    assert [one.what for one in imported.skipped] == ["row 1: Controls of Fictional Town", "row 2: Ref."]
    assert "Columns: id from “Control_ID”, title from “Title”." in imported.notes


def test_the_user_says_which_column_is_what():
    imported = read(("X", "ID", "Y"), ("a", "1", "Doors"), columns={"id": "x", "title": "Y"})
    assert control(imported, "a").title == "Doors"
    assert imported.kept == (Kept("a", "ID", "1"),)


def test_the_made_catalogue_is_one_that_check_passes_and_says_where_it_is_from():
    imported = read(("id", "title"), ("1", "Doors"), licence="Open licence", version="2026")
    catalogue = made(imported)
    assert parse_catalogue(render_catalogue(catalogue), "x.yaml").value == catalogue
    assert (catalogue.id, catalogue.version, catalogue.source) == ("town", "2026", "Imported from town.csv")
    assert "Open licence" in catalogue.wording
    assert catalogue.default_expects[0].basis is Basis.ORGANISATION


def test_the_tree_comes_from_parents():
    imported = read(("id", "title", "parent"), ("c", "C", "b"), ("a", "A", ""), ("b", "B", "a"))
    assert tree(imported) == {"a": "", "b": "a", "c": "b"}
    assert judged(imported) == ["c"]
    assert any("parents" in note for note in imported.notes)


def test_the_tree_comes_from_levels():
    imported = read(("id", "level"), ("a", "1"), ("b", "2"), ("c", "3"), ("d", "2"), ("e", "1"))
    assert tree(imported) == {"a": "", "b": "a", "c": "b", "d": "a", "e": ""}


def test_the_tree_comes_from_dotted_ids():
    imported = read(
        ("id", "title"), ("1", "A"), ("1.1", "B"), ("1.1.2", "C"), ("AC-2", "D"), ("AC-2 (1)", "E"), ("10", "F")
    )
    assert tree(imported) == {"1": "", "1.1": "1", "1.1.2": "1.1", "AC-2": "", "AC-2(1)": "AC-2", "10": ""}
    assert any("“AC-2 (1)” is AC-2(1)" in note for note in imported.notes)


def test_the_tree_comes_from_sections():
    imported = read(
        ("id", "title", "domain"),
        ("N-1", "A", "Networks"),
        ("P-1", "B", "People"),
        ("N-2", "C", "Networks"),
        ("7.1", "D", "7. Doors and keys"),
        ("x", "E", ""),
    )
    assert tree(imported) == {"N": "", "N-1": "N", "N-2": "N", "P": "", "P-1": "P", "7": "", "7.1": "7", "x": ""}
    assert control(imported, "7").title == "Doors and keys"


def test_a_section_that_is_called_like_a_row_gets_an_id_of_its_own():
    imported = read(("id", "section id", "section"), ("A", "A", "Alpha"), ("A.1", "A", "Alpha"))
    assert tree(imported) == {"A-section": "", "A": "A-section", "A.1": "A"}


def test_merged_sections_go_on_in_the_rows_below():
    rows = [("section", "id"), ("Doors", "1"), ("", "2"), ("Keys", "3")]
    imported = read(*rows, merged=((2, 0, 3, 0),))
    assert [child.id for child in made(imported).controls[0].controls] == ["1", "2"]


def test_what_is_a_control_may_be_said():
    imported = read(("id", "assessable", "parent"), ("1", "yes", ""), ("1.1", "No", "1"))
    assert judged(imported) == ["1"]


@pytest.mark.parametrize(
    ("rule", "interval", "made_rule"),
    [
        ("", "6 months", MaxAge(Duration(6))),
        ("", "", MaxAge(Duration(12))),
        ("every", "3 months", Every(Duration(3))),
        ("each", "quarter", Each(Slot.QUARTER)),
        ("once", "", Once()),
    ],
)
def test_a_row_may_say_what_it_expects(rule, interval, made_rule):
    imported = read(
        ("id", "kind", "rule", "interval", "what", "basis"), ("1", "scan, Report", rule, interval, "A scan", "")
    )
    (one,) = control(imported, "1").expects
    assert (one.rule, one.kinds, one.what, one.basis) == (
        made_rule,
        (Kind.SCAN, Kind.REPORT),
        "A scan",
        Basis.ORGANISATION,
    )


def test_relations_and_profiles_are_read():
    imported = read(
        ("id", "related", "profiles"),
        ("1", "subset iso27001:A.8.8; pci-dss@4.0.1:1.2", "Large towns, small"),
        ("2", "", "all"),
    )
    assert [(str(one.to), one.type) for one in control(imported, "1").related] == [
        ("iso27001:A.8.8", RelationType.SUBSET),
        ("pci-dss@4.0.1:1.2", RelationType.INTERSECTS),
    ]
    assert control(imported, "1").profiles == ("large-towns", "small")
    assert control(imported, "2").profiles is None
    assert [profile.title for profile in made(imported).profiles] == ["Large towns", "small"]


def test_text_without_a_field_is_kept_word_for_word():
    imported = read(
        ("id", "title", "description", "Owner"), ("1", "Doors", "Shut\nthem  all.", " Ann "), ("", "note", "", "")
    )
    assert imported.kept == (Kept("1", "description", "Shut\nthem  all."), Kept("1", "Owner", " Ann "))
    assert [(one.what, one.why) for one in imported.skipped] == [("row 3: note", "has no id")]
    with_text = read(("id", "title", "description"), ("1", "Doors", "Shut\nthem  all."), with_text=True)
    assert control(with_text, "1").summary == "Shut them all."


def test_a_long_title_is_shortened_and_kept():
    long = "word " * 60
    imported = read(("id", "title"), ("1", long))
    assert len(control(imported, "1").title) <= 161
    assert imported.kept == (Kept("1", "title", long.strip()),)


def test_characters_that_are_no_text_are_said():
    imported = read(("id", "title"), ("1", "Do\x0bors\x00"))
    assert control(imported, "1").title == "Do ors"
    assert "1 cell had characters that are no text: blanks stand for them." in imported.notes


def test_eramba_is_told_by_the_order_of_its_columns():
    row = ("A", "Access", "About", "A.1", "Passwords", "Be careful", "Do you?")
    headings = (
        "Chapter Number",
        "Chapter Name",
        "Chapter Description",
        "Item ID",
        "Item Name",
        "Item Description",
        "More",
    )
    for rows in ((headings, row), (row,)):
        imported = read(*rows, preset="eramba")
        assert tree(imported) == {"A": "", "A.1": "A"}
        assert {one.name for one in imported.kept} == {
            "chapter description",
            "item description",
            "item additional information",
        }


def test_scf_is_told_by_its_headings_and_relates_to_standards_that_are_known():
    headings = (
        "SCF Domain",
        "SCF Control",
        "SCF #",
        "Secure Controls Framework (SCF)\nControl Description",
        "ISO\n27001\n2022",
        "ISO\n27002\n2022",
        "PCI DSS\n4.0.1",
        "Some law",
    )
    row = (
        "Invented Governance",
        "Invented control",
        "GOV-01",
        "Mechanisms exist.",
        "4.4\n5.1(a)",
        "5.1",
        "12.4",
        "Art. 5",
    )
    below = ("Invented Governance", "Another", "GOV-01.1", "More.", "", "", "", "")
    imported = read(headings, row, below, preset="scf")
    assert tree(imported) == {"GOV": "", "GOV-01": "GOV", "GOV-01.1": "GOV-01"}
    assert judged(imported) == ["GOV-01", "GOV-01.1"]
    assert [str(one.to) for one in control(imported, "GOV-01").related] == [
        "iso27001:4.4",
        "iso27001:5.1",
        "iso27001:A.5.1",
        "pci-dss:12.4",
    ]
    assert Kept("GOV-01", "Some law", "Art. 5") in imported.kept


def test_clashing_ids():
    assert said(("id",), ("1.1",), ("2",), ("1.1",), columns={"id": "id"}) == [
        "desk/town.csv:4: the id 1.1 is used twice (first in line 2)"
    ]


def test_a_missing_parent():
    assert said(("id", "parent"), ("1", ""), ("2", "9")) == [
        "desk/town.csv:3: 2 lies under 9, which is not in the file"
    ]


def test_parents_in_a_circle():
    assert said(("id", "parent"), ("a", "b"), ("b", "c"), ("c", "a")) == [
        "desk/town.csv:2: the parents go round in a circle: a → b → c → a"
    ]
    assert said(("id", "parent"), ("a", "a")) == ["desk/town.csv:2: the parents go round in a circle: a → a"]


def test_a_circle_far_from_the_first_row_is_found_without_recursion():
    rows = [(str(number), str(number + 1)) for number in range(3_000)] + [("3000", "2999")]
    assert "go round in a circle: 2999 → 3000 → 2999" in said(("id", "parent"), *rows)[0]


def test_too_deep():
    rows = [(f"{number}", f"{number - 1}" if number else "") for number in range(12)]
    assert said(("id", "parent"), *rows) == ["desk/town.csv:11: 9 lies more than 9 deep"]


@pytest.mark.parametrize(
    ("rows", "options", "sentence"),
    [
        ((("a", "b"), ("1", "2")), {}, "desk/town.csv:1: no column has the ids of the controls"),
        ((("id", "b"), ("1", "2")), {"columns": {"id": "Ref"}}, "desk/town.csv:1: no column is called “Ref”"),
        ((("id", "b"), ("1", "2")), {"columns": {"title": "Ref"}}, "desk/town.csv:1: no column is called “ref”"),
        ((("id", "b"), ("1", "2")), {"columns": {"ttle": "b"}}, "None: a control has no field “ttle”"),
        (
            (("id", "b", "b"), ("1", "2", "3")),
            {"columns": {"title": "b"}},
            "desk/town.csv:1: two columns are called “b”",
        ),
        ((("id", "kind"), ("1", "scam")), {}, "desk/town.csv:2: “scam” is no kind of evidence"),
        ((("id", "interval"), ("1", "often")), {}, "desk/town.csv:2: “often” is not a duration"),
        ((("id", "rule"), ("1", "never")), {}, "desk/town.csv:2: “never” is no rule that a table can have"),
        ((("id", "related"), ("1", "nothing")), {}, "desk/town.csv:2: “nothing” does not name a control"),
        ((("id", "assessable"), ("1", "perhaps")), {}, "desk/town.csv:2: “perhaps” is neither true nor false"),
        (
            (("id", "assessable", "kind"), ("1", "no", "scan")),
            {},
            "desk/town.csv:2: 1 expects evidence, but is no control",
        ),
        ((("id", "assessable"), ("1", "no")), {}, "desk/town.csv: holds no assessable control, only headings"),
        ((("id", "title"), ("", "x")), {}, "desk/town.csv: holds no controls"),
        ((("id", "title"), ("1", "x")), {"id": "No Good"}, "None: “No Good@1” does not name a standard"),
        (
            (("id", "title"), ("1", "x")),
            {"version": "1" * 200},
            "desk/town.csv: id and version together are longer than 120 characters",
        ),
        ((("id", "title"), ("1", "x")), {"preset": "erambo"}, "None: there is no preset “erambo”"),
        ((("id", "title"), ("x" * 200, "x")), {}, f"desk/town.csv:2: an id is longer than 120 characters: {'x' * 40}…"),
    ],
)
def test_what_a_table_lacks_is_said_with_its_row(rows, options, sentence):
    assert said(*rows, **options) == [sentence]


def test_many_faults_are_counted():
    sentences = said(("id", "title"), *[("1", "x")] * 40)
    assert len(sentences) == 20
    assert sentences[-1].endswith("20 more faults of this kind")


IDS = st.text("ab1.-( ", min_size=1, max_size=6).filter(lambda text: text.strip(" -"))


@given(st.lists(IDS, min_size=1, max_size=12), st.sampled_from(["id", "parent", "section", "level"]), st.data())
def test_every_row_is_in_the_tree_once_or_the_table_is_refused(ids, by, data):
    rows = [(id_, data.draw(st.sampled_from(["", "1", "2", *ids]))) for id_ in ids]
    try:
        imported = read(("id", by if by != "id" else "owner"), *rows)
    except Refused as refused:
        assert all(problem.hint for problem in refused.problems)
        return
    found = tree(imported)
    assert imported.rows == len(rows)
    headings = [name for name in found if name not in {one.replace(" (", "(") for one in ids}]
    assert len(found) >= len(rows)
    assert len(found) - len(headings) <= len(rows)
    catalogue = made(imported)
    assert parse_catalogue(render_catalogue(catalogue), "x.yaml").value == catalogue
