"""The plan: what to do on which day, soonest first, how long it serves, what it closes, and the command for it."""

from __future__ import annotations

import shlex
from collections.abc import Sequence
from datetime import date

import msgspec

from compliance.domain.planning.open_gaps import Gap
from compliance.domain.planning.planning import Plan, PlanStep
from compliance.domain.planning.scheduling import Task
from compliance.domain.terms.vocabulary import CONCLUDING, Kind
from compliance.problems import counted
from compliance.reports.parts.answers import Answer
from compliance.reports.parts.terminal import table, wrapped
from compliance.store.text.spreadsheets import csv_text

_NAMED = 3
_LONGEST = 90
"""How much of what is wanted a line of the short list has room for."""
_TIES = " A step is taken to close what rests on the same evidence, or what related controls lack of its kind."
_VERBS = {
    Task.FILE: "file",
    Task.RENEW: "renew",
    Task.APPROVE: "approve",
    Task.DATE: "date",
    Task.ANSWER: "answer",
    Task.STATE: "state",
}


def as_text(plan: Plan, width: int, limit: int | None, every: bool, lacking: str = "") -> str:
    """The plan for a terminal: its first pieces, or all; with `every`, each control that a piece serves by name.

    `lacking` says line by line what is not in the plan: what could not be read, scopes that have ended.
    """
    parts = ["\n".join(line for text in lacking.splitlines() for line in wrapped(text, width))] if lacking else []
    if not plan.pieces and not plan.beyond:
        nothing = "Nothing to plan: nothing is a gap, now or on the day that each standard is looked at next."
        return "\n\n".join([*parts, nothing])
    pieces = plan.pieces[:limit]
    if pieces:
        parts.append(_steps(pieces, "Closes", every, _scopes(plan), width))
    if len(pieces) < len(plan.pieces):
        parts.append(f"… and {len(plan.pieces) - len(pieces)} more: add --all")
    if pieces:
        parts.append("\n".join(wrapped(summary(plan), width)))
    if plan.beyond:
        parts.append(_beyond(plan, every, width))
    onward = plan.onward if every or limit is None else plan.onward[:limit]
    if onward:
        parts.append(_onward(plan, onward, every, width))
    if every and (pieces or onward):
        commands = "\n".join(dict.fromkeys(_broken(command(step), width) for step in (*pieces, *onward)))
        parts.append(f"The commands, in the same order:\n\n{commands}")
    return "\n\n".join(parts)


def _scopes(plan: Plan) -> frozenset[str]:
    """The scopes that the plan has something of."""
    steps = (*plan.pieces, *plan.onward)
    return frozenset(gap.scope for step in steps for gap in (*step.closes, *step.likely)) | {
        gap.scope for gap in plan.beyond
    }


def _steps(steps: Sequence[PlanStep], counting: str, every: bool, scopes: frozenset[str], width: int) -> str:
    rows = [(_day(step.by), _VERBS[step.task], str(step.count), _described(step, every, scopes)) for step in steps]
    return table(("By", "Do", counting, "What, and for which controls"), rows, width, flexible=3, right=(2,))


def summary(plan: Plan) -> str:
    """How much does how much, and how good the plan is."""
    steps, closed = len(plan.pieces), plan.closed
    do = f"{counted(steps, 'thing')} to do close{'s' if steps == 1 else ''}"
    text = f"{do} {counted(closed, 'gap')} in what controls expect"
    if plan.likely:
        text += f", and likely {plan.likely} more"
    if plan.is_fewest:
        return text + f": no plan has fewer.{_TIES}"
    return text + f": no plan can have fewer than {plan.at_least}.{_TIES}"


