"""Which paths may be written: plain names below the top folder that every system can check out."""

from __future__ import annotations

import os
import re
from collections.abc import Iterable

from compliance.problems import Location, refuse

_IGNORED_BY_HFS = re.compile("[\u200c-\u200f\u202a-\u202e\u206a-\u206f\ufeff]")
_GIT_FOLDER = re.compile(r"(\.git|git~\d+)[ .]*(:.*)?", re.IGNORECASE | re.DOTALL)


def checked(path: str) -> str:
    """The path, when it is one that may be written.

    Refused: an absolute path, `.`, `..`, an empty name, and every spelling of git's own folder on any file system.
    """
    parts = path.split("/")
    if "\0" in path or not all(parts) or {".", ".."} & set(parts) or (os.sep == "\\" and set(":\\") & set(path)):
        raise refuse(
            f"{path!r} is not a path inside the workspace", hint="Name a file below the workspace's top folder."
        )
    if any(_GIT_FOLDER.fullmatch(_IGNORED_BY_HFS.sub("", part)) for part in parts):
        raise refuse(
            "this path would lie in git's own folder", location=Location(path), hint="Choose another name for the file."
        )
    return path


def check_together(paths: Iterable[str]) -> None:
    """Refuse a set of paths in which one is at the same time a file and the folder of another."""
    files = set(paths)
    for path in sorted(files):
        folder = path
        while "/" in folder:
            folder = folder.rpartition("/")[0]
            if folder in files:
                raise in_the_way(folder)


def in_the_way(path: str) -> Exception:
    """The refusal for a name that would have to be a file and a folder at once."""
    return refuse(
        "this would be a file and a folder at the same time",
        location=Location(path),
        hint="Choose another name, or remove the one that is there first.",
    )


def quoted(path: str) -> bytes:
    """A path as git reads it from a line: in double quotes, with every odd byte escaped."""
    return b'"%s"' % b"".join(
        bytes((byte,)) if 32 <= byte < 127 and byte not in b'"\\' else b"\\%03o" % byte for byte in os.fsencode(path)
    )
