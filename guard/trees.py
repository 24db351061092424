"""The tree of a commit, read folder by folder: only those on the way to what is looked for."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterable, Iterator, Mapping

from guard.blobs import Blobs
from guard.entries import EXECUTABLE, REGULAR, SUBMODULE, SYMLINK, File
from guard.folders import above

FOLDER = "040000"
"""git's mode of a tree in a tree."""


class Tree:
    """The files, symlinks and submodules of a commit; before the first one there are none."""

    def __init__(self, blobs: Blobs, commit: str | None) -> None:
        self._blobs = blobs
        self._commit = commit
        # By the path of a folder, in which the top has none, mode and id of what is in it by name:
        # in bytes, as git says them, since of a folder of thousands a file or two is looked for.
        self._known: dict[str, Mapping[bytes, tuple[bytes, bytes]]] = {} if commit else {"": {}}

    def files(self, paths: Iterable[str]) -> dict[str, File]:
        """Those of `paths` that it holds."""
        wanted = list(paths)
        self._read(wanted)
        entries = ((path, self._entry(path)) for path in wanted)
        return {p: entry for p, entry in entries if entry is not None and entry.mode != FOLDER}

    def below(self, folder: str) -> dict[str, File]:
        """All in `folder`, which ends with a slash, and in the folders in it."""
        found: dict[str, File] = {}
        left = [folder]
        while left:
            self._read(left)
            inside = [
                entry(one + os.fsdecode(name), *about)
                for one in left
                for name, about in self._known[one.removesuffix("/")].items()
            ]
            found.update((file.path, file) for file in inside if file.mode != FOLDER)
            left = [file.path + "/" for file in inside if file.mode == FOLDER]
        return found

    def _entry(self, path: str) -> File | None:
        """What stands at a path, a folder too; what is above it has been read."""
        folder, slash, name = path.rpartition("/")
        inside = {} if slash and not folder else self._known[folder]  # nothing is at `/name`
        about = inside.get(os.fsencode(name))
        return None if about is None else entry(path, *about)

    def _read(self, paths: Iterable[str]) -> None:
        """Reads the folders above some paths; what is equally deep is read together."""
        folders = {"", *(folder for path in paths for folder in above(path))} - self._known.keys()
        for depth in sorted({depth_of(folder) for folder in folders}):
            level = [folder for folder in folders if depth_of(folder) == depth]
            there = {folder: name for folder in level if (name := self._name(folder))}
            contents = self._blobs.read_all([*there.values()])
            self._known |= {folder: {} for folder in level}
            for folder, content in zip(there, contents, strict=True):
                self._known[folder] = dict(listed(content, len(self._commit or "") // 2))

    def _name(self, folder: str) -> str:
        """What git calls the tree of a folder; empty where there is no such folder."""
        if not folder:
            return f"{self._commit}^{{tree}}"
        there = self._entry(folder)
        return there.oid if there is not None and there.mode == FOLDER else ""


def depth_of(folder: str) -> int:
    """How many folders are above one."""
    return folder.count("/") + 1 if folder else 0


def listed(tree: bytes, size: int) -> Iterator[tuple[bytes, tuple[bytes, bytes]]]:
    """Name, mode and id of what a tree object lists; ids have `size` bytes (git's own format)."""
    start = 0
    while start < len(tree):
        blank = tree.index(b" ", start)
        end = tree.index(b"\0", blank)
        mode, start = tree[start:blank], end + 1 + size
        yield tree[blank + 1 : end], (mode, tree[end + 1 : start])


def entry(path: str, mode: bytes, oid: bytes) -> File:
    """An entry of a tree; old trees hold other modes of the same meaning, such as 100664."""
    bits = int(mode, 8)
    if stat.S_ISREG(bits):
        return File(path, EXECUTABLE if bits & stat.S_IXUSR else REGULAR, oid.hex())
    if stat.S_ISLNK(bits):
        return File(path, SYMLINK, oid.hex())
    return File(path, FOLDER if stat.S_ISDIR(bits) else SUBMODULE, oid.hex())
