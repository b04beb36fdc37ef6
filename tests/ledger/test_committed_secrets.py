"""`check` finds what was committed by hand or before the screening was there, and looks into no file twice."""

from __future__ import annotations

import hashlib
import json
import re
import sqlite3
import subprocess
from pathlib import Path

import pytest

from ..builders import town
from ..builders.documents import docx
from ..builders.running import run_here

CARD = "4111 1111 " + "1111 1111"
TOKEN = "AKIA" + "QWERTYUIOPASDFGH"
RULES = 'rules:\n  - {match: "*", kind: scan, date: name, controls: ["town:T1.1"]}\n'
ENCRYPTED = b"%PDF-1.7\ntrailer << /Root 1 0 R /Encrypt 5 0 R >>\n%%EOF\n"
PICTURE = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR"


@pytest.fixture
def top(tmp_path) -> Path:
    town.build(tmp_path / "work")
    return tmp_path / "work"


def _commit(top: Path, files: dict[str, bytes]) -> None:
    for name, data in files.items():
        (top / name).parent.mkdir(parents=True, exist_ok=True)
        (top / name).write_bytes(data)
    town.commit(top)


def _check(top: Path) -> dict[str, list[str]]:
    """The errors by file, and under the empty name what was not searched."""
    answer = json.loads(run_here(["-C", str(top), "check", "--json"]).out)
    errors: dict[str, list[str]] = {"": [f"{item['file']}: {item['why']}" for item in answer["unsearched"]]}
    for problem in answer["problems"]:
        if problem["severity"] == "error":
            place = problem["location"]
            errors.setdefault(place["file"], []).append(f"{place['line']}: {problem['sentence']}")
    return errors


def test_a_file_that_a_rule_maps_a_record_a_catalogue_and_a_name(top):
    _commit(
        top,
        {
            "evidence/scans/map.yaml": f"# {TOKEN}\n{RULES}".encode(),
            "evidence/scans/2024-10-01.docx": docx(f"Receipt\nPaid with {CARD}\n"),
            f"evidence/scans/2024-10-02-{CARD.replace(' ', '')}.txt": b"Nothing found.\n",
            f"{town.SCAN}.evidence.yaml": f"{town.SCAN_RECORD}note: by {TOKEN}\n".encode(),
            "standards/town@2.yaml": f"{town.CATALOGUE}# {CARD}\n".encode(),
            "templates/own.md.j2": f"{TOKEN}\n".encode(),
            "elsewhere/notes.txt": f"{TOKEN}\n".encode(),
        },
    )
    first = _check(top)
    assert first == {
        "": [],
        "evidence/scans/map.yaml": ["1: holds an access token"],
        "evidence/scans/2024-10-01.docx": ["0: holds what looks like a payment card number, in word/document.xml"],
        "evidence/scans/2024-10-02-….txt": ["0: its name holds what looks like a payment card number"],
        f"{town.SCAN}.evidence.yaml": ["11: holds an access token, under “note”"],
        "standards/town@2.yaml": ["51: holds what looks like a payment card number, under “controls”"],
        "templates/own.md.j2": ["1: holds an access token"],
    }
    assert _check(top) == first  # as it is remembered


def test_what_is_not_committed_yet_is_looked_at_as_it_lies(top):
    scan = top / town.SCAN
    scan.write_text(f"{CARD}\n")
    assert any("card" in sentence for sentence in _check(top)[town.SCAN])
    scan.write_text(town.SCAN_BYTES)
    assert _check(top) == {"": []}


def test_what_was_not_searched_is_one_line(top):
    folder = "evidence/scans"
    _commit(
        top,
        {f"{folder}/map.yaml": RULES.encode(), f"{folder}/2024-10-01.png": PICTURE}
        | {f"{folder}/2024-10-0{day}.pdf": ENCRYPTED + bytes([day]) for day in range(1, 6)}
        | {f"{folder}/2024-10-09.bin": b"\0\1\2\3" * 50},
    )
    lines = run_here(["-C", str(top), "check"]).out.splitlines()
    assert lines[-2:-1] == [
        "not searched for secrets: 1 picture; encrypted: evidence/scans/2024-10-01.pdf, evidence/scans/2024-10-02.pdf, "
        "evidence/scans/2024-10-03.pdf, 2 more; of unknown form: evidence/scans/2024-10-09.bin"
    ]
    assert len(_check(top)[""]) == 7


