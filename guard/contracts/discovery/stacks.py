"""A repository that is a collection of stacks: what one says of `db` says nothing of another's."""

from __future__ import annotations

import posixpath
from collections.abc import Iterator

from guard.contracts.discovery.facts import Facts
from guard.contracts.place import COMPOSE

FEW = 4
"""Up to so many folders with compose files may well be parts of one system."""


def stacks(facts: Facts, paths: list[str]) -> Iterator[Facts]:
    """The facts of each stack; all together where they are those of one system."""
    folders = {posixpath.dirname(path) for path in paths if COMPOSE.search(path)}
    roots = {f for f in folders if not any(above(other, f) for other in folders)}
    if len(roots) <= FEW:
        yield facts
        return
    for root in sorted(roots):
        yield Facts([f for f in facts.held if above(root, f.path)], facts.rivals)
    rest = [f for f in facts.held if not any(above(root, f.path) for root in roots)]
    yield Facts(rest, facts.rivals)


def above(folder: str, path: str) -> bool:
    """Whether a path lies below a folder; the root of the repository is the empty one."""
    return folder != path and (not folder or path.startswith(f"{folder}/"))
