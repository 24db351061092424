"""Finds what lies in a work tree and is not in its index, without a look at what is.

`git status` first asks the disk about every tracked file and then walks the folders. Here the walk
is a question of its own, so that both are worked on at the same time.
"""

from __future__ import annotations

import os
from collections.abc import Sequence

from guard.git import Repository, split
from guard.state import truth
from guard.state.listing import Listing

MOST = 20
"""So many folders are looked into by name; for more of them, git looks at everything."""


def question(repository: Repository, settings: truth.Settings) -> list[str]:
    """The arguments with which git is asked for what is not in the index.

    A folder that holds nothing of the index is named as a whole, with a slash at its end.
    """
    asked = ["ls-files", "--others", "--directory", "--no-empty-directory", "-z"]
    return [*truth.closely(repository, settings), *asked]


def understood(
    repository: Repository, settings: truth.Settings, listed: bytes, known: Listing | None = None
) -> truth.Status:
    """What `git status` says of the files that git listed: untracked, nested or ignored.

    `known` is what stands out in the index, where that is known.
    """
    if not listed:
        return truth.Status()
    paths = split(listed)
    # Of the index, git needs but the rule files that are not on disk since they are skipped.
    alone = known is not None and not any(f.endswith(".gitignore") for f in known.flagged)
    rules = by_rule(repository, settings, paths, ("--no-index",) if alone else ())
    ignored = {path for path in paths if path.rstrip("/") in rules}
    rest = [path for path in paths if path not in ignored]
    untracked = {path for path in rest if not path.endswith("/")}
    inside = [path.rstrip("/") for path in rest if path.endswith("/")]
    if not inside:
        return truth.Status(untracked=tuple(sorted(untracked)), ignored=tuple(sorted(ignored)))
    # Which of their files are ignored is for git to say, and whether they are repositories.
    if len(inside) > MOST:
        return truth.status(repository, settings, ["."])
    seen = truth.status(repository, settings, inside)
    return truth.Status(
        untracked=tuple(sorted({*untracked, *seen.untracked})),
        nested=seen.nested,
        ignored=tuple(sorted({*ignored, *seen.ignored})),
    )


def by_rule(
    repository: Repository, settings: truth.Settings, paths: list[str], how: Sequence[str]
) -> frozenset[str]:
    """Those of the paths that a rule ignores, themselves or with a folder above them."""
    # With a slash at its end a folder would be matched by the rules that are inside it.
    asked = b"".join(os.fsencode(path.rstrip("/")) + b"\0" for path in paths)
    look = truth.closely(repository, settings)
    verbose = ["check-ignore", *how, "--verbose", "-z", "--stdin"]
    told = split(repository.git(*look, *verbose, stdin=asked, accept=(0, 1)))
    # A rule that begins with `!` says that the path is not ignored.
    pairs = zip(told[2::4], told[3::4], strict=True)
    return frozenset(path for rule, path in pairs if not rule.startswith("!"))
