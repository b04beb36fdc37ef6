"""What a report that ships is: the value `REPORT` in its folder under `compliance/reports`."""

from __future__ import annotations

from collections.abc import Callable

import msgspec

from compliance.domain.due.standing import Standing
from compliance.reports.parts.answers import Answer


class Report(msgspec.Struct, frozen=True, kw_only=True):
    """A report: what it is for, and how it is made from a standing.

    The report is named like its folder, and its templates `NAME.md.j2` and `NAME.html.j2`. `view` gives its values,
    which are its JSON and what its templates get by `report("NAME")`; it may raise Refused where there is nothing to
    report. `csv` gives it as a table. `for_audit` says whether it can be made for an audit, of its sample alone.
    `shows_all_evidence` says whether it shows pieces that no verdict rests on: it is marked by all of them.
    """

    purpose: str
    view: Callable[[Standing], Answer]
    csv: Callable[[Standing], str] | None = None
    for_audit: bool = False
    shows_all_evidence: bool = False
