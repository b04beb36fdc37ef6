"""`compliance plan`."""

from __future__ import annotations

import datetime as dt
from typing import Annotated

import click
import msgspec

from compliance.cli.options import Scopes, SeenFrom, Standards, answering, options
from compliance.cli.session import chosen_scopes, chosen_standards, read_session, width
from compliance.domain.ledger.lookup import must_judge
from compliance.problems import refuse
from compliance.reports.parts.answers import as_json

SHOWN = 15


class PlanOptions(msgspec.Struct, frozen=True):
    """For what the plan is made, from which day, and for which day."""

    standards: Standards
    scopes: Scopes
    on: SeenFrom
    before: Annotated[dt.date | None, "Judge every standard on this day, not on its own next deadline."]


@click.command()
@options(PlanOptions)
@click.option("--all", "every", is_flag=True, help="Every piece, with every control that it serves.")
@click.option("--json", "form", flag_value="json", help="Print JSON.")
@click.option("--csv", "form", flag_value="csv", help="Print CSV.")
@answering("reports.plan.plan:PlanAnswer")
@click.pass_context
def plan(ctx: click.Context, plan_options: PlanOptions, every: bool, form: str | None) -> None:
    """The fewest pieces of evidence that close the most gaps before each standard is looked at next.

    Judged on the day of the next submission, audit or expiry, as it will stand then: what is fresh today and will be
    too old is in it. Each step has its day and how long it serves; what has to be done again before then is listed
    again. What may serve related controls is told apart as likely. With --all, each step has its command.
    """
    from compliance.domain.planning.planning import plan as planned
    from compliance.reports.parts.wording import unread
    from compliance.reports.plan import plan as report

    session = read_session(ctx)
    day = plan_options.on or session.day
    if plan_options.before and plan_options.before < day:
        raise refuse(f"{plan_options.before} has passed", hint="name a day to come")
    must_judge(session.ledger)
    scopes = chosen_scopes(session.ledger, plan_options.scopes)
    standards = frozenset(str(name) for name in chosen_standards(session.ledger, plan_options.standards))
    evidence_plan = planned(session.ledger, scopes, standards, day, plan_options.before)
    match form:
        case "json":
            click.echo(as_json(report.answer(evidence_plan, day)))
        case "csv":
            click.echo(report.as_csv(evidence_plan), nl=False)
        case _:
            limit = None if every else SHOWN
            ended = [
                f"{scope.id} ended on {scope.end}: nothing is planned there" for scope in scopes if scope.has_ended(day)
            ]
            lacking = "\n".join(filter(None, (unread(session.ledger), *ended)))
            click.echo(report.as_text(evidence_plan, width(), limit, every, lacking))
    ctx.exit(session.code)
