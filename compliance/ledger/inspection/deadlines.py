"""What is wrong in a deadline: days that it does not have, an end before its beginning."""

from __future__ import annotations

from collections.abc import Iterator

from compliance.domain.registers.deadlines import Deadline
from compliance.domain.registers.parts.registry import DEADLINES
from compliance.domain.terms.durations import Unit
from compliance.ledger.inspection.checks import Checks
from compliance.problems import Problem


def inspect_deadline(file: str, deadline: Deadline, checks: Checks) -> Iterator[Problem]:
    """Every problem between a deadline and the rest of the workspace."""
    pages = checks.pages
    yield from checks.own_id(file, deadline.id, DEADLINES)
    yield from checks.scopes(file, deadline.scope)
    yield from checks.controls(file, deadline.controls)
    if deadline.every and (not deadline.every.count or deadline.every.unit is Unit.WORKING_DAY):
        yield pages.error(file, ("every",), "does not recur by days, weeks, months or years", "write it like 12 months")
        return
    if deadline.until and deadline.until < deadline.date:
        sentence = f"ends on {deadline.until}, before its first day, {deadline.date}"
        yield pages.error(file, ("until",), sentence, "correct one of the two days")
    seen = set()
    for number, one in enumerate(deadline.done):
        at = ("done", number, "due")
        if one.due in seen:
            yield pages.error(file, at, f"says twice that {one.due} was met", "keep one of the two")
        elif one.due not in deadline.days(one.due):
            days = ", ".join(str(day) for day in list(deadline.days(max(one.due, deadline.date)))[-2:])
            yield pages.error(file, at, f"{one.due} is none of its days", f"its days near that are {days}")
        seen.add(one.due)
        yield from checks.later(file, ("done", number, "on"), "met on", one.on)
        for place, evidence in enumerate(one.evidence):
            yield from checks.evidence(file, ("done", number, "evidence", place), evidence)
