"""One compose model as the rules see it, and how a rule says what it found."""

from __future__ import annotations

import posixpath
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from itertools import accumulate
from typing import Any

from guard.contracts.formats.compose import Project
from guard.contracts.formats.tree import Map
from guard.contracts.places import Files
from guard.contracts.services import Service
from guard.entries import SUBMODULE, File
from guard.finding import Finding, Location
from guard.globs import matcher, wrong


@dataclass(slots=True)
class Stack:
    """One compose model being judged."""

    project: Project
    """What its files say."""

    files: Files
    """Where they and what they name are read."""

    services: list[Service]
    """Its services."""

    options: Any
    """The options of the check."""

    production: bool
    """Whether it is meant for production."""

    building: bool = False
    """Whether images are about to be built, and not what runs in them."""


Rule = Callable[[Stack], Iterator[Finding]]


def found(message: str, at: Location, hint: str, symbol: str, *related: Location) -> Finding:
    """A finding; its rule and severity are put in by `judged`."""
    return Finding("compose/", message, at, hint=hint, symbol=symbol, related=related)


def key_of(stack: Stack, service: Service) -> Location:
    """Where a service's name stands."""
    held = stack.project.root.get("services")
    assert isinstance(held, Map)
    entry = next(e for name, e in held.items() if name == service.name)
    return service.node.source.at(entry.start, entry.end)


def generated(stack: Stack, path: str) -> bool:
    """Whether something makes this file before compose runs."""
    return matcher(stack.options.generated)(path)


def there(known: Mapping[str, File], path: str) -> bool:
    """Whether a file or a folder is in the snapshot, or in a submodule: nobody looks in there."""
    folder = "" if path == "." else f"{path}/"
    if submodule(known, path) or path in known:
        return True
    return any(name.startswith(folder) for name in known)


def submodule(known: Mapping[str, File], path: str) -> bool:
    """Whether a path lies in a submodule, or is one."""
    parents = accumulate(path.split("/"), "{}/{}".format)
    return any(known[p].mode == SUBMODULE for p in parents if p in known)


def ignored(stack: Stack, path: str) -> bool:
    """Whether git is told to leave a path out, so that somebody makes it on purpose."""
    parts = path.split("/")
    for depth in range(len(parts)):
        source = stack.files.source("/".join([*parts[:depth], ".gitignore"]))
        inner = "/".join(parts[depth:])
        if source is not None:
            meant = matcher([line for line in source.text.splitlines() if not wrong(line)])
            if meant(inner) or meant(f"{inner}/"):
                return True
    return False


EXAMPLES = (".example", ".sample", ".template", ".dist", "-example", "-sample", ".tmpl", ".default")


def example(stack: Stack, path: str) -> bool:
    """Whether an example lies beside a file that people write for themselves."""
    folder, name = posixpath.split(path)
    names = [path + end for end in EXAMPLES]
    names += [
        posixpath.join(folder, f"{word}.{name.lstrip('.')}") for word in ("example", "sample")
    ]
    stem = name.removesuffix(".env")
    names += [posixpath.join(folder, f"{stem}.env{end}") for end in EXAMPLES]
    names += [posixpath.join(folder, f".env{end}") for end in EXAMPLES]
    return bool(stack.files.snapshot.find(names))
