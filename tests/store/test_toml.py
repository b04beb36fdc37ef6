"""TOML with places: each is where the key or the value really stands, and what is wrong is said where it is."""

from __future__ import annotations

import re
import tomllib
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from compliance.store.text.located import Mapping, Node, Path, Place, Scalar, Sequence, place_at
from compliance.store.text.toml_places import TomlError, read_statements, spots_of
from compliance.store.text.toml_text import read_toml

STYLES = (
    r"""title = "A \"text\" # no comment" # a comment with [brackets] = and "quotes
'quoted key' = 'C:\scans'
"na\u006de".part = +1_000
site."a.b".c = [ 1, 2,
  # a comment, ] in it
  3, ]
day = 2026-09-30
moment = 2026-09-30 07:32:00Z
other = 2026-09-30T07:32:00.5+01:00
hour = 07:32:00
flags = [true, false]
group = { x = 1, y.z = [{ a = "}" }, {}], "w" = ""}
long = QQQ
first = "not a key"
[not a table]
two quotes "" and three: \QQQ \
   QQQ""
raw = AAA
it's = AA [AAA'
empty = [] #
deep = [[1.5], ["[", [-inf, nan]]]

[ review ] # blanks around
approvals = 2

  [[scopes]]
  id = "one"
[scopes.owner]
name = "A"
[[scopes.rooms]]
n = 1
[[ scopes . "rooms" ]]
n = 2

[[scopes]]
id = "two-LS-three-NEL-four"
[a.b]
c = 1
[a]
d = 2
[a.b.e]
""".replace("QQQ", '"' * 3)
    .replace("AAA", "'" * 3)
    .replace("AA", "''")
    .replace("-LS-", "\u2028")
    .replace("-NEL-", "\x85")
)

KEY = re.compile(r"""\"(?:[^"\\]|\\.)*"|'[^']*'|[A-Za-z0-9_-]+""")


def paths(value: Any, path: Path = ()) -> dict[Path, Any]:
    """Everything in a value, by the path to it."""
    everything = {path: value}
    below = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for part, item in below:
        everything |= paths(item, (*path, part))
    return everything


def check_places(text: str) -> None:
    """That the spots are those of the values, and that what stands there is the value or the key."""
    values = paths(tomllib.loads(text))
    statements = read_statements(text)
    spots = spots_of(statements)
    assert spots.keys() | {()} == values.keys()
    ends = {}
    for statement in statements:
        found = [statement.value] if statement.value else []
        for value in found:
            ends[value.position] = value.end
            found += [*value.items, *(below for _, below in value.settings)]
    for path, spot in spots.items():
        if spot.value in ends:
            written = text[spot.value : ends[spot.value]]
            assert repr(tomllib.loads(f"value = {written}")["value"]) == repr(values[path])
        else:
            assert isinstance(values[path], dict | list)
            assert text[spot.value] == "[" or isinstance(path[-1], str)
        if isinstance(path[-1], str) and text[spot.key] != "[":
            written = KEY.match(text, spot.key)
            assert written
            assert list(tomllib.loads(f"{written[0]} = 0")) == [path[-1]]


def test_every_way_of_writing_has_its_place():
    check_places(STYLES)


@given(
    st.lists(
        st.tuples(
            st.integers(0, len(STYLES)), st.integers(0, 3), st.sampled_from(["", *"[]{}=.,'# \n\ta1", '"', "\\"])
        ),
        max_size=2,
    )
)
def test_whatever_is_toml_has_its_places_and_whatever_is_not_has_one_fault(changes):
    text = STYLES
    for start, length, character in changes:
        text = text[:start] + character + text[start + length :]
    node, source = read_toml(text, "compliance.toml")
    try:
        tomllib.loads(text)
    except ValueError:
        (problem,) = source.problems
        assert node is None
        assert problem.sentence.startswith("is not TOML: ")
        assert problem.hint
        assert problem.location is not None
        assert 1 <= problem.location.line <= text.count("\n") + 1
    else:
        assert source.problems == []
        check_places(text)


@given(st.lists(st.sampled_from([*"[]{}=.,'# \n\ta1-:TZ", '"', "\\", '"""', "'''", "[["]), max_size=30).map("".join))
def test_no_text_does_more_than_be_refused(text):
    node, source = read_toml(text, "compliance.toml")
    assert (node is None) == bool(source.problems)


