"""What compose says of services: ports, images, commands, variables, and what their code needs."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator

from guard.contracts.code import JAVASCRIPT, Code
from guard.contracts.discovery.fact import Fact
from guard.contracts.formats.compose import Project
from guard.contracts.formats.tree import Map, Node, Seq
from guard.contracts.leftout import LEFT_OUT
from guard.contracts.places import Files
from guard.contracts.services import Service
from guard.contracts.values import Broken, Value, looks_secret


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
        pattern = r"(?:localhost|127\.0\.0\.1|0\.0\.0\.0):(\d+)"
        if key == "command":
            pattern = r"(?:--port[= ]|--bind[= ]\S*:|-b \S*:|-p )(\d+)"
        role = "command" if key == "command" else "health"
        for value, where, found in said(held, f"{base}.{key}", pattern):
            yield Fact("listens", where, value.at.path, found, service.name, role)


def said(held: Node | None, place: str, pattern: str) -> Iterator[tuple[Value, str, str]]:
    """Where a command, written as one text or as a list of words, names a port, and which."""
    if isinstance(held, Value):
        match = None if held.unresolved else re.search(pattern, held.text)
        if match is not None:
            yield held, f"{place} | /{pattern}/", match[1]
        return
    words = [w for w in held.items if isinstance(w, Value)] if isinstance(held, Seq) else []
    if len(words) != len(getattr(held, "items", [])) or any(w.unresolved for w in words):
        return
    for number, word in enumerate(words):
        alone = re.search(pattern, word.text)
        before = words[number - 1].text + " " if number else ""
        beside = re.search(pattern, before + word.text) if before.startswith("-") else None
        if alone is not None:
            yield word, f"{place}[{number}] | /{pattern}/", alone[1]
            return
        if beside is not None and beside.end() == len(before + word.text):
            yield word, f"{place}[{number}] | /(\\d+)$/", beside[1]
            return


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
