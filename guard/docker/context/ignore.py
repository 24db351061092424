"""Which files of a context the engine is sent, by its ignore file and by who reads the folder."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator

from guard.docker.context import dockerpy
from guard.docker.context.patterns import MARK, MEND, Matcher, OldMatcher, Pattern, clean, pattern
from guard.docker.line.build import Frontend
from guard.errors import GuardError
from guard.folders import above

OLD = (Frontend.LEGACY_20, Frontend.BUILDKIT_20, Frontend.BUILDAH, Frontend.DOCKER_PY)
"""Who follows the older rules."""


class Ignore:
    """The rules of one ignore file in the hands of one kind of builder."""

    def __init__(
        self, lines: Iterable[str], frontend: Frontend, always: Iterable[str] = ()
    ) -> None:
        """`always` are paths that a builder before BuildKit is sent whatever the rules say.

        A ValueError where a line is no pattern.
        """
        if frontend is Frontend.DOCKER_PY:
            found = list(dockerpy.patterns(lines, always))
        else:
            found = list(_patterns(lines, frontend))
        kind = OldMatcher if frontend in OLD else Matcher
        self._matcher = kind(found) if found else None
        self.key = repr((frontend, [(p.text, p.exception) for p in found]))
        """What tells these rules from others."""
        self._exceptions = [p.text for p in found if p.exception]
        self._frontend = frontend
        self._always = frozenset(always) if frontend.is_legacy else frozenset()
        self._closed: dict[str, bool] = {"": False}

    def enters(self, path: str) -> bool:
        """Whether the file at `path`, relative to the context, is sent."""
        if self._matcher is None or path in self._always:
            return True
        return not self._shut(path.rpartition("/")[0]) and not self._matcher.excludes(path)

    def entering(self, paths: Iterable[str]) -> list[str]:
        """Those of the paths that are sent; quick where those of one folder stand together."""
        if self._matcher is None:
            return list(paths)
        excludes, always = self._matcher.excludes, self._always
        found, here, open_here = [], None, True
        for path in paths:
            folder = path.rpartition("/")[0]
            if folder != here:
                here, open_here = folder, not self._shut(folder)
            if (open_here and not excludes(path)) or path in always:
                found.append(path)
        return found

    def may_hold(self, folder: str) -> bool:
        """Whether anything below `folder` can be sent."""
        return self._matcher is None or not self._shut(folder)

    def _shut(self, folder: str) -> bool:
        """Whether the builder passes over a folder without looking into it.

        It does so where the folder is excluded and no exception can speak of something in it. All
        but BuildKit look for exceptions that begin with the folder's name, letter for letter:
        `!*/keep` opens no folder. BuildKit looks into every folder as soon as there is an
        exception with a wildcard, which comes to the same as asking each file.
        """
        known = self._closed.get(folder)
        if known is None:
            assert self._matcher is not None
            known = self._shut(os.path.dirname(folder)) or (
                self._matcher.excludes_folder(folder) and not self._opened(folder)
            )
            self._closed[folder] = known
        return known

    def _opened(self, folder: str) -> bool:
        if self._frontend is Frontend.BUILDKIT and any(_wild(text) for text in self._exceptions):
            return True
        end = "" if self._frontend in (Frontend.BUILDAH, Frontend.DOCKER_PY) else "/"
        return any(f"{text}/".startswith(folder + end) for text in self._exceptions)


def _wild(text: str) -> bool:
    return any(c in text for c in "*?[\\")


def _patterns(lines: Iterable[str], frontend: Frontend) -> Iterator[Pattern]:
    """The patterns of an ignore file: comments and empty lines dropped, paths cleaned."""
    for line in lines:
        if line.startswith("#"):
            continue
        if frontend is Frontend.BUILDAH:
            # It cuts slashes before blanks, and none behind an exclamation mark.
            text = line.strip("/").strip(BLANKS)
        else:
            text = line.strip(BLANKS)
            mark = "!" if text.startswith("!") else ""
            text = text.removeprefix("!").strip(BLANKS) if mark else text
            if text:
                text = clean(text)
                text = text[1:] if len(text) > 1 and text.startswith("/") else text
            text = mark + text
        # What stood before a slash at the end may be blank.
        text = text.strip(BLANKS)
        if text:
            yield pattern(clean(text), before_23=frontend in OLD)


BLANKS = " \t\n\v\f\r\x85\xa0\u1680\u2028\u2029\u202f\u205f\u3000" + "".join(
    map(chr, range(0x2000, 0x200B))
)
"""What Go's strings.TrimSpace takes away."""


