"""OSCAL profiles read: the catalogue they select from, with the selection as a profile of it.

A profile names its catalogue by a link. Nothing is ever fetched: the catalogue is a file that the user names, or one
beside the profile that has the name at the link's end. Profiles that select from profiles are followed.
"""

from __future__ import annotations

import os.path
from pathlib import Path
from urllib.parse import unquote

import msgspec

from compliance.domain.standards.catalogue import Profile
from compliance.exchange.drafts import slug_from, title_from
from compliance.exchange.formats import oscal_profile
from compliance.exchange.imported import Imported, Kept, Skipped
from compliance.exchange.options import Options
from compliance.exchange.oscal.about import title_of
from compliance.exchange.oscal.alteration import alter
from compliance.exchange.oscal.catalog import Selected, convert
from compliance.exchange.oscal.document import Node, as_lines, document_of, version_doubts
from compliance.exchange.oscal.selection import control_ids, select_ids
from compliance.exchange.reading import fault_at, read_source
from compliance.exchange.registry import HEAD, Likeness
from compliance.problems import Location, refuse

_DEEPEST = 8
"""How many profiles may select from each other."""
_READ_KEYS = frozenset(("uuid", "metadata", "imports", "merge", "modify", "back-matter"))

_UNUSED_MERGES = {
    "custom": "the tree of the catalogue is kept",
    "flat": "the tree of the catalogue is kept",
    "combine": "one catalogue is selected from: nothing meets",
}


class _Source(msgspec.Struct):
    """A catalogue on its way through the profiles that select from it: its document, and what is selected so far."""

    root: Node
    data: bytes
    file: str
    ids: frozenset[str]
    skipped: list[Skipped]
    notes: list[str]


def read_profile(data: bytes, file: str, options: Options) -> Imported:
    """The catalogue that a profile selects from, the selection being its profile in use.

    Raises Refused for what cannot be read, for a catalogue that is not there, and for profiles that go in a circle.
    """
    root = document_of(data, file, "profile")
    source = _resolved(root, data, file, options, ())
    others = [_another(path, source, options) for path in options.beside]
    chosen = (_selection(root, source), *(selection for selection, _ in others))
    _make_sure_of_names(chosen, file)
    imported = convert(source.root, source.data, source.file, options, chosen)
    return msgspec.structs.replace(
        imported,
        skipped=(*source.skipped, *imported.skipped),
        kept=(Kept("", "profile", "\n".join(_about(root))), *(kept for _, kept in others), *imported.kept),
        notes=(*source.notes, *imported.notes),
        source_id=root.get("uuid", ""),
        source_version=root.get("metadata", {}).get("version", ""),
    )


def _another(path: str, source: _Source, options: Options) -> tuple[Selected, Kept]:
    """A further profile of the same catalogue; what it would change of the texts is not done, and said."""
    data = read_source(Path(path))
    root = document_of(data, path, "profile")
    other = _resolved(root, data, path, options, ())
    if other.data != source.data:
        hint = "import it apart"
        sentence = f"selects from {Path(other.file).name}, and the first profile from {Path(source.file).name}"
        raise refuse(sentence, location=Location(path), hint=hint)
    name = Path(path).name
    source.skipped += [Skipped(f"{entry.what} ({name})", entry.why) for entry in other.skipped]
    if root.get("modify"):
        source.skipped.append(Skipped(f"“modify” of {name}", "the texts are as the first profile has them"))
    return _selection(root, other), Kept("", f"profile {name}", "\n".join(_about(root)))


def _selection(root: Node, source: _Source) -> Selected:
    """What a profile selects, under a name that tells it from other profiles of its catalogue."""
    name = slug_from(profile_name(title_of(root), title_of(source.root))) or "profile"
    return Selected(Profile(id=name, title=title_from(title_of(root), "Profile without a title")), source.ids)


def _make_sure_of_names(chosen: tuple[Selected, ...], file: str) -> None:
    names = [selection.profile.id for selection in chosen]
    for name in names:
        if names.count(name) > 1:
            hint = "leave one of them out, or give it another title"
            raise refuse(f"two profiles come to the same name: {name}", location=Location(file), hint=hint)


def profile_name(title: str, catalogue_title: str) -> str:
    """What the title of a profile adds to that of its catalogue: `LOW IMPACT BASELINE`."""
    words, others = title.split(), catalogue_title.replace(":", "").split()
    while words and others and words[0] == others[0]:
        words, others = words[1:], others[1:]
    while len(words) > 1 and not any(letter.isalpha() for letter in words[0]):
        words = words[1:]
    return " ".join(words) or title


