"""`compliance applicability`: start, set, exclude, include, inherit, answer, level, approve, list, show, edit."""

from __future__ import annotations

import datetime as dt
from typing import Annotated, Any

import click
import msgspec

from compliance.cli.applicability.judgements import answer, from_table, judge, level, scope_option
from compliance.cli.misuse import WrongUse
from compliance.cli.options import answering, answers, options, show_answer
from compliance.cli.registers.parts.common_commands import edited_by_hand
from compliance.cli.registers.parts.recording import say_notes
from compliance.cli.session import chosen_scopes, open_session, read_session, width
from compliance.cli.values import DAY, TEXT
from compliance.domain.registers.applicability import APPLICABILITY
from compliance.domain.registers.statements.statement import Inheritance, Statement
from compliance.domain.terms.durations import Duration, Unit
from compliance.problems import refuse
from compliance.reports.parts.answers import as_json


class InheritanceOptions(msgspec.Struct, frozen=True):
    """Who meets a control for a scope, and what stays there."""

    from_scope: Annotated[
        str,
        click.option("--from-scope", default="", metavar="SCOPE", help="The scope that meets it for this one."),
    ]
    provider: Annotated[str, click.option("--provider", default="", metavar="ID", help="The provider that meets it.")]
    service: Annotated[str, "The provider's service."]
    retains: Annotated[
        tuple[str, ...],
        click.option(
            "--retain", "retains", multiple=True, metavar="EXPECTATION", help="What stays here (again for more)."
        ),
    ]
    note: Annotated[str, "What stays here, in words."]


_controls = click.argument("controls", nargs=-1, required=True, metavar="CONTROL...")


@click.group()
def applicability() -> None:
    """Which controls apply and why, and how far each is in place, as people judge it.

    One statement for each standard and scope. A control of which nothing is stated applies. A heading stands for every
    control below it: iso27001:A.7 for all of A.7.
    """


@applicability.command()
@click.argument("standard")
@click.option("--scope", default="", help="For which scope; the first if not said.")
@click.option("--accreditation", default="", metavar="ID", help="The accreditation that it belongs to.")
@click.pass_context
def start(ctx: click.Context, standard: str, scope: str, accreditation: str) -> None:
    """Begin the statement for STANDARD: every control applies until something else is said."""
    from compliance.domain.terms.identifiers import ACCREDITATION, normalised
    from compliance.operations.registers import applicability as operation

    session = open_session(ctx)
    ledger = session.ledger
    catalogue = operation.catalogue_of(ledger, standard)
    wanted = chosen_scopes(ledger, (scope,))[0].id if scope else ledger.settings.default_scope
    accreditation_id = normalised(accreditation, ACCREDITATION) if accreditation else ""
    recorded, committed = operation.start(session.workspace, ledger, catalogue, wanted, accreditation_id, session.day)
    say_notes(committed.notes)
    click.echo(f"Recorded {recorded.id}  {catalogue.name}, {wanted}")
    click.echo(f"See it with: compliance applicability show {catalogue.id}")


