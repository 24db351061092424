"""What a compose command builds: compose itself resolves its files, the engine knows the images."""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cache
from typing import Any

from guard.docker.builders import ask, dotenv
from guard.docker.builders.composeline import files, services
from guard.docker.builders.frontend import of_compose
from guard.docker.context.context import OTHER, absolute, located
from guard.docker.labels import own_labels
from guard.docker.line.build import Build, CommandLine, Context, Frontend, Kind, Tool, truthy
from guard.errors import GuardError
from guard.values import dataclass, field


@dataclass(frozen=True, slots=True)
class Project:
    """A compose project as compose resolves it."""

    name: str
    """What its containers and images are named after."""

    services: Mapping[str, Mapping[str, Any]]
    """The services by name, with absolute paths in their build sections."""

    document: Mapping[str, Any] = field(default_factory=dict)
    """All that compose made of its files."""


def builds(line: CommandLine, cwd: str, stdin: bytes | None = None) -> tuple[Build, ...]:
    """The images that a compose command builds, or would since they are missing.

    `stdin` is the compose file where one is read from there. A GuardError in compose's own words
    where compose cannot read its files.
    """
    if (line.tool is Tool.COMPOSE or line.verb != "build") and line.on("no-build"):
        return ()
    named = services(line)
    project = resolved(line, named, cwd, stdin)
    chosen = [name for name in closure(project, line, named) if buildable(project, name)]
    sure = [name for name in chosen if surely(line, project.services[name])]
    unsure = [name for name in chosen if name not in sure]
    if unsure and not (line.verb == "build" or line.on("build")):
        present = images(line, cwd)
        unsure = [n for n in unsure if present is None or not had(line, project, n, present)]
    needed = {*sure, *unsure}
    sources = tuple(files(line, cwd))
    kind = of_compose(line, cwd)
    return tuple(
        one(name, project.services[name]["build"], sources, kind)
        for name in needed_too(project, needed)
        if buildable(project, name)
    )


@cache
def resolved(
    line: CommandLine, named: tuple[str, ...], cwd: str, stdin: bytes | None = None
) -> Project:
    """The project as `compose config` prints it, with the very same flags and environment."""
    if line.tool is Tool.COMPOSE_V1:
        return _resolved_v1(line, cwd, stdin)
    words = [*line.before(), "config", "--format", "json", *named]
    try:
        found = ask.described(words, cwd, stdin)
    except GuardError as problem:
        if line.verb != "build" or stdin is not None or "env file" not in problem.message:
            raise
        from guard.docker.builders import envless

        try:
            found = envless.described(line, named, cwd)
        except GuardError:
            raise problem from None
    return Project(found.get("name", ""), found.get("services") or {}, found)


def _resolved_v1(line: CommandLine, cwd: str, stdin: bytes | None) -> Project:
    found = ask.described([*line.before(), "config"], cwd, stdin, yaml_of)
    given = line.root_last("project-name") or os.environ.get("COMPOSE_PROJECT_NAME")
    given = given or dotenv.plain(line, cwd).get("COMPOSE_PROJECT_NAME")
    if not given:
        folder = line.root_last("project-directory")
        first = next(iter(files(line, cwd)), "")
        given = os.path.basename(absolute(folder, cwd) if folder else os.path.dirname(first) or cwd)
    name = re.sub(r"[^-_a-z0-9]", "", given.lower())
    chosen = {f.value for f in line.root if f.name == "profile"}
    chosen |= set(os.environ.get("COMPOSE_PROFILES", "").split(","))
    named = set(services(line))
    return Project(
        name or "default",
        {
            service: about
            for service, about in (found.get("services") or {}).items()
            if not about.get("profiles") or chosen & set(about["profiles"]) or service in named
        },
        found,
    )


def yaml_of(text: bytes) -> Any:
    """What a YAML text says; a ValueError where it is none."""
    import yaml

    try:
        return yaml.load(text, Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader))
    except yaml.YAMLError as problem:
        raise ValueError(str(problem)) from None


def closure(project: Project, line: CommandLine, named: Sequence[str]) -> list[str]:
    """The services that the command is about: those it names and what they depend on."""
    if not named:
        return list(project.services)
    alone = line.on("no-deps") or (line.verb == "build" and not line.on("with-dependencies"))
    # What version 2 creates, it builds; what that depends on must be there.
    alone = alone or (line.verb == "create" and line.tool is Tool.COMPOSE)
    todo, found = list(named), []
    while todo:
        name = todo.pop(0)
        if name in found or name not in project.services:
            continue
        found.append(name)
        if not alone:
            todo += dependencies(project.services[name])
    return found


