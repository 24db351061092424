"""Follows one fix through a history: where it is, what brought it, what took it away.

The state of a commit is its first parent's, with the files that differ judged anew, so a walk
over a history judges each version of a file once.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence

from guard.entries import Change, File
from guard.fixes.tracing.values import HOLDS, MENDED, UNREAD, Commit, Event, Kind, State, Stretch
from guard.values import dataclass, replace

Judge = Callable[[File, str], frozenset[str]]
"""Which pieces of the rule a file violates: a forbidden one is there, a required one is missing.

The second argument is the path that the rule knows the file by, which a rename leaves behind.
"""


@dataclass(frozen=True, slots=True)
class Point:
    """Where the walk stands at one commit."""

    violated: Mapping[str, frozenset[str]]
    """Path to the pieces of the rule that the file there violates."""

    homes: tuple[str | None, ...]
    """For each required file, where it is now, renames followed; None where it is not."""

    fixed: bool
    """Whether the fix is in the history."""

    state: State
    event: int | None = None
    """Number of the event that led to this state; None before the first."""

    turn: str = ""
    """The last commit, along first parents, that changed the state."""


@dataclass(frozen=True, slots=True)
class Walk:
    """What a walk over a history found."""

    points: Mapping[str, Point]
    events: tuple[Event, ...]
    """In the order of the history, parents first."""


@dataclass(frozen=True, slots=True)
class Subject:
    """The rule that is followed, as far as a walk needs to know it."""

    judge: Judge
    required: tuple[str, ...] = ()
    """Paths of the files that must hold a required piece."""

    fix: str = ""
    """The id of the commit that made the fix; empty where it is not known or not here."""

    some: bool = False
    """Whether some file, no matter which, must hold a required piece."""

    borders: frozenset[str] = frozenset()
    """The commits at which a shallow clone ends: what they have may be older than they are."""


def ancestors(commits: Iterable[Commit], of: str) -> frozenset[str]:
    """The ids of the commits in the history of one, which is not among them."""
    parents = {commit.id: commit.parents for commit in commits}
    found: set[str] = set()
    waiting = list(parents.get(of, ()))
    while waiting:
        one = waiting.pop()
        if one not in found:
            found.add(one)
            waiting += parents.get(one, ())
    return frozenset(found)


def walk(commits: Sequence[Commit], subject: Subject) -> Walk:
    """Follows a fix over `commits`, which come parents first."""
    early = ancestors(commits, subject.fix) if subject.fix else frozenset()
    points: dict[str, Point] = {}
    events: list[Event] = []
    versions: dict[str, tuple[str, bool]] = {}
    for commit in commits:
        parents = [points[p] for p in commit.parents if p in points]
        point = arrived(commit, parents, subject)
        kind, cause = turned(commit, point, parents, early, subject)
        fixed = point.fixed or kind is Kind.BROUGHT
        if kind is Kind.BROUGHT and commit.id in subject.borders and commit.id != subject.fix:
            kind = None
        point = replace(point, fixed=fixed, state=stated(point, fixed, subject.some))
        if kind is not None:
            events.append(
                Event(
                    kind,
                    commit.id,
                    paths=tuple(sorted(concerned(point, parents))),
                    cause=cause,
                    deleted=deleted(commit, subject),
                    restored=restored(commit, kind, versions),
                )
            )
            point = replace(point, event=len(events) - 1)
        else:
            point = replace(point, event=inherited(point, parents))
        first = parents[0] if parents else None
        moved = first is None or first.state is not point.state
        points[commit.id] = replace(point, turn=commit.id if moved or not first else first.turn)
        for change in commit.changes:
            if change.new is not None:
                versions.setdefault(change.new.oid, (commit.id, fixed))
    return Walk(points, tuple(events))


def arrived(commit: Commit, parents: Sequence[Point], subject: Subject) -> Point:
    """What the tree of a commit violates: its first parent's, with what differs judged anew."""
    first = parents[0] if parents else None
    homes = first.homes if first else tuple(None for _ in subject.required)
    violated = first.violated if first else {}
    fixed = any(parent.fixed for parent in parents)
    if commit.changes:
        homes = tuple(
            home(commit.changes, now, path)
            for now, path in zip(homes, subject.required, strict=True)
        )
        touched = {f.path for c in commit.changes for f in (c.old, c.new) if f is not None}
        known = dict(zip(homes, subject.required, strict=True))
        files = [c.new for c in commit.changes if c.new is not None]
        verdicts = {f.path: subject.judge(f, known.get(f.path) or f.path) for f in files}
        anew = {path: pieces for path, pieces in verdicts.items() if pieces}
        if anew or touched & {*violated}:
            violated = {p: v for p, v in violated.items() if p not in touched} | anew
    return Point(violated, homes, fixed, State.ABSENT)


def home(changes: Sequence[Change], now: str | None, path: str) -> str | None:
    """Where a required file is after `changes`, renames followed."""
    for change in changes:
        old = change.old.path if change.old is not None else None
        new = change.new.path if change.new is not None else None
        if now is not None and old == now and change.status == "R":
            return new
        if now is not None and old == now and new is None:
            now = None
        if now is None and new == path:
            now = path
    return now


