"""`compliance applicability answer` and `level`, and how every judgement is written down and said."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import click
import msgspec

from compliance.cli.misuse import WrongUse
from compliance.cli.registers.parts.recording import say_notes
from compliance.cli.session import Session, open_session
from compliance.cli.values import Word
from compliance.domain.registers.statements.statement import Applicability, Statement
from compliance.domain.standards.catalogue import Catalogue, Control
from compliance.domain.terms.vocabulary import Level
from compliance.problems import printable

LEVEL = Word("level", Level)
scope_option = click.option("--scope", default="", help="In which scope; the only one with a statement if not said.")


@click.command()
@click.argument("question", required=False)
@click.argument("answer", required=False)
@scope_option
@click.option("--reason", help="What goes with the answer.")
@click.option(
    "--from", "table", type=click.Path(readable=False), metavar="FILE.csv", help="Columns: question, answer, reason."
)
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
            raise WrongUse("--from does not go with a question: the table has them")
        from_table(ctx, table, standard, scope)
        return
    if question is None or answer is None:
        raise WrongUse("say the question and its answer, or --from FILE.csv")
    fields = {"answer": answer} | ({} if reason is None else {"reason": reason})
    judge(ctx, (question,), scope, "answer {}", lambda statement: msgspec.structs.replace(statement, **fields))


@click.command()
@click.argument("outcome")
@scope_option
@click.option(
    "--indicators",
    "indicators",
    multiple=True,
    metavar="LEVEL=NUMBERS",
    help="Which are true: achieved=1,3-5, or all, or none; or one of them, A.2=yes (again for more).",
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
    compliance applicability level caf:A1.a --indicators NA.2=no --indicators A.4=yes
    compliance applicability level caf:A2.a --override partially-achieved --justification "New process since May"
    """
    from compliance.domain.registers.statements.levels import level_of
    from compliance.operations.registers.indicators import with_answers

    if no_override and (override or justification):
        raise WrongUse("--no-override does not go with --override or --justification")
    if not (indicators or override or justification or no_override):
        raise WrongUse("nothing to judge: say --indicators or --override")

    def judged(statement: Statement, catalogue: Catalogue) -> Statement:
        after = with_answers(statement, catalogue, indicators)
        if no_override:
            return msgspec.structs.replace(after, level=None, justification="")
        return msgspec.structs.replace(
            after, level=override or after.level, justification=justification or after.justification
        )

    now, control = judge_one(ctx, outcome, scope, "judge {}", judged)
    click.echo(f"  {printable(level_of(now.of(control.id), control).said)}")


def judge(
    ctx: click.Context, texts: Sequence[str], scope: str, deed: str, change: Callable[[Statement], Statement]
) -> None:
    """Changes what is stated of the controls that are named."""
    from compliance.operations.registers import applicability as operation

    session = open_session(ctx)
    catalogue, controls = operation.controls_named(session.ledger, texts)
    soa, _ = operation.find_statement(session.ledger, str(catalogue.name), scope)
    _record(session, soa, catalogue, dict.fromkeys(controls, change), deed)


def judge_one(
    ctx: click.Context, text: str, scope: str, deed: str, change: Callable[[Statement, Catalogue], Statement]
) -> tuple[Applicability, Control]:
    """The same for a single control, by what its catalogue says of it."""
    from compliance.domain.ledger.lookup import find_control
    from compliance.operations.registers import applicability as operation

    session = open_session(ctx)
    _, catalogue, control = find_control(session.ledger, text)
    soa, _ = operation.find_statement(session.ledger, str(catalogue.name), scope)
    now = _record(session, soa, catalogue, {control.id: lambda statement: change(statement, catalogue)}, deed)
    return now, control


def from_table(ctx: click.Context, table: str, standard: str, scope: str) -> None:
    """Changes what is stated of the controls that a table lists."""
    from compliance.operations.registers import applicability as operation
    from compliance.operations.registers.judgement_table import judgements_in

    if not standard:
        raise WrongUse("say whose controls the table lists: -s STANDARD")
    session = open_session(ctx)
    soa, catalogue = operation.find_statement(session.ledger, standard, scope)
    changes = judgements_in(Path(table), catalogue)
    _record(session, soa, catalogue, changes, "judge {} by a table")


def _record(session: Session, soa: Applicability, catalogue: Catalogue, changes: Any, deed: str) -> Applicability:
    from compliance.operations.registers import applicability as operation

    altered = operation.altered(soa, changes)
    said_back = deed.replace("{}", operation.named_briefly(altered))
    now, committed = operation.judge(session.workspace, session.ledger, soa, catalogue, changes, said_back)
    if committed is None:
        click.echo("Nothing changed.")
        return now
    say_notes(committed.notes)
    click.echo(f"Recorded {now.id}: {said_back}")
    return now
