"""The pictures that guard takes: of the index, of a commit, of the work tree, of any folder."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Sequence

from guard.blobs import Blobs
from guard.entries import SUBMODULE, Change
from guard.git import Repository
from guard.origins import CommitSource, FolderSource, IndexSource, WorkTreeSource
from guard.snapshot import Snapshot
from guard.values import TYPE_CHECKING

if TYPE_CHECKING:
    from guard.treestate import TreeState


def staged(repository: Repository, told: Callable[[], Sequence[Change]] | None = None) -> Snapshot:
    """The index, and how it differs from HEAD; `told` waits for that, where git was asked it."""
    blobs, head = Blobs(repository), repository.head
    blobs.start()
    changes = repository.staged() if told is None else told()
    return Snapshot(
        "the index",
        IndexSource(repository, changes, blobs),
        changes=changes,
        base=committed(repository, head, blobs) if head else None,
        kept_in=kept_in(repository),
    )


def kept_in(repository: Repository) -> str:
    """Where findings about the files of a repository are kept, for all of its work trees."""
    return os.path.join(repository.common_dir, "guard")


def committed(repository: Repository, commit: str, blobs: Blobs | None = None) -> Snapshot:
    """A commit on its own, with nothing to compare it with."""
    source = CommitSource(repository, commit, blobs)
    return Snapshot(f"commit {commit[:10]}", source, commit=commit)


def revision(
    repository: Repository, revision: str, since: str | None = None, *, known: str | None = None
) -> Snapshot:
    """A commit: all of it beside its parent, or what it changed since it left `since`.

    What is there as in the commit `known` is no change: it came from there by a merge.
    """
    commit = repository.commit(revision)
    source = CommitSource(repository, commit)
    if since is None:
        parent = repository.parent(commit)
        base = committed(repository, parent) if parent else None
        return Snapshot(
            f"commit {commit[:10]}",
            source,
            base=base,
            kept_in=kept_in(repository),
            commit=commit,
        )
    fork = repository.merge_base(repository.commit(since), commit)
    changes = repository.between(fork, commit)
    if known is not None and known != fork:
        own = {change.path for change in repository.between(known, commit)}
        changes = [change for change in changes if change.path in own]
    return Snapshot(
        f"{since}…{commit[:10]}",
        source,
        changes=changes,
        base=committed(repository, fork),
        kept_in=kept_in(repository),
    )


def tracked(repository: Repository) -> Snapshot:
    """All tracked files as they lie in the work tree, beside HEAD."""
    return present(repository, ())


def present(repository: Repository, paths: Sequence[str], *, state: bool = False) -> Snapshot:
    """Tracked files as they lie in the work tree, and what else is named, beside HEAD.

    `paths` are relative to the root: a folder stands for what git tracks or would track in it, a
    file is looked at even where git ignores it. Without them the run is about tracked files, but
    what is not tracked yet can be read: a configuration holds from when it is written. With
    `state`, the repository is judged too.
    """
    untracked = repository.untracked()
    index = repository.index(in_conflict=True)
    tracked = [path for path, file in index.items() if file.is_regular]
    named = [path for path in paths if os.path.isfile(os.path.join(repository.root, path))]
    known = {*index, *untracked()}
    submodules = {path: file for path, file in index.items() if file.mode == SUBMODULE}
    return Snapshot(
        "the work tree",
        WorkTreeSource(repository, sorted({*known, *named}), sorted({*named} - known), submodules),
        base=committed(repository, repository.head) if repository.head else None,
        state=(lambda: state_of(repository)) if state else None,
        only=None if paths else frozenset(tracked),
        kept_in=kept_in(repository),
    )


def state_of(repository: Repository) -> TreeState:
    """What git knows of the work tree; how it is asked is imported only for that."""
    from guard.state.gather import of

    return of(repository)


def folder(root: str, paths: Iterable[str] | None = None) -> Snapshot:
    """Files on disk that are in no repository."""
    import hashlib

    caches = os.environ.get("XDG_CACHE_HOME") or os.path.expanduser("~/.cache")
    place = hashlib.blake2b(os.fsencode(os.path.realpath(root)), digest_size=8).hexdigest()
    return Snapshot(
        root, FolderSource(root, paths), kept_in=os.path.join(caches, "treeguard", place)
    )
