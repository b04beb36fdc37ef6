"""The story that is replayed: commits in order, each with its time, its author and what it did."""

from __future__ import annotations

import hashlib
import re
from datetime import date, datetime
from importlib.resources.abc import Traversable
from typing import TypeVar
from zoneinfo import ZoneInfo

import msgspec

from compliance.domain.ledger.records import Record
from compliance.domain.registers.actions import Action
from compliance.domain.registers.audits import Audit
from compliance.domain.registers.certificates.accreditation import Accreditation
from compliance.domain.registers.deadlines import Deadline
from compliance.domain.registers.events import Event
from compliance.domain.registers.findings import Finding
from compliance.domain.registers.measures import Measure
from compliance.domain.registers.providers import Provider
from compliance.domain.registers.risks import Risk
from compliance.domain.registers.statements.statement import Applicability
from compliance.domain.terms.identifiers import identifier
from compliance.domain.terms.references import Reference
from compliance.problems import Refused
from compliance.store.text.parsed import parse_yaml

FILES = ("story.yaml", "programme.yaml")
"""The evidence and the certificates; what is kept between audits."""
_Read = TypeVar("_Read")
_ID = re.compile(r"\b([ADEFMPRSTUV])\(([a-z0-9-]+)\)")


class Piece(msgspec.Struct, frozen=True, kw_only=True):
    """A piece of evidence that comes in: its key in the story, its file, and what its record says."""

    key: str
    file: str
    says: Record


class Amendment(msgspec.Struct, frozen=True, kw_only=True):
    """A later edition of a piece's file, in the same place: its record gets the new hash, and keeps its decisions."""

    key: str
    file: str


class Extension(msgspec.Struct, frozen=True, kw_only=True):
    """More controls that a piece which was filed before is evidence for."""

    key: str
    controls: tuple[Reference, ...]


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
    """The workspace is begun: git is told how to treat evidence."""
    use: tuple[str, ...] = ()
    """Catalogues that are copied in."""
    write: dict[str, str] = {}
    """Paths in the workspace, and the files they get."""
    add: tuple[Piece, ...] = ()
    amend: tuple[Amendment, ...] = ()
    extend: tuple[Extension, ...] = ()
    approve: tuple[str, ...] = ()
    reject: tuple[Rejection, ...] = ()
    accreditations: tuple[Accreditation, ...] = ()
    applicability: tuple[Applicability, ...] = ()
    audits: tuple[Audit, ...] = ()
    findings: tuple[Finding, ...] = ()
    actions: tuple[Action, ...] = ()
    risks: tuple[Risk, ...] = ()
    deadlines: tuple[Deadline, ...] = ()
    measures: tuple[Measure, ...] = ()
    events: tuple[Event, ...] = ()
    providers: tuple[Provider, ...] = ()
    figures: dict[str, dict[str, str]] = {}
    """Figures of measures, by the measure's id and the slot."""

    @property
    def day(self) -> date:
        """The day of the commit, by the story's clocks."""
        return date.fromisoformat(self.when.partition(" ")[0])


class Part(msgspec.Struct, frozen=True, kw_only=True):
    """More commits of the story, that take place among the others."""

    commits: tuple[Chapter, ...]


class Story(msgspec.Struct, frozen=True, kw_only=True):
    """What is replayed: who takes part, where the clocks stand, and every commit."""

    zone: str
    people: dict[str, str]
    commits: tuple[Chapter, ...]

    @property
    def catalogues(self) -> tuple[str, ...]:
        """Every catalogue that is ever copied in."""
        return tuple(name for chapter in self.commits for name in chapter.use)

    def moment(self, chapter: Chapter) -> datetime:
        """When a chapter's commit was made."""
        return datetime.strptime(chapter.when, "%Y-%m-%d %H:%M").replace(tzinfo=ZoneInfo(self.zone))


def read_story(folder: Traversable) -> Story:
    """The story as its files tell it. `E(key)` in them stands for the id that the key gives, and so for the registers.

    Raises Refused with what is wrong in them.
    """
    first, *others = FILES
    story = _read(folder, first, Story)
    commits = [*story.commits, *(chapter for name in others for chapter in _read(folder, name, Part).commits)]
    return msgspec.structs.replace(story, commits=tuple(sorted(commits, key=lambda chapter: chapter.when)))


def _read(folder: Traversable, name: str, type_: type[_Read]) -> _Read:
    parsed = parse_yaml(with_ids((folder / name).read_text(encoding="utf-8")).encode(), name, type_)
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
