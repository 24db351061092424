"""After a build: whether anything that entered was changed while it ran."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping, Sequence

from guard.docker.context import ignore
from guard.docker.context.scope import Scope, across, around
from guard.docker.gate import Verdict
from guard.errors import GuardError
from guard.state.again import again
from guard.treestate import TreeState
from guard.values import dataclass


@dataclass(frozen=True, slots=True)
class Look:
    """What a second look at one repository saw."""

    state: TreeState
    """How it stands now."""

    stirred: tuple[str, ...] | None
    """The tracked files that may have been written to since; None where the index cannot tell."""


def changed(scopes: Sequence[Scope], before: Sequence[Verdict], since: float) -> list[str]:
    """Absolute paths of the files that were not the same all the time since `since`, sorted.

    The state of each repository is asked again, which finds what is new, gone or different; and the
    inode of each file that enters says whether it was touched meanwhile, which also finds what was
    changed and changed back. `since` is in seconds since the epoch, from before the first look.
    """
    looks: dict[str, Look | None] = {}
    for verdict in before:  # of the files on disk first; the same root may be judged of its commit
        if verdict.root not in looks:
            looks[verdict.root] = look(verdict, scopes, since)
    found = set(touched(scopes, {root: seen for root, seen in looks.items() if seen}, since))
    for verdict in before:
        seen = looks[verdict.root]
        if seen is not None and verdict.state is not None:
            differing = mentioned(seen.state) ^ mentioned(verdict.state)
            places = [os.path.join(verdict.root, path) for path in differing]
            # What was judged of a commit itself lies in no scope of the disk.
            found |= {p for p in places if any(part.enters(p) for part in scopes)}
    return sorted(found)


def look(before: Verdict, scopes: Sequence[Scope], since: float) -> Look | None:
    """The repository that was judged as it is now; None where there is none."""
    repository = around(before.root)
    if repository is None or before.state is None:
        return None
    parts = [part for part in scopes if within(part.folder, before.root)]
    return Look(*again(repository, across(repository.root, parts), before.state, since))


def within(place: str, folder: str) -> bool:
    """Whether an absolute path is a folder or lies in it."""
    return place == folder or place.startswith(folder.rstrip("/") + "/")


def mentioned(known: TreeState) -> frozenset[str]:
    """The paths that git finds not to be as the commit has them, those of submodules included."""
    found = {file.path for file in known.dirty} | {*known.untracked}
    for submodule in known.submodules:
        if submodule.state is not None:
            found |= {f"{submodule.path}/{path}" for path in mentioned(submodule.state)}
    return frozenset(found)


def touched(scopes: Sequence[Scope], looks: Mapping[str, Look], since: float) -> Iterator[str]:
    """The files that enter and whose inode was written to since.

    The change time and not the modification time: a file that was moved here keeps the latter.
    """
    moment = int(since * 1e9)
    for part in scopes:
        around = max((root for root in looks if within(part.folder, root)), key=len, default="")
        try:
            paths = set(entering(part, around, looks.get(around)))
        except GuardError:
            yield part.folder
            continue
        for path in {*paths, *part.steering}:
            if f"{os.sep}.git{os.sep}" in path:
                continue  # git's own notes, which guard writes to as well
            if written(path) > moment:
                yield path


def written(place: str) -> int:
    """When a file was last written to, in nanoseconds since the epoch.

    Of what is not there, a Dockerfile that never was for one: when anything was taken out of the
    folder where it would be.
    """
    while True:
        try:
            return os.lstat(place).st_ctime_ns
        except OSError:
            if place == (place := os.path.dirname(place)):
                return 0


def entering(part: Scope, root: str, seen: Look | None) -> Iterator[str]:
    """The files that enter, without those of which git knows that nobody wrote to them."""
    if seen is None or seen.stirred is None:
        yield from below(part, part.folder)
        return
    known = seen.state
    single = {*seen.stirred, *known.unwatched, *known.untracked}
    for path in (os.path.join(root, path) for path in single):
        if part.enters(path) and os.path.lexists(path):
            yield path
    extras = [extra.path for extra in (*known.ignored, *known.nested)]
    whole = [*extras, *(submodule.path for submodule in known.submodules)]
    for place in dict.fromkeys(os.path.join(root, path) for path in whole):
        if not os.path.isdir(place) or os.path.islink(place):
            if part.enters(place) and os.path.lexists(place):
                yield place
        elif within(part.folder, place):
            yield from below(part, part.folder)
        elif within(place, part.folder) and part.may_hold(place):
            yield from below(part, place)


def below(part: Scope, folder: str) -> Iterator[str]:
    """The files below a folder, which is the context or lies in it, that enter."""
    start = "" if folder == part.folder else os.path.relpath(folder, part.folder) + "/"
    for path in ignore.walk(part.folder, part.rules, start):
        yield os.path.join(part.folder, path)
