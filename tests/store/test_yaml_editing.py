"""Edits of files that people keep: what did not change stays to the letter, but for the indentation of lists."""

from __future__ import annotations

import copy
import datetime as dt
import io
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from ruamel.yaml import YAML

from compliance.store.text.yaml_editing import appended, edited

TEXT = """\
# head
id: X-1
# about the list
items:
- name: 'one'   # first
  tags: [a, b]
- name: two     # second
# before the last key
last: "kept"
"""
PLAIN: dict[str, Any] = {
    "id": "X-1",
    "items": [{"name": "one", "tags": ["a", "b"]}, {"name": "two"}],
    "last": "kept",
}


def read(data: bytes) -> Any:
    """By the rules of YAML 1.2, where `on` is a word."""
    return YAML(typ="safe").load(data)


def changed(**parts: Any) -> dict[str, Any]:
    return copy.deepcopy(PLAIN) | parts


def test_nothing_changed_is_nothing_written():
    assert edited(TEXT.encode(), PLAIN, PLAIN).decode() == TEXT


@pytest.mark.parametrize(
    ("now", "gone"),
    [
        (changed(items=[*PLAIN["items"], {"name": "three"}]), set()),
        (changed(items=[{"name": "one", "tags": ["a", "b", "c"]}, {"name": "two"}]), set()),
        (changed(items=[{"name": "one", "tags": ["a", "b"]}, {"name": "two", "note": "more"}]), set()),
        (changed(items=[{"name": "none"}, *PLAIN["items"]]), set()),
        (changed(last="changed", more="added"), set()),
        ({key: value for key, value in PLAIN.items() if key != "last"}, {"# before the last key"}),
        (changed(items=PLAIN["items"][:1]), {"# second", "# before the last key"}),
    ],
)
def test_comments_stay_beside_what_stays(now, gone):
    text = edited(TEXT.encode(), PLAIN, now).decode()
    assert read(text.encode()) == now
    comments = {"# head", "# about the list", "# first", "# second", "# before the last key"} - gone
    assert {comment for comment in comments if comment not in text} == set()


def test_what_is_appended_is_last():
    text = appended(TEXT.encode(), "items", {"name": "three"}).decode()
    assert [item["name"] for item in read(text.encode())["items"]] == ["one", "two", "three"]
    assert text.startswith("# head\n")


words = st.sampled_from(["a", "b", "on", "1.10", "2026-01-05", "yes", "x: y", "#", "", "é"])
values = st.recursive(
    words, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(words, inner, max_size=3), max_leaves=8
)
plain = st.dictionaries(words, values, max_size=4)


@given(before=plain, now=plain)
def test_an_edited_file_says_what_it_is_now_to_say(before, now):
    text = io.BytesIO()
    YAML().dump(before, text)
    assert read(edited(text.getvalue(), before, now)) == now


def test_one_value_in_two_places_is_written_out_twice():
    day = dt.date(2026, 2, 2)
    text = edited(b"id: X-1\n", {"id": "X-1"}, {"id": "X-1", "check": {"due": day, "on": day}})
    assert text == b"id: X-1\ncheck:\n  due: 2026-02-02\n  on: 2026-02-02\n"


