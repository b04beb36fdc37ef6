"""`compliance init`."""

from __future__ import annotations

import datetime as dt
import sys
import textwrap
from pathlib import Path

import click

from compliance.cli.session import surroundings_of, width
from compliance.cli.values import DAY, Word
from compliance.problems import refuse, split_pair


@click.command()
@click.argument("directory", type=click.Path(file_okay=False, readable=False), required=False)
@click.option("--organisation", metavar="NAME", help="Whose evidence it is.")
@click.option("--scope", "scopes", multiple=True, metavar="ID[=TITLE]", help="What is assessed (again for more).")
@click.option(
    "-s", "--standard", "standards", multiple=True, metavar="STANDARD", help="A standard to use (again for more)."
)
@click.option(
    "--profile", "profiles", multiple=True, metavar="STANDARD=PROFILE", help="The part of a standard that applies."
)
@click.option("--time-zone", default="Europe/London", show_default=True, help="The zone whose calendar counts.")
@click.option("--start", type=DAY, help="Since when the scopes exist: no series is asked for before.")
@click.pass_context
def init(
    ctx: click.Context,
    directory: str | None,
    organisation: str | None,
    scopes: tuple[str, ...],
    standards: tuple[str, ...],
    profiles: tuple[str, ...],
    time_zone: str,
    start: dt.date | None,
) -> None:
    """Begin a workspace in a new or existing git repository.

    Asks on a terminal what the options do not say. Touches nothing but its own files, and commits them.
    """
    from compliance.operations.workspace.initialise import NewWorkspace, begin
    from compliance.workspace.shipped import shipped_catalogues

    surroundings = surroundings_of(ctx)
    top = Path(surroundings.directory) / (directory or ".")
    catalogues = shipped_catalogues()
    names = [name.removesuffix(".yaml") for name in catalogues]
    chosen = _profiles(profiles)
    if not organisation:
        if not sys.stdin.isatty():
            raise refuse("the organisation is not named", hint='say --organisation "…"; on a terminal you are asked')
        organisation, scopes, standards = _ask(scopes, standards, names)
        for standard in standards:
            _ask_profile(standard, catalogues, chosen)
    wanted = NewWorkspace(
        organisation=organisation,
        scopes=[_scope(text) for text in scopes] or [("corporate", "Corporate network and services")],
        standards=standards,
        profiles=chosen,
        time_zone=time_zone,
        start=start,
    )
    begun = begin(top, wanted, catalogues, surroundings.rehearsal.place if surroundings.rehearsal else None)
    click.echo(f"Begun: {begun.top}")
    for name in begun.standards:
        click.echo(f"  in use: {name}")
    for note in begun.committed.notes:
        click.echo(note.render(), err=True)
    if not begun.standards:
        click.echo("Next: compliance standards use iso27001")
    else:
        click.echo("Next: compliance evidence add FILE -c CONTROL, and compliance gaps")


def _ask(
    scopes: tuple[str, ...], standards: tuple[str, ...], shipped: list[str]
) -> tuple[str, tuple[str, ...], tuple[str, ...]]:
    """Asks on the terminal for the organisation and, unless they are named, for the scope and the standards."""
    organisation: str = click.prompt("Organisation")
    if not scopes:
        scopes = (click.prompt("What is assessed (a short id)", default="corporate"),)
    if not standards:
        click.echo("Standards: " + ", ".join(shipped))
        answer: str = click.prompt("Which ones (commas between, or none)", default="iso27001")
        standards = tuple(name.strip() for name in answer.split(",") if name.strip() not in {"", "none"})
    return organisation, scopes, standards


def _ask_profile(name: str, catalogues: dict[str, bytes], chosen: dict[str, list[str]]) -> None:
    """Asks which part of a standard applies, if it has parts and none is chosen yet, and puts that into `chosen`."""
    from compliance.operations.standards.standards import shipped

    catalogue, _ = shipped(name, catalogues)
    if not catalogue.profiles or catalogue.id in chosen:
        return
    click.echo(f"Profiles of {catalogue.short}:")
    for profile in catalogue.profiles:
        click.echo(
            textwrap.fill(profile.title, width(), initial_indent=f"  {profile.id:<24}", subsequent_indent=" " * 26)
        )
    profile_name = Word("profile", [profile.id for profile in catalogue.profiles])
    default = catalogue.default_profile or None
    chosen[catalogue.id] = [click.prompt("Which one", type=profile_name, default=default, show_choices=False)]


def _scope(text: str) -> tuple[str, str]:
    """The id and the title of a scope written ID or ID=TITLE. Raises Refused for an id that cannot be one."""
    name, _, title = text.partition("=")
    if not name or not name.replace("-", "").isalnum() or not name.isascii() or name != name.lower():
        raise refuse(
            f"“{name}” cannot name a scope", hint="use lower-case letters, digits and hyphens: corporate, payments"
        )
    return name, title or name.replace("-", " ").capitalize()


def _profiles(texts: tuple[str, ...]) -> dict[str, list[str]]:
    """The profiles of each standard, by its id without a version, of texts like STANDARD=PROFILE."""
    named: dict[str, list[str]] = {}
    for text in texts:
        standard, profile = split_pair(text, "STANDARD=PROFILE", "pci-dss=saq-d-merchant")
        named.setdefault(standard.partition("@")[0], []).append(profile)
    return named
