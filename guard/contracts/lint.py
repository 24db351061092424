"""What is wrong with compose files by themselves: the rules of the compose check."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from guard.contracts.compose import Project, beside, load
from guard.contracts.dockerfile import assigned, below
from guard.contracts.evaluate import guarded
from guard.contracts.leftout import LEFT_OUT
from guard.contracts.places import Files
from guard.contracts.relations import noted, where
from guard.contracts.scope import touched
from guard.contracts.seeding import unseeded
from guard.contracts.services import Mount, Service
from guard.contracts.tree import Map, Seq
from guard.contracts.values import Broken, Missing, Value, looks_secret
from guard.finding import Finding, Location, Severity
from guard.globs import matcher
from guard.snapshot import Snapshot


@dataclass(slots=True)
class Stack:
    """One compose model being judged."""

    project: Project
    """What its files say."""

    files: Files
    """Where they and what they name are read."""

    services: list[Service]
    """Its services."""

    options: Any
    """The options of the check."""

    production: bool
    """Whether it is meant for production."""


Rule = Callable[[Stack], Iterator[Finding]]


def findings(snapshot: Snapshot, options: Any) -> list[Finding]:
    """What is wrong in the compose files of a snapshot, each thing once."""
    files = Files(snapshot)
    found: dict[tuple[str, Location], Finding] = {}
    about = touched(snapshot)
    for paths in models(files, options):
        for finding in judged(paths, files, options, about, build=snapshot.has_state):
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
            yield unreadable(problem, paths)
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
    production = any(matcher(options.production)(path) for path in paths)
    stack = Stack(project, files, services, options, production)
    for name, rule in ALL.items():
        level = getattr(options, name.replace("-", "_"))
        if level == "off":
            continue
        for finding in rule(stack):
            yield replace(finding, rule=f"compose/{name}", severity=Severity(level))


def unreadable(problem: Broken | Missing, paths: Sequence[str]) -> Finding:
    """The finding for a model that cannot be read."""
    if isinstance(problem, Broken):
        return Finding("compose/unreadable", problem.message, problem.at, secret=True)
    at = Location(paths[0])
    return Finding("compose/unreadable", problem.message, at, hint=problem.hint)


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


def found(message: str, at: Location, hint: str, symbol: str, *related: Location) -> Finding:
    """A finding; its rule and severity are put in by `judged`."""
    return Finding("compose/", message, at, hint=hint, symbol=symbol, related=related)


def ports(service: Service) -> Iterator[tuple[str, str, int, Value]]:
    """The host ports that a service takes: address, protocol, number, place."""
    listed = service.node.get("ports")
    for item in getattr(listed, "items", []):
        if not isinstance(item, Map):
            continue
        published, target = item.get("published"), item.get("target")
        address, protocol = item.get("host_ip"), item.get("protocol")
        if not isinstance(published, Value) or not isinstance(target, Value):
            continue
        match = re.fullmatch(r"(\d+)(?:-(\d+))?", published.text)
        if match is None:
            continue
        low, high = int(match[1]), int(match[2] or match[1])
        if "-" not in target.text and high > low:
            continue  # docker picks one that is free
        ip = address.text if isinstance(address, Value) else ""
        kind = protocol.text if isinstance(protocol, Value) else "tcp"
        for number in range(low, min(high, low + 1000) + 1):
            yield ("" if ip in ("0.0.0.0", "::", "[::]") else ip), kind, number, published


def together(one: Service, other: Service) -> bool:
    """Whether two services may be up at once, as far as their profiles say."""
    sets = []
    for service in (one, other):
        held = service.node.get("profiles")
        sets.append({i.text for i in getattr(held, "items", []) if isinstance(i, Value)})
    return not sets[0] or not sets[1] or bool(sets[0] & sets[1])


def port_taken(stack: Stack) -> Iterator[Finding]:
    """Two services, or one twice, on one host port."""
    seen: list[tuple[Service, str, str, int, Value]] = []
    told: set[tuple[str, str]] = set()
    for service in stack.services:
        for address, kind, number, value in ports(service):
            for other, ip, protocol, taken, at in seen:
                clash = (
                    taken == number
                    and protocol == kind
                    and (ip == address or not ip or not address)
                )
                if not clash or not together(service, other) or at.at == value.at:
                    continue
                if (service.name, other.name) in told:
                    continue
                told.add((service.name, other.name))
                who = "both" if other is not service else "twice"
                names = f"{other.name} and {service.name}" if who == "both" else service.name
                verb = "both publish" if who == "both" else "publishes"
                end = "" if who == "both" else " twice"
                yield found(
                    f"{names} {verb} the host port {number}{end} ({where(at)} and {where(value)})",
                    value.at,
                    "give one of them another port, or profiles that are never up together",
                    service.name,
                    noted(at.at, f"{other.name} publishes it here"),
                )
            seen.append((service, address, kind, number, value))


def dependencies(service: Service) -> Iterator[tuple[str, str, Location]]:
    """What a service depends on: name, condition, place."""
    held = service.node.get("depends_on")
    if isinstance(held, Map):
        for name, entry in held.items():
            said = entry.node.get("condition") if isinstance(entry.node, Map) else None
            condition = said.text if isinstance(said, Value) else ""
            yield name, condition, held.source.at(entry.start, entry.end)


def has_check(service: Service) -> bool | None:
    """Whether a service has a health check; None where its image may have one unseen."""
    held = service.node.get("healthcheck")
    if isinstance(held, Map):
        disabled, test = held.get("disable"), held.get("test")
        if isinstance(disabled, Value) and disabled.text == "true":
            return False
        first = test.items[0] if isinstance(test, Seq) and test.items else test
        if isinstance(first, Value) and first.text == "NONE":
            return False
        if test is not None:
            return True
    built = service.dockerfile()
    if built is None:
        return None if service.value("image") is not None and service.build() is None else False
    checks = [i for i in built.final() if i.keyword == "HEALTHCHECK"]
    return bool(checks) and not (checks[-1].words and checks[-1].words[0].text == "NONE")


def depends_without_health(stack: Stack) -> Iterator[Finding]:
    """A depends_on that waits for the start only, where the target says when it is healthy."""
    named = {service.name: service for service in stack.services}
    for service in stack.services:
        for name, condition, at in dependencies(service):
            target = named.get(name)
            if condition in ("", "service_started") and target is not None and has_check(target):
                yield found(
                    f"{service.name} waits until {name} has started, not until it is healthy",
                    at,
                    f"depends_on:\n  {name}:\n    condition: service_healthy",
                    service.name,
                )


def no_healthcheck(stack: Stack) -> Iterator[Finding]:
    """A service that others depend on and that says nothing of its health."""
    needed: dict[str, list[str]] = {}
    for service in stack.services:
        for name, condition, _ in dependencies(service):
            if condition != "service_completed_successfully":
                needed.setdefault(name, []).append(service.name)
    for service in stack.services:
        if service.name in needed and not has_check(service):
            who = " and ".join(needed[service.name][:3])
            verb = "depends" if len(needed[service.name]) == 1 else "depend"
            unseen = " (its image may have one)" if has_check(service) is None else ""
            yield found(
                f"{who} {verb} on {service.name}, for which no health check is written{unseen}",
                key_of(stack, service),
                f"{service.name}:\n  healthcheck:\n    test: [CMD, …]",
                service.name,
            )


def key_of(stack: Stack, service: Service) -> Location:
    """Where a service's name stands."""
    held = stack.project.root.get("services")
    assert isinstance(held, Map)
    entry = next(e for name, e in held.items() if name == service.name)
    return service.node.source.at(entry.start, entry.end)


