"""`compliance provider`: add, assure, matrix, list, show, edit."""

from __future__ import annotations

import click
import msgspec

from compliance.cli.registers.common_commands import LINE, common_commands, owner_option, say_notes, say_recorded
from compliance.cli.session import ledger_at, workspace_of
from compliance.domain.registers.providers import PROVIDERS, Assurance, Provider


@click.group()
def provider() -> None:
    """Who runs a service for us, and the certificate and responsibility matrix that let us rely on it."""


@provider.command()
@click.argument("name", type=LINE)
@owner_option
@click.option("--note", default="", help="What they do for us.")
@click.pass_context
def add(ctx: click.Context, /, name: str, owner: str, note: str) -> None:
    """Record an external provider by its NAME. What shows that it is run well is added with `assure` and `matrix`."""
    from compliance.operations.registers.registering import add_records

    workspace = workspace_of(ctx)
    ledger, now = ledger_at(workspace, None)
    fresh = Provider(id="", name=name, owner=owner, note=note)
    recorded, committed = add_records(workspace, ledger, PROVIDERS, [fresh], now)
    say_recorded(recorded, committed.notes)


@provider.command()
@click.argument("identifier", metavar="ID")
@click.argument("evidence", metavar="EVIDENCE")
@click.option("--service", "services", multiple=True, required=True, help="A service it covers (again for more).")
@click.pass_context
def assure(ctx: click.Context, identifier: str, evidence: str, services: tuple[str, ...]) -> None:
    """Name the certificate or attestation, filed as EVIDENCE, that covers services of a provider.

    A newer certificate for the same services takes its place beside the old: the best that is in date counts.
    """
    from compliance.domain.terms.identifiers import EVIDENCE, normalised
    from compliance.operations.registers.registering import change_record, find_record

    workspace = workspace_of(ctx)
    ledger, _ = ledger_at(workspace, None)
    before: Provider = find_record(ledger, PROVIDERS, identifier)
    named = normalised(evidence, EVIDENCE)
    others = tuple(one for one in before.assurances if one.evidence != named)
    after = msgspec.structs.replace(before, assurances=(*others, Assurance(evidence=named, services=services)))
    committed = change_record(workspace, ledger, PROVIDERS, before, after, f"assured by {named}")
    say_notes(committed.notes)
    click.echo(f"Recorded {before.id}: {named} covers {', '.join(services)}")


@provider.command()
@click.argument("identifier", metavar="ID")
@click.argument("evidence", metavar="EVIDENCE")
@click.pass_context
def matrix(ctx: click.Context, identifier: str, evidence: str) -> None:
    """Name the responsibility matrix, filed as EVIDENCE, that says who does what."""
    from compliance.domain.terms.identifiers import EVIDENCE, normalised
    from compliance.operations.registers.registering import change_record, find_record

    workspace = workspace_of(ctx)
    ledger, _ = ledger_at(workspace, None)
    before: Provider = find_record(ledger, PROVIDERS, identifier)
    named = normalised(evidence, EVIDENCE)
    after = msgspec.structs.replace(before, matrix=named)
    committed = change_record(workspace, ledger, PROVIDERS, before, after, f"responsibility matrix {named}")
    say_notes(committed.notes)
    click.echo(f"Recorded {before.id}: responsibility matrix {named}")


common_commands(provider, PROVIDERS)
