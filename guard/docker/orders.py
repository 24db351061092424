"""What is run in place of a command that builds: the same, with labels, maybe from the commit."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, BinaryIO

from guard.docker import stamping
from guard.docker.builders import frontend
from guard.docker.builders.composeline import folder, services, without
from guard.docker.labels import Dirt
from guard.docker.line.build import Build, CommandLine, Frontend, Kind, Tool
from guard.values import dataclass, field

if TYPE_CHECKING:
    from guard.docker.builders import compose
    from guard.docker.context.checkout import Checkout

COMPOSE = (Tool.COMPOSE, Tool.COMPOSE_V1)


@dataclass(frozen=True, slots=True)
class Orders:
    """What to run, word by word."""

    build: tuple[str, ...]
    """The command that builds, which guard outlives to look again."""

    then: tuple[str, ...] = ()
    """What guard becomes when that went well; empty where the build was all."""

    stdin: bytes | None = None
    """The build's standard input; None for guard's own."""

    feed: Callable[[BinaryIO], None] | None = None
    """Writes the build's standard input; None where nothing is streamed."""

    env: Mapping[str, str] = field(default_factory=dict)
    """Variables that the build gets besides guard's own."""


@dataclass(frozen=True, slots=True)
class Task:
    """A command that may run, and what guard knows of it."""

    line: CommandLine
    """The command line."""

    builds: tuple[Build, ...]
    """Its images."""

    cwd: str
    """The folder it was typed in."""

    dirt: Mapping[str, Dirt] = field(default_factory=dict)
    """By the root of a repository, what of it was let through."""

    exact: frozenset[Build] = frozenset()
    """The images to be built from the commit itself."""

    frontend: Callable[[Build], Frontend] = lambda build: build.frontend or Frontend.BUILDKIT
    """Who reads the contexts of an image."""

    def labels(self, build: Build) -> dict[str, str]:
        """The labels that guard gives to an image."""
        return stamping.labels(build, self.line, self.cwd, self.dirt)


def orders(task: Task, checkout: Checkout, stdin: bytes | None = None) -> Orders:
    """The orders for a command; `stdin` is what compose read from there."""
    if task.line.tool in COMPOSE:
        return composed(task, checkout, stdin)
    if task.line.verb == "bake":
        return baked(task, checkout)
    return built(task, checkout)


def built(task: Task, checkout: Checkout) -> Orders:
    """`build`: what was typed, then the labels, of which none is the user's own."""
    line, words = task.line, list(task.line.words)
    feed = None
    if task.exact:
        from guard.docker.context import exact

        [build] = task.builds if len(task.builds) == 1 else [None]
        streamed = None
        if build is not None and line.tool in (Tool.DOCKER, Tool.BUILDX) and plain(line):
            streamed = exact.stream(build, task.frontend(build), checkout)
        if streamed is not None:
            operand(words, line, "-")
            given(words, line, "file", [streamed.dockerfile])
            feed = streamed.write
        else:
            from_checkout(words, task, checkout)
    stamps = stamping.common(task.builds, line, task.cwd, task.dirt)
    added = [word for key, value in stamps.items() for word in ("--label", f"{key}={value}")]
    # buildah takes no flag behind its context, and nobody takes one behind `--`.
    at = line.at if line.tool is Tool.BUILDAH or "--" in words else len(words)
    return Orders((*words[:at], *added, *words[at:]), feed=feed)


def plain(line: CommandLine) -> bool:
    """Whether the context is the operand and stdin is not taken for anything."""
    return len(line.operands) == 1 and "-" not in line.all("file")


def from_checkout(words: list[str], task: Task, checkout: Checkout) -> None:
    """Leads every local path of the command to the commit's own files."""
    from guard.docker.context import exact

    line = task.line
    there = [exact.moved(build, checkout) for build in task.builds]
    if there[0].context.kind is Kind.FOLDER:
        operand(words, line, there[0].context.place)
    if "-" not in line.all("file"):
        given(words, line, "file", [b.dockerfile for b in there if b.dockerfile is not None])
    folders = {c.name: c.place for c in there[0].named if c.kind is Kind.FOLDER}
    named = [name.partition("=")[0] for name in line.all("build-context")]
    for flag, name in zip((f for f in line.flags if f.name == "build-context"), named, strict=True):
        if name in folders:
            value(words, flag.at, flag.value, f"{name}={folders[name]}")
    if there[0].ignore_file is not None:
        given(words, line, "ignorefile", [there[0].ignore_file])


def operand(words: list[str], line: CommandLine, place: str) -> None:
    """Puts another context in the place of the one that was typed."""
    if not line.operands:
        words.append(place)
        return
    taken = {f.at for f in line.flags} | {f.at + 1 for f in line.flags}
    places = [i for i in range(line.at, len(words)) if words[i] == line.operands[0]]
    # The value of a flag may look the same: the operand is the one behind no flag, else the last.
    free = [i for i in places if i not in taken]
    words[(free or places)[-1]] = place


