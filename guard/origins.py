"""Where the entries of a snapshot and their bytes come from: an index, a commit, files on disk."""

from __future__ import annotations

import os
import stat
import time
from collections.abc import Iterable, Mapping, Sequence
from posixpath import normpath

from guard.blobs import Blobs
from guard.entries import EXECUTABLE, REGULAR, SYMLINK, Change, File, Source
from guard.errors import GuardError
from guard.git import Repository, walk
from guard.inmemory import found_by
from guard.trees import Tree

UNSETTLED = 2_000_000_000
"""Nanoseconds: the coarsest clock of a file system in use."""


class IndexSource:
    """What is staged, blob by blob; the work tree is never looked at.

    It is HEAD with what differs from it: so one process that reads objects tells of single
    entries, and of the whole index, which may be large, only who wants every one of them is told.
    """

    searchable = True

    def __init__(
        self, repository: Repository, changes: Sequence[Change], blobs: Blobs | None = None
    ) -> None:
        """`blobs` reads the objects, where somebody reads some already."""
        self._repository = repository
        self._blobs = blobs or Blobs(repository)
        self._head = Tree(self._blobs, repository.head)
        self._changed: dict[str, File | None] = {c.old.path: None for c in changes if c.old}
        self._changed |= {change.path: change.new for change in changes}

    def files(self, paths: Sequence[str] | None = None) -> Mapping[str, File]:
        """The entries of the index."""
        if paths is None:
            return self._repository.index()
        same = self._head.files(path for path in paths if path not in self._changed)
        return {p: file for p in paths if (file := self._changed.get(p) or same.get(p))}

    def below(self, folder: str) -> Mapping[str, File]:
        """The entries of the index in a folder."""
        folder = normpath(folder) + "/"
        if folder.startswith("../"):
            raise GuardError(f"{folder!r} is outside the repository", "name a folder in it")
        folder = folder.removeprefix("./")
        found = {p: f for p, f in self._head.below(folder).items() if p not in self._changed}
        changed = {p: f for p, f in self._changed.items() if f and p.startswith(folder)}
        return found | changed

    def read(self, file: File) -> bytes:
        """The staged blob."""
        return self._blobs.read(file.oid)

    def read_all(self, files: Sequence[File]) -> Iterable[bytes]:
        """The staged blobs."""
        return self._blobs.read_all([file.oid for file in files])

    def containing(self, literals: Sequence[str], suffixes: Sequence[str]) -> Iterable[str]:
        """What `git grep --cached` finds."""
        return self._repository.containing(literals, suffixes, where=["--cached"])

    def matching(
        self, expressions: Sequence[str], suffixes: Sequence[str]
    ) -> Mapping[str, frozenset[str]]:
        """What `git grep --cached` finds."""
        found = self._repository.matching(expressions, suffixes, where=["--cached"])
        return read_through(self, expressions, suffixes) if found is None else found


class CommitSource:
    """The tree of one commit."""

    searchable = True

    def __init__(self, repository: Repository, commit: str, blobs: Blobs | None = None) -> None:
        """`blobs` reads the objects, where somebody reads some already."""
        self._repository = repository
        self._commit = commit
        self._blobs = blobs or Blobs(repository)
        self._every: Mapping[str, File] | None = None

    def files(self, paths: Sequence[str] | None = None) -> Mapping[str, File]:
        """The entries of the tree."""
        if paths is None and self._every is None:
            self._every = self._repository.tree(self._commit)
        if self._every is None:
            return self._repository.tree(self._commit, paths) if paths else {}
        every = self._every
        return every if paths is None else {p: every[p] for p in paths if p in every}

    def below(self, folder: str) -> Mapping[str, File]:
        """The entries of the tree in a folder."""
        if self._every is None:
            return self._repository.folder(self._commit, folder)
        return {path: file for path, file in self._every.items() if path.startswith(folder)}

    def read(self, file: File) -> bytes:
        """The committed blob."""
        return self._blobs.read(file.oid)

    def read_all(self, files: Sequence[File]) -> Iterable[bytes]:
        """The committed blobs."""
        return self._blobs.read_all([file.oid for file in files])

    def containing(self, literals: Sequence[str], suffixes: Sequence[str]) -> Iterable[str]:
        """What `git grep COMMIT` finds."""
        return self._repository.containing(literals, suffixes, where=[self._commit])

    def matching(
        self, expressions: Sequence[str], suffixes: Sequence[str]
    ) -> Mapping[str, frozenset[str]]:
        """What `git grep COMMIT` finds."""
        found = self._repository.matching(expressions, suffixes, where=[self._commit])
        return read_through(self, expressions, suffixes) if found is None else found


