"""Evidence listed, shown, and the rules that map it."""

from __future__ import annotations

import textwrap
from collections.abc import Mapping, Sequence
from typing import Any, Protocol

import msgspec

from compliance.domain.ledger.records import Evidence
from compliance.problems import counted, printable
from compliance.reports.parts.terminal import table


class Past(Protocol):
    """A commit that touched the evidence."""

    @property
    def day(self) -> str: ...
    @property
    def commit(self) -> str: ...
    @property
    def author(self) -> str: ...
    @property
    def subject(self) -> str: ...


class Detail(Protocol):
    """Where each value comes from, what review says, and the history, newest first."""

    @property
    def origins(self) -> Mapping[str, str]: ...
    @property
    def review(self) -> str: ...
    @property
    def history(self) -> Sequence[Past]: ...


class Taken(Protocol):
    """A file that a rule takes, and the date it would get."""

    @property
    def path(self) -> str: ...
    @property
    def date(self) -> str: ...
    @property
    def note(self) -> str: ...


def list_as_text(evidence: Sequence[Evidence], width: int) -> str:
    """One line for each piece."""
    if not evidence:
        return "No evidence."
    rows = [
        (
            item.id,
            str(item.date or "undated"),
            item.kind.value if item.kind else "–",
            f"{item.title}\n{_controls(item)}",
        )
        for item in evidence
    ]
    count = len(evidence)
    return (
        table(("Id", "Date", "Kind", "Title and controls"), rows, width, flexible=3)
        + f"\n{counted(count, 'piece')} of evidence"
    )


def _controls(item: Evidence) -> str:
    shown = ", ".join(str(reference) for reference in item.controls[:6])
    more = f" and {len(item.controls) - 6} more" if len(item.controls) > 6 else ""
    return (shown or "mapped to nothing") + more


def list_as_plain(evidence: Sequence[Evidence]) -> dict[str, Any]:
    """The list as plain values, for JSON."""
    return {"format_version": 1, "evidence": [_plain(item) for item in evidence]}


def _plain(item: Evidence) -> dict[str, Any]:
    plain: dict[str, Any] = msgspec.to_builtins(item)
    plain["controls"] = [str(reference) for reference in item.controls]
    if item.period:
        plain["period"] = str(item.period)
    return plain


def as_text(item: Evidence, detail: Detail, width: int) -> str:
    """One piece for a terminal: each value with the source it came from, the review, the history."""
    lines = [
        f"{item.id}  {printable(item.title)}",
        f"file: {printable(item.path)} ({item.size:,} bytes)",
        f"review: {printable(detail.review)}",
    ]
    if item.undated:
        lines.append(f"undated: {printable(item.undated)}")
    if item.record:
        lines.append(f"record: {printable(item.record)}")
    said_by = {f"{item.path} (front matter)": "its front matter"}
    if item.record:
        said_by[item.record] = "its record"
    rows = []
    for name, value in _values(item):
        origin = detail.origins.get(name, "")
        rows.append((name.replace("_", "-"), value, said_by.get(origin, origin) or "the file itself"))
    lines += ["", table(("Field", "Value", "Said by"), rows, width, flexible=1)]
    if item.decisions:
        lines += ["", "Decisions"]
        for decision in item.decisions:
            note = f": {decision.note}" if decision.note else ""
            lines += textwrap.wrap(
                printable(f"{decision.on} {decision.decision.value} by {decision.by}{note}"),
                width,
                subsequent_indent="  ",
            )
    if detail.history:
        lines += ["", "History"]
        lines += [
            printable(f"{past.day} {past.commit[:10]} {past.author}: {past.subject}")[: max(width, 40)]
            for past in detail.history
        ]
    return "\n".join(lines)


def _values(item: Evidence) -> list[tuple[str, str]]:
    plain = _plain(item)
    skipped = {"path", "record", "decisions", "undated", "title", "size"}
    return [
        (name, _flat(value))
        for name, value in plain.items()
        if name not in skipped and value not in (None, "", [], {}, ())
    ]


def _flat(value: Any) -> str:
    if isinstance(value, dict):
        return ", ".join(f"{key.replace('_', '-')} {below}" for key, below in value.items() if below not in {None, ""})
    if isinstance(value, list | tuple):
        return ", ".join(str(one) for one in value)
    return str(value)


def as_plain(item: Evidence, detail: Detail) -> dict[str, Any]:
    """One piece as plain values, for JSON."""
    return {
        "format_version": 1,
        "evidence": _plain(item),
        "origins": dict(detail.origins),
        "review": detail.review,
        "history": [
            {"day": past.day, "commit": past.commit, "author": past.author, "subject": past.subject}
            for past in detail.history
        ],
    }


def rule_as_text(rule: str, taken: Sequence[Taken], width: int) -> str:
    """A rule and the files it takes."""
    if not taken:
        return f"{rule}\nIt takes no file that is committed now."
    rows = [(f"{one.path}\n{one.note}" if one.note else one.path, one.date) for one in taken]
    return f"{rule}\n" + table(("File", "Date"), rows, width, flexible=0) + f"\n{counted(len(taken), 'file')}"
