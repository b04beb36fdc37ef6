"""`compliance check`."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import click

from compliance.cli.options import answers, show_answer
from compliance.cli.progress import reading_bar
from compliance.cli.session import workspace_of
from compliance.ledger.inspection.screening import UnsearchedFile
from compliance.problems import Problem, counted, printable
from compliance.reports.parts.answers import Answer
from compliance.store.screening.opening import Why

_NAMED = 3
"""So many files are named for each reason why they were not searched."""


class Problems(Answer, frozen=True, kw_only=True):
    """Every problem in a workspace, how many of them are errors, and the files that were not searched for secrets."""

    errors: int
    problems: tuple[Problem, ...]
    unsearched: tuple[UnsearchedFile, ...] = ()


@click.command()
@answers("cli.workspace.check:Problems")
@click.pass_context
def check(ctx: click.Context, json_: bool) -> None:
    """Report every problem in the workspace as it lies in the working tree. Exits 1 if any is an error.

    Records, rules, catalogues and settings that cannot be read; files that are missing or altered; unknown controls;
    ids used twice; merge conflicts; evidence that serves nothing; keys, passwords and card numbers; work that is not
    committed. What could not be searched for secrets is named in a line of its own.
    """
    from compliance.ledger.inspection.inspection import inspect

    with reading_bar() as watch:
        inspection = inspect(workspace_of(ctx), watch)
    errors = sum(problem.is_error for problem in inspection.problems)
    view = Problems(errors=errors, problems=inspection.problems, unsearched=inspection.unsearched)
    show_answer(json_, lambda: view, lambda _: as_text(view))
    ctx.exit(1 if view.errors else 0)


def as_text(view: Problems) -> str:
    """Each problem with its place and hint, then what was not searched, then how many problems there are."""
    warnings = len(view.problems) - view.errors
    total = f"{counted(view.errors, 'error')}, {counted(warnings, 'warning')}"
    return "\n".join([*(problem.render() for problem in view.problems), *_unsearched(view.unsearched), total])


def _unsearched(files: Sequence[UnsearchedFile]) -> Iterator[str]:
    """One line: of each reason the first files, and how many more there are; of pictures only how many."""
    by_reason: dict[Why, list[str]] = {}
    for file in files:
        by_reason.setdefault(file.why, []).append(printable(file.file))
    groups = []
    for why in (why for why in Why if why in by_reason):
        names = by_reason[why]
        more = [f"{len(names) - _NAMED} more"] if len(names) > _NAMED else []
        pictures = counted(len(names), "picture") if why is Why.PICTURE else ""
        groups.append(pictures or f"{why.value}: {', '.join([*names[:_NAMED], *more])}")
    if groups:
        yield f"not searched for secrets: {'; '.join(groups)}"
