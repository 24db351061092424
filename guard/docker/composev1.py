"""docker-compose 1 in front of an engine that no longer says what it needs to recreate a container.

docker-compose 1 reads `ContainerConfig` of an image when it recreates a container. The engine's API
dropped that field in version 1.45 (engine 26). By the time it dies with `KeyError:
'ContainerConfig'` it has stopped the old container and renamed it to `<id>_name`.
"""

from __future__ import annotations

import os
import re
import shlex
import subprocess
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from guard.docker.age import labels
from guard.docker.front.engine import Engine, Json, version
from guard.docker.front.real import PASSED
from guard.docker.line.build import CommandLine
from guard.values import dataclass

DROPPED = (1, 45)
"""The first version of the API whose images have no ContainerConfig."""

STOPGAP = "COMPOSE_API_VERSION"
"""The variable that makes docker-compose 1 speak an older API; `.env` may set it too."""

PROJECT = "com.docker.compose.project"
SERVICE = "com.docker.compose.service"
HASH = "com.docker.compose.config-hash"
MADE_BY = "com.docker.compose.version"
ONE_OFF = "com.docker.compose.oneoff"


@dataclass(frozen=True, slots=True)
class Stranded:
    """A container that docker-compose 1 stopped and renamed, and then died."""

    container: str
    """Its name now: `<id>_name`."""

    name: str
    """Its name before."""

    project: str
    """The compose project."""

    folder: str
    """Where the project was started; empty where the container does not say."""

    volumes: tuple[str, ...]
    """Names of its anonymous volumes: what removing it by force leaves without an owner."""

    replaced: bool
    """Whether another container has its name by now."""


def dies(api: tuple[int, ...], spoken: str | None) -> bool:
    """Whether docker-compose 1 cannot recreate a container of an engine with this API.

    `spoken` is the value of COMPOSE_API_VERSION; without one it speaks the engine's newest.
    """
    if spoken and re.fullmatch(r"\d+(\.\d+)*", spoken):
        return version(spoken) >= DROPPED
    return api >= DROPPED


def may_recreate(line: CommandLine) -> bool:
    """Whether a command line of docker-compose 1 is one that recreates containers.

    Only `up` and `create` do. `--no-recreate` forbids it, and `--renew-anon-volumes` makes it leave
    the old container alone. `run`, `scale`, `start` and `restart` never recreate.
    """
    if line.verb not in ("up", "create"):
        return False
    return not (line.on("no-recreate") or line.on("renew-anon-volumes"))


def spoken(line: CommandLine, cwd: str, env: Mapping[str, str] = os.environ) -> str | None:
    """COMPOSE_API_VERSION as docker-compose 1 sees it: the environment, else the `.env` file."""
    if STOPGAP in env:
        return env[STOPGAP]
    given = {flag.name: flag.value for flag in line.root}
    folder = given.get("project-directory") or (
        os.path.dirname(given["file"]) if given.get("file", "-") != "-" else ""
    )
    file = given.get("env-file") or os.path.join(folder, ".env")
    try:
        text = Path(cwd, file).read_text(errors="replace")
    except OSError:
        return None
    found = re.findall(rf"(?m)^\s*(?:export\s+)?{STOPGAP}\s*=\s*[\"']?([\d.]+)", text)
    return found[-1] if found else None


def threatened(line: CommandLine, compose: Sequence[str], engine: Engine) -> list[str]:
    """Names of the containers that the command would try to recreate, and strand.

    `compose` is docker-compose 1 with the root flags of the command. Empty where the project has no
    containers yet, or all are as the compose file wants them: nothing is recreated, so the command
    is sound. Empty, too, where docker-compose cannot read its files, which it will say itself.
    """
    chosen = line.operands if line.on("no-deps") else ()
    ids = said(compose, "ps", "--all", "--quiet", *chosen).split()
    standing = [c for c in engine.inspect("container", ids) if labels(c).get(ONE_OFF) != "True"]
    if not standing:
        return []
    if line.on("force-recreate") or line.on("always-recreate-deps") or line.on("build"):
        return sorted(name(c) for c in standing)
    pairs = [text.split() for text in said(compose, "config", "--hash", "*").splitlines()]
    # It compares just these with what it wrote on each container.
    fresh = {pair[0]: pair[1] for pair in pairs if len(pair) == 2}
    changed = [c for c in standing if fresh.get(labels(c).get(SERVICE, "")) != labels(c).get(HASH)]
    if {*fresh} - {labels(c).get(SERVICE, "") for c in standing}:
        # A dependency that is new has it recreate the stopped containers that need it.
        changed += [c for c in standing if not c["State"].get("Running") and c not in changed]
    return sorted(name(c) for c in changed)