def generated(stack: Stack, path: str) -> bool:
    """Whether something makes this file before compose runs."""
    return matcher(stack.options.generated)(path)


def mount_missing(stack: Stack) -> Iterator[Finding]:
    """A bind mount whose source is in the project's folder and not in git."""
    known = stack.files.snapshot.files()
    for service in stack.services:
        for mount in service.mounts():
            origin = mount.origin
            if mount.kind != "bind" or origin is None or origin.unresolved:
                continue
            if not origin.text.startswith(".") and (
                "/" in origin.text[:1] or "~" in origin.text[:1]
            ):
                continue  # a path of the host, which no repository holds
            path = beside(origin.source.path, origin.text)
            # Files that are run with -f from the root name what they mount from there.
            tries = [path, posixpath.normpath(origin.text)]
            if path.startswith("..") or any(there(known, p) for p in tries):
                continue
            if generated(stack, path) or data_folder(mount) or ignored(stack, path):
                continue
            yield found(
                f"{service.name} mounts {origin.text}, which is not in "
                f"{stack.files.snapshot.title}",
                origin.at,
                "add it to git, or say that something makes it:\n"
                f'[compose]\ngenerated = ["{path}"]',
                service.name,
            )


def there(known: Mapping[str, object], path: str) -> bool:
    """Whether a file or a folder is in the snapshot."""
    folder = "" if path == "." else f"{path}/"
    return path in known or any(name.startswith(folder) for name in known)


