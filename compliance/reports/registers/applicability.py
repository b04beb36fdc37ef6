"""Statements of applicability for a terminal, as plain values and as CSV."""

from __future__ import annotations

import textwrap
from collections.abc import Sequence
from typing import Any

import msgspec

from compliance.domain.registers.statements.statement import Applicability, changed_since_approval
from compliance.problems import counted, printable
from compliance.reports.parts.terminal import table
from compliance.reports.soa.stated import Row, Stated, details, remarks
from compliance.store.text.spreadsheets import csv_text

FORMAT_VERSION = 1
COLUMNS = (
    "control", "title", "applies", "reason", "because", "status", "method", "owner", "review", "answer", "level",
    "evidence",
)  # fmt: skip


def list_as_text(several: Sequence[Applicability], width: int) -> str:
    """The statements that there are."""
    if not several:
        return "No statement of applicability yet. Begin one with: compliance applicability start STANDARD"
    rows = [
        (
            one.id,
            str(one.standard),
            one.scope,
            str(sum(not said.applies for said in one.controls)),
            _approval(one),
        )
        for one in several
    ]
    return table(("Id", "Standard", "Scope", "Excluded", "Version"), rows, width, flexible=4, right=(3,))


def list_as_plain(several: Sequence[Applicability]) -> dict[str, Any]:
    """The statements that there are as plain values, for JSON."""
    return {
        "format_version": FORMAT_VERSION,
        "statements": [
            {
                "id": one.id,
                "standard": str(one.standard),
                "scope": one.scope,
                "accreditation": one.accreditation,
                "version": one.version,
                "approved": msgspec.to_builtins(one.approved),
                "changed_since_approval": changed_since_approval(one),
                "excluded": sum(not said.applies for said in one.controls),
            }
            for one in several
        ],
    }


def _approval(soa: Applicability) -> str:
    version = f"version {soa.version}" if soa.version else "no version yet"
    if soa.approved is None:
        return f"{version}, not approved"
    changed = ", changed since" if changed_since_approval(soa) else ""
    return f"{version}, {soa.approved.on}{changed}"


def as_text(stated: Stated, width: int) -> str:
    """A statement for a terminal: a row for each control in scope, and below what a person should look at."""
    heading = f"{stated.id}  {stated.title}, {stated.scope}"
    lines = textwrap.wrap(printable(heading), width, subsequent_indent="  ")
    lines += textwrap.wrap(printable(stated.approval[:1].upper() + stated.approval[1:]), width)
    lines += ["", _table(stated, width), "", _sum(stated)]
    for sentence in remarks(stated):
        lines += textwrap.wrap(printable(sentence), width, subsequent_indent="  ")
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


def as_plain(stated: Stated) -> dict[str, Any]:
    """A statement as plain values, for JSON."""
    plain = msgspec.to_builtins(stated)
    return {"format_version": FORMAT_VERSION, "statement": {**plain, "excluded": stated.excluded}}


def as_csv(stated: Stated) -> str:
    """A statement as CSV, to be filled in with a spreadsheet program and read again."""
    return csv_text([COLUMNS, *(_csv_row(row) for row in stated.rows)], line_end="\n")


def _csv_row(row: Row) -> list[str]:
    cells = {
        **msgspec.to_builtins(row),
        "applies": "yes" if row.applies else "no",
        "because": "; ".join(row.because),
        "review": str(row.review or ""),
    }
    return [str(cells[name]) for name in COLUMNS]
