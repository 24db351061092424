"""Globs as in .gitignore, for the places where a configuration names paths."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import cache

from guard.errors import ConfigError


def matcher(globs: Sequence[str]) -> Callable[[str], bool]:
    """Whether a path is matched by the last glob that speaks of it; none match without globs.

    A ConfigError from what it gives, for a glob that is none, as `[z-a]`.
    """
    # To import what knows all about globs takes as long as a whole commit does without: so it is
    # asked only of paths that hold the plain parts of some glob. One with a `!` matches nothing.
    parts = [plain(glob) for glob in globs if not glob.startswith("!")]

    @cache
    def known() -> Callable[[str], bool]:
        import warnings

        from pathspec import GitIgnoreSpec

        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # Python's regexes may mean more by `[[` one day
            for glob in globs:
                if problem := wrong(glob):
                    raise ConfigError(f"the glob {glob!r} is wrong: {problem}", "mend it")
            return GitIgnoreSpec.from_lines(globs).match_file

    def matches(path: str) -> bool:
        return any(all(part in path for part in some) for some in parts) and known()(path)

    return matches


def wrong(glob: str) -> str:
    """What is wrong with a glob; empty where nothing is."""
    if "[" not in glob and "\\" not in glob and "!" not in glob:
        return ""
    import re

    from pathspec import GitIgnoreSpec

    try:
        GitIgnoreSpec.from_lines([glob])
    except re.error as problem:
        return problem.msg
    except ValueError:
        return "nothing can be matched by it"
    return ""


def plain(glob: str) -> list[str]:
    """Texts that are in every path which a glob matches; none where that is not plain to see."""
    if "[" in glob or "\\" in glob:
        return []
    return [part for part in glob.strip().replace("?", "*").replace("/", "*").split("*") if part]
