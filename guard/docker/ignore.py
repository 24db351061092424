"""Which files of a context the engine is sent: docker's ignore rules, for each kind of builder.

The rules are those of Docker's own matcher, which differ from git's: patterns are anchored at the
root of the context, the last one that matches decides, and one that matches a folder covers all
below it. The patterns themselves are matched by `e2b-dockerfile-utils`, a port of that matcher;
what the builders make of them when they walk a folder is here.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Protocol

from guard.docker.build import Frontend
from guard.errors import GuardError

NAMES = {
    Frontend.LEGACY: (".dockerignore",),
    Frontend.BUILDKIT: (".dockerignore",),
    Frontend.BUILDAH: (".containerignore", ".dockerignore"),
}


class Matcher(Protocol):
    """What is asked of the library."""

    @property
    def patterns(self) -> list[str]:
        """The cleaned patterns, `!` before exceptions."""

    def matches(self, path: str) -> bool:
        """Whether the patterns exclude `path`."""


class Ignore:
    """The rules of one ignore file in the hands of one kind of builder."""

    def __init__(
        self, lines: Iterable[str], frontend: Frontend, always: Iterable[str] = ()
    ) -> None:
        """`always` are paths that the builder is sent whatever the rules say."""
        kept = [line for line in lines if line.strip() and not line.startswith("#")]
        self._matcher = _matcher(kept) if kept else None
        patterns = [] if self._matcher is None else self._matcher.patterns
        self._exceptions = [p[1:] + "/" for p in patterns if p.startswith("!")]
        self._literal = frontend is Frontend.LEGACY
        self._always = frozenset(always) if self._literal else frozenset()
        self._closed: dict[str, bool] = {"": False}

    def enters(self, path: str) -> bool:
        """Whether the file at `path`, relative to the context, is sent."""
        if self._matcher is None or path in self._always:
            return True
        return not self._shut(os.path.dirname(path)) and not self._matcher.matches(path)

    def may_hold(self, folder: str) -> bool:
        """Whether anything below `folder` can be sent."""
        return self._matcher is None or not self._shut(folder)

    def _shut(self, folder: str) -> bool:
        """Whether the builder passes over a folder without looking into it.

        It does so where the folder is excluded and no exception can speak of something in it. The
        legacy builder looks for exceptions that begin with the folder's name, letter for letter:
        `!*/keep` opens no folder. BuildKit looks into every folder as soon as there is an
        exception with a wildcard, which comes to the same as asking each file.
        """
        known = self._closed.get(folder)
        if known is None:
            assert self._matcher is not None
            known = self._shut(os.path.dirname(folder)) or (
                self._matcher.matches(folder) and not self._opened(folder)
            )
            self._closed[folder] = known
        return known

    def _opened(self, folder: str) -> bool:
        if not self._literal and any(_wild(pattern) for pattern in self._exceptions):
            return True
        return any(pattern.startswith(folder + "/") for pattern in self._exceptions)


def _wild(pattern: str) -> bool:
    return any(c in pattern for c in "*?[\\")


# Docker hands `\\x` on to Go's regular expressions, where some letters then have a meaning of
# their own; the library takes every one for itself.
GO_ESCAPES = {
    "a": "[\a]",
    "f": "[\f]",
    "n": "[\n]",
    "r": "[\r]",
    "t": "[\t]",
    "v": "[\v]",
    "d": "[0-9]",
    "D": "[^0-9/]",
    "w": "[0-9A-Za-z_]",
    "W": "[^0-9A-Za-z_/]",
    "s": "[\t\n\f\r ]",
    "S": "[^\t\n\f\r /]",
}
ESCAPED = re.compile(r"\\(.)", re.DOTALL)


def _matcher(lines: list[str]) -> Matcher:
    from e2b_dockerfile_utils.dockerignore import PatternMatcher

    return PatternMatcher([ESCAPED.sub(_meant, line) if "\\" in line else line for line in lines])


def _meant(escaped: re.Match[str]) -> str:
    letter = escaped[1]
    if letter in GO_ESCAPES:
        return GO_ESCAPES[letter]
    if letter.isascii() and letter.isalnum():
        raise ValueError(f"\\{letter} means nothing in a pattern")
    return escaped[0]


def ignore_file(folder: str, dockerfile: str | None, frontend: Frontend) -> str | None:
    """The ignore file that applies to a context; None where there is none.

    BuildKit prefers one named after the Dockerfile and beside it, and so do podman and buildah.
    """
    candidates = [os.path.join(folder, name) for name in NAMES[frontend]]
    if dockerfile is not None and frontend is not Frontend.LEGACY:
        own = [dockerfile + os.path.basename(c) for c in candidates]
        candidates = [*own, *candidates]
    return next((c for c in candidates if os.path.lexists(c)), None)


def differs(folder: str, dockerfile: str | None) -> bool:
    """Whether it makes a difference which builder reads the folder."""
    files = [os.path.join(folder, name) for name in NAMES[Frontend.BUILDAH]]
    if dockerfile is not None:
        own = [dockerfile + os.path.basename(file) for file in files]
        if any(os.path.lexists(file) for file in own):
            return True
    for file in files:
        try:
            content = Path(file).read_bytes()
        except OSError:
            continue
        if b"!" in content or file.endswith(".containerignore"):
            return True
    return False


def read(file: str | None, frontend: Frontend, always: Iterable[str] = ()) -> Ignore:
    """The rules in an ignore file; a GuardError where docker, too, could not read it."""
    if file is None:
        return Ignore((), frontend)
    try:
        text = Path(file).read_bytes().decode("utf-8", "surrogateescape")
    except OSError as problem:
        raise GuardError(f"cannot read {file!r}: {problem.strerror}") from None
    try:
        return Ignore(_lines(text), frontend, always)
    except ValueError as problem:
        raise GuardError(
            f"{file}: {problem}", "docker refuses this file, too: mend the pattern"
        ) from None


def _lines(text: str) -> list[str]:
    """The lines as Go's scanner reads them: ended by LF, a CR before it dropped."""
    return [line.removesuffix("\r") for line in text.removeprefix("\ufeff").split("\n")]


def walk(folder: str, ignore: Ignore, below: str = "") -> Iterator[str]:
    """The files and links below `folder` that are sent, relative to it, in no special order."""
    try:
        with os.scandir(os.path.join(folder, below)) as entries:
            found = list(entries)
    except OSError as problem:
        raise GuardError(f"cannot read {problem.filename!r}: {problem.strerror}") from None
    for entry in found:
        path = below + entry.name
        if entry.is_dir(follow_symlinks=False):
            if ignore.may_hold(path):
                yield from walk(folder, ignore, path + "/")
        elif (entry.is_file(follow_symlinks=False) or entry.is_symlink()) and ignore.enters(path):
            yield path


NOTHING = Ignore(["**"], Frontend.LEGACY)
"""Lets no file in."""

EVERYTHING = Ignore((), Frontend.BUILDKIT)
"""Lets every file in."""
