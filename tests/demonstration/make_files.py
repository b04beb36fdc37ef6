"""Makes the binary files of the demonstration from their sources: PDF by typst, XLSX by XlsxWriter, PNG by Pillow.

Run by hand after a source has changed: `python tests/demonstration/make_files.py`. A source file holds many documents,
each after a line `=== NAME`; text files of the demonstration are written by hand and are not made here.
"""

from __future__ import annotations

import datetime as dt
import json
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import typst
import xlsxwriter
from PIL import Image, ImageDraw, ImageFont

SOURCES = Path(__file__).parent / "sources"
TARGET = Path(__file__).parents[2] / "docs" / "demonstration" / "files"
COUNCIL = "Thornmere Borough Council"
_MADE = dt.datetime(2026, 10, 30, 9, 0)  # one fixed moment, so that a workbook made twice is the same
_INK, _PALE, _RULE, _MARK = "#1b2a3a", "#eef2f6", "#8ea0b2", "#a8322a"
_FILLS = {
    "blue": "#dbe8f5",
    "green": "#dff0e0",
    "amber": "#fbeccb",
    "red": "#f6d8d5",
    "grey": "#e9ebee",
    "white": "#ffffff",
}


def documents() -> Iterator[tuple[str, list[str]]]:
    """Each document's name and its lines."""
    for source in sorted(SOURCES.glob("*.txt")):
        name, lines = "", []
        for line in source.read_text(encoding="utf-8").splitlines():
            if line.startswith("=== "):
                if name:
                    yield name, lines
                name, lines = line[4:].strip(), []
            else:
                lines.append(line)
        if name:
            yield name, lines


def make_pdf(lines: list[str], target: Path) -> None:
    """A document: `# title`, `> reference line`, `## heading`, `- item`, `| table |`, paragraphs."""
    title = next((line[2:] for line in lines if line.startswith("# ")), "")
    text = [
        f"#set document(title: {_quoted(title)}, date: none)",
        '#set page(paper: "a4", margin: (x: 24mm, y: 24mm), numbering: "1 of 1")',
        f"#set page(header: align(right, text(8pt, fill: gray)[#{_quoted(title)}]))",
        "#set text(size: 10pt)",
        "#set par(justify: false, leading: 0.62em)",
        "#show heading: set block(above: 1.3em, below: 0.7em)",
    ]
    table: list[list[str]] = []
    for line in [*lines, ""]:
        if line.startswith("|"):
            table.append([cell.strip() for cell in line.strip().removeprefix("|").removesuffix("|").split("|")])
            continue
        if table:
            text.append(_typst_table(table))
            table = []
        if line.startswith("# "):
            text.append(f'#align(left, text(18pt, weight: "bold")[#{_quoted(line[2:])}])')
        elif line.startswith("> "):
            text.append(f'#text(9pt, fill: rgb("#51606f"))[#{_quoted(line[2:])}]\n#v(2mm)')
        elif line.startswith("## "):
            text.append(f"== #{_quoted(line[3:])}")
        elif line.startswith("- "):
            text.append(f"- #{_quoted(line[2:])}")
        elif line.strip() == "---":
            text.append("#pagebreak()")
        else:
            text.append(f"#{_quoted(line)}\n" if line.strip() else "")
    with tempfile.TemporaryDirectory() as folder:
        source = Path(folder) / "document.typ"
        source.write_text("\n".join(text), encoding="utf-8")
        target.write_bytes(typst.compile(str(source)))


def _typst_table(rows: list[list[str]]) -> str:
    head = ", ".join(f"[*#{_quoted(cell)}*]" for cell in rows[0])
    body = ",\n".join(", ".join(f"[#{_quoted(cell)}]" for cell in row) for row in rows[1:])
    widths = ", ".join(f"{max(len(row[column]) for row in rows) ** 0.6:.1f}fr" for column in range(len(rows[0])))
    return (
        "#block(above: 1em, below: 1em)[#set text(8.5pt)\n"
        f'#table(columns: ({widths},), stroke: 0.4pt + rgb("{_RULE}"), inset: 4pt,\n'
        f'fill: (_, row) => if row == 0 {{ rgb("{_PALE}") }},\n{head},\n{body})]'
    )


def _quoted(text: str) -> str:
    """A text as a typst string, so that nothing in it is taken for markup."""
    return json.dumps(text, ensure_ascii=False)


def make_xlsx(lines: list[str], target: Path) -> None:
    """A workbook: `# sheet`, then rows with ` | ` between cells, the first of them the headings."""
    with xlsxwriter.Workbook(str(target)) as book:
        book.set_properties({"company": COUNCIL, "author": COUNCIL, "created": _MADE})
        head = book.add_format({"bold": True, "bg_color": _PALE, "border": 1, "text_wrap": True, "valign": "top"})
        body = book.add_format({"text_wrap": True, "valign": "top", "border": 1, "border_color": "#c9d2db"})
        day = book.add_format({"num_format": "yyyy-mm-dd", "valign": "top", "border": 1, "border_color": "#c9d2db"})
        sheet, row, widths = None, 0, {}
        for line in lines:
            if line.startswith("# "):
                sheet, row, widths = book.add_worksheet(line[2:31]), 0, {}
                sheet.freeze_panes(1, 0)
                sheet.set_landscape()
                sheet.fit_to_pages(1, 0)
            elif line.strip() and sheet is not None:
                for column, cell in enumerate(line.split(" | ")):
                    widths[column] = min(48, max(widths.get(column, 9), len(cell) + 2))
                    sheet.set_column(column, column, widths[column])
                    if row == 0:
                        sheet.write_string(row, column, cell.strip(), head)
                    else:
                        _write(sheet, row, column, cell.strip(), body, day)
                row += 1


