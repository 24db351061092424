"""Globs as in .gitignore, for the places where a configuration names paths."""

from __future__ import annotations

from collections.abc import Callable, Sequence


def matcher(globs: Sequence[str]) -> Callable[[str], bool]:
    """Whether a path is matched by the last glob that speaks of it; none match without globs."""
    if not globs:
        return lambda path: False
    from pathspec import GitIgnoreSpec

    return GitIgnoreSpec.from_lines(globs).match_file
