"""Puts guard in front of docker on a machine, says what it is in front of, and takes it out."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from guard import githooks
from guard.docker.front.real import is_shim
from guard.errors import GuardError
from guard.values import dataclass

PROGRAMS = ("docker", "docker-compose", "docker-buildx", "podman", "buildah")
"""The programs a shim is put before, those of them that are there."""

PLUGINS = ("docker-buildx", "docker-compose")
"""The plugins of docker that build."""

SYSTEM = tuple(
    Path(f"{folder}/docker/cli-plugins")
    for folder in ("/usr/local/lib", "/usr/local/libexec", "/usr/lib", "/usr/libexec")
)
"""Where docker looks for plugins after the user's own folder."""

ASIDE = "before-guard"
"""The folder for a real plugin that stood where the stand-in must stand; docker ignores it."""

BUILDER = "builder"
"""The only alias docker knows; with any other in its config.json every docker command fails."""


@dataclass(frozen=True, slots=True)
class Step:
    """Something that was done."""

    path: str
    """The file."""

    done: str
    """What was done with it."""


@dataclass(frozen=True)
class Machine:
    """The places of one user that matter here."""

    home: Path
    """The user's home."""

    path: tuple[str, ...]
    """The folders of PATH, in order."""

    config: Path
    """The folder of docker's config.json."""

    own: Path
    """The folder of guard's own shims."""

    @classmethod
    def here(cls, env: Mapping[str, str] = os.environ) -> Machine:
        """The places by the environment."""
        home = Path(env.get("HOME") or Path.home())
        data = Path(env.get("XDG_DATA_HOME") or home / ".local" / "share")
        return cls(
            home=home,
            path=tuple(folder or "." for folder in env.get("PATH", os.defpath).split(os.pathsep)),
            config=Path(env.get("DOCKER_CONFIG") or home / ".docker"),
            own=data / "treeguard",
        )

    def programs(self, name: str) -> Iterator[Path]:
        """The programs of that name on PATH, shims included, in order."""
        for folder in self.path:
            place = Path(folder, name)
            if place.is_file() and os.access(place, os.X_OK):
                yield place

    def plugins(self, name: str) -> Iterator[Path]:
        """The plugins of that name, stand-ins included, in the order docker looks at them."""
        extra = settings(self.config).get("cliPluginsExtraDirs") or ()
        for folder in (self.config / "cli-plugins", *map(Path, extra), *SYSTEM):
            place = folder / name
            if place.is_file() and os.access(place, os.X_OK):
                yield place

    def shims(self) -> Path:
        """The folder for shims: one of the user's that PATH has before docker, else guard's own."""
        for folder in (self.home / ".local" / "bin", self.home / "bin"):
            if str(folder) in self.path and os.access(folder, os.W_OK) and self._free(folder):
                return folder
        return self.own / "bin"

    def _free(self, folder: Path) -> bool:
        """Whether nothing that guard stands before lies in the folder, or in one before it."""
        here = self.path.index(str(folder))
        earlier = [Path(one, name) for one in self.path[: here + 1] for name in PROGRAMS]
        return not any(place.exists() and not is_shim(str(place)) for place in earlier)


def settings(config: Path) -> dict[str, Any]:
    """What docker's config.json says; a GuardError where it is broken."""
    file = config / "config.json"
    try:
        found = json.loads(file.read_text() or "{}")
    except FileNotFoundError:
        return {}
    except (OSError, ValueError) as problem:
        raise GuardError(f"cannot read {file}: {problem}", "mend the file") from None
    if not isinstance(found, dict):
        raise GuardError(f"{file} is not a JSON object", "mend the file")
    return found


def install(machine: Machine) -> list[Step]:
    """Puts the shims and the stand-ins for plugins in place; a second time changes nothing."""
    steps = [*put_shims(machine), *put_plugins(machine)]
    if not steps and not list(in_place(machine)):
        raise GuardError(
            "there is neither docker nor podman nor buildah here to stand before",
            "install one of them, then run this again",
        )
    return steps


