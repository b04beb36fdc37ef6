"""Rows of a file that people keep: those that do not change stay to the letter, and a comment stays above its row."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from ruamel.yaml import YAML

from compliance.store.text.yaml_editing import edited

names = st.lists(st.sampled_from(["A.1", "A.2", "A.3", "A.4", "1.1"]), unique=True, min_size=1, max_size=4)
words = st.sampled_from(["", "law", "# no comment", "yes", "a: b", "two\nlines", "- x", "“quoted”"])


@st.composite
def rows(draw: Any, controls: list[str]) -> list[dict[str, Any]]:
    found = []
    for control in controls:
        said = {"reason": draw(words), "owner": draw(words), "because": draw(st.lists(words.filter(bool), max_size=2))}
        found.append({"control": control, **{key: value for key, value in said.items() if value}})
    return found


@st.composite
def changes(draw: Any) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """Rows as they were and as they are to be; what stays keeps its order."""
    before = draw(rows(draw(names)))
    kept = [row for row in before if draw(st.booleans())]
    now = [draw(rows([row["control"]]))[0] if draw(st.booleans()) else row for row in kept]
    there = {row["control"] for row in before}
    fresh = draw(rows([name for name in draw(names) if name not in there]))
    for row in fresh:
        now.insert(draw(st.integers(0, len(now))), row)
    return before, now or before


def written(before: list[dict[str, Any]], indent: int) -> str:
    """A file with a comment above each row, and one at the end."""
    first = edited(b"", {}, {"controls": before}).decode().partition("\n")[2]
    lines = []
    for line in first.splitlines():
        if line.startswith("- control: "):
            lines.append(f"# about {line.removeprefix('- control: ')}")
        lines.append(line)
    inside = "".join(f"{' ' * indent}{line}".rstrip() + "\n" for line in lines)
    return f"id: S-1\ncontrols:\n{inside}\n# the end\nversion: '1'   # as printed\n"


def read(data: str) -> Any:
    return YAML(typ="safe").load(data)


@given(changes(), st.sampled_from([0, 2]))
def test_the_text_says_what_it_is_to_say_and_each_comment_stays_above_its_row(rows_, indent):
    before, now = rows_
    text = written(before, indent)
    was = {"id": "S-1", "controls": before, "version": "1"}
    assert read(text) == was
    after = edited(text.encode(), was, was | {"controls": now}).decode()
    assert read(after) == was | {"controls": now}
    lines = [line.strip() for line in after.splitlines()]
    for row in now:
        if row in before:
            heads = (f"- control: {row['control']}", f"- control: '{row['control']}'")
            name = next(line for line in lines if line in heads).removeprefix("- control: ")
            assert lines[lines.index(f"- control: {name}") - 1] == f"# about {name}"
    assert after.endswith("\n# the end\nversion: '1'   # as printed\n")


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("controls:\n  - {control: A, why: x} # seen\n", "controls:\n  - {control: A, why: y} # seen\n"),
        ("controls: [{control: A, why: x}]\n", "controls: [{control: A, why: y}]\n"),
        (
            "controls:\n- control: A # here\n  # inside\n  why: x",
            "controls:\n- control: A # here\n  # inside\n  why: y\n",
        ),
    ],
)
def test_rows_however_they_are_written(before, after):
    was, now = ({"controls": [{"control": "A", "why": why}]} for why in ("x", "y"))
    assert edited(before.encode(), was, now).decode() == after
