"""Nodes of a foreign standard before they are a catalogue: ids that can be named, and each under its parent."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterable, Mapping, Sequence

import msgspec

from compliance.domain.standards.catalogue import Catalogue, Control, Profile
from compliance.domain.standards.expectations import Expectation, MaxAge
from compliance.domain.terms.durations import Duration
from compliance.domain.terms.references import parse_standard
from compliance.domain.terms.vocabulary import Basis
from compliance.exchange.options import Options
from compliance.problems import Location, Problem, Refused, choice_hint, refuse

DEEPEST = 9
"""How deep controls may lie below each other: a catalogue's file has two levels for each, and no more than 24."""
_MOST = 20
"""How many faults of one kind are listed before the rest is counted."""
_TITLE = 160
"""A longer title is shortened, in characters; the whole is kept beside the catalogue."""
_LONGEST_ID = 120
UNNAMED = "imported"
"""The id of a catalogue whose source does not name itself."""
_SPACE_IN_BRACKETS = re.compile(r"\s+(?=\()")
_UNNAMEABLE = re.compile(r"[\s#\x00-\x1f]+")
_NO_VERSION = re.compile(r"[\s#:@/\x00-\x1f]+")
_NO_SLUG = re.compile(r"[^a-z0-9]+")

DEFAULT_EXPECTS = (
    Expectation(
        id="evidence",
        rule=MaxAge(Duration(12)),
        basis=Basis.ORGANISATION,
        what="Evidence that this is done (a default of the import; an overlay sets what fits)",
    ),
)
"""What an imported control expects: foreign formats say nothing of evidence or of its age."""
NOTICE = "Imported: how fresh its evidence must be is a default of the import until an overlay sets it."


class DraftControl(msgspec.Struct, frozen=True):
    """A node as read: its control without those below, the id of its parent, and where it stands in the source."""

    control: Control
    parent: str
    where: Location


def tree_of(drafts: Sequence[DraftControl]) -> tuple[Control, ...]:
    """The drafts as a tree, in their order.

    Raises Refused for an id that is used twice, a parent that is missing, parents in a circle, and too many levels.
    """
    problems = [*_too_long(drafts), *_clashes(drafts), *_orphans(drafts)]
    if problems:
        raise Refused(_listed(problems))
    depths = _depths(drafts)
    below: dict[str, list[Control]] = {}
    for draft in sorted(drafts, key=lambda draft: -depths[draft.control.id]):
        children = tuple(below.pop(draft.control.id, ()))
        control = msgspec.structs.replace(draft.control, controls=children) if children else draft.control
        below.setdefault(draft.parent, []).append(control)
    return tuple(below.get("", ()))


def _too_long(drafts: Sequence[DraftControl]) -> list[Problem]:
    hint = "name the column that has the ids, not the one that has the text"
    return [
        Problem(f"an id is longer than {_LONGEST_ID} characters: {draft.control.id[:40]}…", draft.where, hint)
        for draft in drafts
        if len(draft.control.id) > _LONGEST_ID
    ]


def _clashes(drafts: Sequence[DraftControl]) -> list[Problem]:
    first: dict[str, DraftControl] = {}
    problems = []
    for draft in drafts:
        earlier = first.setdefault(draft.control.id, draft)
        if earlier is not draft:
            where = f" (first in line {earlier.where.line})" if earlier.where.line else ""
            hint = "give one of the two another id; a spreadsheet makes 1.1 of 1.10 unless its column holds text"
            problems.append(Problem(f"the id {draft.control.id} is used twice{where}", draft.where, hint))
    return problems


def _orphans(drafts: Sequence[DraftControl]) -> list[Problem]:
    ids = {draft.control.id for draft in drafts}
    lost = [draft for draft in drafts if draft.parent and draft.parent not in ids]
    otherwise = "name one that is in the file"
    return [
        Problem(
            f"{draft.control.id} lies under {draft.parent}, which is not in the file",
            draft.where,
            (choice_hint(draft.parent, ids) if number < 3 and len(ids) < 2_000 else "") or otherwise,
        )
        for number, draft in enumerate(lost)
    ]


def _depths(drafts: Sequence[DraftControl]) -> dict[str, int]:
    """How deep each id lies, from 1. Raises Refused for parents in a circle and for more than `DEEPEST` levels."""
    parents = {draft.control.id: draft.parent for draft in drafts}
    depths = {"": 0}
    for draft in drafts:
        way: dict[str, None] = {}
        here = draft.control.id
        while here not in depths:
            if here in way:
                circle = [*list(way)[list(way).index(here) :], here]
                listed = " → ".join(circle if len(circle) <= 8 else [*circle[:6], "…", circle[-1]])
                hint = "correct the parent of one of them"
                raise refuse(f"the parents go round in a circle: {listed}", location=draft.where, hint=hint)
            way[here] = None
            here = parents[here]
        depth = depths[here]
        for step in reversed(way):
            depth += 1
            depths[step] = depth
        if depths[draft.control.id] > DEEPEST:
            hint = "import it with fewer levels: the parents of the deepest can be left out"
            raise refuse(f"{draft.control.id} lies more than {DEEPEST} deep", location=draft.where, hint=hint)
    return depths


