"""What the cache holds of a commit: its files, and since when their bytes have been there."""

from __future__ import annotations

import msgspec


class CachedEntry(msgspec.Struct, frozen=True):
    """A file of the cached commit; `size` in bytes."""

    path: str
    mode: str
    oid: str
    size: int


class Present(msgspec.Struct, frozen=True):
    """Since when a blob has been present, unbroken, at how many paths; `first` if it came with a new file."""

    paths: int
    since: str
    first: bool
