"""The people register: who somebody is, by whatever address, and which posts he or she holds."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Annotated

import msgspec

from compliance.domain.registers.parts.faults import Fault, unknown_scope
from compliance.domain.registers.parts.register import Filed, LedgerView, Listing, Register
from compliance.domain.terms.vocabulary import Attribution, person_key


class HeldPost(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A post that somebody holds, or holds for another who is away."""

    post: str
    scope: Annotated[tuple[str, ...], msgspec.Meta(description="Empty: every scope.")] = ()
    from_: Annotated[dt.date, msgspec.Meta(description="The first day in it.")] = msgspec.field(name="from")
    until: Annotated[dt.date | None, msgspec.Meta(description="The last day in it.")] = None
    deputy: Annotated[bool, msgspec.Meta(description="Whether it is held for whoever holds it.")] = False

    def is_held(self, day: dt.date) -> bool:
        """Whether the day lies between its first and its last."""
        return self.from_ <= day and (self.until is None or day <= self.until)

    def covers(self, scope: str) -> bool:
        return not self.scope or scope in self.scope


class Person(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """Somebody who records, owns or approves, or a mailbox that several share."""

    id: str
    name: str
    addresses: Annotated[
        tuple[str, ...], msgspec.Meta(description="Every address that git, mail or a sign-in has; the main one first.")
    ]
    shared: Annotated[bool, msgspec.Meta(description="A mailbox: it may be notified and may file, never approve.")] = (
        False
    )
    posts: tuple[HeldPost, ...] = ()
    note: str = ""
    recorded: Attribution | None = None

    @property
    def full_name(self) -> str:
        """The name with the main address, as git writes it."""
        return f"{self.name} <{self.addresses[0]}>" if self.addresses else self.name

    def holds(self, post: str, scope: str, day: dt.date) -> bool:
        """Whether the post is held or deputised for in the scope on the day."""
        return any(
            same_post(holding.post, post) and holding.covers(scope) and holding.is_held(day) for holding in self.posts
        )

    def has_left(self, day: dt.date) -> bool:
        """Whether every post that was ever held has ended before the day."""
        return bool(self.posts) and all(holding.until is not None and holding.until < day for holding in self.posts)


def same_post(post: str, other: str) -> bool:
    """Whether two texts name one post: case and spaces do not matter."""
    return post.casefold().split() == other.casefold().split()


class Directory:
    """Everybody in the register, found by any address or, where there is one of that name alone, by the name."""

    def __init__(self, people: Iterable[Person]) -> None:
        self._people = tuple(people)
        self._by_key: dict[str, Person] = {}
        for person in self._people:
            for address in person.addresses:
                self._by_key.setdefault(person_key(address), person)

    def find(self, text: str) -> Person | None:
        """The person of `Name <address>`, of an address, or of a name that one person has; None if there is none."""
        person = self._by_key.get(person_key(text))
        if person is not None or "@" in text:
            return person
        named = [each for each in self._people if each.name.casefold() == text.strip().casefold()]
        return named[0] if len(named) == 1 else None

    def canonical(self, text: str) -> str:
        """`Name <address>` as the register has it, so that one person is one however many addresses; else the text."""
        person = self._by_key.get(person_key(text))
        return person.full_name if person else text

    def holders(self, post: str, scope: str, day: dt.date) -> list[Person]:
        """Who holds or deputises for a post in a scope on a day."""
        return [person for person in self._people if person.holds(post, scope, day)]

    def is_post(self, text: str) -> bool:
        """Whether anybody ever held a post of that name."""
        return any(same_post(holding.post, text) for person in self._people for holding in person.posts)

    @property
    def posts(self) -> tuple[str, ...]:
        """Every post that anybody ever held, by name."""
        return tuple(sorted({holding.post for person in self._people for holding in person.posts}))


def inspect(ledger: LedgerView, person: Person) -> Iterator[Fault]:
    """What is wrong in a person: what is no address, posts out of order or twice at once, an unknown scope."""
    if not person.addresses:
        yield Fault(("id",), "has no address", "write it: “addresses: [name@example.org]”")
    for number, address in enumerate(person.addresses):
        if "@" not in address.strip("@") or address.split() != [address] or "<" in address:
            hint = "write the address alone, like name@example.org"
            yield Fault(("addresses", number), f"“{address}” is no address", hint)
    for number, holding in enumerate(person.posts):
        if holding.until and holding.until < holding.from_:
            sentence = f"the post {holding.post} ends on {holding.until}, before it begins on {holding.from_}"
            yield Fault(("posts", number, "until"), sentence, "correct one of the two days")
        for place, scope in enumerate(holding.scope):
            yield from unknown_scope(ledger, ("posts", number, "scope", place), scope)
        for other in person.posts[:number]:
            if _overlap(holding, other):
                sentence = f"holds the post {holding.post} twice at once"
                yield Fault(("posts", number), sentence, "let the later one begin when the earlier one has ended")


def inspect_together(_ledger: LedgerView, filed: Sequence[Filed[Person]]) -> Iterator[tuple[str, Fault]]:
    """A fault, with its file, where two people have one address, or hold one post in one scope at once."""
    owners: dict[str, Person] = {}
    holdings: list[tuple[Person, HeldPost]] = []
    for entry in filed:
        person = entry.record
        for number, address in enumerate(person.addresses):
            other = owners.setdefault(person_key(address), person)
            if other is not person:
                sentence = f"{address} is the address of {other.name} ({other.id}) too"
                yield entry.file, Fault(("addresses", number), sentence, "an address belongs to one person: remove one")
        for number, holding in enumerate(person.posts):
            for other, held in holdings:
                if _overlap(holding, held):
                    sentence = f"{other.name} ({other.id}) holds the post {holding.post} at the same time"
                    hint = "give the day on which one of the two ends, or write “deputy: true”"
                    yield entry.file, Fault(("posts", number), sentence, hint)
        holdings += [(person, holding) for holding in person.posts]


def _overlap(holding: HeldPost, other: HeldPost) -> bool:
    """Whether two holdings, neither as a deputy, are of one post in one scope on one day."""
    if holding.deputy or other.deputy or not same_post(holding.post, other.post):
        return False
    apart = holding.scope and other.scope and set(holding.scope).isdisjoint(other.scope)
    last = min(holding.until or dt.date.max, other.until or dt.date.max)
    return not apart and max(holding.from_, other.from_) <= last


def _named(holding: HeldPost) -> str:
    """The post, whether as a deputy, and the scopes that it is limited to."""
    scopes = f", {', '.join(holding.scope)}" if holding.scope else ""
    return f"{holding.post}{' (deputy)' if holding.deputy else ''}{scopes}"


def _row(_ledger: LedgerView, person: Person, on: dt.date) -> Sequence[str]:
    name = f"{person.name}{' (shared mailbox)' if person.shared else ''}"
    posts = "\n".join(_named(holding) for holding in person.posts if holding.is_held(on))
    return (person.id, f"{name}\n{person.addresses[0] if person.addresses else ''}", posts)


def _facts(_ledger: LedgerView, person: Person, on: dt.date) -> Mapping[str, object]:
    return {"holds": [holding.post for holding in person.posts if holding.is_held(on)], "left": person.has_left(on)}


PEOPLE = Register(
    name="person",
    plural="people",
    command="people",
    prefix="H",
    place=12,
    summary="Who somebody is, by whatever address, and which posts are held.",
    record=Person,
    inspect=inspect,
    inspect_together=inspect_together,
    listing=Listing(
        headings=("Id", "Person", "Posts"),
        row=_row,
        order=lambda _ledger, person, _on: person.name.casefold(),
        is_open=lambda _ledger, person, on: not person.has_left(on),
        facts=_facts,
    ),
)
