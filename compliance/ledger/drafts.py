"""Catalogues and overlays that are being written: read from wherever they lie, beside what they speak of."""

from __future__ import annotations

import contextlib
import functools
import re
import stat
from collections.abc import Iterator, Sequence
from pathlib import Path

from compliance.domain.standards.catalogue import Catalogue
from compliance.domain.terms.layout import CONFIGURATION, STANDARDS
from compliance.domain.terms.references import StandardName
from compliance.problems import Location, reason_of, refuse
from compliance.store.catalogues.authoring import Draft, examine, is_overlay
from compliance.store.catalogues.catalogues import parse_catalogue
from compliance.store.text.located import LARGEST
from compliance.workspace.shipped import shipped_catalogues


def examine_files(files: Sequence[Path]) -> list[Draft]:
    """Each file examined: its catalogue and the problems in it. It need not be committed, nor lie in a workspace.

    Raises Refused for what is no file, or cannot be opened.
    """
    drafts = {file: _read(file) for file in dict.fromkeys(files)}
    catalogues = _NearbyCatalogues(drafts)
    return [examine(data, str(file), catalogues.find, catalogues.ids) for file, data in drafts.items()]


def _read(file: Path) -> bytes:
    """A file's bytes, but never many more than can be read: what is longer is refused by its length alone."""
    where = Location(str(file))
    try:
        status = file.stat()
        if stat.S_ISDIR(status.st_mode):
            raise refuse("is a folder", location=where, hint="name the files in it that are to be checked")
        if not stat.S_ISREG(status.st_mode):
            raise refuse("is not a plain file", location=where, hint="name a file that holds a catalogue or an overlay")
        if status.st_size > LARGEST:
            hint = "a catalogue is text of some hundred kilobytes at most; is this the right file?"
            raise refuse(f"is {status.st_size:,} bytes; at most {LARGEST:,} are read", location=where, hint=hint)
        return file.read_bytes()
    except FileNotFoundError:
        raise refuse("is not there", location=where, hint="check its name, and the folder it is in") from None
    except (OSError, ValueError) as error:
        reason = reason_of(error) if isinstance(error, OSError) else "there can be no such name"
        raise refuse(f"cannot be read: {reason}", location=where, hint="check its name, and who may read it") from None


_HEAD = 64_000
_ID = re.compile(rb"^id:[ \t]*[\"']?([a-z0-9][a-z0-9-]*)", re.MULTILINE)


class _NearbyCatalogues:
    """The catalogues that a draft may speak of, nearest first: those given, the workspace's, those that ship.

    Each is read only when it is asked for: a folder may hold many, and some of them may be broken.
    """

    def __init__(self, drafts: dict[Path, bytes]) -> None:
        self._near: list[tuple[str, Path | bytes]] = [
            (_id_in(data), data) for file, data in drafts.items() if not is_overlay(str(file))
        ]
        for file in dict.fromkeys(other for draft in drafts for other in _neighbours(draft) if other not in drafts):
            with contextlib.suppress(OSError), file.open("rb") as opened:
                self._near.append((_id_in(opened.read(_HEAD)), file))
        self._shipped = shipped_catalogues()
        self._by_name: dict[StandardName, Catalogue | None] = {}

    @functools.cached_property
    def ids(self) -> list[str]:
        """The ids of every standard there is a catalogue of."""
        return sorted({id_ for id_, _ in self._near if id_} | {name.partition("@")[0] for name in self._shipped})

    def find(self, name: StandardName) -> Catalogue | None:
        """The catalogue of a name; None if there is none, or if several versions fit a name without version."""
        if name not in self._by_name:
            self._by_name[name] = self._look(name)
        return self._by_name[name]

    def _look(self, name: StandardName) -> Catalogue | None:
        near = [what for id_, what in self._near if id_ == name.id]
        ship = [data for file, data in self._shipped.items() if file.partition("@")[0] == name.id]
        for among in (near, ship):
            read = [parse_catalogue(_bytes(source), "").value for source in among]
            fitting = [
                catalogue
                for catalogue in read
                if catalogue and catalogue.id == name.id and name.version in {"", catalogue.version}
            ]
            if fitting:
                return fitting[0] if len({catalogue.version for catalogue in fitting}) == 1 else None
        return None


def _id_in(data: bytes) -> str:
    """The id that a catalogue begins with, as far as can be told without reading all of it."""
    match = _ID.search(data, 0, _HEAD)
    return match[1].decode() if match else ""


def _bytes(what: Path | bytes) -> bytes:
    if isinstance(what, bytes):
        return what
    with what.open("rb") as file:
        return file.read(LARGEST + 1)


def _neighbours(file: Path) -> Iterator[Path]:
    """The catalogues in the same folder, and in the standards of the workspace that the file lies in."""
    folder = file.resolve().parent
    top = next((parent for parent in (folder, *folder.parents) if (parent / CONFIGURATION).is_file()), None)
    among = [*folder.glob("*.yaml"), *((top / STANDARDS).rglob("*.yaml") if top else ())]
    for other in sorted(set(among)):
        if other != file.resolve() and other.is_file() and not is_overlay(other.name):
            yield other
