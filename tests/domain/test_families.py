"""The families of a standard, and the words that a control is found by."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from compliance.domain.assessment.assessment import total
from compliance.domain.assessment.families import families

from ..builders.ledgers import (
    altered,
    assessment,
    catalogue,
    control,
    finding,
    inherits,
    judged,
    piece,
    scope,
    soa,
    statement,
    world,
)


def group(identity, *controls):
    return control(identity, assessable=False, controls=controls)


STANDARD = catalogue(
    group("clauses", group("4", control("4.1"), group("4.2", control("4.2.1"))), group("5", control("5.1"))),
    control("lone"),
    group("annex", control("A.0"), group("A.5", control("A.5.1", controls=(control("A.5.1.1"),))), control("A.9")),
)


def parted(*controls):
    return {family.id: [one.id for one in family.controls] for family in families(STANDARD, controls)}


def all_of(ledger):
    return assessment(ledger).standards[0].controls


def test_a_family_is_the_second_group_above_a_control_or_the_first():
    assert parted(*all_of(world(STANDARD))) == {
        "4": ["4.1", "4.2.1"],
        "5": ["5.1"],
        "": ["lone"],
        "annex": ["A.0", "A.9"],
        "A.5": ["A.5.1", "A.5.1.1"],
    }


def test_families_without_a_control_to_show_are_left_out():
    assert parted() == {}
    (only,) = [one for one in all_of(world(STANDARD)) if one.id == "5.1"]
    assert parted(only) == {"5": ["5.1"]}


def test_a_standard_without_a_catalogue_is_one_family():
    (family,) = families(None, all_of(world(STANDARD)))
    assert (family.id, family.title, len(family.controls)) == ("", "", 8)


@given(st.lists(st.sampled_from(["4.1", "4.2.1", "5.1", "lone", "A.0", "A.5.1"]), max_size=4))
def test_the_families_add_up_to_the_standard(evidenced):
    pieces = [piece(f"E-{number}", controls=f"std:{one}") for number, one in enumerate(evidenced)]
    standard = assessment(world(STANDARD, *pieces)).standards[0]
    together = total([family.summary for family in families(STANDARD, standard.controls)])
    assert altered(together, standards=1) == standard.summary


def test_a_control_is_found_by_its_flag_as_well_as_by_its_verdict():
    ours = soa(statement("1", inherits=inherits(scope="corporate")), scope="site")
    ledger = world(scope(), scope("site"), ours, piece())
    assert judged(ledger, at="site").standings == {"evidenced", "inherited"}
    known = catalogue(control("1", excludable=True))
    out = soa(statement("1", applies=False, reason="There is none"))
    assert judged(world(known, out)).standings == {"excluded"}
    assert judged(world(known, out, finding())).standings == {"excluded", "open-major"}
