"""Places: `path :: selector`, which file and which reader they mean, and what they hold."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from guard.contracts.tree import Map, Node, leaves, select, walk
from guard.contracts.values import Missing, Source, Value, looks_secret, plain, unknown
from guard.errors import nearest
from guard.globs import matcher
from guard.snapshot import Snapshot

GLOB = re.compile(r"[*?\[]")
REGEX = re.compile(r"/(.*)/(g?)$", re.DOTALL)
AS = re.compile(r"""\s+as\s+(["'])(.*)\1\s*$""")
COMPOSE = re.compile(r"(?:^|/)(?:docker-)?compose[^/]*\.ya?ml$", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Place:
    """Where a contract looks."""

    written: str
    """As the configuration has it."""

    paths: tuple[str, ...]
    """The files: one, several compose files that are one model, or one glob."""

    selector: str
    """What is meant in them; empty where the files themselves are."""

    filters: tuple[str, ...] = ()
    """What is taken of the value: `port`, `host`, `path`, `tag`, `/regex/`."""

    template: str = ""
    """What the value looks like around what is compared, `{}` standing for that."""

    @property
    def is_glob(self) -> bool:
        """Whether it may mean several files."""
        return any(GLOB.search(path) for path in self.paths)

    @property
    def several(self) -> bool:
        """Whether it may mean several values."""
        if self.is_glob or self.selector.endswith("/g"):
            return True
        return "[*]" in self.selector or bool(re.search(r"(?:^|\.)\*(?:\.|\[|$)", self.selector))

    @property
    def secret(self) -> bool:
        """Whether the selector says that the value is to be shown to nobody."""
        return any(looks_secret(word) for word in re.findall(r"[\w-]+", self.selector))

    @property
    def is_compose(self) -> bool:
        """Whether its file goes by a name of compose files."""
        return any(COMPOSE.search(path) for path in self.paths)

    def means(self, paths: Sequence[str]) -> bool:
        """Whether one of these files is its own."""
        if any(path in self.paths for path in paths):
            return True
        if not self.is_glob:
            return False
        meant = matcher([f"/{path.lstrip('/')}" for path in self.paths])
        return any(meant(path) for path in paths)

    def touches(self, paths: Sequence[str]) -> bool:
        """Whether a change of these files may change what it means."""
        # What a compose file says may stand in files that it names.
        return self.means(paths) or (self.is_compose and any(FEEDS.search(p) for p in paths))


FEEDS = re.compile(
    r"\.ya?ml$|(?:^|/)[^/]*\.?env[^/]*$|(?:^|/)[^/]*(?:Docker|Container)file[^/]*$", re.IGNORECASE
)


def parsed(written: str) -> Place:
    """A place as the configuration writes it."""
    text = written.strip()
    template = AS.search(text)
    if template is not None:
        text = text[: template.start()]
        if "{}" not in template[2]:
            raise Missing(
                f"the template {template[2]!r} has no {{}} for the value",
                'like: as "http://localhost:{}"',
            )
    path, split, selector = text.partition(" :: ")
    if not split and "::" in text:
        path, split, selector = text.partition("::")
    selector, filters = piped(selector.strip())
    paths = tuple(normal(part) for part in path.split(" + "))
    return Place(written.strip(), paths, selector, filters, template[2] if template else "")


def normal(path: str) -> str:
    """A path without `./` and doubled slashes."""
    path = path.strip()
    return posixpath.normpath(path) if path else path


def piped(selector: str) -> tuple[str, tuple[str, ...]]:
    """A selector and what stands behind ` | ` in it; a regex may hold bars of its own."""
    if selector.startswith("/") and REGEX.match(selector):
        return selector, ()
    head, *rest = re.split(r"\s\|\s", selector)
    return head.strip(), tuple(part.strip() for part in rest)


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


class Files:
    """The files of a snapshot, each read and parsed at most once in a run."""

    def __init__(self, snapshot: Snapshot) -> None:
        self.snapshot = snapshot
        self.sources: dict[str, Source | None] = {}
        self.documents: dict[tuple[str, ...], Document] = {}

    def source(self, path: str) -> Source | None:
        """The text at a path, symlinks followed inside the repository; None where there is none."""
        if path not in self.sources:
            self.sources[path] = None
            file = self.snapshot.file(path)
            if file is not None and file.mode == "120000":
                target = self.snapshot.read(file).decode("utf-8", "surrogateescape")
                self.sources[path] = self.source(
                    posixpath.normpath(posixpath.join(posixpath.dirname(path), target))
                )
            elif file is not None and file.is_regular:
                self.sources[path] = Source(path, self.snapshot.text(file))
        return self.sources[path]

    def needed(self, path: str) -> Source:
        """The text at a path; Missing with the nearest name where there is none."""
        source = self.source(path)
        if source is None:
            raise Missing(f"there is no file {path!r} in {self.snapshot.title}", self.near(path))
        return source

    def near(self, path: str) -> str:
        """What may have been meant by a path."""
        known = list(self.snapshot.files())
        same = [p for p in known if posixpath.basename(p) == posixpath.basename(path)]
        if same:
            return f"did you mean {same[0]!r}?"
        import difflib

        close = difflib.get_close_matches(path, known, n=1, cutoff=0.6)
        return (
            f"did you mean {close[0]!r}?"
            if close
            else "a contract reads only files that are in git"
        )

    def matching(self, globs: Sequence[str]) -> list[str]:
        """Sorted paths of the regular files that globs from the root mean; Missing for none."""
        exact = [g for g in globs if not GLOB.search(g) and self.snapshot.file(g) is not None]
        if len(exact) == len(globs):
            return exact
        meant = matcher([f"/{normal(glob).lstrip('/')}" for glob in globs])
        found = sorted(p for p, f in self.snapshot.files().items() if f.is_regular and meant(p))
        if not found:
            raise Missing(f"no file matches {', '.join(globs)}", self.near(globs[0]))
        return found

    def document(self, paths: tuple[str, ...]) -> Document:
        """One file, or several compose files as one model, parsed."""
        if paths not in self.documents:
            if self.snapshot.file(paths[0]) is None:
                self.needed(paths[0])
            self.documents[paths] = opened(paths, self)
        return self.documents[paths]

    def values(self, place: Place) -> list[Value]:
        """What a place holds; Missing where it holds nothing, or several where one is meant."""
        if not place.selector:
            raise Missing(f"{place.written!r} has no selector", "write it as: path :: selector")
        groups = [(p,) for p in self.matching(place.paths)] if place.is_glob else [place.paths]
        values: list[Value] = []
        for paths in groups:
            try:
                values += self.selected(paths, place)
            except Missing as problem:
                if paths[0] in problem.message:
                    raise
                where = " + ".join(paths)
                raise Missing(f"{where}: {problem.message}", problem.hint) from None
        if len(values) > 1 and not place.several:
            lines = ", ".join(str(v.at.line) for v in values[:6])
            raise Missing(
                f"{place.written!r} means {len(values)} values (lines {lines}), where one is meant",
                "write /…/g for all" if match_of(place) else "say [0] for the first or [*] for all",
            )
        return values

    def selected(self, paths: tuple[str, ...], place: Place) -> list[Value]:
        """What a place holds in one file."""
        match = match_of(place)
        if match is not None:
            values = searched(self.needed(paths[0]), match[1])
        else:
            values = self.document(paths).select(place.selector)
        for name in place.filters:
            values = [filtered(value, name) for value in values]
        return (
            [untemplated(value, place.template) for value in values] if place.template else values
        )


def match_of(place: Place) -> re.Match[str] | None:
    """The regex that a selector is; None where it is another."""
    return REGEX.match(place.selector) if place.selector.startswith("/") else None


def opened(paths: tuple[str, ...], files: Files) -> Document:
    """The reader of a file's kind, told by its name and, where that does not tell, its text."""
    path = paths[0]
    name = posixpath.basename(path).lower()
    source = files.needed(path)
    if len(paths) > 1 or COMPOSE.search(path):
        return compose(paths, files)
    for pattern, reader in KINDS:
        if pattern.search(f"/{path}".lower()):
            return reader(source)
    if name.endswith((".yml", ".yaml")):
        from guard.contracts import yamltree

        tree = yamltree.parse(source)
        if isinstance(tree, Map) and isinstance(tree.get("services"), Map):
            return compose(paths, files)
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


def compose(paths: tuple[str, ...], files: Files) -> Document:
    """Compose files."""
    from guard.contracts.compose import load

    return Tree(load(paths, files.source).root)


def json(source: Source) -> Document:
    """A JSON file."""
    from guard.contracts import jsontree

    return Tree(jsontree.parse(source))


def toml(source: Source) -> Document:
    """A TOML file."""
    from guard.contracts import tomltree

    return Tree(tomltree.parse(source))


def python(source: Source) -> Document:
    """A Python file."""
    from guard.contracts.python import Module

    return Module(source)


def shell(source: Source) -> Document:
    """A shell script."""
    from guard.contracts.shell import Script

    return Script(source)


def javascript(source: Source) -> Document:
    """A JavaScript file."""
    from guard.contracts.javascript import Program

    return Program(source)


def dockerfile(source: Source) -> Document:
    """A Dockerfile."""
    from guard.contracts.dockerfile import Dockerfile

    return Dockerfile(source)


def nginx(source: Source) -> Document:
    """An nginx configuration."""
    from guard.contracts.nginx import Config

    return Config(source)


def makefile(source: Source) -> Document:
    """A Makefile."""
    from guard.contracts.makefile import Makefile

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
    from guard.contracts.dotenv import parse

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
    from guard.contracts import yamltree

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


def searched(source: Source, pattern: str) -> list[Value]:
    """What a regex finds: its group `value`, its first group, or all of the match."""
    try:
        regex = re.compile(pattern, re.MULTILINE)
    except re.error as problem:
        raise Missing(f"the regex /{pattern}/ is wrong: {problem}") from None
    group = "value" if "value" in regex.groupindex else 1 if regex.groups else 0
    found = []
    for match in regex.finditer(source.text):
        start, end = match.span(group)
        if start >= 0:
            found.append(plain(source, start, end))
    if not found:
        raise Missing(f"the regex /{pattern}/ finds nothing in {source.path}")
    return found


URL = re.compile(
    r"(?:(?P<scheme>[a-zA-Z][\w+.-]*):)?(?://)?(?:[^/@\s]*@)?(?P<host>\[[^\]]*\]|[^/:\s?#]+)?(?::(?P<port>\d+|[^/\s?#]+))?(?P<path>/[^?#\s]*)?"
)
IMAGE = re.compile(r"(?P<name>(?:[^/@]+/)*[^:@/]+)(?::(?P<tag>[^@]+))?(?:@(?P<digest>.+))?$")
PARTS = {
    "scheme": URL,
    "host": URL,
    "port": URL,
    "path": URL,
    "name": IMAGE,
    "tag": IMAGE,
    "digest": IMAGE,
}


def filtered(value: Value, name: str) -> Value:
    """A part of a value: of a URL, of an image, or what a regex finds."""
    regex = REGEX.match(name)
    if regex is not None:
        match = re.search(regex[1], value.text)
        group: int | str = 1 if match is not None and match.re.groups else 0
    elif name in PARTS:
        match, group = PARTS[name].match(value.text), name
    else:
        raise Missing(
            f"nothing is called {name!r} behind a bar", nearest(name, [*PARTS, "/regex/"])
        )
    if match is None or match.start(group) < 0:
        raise Missing(f"the value at {value.at.path}:{value.at.line} has no {name}")
    return value.cut(*match.span(group))


def untemplated(value: Value, template: str) -> Value:
    """What stands for `{}` where the value looks like the template; all of it where not."""
    before, _, after = template.partition("{}")
    text = value.text
    fits = (
        text.startswith(before) and text.endswith(after) and len(text) >= len(before) + len(after)
    )
    return value.cut(len(before), len(text) - len(after)) if fits else value
