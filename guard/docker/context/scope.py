"""What one context lets into an image, and how git is asked about it."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator, Sequence

from guard.docker import standing
from guard.docker.context import ignore
from guard.docker.line.build import Frontend
from guard.errors import GitError
from guard.git import Repository, lies_in_none
from guard.state import scope as state
from guard.values import dataclass


@dataclass(frozen=True)
class Scope:
    """What one context lets into an image."""

    folder: str
    """The context: an absolute path without links."""

    rules: ignore.Ignore
    """What the ignore file keeps out."""

    steering: frozenset[str]
    """Absolute paths that decide what is built: the Dockerfile, the ignore file."""

    @property
    def key(self) -> str:
        """What tells this scope from others."""
        return repr((self.folder, self.rules.key, sorted(self.steering)))

    def enters(self, place: str) -> bool:
        """Whether the file at an absolute path is sent, or decides what is built."""
        if place in self.steering:
            return True
        below = self._below(place)
        return below is not None and self.rules.enters(below)

    def entering(self, root: str, paths: Iterable[str]) -> list[str]:
        """Those of the files at paths below an absolute folder that `enters` says yes to."""
        above = root.rstrip("/") + "/"
        if self.folder != root and not self.folder.startswith(above):
            return [path for path in paths if self.enters(above + path)]
        prefix = "" if self.folder == root else self.folder.removeprefix(above) + "/"
        inside = [path[len(prefix) :] for path in paths if path.startswith(prefix)]
        found = dict.fromkeys(prefix + path for path in self.rules.entering(inside))
        steering = {place.removeprefix(above) for place in self.steering}
        return [*found, *(path for path in paths if path in steering and path not in found)]

    def may_hold(self, place: str) -> bool:
        """Whether anything in the folder at an absolute path can be sent."""
        below = self._below(place)
        return below is not None and self.rules.may_hold(below)

    def _below(self, place: str) -> str | None:
        prefix = self.folder.rstrip("/") + "/"
        return place[len(prefix) :] if place.startswith(prefix) else None


def scope(
    folder: str,
    dockerfile: str | None,
    given: str | None,
    kind: Callable[[], Frontend],
    known: Frontend | None = None,
) -> Scope:
    """What one folder lets in, by the ignore file that applies to it.

    `kind` is asked who reads the folder where that is not known and makes a difference.
    """
    frontend = known or (kind() if ignore.differs(folder, dockerfile) else Frontend.BUILDKIT)
    file = given or ignore.ignore_file(folder, dockerfile, frontend)
    inside = [".dockerignore"]
    if dockerfile is not None:
        inside.append(os.path.relpath(dockerfile, folder))
    steering = [place for place in (dockerfile, file) if place is not None]
    return Scope(folder, ignore.read(file, frontend, inside), resolved(steering))


def steered(places: Iterable[str]) -> Iterator[Scope]:
    """Files that decide what is built and lie in no context, one by one."""
    for place in places:
        folder = os.path.realpath(os.path.dirname(place))
        yield Scope(folder, ignore.NOTHING, resolved([place]))


def resolved(places: Iterable[str]) -> frozenset[str]:
    """The paths as git knows them: no links before the last part; and what a link leads to."""
    named = [os.path.join(os.path.realpath(os.path.dirname(p)), os.path.basename(p))
             for p in places]  # fmt: skip
    return frozenset(named) | {os.path.realpath(p) for p in named if os.path.islink(p)}


def around(folder: str) -> Repository | None:
    """The repository that a folder lies in; None where it lies in none."""
    return standing.once(("around", folder), lambda: found(folder))


def found(folder: str) -> Repository | None:
    """The same, asked anew."""
    try:
        return Repository.find(folder)
    except GitError as problem:
        if lies_in_none(problem):
            return None
        raise


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
