"""`compliance applicability`: start, set, exclude, include, inherit, answer, level, approve, list, show, edit."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import click
import msgspec

from compliance.cli.registers import edited_by_hand, say_notes
from compliance.cli.session import DAY, Word, as_json, chosen_scopes, ledger_at, told, width, workspace_of
from compliance.domain.applicability import Applicability, Inheritance, Statement
from compliance.domain.catalogue import Catalogue, Control
from compliance.domain.durations import Duration, Unit
from compliance.domain.ledger import Ledger
from compliance.domain.registers import APPLICABILITY
from compliance.domain.vocabulary import Level
from compliance.ledger.opening import Workspace
from compliance.problems import printable, refuse

LEVEL = Word("level", Level)
_scope = click.option("--scope", default="", help="In which scope; the only one with a statement if not said.")
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
    from compliance.domain.identifiers import ACCREDITATION, normalised
    from compliance.operations import applicability as operation

    workspace = workspace_of(ctx)
    ledger, now = ledger_at(workspace, None)
    catalogue = operation.catalogue_of(ledger, standard)
    wanted = chosen_scopes(ledger, (scope,))[0].id if scope else ledger.settings.default_scope
    held = normalised(accreditation, ACCREDITATION) if accreditation else ""
    recorded, committed = operation.start(workspace, ledger, catalogue, wanted, held, now)
    say_notes(committed.notes)
    click.echo(f"Recorded {recorded.id}  {catalogue.name}, {wanted}")
    click.echo(f"See it with: compliance applicability show {catalogue.id}")


@applicability.command(name="set")
@click.argument("controls", nargs=-1, metavar="[CONTROL]...")
@_scope
@click.option("--reason", help="Why it applies.")
@click.option("--because", multiple=True, metavar="WHAT", help="What it answers: a risk (R-…), a law, a contract.")
@click.option("--status", help="How far it is in place, in a word of the standard's scheme.")
@click.option("--method", help="How it is met, in a word of the scheme.")
@click.option("--owner", help="Who answers for it.")
@click.option("--review", type=DAY, help="By when it is looked at again.")
@click.option("--parent-evidence/--no-parent-evidence", default=None, help="Evidence of the parent scope serves here.")
@click.option("--from", "table", type=click.Path(), metavar="FILE.csv", help="A row for each control: see show --csv.")
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
    **said: Any,
) -> None:
    """Say why controls apply, how far they are in place, and who answers for them. An empty text takes a field away.

    \b
    compliance applicability set iso27001:A.5.1 --because R-7K2M9QXT --status implemented --owner "Head of IT"
    compliance applicability show iso27001 --csv > soa.csv      (fill it in, save it as CSV)
    compliance applicability set --from soa.csv -s iso27001
    """
    fields = {name: value for name, value in said.items() if value is not None}
    if because:
        fields["because"] = tuple(one for one in because if one)
    if table:
        if controls or fields:
            raise click.UsageError("--from does not go with controls and options: the table says both")
        _from_table(ctx, table, standard, scope)
        return
    if not fields:
        raise click.UsageError("nothing to set: say --reason, --because, --status, --method, --owner or --review")
    _judge(ctx, controls, scope, "set {}", lambda one: msgspec.structs.replace(one, **fields))


@applicability.command()
@_controls
@_scope
@click.option("--reason", required=True, help="Why it does not apply.")
@click.option("--review", type=DAY, required=True, help="By when that is looked at again; then the exclusion lapses.")
@click.option("--status", default="", help="The scheme's word for it, if it has one; what it was no longer holds.")
@click.pass_context
def exclude(
    ctx: click.Context, controls: tuple[str, ...], scope: str, reason: str, review: dt.date, status: str
) -> None:
    """Exclude controls where the standard allows it."""

    def excluded(one: Statement) -> Statement:
        return msgspec.structs.replace(
            one, applies=False, reason=reason, review=review, because=(), inherits=None, status=status
        )

    _judge(ctx, controls, scope, "exclude {}", excluded)


@applicability.command()
@_controls
@_scope
@click.option("--reason", default="", help="Why it applies after all.")
@click.option("--because", multiple=True, metavar="WHAT", help="What it answers: a risk (R-…), a law, a contract.")
@click.option("--status", default="", help="How far it is in place.")
@click.pass_context
def include(
    ctx: click.Context, controls: tuple[str, ...], scope: str, reason: str, because: tuple[str, ...], status: str
) -> None:
    """Take controls in that were excluded. The exclusion's reason and review day go with it."""

    def included(one: Statement) -> Statement:
        if one.applies:
            return msgspec.structs.replace(one, reason=reason or one.reason, because=because or one.because)
        return msgspec.structs.replace(one, applies=True, reason=reason, because=because, review=None, status=status)

    _judge(ctx, controls, scope, "include {}", included)


