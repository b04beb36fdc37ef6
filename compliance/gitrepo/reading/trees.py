"""The folders of a commit: read where a change touches them, written anew with the change in."""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping
from typing import NamedTuple

from compliance.gitrepo.process.process import Conversation, Git
from compliance.gitrepo.reading.paths import in_the_way
from compliance.gitrepo.reading.reading import GITLINK, SYMLINK, read_object
from compliance.problems import Location, refuse

FOLDER = b"40000"
FILE = b"100644"
_KINDS = {FOLDER: b"tree", GITLINK.encode(): b"commit"}


class Item(NamedTuple):
    """What a folder holds under one name."""

    mode: bytes
    oid: str


Folder = dict[bytes, Item]


class Branching:
    """The changes below one name: what becomes of the name itself, and of the names in it as a folder."""

    def __init__(self) -> None:
        self.removed = False
        self.blob: str | None = None
        self.below: dict[str, Branching] = {}

    @property
    def adds(self) -> bool:
        """Whether anything but removals is asked for."""
        return self.blob is not None or any(child.adds for child in self.below.values())


class Trees:
    """Reads folders through a running `cat-file --batch`, each once."""

    def __init__(self, talk: Conversation) -> None:
        self._talk = talk
        self._known: dict[str, Folder] = {}

    def root(self, commit: str) -> str:
        """The oid of a commit's top folder."""
        self._talk.ask(f"{commit}^{{tree}}\n".encode())
        oid, content = read_object(self._talk, commit)
        self._known[oid] = _items(content, len(oid) // 2)
        return oid

    def folder(self, oid: str | None) -> Folder:
        """The items of a folder; without an oid, an empty one."""
        if oid is None:
            return {}
        if oid not in self._known:
            self._talk.ask(f"{oid}\n".encode())
            self._known[oid] = _items(read_object(self._talk, oid)[1], len(oid) // 2)
        return dict(self._known[oid])

    def at(self, commit: str | None, paths: Iterable[str]) -> dict[str, Item | None]:
        """The file that a commit has at each path; None where it has nothing, or a folder."""
        top = self.root(commit) if commit else None
        return {path: self._item(top, path) for path in paths}

    def _item(self, tree: str | None, path: str) -> Item | None:
        item: Item | None = Item(FOLDER, tree) if tree else None
        for part in path.split("/"):
            if item is None or item.mode != FOLDER:
                return None
            item = self.folder(item.oid).get(os.fsencode(part))
        return None if item and item.mode == FOLDER else item


def rewritten(git: Git, trees: Trees, tree: str | None, changes: Mapping[str, str | None]) -> tuple[str, list[str]]:
    """The oid of a top folder with changes in (a blob's oid for a path, or None to remove it), and all that is new.

    Refused: a path that would be a file and a folder at once, or that is a symbolic link or a submodule in the tree.
    """
    top = Branching()
    for path, blob in changes.items():
        node = top
        for part in path.split("/"):
            node = node.below.setdefault(part, Branching())
        node.removed, node.blob = blob is None, blob
    with git.converse("mktree", "-z", "--batch", "--missing") as talk:
        writer = _Writer(trees, talk)
        return writer.write(writer.changed(tree, top, "")), writer.new


class _Writer:
    """Writes folders through a running `mktree --batch`, and remembers what it wrote."""

    def __init__(self, trees: Trees, talk: Conversation) -> None:
        self.new: list[str] = []
        self._trees = trees
        self._talk = talk

    def changed(self, tree: str | None, node: Branching, prefix: str) -> Folder:
        """The items of a folder with the changes below it in."""
        items = self._trees.folder(tree)
        for part, child in node.below.items():
            name = os.fsencode(part)
            item = self._item(items.pop(name, None), child, prefix + part)
            if item:
                items[name] = item
        return items

    def _item(self, item: Item | None, child: Branching, path: str) -> Item | None:
        if child.removed:
            if item and item.mode == FOLDER:
                raise refuse("this is a folder, not a file", location=Location(path), hint="Name the files in it.")
            item = None
        if item is None or item.mode == FOLDER:
            if child.below:
                below = self.changed(item.oid if item else None, child, path + "/")
                item = Item(FOLDER, self.write(below)) if below else None
        elif any(inner.adds for inner in child.below.values()):
            raise in_the_way(path)
        if child.blob is None:
            return item
        if item and item.mode == FOLDER:
            raise in_the_way(path)
        return Item(_mode(item, path), child.blob)

    def write(self, items: Folder) -> str:
        """The oid of the folder that holds these items."""
        lines = (
            b"%s %s %s\t%s\0" % (item.mode, _KINDS.get(item.mode, b"blob"), item.oid.encode(), name)
            for name, item in items.items()
        )
        self._talk.ask(b"".join(lines) + b"\0")
        oid = self._talk.line().decode()
        self.new.append(oid)
        return oid


def _mode(item: Item | None, path: str) -> bytes:
    """The mode that a file keeps, or gets when it is new."""
    if item is None:
        return FILE
    if item.mode.decode() in {SYMLINK, GITLINK}:
        kind = "a symbolic link" if item.mode.decode() == SYMLINK else "a submodule"
        raise refuse(f"this is {kind} in the last commit", location=Location(path), hint="Choose another name.")
    return item.mode


def _items(content: bytes, width: int) -> Folder:
    """The items of a tree object, whose oids are so many bytes wide."""
    items: Folder = {}
    start = 0
    while start < len(content):
        space = content.index(b" ", start)
        end = content.index(b"\0", space)
        after = end + 1 + width
        items[content[space + 1 : end]] = Item(content[start:space], content[end + 1 : after].hex())
        start = after
    return items
