"""Judges builds: what enters each image is looked at by every check, as it lies on disk."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from guard import sources, state
from guard.config import plan
from guard.docker import ignore
from guard.docker.build import Build, Frontend, Kind
from guard.errors import GitError
from guard.finding import REPOSITORY, Finding, Location
from guard.git import Repository
from guard.pipeline import Outcome, run
from guard.snapshot import File, Snapshot, Source
from guard.tree.rules import Options as TreeOptions
from guard.treestate import TreeState


@dataclass(frozen=True)
class Scope:
    """What one context lets into an image."""

    folder: str
    """The context: an absolute path without links."""

    rules: ignore.Ignore
    """What the ignore file keeps out."""

    steering: frozenset[str]
    """Absolute paths that decide what is built: the Dockerfile, the ignore file."""

    def enters(self, place: str) -> bool:
        """Whether the file at an absolute path is sent, or decides what is built."""
        if place in self.steering:
            return True
        below = self._below(place)
        return below is not None and self.rules.enters(below)

    def may_hold(self, place: str) -> bool:
        """Whether anything in the folder at an absolute path can be sent."""
        below = self._below(place)
        return below is not None and self.rules.may_hold(below)

    def _below(self, place: str) -> str | None:
        prefix = self.folder.rstrip("/") + "/"
        return place[len(prefix) :] if place.startswith(prefix) else None


@dataclass(frozen=True)
class Verdict:
    """What the checks say of the part of one repository that enters."""

    root: str
    """The work tree; the context itself where there is no repository."""

    outcome: Outcome
    """The findings about what enters, and about the repository."""

    snapshot: Snapshot
    """What was judged."""

    state: TreeState | None
    """The repository's state; None where there is no repository."""


def scopes(builds: Iterable[Build], frontend: Callable[[Build], Frontend]) -> Iterator[Scope]:
    """What the local contexts of some builds let in, each once."""
    seen = set()
    for build in builds:
        for context in build.contexts():
            if context.kind is not Kind.FOLDER:
                continue
            main = not context.name
            dockerfile = build.dockerfile if main else None
            key = (context.place, dockerfile, build.ignore_file if main else None, build.frontend)
            if key not in seen:
                seen.add(key)
                yield scope(context.place, dockerfile, build.ignore_file, frontend(build))


def scope(folder: str, dockerfile: str | None, given: str | None, kind: Frontend) -> Scope:
    """What one folder lets in, by the ignore file that applies to it."""
    file = given or ignore.ignore_file(folder, dockerfile, kind)
    sent = [".dockerignore", os.path.relpath(dockerfile, folder)] if dockerfile else []
    steering = [place for place in (dockerfile, file) if place is not None]
    resolved = [os.path.join(os.path.realpath(os.path.dirname(p)), os.path.basename(p))
                for p in steering]  # fmt: skip
    return Scope(folder, ignore.read(file, kind, sent), frozenset(resolved))


def judge(found: Sequence[Scope]) -> Iterator[Verdict]:
    """The verdict on each repository that the scopes lie in, or on a folder in none."""
    parts: dict[str, list[Scope]] = {}
    repositories: dict[str, Repository | None] = {}
    for part in found:
        repository = around(part.folder)
        root = part.folder if repository is None else repository.root
        repositories[root] = repository
        parts.setdefault(root, []).append(part)
    for root, repository in repositories.items():
        yield outside(root) if repository is None else inside(repository, parts[root])


def around(folder: str) -> Repository | None:
    """The repository that a folder lies in; None where it lies in none."""
    try:
        return Repository.find(folder)
    except GitError as problem:
        if problem.message.startswith(("there is no git repository", "this repository is bare")):
            return None
        raise


def outside(folder: str) -> Verdict:
    """The refusal of a context that is in no repository."""
    finding = Finding(
        "tree/no-repository",
        f"{folder} is in no git repository",
        Location(REPOSITORY),
        hint="put it under version control: git init",
    )
    return Verdict(folder, Outcome((finding,), 0), sources.folder(folder, ()), None)


def inside(repository: Repository, parts: Sequence[Scope], *, offline: bool = False) -> Verdict:
    """What every check says of the files of a repository that enter."""
    head = repository.head
    base = sources.committed(repository, head) if head else None
    where = Snapshot("the commit", base.source if base else sources.FolderSource(repository.root))
    planned = plan(Snapshot(where.title, where.source, state=lambda: known))
    options = planned.options.get("tree", TreeOptions())
    known = state.of(
        repository,
        across(repository.root, parts),
        live=options.timeout if options.live and not offline else None,
    )
    changed = [file.path for file in known.dirty] + [*known.untracked]
    source = Mixed(repository, changed)
    snapshot = Snapshot("what would be built", source, base=base, state=lambda: known)

    def enters(path: str) -> bool:
        place = os.path.join(repository.root, path)
        return any(part.enters(place) for part in parts)

    snapshot = snapshot.narrowed([path for path in snapshot.files() if enters(path)])
    outcome = run(planned, snapshot)
    # A suppression that excused nothing may excuse a file that does not enter.
    kept = [f for f in outcome.findings if f.rule != "guard/unused-ignore"]
    return Verdict(repository.root, replace(outcome, findings=tuple(kept)), snapshot, known)


def across(root: str, parts: Sequence[Scope]) -> state.Scope:
    """What the parts let in, as git is asked about it: paths relative to the root."""
    folders = [os.path.relpath(part.folder, root).replace(os.sep, "/") for part in parts]
    steering = [os.path.relpath(place, root) for part in parts for place in part.steering]
    return state.Scope(
        tuple(dict.fromkeys([*folders, *(p for p in steering if not p.startswith(".."))])),
        lambda path: any(part.enters(os.path.join(root, path)) for part in parts),
        lambda path: any(
            path == "."
            or part.folder.startswith(os.path.join(root, path) + os.sep)
            or part.folder == os.path.join(root, path)
            or part.may_hold(os.path.join(root, path))
            for part in parts
        ),
    )


class Mixed:
    """What would be built: the files on disk where they differ from the commit and enter."""

    def __init__(self, repository: Repository, changed: Iterable[str]) -> None:
        self._changed = frozenset(changed)
        self._disk = sources.FolderSource(repository.root, self._changed)
        head = repository.head
        self._rest: Source | None = sources.CommitSource(repository, head) if head else None

    def files(self, paths: Sequence[str] | None = None) -> Mapping[str, File]:
        """The entries of the commit with those that differ in place."""
        committed = {} if self._rest is None else self._rest.files(paths)
        found = {p: f for p, f in committed.items() if p not in self._changed}
        differing = [p for p in self._changed if paths is None or p in paths]
        return {**found, **self._disk.files(differing)}

    def read(self, file: File) -> bytes:
        """The content on disk where it differs, else the committed blob."""
        if file.path in self._changed or self._rest is None:
            return self._disk.read(file)
        return self._rest.read(file)

    def containing(self, literals: Sequence[str], suffixes: Sequence[str]) -> Iterable[str]:
        """Found by git in the commit, by reading the others."""
        if self._rest is not None:
            found = self._rest.containing(literals, suffixes)
            yield from (path for path in found if path not in self._changed)
        yield from self._disk.containing(literals, suffixes)
