"""Judges builds: what enters each image is looked at by every check, as it lies on disk."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import partial

from guard import sources
from guard.config import plan
from guard.docker import passed, standing
from guard.docker.context import ignore
from guard.docker.context.contents import Task, judged, looked, tasks
from guard.docker.context.scope import Scope, across, around
from guard.entries import File, Source
from guard.finding import Finding, Severity
from guard.git import Repository
from guard.origins import FolderSource
from guard.pipeline import Outcome, Plan, run
from guard.snapshot import Snapshot
from guard.state import gather as state
from guard.state.later import later
from guard.tree.rules import Options as TreeOptions
from guard.treestate import TreeState
from guard.values import dataclass, replace


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


def judge(
    found: Sequence[Scope],
    more: Sequence[tuple[Repository, Finding]] = (),
    *,
    offline: bool = False,
    exact: bool = False,
) -> Iterator[Verdict]:
    """The verdict on each repository that the scopes lie in, or on a folder in none.

    `more` are findings that were made on the way, each about a repository. `exact` says that the
    files are taken from the commit itself: what lies in the work tree is then beside the point.
    """
    repositories: dict[str, Repository | None] = {r.root: r for r, _ in more}
    parts: dict[str, list[Scope]] = {root: [] for root in repositories}
    for part in found:
        repository = around(part.folder)
        root = part.folder if repository is None else repository.root
        repositories[root] = repository
        parts.setdefault(root, []).append(part)
    for root, repository in repositories.items():
        if repository is None:
            yield outside(root, parts[root])
        else:
            known = [finding for r, finding in more if r.root == root]
            yield inside(repository, parts[root], known, offline=offline, exact=exact)


def outside(folder: str, parts: Sequence[Scope]) -> Verdict:
    """What every check says of a folder in no repository; its guard.toml may allow that."""
    known = state.outside(folder)
    whole = Snapshot(folder, FolderSource(folder, ()), state=lambda: known)
    planned = plan(whole)
    about, _ = halved(planned)
    refused = run(about, whole)
    if refused.errors:  # what lies in it is then not looked at: it may be a whole disk
        return Verdict(folder, refused, whole, known)
    files = {path for part in parts for path in ignore.walk(folder, part.rules)}
    snapshot = Snapshot(folder, FolderSource(folder, sorted(files)), state=lambda: known)
    return Verdict(folder, looked(planned, snapshot), snapshot, known)


def inside(
    repository: Repository,
    parts: Sequence[Scope],
    more: Sequence[Finding] = (),
    *,
    offline: bool = False,
    exact: bool = False,
) -> Verdict:
    """What every check says of the files of a repository that enter, besides what is known."""
    base = standing.committed(repository)
    where = base or Snapshot("before the first commit", FolderSource(repository.root))
    planned = plan(where.judged(lambda: known))
    options = planned.options.get("tree", TreeOptions())
    about, contents = halved(planned)
    ours = partial(entering, repository.root, parts)
    way = passed.key(contents, (part.key for part in parts))
    todo: Callable[[], tuple[Task, ...]] | None = None
    if base is not None and not passed.known(repository, way):
        # What is to be looked into is found out while git looks at the work tree.
        todo = later(partial(tasks, repository, base, contents, passed.last(repository, way)))
    known = state.of(
        repository,
        across(repository.root, parts),
        live=options.timeout if options.live and not offline else None,
    )
    changed = [] if exact else [*(file.path for file in known.dirty), *known.untracked]
    snapshot = Snapshot(
        "what would be built",
        base.source if base and not changed else Mixed(repository, base, changed),
        base=base,
        state=lambda: known,
        kept_in=sources.kept_in(repository),
    )
    tree = run(about, snapshot.narrowed(()))
    # What is built from the commit itself does not hold what lies on disk.
    said = [f for f in tree.findings if not (exact and f.rule in OF_THE_DISK)]
    if any(f.severity is Severity.ERROR and f.ignored is None for f in said):
        # The build is refused: what else is wrong matters of the files that caused it.
        outcome = looked(contents, snapshot.narrowed(changed)) if changed else Outcome((), 0)
    elif changed:
        outcome = looked(contents, snapshot.narrowed(ours(snapshot.files())))
    elif todo is not None:
        outcome = judged(snapshot, todo(), ours)
        if not outcome.errors:
            passed.remember(repository, way)
    else:
        outcome = Outcome((), 0)
    # A suppression that excused nothing may excuse a file that does not enter.
    kept = [f for f in (*more, *said, *outcome.findings) if f.rule != "guard/unused-ignore"]
    return Verdict(repository.root, replace(outcome, findings=tuple(kept)), snapshot, known)


def entering(root: str, parts: Sequence[Scope], paths: Iterable[str]) -> tuple[str, ...]:
    """Those of the paths of a repository that enter."""
    every = list(paths)
    return tuple(dict.fromkeys(path for part in parts for path in part.entering(root, every)))


def halved(planned: Plan) -> tuple[Plan, Plan]:
    """The checks that judge the repository's state, and those that judge contents."""
    about = tuple(check for check in planned.checks if check.needs_state)
    contents = tuple(check for check in planned.checks if not check.needs_state)
    return replace(planned, checks=about), replace(planned, checks=contents)


OF_THE_DISK = frozenset(
    f"tree/{name}"
    for name in (
        "dirty untracked hidden filtered ignored secret nested lfs-pointer sparse in-progress "
        "submodule-dirty submodule-moved"
    ).split()
)
"""Rules about what lies in the work tree: none of it enters what is built from the commit."""


class Mixed:
    """What would be built: the files on disk where they differ from the commit and enter."""

    searchable = True

    def __init__(
        self, repository: Repository, base: Snapshot | None, changed: Iterable[str]
    ) -> None:
        self._changed = frozenset(changed)
        self._disk = FolderSource(repository.root, self._changed)
        self._rest: Source | None = base.source if base else None

    def files(self, paths: Sequence[str] | None = None) -> Mapping[str, File]:
        """The entries of the commit with those that differ in place."""
        committed = {} if self._rest is None else self._rest.files(paths)
        found = {p: f for p, f in committed.items() if p not in self._changed}
        differing = [p for p in self._changed if paths is None or p in paths]
        return {**found, **self._disk.files(differing)}

    def below(self, folder: str) -> Mapping[str, File]:
        """Those of the entries that lie in a folder."""
        committed = {} if self._rest is None else self._rest.below(folder)
        found = {p: f for p, f in committed.items() if p not in self._changed}
        return {**found, **self._disk.below(folder)}

    def read(self, file: File) -> bytes:
        """The content on disk where it differs, else the committed blob."""
        if file.path in self._changed or self._rest is None:
            return self._disk.read(file)
        return self._rest.read(file)

    def read_all(self, files: Sequence[File]) -> Iterable[bytes]:
        """One after the other."""
        return map(self.read, files)

    def containing(self, literals: Sequence[str], suffixes: Sequence[str]) -> Iterable[str]:
        """Found by git in the commit, by reading the others."""
        if self._rest is not None:
            found = self._rest.containing(literals, suffixes)
            yield from (path for path in found if path not in self._changed)
        yield from self._disk.containing(literals, suffixes)

    def matching(
        self, expressions: Sequence[str], suffixes: Sequence[str]
    ) -> Mapping[str, frozenset[str]]:
        """Found by git in the commit, by reading the others."""
        found = {} if self._rest is None else self._rest.matching(expressions, suffixes)
        rest = {path: texts for path, texts in found.items() if path not in self._changed}
        return {**rest, **self._disk.matching(expressions, suffixes)}