def command(step: PlanStep) -> str:
    """The command for a step; FILE, DATE, REASON, RESULT and ANSWER stand for what only its reader knows.

    An approval is somebody else's to give, where whoever filed the piece may not.
    """
    scopes = [option for scope in dict.fromkeys(gap.scope for gap in step.closes) for option in ("--scope", scope)]
    controls = list(dict.fromkeys(_control(gap) for gap in step.closes or step.likely))
    match step.task:
        case Task.APPROVE:
            words = ["evidence", "approve", step.subject]
        case Task.DATE:
            words = ["evidence", "correct", step.subject, "--date", "DATE", "--reason", "REASON"]
        case Task.STATE:
            words = ["event", "nil", step.subject, "--period", str(step.period), *scopes]
        case Task.ANSWER:
            words = ["applicability", "answer", controls[0], "ANSWER", *scopes]
        case _:
            words = ["evidence", "add", "FILE"]
            if step.kind:
                words += ["-k", step.kind]
                if Kind(step.kind) in CONCLUDING:
                    words += ["-r", "RESULT"]
            if step.by != date.max:
                words += ["-d", str(step.by)]
            words += [option for chain, name in step.per.items() for option in ("--per", f"{chain}={name}")]
            words += [*scopes, *(option for control in controls for option in ("-c", control))]
    return shlex.join(["compliance", *words])


def _broken(text: str, width: int) -> str:
    """A command in lines that a shell reads as one, broken before its options alone."""
    lines = [""]
    for words in _with_options(shlex.split(text)):
        part = shlex.join(words)
        if lines[-1] and len(f"{lines[-1]} {part}") > width - 2:
            lines.append(f"  {part}")
        else:
            lines[-1] = f"{lines[-1]} {part}" if lines[-1] else part
    return " \\\n".join(lines)


def _with_options(words: Sequence[str]) -> list[list[str]]:
    """The words of a command, each option together with its value."""
    parts: list[list[str]] = []
    for word in words:
        if parts and not word.startswith("-") and parts[-1][-1].startswith("-"):
            parts[-1].append(word)
        else:
            parts.append([word])
    return parts


def _described(step: PlanStep, every: bool, scopes: frozenset[str]) -> str:
    named = _what(step)
    if not every and len(named) > _LONGEST:
        named = f"{named[:_LONGEST].rsplit(' ', 1)[0]} …"
    head = f"{step.kind}: {named}" if step.kind else named
    if step.subject and step.task is not Task.STATE:
        head += f" [{step.subject}]"
    if step.owner:
        head += f" ({step.owner})"
    lines = [head]
    if step.closes:
        lines.append(f"for {_controls(step.closes, every, scopes)}")
    if step.likely:
        lines.append(f"likely {'also ' if step.closes else ''}for {_controls(step.likely, every, scopes)}")
    serves = f"serves until {step.until}" if step.until else ""
    approved = "to be approved as well" if step.approval else ""
    if serves or approved:
        lines.append("; ".join(filter(None, (serves, approved))))
    return "\n".join(lines)


def _what(step: PlanStep) -> str:
    if step.task is Task.STATE and step.period:
        event = step.subject.replace("-", " ")
        return f"every {event} from {step.period.start} to {step.period.end}, or that there was none"
    return step.what or "what the control asks for"


def _controls(gaps: tuple[Gap, ...], every: bool, scopes: frozenset[str]) -> str:
    names = list(dict.fromkeys(_named(gap, scopes) for gap in gaps))
    listed = names if every else names[:_NAMED]
    more = len(names) - len(listed)
    return ", ".join(listed) + (f" and {more} more" if more else "")


def _named(gap: Gap, scopes: frozenset[str]) -> str:
    """The control with what it is wanted for: the listed item, and the scope if the plan is of several."""
    wanted_for = ", ".join(filter(None, (gap.scope if len(scopes) > 1 else "", gap.link)))
    return f"{_control(gap)}{f' ({wanted_for})' if wanted_for else ''}"


def _control(gap: Gap) -> str:
    """The control as a command takes it: without the version, which the workspace knows."""
    return str(msgspec.structs.replace(gap.control, version=""))


def _beyond(plan: Plan, every: bool, width: int) -> str:
    count, scopes = len(plan.beyond), _scopes(plan)
    head = (
        f"{count}{' more' if plan.pieces else ''} gap{' is' if count == 1 else 's are'} beyond a new piece of evidence "
        "(a missed day is not mended by filing late):"
    )
    listed = plan.beyond if every else plan.beyond[:_NAMED]
    lines = wrapped(head, width)
    for gap in listed:
        lines += wrapped(f"  {_named(gap, scopes)}: {gap.reason}", width, below="    ", break_on_hyphens=False)
    if len(listed) < count:
        lines.append(f"  … and {count - len(listed)} more: add --all")
    for scope in plan.without_start:
        began = f"If {scope} began later than that, give the scope its start: in compliance.toml, below"
        lines += ["", *wrapped(began, width, break_on_hyphens=False), f'  id = "{scope}"', "  start = DATE"]
    return "\n".join(lines)


