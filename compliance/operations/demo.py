"""A workspace to try things out in: two years of an invented council, replayed into real git history.

The story (`demonstration/story.yaml`) lists commits in order; the files they bring in lie beside it. Nothing in a replay
depends on the clock, the machine or the user, so that every replay ends in the same commit.
"""

from __future__ import annotations

import hashlib
import importlib.resources
import re
from collections.abc import Iterable, Mapping
from datetime import date, datetime
from importlib.resources.abc import Traversable
from pathlib import Path
from zoneinfo import ZoneInfo

import msgspec

from compliance.domain.accreditations import Accreditation
from compliance.domain.applicability import Applicability
from compliance.domain.approval import Fingerprint, fingerprint, parts, stamp
from compliance.domain.catalogue import walk
from compliance.domain.identifiers import identifier, token_of
from compliance.domain.layout import OVERLAY_SUFFIX, RECORD_SUFFIX, SHIPPED_HASHES, STANDARDS
from compliance.domain.records import Decision, Outcome, Record
from compliance.domain.references import Reference
from compliance.domain.registers import Event, Finding, Provider
from compliance.domain.vocabulary import Attribution
from compliance.gitrepo.creation import initialise
from compliance.gitrepo.process import Git
from compliance.gitrepo.recording import Identity, place, record
from compliance.ledger.assembly import evidence_from
from compliance.operations.add import message_for
from compliance.operations.initialise import ATTRIBUTES, IGNORED
from compliance.operations.naming import filed_as, slug
from compliance.operations.standards import rendered_hashes
from compliance.problems import Location, Refused, refuse
from compliance.store.catalogues import parse_catalogue
from compliance.store.parsed import parse_yaml
from compliance.store.records import render_record
from compliance.workspace.shipped import digest

STORY = "story.yaml"
_ID = re.compile(r"\b([AEFPSV])\(([a-z0-9-]+)\)")
_TIME = "%Y-%m-%d %H:%M"

Registered = Accreditation | Applicability | Event | Finding | Provider


class Piece(msgspec.Struct, frozen=True, kw_only=True):
    """A piece of evidence that comes in: its key in the story, its file, and what its record says."""

    key: str
    file: str
    says: Record


class Amendment(msgspec.Struct, frozen=True, kw_only=True):
    """A later change to a piece: other bytes, or other words in its record."""

    key: str
    file: str = ""
    says: Record = Record()


class Rejection(msgspec.Struct, frozen=True, kw_only=True):
    """A piece that the reviewer turned down, and why."""

    key: str
    note: str


class Chapter(msgspec.Struct, frozen=True, kw_only=True):
    """One commit: who made it and when, and what it did. A message is made up where none is given."""

    when: str
    by: str
    message: str = ""
    begin: bool = False
    """The workspace is begun: the catalogues in use are copied in, and git is told how to treat evidence."""
    write: dict[str, str] = {}
    """Paths in the workspace, and the files they get."""
    add: tuple[Piece, ...] = ()
    amend: tuple[Amendment, ...] = ()
    approve: tuple[str, ...] = ()
    reject: tuple[Rejection, ...] = ()
    accreditations: tuple[Accreditation, ...] = ()
    applicability: tuple[Applicability, ...] = ()
    events: tuple[Event, ...] = ()
    findings: tuple[Finding, ...] = ()
    providers: tuple[Provider, ...] = ()


class Story(msgspec.Struct, frozen=True, kw_only=True):
    """What is replayed: who takes part, where the clocks stand, which catalogues are used, and every commit."""

    zone: str
    people: dict[str, str]
    catalogues: tuple[str, ...]
    commits: tuple[Chapter, ...]


class DemoBuilt(msgspec.Struct, frozen=True, kw_only=True):
    """A demonstration workspace: its last commit and that commit's day, and how much there is in it."""

    directory: Path
    commit: str
    last_day: date
    commits: int
    evidence_files: int