def given(words: list[str], line: CommandLine, name: str, values: Sequence[str]) -> None:
    """Has a flag say something else each time it was given; adds it where it was not."""
    flags = [f for f in line.flags if f.name == name]
    for flag, new in zip(flags, values if len(values) == len(flags) else (), strict=False):
        value(words, flag.at, flag.value, new)
    if not flags:
        words[line.at : line.at] = [word for new in values for word in (f"--{name}", new)]


def value(words: list[str], at: int, old: str, new: str) -> None:
    """Replaces the value of the flag whose word is at `at`: in the same word, or in the next."""
    word = words[at]
    if word.endswith(old) and word != old and old:
        words[at] = word[: -len(old)] + new
    else:
        words[at + 1] = new


def baked(task: Task, checkout: Checkout) -> Orders:
    """`bake`: what it is to know of each target comes as `--set`."""
    added: list[str] = []
    for build in task.builds:
        said = {f"labels.{key}": value for key, value in task.labels(build).items()}
        if build in task.exact:
            from guard.docker.context import exact

            there = exact.moved(build, checkout)
            if there.context.kind is Kind.FOLDER:
                said["context"] = there.context.place
            if there.dockerfile is not None:
                said["dockerfile"] = there.dockerfile
            said |= {f"contexts.{c.name}": c.place for c in there.named if c.kind is Kind.FOLDER}
        added += [
            w for key, value in said.items() for w in ("--set", f"{build.name}.{key}={value}")
        ]
    line = task.line
    return Orders((*line.words[: line.at], *added, *line.words[line.at :]))


def composed(task: Task, checkout: Checkout, stdin: bytes | None) -> Orders:
    """`compose build`, then the command itself, which finds its images there.

    Compose gets what it made of its own files, labels added, on stdin. Only the build does: the
    containers are made from the user's own files, so that nothing of guard is in their labels and
    in the hash by which compose tells whether they have changed.
    """
    import json

    from guard.docker.builders import compose

    line = task.line
    project = compose.resolved(line, services(line), task.cwd, stdin)
    document = json.dumps(stamped(project, task, checkout), default=str).encode()
    root = ["--project-name", project.name, *folder(line, task.cwd), "--file", "-"]
    before = [*without(line, {"file", "project-name", "project-directory"}), *root]
    if line.verb == "build":
        words = (*before, *line.words[line.at - 1 :])
        return Orders(words, stdin=document)
    names = [build.name for build in task.builds]
    quiet = ["--quiet"] if line.on("quiet-build") else []
    env = {}
    if line.tool is Tool.COMPOSE_V1:
        # `build` is to go the way that the command itself would have gone.
        env[frontend.NATIVE] = "0" if frontend.by_itself(line, task.cwd) else "1"
    return Orders(
        (*before, "build", *quiet, *names),
        then=afterwards(line),
        stdin=document,
        env=env,
    )


def stamped(project: compose.Project, task: Task, checkout: Checkout) -> dict[str, Any]:
    """The project with labels, and with paths into the commit where that is asked for."""
    services = {name: dict(about) for name, about in project.services.items()}
    for build in task.builds:
        about = services[build.name]
        section = about["build"]
        section = {"context": section} if isinstance(section, str) else dict(section)
        # Compose takes `$` for a variable in whatever it reads.
        added = {key: text.replace("$", "$$") for key, text in task.labels(build).items()}
        old = section.get("labels") or {}
        if isinstance(old, list):
            section["labels"] = [*old, *(f"{key}={text}" for key, text in added.items())]
        else:
            section["labels"] = {**old, **added}
        if build in task.exact:
            from guard.docker.context import exact

            section |= located(section, exact.moved(build, checkout))
        about["build"] = section
    return {**project.document, "services": services}


def located(section: Mapping[str, Any], there: Build) -> dict[str, Any]:
    """The parts of a build section that name local paths, as the commit has them."""
    found: dict[str, Any] = {}
    if there.context.kind is Kind.FOLDER:
        found["context"] = there.context.place
    if there.dockerfile is not None:
        found["dockerfile"] = there.dockerfile
    more = {c.name: c.place for c in there.named if c.kind is Kind.FOLDER}
    if more:
        from guard.docker.builders import compose

        found["additional_contexts"] = {**compose.contexts(section), **more}
    return found


def afterwards(line: CommandLine) -> tuple[str, ...]:
    """The command without what it was to build, which is built by now."""
    gone = {f.at for f in line.flags if f.name in ("build", "quiet-build")}
    words = [word for index, word in enumerate(line.words) if index not in gone]
    if line.verb in ("up", "create"):
        words.insert(line.at, "--no-build")
    return tuple(words)
