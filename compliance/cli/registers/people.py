"""`compliance people`: add, post, list, show, edit."""

from __future__ import annotations

import datetime as dt

import click
import msgspec

from compliance.cli.registers.parts.common_commands import common_commands, note_option
from compliance.cli.registers.parts.recording import change, file_record
from compliance.cli.session import open_session
from compliance.cli.values import DAY, LINE, TEXT
from compliance.domain.registers.people import PEOPLE, HeldPost

post_scope_option = click.option(
    "--scope", "scopes", multiple=True, metavar="SCOPE", help="The scope it is held in (again for more; none: all)."
)


@click.group()
def people() -> None:
    """Who somebody is, by whatever address, and which posts are held.

    Owners are posts: whoever holds one on a day answers for what it owns.
    """


@people.command()
@click.argument("name", type=LINE)
@click.option(
    "--address", "addresses", type=TEXT, multiple=True, required=True, help="As git, mail or a sign-in has it (again)."
)
@click.option("--shared", is_flag=True, help="A mailbox that several use: it may file and be notified, never approve.")
@click.option("--post", default="", metavar="POST", help="A post that is held, from today if --from names no day.")
@click.option("--from", "from_", type=DAY, help="The first day in the post.")
@post_scope_option
@note_option
@click.pass_context
def add(
    ctx: click.Context,
    /,
    post: str,
    from_: dt.date | None,
    scopes: tuple[str, ...],
    **fields: object,
) -> None:
    """Record a person by NAME and addresses: one person, however many addresses.

    \b
    compliance people add "A. Head" --address a.head@example.org --post "Head of ICT"
    """
    session = open_session(ctx)
    posts = (HeldPost(post=post, scope=scopes, from_=from_ or session.day),) if post else ()
    file_record(session, PEOPLE, {**fields, "posts": posts})


@people.command()
@click.argument("person", metavar="PERSON")
@click.argument("post", metavar="POST", type=LINE)
@click.option("--from", "from_", type=DAY, help="The first day in it; today if none is named.")
@click.option("--until", type=DAY, help="The last day in it, also of a post that is held already.")
@post_scope_option
@click.option("--deputy", is_flag=True, help="It is held for whoever holds it and is away.")
@click.pass_context
def post(
    ctx: click.Context,
    person: str,
    post: str,
    from_: dt.date | None,
    until: dt.date | None,
    scopes: tuple[str, ...],
    *,
    deputy: bool,
) -> None:
    """Say that PERSON holds POST, or with --until alone, that it ends. PERSON is an id, an address or a name.

    \b
    compliance people post a.head@example.org "Head of ICT" --from 2026-04-01
    compliance people post a.head@example.org "Head of ICT" --until 2026-09-30
    """
    from compliance.operations.registers.staffing import ended, find_person

    session = open_session(ctx)
    before = find_person(session.ledger, person)
    if until and from_ is None:
        after = ended(before, post, scopes, until)
        deed = f"{post} until {until}"
    else:
        held = HeldPost(post=post, scope=scopes, from_=from_ or session.day, until=until, deputy=deputy)
        after = msgspec.structs.replace(before, posts=(*before.posts, held))
        deed = f"{post}{' as deputy' if deputy else ''} from {held.from_}"
    change(session, PEOPLE, before, after, deed)
    click.echo(f"Recorded {before.id}  {before.name}: {deed}")


common_commands(people, PEOPLE)
