"""People and posts: who is meant, what ends, what is handed over when somebody leaves, and owners made posts."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from typing import Any

import msgspec

from compliance.domain.ledger.ledger import Ledger
from compliance.domain.ledger.owners import owned_records
from compliance.domain.ledger.roles import Role, role_of
from compliance.domain.registers.parts.register import Filed
from compliance.domain.registers.people import PEOPLE, HeldPost, Person, inspect_together, same_post
from compliance.domain.terms.durations import add_days
from compliance.gitrepo.process.process import Git
from compliance.gitrepo.reading.reading import blobs, entries
from compliance.ledger.foreseen import foreseen
from compliance.ledger.opening import Workspace
from compliance.operations.committing import Committed, commit_change
from compliance.operations.registers.registering import file_of, find_record
from compliance.problems import Location, Problem, Refused, choice_hint, refuse
from compliance.store.records.records import plain_of
from compliance.store.text.yaml_editing import edited, words_of
from compliance.store.text.yaml_spelling import composed

_YAML = ".yaml"
_NOT_OURS = frozenset({Role.EVIDENCE, Role.MARKDOWN})
"""What is filed is nobody's to change, though it may be YAML."""


def find_person(ledger: Ledger, text: str) -> Person:
    """The person of an id, an address or a name that one person has. Raises Refused if there is none."""
    people = ledger.of(PEOPLE)
    person = ledger.directory.find(text)
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


class Handover(msgspec.Struct, frozen=True):
    """Files as they are to be, with the owners that are changed in each; and what has to be done by hand."""

    texts: Mapping[str, bytes]
    owned: tuple[OwnedFile, ...]
    by_hand: tuple[Problem, ...]
    posts: tuple[str, ...] = ()
    """The posts that are handed over."""


class OwnedFile(msgspec.Struct, frozen=True):
    """A file in which an owner is changed, what it is about, and how often."""

    path: str
    title: str
    times: int


def adoption(workspace: Workspace, ledger: Ledger, owner: str, post: str) -> Handover:
    """Every record that names an owner in these words, as it names a post instead; nothing is written.

    Raises Refused for a post that nobody ever held, and where nothing is owned in these words.
    """
    if not ledger.directory.is_post(post):
        hint = choice_hint(
            post, ledger.directory.posts, otherwise="say who holds it: compliance people post PERSON POST"
        )
        raise refuse(f"nobody holds a post {post}", hint=hint)
    handed_over = _reowned(workspace, ledger, lambda text: same_post(text, owner), post)
    if not handed_over.owned and not handed_over.by_hand:
        hint = choice_hint(owner, sorted(owners_in_use(ledger)), otherwise="no record names an owner")
        raise refuse(f"nothing is owned by “{owner}”", hint=hint)
    return handed_over


def departure(workspace: Workspace, ledger: Ledger, person: Person, successor: Person, on: dt.date) -> Handover:
    """What is handed over when somebody leaves on a day: posts from the next day on, and what is owned by name.

    Nothing is written. Raises Refused where somebody succeeds himself, or is a shared mailbox.
    """
    if person.id == successor.id:
        raise refuse(f"{person.name} cannot take over from {person.name}", hint="name somebody else with --to")
    if successor.shared:
        raise refuse(f"{successor.name} is a shared mailbox, and answers for nothing", hint="name a person with --to")
    directory = ledger.directory

    def is_theirs(owner: str) -> bool:
        found = directory.find(owner)
        return found is not None and found.id == person.id

    handed_over = _reowned(workspace, ledger, is_theirs, successor.name)
    open_posts = [held for held in person.posts if held.until is None or held.until > on]
    leaving = msgspec.structs.replace(
        person,
        posts=tuple(
            msgspec.structs.replace(held, until=on) if held in open_posts and held.from_ <= on else held
            for held in person.posts
            if not (held in open_posts and held.from_ > on)
        ),
    )
    begins = add_days(on, 1)
    taken = tuple(
        HeldPost(post=held.post, scope=held.scope, from_=max(begins, held.from_), until=held.until)
        for held in open_posts
        if not held.deputy
    )
    following = msgspec.structs.replace(successor, posts=(*successor.posts, *taken))
    texts = dict(handed_over.texts)
    for before, now in ((person, leaving), (successor, following)):
        path, data = file_of(workspace, PEOPLE, before.id)
        if before != now:
            texts[path] = edited(data, plain_of(before), plain_of(now))
    if not texts:
        raise refuse(f"{person.name} holds no post on {on}, and owns nothing", hint="there is nothing to hand over")
    return msgspec.structs.replace(handed_over, texts=texts, posts=tuple(held.post for held in taken))


