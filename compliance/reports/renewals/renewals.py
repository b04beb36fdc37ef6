"""The renewals list: what falls due, overdue first."""

from __future__ import annotations

from datetime import date

import msgspec

from compliance.domain.due.counting import DueInScopes, Tally, When, by_urgency, merged
from compliance.domain.due.standing import Standing
from compliance.domain.registers.parts.dues import Due
from compliance.domain.terms.durations import in_days
from compliance.reports.parts.heading import Headed, head, heading
from compliance.reports.parts.terminal import cut, table
from compliance.store.text.spreadsheets import csv_text

LONGEST = 400
"""How much of what somebody wrote a row shows."""


def as_text(standing: Standing, width: int) -> str:
    """The list for a terminal."""
    on = standing.provenance.on
    parts = [heading(standing, width)]
    several_scopes = len(standing.assessments) > 1
    urgency = by_urgency(standing.renewals, on)
    overdue = urgency[When.OVERDUE]
    coming = [row for row in merged(standing.renewals) if row.renewal.due >= on]
    for title, group in (("Overdue", overdue), ("Coming", coming)):
        if group:
            cells = [_cells(row, on, several_scopes) for row in group]
            parts.append(
                f"{title}: {len(group)}\n"
                + table(("Due", "When", "Kind", "What, and what to do"), cells, width, flexible=3)
            )
    if not standing.renewals:
        parts.append("Nothing falls due in this time.")
    return "\n\n".join(parts)


def _cells(row: DueInScopes, on: date, several_scopes: bool) -> tuple[str, ...]:
    due = row.renewal
    where = f"; {', '.join(row.scopes)}" if several_scopes else ""
    what = f"{cut(due.what, LONGEST)}\n{cut(due.todo, LONGEST)} [{due.subject}{where}]"
    if due.command:
        what += f"\n{due.command}"
    return (str(due.due), in_days(due.days_left(on)), due.kind.value, what)


def as_csv(standing: Standing) -> str:
    """One line for each thing due, with all its scopes; safe to open in a spreadsheet."""
    header = ("due", "days left", "kind", "scope", "standards", "what", "what to do", "subject", "controls")
    rows = (
        (
            str(renewal.due),
            renewal.days_left(standing.provenance.on),
            renewal.kind.value,
            " ".join(row.scopes),
            " ".join(renewal.standards),
            renewal.what,
            f"{renewal.todo}: {renewal.command}" if renewal.command else renewal.todo,
            renewal.subject,
            " ".join(renewal.controls),
        )
        for row in merged(standing.renewals)
        for renewal in (row.renewal,)
    )
    return csv_text([header, *rows])


class RenewalRow(Due, frozen=True, kw_only=True):
    """One thing that falls due, once for all its scopes, with how many days are left; fewer than none if overdue."""

    scopes: tuple[str, ...]
    days_until_due: int = msgspec.field(name="days_left")


class Renewals(Headed, frozen=True, kw_only=True):
    """What falls due, soonest first, with the figures that every view shows."""

    figures: Tally
    renewals: tuple[RenewalRow, ...]


def with_days_left(row: DueInScopes, on: date) -> RenewalRow:
    """One thing due as seen from a day."""
    due = row.renewal
    return RenewalRow(**msgspec.structs.asdict(due), scopes=row.scopes, days_until_due=due.days_left(on))


def renewals(standing: Standing) -> Renewals:
    """The list as values, for JSON."""
    rows = tuple(with_days_left(row, standing.provenance.on) for row in merged(standing.renewals))
    return Renewals(**head(standing), figures=standing.figures, renewals=rows)
