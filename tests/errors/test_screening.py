"""What must never be filed is found wherever it stands, and what only looks like it is let through."""

from __future__ import annotations

import errno
import io
import os
import re
from pathlib import Path

import pytest

from compliance.operations.committing import commit_change
from compliance.operations.evidence.screening import screen
from compliance.problems import refuse
from compliance.store.screening.screened import screened

from ..builders.town import commit, write

KEY = "-----BEGIN " + "RSA PRIVATE KEY-----"
TOKEN = "AKIA" + "QWERTYUIOPASDFGH"
CARD = "4111" + "111111111111"
LIMIT = 100_000_000


def found(tmp_path, contents: bytes | str, encoding: str = "utf-8") -> list[str]:
    """Each problem's place and sentence."""
    file = tmp_path / "file"
    file.write_bytes(contents if isinstance(contents, bytes) else contents.encode(encoding))
    result = screen(file, "file", LIMIT)
    return [f"{problem.location}: {problem.sentence}" for problem in (*result.problems, *result.secrets)]


@pytest.mark.parametrize(
    "text",
    [
        CARD,
        "4111 1111 1111 1111",
        "4111-1111-1111-1111",
        "5500005555555559",
        "2223003122003222",
        "3714 496353 98431",
        "378282246310005",
        "30569309025904",
        "6011111111111117",
        "3530111333300000",
        "6205500000000000004",
        f"order,{CARD},paid",
        f"1,{CARD}",
        f'"{CARD}"',
        f"card={CARD};",
        f"card:{CARD}.",
        f"{CARD},12/27",
        "4111 1111 1111 1111 12/27",
        f"%B{CARD}^SURNAME/GIVEN^2712",
        f";{CARD}=2712",
        f"<pan>{CARD}</pan>",
        f"({CARD})",
        f"PAN{CARD}",
        f"id_{CARD}",
        f"a{CARD}",
        f"{CARD}a",
        "2026-01-01 4111 1111 1111 1111 2026-02-01",
        "abc4111 1111 1111 1111",
    ],
)
def test_card_numbers_are_found(text, tmp_path):
    lines = found(tmp_path, f"Receipt\n{text}\n")
    assert len(lines) == 1
    assert lines[0].startswith("file:2:")
    assert lines[0].endswith(": holds what looks like a payment card number")


@pytest.mark.parametrize(
    "text",
    [
        "4111111111111112",  # the check digit is wrong
        "4444444444444444 0000000000000000",
        "978-0-306-40615-7 9780306406157",  # ISBN
        "4006381333931 4012345678901",  # barcodes
        "+44 20 7946 0958 0044 20 7946 0958 07700 900123",
        "123e4567-e89b-12d3-a456-426614174000",
        "41111111-1111-1111-1111-111111111111",  # like a UUID
        "4111111111111111111111111111111111111111",
        "0.4111111111111111 4111111111111111.25",
        "1411111111111111.41",
        "1700000000000 1700000000000000",  # milliseconds and microseconds
        "352099001761481 35-209900-176148-1",  # IMEI
        "8944110068256270000",  # SIM card
        "da39a3ee5e6b4b0d3255a4111111111111111",  # a digest
        "GB33BUKB20201555555555",  # bank account
        "4000 4002 4004 4006 4008 4010 4012 4014",  # a row of ports
        "2024-09-30 2024-10-01 2024-10-02",
        "192.168.100.100 10.111.111.111",
        "da39a3ee5e6b4b0d3255bfef95601890afd80709",
    ],
)
def test_other_numbers_are_let_through(text, tmp_path):
    assert found(tmp_path, f"Report\n{text}\n") == []


@pytest.mark.parametrize(
    "text",
    [
        KEY,
        "-----BEGIN " + "PRIVATE KEY-----",
        "-----BEGIN " + "ENCRYPTED PRIVATE KEY-----",
        "-----BEGIN " + "OPENSSH PRIVATE KEY-----",
        "-----BEGIN " + "PGP PRIVATE KEY BLOCK-----",
        "PuTTY-User-Key-" + "File-2: ssh-rsa",
    ],
)
def test_private_keys_are_found(text, tmp_path):
    assert found(tmp_path, f"Config\n{text}\n") == ["file:2:1: holds a private key"]
    assert found(tmp_path, b"PK\0\0\n" + text.encode()) == ["file: holds a private key"]


