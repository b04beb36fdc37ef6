"""The formats: each has what the registry needs, files are told apart, and a new module is a new format."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import PurePath

import pytest

from compliance.exchange import formats as modules
from compliance.exchange import registry
from compliance.exchange.imported import Imported
from compliance.exchange.options import Options
from compliance.exchange.registry import (
    Likeness,
    format_named,
    format_of,
    formats,
    written_format_named,
    written_format_of,
    written_formats,
)
from compliance.problems import Refused

CATALOG = b'{"catalog": {}}'
LIBRARY = b"urn: urn:example:risk:library:town\nobjects:\n"


@pytest.mark.parametrize("name", sorted(formats()))
def test_a_format_has_all_that_the_registry_asks_for(name):
    each = formats()[name]
    assert each.name == name and each.title and callable(each.read)
    assert each.endings and all(ending.startswith(".") and ending == ending.casefold() for ending in each.endings)
    assert each.takes <= set(Options.__struct_fields__)
    assert isinstance(each.alike, str)
    assert each.recognises(b"", "file") is Likeness.NONE


@pytest.mark.parametrize("name", sorted(written_formats()))
def test_a_written_format_is_told_by_its_first_ending(name):
    each = written_formats()[name]
    assert written_format_of(PurePath(f"town{each.endings[0].upper()}")) is each
    assert written_format_named(name) is each


@pytest.mark.parametrize(
    ("data", "file", "name"),
    [
        (CATALOG, "file", "oscal-catalog"),
        (b"\xef\xbb\xbf" + CATALOG, "file.txt", "oscal-catalog"),
        (b'{"$schema": "x", "profile": {}}', "file", "oscal-profile"),
        (b"PK\x03\x04", "town.csv", "xlsx"),
        (b"id,title\n", "town.xlsx", "xlsx"),
        (LIBRARY, "town.csv", "ciso-assistant"),
        (LIBRARY + b"name: Town\n", "town.yaml", "ciso-assistant"),
        (b"name: Town\nAC-1: {}\n", "town.yml", "opencontrol"),
        (b"name: Town\nmajorVersion: 1\n", "town.yml", "comply"),
        (b"name: Town\nmajorVersion: 1\n", "town.txt", "csv"),
        (b"a;b\n", "TOWN.TSV", "csv"),
    ],
)
def test_files_are_told_apart_by_content_before_name(data, file, name):
    assert format_of(data, file) is format_named(name)


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        (b" \n", "is empty"),
        (b"\xff\xfea\0", "is written in UTF-16, not in UTF-8"),
        (b'<catalog xmlns="http://csrc.nist.gov/ns/oscal/1.0">', "is OSCAL in XML, and only JSON is read"),
        (b"# town\ncatalog:\n  uuid: x\n", "is OSCAL in YAML, and only JSON is read"),
        (json.dumps({"cprt": 1}).encode(), "is in no format that is known by its look"),
    ],
)
def test_what_no_format_takes_is_said(data, sentence):
    with pytest.raises(Refused, match=sentence) as refused:
        format_of(data, "town")
    assert refused.value.problems[0].hint


def test_a_module_that_is_added_is_a_format(tmp_path, monkeypatch):
    (tmp_path / "tally.py").write_text(
        "from compliance.exchange.imported import Imported\n"
        "from compliance.exchange.registry import Likeness\n"
        "name, title, endings, takes, alike = 'tally', 'Tally sheet', ('.tally',), frozenset(), ''\n"
        "def recognises(head, file): return Likeness.BY_CONTENT if head.startswith(b'||||') else Likeness.NONE\n"
        "def read(data, file, options): return Imported(catalogue=None, rows=data.count(b'|'))\n"
    )
    monkeypatch.setattr(modules, "__path__", [*modules.__path__, str(tmp_path)])
    formats.cache_clear()
    try:
        found = format_of(b"|||| ||", "town")
        assert found is format_named("tally")
        assert registry.read(found, b"|||| ||", "town", Options()) == Imported(catalogue=None, rows=6)
        with pytest.raises(Refused, match="--sheet means nothing for a file in the format tally"):
            registry.read(found, b"||||", "town", Options(sheet="x"))
    finally:
        formats.cache_clear()


def test_nothing_that_is_slow_to_import_is_needed_to_tell_formats_apart():
    script = (
        "import sys\nfrom compliance.exchange.registry import format_of\n"
        "format_of(b'a,b', 'town.csv')\n"
        "loaded = {name.partition('.')[0] for name in sys.modules}\n"
        "print(sorted({'yaml', 'ruamel', 'openpyxl', 'xlsxwriter'} & loaded))\n"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
