"""The `.git` of the repository itself in a context: whether an image would hold its password."""

from __future__ import annotations

import os
import posixpath
import re
from collections.abc import Iterator
from fnmatch import fnmatchcase

from guard.docker import standing
from guard.docker.context.scope import Scope
from guard.docker.line.build import Build
from guard.finding import Finding, Location, Severity
from guard.git import Repository
from guard.tree import mend
from guard.tree.rules import Options

CONFIG = ".git/config"

USER = re.compile(r"https?://([^/\s@\"]+)@")
HEADER = re.compile(r"(?im)^\s*extraheader\s*=\s*\"?\s*(?:authorization|private-token|job-token)\b")
TOKEN = 20
"""So long is a user's name in a URL that is no name but a token."""


def findings(build: Build, part: Scope, repository: Repository) -> Iterator[Finding]:
    """A warning where what is copied into the image holds a password or token of git's.

    A folder of git's without one is only large: nobody is told of it.
    """
    try:
        with open(os.path.join(part.folder, CONFIG), encoding="utf-8", errors="replace") as file:
            text = file.read()
    except OSError:  # a linked work tree and a submodule have a file there that only names a place
        return
    if not tells(text) or not part.rules.enters(CONFIG) or not copied(build):
        return
    if standing.config(repository).options.get("tree", Options()).secret != "off":
        yield Finding(
            "tree/secret",
            "holds a password or token of git's, and all of .git enters the image",
            Location(CONFIG),
            hint=mend.leave_out(".git"),
            severity=Severity.WARNING,
        )


def tells(text: str) -> bool:
    """Whether a configuration of git holds a password, token or header that says who one is."""
    users = (match[1] for match in USER.finditer(text))
    return bool(HEADER.search(text)) or any(
        user.partition(":")[2] or len(user) >= TOKEN for user in users
    )


def copied(build: Build) -> bool:
    """Whether the image itself, and not only a stage on the way, gets the folder from the context.

    False where the Dockerfile cannot be read here.
    """
    from guard.contracts.formats.dockerfile import Dockerfile
    from guard.contracts.values import Source

    if build.dockerfile is None:
        return False
    try:
        with open(build.dockerfile, encoding="utf-8", errors="surrogateescape") as file:
            source = Source(build.dockerfile, file.read())
    except OSError:
        return False
    for instruction in Dockerfile(source).final(build.target):
        if instruction.keyword in ("COPY", "ADD") and not instruction.flag("from"):
            sources = [word.text for word in instruction.arguments()[:-1]]
            if any(map(takes, sources)) and ".git" not in instruction.flag("exclude"):
                return True
    return False


def takes(source: str) -> bool:
    """Whether a source of COPY means git's folder or one around it."""
    first = posixpath.normpath(source.lstrip("/") or ".").split("/")[0]
    return first == "." or ("://" not in source and fnmatchcase(".git", first))
