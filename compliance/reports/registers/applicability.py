"""Statements of applicability for a terminal, as plain values and as CSV."""

from __future__ import annotations

from collections.abc import Sequence

import msgspec

from compliance.domain.registers.statements.statement import Applicability, StatementApproval, changed_since_approval
from compliance.problems import counted
from compliance.reports.parts.answers import Answer
from compliance.reports.parts.terminal import table, wrapped
from compliance.reports.soa.stated import Stated, StatedControl, details, remarks
from compliance.store.text.spreadsheets import csv_text

COLUMNS = (
    "control", "title", "applies", "reason", "because", "status", "method", "owner", "review", "answer", "level",
    "evidence",
)  # fmt: skip


def list_as_text(statements: Sequence[Applicability], width: int) -> str:
    """The statements that there are."""
    if not statements:
        return "No statement of applicability yet. Begin one with: compliance applicability start STANDARD"
    rows = [
        (
            statement.id,
            str(statement.standard),
            statement.scope,
            str(sum(not control.applies for control in statement.controls)),
            _approval(statement),
        )
        for statement in statements
    ]
    return table(("Id", "Standard", "Scope", "Excluded", "Version"), rows, width, flexible=4, right=(3,))


class StatementTitle(msgspec.Struct, frozen=True):
    """A statement of applicability: of what it is, its version and approval, and how many controls it excludes."""

    id: str
    standard: str
    scope: str
    accreditation: str
    version: str
    approved: StatementApproval | None
    changed_since_approval: bool
    excluded: int


class StatementList(Answer, frozen=True, kw_only=True):
    """The statements of applicability that there are."""

    statements: tuple[StatementTitle, ...]


def list_view(statements: Sequence[Applicability]) -> StatementList:
    """The list as `--json` has it."""
    return StatementList(
        statements=tuple(
            StatementTitle(
                id=soa.id,
                standard=str(soa.standard),
                scope=soa.scope,
                accreditation=soa.accreditation,
                version=soa.version,
                approved=soa.approved,
                changed_since_approval=changed_since_approval(soa),
                excluded=sum(not statement.applies for statement in soa.controls),
            )
            for soa in statements
        )
    )


def _approval(soa: Applicability) -> str:
    version = f"version {soa.version}" if soa.version else "no version yet"
    if soa.approved is None:
        return f"{version}, not approved"
    changed = ", changed since" if changed_since_approval(soa) else ""
    return f"{version}, {soa.approved.on}{changed}"


def as_text(stated: Stated, width: int) -> str:
    """A statement for a terminal: a row for each control in scope, and below what a person should look at."""
    heading = f"{stated.id}  {stated.title}, {stated.scope}"
    lines = wrapped(heading, width, below="  ")
    lines += wrapped(stated.approval[:1].upper() + stated.approval[1:], width)
    lines += ["", _table(stated, width), "", _sum(stated)]
    for sentence in remarks(stated):
        lines += wrapped(sentence, width, below="  ")
    return "\n".join(lines)


def _table(stated: Stated, width: int) -> str:
    with_status = any(row.status for row in stated.rows)
    headers = ["Control", "Applies", *(["Status"] if with_status else []), "Evidence", "What was decided"]
    rows = [
        [
            row.control,
            "yes" if row.applies else "no",
            *([row.status or "–"] if with_status else []),
            row.evidence,
            "\n".join([row.title, *details(row)]),
        ]
        for row in stated.rows
    ]
    return table(headers, rows, width, flexible=len(headers) - 1)


def _sum(stated: Stated) -> str:
    total = counted(len(stated.rows), "control")
    return f"{total}: {len(stated.rows) - stated.excluded} included, {stated.excluded} excluded"


class StatedView(Stated, frozen=True, kw_only=True):
    """A statement, with how many of its controls are excluded."""

    excluded_controls: int = msgspec.field(name="excluded")


class StatementShown(Answer, frozen=True, kw_only=True):
    """One statement of applicability."""

    statement: StatedView


def view(stated: Stated) -> StatementShown:
    """The statement as `--json` has it."""
    return StatementShown(statement=StatedView(**msgspec.structs.asdict(stated), excluded_controls=stated.excluded))


def as_csv(stated: Stated) -> str:
    """A statement as CSV, to be filled in with a spreadsheet program and read again."""
    return csv_text([COLUMNS, *(_csv_row(row) for row in stated.rows)], line_end="\n")


def _csv_row(row: StatedControl) -> list[str]:
    cells = {
        **msgspec.to_builtins(row),
        "applies": "yes" if row.applies else "no",
        "because": "; ".join(row.because),
        "review": str(row.review or ""),
    }
    return [str(cells[name]) for name in COLUMNS]
