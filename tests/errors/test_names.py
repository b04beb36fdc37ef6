"""Names that were made to harm, or came about by accident: filed under safe ones, and shown so that all can be seen."""

from __future__ import annotations

import json
import os
import re
import subprocess
import unicodedata

import pytest

from ..builders.town import commit

NAMES = {
    "a line break": b"scan\nresults.txt",
    "a return": b"scan\rresults.txt",
    "a tab": b"scan\tresults.txt",
    "an escape sequence": b"scan \x1b[2J\x1b[31m.txt",
    "a bell and a delete": b"scan\x07\x7f.txt",
    "a mark that turns the reading around": "scan\u202etxt.exe".encode(),
    "marks that cannot be seen": "sc\u200ban\u2066\u2069\ufeff.txt".encode(),
    "bytes that are no UTF-8": b"caf\xe9-\xff\xfe.txt",
    "a line separator": "scan\u2028results.txt".encode(),
    "a C1 control": "scan\u009b31m.txt".encode(),
    "255 bytes": b"s" * 251 + b".txt",
    "a hyphen in front": b"-rf.txt",
    "two hyphens in front": b"--help",
    "an emoji": "\U0001f680 scan.txt".encode(),
    "another script": "отчёт о проверке.txt".encode(),
    "accents": "Prüfbericht Café.txt".encode(),
    "a device of Windows": b"con.txt",
    "another device of Windows": b"LPT1",
    "characters that Windows forbids": b'a<b>c:d"e|f?g*.txt',
    "backslashes": b"..\\..\\windows\\system32.txt",
    "a dot at the end": b"scan.",
    "a space at the end": b"scan .txt ",
    "spaces only": b"   ",
    "dots only": b"...",
    "a shell's words": b"$(touch harm); `id` & %PATH% 'x'.txt",
    "a format's words": b"%s%n{0.__class__}{{ 7 * 7 }}.txt",
    "a record's ending": b"scan.evidence.yaml",
    "the map's name": b"map.yaml",
    "git's name": b".git.txt",
    "a name of ours": b"compliance.toml",
}
_SAFE = re.compile(
    r"evidence/2024/12/2024-12-31-[a-z0-9]+(-[a-z0-9]+)*\.[0-9A-Z]{8}(\.[a-z0-9]{1,10})?(\.evidence\.yaml)?"
)


GIVEN = ["-c", "town:T1.1", "-k", "scan", "-r", "pass", "-d", "2024-12-31"]


def test_are_filed_under_safe_names_and_shown_with_escapes(bench):
    files = lay_on_desk(bench, "Nothing found in {}.\n")
    outcome = bench.run(["evidence", "add", *GIVEN, *files])
    assert outcome.code == 0, outcome.err
    assert visible(outcome.out + outcome.err)
    assert visible(git(bench, "log", "--format=%B").decode())
    new = git(bench, "diff", "--name-only", "-z", f"HEAD~{len(NAMES)}", "HEAD").decode().split("\0")[:-1]
    assert len(new) == 2 * len(NAMES)
    assert [path for path in new if not _SAFE.fullmatch(path) or len(path) > 160] == []
    stems = [re.split(r"[-.]", path.rpartition("/2024-12-31-")[2])[0] for path in new]
    assert {"con", "lpt1"} <= set(stems), "the date stands before what Windows takes for a device"
    assert git(bench, "status", "--porcelain") == b""
    found = bench.run(["check"])
    assert (found.code, found.out) == (0, "0 errors, 0 warnings\n")


@pytest.mark.parametrize("device", ["con", "PRN.txt", "Aux.pdf", "nul", "COM1", "lpt9.log"])
def test_a_device_of_windows_is_no_name_without_a_date_either(device, bench):
    (bench.desk / device).write_text("Nothing found.\n")
    period = ["-c", "town:T1.1", "-k", "scan", "-r", "pass", "--period", "2024-10-01/2024-12-31"]
    assert bench.run(["evidence", "add", *period, f"../desk/{device}"]).code == 0
    new = git(bench, "diff", "--name-only", "HEAD~1", "HEAD").decode().splitlines()
    assert all(re.fullmatch(r"(con|prn|aux|nul|com1|lpt9)-file", path.split("/")[3].split(".")[0]) for path in new), new


def test_a_hyphen_in_front_is_no_option(bench, monkeypatch):
    (bench.desk / "-rf.txt").write_text("Nothing found.\n")
    monkeypatch.chdir(bench.desk)
    assert bench.run(["-C", "../work", "evidence", "add", *GIVEN, "--", "-rf.txt"]).code == 0


def test_are_shown_with_escapes_where_plain_git_committed_them(bench):
    logs = bench.top / "evidence" / "logs"
    logs.mkdir()
    for what, name in NAMES.items():
        (logs / os.fsdecode(name)).write_text(f"Nothing found in {what}.\n")
    rule = 'rules:\n  - {match: "logs/**", kind: scan, date: 2024-12-31, controls: ["town:T1.1"]}\n'
    (bench.top / "evidence" / "map.yaml").write_text(rule)
    commit(bench.top)
    for arguments in (["check"], ["evidence", "list"], ["gaps"], ["gaps", "--explain", "town:T1.1"], ["renewals"]):
        outcome = bench.run(arguments)
        assert outcome.code in {1, 2}, "two of the names are those of a record and of a map"
        assert visible(outcome.out + outcome.err), arguments
        assert bench.run(arguments) == outcome, "what is remembered is what was read"
    for arguments in (["evidence", "list", "--json"], ["check", "--json"], ["gaps", "--json"]):
        assert json.loads(bench.run(arguments).out)


def test_are_shown_with_escapes_where_they_are_refused(bench):
    files = lay_on_desk(bench, "")
    before = bench.lies()
    outcome = bench.run(["evidence", "add", *GIVEN, *files])
    assert outcome.code == 2
    assert outcome.err.count(": error: is empty\n  hint: ") == len(NAMES)
    assert visible(outcome.err)
    assert bench.lies() == before


@pytest.mark.parametrize("option", ["--title", "--owner", "--source", "--note", "--scope", "--supersedes"])
def test_words_that_are_no_utf8_are_refused(option, bench):
    (bench.desk / "scan.txt").write_text("Nothing found.\n")
    before = bench.lies()
    outcome = bench.run(["evidence", "add", *GIVEN, option, os.fsdecode(b"caf\xe9"), "../desk/scan.txt"])
    assert outcome.code == 2, outcome
    assert "error: " in outcome.err
    assert visible(outcome.err)
    assert bench.lies() == before


def lay_on_desk(bench, text: str) -> list[str]:
    """Files with all these names, each with words of its own."""
    for what, name in NAMES.items():
        (bench.desk / os.fsdecode(name)).write_text(text.format(what))
    return [f"../desk/{os.fsdecode(name)}" for name in NAMES.values()]


def git(bench, *arguments: str) -> bytes:
    return subprocess.run(["git", *arguments], cwd=bench.top, check=True, capture_output=True).stdout


def visible(text: str) -> bool:
    """Whether every character can be seen, or ends a line."""
    hidden = {"Cc", "Cf", "Cs", "Co", "Zl", "Zp"}
    return not any(unicodedata.category(letter) in hidden for letter in text.replace("\n", ""))
