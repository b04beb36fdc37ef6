"""`compliance cache`: status, rebuild."""

from __future__ import annotations

import click

from compliance.cli.session import show_problems, workspace_of
from compliance.ledger.opening import rebuild


@click.group()
def cache() -> None:
    """What has been read of the last commit, kept for the next command; delete it and nothing is lost."""


@cache.command()
@click.pass_context
def status(ctx: click.Context) -> None:
    """Say where the cache is, and at which commit."""
    from compliance.store.cache import Unusable, refreshing
    from compliance.workspace.edition import edition

    workspace = workspace_of(ctx)
    if workspace.cache is None:
        click.echo("No cache can be kept here; every command reads git anew.")
        return
    click.echo(f"cache:    {workspace.cache}")
    try:
        with refreshing(workspace.cache, edition(workspace.cache)) as opened:
            reached = opened.state("commit") or "nothing yet"
            files, readings = opened.count_entries(), opened.count_readings()
    except Unusable as damage:
        click.echo(f"          {damage.problems[0].sentence}; the next command makes it anew")
        return
    click.echo(f"at:       {reached}{' (the last commit)' if reached == workspace.commit else ''}")
    click.echo(f"files:    {files:,}")
    click.echo(f"readings: {readings:,}")


@cache.command(name="rebuild")
@click.pass_context
def rebuild_(ctx: click.Context) -> None:
    """Drop the cache and make it anew from git."""
    ledger = rebuild(workspace_of(ctx))
    click.echo(f"Rebuilt: {len(ledger.evidence):,} pieces of evidence at {ledger.commit[:10]}")
    ctx.exit(show_problems(ledger.problems))