def ignored(stack: Stack, path: str) -> bool:
    """Whether git is told to leave a path out, so that somebody makes it on purpose."""
    parts = path.split("/")
    for depth in range(len(parts)):
        source = stack.files.source("/".join([*parts[:depth], ".gitignore"]))
        inner = "/".join(parts[depth:])
        if source is not None:
            meant = matcher(source.text.splitlines())
            if meant(inner) or meant(f"{inner}/"):
                return True
    return False


EXAMPLES = (".example", ".sample", ".template", ".dist", "-example", "-sample", ".tmpl", ".default")


def example(stack: Stack, path: str) -> bool:
    """Whether an example lies beside a file that people write for themselves."""
    folder, name = posixpath.split(path)
    names = [path + end for end in EXAMPLES]
    names += [
        posixpath.join(folder, f"{word}.{name.lstrip('.')}") for word in ("example", "sample")
    ]
    stem = name.removesuffix(".env")
    names += [posixpath.join(folder, f"{stem}.env{end}") for end in EXAMPLES]
    names += [posixpath.join(folder, f".env{end}") for end in EXAMPLES]
    return bool(stack.files.snapshot.find(names))


def data_folder(mount: Mount) -> bool:
    """Whether a missing source is where the service keeps its data: docker may make it."""
    assert mount.origin is not None
    if mount.read_only or "." in posixpath.basename(mount.origin.text):
        return False
    return bool(DATA.search(mount.origin.text) or DATA.search(mount.target))


DATA = re.compile(
    r"(?:^|[/_.-])(?:data|database|db|pgdata|logs?|cache|uploads?|backups?|storage|media|dumps?|volumes?|tmp|output)(?:[/_.-]|$)",
    re.IGNORECASE,
)


def env_file_missing(stack: Stack) -> Iterator[Finding]:
    """An env_file that compose needs and git does not hold."""
    for value, required in stack.project.missing:
        path = beside(value.source.path, value.text)
        if not required or generated(stack, path) or example(stack, path):
            continue
        if stack.files.source(posixpath.normpath(value.text)) is None:
            yield found(
                f"the env_file {value.text} is not in {stack.files.snapshot.title}",
                value.at,
                f"add it to git without secrets, or:\n- path: {value.text}\n  required: false",
                value.text,
            )


def volume_unused(stack: Stack) -> Iterator[Finding]:
    """A volume that is declared and that no service mounts."""
    declared = stack.project.root.get("volumes")
    used = {m.source for s in stack.services for m in s.mounts() if m.kind == "volume"}
    if isinstance(declared, Map):
        for name, entry in declared.items():
            if name not in used:
                yield found(
                    f"the volume {name} is declared, and no service mounts it",
                    declared.source.at(entry.start, entry.end),
                    "mount it or remove it",
                    name,
                )


