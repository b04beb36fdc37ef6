"""The rows of a foreign table as controls: each cell read as its field, each fault with its row."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from typing import TypeVar

import msgspec

from compliance.domain.standards.catalogue import Control, Relation, RelationType
from compliance.domain.standards.expectations import Each, Every, Expectation, MaxAge, Once, Rule
from compliance.domain.terms.durations import Duration, parse_duration
from compliance.domain.terms.periods import Slot
from compliance.domain.terms.references import Reference, parse_reference
from compliance.domain.terms.vocabulary import Basis, Kind, Need
from compliance.exchange.drafts import DEFAULT_EXPECTS, id_from, on_one_line, title_from
from compliance.exchange.imported import Skipped
from compliance.exchange.options import Options
from compliance.exchange.table.control_columns import Columns, Preset
from compliance.exchange.table.headings import plain
from compliance.problems import Location, Problem, Refused, choice_hint, sentence_and_hint
from compliance.store.text.decoding import parse_flag

_MOST_FAULTS = 20
_SEVERAL = re.compile(r"[,;\n]")
_RELATED = re.compile(r"(?:(?P<type>[a-z]+)\s+)?(?P<to>\S+)")
_RULES = ("max-age", "every", "each", "once")
_NUMBERED = re.compile(r"[A-Za-z]?\d+(?:\.\d+)*")
_EVERY = {"all", "*"}
Value = TypeVar("Value")


class SourceControl(msgspec.Struct, frozen=True, kw_only=True):
    """A row as read: its control, and what tells where that lies. `written` is its id as it stands in the cell."""

    number: int
    id: str
    written: str
    control: Control
    parent: str = ""
    section: str = ""
    section_id: str = ""
    level: int = 0
    assessable: bool | None = None
    profiles: tuple[str, ...] = ()
    others: tuple[tuple[str, str], ...] = ()
    """Headings and texts for which a control has no field."""


Linked = dict[int, tuple[str, str]]
"""Columns with ids of another standard's controls: the standard, and what goes before an id."""


def related_columns(columns: Columns, preset: Preset | None) -> Linked:
    """The columns of a preset that name controls of standards that are known."""
    linked: Linked = {}
    for place, heading in enumerate(columns.headings):
        for pattern, standard, before in preset.related if preset else ():
            if re.fullmatch(pattern, plain(heading)):
                linked[place] = (standard, before)
    return linked


def read_rows(
    rows: Sequence[tuple[int, list[str]]],
    columns: Columns,
    linked: Linked,
    options: Options,
    preset: Preset | None,
    file: str,
) -> tuple[list[SourceControl], list[Skipped]]:
    """Each row with an id, and each that has none. Raises Refused with the first twenty faults in cells."""
    reader = _ControlReader(columns, linked, options, preset, file)
    controls, without = [], []
    for number, cells in rows:
        if id_from(reader.cell(cells, "id")):
            controls.append(reader.row(number, cells))
        else:
            without.append(Skipped(f"row {number}: {' '.join(' '.join(cells).split())[:60]}", "has no id"))
        if len(reader.problems) >= _MOST_FAULTS:
            break
    if reader.problems:
        raise Refused(reader.problems)
    return controls, without


