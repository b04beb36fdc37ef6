"""Foreign files are read within bounds, and what is wrong in one is said with its line and column."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st

from compliance.exchange import reading
from compliance.exchange.reading import fault_at, json_of, read_source
from compliance.exchange.registry import format_named, format_of
from compliance.problems import Refused

DEEP = b"[" * 65 + b"1" + b"]" * 65
FAULTS = {
    b"": ("is not JSON: it is empty", 1, 1),
    b'{"a": 1': ("is not JSON: it ends too early", 1, 8),
    b'{"a": "b': ("is not JSON: it ends too early", 1, 7),
    b'{"a": 1}\n{': ("is not JSON: something follows its end", 2, 1),
    b'{"a" 1}': ("is not JSON: something else was expected here", 1, 6),
    b'{"a": "x\ny"}': ("is not JSON: a text goes over the end of its line", 1, 9),
    b'{"a": "\\x"}': ("is not JSON: a backslash stands before a letter that it does not go with", 1, 8),
    b'{\n"a": 1, "b": {"a": 1},\n"a": 2}': ("repeats the key “a” of line 2", 3, 1),
    DEEP: ("is nested more than 64 deep", 1, 65),
    b"[" * 100_000 + b"]" * 100_000: ("is nested more than 64 deep", 1, 65),
    b'["a",\n "\\u0007"]': ("a text stands for characters that are no text", 2, 2),
    b'["\\ud83d"]': ("a text stands for characters that are no text", 1, 2),
    b'["\xff"]': ("is not written in UTF-8: byte 0xff", 1, 3),
    b'{"a": "\x00"}': ("holds a character that is no text (U+0000)", 1, 8),
    "{}".encode("utf-16"): ("is written in UTF-16, not in UTF-8", 0, 0),
    b'{"a": "\\u12x4"}': ("is not JSON: a backslash stands before a letter that it does not go with", 1, 9),
    b'{"a\\n": nul}': ("is not JSON: something else was expected here", 1, 9),
    b"[NaN]": ("is not JSON: NaN is no number", 1, 2),
    b"[1,\n -Infinity]": ("is not JSON: -Infinity is no number", 2, 2),
    b"[" + b"9" * 5000 + b"]": ("has a number of more than 400 digits", 1, 2),
}


@pytest.mark.parametrize("data", FAULTS, ids=range(len(FAULTS)))
def test_what_is_wrong_in_json_is_said_where_it_is(data):
    sentence, line, column = FAULTS[data]
    with pytest.raises(Refused, match=re.escape(sentence)) as refused:
        json_of(data, "file.json")
    (problem,) = refused.value.problems
    assert problem.sentence.startswith(sentence)
    assert problem.location is not None
    assert (problem.location.file, problem.location.line, problem.location.column) == ("file.json", line, column)
    assert problem.hint


@pytest.mark.parametrize("text", ['{"a": [1, 2.5, "\\ud83d\\ude00 \\u00e9\\n", null, true]}', "[" * 64 + "]" * 64, "3"])
def test_good_json_is_read(text):
    assert json_of(text.encode(), "x") == json.loads(text)
    assert json_of(b"\xef\xbb\xbf" + text.encode(), "x") == json.loads(text)


VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(st.characters(codec="utf-8", exclude_categories=("Cs", "Cc"))),
    lambda below: st.lists(below, max_size=3) | st.dictionaries(st.text('ab\\"é:,[]{}', max_size=3), below, max_size=3),
    max_leaves=12,
)


@given(VALUES, st.sampled_from([None, 1]), st.booleans(), st.data())
def test_a_path_leads_to_the_value_in_the_text(value, indent, ascii_, data):
    text = json.dumps(value, indent=indent, ensure_ascii=ascii_)
    path, here = [], value
    while isinstance(here, dict | list) and here and data.draw(st.booleans()):
        key = data.draw(st.sampled_from(list(here) if isinstance(here, dict) else range(len(here))))
        path.append(key)
        here = here[key]
    (problem,) = fault_at(text.encode(), "x", path, "is wrong").problems
    place = problem.location
    assert place is not None and place.line
    position = sum(len(line) + 1 for line in text.split("\n")[: place.line - 1]) + place.column - 1
    assert json.JSONDecoder().raw_decode(text, position)[0] == here


def test_files_that_are_none_or_too_large_are_refused(tmp_path, monkeypatch):
    monkeypatch.setattr(reading, "LARGEST", 1_000)
    (tmp_path / "large").write_bytes(b"x" * 1_001)
    (tmp_path / "right").write_bytes(b"x" * 1_000)
    assert len(read_source(tmp_path / "right")) == 1_000
    os.mkfifo(tmp_path / "pipe")
    said = {}
    for name in ("large", "missing", "pipe", "."):
        with pytest.raises(Refused, match=r"is larger than|there is no file|is not a file") as refused:
            read_source(tmp_path / name)
        said[name] = refused.value.problems[0].sentence
    assert said["large"].startswith("is larger than")
    assert said["missing"].startswith("there is no file")
    assert said["pipe"] == said["."] == "is not a file"


BOUNDED = """
import resource, sys
resource.setrlimit(resource.RLIMIT_AS, (512_000_000, 512_000_000))
from compliance.exchange.reading import json_of
from compliance.problems import Refused
kind, size = sys.argv[1], int(sys.argv[2])
one = {"lists": b"[],", "groups": b'{"a":1},', "numbers": b"1234,", "wide": "\U0001f512".encode() + b"a" * 60}[kind]
quote = b'"' if kind == "wide" else b""
data = b"[" + quote + one * (size // len(one)) + quote + (b"" if quote else b"1") + b"]"
try:
    print(len(json_of(data, "x")))
except Refused as refusal:
    print(refusal)
"""


@pytest.mark.parametrize("kind", ["lists", "groups", "numbers", "wide"])
@pytest.mark.parametrize("size", [1_400_000, 31_000_000, 60_000_000])
def test_json_made_to_be_large_costs_little_memory(kind, size):
    """Within half a gigabyte each is read, or refused in words: never killed."""
    done = subprocess.run([sys.executable, "-c", BOUNDED, kind, str(size)], capture_output=True, text=True, check=False)
    assert done.stderr == ""
    if size > reading.LARGEST_JSON:
        assert "at most 32,000,000 are read" in done.stdout
    elif kind != "wide" and size == 31_000_000:
        assert done.stdout == "holds more than 1,000,000 values\n"
    else:
        assert done.stdout.strip().isdecimal()


def test_a_huge_file_costs_little_memory(tmp_path):
    huge = tmp_path / "huge.json"
    with huge.open("wb") as file:
        file.truncate(100_000_000)
    script = (
        "import resource, sys\nresource.setrlimit(resource.RLIMIT_AS, (512_000_000, 512_000_000))\n"
        "from pathlib import Path\nfrom compliance.exchange.reading import read_source\n"
        "from compliance.problems import Refused\n"
        "try:\n    read_source(Path(sys.argv[1]))\nexcept Refused as refusal:\n    print(refusal)\n"
    )
    done = subprocess.run([sys.executable, "-c", script, str(huge)], capture_output=True, text=True, check=False)
    assert (done.stdout, done.stderr) == ("is larger than 64 MB, the most that is read\n", "")


def test_a_format_is_told_by_its_look():
    looks = {
        '{"catalog": {}}': "oscal-catalog",
        '\ufeff{\n  "$schema": "https://example.org/x.json", "profile": {}}': "oscal-profile",
        "urn: urn:example:risk:library:x\nobjects:\n": "ciso-assistant",
    }
    for text, name in looks.items():
        assert format_of(text.encode(), "file").name == name
    assert format_of(b"PK\x03\x04", "file") is format_named("xlsx")
    assert format_of(b"a,b\n", "Controls.CSV") is format_named("csv")
    with pytest.raises(Refused, match="in no format"):
        format_of(b"{}", "file.json")
    with pytest.raises(Refused, match="oscal-catalogue") as refused:
        format_named("oscal-catalogue")
    assert refused.value.problems[0].hint == "did you mean oscal-catalog?"
