"""Tables for a terminal: as wide as there is room, and never wider."""

from __future__ import annotations

from collections.abc import Sequence

import tabulate

from compliance.problems import printable

NARROWEST = 40
tabulate.MIN_PADDING = 0  # the library's own setting: headers need no room beyond their words


def table(
    headers: Sequence[str], rows: Sequence[Sequence[str]], width: int, flexible: int, right: Sequence[int] = ()
) -> str:
    """A plain table. The flexible column takes what room the others leave, and wraps.

    Numbers are printed as given: left to itself the library would turn a control 1.10 into 1.1.
    """
    columns = range(len(headers))
    cells = [[_safe(cell) for cell in row] for row in rows]
    widths = [max([len(headers[column]), *(_longest(row[column]) for row in cells)]) for column in columns]
    room = max(NARROWEST // 2, width - sum(widths[column] + 2 for column in columns if column != flexible))
    return tabulate.tabulate(
        cells,
        headers=list(headers),
        tablefmt="simple",
        disable_numparse=True,
        maxcolwidths=[room if column == flexible else None for column in columns],
        break_on_hyphens=False,
        colalign=["right" if column in right else "left" for column in columns] if rows else None,
    )


def _safe(cell: str) -> str:
    return "\n".join(printable(line) for line in cell.split("\n"))


def _longest(cell: str) -> int:
    return max((len(line) for line in cell.split("\n")), default=0)
