"""`compliance demo`."""

from __future__ import annotations

from pathlib import Path

import click

from compliance.problems import printable


@click.command()
@click.argument("directory", type=click.Path())
@click.option("--show", is_flag=True, help="Print its gaps and renewals as they stand on its last day.")
def demo(directory: str, show: bool) -> None:
    """Build a demonstration workspace in DIRECTORY: two years of a fictional council, in real git history."""
    from compliance.operations.demo import build_demo
    from compliance.workspace.shipped import shipped_catalogues

    built = build_demo(Path(directory), shipped_catalogues())
    where = printable(directory)
    click.echo(f"Built: {where}")
    click.echo(f"  {built.evidence_files} evidence files in {built.commits} commits, to {built.last_day}")
    day = str(built.last_day)
    if show:
        # Judged on its last day, so that it never goes stale by the clock.
        from compliance.cli.main import run

        for question in (("gaps", "--on", day), ("renewals", "--on", day, "--within", "12m")):
            click.echo(f"\n$ compliance -C {where} {' '.join(question)}\n")
            run(["-C", directory, *question])
        click.echo()
    click.echo(f"The workspace lies in {where}. Look at it as it stands on its last day:")
    click.echo(f"  compliance -C {where} gaps --on {day} --explain iso27001:A.8.8")
    click.echo(f"  compliance -C {where} renewals --on {day} --within 12m")
    click.echo(f"  compliance -C {where} report gaps --on {day} -o gaps.html")
