"""From a command line to what is to be judged: images, their files, and what is known at once."""

from __future__ import annotations

import io
import os
from collections.abc import Callable, Iterator, Sequence

from guard.docker.builders.frontend import frontend
from guard.docker.context import context, stdin
from guard.docker.context.ignore import EVERYTHING
from guard.docker.context.scope import Scope, around, scope, steered
from guard.docker.line.build import Build, CommandLine, Frontend, Kind, Tool
from guard.errors import GuardError
from guard.finding import REPOSITORY, Finding, Location, Severity
from guard.git import Repository


class Case:
    """What is to be judged about one command line; filled in step by step."""

    def __init__(self) -> None:
        self.builds: list[Build] = []
        """The images it builds; none where nothing is to be built."""

        self.scopes: list[Scope] = []
        """What their contexts let in."""

        self.findings: list[tuple[Repository, Finding]] = []
        """What is known already, each about a repository."""

        self.readings: list[tuple[CommandLine, tuple[Build, ...]]] = []
        """Each reading of the command line that makes sense, and what it builds."""

        self.committed: list[Scope] = []
        """What enters from a commit itself, whatever lies in the work tree."""

        self.exact: set[Build] = set()
        """The images that are built from a commit itself."""


def never(build: Build) -> bool:
    """Builds nothing from the commit itself."""
    return False


def examine(lines: Sequence[CommandLine], cwd: str, exact: Callable[[Build], bool] = never) -> Case:
    """The case of a command line, over all its readings.

    `exact` says which images are to be built from the commit itself.

    A reading that makes no sense is left out as long as another does; a GuardError where none
    does. Stdin is read where the verdict needs it, and a copy takes its place.
    """
    copy = stdin.spooled() if any(stdin.wanted(line) for line in lines) else None
    case, problems = Case(), list[GuardError]()
    for line in lines:
        try:
            one(case, line, cwd, copy, exact)
        except GuardError as problem:
            problems.append(problem)
    if len(problems) == len(lines):
        raise problems[0]
    return case


def one(
    case: Case,
    line: CommandLine,
    cwd: str,
    copy: io.BufferedRandom | None,
    exact: Callable[[Build], bool],
) -> None:
    """Adds what one reading of the command line builds."""
    builds = built(line, cwd, copy)
    case.builds.extend(builds)
    case.readings.append((line, builds))
    case.exact.update(build for build in builds if exact(build))
    asked: list[Frontend] = []

    def kind() -> Frontend:
        if not asked:
            asked.append(frontend(line, cwd))
        return asked[0]

    seen = set()
    for build in builds:
        entering = case.committed if build in case.exact else case.scopes
        for place in build.contexts():
            own = build.dockerfile if not place.name else None
            if (place, own, build.ignore_file, build in case.exact) in seen:
                continue
            seen.add((place, own, build.ignore_file, build in case.exact))
            if place.kind is Kind.FOLDER:
                given = build.ignore_file if not place.name else None
                part = scope(place.place, own, given, kind, build.frontend)
                entering.append(part)
                if not place.name and build not in case.exact:
                    of_git(case, build, part)
            elif place.kind is Kind.GIT:
                from_git(case, place.place, cwd)
            elif place.kind is Kind.STDIN and copy is not None:
                from_stdin(case, copy, cwd)
        entering += elsewhere(case, build, cwd)
    if copy is not None and "-" in line.all("file") and line.verb == "build":
        case.findings.extend(dockerfile_on_stdin(copy, cwd))


def built(line: CommandLine, cwd: str, copy: io.BufferedRandom | None) -> tuple[Build, ...]:
    """The images of one reading, as the tool in question knows them."""
    given = None
    if line.tool in (Tool.COMPOSE, Tool.COMPOSE_V1) or line.verb == "bake":
        if copy is not None:
            copy.seek(0)
            given = copy.read()
            copy.seek(0)
        from guard.docker.builders import bake, compose

        resolve = bake.builds if line.verb == "bake" else compose.builds
        return resolve(line, cwd, given)
    return context.builds(line, cwd)


def elsewhere(case: Case, build: Build, cwd: str) -> Iterator[Scope]:
    """The files that steer a build and lie outside its context: they, too, must be committed."""
    places = build.sources if build.inline else ()
    if build.dockerfile is not None:
        both = dict.fromkeys((build.dockerfile, os.path.realpath(build.dockerfile)))
        places = tuple(place for place in both if not within(place, build.context.place))
    for place in places:
        if around(os.path.dirname(place)) is not None:
            yield from steered([place])
        elif (here := around(cwd)) is not None:
            message = f"{place} decides what is built and is in no git repository"
            case.findings.append(
                (
                    here,
                    Finding(
                        "tree/no-repository",
                        message,
                        Location(REPOSITORY),
                        severity=Severity.WARNING,
                    ),
                )
            )


def within(place: str, folder: str) -> bool:
    """Whether a path lies in a folder, links followed up to its last part."""
    parent = os.path.realpath(os.path.dirname(place))
    return parent == folder or parent.startswith(folder.rstrip("/") + "/")


def of_git(case: Case, build: Build, part: Scope) -> None:
    """A warning where the image would hold a password out of the repository's own `.git`."""
    if not os.path.isdir(os.path.join(part.folder, ".git")):
        return
    from guard.docker.context import gitfolder

    repository = around(part.folder)
    if repository is not None and repository.root == part.folder:
        for finding in gitfolder.findings(build, part, repository):
            if (repository, finding) not in case.findings:  # once for all services
                case.findings.append((repository, finding))


def from_git(case: Case, given: str, cwd: str) -> None:
    """A build from a URL: where it is a remote of the repository here, they must agree."""
    repository = around(cwd)
    if repository is None:
        return
    from guard.docker.context import remote

    folder = os.path.join(repository.root, remote.address(given).folder).rstrip("/")
    found = list(remote.findings(given, repository))
    if found or remote.is_here(given, repository):
        case.findings.extend([(repository, finding) for finding in found])
        case.scopes.append(Scope(folder, EVERYTHING, frozenset()))


def from_stdin(case: Case, copy: io.BufferedRandom, cwd: str) -> None:
    """A tar, which must hold what the commit holds, or a Dockerfile without a context."""
    repository = around(cwd)
    head = repository.head if repository else None
    found = stdin.members(copy, len(head or "") or 40)
    if found is None:
        case.findings.extend(dockerfile_on_stdin(copy, cwd))
        return
    if repository is None:
        raise GuardError(
            "the build reads a tar from stdin, and there is no repository here to compare it with"
        )
    from guard.docker.context import archive

    findings, part = archive.compared(found, repository, cwd)
    case.findings.extend([(repository, finding) for finding in findings])
    case.committed.append(part)  # what is on disk is beside the point


def dockerfile_on_stdin(copy: io.BufferedRandom, cwd: str) -> Iterator[tuple[Repository, Finding]]:
    """A warning where the Dockerfile on stdin is in no file of the commit."""
    repository = around(cwd)
    if repository is not None:
        copy.seek(0)
        content = copy.read()
        copy.seek(0)
        for finding in stdin.dockerfile_findings(content, repository):
            yield repository, finding