def build_demo(directory: Path, shipped: Mapping[str, bytes]) -> DemoBuilt:
    """Make the demonstration workspace in a folder that is new or empty.

    `shipped` holds the catalogues that come with the program, by file name. Refused: a folder with something in it, a
    path that is no folder, and a catalogue that the story uses and `shipped` lacks.
    """
    data = importlib.resources.files("compliance.operations") / "demonstration"
    story = read_story((data / STORY).read_text(encoding="utf-8"))
    catalogues = {name: _shipped(name, shipped) for name in story.catalogues}
    _emptied(directory)
    git = Git(initialise(directory))
    replay = _Replay(story, catalogues, data / "files")
    commit: str | None = None
    last = datetime.min
    for chapter in story.commits:
        changes, message = replay.play(chapter)
        name, _, address = story.people[chapter.by].rstrip(">").partition(" <")
        when = datetime.strptime(chapter.when, _TIME).replace(tzinfo=ZoneInfo(story.zone))
        commit = record(git, changes, message, expected=commit, author=Identity(name, address), when=when)
        last = when
    for path, content in replay.tree.items():
        place(git.place.top, path, content)
    git.run("update-index", "-q", "--refresh")
    return DemoBuilt(
        directory=directory,
        commit=commit or "",
        last_day=last.date(),
        commits=len(story.commits),
        evidence_files=sum(1 for path in replay.tree if is_evidence_file(path)),
    )


def read_story(text: str) -> Story:
    """A story as it is written. `E(key)` in it stands for the id that the key gives, and so for the other registers."""
    parsed = parse_yaml(with_ids(text).encode(), STORY, Story)
    if parsed.value is None:
        raise Refused(parsed.problems)
    return parsed.value


def with_ids(text: str) -> str:
    """A text with the ids in place of the keys that stand for them."""
    return _ID.sub(lambda found: id_of(found[1], found[2]), text)


def id_of(prefix: str, key: str) -> str:
    """The id of what the story calls by a key: the same in every replay."""
    digest = hashlib.sha256(f"{prefix} {key}".encode()).digest()
    return identifier(prefix, int.from_bytes(digest[:8], "big"))


def is_evidence_file(path: str) -> bool:
    """Whether a path of the demonstration is a piece of evidence: no record, no rules, no register."""
    return path.startswith("evidence/") and not path.endswith(".yaml")


def _shipped(name: str, shipped: Mapping[str, bytes]) -> bytes:
    if name not in shipped:
        raise refuse(f"the catalogue {name} does not come with this program", hint="Install compliance again.")
    return shipped[name]


def _emptied(directory: Path) -> None:
    try:
        directory.mkdir(parents=True, exist_ok=True)
        occupied = any(directory.iterdir())
    except OSError as reason:
        why = "it is a file" if directory.is_file() else reason.strerror
        raise refuse(f"no workspace can be made at {directory}: {why}", hint="Name a new folder.") from None
    if occupied:
        raise refuse(
            "this folder is not empty", location=Location(str(directory)), hint="Name a new folder, or an empty one."
        )


