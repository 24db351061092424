"""What checks say of many files, each judged for itself: remembered, or found by processes."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence

from guard.check import Check
from guard.errors import CheckCrashed, GuardError, exhausted
from guard.finding import Finding
from guard.javascript import SUFFIXES
from guard.snapshot import Snapshot
from guard.values import TYPE_CHECKING
from guard.workers import dependent, ended, lost, processors, started

if TYPE_CHECKING:
    from typing import Any

    from guard.cache.memory import Judged, Memory

    Piece = tuple[Check, Any, Sequence[str]]
    """A check, its options, and the paths of a few files."""

Progress = Callable[[int, int], None]
"""Called with how many of how many files are done."""

MANY = 48
"""From this many files on, starting worker processes costs less than it saves."""

TOGETHER = 144
"""Up to this many files a process is given at a time: each time costs as much as judging a few."""

FEW = 16
"""Up to this many files, an engine is started for them before anything else is looked at."""


def examined(check: Check, options: Any, snapshot: Snapshot) -> list[Finding]:
    """The findings of one check; what it raises that is no GuardError becomes a CheckCrashed."""
    try:
        return list(check.run(snapshot, options))
    except GuardError:
        raise
    except Exception as problem:
        if (limit := exhausted(problem)) is not None:
            raise limit from problem
        import traceback

        about = ", ".join(f.path for _, f in zip(range(3), snapshot.targets(), strict=False))
        cause = "".join(traceback.format_exception(problem))
        raise CheckCrashed(check.name, about or snapshot.title, cause) from problem


def halved(
    work: Sequence[Piece], memory: Memory, snapshot: Snapshot
) -> tuple[list[Judged], list[Piece]]:
    """What is remembered of files that checks judge one by one, and what is left to be judged."""
    known = memory.recall(work)
    pieces: list[Piece] = []
    for check, options, paths in work:
        there = {judged.path for judged in known.get(check.name, ())}
        missing = suspected(check, [path for path in paths if path not in there], snapshot)
        size = max(FEW + 1, min(len(missing) // (4 * processors()), TOGETHER))
        pieces += [(check, options, chunk) for chunk in chunks(missing, size)]
    return [judged for found in known.values() for judged in found], pieces


def ahead_of(pieces: Sequence[Piece], snapshot: Snapshot) -> None:
    """Begins to read JavaScript while there is still other work, if it will pay."""
    if not 0 < sum(len(chunk) for _, _, chunk in pieces) <= FEW:
        return
    paths = {path for _, _, chunk in pieces for path in chunk if path.endswith(SUFFIXES)}
    if paths:
        from guard.engine import begin
        from guard.javascript.engines.ahead import questions

        begin(list(questions(snapshot.narrowed(paths)).values()))


def spread(
    work: Sequence[Piece],
    pieces: Sequence[Piece],
    recalled: Sequence[Judged],
    memory: Memory,
    snapshot: Snapshot,
    progress: Progress | None,
) -> Iterator[Judged]:
    """What checks say of the files of the pieces, in parallel where those are many.

    `recalled` is what of the whole `work` need not be judged any more.
    """
    left = sum(len(paths) for _, _, paths in pieces)
    done = len(recalled)
    total = done + left
    every = list(recalled)
    try:
        for (check, chosen, paths), judged in zip(
            pieces, results(pieces, snapshot, left), strict=True
        ):
            done += len(paths)
            if progress is not None:
                progress(done, total)
            memory.keep(check, chosen, judged)
            every += judged
            yield from judged
        memory.keep_run(work, every)
    finally:
        memory.save()


def suspected(check: Check, paths: Sequence[str], snapshot: Snapshot) -> Sequence[str]:
    """Those of `paths` in which the check can find anything, where a search tells for less."""
    if not check.literals or len(paths) < MANY or not snapshot.source.searchable:
        return paths
    try:
        found = frozenset(snapshot.containing(*check.literals))
    except GuardError:  # a git that cannot search for all of them
        return paths
    return [path for path in paths if path in found]


def chunks(paths: Sequence[str], size: int) -> Iterator[Sequence[str]]:
    """The paths, `size` at a time."""
    for start in range(0, len(paths), size):
        yield paths[start : start + size]


def results(pieces: Sequence[Piece], snapshot: Snapshot, total: int) -> Iterable[list[Judged]]:
    """What is said of the files of each piece, in the order of the pieces."""
    workers = min(processors(), len(pieces))
    if total < MANY or workers < 2:
        for piece in pieces:
            yield judge(piece, snapshot)
        return
    from concurrent.futures import ProcessPoolExecutor
    from concurrent.futures.process import BrokenProcessPool

    code = any(path.endswith(SUFFIXES) for _, _, paths in pieces for path in paths)
    about = (snapshot.stateless(), code)
    with ProcessPoolExecutor(workers, initializer=receive, initargs=about) as pool:
        try:
            # Not `pool.map`, which cancels what is left: Python 3.11 trips over that.
            answers = started(lambda: [pool.submit(in_worker, piece) for piece in pieces])
            yield from (answer.result() for answer in answers)
        except BrokenProcessPool:
            raise lost() from None
        except BaseException:
            ended()
            raise


def judge(work: Piece, snapshot: Snapshot) -> list[Judged]:
    """What one check says of each of a few files, and what that rests on."""
    check, options, paths = work
    from guard.cache.memory import weighed
    from guard.cache.watched import Watched

    if check.suffixes:  # what has none reads no code
        from guard.engine import offer

        offer()
    watched = Watched(snapshot, paths)
    said: dict[str, list[Finding]] = {path: [] for path in paths}
    for finding in examined(check, options, watched):
        assert finding.at.path in said, f"{check.name} judges {finding.at.path} for another file"
        said[finding.at.path].append(finding)
    return [weighed(watched, path, found) for path, found in said.items()]


SHARED: dict[str, Snapshot] = {}


def receive(snapshot: Snapshot, code: bool) -> None:
    """Gives a worker process the snapshot that its pieces are about, with `code` an engine too."""
    dependent()
    SHARED["snapshot"] = snapshot
    if code:
        from guard.engine import start

        start()


def in_worker(work: Piece) -> list[Judged]:
    """Runs in a worker: `judge` on the snapshot it was given."""
    return judge(work, SHARED["snapshot"])