@pytest.mark.parametrize(
    "text", ["-----BEGIN CERTIFICATE-----", "-----BEGIN PUBLIC KEY-----", "-----BEGIN PGP PUBLIC KEY BLOCK-----"]
)
def test_what_is_public_is_let_through(text, tmp_path):
    assert found(tmp_path, text) == []


@pytest.mark.parametrize(
    "text",
    [
        TOKEN,
        "ghp_" + "a1B2c3D4e5F6g7H8i9J0" * 2,
        "github_pat_" + "a1B2c3D4e5" * 7,
        "glpat-" + "a1B2c3D4e5" * 2,
        "xoxb-" + "1234567890-" * 3,
        "sk_live_" + "a1B2c3D4e5" * 3,
        "AIza" + "a1B2c3D4e5a1B2c3D4e5a1B2c3D4e5a1B2c",
        "npm_" + "a1B2c3D4e5F6" * 3,
        "ASIA" + "QWERTYUIOPASDFGH",
        "GOCSPX-" + "a1B2c3D4e5F6g7" * 2,
        "ya29." + "a1B2c3D4e5" * 4,
        "SG." + "a1B2c3D4e5F" * 2 + "." + "a1B2c3D4e5" * 4 + "f6G",
        "eyJhbGciOiJIUzI1NiJ9" + ".eyJzdWIiOiIxMjM0NTY3ODkwIn0" + "." + "a1B2c3D4e5" * 4,
        "a1B2c3D4e5" * 7 + "a1B2c3" + "+ASt" + "a1B2c" + "A==",
        "a1B2c3D4e5" * 7 + "a1B2c3" + "AZDO" + "a1B2",
        "a1B" + "8Q~" + "a1B2c3D4e5" * 3 + "f",
        "b7c1ad3e-22a5-4c0f-9d3e-0123456789ab" + "-" + "c7c1ad3e-22a5-4c0f-8d3e-0123456789ab",
    ],
)
def test_access_tokens_are_found(text, tmp_path):
    text = text[:40] if text.startswith("ghp_") else text
    assert found(tmp_path, f"Config\n token = '{text}'\n") == ["file:2:11: holds an access token"]


@pytest.mark.parametrize(
    "text",
    [
        "aws_secret_access_key = " + "a1B2c3D4e5" * 4,
        "DefaultEndpointsProtocol=https;AccountName=x;AccountKey=" + "a1B2c3D4e5" * 8 + "a1B2c3==",
        "Endpoint=sb://x.example.net/;SharedAccessKey=" + "a1B2c3D4e5" * 4 + "a1B=",
        "https://x.example.net/y?sv=2024-01-01&sig=" + "a1B2c3D4e5" * 4 + "a1B%3D",
        "Authorization: Bearer " + "a1B2c3D4e5" * 3,
        "authorization: Basic " + "a1B2c3D4e5" * 3,
        "https://hooks.slack.com/services/" + "T0123ABCD/B0123ABCD/" + "a1B2c3D4e5" * 2,
    ],
)
def test_keys_that_are_known_by_what_stands_before_them_are_found(text, tmp_path):
    assert found(tmp_path, f"Config\n{text}\n")[0].partition(": ")[2] == "holds an access token"


@pytest.mark.parametrize(
    "text",
    [
        "postgresql://app:q7Rv2x" + "@db.example.org/main",
        "https://officer:q7Rv2x" + "@files.example.org/",
        "Server=db.example.org;Database=main;User Id=app;Password=" + "q7Rv2x;",
        "Data Source=db;Initial Catalog=main;uid=app;pwd=" + "q7Rv2x",
        "jdbc:sqlserver://db.example.org:1433;databaseName=main;user=app;password=" + "q7Rv2x",
        "host=db.example.org port=5432 dbname=main user=app password=" + "q7Rv2x",
        "username admin password 7 " + "0822455D0A16",
        "enable secret 5 $1$" + "mERr$hx5rVt7rPNoS4wqbXKX7m0",
    ],
)
def test_passwords_are_found(text, tmp_path):
    assert found(tmp_path, f"Config\n{text}\n")[0].partition(": ")[2] == "holds a password"


