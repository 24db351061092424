"""What a repository says of ports, secrets, paths, variables and versions, and where."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from guard.contracts.code import JAVASCRIPT, Code
from guard.contracts.compose import Project, load
from guard.contracts.leftout import LEFT_OUT
from guard.contracts.places import COMPOSE, Files, parsed
from guard.contracts.services import Service
from guard.contracts.tree import Map, Node, Seq, walk
from guard.contracts.values import Broken, Missing, Value, looks_secret
from guard.finding import Location

LARGEST = 200_000


@dataclass(frozen=True, slots=True, repr=False)
class Fact:
    """One thing that one place says."""

    kind: str
    """What sort of thing: `published`, `target`, `listens`, `upstream`, `secret`, …."""

    place: str
    """The place, as a contract would name it."""

    path: str
    """Its file."""

    text: str
    """What it says."""

    owner: str = ""
    """The service that it is about."""

    role: str = ""
    """What it is called, or who says it."""

    sure: bool = True
    """Whether it configures something that runs."""

    sure_owner: str = ""
    """The other service that it names."""

    at: Location | None = None
    """Where it stands."""

    @property
    def base(self) -> str:
        """The file that its place names."""
        return self.place.partition(" :: ")[0]


@dataclass(slots=True)
class Facts:
    """All that was gathered."""

    held: list[Fact] = field(default_factory=list)
    """In the order of discovery."""

    def of(self, kind: str) -> list[Fact]:
        """The facts of one kind."""
        return [fact for fact in self.held if fact.kind == kind]

    def owners(self, kind: str) -> list[str]:
        """The services that have facts of a kind."""
        return list(dict.fromkeys(fact.owner for fact in self.of(kind)))


def gathered(files: Files) -> Facts:
    """Everything that the files of a snapshot say; files that do not parse say nothing."""
    facts = Facts()
    paths = [
        p for p, f in files.snapshot.files().items() if f.is_regular and not LEFT_OUT.search(p)
    ]
    services: list[Service] = []
    for path in paths:
        if COMPOSE.search(path):
            try:
                project = load((path,), files.source)
            except (Broken, Missing):
                continue
            found = of_project(project, files)
            services += found
            for service in found:
                facts.held += [*of_service(service, path), *of_needs(service, path)]
    names = {service.name for service in services}
    for path in paths:
        try:
            facts.held += of_file(path, files, services, names)
        except (Broken, Missing):
            continue
    return facts


def of_project(project: Project, files: Files) -> list[Service]:
    """The services of a compose model."""
    held = project.root.get("services")
    if not isinstance(held, Map):
        return []
    return [Service(n, e.node, files) for n, e in held.items() if isinstance(e.node, Map)]


def of_service(service: Service, path: str) -> Iterator[Fact]:
    """What compose says of a service."""
    base = f"{path} :: services.{quoted(service.name)}"
    listed = service.node.get("ports")
    for number, item in enumerate(listed.items if isinstance(listed, Seq) else []):
        for key, kind in (("published", "published"), ("target", "target")):
            value = item.get(key) if isinstance(item, Map) else None
            if isinstance(value, Value) and value.text.isdigit():
                place = f"{base}.ports[{number}].{key}"
                yield Fact(kind, place, value.at.path, value.text, service.name)
    image = service.value("image")
    if image is not None and not image.unresolved:
        yield from tagged(image, f"{base}.image", service.name)
    yield from of_command(service, base)
    for name, value in service.environment().items():
        yield from of_variable(service, base, name, value)


def quoted(key: str) -> str:
    """A key as a path writes it."""
    return key if re.fullmatch(r"[\w-]+", key) else f'"{key}"'


def tagged(value: Value, place: str, owner: str = "") -> Iterator[Fact]:
    """The name and the tag of an image."""
    match = re.fullmatch(r"((?:[^/@]+/)*[^:@/]+):([\w.-]+)(?:@.+)?", value.text)
    if match is None or not re.search(r"\d", match[2]):
        return  # `latest` and `lts` are no versions
    versions = list(language(match[1], match[2], f"{place} | tag", value.at.path))
    yield from versions
    if not versions:
        yield Fact("image", f"{place} | tag", value.at.path, match[2], owner, match[1])


def language(image: str, tag: str, place: str, path: str) -> Iterator[Fact]:
    """The version of a language that an image brings."""
    name = posixpath.basename(image)
    match = re.match(r"\d+(?:\.\d+)?", tag)
    if name in ("python", "node", "golang", "ruby") and match is not None:
        narrowed = f"{place.removesuffix(' | tag')} | /{name}:(\\d+(?:\\.\\d+)?)/"
        yield Fact("language", narrowed, path, match[0], "", name)


def of_command(service: Service, base: str) -> Iterator[Fact]:
    """Ports in the command and the health check of a service."""
    for key in ("command", "healthcheck.test"):
        held: Node | None = service.node
        for part in key.split("."):
            held = held.get(part) if isinstance(held, Map) else None
        if not isinstance(held, Value) or held.unresolved:
            continue
        pattern = r"(?:localhost|127\.0\.0\.1|0\.0\.0\.0):(\d+)"
        if key == "command":
            pattern = r"(?:--port[= ]|--bind[= ]\S*:|-b \S*:|-p )(\d+)"
        match = re.search(pattern, held.text)
        if match is not None:
            role = "command" if key == "command" else "health"
            place = f"{base}.{key} | /{pattern}/"
            yield Fact("listens", place, held.at.path, match[1], service.name, role)


URL = re.compile(
    r"^[a-z][\w+]*://(?:(?P<user>[^:@/]+)(?::[^@/]*)?@)?(?P<host>[\w-]+)(?::(?P<port>\d+))?(?:/(?P<db>[\w-]+))?"
)
TOLD = {"POSTGRES_DB": "database", "POSTGRES_USER": "user", "MYSQL_DATABASE": "database",
        "MYSQL_USER": "user", "MARIADB_DATABASE": "database", "MARIADB_USER": "user"}  # fmt: skip


def of_variable(service: Service, base: str, name: str, value: Value) -> Iterator[Fact]:
    """What one environment variable of a service says."""
    if value.unresolved or not value.text:
        return
    place = f"{base}.environment.{quoted(name)}"
    path = value.at.path
    if name in TOLD:
        yield Fact("told", place, path, value.text, service.name, TOLD[name])
    match = URL.match(value.text)
    if match is not None:
        if match["port"]:
            yield Fact(
                "upstream", f"{place} | port", path, match["port"], match["host"], service.name
            )
        for role, group, pattern in (
            ("database", "db", r"/:\/\/[^\/]+\/([\w-]+)/"),
            ("user", "user", r"/:\/\/([^:@\/]+)[:@]/"),
        ):
            if match[group] and re.match(r"postgres|mysql|mariadb", value.text):
                yield Fact(
                    "database",
                    f"{place} | {pattern}",
                    path,
                    match[group],
                    service.name,
                    role,
                    sure_owner=match["host"],
                )
    elif looks_secret(name) and not name.endswith("_FILE"):
        yield Fact("secret", place, path, value.text, service.name, name, at=value.at)


def of_file(path: str, files: Files, services: list[Service], names: set[str]) -> Iterator[Fact]:
    """What a file says that is no compose file."""
    base = posixpath.basename(path).lower()
    source = files.source(path)
    if source is None or len(source.text) > LARGEST or COMPOSE.search(path):
        return
    owner = owned(path, services)
    if path.endswith((".sh", ".bash")) or source.text.startswith(
        ("#!/bin/sh", "#!/bin/bash", "#!/usr/bin/env bash")
    ):
        yield from of_script(path, files)
    elif re.search(r"(?:^|\.)dockerfile", base):
        yield from of_dockerfile(path, files, owner)
    elif base.endswith((".conf", ".conf.template")) and re.search(
        r"\b(?:listen|proxy_pass)\b", source.text
    ):
        yield from of_nginx(path, files, services, names)
    elif base.endswith(".md") and "localhost:" in source.text:
        yield from of_document(path, files)
    elif base.endswith((".json", ".yml", ".yaml", ".toml")):
        yield from of_tree(path, files, owner)
    elif base.endswith((".py", *JAVASCRIPT)):
        yield from of_code(path, files, owner)


def owned(path: str, services: list[Service]) -> str:
    """The service whose build context, or whose mount, holds a file; the deepest one."""
    best, depth = "", -1
    for service in services:
        context = service.context()
        if (
            context is not None
            and (not context or path.startswith(f"{context}/"))
            and len(context) > depth
        ):
            best, depth = service.name, len(context)
        for mount in service.mounts():
            if mount.kind == "bind" and mount.origin is not None:
                folder = posixpath.normpath(
                    posixpath.join(posixpath.dirname(mount.origin.source.path), mount.source)
                )
                if path == folder or path.startswith(f"{folder}/"):
                    return service.name
    if best:
        return best
    named = re.split(r"[^a-z0-9]+", posixpath.basename(path).lower())
    return next((service.name for service in services if service.name.lower() in named), "")


def of_script(path: str, files: Files) -> Iterator[Fact]:
    """The tunnels that a script opens to the machine it logs in to."""
    from guard.contracts.shell import Script

    script = files.document((path,))
    if not isinstance(script, Script):
        return
    for command in ("ssh", "autossh"):
        try:
            ports = script.select(f"{command} -L[*] remote-port")
            hosts = script.select(f"{command} -L[*] host")
        except Missing:
            continue
        for number, (port, host) in enumerate(zip(ports, hosts, strict=False)):
            if port.unresolved or host.text not in ("localhost", "127.0.0.1"):
                continue
            if len(ports) == 1:
                place = f"{path} :: {command} -L remote-port"
            else:
                place = f"{path} :: {command} -L[{number}] remote-port"
            yield Fact("tunnel", place, path, port.text)


def of_dockerfile(path: str, files: Files, owner: str) -> Iterator[Fact]:
    """The ports that an image exposes and checks, and what it is built on."""
    exposed = tried(files, f"{path} :: EXPOSE[*]")
    for number, value in enumerate(exposed):
        place = f"{path} :: EXPOSE" + (f"[{number}]" if len(exposed) > 1 else "")
        if value.text.isdigit() and owner:
            yield Fact("listens", place, path, value.text, owner, "image")
    bases = tried(files, f"{path} :: FROM[*]")
    for number, value in enumerate(bases):
        place = f"{path} :: FROM" + (f"[{number}]" if len(bases) > 1 else "")
        if not value.unresolved:
            yield from tagged(value, place)
    pattern = r"/(?:localhost|127\.0\.0\.1):(\d+)/"
    for value in tried(files, f"{path} :: HEALTHCHECK | {pattern}"):
        if owner:
            yield Fact(
                "listens", f"{path} :: HEALTHCHECK | {pattern}", path, value.text, owner, "health"
            )


def tried(files: Files, written: str) -> list[Value]:
    """The values at a place; none where there are none."""
    try:
        return files.values(parsed(written))
    except (Missing, Broken):
        return []


def of_nginx(path: str, files: Files, services: list[Service], names: set[str]) -> Iterator[Fact]:
    """Where nginx listens, and what it hands on to."""
    owner = owned(path, services)
    listens = tried(files, f"{path} :: listen[*]")
    for number, value in enumerate(listens):
        place = f"{path} :: listen" + (f"[{number}]" if len(listens) > 1 else "")
        if owner:
            yield Fact("listens", place, path, value.text, owner, "nginx")
    passed = tried(files, f"{path} :: proxy_pass[*]")
    for number, value in enumerate(passed):
        match = re.match(r"https?://([\w-]+):(\d+)", value.text)
        if match is not None and match[1] in names:
            place = f"{path} :: proxy_pass" + (f"[{number}]" if len(passed) > 1 else "")
            yield Fact("upstream", f"{place} | port", path, match[2], match[1], owner or "nginx")


def of_document(path: str, files: Files) -> Iterator[Fact]:
    """The local ports that a document names."""
    place = f"{path} :: /localhost:(\\d+)/g"
    found = list(dict.fromkeys(value.text for value in tried(files, place)))
    if found:
        yield Fact("documented", place, path, ",".join(found))


def of_tree(path: str, files: Files, owner: str) -> Iterator[Fact]:
    """Secrets in config files, and versions of languages."""
    document = files.document((path,))
    root = getattr(document, "root", None)
    if root is None:
        return
    if "/workflows/" in path or path == "pyproject.toml" or path.endswith("package.json"):
        yield from of_versions(path, files)
        return
    if not CONFIG.search(posixpath.basename(path)):
        return
    for name, place, value in named_values(root):
        if looks_secret(name) and re.fullmatch(r"[^\s{}<>]{4,200}", value.text) and owner:
            at = value.at
            yield Fact("secret", f"{path} :: {place}", path, value.text, owner, name, at=at)


def of_versions(path: str, files: Files) -> Iterator[Fact]:
    """Versions of languages in workflows."""
    for name in ("python", "node", "go"):
        place = f"{path} :: /{name}-version: *[\"']?(\\d+(?:\\.\\d+)?)/g"
        texts = {value.text for value in tried(files, place)}
        if len(texts) == 1:
            language_name = "golang" if name == "go" else name
            yield Fact("language", place, path, texts.pop(), "", language_name)


CONFIG = re.compile(r"conf|setting|secret|credential|auth|env|option|param", re.IGNORECASE)


def named_values(root: Node) -> Iterator[tuple[str, str, Value]]:
    """The values in mappings of a tree, each with its key and its path."""
    paths: dict[int, str] = {id(root): ""}
    found: list[tuple[str, str, Value]] = []

    def visit(node: Node) -> None:
        at = paths[id(node)]
        if isinstance(node, Map):
            for key, entry in node.items():
                where = f"{at}.{quoted(key)}".lstrip(".")
                paths.setdefault(id(entry.node), where)
                if isinstance(entry.node, Value):
                    found.append((key, where, entry.node))
            # keys that stand twice are walked as well
            for entry in node.entries:
                paths.setdefault(id(entry.node), f"{at}.{quoted(entry.key)}".lstrip("."))
        elif isinstance(node, Seq):
            for number, item in enumerate(node.items):
                paths.setdefault(id(item), f"{at}[{number}]")

    walk(root, visit)
    yield from found


HINTS = re.compile(r"environ|getenv|\.env\b|\.run\(|\.listen\(|run_app\(|serve\(")
"""Words without which code says nothing that is gathered here."""


def of_code(path: str, files: Files, owner: str) -> Iterator[Fact]:
    """Ports that code listens on, and secrets that it falls back to."""
    source = files.source(path)
    if not owner or source is None or not HINTS.search(source.text):
        return
    calls: tuple[str, ...] = (
        "app.run(port=)",
        "uvicorn.run(port=)",
        "web.run_app(port=)",
        "serve(port=)",
    )
    if not path.endswith(".py"):
        calls = ("app.listen(0)", "server.listen(0)")
    for call in calls:
        for value in tried(files, f"{path} :: {call}"):
            if value.text.isdigit() and not value.unresolved:
                yield Fact("listens", f"{path} :: {call}", path, value.text, owner, "code")
    for read in Code(files, [path], {}).reads():
        held = read.default
        if held is None or not held.text or held.unresolved or not looks_secret(read.name):
            continue
        way = f"os.environ.get({read.name})" if path.endswith(".py") else f"process.env.{read.name}"
        yield Fact("secret", f"{path} :: {way}", path, held.text, owner, read.name, at=held.at)


MOST_AT_ROOT = 40


def of_needs(service: Service, path: str) -> Iterator[Fact]:
    """The paths that a service's code opens and the variables it reads."""
    context = service.context()
    if context is None or service.dockerfile() is None:
        return
    start = f"{context}/" if context else ""
    paths = [
        p
        for p, f in service.files.snapshot.files().items()
        if f.is_regular
        and p.startswith(start)
        and p.endswith((".py", *JAVASCRIPT))
        and not LEFT_OUT.search(p)
    ]
    if not context and len(paths) > MOST_AT_ROOT:
        return  # in a large repository nobody can say which code the service runs
    code = Code(service.files, paths, service.environment())
    base = f"{path} :: services.{quoted(service.name)}"
    for ends in (".py", ".js"):
        mine = [p for p in paths if p.endswith(ends)]
        if not mine:
            continue
        place = mine[0] if len(mine) == 1 else f"{start}**/*{ends}"
        opened = []
        for one in mine:
            try:
                opened += list(code.opened_in(one))
            except Broken:
                continue
        if opened:
            named = ", ".join(sorted({o.path for o in opened})[:3])
            yield Fact("opens", place, path, base, service.name, named)
        if context:
            yield from of_reads(service, Code(service.files, mine, {}), place, base, path)


def of_reads(service: Service, code: Code, place: str, base: str, path: str) -> Iterator[Fact]:
    """The variables that some code of a service reads, where the service is given any."""
    try:
        names = sorted({read.name for read in code.reads()})
    except Broken:
        return
    given = set(service.environment())
    if given & set(names):
        unread = given <= set(names)
        yield Fact("reads", place, path, base, service.name, ", ".join(names[:3]), unread)