@applicability.command(name="set")
@click.argument("controls", nargs=-1, metavar="[CONTROL]...")
@scope_option
@click.option("--reason", help="Why it applies.")
@click.option("--because", multiple=True, metavar="WHAT", help="What it answers: a risk (R-…), a law, a contract.")
@click.option("--status", help="How far it is in place, in a word of the standard's scheme.")
@click.option("--method", help="How it is met, in a word of the scheme.")
@click.option("--owner", help="Who answers for it.")
@click.option("--review", type=DAY, help="By when it is looked at again.")
@click.option("--parent-evidence/--no-parent-evidence", default=None, help="Evidence of the parent scope serves here.")
@click.option(
    "--from",
    "table",
    type=click.Path(readable=False),
    metavar="FILE.csv",
    help="A row for each control: see show --csv.",
)
@click.option("-s", "--standard", default="", help="The standard whose controls the table lists.")
@click.pass_context
def set_(
    ctx: click.Context,
    /,
    controls: tuple[str, ...],
    scope: str,
    because: tuple[str, ...],
    table: str | None,
    standard: str,
    **typed: Any,
) -> None:
    """Say why controls apply, how far they are in place, and who answers for them. An empty text takes a field away.

    \b
    compliance applicability set iso27001:A.5.1 --because R-7K2M9QXT --status implemented --owner "Head of IT"
    compliance applicability show iso27001 --csv > soa.csv      (fill it in, save it as CSV)
    compliance applicability set --from soa.csv -s iso27001
    """
    fields = {name: value for name, value in typed.items() if value is not None}
    if because:
        fields["because"] = tuple(answer for answer in because if answer)
    if table:
        if controls or fields:
            raise WrongUse("--from does not go with controls and options: the table says both")
        from_table(ctx, table, standard, scope)
        return
    if not fields:
        raise WrongUse("nothing to set: say --reason, --because, --status, --method, --owner or --review")
    judge(ctx, controls, scope, "set {}", lambda statement: msgspec.structs.replace(statement, **fields))


@applicability.command()
@_controls
@scope_option
@click.option("--reason", type=TEXT, required=True, help="Why it does not apply.")
@click.option("--review", type=DAY, required=True, help="By when that is looked at again; then the exclusion lapses.")
@click.option("--status", default="", help="The scheme's word for it, if it has one; what it was no longer holds.")
@click.pass_context
def exclude(
    ctx: click.Context, controls: tuple[str, ...], scope: str, reason: str, review: dt.date, status: str
) -> None:
    """Exclude controls where the standard allows it."""

    def excluded(statement: Statement) -> Statement:
        return msgspec.structs.replace(
            statement, applies=False, reason=reason, review=review, because=(), inherits=None, status=status
        )

    judge(ctx, controls, scope, "exclude {}", excluded)


@applicability.command()
@_controls
@scope_option
@click.option("--reason", default="", help="Why it applies after all.")
@click.option("--because", multiple=True, metavar="WHAT", help="What it answers: a risk (R-…), a law, a contract.")
@click.option("--status", default="", help="How far it is in place.")
@click.pass_context
def include(
    ctx: click.Context, controls: tuple[str, ...], scope: str, reason: str, because: tuple[str, ...], status: str
) -> None:
    """Take controls in that were excluded. The exclusion's reason and review day go with it."""

    def included(statement: Statement) -> Statement:
        if statement.applies:
            return msgspec.structs.replace(
                statement, reason=reason or statement.reason, because=because or statement.because
            )
        return msgspec.structs.replace(
            statement, applies=True, reason=reason, because=because, review=None, status=status
        )

    judge(ctx, controls, scope, "include {}", included)


@applicability.command()
@_controls
@scope_option
@options(InheritanceOptions)
@click.option("--stop", is_flag=True, help="Meet it here again.")
@click.pass_context
def inherit(
    ctx: click.Context, controls: tuple[str, ...], scope: str, inheritance_options: InheritanceOptions, stop: bool
) -> None:
    """Say that another scope or a provider meets controls for this one.

    \b
    compliance applicability inherit iso27001:A.7 --scope revenues --from-scope corporate
    compliance applicability inherit pci-dss:9 --provider P-7K2M9QXT --service "Hosted payment pages"
    """
    if stop and (inheritance_options.from_scope or inheritance_options.provider):
        raise WrongUse("--stop does not go with --from-scope or --provider")
    if not stop and bool(inheritance_options.from_scope) == bool(inheritance_options.provider):
        raise WrongUse("say who meets it: --from-scope or --provider")
    inherits = None
    if not stop:
        retains = tuple(expectation.removeprefix("#") for expectation in inheritance_options.retains)
        inherits = Inheritance(
            scope=inheritance_options.from_scope,
            provider=inheritance_options.provider,
            service=inheritance_options.service,
            retains=retains,
            note=inheritance_options.note,
        )
    deed = (
        "meet {} here"
        if stop
        else f"inherit {{}} from {inheritance_options.from_scope or inheritance_options.provider}"
    )
    judge(ctx, controls, scope, deed, lambda statement: msgspec.structs.replace(statement, inherits=inherits))


