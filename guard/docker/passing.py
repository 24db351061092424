"""The steps of a build through the gate, between what was typed and what is run."""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from guard.docker import standing
from guard.docker.context.scope import around
from guard.docker.examine import Case, examine
from guard.docker.front import real
from guard.docker.gate import Verdict, judge
from guard.docker.line.build import Build, CommandLine, Tool
from guard.docker.line.wishes import Wishes
from guard.errors import GuardError
from guard.finding import Finding, Severity
from guard.git import Repository
from guard.values import replace

if TYPE_CHECKING:
    from guard.docker.labels import Dirt
    from guard.docker.orders import Orders


def stranding(lines: Sequence[CommandLine], place: str, cwd: str) -> list[str]:
    """Why docker-compose 1 must not run this; empty where it may.

    Only where the engine's API has no ContainerConfig is it asked what would be recreated.
    """
    for line in lines:
        if line.tool is not Tool.COMPOSE_V1:
            continue
        from guard.docker import composev1
        from guard.docker.front.engine import Engine

        if not composev1.may_recreate(line):
            continue
        engine = Engine((real.program("docker"), *reached(line)))
        api = engine.api_version()
        if not composev1.dies(api, composev1.spoken(line, cwd)):
            continue
        typed = (place, *line.before()[1:])
        found = composev1.threatened(line, typed, engine)
        if found:
            return [
                *composev1.refusal(found, api, line.words),
                f"guard: blocked: docker-compose 1 would strand {len(found)} "
                f"container{'s' * (len(found) != 1)} (docker-compose did not run)",
            ]
    return []


def reached(line: CommandLine) -> list[str]:
    """The flags by which docker reaches the engine that the compose command is for."""
    same = {"host", "context", "tls", "tlsverify", "tlscacert", "tlscert", "tlskey"}
    return [f"--{flag.name}={flag.value}" for flag in line.root if flag.name in same]


def case(lines: Sequence[CommandLine], cwd: str, wanted: Wishes) -> Case:
    """What the command builds, and what enters it from where."""
    return examine(lines, cwd, exactly(cwd, wanted))


def exactly(cwd: str, wanted: Wishes) -> Callable[[Build], bool]:
    """Which images are built from the commit itself: by the command, or by the configuration."""
    if wanted.exact:
        return lambda build: True
    if wanted.reason:
        return lambda build: False
    chosen = configured(cwd)
    return lambda build: "*" in chosen or (bool(build.name) and build.name in chosen)


def configured(cwd: str) -> frozenset[str]:
    """The key `exact` of the committed guard.toml of the repository around."""
    repository = around(cwd)
    return frozenset(standing.config(repository).settings.exact if repository else ())


def verdicts(found: Case, *, offline: bool = False) -> list[Verdict]:
    """What the checks say of the files on disk that enter, and of those of the commit that do."""
    loose = list(judge(found.scopes, found.findings, offline=offline))
    if not found.committed:
        return loose
    said = {finding for verdict in loose for finding in verdict.outcome.findings}
    exact = [
        without(verdict, said) for verdict in judge(found.committed, offline=offline, exact=True)
    ]
    return loose + exact


def without(verdict: Verdict, said: set[Finding]) -> Verdict:
    """The verdict without what was said already."""
    left = tuple(f for f in verdict.outcome.findings if f not in said)
    return replace(verdict, outcome=replace(verdict.outcome, findings=left))


def may_be_overridden(found: Sequence[Verdict]) -> bool:
    """Whether all that stands in the way is the state of the tree, which a reason excuses."""
    return all(
        finding.check == "tree"
        for verdict in found
        for finding in verdict.outcome.findings
        if finding.severity is Severity.ERROR and finding.ignored is None
    )


def recorded(found: Sequence[Verdict], reason: str) -> dict[str, Dirt]:
    """By the root of each repository in the way, what is let through; the difference is kept."""
    from guard.docker import dirt

    said = {}
    for repository in in_the_way(found):
        said[repository.root] = dirt.recorded(repository, reason)
    return said


def told(line: CommandLine) -> str:
    """A command line without its flags, whose values may be secrets, as a URL's user may."""
    from guard.docker.labels import public

    name = os.path.basename(line.words[0])
    group = {Tool.COMPOSE: ["compose"], Tool.BUILDX: ["buildx"]}.get(line.tool, [])
    verb = line.words[line.at - line.length : line.at]
    return " ".join(
        [name, *(group if name == "docker" else ()), *verb, *map(public, line.operands)]
    )


def kept(found: Sequence[Verdict], line: CommandLine) -> list[str]:
    """Keeps the work trees of a refused build; a line for each that says how to get it back."""
    from guard import rescue

    lines = []
    for repository in in_the_way(found):
        try:
            states = rescue.keep(repository, f"refused: {told(line)}"[:200])
        except GuardError as problem:
            lines.append(f"guard: the work tree could not be kept: {problem.message}")
            continue
        lines += [f"guard: kept as {one.commit[:10]}: guard rescue show {one.commit[:10]}"
                  for one in states[:1]]  # fmt: skip
        large = [os.path.join(one.root, path) for one in states for path in one.left_out]
        if large:
            named = ", ".join(os.path.relpath(path) for path in large[:5])
            more = f" and {len(large) - 5} more" if len(large) > 5 else ""
            lines.append(f"guard: too large to be kept: {named}{more}")
    return lines


def in_the_way(found: Sequence[Verdict]) -> list[Repository]:
    """The repositories whose state is in the way of the build."""
    roots = dict.fromkeys(verdict.root for verdict in found if verdict.outcome.errors)
    return [repository for root in roots if (repository := around(root)) is not None]


def watches(found: Case) -> bool:
    """Whether compose goes on to build by itself what changes."""
    return any(line.verb == "watch" or line.on("watch") for line, _ in found.readings)


def compose_file(line: CommandLine) -> bytes | None:
    """What compose was given on stdin, of which guard has made a copy."""
    if not any(f.name == "file" and f.value == "-" for f in line.root):
        return None
    size = os.fstat(0).st_size
    return os.pread(0, size, 0)


def run(place: str, given: Orders) -> int:
    """Runs the build as a child; the status that a shell would see."""
    from guard.docker.front import child

    env = {**os.environ, **given.env, real.PASSED: "1"}
    if given.stdin is None:
        return child.run(place, given.build, env, feed=given.feed)
    handle = os.memfd_create("compose", os.MFD_CLOEXEC)
    try:
        os.write(handle, given.stdin)
        os.lseek(handle, 0, os.SEEK_SET)
        return child.run(place, given.build, env, stdin=handle)
    finally:
        os.close(handle)


def changed(found: Case, before: Sequence[Verdict], since: float) -> list[str]:
    """The files that entered from disk and were not the same all the while."""
    loose = [verdict for verdict in before if verdict.state is not None] if found.scopes else []
    from guard.docker import recheck

    return recheck.changed(found.scopes, loose, since)
