"""What files say of versions: workflows, files for version managers, the project's own."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator, Mapping
from dataclasses import replace

from guard.contracts.discovery.fact import Fact
from guard.contracts.discovery.services import quoted, tagged
from guard.contracts.formats.tree import Map, Node
from guard.contracts.place import parsed
from guard.contracts.places import Files
from guard.contracts.values import Broken, Missing, Value

DOTFILES: Mapping[str, str] = {
    ".nvmrc": "node",
    ".node-version": "node",
    ".python-version": "python",
}
"""Files for version managers, and the language that each is about."""

FIRST = ("0.0.0", "0.0.1", "0.1.0", "1.0.0")
"""Versions that files of different things hold by chance."""


def texts(files: Files, place: str) -> set[str]:
    """What a regex finds; nothing where it finds nothing."""
    try:
        return {value.text for value in files.values(parsed(place))}
    except (Missing, Broken):
        return set()


def of_workflow(path: str, root: Node, files: Files) -> Iterator[Fact]:
    """Versions of languages in a workflow, and the images of its services."""
    for name in ("python", "node", "go"):
        place = f"{path} :: /{name}-version: *[\"']?(\\d+(?:\\.\\d+)?)/g"
        found = texts(files, place)
        if len(found) == 1 and not (name == "python" and found == {"3"}):  # `3.x` is any
            language = "golang" if name == "go" else name
            yield Fact("language", place, path, found.pop(), "", language)
    jobs = root.get("jobs") if isinstance(root, Map) else None
    for job, entry in jobs.items() if isinstance(jobs, Map) else ():
        services = entry.node.get("services") if isinstance(entry.node, Map) else None
        for service, held in services.items() if isinstance(services, Map) else ():
            image = held.node.get("image") if isinstance(held.node, Map) else None
            if isinstance(image, Value) and not image.unresolved and "${{" not in image.text:
                place = f"{path} :: jobs.{quoted(job)}.services.{quoted(service)}.image"
                yield from (replace(fact, sure=False) for fact in tagged(image, place))


def of_dotfile(path: str, files: Files) -> Iterator[Fact]:
    """The version that a file for a version manager names."""
    place = f"{path} :: /^v?(\\d+(?:\\.\\d+)?)/"
    found = texts(files, place)
    if len(found) == 1:
        language = DOTFILES[posixpath.basename(path)]
        yield Fact("language", place, path, found.pop(), "", language, sure=False)


OWN = ("version", "appVersion", "project.version", "tool.poetry.version")


def of_project(path: str, root: Node) -> Iterator[Fact]:
    """The version that a file at the top, or a folder below it, gives the project itself."""
    if path.count("/") > 1:
        return
    for key in OWN:
        held: Node | None = root
        for part in key.split("."):
            held = held.get(part) if isinstance(held, Map) else None
        text = held.text if isinstance(held, Value) and not held.unresolved else ""
        if re.fullmatch(r"v?\d+\.\d+\.\d+[\w.+-]*", text) and text.lstrip("v") not in FIRST:
            yield Fact("project", f"{path} :: {key}", path, text, "", "project")
