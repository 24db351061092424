"""Named volumes over paths that a program reads and that nothing fills."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence

from guard.contracts.code import JAVASCRIPT, Code, Opened
from guard.contracts.formats.tree import Map
from guard.contracts.image import below
from guard.contracts.places import Files
from guard.contracts.services import Mount, Service
from guard.contracts.values import Broken, Value
from guard.finding import Location

CONFIG = re.compile(
    r"(?:^|[/_.-])(?:etc|conf|configs?|configuration|settings|certs?|ssl|tls|keys?|secrets?|"
    r"credentials|templates?)(?:[/_.-]|\.d|$)",
    re.IGNORECASE,
)
"""Targets that hold what a program is given, and not what it makes."""

WRITES = r"(?:>|\b(?:cp|mv|tee|install|rsync|tar|touch|ln|mkdir|envsubst|jq|curl|wget)\b)[^\n;&]*"

FILE = re.compile(r"(?<![\w:.$}/])/[\w./@+-]+\.\w+")


def unseeded(services: Sequence[Service], root: Map) -> Iterator[tuple[Service, Mount, Location]]:
    """The mounts of volumes that start empty where the program expects something.

    Only of services whose image is built from here: what another image holds is not known. The
    location says, in its note, what shows that something is expected.
    """
    declared = root.get("volumes")
    for service in services:
        image = service.image()
        if image is None or image.private:
            continue
        for mount in service.mounts():
            if mount.kind != "volume" or not mount.source or made_elsewhere(declared, mount.source):
                continue
            filled = image.fills(mount.target) and not mount.nocopy
            if filled or filled_by_another(services, service, mount):
                continue
            evidence = expected(service, mount)
            if evidence is not None:
                yield service, mount, evidence


def made_elsewhere(declared: object, name: str) -> bool:
    """Whether a volume is external, or a folder of the host under another name."""
    entry = declared.get(name) if isinstance(declared, Map) else None
    return isinstance(entry, Map) and (
        entry.get("external") is not None or entry.get("driver_opts") is not None
    )


def filled_by_another(services: Sequence[Service], reader: Service, mount: Mount) -> bool:
    """Whether another service fills the volume: its image, or what it runs there."""
    for service in services:
        if service.name == reader.name:
            continue
        for other in service.mounts():
            if other.source != mount.source or other.kind != "volume" or other.read_only:
                continue
            image = service.image()
            if image is None or image.private or image.fills(other.target):
                return True
            if any(other.target in text for text in commands(service)):
                return True
            if any(o.writes and below(o.path, other.target) for o in opened(service)):
                return True
    return False


def commands(service: Service) -> Iterator[str]:
    """The texts of what a service runs: its command, entrypoint, and the image's."""
    for key in ("command", "entrypoint"):
        held = service.node.get(key)
        if held is not None:
            yield held.source.text[held.start : held.end]
    built = service.dockerfile()
    for instruction in built.final() if built is not None else []:
        if instruction.keyword in ("CMD", "ENTRYPOINT"):
            yield instruction.words[0].source.text[instruction.start : instruction.end]


def scripts(service: Service) -> Iterator[str]:
    """The shell scripts in the context of a service's image."""
    context = service.context()
    start = f"{context}/" if context else ""
    for path in service.files.snapshot.files():
        if path.startswith(start) and (path.endswith(".sh") or "entrypoint" in path):
            source = service.files.source(path)
            if source is not None:
                yield source.text


def opened(service: Service) -> list[Opened]:
    """What the code in the context of a service's image opens; none where it does not parse."""
    context, image = service.context(), service.image()
    if context is None:
        return []
    workdir = image.workdir if image is not None else ""
    # Nothing else in an environment makes a path, so that services share what is found.
    given = {k: v for k, v in service.environment().items() if PATH.search(v.text)}
    key = (context, workdir, *sorted((name, value.text) for name, value in given.items()))
    files = service.files
    if key not in files.opened:
        files.opened[key] = list(opened_below(files, context, given, workdir))
    return files.opened[key]


PATH = re.compile(r"^[^:]*/[^:]*$|\.\w+$")


def opened_below(
    files: Files, context: str, given: Mapping[str, Value], workdir: str
) -> Iterator[Opened]:
    """What the code below a folder opens; no more than the first files of a large program."""
    start = f"{context}/" if context else ""
    paths = [
        p
        for p, f in files.snapshot.files().items()
        if f.is_regular and p.startswith(start) and p.endswith((".py", *JAVASCRIPT))
    ]
    code = Code(files, paths, given, workdir)
    for path in paths[:500]:
        try:
            yield from code.opened_in(path)
        except Broken:
            continue  # another check says so


def expected(service: Service, mount: Mount) -> Location | None:
    """What shows that the program expects something in a mount; None where nothing does."""
    reads = [o for o in opened(service) if below(o.path, mount.target)]
    if any(o.writes for o in reads) or written(service, mount.target):
        return None
    for one in reads:
        if one.path != mount.target or CONFIG.search(mount.target):
            at = one.at
            note = f"{at.path}:{at.line} reads {one.path}"
            return Location(at.path, at.line, at.column, at.end_line, at.end_column, note)
    for name, value in service.environment().items():
        path = value.text
        if path.startswith("/") and path != mount.target and below(path, mount.target):
            if "." not in path.rpartition("/")[2]:
                continue
            at = value.at
            note = f"{name} names {path}"
            return Location(at.path, at.line, at.column, at.end_line, at.end_column, note)
    for text in commands(service):
        file = next((p for p in FILE.findall(text) if below(p, mount.target)), None)
        if file is not None:
            return Location("", note=f"its command names {file}")
    if CONFIG.search(mount.target) or CONFIG.search(mount.source):
        return Location("", note="its name says that it holds a configuration")
    return None


def written(service: Service, target: str) -> bool:
    """Whether a script of the image puts something into `target`."""
    pattern = re.compile(WRITES + re.escape(target))
    return any(pattern.search(text) for text in (*scripts(service), *commands(service)))
