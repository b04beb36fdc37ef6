"""A list of TOML tables is added to and changed in place: it says what is wanted, and the rest stays as it was."""

from __future__ import annotations

import tomllib
from datetime import date

from hypothesis import given
from hypothesis import strategies as st

from compliance.store.text.toml_tables import with_table, with_values

SETTINGS = """\
# The settings
format = 1

[[scopes]]   # the first
id = "a"     # ours
title = "A # b"
suppliers = [
  "One",
]

[[scopes]]
title = 'B'
id = 'b'

[review]
kinds = ["policy"]
"""
texts = st.text(st.characters(exclude_categories=("Cs",)), max_size=12)
values = st.one_of(texts, st.dates(), st.lists(texts, max_size=3))


@given(texts, values)
def test_a_table_is_added_after_the_others_of_its_name(title, value):
    text = with_table(SETTINGS, "scopes", {"id": "c", "title": title, "x": value})
    read = tomllib.loads(text)
    assert read["scopes"][2] == {"id": "c", "title": title, "x": value}
    before = tomllib.loads(SETTINGS)
    assert {**read, "scopes": read["scopes"][:2]} == before
    assert [line for line in SETTINGS.splitlines() if line not in text.splitlines()] == []


@given(st.sampled_from(["a", "b"]), values)
def test_values_are_set_in_the_table_of_an_id_alone(identifier, value):
    text = with_values(SETTINGS, "scopes", identifier, {"title": value, "end": date(2026, 1, 1)})
    assert text is not None
    read, before = tomllib.loads(text), tomllib.loads(SETTINGS)
    for scope in before["scopes"]:
        if scope["id"] == identifier:
            scope |= {"title": value, "end": date(2026, 1, 1)}
    assert read == before
    assert "# ours" in text and "# The settings" in text


def test_a_list_that_is_empty_so_far_begins_at_the_end():
    assert with_table("format = 1\n", "scopes", {"id": "a"}) == 'format = 1\n\n[[scopes]]\nid = "a"\n'


def test_a_scope_that_stands_in_a_line_is_not_found():
    assert with_values('scopes = [{id = "a"}]\n', "scopes", "a", {"title": "x"}) is None
