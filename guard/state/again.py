"""Looks at a work tree once more, and quickly where git shows that nobody wrote to it."""

from __future__ import annotations

from guard.git import Repository, split
from guard.state import ahead, listing, truth
from guard.state.gather import extras, of
from guard.state.later import later
from guard.state.scope import Scope
from guard.state.stirred import stirred
from guard.treestate import TreeState
from guard.values import replace


def again(
    repository: Repository, scope: Scope, before: TreeState, since: float
) -> tuple[TreeState, tuple[str, ...] | None]:
    """What git knows of the files of `scope` now, and which may have been written to since.

    `before` is what it knew, and `since` a moment before that; for the second half see `stirred`.
    Remotes are not asked, and of the commit is said what was said before.
    """
    honest = truth.honest(repository)
    settings = truth.settings(honest)
    moved = later(lambda: stirred(honest, scope.folders, since))
    if listing.pathspecs(scope.folders):
        said = honest.begun(*truth.question(honest, settings, scope.folders))
        beside = later(lambda: truth.understood(honest, split(said())))
    else:
        beside = ahead.beside(honest, settings)
    written, seen = moved(), beside()
    # Then the index is the one it was, and so is every file that it watches.
    same = written == () and repository.head == before.head
    if not same or before.dirty or before.submodules:
        return of(repository, scope, live=None), written
    ignored, nested = extras(honest.root, seen, scope)
    untracked = tuple(path for path in seen.untracked if scope.enters(path))
    return replace(before, untracked=untracked, ignored=ignored, nested=nested), written
