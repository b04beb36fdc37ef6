"""The story that is replayed: commits in order, each with its time, its author and what it did."""

from __future__ import annotations

import hashlib
import re
from datetime import date, datetime
from zoneinfo import ZoneInfo

import msgspec

from compliance.domain.accreditations import Accreditation
from compliance.domain.applicability import Applicability
from compliance.domain.events import Event
from compliance.domain.findings import Finding
from compliance.domain.identifiers import identifier
from compliance.domain.providers import Provider
from compliance.domain.records import Record
from compliance.problems import Refused
from compliance.store.parsed import parse_yaml

FILE = "story.yaml"
_ID = re.compile(r"\b([AEFPSV])\(([a-z0-9-]+)\)")


class Piece(msgspec.Struct, frozen=True, kw_only=True):
    """A piece of evidence that comes in: its key in the story, its file, and what its record says."""

    key: str
    file: str
    says: Record


class Amendment(msgspec.Struct, frozen=True, kw_only=True):
    """A later edition of a piece's file, in the same place: its record gets the new hash, and keeps its decisions."""

    key: str
    file: str


class Rejection(msgspec.Struct, frozen=True, kw_only=True):
    """A piece that the reviewer turned down, and why."""

    key: str
    note: str


class Chapter(msgspec.Struct, frozen=True, kw_only=True):
    """One commit: who made it and when (`YYYY-MM-DD HH:MM`), and what it did.

    Without a message it gets the one that `compliance` writes for the same deed.
    """

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

    @property
    def day(self) -> date:
        """The day of the commit, by the story's clocks."""
        return date.fromisoformat(self.when.partition(" ")[0])


class Story(msgspec.Struct, frozen=True, kw_only=True):
    """What is replayed: who takes part, where the clocks stand, which catalogues are used, and every commit."""

    zone: str
    people: dict[str, str]
    catalogues: tuple[str, ...]
    commits: tuple[Chapter, ...]

    def moment(self, chapter: Chapter) -> datetime:
        """When a chapter's commit was made."""
        return datetime.strptime(chapter.when, "%Y-%m-%d %H:%M").replace(tzinfo=ZoneInfo(self.zone))


def read_story(text: str) -> Story:
    """A story as it is written. `E(key)` in it stands for the id that the key gives, and so for the other registers."""
    parsed = parse_yaml(with_ids(text).encode(), FILE, Story)
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
