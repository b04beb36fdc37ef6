"""What counts for an expectation, by its review, its withdrawal and what took its place; and which fails stand."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from .papers import Demand, Paper, Table

ACCEPTED, AWAITING, ALTERED = ("approved",), ("approved", "unapproved"), ("approved", "unapproved", "changed")


def review_of(paper: Paper, reviewed: frozenset[str]) -> str:
    """`approved`, `unapproved`, `changed` or `rejected`; each person's last word counts, and a refusal first."""
    last: dict[str, tuple[date, bool, str]] = {}
    for opinion in paper.opinions:
        word = "rejected" if opinion.outcome == "rejected" else "approved" if opinion.fits else "changed"
        said = (opinion.on, word == "rejected", word)
        last[opinion.by] = max(last.get(opinion.by, said), said)
    if any(word == "rejected" for _, _, word in last.values()):
        return "rejected"
    words = {word for person, (_, _, word) in last.items() if person != paper.recorder}
    if paper.kind not in reviewed or "approved" in words:
        return "approved"
    return "changed" if "changed" in words else "unapproved"


def speaks(table: Table, demand: Demand, paper: Paper, on: date) -> bool:
    """Whether a piece is of the kind that is asked for, mapped here, of this scope, and not dated later."""
    return (
        (not demand.kinds or paper.kind in demand.kinds)
        and paper.expectation in ("", demand.id)
        and paper.scope == table.scope
        and paper.withdrawn != "invalid"
        and (paper.date is None or paper.date <= on)
    )


def in_chain(demand: Demand, paper: Paper, item: str) -> bool:
    return not demand.per or dict(paper.per).get(demand.per) == item


def counted(table: Table, demand: Demand, item: str, on: date, standings: tuple[str, ...]) -> Iterator[Paper]:
    """The pieces that are no fails, with their chain and review in order; any may be retired, undated or superseded."""
    for paper in table.papers:
        if (
            speaks(table, demand, paper, on)
            and in_chain(demand, paper, item)
            and not paper.fails
            and review_of(paper, table.reviewed) in standings
        ):
            yield paper


def passes(table: Table, demand: Demand, item: str, on: date, standings: tuple[str, ...]) -> list[Paper]:
    """The dated passes of a series that are valid by the day, and were so before they were retired."""
    return [
        paper
        for paper in counted(table, demand, item, on, standings)
        if paper.passes
        and paper.date
        and paper.begins <= on
        and (paper.retired is None or paper.begins < paper.retired)
    ]


def superseded(table: Table, demand: Demand, item: str, paper: Paper, on: date, standings: tuple[str, ...]) -> bool:
    return any(
        successor.supersedes == paper.id
        and successor.passes
        and successor.date
        and successor.begins <= on
        and (successor.retired is None or successor.begins < successor.retired)
        for successor in counted(table, demand, item, on, standings)
    )


def refused(table: Table, demand: Demand, item: str, on: date) -> bool:
    """Whether a reviewer refused a piece that could have served."""
    return any(
        speaks(table, demand, paper, on)
        and in_chain(demand, paper, item)
        and review_of(paper, table.reviewed) == "rejected"
        and not (paper.retired and paper.retired <= on)
        and not (paper.valid_from and paper.valid_from > on)
        and not superseded(table, demand, item, paper, on, ALTERED)
        for paper in table.papers
    )


def has_standing_fail(table: Table, demand: Demand, item: str, on: date, standings: tuple[str, ...]) -> bool:
    for fail in table.papers:
        if not fail.fails or not speaks(table, demand, fail, on):
            continue
        if demand.per:
            target = dict(fail.per).get(demand.per)
            if target in table.items and target != item:
                continue
        since = fail.date or fail.recorded
        if since > on or (fail.retired and fail.retired <= on):
            continue
        if review_of(fail, table.reviewed) == "rejected":
            continue
        if not any(_answers(table, demand, fail, since, paper, on, standings) for paper in table.papers):
            return True
    return False


def _answers(
    table: Table, demand: Demand, fail: Paper, since: date, paper: Paper, on: date, standings: tuple[str, ...]
) -> bool:
    return bool(
        speaks(table, demand, paper, on)
        and paper.passes
        and paper.date
        and paper.date > since
        and paper.begins <= on
        and sorted(paper.per) == sorted(fail.per)
        and not (paper.retired and paper.retired <= on)
        and review_of(paper, table.reviewed) in standings
    )