def broken(point: Point, fixed: bool, some: bool) -> bool:
    """Whether a tree violates the rule; a required file that is gone counts once it was fixed."""
    if some and not holding(point.violated):
        return True
    return bool(wrong(point.violated)) or (fixed and None in point.homes)


def wrong(violated: Mapping[str, frozenset[str]]) -> set[str]:
    """The files that violate the rule."""
    return {path for path, pieces in violated.items() if pieces - {HOLDS, MENDED, UNREAD}}


def holding(violated: Mapping[str, frozenset[str]]) -> set[str]:
    """The files that have what some file must have."""
    return {path for path, pieces in violated.items() if HOLDS in pieces}


def mended(point: Point) -> bool:
    """Whether a tree has what the rule writes instead of what it forbids."""
    return any(MENDED in pieces for pieces in point.violated.values())


def stated(point: Point, fixed: bool, some: bool) -> State:
    """The state of a tree."""
    if broken(point, fixed, some):
        return State.LOST if fixed else State.BEFORE
    return State.HELD if fixed else State.ABSENT


def turned(
    commit: Commit,
    point: Point,
    parents: Sequence[Point],
    early: frozenset[str],
    subject: Subject,
) -> tuple[Kind | None, int | None]:
    """How a commit changed the state, and for a merge the event that it carried along."""
    now = broken(point, point.fixed, subject.some)
    good = [p for p in parents if p.state is State.HELD]
    bad = [p for p in parents if p.state in (State.LOST, State.BEFORE)]
    if not now:
        if commit.id == subject.fix and not point.fixed:
            return Kind.BROUGHT, None
        if bad and good:
            carried = parents[0] in bad
            return (Kind.MERGED, good[0].event) if carried else (None, None)
        if bad and not good and commit.id not in early and not emptied(commit, bad):
            return Kind.BROUGHT, None
        if not subject.fix and subject.required and not bad and not point.fixed:
            # Without a fix commit to go by, a required piece is brought with the file it is in.
            return (Kind.BROUGHT if None not in point.homes else None), None
        if not subject.fix and not bad and not point.fixed and mended(point):
            # Nor for what is forbidden, where the code was never seen otherwise.
            return Kind.BROUGHT, None
        return None, None
    if not good:
        return None, None
    lost = next((p for p in bad if p.state is State.LOST), None)
    if not commit.merge:
        return Kind.TAKEN, None
    if lost is not None:
        return (Kind.INHERITED, lost.event) if parents[0] in good else (None, None)
    return Kind.DROPPED, None


def emptied(commit: Commit, parents: Sequence[Point]) -> bool:
    """Whether a tree obeys the rule only because the files that violated it were deleted."""
    gone = {c.old.path for c in commit.changes if c.old is not None and c.new is None}
    return all(wrong(parent.violated) and wrong(parent.violated) <= gone for parent in parents)


def deleted(commit: Commit, subject: Subject) -> tuple[str, ...]:
    """The files that hold a required piece and that a commit deletes."""
    gone = {c.old.path for c in commit.changes if c.old is not None and c.new is None}
    return tuple(path for path in subject.required if path in gone)


def inherited(point: Point, parents: Sequence[Point]) -> int | None:
    """The event behind the state of a commit that did not change it."""
    return next((p.event for p in parents if p.state is point.state and p.event is not None), None)


def concerned(point: Point, parents: Sequence[Point]) -> set[str]:
    """The files whose verdict differs between a commit and any of its parents."""
    paths: set[str] = set()
    for parent in parents:
        paths |= wrong(point.violated) ^ wrong(parent.violated)
        paths |= holding(point.violated) ^ holding(parent.violated)
        for now, then in zip(point.homes, parent.homes, strict=True):
            if (now is None) != (then is None):
                paths.add(now or then or "")
    return paths


def restored(commit: Commit, kind: Kind, versions: Mapping[str, tuple[str, bool]]) -> str:
    """The commit, from before the fix, that a file put back whole is from; empty for none."""
    if kind.good:
        return ""
    for change in commit.changes:
        origin = versions.get(change.new.oid) if change.new is not None else None
        if origin is not None and not origin[1]:
            return origin[0]
    return ""


def stretches(found: Walk, first_parent: Mapping[str, str], tip: str) -> tuple[Stretch, ...]:
    """The states along first parents up to `tip`, the oldest first."""
    runs = []
    at = tip
    while at in found.points:
        point = found.points[at]
        runs.append(Stretch(point.state, point.turn))
        at = first_parent.get(point.turn, "")
    return tuple(reversed(runs))


def holders(commits: Sequence[Commit], of: str) -> frozenset[str]:
    """The ids of the commits whose history holds `of`, itself among them; parents come first."""
    found = {of}
    for commit in commits:
        if any(parent in found for parent in commit.parents):
            found.add(commit.id)
    return frozenset(found)
