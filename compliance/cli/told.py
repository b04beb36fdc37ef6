"""What a call has said already, so that one cause is one message."""

from __future__ import annotations

from collections.abc import Iterable

import click

from compliance.problems import Problem, UnreadFile

_FILES = "compliance.told"


def tell(problems: Iterable[Problem]) -> None:
    """Shows problems, and keeps in mind which files had errors."""
    files = set()
    for problem in problems:
        click.echo(problem.render(), err=True)
        if problem.is_error and problem.location:
            files.add(problem.location.file)
    if context := click.get_current_context(silent=True):
        context.meta[_FILES] = context.meta.get(_FILES, frozenset()) | files


def not_told(refusal: UnreadFile, context: click.Context) -> UnreadFile:
    """The refusal without the files whose errors were shown: that they cannot be read is plain then."""
    files = context.meta.get(_FILES, ())
    return UnreadFile(
        problem for problem in refusal.problems if problem.location is None or problem.location.file not in files
    )
