"""Select the checks, run them over a snapshot, mark what is excused, sort: one Outcome."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from guard.check import Check
from guard.errors import CheckCrashed, GuardError
from guard.finding import Finding, Severity
from guard.globs import matcher
from guard.snapshot import Snapshot
from guard.suppress import Ignore, suppressed

Progress = Callable[[int, int], None]
"""Called with how many of how many files are done."""

MANY = 48
"""From this many files on, starting worker processes costs less than it saves."""


@dataclass(frozen=True, slots=True)
class Plan:
    """What a run will do."""

    checks: tuple[Check, ...]
    """The checks chosen, by name."""

    options: Mapping[str, Any]
    """By the name of each check that the configuration speaks of, its options."""

    exclude: tuple[str, ...] = ()
    """Globs of files that no check looks at."""

    ignores: tuple[Ignore, ...] = ()
    """The suppressions that the configuration declares."""

    file: str = ""
    """The file all this was read from; empty where there is none."""

    def options_of(self, check: Check) -> Any:
        """The options of one check: what the configuration says, or the defaults."""
        return self.options.get(check.name) or check.options()


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a run found."""

    findings: tuple[Finding, ...]
    """Sorted by path, place and rule; suppressed ones among them, marked."""

    files: int
    """How many files the run was about."""

    @property
    def errors(self) -> int:
        """How many findings fail the run."""
        return sum(f.severity is Severity.ERROR for f in self.findings if f.ignored is None)

    @property
    def warnings(self) -> int:
        """How many findings do not."""
        return sum(f.severity is Severity.WARNING for f in self.findings if f.ignored is None)

    @property
    def ignored(self) -> int:
        """How many findings are excused."""
        return sum(f.ignored is not None for f in self.findings)


def run(plan: Plan, snapshot: Snapshot, progress: Progress | None = None) -> Outcome:
    """Everything the planned checks say of `snapshot`; a CheckCrashed where one has a bug."""
    excluded = matcher(plan.exclude)
    targets = [f.path for f in snapshot.targets() if not excluded(f.path)]
    snapshot = snapshot.narrowed(targets)
    findings: list[Finding] = []
    looked_at: set[str] = set()
    whole: list[tuple[Check, Sequence[str]]] = []
    by_file: list[tuple[Check, Sequence[str]]] = []
    for check in plan.checks:
        wanted = [path for path in targets if check.wants(path)]
        if check.suffixes and not wanted:
            continue
        looked_at.update(wanted if check.suffixes else ())
        (by_file if check.by_file else whole).append((check, wanted))
    for check, paths in whole:
        findings += examined(check, plan.options_of(check), snapshot.narrowed(paths))
    findings += spread(by_file, plan, snapshot, progress)
    findings = suppressed(
        snapshot,
        findings,
        plan.ignores,
        declared_in=plan.file,
        readable=sorted({*looked_at, *(f.at.path for f in findings)}),
        judged=[check.prefix for check in plan.checks],
    )
    return Outcome(tuple(sorted(findings, key=order)), len(targets))


def order(finding: Finding) -> tuple[Any, ...]:
    """Reading order, the repository first, equal places by rule and message."""
    at = finding.at
    return (at.path != ".", at.path, at.line, at.column, finding.rule, finding.message)


def examined(check: Check, options: Any, snapshot: Snapshot) -> list[Finding]:
    """The findings of one check; what it raises that is no GuardError becomes a CheckCrashed."""
    try:
        return list(check.run(snapshot, options))
    except GuardError:
        raise
    except Exception as problem:
        import traceback

        about = ", ".join(f.path for _, f in zip(range(3), snapshot.targets(), strict=False))
        cause = "".join(traceback.format_exception(problem))
        raise CheckCrashed(check.name, about or snapshot.title, cause) from problem


def spread(
    work: Sequence[tuple[Check, Sequence[str]]],
    plan: Plan,
    snapshot: Snapshot,
    progress: Progress | None,
) -> Iterator[Finding]:
    """The findings of checks that look at one file at a time, in parallel where it pays."""
    pieces = [
        (check, plan.options_of(check), chunk) for check, paths in work for chunk in chunks(paths)
    ]
    total = sum(len(paths) for _, paths in work)
    done = 0
    for (_, _, chunk), found in zip(pieces, results(pieces, snapshot, total), strict=True):
        done += len(chunk)
        if progress is not None:
            progress(done, total)
        yield from found


def chunks(paths: Sequence[str], size: int = 16) -> Iterator[Sequence[str]]:
    """The paths, a few at a time."""
    for start in range(0, len(paths), size):
        yield paths[start : start + size]


Piece = tuple[Check, Any, Sequence[str]]


def results(pieces: Sequence[Piece], snapshot: Snapshot, total: int) -> Iterable[list[Finding]]:
    """The findings of each piece, in the order of the pieces."""
    workers = min(len(os.sched_getaffinity(0)), len(pieces))
    if total < MANY or workers < 2:
        for check, options, paths in pieces:
            yield examined(check, options, snapshot.narrowed(paths))
        return
    from concurrent.futures import ProcessPoolExecutor

    with ProcessPoolExecutor(workers, initializer=receive, initargs=(snapshot,)) as pool:
        yield from pool.map(piece, pieces)


SHARED: dict[str, Snapshot] = {}


def receive(snapshot: Snapshot) -> None:
    """Gives a worker process the snapshot that its pieces are about."""
    SHARED["snapshot"] = snapshot


def piece(work: Piece) -> list[Finding]:
    """Runs in a worker: the findings of one check on a few files."""
    check, options, paths = work
    return examined(check, options, SHARED["snapshot"].narrowed(paths))
