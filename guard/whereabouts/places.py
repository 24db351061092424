"""Gathers where a fix is: every branch and remote, the index, the work tree, stashes, images."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from guard import history, images
from guard.entries import File
from guard.fixes.tracing.lens import Lens
from guard.fixes.tracing.values import (
    UNREAD,
    Commit,
    Event,
    Kind,
    Place,
    State,
    Stretch,
    Trace,
    Unpushed,
)
from guard.fixes.tracing.walk import (
    Judge,
    Point,
    Subject,
    Walk,
    holders,
    stated,
    stretches,
    walk,
    wrong,
)
from guard.git import Repository
from guard.origins import FolderSource
from guard.report.text import shown
from guard.values import replace
from guard.whereabouts import forsaken
from guard.whereabouts import verdicts as reaching
from guard.whereabouts.verdicts import Progress, Verdicts, reached, versions


def find(repository: Repository, lens: Lens, progress: Progress | None = None) -> Trace:
    """Everything that can be known about where a fix is and was."""
    refs = history.refs(repository)
    lines = [ref for ref in refs if ref.kind in ("branch", "remote", "tag", "HEAD")]
    commits = history.commits(repository, (ref.commit for ref in lines), lens.globs)
    fix = fixing(lens, {commit.id for commit in commits})
    verdicts = reached(repository, lens)
    reaching.judge(versions(verdicts, commits), progress)
    borders = history.shallow(repository)
    found = walk(commits, Subject(verdicts.judge, lens.required, fix, lens.some, borders))
    events = told(repository, found.events)
    first = {commit.id: commit.parents[0] for commit in commits if commit.parents}
    places = [
        standing(ref.kind, ref.name, ref.commit, found, stretches(found, first, ref.commit))
        for ref in lines
    ]
    places += beside(repository, found, verdicts, refs)
    labelled = images.labelled()
    of_here = list(built(repository, found, verdicts, labelled or ()))
    places = [*forsaken.told(repository, [*places, *of_here], lens.fix, lens.file)]
    named = {s.commit for place in places for s in place.stretches}
    about = history.described(repository, named | {event.commit for event in events})
    return Trace(
        id=lens.id,
        why=lens.why,
        places=tuple(places),
        events=events,
        unpushed=tuple(unpushed(events, commits, lines)),
        notes=tuple(noted(verdicts, fix, labelled, len(of_here))),
        dates={commit: said.when for commit, said in about.items()},
        commits=len(commits),
    )


def noted(
    verdicts: Verdicts, fix: str, listed: Sequence[images.Image] | None, known: int
) -> Iterator[str]:
    """What could not be looked at."""
    if history.shallow(verdicts.repository):
        yield "this clone is shallow, so what came before is not known: git fetch --unshallow"
    if verdicts.lens.fix and not fix:
        gone = (
            "" if forsaken.known(verdicts.repository, verdicts.lens.fix) else ", nor anywhere else"
        )
        yield f"the commit of the rule, {verdicts.lens.fix}, is on no branch here{gone}"
    if listed is None:
        yield "no container engine answered, so no images were looked at"
    elif others := len(listed) - known:
        yield f"{others} image{'s' * (others != 1)} name no commit of this repository"
    unread = sum(UNREAD in pieces for pieces in verdicts.known.values())
    if unread:
        files = f"{unread} version{'s' * (unread != 1)} of files"
        yield f"{files} cannot be parsed and count as obeying the rule"


def fixing(lens: Lens, ids: set[str]) -> str:
    """The id of the rule's commit, written in full; empty where it is not in the history."""
    if not lens.fix or lens.fix in ids:
        return lens.fix
    meant = [one for one in ids if one.startswith(lens.fix)] if len(lens.fix) >= 7 else []
    return meant[0] if len(meant) == 1 else ""


def told(repository: Repository, events: Sequence[Event]) -> tuple[Event, ...]:
    """The events with what their commits say; what says that it reverts the fix is a revert."""
    about = history.described(repository, (event.commit for event in events))
    done: list[Event] = []
    for event in events:
        event = replace(event, about=about[event.commit])
        good = [other for other in done if other.kind.good]
        if event.kind is Kind.TAKEN and any(reverts(event, other) for other in good):
            event = replace(event, kind=Kind.REVERTED)
        done.append(event)
    return tuple(done)


def reverts(event: Event, other: Event) -> bool:
    """Whether a commit says that it reverts another."""
    said = event.about.body
    return (
        f"This reverts commit {other.commit[:7]}" in said
        or event.about.subject == f'Revert "{other.about.subject}"'
    )


