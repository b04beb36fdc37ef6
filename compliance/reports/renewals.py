"""The renewals list: what falls due, overdue first."""

from __future__ import annotations

import csv
import io
from typing import Any

import msgspec

from compliance.domain.standing import Standing
from compliance.reports.gaps import FORMAT_VERSION, guarded, heading
from compliance.reports.terminal import table
from compliance.reports.wording import days


def as_text(standing: Standing, width: int) -> str:
    """The list for a terminal."""
    on = standing.provenance.on
    parts = [heading(standing.provenance, standing.ledger.settings.organisation)]
    overdue = [renewal for renewal in standing.renewals if renewal.due < on]
    coming = [renewal for renewal in standing.renewals if renewal.due >= on]
    for title, several in (("Overdue", overdue), ("Coming", coming)):
        if several:
            cells = [
                (str(one.due), days(one.days_left(on)), one.kind.value, f"{one.what}\n{one.todo} [{one.subject}]")
                for one in several
            ]
            parts.append(
                f"{title}: {len(several)}\n"
                + table(("Due", "When", "Kind", "What, and what to do"), cells, width, flexible=3)
            )
    if not standing.renewals:
        parts.append("Nothing falls due in this time.")
    return "\n\n".join(parts)


def as_csv(standing: Standing) -> str:
    """One line for each thing due; safe to open in a spreadsheet."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerow(("due", "days left", "kind", "scope", "standards", "what", "what to do", "subject", "controls"))
    for one in standing.renewals:
        cells = (
            one.kind.value,
            one.scope,
            " ".join(one.standards),
            one.what,
            one.todo,
            one.subject,
            " ".join(one.controls),
        )
        # The days are a number of our own, and may begin with a minus: it needs no guard.
        writer.writerow((str(one.due), str(one.days_left(standing.provenance.on)), *(guarded(cell) for cell in cells)))
    return text.getvalue()


def as_plain(standing: Standing) -> dict[str, Any]:
    """The list as plain values, for JSON."""
    return {
        "format_version": FORMAT_VERSION,
        "organisation": standing.ledger.settings.organisation,
        "provenance": msgspec.to_builtins(standing.provenance),
        "renewals": [
            {**msgspec.to_builtins(one), "days_left": one.days_left(standing.provenance.on)}
            for one in standing.renewals
        ],
    }
