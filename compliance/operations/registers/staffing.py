"""People and posts: who is meant, what ends, and what is handed over when somebody leaves."""

from __future__ import annotations

import datetime as dt

import msgspec

from compliance.domain.ledger.ledger import Ledger
from compliance.domain.registers.people import PEOPLE, Directory, Person, same_post
from compliance.operations.registers.registering import find_record
from compliance.problems import choice_hint, refuse


def find_person(ledger: Ledger, text: str) -> Person:
    """The person of an id, an address or a name that one person has. Raises Refused if there is none."""
    people = ledger.of(PEOPLE)
    person = Directory(people).find(text)
    if person is not None:
        return person
    if "@" not in text and text.upper().startswith(f"{PEOPLE.prefix}-"):
        found: Person = find_record(ledger, PEOPLE, text)
        return found
    names = [person.name for person in people]
    if names.count(text) > 1:
        raise refuse(f"{names.count(text)} people are called {text}", hint="name one by address or id")
    hint = choice_hint(text, names, otherwise="record the person: compliance people add NAME --address ADDRESS")
    raise refuse(f"nobody in the people register is {text}", hint=hint)


def ended(person: Person, post: str, scopes: tuple[str, ...], until: dt.date) -> Person:
    """The person with a post ended on a day. Raises Refused where no such post is open, or two are."""
    fitting = [
        held
        for held in person.posts
        if same_post(held.post, post)
        and (not scopes or held.scope == scopes)
        and held.from_ <= until
        and (held.until is None or held.until >= until)
    ]
    if not fitting:
        posts = [held.post for held in person.posts if held.until is None or held.until >= until]
        hint = choice_hint(post, posts, otherwise=f"{person.name} holds no post on that day")
        raise refuse(f"{person.name} does not hold the post {post} on {until}", hint=hint)
    if len(fitting) > 1:
        raise refuse(f"{person.name} holds the post {post} in several scopes", hint="say which with --scope")
    now = msgspec.structs.replace(fitting[0], until=until)
    posts_after = tuple(now if held is fitting[0] else held for held in person.posts)
    return msgspec.structs.replace(person, posts=posts_after)
