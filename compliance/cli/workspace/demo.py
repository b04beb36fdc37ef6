"""`compliance demo`."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import click

from compliance.problems import printable, shell


@click.command()
@click.argument("directory", type=click.Path(readable=False))
@click.option("--show", is_flag=True, help="Print what is to be done, its gaps and its renewals, as on its last day.")
def demo(directory: str, show: bool) -> None:
    """Build a demonstration workspace in DIRECTORY: two fictional councils, two years, real git history."""
    from compliance.cli.workspace.replay import build_demo
    from compliance.workspace.shipped import shipped_demonstration

    built = build_demo(Path(directory), shipped_demonstration())
    where = printable(directory)
    click.echo(f"Built: {where}")
    click.echo(f"  {built.evidence_files} evidence files in {built.commits} commits, to {built.last_day}")
    if show:
        # Judged on its last day, so that it never goes stale by the clock.
        from compliance.cli.main import run

        on = ("--on", str(built.last_day))
        for question in (("today", *on), ("gaps", *on), ("renewals", *on, "--within", "30d")):
            click.echo(f"\n$ {shell('compliance', '-C', where, *question)}\n")
            run(["-C", directory, *question])
    click.echo(f"\nWhat to try next, as it stands on its last day:\n\n  cd {shell(where)}")
    for purpose, arguments in questions(built.last_day):
        click.echo(f"\n  {purpose}:\n    {shell('compliance', *arguments)}")


def questions(day: date) -> tuple[tuple[str, tuple[str, ...]], ...]:
    """What is worth asking of the demonstration, and the arguments that ask it, as it stands on a day."""
    on = ("--on", str(day))
    audit, viewer, wait = "U-4CRGJPBD", "T-10S76617", "M-0JTPG07F"
    return (
        ("What is to be done now", ("today", *on)),
        ("Every gap; of one control, why", ("gaps", *on, "--explain", "iso27001:A.8.8")),
        ("An answer that fails the whole assessment", ("gaps", *on, "-s", "cyber-essentials")),
        ("What the auditors will find in January", ("gaps", "--for-audit", audit)),
        ("What they have asked for", ("audit", "show", audit)),
        ("What is overdue, and what falls due within a month", ("renewals", *on, "--within", "30d")),
        ("The fewest pieces of evidence that close the most gaps", ("plan",)),
        ("A promise that slipped twice", ("action", "show", viewer)),
        ("A year of a figure, with a month missing", ("measure", "show", wait, *on)),
        ("Two councils and the service that they share", ("scope", "list")),
        (
            "What if the certificate covered the second council",
            ("accreditation", "widen", "iso27001", "--to", "pellbrook", *on),
        ),
        ("What one control has to do with the other standards", ("standards", "related", "pci-dss:11.3.2")),
        ("A page for the committee", ("report", "gaps", *on, "-o", "gaps.html")),
    )
