"""Which reader a file is for, told by its name and, where that does not tell, its text."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from guard.contracts.formats.tree import Map, Node, Seq, leaves, select, steps, walk
from guard.contracts.place import COMPOSE
from guard.contracts.values import Missing, Source, Value, unknown
from guard.errors import nearest

Read = Callable[[str], Source | None]
"""The text at a path; None where there is no such file."""


class Document(Protocol):
    """A file as a reader of its kind sees it."""

    def select(self, selector: str) -> list[Value]:
        """The values that a selector means; Missing where there are none."""


@dataclass(slots=True)
class Tree:
    """A file that is a tree of mappings and lists."""

    root: Node
    """The whole."""

    def select(self, selector: str) -> list[Value]:
        """The values at a path."""
        return leaves(select(self.root, selector), selector)


@dataclass(frozen=True, slots=True)
class Stream:
    """A file of several documents, as Kubernetes has them."""

    roots: Sequence[Node]
    """The documents."""

    def select(self, selector: str) -> list[Value]:
        """The values at a path that begins with `[0]`, `[key=value]`, or a key that one has."""
        first = steps(selector)[:1]
        if not first or first[0].kind != "key":
            whole = Seq(self.roots[0].source, 0, 0, list(self.roots))
            return leaves(select(whole, selector), selector)
        maps = [root for root in self.roots if isinstance(root, Map)]
        having = [root for root in maps if root.get(first[0].key) is not None]
        if len(having) > 1:
            raise Missing(
                f"{len(having)} documents of the file have a key {first[0].key!r}",
                f"say which: [0].{selector}, or by a key of it: [kind=Service].{selector}",
            )
        if not having:
            known = [key for root in maps for key, _ in root.items()]
            hint = nearest(first[0].key, known) if known else ""
            raise Missing(f"no document of the file has a key {first[0].key!r}", hint)
        return leaves(select(having[0], selector), selector)


def opened(paths: tuple[str, ...], source: Source, read: Read) -> Document:
    """The reader of a file's kind, told by its name and, where that does not tell, its text."""
    path = paths[0]
    name = posixpath.basename(path).lower()
    if len(paths) > 1 or COMPOSE.search(path):
        return compose(paths, read)
    for pattern, reader in KINDS:
        if pattern.search(f"/{path}".lower()):
            return reader(source)
    if name.endswith((".yml", ".yaml")):
        from guard.contracts.formats import yamltree

        roots = yamltree.parsed(source, None)
        if len(roots) > 1:
            return Stream(roots)
        tree = roots[0] if roots else Map(source, 0, 0)
        if isinstance(tree, Map) and isinstance(tree.get("services"), Map):
            return compose(paths, read)
        return Tree(tree)
    first = source.text[:200].split("\n", 1)[0]
    if first.startswith("#!") and re.search(r"\b(?:ba|da|z|k)?sh\b", first):
        return shell(source)
    if first.startswith("#!") and "python" in first:
        return python(source)
    raise Missing(
        f"nothing is known of the kind of {path!r}",
        "select in it with a regex: path :: /port = (\\d+)/",
    )


def compose(paths: tuple[str, ...], read: Read) -> Document:
    """Compose files."""
    from guard.contracts.formats.compose import load

    return Tree(load(paths, read).root)


def json(source: Source) -> Document:
    """A JSON file."""
    from guard.contracts.formats import jsontree

    return Tree(jsontree.parse(source))


def toml(source: Source) -> Document:
    """A TOML file."""
    from guard.contracts.formats import tomltree

    return Tree(tomltree.parse(source))


def python(source: Source) -> Document:
    """A Python file."""
    from guard.contracts.formats.python import Module

    return Module(source)


def shell(source: Source) -> Document:
    """A shell script."""
    from guard.contracts.formats.shell import Script

    return Script(source)


def javascript(source: Source) -> Document:
    """A JavaScript file."""
    from guard.contracts.formats.javascript import Program

    return Program(source)


def dockerfile(source: Source) -> Document:
    """A Dockerfile."""
    from guard.contracts.formats.dockerfile import Dockerfile

    return Dockerfile(source)


def nginx(source: Source) -> Document:
    """An nginx configuration."""
    from guard.contracts.formats.nginx import Config

    return Config(source)


def makefile(source: Source) -> Document:
    """A Makefile."""
    from guard.contracts.formats.makefile import Makefile

    return Makefile(source)


@dataclass(slots=True)
class Variables:
    """A dotenv file."""

    given: Mapping[str, Value]
    """Its variables."""

    def select(self, selector: str) -> list[Value]:
        """The value of a variable, or of all of them."""
        if selector in ("*", "[*]"):
            return list(self.given.values())
        if selector not in self.given:
            known = sorted(self.given)
            hint = nearest(selector, known) if known else "it sets none"
            raise Missing(f"no variable {selector!r} is set", hint)
        return [self.given[selector]]


def dotenv(source: Source) -> Document:
    """A dotenv file."""
    from guard.contracts.formats.dotenv import parse

    return Variables(parse(source))


@dataclass(slots=True)
class Workflow:
    """A workflow of GitHub Actions."""

    root: Node
    """The whole."""

    def select(self, selector: str) -> list[Value]:
        """The values at a path; `env.X` means the variable at any level."""
        match = re.fullmatch(r"env\.([\w*]+)", selector)
        if match is None:
            return leaves(select(self.root, selector), selector)
        found: list[Value] = []
        known: list[str] = []

        def visit(node: Node) -> None:
            env = node.get("env") if isinstance(node, Map) else None
            if isinstance(env, Map):
                known.extend(key for key, _ in env.items())
                held = [e.node.named(k) for k, e in env.items() if isinstance(e.node, Value)]
                found.extend(v for v in held if match[1] in ("*", v.name))

        walk(self.root, visit)
        if not found:
            hint = nearest(match[1], known) if known else "it sets none"
            raise Missing(f"no env sets {match[1]!r}", hint)
        return [settled(value) for value in found]


def settled(value: Value) -> Value:
    """A value of a workflow, unknown where an expression makes it."""
    if "${{" not in value.text:
        return value
    return unknown(
        value.source, value.start, value.end, "an expression of the workflow", value.name
    )


def workflow(source: Source) -> Document:
    """A workflow of GitHub Actions."""
    from guard.contracts.formats import yamltree

    return Workflow(yamltree.parse(source))


KINDS: Sequence[tuple[re.Pattern[str], Callable[[Source], Document]]] = (
    (re.compile(r"\.(?:json|jsonc|json5|webmanifest)$"), json),
    (re.compile(r"nginx[^/]*\.(?:conf|template)|\.nginx$|\.conf(?:\.template)?$"), nginx),
    (re.compile(r"\.toml$|/pipfile$"), toml),
    (re.compile(r"\.pyi?$"), python),
    (re.compile(r"\.(?:js|mjs|cjs|jsx)$"), javascript),
    (re.compile(r"/\.(?:github|gitea|forgejo)/workflows/[^/]+\.ya?ml$"), workflow),
    (
        re.compile(r"/(?:docker|container)file(?:[.-][^/]*)?$|\.(?:docker|container)file$"),
        dockerfile,
    ),
    (re.compile(r"/\.?env(?:[.-][^/]*)?$|/\.flaskenv$|\.env(?:[.-][^/]*)?$"), dotenv),
    (re.compile(r"/(?:gnu)?makefile(?:\.[^/]*)?$|\.mk$"), makefile),
    (re.compile(r"\.(?:sh|bash|zsh|ksh|bats)$|/\.(?:bashrc|profile|bash_profile)$"), shell),
)
