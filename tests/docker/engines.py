"""The real builders: where they are, and which files of a folder each of them really sends."""

from __future__ import annotations

import io
import json
import os
import shutil
import subprocess
import tarfile
import uuid
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from guard.docker.line.build import Frontend

TOOLS = Path(os.environ.get("GUARD_TOOLS", "/opt/treeguard-tools"))


@dataclass(frozen=True)
class Builder:
    """One real program that builds images."""

    name: str
    frontend: Frontend
    works: Callable[[], str]
    """Why it cannot be used here; empty where it can."""
    sent: Callable[[Path, Path], set[str]]
    """What `COPY . /` puts into an image: of a folder, with a Dockerfile."""


def real_docker() -> str:
    for folder in os.environ["PATH"].split(":"):
        place = Path(folder, "docker")
        if os.access(place, os.X_OK) and b"treeguard" not in place.read_bytes()[:200]:
            return str(place)
    return "docker"


def env(config: Path | None = None, **more: str) -> Mapping[str, str]:
    plain = {k: v for k, v in os.environ.items() if not k.startswith(("DOCKER_", "COMPOSE_"))}
    if config is not None:
        plain["DOCKER_CONFIG"] = str(config)
    return {**plain, **more}


def run(*words: str, env: Mapping[str, str], cwd: Path | None = None) -> bytes:
    done = subprocess.run(words, env=env, cwd=cwd, capture_output=True, timeout=120)
    if done.returncode:
        raise AssertionError(f"{words}: {done.stdout.decode()} {done.stderr.decode()}")
    return done.stdout


def engine_missing() -> str:
    if shutil.which("docker") is None:
        return "there is no docker"
    done = subprocess.run([real_docker(), "version"], capture_output=True, text=True)
    return "" if done.returncode == 0 else "there is no Docker engine"


def names(archive: bytes) -> set[str]:
    """The files and links in a tar, without leading `./`; folders are left out."""
    with tarfile.open(fileobj=io.BytesIO(archive)) as tar:
        found = {m.name.removeprefix("./").lstrip("/") for m in tar if not m.isdir()}
    return {name.encode("utf-8", "surrogateescape").decode("utf-8", "surrogateescape")
            for name in found}  # fmt: skip


def legacy(folder: Path, dockerfile: Path) -> set[str]:
    tag = f"gate-{uuid.uuid4().hex}"
    docker, plain = real_docker(), env(DOCKER_BUILDKIT="0")
    run(docker, "build", "-q", "-t", tag, "-f", str(dockerfile), str(folder), env=plain)
    try:
        made = run(docker, "create", tag, "x", env=plain).decode().strip()
        archive = run(docker, "export", made, env=plain)
        run(docker, "rm", made, env=plain)
    finally:
        run(docker, "rmi", "-f", tag, env=plain)
    return inside(names(archive))


def compose_1(folder: Path, dockerfile: Path) -> set[str]:
    """The same where docker-compose 1 sends the context to the engine by itself."""
    tag = f"gate-{uuid.uuid4().hex}"
    service = {"image": tag, "build": {"context": str(folder), "dockerfile": str(dockerfile)}}
    project = Path(folder.parent, f"{uuid.uuid4().hex}.json")
    project.write_text(json.dumps({"version": "3.4", "services": {"one": service}}))
    plain, docker = env(COMPOSE_DOCKER_CLI_BUILD="0"), real_docker()
    try:
        run("docker-compose", "-f", str(project), "build", "-q", env=plain)
        made = run(docker, "create", tag, "x", env=plain).decode().strip()
        archive = run(docker, "export", made, env=plain)
        run(docker, "rm", made, env=plain)
    finally:
        run(docker, "rmi", "-f", tag, env=plain)
        project.unlink()
    return inside(names(archive))


def inside(found: set[str]) -> set[str]:
    """What lies in the image's `/c`, without the files that steer the build and git's own."""
    sent = {name.removeprefix("c/") for name in found if name.startswith("c/")}
    ours = {name for name in sent if not name.startswith(".git/")}
    return ours - {"Dockerfile", ".dockerignore"}


def output(*words: str) -> Callable[[Path, Path], set[str]]:
    """The files by a builder that can write a tar instead of an image."""

    def sent(folder: Path, dockerfile: Path) -> set[str]:
        target = Path(folder.parent, f"{uuid.uuid4().hex}.tar")
        arguments = ["-o", f"type=tar,dest={target}", "-f", str(dockerfile), str(folder)]
        run(*words, *arguments, env=env(DOCKER_BUILDKIT="1"))
        archive = target.read_bytes()
        target.unlink()
        found = names(archive)
        return inside(found)

    return sent


def debian_docker() -> str:
    """Debian 12's client carries BuildKit's of its time; newer ones need a plugin for it."""
    return "/usr/bin/docker"


def old_missing() -> str:
    if engine_missing():
        return engine_missing()
    if not os.access(debian_docker(), os.X_OK):
        return "there is no client of Docker 20.10"
    version = run(debian_docker(), "--version", env=env()).decode()
    return "" if "version 20.10" in version else "there is no client of Docker 20.10"


def tool_missing(place: str) -> Callable[[], str]:
    def missing() -> str:
        return "" if shutil.which(place) else f"there is no {place}"

    return missing


def plugin_missing(place: Path) -> Callable[[], str]:
    return lambda: engine_missing() or ("" if place.exists() else f"there is no {place}")


BUILDX = TOOLS / "cli-plugins" / "docker-buildx"
COMPOSE = TOOLS / "cli-plugins" / "docker-compose"

BUILDERS = (
    Builder("legacy", Frontend.LEGACY, engine_missing, legacy),
    Builder(
        "buildkit-20.10", Frontend.BUILDKIT_20, old_missing, output("/usr/bin/docker", "build", "-q")
    ),
    Builder(
        "buildx", Frontend.BUILDKIT, plugin_missing(BUILDX), output(str(BUILDX), "build", "-q")
    ),
    Builder("compose-1", Frontend.DOCKER_PY, tool_missing("docker-compose"), compose_1),
    Builder(
        "podman", Frontend.BUILDAH, tool_missing("podman"), output("podman", "build", "-q")
    ),
    Builder(
        "buildah", Frontend.BUILDAH, tool_missing("buildah"), output("buildah", "bud", "-q")
    ),
)  # fmt: skip
