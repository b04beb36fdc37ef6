"""The texts within a file: office documents, archives, mail and PDF opened in memory, within limits.

Nothing is unpacked to the disk, no XML is parsed and no entity is resolved, so that hostile input costs time and memory
in proportion to the limits and no more.
"""

from __future__ import annotations

import codecs
import html
import io
import re
import zipfile
import zlib
from collections.abc import Iterator

import msgspec

from compliance.store.screening.pdf import pdf_texts

MOST_BYTES = 64 * 1024 * 1024
"""How much of one file is looked at, all that lies in it unpacked."""
MOST_MEMBERS = 5_000
MOST_LEVELS = 4
MOST_MAIL_PARTS = 100
_PORTION = 1 << 16
_STEEPEST = 500
"""How many bytes may come of one packed byte, above a megabyte: more is no document."""
_GZIP = b"\x1f\x8b"
_IMAGES = (b"\x89PNG", b"\xff\xd8\xff", b"GIF8", b"BM", b"II*\0", b"MM\0*", b"RIFF")
_MAIL = re.compile(
    rb"\A(?:Received|From|Return-Path|MIME-Version|Message-ID|Delivered-To|Subject|Date|To|X-[A-Za-z-]+|Content-Type):",
    re.IGNORECASE,
)
_BREAK = re.compile(
    r"</(?:[\w-]+:)?(?:p|h[1-6]?|si|is|c|row|table-cell|tr|td|th|li|div|comment|title)>|<br ?/?>", re.IGNORECASE
)
_GAP = re.compile(r"<(?:[\w-]+:)?(?:tab|br|cr|s|line-break)(?: [^<>]{0,200})?/>")
_TAG = re.compile(r"<[^<>]{0,5000}>")
_FOLD = re.compile(r"\n[ \t]+")
_EXPONENT = re.compile(r"(?<![0-9.])([0-9])\.([0-9]{11,18})E\+?([0-9]{2})(?![0-9])")


class OpenedText(msgspec.Struct):
    """A text and the part of the file that it is; `is_plain` where lines mean something, without `cards` for bytes."""

    text: str
    part: str = ""
    is_plain: bool = False
    cards: bool = True


class Unsearched(msgspec.Struct, frozen=True):
    """What was not looked at, and why."""

    part: str
    why: str