def _listed(problems: list[Problem]) -> list[Problem]:
    """The problems, or the first nineteen and how many more there are."""
    if len(problems) <= _MOST:
        return problems
    last = problems[_MOST - 1]
    more = Problem(f"{len(problems) - _MOST + 1} more faults of this kind", last.location, "mend those above first")
    return [*problems[: _MOST - 1], more]


def id_from(text: str) -> str:
    """An id as a control can be named by: no blanks in it, and no “#” (`AC-2 (1)` becomes `AC-2(1)`)."""
    return _UNNAMEABLE.sub("-", _SPACE_IN_BRACKETS.sub("", text.strip())).strip("-")


def slug_from(text: str) -> str:
    """A name in small letters and hyphens, for ids of standards and profiles; empty where nothing is left."""
    return _NO_SLUG.sub("-", text.casefold()).strip("-")[:60].strip("-")


def title_from(*texts: str) -> str:
    """The first text that is there, on one line and at most 160 characters long."""
    text = " ".join(next((text for text in texts if text.strip()), "").split())
    if len(text) <= _TITLE:
        return text
    return text[:_TITLE].rpartition(" ")[0].rstrip(",;:. ") + "…" if " " in text[:_TITLE] else text[:_TITLE] + "…"


def on_one_line(text: str) -> str:
    """A text of several lines on one, as a summary is written."""
    return " ".join(text.split())


def profiles_named(titles: Mapping[str, str]) -> dict[str, Profile]:
    """A profile for each name that a source uses, with an id that can be typed, and no two of one id."""
    profiles: dict[str, Profile] = {}
    taken: set[str] = set()
    for name, title in titles.items():
        base = slug_from(name) or "profile"
        numbered = (base if number == 1 else f"{base}-{number}" for number in itertools.count(1))
        id_ = next(candidate for candidate in numbered if candidate not in taken)
        taken.add(id_)
        profiles[name] = Profile(id=id_, title=title)
    return profiles


def leaves_assessable(drafts: Sequence[DraftControl]) -> list[DraftControl]:
    """The drafts with those made assessable that have none below, or expect something: what a source does not say."""
    parents = {draft.parent for draft in drafts}
    return [
        draft if draft.control.id in parents and not draft.control.expects else made_assessable(draft)
        for draft in drafts
    ]


def made_assessable(draft: DraftControl) -> DraftControl:
    """The draft with its control one that is judged."""
    return msgspec.structs.replace(draft, control=msgspec.structs.replace(draft.control, assessable=True))


class About(msgspec.Struct, frozen=True, kw_only=True):
    """What a source says of itself, as it says it; empty where it says nothing."""

    id: str
    version: str
    title: str
    publisher: str = ""
    licence: str = ""
    profiles: tuple[Profile, ...] = ()


def catalogue_of(drafts: Sequence[DraftControl], about: About, options: Options, file: str) -> Catalogue:
    """The drafts as a catalogue; what the user says goes before what the source says.

    Raises Refused where there is no control, or where id or version cannot be written in a reference.
    """
    location = Location(file)
    if not drafts:
        raise refuse("holds no controls", location=location, hint="look whether it is the right file, or part of it")
    id_ = options.id or slug_from(about.id) or UNNAMED
    version = options.version or _NO_VERSION.sub("-", about.version.strip()).strip("-") or "1"
    try:
        name = parse_standard(f"{id_}@{version}")
    except ValueError as error:
        hint = "ids have small letters, digits and hyphens: --id my-standard --version 2026"
        raise refuse(str(error).partition(";")[0], hint=hint) from None
    if len(str(name)) > _LONGEST_ID:
        hint = "say shorter ones: --id my-standard --version 2026"
        raise refuse(f"id and version together are longer than {_LONGEST_ID} characters", location=location, hint=hint)
    controls = tree_of(drafts)
    if not any(draft.control.assessable for draft in drafts):
        hint = "at least one node has to be assessable: say which column tells with --column assessable=HEADER"
        raise refuse("holds no assessable control, only headings", location=location, hint=hint)
    title = options.title or title_from(about.title) or name.id
    licence = options.licence or on_one_line(about.licence)
    return Catalogue(
        id=name.id,
        version=name.version,
        title=title,
        short=options.short or title_from(title)[:40].strip(),
        publisher=on_one_line(about.publisher) or "publisher not stated by the source",
        wording=f"Ids and titles as in the source. Licence: {licence or 'not stated by the source'}",
        notice=NOTICE,
        source=f"Imported from {file.rpartition('/')[2]}",
        profiles=about.profiles,
        default_expects=DEFAULT_EXPECTS,
        controls=controls,
    )


def stem_of(file: str) -> str:
    """The name of a file without its folder and its ending, by which a source is called that does not name itself."""
    return file.rpartition("/")[2].rpartition(".")[0]


def note_on_respelt_ids(pairs: Iterable[tuple[str, str]]) -> str:
    """A sentence on ids that had to be written another way; empty where none had."""
    changed = [(old, new) for old, new in pairs if old.strip() != new]
    if not changed:
        return ""
    old, new = changed[0]
    many = "1 id has" if len(changed) == 1 else f"{len(changed):,} ids have"
    return f"{many} blanks or “#”, which no reference can hold, and lost them here: “{old}” is {new}."
