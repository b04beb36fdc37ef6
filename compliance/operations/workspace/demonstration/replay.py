"""A story turned into the changes of its commits."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from decimal import Decimal
from importlib.resources.abc import Traversable
from typing import Any

import msgspec

from compliance.domain.ledger.approval import Fingerprint, fingerprint, parts, stamp
from compliance.domain.ledger.records import Decision, Outcome, Record
from compliance.domain.registers.events import Event
from compliance.domain.registers.measures import Point
from compliance.domain.registers.parts.registry import REGISTERS, Register
from compliance.domain.registers.statements.statement import Applicability
from compliance.domain.registers.statements.statement import digest as what_is_stated
from compliance.domain.standards.catalogue import walk
from compliance.domain.terms.identifiers import token_of
from compliance.domain.terms.layout import OVERLAY_SUFFIX, RECORD_SUFFIX, SHIPPED_HASHES, STANDARDS
from compliance.domain.terms.references import Reference
from compliance.domain.terms.vocabulary import Attribution
from compliance.ledger.assembly.assembly import evidence_from
from compliance.operations.evidence.add import message_for
from compliance.operations.evidence.naming import filed_as, slug
from compliance.operations.standards.standards import rendered_hashes
from compliance.operations.workspace.demonstration.story import Amendment, Chapter, Piece, Story, id_of, with_ids
from compliance.operations.workspace.initialise import ATTRIBUTES, IGNORED
from compliance.problems import Refused
from compliance.store.catalogues.catalogues import parse_catalogue
from compliance.store.records.records import render_record
from compliance.store.records.series_text import parse_slot, render_series
from compliance.workspace.shipped import digest


class Replay:
    """Turns chapters into changes, and remembers what the workspace holds (`tree`)."""

    def __init__(self, story: Story, catalogues: Mapping[str, bytes], files: Traversable) -> None:
        self.tree: dict[str, bytes] = {}
        self._story = story
        self._catalogues = catalogues
        self._files = files
        self._fingerprint_of = _fingerprints(catalogues)
        self._placed: dict[str, tuple[str, Record]] = {}
        self._recorded: dict[str, Attribution] = {}
        self._files_of: dict[str, str] = {}
        self._points: dict[str, list[Point]] = {}

    def play(self, chapter: Chapter) -> tuple[dict[str, bytes], str]:
        """The changes that a chapter makes, and its message."""
        by = Attribution(by=self._story.people[chapter.by], on=chapter.day)
        changes: dict[str, bytes] = {}
        if chapter.begin:
            changes |= {".gitattributes": ATTRIBUTES.encode(), ".gitignore": IGNORED.encode()}
        if chapter.use:
            changes |= self._used(chapter.use)
        for path, file in chapter.write.items():
            content = (self._files / file).read_bytes()
            changes[path] = with_ids(content.decode()).encode() if path.endswith(OVERLAY_SUFFIX) else content
        for piece in chapter.add:
            changes |= self._added(piece, by)
        for amendment in chapter.amend:
            changes |= self._amended(amendment)
        for extension in chapter.extend:
            path, says = self._placed[extension.key]
            more = msgspec.structs.replace(says, controls=(*(says.controls or ()), *extension.controls))
            changes |= self._kept(extension.key, path, more)
        for key in chapter.approve:
            changes |= self._approved(key, by)
        for rejection in chapter.reject:
            decision = Decision(decision=Outcome.REJECTED, by=by.by, on=by.on, note=rejection.note)
            changes |= self._decided(rejection.key, decision)
        for register in REGISTERS:
            for entry in getattr(chapter, register.field):
                changes |= self._registered(register, entry, by)
        for measure, figures in chapter.figures.items():
            points = self._points.setdefault(measure, [])
            points += (Point(parse_slot(slot), Decimal(value)) for slot, value in figures.items())
            changes[self._files_of[measure].removesuffix(".yaml") + ".csv"] = render_series(tuple(points))
        self.tree |= changes
        return changes, chapter.message or self._message(chapter)

    def _used(self, names: Iterable[str]) -> dict[str, bytes]:
        """Catalogues that are copied in, and the hashes of all that have been."""
        fresh = {f"{STANDARDS}/{name}": self._catalogues[name] for name in names}
        before = {f"{STANDARDS}/{name}": content for name, content in self._catalogues.items()}
        there = {path: content for path, content in before.items() if path in self.tree} | fresh
        hashes = rendered_hashes({path: digest(content) for path, content in there.items()})
        return {**fresh, SHIPPED_HASHES: hashes}

    def _registered(self, register: Register, entry: Any, by: Attribution) -> dict[str, bytes]:
        """A register's record with who recorded it first; an approved statement is bound to what it states."""
        path = self._files_of.setdefault(entry.id, f"{register.folder}/{_file_name(entry)}.{token_of(entry.id)}.yaml")
        says = msgspec.structs.replace(entry, recorded=self._recorded.setdefault(entry.id, by))
        if isinstance(says, Applicability) and says.approved:
            approved = msgspec.structs.replace(says.approved, stamp=what_is_stated(says))
            says = msgspec.structs.replace(says, approved=approved)
        return {path: render_record(says)}

    def _added(self, piece: Piece, recorded: Attribution) -> dict[str, bytes]:
        content = (self._files / piece.file).read_bytes()
        says = msgspec.structs.replace(
            piece.says, id=id_of("E", piece.key), sha256=digest(content), size=len(content), recorded=recorded
        )
        path = filed_as(says, piece.file)
        return {path: content} | self._kept(piece.key, path, says)

    def _amended(self, amendment: Amendment) -> dict[str, bytes]:
        path, says = self._placed[amendment.key]
        content = (self._files / amendment.file).read_bytes()
        says = msgspec.structs.replace(says, sha256=digest(content), size=len(content))
        return {path: content} | self._kept(amendment.key, path, says)

    def _approved(self, key: str, by: Attribution) -> dict[str, bytes]:
        path, says = self._placed[key]
        evidence = evidence_from(says, path=path, record=f"{path}{RECORD_SUFFIX}", date=says.date, size=says.size or 0)
        digests = parts(evidence, self._fingerprint_of)
        approved = Decision(decision=Outcome.APPROVED, by=by.by, on=by.on, stamp=stamp(digests), parts=digests)
        return self._decided(key, approved)

    def _decided(self, key: str, decision: Decision) -> dict[str, bytes]:
        path, says = self._placed[key]
        return self._kept(key, path, msgspec.structs.replace(says, decisions=(*says.decisions, decision)))

    def _kept(self, key: str, path: str, says: Record) -> dict[str, bytes]:
        self._placed[key] = path, says
        return {f"{path}{RECORD_SUFFIX}": render_record(says)}

    def _message(self, chapter: Chapter) -> str:
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


def _file_name(entry: Any) -> str:
    """What the file of a register's record is called."""
    if isinstance(entry, Event):
        return slug(f"{entry.date} {entry.type}")
    return slug(getattr(entry, "title", "") or entry.name)


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
