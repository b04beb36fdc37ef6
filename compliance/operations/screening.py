"""What must never be filed: keys, tokens, card numbers, pointers to bytes that are elsewhere (DESIGN 4)."""

from __future__ import annotations

import re
import stat
from pathlib import Path

from compliance.problems import Location, Problem

_OVERLAP = 4096
_CHUNK = 1 << 20
_PEM = re.compile(rb"-----BEGIN (?:[A-Z0-9]+ )*PRIVATE KEY(?: BLOCK)?-----")
_TOKENS = re.compile(
    rb"(?<![A-Za-z0-9])(?:AKIA[0-9A-Z]{16}|gh[pousr]_[A-Za-z0-9]{36}|github_pat_[A-Za-z0-9_]{60,}|glpat-[A-Za-z0-9_-]{20}|"
    rb"xox[abprs]-[A-Za-z0-9-]{20,}|sk_live_[A-Za-z0-9]{20,}|AIza[A-Za-z0-9_-]{35})(?![A-Za-z0-9])"
)
_PUTTY = re.compile(rb"^PuTTY-User-Key-File-\d:", re.MULTILINE)
_POINTER = re.compile(rb"\Aversion https://git-lfs\.github\.com/spec/v\d")
_CARD = re.compile(rb"(?<![0-9.,A-Za-z_-])(?:\d{4}([ -]?)\d{4}\1\d{4}\1\d{1,7}|3[47]\d{2}([ -]?)\d{6}\2\d{5})(?![0-9A-Za-z_-]|[.,]\d)")
_CARD_PREFIX = re.compile(r"(?:4|5[1-5]|2[2-7]|3[47]|35|36|30[0-5]|6011|62|64[4-9]|65|67)")


def screen(path: Path, name: str, size_limit: int) -> list[Problem]:
    """Everything that forbids filing a file: its nature, its size, what is in it. An empty list lets it through."""
    where = Location(name)
    try:
        found = path.lstat()
    except FileNotFoundError:
        return [Problem("there is no such file", where, "check the name")]
    except OSError as error:
        return [Problem(f"cannot be read: {error.strerror}", where)]
    nature = _nature(found.st_mode)
    if nature:
        return [Problem(f"is {nature}", where, "only regular files can be kept as evidence: name the file itself")]
    if found.st_size == 0:
        return [Problem("is empty", where, "an empty file shows nothing: look whether it was written out")]
    if found.st_size > size_limit:
        hint = "raise size-limit under [evidence] in compliance.toml, or file where it is kept with --location"
        return [Problem(f"is {found.st_size:,} bytes; at most {size_limit:,} are taken", where, hint)]
    try:
        return _contents(path, where)
    except OSError as error:
        return [Problem(f"cannot be read: {error.strerror}", where, "check who may read it")]


def _nature(mode: int) -> str:
    if stat.S_ISREG(mode):
        return ""
    if stat.S_ISLNK(mode):
        return "a symbolic link"
    if stat.S_ISDIR(mode):
        return "a folder"
    return "a pipe" if stat.S_ISFIFO(mode) else "a special file"


def _contents(path: Path, where: Location) -> list[Problem]:
    problems: dict[str, Problem] = {}
    binary = False
    with path.open("rb") as file:
        tail, lines = b"", 1
        first = True
        while chunk := file.read(_CHUNK):
            window = tail + chunk
            if first:
                binary = b"\0" in chunk[:8192] or chunk[:5] == b"%PDF-"
                if _POINTER.match(chunk):
                    hint = "fetch the file itself with `git lfs pull`, and file that"
                    return [Problem("is a Git LFS pointer, not the file it points to", where, hint)]
                first = False
            for what, hint, offset in _secrets(window, binary):
                line = lines + window.count(b"\n", 0, offset) if not binary else 0
                column = offset - window.rfind(b"\n", 0, offset) if not binary else 0
                problems.setdefault(what, Problem(what, Location(where.file, line, column), hint))
            tail = window[-_OVERLAP:]
            lines += window.count(b"\n", 0, len(window) - len(tail))
    return list(problems.values())


def _secrets(window: bytes, binary: bool) -> list[tuple[str, str, int]]:
    found = []
    key = _PEM.search(window) or _PUTTY.search(window)
    if key:
        found.append(("holds a private key", "take it out, and replace the key: it may have been seen", key.start()))
    token = _TOKENS.search(window)
    if token:
        found.append(("holds an access token", "take it out, and revoke the token", token.start()))
    if not binary:  # in compressed bytes sixteen digits in a row are chance
        for card in _CARD.finditer(window):
            digits = re.sub(r"\D", "", card[0].decode("ascii"))
            if 13 <= len(digits) <= 19 and _CARD_PREFIX.match(digits) and _luhn(digits) and len(set(digits)) > 3:
                found.append(("holds what looks like a payment card number", "mask all but the last four digits", card.start()))
                break
    return found


def _luhn(digits: str) -> bool:
    total = 0
    for position, digit in enumerate(reversed(digits)):
        value = int(digit) * (2 if position % 2 else 1)
        total += value - 9 if value > 9 else value
    return total % 10 == 0
