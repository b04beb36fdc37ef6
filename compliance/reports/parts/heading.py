"""What every report begins with: where it comes from, and what is wrong in what it was made from."""

from __future__ import annotations

from datetime import date
from typing import Any

import msgspec

from compliance.domain.due.standing import JudgedFor, Provenance, Standing
from compliance.problems import Problem, shell
from compliance.reports.parts.answers import Answer
from compliance.reports.parts.terminal import wrapped
from compliance.reports.parts.wording import left_out, shortfall


def heading(standing: Standing, width: int) -> str:
    """Where the answer comes from, on two or three lines; and a line more if it may be wrong."""
    provenance = standing.provenance
    marking = f" · {provenance.classification}" if provenance.classification else ""
    knowledge = "" if provenance.known == provenance.on else f", as known on {provenance.known}"
    commit = f"commit {provenance.commit[:10]} of {provenance.commit_day}"
    lines = (
        f"{standing.settings.organisation}{marking}",
        _whose(standing),
        *_parted(f"judged on {provenance.on}{knowledge},", f"from {commit}", width),
        judged_for(provenance.audit) if provenance.audit else "",
        *left_out(standing),
        shortfall(standing) if standing.errors else "",
    )
    return "\n".join(line for text in lines for line in wrapped(text, width, below="  ", break_on_hyphens=False))


def _parted(first: str, second: str, width: int) -> tuple[str, ...]:
    """Two parts of a sentence on one line, or on two if there is no room."""
    return (f"{first} {second}",) if len(first) + len(second) < width else (first, f"  {second}")


def judged_for(audit: JudgedFor) -> str:
    """For which audit a report is made, and how much of what it looks at is shown."""
    days = f"{audit.on} to {audit.until}" if audit.until and audit.until != audit.on else str(audit.on)
    sample = "" if audit.sampled is None else f"; {audit.sampled} of {audit.controls} controls sampled"
    return f"For the audit {audit.id}, {audit.title} ({audit.type.replace('-', ' ')}), {days}{sample}"


def _whose(standing: Standing) -> str:
    """The titles of the scopes that were asked for, where that is not all of them: of several councils, which."""
    chosen = set(standing.provenance.scopes)
    scopes = standing.settings.scopes
    named = [scope.title for scope in scopes if scope.id in chosen and scope.title]
    return ", ".join(named) if named and len(chosen) < len(scopes) else ""


class EndedScope(msgspec.Struct, frozen=True, kw_only=True):
    """A scope with its last day."""

    scope: str
    ended: date


class Headed(Answer, frozen=True, kw_only=True):
    """The base of what a report answers with: where it comes from, and every problem in full.

    `not_in_total` are the scopes that have ended, judged as they stood then, whose controls no total counts.
    """

    organisation: str
    provenance: Provenance
    problems: tuple[Problem, ...]
    unread: tuple[str, ...]
    not_in_total: tuple[EndedScope, ...]


def head(standing: Standing) -> dict[str, Any]:
    """The fields of `Headed` for a standing."""
    return {
        "organisation": standing.settings.organisation,
        "provenance": standing.provenance,
        "problems": standing.problems,
        "unread": standing.unread,
        "not_in_total": tuple(
            EndedScope(scope=assessment.scope, ended=assessment.ended)
            for assessment in standing.left_out
            if assessment.ended
        ),
    }


def same_question(standing: Standing, *words: str) -> str:
    """A command to paste that asks about the same day and the same scopes as the answer beside which it is shown."""
    asked = standing.provenance
    day = ["--on", str(asked.on)] if asked.on != asked.known else []
    every = {scope.id for scope in standing.settings.scopes}
    scopes = [] if every <= set(asked.scopes) else [part for scope in asked.scopes for part in ("--scope", scope)]
    return shell("compliance", *words, *day, *scopes)