def hand_over(workspace: Workspace, ledger: Ledger, handover: Handover, deed: str) -> Committed:
    """Writes it in one commit. Raises Refused with what would be wrong then."""
    after = foreseen(workspace, ledger, handover.texts)
    wrong = [problem for problem in after.problems if problem.is_error and problem not in ledger.problems]
    problems = [*wrong, *(fault for fault in _people_faults(after) if fault.is_error)]
    if problems:
        raise Refused(problems)
    return commit_change(workspace.place, {}, handover.texts, f"people: {deed}\n")


def owners_in_use(ledger: Ledger) -> Counter[str]:
    """How many records name each owner, in whatever words."""
    counts: Counter[str] = Counter()
    for owner, _ in owned_records(ledger):
        counts[owner] += 1
    return counts


def _people_faults(ledger: Ledger) -> Iterator[Problem]:
    filed = [Filed(person.id, person) for person in ledger.of(PEOPLE)]
    for entry in filed:
        for fault in PEOPLE.inspect(ledger, entry.record):
            yield Problem(f"{entry.record.name}: {fault.sentence}", hint=fault.hint, severity=fault.severity)
    for file, fault in inspect_together(ledger, filed):
        name = next(entry.record.name for entry in filed if entry.file == file)
        yield Problem(f"{name}: {fault.sentence}", hint=fault.hint, severity=fault.severity)


def _reowned(workspace: Workspace, ledger: Ledger, is_meant: Callable[[str], bool], owner: str) -> Handover:
    """Each committed file under the roots in which an owner is meant, with another in its place."""
    git = Git(workspace.place)
    roots = ledger.settings.roots
    files = {
        entry.oid: entry.path for entry in entries(git, workspace.commit, list(roots)) if entry.path.endswith(_YAML)
    }
    texts: dict[str, bytes] = {}
    owned = []
    for oid, data in blobs(git, files):
        path = files[oid]
        if b"owner" not in data or role_of(path, roots) in _NOT_OURS:
            continue
        before = words_of(composed(data.decode("utf-8-sig", "replace")))
        now, times = _with_owner(before, is_meant, owner)
        if times:
            texts[path] = edited(data, before, now)
            title = before.get("title") or before.get("name") or "" if isinstance(before, dict) else ""
            owned.append(OwnedFile(path, str(title), times))
    by_hand = tuple(
        Problem(f"is owned by “{item.owner}”, as its front matter says", Location(item.path), f"write “owner: {owner}”")
        for item in ledger.evidence
        if item.owner and is_meant(item.owner) and role_of(item.path, roots) is Role.MARKDOWN and not item.record
    )
    return Handover(texts, tuple(sorted(owned, key=lambda file: file.path)), by_hand)


def _with_owner(value: Any, is_meant: Callable[[str], bool], owner: str) -> tuple[Any, int]:
    """A plain value with each meant owner changed, and how many were."""
    if isinstance(value, dict):
        changed, times = {}, 0
        for key, item in value.items():
            if key == "owner" and isinstance(item, str) and is_meant(item):
                changed[key], more = owner, 1
            else:
                changed[key], more = _with_owner(item, is_meant, owner)
            times += more
        return changed, times
    if isinstance(value, list):
        pairs = [_with_owner(item, is_meant, owner) for item in value]
        return [item for item, _ in pairs], sum(times for _, times in pairs)
    return value, 0
