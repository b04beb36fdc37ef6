"""A secret is found whatever surrounds it; a document is screened whatever is done to it; bombs stay within bounds."""

from __future__ import annotations

import gzip
import io
import subprocess
import sys
import zipfile
import zlib
from collections.abc import Callable
from email.message import EmailMessage

import pytest
from hypothesis import given
from hypothesis import strategies as st

from compliance.store.screening.opening import MOST_LEVELS, Why
from compliance.store.screening.screened import screened
from compliance.store.screening.secrets import SecretKind

from ..builders.documents import FORMS, archive, eml, pdf

SECRETS = {
    SecretKind.KEY: "-----BEGIN " + "OPENSSH PRIVATE KEY-----",
    SecretKind.TOKEN: "AKIA" + "QWERTYUIOPASDFGH",
    SecretKind.PASSWORD: "postgresql://app:" + "Tr0ub4dor-7@db.example.org/main",
    SecretKind.CARD: "4111 1111 " + "1111 1111",
}
LINE = st.text(st.characters(min_codepoint=32, max_codepoint=126), max_size=60)
LINES = st.lists(LINE, max_size=8)
CONTAINERS: dict[str, Callable[[bytes], bytes]] = {
    "zip": lambda data: archive({"inner.bin": data}),
    "gzip": gzip.compress,
    "mail": lambda data: eml("See the file.", data, "inner.bin"),
}


@given(before=LINES, after=LINES, form=st.sampled_from(sorted(FORMS)), kind=st.sampled_from(list(SECRETS)))
def test_a_secret_is_found_whatever_stands_around_it(before, after, form, kind):
    text = "\n".join([*before, f"then {SECRETS[kind]} was", *after, "end of it"])
    assert kind in {secret.kind for secret in screened(FORMS[form](text)).secrets}


@given(
    form=st.sampled_from(sorted(FORMS)),
    kind=st.sampled_from(list(SECRETS)),
    within=st.lists(st.sampled_from(sorted(CONTAINERS)), max_size=MOST_LEVELS + 3),
)
def test_a_secret_is_found_in_archives_within_archives_or_it_is_said_that_they_are_too_deep(form, kind, within):
    data = FORMS[form](f"Text\nthen {SECRETS[kind]} was\n")
    for name in within:
        data = CONTAINERS[name](data)
    result = screened(data)
    is_found = kind in {secret.kind for secret in result.secrets}
    assert is_found or Why.TOO_DEEP in {item.why for item in result.unsearched}
    assert is_found or len(within) > MOST_LEVELS - 2


@given(data=st.data(), form=st.sampled_from(sorted(FORMS)))
def test_a_damaged_document_is_screened_like_any_other(data, form):
    document = bytearray(FORMS[form]("Minutes of the board\nPaid 41,111.11 on 2026-01-01\n" * 3))
    for _ in range(data.draw(st.integers(1, 4))):
        start = data.draw(st.integers(0, len(document)))
        end = data.draw(st.integers(start, min(len(document), start + 200)))
        document[start:end] = data.draw(st.binary(max_size=20))
    assert screened(bytes(document)).secrets == ()


@given(
    head=st.sampled_from(
        [b"PK\3\4", b"\x1f\x8b\x08\0", b"%PDF-1.7\n", b"MIME-Version: 1.0\n", b"\xff\xfe", b"\x89PNG"]
    ),
    rest=st.binary(max_size=400),
)
def test_what_only_begins_like_a_document_is_screened(head, rest):
    screened(head + rest)


@given(headers=st.dictionaries(st.sampled_from(["Subject", "Content-Type", "Content-Disposition"]), LINE, max_size=3))
def test_a_mail_with_odd_headers_is_screened(headers):
    lines = [f"{name}: {value}" for name, value in headers.items()]
    mail = "\n".join(["MIME-Version: 1.0", *lines, "", f"then {SECRETS[SecretKind.TOKEN]} was", ""])
    assert {secret.kind for secret in screened(mail.encode()).secrets} >= {SecretKind.TOKEN}


