"""Values of another shape than a struct's: which is named, at which place, and what was wanted there."""

from __future__ import annotations

from typing import Any

import msgspec
import pytest

from compliance.exchange.shapes import Misfit, misfit


class Leaf(msgspec.Struct, rename="kebab"):
    long_name: str = ""
    words: list[str] = []


class Tree(msgspec.Struct):
    leaf: Leaf = msgspec.field(default_factory=Leaf)
    below: list[Tree] = []
    any_group: dict[str, Any] = {}


@pytest.mark.parametrize(
    "value",
    [
        {},
        {"leaf": {"long-name": "x", "words": ["a"]}, "below": [{"below": []}], "any_group": {"a": [1]}},
        {"unknown": [None, 7, {"leaf": 7}]},
    ],
)
def test_what_fits_is_no_misfit(value):
    assert misfit(value, Tree) is None


@pytest.mark.parametrize(
    ("value", "path", "wanted"),
    [
        ([], ("tree",), "a group “{…}”"),
        ({"leaf": "x"}, ("tree", "leaf"), "a group “{…}”"),
        ({"leaf": {"long-name": ["x"]}}, ("tree", "leaf", "long-name"), "a text"),
        ({"leaf": {"long-name": None}}, ("tree", "leaf", "long-name"), "a text"),
        ({"leaf": {"words": "a"}}, ("tree", "leaf", "words"), "a list of texts"),
        ({"leaf": {"words": ["a", {}]}}, ("tree", "leaf", "words"), "a list of texts"),
        ({"below": {}}, ("tree", "below"), "a list of groups “[{…}]”"),
        ({"below": [{}, {"below": [7]}]}, ("tree", "below", 1, "below"), "a list of groups “[{…}]”"),
        ({"below": [{}, {"leaf": {"words": 7}}]}, ("tree", "below", 1, "leaf", "words"), "a list of texts"),
        ({"any_group": "x"}, ("tree", "any_group"), "a group “{…}”"),
    ],
)
def test_the_first_value_of_another_shape_is_named(value, path, wanted):
    assert misfit(value, Tree, ("tree",)) == Misfit(path, wanted)
