"""From the files of a commit to a ledger: records, front matter and rules brought together."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import date
from typing import Any

import msgspec

from compliance.domain.ledger.attachment import Source, resolve
from compliance.domain.ledger.ledger import Ledger
from compliance.domain.ledger.records import Evidence, Record
from compliance.domain.ledger.roles import FileRole, Role, role_of
from compliance.domain.ledger.rules import Dating, MappingRule, RuleFile, date_in_name
from compliance.domain.ledger.settings import Settings
from compliance.domain.registers.parts.register import Register
from compliance.domain.registers.parts.registry import REGISTERS
from compliance.domain.registers.parts.series import Points
from compliance.domain.registers.people import PEOPLE, Directory
from compliance.domain.terms.identifiers import identifier_of_path
from compliance.domain.terms.layout import CONFIGURATION, RECORD_SUFFIX
from compliance.domain.terms.vocabulary import Kind
from compliance.ledger.assembly.calendars import bank_holidays
from compliance.ledger.assembly.readings import READ, Readings
from compliance.ledger.assembly.standards_in_use import catalogues_of
from compliance.ledger.inspection.pages import Pages
from compliance.problems import Location, Problem, Refused, in_order, refuse
from compliance.store.cached import CachedEntry, Present

REGULAR = ("100644", "100755")
SYMLINK = "120000"
BY_HISTORY = {Kind.CONFIGURATION, Kind.REGISTER}
"""The kinds whose date may come from git: their files live, and change when the thing itself does."""


class Files(msgspec.Struct, frozen=True):
    """The files of a commit (or of a working tree), each with its role."""

    entries: Mapping[str, CachedEntry]
    roles: Mapping[str, FileRole]

    def of(self, role: FileRole) -> list[CachedEntry]:
        return [entry for path, entry in self.entries.items() if self.roles[path] is role]


Presence = Callable[[Settings], Mapping[str, Present]]
"""Gives since when blobs have been present; asked only where a rule dates files by git."""


def settings_of(entries: Iterable[CachedEntry], readings: Readings) -> tuple[Settings, tuple[Problem, ...]]:
    """The workspace's settings. Raises Refused if the commit is no workspace, or its settings cannot be read."""
    entry = next((entry for entry in entries if entry.path == CONFIGURATION), None)
    if entry is not None and entry.mode not in REGULAR:
        raise Refused([_not_read(entry)])
    if entry is None:
        raise refuse(
            f"this repository has no {CONFIGURATION} in its last commit: it is no workspace",
            hint="make it one with: compliance init",
        )
    readings.prepare([(entry.oid, Role.CONFIGURATION)])
    parsed = readings.of(entry.oid, Role.CONFIGURATION, CONFIGURATION)
    if parsed.value is None:
        raise Refused(parsed.problems)
    return parsed.value, parsed.problems


def assemble(
    commit: str,
    day_of: Callable[[Settings], date],
    entries: Sequence[CachedEntry],
    readings: Readings,
    blob: Callable[[str], bytes],
    presence: Presence,
) -> Ledger:
    """Everything the files say, with the problems met on the way; nothing bad is dropped without one."""
    settings, problems = settings_of(entries, readings)
    problems_met = list(problems)
    roles = {entry.path: _role(entry, settings.roots, problems_met) for entry in entries}
    files = Files({entry.path: entry for entry in entries}, roles)
    readings.prepare((entry.oid, roles[entry.path]) for entry in entries)
    catalogues = catalogues_of(
        files.of(Role.CATALOGUE),
        files.of(Role.OVERLAY),
        lambda entry: readings.of(entry.oid, Role.CATALOGUE, entry.path),
        blob,
        settings,
        Pages(lambda path: blob(files.entries[path].oid)),
        problems_met,
    )
    rules = _rules(files, readings, problems_met)
    dated_by_git = any(rule.dating is Dating.GIT for file in rules for rule in file.rules)
    evidence = _Evidence(files, readings, rules, presence(settings) if dated_by_git else {}, problems_met).all()
    day = day_of(settings)

    def records(register: Register[Any]) -> tuple[Any, ...]:
        values = (_value(readings, entry, register, problems_met) for entry in files.of(register))
        return tuple(value for value in values if value is not None)

    people = Directory(records(PEOPLE))
    return Ledger(
        commit=commit,
        day=day,
        settings=settings,
        catalogues=catalogues,
        evidence=tuple(_decided_by_people(piece, people) for piece in evidence),
        **{register.plural: records(register) for register in REGISTERS},
        points=_points(files, readings, problems_met),
        holidays=bank_holidays(settings.bank_holidays, day.year, problems_met),
        problems=in_order(problems_met),
        unread=_unread(files, readings, problems_met),
    )


def _decided_by_people(piece: Evidence, people: Directory) -> Evidence:
    """The piece, whoever decided of it named as the people register has them: one person is one, by any address."""
    if not piece.decisions:
        return piece
    decisions = tuple(
        msgspec.structs.replace(decision, by=people.canonical(decision.by)) for decision in piece.decisions
    )
    return msgspec.structs.replace(piece, decisions=decisions)