@pytest.mark.parametrize(
    ("text", "before", "now", "after"),
    [
        (
            "a:   1 # one\r\nb: x\r\n",
            {"a": "1", "b": "x"},
            {"a": "1", "b": "y", "c": ["z"]},
            "a:   1 # one\r\nb: y\r\nc: [z]\r\n",
        ),
        (
            "items:\n      - a\n\n      # about b\n      -   b   # here\nend: 1\n",
            {"items": ["a", "b"], "end": "1"},
            {"items": ["a", "c", "b"], "end": "1"},
            "items:\n      - a\n      - c\n\n      # about b\n      -   b   # here\nend: 1\n",
        ),
        (
            "x: [ a,  'b' ,c ] # odd\n",
            {"x": ["a", "b", "c"]},
            {"x": ["a", "it's", "c"]},
            "x: [ a,  'it''s' ,c ] # odd\n",
        ),
        ("x: [a, b]\n", {"x": ["a", "b"]}, {"x": ["b"]}, "x: [b]\n"),
        ("x: [a, b]\n", {"x": ["a", "b"]}, {"x": ["a"]}, "x: [a]\n"),
        ("x: [a]\n", {"x": ["a"]}, {"x": []}, "x: []\n"),
        (
            "text: |\n  one\n  two\n\n# end\nb: 1\n",
            {"text": "one\ntwo\n", "b": "1"},
            {"text": "one\ntwo\n", "c": "2", "b": "1"},
            "text: |\n  one\n  two\nc: '2'\n\n# end\nb: 1\n",
        ),
        ("a: x: y\n".replace("x: y", '"x: y"'), {"a": "x: y"}, {"a": 'say "no"'}, 'a: "say \\"no\\""\n'),
        ("- k: {a: 1}\n"[2:], {"k": {"a": "1"}}, {"k": {"a": "1", "b": "#"}}, "k: {a: '1', b: '#'}\n"),
    ],
    ids=[
        "line ends of Windows", "a comment stays above its item", "odd blanks", "first in brackets", "last in brackets",
        "only one in brackets", "after a block", "the same quotes", "a key within brackets",
    ],
)  # fmt: skip
def test_every_other_byte_stays(text, before, now, after):
    assert edited(text.encode(), before, now).decode() == after


def test_what_cannot_be_edited_in_place_is_written_anew():
    before, now = {"x": [["a", "b"], "c"]}, {"x": [["b"], "c"]}
    assert read(edited(b"x:\n- - a\n  - b\n- c\n", before, now)) == now


@pytest.mark.parametrize(
    ("text", "now", "after"),
    [
        ("a: x # one", {"a": "x", "on": "y", "by": "z"}, "a: x # one\non: y\nby: z\n"),
        ("# head\nby: x # one\n", {"by": "x", "on": "y"}, "# head\nby: x # one\non: y\n"),
        ("a: x\rb: y # two\r", {"a": "x", "c": "z", "b": "y"}, "a: x\rc: z\rb: y # two\r"),
        ("a: x\r# of b\rb: y", {"b": "y"}, "# of b\rb: y\r"),
    ],
    ids=["a last line without an end", "a field that could stand in braces", "line ends of old Macs", "the first goes"],
)
def test_no_comment_is_lost_to_a_new_field(text, now, after):
    before = {line.partition(":")[0]: line.partition(": ")[2][0] for line in text.splitlines() if line[0] != "#"}
    assert edited(text.encode(), before, now).decode() == after


def test_rows_with_lists_for_names_are_no_named_rows():
    text = b"rows:\n- control: [a]  # one\n"
    before = {"rows": [{"control": ["a"]}]}
    now = {"rows": [{"control": ["a"]}, {"control": ["b"]}]}
    assert edited(text, before, now) == text + b"- control: [b]\n"


KEYS = st.lists(
    st.sampled_from(["id", "title", "by", "on", "reason", "location", "é", "two words"]), unique=True, min_size=2
)
SPELLINGS = st.sampled_from(["x", "'it''s'", '"x: y"', "[a,  b]", "{k: 1}", "|\n  one\n  two", "\n  - a # item\n  - b"])


@given(KEYS, st.data(), st.sampled_from(["\n", "\r\n", "\r"]), st.booleans())
def test_what_is_not_changed_stays_with_its_comments(keys, data, end, closed):
    """Fields under a comment each: one is changed, one goes and one comes, and all others stay as they are."""
    spelled = {key: f"# about {key}\n{key}: {data.draw(SPELLINGS)}" for key in keys}
    written = "\n".join(spelled.values()).replace("\n", end) + (end if closed else "")
    before = read(written.encode())
    changed_key, gone = data.draw(st.permutations(keys))[:2]
    fresh = data.draw(st.sampled_from(["new", "event", "authority"]))
    now = {key: value for key, value in before.items() if key != gone} | {changed_key: "other", fresh: "y"}
    after = edited(written.encode(), before, now)
    assert read(after) == now
    for key, lines in spelled.items():
        if key not in {changed_key, gone}:
            assert lines.replace("\n", end) in after.decode()
    assert f"# about {changed_key}" in after.decode()


def test_a_byte_order_mark_goes_with_the_first_edit():
    assert edited(b"\xef\xbb\xbfa: x\n", {"a": "x"}, {"a": "y"}) == b"a: y\n"
