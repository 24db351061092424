"""What became of a fix after the commit that made it."""

from __future__ import annotations

import time
from collections.abc import Sequence

from guard import history, sources
from guard.entries import Change
from guard.fixes.judge import broken
from guard.fixes.keep import lost
from guard.fixes.rule import Rule
from guard.fixes.tracing.lens import lens
from guard.fixes.tracing.values import Commit, Event, State
from guard.fixes.tracing.walk import Subject, walk
from guard.git import Repository
from guard.values import dataclass
from guard.whereabouts.places import told
from guard.whereabouts.verdicts import Progress, judge, reached, versions


@dataclass(frozen=True, slots=True)
class Aftermath:
    """What later history did to a fix."""

    events: tuple[Event, ...]
    """The commits that changed its state, the oldest first."""

    state: State
    """What the newest commit says of it."""

    looked: int
    """How many of the commits were looked at, the oldest first."""

    commits: int
    """How many there are."""


def later(
    repository: Repository,
    rules: Sequence[Rule],
    fix: str,
    tip: str,
    progress: Progress | None = None,
    seconds: float | None = None,
) -> list[Aftermath]:
    """What became of a fix up to the commit `tip`, by each of the rules that it taught.

    After so many `seconds` no more versions of files are read; what was found out is kept, and
    the next one to ask goes on from there.
    """
    until = None if seconds is None else time.monotonic() + seconds
    known: dict[tuple[str, ...], list[Commit]] = {}
    histories, all_verdicts = [], []
    for rule in rules:
        seen = lens(rule)
        if seen.globs not in known:
            known[seen.globs] = history.commits(repository, [tip], seen.globs, since=fix)
        homes = repository.tree(fix, seen.required) if seen.required else {}
        start = Commit(fix, (), tuple(Change("A", None, file) for file in homes.values()))
        histories.append([start, *known[seen.globs][1:]])
        all_verdicts.append(reached(repository, seen))
    both = [*zip(all_verdicts, histories, strict=True)]
    stopped = judge((one for v, commits in both for one in versions(v, commits)), progress, until)
    found = []
    for rule, (verdicts, commits) in zip(rules, both, strict=True):
        seen = verdicts.lens
        looked = commits[:stopped]
        points = walk(looked, Subject(verdicts.judge, seen.required, fix, seen.some))
        state = points.points[tip].state if tip in points.points else State.ABSENT
        if stopped is not None:
            newest = sources.committed(repository, tip)
            told_now = [*broken(newest, [rule]), *lost(newest, [rule])]
            wrong = [f for f in told_now if f.rule == rule.name and f.severity is rule.severity]
            state = State.LOST if wrong else State.HELD
        events = told(repository, points.events)
        found.append(Aftermath(events, state, len(looked), len(commits)))
    return found
