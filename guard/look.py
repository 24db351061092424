"""Has git look at an index, a commit or a work tree, while guard itself is being imported."""

from __future__ import annotations

from collections.abc import Callable

from guard.errors import GitError
from guard.program import CLOSELY, STAGED, begun, environment, sought, under
from guard.values import TYPE_CHECKING

if TYPE_CHECKING:
    from guard.entries import Change
    from guard.git import Repository


class Look:
    """What git has begun to say of what lies around the current folder."""

    def __init__(self, rev: str | None = None, *, staged: bool = False) -> None:
        """Looks at what is staged, else at the commit `rev`, else at the work tree."""
        self._env = environment(in_hook=staged)
        self._where = sought(".", self._env)
        self._told: Callable[[], bytes]
        self._others: Callable[[], bytes] | None = None
        if staged:
            self._told = self._begun(*STAGED)
        elif rev is None:
            differing = ["diff-files", "-z", "--no-renames", "--ignore-submodules"]
            # Whether this file system keeps modes is not known yet.
            self._told = self._begun(*under(*CLOSELY, "core.fileMode=true"), *differing)
            others = ["--others", "--exclude-standard", "--full-name", ":/"]
            self._others = self._begun("ls-files", "-z", *others)
        else:
            self._told = self._begun("rev-parse", *(rev + part for part in COMMIT))

    def repository(self) -> Repository:
        """The repository; a GitError where there is none, or none with a work tree."""
        from guard.git import Repository

        return Repository.told(self._where(), ".", self._env)

    def changes(self) -> list[Change]:
        """How the index differs from HEAD; a GitError where a conflict is not resolved in it."""
        from guard.git import changes

        return changes(self._told())

    def told(self) -> bytes:
        """The ids of the commit, its tree and its parents, or what differs from the index.

        Empty where there is no such commit: who reads it says what is wrong.
        """
        try:
            return self._told()
        except GitError:
            if self._others is None:
                return b""
            raise

    def others(self) -> bytes | None:
        """The paths that git neither tracks nor ignores; None where a commit is looked at."""
        return None if self._others is None else self._others()

    def _begun(self, *args: str) -> Callable[[], bytes]:
        return begun(args, cwd=".", env=self._env)


COMMIT = ("^{commit}", "^{tree}", "^@")
"""What is asked of a commit: its id, its tree's and its parents', which a shallow clone lacks."""
