"""The two relations between code and the container it runs in: mounted, and defined."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from guard.contracts.code import Code, Opened, code_files
from guard.contracts.formats.dockerfile import assigned
from guard.contracts.image import below
from guard.contracts.question import Question, noted, where
from guard.contracts.services import Service, named
from guard.contracts.values import Missing, Value
from guard.finding import Finding
from guard.globs import matcher

AMBIENT = re.compile(
    r"PATH|HOME|USER|PWD|SHELL|TERM|TMPDIR|TZ|HOSTNAME|HTTPS?_PROXY|NO_PROXY|LANG(?:UAGE)?|LC_\w+|DEBUG|CI"
    r"|PYTHON\w+|FLASK_\w+|WERKZEUG_\w+|GUNICORN_\w+|UVICORN_\w+|WEB_CONCURRENCY|PIP_\w+|VIRTUAL_ENV"
    r"|NODE_\w+|NPM_\w+|npm_\w+|DJANGO_SETTINGS_MODULE|OTEL_\w+|SSL_CERT_\w+|REQUESTS_CA_BUNDLE"
    r"|AWS_\w+|COMPOSE_\w+|DOCKER_\w+|S6_\w+|PUID|PGID|UMASK|VIRTUAL_HOST|VIRTUAL_PORT|LETSENCRYPT_\w+"
)
"""Variables that the system gives, or that libraries and the runtime read."""


def mounted(question: Question) -> Iterator[Finding]:
    """Every absolute path that the code opens lies in a mount or in the image of the service."""
    relation = question.contract.mounted
    assert relation is not None
    service = named(relation.service, question.files)
    code = Code(question.files, code_files(question.files, relation.code), service.environment())
    image = service.image()
    targets = list(service.mounts())
    ignored = matcher(relation.ignore)
    for path, opened in grouped(code.opened()).items():
        if ignored(path.lstrip("/")) or any(below(path, m.target) for m in targets):
            continue
        # A folder above a mount is there because the mount is.
        if any(below(m.target, path) for m in targets) or (image is not None and image.has(path)):
            continue
        first, *others = opened
        there = ", ".join(sorted(m.target for m in targets)) or "nothing"
        at = service.node.source.at(service.node.start, service.node.start)
        shown = path if first.whole else f"{path}/…"
        holds = "" if image is not None else "; what its image holds is not known here"
        written = [noted(first.value.at, "written here")] if first.value.at != first.at else []
        yield question.finding(
            f"{first.at.path}:{first.at.line} opens {shown}, which is neither mounted into "
            f"{service.name} ({where_service(service)}) nor in its image{holds}",
            first.at,
            [
                *written,
                *(noted(o.at, "opened here as well") for o in others),
                noted(at, f"{service.name} mounts {there}"),
            ],
        )


def where_service(service: Service) -> str:
    """`path:line` of a service."""
    at = service.node.source.at(service.node.start, service.node.start)
    return f"{at.path}:{at.line}"


def grouped(opened: Iterator[Opened]) -> dict[str, list[Opened]]:
    """What is opened, by path; what lies below another opened path counts to that."""
    found: dict[str, list[Opened]] = {}
    for one in sorted(opened, key=lambda o: (o.path, o.at)):
        parent = next((path for path in found if below(one.path, path)), one.path)
        found.setdefault(parent, []).append(one)
    return found


def defined(question: Question) -> Iterator[Finding]:
    """Every variable that is read is given or has a default; every one that is given is read."""
    relation = question.contract.defined
    assert relation is not None
    service = named(relation.service, question.files)
    paths = code_files(question.files, relation.code)
    if not paths:
        raise Missing(f"no code matches {', '.join(relation.code)}")
    code = Code(question.files, paths, {})
    reads = list(code.reads())
    given = service.environment()
    image = image_variables(service)
    known = {*given, *image}
    skip = matcher(relation.ignore)
    # The names of variables are no secrets; the lines that hold their values may be.
    missing: dict[str, list[Value]] = {}
    for read in reads:
        if read.name not in known and read.default is None and not ambient(read.name, skip):
            missing.setdefault(read.name, []).append(read.at)
    for name, places in missing.items():
        first, *others = places
        near = close(name, [g for g in given if g not in {r.name for r in reads}])
        yield question.finding(
            f"{where(first)} reads {name}, which {service.name} ({where_service(service)}) is not "
            f"given and which has no default{near}",
            first.at,
            [o.at for o in others],
        )
    if relation.unread:
        names = {read.name for read in reads}
        left = {n: v for n, v in given.items() if n not in names and not ambient(n, skip)}
        yield from unread(question, service, left, code, names - set(given))


def unread(
    question: Question, service: Service, left: dict[str, Value], code: Code, others: set[str]
) -> Iterator[Finding]:
    """Variables that are given and that nothing reads or so much as speaks of.

    `left` are those that are read nowhere by their name; `others` are read and not given.
    """
    # A name may be looked up by a loop, by a function of the program's own or by a library.
    mentioned = mentions(service) | code.spoken() if left else frozenset()
    for name, value in left.items():
        if name in mentioned:
            continue
        near = close(name, sorted(others))
        yield question.finding(
            f"{where(value)} gives {service.name} {name}, which its code never reads{near}",
            value.at,
        )


def ambient(name: str, skip: object) -> bool:
    """Whether a variable comes from elsewhere, or is read by other than this code."""
    assert callable(skip)
    return bool(AMBIENT.fullmatch(name)) or bool(skip(name))


def close(name: str, known: Sequence[str]) -> str:
    """Words that point to a name that looks like a slip of this one; empty where none does."""
    import difflib

    found = difflib.get_close_matches(name, known, n=1, cutoff=0.75)
    return f"; there is {found[0]}" if found else ""


def image_variables(service: Service) -> set[str]:
    """The variables that the image gives."""
    held = service.dockerfile()
    if held is None:
        return set()
    return {n for i in held.final() if i.keyword == "ENV" for n, _ in assigned(i)}


def mentions(service: Service) -> set[str]:
    """The variables that the command, the health check or a script of the image reads."""
    texts = []
    for key in ("command", "entrypoint", "healthcheck"):
        held = service.node.get(key)
        if held is not None:
            texts.append(held.source.text[held.start : held.end])
    built = service.dockerfile()
    context = service.context()
    if built is not None:
        texts.append(built.source.text)
        start = f"{context}/" if context else ""
        for path in service.files.snapshot.files():
            if path.startswith(start) and path.endswith(
                (".sh", ".conf", ".template", ".tmpl", ".ini")
            ):
                source = service.files.source(path)
                texts.append(source.text if source is not None else "")
    return {name for text in texts for name in re.findall(r"\$\{?([A-Za-z_]\w*)", text)}
