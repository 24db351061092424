"""What files say that are no compose files: scripts, images, nginx, documents, configs, code."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator
from dataclasses import dataclass

from guard.contracts.code import JAVASCRIPT, Code
from guard.contracts.discovery.fact import Fact
from guard.contracts.discovery.services import quoted, tagged
from guard.contracts.discovery.versions import DOTFILES, of_dotfile, of_project, of_workflow
from guard.contracts.formats.tree import Map, Node, Seq, walk
from guard.contracts.place import COMPOSE, parsed
from guard.contracts.places import Files
from guard.contracts.services import Service
from guard.contracts.values import Broken, Missing, Value, looks_secret

LARGEST = 200_000


@dataclass(frozen=True, slots=True)
class Home:
    """Where the files of a service lie."""

    service: str
    """Its name."""

    context: str | None
    """The folder that its image is built from; None where it is built from elsewhere."""

    mounts: tuple[str, ...]
    """The files and folders of the repository that are mounted into it."""


def homes(services: list[Service]) -> list[Home]:
    """Where the files of each service lie."""
    return [Home(s.name, s.context(), tuple(mounted(s))) for s in services]


def mounted(service: Service) -> Iterator[str]:
    """The paths that are mounted into a service."""
    for mount in service.mounts():
        if mount.kind == "bind" and mount.origin is not None:
            folder = posixpath.dirname(mount.origin.source.path)
            yield posixpath.normpath(posixpath.join(folder, mount.source))


def of_file(path: str, files: Files, services: list[Service], places: list[Home]) -> Iterator[Fact]:
    """What a file says that is no compose file; `places` are those of the services."""
    base = posixpath.basename(path).lower()
    source = files.source(path)
    if source is None or len(source.text) > LARGEST or COMPOSE.search(path):
        return
    owner = owned(path, places)
    if path.endswith((".sh", ".bash")) or source.text.startswith(
        ("#!/bin/sh", "#!/bin/bash", "#!/usr/bin/env bash")
    ):
        yield from of_script(path, files)
    elif re.search(r"(?:^|\.)dockerfile", base):
        yield from of_dockerfile(path, files, owner)
    elif base.endswith((".conf", ".conf.template")) and re.search(
        r"\b(?:listen|proxy_pass)\b", source.text
    ):
        yield from of_nginx(path, files, owner, {service.name for service in services})
    elif base.endswith(".md") and "localhost:" in source.text:
        yield from of_document(path, files)
    elif base.endswith((".json", ".yml", ".yaml", ".toml")):
        yield from of_tree(path, files, owner)
    elif base.endswith((".py", *JAVASCRIPT)):
        yield from of_code(path, files, owner)
    elif base in DOTFILES:
        yield from of_dotfile(path, files)


def owned(path: str, places: list[Home]) -> str:
    """The service whose build context, or whose mount, holds a file; the deepest one."""
    best, depth = "", -1
    for home in places:
        context = home.context
        inside = context is not None and (not context or path.startswith(f"{context}/"))
        if context is not None and inside and len(context) > depth:
            best, depth = home.service, len(context)
        if any(path == folder or path.startswith(f"{folder}/") for folder in home.mounts):
            return home.service
    if best:
        return best
    named = re.split(r"[^a-z0-9]+", posixpath.basename(path).lower())
    return next((home.service for home in places if home.service.lower() in named), "")


def of_script(path: str, files: Files) -> Iterator[Fact]:
    """The tunnels that a script opens to the machine it logs in to."""
    from guard.contracts.formats.shell import Script

    script = files.document((path,))
    if not isinstance(script, Script):
        return
    for command in ("ssh", "autossh"):
        try:
            ports = script.select(f"{command} -L[*] remote-port")
            hosts = script.select(f"{command} -L[*] host")
        except Missing:
            continue
        for number, (port, host) in enumerate(zip(ports, hosts, strict=False)):
            if port.unresolved or host.text not in ("localhost", "127.0.0.1"):
                continue
            if len(ports) == 1:
                place = f"{path} :: {command} -L remote-port"
            else:
                place = f"{path} :: {command} -L[{number}] remote-port"
            yield Fact("tunnel", place, path, port.text)


def of_dockerfile(path: str, files: Files, owner: str) -> Iterator[Fact]:
    """The ports that an image exposes and checks, and what it is built on."""
    exposed = tried(files, f"{path} :: EXPOSE[*]")
    for number, value in enumerate(exposed):
        place = f"{path} :: EXPOSE" + (f"[{number}]" if len(exposed) > 1 else "")
        if value.text.isdigit() and owner:
            yield Fact("listens", place, path, value.text, owner, "image")
    bases = tried(files, f"{path} :: FROM[*]")
    for number, value in enumerate(bases):
        place = f"{path} :: FROM" + (f"[{number}]" if len(bases) > 1 else "")
        if not value.unresolved:
            yield from tagged(value, place)
    pattern = r"/(?:localhost|127\.0\.0\.1):(\d+)/"
    for value in tried(files, f"{path} :: HEALTHCHECK | {pattern}"):
        if owner:
            yield Fact(
                "listens", f"{path} :: HEALTHCHECK | {pattern}", path, value.text, owner, "health"
            )


def tried(files: Files, written: str) -> list[Value]:
    """The values at a place; none where there are none."""
    try:
        return files.values(parsed(written))
    except (Missing, Broken):
        return []


def of_nginx(path: str, files: Files, owner: str, names: set[str]) -> Iterator[Fact]:
    """Where nginx listens, and what it hands on to."""
    listens = tried(files, f"{path} :: listen[*]")
    for number, value in enumerate(listens):
        place = f"{path} :: listen" + (f"[{number}]" if len(listens) > 1 else "")
        if owner:
            yield Fact("listens", place, path, value.text, owner, "nginx")
    passed = tried(files, f"{path} :: proxy_pass[*]")
    for number, value in enumerate(passed):
        match = re.match(r"https?://([\w-]+):(\d+)", value.text)
        if match is not None and match[1] in names:
            place = f"{path} :: proxy_pass" + (f"[{number}]" if len(passed) > 1 else "")
            yield Fact("upstream", f"{place} | port", path, match[2], match[1], owner or "nginx")


def of_document(path: str, files: Files) -> Iterator[Fact]:
    """The local ports that a document names."""
    place = f"{path} :: /localhost:(\\d+)/g"
    found = list(dict.fromkeys(value.text for value in tried(files, place)))
    if found:
        yield Fact("documented", place, path, ",".join(found))


def of_tree(path: str, files: Files, owner: str) -> Iterator[Fact]:
    """Secrets in config files, and versions of languages."""
    document = files.document((path,))
    root, base = getattr(document, "root", None), posixpath.basename(path)
    if root is None:
        return
    if "/workflows/" in path:
        yield from of_workflow(path, root, files)
        return
    yield from of_project(path, root)
    if base in ("pyproject.toml", "package.json"):
        return
    if not CONFIG.search(base):
        return
    for name, place, value in named_values(root):
        if looks_secret(name) and re.fullmatch(r"[^\s{}<>]{4,200}", value.text) and owner:
            at = value.at
            yield Fact("secret", f"{path} :: {place}", path, value.text, owner, name, at=at)


CONFIG = re.compile(r"conf|setting|secret|credential|auth|env|option|param", re.IGNORECASE)


def named_values(root: Node) -> Iterator[tuple[str, str, Value]]:
    """The values in mappings of a tree, each with its key and its path."""
    paths: dict[int, str] = {id(root): ""}
    found: list[tuple[str, str, Value]] = []

    def visit(node: Node) -> None:
        at = paths[id(node)]
        if isinstance(node, Map):
            for key, entry in node.items():
                where = f"{at}.{quoted(key)}".lstrip(".")
                paths.setdefault(id(entry.node), where)
                if isinstance(entry.node, Value):
                    found.append((key, where, entry.node))
            # keys that stand twice are walked as well
            for entry in node.entries:
                paths.setdefault(id(entry.node), f"{at}.{quoted(entry.key)}".lstrip("."))
        elif isinstance(node, Seq):
            for number, item in enumerate(node.items):
                paths.setdefault(id(item), f"{at}[{number}]")

    walk(root, visit)
    yield from found


HINTS = re.compile(r"environ|getenv|\.env\b|\.run\(|\.listen\(|run_app\(|serve\(")
"""Words without which code says nothing that is gathered here."""


def of_code(path: str, files: Files, owner: str) -> Iterator[Fact]:
    """Ports that code listens on, and secrets that it falls back to."""
    source = files.source(path)
    if not owner or source is None or not HINTS.search(source.text):
        return
    calls: tuple[str, ...] = (
        "app.run(port=)",
        "uvicorn.run(port=)",
        "web.run_app(port=)",
        "serve(port=)",
    )
    if not path.endswith(".py"):
        calls = ("app.listen(0)", "server.listen(0)")
    for call in calls:
        for value in tried(files, f"{path} :: {call}"):
            if value.text.isdigit() and not value.unresolved:
                yield Fact("listens", f"{path} :: {call}", path, value.text, owner, "code")
    for read in Code(files, [path], {}).reads():
        held = read.default
        if held is None or not held.text or held.unresolved or not looks_secret(read.name):
            continue
        way = f"os.environ.get({read.name})" if path.endswith(".py") else f"process.env.{read.name}"
        yield Fact("secret", f"{path} :: {way}", path, held.text, owner, read.name, at=held.at)
