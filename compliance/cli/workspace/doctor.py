"""`compliance doctor`."""

from __future__ import annotations

import click

from compliance.cli.options import answers, show_answer
from compliance.cli.session import workspace_of
from compliance.ledger.environment import Observation
from compliance.problems import Problem, Refused, printable
from compliance.reports.parts.answers import Answer


class Observations(Answer, frozen=True, kw_only=True):
    """What surrounds a workspace, thing by thing."""

    findings: tuple[Observation, ...]


@click.command()
@answers("cli.workspace.doctor:Observations")
@click.pass_context
def doctor(ctx: click.Context, json_: bool) -> None:
    """Report what surrounds the workspace: versions, git and who commits, clone depth, cache, uncommitted work.

    Exits 1 if anything is not well.
    """
    observations = observe(ctx)
    show_answer(json_, lambda: Observations(findings=tuple(observations)), lambda _: as_text(observations))
    ctx.exit(0 if all(observation.well for observation in observations) else 1)


def observe(ctx: click.Context) -> list[Observation]:
    """The program, the workspace as far as it can be opened, and what surrounds it."""
    from compliance.ledger.environment import libraries, surroundings
    from compliance.ledger.opening import open_ledger

    observations = libraries()
    try:
        workspace = workspace_of(ctx)
        try:
            ledger = open_ledger(workspace)
        except Refused as refusal:
            ledger = None
            observations += [_unwell(problem) for problem in refusal.problems]
        observations += surroundings(workspace, ledger)
    except Refused as refusal:
        observations += [_unwell(problem) for problem in refusal.problems]
    return observations


def as_text(observations: list[Observation]) -> str:
    """A line for each thing observed, with a hint below where it is not well."""
    lines = []
    for observation in observations:
        mark = click.style("ok  ", fg="green") if observation.well else click.style("look", fg="yellow", bold=True)
        lines.append(f"{mark}  {observation.topic:<13} {printable(observation.says)}")
        if observation.hint:
            lines.append(f"      {'':<13} {printable(observation.hint)}")
    return "\n".join(lines)


def _unwell(problem: Problem) -> Observation:
    """A problem as something observed, with its place."""
    where = f"{problem.location}: " if problem.location else ""
    return Observation("workspace", f"{where}{problem.sentence}", False, problem.hint)