def standing(kind: str, name: str, commit: str, found: Walk, runs: tuple[Stretch, ...]) -> Place:
    """A place whose history was walked."""
    point = found.points[commit]
    return Place(
        kind, name, point.state, commit, point.event, tuple(sorted(wrong(point.violated))), runs
    )


def judged(
    files: Mapping[str, File], base: Point | None, judge: Judge, lens: Lens
) -> tuple[State, tuple[str, ...], str]:
    """The state of a tree that is no commit of the walk, the files that violate the rule, a note.

    The note says what could not be read.
    """
    homes = base.homes if base is not None else lens.required
    homes = tuple(home if home in files else None for home in homes)
    known = {home: path for home, path in zip(homes, lens.required, strict=True) if home}
    verdicts = {
        path: judge(file, known.get(path, path))
        for path, file in files.items()
        if file.is_regular and lens.wants(known.get(path, path))
    }
    violated = {path: pieces for path, pieces in verdicts.items() if pieces}
    fixed = base is not None and base.fixed
    state = stated(Point(violated, homes, fixed, State.ABSENT), fixed, lens.some)
    unread = sorted(path for path, pieces in violated.items() if UNREAD in pieces)
    return state, tuple(sorted(wrong(violated))), listed(unread, "cannot be parsed")


def listed(paths: Sequence[str], what: str) -> str:
    """What is the matter with some files, in a few words; empty where there are none."""
    more = f" and {len(paths) - 1} more" if len(paths) > 1 else ""
    return f"{shown(paths[0])}{more} {what}" if paths else ""


def beside(
    repository: Repository, found: Walk, verdicts: Verdicts, refs: Sequence[history.Ref]
) -> Iterator[Place]:
    """The index, the work tree, the stashes and the kept states."""
    head = found.points.get(repository.head or "")
    staged, tracked = repository.index(), repository.index(in_conflict=True)
    torn = sorted(path for path in {*tracked} - {*staged} if verdicts.lens.wants(path))
    index = snapped("index", "", staged, repository.head or "", head, verdicts)
    yield replace(index, note=listed(torn, "in conflict")) if torn else index
    folder = FolderSource(repository.root, [*tracked, *repository.untracked()()])

    def on_disk(file: File, original: str) -> frozenset[str]:
        return verdicts.lens.violated(original, folder.read(file))

    state, paths, note = judged(folder.files(), head, on_disk, verdicts.lens)
    led = since(head, state)
    yield Place("work tree", "", state, repository.head or "", led, paths, note=note)
    for ref in refs:
        if ref.kind in ("stash", "kept"):
            parent = repository.parent(ref.commit) or ""
            base = found.points.get(ref.commit) or found.points.get(parent)
            tree = repository.tree(ref.commit)
            yield snapped(ref.kind, ref.name, tree, ref.commit, base, verdicts)


def snapped(
    kind: str,
    name: str,
    files: Mapping[str, File],
    commit: str,
    base: Point | None,
    verdicts: Verdicts,
) -> Place:
    """A place that is a tree of blobs."""
    verdicts.learn((file, path) for path, file in files.items())
    state, paths, note = judged(files, base, verdicts.judge, verdicts.lens)
    return Place(kind, name, state, commit, since(base, state), paths, note=note)


def since(base: Point | None, state: State) -> int | None:
    """The event behind a tree's state: that of the commit it comes from, where they agree."""
    return base.event if base is not None and base.state is state else None


def built(
    repository: Repository, found: Walk, verdicts: Verdicts, listed: Sequence[images.Image]
) -> Iterator[Place]:
    """The images whose label names a commit of this repository."""
    for image in listed:
        asked = ["rev-parse", "--verify", "--quiet", "--end-of-options"]
        name = f"{image.revision}^{{commit}}"
        commit = repository.git(*asked, name, accept=(0, 1, 128)).decode().strip()
        if commit in found.points:
            yield standing("image", image.name, commit, found, ())
        elif commit:  # of no branch any more, as after a rebase
            base = found.points.get(repository.parent(commit) or "")
            yield snapped("image", image.name, repository.tree(commit), commit, base, verdicts)


def unpushed(
    events: Sequence[Event], commits: Sequence[Commit], refs: Sequence[history.Ref]
) -> Iterator[Unpushed]:
    """The commits with the fix that no remote has, and the branches that hold each."""
    remotes = {ref.commit for ref in refs if ref.kind == "remote"}
    for number, event in enumerate(events):
        if event.kind is not Kind.BROUGHT:
            continue
        holding = holders(commits, event.commit)
        if not holding & remotes:
            local = [ref.name for ref in refs if ref.kind != "remote" and ref.commit in holding]
            yield Unpushed(number, tuple(local))
