"""Compose: mounts, env_files and volumes that are missing, unused, nameless or empty."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator

from guard.contracts.formats.compose import beside
from guard.contracts.formats.tree import Map
from guard.contracts.image import below
from guard.contracts.lint.seeding import unseeded
from guard.contracts.lint.stack import (
    Stack,
    example,
    found,
    generated,
    ignored,
    submodule,
    there,
)
from guard.contracts.services import Mount, Service
from guard.finding import Finding
from guard.folders import above


def mount_missing(stack: Stack) -> Iterator[Finding]:
    """A bind mount whose source is in the project's folder and not in git."""
    known = stack.files.snapshot.files()
    for service in stack.services:
        for mount in service.mounts():
            origin = mount.origin
            if mount.kind != "bind" or origin is None or origin.unresolved:
                continue
            if not origin.text.startswith(".") and (
                "/" in origin.text[:1] or "~" in origin.text[:1]
            ):
                continue  # a path of the host, which no repository holds
            path = beside(origin.source.path, origin.text)
            # Files that are run with -f or --project-directory name what they mount from there.
            folders = (*above(origin.source.path), ".")
            tries = [posixpath.normpath(f"{folder}/{origin.text}") for folder in folders]
            if (
                path.startswith(("..", ".git/"))
                or path == ".git"
                or any(there(known, p) for p in tries)
            ):
                continue
            if generated(stack, path) or data_folder(service, mount) or ignored(stack, path):
                continue
            if TESTS.search(origin.source.path):
                continue  # what a test makes before it starts the stack
            yield found(
                f"{service.name} mounts {origin.text}, which is not in "
                f"{stack.files.snapshot.title}",
                origin.at,
                "add it to git, or say that something makes it:\n"
                f'[compose]\ngenerated = ["{path}"]',
                service.name,
            )


def data_folder(service: Service, mount: Mount) -> bool:
    """Whether a missing source is where the service keeps its data: docker may make it."""
    assert mount.origin is not None
    if mount.read_only or "." in posixpath.basename(mount.origin.text):
        return False
    if mount.target.rstrip("/") == "/config" and service.build() is None:
        return True  # where images that are meant for many homes keep what they are told
    return bool(DATA.search(mount.origin.text) or DATA.search(mount.target))


TESTS = re.compile(r"(?:^|/)(?:tests?|e2e|cypress)/")

DATA = re.compile(
    r"^/var/lib/|(?:^|[/_.-])(?:files|movies|music|photos|tv|books|data|database|db|pgdata|logs?|cache|uploads?|backups?|storage|media|dumps?|volumes?|tmp|output|imports?|exports?|downloads?|inbox|consume|spool)(?:[/_.-]|$)",
    re.IGNORECASE,
)


def env_file_missing(stack: Stack) -> Iterator[Finding]:
    """An env_file that compose needs and git does not hold."""
    for value, required in stack.project.missing:
        path = beside(value.source.path, value.text)
        if not required or any(made(stack, path) for made in (generated, ignored, example)):
            continue
        if path.startswith("../") or submodule(stack.files.snapshot.files(), path):
            continue  # nobody looks there
        if posixpath.basename(path) == "stack.env":
            continue  # Portainer writes it
        if stack.files.source(posixpath.normpath(value.text)) is None:
            yield found(
                f"the env_file {value.text} is not in {stack.files.snapshot.title}",
                value.at,
                f"add it to git without secrets, or:\n- path: {value.text}\n  required: false",
                value.text,
            )


def volume_unused(stack: Stack) -> Iterator[Finding]:
    """A volume that is declared and that no service mounts."""
    declared = stack.project.root.get("volumes")
    used = {m.source for s in stack.services for m in s.mounts() if m.kind == "volume"}
    if isinstance(declared, Map):
        for name, entry in declared.items():
            if name not in used:
                yield found(
                    f"the volume {name} is declared, and no service mounts it",
                    declared.source.at(entry.start, entry.end),
                    "mount it or remove it",
                    name,
                )


def anonymous_volume(stack: Stack) -> Iterator[Finding]:
    """A volume that has no name, so that its data does not outlive the container."""
    for service in stack.services:
        for mount in service.mounts():
            over = [
                m for m in service.mounts() if m.kind == "bind" and inside(mount.target, m.target)
            ]
            if CACHE.search(mount.target):
                continue
            if mount.kind == "volume" and not mount.source and not over:
                yield found(
                    f"{service.name} keeps {mount.target} in a volume without a name: "
                    "a new container starts with an empty one",
                    mount.at.at,
                    f"name it: - {service.name}-{posixpath.basename(mount.target)}:{mount.target}",
                    service.name,
                )
        yield from unmounted(service)


def unmounted(service: Service) -> Iterator[Finding]:
    """A VOLUME of the service's image over which compose mounts nothing."""
    built = service.dockerfile()
    targets = [mount.target for mount in service.mounts()]
    for instruction in built.final() if built is not None else []:
        for value in instruction.arguments() if instruction.keyword == "VOLUME" else []:
            path = value.text.rstrip("/")
            if not path.startswith("/") or CACHE.search(path):
                continue
            if not any(below(path, t) or below(t, path) for t in targets):
                yield found(
                    f"the image of {service.name} keeps {path} in a volume, and nothing is mounted "
                    "there: a new container starts with an empty one",
                    value.at,
                    f"mount a named volume there: - {service.name}-data:{path}",
                    service.name,
                )


CACHE = re.compile(
    r"^/(?:var/)?(?:tmp|run)(?:/|$)|/(?:node_modules|\.venv|venv|vendor|\.cache|__pycache__|\.next|target)(?:/|$)"
)
"""What is made again where it is lost."""


def inside(path: str, folder: str) -> bool:
    """Whether `path` lies in `folder`: `/app/node_modules` shields it from a mount over `/app`."""
    return path != folder and path.startswith(folder.rstrip("/") + "/")


def volume_not_seeded(stack: Stack) -> Iterator[Finding]:
    """A named volume over a path that the program reads and nothing fills."""
    for service, mount, evidence in unseeded(stack.services, stack.project.root):
        yield found(
            f"the volume {mount.source} is all that {service.name} has at {mount.target}: its "
            "image puts nothing there and nothing seeds it, so a new volume is empty "
            f"({evidence.note})",
            mount.at.at,
            f"COPY the default into the image at {mount.target}, or mount a file from git:\n"
            f"- ./{service.name}/config:{mount.target}:ro",
            service.name,
            *([evidence] if evidence.path else []),
        )
