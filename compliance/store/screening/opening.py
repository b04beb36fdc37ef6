"""The texts within a file: office documents, archives, mail and PDF opened in memory, within limits.

Nothing is unpacked to the disk, no XML is parsed and no entity is resolved, so that hostile input costs time and memory
in proportion to the limits and no more.
"""

from __future__ import annotations

import enum
import io
import re
import zipfile
import zlib
from collections.abc import Iterator

import msgspec

from compliance.store.screening.pdf import pdf_texts
from compliance.store.screening.texts import (
    OpenedText,
    decoded,
    is_keyed,
    is_markup,
    portions,
    runs,
    unfolded,
    without_tags,
)

MOST_BYTES = 64 * 1024 * 1024
"""How much of one file is looked at, all that lies in it unpacked."""
MOST_MEMBERS = 5_000
MOST_LEVELS = 4
MOST_MAIL_PARTS = 100
_STEEPEST = 500
"""How many bytes may come of one packed byte, above a megabyte: more is no document."""
_LEAST_LIMIT = 1 << 20
_PORTION = 1 << 16
_ZIP = (b"PK\x03\x04", b"PK\x05\x06")
_GZIP = b"\x1f\x8b"
_COMPOUND = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
"""Word, Excel and Outlook before 2007, and what Office encrypts."""
_PICTURES = (b"\x89PNG", b"\xff\xd8\xff", b"GIF8", b"BM", b"II*\0", b"MM\0*", b"RIFF")
_DRAWN = re.compile(
    r"\.(?:emf|wmf|wdp|ico|tiff?|webp|odttf|ttf|otf|fntdata)\Z|printerSettings\d*\.bin\Z", re.IGNORECASE
)
"""Members of office documents that draw or print, and hold no text."""
_ENCRYPTED_PDF = re.compile(rb"/Encrypt\s*(?:\d+\s+\d+\s+R|<<)")
_ENCRYPTED_OFFICE = "EncryptedPackage".encode("utf-16-le")
_WORD = re.compile(r"[^\W\d_]{3}")
_MAIL = re.compile(
    rb"\A(?:Received|From|Return-Path|MIME-Version|Message-ID|Delivered-To|Subject|Date|To|X-[A-Za-z-]+|Content-Type):",
    re.IGNORECASE,
)
_MAIL_HEAD = re.compile(rb"(?i)^(?:MIME-Version|Content-Type|Received):", re.MULTILINE)
_DAMAGED = (zipfile.BadZipFile, zlib.error, NotImplementedError, ValueError, EOFError, OSError)


class Why(enum.Enum):
    """Why something was not looked at."""

    PICTURE = "picture"
    ENCRYPTED = "encrypted"
    TOO_LARGE = "too large"
    TOO_DEEP = "too deep in archives"
    DAMAGED = "damaged"
    WITHOUT_TEXT = "without readable text"
    UNKNOWN = "of unknown form"


class Unsearched(msgspec.Struct, frozen=True):
    """What was not looked at, and why; the part is empty for all of the file."""

    part: str
    why: Why


