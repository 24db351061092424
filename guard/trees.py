"""The tree of a commit, read folder by folder: only those on the way to what is looked for."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterable, Iterator

from guard.blobs import Blobs
from guard.entries import EXECUTABLE, REGULAR, SUBMODULE, SYMLINK, File

FOLDER = "040000"
"""git's mode of a tree in a tree."""


class Tree:
    """The files, symlinks and submodules of a commit; before the first one there are none."""

    def __init__(self, blobs: Blobs, commit: str | None) -> None:
        self._blobs = blobs
        self._commit = commit
        # By the path of a folder, with a slash at its end, what is in it by name.
        self._known: dict[str, dict[str, File]] = {} if commit else {"": {}}

    def files(self, paths: Iterable[str]) -> dict[str, File]:
        """Those of `paths` that it holds."""
        places = {path: split(path) for path in paths}
        self._read({folder for folder, _ in places.values()})
        found = {}
        for path, (folder, name) in places.items():
            entry = self._known[folder].get(name)
            if entry is not None and entry.mode != FOLDER:
                found[path] = entry
        return found

    def below(self, folder: str) -> dict[str, File]:
        """All in `folder`, which ends with a slash, and in the folders in it."""
        found: dict[str, File] = {}
        left = [folder]
        while left:
            self._read(left)
            inside = [entry for one in left for entry in self._known[one].values()]
            found.update((entry.path, entry) for entry in inside if entry.mode != FOLDER)
            left = [entry.path + "/" for entry in inside if entry.mode == FOLDER]
        return found

    def _read(self, folders: Iterable[str]) -> None:
        """Gets to know folders and those above them; what is equally deep is read together."""
        missing = {one for folder in folders for one in upward(folder)} - self._known.keys()
        for depth in sorted({folder.count("/") for folder in missing}):
            level = {f: self._name(f) for f in missing if f.count("/") == depth}
            there = {folder: name for folder, name in level.items() if name}
            contents = self._blobs.read_all([*there.values()])
            read = dict(zip(there, contents, strict=True))
            for folder in level:
                inside = entries(read.get(folder, b""), len(self._commit or "") // 2)
                self._known[folder] = {
                    name: File(folder + name, mode, oid) for name, mode, oid in inside
                }

    def _name(self, folder: str) -> str:
        """What git calls the tree of a folder, all above which is known; empty for none."""
        if not folder:
            return f"{self._commit}^{{tree}}"
        above, name = split(folder[:-1])
        entry = self._known[above].get(name)
        return entry.oid if entry is not None and entry.mode == FOLDER else ""


def split(path: str) -> tuple[str, str]:
    """The folder of a path, with a slash at its end but for the top, and the name in it."""
    folder, slash, name = path.rpartition("/")
    return folder + slash, name


def upward(folder: str) -> Iterator[str]:
    """A folder and all above it."""
    yield folder
    while folder:
        folder = split(folder[:-1])[0]
        yield folder


def entries(tree: bytes, size: int) -> Iterator[tuple[str, str, str]]:
    """Name, mode and id of what a tree object lists; its ids have `size` bytes (gitformat)."""
    start = 0
    while start < len(tree):
        blank = tree.index(b" ", start)
        end = tree.index(b"\0", blank)
        mode = canonical(int(tree[start:blank], 8))
        start = end + 1 + size
        yield os.fsdecode(tree[blank + 1 : end]), mode, tree[end + 1 : start].hex()


def canonical(mode: int) -> str:
    """A mode as git shows it: old trees hold others of the same meaning, such as 100664."""
    if stat.S_ISREG(mode):
        return EXECUTABLE if mode & stat.S_IXUSR else REGULAR
    if stat.S_ISLNK(mode):
        return SYMLINK
    return FOLDER if stat.S_ISDIR(mode) else SUBMODULE