@pytest.mark.parametrize(
    "text",
    [
        "postgresql://app@db.example.org/main https://example.org:8443/a@b",
        "postgresql://app:${PASSWORD}@db.example.org/ postgresql://app:<password>@db/ ftp://app:****@files/",
        "Server=db;Database=main;User Id=app;Password=***; Server=db;Pwd={password}",
        "Integrated Security=SSPI;Server=db;Database=main",
        "The password policy=strong; password=twelve characters or more",
        "enable secret is set; password 7 days before it ends",
        "arn:aws:iam::123456789012:user/officer AKIA is how such keys begin",
        "eyJhbGciOiJIUzI1NiJ9 sig=short AccountKey=",
        "b7c1ad3e-22a5-4c0f-9d3e-0123456789ab, c7c1ad3e-22a5-4c0f-8d3e-0123456789ab",
    ],
)
def test_what_is_masked_or_only_spoken_of_is_let_through(text, tmp_path):
    assert found(tmp_path, f"Config\n{text}\n") == []


def test_none_is_found_in_what_the_program_ships_and_documents():
    root = Path(__file__).parents[2]
    folders = ("compliance", "docs", "evidence", "standards", "templates", "benchmarks")
    files = [
        file
        for folder in folders
        for file in sorted((root / folder).rglob("*"))
        if file.is_file() and "__pycache__" not in file.parts
    ]
    assert len(files) > 500
    held = [str(file.relative_to(root)) for file in files if screened(file.read_bytes()).secrets]
    assert held == []


def test_each_sort_is_named_once(tmp_path):
    lines = found(tmp_path, f"{KEY}\n{TOKEN}\n{CARD}\n" * 3)
    assert [line.partition(": ")[0] for line in lines] == ["file:1:1", "file:2:1", "file:3:1"]


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16"])
@pytest.mark.parametrize("secret", [KEY, TOKEN, CARD])
def test_they_are_found_in_the_encodings_of_windows(encoding, secret, tmp_path):
    assert len(found(tmp_path, f"Export\r\n{secret}\r\n", encoding)) == 1


