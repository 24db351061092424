"""What guard is in front of on this machine, what passes it by, and what compose 1 left broken."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from enum import StrEnum
from pathlib import Path

from guard.docker import composev1
from guard.docker.front.engine import Engine
from guard.docker.front.install import BUILDER, PLUGINS, PROGRAMS, Machine, client, settings
from guard.docker.front.real import is_shim, says_1
from guard.errors import GuardError
from guard.values import dataclass


class State(StrEnum):
    """How something stands."""

    GOOD = "ok"
    NOT = "not"
    """Not intercepted, which may be as it is wanted."""
    BAD = "bad"
    """Broken: it was meant to work and does not, or needs to be mended."""


@dataclass(frozen=True, slots=True)
class Line:
    """One thing the doctor says."""

    state: State
    """How it stands."""

    text: str
    """What it is."""

    help: tuple[str, ...] = ()
    """What to do about it, line by line."""


def examine(machine: Machine, env: Mapping[str, str] = os.environ) -> Iterator[Line]:
    """Everything about interception, then about compose 1."""
    for name in PROGRAMS:
        yield from program(machine, name)
    if next(machine.programs("docker"), None) is not None:
        for name in PLUGINS:
            yield from plugin(machine, name)
        yield from build_by_path(machine, env)
        yield from elsewhere(machine, env)
        yield from compose(machine, env)


def program(machine: Machine, name: str) -> Iterator[Line]:
    """Whether a program is intercepted when it is called by its name."""
    found = list(machine.programs(name))
    real = next((p for p in found if not is_shim(str(p))), None)
    shim = next((p for p in found if is_shim(str(p))), None)
    if real is None and shim is None:
        return
    if real is None:
        yield Line(
            State.BAD, f"{name}: {shim} stands before nothing", ("guard init --docker --undo",)
        )
    elif shim is None:
        yield Line(State.NOT, f"{name}: {real} is not intercepted", ("guard init --docker",))
    elif found.index(shim) > found.index(real):
        yield Line(
            State.BAD,
            f"{name}: {real} comes before guard's {shim} on PATH",
            (f'export PATH="{shim.parent}:$PATH"',),
        )
    else:
        yield Line(State.GOOD, f"{name}: intercepted by {shim}, then {real}")


def plugin(machine: Machine, name: str) -> Iterator[Line]:
    """Whether a plugin is intercepted, however docker is called."""
    found = list(machine.plugins(name))
    called = f"docker {name.removeprefix('docker-')}"
    if not found:
        return
    if not is_shim(str(found[0])):
        yield Line(
            State.NOT,
            f"{called}: {found[0]} is not intercepted where docker is called by its path",
            ("guard init --docker",),
        )
        return
    behind = behind_stand_in(found[0], machine)
    if behind is None:
        yield Line(
            State.BAD,
            f"{called}: guard's {found[0]} stands before no plugin",
            ("guard init --docker --undo",),
        )
    else:
        yield Line(State.GOOD, f"{called}: intercepted by {found[0]}, then {behind}")


def behind_stand_in(place: Path, machine: Machine) -> Path | None:
    """The real plugin that a stand-in hands over to; None where there is none."""
    import re

    written = re.search(r"(?m)^real='(.*)'$", place.read_text(errors="replace"))
    named = [Path(written.group(1).replace("'\\''", "'"))] if written else []
    others = [p for p in machine.plugins(place.name) if not is_shim(str(p))]
    return next((p for p in [*named, *others] if os.access(p, os.X_OK) and p.is_file()), None)


def build_by_path(machine: Machine, env: Mapping[str, str]) -> Iterator[Line]:
    """Whether `/usr/bin/docker build` is intercepted: only the plugin can, never the shim."""
    stand_in = next(machine.plugins("docker-buildx"), None)
    real = next((p for p in machine.programs("docker") if not is_shim(str(p))), None)
    if real is None:
        return
    called = f"{real} build"
    aliases = settings(machine.config).get("aliases") or {}
    for other in sorted({*aliases} - {BUILDER}):
        yield Line(
            State.BAD,
            f"{machine.config}/config.json: the alias {other!r} makes every docker command fail",
            (f"docker knows only the alias {BUILDER!r}: take the other out",),
        )
    alias = aliases.get(BUILDER)
    if stand_in is None or not is_shim(str(stand_in)):
        yield Line(State.NOT, f"{called}: not intercepted where docker is called by its path")
    elif alias not in (None, "buildx"):
        yield Line(State.NOT, f"{called}: not intercepted, config.json leads it to {alias!r}")
    elif env.get("DOCKER_BUILDKIT") in ("0", "false", "False", "FALSE", "f", "F"):
        yield Line(
            State.NOT,
            f"{called}: not intercepted, DOCKER_BUILDKIT={env['DOCKER_BUILDKIT']} keeps it from "
            "the plugin",
            ("unset DOCKER_BUILDKIT",),
        )
    elif alias is None and client(machine) < (23,):
        yield Line(
            State.NOT, f"{called}: not intercepted, docker before 23 builds without a plugin"
        )
    else:
        yield Line(State.GOOD, f"{called}: intercepted by {stand_in}, not with DOCKER_BUILDKIT=0")


def elsewhere(machine: Machine, env: Mapping[str, str]) -> Iterator[Line]:
    """What else passes guard by."""
    usual = machine.home / ".docker"
    if machine.config != usual:
        there = any(is_shim(str(usual / "cli-plugins" / name)) for name in PLUGINS)
        here = any(is_shim(str(machine.config / "cli-plugins" / name)) for name in PLUGINS)
        if there and not here:
            yield Line(
                State.NOT,
                f"DOCKER_CONFIG={machine.config}: guard's plugins lie in {usual}, where docker "
                "does not look now",
                ("guard init --docker",),
            )
    yield Line(
        State.NOT,
        "never intercepted: another DOCKER_CONFIG or `docker --config`, programs called by their "
        "path with DOCKER_BUILDKIT=0, and what talks to the engine without the docker program "
        "(libraries, editors)",
    )


def compose(machine: Machine, env: Mapping[str, str]) -> Iterator[Line]:
    """docker-compose 1 before a new engine, and the projects it left broken."""
    real = next((p for p in machine.programs("docker") if not is_shim(str(p))), None)
    engine = Engine((str(real or "docker"),), env)
    try:
        api = engine.api_version()
        found = composev1.stranded(engine)
    except GuardError as problem:
        yield Line(State.NOT, f"the engine could not be asked: {problem.message}")
        return
    programs = (p for p in machine.programs("docker-compose") if not is_shim(str(p)))
    v1 = next((p for p in programs if says_1(str(p))), None)
    if v1 is not None and composev1.dies(api, env.get(composev1.STOPGAP)):
        speaks = ".".join(map(str, api))
        yield Line(
            State.NOT,
            f"{v1} is docker-compose 1, and the engine's API is {speaks}: it cannot recreate "
            "containers here (KeyError: 'ContainerConfig')",
            ("use docker compose (2), or as a stopgap: export COMPOSE_API_VERSION=1.44",),
        )
    for project in sorted({one.project for one in found}):
        told = list(composev1.mend([one for one in found if one.project == project]))
        yield Line(State.BAD, told[0], tuple(told[1:]))
