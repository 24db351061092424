"""What comes on stdin, looked at before the build reads it, and then handed on byte for byte."""

from __future__ import annotations

import io
import os
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from guard.docker.build import CommandLine, Tool
from guard.errors import GuardError
from guard.finding import REPOSITORY, Finding, Location, Severity
from guard.git import Repository

if TYPE_CHECKING:
    import tarfile

STEP = 1 << 20


@dataclass(frozen=True, slots=True)
class Member:
    """One file of a tar, as git would see it."""

    path: str
    """Relative, without a leading `./`."""

    oid: str
    """The id of the blob its content would be; empty for what git cannot hold."""


def wanted(line: CommandLine) -> bool:
    """Whether the verdict needs what is on stdin: a context, or a compose or bake file."""
    if line.tool in (Tool.COMPOSE, Tool.COMPOSE_V1):
        return any(f.name == "file" and f.value == "-" for f in line.root)
    if line.verb == "bake":
        return "-" in line.all("file")
    if line.operands[:1] == ("-",):
        return True
    return "-" in line.all("file") and not os.isatty(0)


def spooled() -> io.BufferedRandom:
    """All of stdin in a file without a name, which takes its place.

    A stdin that is a file is copied, too: nobody can then change it between verdict and build.
    """
    if sys.stdin is None or os.isatty(0):
        raise GuardError("the build reads from stdin, and that is a terminal")
    copy = os.fdopen(os.memfd_create("stdin", 0), "w+b")
    while chunk := os.read(0, STEP):
        copy.write(chunk)
    copy.flush()
    copy.seek(0)
    os.dup2(copy.fileno(), 0)
    return copy


def members(copy: io.BufferedRandom) -> list[Member] | None:
    """The files of the tar on stdin; None where it is no tar, and so a Dockerfile."""
    import tarfile

    copy.seek(0)
    try:
        with tarfile.open(fileobj=copy, mode="r:*") as tar:
            return list(_members(tar))
    except tarfile.ReadError:
        return None
    finally:
        copy.seek(0)


def _members(tar: tarfile.TarFile) -> Iterator[Member]:
    for member in tar:
        path = os.path.normpath(member.name.lstrip("/"))
        if member.isdir() or path == ".git" or path.startswith(".git/"):
            continue
        if member.issym():
            yield Member(path, blob(os.fsencode(member.linkname)))
        elif member.isfile() or member.islnk():
            file = tar.extractfile(member)
            yield Member(path, blob(file.read()) if file is not None else "")
        else:
            yield Member(path, "")


def blob(content: bytes) -> str:
    """The id git gives to a blob of this content."""
    import hashlib

    return hashlib.sha1(b"blob %d\0" % len(content) + content, usedforsecurity=False).hexdigest()


def tree_findings(found: list[Member], committed: Mapping[str, str]) -> Iterator[Finding]:
    """One finding for each file of a tar that is not in the commit as it is in the tar.

    `committed` holds the blob of each path, relative to where the tar was made.
    """
    for member in found:
        if committed.get(member.path) == member.oid:
            continue
        how = "not as the commit has it" if member.path in committed else "not in the commit"
        yield Finding("tree/archive", how, Location(member.path), hint=ARCHIVE)


ARCHIVE = "send the commit itself: git archive HEAD | docker build -"


def dockerfile_findings(content: bytes, repository: Repository) -> Iterator[Finding]:
    """A finding where the Dockerfile on stdin is in no file of the commit."""
    oid = blob(content)
    head = repository.head
    if head is None or oid not in {file.oid for file in repository.tree(head).values()}:
        yield Finding(
            "tree/stdin",
            "the Dockerfile on stdin is in no file of the commit",
            Location(REPOSITORY),
            hint="commit it, and build with: docker build -f FILE",
            severity=Severity.WARNING,
        )