@applicability.command()
@_controls
@_scope
@click.option("--from-scope", default="", metavar="SCOPE", help="The scope that meets it for this one.")
@click.option("--provider", default="", metavar="ID", help="The provider that meets it.")
@click.option("--service", default="", help="The provider's service.")
@click.option("--retain", "retains", multiple=True, metavar="EXPECTATION", help="What stays here (again for more).")
@click.option("--note", default="", help="What stays here, in words.")
@click.option("--stop", is_flag=True, help="Meet it here again.")
@click.pass_context
def inherit(
    ctx: click.Context,
    controls: tuple[str, ...],
    scope: str,
    from_scope: str,
    provider: str,
    service: str,
    retains: tuple[str, ...],
    note: str,
    stop: bool,
) -> None:
    """Say that another scope or a provider meets controls for this one.

    \b
    compliance applicability inherit iso27001:A.7 --scope revenues --from-scope corporate
    compliance applicability inherit pci-dss:9 --provider P-7K2M9QXT --service "Hosted payment pages"
    """
    if stop and (from_scope or provider):
        raise click.UsageError("--stop does not go with --from-scope or --provider")
    if not stop and bool(from_scope) == bool(provider):
        raise click.UsageError("say who meets it: --from-scope or --provider")
    how = None
    if not stop:
        kept = tuple(one.removeprefix("#") for one in retains)
        how = Inheritance(scope=from_scope, provider=provider, service=service, retains=kept, note=note)
    deed = "meet {} here" if stop else f"inherit {{}} from {from_scope or provider}"
    _judge(ctx, controls, scope, deed, lambda one: msgspec.structs.replace(one, inherits=how))


@applicability.command()
@click.argument("question", required=False)
@click.argument("answer", required=False)
@_scope
@click.option("--reason", help="What goes with the answer.")
@click.option("--from", "table", type=click.Path(), metavar="FILE.csv", help="Columns: question, answer, reason.")
@click.option("-s", "--standard", default="", help="The standard whose questions the table answers.")
@click.pass_context
def answer(
    ctx: click.Context,
    question: str | None,
    answer: str | None,
    scope: str,
    reason: str | None,
    table: str | None,
    standard: str,
) -> None:
    """Answer a QUESTION, or many from a table. An empty answer takes it back.

    \b
    compliance applicability answer cyber-essentials:A4.1 yes
    compliance applicability answer --from answers.csv -s cyber-essentials
    """
    if table:
        if question is not None:
            raise click.UsageError("--from does not go with a question: the table has them")
        _from_table(ctx, table, standard, scope)
        return
    if question is None or answer is None:
        raise click.UsageError("say the question and its answer, or --from FILE.csv")
    fields = {"answer": answer} | ({} if reason is None else {"reason": reason})
    _judge(ctx, (question,), scope, "answer {}", lambda one: msgspec.structs.replace(one, **fields))