def anonymous_volume(stack: Stack) -> Iterator[Finding]:
    """A volume that has no name, so that its data does not outlive the container."""
    for service in stack.services:
        for mount in service.mounts():
            over = [
                m for m in service.mounts() if m.kind == "bind" and inside(mount.target, m.target)
            ]
            if CACHE.search(mount.target):
                continue
            if mount.kind == "volume" and not mount.source and not over:
                yield found(
                    f"{service.name} keeps {mount.target} in a volume without a name: "
                    "a new container starts with an empty one",
                    mount.at.at,
                    f"name it: - {service.name}-{posixpath.basename(mount.target)}:{mount.target}",
                    service.name,
                )
        yield from unmounted(service)


def unmounted(service: Service) -> Iterator[Finding]:
    """A VOLUME of the service's image over which compose mounts nothing."""
    built = service.dockerfile()
    targets = [mount.target for mount in service.mounts()]
    for instruction in built.final() if built is not None else []:
        for value in instruction.arguments() if instruction.keyword == "VOLUME" else []:
            path = value.text.rstrip("/")
            if path.startswith("/") and not any(below(path, t) or below(t, path) for t in targets):
                yield found(
                    f"the image of {service.name} keeps {path} in a volume, and nothing is mounted "
                    "there: a new container starts with an empty one",
                    value.at,
                    f"mount a named volume there: - {service.name}-data:{path}",
                    service.name,
                )


CACHE = re.compile(r"/(?:node_modules|\.venv|venv|vendor|\.cache|__pycache__|\.next|target)(?:/|$)")
"""What is made again where it is lost."""


def inside(path: str, folder: str) -> bool:
    """Whether `path` lies in `folder`: `/app/node_modules` shields it from a mount over `/app`."""
    return path != folder and path.startswith(folder.rstrip("/") + "/")


PLACEHOLDER = re.compile(
    r"change[-_ ]?(?:me|this|in[-_ ]?prod)|"
    r"(?:^|[^a-z])(?:dev|test|demo|example|dummy|fake|sample|default|your)"
    r"[-_ ]?(?:\w+[-_ ])?(?:token|secret|password|passwd|key)|"
    r"insecure|(?:replace|set)[-_ ]?(?:me|this)|"
    r"^(?:changeme|password|passwd|secret|admin|root|test|example|placeholder|todo|fixme|default|"
    r"dev|token|key|letmein|qwerty|12345\d*|x{3,}|\*+|<.*>)$",
    re.IGNORECASE,
)


def placeholder_secret(stack: Stack) -> Iterator[Finding]:
    """A secret in a file for production that is still a placeholder."""
    folders = [posixpath.dirname(path) + "/" for path in stack.project.paths]
    if not stack.production or any(LEFT_OUT.search(folder) for folder in folders):
        return
    for service in stack.services:
        values = [*service.environment().items()]
        build = service.build()
        args = build.get("args") if build is not None else None
        if isinstance(args, Map):
            values += [(k, e.node) for k, e in args.items() if isinstance(e.node, Value)]
        built = service.dockerfile()
        for instruction in built.final() if built is not None else []:
            values += assigned(instruction) if instruction.keyword in ("ENV", "ARG") else []
        for name, value in values:
            if value.unresolved or not looks_secret(name) or name.upper().endswith("_FILE"):
                continue
            if PLACEHOLDER.search(value.text):
                finding = found(
                    f"{name} of {service.name} is still a placeholder (a secret: not shown)",
                    value.at,
                    f"let the machine give it, and fail without it: {name}: ${{{name}:?}}",
                    name,
                )
                yield replace(finding, secret=True)


def volume_not_seeded(stack: Stack) -> Iterator[Finding]:
    """A named volume over a path that the program reads and nothing fills."""
    for service, mount, evidence in unseeded(stack.services, stack.project.root):
        yield found(
            f"the volume {mount.source} is all that {service.name} has at {mount.target}: its "
            "image puts nothing there and nothing seeds it, so a new volume is empty "
            f"({evidence.note})",
            mount.at.at,
            f"COPY the default into the image at {mount.target}, or mount a file from git:\n"
            f"- ./{service.name}/config:{mount.target}:ro",
            service.name,
            *([evidence] if evidence.path else []),
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