class Opening:
    """Opens one file: `texts` gives what can be read in it; `unsearched` then has what could not."""

    def __init__(self) -> None:
        self.unsearched: list[Unsearched] = []
        self._remaining = MOST_BYTES
        self._members = MOST_MEMBERS

    def texts(self, data: bytes, part: str = "", level: int = 0) -> Iterator[OpenedText]:
        """Every text within the bytes, each within its limits."""
        if level > MOST_LEVELS:
            self._skip(part, Why.TOO_DEEP)
        elif data.startswith(_ZIP):
            yield from self._archive(data, part, level)
        elif data.startswith(_GZIP):
            yield from self._gzip(data, part, level)
        elif b"%PDF-" in data[:1024]:
            yield from self._pdf(data, part)
        elif _MAIL.match(data) and _MAIL_HEAD.search(data, 0, _PORTION):
            yield from self._mail(data, part, level)
        else:
            yield from self._plain(data, part)

    def _skip(self, part: str, why: Why) -> None:
        self.unsearched.append(Unsearched(part, why))

    def _plain(self, data: bytes, part: str) -> Iterator[OpenedText]:
        text = None if _is_picture(data) or data.startswith(_COMPOUND) else decoded(data)
        if text is None:
            yield from self._binary(data, part)
            return
        yield OpenedText(text, part, is_plain=not part)
        if is_markup(text):
            yield from (OpenedText(without_tags(portion), part) for portion in portions(text))
        elif is_keyed(text):
            yield from (OpenedText(unfolded(portion), part) for portion in portions(text))

    def _binary(self, data: bytes, part: str) -> Iterator[OpenedText]:
        if _is_picture(data) or _DRAWN.search(part):
            self._skip(part, Why.PICTURE)
        else:
            self._skip(part, Why.ENCRYPTED if _ENCRYPTED_OFFICE in data else Why.UNKNOWN)
        yield from self._runs(data, part, cards=data.startswith(_COMPOUND))

    def _runs(self, data: bytes, part: str, *, cards: bool = False) -> Iterator[OpenedText]:
        return (OpenedText(runs(portion), part, cards=cards) for portion in portions(data))

    def _archive(self, data: bytes, part: str, level: int) -> Iterator[OpenedText]:
        if data.count(b"PK\x01\x02") > self._members:
            self._skip(part, Why.TOO_LARGE)
            return
        try:
            with zipfile.ZipFile(io.BytesIO(data)) as archive:
                for member in archive.infolist():
                    self._members -= 1
                    within = f"{part}/{member.filename}" if part else member.filename
                    yield OpenedText(member.filename, within)
                    content = b"" if member.is_dir() else self._member(archive, member, within)
                    if content:
                        yield from self.texts(content, within, level + 1)
        except _DAMAGED:
            self._skip(part, Why.DAMAGED)

    def _member(self, archive: zipfile.ZipFile, member: zipfile.ZipInfo, part: str) -> bytes:
        """The bytes of a member; none, and it is noted why, where they are not looked at."""
        if member.flag_bits & 1:
            self._skip(part, Why.ENCRYPTED)
        elif member.compress_type not in {zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED}:
            self._skip(part, Why.UNKNOWN)
        elif member.file_size > min(self._remaining, max(_LEAST_LIMIT, _STEEPEST * member.compress_size)):
            self._skip(part, Why.TOO_LARGE)
        else:
            try:
                with archive.open(member) as file:
                    content = file.read(self._remaining)
            except _DAMAGED:
                self._skip(part, Why.DAMAGED)
                return b""
            self._remaining -= len(content)
            return content
        return b""

    def _gzip(self, data: bytes, part: str, level: int) -> Iterator[OpenedText]:
        content, why = _gunzipped(data, min(self._remaining, max(_LEAST_LIMIT, _STEEPEST * len(data))))
        if why:
            self._skip(part, why)
        self._remaining -= len(content)
        yield from self.texts(content, part, level + 1)

    def _pdf(self, data: bytes, part: str) -> Iterator[OpenedText]:
        yield from self._runs(data, part)
        if _ENCRYPTED_PDF.search(data):
            self._skip(part, Why.ENCRYPTED)
            return
        is_read = False
        try:
            for text in pdf_texts(data, self._remaining):
                is_read = is_read or bool(_WORD.search(text))
                yield OpenedText(text, part)
        except OverflowError:
            self._skip(part, Why.TOO_LARGE)
        if not is_read:
            self._skip(part, Why.WITHOUT_TEXT)

    def _mail(self, data: bytes, part: str, level: int) -> Iterator[OpenedText]:
        from email.parser import BytesParser

        yield from self._runs(data, part)  # without cards: what parts a mail, and the names of mails, are long numbers
        marks = len(re.findall(rb"(?i)boundary\s*\*?=|message/rfc822", data))
        if marks > MOST_MAIL_PARTS:
            self._skip(part, Why.TOO_LARGE)
            return
        mail = BytesParser().parsebytes(data)
        yield OpenedText("\n".join(map(_header, mail.get_all("Subject", []))), f"{part}/subject" if part else "subject")
        for number, message in enumerate(mail.walk(), 1):
            content = None if message.is_multipart() else message.get_payload(decode=True)
            if not isinstance(content, bytes) or not content:
                continue
            if len(content) > self._remaining:
                self._skip(part, Why.TOO_LARGE)
                return
            self._remaining -= len(content)
            inner = message.get_filename() or f"part {number}"
            yield from self.texts(content, f"{part}/{inner}" if part else inner, level + 1)


def _header(value: object) -> str:
    """A header as it reads, in whatever encoding its words are; as it stands where that is not to be made out."""
    from email.errors import MessageError
    from email.header import decode_header, make_header

    try:
        return str(make_header(decode_header(str(value))))
    except (MessageError, LookupError, ValueError):
        return str(value)


def _is_picture(data: bytes) -> bool:
    return data.startswith(_PICTURES) and b"\0" in data[:64]


def _gunzipped(data: bytes, most: int) -> tuple[bytes, Why | None]:
    """What is packed in a gzip file, in all that stand one after another in it, up to so many bytes.

    With it why that is not all of it.
    """
    content = bytearray()
    unpacking, members, position = zlib.decompressobj(31), 1, 0
    while position < len(data):
        portion = data[position : position + _PORTION]
        try:
            content += unpacking.decompress(portion, most + 1 - len(content))
        except zlib.error:
            return bytes(content), Why.DAMAGED
        position += len(portion) - len(unpacking.unused_data)
        if len(content) > most or unpacking.unconsumed_tail or members > MOST_MEMBERS:
            return bytes(content[:most]), Why.TOO_LARGE
        if unpacking.eof:
            if not data.startswith(_GZIP, position):  # what follows is filling
                return bytes(content), None
            unpacking, members = zlib.decompressobj(31), members + 1
    return bytes(content), None if unpacking.eof else Why.DAMAGED
