"""The snapshot that the arguments of `guard check` ask for."""

from __future__ import annotations

import os
from collections.abc import Sequence
from itertools import islice

from guard import sources
from guard.errors import GitError, GuardError
from guard.git import Repository, lies_in_none, walk
from guard.look import Look
from guard.snapshot import Snapshot
from guard.values import dataclass, replace


@dataclass(frozen=True, slots=True)
class Asked:
    """What the command line asks to look at."""

    paths: tuple[str, ...] = ()
    """Files and folders, relative to the current folder; empty for no limit."""

    staged: bool = False
    """The index."""

    everything: bool = False
    """All tracked files, said in so many words."""

    rev: str | None = None
    """A commit."""

    since: str | None = None
    """Where the changes that matter begin."""

    state: bool = False
    """Whether the state of the work tree is to be judged too, as at the docker door."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is to be done with the picture that is asked for."""

    select: tuple[str, ...] = ()
    """The only checks to run; empty for those that the configuration has on."""

    skip: tuple[str, ...] = ()
    """Checks to leave out."""

    fix: bool = False
    """Whether to apply the repairs to the files in the work tree."""

    form: str = "text"
    """The format of the report."""

    output: str | None = None
    """The file it goes to; None for the terminal."""


@dataclass(frozen=True, slots=True)
class Picture:
    """A snapshot and where it came from."""

    snapshot: Snapshot
    """What is judged."""

    root: str
    """The folder that its paths are relative to."""

    notes: tuple[str, ...] = ()
    """What the user should know about the choice."""

    repository: Repository | None = None
    """The repository that it is of; None for files in none."""


def whole(asked: Asked) -> bool:
    """Whether all of a commit or of the work tree is to be looked at, and no state of it."""
    return not (asked.paths or asked.staged or asked.since or asked.state)


def take(
    asked: Asked, look: Look | None = None, *, repository: Repository | None = None
) -> Picture:
    """The picture; a GuardError for a path, revision or repository that does not exist.

    `look` is what git has begun to say of what is staged, `repository` the one around the current
    folder, where they are known already.
    """
    on_disk = bool(asked.paths) and not asked.staged and asked.rev is None
    if on_disk:
        for path in asked.paths:
            if not os.path.lexists(path):
                raise GuardError(f"there is no file {path!r}")
            if os.path.exists(path) and not (os.path.isfile(path) or os.path.isdir(path)):
                raise GuardError(f"{path!r} is neither a file nor a folder: guard reads no pipes")
    try:
        start = asked.paths[0] if on_disk else "."
        start = start if os.path.isdir(start) else os.path.dirname(start) or "."
        if look is not None:
            repository = look.repository()
        repository = repository or Repository.find(start, in_hook=asked.staged)
    except GitError as problem:
        if not on_disk or not lies_in_none(problem):
            raise
        return outside(asked.paths)
    wanted = [below(repository.root, path) for path in asked.paths]
    picture = replace(within(repository, asked, wanted, look), repository=repository)
    if not wanted:
        return picture
    chosen = [
        file.path
        for file in picture.snapshot.targets()
        if any(w == "." or file.path == w or file.path.startswith(w + "/") for w in wanted)
    ]
    if not on_disk:
        known = {*picture.snapshot.files(), *(c.path for c in picture.snapshot.changes or ())}
        for path, w in zip(asked.paths, wanted, strict=True):
            if not any(w == "." or one == w or one.startswith(w + "/") for one in known):
                raise GuardError(f"{asked.rev or 'the index'} has no file at {path}")
    return replace(picture, snapshot=picture.snapshot.narrowed(chosen))


def within(
    repository: Repository, asked: Asked, wanted: Sequence[str], look: Look | None
) -> Picture:
    """The picture of a repository, before the wanted paths limit it."""
    root = repository.root
    if asked.staged:
        if "PRE_COMMIT_TO_REF" in os.environ:  # `pre-commit run --from-ref … --to-ref …`
            since, rev = os.environ["PRE_COMMIT_FROM_REF"], os.environ["PRE_COMMIT_TO_REF"]
            return Picture(sources.revision(repository, rev, since), root)
        snapshot = sources.staged(repository, look.changes if look is not None else None)
        # `pre-commit run --all-files` calls the hook with nothing staged and says so nowhere;
        # inside a real commit git sets GIT_INDEX_FILE.
        by_hand = "PRE_COMMIT" in os.environ and "GIT_INDEX_FILE" not in os.environ
        if by_hand and not snapshot.changes:
            note = "nothing is staged: looking at all tracked files"
            return Picture(sources.tracked(repository), root, (note,))
        return Picture(snapshot, root)
    if asked.rev is not None:
        if asked.state:
            raise GuardError("the check 'tree' judges the work tree, not a commit", "use --all")
        return Picture(sources.revision(repository, asked.rev, asked.since), root)
    return Picture(sources.present(repository, wanted, state=asked.state), root)


def below(root: str, path: str) -> str:
    """`path` relative to `root`, its own last part not followed if it is a symlink."""
    parent, name = os.path.split(os.path.abspath(path))
    relative = os.path.relpath(os.path.join(os.path.realpath(parent), name), root)
    if relative.startswith(".." + os.sep) or relative == "..":
        raise GuardError(f"{path!r} is outside the repository {root}", "one repository at a time")
    return relative.replace(os.sep, "/")


def outside(paths: Sequence[str]) -> Picture:
    """Files and folders that are in no repository."""
    root = os.path.commonpath([os.path.abspath(p) for p in paths])
    root = root if os.path.isdir(root) else os.path.dirname(root)
    files: list[str] = []
    for path in paths:
        if os.path.realpath(path) == os.sep:
            raise GuardError(f"{path} is the whole machine, and in no repository", NAME_SOME)
        found = [path]
        if os.path.isdir(path):
            found = [os.path.join(path, f) for f in islice(walk(path), MANY - len(files) + 1)]
        files += [os.path.relpath(os.path.abspath(f), root) for f in found]
        if len(files) > MANY:
            raise GuardError(
                f"{path} is in no repository and holds more than {MANY:,} files", NAME_SOME
            )
    return Picture(sources.folder(root, files), root)


MANY = 100_000
"""Files that are looked at in no repository: more are a mistake, as with a home folder."""

NAME_SOME = "name the folders or files that are meant: guard check PATH…\nor go into a repository"