def put_shims(machine: Machine) -> Iterator[Step]:
    """A shim for each program that is on PATH."""
    folder = machine.shims()
    text = script("docker")
    for name in PROGRAMS:
        real = next((p for p in machine.programs(name) if not is_shim(str(p))), None)
        if real is not None:
            yield from put(folder / name, text, f"stands before {real}")


def put_plugins(machine: Machine) -> Iterator[Step]:
    """A stand-in for each plugin that is there.

    No alias leads `docker build` to buildx: docker does that by itself from version 23 on, and with
    the alias it would build with the builder chosen by `docker buildx use` instead of its own.
    """
    for name in PLUGINS:
        real = next((p for p in machine.plugins(name) if not is_shim(str(p))), None)
        if real is None:
            continue
        place = machine.config / "cli-plugins" / name
        if real == place:
            aside = place.parent / ASIDE / name
            aside.parent.mkdir(exist_ok=True)
            os.rename(place, aside)
            yield Step(str(aside), "the real plugin, moved aside")
            real = aside
        elif (moved := place.parent / ASIDE / name).is_file():
            real = moved
        yield from put(place, script("docker-plugin", real), f"stands before {real}")


def put(place: Path, text: str, done: str) -> Iterator[Step]:
    """An executable file with that text; a GuardError where a stranger's file has its name."""
    try:
        if place.read_text() == text:
            return
    except (OSError, UnicodeDecodeError):
        pass
    if place.exists() and not is_shim(str(place)):
        raise GuardError(f"{place} is not guard's and in the way", "move it elsewhere")
    place.parent.mkdir(parents=True, exist_ok=True)
    place.unlink(missing_ok=True)
    place.write_text(text)
    place.chmod(0o755)
    yield Step(str(place), done)


def script(name: str, real: Path | None = None) -> str:
    """One of the scripts that come with guard, with the absolute places filled in."""
    text = (githooks.shipped()[0].parent / name).read_text()
    return text.replace("@GUARD@", quoted(githooks.program())).replace(
        "@REAL@", quoted(str(real or ""))
    )


def quoted(text: str) -> str:
    """The inside of single quotes in sh."""
    return text.replace("'", "'\\''")


def client(machine: Machine) -> tuple[int, ...]:
    """The version of the docker program, as in (28, 2); (0,) where it does not say."""
    import re
    import subprocess

    real = next((p for p in machine.programs("docker") if not is_shim(str(p))), None)
    if real is None:
        return (0,)
    said = subprocess.run([real, "--version"], stdin=subprocess.DEVNULL, capture_output=True)
    found = re.search(rb"version (\d+)\.(\d+)", said.stdout)
    return tuple(int(part) for part in found.groups()) if found else (0,)


def remove(machine: Machine) -> list[Step]:
    """Takes out whatever `install` put in place."""
    steps = []
    for place in in_place(machine):
        place.unlink()
        steps.append(Step(str(place), "removed"))
    plugins = machine.config / "cli-plugins"
    for name in PLUGINS:
        aside = plugins / ASIDE / name
        if aside.exists() and not (plugins / name).exists():
            os.rename(aside, plugins / name)
            steps.append(Step(str(plugins / name), "the real plugin is back"))
    for folder in (plugins / ASIDE, machine.own / "bin", machine.own):
        if folder.is_dir() and not any(folder.iterdir()):
            folder.rmdir()
    return steps


def in_place(machine: Machine) -> Iterator[Path]:
    """The shims and stand-ins of guard's that lie where `install` puts them, or on PATH."""
    folders = dict.fromkeys([*map(Path, machine.path), machine.own / "bin"])
    candidates = [folder / name for folder in folders for name in PROGRAMS]
    candidates += [machine.config / "cli-plugins" / name for name in PLUGINS]
    for place in candidates:
        # Never a shim of a checkout that someone put on PATH: only those that install wrote.
        if place.is_file() and is_shim(str(place)) and b"@GUARD@" not in place.read_bytes():
            yield place


def missing_on_path(machine: Machine) -> str:
    """The line that puts guard's own folder before docker on PATH; empty where it is there."""
    folder = machine.own / "bin"
    for name in PROGRAMS:
        first = next(machine.programs(name), None)
        if (folder / name).is_file() and first is not None and not is_shim(str(first)):
            return f'export PATH="{folder}:$PATH"'
    return ""