@pytest.mark.parametrize("offset", range(-20, 21, 4))
@pytest.mark.parametrize("secret", [KEY, TOKEN, CARD])
def test_they_are_found_where_one_reading_ends_and_the_next_begins(secret, offset, tmp_path):
    before = (1 << 20) + offset - len(secret) // 2
    text = ("x" * 98 + "\n") * (before // 99)
    text += "y" * (before - len(text) - 1) + "\n" + secret + "\n"
    line = text.count("\n")
    assert [one.partition(": ")[0] for one in found(tmp_path, text * 2)] == [f"file:{line}:1"]


@pytest.mark.parametrize("cut", [1 << 20, (1 << 20) - 4096, (2 << 20) - 4096])
@pytest.mark.parametrize(("number", "into"), [("9" * 8 + CARD, 8), (CARD + "9" * 8, 16)])
def test_a_long_number_is_no_card_where_a_reading_cuts_it(number, into, cut, tmp_path):
    lines = ("x" * 98 + "\n") * ((cut - into) // 99 - 1)
    text = lines + "y" * (cut - into - len(lines) - 1) + "\n" + number + "\n"
    assert text[:cut].endswith(number[:into])
    assert found(tmp_path, text + lines + lines) == []


def test_digits_in_compressed_bytes_are_chance(tmp_path):
    assert found(tmp_path, b"%PDF-1.7\n" + CARD.encode()) == []
    assert found(tmp_path, b"\x89PNG\0\0" + CARD.encode()) == []


def test_a_file_that_may_not_be_read_is_named(bench, monkeypatch):
    file = bench.desk / "scan-2024-12-31.txt"
    file.write_text("Nothing found.\n")
    before, mode = bench.lies(), file.stat().st_mode
    opened = io.open

    def refused(path, *arguments, **named):
        if str(path).endswith("desk/scan-2024-12-31.txt"):
            raise PermissionError(errno.EACCES, os.strerror(errno.EACCES), str(path))
        return opened(path, *arguments, **named)

    file.chmod(0)
    with monkeypatch.context() as patch:
        if os.access(file, os.R_OK):  # whoever runs this may read everything: let the system refuse all the same
            patch.setattr(io, "open", refused)
        given = ["-c", "town:T1.1", "-k", "scan", "-r", "pass"]
        outcome = bench.run(["evidence", "add", f"../desk/{file.name}", *given])
    file.chmod(mode)
    assert outcome.code == 2
    assert outcome.err == (
        "../desk/scan-2024-12-31.txt: error: cannot be read: permission is denied\n"
        "  hint: check the name, and who may read the file\n"
    )
    assert bench.lies() == before


def test_links_in_a_folder_are_refused_and_not_passed_over(bench):
    (bench.desk / "elsewhere").mkdir()
    (bench.desk / "elsewhere" / "secret.txt").write_text("Of others.\n")
    (bench.desk / "reports").mkdir()
    (bench.desk / "reports" / "scan.txt").write_text("Nothing found.\n")
    (bench.desk / "reports" / "folder").symlink_to(bench.desk / "elsewhere")
    (bench.desk / "reports" / "file").symlink_to(bench.desk / "elsewhere" / "secret.txt")
    given = ["-c", "town:T1.1", "-k", "scan", "-r", "pass", "-d", "2024-12-31"]
    outcome = bench.run(["evidence", "add", "--folder", "../desk/reports", *given])
    assert outcome.code == 2
    heads = [line for line in outcome.err.splitlines() if not line.startswith("  ")]
    assert heads == [f"../desk/reports/{name}: error: is a symbolic link" for name in ("file", "folder")]


def test_what_was_recorded_before_a_refusal_is_named(bench, monkeypatch):
    for number in range(3):
        (bench.desk / f"{number}.txt").write_text(f"Nothing found on the {number}th.\n")
    commits = iter([1, 2])

    def commit(*arguments):
        if next(commits, None) is None:
            raise refuse("the disk is full", hint="free some space")
        return commit_change(*arguments)

    monkeypatch.setattr("compliance.operations.evidence.add.commit_change", commit)
    given = ["-c", "town:T1.1", "-k", "scan", "-r", "pass", "-d", "2024-12-31"]
    outcome = bench.run(["evidence", "add", "--folder", "../desk", *given])
    assert outcome.code == 2
    ids = re.findall(r"E-[0-9A-Z]{8}", bench.run(["evidence", "list"]).out)
    assert len(ids) == 4
    said = re.search(r"warning: recorded before that, and in order: (.*)\n  hint: file the others again\n", outcome.err)
    assert said
    assert set(said[1].split(", ")) == set(ids) - {"E-SCAN0001", "E-PCY00001"}


def test_what_a_text_held_before_does_not_forbid_a_change_of_it_and_what_is_new_does(bench):
    added = bench.run(["finding", "add", "Left in a script", "--type", "high", "--raised", "2024-12-31"])
    identifier = re.search(r"F-[0-9A-Z]{8}", added.out)
    assert identifier
    (file,) = (bench.top / "evidence" / "findings").glob(f"*{identifier[0].partition('-')[2]}.yaml")
    write(bench.top, {f"evidence/findings/{file.name}": f"{file.read_text()}cause: {TOKEN} was in it\n"})
    commit(bench.top)
    promised = ["finding", "promise", identifier[0], "--due"]
    assert bench.run([*promised, "2027-02-01"]).code == 0
    outcome = bench.run([*promised, "2027-03-01", "--reason", f"{TOKEN[:-1]}J is in use"])
    assert (outcome.code, outcome.err) == (
        2,
        f"evidence/findings/{file.name}: error: holds an access token, under “promised”\n"
        "  hint: take it out, and revoke the token\n",
    )