class FolderSource:
    """Files as they lie on disk below one folder: those named, or all of them."""

    # Nor is a work tree: of files that git was told not to look at it searches the staged blob.
    searchable = False

    def __init__(self, root: str, paths: Iterable[str] | None = None) -> None:
        self._root = root
        self._inside = os.path.join(root, "")
        self._paths = None if paths is None else list(paths)
        # A file that changed this recently could change again without its times telling so.
        self._settled = time.time_ns() - UNSETTLED

    def files(self, paths: Sequence[str] | None = None) -> Mapping[str, File]:
        """The entries that exist; what vanished meanwhile is left out."""
        if paths is None:
            paths = list(walk(self._root)) if self._paths is None else self._paths
        found = ((path, self._entry(path)) for path in paths)
        return {path: entry for path, entry in found if entry is not None}

    def below(self, folder: str) -> Mapping[str, File]:
        """Those of the entries that lie in a folder."""
        listed = list(walk(self._root)) if self._paths is None else self._paths
        return self.files([path for path in listed if path.startswith(folder)])

    def read(self, file: File) -> bytes:
        """The bytes on disk, or the target of a symlink; a GuardError where they are refused."""
        place = os.path.join(self._root, file.path)
        try:
            if file.mode == SYMLINK:
                return os.fsencode(os.readlink(place))
            with open(place, "rb", buffering=0) as content:  # in half the time: all of it at once
                return content.read()
        except OSError as problem:
            raise GuardError(
                f"cannot read {file.path!r}: {problem.strerror}", f"see: ls -l {place}"
            ) from None

    def read_all(self, files: Sequence[File]) -> Iterable[bytes]:
        """One after the other."""
        return map(self.read, files)

    def containing(self, literals: Sequence[str], suffixes: Sequence[str]) -> Iterable[str]:
        """Found by reading the files."""
        wanted = [literal.encode() for literal in literals]
        for path, file in self.files().items():
            if file.is_regular and (not suffixes or path.lower().endswith(tuple(suffixes))):
                content = self.read(file)
                if any(literal in content for literal in wanted):
                    yield path

    def matching(
        self, expressions: Sequence[str], suffixes: Sequence[str]
    ) -> Mapping[str, frozenset[str]]:
        """Found by reading the files."""
        return read_through(self, expressions, suffixes)

    def _entry(self, path: str) -> File | None:
        try:
            found = os.lstat(self._inside + path)
        except (OSError, ValueError):
            return None
        mode, written, changed = found.st_mode, found.st_mtime_ns, found.st_ctime_ns
        if stat.S_ISLNK(mode):
            return File(path, SYMLINK)
        if not stat.S_ISREG(mode):
            return None
        stamp = ""
        if written < self._settled > changed:
            stamp = f"{found.st_size}.{written}.{changed}.{found.st_ino}"
        return File(path, EXECUTABLE if mode & stat.S_IXUSR else REGULAR, "", stamp)


class WorkTreeSource(FolderSource):
    """The files of a work tree as they lie on disk, searched by git."""

    def __init__(
        self,
        repository: Repository,
        paths: Iterable[str],
        ignored: Iterable[str],
        submodules: Mapping[str, File],
    ) -> None:
        super().__init__(repository.root, paths)
        self._submodules = submodules
        self._repository = repository
        self._ignored = list(ignored)

    def _entry(self, path: str) -> File | None:
        return self._submodules.get(path) or super()._entry(path)

    def containing(self, literals: Sequence[str], suffixes: Sequence[str]) -> Iterable[str]:
        """What `git grep` finds, and what git does not look at by reading it."""
        hidden = self._repository.hidden()
        found = self._repository.containing(literals, suffixes, where=["--untracked"])
        rest = FolderSource(self._root, [*self._ignored, *hidden()])
        return {*found, *rest.containing(literals, suffixes)}

    def matching(
        self, expressions: Sequence[str], suffixes: Sequence[str]
    ) -> Mapping[str, frozenset[str]]:
        """What `git grep` finds, and what git does not look at by reading it."""
        hidden = self._repository.hidden()
        found = self._repository.matching(expressions, suffixes, where=["--untracked"])
        rest = FolderSource(self._root, [*self._ignored, *hidden()])
        if found is None:
            return read_through(self, expressions, suffixes)
        return {**found, **rest.matching(expressions, suffixes)}


def read_through(
    source: Source, expressions: Sequence[str], suffixes: Sequence[str]
) -> Mapping[str, frozenset[str]]:
    """What expressions find in the files of a source, each of which is read for it."""
    files = [
        file
        for path, file in source.files().items()
        if file.is_regular and (not suffixes or path.lower().endswith(tuple(suffixes)))
    ]
    contents = zip((file.path for file in files), source.read_all(files), strict=True)
    return found_by(expressions, contents)