BACKSLASH = "is not TOML: a backslash stands before a letter that it does not go with"
FAULTS = {
    "quote": ('a = "one\nb = 2\n', "is not TOML: a text in quotation marks is not closed", (1, 9)),
    "quotes": ('a = """one\nb = 2\n', "is not TOML: a text in quotation marks is not closed", (1, 5)),
    "list": ('a = [1\nb = 2\n', "is not TOML: a list “[…]” is not closed", (1, 5)),
    "list-in-list": ('a = [1, [2, 3]\n[b]\n', "is not TOML: a list “[…]” is not closed", (1, 5)),
    "group": ("a = {b = 1\nc = 2\n", "is not TOML: a group “{…}” is not closed", (1, 5)),
    "group-with-comma": ("a = {b = 1, }\n", "is not TOML: a group “{…}” is not closed", (1, 5)),
    "heading": ("a = 1\n[b\n", "is not TOML: a heading is not closed", (2, 1)),
    "headings": ("[[b]\n", "is not TOML: a heading is not closed", (1, 1)),
    "no-name": ("[]\n", "is not TOML: a heading has no name", (1, 2)),
    "no-equals": ("a: 1\n", "is not TOML: a “=” is missing after the name", (1, 2)),
    "no-setting": ("= 1\n", "is not TOML: this line is no setting", (1, 1)),
    "no-value": ("a =\nb = 1\n", "is not TOML: a value is missing", (1, 4)),
    "two-words": ("a = my council\n", "is not TOML: something follows on the line", (1, 8)),
    "bare-text": ("[x]\na = council\n", "is not TOML: the value cannot be read", (2, 5)),
    "in-a-list": ('a = ["x",\n  y]\n', "is not TOML: the value cannot be read", (2, 3)),
    "day": ("a = 1\nb = 2026-02-30\n", "is not TOML: there is no such day or time", (2, 5)),
    "backslash": ('a = "C:\\scans"\n', BACKSLASH, (1, 5)),
    "backslash-in-name": ('"C:\\scans" = 1\n', BACKSLASH, (1, 1)),
    "twice": ("a = 1\n\n a = 2\n", "is not TOML: this name is given twice", (3, 2)),
    "twice-in-a-table": ("[t]\na = 1\n[t.b]\n[t]\n", "is not TOML: this table is begun twice", (4, 1)),
    "long-number": (f"a = {'9' * 5_000}\n", "is not TOML: a value has more than 400 characters", (1, 5)),
    "long-hexadecimal": (f"a = 0x{'f' * 5_000}\n", "is not TOML: a value has more than 400 characters", (1, 5)),
    "long-in-list": (f"a = [1, 0b{'1' * 20_000}]\n", "is not TOML: a value has more than 400 characters", (1, 9)),
    "deep-list": (f"a = {'[' * 30}\n", "is nested more than 24 deep", (1, 29)),
    "deep-list-of-lines": (f"a = {'[ # [' + chr(10)}{'[' * 30}\n", "is nested more than 24 deep", (2, 24)),
    "deep-group": (f"a = {'{b = ' * 30}\n", "is nested more than 24 deep", (1, 121)),
    "deep-key": (f"{'a.' * 200_000}a = 1\n", "is nested more than 24 deep", (1, 49)),
    "deep-heading": (f"[{'a.' * 200_000}a]\n", "is nested more than 24 deep", (1, 50)),
}  # fmt: skip


@pytest.mark.parametrize("case", FAULTS)
def test_what_is_wrong_is_said_where_it_is(case):
    text, sentence, place = FAULTS[case]
    node, source = read_toml(text, "compliance.toml")
    assert node is None
    (problem,) = source.problems
    assert problem.sentence == sentence
    assert problem.location is not None
    assert (problem.location.line, problem.location.column) == place
    assert problem.hint


def test_a_problem_names_the_key_path():
    node, source = read_toml('[[scopes]]\nid = "a"\n[[scopes]]\n"x y".b = [1, 2]\n', "compliance.toml")
    assert node is not None
    at: dict[Path, tuple[str, int, int]] = {
        (): ("is odd", 1, 1),
        ("scopes",): ("scopes: is odd", 1, 1),
        ("scopes", 1): ("scopes[2]: is odd", 3, 1),
        ("scopes", 0, "id"): ("scopes[1].id: is odd", 2, 6),
        ("scopes", 1, "x y", "b", 1): ("scopes[2].“x y”.b[2]: is odd", 4, 15),
    }
    for path, expected in at.items():
        problem = source.problem(place_at(node, path), "is odd")
        assert problem.location is not None
        assert (problem.sentence, problem.location.line, problem.location.column) == expected


def test_values_are_kept_as_text():
    node, _ = read_toml("a = true\nb = 1_000\nc = [2026-09-30]\n[d]\n", "compliance.toml")
    assert plain(node) == {"a": "true", "b": "1000", "c": ["2026-09-30"], "d": {}}


def plain(node: Node | None) -> Any:
    if isinstance(node, Mapping):
        return {name: plain(entry.value) for name, entry in node.entries.items()}
    if isinstance(node, Sequence):
        return [plain(item) for item in node.items]
    assert isinstance(node, Scalar)
    return node.text


def test_other_ends_of_lines_do_not_move_a_place():
    text = 'a = "one\u2028two\u0085three"\r\n# \u2029\r\nb = x\n'
    _, source = read_toml(text, "compliance.toml")
    (problem,) = source.problems
    assert problem.location is not None
    assert (problem.location.line, problem.location.column) == (3, 5)
    assert problem.excerpt == "b = x\n    ^"
    assert source.place_at(text.index("b")) == Place(3, 1)


def test_text_that_does_not_fall_into_statements_is_an_error_with_its_position():
    with pytest.raises(TomlError, match="this line is no setting") as error:
        read_statements("a = 1\n?\n")
    assert error.value.position == 6