def _points(files: Files, readings: Readings, problems: list[Problem]) -> dict[str, Points]:
    """The series beside each measure, by the measure's id."""
    points: dict[str, Points] = {}
    for entry in files.of(Role.SERIES):
        beside = files.entries.get(f"{entry.path.removesuffix('.csv')}.yaml")
        if beside is None:
            hint = "give it the name of its measure's file, but for the ending"
            problems.append(Problem("belongs to no measure", Location(entry.path), hint))
            continue
        series = _value(readings, entry, Role.SERIES, problems)
        measure = readings.of(beside.oid, files.roles[beside.path], beside.path).value
        if series is not None and measure is not None:
            points[measure.id] = series
    return points


def _unread(files: Files, readings: Readings, problems: Iterable[Problem]) -> tuple[str, ...]:
    """The files that could not be read because of errors in them."""
    wrong = {problem.location.file for problem in problems if problem.is_error and problem.location}
    return tuple(
        path
        for path in sorted(wrong & files.entries.keys())
        if files.roles[path] in READ and readings.of(files.entries[path].oid, files.roles[path], path).value is None
    )


def _role(entry: CachedEntry, roots: tuple[str, ...], problems: list[Problem]) -> FileRole:
    role = role_of(entry.path, roots)
    if entry.mode in REGULAR or role is Role.OTHER:
        return role
    problems.append(_not_read(entry))
    return Role.OTHER


def _not_read(entry: CachedEntry) -> Problem:
    what = "a symbolic link" if entry.mode == SYMLINK else "a repository of its own"
    return Problem(f"is {what}, and is not read", Location(entry.path), "commit the file itself")


def _value(readings: Readings, entry: CachedEntry, role: FileRole, problems: list[Problem]) -> Any:
    parsed = readings.of(entry.oid, role, entry.path)
    problems += parsed.problems
    return parsed.value


def _rules(files: Files, readings: Readings, problems: list[Problem]) -> list[RuleFile]:
    rules = []
    for entry in files.of(Role.RULES):
        value = _value(readings, entry, Role.RULES, problems)
        if value:
            rules.append(RuleFile(entry.path.rpartition("/")[0], entry.path, value))
    return sorted(rules, key=lambda file: file.folder.count("/") + bool(file.folder), reverse=True)


class _Evidence:
    """Merges what records, front matter and rules say of each file into evidence."""

    def __init__(
        self,
        files: Files,
        readings: Readings,
        rules: Sequence[RuleFile],
        presence: Mapping[str, Present],
        problems: list[Problem],
    ) -> None:
        self._files, self._readings, self._rules, self._presence, self._problems = (
            files,
            readings,
            rules,
            presence,
            problems,
        )

    def all(self) -> tuple[Evidence, ...]:
        """Every piece of evidence, by path and id."""
        by_file: dict[str, list[tuple[str, Record]]] = {}
        for entry in self._files.of(Role.RECORD):
            record = _value(self._readings, entry, Role.RECORD, self._problems)
            if record is not None:
                by_file.setdefault(target_of(entry.path, record), []).append((entry.path, record))
        pieces = []
        for path, entry in self._files.entries.items():
            if self._files.roles[path] in {Role.EVIDENCE, Role.MARKDOWN}:
                for record_path, record in by_file.pop(path, [("", None)]):
                    piece = self._piece(entry, record_path, record)
                    if piece:
                        pieces.append(piece)
        for path, records in by_file.items():
            for record_path, record in records:
                pieces += self._without_file(path, record_path, record)
        pieces = sorted(pieces, key=lambda piece: (piece.path, piece.id))
        self._problems += _twice(pieces)
        return tuple(self._hashed(pieces))

    def _piece(self, entry: CachedEntry, record_path: str, record: Record | None) -> Evidence | None:
        described, dating = described_by(
            entry, record_path, record, self._files.roles, self._readings, self._rules, self._problems
        )
        if not described:
            return None
        says, _ = resolve(described)
        day, undated, period = self._dated(entry, says, dating)
        return evidence_from(
            says, path=entry.path, record=record_path, date=day, undated=undated, period=period, size=entry.size
        )

    def _dated(self, entry: CachedEntry, says: Record, dating: MappingRule | None) -> tuple[date | None, str, Any]:
        if says.date or says.period:
            return says.date or (says.period.end if says.period else None), "", says.period
        if dating is None:
            return None, "no source gives it a date", None
        if dating.dating is Dating.NAME:
            named = date_in_name(entry.path.rpartition("/")[2], dating.name_pattern)
            if named:
                return named[0], "", named[1]
            return None, "its name has no date that the rule can read", None
        if says.kind not in BY_HISTORY:
            return None, "a date from git is taken for configurations and registers only", None
        present = self._presence.get(entry.oid)
        if present is None:
            return None, "its history is not to be seen here", None
        if present.first and not dating.first_counts:
            return None, f"it came in on {present.since} and has not changed since: an import makes nothing fresh", None
        return date.fromisoformat(present.since), "", None

    def _without_file(self, path: str, record_path: str, record: Record) -> list[Evidence]:
        if record.elsewhere or record.erased:
            says, _ = resolve([Source(record_path, record)])
            return [evidence_from(says, path=path, record=record_path, date=says.date, size=says.size or 0)]
        sentence, hint = f"speaks of {path}, which is not there", "restore the file, or name it with “file:”"
        if path in self._files.entries:
            sentence, hint = (
                f"speaks of {path}, which cannot be evidence",
                "give the file a place and a name of its own under evidence/",
            )
        self._problems.append(Problem(sentence, Location(record_path), hint))
        return []

    def _hashed(self, pieces: list[Evidence]) -> Iterable[Evidence]:
        """Compares recorded and approved hashes with the bytes of the files; each blob is hashed only once ever."""
        entries = self._files.entries
        hashed_paths = (piece.path for piece in pieces if piece.decisions or (piece.record and piece.sha256))
        oids = {path: entries[path].oid for path in hashed_paths if path in entries}
        digests = self._readings.digests(oids.values())
        for piece in pieces:
            entry = entries.get(piece.path)
            digest = digests[oids[piece.path]] if piece.path in oids else ""
            changed = (
                entry is not None
                and bool(piece.record)
                and ((piece.size and entry.size != piece.size) or (digest and piece.sha256 not in {"", digest}))
            )
            if changed:
                self._problems.append(altered(piece.record, piece.path))
            yield msgspec.structs.replace(piece, sha256=digest or piece.sha256, altered=bool(changed))


