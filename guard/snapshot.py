"""A read-only picture of files at one moment: checks see this and nothing of git."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from operator import attrgetter

from guard.entries import Change, File, Source
from guard.inmemory import MemorySource
from guard.values import TYPE_CHECKING

if TYPE_CHECKING:
    from guard.treestate import TreeState


class Snapshot:
    """The files of an index, a commit or a work tree, and which of them the run is about."""

    def __init__(
        self,
        title: str,
        source: Source,
        *,
        changes: Sequence[Change] | None = None,
        base: Snapshot | None = None,
        state: Callable[[], TreeState] | None = None,
        only: frozenset[str] | None = None,
        kept_in: str = "",
        commit: str = "",
    ) -> None:
        self.title = title
        """What the picture is of, for people: `the index`, `commit 1a2b3c4`."""
        self.source = source
        self.changes = None if changes is None else tuple(changes)
        """What differs from the base; None where the run is about every file."""
        self.base = base
        """The last committed version, to compare with; None where there is none."""
        self._state = state
        self._only = only
        self._all: Mapping[str, File] | None = None
        self._found: dict[str, File | None] = {}
        self._bytes: dict[str, bytes] = {}
        self._changed: dict[str, Change] = {}
        self._targets: list[File] | None = None
        self.kept_in = kept_in
        """The folder in which findings on it may be kept from run to run; empty for none."""
        self.commit = commit
        """The id of the commit that it is the tree of; empty for anything else."""
        # What the comparison has told of both sides need not be asked for again.
        for change in self.changes or ():
            self._found[change.path] = change.new
            if base is not None:
                base._found[change.path] = None  # a renamed file, unless it is the next line's
                if change.old is not None:
                    base._found[change.old.path] = change.old

    @classmethod
    def of(
        cls,
        files: Mapping[str, str | bytes],
        *,
        base: Mapping[str, str | bytes] | None = None,
        state: TreeState | None = None,
    ) -> Snapshot:
        """A snapshot of contents held in memory; with `base`, the run is about what differs."""
        source = MemorySource(files)
        if base is None:
            return cls("memory", source, state=None if state is None else lambda: state)
        before = MemorySource(base)
        old, new = before.files(), source.files()
        changes = [
            Change("A" if p not in old else "D" if p not in new else "M", old.get(p), new.get(p))
            for p in sorted({*old, *new})
            if p not in old or p not in new or before.read(old[p]) != source.read(new[p])
        ]
        return cls(
            "memory",
            source,
            changes=changes,
            base=cls("memory", before),
            state=None if state is None else lambda: state,
        )

    @property
    def state(self) -> TreeState | None:
        """The state of the repository, for the doors that judge it; None elsewhere."""
        return None if self._state is None else self._state()

    @property
    def has_state(self) -> bool:
        """Whether this door judges the repository as a whole; asks git nothing."""
        return self._state is not None

    def files(self) -> Mapping[str, File]:
        """Every entry of the snapshot by path, whether the run is about it or not."""
        return self._entries()

    def _entries(self) -> Mapping[str, File]:
        if self._all is None:
            self._all = self.source.files()
        return self._all

    def below(self, folder: str) -> Mapping[str, File]:
        """The entries below `folder`, which ends with a slash; asks for no others."""
        if self._all is None:
            found = self.source.below(folder)
            self._found.update(found)
            return found
        return {path: file for path, file in self._all.items() if path.startswith(folder)}

    def targets(self) -> Iterator[File]:
        """The regular files the run is about, by path: what changed, or all of them."""
        if self._targets is None:
            self._targets = self._chosen()
        yield from self._targets

    def _chosen(self) -> list[File]:
        if self.changes is not None:
            paths = self._only if self._only is not None else [c.path for c in self.changes]
            changes = (self.change(path) for path in paths)
            chosen: Iterable[File] = [c.new for c in changes if c is not None and c.new is not None]
        elif self._only is not None:
            known = self._found if self._all is None and self._only <= self._found.keys() else None
            entries = self._entries() if known is None else known
            chosen = [file for path in self._only if (file := entries.get(path))]
        else:
            chosen = self._entries().values()
        return sorted((f for f in chosen if f.is_regular), key=attrgetter("path"))

    def change(self, path: str) -> Change | None:
        """How the file at `path` differs from the base; None where it does not."""
        if not self._changed:
            self._changed.update((change.path, change) for change in self.changes or ())
        return self._changed.get(path)

    def before(self, path: str) -> bytes | None:
        """The last committed content of what is now at `path`, followed over a rename."""
        change = self.change(path)
        if self.base is None:
            return None
        old = self.base.file(path) if change is None else change.old
        return self.base.read(old) if old is not None and old.is_regular else None

    def file(self, path: str) -> File | None:
        """The entry at `path`; None where there is none."""
        if self._all is not None:
            return self._all.get(path)
        if path not in self._found:
            self.find([path])
        return self._found[path]

    def find(self, paths: Iterable[str]) -> dict[str, File]:
        """Those of `paths` that are entries; asks for all of them at once."""
        if self._all is None:
            missing = [p for p in paths if p not in self._found]
            if missing:
                found = self.source.files(missing)
                self._found.update((p, found.get(p)) for p in missing)
        known = self._found if self._all is None else self._all
        return {p: file for p in paths if (file := known.get(p)) is not None}

    def read(self, file: File) -> bytes:
        """The bytes of an entry, kept while the snapshot lives."""
        if file.path not in self._bytes:
            self._bytes[file.path] = self.source.read(file)
        return self._bytes[file.path]

    def read_ahead(self, files: Iterable[File]) -> None:
        """Reads several entries together, for who is going to read each of them."""
        wanted = [file for file in files if file.path not in self._bytes]
        for file, content in zip(wanted, self.source.read_all(wanted), strict=True):
            self._bytes[file.path] = content

    def text(self, file: File) -> str:
        """The content as text: UTF-8, a byte-order mark kept as U+FEFF, other bytes as surrogates.

        Line ends are kept as they are.
        """
        return self.read(file).decode("utf-8", "surrogateescape")

    def containing(self, *literals: str, suffixes: Sequence[str] = ()) -> list[str]:
        """Sorted paths of regular files, targets or not, that contain any of `literals`."""
        return sorted(self.source.containing(literals, suffixes))

    def matching(
        self, expressions: Sequence[str], suffixes: Sequence[str] = ()
    ) -> Mapping[str, frozenset[str]]:
        """By path, the different texts that expressions find in the lines of regular files."""
        return self.source.matching(expressions, suffixes)

    def narrowed(self, paths: Iterable[str]) -> Snapshot:
        """The same picture with the run about `paths` only; shares what was read already."""
        narrow = Snapshot(
            self.title,
            self.source,
            changes=self.changes,
            base=self.base,
            state=self._state,
            only=frozenset(paths) if self._only is None else self._only & frozenset(paths),
            kept_in=self.kept_in,
            commit=self.commit,
        )
        narrow._all, narrow._found, narrow._bytes = self._all, self._found, self._bytes
        narrow._changed = self._changed
        return narrow

    def about(self, files: Mapping[str, File]) -> Snapshot:
        """The same picture with the run about these entries only, which are looked up no more."""
        narrow = self.narrowed(files)
        narrow._found.update(files)
        return narrow

    def judged(self, state: Callable[[], TreeState]) -> Snapshot:
        """The same picture, about no file, with the state of its repository."""
        same = self.narrowed(())
        same._state = state
        return same

    def stateless(self) -> Snapshot:
        """The same picture without the state of the repository, which stays in its process."""
        same = self.narrowed(self._only if self._only is not None else self._entries())
        same._state = None
        return same
