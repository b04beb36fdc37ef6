"""What the registers' commands share: `list`, `show` and `edit`, and options that many of them take."""

from __future__ import annotations

import datetime as dt
import os
import sys
from collections.abc import Callable, Mapping
from typing import Annotated, Any

import click

from compliance.cli.options import answers, stands_on
from compliance.cli.registers.parts.recording import open_record, say_notes
from compliance.cli.session import Session, chosen_scopes, read_session, width
from compliance.domain.due.agenda import owner_matches
from compliance.domain.ledger.ledger import Ledger
from compliance.domain.registers.parts.register import Register
from compliance.problems import Problem, Refused, Severity
from compliance.reports.parts.answers import as_json

Page = Callable[[Ledger, Any, dt.date, Mapping[str, Any], int], str]
"""Lays out a record that is more than fields for the terminal, from its facts and a width."""
Details = Callable[[Ledger, Any, dt.date], Mapping[str, Any]]


scope_option = click.option(
    "--scope", "scope", multiple=True, metavar="SCOPE", help="The scope it touches (again for more; none: all)."
)
control_option = click.option(
    "-c", "--control", "controls", multiple=True, metavar="CONTROL", help="A control it touches (again for more)."
)
owner_option = click.option("--owner", default="", help="Who answers for it.")
note_option = click.option("--note", default="", help="Anything else worth keeping.")

ScopesTouched = Annotated[tuple[str, ...], scope_option]
ControlsTouched = Annotated[tuple[str, ...], control_option]
Owner = Annotated[str, owner_option]
Note = Annotated[str, note_option]


def common_commands(
    group: click.Group, register: Register[Any], page: Page | None = None, details: Details | None = None
) -> None:
    """Gives a register's group its `list`, `show` and `edit`.

    `page` lays out what `show` prints, where that is more than fields; `details` are then for JSON.
    """
    _list_command(group, register)
    _show_command(group, register, page, details or register.listing.details)
    _edit_command(group, register)


def reports() -> Any:
    """The module of what registers answer with, imported when it is needed."""
    from compliance.reports.registers import registers

    return registers


def _list_command(group: click.Group, register: Register[Any]) -> None:
    fields, listing = register.record.__struct_fields__, register.listing

    @stands_on
    @answers(lambda: reports().list_type(register))
    @click.pass_context
    def list_(
        ctx: click.Context, on: dt.date | None, json_: bool, every: bool = False, scope: str = "", owner: str = ""
    ) -> None:
        from compliance.reports.registers import registers as report

        session = read_session(ctx)
        ledger, day = session.ledger, on or session.day
        if scope:
            chosen_scopes(ledger, (scope,))
        records = [
            record
            for record in ledger.of(register)
            if (every or listing.is_open(ledger, record, day))
            and (not scope or not record.scope or scope in record.scope)
            and owner_matches(record.owner if owner else "", owner)
        ]
        records.sort(key=lambda record: (listing.order(ledger, record, day), record.id))
        if json_:
            facts = {record.id: listing.facts(ledger, record, day) for record in records}
            click.echo(as_json(report.list_view(register, records, facts)))
        elif records:
            rows = [listing.row(ledger, record, day) for record in records]
            click.echo(report.list_as_text(listing.headings, rows, width(), listing.right))
        else:
            total = len(ledger.of(register))
            click.echo(report.none_as_text(register, total, every or not listing.closes, bool(scope or owner)))
        ctx.exit(session.code)

    # Only what a register has can be asked for: an event has no owner, and a provider is of every scope.
    if "owner" in fields:
        click.option("--owner", default="", help="Only what this person answers for.")(list_)
    if "scope" in fields:
        click.option("--scope", default="", metavar="SCOPE", help="Only what touches this scope.")(list_)
    click.option("--all", "every", is_flag=True, help="Closed ones too.", hidden=not listing.closes)(list_)
    summary = f"List each open {register.name}, or every one." if listing.closes else f"List each {register.name}."
    group.command(name="list", help=summary)(list_)


def _show_command(group: click.Group, register: Register[Any], page: Page | None, details: Details) -> None:
    @group.command(name="show", help=f"Show one {register.name} in full.")
    @click.argument("identifier", metavar="ID")
    @stands_on
    @answers(lambda: reports().shown_type(register))
    @click.pass_context
    def show(ctx: click.Context, identifier: str, on: dt.date | None, json_: bool) -> None:
        from compliance.operations.registers.registering import find_record
        from compliance.reports.registers import registers as report

        session = read_session(ctx)
        ledger, day = session.ledger, on or session.day
        record = find_record(ledger, register, identifier)
        facts, more = register.listing.facts(ledger, record, day), details(ledger, record, day)
        if json_:
            click.echo(as_json(report.view(register, record, {**facts, **more})))
        elif page:
            click.echo(page(ledger, record, day, facts, width()))
        else:
            click.echo(report.as_text(record, {**facts, **more}, width()))
        ctx.exit(session.code)


def _edit_command(group: click.Group, register: Register[Any]) -> None:
    @group.command(name="edit", help=f"Edit one {register.name} in your editor: checked, then committed.")
    @click.argument("identifier", metavar="ID")
    @click.pass_context
    def edit(ctx: click.Context, identifier: str) -> None:
        session, record = open_record(ctx, register, identifier)
        edited_by_hand(session, register, record)


def edited_by_hand(session: Session, register: Register[Any], record: Any) -> None:
    """Opens a record's file in the editor until `check` would take it, and commits it. Raises Refused if given up."""
    from compliance.operations.registers.registering import file_of, write_text

    path, data = file_of(session.workspace, register, record.id)
    text = data.decode()
    while True:
        try:
            written = click.edit(text, extension=".yaml")
        except (click.ClickException, ValueError):  # ValueError: quotation marks in its name, or other than UTF-8 saved
            kept = _kept(text, record.id) if text.encode() != data else []
            editor = " ".join(("the editor", os.environ.get("VISUAL") or os.environ.get("EDITOR") or "")).strip()
            sentence = f"{editor} could not be run, or failed"
            hint = "nothing was recorded; name another editor with the variable EDITOR, such as EDITOR=nano"
            raise Refused([Problem(sentence, hint=hint), *kept]) from None
        if written is None or written.encode() == data:
            click.echo("Nothing changed.")
            return
        message = f"{register.name}: edit {record.id}"
        try:
            committed = write_text(
                session.workspace, session.ledger, register, record.id, path, written.encode(), message
            )
        except Refused as refusal:
            if not (sys.stdin.isatty() and _again(refusal)):
                raise Refused([*refusal.problems, *_kept(written, record.id)]) from None
            text = written
            continue
        say_notes(committed.notes)
        click.echo(f"Recorded {record.id}")
        return


def _again(refusal: Refused) -> bool:
    for problem in refusal.problems:
        click.echo(problem.render(), err=True)
    return click.confirm("Open it again?", default=True, err=True)


def _kept(written: str, identifier: str) -> list[Any]:
    """What was typed is never lost: it is kept beside, and said where."""
    import tempfile

    with tempfile.NamedTemporaryFile(
        "w", prefix=f"{identifier}-", suffix=".yaml", delete=False, encoding="utf-8"
    ) as file:
        file.write(written)
    sentence = "nothing was recorded; what you wrote is kept in " + file.name
    return [Problem(sentence, severity=Severity.WARNING)]
