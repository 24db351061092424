"""What a snapshot is made of: files as entries, how they changed, where their bytes come from."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from guard.values import TYPE_CHECKING, dataclass, field

if TYPE_CHECKING:
    from typing import Protocol
else:
    Protocol = object

REGULAR, EXECUTABLE, SYMLINK, SUBMODULE = "100644", "100755", "120000", "160000"


@dataclass(frozen=True, slots=True, order=True)
class File:
    """One entry of a snapshot."""

    path: str
    """Relative to the root, `/` between parts; bytes that are not UTF-8 as surrogate escapes."""

    mode: str = REGULAR
    """git's mode: 100644, 100755, 120000 (symlink) or 160000 (submodule)."""

    oid: str = ""
    """git's blob id, the key that caches are kept under; empty where the content has none yet."""

    stamp: str = field(default="", compare=False)
    """What a file on disk tells of a change without being read; empty where nothing surely does."""

    @property
    def is_regular(self) -> bool:
        """Whether the entry has content of its own: neither a symlink nor a submodule."""
        return self.mode in (REGULAR, EXECUTABLE)


@dataclass(frozen=True, slots=True)
class Change:
    """How one file differs from the base of its snapshot."""

    status: str
    """One letter as git writes it: A added, M modified, D deleted, R renamed, T type changed."""

    old: File | None
    """The file in the base; None where it was added."""

    new: File | None
    """The file in the snapshot; None where it was deleted."""

    @property
    def path(self) -> str:
        """Where the file is now, or was."""
        file = self.new or self.old
        assert file is not None
        return file.path


class Source(Protocol):
    """Where a snapshot's entries and their bytes come from; opened on first use."""

    searchable: bool
    """Whether `containing` costs less than reading the files, and sees the very same bytes."""

    def files(self, paths: Sequence[str] | None = None) -> Mapping[str, File]:
        """The entries by path: all of them, or those of `paths` that exist."""

    def below(self, folder: str) -> Mapping[str, File]:
        """The entries whose path begins with `folder`, which ends with a slash."""

    def read(self, file: File) -> bytes:
        """The content of a regular file, or the target of a symlink."""

    def read_all(self, files: Sequence[File]) -> Iterable[bytes]:
        """The contents of several files, in order."""

    def containing(self, literals: Sequence[str], suffixes: Sequence[str]) -> Iterable[str]:
        """Paths of the regular files that contain any of `literals`.

        Limited to names that end in one of `suffixes`, where any are given.
        """

    def matching(
        self, expressions: Sequence[str], suffixes: Sequence[str]
    ) -> Mapping[str, frozenset[str]]:
        """What expressions find in the lines of regular files, by path where it finds any.

        They must mean the same to Perl and to `re`, about bytes, and find no line ends;
        limited like `containing`.
        """
