"""What the words of a compose command say by themselves: services, files, the project's folder."""

from __future__ import annotations

import os
from collections.abc import Iterator

from guard.docker.builders import dotenv
from guard.docker.context.context import absolute
from guard.docker.line.build import CommandLine

FILES = ("compose.yaml", "compose.yml", "docker-compose.yml", "docker-compose.yaml")
OVERRIDES = (
    "compose.override.yml",
    "compose.override.yaml",
    "docker-compose.override.yml",
    "docker-compose.override.yaml",
)


def services(line: CommandLine) -> tuple[str, ...]:
    """The services that the command names; none stands for all."""
    if line.verb == "run":
        return line.operands[:1]
    if line.verb == "scale":
        return tuple(operand.partition("=")[0] for operand in line.operands)
    return line.operands


def files(line: CommandLine, cwd: str) -> Iterator[str]:
    """Absolute paths of the compose files that the command reads, as far as its words say."""
    given = [f.value for f in line.root if f.name == "file"]
    if not given:
        listed = os.environ.get("COMPOSE_FILE") or dotenv.plain(line, cwd).get("COMPOSE_FILE") or ""
        given = listed.split(os.environ.get("COMPOSE_PATH_SEPARATOR") or os.pathsep)
    if any(given):
        yield from (absolute(path, cwd) for path in given if path not in ("", "-"))
        return
    folder = absolute(line.root_last("project-directory") or ".", cwd)
    while not any(os.path.exists(os.path.join(folder, name)) for name in FILES):
        parent = os.path.dirname(folder)
        if parent == folder:
            return
        folder = parent
    for names in (FILES, OVERRIDES):
        places = [os.path.join(folder, name) for name in names]
        yield from [place for place in places if os.path.exists(place)][:1]


def folder(line: CommandLine, cwd: str) -> list[str]:
    """The flag that names the project's folder, where its `.env` is: the files no longer do."""
    said = line.root_last("project-directory")
    first = next(iter(files(line, cwd)), "")
    place = os.path.join(cwd, said) if said else os.path.dirname(first) or cwd
    return ["--project-directory", os.path.normpath(place)]


def without(line: CommandLine, names: set[str]) -> list[str]:
    """The words before the verb without some of the flags there."""
    gone: set[int] = set()
    for flag in line.root:
        if flag.name in names:
            gone.add(flag.at)
            word = line.words[flag.at]
            if not (flag.value and word.endswith(flag.value) and word != flag.value):
                gone.add(flag.at + 1)
    return [word for index, word in enumerate(line.before()) if index not in gone]
