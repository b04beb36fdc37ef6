"""What is to be done now, on one screen."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from datetime import date

import msgspec

from compliance.domain.due.agenda import Agenda, Waiting
from compliance.domain.due.counting import DueInScopes, When
from compliance.domain.due.standing import Standing
from compliance.domain.terms.durations import in_days
from compliance.problems import counted, printable
from compliance.reports.parts.heading import Headed, head, same_question
from compliance.reports.parts.terminal import beginning, cut, narrowed, widened, wrapped
from compliance.reports.parts.wording import gaps_counted, left_out, shortfall
from compliance.reports.renewals.renewals import RenewalRow, with_days_left

LOWEST = 12
"""A screen of fewer lines is taken to have as many."""
_FEWEST = 2
_LEAST = 20


def as_text(standing: Standing, agenda: Agenda, hints: Sequence[str], width: int, height: int | None) -> str:
    """The agenda for a terminal; with a height, each group is cut so that all of it fits, and says what is left out."""
    due = {when: rows for when in When if (rows := agenda.due.get(when, ()))}
    renewals = same_question(standing, "renewals")
    texts = iter(_lined(_due([row for rows in due.values() for row in rows], agenda), width))
    groups: list[tuple[str, list[str], str]] = [
        (f"{when.value.capitalize()} ({len(rows)})", list(itertools.islice(texts, len(rows))), renewals)
        for when, rows in due.items()
    ]
    commands = [printable(row.renewal.command) for rows in due.values() for row in rows if row.renewal.command]
    if commands:
        groups.append((f"Commands for these ({len(commands)})", commands, renewals))
    for title, mine in (("Waiting for you to approve", True), ("Waiting for somebody else's approval", False)):
        waiting = [_waiting(piece) for piece in agenda.waiting if piece.mine is mine]
        if waiting:
            more = f"compliance evidence list --awaiting {'me' if mine else 'approval'}"
            groups.append((f"{title} ({len(waiting)})", _lined(waiting, width), more))
    head = [*_head(standing, width), *(beginning(printable(hint), width) for hint in hints)]
    if not groups:
        nothing = "Nothing is due this month, and nothing waits for approval."
        more = f" What to file first: {same_question(standing, 'plan')}" if standing.total.gap_count else ""
        return "\n".join([*head, "", *wrapped(f"{nothing}{more}", width)])
    room = None if height is None else max(height, LOWEST) - len(head) - 2 * len(groups) - 1
    lines = list(head)
    for (title, listed, more), kept in zip(
        groups, _shares([len(listed) for _, listed, _ in groups], room), strict=True
    ):
        lines += ["", title, *listed[:kept]]
        if kept < len(listed):
            lines.append(f"  … and {len(listed) - kept} more: {more}")
    return "\n".join(lines)


def _shares(sizes: list[int], room: int | None) -> list[int]:
    """How many rows of each group are shown: all if there is room, else the groups take turns, from the first on."""
    if room is None or sum(sizes) <= room:
        return sizes
    kept = [min(size, _FEWEST) for size in sizes]
    # A group that is cut has a line more, which says so.
    while sum(kept) + sum(share < size for share, size in zip(kept, sizes, strict=True)) < room:
        open_ = [place for place, size in enumerate(sizes) if kept[place] < size]
        if not open_:
            break
        kept[min(open_, key=lambda place: kept[place])] += 1
    return kept


def _head(standing: Standing, width: int) -> tuple[str, ...]:
    """Whose day it is and how many gaps there are; and a line for each scope that is not counted."""
    on = standing.provenance.on
    total = standing.total
    gaps = f"{gaps_counted(total)}, in {counted(total.judged, 'control')}: {same_question(standing, 'gaps')}"
    name = printable(standing.settings.organisation)
    day = f"{on:%A} {on.day} {on:%B} {on.year}"
    told = filter(None, (shortfall(standing), *left_out(standing)))
    apart = (line for text in told for line in wrapped(text, width, below="  ", break_on_hyphens=False))
    none = "No gaps." if any(standing.ledger.in_use()) else "No standard is judged: none in use can be read."
    return beginning(f"{name} · {day}", width), gaps if total.gap_count else none, *apart


Line = tuple[str, str, str]
"""What stands first, a text that takes the room there is, and an id that stands last."""


def _due(rows: Sequence[DueInScopes], agenda: Agenda) -> list[Line]:
    when = [in_days(row.renewal.days_left(agenda.on)) for row in rows]
    longest = max(map(len, when), default=0)
    lines = []
    for due, until in zip((row.renewal for row in rows), when, strict=True):
        owner = f" ({due.owner})" if due.owner else ""
        subject = "" if ":" in due.subject else due.subject  # what nobody filed yet has no id: the text names it
        lines.append((f"  {due.due}  {until:<{longest}}  ", f"{due.what}{owner}", subject))
    return lines


def _waiting(waiting: Waiting) -> Line:
    return (
        f"  {waiting.evidence.date or 'undated'!s:<10}  ",
        f"{waiting.evidence.title}: {waiting.why}",
        waiting.evidence.id,
    )


def _lined(lines: Sequence[Line], width: int) -> list[str]:
    """The lines with their ids below one another; a text that is too long is cut."""
    printed = [(before, printable(text), widened(printable(after))) for before, text, after in lines]
    sides = max((len(before) for before, _, _ in printed), default=0) + max(
        (len(ending) for *_, ending in printed), default=0
    )
    room = min(max(_LEAST, width - sides - 2), max((len(widened(text)) for _, text, _ in printed), default=0))
    rows = (f"{before}{widened(cut(text, room)):<{room}}  {after}" for before, text, after in printed)
    return [narrowed(row).rstrip() for row in rows]


class WaitingRow(msgspec.Struct, frozen=True, kw_only=True):
    """A piece that waits for approval; `mine` if it is for the person who asks."""

    id: str
    title: str
    date: date | None
    why: str
    mine: bool


class Today(Headed, frozen=True, kw_only=True):
    """A day's work."""

    gaps: int
    required: int
    overdue: tuple[RenewalRow, ...]
    this_week: tuple[RenewalRow, ...]
    this_month: tuple[RenewalRow, ...]
    to_begin: tuple[RenewalRow, ...]
    waiting: tuple[WaitingRow, ...]
    hints: tuple[str, ...]


def today(standing: Standing, agenda: Agenda, hints: Sequence[str]) -> Today:
    """The agenda as values, for JSON."""

    def rows(when: When) -> tuple[RenewalRow, ...]:
        return tuple(with_days_left(row, agenda.on) for row in agenda.due[when])

    return Today(
        **head(standing),
        overdue=rows(When.OVERDUE),
        this_week=rows(When.THIS_WEEK),
        this_month=rows(When.THIS_MONTH),
        to_begin=rows(When.TO_BEGIN),
        gaps=standing.total.gap_count,
        required=standing.total.required,
        waiting=tuple(
            WaitingRow(
                id=waiting.evidence.id,
                title=waiting.evidence.title,
                date=waiting.evidence.date,
                why=waiting.why,
                mine=waiting.mine,
            )
            for waiting in agenda.waiting
        ),
        hints=tuple(hints),
    )
