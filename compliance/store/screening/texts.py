"""Bytes as text, in the encodings that office programs write, and markup as it reads."""

from __future__ import annotations

import codecs
import html
import re
from collections.abc import Iterator
from typing import AnyStr

import msgspec

_ENCODINGS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_HEAD = 8192
_MOST_ZEROS = 50
"""A text may have a stray zero in so many bytes."""
_BREAK = re.compile(
    r"</(?:[\w-]+:)?(?:p|h[1-6]?|si|is|c|row|table-cell|tr|td|th|li|div|comment|title)>|<br ?/?>", re.IGNORECASE
)
_GAP = re.compile(r"<(?:[\w-]+:)?(?:tab|br|cr|s|line-break)(?: [^<>]{0,200})?/>")
_TAG = re.compile(r"<[^<>]{0,5000}>")
_MARKUP = re.compile(r"\s{0,1000}<")
_FOLD = re.compile(r"\n[ \t]+")
_KEYED = re.compile(r"(?:[ \t]{0,40}(?:#[^\n]{0,400}|---)?\r?\n){0,40}(?:- )?[A-Za-z][\w-]{0,80}:(?:\s|\Z)")
_EXPONENT = re.compile(r"(?<![0-9.])([0-9])\.([0-9]{11,18})E\+?([0-9]{2})(?![0-9])")
_NARROW_RUN = re.compile(rb"[\t\n\r\x20-\x7e]{8,}")
_WIDE_RUN = re.compile(rb"(?:[\t\n\r\x20-\x7e]\0){8,}")


_PORTION = 1 << 22
_OVERLAP = 1 << 16
"""What is taken apart is so at most, with so much of the portion before, so that memory is bounded."""


class OpenedText(msgspec.Struct, frozen=True):
    """A text and the part of the file that it is; `is_plain` where its lines are the file's own lines.

    Card numbers are not looked for in bytes of which nobody knows what they mean (`cards`).
    """

    text: str
    part: str = ""
    is_plain: bool = False
    cards: bool = True


def portions(contents: AnyStr) -> Iterator[AnyStr]:
    """A text or bytes in portions that overlap."""
    for start in range(0, max(1, len(contents) - _OVERLAP), _PORTION - _OVERLAP):
        yield contents[start : start + _PORTION]


def decoded(data: bytes) -> str | None:
    """The bytes as text; None for what is no text."""
    for mark, encoding in _ENCODINGS:
        if data.startswith(mark):
            return data.decode(encoding, "replace")
    head = data[:_HEAD]
    if b"\0" in head:
        for encoding, zeros in (("utf-16-le", head[1::2]), ("utf-16-be", head[::2])):
            if zeros.count(0) > 0.8 * len(zeros):
                return data.decode(encoding, "replace")
    is_binary = head.count(0) > max(1, len(head) // _MOST_ZEROS)
    try:
        return None if is_binary else data.decode("utf-8")
    except UnicodeDecodeError:
        return None if b"\0" in head else data.decode("latin-1")


def runs(data: bytes) -> str:
    """What of bytes in a form that is not known can be read, in one byte for each letter or in two, run by run."""
    narrow = [run.decode("ascii") for run in _NARROW_RUN.findall(data)]
    wide = [run.decode("utf-16-le") for run in _WIDE_RUN.findall(data)]
    return "\n\n".join(narrow + wide)


def without_tags(text: str) -> str:
    """Markup as it reads: what stands in several runs is one text again, and cells and paragraphs are lines."""
    plain = html.unescape(_TAG.sub("", _GAP.sub(" ", _BREAK.sub("\n", text))))
    return _EXPONENT.sub(lambda match: f"{match[1]}{match[2]}".ljust(int(match[3]) + 1, "0"), plain)


def is_markup(text: str) -> bool:
    """Whether it is XML or HTML, by its first character."""
    return _MARKUP.match(text) is not None


def is_keyed(text: str) -> bool:
    """Whether it is YAML or a mail's head, where a text may go on in the next line."""
    return _KEYED.match(text) is not None


def unfolded(text: str) -> str:
    """The same with what goes on in the next line in one."""
    return _FOLD.sub(" ", text)