def said(compose: Sequence[str], *args: str) -> str:
    """What docker-compose prints; empty where it fails."""
    done = subprocess.run(
        [*compose, *args], env={**os.environ, PASSED: "1"}, stdin=subprocess.DEVNULL,
        capture_output=True
    )  # fmt: skip
    return done.stdout.decode(errors="replace") if done.returncode == 0 else ""


def name(described: Json) -> str:
    """The name of a container."""
    return str(described["Name"]).removeprefix("/")


def refusal(containers: Sequence[str], api: tuple[int, ...], words: Sequence[str]) -> Iterator[str]:
    """Why the command is refused, and what to run instead."""
    speaks = ".".join(str(part) for part in api)
    listed = ", ".join(containers[:10]) + (" …" if len(containers) > 10 else "")
    typed = shlex.join(words[1:])
    yield f"error: docker-compose 1 cannot recreate {listed} on this engine"
    yield "  docker-compose 1 reads 'ContainerConfig' of the image when it recreates a container."
    yield f"  The engine's API dropped that in 1.45 and is at {speaks}: docker-compose would die of"
    yield "  KeyError: 'ContainerConfig', with the old container stopped and renamed."
    yield "  Nothing is corrupt, and nothing need be removed: removing containers loses their data."
    yield "to go on, with compose 2, which keeps the data:"
    yield f"    docker compose {typed}"
    yield "or, as a stopgap, with an older API:"
    yield f"    COMPOSE_API_VERSION=1.44 docker-compose {typed}"


def stranded(engine: Engine, project: str | None = None) -> list[Stranded]:
    """The containers that docker-compose 1 has left stopped and renamed, by name."""
    wanted = f"label={PROJECT}" + (f"={project}" if project else "")
    described = engine.containers(wanted)
    names = {name(c) for c in described}
    found = []
    for c in described:
        own, prefix = labels(c), c["Id"][:12] + "_"
        if not name(c).startswith(prefix) or c["State"].get("Running"):
            continue
        if not own.get(MADE_BY, "").startswith("1."):
            continue
        before = name(c).removeprefix(prefix)
        mounts = [m for m in c.get("Mounts") or [] if m.get("Type") == "volume"]
        found.append(
            Stranded(
                container=name(c),
                name=before,
                project=own.get(PROJECT, ""),
                folder=own.get("com.docker.compose.project.working_dir", ""),
                volumes=tuple(m["Name"] for m in mounts if re.fullmatch("[0-9a-f]{64}", m["Name"])),
                replaced=before in names,
            )
        )
    return sorted(found, key=lambda s: (s.project, s.container))


def mend(found: Sequence[Stranded]) -> Iterator[str]:
    """What stands there, and the commands that bring it back with its data."""
    for one in found:
        yield (
            f"{one.container} of the project {one.project} was stopped and renamed by "
            "docker-compose 1, which then died (KeyError: 'ContainerConfig')"
        )
        held = len(one.volumes)
        if held:
            what = "an anonymous volume" if held == 1 else f"{held} anonymous volumes"
            yield f"  it holds {what} with data: do not run rm, down or docker rm -f"
    again = [one for one in found if not one.replaced]
    if again:
        yield "  to bring it back as it was, with its data:"
        for one in again:
            yield f"    docker rename {one.container} {one.name}"
            yield f"    docker start {one.name}"
    for one in found:
        if one.replaced:
            yield f"  {one.name} exists already; the data of the old one can be taken over with"
            yield f"    docker run --rm --volumes-from {one.container} …"
    for project, folder in sorted({(one.project, one.folder) for one in found}):
        place = f"cd {shlex.quote(folder)} && " if folder else ""
        yield "  then, to apply the change, with compose 2, which keeps the data:"
        yield f"    {place}docker compose -p {shlex.quote(project)} up -d"
        yield "  or, as a stopgap, with docker-compose 1 and an older API:"
        yield f"    {place}COMPOSE_API_VERSION=1.44 docker-compose -p {shlex.quote(project)} up -d"