@applicability.command()
@click.argument("identifier", metavar="STANDARD|ID")
@scope_option
@click.option("--version", type=TEXT, required=True, help="The version, as the certificate will cite it.")
@click.option("--by", type=TEXT, required=True, help="Who approves it.")
@click.option("--on", type=DAY, help="The day; today if not said.")
@click.pass_context
def approve(ctx: click.Context, identifier: str, scope: str, version: str, by: str, on: dt.date | None) -> None:
    """Record that somebody approves the statement as it stands. A later change of it will show."""
    from compliance.operations.registers import applicability as operation

    session = open_session(ctx)
    soa, catalogue = operation.find_statement(session.ledger, identifier, scope)
    day = on or session.day
    if day > session.day:
        raise refuse(f"{day} is yet to come", hint="an approval is recorded once it is given")
    approved, committed = operation.approve(session.workspace, session.ledger, soa, version, by, day)
    say_notes(committed.notes)
    click.echo(f"Recorded {approved.id}: version {version} of {catalogue.name}, {soa.scope}, approved by {by} on {day}")


@applicability.command(name="list")
@answers("reports.registers.applicability:StatementList")
@click.pass_context
def list_(ctx: click.Context, json_: bool) -> None:
    """List the statements with their version and approval."""
    from compliance.reports.registers import applicability as report

    session = read_session(ctx)
    statements = sorted(session.ledger.of(APPLICABILITY), key=lambda soa: (str(soa.standard), soa.scope, soa.id))
    show_answer(
        json_,
        lambda: report.list_view(statements),
        lambda columns: report.list_as_text(statements, columns),
    )
    ctx.exit(session.code)


@applicability.command()
@click.argument("identifier", metavar="STANDARD|ID")
@scope_option
@click.option("--on", type=DAY, help="With the evidence as it stands on this day.")
@click.option("--json", "form", flag_value="json", help="Print JSON.")
@click.option("--csv", "form", flag_value="csv", help="Print CSV, to fill in and read with set --from.")
@answering("reports.registers.applicability:StatementShown")
@click.pass_context
def show(ctx: click.Context, identifier: str, scope: str, on: dt.date | None, form: str | None) -> None:
    """Show a statement: every control in scope, what was decided, and how it stands by what is filed."""
    from compliance.domain.due.standing import stand
    from compliance.operations.registers.applicability import find_statement
    from compliance.reports.registers import applicability as report
    from compliance.reports.soa.stated import statements_of

    session = read_session(ctx)
    ledger, known = session.ledger, session.day
    soa, catalogue = find_statement(ledger, identifier, scope)
    chosen = chosen_scopes(ledger, (soa.scope,))
    ahead = Duration(0, Unit.DAY)
    standing = stand(ledger, chosen, frozenset({catalogue.name}), on or known, known, ahead, looking_ahead=False)
    stated = next((candidate for candidate in statements_of(standing) if candidate.id == soa.id), None)
    if stated is None:
        hint = "put it to use there in compliance.toml, or remove the statement"
        raise refuse(f"{catalogue.name} is not in use for {soa.scope}", hint=hint)
    if form == "json":
        click.echo(as_json(report.view(stated)))
    else:
        click.echo(report.as_csv(stated) if form else report.as_text(stated, width()), nl=not form)
    ctx.exit(session.code)


@applicability.command()
@click.argument("identifier", metavar="STANDARD|ID")
@scope_option
@click.pass_context
def edit(ctx: click.Context, identifier: str, scope: str) -> None:
    """Edit a statement in your editor: checked, then committed."""
    from compliance.operations.registers.applicability import find_statement

    session = open_session(ctx)
    soa, _ = find_statement(session.ledger, identifier, scope)
    edited_by_hand(session, APPLICABILITY, soa)


applicability.add_command(answer)
applicability.add_command(level)
