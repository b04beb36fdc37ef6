"""How controls, standards, records and people are named."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from compliance.domain.terms.identifiers import (
    ALPHABET,
    EVIDENCE,
    identifier,
    identifier_of_path,
    is_identifier,
    normalised,
    token_of,
)
from compliance.domain.terms.references import Reference, StandardName, parse_reference, parse_standard
from compliance.domain.terms.vocabulary import Kind, Level, person_key


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("iso27001:A.8.8", Reference("iso27001", "A.8.8")),
        ("pci-dss:11.3.2#asv", Reference("pci-dss", "11.3.2", expectation="asv")),
        ("pci-dss@4.0.1:11.3.2#asv", Reference("pci-dss", "11.3.2", "4.0.1", "asv")),
        (" cyber-essentials:A6.4 ", Reference("cyber-essentials", "A6.4")),
    ],
)
def test_a_control_is_named_by_standard_version_id_and_expectation(written, meant):
    assert parse_reference(written) == meant
    assert str(meant) == written.strip()


@pytest.mark.parametrize("written", ["", "A.8.8", "iso27001", "iso27001:", "ISO27001:A.8.8", "a:b#C", "a:b c", "a@:b"])
def test_what_names_no_control_is_refused_with_an_example(written):
    with pytest.raises(ValueError, match="does not name a control; write standard:control"):
        parse_reference(written)


def test_a_standard_is_named_with_or_without_its_version():
    assert parse_standard("pci-dss") == StandardName("pci-dss")
    assert parse_standard(" pci-dss@4.0.1 ") == StandardName("pci-dss", "4.0.1")
    assert [str(parse_standard(text)) for text in ("pci-dss", "pci-dss@4.0.1")] == ["pci-dss", "pci-dss@4.0.1"]


@pytest.mark.parametrize("written", ["", "PCI DSS", "pci-dss@", "pci-dss@4/0", "../x"])
def test_what_names_no_standard_is_refused_with_an_example(written):
    with pytest.raises(ValueError, match="does not name a standard; write it like pci-dss"):
        parse_standard(written)


def test_an_id_is_a_letter_and_eight_characters_of_crockfords_alphabet():
    assert identifier(EVIDENCE, 0) == "E-00000000"
    assert identifier(EVIDENCE, 32**8 - 1) == "E-ZZZZZZZZ"
    assert identifier(EVIDENCE, 33) == "E-00000011"
    assert not set("ILOU") & set(ALPHABET)
    assert is_identifier("E-7K2M9QXT", "E")


@pytest.mark.parametrize("text", ["E-7K2M9QX", "E-7K2M9QXTT", "E-7K2M9QXI", "A-7K2M9QXT", "e-7k2m9qxt", "7K2M9QXT"])
def test_anything_else_is_no_id(text):
    assert not is_identifier(text, "E")


@pytest.mark.parametrize("typed", ["e-7k2m9qx1", "7K2M9QXL", " E-7K2M9QXI "])
def test_an_id_may_be_typed_in_lower_case_without_its_letter_and_with_letters_that_look_alike(typed):
    assert normalised(typed, "E") == "E-7K2M9QX1"


def test_the_random_part_of_an_id_names_files():
    assert token_of("E-7K2M9QXT") == "7K2M9QXT"


def test_the_id_of_a_file_that_rules_map_is_a_hash_of_its_path():
    same = identifier_of_path("evidence/a.pdf")
    assert same == identifier_of_path("evidence/a.pdf") == "E-BYFX6MR9"
    assert same != identifier_of_path("evidence/b.pdf")
    assert is_identifier(identifier_of_path("evidence/\udcff.pdf"), "E")


@given(st.integers(0, 32**8 - 1), st.integers(0, 32**8 - 1))
def test_different_numbers_give_different_ids(one, other):
    assert (identifier("E", one) == identifier("E", other)) == (one == other)
    assert normalised(identifier("E", one).lower(), "E") == identifier("E", one)


@pytest.mark.parametrize(
    ("person", "key"),
    [
        ("Ada Example <Ada@Example.org>", "ada@example.org"),
        ("ada@example.org", "ada@example.org"),
        ("Ada <x> <ada@example.org> ", "ada@example.org"),
        (" Ada Example ", "ada example"),
    ],
)
def test_people_are_told_apart_by_their_address_if_they_give_one(person, key):
    assert person_key(person) == key


def test_levels_are_ranked_from_not_achieved_to_achieved():
    assert [level.rank for level in (Level.NOT_ACHIEVED, Level.PARTIALLY_ACHIEVED, Level.ACHIEVED)] == [0, 1, 2]


def test_kinds_are_the_seventeen_of_the_record_format():
    assert len(Kind) == 17
