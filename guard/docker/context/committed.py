"""The files that a commit holds, those of its submodules too, and how they are written out."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from pathlib import Path

from guard.docker.context.scope import around
from guard.entries import SUBMODULE, File
from guard.errors import GitError, GuardError
from guard.git import Repository
from guard.program import run
from guard.values import dataclass


@dataclass(frozen=True, slots=True)
class Entry:
    """One file of a commit, or of the commit of a submodule in it."""

    path: str
    """Relative to the root of the outermost work tree."""

    file: File
    """The entry in its own repository."""

    repository: Repository
    """The repository that holds it."""

    commit: str
    """The commit there."""


def entries(repository: Repository, commit: str, below: str = ".", at: str = "") -> Iterator[Entry]:
    """The files of a commit in the folder `below`, submodules at the commits it records.

    A GitError where the commit of a submodule is not here. `at` is where the repository lies in
    the outermost one.
    """
    prefix = "" if below == "." else below + "/"
    for path, file in repository.tree(commit).items():
        # The folder may lie in a submodule.
        around_it = file.mode == SUBMODULE and prefix.startswith(path + "/")
        if prefix and not path.startswith(prefix) and path != below and not around_it:
            continue
        if file.mode != SUBMODULE:
            yield Entry(at + path, file, repository, commit)
            continue
        inner = prefix.removeprefix(path + "/").rstrip("/") if around_it else ""
        within = module(repository, path, file.oid)
        yield from entries(within, file.oid, inner or ".", f"{at}{path}/")


def module(repository: Repository, path: str, commit: str) -> Repository:
    """The repository of a submodule; a GitError where it does not hold the commit."""
    place = os.path.join(repository.root, path)
    hint = f"git submodule update --init -- {path}"
    found = around(place) if os.path.isdir(place) else None
    if found is None or os.path.realpath(found.root) != os.path.realpath(place):
        raise GitError(f"the submodule {path!r} is not checked out", hint)
    try:
        found.commit(commit)
    except GitError:
        raise GitError(
            f"the submodule {path!r} does not have the commit {commit[:10]}", hint
        ) from None
    return found


def check_out(found: Iterable[Entry], into: Path) -> None:
    """Writes the entries below a folder as a checkout of their commits would: LFS, line ends.

    git does it from an index of its own, so attributes are those of the commit, and neither the
    user's index nor anything in the work tree is looked at. A GitError where a filter fails.
    """
    holders: dict[tuple[str, str], list[Entry]] = {}
    for entry in found:
        holders.setdefault((entry.repository.root, entry.commit), []).append(entry)
    for (_, commit), held in holders.items():
        repository = held[0].repository
        at = held[0].path.removesuffix(held[0].file.path)
        names = b"".join(os.fsencode(entry.file.path) + b"\0" for entry in held)
        import tempfile

        with tempfile.TemporaryDirectory(prefix="guard-") as folder:
            env = {**repository.env, "GIT_INDEX_FILE": os.path.join(folder, "index")}
            plain = ["-c", "core.sparseCheckout=false", "-c", "core.fsmonitor=false"]
            run([*plain, "read-tree", commit], cwd=repository.root, env=env)
            run(
                [*plain, "checkout-index", "--force", "-z", "--stdin", f"--prefix={into}/{at}"],
                cwd=repository.root,
                env=env,
                stdin=names,
                umask=0o022,
            )


def located(place: str) -> tuple[Repository, str]:
    """The outermost repository around a path that holds it, and the path relative to its root."""
    folder = place if os.path.isdir(place) else os.path.dirname(place)
    repository = around(folder)
    if repository is None:
        raise GuardError(
            f"{place} is in no git repository: there is no commit to build it from",
            "put it under version control: git init",
        )
    while (above := outer(repository)) is not None:
        repository = above
    real = os.path.join(os.path.realpath(os.path.dirname(place)), os.path.basename(place))
    if os.path.isdir(place):
        real = os.path.realpath(place)
    return repository, os.path.relpath(real, repository.root).replace(os.sep, "/")


def outer(repository: Repository) -> Repository | None:
    """The repository that this one is a submodule of."""
    asked = ["rev-parse", "--show-superproject-working-tree"]
    said = os.fsdecode(repository.git(*asked)).rstrip("\n")
    return around(said) if said else None


def committed(repository: Repository) -> str:
    """The commit checked out; a GuardError before the first one."""
    if repository.head is None:
        raise GuardError("there is no commit yet to build from", "commit first")
    return repository.head
