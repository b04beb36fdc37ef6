"""Excel workbooks opened with care: what is no workbook, or a bomb, is refused before a library sees any of it.

A workbook is a zip of XML. Each part that is read goes through a parser of XML once, as a stream, within bounds of
size, depth and number: libraries hold what they read as trees, and a few kilobytes can be made to grow to gigabytes.
"""

from __future__ import annotations

import io
import posixpath
import re
import zipfile
import zlib
from collections.abc import Callable, Iterator
from xml.parsers import expat

import msgspec

from compliance.problems import Location, Refused, refuse

LARGEST_PART = 64_000_000
LARGEST_WHOLE = 256_000_000
"""Of one part, and of all together when unpacked, in bytes."""
MOST_PARTS = 2_000
_STEEPEST = 250
"""How many bytes one packed byte may become, in a part that is larger than a megabyte unpacked."""
_DEEPEST = 64
_LONGEST_TAG = 4_000_000
_CHUNK = 65_536
_OLD = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_RELATION = re.compile(r"relationships/(\w+)$")

Attributes = dict[str, str]
Start = Callable[[str, Attributes, int], None]
"""What is called for an element that begins: its name without prefix, its attributes, and at which byte it begins."""
End = Callable[[str, int], None]


class Sheet(msgspec.Struct, frozen=True):
    """A sheet of a workbook: its name, the part that holds it, and whether it is shown."""

    name: str
    part: str
    is_hidden: bool


class Workbook(msgspec.Struct, frozen=True):
    """What a workbook holds, before any sheet is read. `counts_from_1904`: days count from there, as on old Macs."""

    file: str
    archive: zipfile.ZipFile
    sheets: tuple[Sheet, ...]
    counts_from_1904: bool

    def has(self, part: str) -> bool:
        return part in self.archive.NameToInfo

    def damaged(self, why: str) -> Refused:
        return damaged(self.file, why)

    def parse(self, part: str, start: Start, end: End = lambda *_: None) -> None:
        """Reads a part as a stream of XML, names without their prefixes. Raises Refused for damage and bombs."""
        parse_part(self.archive, self.file, part, start, end)


def damaged(file: str, why: str) -> Refused:
    """What to say of a file that is no sound workbook."""
    hint = "open it in a spreadsheet program, save it anew as .xlsx, and import that"
    return refuse(f"is not a sound workbook: {why}", location=Location(file), hint=hint)


def open_workbook(data: bytes, file: str) -> Workbook:
    """The workbook in these bytes. Raises Refused for anything that is not one, or not safe to read."""
    _refuse_others(data, file)
    try:
        archive = zipfile.ZipFile(io.BytesIO(data))
    except (zipfile.BadZipFile, ValueError, NotImplementedError, OverflowError, EOFError, UnicodeError):
        raise damaged(file, "it is cut off, or no workbook at all") from None
    _refuse_bombs(archive, len(data), file)
    names = set(archive.NameToInfo)
    location = Location(file)
    if any(posixpath.basename(name).casefold().startswith("vbaproject") for name in names):
        raise refuse("has macros in it", location=location, hint="save it as .xlsx, which has none, and import that")
    if "xl/workbook.bin" in names:
        raise refuse("is a binary workbook (.xlsb)", location=location, hint="save it as .xlsx, and import that")
    if "mimetype" in names and "content.xml" in names:
        raise refuse("is an OpenDocument file", location=location, hint="save it as .xlsx or .csv, and import that")
    if "xl/workbook.xml" not in names:
        raise refuse("is an archive, but no Excel workbook", location=location, hint="import the table in it by itself")
    return _described(archive, file)


def _refuse_others(data: bytes, file: str) -> None:
    location = Location(file)
    if data.startswith(_OLD):
        if "EncryptedPackage".encode("utf-16-le") in data:
            hint = "open it with its password, take the password off, save it, and import that"
            raise refuse("is protected by a password", location=location, hint=hint)
        raise refuse(
            "is a workbook of the old kind (.xls)", location=location, hint="save it as .xlsx, and import that"
        )
    if not data.startswith(b"PK"):
        hint = "if it is a CSV table, say so with --from csv"
        raise refuse("is empty" if not data else "is no workbook", location=location, hint=hint)


