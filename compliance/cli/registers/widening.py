"""`compliance accreditation widen`."""

from __future__ import annotations

import datetime as dt

import click

from compliance.cli.options import answers, show_answer
from compliance.cli.session import chosen_scopes, read_session
from compliance.cli.values import DAY
from compliance.domain.ledger.ledger import Ledger
from compliance.domain.registers.certificates.accreditation import Accreditation
from compliance.domain.standards.catalogue import Catalogue
from compliance.problems import refuse


@click.command()
@click.argument("identifier", metavar="ID")
@click.option("--to", "scope", required=True, metavar="SCOPE", help="The scope that it would cover.")
@click.option("--on", type=DAY, help="Judged as everything stands on this day.")
@answers("reports.registers.widening:Widened")
@click.pass_context
def widen(ctx: click.Context, identifier: str, scope: str, on: dt.date | None, json_: bool) -> None:
    """What if it covered another scope? Shows what would be a gap there, beside how it stands. Writes nothing.

    ID may be a standard. The other scope is judged by its own evidence and statements first, and then as if what
    serves the present one served it too: evidence naming it, controls inherited from the same place.

    \b
    compliance accreditation widen A-7K2M9QXT --to council
    compliance accreditation widen iso27001 --to council --on 2027-03-01
    """
    from compliance.domain.ledger.lookup import missing_standard
    from compliance.domain.planning.widening import widening
    from compliance.operations.registers.accredit import find_accreditation
    from compliance.reports.registers import widening as report

    session = read_session(ctx)
    ledger = session.ledger
    record = find_accreditation(ledger, identifier)
    (wider,) = chosen_scopes(ledger, (scope,))
    if record.scope == wider.id:
        others = [candidate.id for candidate in ledger.settings.scopes if candidate.id != wider.id]
        hint = f"name another scope: {', '.join(others)}" if others else "list the wider scope in compliance.toml"
        raise refuse(f"{record.id} covers {wider.id} already", hint=hint)
    if wider.has_ended(on or session.day):
        raise refuse(f"{wider.id} ended on {wider.end}", hint="name a scope that goes on, or an earlier day with --on")
    catalogue = ledger.catalogue(record.standard)
    if catalogue is None:
        hint = f"compliance standards use {record.standard}"
        sentence = f"the standard {record.standard} has no catalogue here: there is nothing to judge by"
        raise missing_standard(ledger, record.standard, hint, sentence)
    _must_be_judgeable(ledger, record, catalogue)
    comparison = widening(ledger, record, catalogue, wider, on or session.day, session.day)
    show_answer(json_, lambda: report.view(comparison), lambda columns: report.as_text(comparison, columns))
    ctx.exit(session.code)


def _must_be_judgeable(ledger: Ledger, record: Accreditation, catalogue: Catalogue) -> None:
    """Refuses an accreditation for a scope, or to a part of the standard, that there is not."""
    from compliance.problems import choice_hint

    scopes = [scope.id for scope in ledger.settings.scopes]
    if record.scope not in scopes:
        sentence = f"{record.id} is for the scope “{record.scope}”, and there is none such"
        raise refuse(sentence, hint=f"correct its record, or compliance.toml; {choice_hint(record.scope, scopes)}")
    profiles = [profile.id for profile in catalogue.profiles]
    if record.profile and record.profile not in profiles:
        sentence = f"{record.id} attests the profile “{record.profile}”, and {catalogue.name} has none such"
        raise refuse(sentence, hint=f"correct its record; {choice_hint(record.profile, profiles)}")
