"""What a bake command builds: buildx itself resolves the bake files."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from typing import Any

from guard.docker.builders import ask
from guard.docker.context.context import OTHER, located
from guard.docker.labels import own_labels
from guard.docker.line.build import Build, CommandLine, Context, Frontend, Kind

LOCAL = "cwd://"
"""Marks a local path in a definition that itself is remote."""


DEFAULTS = (
    "compose.yaml compose.yml docker-compose.yml docker-compose.yaml docker-bake.json "
    "docker-bake.hcl docker-bake.override.json docker-bake.override.hcl"
).split()
"""The files that bake reads where none is named: all of those that are there."""


def builds(line: CommandLine, cwd: str, stdin: bytes | None = None) -> tuple[Build, ...]:
    """The images of a bake command; `stdin` is the bake file where one is read from there.

    A GuardError in buildx's own words where it cannot read its files.
    """
    words = [*line.words[: line.at], "--print", *line.words[line.at :]]
    found = ask.described(words, cwd, stdin)
    remote = next((o for o in line.operands if "://" in o or o.startswith("git@")), None)
    targets = found.get("target") or {}
    inline = any(target.get("dockerfile-inline") for target in targets.values())
    read = tuple(files(line, cwd, remote)) if inline else ()
    return tuple(one(name, target, cwd, remote, read) for name, target in targets.items())


def files(line: CommandLine, cwd: str, remote: str | None) -> Iterator[str]:
    """Absolute paths of the local bake files that the command reads."""
    given = line.all("file")
    named = os.environ.get(NAMED)
    if not given and named and heeded(line, cwd):
        given = named.split(os.environ.get("BUILDX_BAKE_PATH_SEPARATOR") or os.pathsep)
    for name in given or ([] if remote else DEFAULTS):
        if remote is None or name.startswith(LOCAL):
            place = os.path.normpath(os.path.join(cwd, name.removeprefix(LOCAL)))
            if os.path.isfile(place):
                yield place


NAMED = "BUILDX_BAKE_FILE"


def heeded(line: CommandLine, cwd: str) -> bool:
    """Whether this buildx goes by the variable that names bake files, which older ones do not.

    It is told of a file that is not there, and fails only if it looks.
    """
    words = [*line.words[: line.at], "--print", *line.words[line.at :]]
    return ask.answer(words, cwd, env={NAMED: os.path.join(os.devnull, "none")}).returncode != 0


def one(
    name: str, target: Mapping[str, Any], cwd: str, remote: str | None, read: tuple[str, ...]
) -> Build:
    """The build of one target; `read` are the local files that hold what is written inline."""
    context = placed(str(target.get("context") or "."), "", cwd, remote)
    inline = bool(target.get("dockerfile-inline"))
    given = str(target.get("dockerfile") or "Dockerfile")
    dockerfile = None
    if given.startswith(LOCAL):
        dockerfile = os.path.normpath(os.path.join(cwd, given.removeprefix(LOCAL)))
    elif context.kind is Kind.FOLDER and not inline:
        dockerfile = os.path.normpath(os.path.join(context.place, given))
    return Build(
        context=context,
        dockerfile=dockerfile,
        named=tuple(
            placed(str(place), key, cwd, remote)
            for key, place in (target.get("contexts") or {}).items()
            if not str(place).startswith("service:")
        ),
        name=name,
        target=str(target.get("target") or ""),
        tags=tuple(target.get("tags") or ()),
        frontend=Frontend.BUILDKIT,
        inline=inline,
        sources=read,
        labels=own_labels(target.get("labels"), target.get("dockerfile-inline")),
    )


def placed(place: str, name: str, cwd: str, remote: str | None) -> Context:
    """The context that a target names; in a remote definition, paths are paths over there."""
    if place.startswith(OTHER):
        return Context(Kind.ELSEWHERE, place, name)
    if place.startswith(LOCAL):
        place = place.removeprefix(LOCAL)
    elif remote is not None and "://" not in place:
        return Context(Kind.GIT, remote, name)
    found = located(place, cwd)
    return Context(found.kind, found.place, name)