def _refuse_bombs(archive: zipfile.ZipFile, size: int, file: str) -> None:
    infos = archive.infolist()
    packed = sum(info.compress_size for info in infos)
    steep = [
        info for info in infos if info.file_size > 1_000_000 and info.file_size > _STEEPEST * max(info.compress_size, 1)
    ]
    why = ""
    if len(infos) > MOST_PARTS:
        why = f"has {len(infos):,} parts; at most {MOST_PARTS:,} are read"
    elif len(archive.NameToInfo) < len(infos):
        why = "has two parts of one name"
    elif packed > size:
        why = "has parts that lie over each other"
    elif sum(info.file_size for info in infos) > LARGEST_WHOLE:
        why = f"unpacks to more than {LARGEST_WHOLE // 1_000_000} MB"
    elif steep:
        why = f"has a part that unpacks to {steep[0].file_size // max(steep[0].compress_size, 1):,} times its size"
    if why:
        hint = "it was made to do harm, or is no table: copy the cells into a new workbook, and import that"
        raise refuse(why, location=Location(file), hint=hint)
    if any(info.flag_bits & 1 for info in infos):
        raise refuse("has parts under a password", location=Location(file), hint="save it without a password")
    if any(info.compress_type not in {zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED} for info in infos):
        raise damaged(file, "it is packed in a way that no workbook is")


def _described(archive: zipfile.ZipFile, file: str) -> Workbook:
    targets: dict[str, tuple[str, str]] = {}
    listed: list[Attributes] = []
    settings: Attributes = {}

    def relation(name: str, attributes: Attributes, _: int) -> None:
        kind = _RELATION.search(attributes.get("Type", ""))
        if name == "Relationship" and kind and attributes.get("TargetMode") != "External":
            target = attributes.get("Target", "")
            part = target.lstrip("/") if target.startswith("/") else posixpath.normpath(f"xl/{target}")
            targets[attributes.get("Id", "")] = (kind[1], part)

    def entry(name: str, attributes: Attributes, _: int) -> None:
        if name == "sheet":
            listed.append(attributes)
        elif name == "workbookPr":
            settings.update(attributes)

    if "xl/_rels/workbook.xml.rels" not in archive.NameToInfo:
        raise damaged(file, "it does not say where its sheets are")
    parse_part(archive, file, "xl/_rels/workbook.xml.rels", relation)
    parse_part(archive, file, "xl/workbook.xml", entry)
    sheets = []
    for entries in listed:
        relation_id = next(
            (value for key, value in entries.items() if key.rpartition(":")[2] == "id" and ":" in key), ""
        )
        kind, part = targets.get(relation_id, ("", ""))
        if kind == "worksheet" and part in archive.NameToInfo:
            sheets.append(Sheet(entries.get("name", ""), part, entries.get("state", "visible") != "visible"))
    if not sheets:
        raise damaged(file, "it has no sheet with cells")
    return Workbook(file, archive, tuple(sheets), settings.get("date1904", "0") in {"1", "true"})


def parse_part(archive: zipfile.ZipFile, file: str, part: str, start: Start, end: End = lambda *_: None) -> None:
    """Reads a part of an archive as XML; as `Workbook.parse`."""
    parser = expat.ParserCreate()
    depth = 0

    def starts(name: str, attributes: Attributes) -> None:
        nonlocal depth
        depth += 1
        if depth > _DEEPEST:
            raise damaged(file, "its XML is nested too deep")
        start(name.rpartition(":")[2], attributes, parser.CurrentByteIndex)

    def ends(name: str) -> None:
        nonlocal depth
        depth -= 1
        end(name.rpartition(":")[2], parser.CurrentByteIndex)

    def declared(*_: object) -> None:
        raise damaged(file, "it declares entities, which no workbook does")

    parser.StartElementHandler = starts
    parser.EndElementHandler = ends
    parser.StartDoctypeDeclHandler = declared
    read = 0
    try:
        for chunk in chunks_of(archive, file, part):
            parser.Parse(chunk, False)
            read += len(chunk)
            if read - parser.CurrentByteIndex > _LONGEST_TAG:
                raise damaged(file, "it has an element of more than four megabytes")
        parser.Parse(b"", True)
    except (expat.ExpatError, UnicodeError, ValueError, LookupError):
        raise damaged(file, f"{part} is no XML, or is cut off") from None


def chunks_of(archive: zipfile.ZipFile, file: str, part: str) -> Iterator[bytes]:
    """The unpacked bytes, counted as they come: what the archive says of its sizes may be a lie."""
    size = 0
    try:
        with archive.open(part) as stream:
            while chunk := stream.read(_CHUNK):
                size += len(chunk)
                if size > LARGEST_PART:
                    hint = "a standard fits into less: delete the sheets and columns that are not needed"
                    why = f"{part} unpacks to more than {LARGEST_PART // 1_000_000} MB"
                    raise refuse(why, location=Location(file), hint=hint)
                yield chunk
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, OSError, KeyError, RuntimeError):
        raise damaged(file, f"{part} is cut off or damaged") from None
