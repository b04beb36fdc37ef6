"""Documents of many forms that hold a text: built from scratch, small, and as the programs that write them do."""

from __future__ import annotations

import base64
import gzip
import io
import zipfile
import zlib
from collections.abc import Callable, Mapping
from email.message import EmailMessage
from html import escape


def archive(members: Mapping[str, bytes | str], compression: int = zipfile.ZIP_DEFLATED) -> bytes:
    """A zip of files."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", compression) as file:
        for name, content in members.items():
            file.writestr(name, content)
    return buffer.getvalue()


def docx(text: str) -> bytes:
    """A letter: as Word does, each line is cut into runs where it was edited."""
    lines = "".join(
        f"<w:p><w:r><w:t>{escape(line[:5])}</w:t></w:r><w:r><w:rPr><w:b/></w:rPr>"
        f'<w:t xml:space="preserve">{escape(line[5:])}</w:t></w:r></w:p>'
        for line in text.splitlines()
    )
    return archive({"[Content_Types].xml": "<Types/>", "word/document.xml": f"<w:document>{lines}</w:document>"})


def xlsx(text: str) -> bytes:
    """A workbook with a line in each shared string."""
    strings = "".join(f"<si><t>{escape(line)}</t></si>" for line in text.splitlines())
    return archive({"xl/sharedStrings.xml": f"<sst>{strings}</sst>", "xl/workbook.xml": "<workbook/>"})


def pptx(text: str) -> bytes:
    """A slide with a line in each paragraph."""
    lines = "".join(f"<a:p><a:r><a:t>{escape(line)}</a:t></a:r></a:p>" for line in text.splitlines())
    return archive({"ppt/slides/slide1.xml": f"<p:sld>{lines}</p:sld>"})


def odt(text: str) -> bytes:
    """A text of LibreOffice: where spaces follow each other, it writes an element for them."""
    lines = "".join(f"<text:p>{escape(line)}</text:p>" for line in text.splitlines())
    return archive({"mimetype": "application/vnd.oasis.opendocument.text", "content.xml": f"<office>{lines}</office>"})


def eml(text: str, attached: bytes = b"", name: str = "attached.docx") -> bytes:
    """A mail, its text in base64; with a file attached, the text is in that alone."""
    mail = EmailMessage()
    mail["Subject"], mail["From"], mail["To"] = "Evidence", "a@example.org", "b@example.org"
    mail.set_content("See the file." if attached else text, cte="base64")
    if attached:
        mail.add_attachment(attached, maintype="application", subtype="octet-stream", filename=name)
    return mail.as_bytes()


def pdf(
    text: str, *, filters: str = "/FlateDecode", shown: Callable[[str], str] | None = None, more: str = ""
) -> bytes:
    """A page that shows each line, as `shown` writes the string of it; its stream is packed by the filters."""
    show = shown or (lambda line: "(" + line.replace("\\", r"\\").replace("(", r"\(").replace(")", r"\)") + ") Tj")
    content = "BT /F1 11 Tf 72 760 Td " + " 0 -14 Td ".join(show(line) for line in text.splitlines()) + " ET"
    objects = ["<< /Type /Catalog /Pages 2 0 R >>", "<< /Type /Pages /Kids [3 0 R] /Count 1 >>", "<< /Type /Page >>"]
    body = b"%PDF-1.7\n"
    for number, entry in enumerate(objects, 1):
        body += f"{number} 0 obj {entry} endobj\n".encode()
    for number, stream in enumerate(filter(None, (content, more)), 4):
        packed = stream.encode("latin-1")
        for name in reversed(filters.split()):
            packed = _PACKED[name](packed)
        head = f"{number} 0 obj << /Length {len(packed)} /Filter [{filters}] >> stream\n"
        body += head.encode() + packed + b"\nendstream endobj\n"
    return body + b"trailer << /Root 1 0 R >>\n%%EOF\n"


_PACKED: Mapping[str, Callable[[bytes], bytes]] = {
    "/FlateDecode": zlib.compress,
    "/ASCII85Decode": lambda data: base64.a85encode(data) + b"~>",
    "/ASCIIHexDecode": lambda data: data.hex().encode() + b">",
}


def pdf_of_word_processor(text: str) -> bytes:
    """A page in a subset of a font, with codes of its own and the table that says which letters they are."""
    codes = {letter: number for number, letter in enumerate(dict.fromkeys(text.replace("\n", "")), 3)}
    table = "".join(f"<{code:04x}> <{ord(letter):04x}>\n" for letter, code in codes.items())

    def shown(line: str) -> str:
        middle = len(line) // 2
        hexed = ["".join(f"{codes[letter]:04x}" for letter in half) for half in (line[:middle], line[middle:])]
        return f"[<{hexed[0]}> -12 <{hexed[1]}>] TJ"

    return pdf(text, shown=shown, more=f"begincmap {len(codes)} beginbfchar\n{table}endbfchar endcmap")


FORMS: Mapping[str, Callable[[str], bytes]] = {
    "a.txt": lambda text: text.encode(),
    "marked.txt": lambda text: text.encode("utf-8-sig"),
    "wide.txt": lambda text: text.encode("utf-16"),
    "wide-unmarked.txt": lambda text: text.encode("utf-16-le"),
    "wide-unmarked-be.txt": lambda text: text.encode("utf-16-be"),
    "page.html": lambda text: "".join(f"<p>{escape(line)}</p>" for line in text.splitlines()).encode(),
    "letter.docx": docx,
    "book.xlsx": xlsx,
    "slides.pptx": pptx,
    "letter.odt": odt,
    "papers.zip": lambda text: archive({"paper.txt": text}),
    "stored.zip": lambda text: archive({"letter.docx": docx(text)}, zipfile.ZIP_STORED),
    "log.txt.gz": lambda text: gzip.compress(text.encode()),
    "two.gz": lambda text: gzip.compress(b"first\n") + gzip.compress(text.encode()),
    "mail.eml": eml,
    "mail-with-file.eml": lambda text: eml(text, docx(text)),
    "print.pdf": pdf,
    "report.pdf": lambda text: pdf(text, filters="/ASCII85Decode /FlateDecode"),
    "hexed.pdf": lambda text: pdf(text, filters="/ASCIIHexDecode", shown=lambda line: f"<{line.encode().hex()}> Tj"),
    "letter.pdf": pdf_of_word_processor,
    "mail-with-pdf.eml": lambda text: eml(text, pdf(text), "print.pdf"),
}
"""How a text becomes a document, by the name of the document."""
