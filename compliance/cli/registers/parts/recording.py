"""How commands open, file and change records of the registers, and what they say of it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any

import click

from compliance.cli.session import Session, open_session
from compliance.domain.registers.parts.promises import Promise
from compliance.domain.registers.parts.register import Register
from compliance.domain.terms.references import Reference
from compliance.problems import must_not_be_future, printable

_LONGEST = 120
"""How much of a title is said back."""


def open_record(ctx: click.Context, register: Register[Any], identifier: str) -> tuple[Session, Any]:
    """Opens the workspace to change a record. Raises Refused, with the nearest there is, for an id that is none."""
    from compliance.operations.registers.registering import find_record

    session = open_session(ctx)
    return session, find_record(session.ledger, register, identifier)


def file_record(session: Session, register: Register[Any], options: Mapping[str, Any]) -> Any:
    """Files a new record of what was typed, says so, and gives the record as filed.

    An option that has the name of a field becomes that field; None leaves the field's default. Raises Refused for a
    control or a day that cannot be, or with what `check` would say of the record.
    """
    fields = _fields(session, register, options)
    (record,) = file_records(session, register, [register.record(id="", **fields)])
    return record


def _fields(session: Session, register: Register[Any], options: Mapping[str, Any]) -> dict[str, Any]:
    """The fields of a new record: controls and other records as they are written, days of today and promises filled."""
    from compliance.domain.registers.parts.registry import BY_PLURAL
    from compliance.operations.registers.registering import named

    names = register.record.__struct_fields__
    fields = {name: options[name] for name in names if options.get(name) is not None}
    if "raised" in options:
        fields["raised"] = happened_on(session, options["raised"])
    for name in register.happened:
        happened_on(session, fields.get(name))
    for name, plural in register.names.items():
        if isinstance(fields.get(name), tuple):
            fields[name] = named(fields[name], BY_PLURAL[plural])
        elif fields.get(name) and fields[name] not in {record.id for record in session.ledger.of(BY_PLURAL[plural])}:
            (fields[name],) = named([fields[name]], BY_PLURAL[plural])
    if "controls" in fields:
        fields["controls"] = references(session, fields["controls"])
    if "promised" in names:
        fields["promised"] = promises_of(session, options.get("due"))
    return fields


def file_records(
    session: Session, register: Register[Any], records: Sequence[Any], notes: Sequence[Any] = ()
) -> list[Any]:
    """Files new records in one commit, says which, and gives them as filed; `notes` are shown after the commit's."""
    from compliance.operations.registers.registering import add_records
    from compliance.reports.parts.terminal import cut

    filed, committed = add_records(session.workspace, session.ledger, register, records, session.day)
    say_notes((*committed.notes, *notes))
    for record in filed:
        name = getattr(record, "title", "") or getattr(record, "name", "")
        click.echo(f"Recorded {record.id}  {cut(printable(name), _LONGEST)}".rstrip())
    return filed


def change(session: Session, register: Register[Any], before: Any, after: Any, deed: str) -> str:
    """Writes a changed record where the old one stands, shows what `check` would warn of, and gives the commit.

    Where nothing differs it says so, and ends the command.
    """
    from compliance.operations.registers.registering import change_record

    if after == before:
        click.echo(f"{before.id} says so already; nothing changed")
        raise click.exceptions.Exit(0)
    committed = change_record(session.workspace, session.ledger, register, before, after, deed)
    say_notes(committed.notes)
    return committed.commit


def say_notes(notes: Sequence[Any]) -> None:
    """Shows what should be known of a change, on stderr."""
    for note in notes:
        click.echo(note.render(), err=True)


def happened_on(session: Session, day: dt.date | None) -> dt.date:
    """The day on which something happened, today if none is named. Raises Refused if it is still to come."""
    must_not_be_future(day, session.day, "record it when it has happened")
    return day or session.day


def who(session: Session) -> str:
    """Who works here, as `Name <address>`. Raises Refused if git does not know."""
    from compliance.operations.registers.registering import committer

    return committer(session.workspace)


def promises_of(session: Session, due: dt.date | None) -> tuple[Promise, ...]:
    """The first promise of a record: made today, by whoever works here; none without a day."""
    return (Promise(due=due, on=session.day, by=who(session)),) if due else ()


def references(session: Session, texts: Sequence[str]) -> tuple[Reference, ...]:
    """The controls that texts name. Raises Refused, with did-you-mean, for what is none in use."""
    from compliance.domain.ledger.lookup import find_control

    return tuple(find_control(session.ledger, text)[0] for text in texts)


def evidence_ids(texts: Sequence[str]) -> tuple[str, ...]:
    """Ids of evidence as a person types them, written as they are recorded."""
    from compliance.domain.terms.identifiers import EVIDENCE, normalised

    return tuple(normalised(text, EVIDENCE) for text in texts)
