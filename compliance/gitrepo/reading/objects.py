"""New objects: bytes into git, unchanged by any filter, and on the disk before a branch names them."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterable, Mapping
from pathlib import Path

from compliance.gitrepo.process.process import Git
from compliance.gitrepo.reading.paths import quoted
from compliance.gitrepo.writing.files import regular, sync_folder
from compliance.problems import reason_of, refuse


def hashed(git: Git, contents: Mapping[str, Path | bytes]) -> dict[str, str]:
    """The oids of the blobs that now hold these contents, by the same names, all written by one process.

    Refused: a source that is no regular file or cannot be read.
    """
    if not contents:
        return {}
    try:
        with tempfile.TemporaryDirectory(prefix="compliance-", dir=git.place.common_dir) as spool:
            sources = [_source(content, Path(spool) / str(n)) for n, content in enumerate(contents.values())]
            question = b"".join(quoted(str(source)) + b"\n" for source in sources)
            answer = git.run("hash-object", "-w", "--no-filters", "--stdin-paths", stdin=question)
    except OSError as reason:
        raise refuse(
            f"the git folder cannot be written to: {reason_of(reason)}",
            hint="Check the free space and who may write to the .git folder.",
        ) from None
    return dict(zip(contents, answer.decode().split(), strict=True))


def sync_objects(git: Git, oids: Iterable[str]) -> None:
    """Make the names of new objects last through a power cut; git itself syncs what is in them. Raises OSError."""
    store = git.place.common_dir / "objects"
    for name in sorted({"pack", ".", *(oid[:2] for oid in oids)}):
        if (store / name).is_dir():
            sync_folder(store / name)


def sync_branch(git: Git, branch: str) -> None:
    """Make the name of a branch last through a power cut."""
    common = git.place.common_dir
    parts = branch.split("/")
    names = ["reftable", *("/".join(parts[:end]) for end in range(len(parts)))]
    for folder in (common / name for name in names):
        if folder.is_dir():
            sync_folder(folder)


def _source(content: Path | bytes, spool: Path) -> Path:
    if isinstance(content, bytes):
        spool.write_bytes(content)
        return spool
    return Path(os.path.abspath(regular(content, str(content))))  # noqa: PTH100 - resolve() would follow links
