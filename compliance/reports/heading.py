"""What every report begins with: where it comes from, and what is wrong in what it was made from."""

from __future__ import annotations

from typing import Any

import msgspec

from compliance.domain.standing import Standing
from compliance.problems import printable
from compliance.reports.wording import shortfall

FORMAT_VERSION = 1


def heading(standing: Standing) -> str:
    """Where the answer comes from, on one or two lines; and a line more if it may be wrong."""
    provenance = standing.provenance
    marking = f" · {provenance.classification}" if provenance.classification else ""
    known = "" if provenance.known == provenance.on else f", as known on {provenance.known}"
    said = f"\n{shortfall(standing)}" if standing.errors else ""
    return (
        f"{printable(standing.ledger.settings.organisation)}{printable(marking)}\n"
        f"judged on {provenance.on}{known}, from commit {provenance.commit[:10]} of {provenance.commit_day}{said}"
    )


def plain_heading(standing: Standing) -> dict[str, Any]:
    """The same as plain values, for JSON, with every problem in full."""
    return {
        "format_version": FORMAT_VERSION,
        "organisation": standing.ledger.settings.organisation,
        "provenance": msgspec.to_builtins(standing.provenance),
        "problems": msgspec.to_builtins(standing.ledger.problems),
        "unread": list(standing.ledger.unread),
    }
