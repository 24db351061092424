"""Compose: secrets that are still placeholders."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator
from dataclasses import replace

from guard.contracts.formats.dockerfile import assigned
from guard.contracts.formats.tree import Map
from guard.contracts.leftout import LEFT_OUT
from guard.contracts.lint.stack import Stack, found
from guard.contracts.values import Value, looks_secret
from guard.finding import Finding

PLACEHOLDER = re.compile(
    r"change[-_ ]?(?:me|this|in[-_ ]?prod)|"
    r"(?:^|[^a-z])(?:dev|test|demo|example|dummy|fake|sample|default|your)"
    r"[-_ ]?(?:\w+[-_ ])?(?:token|secret|password|passwd|key)|"
    r"insecure|(?:replace|set)[-_ ]?(?:me|this)|"
    r"^(?:changeme|password|passwd|secret|admin|root|test|example|placeholder|todo|fixme|default|"
    r"dev|token|key|letmein|qwerty|12345\d*|x{3,}|\*+|<.*>)$",
    re.IGNORECASE,
)


MEANT_FOR_DEVELOPERS = re.compile(
    r"(?:^|[/._-])(?:dev|devel|development|local|test|tests|testing|ci|example|sample)(?:[/._-]|$)",
    re.IGNORECASE,
)


def placeholder_secret(stack: Stack) -> Iterator[Finding]:
    """A secret in a file for production that is still a placeholder."""
    folders = [posixpath.dirname(path) + "/" for path in stack.project.paths]
    if not stack.production or any(LEFT_OUT.search(folder) for folder in folders):
        return
    for service in stack.services:
        # What a container is given when it starts is not in the image.
        values = [] if stack.building else [*service.environment().items()]
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
            path = value.at.path
            # A file for developers that an env_file names is not for production either.
            named = path not in stack.project.paths and MEANT_FOR_DEVELOPERS.search(path)
            if PLACEHOLDER.search(value.text) and not named:
                finding = found(
                    f"{name} of {service.name} is still a placeholder (a secret: not shown)",
                    value.at,
                    f"let the machine give it, and fail without it: {name}: ${{{name}:?}}",
                    name,
                )
                yield replace(finding, secret=True)
