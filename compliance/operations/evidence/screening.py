"""What must never be filed: keys, tokens, card numbers, pointers to bytes that are elsewhere."""

from __future__ import annotations

import codecs
import re
import stat
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

from compliance.problems import Location, Problem, reason_of

_OVERLAP = 4096
_CHUNK = 1 << 20
_PEM = re.compile(rb"-----BEGIN (?:[A-Z0-9]+ )*PRIVATE KEY(?: BLOCK)?-----")
_TOKENS = re.compile(
    rb"(?<![A-Za-z0-9])(?:(?:AKIA|ASIA)[0-9A-Z]{16}|gh[pousr]_[A-Za-z0-9]{36}|github_pat_[A-Za-z0-9_]{60,}|"
    rb"glpat-[A-Za-z0-9_-]{20}|xox[abprs]-[A-Za-z0-9-]{20,}|[rs]k_live_[A-Za-z0-9]{20,}|AIza[A-Za-z0-9_-]{35}|"
    rb"npm_[A-Za-z0-9]{36}|pypi-[A-Za-z0-9_-]{60,})(?![A-Za-z0-9])"
)
_PUTTY = re.compile(rb"^PuTTY-User-Key-File-\d:", re.MULTILINE)
_POINTER = re.compile(rb"\Aversion https://git-lfs\.github\.com/spec/v\d")
_DIGITS = re.compile(
    rb"(?:(?<![0-9A-Za-z_-])|(?<=%B))"
    rb"(?:\d{4}([ -]?)\d{4}\1\d{4}\1\d{2,7}|3[47]\d{2}([ -]?)\d{6}\2\d{5})(?![0-9A-Za-z_-])"
)
_CARD = re.compile(
    r"4\d{15}(?:\d{3})?|5[1-5]\d{14}|2(?:22[1-9]|2[3-9]\d|[3-6]\d\d|7[01]\d|720)\d{12}|3[47]\d{13}|35[2-8]\d{13}|"
    r"3(?:0[0-5]|[689]\d)\d{11}|6(?:011|4[4-9]\d|5\d\d|2\d\d)\d{12}(?:\d{3})?"
)
"""Card numbers by their first digits and lengths: Visa, Mastercard, American Express, JCB, Diners, Discover, UnionPay.

An IMEI, a barcode, an ISBN or a time in milliseconds has another length or begins otherwise.
"""

Secret = tuple[str, str, int]
"""What is found, what to do, and where it begins."""


def screen(path: Path, name: str, size_limit: int) -> list[Problem]:
    """Everything that forbids filing a file: its nature, its size, what is in it. An empty list lets it through."""
    where = Location(name)
    try:
        status = path.lstat()
    except (FileNotFoundError, NotADirectoryError):
        return [Problem("there is no such file", where, "check the name, and the folder you are in")]
    except (OSError, ValueError) as error:
        return [_unreadable(error, where)]
    nature = _nature(status.st_mode)
    if nature:
        return [Problem(f"is {nature}", where, "only regular files can be kept as evidence: name the file itself")]
    if status.st_size == 0:
        return [Problem("is empty", where, "an empty file shows nothing: look whether it was written out")]
    if status.st_size > size_limit:
        hint = "make it smaller, or raise size-limit under [evidence] in compliance.toml"
        return [Problem(f"is {status.st_size:,} bytes; at most {size_limit:,} are taken", where, hint)]
    try:
        with path.open("rb") as file:
            return _contents(file, name)
    except OSError as error:
        return [_unreadable(error, where)]


def _unreadable(error: Exception, where: Location) -> Problem:
    reason = reason_of(error) if isinstance(error, OSError) else "there can be no such name"
    return Problem(f"cannot be read: {reason}", where, "check the name, and who may read the file")


def _nature(mode: int) -> str:
    if stat.S_ISREG(mode):
        return ""
    if stat.S_ISLNK(mode):
        return "a symbolic link"
    if stat.S_ISDIR(mode):
        return "a folder"
    return "a pipe" if stat.S_ISFIFO(mode) else "a special file"


def _contents(file: BinaryIO, name: str) -> list[Problem]:
    chunk = file.read(_CHUNK)
    if _POINTER.match(chunk):
        hint = "fetch the file itself with `git lfs pull`, and file that"
        return [Problem("is a Git LFS pointer, not the file it points to", Location(name), hint)]
    wide = chunk.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE))
    binary = not wide and (b"\0" in chunk[:8192] or chunk[:5] == b"%PDF-")
    problems: dict[str, Problem] = {}
    tail, lines = b"", 1
    while chunk:
        following = file.read(_CHUNK)
        # In UTF-16 every other byte of plain words and digits is zero.
        window = tail + (chunk.replace(b"\0", b"") if wide else chunk)
        for what, hint, offset in _secrets(window, binary, first=not tail, last=not following):
            line = lines + window.count(b"\n", 0, offset) if not binary else 0
            column = offset - window.rfind(b"\n", 0, offset) if not binary else 0
            problems.setdefault(what, Problem(what, Location(name, line, column), hint))
        tail = window[-_OVERLAP:]
        lines += window.count(b"\n", 0, len(window) - len(tail))
        chunk = following
    return list(problems.values())


def _secrets(window: bytes, binary: bool, *, first: bool, last: bool) -> Iterator[Secret]:
    key = _PEM.search(window) or _PUTTY.search(window)
    if key:
        yield "holds a private key", "take it out, and replace the key: it may have been seen", key.start()
    token = _TOKENS.search(window)
    if token:
        yield "holds an access token", "take it out, and revoke the token", token.start()
    if binary:  # in compressed bytes sixteen digits in a row are chance
        return
    for digits in _DIGITS.finditer(window):
        whole = (first or digits.start() > 0) and (last or digits.end() < len(window))
        if whole and _is_card(digits, window):
            yield "holds what looks like a payment card number", "mask all but the last four digits", digits.start()
            return


def _is_card(match: re.Match[bytes], window: bytes) -> bool:
    """Whether digits are a card number, by prefix, length and check digit; no part of a fraction or a row."""
    before, after = window[max(0, match.start() - 2) : match.start()], window[match.end() : match.end() + 6]
    if re.search(rb"\d\.\Z", before) or re.match(rb"\.\d", after):
        return False
    if (match[1] or match[2]) and (re.search(rb"\d[ -]\Z", before) or re.match(rb"[ -]\d{4}(?![\d/])", after)):
        return False
    digits = re.sub(r"\D", "", match[0].decode("ascii"))
    return _CARD.fullmatch(digits) is not None and _luhn(digits) and len(set(digits)) > 1


def _luhn(digits: str) -> bool:
    total = 0
    for position, digit in enumerate(reversed(digits)):
        value = int(digit) * (2 if position % 2 else 1)
        total += value - 9 if value > 9 else value
    return total % 10 == 0
