"""Where a build takes its files from: the contexts of docker, podman and buildah command lines."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator

from guard.docker.line.build import Build, CommandLine, Context, Frontend, Kind, Tool
from guard.errors import GuardError

URL = re.compile(r"https?://")
GIT = re.compile(
    r"(?:git://|github\.com/|ssh://)|https?://[^#?]*\.git(?:[?#]|\Z)|[\w.+-]+@[\w.-]+:(?!//)"
)
OTHER = ("docker-image://", "oci-layout://", "target:")


def builds(line: CommandLine, cwd: str) -> tuple[Build, ...]:
    """What `docker build`, `podman build` or `buildah build` builds.

    A GuardError where the line names no context, or one that does not exist.
    """
    buildah = line.tool in (Tool.PODMAN, Tool.BUILDAH)
    files = line.all("file")
    if not line.operands and not buildah:
        raise GuardError(f"{' '.join(line.words[: line.at])}: no context is given")
    if line.operands:
        context = located(line.operands[0], cwd)
    elif line.tool is Tool.PODMAN and files and files[0] != "-" and not URL.match(files[0]):
        # Without a context podman takes the folder of the first Containerfile, buildah this one.
        context = Context(Kind.FOLDER, os.path.dirname(absolute(files[0], cwd)))
    else:
        context = Context(Kind.FOLDER, os.path.realpath(cwd))
    named = tuple(additional(given, cwd) for given in line.all("build-context"))
    if line.tool is Tool.BUILDX:
        frontend: Frontend | None = Frontend.BUILDKIT
    else:
        frontend = Frontend.BUILDAH if buildah else None
    given = (files or [""]) if buildah else [files[-1] if files else ""]
    return tuple(
        Build(
            context=context,
            dockerfile=dockerfile(file, context, cwd, buildah=buildah),
            named=named,
            target=line.last("target") or "",
            tags=tuple(line.all("tag")),
            frontend=frontend,
            ignore_file=absolute(own, cwd) if (own := line.last("ignorefile")) else None,
        )
        for file in given
    )


def absolute(path: str, cwd: str) -> str:
    """`path` from `cwd`, its links kept."""
    return os.path.normpath(os.path.join(cwd, path))


def located(given: str, cwd: str) -> Context:
    """The context that an operand means; a GuardError where it is nothing known.

    A folder that exists is meant before any URL, as docker does it.
    """
    place = os.path.join(cwd, given)
    if given == "-":
        return Context(Kind.STDIN, "-")
    if os.path.isdir(place):
        return Context(Kind.FOLDER, os.path.realpath(place))
    if GIT.match(given):
        return Context(Kind.GIT, given)
    if URL.match(given):
        return Context(Kind.ELSEWHERE, given)
    raise GuardError(f"there is no folder {given!r} to build from")


def additional(given: str, cwd: str) -> Context:
    """The context that `--build-context NAME=PLACE` means."""
    name, _, place = given.partition("=")
    if place.startswith(OTHER):
        return Context(Kind.ELSEWHERE, place, name)
    found = located(place, cwd)
    return Context(found.kind, found.place, name)


def dockerfile(given: str, context: Context, cwd: str, *, buildah: bool = False) -> str | None:
    """The local Dockerfile that `-f` names, or the one docker looks for; None where none is local.

    Docker reads the path from the current folder, podman and buildah also from the context.
    """
    if given == "-" or URL.match(given) or context.kind is Kind.STDIN:
        return None
    if context.kind is not Kind.FOLDER:
        return None
    if not given:
        return next(_existing(context.place, buildah), os.path.join(context.place, "Dockerfile"))
    place = absolute(given, cwd)
    if buildah and not os.path.lexists(place):
        place = absolute(given, context.place)
    return place


def _existing(folder: str, buildah: bool) -> Iterator[str]:
    names = ("Containerfile", "Dockerfile") if buildah else ("Dockerfile", "dockerfile")
    for name in names:
        place = os.path.join(folder, name)
        if os.path.lexists(place):
            yield place
