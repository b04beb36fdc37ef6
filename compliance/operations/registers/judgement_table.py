"""Judgements from a CSV table: a row for each control, and what a cell leaves empty stays as it is."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import msgspec

from compliance.domain.registers.statements.statement import Statement
from compliance.domain.standards.catalogue import Catalogue, walk
from compliance.domain.terms.references import parse_reference
from compliance.exchange.table.csv_rows import LARGEST
from compliance.exchange.table.headings import Field, HeadingRow, heading_row, match_headings
from compliance.exchange.table.table import csv_table
from compliance.problems import Location, Problem, Refused, choice_hint, refuse, sentence_and_hint
from compliance.store.screening.wording import cell_problems
from compliance.store.text.decoding import parse_day, parse_flag
from compliance.store.text.spreadsheets import unguarded

SHOWN_ONLY = ("title", "evidence", "level")
"""Columns of our own tables that are worked out: nothing is read from them."""
_CONTROL = Field("control", ("question",))


def _several(text: str) -> tuple[str, ...]:
    return tuple(part.strip() for part in text.split(";") if part.strip())


_READ: Mapping[str, Callable[[str], Any]] = {
    "applies": parse_flag,
    "reason": str,
    "because": _several,
    "status": str,
    "method": str,
    "owner": str,
    "review": parse_day,
    "answer": str,
}


def judgements_in(path: Path, catalogue: Catalogue) -> dict[str, Callable[[Statement], Statement]]:
    """What a table says of controls, by id. Raises Refused with every cell that cannot be read, each with its line.

    Its first row names the columns: `control` (or `question`), and those that are to be read.
    """
    rows = csv_table(_bytes(path), path.name).rows
    if not rows:
        raise refuse("is empty", location=Location(path.name), hint="give it a row of column names: control, …")
    line, headings = rows[0]
    columns = _columns(heading_row(line, headings, Location(path.name, line)))
    assessable_by_id = {node.control.id: node.control.assessable for node in walk(catalogue)}
    problems: list[Problem] = []
    changes: dict[str, Callable[[Statement], Statement]] = {}
    for number, cells in rows[1:]:
        where = Location(path.name, number)
        values = {name: unguarded(cells[at].strip()) for name, at in columns.items() if at < len(cells)}
        control = _control(values.pop("control", ""), catalogue)
        if not control:
            problems.append(Problem("names no control", where, "write its id in the first column, or remove the row"))
        elif not assessable_by_id.get(control):
            near = choice_hint(control, [id_ for id_, assessable in assessable_by_id.items() if assessable])
            hint = near or f"list them with: compliance standards show {catalogue.name}"
            sentence = f"{catalogue.name} has no control {control}"
            if control in assessable_by_id:
                sentence, hint = f"{control} is a heading", "give each control below it a row of its own"
            problems.append(Problem(sentence, where, hint))
        elif control in changes:
            problems.append(Problem(f"{control} has two rows", where, "remove one of the two"))
        else:
            fields, wrong = _fields(values, where)
            problems += wrong
            changes[control] = _changing(fields)
    if problems:
        raise Refused(problems)
    return changes


def _bytes(path: Path) -> bytes:
    where = Location(path.name)
    if path.is_dir():
        raise refuse("is a folder", location=where, hint="name a CSV file")
    if not path.is_file():
        raise refuse("there is no such file", location=where, hint="name a CSV file")
    if path.stat().st_size > LARGEST:
        raise refuse("is too large for a table of judgements", location=where, hint="name the right file")
    return path.read_bytes()


def _columns(row: HeadingRow) -> dict[str, int]:
    """The column of each field that is read. Raises Refused for columns that say nothing here, or say it twice."""
    fields = [_CONTROL, *(Field(name) for name in (*_READ, *SHOWN_ONLY))]
    places = match_headings(row, fields, {})
    for at, heading in enumerate(row.names):
        if heading and at not in places.values():
            if heading in {_CONTROL.name, *_CONTROL.headings, *places}:
                raise refuse(f"has two columns “{heading}”", location=row.where, hint="remove one of the two")
            hint = choice_hint(heading, [_CONTROL.name, *_READ])
            raise refuse(f"has a column “{heading}”, which says nothing here", location=row.where, hint=hint)
    if _CONTROL.name not in places:
        hint = f"let the first row name the columns: control, {', '.join(_READ)}"
        raise refuse("has no column “control”", location=row.where, hint=hint)
    return {name: at for name, at in places.items() if name not in SHOWN_ONLY}


def _control(cell: str, catalogue: Catalogue) -> str:
    """The id in a cell: bare, or after the standard's name."""
    try:
        reference = parse_reference(cell)
    except ValueError:
        return cell
    return reference.control if reference.standard == catalogue.id else cell


def _fields(values: Mapping[str, str], where: Location) -> tuple[dict[str, Any], list[Problem]]:
    fields, problems = {}, []
    for name, text in values.items():
        if not text:
            continue
        problems += cell_problems(text, where)
        try:
            fields[name] = _READ[name](text)
        except ValueError as error:
            sentence, hint = sentence_and_hint(error)
            problems.append(Problem(f"{name}: {sentence}", where, hint))
    return fields, problems


def _changing(fields: Mapping[str, Any]) -> Callable[[Statement], Statement]:
    return lambda before: msgspec.structs.replace(before, **fields)