class _ControlReader:
    """Reads the cells of one row after another; every fault is kept in `problems`, with its row."""

    def __init__(self, columns: Columns, linked: Linked, options: Options, preset: Preset | None, file: str) -> None:
        self._columns = columns
        self._linked = linked
        self._options = options
        self._preset = preset
        self._file = file
        self._number = 0
        self.problems: list[Problem] = []
        read = {place for field, place in columns.places.items() if field != "description"}
        self._others = [
            (place, heading or f"column {place + 1}")
            for place, heading in enumerate(columns.headings)
            if place not in read and place not in linked
        ]

    def cell(self, cells: list[str], field: str) -> str:
        place = self._columns.places.get(field, -1)
        return cells[place].strip() if 0 <= place < len(cells) else ""

    def row(self, number: int, cells: list[str]) -> SourceControl:
        self._number = number
        written = self.cell(cells, "id")
        id_ = id_from(written)
        title, description = self.cell(cells, "title"), self.cell(cells, "description")
        summary = self.cell(cells, "summary") or (description if self._options.with_text else "")
        full_title = title_from(title, summary, description, id_)
        others = [
            (heading, cells[place]) for place, heading in self._others if place < len(cells) and cells[place].strip()
        ]
        width = len(self._columns.headings)
        others += [(f"column {place + 1}", cells[place]) for place in range(width, len(cells)) if cells[place].strip()]
        if title and on_one_line(title) != full_title:
            others.append(("title", title))
        control = Control(
            id=id_,
            title=full_title,
            summary=on_one_line(summary),
            expects=self._expects(cells),
            related=tuple(self._related(cells)),
        )
        level = self.cell(cells, "level")
        assessable = self._read(self.cell(cells, "assessable"), parse_flag)
        if assessable is False and control.expects:
            self._fault(
                f"{id_} expects evidence, but is no control", "write yes under “assessable”, or clear the others"
            )
        return SourceControl(
            number=number,
            id=id_,
            written=written,
            control=control,
            parent=id_from(self.cell(cells, "parent")),
            section=on_one_line(self.cell(cells, "section")),
            section_id=id_from(self.cell(cells, "section-id")),
            level=int(level) if level.isdecimal() and len(level) < 4 else 0,
            assessable=assessable,
            profiles=self._profiles(cells),
            others=tuple(others),
        )

    def _profiles(self, cells: list[str]) -> tuple[str, ...]:
        names = [on_one_line(name) for name in _SEVERAL.split(self.cell(cells, "profiles")) if name.strip()]
        return () if any(name.casefold() in _EVERY for name in names) else tuple(dict.fromkeys(names))

    def _expects(self, cells: list[str]) -> tuple[Expectation, ...]:
        (default,) = DEFAULT_EXPECTS
        kind, interval, what = (self.cell(cells, field) for field in ("kind", "interval", "what"))
        rule, basis, need, source = (self.cell(cells, field) for field in ("rule", "basis", "need", "source"))
        if not any((kind, interval, what, rule, basis, need, source)):
            return ()
        kinds = tuple(
            choice
            for word in re.split(r"[,;\s]+", kind)
            if word
            and (choice := self._choice(word.casefold(), {member.value: member for member in Kind}, "kind of evidence"))
        )
        bases = {member.value: member for member in Basis}
        needs = {member.value: member for member in Need}
        made = self._rule(rule.casefold() or "max-age", interval)
        return (
            Expectation(
                id=default.id,
                rule=made or default.rule,
                kinds=kinds,
                basis=(self._choice(basis.casefold(), bases, "basis") if basis else None) or default.basis,
                need=(self._choice(need.casefold(), needs, "need") if need else None) or default.need,
                source=on_one_line(source),
                what=on_one_line(what) or default.what,
            ),
        )

    def _rule(self, rule: str, interval: str) -> Rule | None:
        if self._choice(rule, {member: member for member in _RULES}, "rule that a table can have") is None:
            return None
        if rule == "once":
            return Once()
        if rule == "each":
            slot = self._choice(interval.casefold(), {member.value: member for member in Slot}, "slot")
            return Each(slot) if slot else None
        length: Duration | None = self._read(interval or "12 months", parse_duration)
        if length is None:
            return None
        return Every(length) if rule == "every" else MaxAge(length)

    def _related(self, cells: list[str]) -> list[Relation]:
        relations = []
        for text in _SEVERAL.split(self.cell(cells, "related")):
            written = _RELATED.fullmatch(text.strip())
            if not text.strip():
                continue
            if not written:
                self._fault(f"“{text.strip()[:60]}” is no relation", "write it like subset iso27001:A.8.8")
                continue
            types = {member.value: member for member in RelationType}
            kind = self._choice(written["type"] or "intersects", types, "type of relation")
            to = self._read(written["to"], parse_reference)
            if kind and to:
                relations.append(Relation(to=to, type=kind, source=self._file.rpartition("/")[2]))
        for place, (standard, before) in self._linked.items():
            cell = cells[place] if place < len(cells) else ""
            ids = dict.fromkeys(numbered[0] for number in cell.split() if (numbered := _NUMBERED.match(number)))
            relations += [
                Relation(
                    to=Reference(standard, before + number),
                    type=RelationType.INTERSECTS,
                    source=self._preset.short if self._preset else "",
                )
                for number in ids
            ]
        return relations

    def _choice(self, text: str, choices: dict[str, Value], noun: str) -> Value | None:
        if text not in choices:
            self._fault(f"“{text[:60]}” is no {noun}", choice_hint(text, choices))
        return choices.get(text)

    def _read(self, text: str, parse: Callable[[str], Value]) -> Value | None:
        if not text:
            return None
        try:
            return parse(text)
        except ValueError as error:
            self._fault(*sentence_and_hint(error))
            return None

    def _fault(self, sentence: str, hint: str) -> None:
        self.problems.append(Problem(sentence, Location(self._file, self._number), hint))
