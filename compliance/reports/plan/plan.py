"""The plan: what to file, renew, approve or answer, soonest first, and what each piece closes."""

from __future__ import annotations

from datetime import date

import msgspec

from compliance.domain.planning.open_gaps import Gap
from compliance.domain.planning.planning import Plan, PlanStep
from compliance.domain.planning.scheduling import Task
from compliance.problems import counted
from compliance.reports.parts.answers import Answer
from compliance.reports.parts.terminal import table, wrapped
from compliance.store.text.spreadsheets import csv_text

_NAMED = 3
_LONGEST = 90
"""How much of what is wanted a line of the short list has room for."""
_VERBS = {
    Task.FILE: "file",
    Task.RENEW: "renew",
    Task.APPROVE: "approve",
    Task.DATE: "date",
    Task.ANSWER: "answer",
    Task.STATE: "state",
}


def as_text(plan: Plan, width: int, limit: int | None, every: bool) -> str:
    """The plan for a terminal: its first pieces, or all; with `every`, each control that a piece serves by name."""
    if not plan.pieces and not plan.beyond:
        return "Nothing to plan: nothing is a gap, now or on the day that each standard is looked at next."
    parts = []
    pieces = plan.pieces[:limit]
    if pieces:
        rows = [(_day(piece.by), _VERBS[piece.task], str(piece.count), _described(piece, every)) for piece in pieces]
        parts.append(table(("By", "Do", "Closes", "What, and for which controls"), rows, width, flexible=3, right=(2,)))
    if len(pieces) < len(plan.pieces):
        parts.append(f"… and {len(plan.pieces) - len(pieces)} more: add --all")
    parts.append("\n".join(wrapped(summary(plan), width)))
    if plan.beyond:
        parts.append(_beyond(plan, every, width))
    return "\n\n".join(parts)


def summary(plan: Plan) -> str:
    """How much does how much, and how good the plan is."""
    pieces, closed = len(plan.pieces), plan.closed
    text = f"{counted(pieces, 'thing')} to do close{'s' if pieces == 1 else ''} {counted(closed, 'gap')}: "
    if plan.is_fewest:
        return text + "no plan has fewer."
    return text + f"no plan can have fewer than {plan.at_least}."


def _described(piece: PlanStep, every: bool) -> str:
    named = piece.what or "what the control asks for"
    if not every and len(named) > _LONGEST:
        named = f"{named[:_LONGEST].rsplit(' ', 1)[0]} …"
    head = f"{piece.kind}: {named}" if piece.kind else named
    if piece.subject:
        head += f" [{piece.subject}]"
    if piece.owner:
        head += f" ({piece.owner})"
    lines = [head, f"for {_controls(piece.closes, every)}"]
    if piece.likely:
        lines.append(f"likely also for {_controls(piece.likely, every)}")
    return "\n".join(lines)


def _controls(gaps: tuple[Gap, ...], every: bool) -> str:
    names = list(dict.fromkeys(_named(gap) for gap in gaps))
    listed = names if every else names[:_NAMED]
    more = len(names) - len(listed)
    return ", ".join(listed) + (f" and {more} more" if more else "")


def _named(gap: Gap) -> str:
    version = msgspec.structs.replace(gap.control, version="")
    return f"{version}{f' ({gap.link})' if gap.link else ''}"


def _beyond(plan: Plan, every: bool, width: int) -> str:
    count = len(plan.beyond)
    head = (
        f"{count} more gap{' is' if count == 1 else 's are'} beyond a new piece of evidence "
        "(a missed day is not mended by filing late):"
    )
    listed = plan.beyond if every else plan.beyond[:_NAMED]
    lines = wrapped(head, width)
    for gap in listed:
        lines += wrapped(f"  {_named(gap)}: {gap.reason}", width, below="    ", break_on_hyphens=False)
    if len(listed) < count:
        lines.append(f"  … and {count - len(listed)} more: add --all")
    return "\n".join(lines)


def _day(by: date) -> str:
    return "no date" if by == date.max else str(by)


def as_csv(plan: Plan) -> str:
    """One line for each gap that a piece closes; safe to open in a spreadsheet."""
    header = ("piece", "by", "do", "kind", "what", "evidence", "owner", "scope", "control", "for", "likely")
    rows = (
        (
            number,
            "" if gap.by == date.max else str(gap.by),
            _VERBS[piece.task],
            piece.kind,
            piece.what,
            piece.subject,
            piece.owner,
            gap.scope,
            str(gap.control),
            gap.link,
            likely,
        )
        for number, piece in enumerate(plan.pieces, 1)
        for likely, gaps in (("no", piece.closes), ("yes", piece.likely))
        for gap in gaps
    )
    return csv_text([header, *rows])


class GapRow(msgspec.Struct, frozen=True, kw_only=True):
    """A gap that a piece closes, or that none can; `link` is the supplier, site, system or merchant it is for."""

    control: str
    scope: str
    by: date | None
    link: str | None = msgspec.field(name="for")
    reason: str


class PlanRow(msgspec.Struct, frozen=True, kw_only=True):
    """One thing to do, and the gaps that it closes, for sure or likely."""

    do: str
    by: date | None
    kind: str
    what: str
    evidence: str | None
    owner: str
    closes: tuple[GapRow, ...]
    likely: tuple[GapRow, ...]


class PlanAnswer(Answer, frozen=True, kw_only=True):
    """The plan as seen from a day; no plan for the same gaps has fewer pieces than `at_least`."""

    on: date
    fewest: bool
    at_least: int
    closed: int
    pieces: tuple[PlanRow, ...]
    beyond: tuple[GapRow, ...]


def answer(plan: Plan, on: date) -> PlanAnswer:
    """The plan as values, for JSON."""
    return PlanAnswer(
        on=on,
        fewest=plan.is_fewest,
        at_least=plan.at_least,
        closed=plan.closed,
        pieces=tuple(
            PlanRow(
                do=_VERBS[piece.task],
                by=None if piece.by == date.max else piece.by,
                kind=piece.kind,
                what=piece.what,
                evidence=piece.subject or None,
                owner=piece.owner,
                closes=tuple(_gap(gap) for gap in piece.closes),
                likely=tuple(_gap(gap) for gap in piece.likely),
            )
            for piece in plan.pieces
        ),
        beyond=tuple(_gap(gap) for gap in plan.beyond),
    )


def _gap(gap: Gap) -> GapRow:
    return GapRow(
        control=str(gap.control),
        scope=gap.scope,
        by=None if gap.by == date.max else gap.by,
        link=gap.link or None,
        reason=gap.reason,
    )
