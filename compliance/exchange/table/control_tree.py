"""Where each row of a table lies: under the parent it names, by its level, in its section, or by its dotted id."""

from __future__ import annotations

import re
from collections.abc import Mapping

import msgspec

from compliance.domain.standards.catalogue import Control, Profile
from compliance.exchange.drafts import DraftControl, id_from, leaves_assessable, made_assessable, title_from
from compliance.exchange.table.control_rows import SourceControl
from compliance.problems import Location, counted

_NUMBERED_TITLE = re.compile(r"(?P<id>[A-Z]{1,5}|[A-Za-z]{0,4}\.?\d+(?:\.\d+)*\.?)\s*[:.)–—-]?\s+(?P<title>\S.*)")
_CUTS = re.compile(r"[.(/-]")


def place_rows(
    rows: list[SourceControl], file: str, profiles: Mapping[str, Profile], every_row_assessable: bool = False
) -> tuple[list[DraftControl], str]:
    """The rows in their places, and a sentence on what told them. `profiles` are those that the rows name, by name.

    Where no column says what is assessable, every row is for some tools; for others the rows that have none below.
    """
    headings: list[DraftControl] = []
    if any(row.parent for row in rows):
        places, note = [row.parent for row in rows], "The tree is made from the parents that the rows name."
    elif any(row.level > 1 for row in rows):
        places, note = _by_level(rows), "The tree is made from the levels of the rows."
    elif any(row.section or row.section_id for row in rows):
        places, headings = _by_section(rows, file)
        note = f"The tree is made from the sections: {counted(len(headings), 'heading')}."
    else:
        places = _by_id(rows)
        under = sum(bool(place) for place in places)
        lie = "row lies" if under == 1 else "rows lie"
        note = f"The tree is made from the ids: {under:,} {lie} below another." if under else "The table is flat."
    drafts = [
        DraftControl(
            msgspec.structs.replace(
                row.control,
                assessable=bool(row.control.expects) if row.assessable is None else row.assessable,
                profiles=tuple(profiles[name].id for name in row.profiles) or None,
            ),
            place,
            Location(file, row.number),
        )
        for row, place in zip(rows, places, strict=True)
    ]
    if every_row_assessable:
        drafts = [made_assessable(draft) for draft in drafts]
    elif all(row.assessable is None for row in rows):
        drafts = leaves_assessable(drafts)
        note += " Rows that have none below them, or expect evidence, are controls; the others are headings."
    return [*headings, *drafts], note


def _by_level(rows: list[SourceControl]) -> list[str]:
    """Each row lies under the last one above it that has a smaller level."""
    branch: list[SourceControl] = []
    places = []
    for row in rows:
        while branch and branch[-1].level >= row.level:
            branch.pop()
        places.append(branch[-1].id if branch else "")
        branch.append(row)
    return places


def _by_id(rows: list[SourceControl]) -> list[str]:
    """Each row lies under the longest beginning of its id, cut at one of `. / - (`, that is an id as well."""
    ids = {row.id for row in rows}

    def above(id_: str) -> str:
        cuts = [cut.start() for cut in _CUTS.finditer(id_)]
        return next((id_[:cut] for cut in reversed(cuts) if cut and id_[:cut] in ids), "")

    return [above(row.id) for row in rows]


def _by_section(rows: list[SourceControl], file: str) -> tuple[list[str], list[DraftControl]]:
    """Each row lies under its section, or where its id goes on from another row's of that section, under that."""
    taken = {row.id for row in rows}
    inside: dict[tuple[str, str], list[SourceControl]] = {}
    for row in rows:
        inside.setdefault((row.section_id, row.section), []).append(row)
    headings: dict[tuple[str, str], DraftControl] = {}
    for (section_id, name), members in inside.items():
        if not section_id and not name:
            continue
        id_, title = _heading(section_id, name, members)
        base, number = id_, 2
        while id_ in taken:
            id_, number = f"{base}-section" if number == 2 else f"{base}-section-{number}", number + 1
        taken.add(id_)
        where = Location(file, members[0].number)
        headings[section_id, name] = DraftControl(Control(id=id_, title=title), "", where)
    places = []
    by_id = dict(zip((row.id for row in rows), _by_id(rows), strict=True))
    section_of = {row.id: (row.section_id, row.section) for row in rows}
    for row in rows:
        section = (row.section_id, row.section)
        above = by_id[row.id]
        if above and section_of[above] == section:
            places.append(above)
        else:
            places.append(headings[section].control.id if section in headings else "")
    return places, list(headings.values())


def _heading(section_id: str, name: str, members: list[SourceControl]) -> tuple[str, str]:
    """The id and title of a section: its own number, or what the ids of its rows begin with."""
    numbered = _NUMBERED_TITLE.fullmatch(name)
    if section_id:
        return section_id, title_from(name, section_id)
    if numbered:
        return id_from(numbered["id"].rstrip(".")), title_from(numbered["title"])
    begin = {_CUTS.split(row.id)[0] for row in members}
    if len(begin) == 1 and "" not in begin:
        return begin.pop(), title_from(name)
    return id_from(name)[:60] or "section", title_from(name)
