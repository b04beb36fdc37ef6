"""What is wrong in findings and actions: closed without evidence, promised and closed out of order."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence

from compliance.domain.registers.actions import Action
from compliance.domain.registers.findings import Finding, is_score
from compliance.domain.registers.parts.promises import Promises
from compliance.domain.registers.parts.registry import ACTIONS, AUDITS, FINDINGS, RISKS
from compliance.domain.registers.parts.remedies import Attempt, Check, Closure
from compliance.ledger.inspection.checks import Checks
from compliance.problems import Problem


def inspect_finding(file: str, finding: Finding, checks: Checks) -> Iterator[Problem]:
    """Every problem between a finding and the rest of the workspace."""
    yield from checks.own_id(file, finding.id, FINDINGS)
    yield from checks.scopes(file, finding.scope)
    yield from checks.controls(file, finding.controls)
    if finding.audit:
        yield from checks.named(file, ("audit",), AUDITS, finding.audit)
    yield from checks.later(file, ("raised",), "raised on", finding.raised)
    yield from _promises(file, finding.raised, finding.promised, checks)
    yield from _earlier(file, finding.earlier, checks)
    if finding.cvss and not is_score(finding.cvss):
        hint = "write a number from 0.0 to 10.0, with one digit after the point"
        yield checks.pages.error(file, ("cvss",), f"“{finding.cvss}” is no CVSS score", hint)
    if finding.closed:
        yield from _closure(file, finding.raised, finding.closed, checks)
        if not finding.closed.evidence:
            hint = "name what shows it: “closed: {on: …, evidence: [E-…]}”"
            yield checks.pages.warning(file, ("closed",), "is closed without evidence", hint)
    if finding.check:
        yield from _check(file, finding.closed, finding.check, checks)


def inspect_action(file: str, action: Action, checks: Checks) -> Iterator[Problem]:
    """Every problem between an action and the rest of the workspace."""
    yield from checks.own_id(file, action.id, ACTIONS)
    yield from checks.scopes(file, action.scope)
    yield from checks.controls(file, action.controls)
    for number, one in enumerate(action.findings):
        yield from checks.named(file, ("findings", number), FINDINGS, one)
    for number, one in enumerate(action.risks):
        yield from checks.named(file, ("risks", number), RISKS, one)
    yield from checks.later(file, ("raised",), "raised on", action.raised)
    yield from _promises(file, action.raised, action.promised, checks)
    yield from _earlier(file, action.earlier, checks)
    if action.closed:
        yield from _closure(file, action.raised, action.closed, checks)
        if not action.closed.evidence:
            hint = "file what shows that it is done, and name it: “closed: {on: …, evidence: [E-…]}”"
            yield checks.pages.error(file, ("closed",), "is closed without evidence", hint)
    if action.check:
        yield from _check(file, action.closed, action.check, checks)
    if not action.closed and not action.promised:
        hint = "add “promised: [{due: YYYY-MM-DD}]”"
        yield checks.pages.warning(file, ("id",), "has no day by which it will be done", hint)


def _promises(file: str, raised: dt.date, promised: Promises, checks: Checks) -> Iterator[Problem]:
    for number, one in enumerate(promised):
        at = ("promised", number)
        if one.due < raised:
            sentence = f"is promised for {one.due}, before it was raised on {raised}"
            yield checks.pages.error(file, (*at, "due"), sentence, "correct one of the two days")
        before = promised[number - 1].on if number else None
        if before and one.on and one.on < before:
            sentence = f"the promise of {one.on} stands below a later one"
            yield checks.pages.error(file, (*at, "on"), sentence, "put them in the order in which they were made")
        if number and not one.reason:
            hint = "say why the day moved: “reason: …”"
            yield checks.pages.warning(file, at, f"the day moved to {one.due} without a reason", hint)


def _earlier(file: str, several: Sequence[Attempt], checks: Checks) -> Iterator[Problem]:
    """A closing that is kept because it did not work."""
    for number, one in enumerate(several):
        at = ("earlier", number)
        if one.check.effective is not False:
            hint = "it belongs below “closed” and “check”, unless what was done did not work"
            yield checks.pages.error(file, (*at, "check"), "is an earlier closing that did work", hint)
        for place, evidence in enumerate(one.closed.evidence):
            yield from checks.evidence(file, (*at, "closed", "evidence", place), evidence)


def _closure(file: str, raised: dt.date, closed: Closure, checks: Checks) -> Iterator[Problem]:
    if closed.on < raised:
        sentence = f"is closed on {closed.on}, before it was raised on {raised}"
        yield checks.pages.error(file, ("closed", "on"), sentence, "correct one of the two days")
    yield from checks.later(file, ("closed", "on"), "closed on", closed.on)
    for number, one in enumerate(closed.evidence):
        yield from checks.evidence(file, ("closed", "evidence", number), one)


def _check(file: str, closed: Closure | None, check: Check, checks: Checks) -> Iterator[Problem]:
    pages = checks.pages
    if (check.on is None) != (check.effective is None):
        hint = "write both “on: YYYY-MM-DD” and “effective: yes” or “no”"
        yield pages.error(file, ("check",), "is a check of effect with half an outcome", hint)
    if check.on and closed is None:
        yield pages.error(file, ("check", "on"), "was checked for effect before it was closed", "add “closed: …”")
    elif check.on and closed and check.on < closed.on:
        sentence = f"was checked for effect on {check.on}, before it was closed on {closed.on}"
        yield pages.error(file, ("check", "on"), sentence, "correct one of the two days")
    if check.on:
        yield from checks.later(file, ("check", "on"), "checked for effect on", check.on)
    for number, one in enumerate(check.evidence):
        yield from checks.evidence(file, ("check", "evidence", number), one)