def _onward(plan: Plan, steps: Sequence[PlanStep], every: bool, width: int) -> str:
    """What is filed for series with a hole that nothing mends, so that there is not another."""
    head = "These series go on all the same, or another day is missed before the deadline:"
    parts = ["\n".join(wrapped(head, width)), _steps(steps, "Series", every, _scopes(plan), width)]
    if len(steps) < len(plan.onward):
        parts.append(f"… and {len(plan.onward) - len(steps)} more: add --all")
    return "\n\n".join(parts)


def _day(by: date) -> str:
    return "no date" if by == date.max else str(by)


def as_csv(plan: Plan) -> str:
    """One line for each gap that a step closes, or for each series that it keeps going; safe in a spreadsheet."""
    header = (
        *("piece", "by", "do", "kind", "what", "evidence", "owner", "scope", "control", "for", "likely"),
        *("until", "command", "onward"),
    )
    rows = (
        (
            number,
            "" if piece.by == date.max else str(piece.by),
            _VERBS[piece.task],
            piece.kind,
            _what(piece),
            piece.subject,
            piece.owner,
            gap.scope,
            str(gap.control),
            gap.link,
            likely,
            str(piece.until or ""),
            command(piece),
            "yes" if number > len(plan.pieces) else "no",
        )
        for number, piece in enumerate((*plan.pieces, *plan.onward), 1)
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
    """One thing to do on a day, until when it serves, and the gaps that it closes, for sure or likely.

    What is wanted more than once is a row each time. `event` and `period` are what to state in the events register,
    `per` the supplier or the like that a new piece is of, and `approval` says that it has to be approved as well.
    """

    do: str
    by: date | None
    until: date | None
    kind: str
    what: str
    evidence: str | None
    event: str | None
    period: str | None
    per: dict[str, str]
    approval: bool
    owner: str
    command: str
    closes: tuple[GapRow, ...]
    likely: tuple[GapRow, ...]


class PlanAnswer(Answer, frozen=True, kw_only=True):
    """The plan as seen from a day.

    `closed` counts the gaps that are closed for sure, `likely` those that are likely closed besides. No plan has fewer
    pieces than `at_least` in which one closes what rests on the same evidence, or what related controls lack of its
    kind. `onward` is what is filed for the series among what is `beyond`, so that no other day is missed: each of its
    rows names in `closes` the series that it keeps going.
    """

    on: date
    fewest: bool
    at_least: int
    closed: int
    likely: int
    pieces: tuple[PlanRow, ...]
    beyond: tuple[GapRow, ...]
    onward: tuple[PlanRow, ...]


def answer(plan: Plan, on: date) -> PlanAnswer:
    """The plan as values, for JSON."""
    return PlanAnswer(
        on=on,
        fewest=plan.is_fewest,
        at_least=plan.at_least,
        closed=plan.closed,
        likely=plan.likely,
        pieces=tuple(_row(step) for step in plan.pieces),
        beyond=tuple(_gap(gap) for gap in plan.beyond),
        onward=tuple(_row(step) for step in plan.onward),
    )


def _row(step: PlanStep) -> PlanRow:
    stated = step.task is Task.STATE
    return PlanRow(
        do=_VERBS[step.task],
        by=None if step.by == date.max else step.by,
        until=step.until,
        kind=step.kind,
        what=_what(step) if stated else step.what,
        evidence=(step.subject or None) if not stated else None,
        event=step.subject if stated else None,
        period=str(step.period) if step.period else None,
        per=dict(step.per),
        approval=step.approval,
        owner=step.owner,
        command=command(step),
        closes=tuple(_gap(gap) for gap in step.closes),
        likely=tuple(_gap(gap) for gap in step.likely),
    )


def _gap(gap: Gap) -> GapRow:
    return GapRow(
        control=str(gap.control),
        scope=gap.scope,
        by=None if gap.by == date.max else gap.by,
        link=gap.link or None,
        reason=gap.reason,
    )
