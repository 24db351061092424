"""Which images and containers of compose projects hold code of this repository."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from guard.docker.age import History, Subject, labels, of_container, of_image
from guard.docker.builders import compose, composeline
from guard.docker.front.engine import Engine
from guard.docker.line.build import CommandLine
from guard.docker.line.commandline import parse
from guard.errors import GuardError

PROJECT = "com.docker.compose.project"


def subjects(engine: Engine, history: History, project: str | None, cwd: str) -> list[Subject]:
    """The containers of one project, or of all that were started from the work tree.

    Besides them the images that the compose file here would build and that no container runs. What
    runs somebody else's image has no commit here to be behind of, and is left out. A GuardError
    where nothing is left.
    """
    here = None if project else described(cwd)
    found = list(containers(engine, history, project, here))
    if here is not None:
        found += images(engine, here, {subject.image for subject in found})
    if not found:
        whose = f"the project {project!r}" if project else "a compose project of this folder"
        raise GuardError(
            f"no container and no image of {whose} was built from here",
            "name an image or a container: guard image check IMAGE\n"
            "or a project: guard image check --project NAME (see: docker compose ls --all)",
        )
    return sorted(found, key=lambda s: (s.project, s.name))


def containers(
    engine: Engine, history: History, project: str | None, here: compose.Project | None
) -> Iterator[Subject]:
    """The containers, one-off ones left out."""
    for about in engine.containers("label=" + PROJECT + (f"={project}" if project else "")):
        own = labels(about)
        name, service = own.get(PROJECT, ""), own.get("com.docker.compose.service", "")
        if own.get("com.docker.compose.oneoff") == "True":
            continue
        if here is not None and name == here.name and service in here.services:
            if compose.buildable(here, service):
                yield of_container(engine, about)
            continue
        place = own.get("com.docker.compose.project.working_dir", "")
        if not (project or history.holds(place)):
            continue
        subject = of_container(engine, about)
        if not subject.pulled or history.knows(subject.stamp.revision):
            yield subject


def images(engine: Engine, here: compose.Project, run: set[str]) -> Iterator[Subject]:
    """The images that the project would build, that are there and that no container runs."""
    for service, about in here.services.items():
        if not compose.buildable(here, service):
            continue
        for name in names(here, service, about):
            found = engine.inspect("image", [name])
            if found and name not in run:
                yield of_image(found[0], name)
            if found:
                break


def names(here: compose.Project, service: str, about: Mapping[str, object]) -> list[str]:
    """What the image of a service may be called: as it says, or as compose 2 or 1 calls it."""
    said = about.get("image")
    return [str(said)] if said else [f"{here.name}-{service}", f"{here.name}_{service}"]


def described(cwd: str) -> compose.Project | None:
    """The project of the compose file around; None without one, or without a compose."""
    for words, v1 in ((("docker", "compose", "build"), False), (("docker-compose", "build"), True)):
        line: CommandLine = parse(words, v1=v1)[0]
        if not any(composeline.files(line, cwd)):
            return None
        try:
            return compose.resolved(line, (), cwd, None)
        except GuardError:
            continue
    return None
