"""Texts in spreadsheets: no program that opens a table of ours takes a text for a formula.

A spreadsheet works out a cell that begins with one of a few characters, and a formula can fetch or send data
(CWE-1236). An apostrophe before it makes it text. The guard is put on so that it can be taken off again exactly: a text
that looks guarded already gets one more apostrophe.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Sequence

_FORMULA = re.compile(r"'*[=+\-@\t\r\n＝＋－＠]")
_GUARDED = re.compile(r"'+[=+\-@\t\r\n＝＋－＠]")


def guarded(cell: str) -> str:
    """A cell that no spreadsheet takes for a formula."""
    return f"'{cell}" if _FORMULA.match(cell) else cell


def unguarded(cell: str) -> str:
    """The text that was guarded: `unguarded(guarded(text)) == text` for every text."""
    return cell[1:] if _GUARDED.match(cell) else cell


def csv_text(rows: Iterable[Sequence[str | int | float]], line_end: str = "\r\n") -> str:
    """Rows as CSV (RFC 4180) that is safe to open in a spreadsheet.

    Texts are guarded against formulas. Numbers are written as they are: a minus before a number is no formula. Lines
    end as the RFC has it, or with `line_end`.
    """
    text = io.StringIO()
    writer = csv.writer(text, lineterminator=line_end)
    writer.writerows([guarded(cell) if isinstance(cell, str) else cell for cell in row] for row in rows)
    return text.getvalue()
