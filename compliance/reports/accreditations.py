"""Accreditations listed and shown."""

from __future__ import annotations

from datetime import date
from typing import Any

import msgspec

from compliance.domain import cycles
from compliance.domain.accreditations import Accreditation
from compliance.domain.ledger import Ledger
from compliance.problems import printable
from compliance.reports.terminal import table
from compliance.reports.wording import days


def state(ledger: Ledger, held: Accreditation, on: date) -> tuple[str, date | None]:
    """`held`, `expired`, `sought` or `assessed`, and the day it runs to or is sought by."""
    cycle = held.cycle_on(on)
    if cycle is None:
        return "sought", held.target
    catalogue = ledger.catalogue(held.standard)
    end = cycles.expiry(catalogue.scheme, cycle) if catalogue else cycle.expires
    if end is None:
        return "assessed", None
    return ("expired" if end < on else "held"), end


def list_as_text(ledger: Ledger, on: date, width: int) -> str:
    """One line for each accreditation."""
    if not ledger.accreditations:
        return "No accreditation is recorded. Record one with: compliance accreditation add STANDARD --issued DATE"
    rows = []
    for held in ledger.accreditations:
        word, end = state(ledger, held, on)
        cycle = held.cycle_on(on)
        number = cycle.certificate if cycle else ""
        rows.append(
            (
                held.id,
                word,
                str(end or "–"),
                days((end - on).days) if end else "",
                f"{held.title or held.standard} · {held.scope}\n{' '.join(filter(None, (held.body, number)))}".rstrip(),
            )
        )
    return table(("Id", "State", "Until", "When", "Accreditation"), rows, width, flexible=4)


def list_as_plain(ledger: Ledger, on: date) -> dict[str, Any]:
    """The list as plain values, for JSON."""
    return {
        "format_version": 1,
        "on": str(on),
        "accreditations": [_plain(ledger, held, on) for held in ledger.accreditations],
    }


def as_text(ledger: Ledger, held: Accreditation, on: date, width: int) -> str:
    """One accreditation for a terminal."""
    word, end = state(ledger, held, on)
    lines = [
        f"{held.id}  {printable(held.title or str(held.standard))}",
        f"{word}{f', until {end} ({days((end - on).days)})' if end else ''}",
    ]
    facts = {
        "standard": str(held.standard),
        "scope": held.scope,
        "body": held.body,
        "profile": held.profile,
        "owner": held.owner,
        **held.details,
    }
    lines += [f"{name}: {printable(value)}" for name, value in facts.items() if value]
    catalogue = ledger.catalogue(held.standard)
    for number, cycle in enumerate(held.cycles, 1):
        expires = cycles.expiry(catalogue.scheme, cycle) if catalogue else cycle.expires
        certificate = f", certificate {printable(cycle.certificate)}" if cycle.certificate else ""
        lines += ["", f"Cycle {number}: granted {cycle.granted}, expires {expires or 'never'}{certificate}"]
        for happened in cycle.events:
            outcome = f" ({happened.outcome})" if happened.outcome else ""
            note = f": {happened.note}" if happened.note else ""
            lines.append(printable(f"  {happened.on}  {happened.event}{outcome}{note}"))
    if catalogue:
        coming = [due for due in cycles.dues(catalogue.scheme, held, on, ledger.holidays) if due.done is None]
        if coming:
            rows = [
                (
                    str(due.due),
                    str(due.planned or ""),
                    days((due.day - on).days),
                    f"{due.event.title}\n{due.event.what}".rstrip(),
                )
                for due in coming
            ]
            lines += ["", table(("Due", "Agreed", "When", "What"), rows, width, flexible=3)]
    return "\n".join(lines)


def as_plain(ledger: Ledger, held: Accreditation, on: date) -> dict[str, Any]:
    """One accreditation as plain values, for JSON."""
    catalogue = ledger.catalogue(held.standard)
    dues = cycles.dues(catalogue.scheme, held, on, ledger.holidays) if catalogue else ()
    return {
        "format_version": 1,
        "accreditation": _plain(ledger, held, on),
        "dues": [
            {
                "event": due.event.id,
                "title": due.event.title,
                "due": str(due.due),
                "planned": str(due.planned or "") or None,
                "done": str(due.done or "") or None,
            }
            for due in dues
        ],
    }


def _plain(ledger: Ledger, held: Accreditation, on: date) -> dict[str, Any]:
    word, end = state(ledger, held, on)
    plain: dict[str, Any] = msgspec.to_builtins(held)
    return {**plain, "standard": str(held.standard), "state": word, "until": str(end) if end else None}