def _resolved(root: Node, data: bytes, file: str, options: Options, trail: tuple[Path, ...]) -> _Source:
    """The catalogue that a profile leads to, selected from and changed as it says."""
    here = Path(file).resolve()
    if here in trail:
        circle = " → ".join(path.name for path in (*trail[trail.index(here) :], here))
        hint = "one of them has to select from a catalogue"
        raise refuse(f"the profiles select from each other in a circle: {circle}", location=Location(file), hint=hint)
    if len(trail) >= _DEEPEST:
        hint = "name the catalogue itself with --catalog"
        raise refuse(f"more than {_DEEPEST} profiles select from each other", location=Location(file), hint=hint)
    imports = root.get("imports", [])
    if not imports:
        hint = "a profile says under “imports” what it selects from"
        raise fault_at(data, file, ("profile",), "selects from no catalogue", hint)
    paths = {_source_file(entry.get("href", ""), root, file, options) for entry in imports}
    if len(paths) > 1:
        names = ", ".join(sorted(path.name for path in paths))
        hint = "import each of them with the part of the profile that is about it"
        raise refuse(f"selects from several catalogues: {names}", location=Location(file), hint=hint)
    source = _opened(paths.pop(), options, (*trail, here))
    chosen: frozenset[str] = frozenset()
    source.skipped += version_doubts(root)
    for entry in imports:
        ids, skipped = select_ids(source.root, entry, source.ids)
        chosen |= ids
        source.skipped += skipped
    source.ids = chosen
    source.skipped += alter(source.root, root.get("modify", {}))
    source.skipped += _unused(root)
    if not chosen:
        raise refuse(
            "selects no control", location=Location(file), hint="look whether its ids are those of the catalogue"
        )
    return source


def _opened(path: Path, options: Options, trail: tuple[Path, ...]) -> _Source:
    data, name = read_source(path), str(path)
    if _is_profile(data):
        return _resolved(document_of(data, name, "profile"), data, name, options, trail)
    root = document_of(data, name, "catalog")
    return _Source(root, data, name, control_ids(root), [], [_selects(path.name, root)])


def _is_profile(data: bytes) -> bool:
    return oscal_profile.recognises(data[:HEAD], "") is not Likeness.NONE


def _selects(name: str, root: Node) -> str:
    version = root.get("metadata", {}).get("version", "")
    return f"Selects from {name}: {title_from(title_of(root))}" + (f", version {version}" if version else "")


def _source_file(href: str, root: Node, file: str, options: Options) -> Path:
    """The file that a link stands for: one that the user named, or one beside the profile. Raises Refused."""
    names = [name for link in _links(href, root) if (name := unquote(link.partition("#")[0]).rpartition("/")[2])]
    named = [Path(path) for path in options.catalogs]
    for path in named:
        if path.name in names:
            return path
    beside = [path for name in names if name not in {".", ".."} and _is_there(path := Path(file).parent / name)]
    profiles = [path for path in beside if _is_profile(read_source(path))]
    candidates = profiles or (named if len(named) == 1 else beside)
    if not candidates:
        wanted = names[0] if names else href or "a catalogue that it does not name"
        hint = "fetch it, and say where it lies with --catalog FILE"
        raise refuse(f"selects from {wanted}, which is not beside it", location=Location(file), hint=hint)
    return candidates[0]


def _is_there(path: Path) -> bool:
    """Whether there is such a file; a name that is too long for one is none."""
    return os.path.isfile(path)  # noqa: PTH113  # is_file() raises for such a name


def _links(href: str, root: Node) -> list[str]:
    """Where a link leads; one within the document leads to a resource, which may lie in several places."""
    if not href.startswith("#"):
        return [href]
    resources = root.get("back-matter", {}).get("resources", ())
    links = [link for resource in resources if resource.get("uuid") == href[1:] for link in resource.get("rlinks", ())]
    links.sort(key=lambda link: "json" not in link.get("media-type", link.get("href", "")))
    return [link.get("href", "") for link in links]


def _unused(root: Node) -> list[Skipped]:
    """What of a profile has no use here."""
    merge = root.get("merge", {})
    return [
        *(Skipped(f"the merge “{key}”", why) for key, why in _UNUSED_MERGES.items() if key in merge),
        *(Skipped(f"the field “{key}”", "OSCAL has no such field here") for key in root if key not in _READ_KEYS),
    ]


def _about(root: Node) -> list[str]:
    return as_lines({key: value for key, value in root.items() if key != "imports"})
