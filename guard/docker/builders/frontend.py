"""Who reads the context of a plain `docker build`: the legacy builder or BuildKit."""

from __future__ import annotations

import os
import re
import stat
from collections.abc import Iterator
from typing import Any

from guard.docker.builders import ask, dotenv
from guard.docker.line.build import CommandLine, Frontend, Tool, truthy

PLUGINS = (
    "/usr/local/lib/docker/cli-plugins",
    "/usr/local/libexec/docker/cli-plugins",
    "/usr/lib/docker/cli-plugins",
    "/usr/libexec/docker/cli-plugins",
)
SOCKET = "/var/run/docker.sock"


def frontend(line: CommandLine, cwd: str) -> Frontend:
    """Which builder the command will use.

    `DOCKER_BUILDKIT` decides where it is set. From version 23 on the client takes BuildKit where
    it has buildx, else the legacy builder; an older one takes what the engine prefers.
    """
    if line.tool in (Tool.PODMAN, Tool.BUILDAH):
        return Frontend.BUILDAH
    if line.tool is Tool.BUILDX:
        return Frontend.BUILDKIT
    said = os.environ.get("DOCKER_BUILDKIT")
    old = line.tool is not Tool.COMPOSE and version(cwd) < 23
    if said and not truthy(said):
        return Frontend.LEGACY_20 if old else Frontend.LEGACY
    if said or line.tool is Tool.COMPOSE:
        return Frontend.BUILDKIT_20 if old else Frontend.BUILDKIT
    folder = line.root_last("config") or os.environ.get("DOCKER_CONFIG") or "~/.docker"
    config = configuration(os.path.join(cwd, os.path.expanduser(folder)))
    if (config.get("aliases") or {}).get("builder"):
        return Frontend.BUILDKIT
    if not old:
        return Frontend.BUILDKIT if any(plugins(folder, config)) else Frontend.LEGACY
    return preferred(os.environ.get("DOCKER_HOST", ""))


def of_compose(line: CommandLine, cwd: str) -> Frontend | None:
    """Who reads the contexts for compose; None where that is docker, which version 1 calls."""
    if line.tool is Tool.COMPOSE_V1:
        return Frontend.DOCKER_PY if by_itself(line, cwd) else None
    native = truthy(os.environ.get("DOCKER_BUILDKIT") or "1")
    return Frontend.BUILDKIT if native else Frontend.LEGACY


NATIVE = "COMPOSE_DOCKER_CLI_BUILD"
"""Has docker-compose 1 call docker for a build: the default of `build` and `up`, not of `run`."""


def by_itself(line: CommandLine, cwd: str) -> bool:
    """Whether docker-compose 1 sends the context to the engine itself, and calls no docker."""
    if line.verb in ("create", "scale"):
        return True
    said = os.environ.get(NATIVE, dotenv.plain(line, cwd).get(NATIVE, ""))
    return said.lower() in ("0", "false") if said else line.verb == "run"


def configuration(folder: str) -> dict[str, Any]:
    """The client's config.json; empty where there is none or it cannot be read."""
    import json

    try:
        with open(os.path.join(folder, "config.json"), "rb") as file:
            found = json.load(file)
    except (OSError, ValueError):
        return {}
    return found if isinstance(found, dict) else {}


def plugins(folder: str, config: dict[str, Any]) -> Iterator[str]:
    """Where the client would find buildx."""
    own = os.path.join(os.path.expanduser(folder), "cli-plugins")
    for place in (*(config.get("cliPluginsExtraDirs") or ()), own, *PLUGINS):
        candidate = os.path.join(str(place), "docker-buildx")
        if os.access(candidate, os.X_OK):
            yield candidate


def version(cwd: str) -> int:
    """The client's major version; a new one where it does not say."""
    said = os.fsdecode(ask.answer(["docker", "--version"], cwd).stdout)
    found = re.search(r"version (\d+)\.", said)
    return int(found[1]) if found else 99


def preferred(host: str) -> Frontend:
    """What the engine behind a local socket prefers, which it says in a header of its ping."""
    import socket

    place = host.removeprefix("unix://") or SOCKET
    try:
        if not stat.S_ISSOCK(os.stat(place).st_mode):
            return Frontend.LEGACY_20
        with socket.socket(socket.AF_UNIX) as client:
            client.settimeout(5)
            client.connect(place)
            client.sendall(b"GET /_ping HTTP/1.0\r\nHost: docker\r\n\r\n")
            said = client.recv(4096).lower()
    except OSError:
        return Frontend.LEGACY_20
    return Frontend.BUILDKIT_20 if b"builder-version: 2" in said else Frontend.LEGACY_20