@applicability.command()
@click.argument("outcome")
@_scope
@click.option(
    "--indicators",
    "indicators",
    multiple=True,
    metavar="LEVEL=NUMBERS",
    help="Which are true: achieved=1,3-5, or all, or none (again for more).",
)
@click.option("--override", type=LEVEL, help="The level, other than the indicators give.")
@click.option("--justification", help="Why it is overridden.")
@click.option("--no-override", is_flag=True, help="Take the override away.")
@click.pass_context
def level(
    ctx: click.Context,
    outcome: str,
    scope: str,
    indicators: tuple[str, ...],
    override: Level | None,
    justification: str | None,
    no_override: bool,
) -> None:
    """Judge how far an OUTCOME is achieved: by its indicators, or against them with a justification.

    \b
    compliance applicability level caf:A1.a --indicators not-achieved=none --indicators achieved=all
    compliance applicability level caf:A2.a --override partially-achieved --justification "New process since May"
    """
    from compliance.domain.levels import level_of
    from compliance.operations.indicators import with_answers

    if no_override and (override or justification):
        raise click.UsageError("--no-override does not go with --override or --justification")
    if not (indicators or override or justification or no_override):
        raise click.UsageError("nothing to judge: say --indicators or --override")

    def judged(one: Statement, catalogue: Catalogue) -> Statement:
        after = with_answers(one, catalogue, indicators)
        if no_override:
            return msgspec.structs.replace(after, level=None, justification="")
        return msgspec.structs.replace(
            after, level=override or after.level, justification=justification or after.justification
        )

    now, control = _judge_one(ctx, outcome, scope, "judge {}", judged)
    click.echo(f"  {printable(level_of(now.of(control.id), control).said)}")


@applicability.command()
@click.argument("identifier", metavar="STANDARD|ID")
@_scope
@click.option("--version", required=True, help="The version, as the certificate will cite it.")
@click.option("--by", required=True, help="Who approves it.")
@click.option("--on", type=DAY, help="The day; today if not said.")
@click.pass_context
def approve(ctx: click.Context, identifier: str, scope: str, version: str, by: str, on: dt.date | None) -> None:
    """Record that somebody approves the statement as it stands. A later change of it will show."""
    from compliance.operations import applicability as operation

    workspace = workspace_of(ctx)
    ledger, now = ledger_at(workspace, None)
    soa, catalogue = operation.find_statement(ledger, identifier, scope)
    day = on or now
    if day > now:
        raise refuse(f"{day} is yet to come", hint="an approval is recorded once it is given")
    approved, committed = operation.approve(workspace, ledger, soa, version, by, day)
    say_notes(committed.notes)
    click.echo(f"Recorded {approved.id}: version {version} of {catalogue.name}, {soa.scope}, approved by {by} on {day}")


@applicability.command(name="list")
@click.option("--json", "json_", is_flag=True, help="Print JSON.")
@click.pass_context
def list_(ctx: click.Context, json_: bool) -> None:
    """List the statements with their version and approval."""
    from compliance.reports import applicability as report

    ledger, _ = ledger_at(workspace_of(ctx), None)
    code = told(ledger.problems)
    there = sorted(ledger.applicability, key=lambda one: (str(one.standard), one.scope, one.id))
    click.echo(as_json(report.list_as_plain(there)) if json_ else report.list_as_text(there, width()))
    ctx.exit(code)


