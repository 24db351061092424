"""Takes a build's files from the commit itself, so that nothing done to the tree can enter."""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import BinaryIO

from guard.docker.context import ignore
from guard.docker.context.checkout import Checkout
from guard.docker.context.committed import Entry, check_out, committed, entries, located
from guard.docker.context.scope import around
from guard.docker.line.build import Build, Context, Frontend, Kind
from guard.entries import EXECUTABLE, SYMLINK
from guard.values import dataclass, replace


def write_tar(out: BinaryIO, found: Iterable[Entry], folder: Path, prefix: str, moment: float
              ) -> None:  # fmt: skip
    """Writes checked out entries as a tar, as docker's own client would send them: owned by root.

    Names begin behind `prefix`; `moment` is the time of every file.
    """
    # GNU's format holds names that are not UTF-8 as they are.
    import tarfile

    with tarfile.open(
        fileobj=out, mode="w|", format=tarfile.GNU_FORMAT, encoding="utf-8",
        errors="surrogateescape"
    ) as tar:  # fmt: skip
        for entry in found:
            place = folder / entry.path
            member = tarfile.TarInfo(entry.path.removeprefix(prefix))
            member.mtime = int(moment)
            if entry.file.mode == SYMLINK:
                member.type, member.mode = tarfile.SYMTYPE, 0o777
                member.linkname = os.readlink(place)
                tar.addfile(member)
                continue
            with open(place, "rb") as content:
                member.size = os.fstat(content.fileno()).st_size
                member.mode = 0o755 if entry.file.mode == EXECUTABLE else 0o644
                tar.addfile(member, content)


def moved(build: Build, checkout: Checkout) -> Build:
    """The build with every local path of it led to the commit's own files."""

    def there(context: Context) -> Context:
        if context.kind is not Kind.FOLDER:
            return context
        return replace(context, place=checkout.put(context.place))

    dockerfile = build.dockerfile
    if dockerfile is not None and around(os.path.dirname(dockerfile)) is not None:
        for name in (".dockerignore", ".containerignore"):
            if tracked(dockerfile + name):
                checkout.put(dockerfile + name)
        dockerfile = checkout.put(dockerfile)
    given = build.ignore_file
    return replace(
        build,
        context=there(build.context),
        dockerfile=dockerfile,
        named=tuple(there(context) for context in build.named),
        ignore_file=checkout.put(given) if given is not None else None,
    )


def tracked(place: str) -> bool:
    """Whether the commit has a file of that path."""
    repository, below = located(place)
    return bool(repository.head) and below in repository.tree(repository.head or "", [below])


@dataclass(frozen=True)
class Stream:
    """A context that can be streamed from its commit."""

    found: tuple[Entry, ...]
    """Its files, the Dockerfile first."""

    folder: Path
    """Where they are checked out."""

    prefix: str
    """What their paths begin with, up to the context."""

    dockerfile: str
    """The Dockerfile's path relative to the context."""

    moment: float
    """The time of the commit, in seconds since the epoch."""

    def write(self, out: BinaryIO) -> None:
        """Writes the tar."""
        write_tar(out, self.found, self.folder, self.prefix, self.moment)


def stream(build: Build, frontend: Frontend, checkout: Checkout) -> Stream | None:
    """The stream for a build; None where it needs more than one folder with all that it is told.

    A builder that reads a tar is told of the Dockerfile by a path in it, so there it must be.
    """
    context, dockerfile = build.context, build.dockerfile
    if context.kind is not Kind.FOLDER or dockerfile is None or build.named or build.inline:
        return None
    repository, below = located(context.place)
    head = committed(repository)
    prefix = "" if below == "." else below + "/"
    parent = os.path.realpath(os.path.dirname(dockerfile))
    place = os.path.join(parent, os.path.basename(dockerfile))
    own = prefix + os.path.relpath(place, context.place).replace(os.sep, "/")
    found = {entry.path: entry for entry in entries(repository, head, below)}
    steering = (own, f"{own}.dockerignore", f"{prefix}.dockerignore")
    if own not in found or any(p in found and found[p].file.mode == SYMLINK for p in steering):
        return None
    folder = checkout.folder("stream")
    rules = committed_rules(found, prefix, own.removeprefix(prefix), frontend, folder)
    if not rules.enters(own.removeprefix(prefix)):
        return None  # in a tar it would be a file like any other, and enter
    sent = [e for path, e in found.items() if path != own and rules.enters(path[len(prefix) :])]
    moment = float(repository.git("log", "-1", "--no-show-signature", "--format=%ct", head))
    check_out([found[own], *sent], folder)
    return Stream((found[own], *sent), folder, prefix, own.removeprefix(prefix), moment)


def committed_rules(
    found: Mapping[str, Entry], prefix: str, dockerfile: str, frontend: Frontend, folder: Path
) -> ignore.Ignore:
    """The rules of the ignore file that applies, as the commit has it; it is checked out."""
    names = [f"{prefix}{dockerfile}.dockerignore", f"{prefix}.dockerignore"]
    if frontend.is_legacy:
        del names[0]
    chosen = next((found[name] for name in names if name in found), None)
    if chosen is None:
        return ignore.EVERYTHING
    check_out([chosen], folder)
    return ignore.read(str(folder / chosen.path), frontend, [".dockerignore", dockerfile])
