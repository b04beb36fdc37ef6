"""`compliance provider`: add, assure, matrix, list, show, edit."""

from __future__ import annotations

import click
import msgspec

from compliance.cli.registers.parts.common_commands import common_commands, owner_option
from compliance.cli.registers.parts.recording import change, evidence_ids, file_record, open_record
from compliance.cli.session import open_session
from compliance.cli.values import LINE, TEXT
from compliance.domain.registers.providers import PROVIDERS, Assurance


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
    file_record(open_session(ctx), PROVIDERS, {"name": name, "owner": owner, "note": note})


@provider.command()
@click.argument("identifier", metavar="ID")
@click.argument("evidence", metavar="EVIDENCE")
@click.option(
    "--service", "services", type=TEXT, multiple=True, required=True, help="A service it covers (again for more)."
)
@click.pass_context
def assure(ctx: click.Context, identifier: str, evidence: str, services: tuple[str, ...]) -> None:
    """Name the certificate or attestation, filed as EVIDENCE, that covers services of a provider.

    A newer certificate for the same services takes its place beside the old: the best that is in date counts.
    """
    session, before = open_record(ctx, PROVIDERS, identifier)
    (evidence_id,) = evidence_ids([evidence])
    others = tuple(assurance for assurance in before.assurances if assurance.evidence != evidence_id)
    after = msgspec.structs.replace(before, assurances=(*others, Assurance(evidence=evidence_id, services=services)))
    change(session, PROVIDERS, before, after, f"assured by {evidence_id}")
    click.echo(f"Recorded {before.id}: {evidence_id} covers {', '.join(services)}")


@provider.command()
@click.argument("identifier", metavar="ID")
@click.argument("evidence", metavar="EVIDENCE")
@click.pass_context
def matrix(ctx: click.Context, identifier: str, evidence: str) -> None:
    """Name the responsibility matrix, filed as EVIDENCE, that says who does what."""
    session, before = open_record(ctx, PROVIDERS, identifier)
    (evidence_id,) = evidence_ids([evidence])
    after = msgspec.structs.replace(before, matrix=evidence_id)
    change(session, PROVIDERS, before, after, f"responsibility matrix {evidence_id}")
    click.echo(f"Recorded {before.id}: responsibility matrix {evidence_id}")


common_commands(provider, PROVIDERS)
