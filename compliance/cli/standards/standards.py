"""`compliance standards`: use, update, list, show, find."""

from __future__ import annotations

import click

from compliance.cli.options import answers, show_answer
from compliance.cli.session import open_session, show_problems, width
from compliance.cli.standards.authoring import check, schema
from compliance.cli.standards.exchanging import export, import_
from compliance.cli.standards.known import here_if_any, shipped_all
from compliance.cli.standards.related import related
from compliance.cli.standards.versions import diff, migrate
from compliance.problems import refuse


@click.group()
def standards() -> None:
    """The standards in use and those that ship: what they hold, and what each control expects."""


standards.add_command(schema)
standards.add_command(check)
standards.add_command(diff)
standards.add_command(migrate)
standards.add_command(import_)
standards.add_command(export)
standards.add_command(related)


@standards.command()
@click.argument("names", nargs=-1, required=True, metavar="STANDARD...")
@click.option("--scope", "scopes", multiple=True, metavar="SCOPE", help="Only for this scope (again for more).")
@click.option("--profile", "profiles", multiple=True, metavar="PROFILE", help="The part that applies (again for more).")
@click.pass_context
def use(ctx: click.Context, names: tuple[str, ...], scopes: tuple[str, ...], profiles: tuple[str, ...]) -> None:
    """Take shipped standards into use: copy their catalogues into standards/, and commit.

    \b
    compliance standards use iso27001
    compliance standards use pci-dss@4.0.1 --scope payments --profile saq-b-ip
    """
    from compliance.operations.standards.standards import use as take
    from compliance.workspace.shipped import shipped_catalogues

    session = open_session(ctx)
    taken, committed = take(session.workspace, session.ledger, names, shipped_catalogues(), scopes, profiles)
    show_problems(committed.notes)
    for name in taken:
        click.echo(f"In use: {name}")


@standards.command()
@click.option("--yes", is_flag=True, help="Commit without asking.")
@click.option("--dry-run", is_flag=True, help="Only say what would change.")
@click.pass_context
def update(ctx: click.Context, yes: bool, dry_run: bool) -> None:
    """Bring copied catalogues up to date; says first what differs, and which verdicts and approvals would change."""
    from compliance.operations.standards.standards import preview, updates
    from compliance.operations.standards.standards import update as commit_updates
    from compliance.reports.parts.terminal import table
    from compliance.reports.standards.versions import differing, voided_as_text
    from compliance.workspace.shipped import shipped_catalogues

    session = open_session(ctx)
    workspace, ledger = session.workspace, session.ledger
    fresh = updates(workspace, ledger, shipped_catalogues())
    if not fresh:
        click.echo("Every catalogue is as shipped: nothing to update.")
        return
    seen = preview(workspace, ledger, fresh, session.day, ledger.settings.horizon.roughly)
    click.echo(differing(tuple(fresh), seen.comparisons, width()) + "\n")
    if seen.verdicts:
        rows = [(change.scope, change.control, change.before, change.after) for change in seen.verdicts]
        click.echo(table(("Scope", "Control", "Now", "Then"), rows, width(), flexible=1))
    else:
        click.echo("No verdict changes.")
    click.echo("\n" + voided_as_text(seen.voided, width()))
    if dry_run:
        return
    if not yes and not click.confirm("Commit this?"):
        click.echo("Nothing is written.")
        ctx.exit(130)
    committed = commit_updates(workspace, fresh)
    click.echo(f"Updated ({committed.commit[:10]})")


@standards.command(name="list")
@answers("reports.standards.standards:StandardsList")
@click.pass_context
def list_(ctx: click.Context, json_: bool) -> None:
    """List the standards in use, and those that ship with the program."""
    from compliance.reports.standards import standards as report

    here = here_if_any(ctx)
    shipped = shipped_all()
    show_answer(
        json_,
        lambda: report.list_view(here.ledger, shipped),
        lambda columns: report.list_as_text(here.ledger, shipped, columns),
    )
    ctx.exit(here.code)


@standards.command()
@click.argument("name", metavar="STANDARD|CONTROL")
@answers("reports.standards.standards:StandardTree", "reports.standards.standards:ControlShown")
@click.pass_context
def show(ctx: click.Context, name: str, json_: bool) -> None:
    """Show a standard as a tree, or one control with what it expects.

    \b
    compliance standards show pci-dss
    compliance standards show pci-dss:11.3.2
    """
    from compliance.domain.standards.catalogue import walk
    from compliance.operations.standards.standards import known_catalogue
    from compliance.problems import choice_hint
    from compliance.reports.standards import standards as report
    from compliance.workspace.shipped import shipped_catalogues

    here = here_if_any(ctx)
    standard, colon, control_id = name.partition(":")
    catalogue = known_catalogue(standard, here.ledger, shipped_catalogues())
    if not colon:
        show_answer(json_, lambda: report.tree_view(catalogue), lambda columns: report.tree_as_text(catalogue, columns))
        ctx.exit(here.code)
    wanted = control_id.partition("#")[0]
    nodes = {node.control.id: node for node in walk(catalogue)}
    own = (candidate for candidate in nodes.values() if wanted and candidate.control.local_id == wanted)
    node = nodes.get(wanted) or next(own, None)
    if node is None:
        raise refuse(
            f"{catalogue.name} has no control {wanted}",
            hint=choice_hint(wanted, nodes) or f"compliance standards show {catalogue.id}",
        )
    show_answer(
        json_,
        lambda: report.control_view(catalogue, node),
        lambda columns: report.control_as_text(catalogue, node, columns),
    )
    ctx.exit(here.code)


@standards.command()
@click.argument("name", metavar="STANDARD")
@answers("reports.standards.profiles:Profiles")
@click.pass_context
def profiles(ctx: click.Context, name: str, json_: bool) -> None:
    """Show the profiles of a standard: how many controls each holds, and who may use it.

    \b
    compliance standards profiles pci-dss      which self-assessment questionnaire is ours?
    """
    from compliance.operations.standards.standards import known_catalogue
    from compliance.reports.standards import profiles as report
    from compliance.workspace.shipped import shipped_catalogues

    here = here_if_any(ctx)
    catalogue = known_catalogue(name, here.ledger, shipped_catalogues())
    show_answer(json_, lambda: report.profiles(catalogue), lambda columns: report.as_text(catalogue, columns))
    ctx.exit(here.code)


@standards.command()
@click.argument("words", nargs=-1, required=True, metavar="TEXT...")
@click.pass_context
def find(ctx: click.Context, words: tuple[str, ...]) -> None:
    """Find controls by what their titles, summaries and expectations say; every word must be there.

    Looks through the standards in use; where none is, through those that ship.

    \b
    compliance standards find vulnerability scan
    """
    from compliance.reports.standards import standards as report

    here = here_if_any(ctx)
    catalogues = [catalogue for _, catalogue in here.ledger.in_use()] if here.ledger else []
    click.echo(report.found_as_text(catalogues or shipped_all(), " ".join(words), width()))
    ctx.exit(here.code)
