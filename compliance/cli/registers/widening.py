"""`compliance accreditation widen`."""

from __future__ import annotations

import datetime as dt

import click

from compliance.cli.options import answers, show
from compliance.cli.session import DAY, chosen_scopes, read_session
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
    from compliance.domain.planning.widening import widening
    from compliance.operations.registers.accredit import find_accreditation
    from compliance.reports.registers import widening as report

    session = read_session(ctx)
    ledger, known = session.ledger, session.day
    held = find_accreditation(ledger, identifier)
    (there,) = chosen_scopes(ledger, (scope,))
    if held.scope == there.id:
        others = [one.id for one in ledger.settings.scopes if one.id != there.id]
        hint = f"name another scope: {', '.join(others)}" if others else "list the wider scope in compliance.toml"
        raise refuse(f"{held.id} covers {there.id} already", hint=hint)
    catalogue = ledger.catalogue(held.standard)
    if catalogue is None:
        hint = f"compliance standards use {held.standard}"
        raise refuse(f"the standard {held.standard} has no catalogue here: there is nothing to judge by", hint=hint)
    _whole(ledger, held, catalogue)
    found = widening(ledger, held, catalogue, there, on or known, known)
    show(json_, lambda: report.view(found), lambda columns: report.as_text(found, columns))
    ctx.exit(session.code)


def _whole(ledger: Ledger, held: Accreditation, catalogue: Catalogue) -> None:
    """Refuses an accreditation for a scope, or to a part of the standard, that there is not."""
    from compliance.problems import choice_hint

    scopes = [one.id for one in ledger.settings.scopes]
    if held.scope not in scopes:
        sentence = f"{held.id} is for the scope “{held.scope}”, and there is none such"
        raise refuse(sentence, hint=f"correct its record, or compliance.toml; {choice_hint(held.scope, scopes)}")
    profiles = [one.id for one in catalogue.profiles]
    if held.profile and held.profile not in profiles:
        sentence = f"{held.id} attests the profile “{held.profile}”, and {catalogue.name} has none such"
        raise refuse(sentence, hint=f"correct its record; {choice_hint(held.profile, profiles)}")
