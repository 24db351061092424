"""The verdicts of rules on the versions of files: each version is read once, and judged once."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from guard import history
from guard.blobs import Blobs
from guard.cache.store import Store
from guard.cache.version import version
from guard.entries import File
from guard.fixes.judge import parsing
from guard.fixes.tracing.lens import NOTHING, Lens
from guard.fixes.tracing.values import Commit
from guard.git import Repository

Progress = Callable[[int, int], None]
"""Called with how many versions are judged and how many there are."""


@dataclass
class Verdicts:
    """What one rule says of each version of a file."""

    repository: Repository
    lens: Lens
    blobs: Blobs

    store: Store
    """What was found out in runs before."""

    known: dict[tuple[str, str], frozenset[str]] = field(default_factory=dict)
    """By the blob's id and, for a file with a required piece, the path the rule knows it by."""

    def key(self, file: File, original: str) -> tuple[str, str] | None:
        """What a verdict is kept under; None for a file that the rule is not about."""
        if not file.is_regular or not self.lens.wants(original):
            return None
        return file.oid, original if original in self.lens.required else ""

    def missing(self, file: File, original: str) -> tuple[str, str] | None:
        """The key of a verdict that no run has reached yet; None where it is known."""
        key = self.key(file, original)
        if key is None or key in self.known:
            return None
        before = self.store.get(" ".join(key))
        if not isinstance(before, list):
            return key
        self.known[key] = frozenset(map(str, before))
        return None

    def reach(self, key: tuple[str, str], original: str, content: bytes) -> None:
        """Judges one version of a file."""
        self.known[key] = self.lens.violated(original, content)
        self.store.put(" ".join(key), sorted(self.known[key]))

    def learn(self, files: Iterable[tuple[File, str]], progress: Progress | None = None) -> None:
        """Reaches the verdicts that are missing, reading all the blobs at once."""
        judge(((0, self, file, original) for file, original in files), progress)

    def judge(self, file: File, original: str) -> frozenset[str]:
        """The verdict on one file."""
        key = self.key(file, original)
        if key is None:
            return NOTHING
        if key not in self.known:  # a file that was renamed, or is in no commit
            self.known[key] = self.lens.violated(original, self.blobs.read(file.oid))
        return self.known[key]


def reached(repository: Repository, lens: Lens) -> Verdicts:
    """The verdicts of a rule, those of earlier runs among them."""
    folder = os.path.join(repository.common_dir, "guard", "traces")
    store = Store(folder, f"{version()}-{lens.digest}")
    return Verdicts(repository, lens, Blobs(repository), store)


def versions(
    verdicts: Verdicts, commits: Sequence[Commit]
) -> Iterator[tuple[int, Verdicts, File, str]]:
    """The versions of files that commits brought, each with its commit's place in the history."""
    for number, commit in enumerate(commits):
        for change in commit.changes:
            if change.new is not None:
                yield number, verdicts, change.new, change.new.path


def judge(
    wanted: Iterable[tuple[int, Verdicts, File, str]],
    progress: Progress | None = None,
    until: float | None = None,
) -> int | None:
    """Reaches the verdicts that are missing, of several rules together: each blob is read once.

    Each version comes with its place in the history, which is followed from the start, up to the
    clock's time `until`. Returns the first place that is not judged whole; None where all are.
    """
    places: dict[str, int] = {}
    todo: dict[str, dict[tuple[int, tuple[str, str]], tuple[Verdicts, str]]] = {}
    for number, verdicts, file, original in wanted:
        key = verdicts.missing(file, original)
        if key is not None:
            places[file.oid] = min(number, places.get(file.oid, number))
            todo.setdefault(file.oid, {})[id(verdicts), key] = verdicts, original
    oids = sorted(todo, key=lambda oid: places[oid])
    stopped = None
    if oids:
        repository = next(iter(todo[oids[0]].values()))[0].repository
        for done, (oid, content) in enumerate(parsing(history.contents(repository, oids))):
            if until is not None and time.monotonic() > until:
                stopped = places[oid]
                break
            for (_, key), (verdicts, original) in todo[oid].items():
                verdicts.reach(key, original, content)
            if progress is not None:
                progress(done + 1, len(oids))
    for verdicts in {id(v): v for asked in todo.values() for v, _ in asked.values()}.values():
        verdicts.store.save()
    return stopped
