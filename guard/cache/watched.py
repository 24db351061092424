"""A snapshot that notes what a verdict rests on beside the file it is about."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

from guard.entries import File
from guard.snapshot import Snapshot
from guard.values import TYPE_CHECKING

if TYPE_CHECKING:
    from guard.treestate import TreeState

EVERY = ""
"""Stands for each file of the run, where what is looked up is looked up for all of them."""


class Watched(Snapshot):
    """`whole` with the run about `paths`; a check that looks at one file at a time sees this.

    What is asked for between one file of `targets()` and the next is put down to the first of
    them, anything else to all. That other targets are read at such a time (ahead, to save work)
    does not count: the check has promised to judge each for itself.
    """

    def __init__(self, whole: Snapshot, paths: Iterable[str]) -> None:
        narrow = whole.narrowed(paths)
        super().__init__(narrow.title, narrow.source, changes=narrow.changes, only=narrow._only)
        self._all, self._found, self._bytes = narrow._all, narrow._found, narrow._bytes
        self._changed = narrow._changed
        self.whole = whole
        """What is watched; who asks it is not."""
        self._current = EVERY
        self._own = narrow._only or frozenset()
        self.others: dict[str, set[str]] = {}
        """By the path of a file, the other entries that its verdict rests on."""
        self.compared: set[str] = set()
        """The files whose verdict rests on their last committed version."""
        self.unlimited: set[str] = set()
        """The files whose verdict may rest on anything."""

    def targets(self) -> Iterator[File]:
        """The files the run is about; each is the current one until the next is asked for."""
        for file in super().targets():
            self._current = file.path
            yield file
        self._current = EVERY

    def find(self, paths: Iterable[str]) -> dict[str, File]:
        """Noted: those that do not exist count as well."""
        asked = list(paths)
        self._note(asked)
        return super().find(asked)

    def file(self, path: str) -> File | None:
        """Noted."""
        self._note([path])
        return super().file(path)

    def read(self, file: File) -> bytes:
        """Noted."""
        self._note([file.path])
        return super().read(file)

    def before(self, path: str) -> bytes | None:
        """Noted, where it is the version of the current file."""
        if path == self._current:
            self.compared.add(path)
        else:
            self.unlimited.add(self._current)
        return self.whole.before(path)

    def files(self) -> Mapping[str, File]:
        """The verdict may rest on any of them."""
        self.unlimited.add(self._current)
        return super().files()

    def below(self, folder: str) -> Mapping[str, File]:
        """The verdict rests on what is in a folder, and on what may come into it."""
        self.unlimited.add(self._current)
        return super().below(folder)

    def containing(self, *literals: str, suffixes: Sequence[str] = ()) -> list[str]:
        """The verdict rests on every file."""
        self.unlimited.add(self._current)
        return super().containing(*literals, suffixes=suffixes)

    def matching(
        self, expressions: Sequence[str], suffixes: Sequence[str] = ()
    ) -> Mapping[str, frozenset[str]]:
        """The verdict rests on every file."""
        self.unlimited.add(self._current)
        return super().matching(expressions, suffixes)

    def narrowed(self, paths: Iterable[str]) -> Snapshot:
        """What is done with the result is not watched."""
        self.unlimited.add(self._current)
        return super().narrowed(paths)

    @property
    def base(self) -> Snapshot | None:
        """What is done with it is not watched."""
        self.unlimited.add(self._current)
        return self.whole.base

    @base.setter
    def base(self, base: Snapshot | None) -> None:
        assert base is None, "it is the base of what is watched"

    @property
    def state(self) -> TreeState | None:
        """No check that looks at one file at a time is told."""
        return None

    def _note(self, paths: Iterable[str]) -> None:
        seen = self.others.setdefault(self._current, set())
        if self._current == EVERY:
            seen.update(path for path in paths if path not in self._own)
        else:
            seen.update(path for path in paths if path != self._current)

    def rests_on(self, path: str) -> set[str] | None:
        """The entries that the verdict on `path` rests on; None where that cannot be said."""
        if path in self.unlimited or EVERY in self.unlimited:
            return None
        return self.others.get(path, set()) | self.others.get(EVERY, set()) - {path}
