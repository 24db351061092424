"""One service of a compose model: what it is given, what is mounted, what its image holds."""

from __future__ import annotations

import posixpath
from collections.abc import Iterator
from dataclasses import dataclass

from guard.contracts.formats.composeshort import members
from guard.contracts.formats.dockerfile import Dockerfile
from guard.contracts.formats.tree import Map, Node, select
from guard.contracts.image import Image, image_of
from guard.contracts.place import parsed
from guard.contracts.places import Files
from guard.contracts.values import Missing, Value


@dataclass(frozen=True, slots=True)
class Mount:
    """One mount of a service."""

    target: str
    """Where in the container."""

    source: str
    """A path on the host, or the name of a volume; empty for an anonymous one."""

    kind: str
    """`bind`, `volume`, `tmpfs`, or what the compose file says."""

    at: Value
    """The target, in the file."""

    read_only: bool = False
    """Whether the service cannot write there."""

    origin: Value | None = None
    """The source, in the file."""

    nocopy: bool = False
    """Whether a new volume is not filled from the image: `volume: {nocopy: true}`."""


@dataclass(slots=True)
class Service:
    """One service."""

    name: str
    """Its name."""

    node: Map
    """What compose says of it, short syntaxes written out."""

    files: Files
    """Where files that it names are read."""

    def value(self, key: str) -> Value | None:
        """A key that holds a value; None where it holds none."""
        held = self.node.get(key)
        return held if isinstance(held, Value) else None

    def mounts(self) -> Iterator[Mount]:
        """Everything that is mounted into it, `tmpfs`, `configs` and `secrets` included."""
        for item in members(self.node.get("volumes")):
            mount = mounted(item)
            if mount is not None:
                yield mount
        for item in members(self.node.get("tmpfs")):
            if isinstance(item, Value):
                yield Mount(item.text.partition(":")[0], "", "tmpfs", item)
        for key, start in (("configs", "/"), ("secrets", "/run/secrets/")):
            for item in members(self.node.get(key)):
                name = item.get("target") or item.get("source") if isinstance(item, Map) else item
                if isinstance(name, Value):
                    yield Mount(posixpath.join(start, name.text), name.text, key, name, True)

    def environment(self) -> dict[str, Value]:
        """The variables that it is given, by name."""
        held = self.node.get("environment")
        if not isinstance(held, Map):
            return {}
        return {k: e.node.named(k) for k, e in held.items() if isinstance(e.node, Value)}

    def build(self) -> Map | None:
        """Its `build` section; None where it runs an image from elsewhere."""
        held = self.node.get("build")
        return held if isinstance(held, Map) else None

    def context(self) -> str | None:
        """The folder of the repository that its image is built from; None for another."""
        build = self.build()
        held = build.get("context") if build is not None else None
        if build is None:
            return None
        if not isinstance(held, Value):
            return posixpath.dirname(build.source.path)
        if "://" in held.text or held.text.startswith(("git@", "/", "~")):
            return None
        path = posixpath.normpath(posixpath.join(posixpath.dirname(held.source.path), held.text))
        return None if path.startswith("..") else "" if path == "." else path

    def dockerfile_path(self) -> str:
        """Where the Dockerfile of its image is to lie; empty where it is built from elsewhere."""
        context, build = self.context(), self.build()
        if context is None or build is None:
            return ""
        named = build.get("dockerfile")
        name = named.text if isinstance(named, Value) else "Dockerfile"
        return posixpath.normpath(posixpath.join(context, name))

    def dockerfile(self) -> Dockerfile | None:
        """The Dockerfile of its image; None where it is not in the repository."""
        path = self.dockerfile_path()
        source = self.files.source(path) if path else None
        return Dockerfile(source) if source is not None else None

    def image(self) -> Image | None:
        """What its image holds; None where it is not built from here."""
        held, context, build = self.dockerfile(), self.context(), self.build()
        if held is None or context is None or build is None:
            return None
        target = build.get("target")

        def listed(path: str) -> list[str]:
            return under(self.files, context, path)

        return image_of(held, listed, target.text if isinstance(target, Value) else "")


def under(files: Files, context: str, path: str) -> list[str]:
    """The files at or below a path of a build context, relative to the context; globs are taken."""
    from fnmatch import fnmatch

    start = f"{context}/" if context else ""
    inner = [p[len(start) :] for p in files.snapshot.files() if p.startswith(start)]
    if any(c in path for c in "*?["):
        return [p for p in inner if fnmatch(p, path)]
    if path == ".":
        return inner
    return [p for p in inner if p == path or p.startswith(f"{path}/")]


def mounted(item: Node) -> Mount | None:
    """One entry of `volumes`, written out."""
    if not isinstance(item, Map):
        return None
    target, source = item.get("target"), item.get("source")
    kind, mode, only = item.get("type"), item.get("mode"), item.get("read_only")
    if not isinstance(target, Value):
        return None
    origin = source if isinstance(source, Value) else None
    name = origin.text if origin is not None else ""
    said = kind.text if isinstance(kind, Value) else ""
    said = said or ("bind" if name.startswith((".", "/", "~", "$")) or ":\\" in name else "volume")
    modes = mode.text.split(",") if isinstance(mode, Value) else []
    read_only = "ro" in modes or (isinstance(only, Value) and only.text == "true")
    path = posixpath.normpath(target.text) if target.text else target.text
    more = item.get("volume")
    flag = more.get("nocopy") if isinstance(more, Map) else None
    nocopy = "nocopy" in modes or (isinstance(flag, Value) and flag.text == "true")
    return Mount(path, name, said, target, read_only, origin, nocopy)


def named(written: str, files: Files) -> Service:
    """The service that `compose.yml :: services.NAME` means; Missing where it means none."""
    place = parsed(written)
    document = files.document(place.paths)
    root = getattr(document, "root", None)
    selector = place.selector
    if root is None or not selector:
        raise Missing(f"{written!r} is no service", "like: docker-compose.yml :: services.backend")
    if "." not in selector and not selector.startswith("services"):
        selector = f"services.{selector}"
    found = select(root, selector)
    if len(found) != 1 or not isinstance(found[0][1], Map):
        raise Missing(
            f"{written!r} is not one service", "like: docker-compose.yml :: services.backend"
        )
    return Service(found[0][0], found[0][1], files)


def everywhere(files: Files) -> Iterator[Service]:
    """The services of every compose file; one that does not parse has none."""
    from guard.contracts.formats.compose import load
    from guard.contracts.place import COMPOSE
    from guard.contracts.values import Broken

    for path, file in files.snapshot.files().items():
        if not file.is_regular or not COMPOSE.search(path):
            continue
        try:
            held = load((path,), files.source).root.get("services")
        except (Broken, Missing):
            continue  # the compose check says so
        for name, entry in held.items() if isinstance(held, Map) else ():
            if isinstance(entry.node, Map):
                yield Service(name, entry.node, files)


def folders(names: set[str], files: Files) -> list[str]:
    """The build contexts of some services in any compose file, each ending in a slash."""
    contexts = {service.context() for service in everywhere(files) if service.name in names}
    return sorted(f"{context}/" if context else "" for context in contexts if context is not None)


def built(paths: set[str], files: Files) -> set[str]:
    """The names of the services whose Dockerfile is one of `paths`."""
    return {service.name for service in everywhere(files) if service.dockerfile_path() in paths}
