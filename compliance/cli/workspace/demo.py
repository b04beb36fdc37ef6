"""`compliance demo`."""

from __future__ import annotations

from pathlib import Path

import click

from compliance.problems import printable


@click.command()
@click.argument("directory", type=click.Path())
@click.option("--show", is_flag=True, help="Print what is to be done, its gaps and its renewals, as on its last day.")
def demo(directory: str, show: bool) -> None:
    """Build a demonstration workspace in DIRECTORY: two fictional councils, two years, real git history."""
    from compliance.operations.workspace.demo import build_demo, questions
    from compliance.workspace.shipped import shipped_catalogues

    built = build_demo(Path(directory), shipped_catalogues())
    where = printable(directory)
    click.echo(f"Built: {where}")
    click.echo(f"  {built.evidence_files} evidence files in {built.commits} commits, to {built.last_day}")
    if show:
        # Judged on its last day, so that it never goes stale by the clock.
        from compliance.cli.main import run

        on = ("--on", str(built.last_day))
        for question in (("today", *on), ("gaps", *on), ("renewals", *on, "--within", "30d")):
            click.echo(f"\n$ compliance -C {where} {' '.join(question)}\n")
            run(["-C", directory, *question])
    click.echo(f"\nWhat to try next, as it stands on its last day:\n\n  cd {where}")
    for purpose, arguments in questions(built.last_day):
        click.echo(f"\n  {purpose}:\n    compliance {' '.join(arguments)}")
