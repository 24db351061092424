"""Globs as in .gitignore, for the places where a configuration names paths."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import cache


def matcher(globs: Sequence[str]) -> Callable[[str], bool]:
    """Whether a path is matched by the last glob that speaks of it; none match without globs."""
    # To import what knows all about globs takes as long as a whole commit does without: so it is
    # asked only of paths that hold the plain parts of some glob. One with a `!` matches nothing.
    parts = [plain(glob) for glob in globs if not glob.startswith("!")]

    @cache
    def known() -> Callable[[str], bool]:
        from pathspec import GitIgnoreSpec

        return GitIgnoreSpec.from_lines(globs).match_file

    def matches(path: str) -> bool:
        return any(all(part in path for part in some) for some in parts) and known()(path)

    return matches


def plain(glob: str) -> list[str]:
    """Texts that are in every path which a glob matches; none where that is not plain to see."""
    if "[" in glob or "\\" in glob:
        return []
    return [part for part in glob.strip().replace("?", "*").replace("/", "*").split("*") if part]
