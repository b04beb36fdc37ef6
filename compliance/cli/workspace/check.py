"""`compliance check`."""

from __future__ import annotations

import click

from compliance.cli.options import answers, show_answer
from compliance.cli.session import workspace_of
from compliance.problems import Problem, counted
from compliance.reports.parts.answers import Answer


class Problems(Answer, frozen=True, kw_only=True):
    """Every problem in a workspace, and how many of them are errors."""

    errors: int
    problems: tuple[Problem, ...]


@click.command()
@answers("cli.workspace.check:Problems")
@click.pass_context
def check(ctx: click.Context, json_: bool) -> None:
    """Report every problem in the workspace as it lies in the working tree. Exits 1 if any is an error.

    Records, rules, catalogues and settings that cannot be read; files that are missing or altered; unknown controls;
    ids used twice; merge conflicts; evidence that serves nothing; work that is not committed.
    """
    from compliance.ledger.inspection.inspection import inspect

    problems = tuple(inspect(workspace_of(ctx)))
    view = Problems(errors=sum(problem.is_error for problem in problems), problems=problems)
    show_answer(json_, lambda: view, lambda _: as_text(view))
    ctx.exit(1 if view.errors else 0)


def as_text(view: Problems) -> str:
    """Each problem with its place and hint, then how many there are."""
    warnings = len(view.problems) - view.errors
    total = f"{counted(view.errors, 'error')}, {counted(warnings, 'warning')}"
    return "\n".join([*(problem.render() for problem in view.problems), total])
