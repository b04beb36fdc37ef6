"""What is said of text that is no YAML: told from the text, whatever words the parser has for it."""

from __future__ import annotations

import pytest
import yaml

from compliance.store.text.yaml_text import read_yaml

DEEP = "is nested more than 24 deep"
CASES = {
    "tab": ("recorded:\n\tby: A. Officer\n", 2, "is not YAML: a tab is used to indent"),
    "quote": ('title: "Network scan\nkind: scan\n', 1, "is not YAML: a text in quotation marks is not closed"),
    "quote-of-two-lines": ('title: "Network\n  scan"\nkind: a: b\n', 3, "is not YAML: a colon stands where none can"),
    "backslash": (
        'title: "C:\\scan"\n',
        1,
        "is not YAML: a backslash stands before a letter that it does not go with",
    ),
    "reserved": ("by: @officer\n", 1, "is not YAML: a value begins with a character that YAML keeps for itself"),
    "block-text": ("notes: | All is well\n", 1, "is not YAML: a text begins on the line of its “|”"),
    "list": ("kind: scan\nscope: [corporate\nresult: pass\n", 2, "is not YAML: a list “[…]” is not closed"),
    "group": ("recorded: {by: A. Officer\nsize: 29\n", 1, "is not YAML: a group “{…}” is not closed"),
    "bracket": ("title: ]scan\n", 1, "is not YAML: a bracket is closed here that is not open"),
    "no-colon": ("title: Scan\nscope [corporate]\nsize: 29\n", 2, "is not YAML: a line has no colon after its field"),
    "colon": ("title: Network scan: the third\n", 1, "is not YAML: a colon stands where none can"),
    "not-in-the-list": ("controls:\n  - T1\n  T2\n", 3, "is not YAML: this line does not belong to the list above it"),
    "list-for-a-field": ("kind: scan\n- T1\n", 2, "is not YAML: a list begins where a field was expected"),
    "field": ("title: 'Scan' of it\n", 1, "is not YAML: a field was expected here"),
    "deep-list": ("title: " + "[" * 1_500, 1, DEEP),
    "deep-list-with-texts": ("title: [" + "[']', " * 2_000, 1, DEEP),
    "deep-group": ("{a: " * 1_500, 1, DEEP),
    "deep-block": ("- " * 1_500 + "x", 1, DEEP),
    "deep-lines": ("".join(f"{' ' * depth}a:\n" for depth in range(1_500)), 25, DEEP),
}


@pytest.mark.parametrize("loader", [yaml.SafeLoader, yaml.CSafeLoader], ids=["python", "libyaml"])
@pytest.mark.parametrize("case", CASES)
def test_fault_is_told_from_the_text_whichever_parser_refused_it(case, loader, monkeypatch):
    monkeypatch.setattr("compliance.store.text.yaml_text._LOADER", loader)
    text, line, sentence = CASES[case]
    node, source = read_yaml(text, "record.yaml")
    assert node is None
    (problem,) = source.problems
    assert problem.sentence == sentence
    assert problem.location is not None
    assert problem.location.line == line
    assert problem.hint


@pytest.mark.parametrize("quote", ["'", '"'])
def test_brackets_in_a_text_are_not_nesting(quote):
    text = f"title: {quote}{'[' * 2_000}{quote}\nscope: [a\n"
    _, source = read_yaml(text, "record.yaml")
    assert [problem.sentence for problem in source.problems] == ["is not YAML: a list “[…]” is not closed"]