class Opening:
    """Opens one file: `texts` gives what can be read in it; `unsearched` then has what could not."""

    def __init__(self) -> None:
        self.unsearched: list[Unsearched] = []
        self._remaining = MOST_BYTES
        self._members = MOST_MEMBERS

    def texts(self, data: bytes, name: str, part: str = "", level: int = 0) -> Iterator[OpenedText]:
        """Every text within the bytes, each within its limits."""
        if level > MOST_LEVELS:
            self._skip(part, "it lies too deep in archives")
        elif data.startswith((b"PK\x03\x04", b"PK\x05\x06")):
            yield from self._archive(data, part, level)
        elif data.startswith(_GZIP):
            yield from self._gzip(data, name, part, level)
        elif b"%PDF-" in data[:1024]:
            yield from self._pdf(data, part)
        elif _MAIL.match(data) and re.search(
            rb"(?i)^(?:MIME-Version|Content-Type|Received):", data[:65536], re.MULTILINE
        ):
            yield from self._mail(data, name, part, level)
        else:
            yield from self._plain(data, name, part)

    def _skip(self, part: str, why: str) -> None:
        self.unsearched.append(Unsearched(part, why))

    def _plain(self, data: bytes, name: str, part: str) -> Iterator[OpenedText]:
        text = _decoded(data)
        if text is None:
            is_image = data.startswith(_IMAGES)
            self._skip(part, "it is a picture" if is_image else "its format is not known")
            yield OpenedText(data.decode("latin-1"), part, cards=False)
            return
        yield OpenedText(text, part, is_plain=not part)
        if text.lstrip()[:1] == "<":
            yield OpenedText(_without_tags(text), part)
        if name.endswith(".yaml"):
            yield OpenedText(_FOLD.sub(" ", text), part)  # a long text goes on in the next line

    def _archive(self, data: bytes, part: str, level: int) -> Iterator[OpenedText]:
        if data.count(b"PK\x01\x02") > self._members:
            self._skip(part, "it holds too many files")
            return
        try:
            with zipfile.ZipFile(io.BytesIO(data)) as archive:
                for member in archive.infolist():
                    self._members -= 1
                    within = f"{part}/{member.filename}" if part else member.filename
                    yield OpenedText(member.filename, within)
                    if not member.is_dir():
                        content = self._member(archive, member, within)
                        if content:
                            yield from self.texts(content, member.filename, within, level + 1)
        except (zipfile.BadZipFile, NotImplementedError, ValueError, EOFError, OSError):
            self._skip(part, "it is a damaged archive")

    def _member(self, archive: zipfile.ZipFile, member: zipfile.ZipInfo, part: str) -> bytes:
        if member.flag_bits & 1:
            self._skip(part, "it is encrypted")
        elif member.compress_type not in {zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED}:
            self._skip(part, "it is packed in a way that is not read")
        elif member.file_size > max(1 << 20, _STEEPEST * member.compress_size) or member.file_size > self._remaining:
            self._skip(part, "it is too large unpacked")
        else:
            try:
                with archive.open(member) as file:
                    content = file.read(self._remaining)
            except (zipfile.BadZipFile, zlib.error, NotImplementedError, ValueError, EOFError, OSError):
                self._skip(part, "it is damaged")
                return b""
            self._remaining -= len(content)
            return content
        return b""

    def _gzip(self, data: bytes, name: str, part: str, level: int) -> Iterator[OpenedText]:
        try:
            content = _gunzipped(data, min(self._remaining, max(1 << 20, _STEEPEST * len(data))))
        except zlib.error:
            self._skip(part, "it is a damaged archive")
            return
        except OverflowError:
            self._skip(part, "it is too large unpacked")
            return
        self._remaining -= len(content)
        inner = name.removesuffix(".gz").rpartition("/")[2] or "content"
        yield from self.texts(content, inner, f"{part}/{inner}" if part else inner, level + 1)

    def _pdf(self, data: bytes, part: str) -> Iterator[OpenedText]:
        yield OpenedText(data.decode("latin-1"), part, cards=False)
        if b"/Encrypt" in data:
            self._skip(part, "it is encrypted")
            return
        is_read = False
        try:
            for text in pdf_texts(data, self._remaining):
                is_read = is_read or bool(text.strip())
                yield OpenedText(text, part)
        except OverflowError:
            self._skip(part, "it is too large unpacked")
        if not is_read:
            self._skip(part, "no text can be read in it")

    def _mail(self, data: bytes, name: str, part: str, level: int) -> Iterator[OpenedText]:
        from email.parser import BytesParser

        yield from self._plain(data, name, part)
        marks = len(re.findall(rb"(?i)boundary\s*\*?=|message/rfc822", data))
        if marks > MOST_MAIL_PARTS:
            self._skip(part, "the mail has too many parts")
            return
        for number, message in enumerate(BytesParser().parsebytes(data).walk(), 1):
            if message.is_multipart():
                continue
            content = message.get_payload(decode=True)
            if not isinstance(content, bytes) or not content:
                continue
            if len(content) > self._remaining:
                self._skip(part, "it is too large unpacked")
                return
            self._remaining -= len(content)
            inner = message.get_filename() or f"part {number}"
            yield from self.texts(content, inner, f"{part}/{inner}" if part else inner, level + 1)


def _gunzipped(data: bytes, most: int) -> bytes:
    """What is packed in a gzip file, all that stand one after another in it.

    Raises zlib.error for a damaged one, and OverflowError where more than so many bytes come of it.
    """
    content = bytearray()
    unpacking, members, position = zlib.decompressobj(31), 1, 0
    while position < len(data):
        portion = data[position : position + _PORTION]
        content += unpacking.decompress(portion, most + 1 - len(content))
        position += len(portion) - len(unpacking.unused_data)
        if len(content) > most or unpacking.unconsumed_tail or members > MOST_MEMBERS:
            raise OverflowError
        if unpacking.eof:
            if not data.startswith(_GZIP, position):  # what follows is filling
                break
            unpacking, members = zlib.decompressobj(31), members + 1
    return bytes(content)


def _decoded(data: bytes) -> str | None:
    """The bytes as text, in the encodings that Windows writes too; None for what is no text."""
    for mark, encoding in (
        (codecs.BOM_UTF8, "utf-8-sig"),
        (codecs.BOM_UTF32_LE, "utf-32"),
        (codecs.BOM_UTF16_LE, "utf-16"),
        (codecs.BOM_UTF16_BE, "utf-16"),
    ):
        if data.startswith(mark):
            return data.decode(encoding, "replace")
    head = data[:8192]
    if b"\0" in head:
        for encoding, zeros in (("utf-16-le", head[1::2]), ("utf-16-be", head[::2])):
            if zeros.count(0) > 0.8 * len(zeros):
                return data.decode(encoding, "replace")
        return None
    if head.startswith(_IMAGES[:3]):
        return None
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError:
        return data.decode("latin-1")


def _without_tags(text: str) -> str:
    """Markup as it reads: what stands in several runs is one text again, and cells and paragraphs are lines."""
    plain = html.unescape(_TAG.sub("", _GAP.sub(" ", _BREAK.sub("\n", text))))
    return _EXPONENT.sub(lambda match: f"{match[1]}{match[2]}".ljust(int(match[3]) + 1, "0"), plain)