class _Replay:
    """Turns chapters into changes, and remembers what the workspace holds."""

    def __init__(self, story: Story, catalogues: Mapping[str, bytes], files: Traversable) -> None:
        self.tree: dict[str, bytes] = {}
        self._story = story
        self._catalogues = catalogues
        self._files = files
        self._fingerprint_of = _fingerprints(catalogues)
        self._placed: dict[str, tuple[str, Record]] = {}

    def play(self, chapter: Chapter) -> tuple[dict[str, Path | bytes | None], str]:
        """The changes that a chapter makes, and its message."""
        person, day = self._story.people[chapter.by], date.fromisoformat(chapter.when[:10])
        changes: dict[str, bytes] = {}
        told: list[str] = []
        if chapter.begin:
            changes |= _beginning({f"{STANDARDS}/{name}": content for name, content in self._catalogues.items()})
        for path, file in chapter.write.items():
            content = (self._files / file).read_bytes()
            changes[path] = with_ids(content.decode()).encode() if path.endswith(OVERLAY_SUFFIX) else content
        for piece in chapter.add:
            changes |= self._added(piece, Attribution(by=person, on=day))
            told.append(piece.key)
        for amendment in chapter.amend:
            changes |= self._amended(amendment)
        for key in chapter.approve:
            changes |= self._approved(key, person, day)
        for rejection in chapter.reject:
            decision = Decision(decision=Outcome.REJECTED, by=person, on=day, note=rejection.note)
            changes |= self._decided(rejection.key, decision)
        for registered in _registered(chapter):
            changes |= _entry(registered)
        self.tree |= changes
        return dict(changes), chapter.message or self._message(chapter)

    def _added(self, piece: Piece, recorded: Attribution) -> dict[str, bytes]:
        content = (self._files / piece.file).read_bytes()
        identity = id_of("E", piece.key)
        path = filed_as(piece.says.date, piece.says.title, piece.file, identity, recorded.on.year)
        says = msgspec.structs.replace(
            piece.says, id=identity, sha256=hashlib.sha256(content).hexdigest(), size=len(content), recorded=recorded
        )
        return {path: content} | self._kept(piece.key, path, says)

    def _amended(self, amendment: Amendment) -> dict[str, bytes]:
        path, says = self._placed[amendment.key]
        changed = {
            field: value
            for field in Record.__struct_fields__
            if (value := getattr(amendment.says, field)) != getattr(Record(), field)
        }
        changes: dict[str, bytes] = {}
        if amendment.file:
            changes[path] = content = (self._files / amendment.file).read_bytes()
            changed |= {"sha256": hashlib.sha256(content).hexdigest(), "size": len(content)}
        return changes | self._kept(amendment.key, path, msgspec.structs.replace(says, **changed))

    def _approved(self, key: str, person: str, day: date) -> dict[str, bytes]:
        path, says = self._placed[key]
        evidence = evidence_from(says, path=path, record=f"{path}{RECORD_SUFFIX}", date=says.date, size=says.size or 0)
        digests = parts(evidence, self._fingerprint_of)
        approved = Decision(decision=Outcome.APPROVED, by=person, on=day, stamp=stamp(digests), parts=digests)
        return self._decided(key, approved)

    def _decided(self, key: str, decision: Decision) -> dict[str, bytes]:
        path, says = self._placed[key]
        return self._kept(key, path, msgspec.structs.replace(says, decisions=(*says.decisions, decision)))

    def _kept(self, key: str, path: str, says: Record) -> dict[str, bytes]:
        self._placed[key] = path, says
        return {f"{path}{RECORD_SUFFIX}": render_record(says)}

    def _message(self, chapter: Chapter) -> str:
        """What `compliance` itself writes for the same deed."""
        deeds = {
            "evidence": [piece.key for piece in chapter.add],
            "approve": list(chapter.approve),
            "reject": [rejection.key for rejection in chapter.reject],
        }
        verb, keys = next((verb, keys) for verb, keys in deeds.items() if keys)
        pieces = [self._placed[key][1] for key in keys]
        if verb == "evidence" and len(pieces) == 1:
            return message_for(pieces[0])
        lines = [f"{says.title} ({says.id})" for says in pieces]
        return f"{verb}: {lines[0]}" if len(lines) == 1 else f"{verb}: {len(lines)} pieces\n\n" + "\n".join(lines)


def _registered(chapter: Chapter) -> Iterable[tuple[str, Registered, str]]:
    yield from (("accreditations", one, one.title) for one in chapter.accreditations)
    yield from (("applicability", one, f"{one.standard.id} {one.scope}") for one in chapter.applicability)
    yield from (("events", one, f"{one.date} {one.type}") for one in chapter.events)
    yield from (("findings", one, one.title) for one in chapter.findings)
    yield from (("providers", one, one.name) for one in chapter.providers)


def _entry(registered: tuple[str, Registered, str]) -> dict[str, bytes]:
    """The file of one entry of a register, named after what it speaks of and its id."""
    folder, entry, name = registered
    return {f"evidence/{folder}/{slug(name)}.{token_of(entry.id)}.yaml": render_record(entry)}


def _beginning(catalogues: Mapping[str, bytes]) -> dict[str, bytes]:
    hashes = rendered_hashes({path: digest(content) for path, content in catalogues.items()})
    return {**catalogues, SHIPPED_HASHES: hashes, ".gitattributes": ATTRIBUTES.encode(), ".gitignore": IGNORED.encode()}


def _fingerprints(catalogues: Mapping[str, bytes]) -> Fingerprint:
    known: dict[tuple[str, str], str] = {}
    for name, content in catalogues.items():
        parsed = parse_catalogue(content, name)
        if parsed.value is None:
            raise Refused(parsed.problems)
        for node in walk(parsed.value):
            known[parsed.value.id, node.control.id] = fingerprint(parsed.value, node.control)

    def fingerprint_of(reference: Reference) -> str:
        return known.get((reference.standard, reference.control), "")

    return fingerprint_of
