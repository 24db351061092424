"""After a build: whether anything that entered was changed while it ran."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence

from guard.docker import ignore
from guard.docker.gate import Scope, Verdict, across, around
from guard.errors import GuardError
from guard.treestate import TreeState


def changed(scopes: Sequence[Scope], before: Sequence[Verdict], since: float) -> list[str]:
    """Absolute paths of the files that were not the same all the time since `since`, sorted.

    The state of each repository is asked again, which finds what is new, gone or different; and the
    inode of each file that enters says whether it was touched meanwhile, which also finds what was
    changed and changed back. `since` is in seconds since the epoch, from before the first look.
    """
    return sorted({*differing(scopes, before), *touched(scopes, since)})


def differing(scopes: Sequence[Scope], before: Sequence[Verdict]) -> Iterator[str]:
    """What is another way off its commit than it was when it was judged."""
    from guard import state

    for verdict in before:
        repository = around(verdict.root)
        if repository is None or verdict.state is None:
            continue
        below = (verdict.root, verdict.root.rstrip("/") + "/")
        parts = [s for s in scopes if s.folder == below[0] or s.folder.startswith(below[1])]
        now = state.of(repository, across(repository.root, parts), live=None)
        for path in mentioned(now) ^ mentioned(verdict.state):
            yield os.path.join(verdict.root, path)


def mentioned(known: TreeState) -> frozenset[str]:
    """The paths that git finds not to be as the commit has them, those of submodules included."""
    found = {file.path for file in known.dirty} | {*known.untracked}
    for submodule in known.submodules:
        if submodule.state is not None:
            found |= {f"{submodule.path}/{path}" for path in mentioned(submodule.state)}
    return frozenset(found)


def touched(scopes: Sequence[Scope], since: float) -> Iterator[str]:
    """The files that enter and whose inode was written to since.

    The change time and not the modification time: a file that was moved here keeps the latter.
    """
    moment = int(since * 1e9)
    for part in scopes:
        try:
            paths = {os.path.join(part.folder, p) for p in ignore.walk(part.folder, part.rules)}
        except GuardError:
            yield part.folder
            continue
        for path in {*paths, *part.steering}:
            if f"{os.sep}.git{os.sep}" in path:
                continue  # git's own notes, which guard writes to as well
            try:
                if os.lstat(path).st_ctime_ns > moment:
                    yield path
            except OSError:
                yield path
