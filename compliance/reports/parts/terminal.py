"""Tables for a terminal: as wide as there is room, and never wider."""

from __future__ import annotations

import textwrap
import unicodedata
from collections.abc import Sequence

import tabulate

from compliance.problems import printable

NARROWEST = 40
"""A terminal of fewer columns is taken to have as many."""
LEAST_ROOM = 12
"""What a column that wraps is given at the least."""
LONGEST_WORD = 24
"""A word up to this length, such as the name of a standard, stays whole in all columns but the flexible one."""
tabulate.MIN_PADDING = 0  # the library's own setting: headers need no room beyond their words


_FILLER = "\x00"
"""Stands behind a character that is two columns wide while room is counted; a printable text has none of its own."""


def widened(text: str) -> str:
    """A printable text that is as many characters long as the columns that it takes; `narrowed` gives the text back."""
    if text.isascii():
        return text
    return "".join(
        f"{letter}{_FILLER}" if unicodedata.east_asian_width(letter) in {"F", "W"} else letter for letter in text
    )


def narrowed(text: str) -> str:
    """The text that was widened, whole or in parts."""
    return text.replace(_FILLER, "")


def wrapped(text: str, width: int, first: str = "", below: str = "", *, break_on_hyphens: bool = True) -> list[str]:
    """Text from the workspace in lines of `width` columns at most, with its hidden characters shown.

    The first line begins with `first`, those below it with `below`. A text without words gives no line.
    """
    lines = textwrap.wrap(
        widened(printable(text)),
        width,
        initial_indent=first,
        subsequent_indent=below,
        break_on_hyphens=break_on_hyphens,
    )
    return [narrowed(line) for line in lines]


def cut(text: str, room: int) -> str:
    """A text in no more columns than that, hidden characters shown, with an ellipsis where something is left out."""
    whole = printable(text)
    return whole if len(widened(whole)) <= room else f"{beginning(whole, max(room - 1, 0)).rstrip()}…"


def beginning(text: str, room: int) -> str:
    """As much of the beginning of a printable text as that many columns hold."""
    wide = widened(text)
    is_halved = wide[room : room + 1] == _FILLER
    return narrowed(wide[: room - 1 if is_halved else room])


def table(
    headers: Sequence[str], rows: Sequence[Sequence[str]], width: int, flexible: int, right: Sequence[int] = ()
) -> str:
    """A plain table. The flexible column takes what room the others leave, and wraps.

    Where they leave too little, the widest of them wrap too, all but the first, which has what a row is called by.
    Numbers are printed as given: left to itself the library would turn a control 1.10 into 1.1.
    """
    headers = [widened(header) for header in headers]
    columns = range(len(headers))
    cells = [[_safe(cell) for cell in row] for row in rows]
    widths = [max([len(headers[column]), *(_longest(row[column]) for row in cells)]) for column in columns]
    others = [column for column in columns if column != flexible]
    for column in sorted(others, key=lambda column: -widths[column]):
        lacking = LEAST_ROOM - (width - sum(widths[other] + 2 for other in others))
        if column and lacking > 0 and widths[column] > LEAST_ROOM:
            words = (word for row in cells for word in row[column].split())
            longest_word = min(LONGEST_WORD, max(map(len, words), default=0))
            widths[column] = max(LEAST_ROOM, len(headers[column]), longest_word, widths[column] - lacking)
            for row in cells:
                row[column] = _folded(row[column], widths[column])
    room = max(LEAST_ROOM, width - sum(widths[column] + 2 for column in others))
    for row in cells:
        row[flexible] = _folded(row[flexible], room)
    drawn = tabulate.tabulate(
        [_stacked(cells)] if rows else [],
        headers=headers,
        tablefmt="simple",
        disable_numparse=True,
        preserve_whitespace=True,
        colalign=["right" if column in right else "left" for column in columns] if rows else None,
    )
    return narrowed(drawn)


def _stacked(rows: Sequence[Sequence[str]]) -> list[str]:
    """All rows as one, each column a single cell with a line for each line of the table.

    The library guesses a type for every cell it is given, which takes longer than all else that it does.
    """
    columns: list[list[str]] = [[] for _ in rows[0]]
    for row in rows:
        cells = [cell.strip().split("\n") for cell in row]
        height = max(map(len, cells))
        for column, lines in zip(columns, cells, strict=True):
            column.extend(lines + [""] * (height - len(lines)))
    return ["\n".join(column) for column in columns]


def _safe(cell: str) -> str:
    return "\n".join(widened(printable(line)) for line in cell.split("\n"))


def _folded(cell: str, room: int) -> str:
    return "\n".join(_wrapped(line, room) for line in cell.split("\n") if line.strip())


def _wrapped(line: str, room: int) -> str:
    """The line in as many as it needs. The library could wrap too, and takes several times as long."""
    if len(line) <= room:
        return line.rstrip()
    words = line.split(" ")
    if "" in words or max(map(len, words)) > room:
        return "\n".join(textwrap.wrap(line, room, break_on_hyphens=False))
    lines = [words[0]]
    for word in words[1:]:
        if len(lines[-1]) + 1 + len(word) <= room:
            lines[-1] += f" {word}"
        else:
            lines.append(word)
    return "\n".join(lines)


def _longest(cell: str) -> int:
    return max((len(line) for line in cell.split("\n")), default=0)
