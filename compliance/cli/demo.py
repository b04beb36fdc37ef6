"""`compliance demo`."""

from __future__ import annotations

from pathlib import Path

import click

from compliance.problems import printable


@click.command()
@click.argument("directory", type=click.Path())
def demo(directory: str) -> None:
    """Build a demonstration workspace in DIRECTORY: two years of a fictional council's evidence, in a real git history."""
    from compliance.operations.demo import build_demo
    from compliance.workspace.shipped import shipped_catalogues

    built = build_demo(Path(directory), shipped_catalogues())
    where = printable(directory)
    click.echo(f"Built: {where}")
    click.echo(f"  {built.evidence_files} evidence files in {built.commits} commits, to {built.last_day}")
    click.echo("Look at it as it stands on its last day:")
    click.echo(f"  compliance -C {where} gaps --on {built.last_day}")
    click.echo(f"  compliance -C {where} renewals --on {built.last_day} --within 12m")
    click.echo(f"  compliance -C {where} report gaps --on {built.last_day} -o gaps.html")