def _zeros() -> bytes:
    buffer = io.BytesIO()
    with (
        zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as file,
        file.open("zeros", "w", force_zip64=True) as member,
    ):
        for _ in range(300):
            member.write(bytes(1 << 20))
    return buffer.getvalue()


def _nested() -> bytes:
    data = archive({str(number): bytes(1 << 20) for number in range(10)})
    for _ in range(3):
        data = archive({str(number): data for number in range(10)})
    return data


def _deep_mail() -> bytes:
    mail = EmailMessage()
    mail.set_content("Text")
    data = mail.as_bytes()
    for _ in range(60):
        data = b"MIME-Version: 1.0\nContent-Type: message/rfc822\n\n" + data
    return data


BOMBS: dict[str, Callable[[], bytes]] = {
    "zeros in a zip": _zeros,
    "zips in zips": _nested,
    "many files in a zip": lambda: archive({f"{number}": b"" for number in range(20_000)}, zipfile.ZIP_STORED),
    "zeros in a gzip": lambda: gzip.compress(bytes(300 << 20), 1),
    "many gzips": lambda: gzip.compress(b"") * 100_000,
    "zeros in a page": lambda: pdf("x", more="BT " + "() Tj " * 2_000_000),
    "pages in pages": lambda: pdf("x", filters="/FlateDecode /FlateDecode", more=" " * (100 << 20)),
    "pages in many fonts": lambda: pdf("(x) Tj " * 300_000, more="beginbfchar <01> <0041> endbfchar " * 1000),
    "mails in mails": _deep_mail,
    "parts of a mail": lambda: (
        b"MIME-Version: 1.0\nContent-Type: multipart/mixed; boundary=x\n\n" + b"--x\n\n\n" * 300_000
    ),
    "tags": lambda: b"<a>" * (20 << 20),
    "tags that do not end": lambda: b"<" * (40 << 20),
    "nearly cards": lambda: b"4111 1111 1111 1112\n" * (2 << 20),
    "lines that go on": lambda: b"a: b\n" + b"\n " * (20 << 20),
    "wide": lambda: "\N{GRINNING FACE}".encode("utf-16") * (8 << 20),
    "a stream in a stream": lambda: b"%PDF-1.7\n" + b"1 0 obj << >> stream\n" * (2 << 20),
    "packed zeros in a page": lambda: (
        b"%PDF-1.7\n1 0 obj << /Filter /FlateDecode >> stream\n" + zlib.compress(bytes(300 << 20)) + b"\nendstream"
    ),
}
LIMITED = """
import resource, sys
data = sys.stdin.buffer.read()
resource.setrlimit(resource.RLIMIT_CPU, (90, 90))
resource.setrlimit(resource.RLIMIT_AS, (2 << 30, 2 << 30))
from compliance.store.screening.screened import screened
print(",".join(sorted({item.why.name for item in screened(data).unsearched})))
"""
"""Ends with an error where it takes more than the minute and a half of the processor, or more than 2 GiB."""


@pytest.mark.parametrize("name", BOMBS)
def test_a_bomb_stays_within_bounds_of_time_and_memory(name):
    done = subprocess.run([sys.executable, "-c", LIMITED], input=BOMBS[name](), capture_output=True, check=False)
    assert (done.returncode, done.stderr) == (0, b"")


@pytest.mark.parametrize(
    "name", ["zeros in a zip", "zips in zips", "many files in a zip", "zeros in a gzip", "many gzips"]
)
def test_of_a_bomb_it_is_said_that_it_is_too_large(name):
    assert Why.TOO_LARGE in {item.why for item in screened(BOMBS[name]()).unsearched}


def test_what_an_archive_hides_behind_others_is_said_to_be_encrypted_or_damaged():
    data = bytearray(archive({"a.txt": "Text"}, zipfile.ZIP_STORED))
    at = data.index(b"PK\1\2")
    data[at + 8] |= 1
    assert [item.why for item in screened(bytes(data)).unsearched] == [Why.ENCRYPTED]
    assert [item.why for item in screened(gzip.compress(b"Text" * 100)[:-12]).unsearched] == [Why.DAMAGED]
    assert [item.why for item in screened(archive({"a.txt": "Text"})[:-30]).unsearched] == [Why.DAMAGED]