def _write(sheet, row: int, column: int, cell: str, form, day) -> None:
    try:
        sheet.write_datetime(row, column, dt.datetime.fromisoformat(cell), day)
        return
    except ValueError:
        pass
    try:
        sheet.write_number(row, column, float(cell), form)
    except ValueError:
        sheet.write_string(row, column, cell, form)


def make_png(lines: list[str], target: Path) -> None:
    """A picture: a diagram of `box ID X Y W H FILL label` and `line FROM TO label`, or a screen of text rows."""
    words = [line for line in lines if line.strip()]
    size, title = (1200, 780), words[0].removeprefix("# ")
    picture = Image.new("RGB", size, "white")
    draw = ImageDraw.Draw(picture)
    if any(line.startswith("box ") for line in words):
        _diagram(draw, title, words[1:], size)
    else:
        picture = _screen(title, words[1:])
    picture.quantize(64).save(target, optimize=True)


def _font(size: int) -> ImageFont.FreeTypeFont | ImageFont.ImageFont:
    return ImageFont.load_default(size)


def _diagram(draw: ImageDraw.ImageDraw, title: str, words: list[str], size: tuple[int, int]) -> None:
    boxes: dict[str, tuple[int, int, int, int]] = {}
    for line in words:
        if line.startswith("box "):
            _, key, x, y, wide, high, *_ = line.split(maxsplit=7)
            boxes[key] = (int(x), int(y), int(x) + int(wide), int(y) + int(high))
    for line in words:
        if line.startswith("line "):
            _, one, other, *label = line.split(maxsplit=3)
            (a, b), (c, d) = _middle(boxes[one]), _middle(boxes[other])
            draw.line((a, b, c, d), fill=_RULE, width=3)
            if label:
                draw.text(((a + c) / 2 + 6, (b + d) / 2 - 20), label[0], fill=_MARK, font=_font(15))
    for line in words:
        if line.startswith("box "):
            _, key, _, _, _, _, fill, label = line.split(maxsplit=7)
            x, y, right, bottom = boxes[key]
            draw.rounded_rectangle((x, y, right, bottom), 8, fill=_FILLS[fill], outline=_INK, width=2)
            draw.multiline_text((x + 12, y + 10), label.replace(" / ", "\n"), fill=_INK, font=_font(17), spacing=5)
    notes = [line[5:] for line in words if line.startswith("note ")]
    draw.text((30, 18), title, fill=_INK, font=_font(26))
    draw.rectangle((0, size[1] - 24 * len(notes) - 16, *size), fill=_PALE)
    for number, note in enumerate(notes):
        draw.text((30, size[1] - 24 * (len(notes) - number) - 6), note, fill=_INK, font=_font(15))


def _middle(box: tuple[int, int, int, int]) -> tuple[float, float]:
    return (box[0] + box[2]) / 2, (box[1] + box[3]) / 2


def _screen(title: str, words: list[str]) -> Image.Image:
    """A program's window: an address line, then rows; `## ` a heading, `* ` a marked row, ` | ` columns."""
    picture = Image.new("RGB", (1100, 150 + 34 * len(words)), "#c7d0d9")
    draw = ImageDraw.Draw(picture)
    width, height = picture.size
    draw.rectangle((12, 12, width - 12, height - 12), fill="white", outline=_INK)
    draw.rectangle((12, 12, width - 12, 56), fill=_INK)
    draw.text((28, 24), title, fill="white", font=_font(20))
    rows = [line.removeprefix("* ").removeprefix("## ").split(" | ") for line in words]
    for number, (line, cells) in enumerate(zip(words, rows, strict=True)):
        x, y = 36.0, 84 + 34 * number
        if line.startswith("* "):
            draw.rectangle((24, y - 5, width - 24, y + 27), fill=_FILLS["green"])
        for column, cell in enumerate(cells):
            draw.text((x, y), cell, fill=_INK, font=_font(20 if line.startswith("## ") else 17))
            x += 34 + max(draw.textlength(other[column], _font(18)) for other in rows if len(other) == len(cells))
    return picture


MAKERS = {".pdf": make_pdf, ".xlsx": make_xlsx, ".png": make_png}


def main(wanted: list[str]) -> None:
    """Makes every document, or those named."""
    TARGET.mkdir(parents=True, exist_ok=True)
    for name, lines in documents():
        if not wanted or name in wanted:
            MAKERS[Path(name).suffix](lines, TARGET / name)


if __name__ == "__main__":
    main(sys.argv[1:])