def test_each_file_is_looked_into_once_and_no_secret_is_remembered(top, monkeypatch):
    _commit(top, {town.SCAN: f"{CARD}\n".encode()})
    _check(top)
    (cache,) = (top / ".compliance").glob("*/*.sqlite")
    with sqlite3.connect(cache) as connection:
        (kept,) = [value for (value,) in connection.execute("SELECT value FROM screening WHERE value != x''")]
    assert b"4111" not in kept
    looked = []
    monkeypatch.setattr("compliance.ledger.inspection.screening.screened", looked.append)
    _check(top)
    assert looked == []


def test_a_link_is_no_file(top):
    (top / "evidence" / "2024" / "link.txt").symlink_to("/dev/zero")
    town.commit(top)
    assert "evidence/2024/link.txt" not in str(_check(top)[""])
    subprocess.run(["git", "status", "--porcelain"], cwd=top, check=True)


def test_what_was_let_in_knowingly_is_accepted_for_its_bytes_alone(top, tmp_path):
    receipt = tmp_path / "receipt.txt"
    receipt.write_text(f"Paid with {CARD}\n")
    filing = ["-C", str(top), "evidence", "add", str(receipt), "-c", "town:T1.1", "-k", "scan", "-r", "pass"]
    filing += ["-d", "2024-12-31"]
    assert run_here(filing).code == 2
    assert run_here([*filing, "--allow-secret", "A number that the scheme publishes"]).code == 0
    assert _check(top) == {"": []}
    (record,) = (top / "evidence" / "2024" / "12").glob("*.evidence.yaml")
    assert "allowed:\n  by: " in record.read_text()
    assert "reason: A number that the scheme publishes\n" in record.read_text()
    (identifier,) = re.findall(r"E-\w{8}", record.read_text())
    shown = run_here(["-C", str(top), "evidence", "show", identifier]).out
    assert "A number that the scheme publishes" in shown
    filed = record.with_name(record.name.removesuffix(".evidence.yaml"))
    filed.write_text(f"Paid with {CARD} again\n")
    digest = hashlib.sha256(filed.read_bytes()).hexdigest()
    record.write_text(re.sub(r"(?m)^sha256: .*$", f"sha256: {digest}", record.read_text()))
    town.commit(top)
    assert any("card number" in sentence for sentence in _check(top)[str(filed.relative_to(top))])


def test_of_files_that_are_filed_together_only_those_with_a_secret_say_that_it_is_allowed(top, tmp_path):
    (tmp_path / "desk").mkdir()
    (tmp_path / "desk" / "a.txt").write_text(f"Paid with {CARD}\n")
    (tmp_path / "desk" / "b.txt").write_text("Nothing found.\n")
    filing = ["-C", str(top), "evidence", "add", "--folder", str(tmp_path / "desk"), "-c", "town:T1.1", "-k", "scan"]
    filing += ["-r", "pass", "-d", "2024-12-31", "--allow-secret", "A test number"]
    assert run_here(filing).code == 0
    records = [file.read_text() for file in (top / "evidence" / "2024" / "12").glob("*.evidence.yaml")]
    assert sorted("allowed:" in record for record in records) == [False, True]
    assert _check(top) == {"": []}


def test_the_note_on_what_is_not_searched_is_one(top, tmp_path):
    (tmp_path / "desk").mkdir()
    for number in range(5):
        (tmp_path / "desk" / f"{number}.pdf").write_bytes(ENCRYPTED + bytes([number]))
    filing = ["-C", str(top), "evidence", "add", "-c", "town:T1.1", "-k", "scan", "-r", "pass", "-d", "2024-12-31"]
    (one,) = _warnings(run_here([*filing, str(tmp_path / "desk" / "0.pdf"), "--dry-run"]).err)
    assert one == f"{tmp_path}/desk/0.pdf: warning: was not searched for secrets (encrypted)"
    (several,) = _warnings(run_here([*filing, "--folder", str(tmp_path / "desk")]).err)
    assert several.startswith("warning: 5 files were not searched for secrets: ")
    assert several.endswith("2.pdf (encrypted), 2 more")


def _warnings(text: str) -> list[str]:
    return [line for line in text.splitlines() if "warning: " in line]
