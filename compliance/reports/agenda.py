"""What is to be done now, on one screen."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import msgspec

from compliance.domain.agenda import Agenda, Waiting, When
from compliance.domain.standing import Standing
from compliance.problems import printable
from compliance.reports.heading import plain_heading
from compliance.reports.renewals import Row, merged
from compliance.reports.wording import days

LOWEST = 12
"""A screen of fewer lines is taken to have as many."""
_FEWEST = 2


def as_text(standing: Standing, agenda: Agenda, hints: Sequence[str], width: int, height: int | None) -> str:
    """The agenda for a terminal; with a height, each group is cut so that all of it fits, and says what is left out."""
    groups: list[tuple[str, list[str], str]] = [
        (f"{when.value.capitalize()} ({len(rows)})", [_due(row, agenda, width) for row in rows], "compliance renewals")
        for when in When
        if (rows := merged(agenda.due[when]))
    ]
    for title, mine in (("Waiting for you to approve", True), ("Waiting for somebody else's approval", False)):
        waiting = [_waiting(one, width) for one in agenda.waiting if one.mine is mine]
        if waiting:
            groups.append((f"{title} ({len(waiting)})", waiting, "compliance gaps --only unapproved,changed"))
    head = [_head(standing, width), *(printable(hint)[:width] for hint in hints)]
    if not groups:
        return "\n".join([*head, "", "Nothing to do: nothing is due this month, and nothing waits for approval."])
    room = None if height is None else max(height, LOWEST) - len(head) - 2 * len(groups) - 1
    lines = list(head)
    for (title, shown, more), kept in zip(groups, _shares([len(shown) for _, shown, _ in groups], room), strict=True):
        lines += ["", title, *shown[:kept]]
        if kept < len(shown):
            lines.append(f"  … and {len(shown) - kept} more: {more}")
    return "\n".join(lines)


def _shares(sizes: list[int], room: int | None) -> list[int]:
    """How many rows of each group are shown: all if there is room, else the groups take turns, from the first on."""
    if room is None or sum(sizes) <= room:
        return sizes
    kept = [min(size, _FEWEST) for size in sizes]
    # A group that is cut has a line more, which says so.
    while sum(kept) + sum(one < size for one, size in zip(kept, sizes, strict=True)) < room:
        open_ = [place for place, size in enumerate(sizes) if kept[place] < size]
        if not open_:
            break
        kept[min(open_, key=lambda place: kept[place])] += 1
    return kept


def _head(standing: Standing, width: int) -> str:
    on = standing.provenance.on
    total = standing.total
    gaps = f"{total.gap_count} gap{'' if total.gap_count == 1 else 's'} in {total.judged} controls: compliance gaps"
    name = printable(standing.ledger.settings.organisation)
    return f"{name} · {on:%A} {on.day} {on:%B} {on.year}"[:width] + f"\n{gaps if total.gap_count else 'No gaps.'}"


def _due(row: Row, agenda: Agenda, width: int) -> str:
    one = row.renewal
    owner = f" ({one.owner})" if one.owner else ""
    subject = "" if ":" in one.subject else one.subject  # what nobody filed yet has no id: the text names its control
    return _fitted(f"  {one.due}  {days(one.days_left(agenda.on)):<13} ", f"{one.what}{owner}", subject, width)


def _waiting(one: Waiting, width: int) -> str:
    return _fitted(
        f"  {one.evidence.date or 'undated'!s:<10}  ", f"{one.evidence.title}: {one.why}", one.evidence.id, width
    )


def _fitted(before: str, text: str, after: str, width: int) -> str:
    """A line in which the text takes the room between what stands before and after it."""
    room = max(20, width - len(before) - len(after) - 2)
    shown = printable(text)
    cut = shown if len(shown) <= room else f"{shown[: room - 1]}…"
    return f"{before}{cut}  {printable(after)}".rstrip()


def as_plain(standing: Standing, agenda: Agenda, hints: Sequence[str]) -> dict[str, Any]:
    """The agenda as plain values, for JSON."""
    return {
        **plain_heading(standing),
        "gaps": standing.total.gap_count,
        **{
            when.value.replace(" ", "_"): [
                {**msgspec.to_builtins(one), "days_left": one.days_left(agenda.on)} for one in agenda.due[when]
            ]
            for when in When
        },
        "waiting": [
            {
                "id": one.evidence.id,
                "title": one.evidence.title,
                "date": str(one.evidence.date or "") or None,
                "why": one.why,
                "mine": one.mine,
            }
            for one in agenda.waiting
        ],
        "hints": list(hints),
    }
