"""Values spelled anew where they stand: what is read afterwards is what was meant, and the rest is as it was."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from compliance.problems import Refused
from compliance.store.text.located import Mapping, Scalar, Sequence
from compliance.store.text.yaml_editing import Respelling, respelled
from compliance.store.text.yaml_text import read_yaml


def listed(text: str) -> tuple[list[str], Sequence | None, list[Scalar], object]:
    node, source = read_yaml(text, "f.yaml")
    assert isinstance(node, Mapping), source.problems
    value = node.entries["controls"].value
    within = value if isinstance(value, Sequence) else None
    items = list(value.items) if isinstance(value, Sequence) else [value]
    return [item.text for item in items], within, items, source


def changed(text: str, changes: dict[str, tuple[str, ...]]) -> str:
    _, within, items, source = listed(text)
    return respelled(source, [Respelling(item, changes[item.text], within) for item in items if item.text in changes])


def test_items_in_rows_keep_their_comments_and_quotes():
    text = "controls:\n    -   a:1   # one\n    - 'a:2'  # two\n# end\nnext: [x]\n"
    assert changed(text, {"a:1": ("b:1", "c:1"), "a:2": ("b:2", "c:2")}) == (
        "controls:\n    -   b:1   # one\n    -   c:1\n    - 'b:2'  # two\n    - 'c:2'\n# end\nnext: [x]\n"
    )


def test_items_in_brackets():
    text = "controls: [a:1 , 'a:2',\n  a:3]  # all\n"
    assert changed(text, {"a:2": ("b:2", "c:2"), "a:3": ()}) == "controls: [a:1 , 'b:2', 'c:2']  # all\n"
    assert changed(text, {"a:1": ()}) == "controls: ['a:2',\n  a:3]  # all\n"


def test_what_stands_alone_becomes_a_list():
    assert changed("controls: a:1 # x\n", {"a:1": ("b:1",)}) == "controls: b:1 # x\n"
    assert changed("controls: a:1 # x\n", {"a:1": ("b:1", "c:1")}) == "controls: [b:1, c:1] # x\n"


def test_an_item_that_goes_takes_its_line_along():
    assert changed("controls:\n- a:1  # one\n- a:2", {"a:1": ()}) == "controls:\n- a:2"


@pytest.mark.parametrize(
    ("gone", "left"),
    [("bc", "[a:1]"), ("ab", "[c:1]"), ("abc", "[]"), ("ac", "[b:1]"), ("c", "[a:1, b:1]")],
)
def test_neighbours_go_from_brackets_together(gone, left):
    now = changed("controls: [a:1, b:1, c:1] # x\n", {f"{letter}:1": () for letter in gone})
    assert now == f"controls: {left} # x\n"


@pytest.mark.parametrize(
    ("text", "changes", "after"),
    [
        ("controls: [a:1 # one, of two\n , b:1]\n", {"a:1": ()}, "controls: [b:1]\n"),
        ("controls: [a:1, # one\n  b:1]\n", {"a:1": ()}, "controls: [ # one\n  b:1]\n"),
        ("controls: [a:1 # one\n  ,b:1]\n", {"b:1": ()}, "controls: [a:1 # one\n  ]\n"),
        ("controls: ['\ufeffa:1', b:1]\n", {"b:1": ("c:1",)}, "controls: ['\ufeffa:1', c:1]\n"),
        ("controls:\r- a:1\r- b:1\rnext: x\r", {"a:1": ()}, "controls:\r- b:1\rnext: x\r"),
        ("controls:\r- a:1\rnext: x\r", {"a:1": ("b:1", "c:1")}, "controls:\r- b:1\r- c:1\rnext: x\r"),
        ("controls:\x85- a:1\x85- b:1\x85", {"b:1": ("c:1", "d:1")}, "controls:\x85- a:1\x85- c:1\x85- d:1\n"),
        ("controls:\n- a:1\n- b:1 # two\nnext: x\n", {"a:1": (), "b:1": ()}, "controls:\n  [] # two\nnext: x\n"),
        ("controls:\n-\n  a:1\n- b:1\n", {"a:1": ()}, "controls:\n- b:1\n"),
    ],
    ids=[
        "a comment before a comma", "a comment behind a comma", "the last behind a comma", "a mark within a line",
        "line ends of old Macs", "more lines with such ends", "line ends of mainframes", "all of a list",
        "an empty hyphen",
    ],
)  # fmt: skip
def test_odd_layouts_stay_yaml(text, changes, after):
    assert changed(text, changes) == after
    assert listed(after)[1] is not None


def test_what_cannot_be_said_in_place_is_refused():
    with pytest.raises(Refused, match="is written in a way that is not edited here"):
        changed("controls:\n-\n  a:1\n", {"a:1": ("b:1", "c:1")})


def test_values_that_brackets_would_break_are_quoted():
    now = changed("controls: a:1\n", {"a:1": ("b:1,2", "c:{x}")})
    assert listed(now)[0] == ["b:1,2", "c:{x}"]


def test_what_is_spelled_over_lines_is_refused():
    with pytest.raises(Refused, match="is spelled in a way"):
        changed('controls: ["a:\\\n  1"]\n', {"a:1": ("b:1",)})


NAMES = st.from_regex(r"[a-z]{1,4}(@[0-9.]{1,3})?:[A-Za-z0-9.,()-]{1,6}(#[a-z]{1,3})?", fullmatch=True)
ENDS = st.sampled_from(["\n", "\r\n"])
LAYOUTS = st.sampled_from(["rows", "indented", "brackets", "quoted"])


@given(st.lists(NAMES, unique=True, min_size=1, max_size=5), st.data(), LAYOUTS, ENDS, st.booleans())
def test_what_is_read_afterwards_is_what_was_meant(names, data, layout, end, closed):
    quoted = [f"'{name}'" for name in names]
    written = {
        "rows": "controls:" + end + end.join(f"- {name}" for name in quoted),
        "indented": "controls:" + end + end.join(f"    -  {name}   # ü" for name in quoted),
        "brackets": f"controls: [{', '.join(quoted)}]",
        "quoted": "controls: [" + f",{end}  ".join(name.replace("'", '"') for name in quoted) + "]  # all",
    }[layout]
    text = f"# ä{end}{written}{end if closed else ''}"
    fresh = {name: tuple(data.draw(st.lists(NAMES, max_size=3))) for name in names if data.draw(st.booleans())}
    wanted = [now for name in names for now in fresh.get(name, (name,))]
    if not wanted:
        return
    assert listed(changed(text, fresh))[0] == wanted
