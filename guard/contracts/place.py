"""A place as a contract names it: `path :: selector`."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Sequence
from dataclasses import dataclass

from guard.contracts.parts import REGEX
from guard.contracts.values import Missing, looks_secret
from guard.globs import matcher

GLOB = re.compile(r"[*?\[]")


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


def match_of(place: Place) -> re.Match[str] | None:
    """The regex that a selector is; None where it is another."""
    return REGEX.match(place.selector) if place.selector.startswith("/") else None