def dependencies(service: Mapping[str, Any]) -> Iterator[str]:
    """The services that one needs before it starts."""
    yield from service.get("depends_on") or ()
    for link in service.get("links") or ():
        yield link.partition(":")[0]
    for source in service.get("volumes_from") or ():
        yield source.partition(":")[0]
    for key in ("network_mode", "ipc", "pid"):
        kind, _, name = str(service.get(key) or "").partition(":")
        if kind == "service":
            yield name


def needed_too(project: Project, names: Iterable[str]) -> list[str]:
    """The services with those whose images the builds themselves start from."""
    todo, found = sorted(names), list[str]()
    while todo:
        name = todo.pop()
        if name in found or not buildable(project, name):
            continue
        found.append(name)
        for place in contexts(project.services[name]["build"]).values():
            if place.startswith("service:"):
                todo.append(place.removeprefix("service:"))
    return sorted(found)


def buildable(project: Project, name: str) -> bool:
    """Whether a service has a build section."""
    return bool(project.services.get(name, {}).get("build"))


def surely(line: CommandLine, service: Mapping[str, Any]) -> bool:
    """Whether the command builds a service whatever images there are."""
    if line.verb == "build" or line.on("build"):
        return True
    if line.tool is Tool.COMPOSE_V1:
        return False
    if line.verb == "watch" and not line.on("no-up") and service.get("develop"):
        return True
    return service.get("pull_policy") == "build" or line.last("pull") == "build"


def images(line: CommandLine, cwd: str) -> frozenset[str] | None:
    """The names of the engine's images; None where it does not say, as when it is down."""
    same = {"host", "context", "config", "tls", "tlsverify", "tlscacert", "tlscert", "tlskey"}
    words = ["docker", *(f"--{flag.name}={flag.value}" for flag in line.root if flag.name in same)]
    asked = [*words, "image", "ls", "--format", "{{.Repository}}:{{.Tag}}"]
    try:
        done = ask.answer(asked, cwd)
    except GuardError:
        return None
    return frozenset(os.fsdecode(done.stdout).split()) if done.returncode == 0 else None


def had(line: CommandLine, project: Project, service: str, present: frozenset[str]) -> bool:
    """Whether the image of a service is there already."""
    if line.tool is Tool.COMPOSE_V1:
        dash = "_"
    else:
        compatible = line.root_on("compatibility") or truthy(
            os.environ.get("COMPOSE_COMPATIBILITY") or "false"
        )
        dash = "_" if compatible else "-"
    name = str(project.services[service].get("image") or f"{project.name}{dash}{service}")
    name = name.removeprefix("docker.io/").removeprefix("library/")
    return (name if ":" in name.rpartition("/")[2] else name + ":latest") in present


def one(name: str, section: Any, sources: tuple[str, ...], frontend: Frontend | None) -> Build:
    """The build of one service, from its section as compose resolved it."""
    if isinstance(section, str):
        section = {"context": section}
    context = located(str(section.get("context") or "."), "/")
    given = str(section.get("dockerfile") or "Dockerfile")
    inline = bool(section.get("dockerfile_inline"))
    dockerfile = None
    if context.kind is Kind.FOLDER and not inline:
        dockerfile = os.path.normpath(os.path.join(context.place, given))
    return Build(
        context=context,
        dockerfile=dockerfile,
        named=tuple(named_contexts(section)),
        name=name,
        target=str(section.get("target") or ""),
        tags=tuple(section.get("tags") or ()),
        frontend=frontend,
        inline=inline,
        sources=sources,
        labels=own_labels(section.get("labels"), section.get("dockerfile_inline")),
    )


def named_contexts(section: Mapping[str, Any]) -> Iterator[Context]:
    """The additional contexts of a build section; other services are builds of their own."""
    for name, place in contexts(section).items():
        if place.startswith("service:"):
            continue
        if place.startswith(OTHER):
            yield Context(Kind.ELSEWHERE, place, name)
        else:
            found = located(place, "/")
            yield Context(found.kind, found.place, name)


def contexts(section: Any) -> dict[str, str]:
    """The additional contexts of a build section by name; it may be a list of assignments."""
    given = section.get("additional_contexts") if isinstance(section, Mapping) else None
    if isinstance(given, Mapping):
        return {str(name): str(place) for name, place in given.items()}
    return {name: place for name, _, place in (str(item).partition("=") for item in given or ())}
