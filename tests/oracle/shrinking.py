"""Makes the case of a difference as small as it can be while the difference stays of its kind."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from .comparing import Difference, compare_drawing
from .drawing import ALPHABET
from .papers import Paper, Table
from .writing import write_workspace

ROUNDS = 30
PLAIN: tuple[dict[str, object], ...] = (
    {"valid_until": None},
    {"valid_from": None},
    {"period": None},
    {"supersedes": ""},
    {"withdrawn": "", "withdrawn_on": None},
    {"opinions": ()},
    {"expectation": ""},
)


def shrink(folder: Path, difference: Difference) -> Difference:
    """The same kind of difference with fewer papers and fields; a round tries all smaller tables in one workspace."""
    for number in range(ROUNDS):
        variants = list(_smaller(difference.table))
        if not variants:
            return difference
        tables = {f"C.{place}": _renamed(table, place) for place, table in enumerate(variants, 1)}
        drawing = replace(difference.drawing, tables=tables, days=(difference.on,))
        name = f"shrunk-{difference.drawing.seed}-{difference.control}-{difference.on}-{number}"
        found = compare_drawing(write_workspace(folder / name, drawing), drawing).differences
        alike = [smaller for smaller in found if smaller.kind == difference.kind]
        if not alike:
            return difference
        difference = replace(min(alike, key=lambda smaller: smaller.size), control=difference.control)
    return difference


def _smaller(table: Table) -> Iterator[Table]:
    """Every table with one paper, one happening or one field fewer."""
    for number, paper in enumerate(table.papers):
        rest = (table.papers[:number], table.papers[number + 1 :])
        others = (replace(other, supersedes=other.supersedes.replace(paper.id, "")) for other in rest[0] + rest[1])
        yield replace(table, papers=tuple(others))
        for fields in PLAIN:
            plainer = replace(paper, **fields)  # type: ignore[arg-type]  # each value is of its field's kind
            if plainer != paper:
                yield replace(table, papers=(*rest[0], plainer, *rest[1]))
    for number in range(len(table.happenings)):
        yield replace(table, happenings=table.happenings[:number] + table.happenings[number + 1 :])


def _renamed(table: Table, place: int) -> Table:
    """The same table with ids of its own, so that many may lie in one workspace."""
    suffix = ALPHABET[place // 32] + ALPHABET[place % 32]

    def renamed(identifier: str) -> str:
        return identifier[:-2] + suffix if identifier else ""

    def per(paper: Paper) -> tuple[tuple[str, str], ...]:
        return tuple((key, renamed(value) if key == "event" else value) for key, value in paper.per)

    papers = (
        replace(paper, id=renamed(paper.id), supersedes=renamed(paper.supersedes), per=per(paper))
        for paper in table.papers
    )
    happenings = (replace(happening, id=renamed(happening.id)) for happening in table.happenings)
    return replace(table, papers=tuple(papers), happenings=tuple(happenings))
