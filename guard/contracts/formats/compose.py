"""Compose files as one model: several files, include, extends, interpolation, short syntaxes."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace

from guard.contracts.formats import dotenv, yamltree
from guard.contracts.formats.composemerge import merged
from guard.contracts.formats.composeshort import LONG, PAIRS, dependencies, members, pairs
from guard.contracts.formats.tree import Entry, Map, Node, Seq, walk
from guard.contracts.values import Absent, Broken, Missing, Source, Value, plain

Read = Callable[[str], Source | None]
"""The text at a path of the repository; None where there is no such file."""


NAMED = re.compile(r"(?:^|/)(?:docker-)?compose(?:[.-][^/]*)?\.ya?ml$", re.IGNORECASE)
"""Names that compose files go by."""


@dataclass(slots=True)
class Project:
    """What one or several compose files say together."""

    root: Map
    """`services`, `volumes` and the rest, with every short syntax written out."""

    paths: list[str]
    """Every compose file that was read."""

    missing: list[tuple[Value, bool]] = field(default_factory=list)
    """env_files that are not in the repository, each with whether it is required."""

    twice: list[Value] = field(default_factory=list)
    """Keys that stand twice in one mapping, which compose refuses to read."""

    read: set[str] = field(default_factory=set)
    """The paths of the env_files and the `.env`, whether they are there or not."""


def load(paths: Sequence[str], read: Read) -> Project:
    """The model of compose files given as to `docker compose -f A -f B`; Broken, Missing."""
    loader = Loader(read, posixpath.dirname(paths[0]))
    root: Map | None = None
    for path in paths:
        read_in = loader.file(path, ())
        root = read_in if root is None else merged(root, read_in, ())
    assert root is not None
    return Project(loader.normal(root), loader.paths, loader.missing, loader.twice, loader.asked)


def doubled(root: Node) -> list[Value]:
    """The keys of a tree that stand in their mapping a second time."""
    found: list[Value] = []

    def visit(node: Node) -> None:
        if isinstance(node, Map):
            seen: set[str] = set()
            for entry in node.entries:
                if entry.key in seen and not entry.merged:
                    found.append(plain(node.source, entry.start, entry.end))
                seen |= set() if entry.merged else {entry.key}

    walk(root, visit)
    return found


def mapped(node: Node | None, what: str) -> None:
    """Broken where a node that has content is no mapping."""
    if isinstance(node, Seq) or (isinstance(node, Value) and node.text not in ("", "~", "null")):
        raise Broken(node.source, f"not a compose file: {what} must be a mapping", node.start)


class Loader:
    """Reads the files of one project."""

    def __init__(self, read: Read, folder: str) -> None:
        self.read = read
        self.paths: list[str] = []
        self.missing: list[tuple[Value, bool]] = []
        self.twice: list[Value] = []
        self.env: dict[str, Value] = {}
        self.asked = {posixpath.join(folder, ".env")}
        source = read(posixpath.join(folder, ".env"))
        if source is not None:
            self.env = dotenv.parse(source)
        self.done: dict[int, Node] = {}
        self.kept: list[Node] = []

    def file(self, path: str, stack: tuple[str, ...]) -> Map:
        """One file with what it includes and extends, variables put in."""
        if path in stack:
            raise Missing(f"{path} includes itself: {' → '.join((*stack, path))}")
        source = self.read(path)
        if source is None:
            raise Absent(path, stack[-1] if stack else "")
        self.paths.append(path)
        parsed = yamltree.parse(source)
        self.twice += doubled(parsed)
        tree = self.resolved(parsed)
        if not isinstance(tree, Map):
            raise Broken(source, "not a compose file: its top is no mapping")
        services = tree.get("services")
        mapped(services, "services")
        for entry in services.entries if isinstance(services, Map) else ():
            mapped(entry.node, f"the service {entry.key}")
        for part in members(tree.get("include")):
            listed = part.get("path") if isinstance(part, Map) else part
            for name in members(listed):
                if isinstance(name, Value):
                    inner = self.file(beside(path, name.text), (*stack, path))
                    tree = merged(inner, tree, ())
        services = tree.get("services")  # with those of the files included
        if isinstance(services, Map):
            for entry in services.entries:
                entry.node = self.extended(entry.node, services, (*stack, path), (entry.key,))
        return tree

    def resolved(self, node: Node) -> Node:
        """A tree with variables put in, each shared node once."""
        kept = self.done.get(id(node))
        if kept is not None:
            return kept
        self.kept.append(node)
        if isinstance(node, Value):
            self.done[id(node)] = value = dotenv.substituted(node, self.env)
            return value
        if isinstance(node, Seq):
            seq = self.done[id(node)] = Seq(node.source, node.start, node.end)
            seq.items = [self.resolved(item) for item in node.items]
            return seq
        mapping = self.done[id(node)] = Map(node.source, node.start, node.end)
        mapping.entries = [
            Entry(e.key, e.start, e.end, self.resolved(e.node), e.merged) for e in node.entries
        ]
        return mapping

    def extended(
        self, service: Node, services: Map, files: tuple[str, ...], stack: tuple[str, ...]
    ) -> Node:
        """A service over the one that it extends."""
        wanted = service.get("extends") if isinstance(service, Map) else None
        if wanted is None or not isinstance(service, Map):
            return service
        name = wanted.get("service") if isinstance(wanted, Map) else wanted
        file = wanted.get("file") if isinstance(wanted, Map) else None
        if not isinstance(name, Value):
            return service
        if isinstance(file, Value):
            path = beside(files[-1], file.text)
            other = self.file(path, files) if path != files[-1] else None
            held = other.get("services") if other is not None else services
            services = held if isinstance(held, Map) else Map(service.source, 0, 0)
        elif name.text in stack:
            raise Missing(f"services extend each other: {' → '.join((*stack, name.text))}")
        base = services.get(name.text)
        if base is None:
            raise Missing(f"no service {name.text!r} to extend from {service.source.path}")
        base = self.extended(base, services, files, (*stack, name.text))
        # What a service must say for itself is not inherited.
        own = [e for e in service.entries if e.key != "extends"]
        if isinstance(base, Map):
            inherited = [e for e in base.entries if e.key not in ("extends", "depends_on", "links")]
            base = replace(base, entries=inherited)
            return merged(base, replace(service, entries=own), ("services", "*"))
        return service

    def normal(self, root: Map) -> Map:
        """The model with the short syntaxes of every service written out."""
        services = root.get("services")
        if not isinstance(services, Map):
            return root
        done = replace(services, entries=[replace(e) for e in services.entries])
        for entry in done.entries:
            if isinstance(entry.node, Map):
                entry.node = self.service(entry.node)
        entries = [replace(e, node=done) if e.key == "services" else e for e in root.entries]
        return replace(root, entries=entries)

    def service(self, node: Map) -> Map:
        """One service with the short syntaxes written out."""
        entries = []
        for entry in node.entries:
            if entry.key in LONG and isinstance(entry.node, Seq):
                make = LONG[entry.key]
                items = [make(i) if isinstance(i, Value) else i for i in entry.node.items]
                entry = replace(entry, node=replace(entry.node, items=items))
            elif entry.key in PAIRS:
                entry = replace(entry, node=pairs(entry.node))
            elif entry.key == "build" and isinstance(entry.node, Map):
                args = [
                    replace(e, node=pairs(e.node)) if e.key == "args" else e
                    for e in entry.node.entries
                ]
                entry = replace(entry, node=replace(entry.node, entries=args))
            elif entry.key == "build" and isinstance(entry.node, Value):
                value = entry.node
                context = Entry("context", value.start, value.end, value)
                entry = replace(entry, node=Map(value.source, value.start, value.end, [context]))
            elif entry.key == "depends_on" and isinstance(entry.node, Seq):
                entry = replace(entry, node=dependencies(entry.node))
            entries.append(entry)
        given = self.given(node)
        if given:
            held = next((e for e in entries if e.key == "environment"), None)
            if held is None:
                at = node.get("env_file")
                assert at is not None
                held = Entry("environment", at.start, at.end, Map(at.source, at.start, at.end))
                entries.append(held)
            if isinstance(held.node, Map):
                own = held.node.entries
                held.node = replace(held.node, entries=[*own, *given])
        return replace(node, entries=entries)

    def given(self, service: Map) -> list[Entry]:
        """The variables of the service's env_files, the later file winning."""
        found: dict[str, Entry] = {}
        for item in members(service.get("env_file")):
            name = item.get("path") if isinstance(item, Map) else item
            if not isinstance(name, Value) or name.unresolved:
                continue
            needed = item.get("required") if isinstance(item, Map) else None
            self.asked.add(beside(name.source.path, name.text))
            source = self.read(beside(name.source.path, name.text))
            if source is None:
                optional = isinstance(needed, Value) and needed.text == "false"
                self.missing.append((name, not optional))
                continue
            for key, value in dotenv.parse(source).items():
                found[key] = Entry(key, value.start, value.end, value, merged=True)
        return list(found.values())


def beside(path: str, name: str) -> str:
    """The path in the repository of a file named in the file at `path`."""
    return posixpath.normpath(posixpath.join(posixpath.dirname(path), name))
