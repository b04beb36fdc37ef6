"""The texts of a PDF: its streams unpacked, the strings that they show, and the fonts' own codes turned into letters.

Layout is followed only as far as it says which strings stand beside each other. ISO 32000-1, 7.3.4 (strings), 7.4
(filters), 9.4.3 (showing text), 9.10.3 (ToUnicode).
"""

from __future__ import annotations

import base64
import re
import zlib
from collections.abc import Iterator

_STREAM = re.compile(rb"(?<!end)stream\r?\n")
_FILTER = re.compile(rb"/(FlateDecode|Fl|ASCII85Decode|A85|ASCIIHexDecode|AHx|LZWDecode|LZW|RunLengthDecode|RL)\b")
_NO_TEXT = re.compile(rb"/Subtype\s*/Image|DCTDecode|JPXDecode|JBIG2Decode|CCITTFaxDecode|/FontFile|/Length1|/XRef")
_TOKEN = re.compile(
    rb"\((?P<literal>(?:[^()\\]|\\[\s\S]|\((?:[^()\\]|\\[\s\S])*+\))*+)\)?|<(?P<hex>[0-9A-Fa-f\s]*+)>|"
    rb"(?P<move>-?[0-9.]+\s+-?[0-9.]+\s+T[dD])\b|(?P<line>\bT[m*]|\bET\b|')|(?P<kern>-[0-9.]+)"
)
_ESCAPE = re.compile(rb"\\([0-7]{1,3}|\r?\n|[\s\S])")
_PAIR = re.compile(rb"<([0-9A-Fa-f]{2,4})>\s*<([0-9A-Fa-f]{4,16})>")
_RANGE = re.compile(rb"<([0-9A-Fa-f]{2,4})>\s*<([0-9A-Fa-f]{2,4})>\s*(?:<([0-9A-Fa-f]{4})>|\[([^\]]*)\])")
_HEX = re.compile(rb"<([0-9A-Fa-f]{4,16})>")
_WIDEST_KERN = 180
"""Thousandths of the letter's size: what is moved further reads as a space."""
_MOST_FONTS = 40
_MOST_FILTERS = 4
_LONGEST_RANGE = 256

_MOST_WORK = 64 * 1024 * 1024
_LONGEST_PAGE = 4 * 1024 * 1024


class Codes(dict[int, str]):
    """The letters of a font by their codes; a code that it does not have is shown as one that cannot be read."""

    def __missing__(self, code: int) -> str:
        return "\N{REPLACEMENT CHARACTER}"


def pdf_texts(data: bytes, most: int) -> Iterator[str]:
    """The text of each stream, read in each font's codes; at most so many bytes are unpacked.

    Raises OverflowError at a page that is longer than any is, and where there are more of them, in more fonts, than
    can be read in some seconds.
    """
    pages: list[bytes] = []
    fonts: list[Codes] = []
    for content in _streams(data, most):
        if b"beginbf" in content:
            codes = _codes(content)
            if codes and codes not in fonts and len(fonts) < _MOST_FONTS:
                fonts.append(codes)
        elif b"Tj" in content or b"TJ" in content:
            pages.append(content)
    work = 0
    for content in pages:
        work += len(content) * (1 + len(fonts))
        if work > _MOST_WORK or len(content) > _LONGEST_PAGE:
            raise OverflowError
        strings = _strings(content)
        yield _read(strings, "latin-1", None)
        for codes in fonts:
            yield _read(strings, "utf-16-be", codes)
            if max(codes) < 256:
                yield _read(strings, "latin-1", codes)


def _streams(data: bytes, most: int) -> Iterator[bytes]:
    position = 0
    while most > 0 and (match := _STREAM.search(data, position)):
        head = data[max(0, match.start() - 1000) : match.start()].rpartition(b" obj")[2]
        position = match.end()
        end = data.find(b"endstream", position)
        end = len(data) if end < 0 else end
        if not _NO_TEXT.search(head):
            content = data[position:end]
            for name in _FILTER.findall(head)[:_MOST_FILTERS]:
                content = _unpacked(content, name, most)
            most -= len(content)
            yield content
        position = max(position, end)


def _unpacked(data: bytes, name: bytes, most: int) -> bytes:
    """What a filter makes of bytes; nothing where they are damaged, or packed as nobody packs text any more."""
    try:
        if name in {b"FlateDecode", b"Fl"}:
            return zlib.decompressobj().decompress(data, most)
        if name in {b"ASCII85Decode", b"A85"}:
            return base64.a85decode(re.sub(rb"\s", b"", data.partition(b"~")[0]).removeprefix(b"<~"))
        if name in {b"ASCIIHexDecode", b"AHx"}:
            digits = re.sub(rb"\s", b"", data.partition(b">")[0])
            return bytes.fromhex((digits + b"0" * (len(digits) % 2)).decode("ascii"))
    except (zlib.error, ValueError):
        pass
    return b""


def _codes(content: bytes) -> Codes:
    codes = Codes()
    for section in content.split(b"beginbf")[1:]:
        body = section.partition(b"endbf")[0]
        if body.startswith(b"char"):
            for code, letters in _PAIR.findall(body):
                codes.setdefault(int(code, 16), _utf_16(letters))
            continue
        for first, last, letter, listed in _RANGE.findall(body):
            low = int(first, 16)
            span = range(low, min(int(last, 16), low + _LONGEST_RANGE) + 1)
            start = int(letter, 16) if letter else 0
            each = [chr(min(start + step, 0xFFFF)) for step in range(len(span))] if letter else []
            for code, text in zip(span, each or map(_utf_16, _HEX.findall(listed)), strict=False):
                codes.setdefault(code, text)
    return codes


def _utf_16(digits: bytes) -> str:
    return bytes.fromhex((digits + b"0" * (len(digits) % 2)).decode("ascii")).decode("utf-16-be", "replace")


def _strings(content: bytes) -> list[bytes | str]:
    """The strings that a page shows, as bytes, and what stands between them: nothing, a space or a new line."""
    strings: list[bytes | str] = []
    for token in _TOKEN.finditer(content):
        kind = token.lastgroup
        if kind == "literal":
            strings.append(_ESCAPE.sub(_unescaped, token["literal"]))
        elif kind == "hex":
            digits = re.sub(rb"\s", b"", token["hex"]).decode()
            strings.append(bytes.fromhex(digits + "0" * (len(digits) % 2)))
        elif kind == "move":
            strings.append(" " if _is_zero(token["move"].split()[1]) else "\n")
        elif kind == "line":
            strings.append("\n")
        elif int(b"0" + token["kern"][1:].partition(b".")[0][:6]) > _WIDEST_KERN:
            strings.append(" ")
    return strings


def _read(strings: list[bytes | str], encoding: str, codes: Codes | None) -> str:
    """The strings as text: the bytes decoded, and their codes turned into a font's letters."""
    decoded = ((part, "") if isinstance(part, str) else ("", part.decode(encoding, "replace")) for part in strings)
    return "".join(space + (letters.translate(codes) if codes else letters) for space, letters in decoded)


def _is_zero(number: bytes) -> bool:
    """Whether a number as PDF writes it is nought."""
    return not number.strip(b"-0.")


def _unescaped(match: re.Match[bytes]) -> bytes:
    char = match[1]
    if char.isdigit():
        return bytes([int(char, 8) & 0xFF]) if char < b"8" else char
    return {b"n": b"\n", b"r": b"\r", b"t": b"\t", b"b": b"\b", b"f": b"\f", b"\n": b"", b"\r\n": b""}.get(char, char)
