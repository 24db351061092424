"""Asks git what it knows of the files that enter a build: a work tree becomes a TreeState."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from functools import partial

from guard.errors import GitError
from guard.git import Repository
from guard.state import listing, truth
from guard.state.ahead import heard, taken
from guard.state.converted import converted, suspects
from guard.state.later import later
from guard.state.scope import Scope
from guard.treestate import Extra, Submodule, TreeState

# Folders that tools fill: thousands of files that nobody wrote, test keys among them.
DEPENDENCIES = frozenset(
    "node_modules bower_components .venv venv site-packages __pycache__ .tox .nox".split()
)
SNIFFED = ("", ".pem", ".key", ".crt", ".cer", ".txt", ".priv", ".rsa", ".ssh", ".asc")


def of(
    repository: Repository, scope: Scope | None = None, *, live: float | None = 5.0
) -> TreeState:
    """What git knows of the files of `scope`, all of the work tree by default.

    `live` is how many seconds there are to ask the remotes; None asks nobody and goes by the
    remote-tracking refs. Nothing in the repository is changed, save for guard's own notes. A
    GitError where git cannot say.
    """
    scope = scope or Scope()
    honest = truth.honest(repository)
    # git status is what takes long: everything else is done, and imported, meanwhile.
    asked = taken(honest, scope.folders)
    settings = asked.settings
    branch = truth.branch(honest)
    where = heard(honest, settings, live)
    listed = asked.entries()
    suspected = later(lambda: suspects(honest, settings, listed, scope.folders))
    seen = asked.status()
    submodules = later(lambda: tuple(checked_out(honest, scope, listed, seen, live)))
    hidden = truth.flagged(honest, settings, listed, scope.enters)
    shown = truth.attributed(honest, settings, seen.dirty, scope.folders)
    links = {entry.path for entry in listed.links}
    dirty = {d.path: d for d in (*hidden.dirty, *shown) if d.path not in links}
    changed = tuple(dirty[path] for path in sorted(dirty) if scope.enters(path))
    ignored, nested = extras(honest.root, seen, scope)
    known = {d.path for d in changed}
    conversions = converted(
        honest, suspected(), lambda path: path not in known and scope.enters(path)
    )
    found = where()
    return TreeState(
        root=honest.root,
        head=honest.head,
        branch=branch,
        dirty=changed,
        untracked=tuple(p for p in seen.untracked if scope.enters(p)),
        case_ignored=truth.ignores_case(honest, settings),
        ignored=ignored,
        nested=nested,
        submodules=submodules(),
        pointers=conversions.pointers,
        filtered=conversions.filtered,
        sparse=hidden.sparse,
        unwatched=hidden.present,
        replaced=tuple(
            path
            for path in listed.replaced
            if path == "HEAD"
            or (scope.reaches(path[:-1]) if path.endswith("/") else scope.enters(path))
        ),
        replaces=listed.replaces,
        in_progress=truth.in_progress(honest),
        remotes=found.remotes,
        on_remotes=found.on_remotes,
        upstream=found.upstream,
        shallow=found.shallow,
    )


def outside(folder: str) -> TreeState:
    """The state of a folder that is in no repository."""
    return TreeState(os.path.abspath(folder), head=None, branch=None, repository=False)


def extras(
    root: str, seen: truth.Status, scope: Scope
) -> tuple[tuple[Extra, ...], tuple[Extra, ...]]:
    """What enters of what git ignores, and of the repositories that are no submodules."""
    repositories = {path for path in seen.ignored if is_repository(root, path)}
    rest = (path for path in seen.ignored if path not in repositories)
    inside = sorted({*seen.nested, *repositories})
    return (
        tuple(extra for path in rest if (extra := entering(root, path, scope))),
        tuple(extra for path in inside if (extra := entering(root, path, scope, first=True))),
    )


def is_repository(root: str, path: str) -> bool:
    """Whether the folder that git writes as `path/` has a `.git` of its own."""
    return path.endswith("/") and os.path.lexists(os.path.join(root, path, ".git"))


def entering(root: str, path: str, scope: Scope, *, first: bool = False) -> Extra | None:
    """The files of one entry of git status (a folder ends in a slash) that enter; None for none."""
    bare = path.rstrip("/")
    if not path.endswith("/"):
        files: Sequence[str] = [bare] if scope.enters(bare) else []
    else:
        found = walk(root, bare, scope)
        few = first or not DEPENDENCIES.isdisjoint(bare.split("/"))
        files = [f for f, _ in zip(found, range(1), strict=False)] if few else list(found)
        if few:  # in folders that package managers fill nobody looks for secrets
            return Extra(bare, tuple(files), public=tuple(files)) if files else None
    if not files:
        return None
    kinds = {file: kind(root, file) for file in files}
    return Extra(
        bare,
        tuple(files),
        private=tuple(f for f, told in kinds.items() if told == "private"),
        public=tuple(f for f, told in kinds.items() if told == "public"),
    )


def kind(root: str, file: str) -> str:
    """Whether the content says secret (`private`) or no secret (`public`), else ``."""
    return "public" if not DEPENDENCIES.isdisjoint(file.split("/")) else pem(f"{root}/{file}")


def walk(root: str, folder: str, scope: Scope) -> Iterator[str]:
    """The files below `folder` that enter; of a folder of dependencies in it only the first."""
    if not scope.reaches(folder):
        return
    try:
        below = sorted(os.scandir(os.path.join(root, folder)), key=lambda e: e.name)
    except OSError as problem:
        raise GitError(f"cannot look into {folder!r}: {problem.strerror}") from None
    for entry in below:
        path = f"{folder}/{entry.name}"
        if not entry.is_dir(follow_symlinks=False):
            if scope.enters(path):
                yield path
        elif entry.name in DEPENDENCIES:
            yield from (f for f, _ in zip(walk(root, path, scope), range(1), strict=False))
        elif entry.name != ".git":
            yield from walk(root, path, scope)


def pem(place: str) -> str:
    """Whether the file holds a private key (`private`) or other PEM only (`public`), else ``."""
    if os.path.splitext(place)[1].lower() not in SNIFFED or os.path.islink(place):
        return ""
    try:
        with open(place, "rb") as file:
            start = file.read(16384)
    except OSError:
        return ""
    if b"PRIVATE KEY" in start and b"-----BEGIN " in start:
        return "private"
    return "public" if b"-----BEGIN " in start else ""


def checked_out(
    repository: Repository,
    scope: Scope,
    listed: listing.Listing,
    seen: truth.Status,
    live: float | None,
) -> Iterator[Submodule]:
    """Each submodule that the build reaches, with its own state."""
    known = listing.modules(repository) if listed.links else frozenset()
    reached = [link for link in listed.links if scope.reaches(link.path)]
    states = {}
    for link in reached:
        place = os.path.join(repository.root, link.path)
        if os.path.lexists(os.path.join(place, ".git")):
            inner = Repository.find(place)
            states[link.path] = later(partial(of, inner, scope.below(link.path), live=live))
    for link in reached:
        recorded = seen.recorded.get(link.path, link.oid)
        state = states[link.path]() if link.path in states else None
        yield Submodule(link.path, recorded.strip("0") and recorded, link.path in known, state)
