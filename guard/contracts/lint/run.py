"""What is wrong with compose files by themselves: the rules of the compose check."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Any

from guard.contracts.evaluate import guarded
from guard.contracts.formats.compose import Project, beside, load
from guard.contracts.formats.tree import Map
from guard.contracts.lint.before import earlier, sifted
from guard.contracts.lint.health import depends_without_health, no_healthcheck
from guard.contracts.lint.mounts import (
    anonymous_volume,
    env_file_missing,
    mount_missing,
    volume_not_seeded,
    volume_unused,
)
from guard.contracts.lint.ports import port_taken
from guard.contracts.lint.secrets import placeholder_secret
from guard.contracts.lint.stack import Rule, Stack, submodule
from guard.contracts.place import COMPOSE
from guard.contracts.places import Files
from guard.contracts.scope import touched
from guard.contracts.services import Service
from guard.contracts.values import Absent, Broken, Missing
from guard.finding import Finding, Location, Severity
from guard.globs import matcher
from guard.snapshot import Snapshot


def findings(snapshot: Snapshot, options: Any) -> list[Finding]:
    """What is wrong in the compose files of a snapshot, each thing once."""
    files = Files(snapshot)
    found: dict[tuple[str, Location], Finding] = {}
    about = touched(snapshot)
    base = None if snapshot.changes is None else snapshot.base
    old = None if base is None else Files(base)
    for paths in models(files, options):
        told = list(judged(paths, files, options, about, build=snapshot.has_state))
        if told and base is not None and old is not None and about is not None:
            were = earlier(paths, snapshot, base)
            then = judged(were, old, options, None, build=False) if were else ()
            told = list(sifted(told, then, files, old, about))
        for finding in told:
            found.setdefault((finding.rule, finding.at), finding)
    return [guarded(finding, files) for finding in found.values()]


def models(files: Files, options: Any) -> Iterator[tuple[str, ...]]:
    """The compose files to judge, those that are run together as one."""
    is_compose = matcher(options.files)
    every = {p for p, f in files.snapshot.files().items() if f.is_regular and is_compose(p)}
    grouped = [tuple(group) for group in options.together]
    taken = {path for group in grouped for path in group}
    for path in sorted(every):
        base = re.sub(r"\.override(\.ya?ml)$", r"\1", path)
        if base != path and base in every:
            taken |= {path, base}
            grouped.append((base, path))
    yield from grouped
    yield from ((path,) for path in sorted(every - taken))


def judged(
    paths: tuple[str, ...],
    files: Files,
    options: Any,
    about: frozenset[str] | None,
    *,
    build: bool,
) -> Iterator[Finding]:
    """What is wrong in one model, where the run is about something that it speaks of."""
    try:
        project = load(paths, files.source)
    except (Broken, Missing) as problem:
        if about is None or about & {*paths}:
            yield unreadable(problem, paths, files)
        return
    except RecursionError:
        yield Finding("compose/unreadable", "nested too deeply", Location(paths[0]))
        return
    held = project.root.get("services")
    if not isinstance(held, Map):
        return
    services = [
        Service(name, entry.node, files)
        for name, entry in held.items()
        if isinstance(entry.node, Map)
    ]
    if about is not None and not concerned(project, services, about, build=build):
        return
    for key in project.twice:
        message = f"the key {key.text} stands twice in one mapping, which compose refuses to read"
        hint = "remove one of them"
        yield Finding("compose/unreadable", message, key.at, hint=hint, symbol=key.text)
    production = any(matcher(options.production)(path) for path in paths)
    stack = Stack(project, files, services, options, production, build)
    for name, rule in ALL.items():
        level = getattr(options, name.replace("-", "_"))
        if level == "off":
            continue
        for finding in rule(stack):
            if build and about is not None and not built(finding.at, services, about):
                continue
            yield replace(finding, rule=f"compose/{name}", severity=Severity(level))


def unreadable(problem: Broken | Missing, paths: Sequence[str], files: Files) -> Finding:
    """The finding for a model that cannot be read."""
    if isinstance(problem, Broken):
        return Finding("compose/unreadable", problem.message, problem.at, secret=True)
    at = Location(paths[0])
    if isinstance(problem, Absent) and submodule(files.snapshot.files(), problem.path):
        message = f"not judged: {problem.path} is in a submodule, where guard does not look"
        return Finding("compose/unreadable", message, at, severity=Severity.WARNING)
    return Finding("compose/unreadable", problem.message, at, hint=problem.hint)


def built(at: Location, services: Sequence[Service], about: frozenset[str]) -> bool:
    """Whether a finding is about a service whose image is built, and not about another."""
    for service in services:
        if service.dockerfile_path() in about:
            node = service.node
            whole = node.source.at(node.start, node.end)
            if at.path == whole.path and whole.line <= at.line <= whole.end_line:
                return True
    return at.path in about and not COMPOSE.search(at.path)


def concerned(
    project: Project, services: Sequence[Service], about: frozenset[str], *, build: bool
) -> bool:
    """Whether a change, or a build, is about something that a model speaks of."""
    if build:
        return any(service.dockerfile_path() in about for service in services)
    if about & {*project.paths, *project.read}:
        return True
    places = []
    for service in services:
        context = service.context()
        places += [context] if context is not None else []
        for mount in service.mounts():
            if mount.kind == "bind" and mount.origin is not None:
                places.append(beside(mount.origin.source.path, mount.origin.text))
    return any(
        place in ("", ".") or path == place or path.startswith(f"{place}/")
        for place in places
        for path in about
    )


ALL: dict[str, Rule] = {
    "port-taken": port_taken,
    "volume-not-seeded": volume_not_seeded,
    "depends-without-health": depends_without_health,
    "no-healthcheck": no_healthcheck,
    "mount-missing": mount_missing,
    "env-file-missing": env_file_missing,
    "volume-unused": volume_unused,
    "anonymous-volume": anonymous_volume,
    "placeholder-secret": placeholder_secret,
}
