"""The crosswalk: what relations in a row prove, ways between standards, and the laws that hold of any of them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from compliance.domain.standards.catalogue import Control, Relation, RelationType
from compliance.domain.standards.crosswalk import Crosswalk, backwards, composed, strength
from compliance.domain.terms.references import Reference, parse_reference

from ..builders.ledgers import catalogue, control

EQUAL, SUBSET, SUPERSET, INTERSECTS = RelationType
TYPES = st.sampled_from(RelationType)
GROUND = st.frozensets(st.integers(0, 4), min_size=1)


def related(**to):
    """Relations: `related(b_1="subset")` is to control 1 of standard b."""
    return tuple(
        Relation(to=Reference(*name.split("_")), type=RelationType(type_), source="ours") for name, type_ in to.items()
    )


def place(text):
    standard, _, control_id = text.partition(":")
    return Reference(standard, control_id, "1")


def standard(name, **controls):
    """A standard of assessable controls, each with its relations: `standard("a", c1={"b_1": "equal"})`."""
    return catalogue(
        *(control(number.removeprefix("c"), related=related(**to)) for number, to in controls.items()), id=name
    )


def how(crosswalk, start, hops=3):
    """The best type to each control that can be reached."""
    return {
        f"{route.target.standard}:{route.target.control}": route.type and route.type.value
        for route in crosswalk.nearest(place(start), hops)
    }


def true_type(one, other):
    """How two sets really lie to each other; None where they have nothing in common."""
    if one == other:
        return EQUAL
    if one < other:
        return SUBSET
    if one > other:
        return SUPERSET
    return INTERSECTS if one & other else None


def holds(claimed, one, other):
    """Whether a claim is true of two sets; of intersects, that there is something in common at the least."""
    if claimed is None:
        return True
    if claimed is INTERSECTS:
        return bool(one & other)
    return {EQUAL: one == other, SUBSET: one <= other, SUPERSET: one >= other}[claimed]


@given(GROUND, GROUND, GROUND)
def test_what_two_true_relations_prove_is_true(one, middle, other):
    first, second = true_type(one, middle), true_type(middle, other)
    if first and second:
        assert holds(composed(first, second), one, other)


def test_nothing_more_could_be_proven():
    """Wherever the table claims less than a type, there are three grounds for which that type would be false."""
    grounds = [frozenset(number for number in range(4) if bits >> number & 1) for bits in range(1, 16)]
    cases = {}
    for one in grounds:
        for middle in grounds:
            for other in grounds:
                cases.setdefault((true_type(one, middle), true_type(middle, other)), []).append((one, other))
    for (first, second), ends in cases.items():
        if first and second:
            true = [type_ for type_ in RelationType if all(holds(type_, *pair) for pair in ends)]
            best = max(true, key=strength, default=None)
            assert strength(composed(first, second)) == strength(best), (first, second)


@given(TYPES | st.none(), TYPES | st.none())
def test_a_way_is_never_stronger_than_its_weakest_hop(first, second):
    assert strength(composed(first, second)) <= min(strength(first), strength(second))


@given(TYPES | st.none(), TYPES | st.none(), TYPES | st.none())
def test_it_does_not_matter_in_which_order_hops_are_put_together(one, two, three):
    assert composed(composed(one, two), three) == composed(one, composed(two, three))
    assert composed(one, EQUAL) == composed(EQUAL, one) == one


@given(TYPES, TYPES)
def test_reading_a_way_from_its_other_end_turns_what_it_proves(first, second):
    forth, back = composed(first, second), composed(backwards(second), backwards(first))
    assert back == (backwards(forth) if forth else None)
    assert backwards(backwards(first)) is first


@st.composite
def _catalogues(draw):
    """Four small standards with relations drawn among them."""
    names = ["a", "b", "c", "d"]
    targets = [f"{name}_{number}" for name in names for number in (1, 2)]
    return [
        standard(
            name,
            **{
                f"c{number}": draw(
                    st.dictionaries(
                        st.sampled_from([one for one in targets if not one.startswith(name)]),
                        TYPES.map(lambda type_: type_.value),
                        max_size=3,
                    )
                )
                for number in (1, 2)
            },
        )
        for name in names
    ]


PLACES = [place(f"{name}:{number}") for name in "abcd" for number in (1, 2)]


@given(_catalogues())
def test_whoever_can_be_reached_reaches_back_as_well(catalogues):
    crosswalk = Crosswalk(catalogues)
    best = {start: {route.target: route for route in crosswalk.nearest(start)} for start in PLACES}
    for start in PLACES:
        for target, route in best[start].items():
            back = best[target][start]
            assert strength(back.type) == strength(route.type)
            assert len(back.hops) == len(route.hops)


@given(_catalogues())
def test_a_way_never_returns_and_is_no_better_than_its_weakest_hop(catalogues):
    crosswalk = Crosswalk(catalogues)
    for start in PLACES:
        for route in crosswalk.routes(start):
            passed = [start.standard, *(hop.there.standard for hop in route.hops)]
            assert len(set(passed)) == len(passed)
            assert 1 <= len(route.hops) <= 3
            assert strength(route.type) <= strength(route.weakest.type)


@given(_catalogues(), st.randoms(use_true_random=False))
def test_the_order_of_the_catalogues_and_of_their_relations_does_not_matter(catalogues, chance):
    def shuffled(one: Control) -> Control:
        mixed = list(one.related)
        chance.shuffle(mixed)
        return control(one.id, related=tuple(mixed))

    others = [catalogue(*(shuffled(one) for one in held.controls), id=held.id) for held in catalogues]
    chance.shuffle(others)
    first, second = Crosswalk(catalogues), Crosswalk(others)
    for start in PLACES:
        assert first.nearest(start) == second.nearest(start)


def test_a_relation_can_be_used_from_both_ends():
    crosswalk = Crosswalk([standard("a", c1={"b_1": "subset"}), standard("b", c1={})])
    assert how(crosswalk, "a:1") == {"b:1": "subset"}
    assert how(crosswalk, "b:1") == {"a:1": "superset"}


def test_the_strongest_way_is_taken_and_of_equals_the_shortest():
    crosswalk = Crosswalk(
        [
            standard("a", c1={"b_1": "equal", "c_1": "intersects"}),
            standard("b", c1={"c_1": "equal"}),
            standard("c", c1={}),
        ]
    )
    (_, to_c) = crosswalk.nearest(place("a:1"))
    assert (to_c.type, len(to_c.hops)) == (EQUAL, 2)
    assert how(crosswalk, "a:1", hops=1) == {"b:1": "equal", "c:1": "intersects"}


def test_what_proves_nothing_is_related_all_the_same_and_its_weakest_hop_has_a_name():
    crosswalk = Crosswalk(
        [standard("a", c1={"b_1": "subset"}), standard("c", c1={"b_1": "intersects"}), standard("b", c1={})]
    )
    route = {one.target: one for one in crosswalk.nearest(place("a:1"))}[place("c:1")]
    assert route.type is None
    assert (route.weakest.here, route.weakest.there, route.weakest.type) == (place("b:1"), place("c:1"), INTERSECTS)
    assert route.weakest.source == "ours"


def test_what_holds_of_a_heading_holds_of_its_parts_only_if_all_of_it_lies_within():
    def under(type_):
        heading = Control(id="1", title="Heading", related=related(b_1=type_), controls=(control("1.1"),))
        return how(Crosswalk([catalogue(heading, id="a"), standard("b", c1={})]), "a:1.1")["b:1"]

    assert [under(type_) for type_ in ("equal", "subset", "superset", "intersects")] == ["subset", "subset", None, None]


def test_what_stands_under_a_control_is_no_part_of_it():
    """A follow-up question is asked under the question before it, and has a ground of its own."""
    above = control("1", related=related(b_1="equal"), controls=(control("1.1"),))
    assert how(Crosswalk([catalogue(above, id="a"), standard("b", c1={})]), "a:1.1") == {}
    heading = Control(
        id="0", title="Heading", related=related(b_1="subset"), controls=(control("1", controls=(control("1.1"),)),)
    )
    assert how(Crosswalk([catalogue(heading, id="a"), standard("b", c1={})]), "a:1.1") == {"b:1": "subset"}


@pytest.mark.parametrize(
    ("of_a", "of_b", "counts"),
    [
        ("equal", "equal", "equal"),
        ("subset", "superset", "subset"),  # the same, said from both ends
        ("equal", "subset", "superset"),
        ("intersects", "equal", "intersects"),
        ("subset", "subset", "intersects"),  # each is said to lie within the other
    ],
)
def test_of_two_judgements_on_one_pair_the_weaker_counts(of_a, of_b, counts):
    crosswalk = Crosswalk([standard("a", c1={"b_1": of_a}), standard("b", c1={"a_1": of_b})])
    assert how(crosswalk, "a:1") == {"b:1": counts}


def test_a_relation_without_a_version_means_the_newest_there_is():
    old, new = (catalogue(control("1"), id="b", version=version) for version in ("1.9", "1.10"))
    crosswalk = Crosswalk([standard("a", c1={"b_1": "equal"}), old, new])
    assert [str(route.target) for route in crosswalk.nearest(place("a:1"))] == ["b@1.10:1"]
    named = Relation(to=parse_reference("b@1.9:1"), type=EQUAL)
    crosswalk = Crosswalk([catalogue(control("1", related=(named,)), id="a"), old, new])
    assert [str(route.target) for route in crosswalk.nearest(place("a:1"))] == ["b@1.9:1"]


def test_what_is_not_there_is_not_reached():
    crosswalk = Crosswalk([standard("a", c1={"b_7": "equal", "z_1": "equal"}), standard("b", c1={})])
    assert crosswalk.nearest(place("a:1")) == ()