def names(frontend: Frontend) -> tuple[str, ...]:
    """The names of ignore files, the preferred one first."""
    own = (".containerignore",) if frontend is Frontend.BUILDAH else ()
    return (*own, ".dockerignore")


def ignore_file(folder: str, dockerfile: str | None, frontend: Frontend) -> str | None:
    """The ignore file that applies to a context; None where there is none.

    BuildKit prefers one named after the Dockerfile and beside it, and so do podman and buildah.
    """
    places = [(folder, name) for name in names(frontend)]
    if dockerfile is not None and not frontend.is_legacy:
        at, own = os.path.split(dockerfile)
        places = [*((at, own + name) for name in names(frontend)), *places]
    if frontend not in (Frontend.BUILDKIT, Frontend.BUILDKIT_20):
        return next((c for p in places if os.path.exists(c := os.path.join(*p))), None)
    return next((c for p in places if os.path.isfile(c := rooted(*p))), None)


def rooted(folder: str, name: str) -> str:
    """The file that BuildKit finds by a name in a folder.

    It is sent the folder alone, so that a link which leads out of it ends at its root.
    """
    given = os.path.join(folder, name)
    if not os.path.islink(given):
        return given
    todo, here, links = [name], list[str](), 0
    while todo:
        part = todo.pop(0)
        place = os.path.join(folder, *here, part)
        if part == "..":
            del here[-1:]
        elif os.path.islink(place) and links < MOST_LINKS:
            links += 1
            target = os.readlink(place)
            here = [] if target.startswith("/") else here
            todo = target.split("/") + todo
        elif part not in ("", "."):
            here.append(part)
    found = os.path.join(folder, *here)
    return given if os.path.realpath(given) == os.path.realpath(found) else found


MOST_LINKS = 40
"""So many links in a row are followed."""


def differs(folder: str, dockerfile: str | None) -> bool:
    """Whether it makes a difference which builder reads the folder."""
    files = [os.path.join(folder, name) for name in names(Frontend.BUILDAH)]
    if dockerfile is not None:
        own = [dockerfile + os.path.basename(file) for file in files]
        if any(os.path.lexists(file) for file in own):
            return True
    for file in files:
        if os.path.islink(file) or os.path.isdir(file):
            return True
        try:
            with open(file, "rb") as lines:
                content = lines.read()
        except OSError:
            continue
        # Exceptions open folders differently; the others are special before version 23 only.
        if set(content) & set(b"!+()") or file.endswith(".containerignore"):
            return True
    return False


def read(file: str | None, frontend: Frontend, always: Iterable[str] = ()) -> Ignore:
    """The rules in an ignore file; a GuardError where docker, too, could not read it."""
    if file is None:
        return Ignore((), frontend)
    try:
        with open(file, "rb") as content:
            text = content.read().decode("utf-8", "surrogateescape")
    except OSError as problem:
        raise GuardError(f"cannot read {file!r}: {problem.strerror}") from None
    try:
        return Ignore(_lines(text, frontend), frontend, always)
    except ValueError as problem:
        raise GuardError(f"{file}: {problem}", MEND) from None


def _lines(text: str, frontend: Frontend) -> list[str]:
    """The lines as Go's scanner reads them: ended by LF, a CR before it dropped.

    Docker drops a byte order mark at the start; it is a letter to podman, buildah and docker-py.
    """
    if frontend is Frontend.DOCKER_PY:
        return dockerpy.lines(text)
    text = text if frontend is Frontend.BUILDAH else text.removeprefix(MARK)
    return [line.removesuffix("\r") for line in text.split("\n")]


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


class Only(Ignore):
    """Lets in the files named and no others."""

    def __init__(self, paths: Iterable[str]) -> None:
        self._paths = frozenset(paths)
        self._folders = {folder for path in self._paths for folder in above(path)}
        self.key = repr(sorted(self._paths))

    def enters(self, path: str) -> bool:
        """Whether the file is one of them."""
        return path in self._paths

    def entering(self, paths: Iterable[str]) -> list[str]:
        """Those of the paths that are."""
        return [path for path in paths if path in self._paths]

    def may_hold(self, folder: str) -> bool:
        """Whether one of them lies below `folder`."""
        return folder in self._folders


NOTHING = Ignore(["**"], Frontend.LEGACY)
"""Lets no file in."""

EVERYTHING = Ignore((), Frontend.BUILDKIT)
"""Lets every file in."""
