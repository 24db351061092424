"""What a command line builds, as values: the command, its contexts, the files that steer it."""

from __future__ import annotations

from collections.abc import Iterator
from enum import StrEnum

from guard.values import dataclass


class Tool(StrEnum):
    """Whose command line it is."""

    DOCKER = "docker"
    BUILDX = "buildx"
    COMPOSE = "compose"
    COMPOSE_V1 = "docker-compose 1"
    PODMAN = "podman"
    BUILDAH = "buildah"


class Frontend(StrEnum):
    """Who reads the context: what an ignore file means depends on it."""

    LEGACY = "legacy"
    BUILDKIT = "buildkit"
    LEGACY_20 = "legacy before 23"
    BUILDKIT_20 = "buildkit before 23"
    BUILDAH = "buildah"
    DOCKER_PY = "docker-compose 1, through the engine's API"

    @property
    def is_legacy(self) -> bool:
        """Whether it is the builder before BuildKit, in a client of whatever version."""
        return self in (Frontend.LEGACY, Frontend.LEGACY_20, Frontend.DOCKER_PY)


class Kind(StrEnum):
    """Where the files of a context come from."""

    FOLDER = "folder"
    STDIN = "stdin"
    GIT = "git"
    ELSEWHERE = "elsewhere"
    """An archive on the web, an image, another target: nothing of the user's own."""


@dataclass(frozen=True, slots=True)
class Flag:
    """One flag as it was given."""

    name: str
    """The long name without dashes; the short one where there is no long one."""

    value: str
    """What it was given; `true` for a switch without a value."""

    at: int
    """Index of its word on the command line."""


@dataclass(frozen=True, slots=True)
class CommandLine:
    """A command that builds, or may build, taken apart."""

    tool: Tool
    """Whose command line it is."""

    words: tuple[str, ...]
    """All words as they were typed, the program's name first."""

    verb: str
    """What is asked for: build, bake, up, run, create, watch or scale."""

    at: int
    """Index of the word behind the verb: where further flags of the verb may be put."""

    root: tuple[Flag, ...]
    """The flags before the verb."""

    flags: tuple[Flag, ...]
    """The flags behind the verb."""

    operands: tuple[str, ...]
    """What is no flag: contexts, services or targets."""

    unknown: tuple[str, ...] = ()
    """Flags that no table holds; other readings of the same words may then exist."""

    length: int = 1
    """How many words the verb has: `alpha watch` has two."""

    def last(self, name: str) -> str | None:
        """The value that the flag was given last, behind the verb; None where it was not."""
        return next((f.value for f in reversed(self.flags) if f.name == name), None)

    def all(self, name: str) -> list[str]:
        """Every value that the flag was given behind the verb, in order."""
        return [f.value for f in self.flags if f.name == name]

    def on(self, name: str) -> bool:
        """Whether a switch behind the verb is on."""
        return truthy(self.last(name) or "false")

    def before(self) -> tuple[str, ...]:
        """The words before the verb: the program with its own flags, as another verb needs it."""
        return self.words[: self.at - self.length]

    def root_last(self, name: str) -> str | None:
        """The value that the flag was given last, before the verb; None where it was not."""
        return next((f.value for f in reversed(self.root) if f.name == name), None)

    def root_on(self, name: str) -> bool:
        """Whether a switch before the verb is on."""
        given = [f.value for f in self.root if f.name == name]
        return bool(given) and truthy(given[-1])


def truthy(text: str) -> bool:
    """What Go's strconv.ParseBool makes of a switch's value; anything unknown counts as on."""
    return text not in ("0", "f", "F", "false", "FALSE", "False")


@dataclass(frozen=True, slots=True)
class Context:
    """One source of files for a build."""

    kind: Kind
    """Where its files come from."""

    place: str
    """An absolute folder, a URL, `-`, or what else was given."""

    name: str = ""
    """The name of an additional context; empty for the main one."""


@dataclass(frozen=True, slots=True)
class Build:
    """One image that will be built."""

    context: Context
    """The main context."""

    dockerfile: str | None = None
    """Absolute path of the local file that steers the build.

    None where there is none: on stdin, inline in a compose or bake file, or in a remote context.
    """

    named: tuple[Context, ...] = ()
    """Additional contexts."""

    name: str = ""
    """The compose service or bake target; empty where there is but one image."""

    target: str = ""
    """The stage asked for; empty for the last."""

    tags: tuple[str, ...] = ()
    """The names that the image will get, as far as the command line or its file says."""

    frontend: Frontend | None = None
    """Who reads the context, where the command alone decides that."""

    ignore_file: str | None = None
    """An ignore file given on the command line, which podman and buildah allow."""

    inline: bool = False
    """Whether the Dockerfile's text is part of a compose or bake file."""

    sources: tuple[str, ...] = ()
    """Absolute paths of the compose or bake files that describe this build."""

    labels: frozenset[str] = frozenset()
    """Labels that a compose or bake file, or a Dockerfile written in it, sets itself."""

    def contexts(self) -> Iterator[Context]:
        """The main context and the additional ones."""
        yield self.context
        yield from self.named