def _twice(pieces: Iterable[Evidence]) -> Iterator[Problem]:
    """The problem of two pieces with the same id: a verdict could rest on either, and the other would be overlooked."""
    first: dict[str, Evidence] = {}
    for piece in pieces:
        other = first.setdefault(piece.id, piece)
        if other is not piece:
            sentence = f"has the id {piece.id}, as {other.record or other.path} has"
            yield Problem(sentence, Location(piece.record or piece.path), "file one of them again")


def altered(record: str, path: str) -> Problem:
    """The problem of a file whose bytes are no longer those that its record states."""
    return Problem(
        f"{path} is not the file that was recorded: its bytes differ",
        Location(record),
        f"look at `git log -- {path}`; restore it, or record the new one as evidence of its own",
    )


def target_of(record_path: str, record: Record) -> str:
    """The file a record speaks of: the one it names, or its own name less its ending."""
    folder, slash, name = record_path.rpartition("/")
    return f"{folder}{slash}{record.file or name.removesuffix(RECORD_SUFFIX)}"


def described_by(
    entry: CachedEntry,
    record_path: str,
    record: Record | None,
    roles: Mapping[str, FileRole],
    readings: Readings,
    rules: Sequence[RuleFile],
    problems: list[Problem],
) -> tuple[list[Source], MappingRule | None]:
    """What speaks of a file, strongest first, and the rule that says where its date comes from."""
    sources = [Source(record_path, record)] if record else []
    if roles[entry.path] is Role.MARKDOWN:
        front = _value(readings, entry, Role.MARKDOWN, problems)
        if front is not None:
            sources.append(Source(f"{entry.path} (front matter)", front))
    dating = None
    for file in rules:
        relative = file.relative(entry.path)
        if relative is None:
            continue
        for rule in reversed(file.rules):
            if rule.takes(relative):
                # Once a rule has said where the date comes from, the weaker ones have no say in it.
                says = msgspec.structs.replace(rule.says, date=None) if dating else rule.says
                sources.append(Source(f"{file.path}:{rule.line}", says))
                if dating is None and (rule.dating or rule.says.date):
                    dating = rule
    return sources, dating if dating and dating.dating else None


def evidence_from(
    says: Record, *, path: str, record: str, date: date | None, undated: str = "", period: Any = None, size: int
) -> Evidence:
    """The piece of evidence that resolved fields make."""
    name = path.rpartition("/")[2]
    return Evidence(
        id=says.id or identifier_of_path(path),
        path=path,
        record=record,
        title=says.title or name,
        kind=says.kind,
        result=says.result,
        date=date,
        undated=undated,
        period=period or says.period,
        valid_from=says.valid_from,
        valid_until=says.valid_until,
        controls=says.controls or (),
        scope=says.scope or (),
        per=says.per or {},
        owner=says.owner,
        classification=says.classification,
        source=says.source,
        sha256=says.sha256,
        size=says.size if says.size is not None else size,
        elsewhere=says.elsewhere,
        recorded=says.recorded,
        allowed=says.allowed,
        supersedes=says.supersedes,
        withdrawn=says.withdrawn,
        erased=says.erased,
        retain_until=says.retain_until,
        hold=says.hold,
        corrected=says.corrected,
        decisions=says.decisions,
    )