@applicability.command()
@click.argument("identifier", metavar="STANDARD|ID")
@_scope
@click.option("--on", type=DAY, help="With the evidence as it stands on this day.")
@click.option("--json", "form", flag_value="json", help="Print JSON.")
@click.option("--csv", "form", flag_value="csv", help="Print CSV, to fill in and read with set --from.")
@click.pass_context
def show(ctx: click.Context, identifier: str, scope: str, on: dt.date | None, form: str | None) -> None:
    """Show a statement: every control in scope, what was decided, and how it stands by what is filed."""
    from compliance.domain.standing import stand
    from compliance.operations.applicability import find_statement
    from compliance.reports import applicability as report

    ledger, known = ledger_at(workspace_of(ctx), None)
    code = told(ledger.problems)
    soa, catalogue = find_statement(ledger, identifier, scope)
    chosen = chosen_scopes(ledger, (soa.scope,))
    ahead = Duration(0, Unit.DAY)
    standing = stand(ledger, chosen, frozenset({catalogue.name}), on or known, known, ahead, looking_ahead=False)
    stated = next((one for one in report.statements_of(standing) if one.id == soa.id), None)
    if stated is None:
        hint = "put it to use there in compliance.toml, or remove the statement"
        raise refuse(f"{catalogue.name} is not in use for {soa.scope}", hint=hint)
    if form == "json":
        click.echo(as_json(report.as_plain(stated)))
    else:
        click.echo(report.as_csv(stated) if form else report.as_text(stated, width()), nl=not form)
    ctx.exit(code)


@applicability.command()
@click.argument("identifier", metavar="STANDARD|ID")
@_scope
@click.pass_context
def edit(ctx: click.Context, identifier: str, scope: str) -> None:
    """Edit a statement in your editor: checked, then committed."""
    from compliance.operations.applicability import find_statement

    workspace = workspace_of(ctx)
    ledger, _ = ledger_at(workspace, None)
    soa, _ = find_statement(ledger, identifier, scope)
    edited_by_hand(workspace, ledger, APPLICABILITY, soa)


def _judge(
    ctx: click.Context, texts: Sequence[str], scope: str, deed: str, change: Callable[[Statement], Statement]
) -> None:
    """Changes what is stated of the controls that are named."""
    from compliance.operations import applicability as operation

    workspace = workspace_of(ctx)
    ledger, _ = ledger_at(workspace, None)
    catalogue, controls = operation.controls_named(ledger, texts)
    soa, _ = operation.find_statement(ledger, str(catalogue.name), scope)
    _record(workspace, ledger, soa, catalogue, dict.fromkeys(controls, change), deed)


def _judge_one(
    ctx: click.Context, text: str, scope: str, deed: str, change: Callable[[Statement, Catalogue], Statement]
) -> tuple[Applicability, Control]:
    """The same for a single control, by what its catalogue says of it."""
    from compliance.domain.lookup import find_control
    from compliance.operations import applicability as operation

    workspace = workspace_of(ctx)
    ledger, _ = ledger_at(workspace, None)
    _, catalogue, control = find_control(ledger, text)
    soa, _ = operation.find_statement(ledger, str(catalogue.name), scope)
    now = _record(workspace, ledger, soa, catalogue, {control.id: lambda one: change(one, catalogue)}, deed)
    return now, control


def _from_table(ctx: click.Context, table: str, standard: str, scope: str) -> None:
    from compliance.operations import applicability as operation
    from compliance.operations.judgement_table import judgements_in

    if not standard:
        raise click.UsageError("say whose controls the table lists: -s STANDARD")
    workspace = workspace_of(ctx)
    ledger, _ = ledger_at(workspace, None)
    soa, catalogue = operation.find_statement(ledger, standard, scope)
    changes = judgements_in(Path(table), catalogue)
    _record(workspace, ledger, soa, catalogue, changes, "judge {} by a table")


def _record(
    workspace: Workspace, ledger: Ledger, soa: Applicability, catalogue: Catalogue, changes: Any, deed: str
) -> Applicability:
    from compliance.operations import applicability as operation

    altered = operation.altered(soa, changes)
    done = deed.replace("{}", operation.named_briefly(altered))
    now, committed = operation.judge(workspace, ledger, soa, catalogue, changes, done)
    if committed is None:
        click.echo("Nothing changed.")
        return now
    say_notes(committed.notes)
    click.echo(f"Recorded {now.id}: {done}")
    return now
