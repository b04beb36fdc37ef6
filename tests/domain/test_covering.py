"""The fewest sets that cover everything, held to trying every choice."""

from __future__ import annotations

from itertools import combinations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from compliance.domain.planning import covering
from compliance.domain.planning.covering import cover


def fewest(size: int, sets: list[set[int]]) -> int:
    """By trying every choice, the smallest first."""
    return next(
        count
        for count in range(len(sets) + 1)
        for some in combinations(sets, count)
        if set().union(*some) >= set(range(size))
    )


instances = st.integers(1, 9).flatmap(
    lambda size: st.lists(st.sets(st.integers(0, size - 1), min_size=1), min_size=1, max_size=9).map(
        lambda sets: (size, [*sets, *({number} for number in range(size))])
    )
)


@given(instances)
def test_no_choice_has_fewer(instance):
    size, sets = instance
    found = cover(size, sets)
    assert set().union(*(sets[place] for place in found.chosen)) == set(range(size))
    assert len(found.chosen) == found.at_least == fewest(size, sets)


@given(instances)
def test_without_effort_the_bound_still_holds(instance):
    size, sets = instance
    patch = pytest.MonkeyPatch()
    patch.setattr(covering, "EFFORT", 0)
    found = cover(size, sets)
    patch.undo()
    assert set().union(*(sets[place] for place in found.chosen)) == set(range(size))
    assert found.at_least <= fewest(size, sets) <= len(found.chosen)


def test_greed_alone_would_take_three_where_two_are_enough():
    sets = [{0, 1, 2, 3}, {0, 1, 4}, {2, 3, 5}]
    assert cover(6, sets).chosen == (1, 2)


def test_parts_that_have_nothing_to_do_with_each_other_are_solved_apart():
    sets = [{2 * number, 2 * number + 1} for number in range(200)]
    found = cover(400, sets)
    assert (len(found.chosen), found.is_fewest) == (200, True)


def test_of_equal_sets_the_first_is_taken():
    assert cover(2, [{0, 1}, {0, 1}, {0}]).chosen == (0,)


def test_what_no_set_covers_is_refused():
    with pytest.raises(ValueError, match="no set covers"):
        cover(2, [{0}])


def test_nothing_needs_nothing():
    assert cover(0, []) == covering.Cover((), 0)
