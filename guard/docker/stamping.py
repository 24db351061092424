"""Which labels each image of a command gets: its commit's, without what the user sets himself."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from functools import partial

from guard.docker.context.scope import around
from guard.docker.labels import Dirt, declared, stamp
from guard.docker.line.build import Build, CommandLine, Context, Kind
from guard.git import Repository

ENOUGH = 1 << 20
"""So many bytes of a Dockerfile are looked at; nobody writes a longer one."""


def labels(build: Build, line: CommandLine, cwd: str, dirt: Mapping[str, Dirt]) -> dict[str, str]:
    """The labels that guard gives to one image; none where its files are not of a repository here.

    `dirt` says by the root of a repository what of it was let through.
    """
    repository = origin(build.context, cwd)
    if repository is None:
        return {}
    fresh = line.on("no-cache") or line.on("pull") or line.last("pull") == "always"
    made = stamp(repository, dirt.get(repository.root), fresh=fresh).labels()
    given = {text.partition("=")[0] for text in line.all("label")}
    own = given | build.labels | declared(dockerfile(build, line))
    return {key: value for key, value in made.items() if key not in own}


def origin(context: Context, cwd: str) -> Repository | None:
    """The repository that a context's files are of; None for what is somebody else's.

    A tar on stdin and a git URL that were let through hold what the commit here holds.
    """
    if context.kind is Kind.FOLDER:
        return around(context.place)
    if context.kind is Kind.STDIN:
        return around(cwd)
    if context.kind is Kind.GIT:
        from guard.docker.context import remote

        repository = around(cwd)
        here = repository is not None and remote.is_here(context.place, repository)
        return repository if here else None
    return None


def dockerfile(build: Build, line: CommandLine) -> str:
    """The text of the Dockerfile, wherever it is; empty where it cannot be read here."""
    try:
        if build.dockerfile is not None:
            with open(build.dockerfile, "rb") as file:
                return file.read(ENOUGH).decode(errors="replace")
        if build.context.kind is Kind.STDIN:
            return in_tar(line.last("file") or "Dockerfile")
        if "-" in line.all("file"):
            return os.pread(0, ENOUGH, 0).decode(errors="replace")
    except OSError:
        pass  # docker will say so
    return ""


def in_tar(name: str) -> str:
    """The text of a file in the tar on stdin, which is left where it is; or stdin, if no tar."""
    import tarfile

    with os.fdopen(os.dup(0), "rb") as copy:
        try:
            with tarfile.open(fileobj=copy, mode="r:*") as tar:
                for member in tar:
                    if os.path.normpath(member.name) == os.path.normpath(name) and member.isfile():
                        file = tar.extractfile(member)
                        return file.read(ENOUGH).decode(errors="replace") if file else ""
        except tarfile.ReadError:
            return os.pread(0, ENOUGH, 0).decode(errors="replace")
        finally:
            os.lseek(0, 0, os.SEEK_SET)
    return ""


def common(builds: Sequence[Build], line: CommandLine, cwd: str, dirt: Mapping[str, Dirt]
           ) -> dict[str, str]:  # fmt: skip
    """The labels that all images of a command that takes but one set of them can have."""
    every = [*map(partial(labels, line=line, cwd=cwd, dirt=dirt), builds)]
    if not every:
        return {}
    return {k: v for k, v in every[0].items() if all(other.get(k) == v for other in every)}
