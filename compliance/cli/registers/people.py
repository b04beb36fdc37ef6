"""`compliance people`: add, post, adopt, leave, list, show, edit."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

import click
import msgspec

from compliance.cli.registers.parts.common_commands import common_commands, note_option
from compliance.cli.registers.parts.recording import change, file_record
from compliance.cli.session import Session, open_session, show_problems
from compliance.cli.values import DAY, LINE, TEXT
from compliance.domain.registers.people import PEOPLE, HeldPost
from compliance.problems import counted, printable

if TYPE_CHECKING:
    from compliance.operations.registers.staffing import Handover

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


@people.command()
@click.argument("owner", metavar="OWNER", type=LINE)
@click.argument("post", metavar="POST", type=LINE)
@click.option("--dry-run", is_flag=True, help="Say what it would do, and write nothing.")
@click.pass_context
def adopt(ctx: click.Context, owner: str, post: str, *, dry_run: bool) -> None:
    """Let POST own everything that records say OWNER owns, in whatever words, in one commit.

    \b
    compliance people adopt "A. Head (ICT)" "Head of ICT"
    """
    from compliance.operations.registers.staffing import adoption

    session = open_session(ctx)
    _hand_over(session, adoption(session.workspace, session.ledger, owner, post), f"{owner} is {post}", dry_run=dry_run)


@people.command()
@click.argument("person", metavar="PERSON")
@click.option("--on", type=DAY, help="The last day; today if none is named.")
@click.option("--to", "successor", required=True, metavar="PERSON", help="Who takes over.")
@click.option("--dry-run", is_flag=True, help="Say what it would do, and write nothing.")
@click.pass_context
def leave(ctx: click.Context, person: str, on: dt.date | None, successor: str, *, dry_run: bool) -> None:
    """Say that PERSON leaves, and hand over what he or she holds, owns and promised, in one commit.

    Every post passes on from the next day; approvals that were given in post stand, later ones count for nothing.

    \b
    compliance people leave a.head@example.org --on 2026-09-30 --to b.clerk@example.org
    """
    from compliance.operations.registers.staffing import departure, find_person

    session = open_session(ctx)
    leaver, follower = (find_person(session.ledger, text) for text in (person, successor))
    day = on or session.day
    handover = departure(session.workspace, session.ledger, leaver, follower, day)
    for post in handover.posts:
        click.echo(f"{follower.name} holds the post {post} from {day + dt.timedelta(days=1)} on")
    _hand_over(session, handover, f"{leaver.name} leaves on {day}, {follower.name} takes over", dry_run=dry_run)


def _hand_over(session: Session, handover: Handover, deed: str, *, dry_run: bool) -> None:
    """Shows what is handed over and what is left to do by hand, and commits it."""
    from compliance.operations.registers.staffing import hand_over

    for file in handover.owned:
        times = f", {file.times} times" if file.times > 1 else ""
        click.echo(f"  {printable(file.title or file.path)}{times}")
    if dry_run:
        click.echo(f"Would change {counted(len(handover.texts), 'file')}")
    elif handover.texts:
        committed = hand_over(session.workspace, session.ledger, handover, deed)
        show_problems(committed.notes)
        click.echo(f"Recorded in {counted(len(handover.texts), 'file')}: {deed}")
    show_problems(handover.by_hand)


common_commands(people, PEOPLE)
