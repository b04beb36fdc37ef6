"""Every register says all of itself, whichever there are: nothing here lists them."""

from __future__ import annotations

import importlib
import pkgutil

import msgspec
import pytest

import compliance.domain.registers as room
from compliance.cli.registers.parts.heads import register_commands
from compliance.domain.due.registers import DUE_KINDS, EVIDENCE
from compliance.domain.ledger.ledger import Ledger
from compliance.domain.ledger.roles import role_of
from compliance.domain.registers.parts.dues import DueKind
from compliance.domain.registers.parts.register import Register
from compliance.domain.registers.parts.registry import BY_PLURAL, REGISTERS, checked, checked_kinds
from compliance.domain.terms.shapes import Shape
from compliance.domain.terms.verdicts import ReasonKind
from compliance.reports.parts.shapes import SHAPES

REGISTER = pytest.mark.parametrize("register", REGISTERS, ids=lambda register: register.plural)


def altered(register: Register, **fields) -> Register:
    return Register(**({name: getattr(register, name) for name in register.__struct_fields__} | fields))


def test_each_module_of_the_room_is_a_register():
    modules = [module.name for module in pkgutil.iter_modules(room.__path__) if not module.ispkg]
    assert sorted(BY_PLURAL) == sorted(modules)
    assert all(importlib.import_module(f"{room.__name__}.{name}").__doc__ for name in modules)


@REGISTER
def test_a_register_is_whole(register):
    assert register.summary.endswith(".")
    assert len(register.listing.headings) > 1
    assert register.listing.headings[0] == "Id"
    assert "id" in register.record.__struct_fields__
    assert "recorded" in register.record.__struct_fields__
    assert role_of(f"evidence/{register.plural}/a.yaml") is register
    assert (register.dues is None) <= (register.due_kinds == ())


@REGISTER
def test_the_help_tells_of_it_what_it_says_itself(register):
    place, summary = register_commands()[register.word]
    assert summary == register.summary
    module, _, name = place.partition(":")
    command = getattr(importlib.import_module(f"compliance.cli.{module}"), name)
    assert {"list", "show"} <= set(command.commands)


def test_the_help_has_them_in_their_order():
    assert list(register_commands()) == [register.word for register in REGISTERS]


@REGISTER
def test_its_records_are_kept_by_a_ledger(register):
    field = next(field for field in msgspec.structs.fields(Ledger) if field.name == register.plural)
    assert field.type == tuple[register.record, ...]


def test_each_kind_of_what_falls_due_has_a_title_and_an_outline():
    assert len({kind.value for kind in DUE_KINDS}) == len(DUE_KINDS)
    for kind in DUE_KINDS:
        assert kind.title[0].isupper()
        assert SHAPES[kind.value]


@pytest.mark.parametrize("what", ["name", "plural", "prefix", "place"])
def test_two_registers_cannot_claim_the_same(what):
    first, second = REGISTERS[:2]
    with pytest.raises(TypeError, match=f"two registers have the {what}"):
        checked([first, altered(second, **{what: getattr(first, what)})])


@pytest.mark.parametrize(
    "kinds",
    [
        (DueKind("thing", "", Shape.DISC),),
        (DueKind("thing", "Things", "a shape that there is not"),),
        (DueKind("thing", "Things", Shape.DISC), DueKind("thing", "Other things", Shape.DISC)),
    ],
)
def test_a_kind_without_word_title_and_shape_of_its_own_is_refused_at_the_start(kinds):
    with pytest.raises(TypeError, match="needs a word of its own, a title and a shape"):
        checked([altered(REGISTERS[0], names={}, due_kinds=kinds)])


@pytest.mark.parametrize("prefix", ["E", "", "e", "TT", "w w"])
def test_ids_of_a_register_begin_with_a_capital_letter_of_its_own(prefix):
    with pytest.raises(TypeError, match="needs a capital letter that is not that of evidence"):
        checked([altered(REGISTERS[0], names={}, prefix=prefix)])


@pytest.mark.parametrize("word", ["missing", "inherited"])
def test_a_reason_cannot_have_the_word_of_a_verdict_or_a_flag(word):
    with pytest.raises(TypeError, match="has the word of a verdict or a flag"):
        checked([altered(REGISTERS[0], names={}, reason_kinds=(ReasonKind(word, Shape.DISC),))])


def test_a_kind_cannot_have_the_word_of_one_that_follows_from_verdicts():
    with pytest.raises(TypeError, match="needs a word of its own"):
        checked_kinds((*DUE_KINDS, DueKind(EVIDENCE.value, "Things", Shape.DISC)))


def test_a_field_cannot_name_a_register_that_is_not_there():
    with pytest.raises(TypeError, match="names “meetings” in “id”, and there is none"):
        checked([altered(REGISTERS[0], names={"id": "meetings"})])


def test_what_is_listed_is_as_wide_as_its_headings():
    for register in REGISTERS:
        assert all(0 <= column < len(register.listing.headings) for column in register.listing.right)
        assert callable(register.listing.row)
