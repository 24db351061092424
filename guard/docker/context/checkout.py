"""Where the files of commits lie while they are built; most builds need no such place."""

from __future__ import annotations

from typing import TYPE_CHECKING

from guard.errors import GuardError

if TYPE_CHECKING:
    import tempfile
    from pathlib import Path


class Checkout:
    """Folders with files of commits, for the builds that cannot take them from a stream."""

    def __init__(self) -> None:
        self._temporary: tempfile.TemporaryDirectory[str] | None = None
        self._roots: dict[str, Path] = {}
        self._done: set[tuple[str, str]] = set()

    def close(self) -> None:
        """Removes everything."""
        if self._temporary is not None:
            self._temporary.cleanup()

    def folder(self, name: str) -> Path:
        """A folder of that name, closed to others as all of them are."""
        if self._temporary is None:
            import tempfile

            self._temporary = tempfile.TemporaryDirectory(prefix="guard-exact-")
        from pathlib import Path

        return Path(self._temporary.name, name)

    def put(self, place: str) -> str:
        """The path of a folder or a file of a work tree, as its commit has it.

        A GuardError where it lies in no repository, or the commit does not hold it.
        """
        from guard.docker.context.committed import check_out, committed, entries, located

        repository, below = located(place)
        head = committed(repository)
        root = self._roots.setdefault(repository.root, self.folder(str(len(self._roots))))
        target = root if below == "." else root / below
        if (repository.root, below) not in self._done:
            self._done.add((repository.root, below))
            found = list(entries(repository, head, below))
            if not found:
                raise GuardError(f"{place} is not in commit {head[:10]}", "commit it first")
            check_out(found, root)
        return str(target)
